"""Numbers within texts: ``{{expression}}`` is shown, ``[[expression]]`` is to be filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from engine.errors import EngineError
from engine.lessons.expression import error_at
from engine.lessons.lesson import Source, Spot

DIGITS = 4
"""Significant digits of a number in a text that does not say how many."""

_VALUE = re.compile(r"\{\{(?P<text>[^\n]+?)(?::(?P<digits>[1-9]|1[0-7]))?\}\}")
_HOLE = re.compile(r"\[\[(?P<text>(?:[^\[\]\n]|\[[^\[\]\n]*\])+)\]\]")


class Value(NamedTuple):
    """A number in a text: the stretch that it takes the place of, what it is, and its digits."""

    start: int
    end: int
    source: Source
    digits: int


def spot_in(text: str, offset: int, spot: Spot) -> Spot:
    """The place of a character of a text that begins at `spot`."""
    line = text.count("\n", 0, offset)
    column = offset - (text.rfind("\n", 0, offset) + 1)
    return Spot(spot.file, spot.line + line, (spot.column if line == 0 else 1) + column)


def _found(pattern: re.Pattern[str], text: str, spot: Spot) -> Iterator[Value]:
    for match in pattern.finditer(text):
        inner = match["text"]
        start = match.start("text") + len(inner) - len(inner.lstrip())
        digits = match.groupdict().get("digits")
        source = Source(inner.strip(), spot_in(text, start, spot))
        yield Value(match.start(), match.end(), source, int(digits or DIGITS))


def values_in(text: str, spot: Spot, problems: list[EngineError] | None = None) -> list[Value]:
    """The numbers that a text shows; what is left open is added to `problems`."""
    found = list(_found(_VALUE, text, spot))
    if problems is not None:
        taken = [range(value.start, value.end) for value in found]
        for match in re.finditer(r"\{\{", text):
            if not any(match.start() in stretch for stretch in taken):
                problems.append(error_at(spot_in(text, match.start(), spot), "unclosed_value"))
                break
    return found


def holes_in(text: str, spot: Spot) -> list[Value]:
    """The blanks of a text."""
    return list(_found(_HOLE, text, spot))


def replaced(text: str, values: list[Value], write: Callable[[int], str]) -> str:
    """A text with something in the place of each of its values, which are counted from 0."""
    parts, at = [], 0
    for index, value in enumerate(values):
        parts += [text[at : value.start], write(index)]
        at = value.end
    return "".join([*parts, text[at:]])
