"""Expressions that were typed before, kept from one start to the next."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from gui.kept import EXPRESSIONS, Kept

MOST = 20


class Remembered(NamedTuple):
    """A text and the values it was looked at with."""

    text: str
    values: Mapping[str, float]

    @property
    def title(self) -> str:
        """The text on one line."""
        return "; ".join(line.strip() for line in self.text.splitlines() if line.strip())


def recall(kept: Kept) -> list[Remembered]:
    """What is remembered, the latest first."""
    try:
        return [_read(entry) for entry in kept.get(EXPRESSIONS)][:MOST]
    except (ValueError, TypeError, KeyError, AttributeError):
        return []  # settings of another version, or edited by hand


def remember(kept: Kept, text: str, values: Mapping[str, float]) -> list[Remembered]:
    """Put a text in front; the same one is not kept twice."""
    if not text.strip():
        return recall(kept)
    entry = Remembered(text.strip(), dict(values))
    entries = [entry, *(e for e in recall(kept) if e.title != entry.title)][:MOST]
    kept.keep(EXPRESSIONS, [{"text": e.text, "values": dict(e.values)} for e in entries])
    return entries


def forget(kept: Kept) -> None:
    """Remember nothing."""
    kept.drop(EXPRESSIONS)


def _read(entry: Mapping[str, Any]) -> Remembered:
    numbers = {str(name): float(value) for name, value in entry["values"].items()}
    return Remembered(str(entry["text"]), {n: v for n, v in numbers.items() if math.isfinite(v)})
