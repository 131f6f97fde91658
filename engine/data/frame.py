"""Which records of a file are its table: what stands above it, its header, what stands below it.

All of this looks at records as texts, so that text files and workbooks are treated alike.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from engine.data.cells import MAX_BAD_SHARE, MISSING_TOKENS, Cell, as_text
from engine.data.dataset import Role
from engine.data.doubt import Guess, Reading
from engine.data.numerals import looks_like_number
from engine.data.table import Chunk, Declared
from engine.errors import QT_TRANSLATE_NOOP, DatasetError

Row = Sequence[str]

MAX_PREAMBLE = 60
MAX_FOOTERS = 30
SAMPLED = 200
FEW_SAMPLED = 15
SAMPLED_CELLS = 40_000

_TOTALS = re.compile(
    r"((grand|sub|overall)[ -]?)?totals?|sum|sums|(gesamt|zwischen)?summe|gesamt|insgesamt|somme|suma|totale"
    r"|合计|总计|总和|小计|合計|総計|小計|합계|총계|итого|всего",
    re.IGNORECASE,
)
_STATISTICS = re.compile(
    r"mean|average|avg\.?|median|min|max|minimum|maximum|std\.?|std\.? dev\.?|count|overall|all"
    r"|mittelwert|durchschnitt|moyenne|promedio|media|平均值?|평균|среднее",
    re.IGNORECASE,
)
_NOTES = re.compile(
    r"(source|note|notes|copyright|\*|†|quelle|hinweis|fuente|来源|数据来源|资料来源|注|出典|※|©|n\s?=)",
    re.IGNORECASE,
)
_RULE = re.compile(r"[-=:+_ ]{2,}")
_ORANGE_TYPES = re.compile(r"(c|d|s|t|m|continuous|discrete|string|time|numeric|categorical|text|.+ .+)?")
_ORANGE_FLAGS = re.compile(r"(class|meta|ignore|i|m|c|weight|w|[\w-]+=\S+)?( [\w-]+=\S+)*")
_ORANGE_PREFIX = re.compile(r"([mciw]?)([CDSTN]?)#(.+)")


@dataclass(frozen=True)
class Heading:
    """How the columns are named.

    Parameters
    ----------
    rows : int
        Records that name and describe the columns; 0 without a header.
    style : str
        ``plain`` for one, ``units`` for a second one that is left out, ``merged`` for two that make up the
        names together, ``orange`` for the three of Orange's files.
    close : bool
        Whether the first record might as well be the opposite: data, or names.
    """

    rows: int = 0
    style: str = "plain"
    close: bool = False


@dataclass
class Described:
    """What a heading says of the columns."""

    names: list[str]
    types: list[Declared] = field(default_factory=list)
    roles: dict[int, Role] = field(default_factory=dict)


def usual_width(rows: Sequence[Sequence[object]]) -> int:
    """Give the number of fields that most records have; of equals the larger."""
    widths: dict[int, int] = {}
    for row in rows:
        widths[len(row)] = widths.get(len(row), 0) + 1
    return max(widths, key=lambda width: (widths[width], width)) if widths else 0


def number_columns(rows: Sequence[Row], width: int) -> list[bool]:
    """Which columns are of numbers, as far as these rows show."""
    found = []
    sampled = max(FEW_SAMPLED, min(SAMPLED, SAMPLED_CELLS // max(1, width)))
    for place in range(width):
        values = [looks_like_number(row[place]) for row in rows[:sampled] if len(row) > place]
        known = [value for value in values if value is None or value == value]
        bad = sum(value is None for value in known)
        found.append(bool(known) and bad <= max(1, MAX_BAD_SHARE * len(known)) and bad < len(known) / 2)
    return found


def count_preamble(rows: Sequence[Row], width: int) -> int:
    """Count the records above the table: titles, keys with their values, remarks."""
    if width < 2 or len(rows) < 2:
        return 0
    body = [row for row in rows[len(rows) // 3 :] if len(row) == width] or list(rows)
    numeric = number_columns(body, width)
    usual_fill = sorted(_filled(row) for row in body)[len(body) // 2]
    start = 0
    while start < min(MAX_PREAMBLE, len(rows) - 1) and _is_above(rows[start], width, numeric):
        start += 1
    # A record of the right width may still be a key and its value, when a better header comes below.
    for place in range(start + 1, min(start + 20, len(rows) - 1)):
        row = rows[place]
        if is_data(row, numeric):
            break
        if len(row) != width or _filled(row) < usual_fill:
            continue
        above = rows[start:place]
        fuller = all(_filled(other) < _filled(row) and not is_data(other, numeric) for other in above)
        if fuller and any(numeric) and _is_text_over_numbers(row, rows[place + 1 :], numeric):
            return place
    if start and len(rows[start]) == width and is_data(rows[start], numeric):
        # A header of the wrong length is a header all the same, and what is wrong with it is told.
        above = rows[start - 1]
        names = [cell for cell in above if cell.strip()]
        ragged = len(above) != width and len(names) > 1 and 2 * len(names) >= width
        if ragged and all(looks_like_number(cell) is None for cell in names):
            return start - 1
    return start


def _filled(row: Row) -> int:
    return sum(1 for cell in row if cell.strip())


def _is_above(row: Row, width: int, numeric: Sequence[bool]) -> bool:
    filled = _filled(row)
    if len(row) == width and width < 3:
        return False
    if filled <= 1:
        return True
    if len(row) in (width, width - 1, width + 1):
        return False
    return not is_data(row, numeric) and 2 * len(row) <= width + 1


def is_data(row: Row, numeric: Sequence[bool]) -> bool:
    """Whether the cells are numbers where the columns are."""
    cells = [cell for cell, is_number in zip(row, numeric, strict=False) if is_number and cell.strip()]
    values = [looks_like_number(cell) for cell in cells]
    return bool(values) and all(value is not None for value in values)


def _is_text_over_numbers(row: Row, below: Sequence[Row], numeric: Sequence[bool]) -> bool:
    over = [cell for cell, is_number in zip(row, numeric, strict=False) if is_number]
    return bool(over) and all(looks_like_number(cell) is None for cell in over) and bool(below)


def find_heading(rows: Sequence[Row], chosen: bool | None = None) -> Heading:
    """Say how many of the first records name the columns, and in what way."""
    if chosen is False or not rows:
        return Heading()
    if len(rows) > 3 and _is_orange(rows):
        return Heading(3 if _are_flags(rows[2]) else 2, "orange")
    if len(rows) > 3 and _describes(rows[1], rows[2:]) and (chosen or has_header([rows[0], *rows[2:]])):
        return Heading(2, "merged" if _is_merged(rows[0]) else "units")
    if chosen:
        return Heading(1)
    found, close = _weigh_header(rows)
    return Heading(int(found), close=close)


def _is_orange(rows: Sequence[Row]) -> bool:
    types = [cell.strip() for cell in rows[1]]
    known = sum(1 for cell in types if _ORANGE_TYPES.fullmatch(cell) and cell and " " not in cell)
    return (
        len(types) == len(rows[0])
        and all(_ORANGE_TYPES.fullmatch(cell) for cell in types)
        and 2 * known >= len(types)
        and known > 0
        and (_are_flags(rows[2]) or len(types) > 2)
        and not any(set(row) <= set(rows[1]) for row in rows[2:20])
    )


def _are_flags(row: Row) -> bool:
    cells = [cell.strip() for cell in row]
    return any(cells) and all(_ORANGE_FLAGS.fullmatch(cell) for cell in cells)


def _is_merged(row: Row) -> bool:
    names = [cell.strip() for cell in row]
    filled = [name for name in names if name]
    return len(set(filled)) < len(filled) or len(filled) < len(names) - 1


def _describes(row: Row, below: Sequence[Row]) -> bool:
    """Whether a record below the names is one of units or of further names rather than of data."""
    numeric = number_columns(below, len(row))
    units = [cell.strip() for cell, is_number in zip(row, numeric, strict=True) if is_number]
    values = [looks_like_number(cell) for cell in units]
    if not any(value is None for value in values) or any(
        value == value and value is not None for value in values
    ):
        return False
    if len(units) > 1 and sum(value is None for value in values) < len(units) / 2:
        return False
    if (
        all(cell.casefold() == units[0].casefold() for cell in units)
        and len(units) > 1
        and len(units[0]) > 12
    ):
        return False
    others = [place for place, is_number in enumerate(numeric) if not is_number]
    recurring = sum(
        1
        for place in others
        if row[place].strip() and any(row[place] == r[place] for r in below if len(r) > place)
    )
    return recurring == 0


def declare(rows: Sequence[Sequence[Cell]], style: str) -> Described:
    """Name the columns by the records of a heading."""
    texts = [[as_text(cell) for cell in row] for row in rows]
    if style == "merged":
        return Described(_merged_names(texts[0], texts[1]))
    if style == "orange":
        flags = texts[2] if len(texts) > 2 else [""] * len(texts[0])
        return _orange(texts[0], texts[1], flags)
    matches = [_ORANGE_PREFIX.fullmatch(name) for name in texts[0]]
    if any(match and (match[1] or match[2]) for match in matches):
        names = [match[3] if match else name for match, name in zip(matches, texts[0], strict=True)]
        types = [match[2].casefold() if match else "" for match in matches]
        flags = [
            {"c": "class", "m": "meta", "i": "ignore"}.get(match[1], "") if match else "" for match in matches
        ]
        return _orange(names, types, flags)
    return Described(texts[0])


def _merged_names(first: Row, second: Row) -> list[str]:
    names, before = [], ""
    for upper, lower in zip(first, second, strict=False):
        if _RULE.fullmatch(lower):
            names.append(upper)  # a line drawn below the names
            continue
        before = upper or before
        names.append(lower if not before else before if not lower or lower == before else f"{before} {lower}")
    return names + list(first[len(second) :])


def _orange(names: Row, types: Row, flags: Row) -> Described:
    kinds: dict[str, Declared] = {
        **dict.fromkeys(("c", "n", "continuous", "numeric"), "number"),
        **dict.fromkeys(("d", "discrete", "categorical"), "category"),
    }
    roles: dict[str, Role] = {"class": "target", "c": "target"}
    skipped: dict[str, Role] = dict.fromkeys(("meta", "ignore", "i", "m"), "skip")
    declared = Described(list(names))
    for place, (kind, flag) in enumerate(zip(types, flags, strict=False)):
        declared.types.append(kinds.get(kind.casefold(), "category" if " " in kind.strip() else None))
        role = (roles | skipped).get(flag.split(" ")[0].casefold())
        if role is not None:
            declared.roles[place] = role
    return declared


def header_guess(heading: Heading, row: Row, line: int) -> Guess:
    """What was taken the first record for, and what else it could be."""
    readings = [
        Reading(QT_TRANSLATE_NOOP("errors", "names"), {"header": True}),
        Reading(QT_TRANSLATE_NOOP("errors", "a row of data"), {"header": False}),
    ]
    taken, other = readings if heading.rows else readings[::-1]
    return Guess("header", taken, other, ", ".join(row)[:80], heading.close, line=line)


def has_header(rows: Sequence[Sequence[Cell]]) -> bool:
    """Guess whether the first record names the columns, from how it differs from those below it."""
    return _weigh_header(rows)[0]


def _weigh_header(rows: Sequence[Sequence[Cell]]) -> tuple[bool, bool]:
    """Guess whether the first record names the columns, and whether as much speaks against it."""
    if not rows:
        return False, False
    texts = [as_text(cell) for cell in rows[0]]
    below = rows[1 : 1 + max(FEW_SAMPLED, 5 * SAMPLED_CELLS // max(1, len(texts)))]
    values = [looks_like_number(text) for text in texts]
    if not below:
        return all(value is None or value != value for value in values) and None in values, False
    for_header = against = recurring = differing = 0
    for place, (text, value) in enumerate(zip(texts, values, strict=True)):
        column = [as_text(row[place]) for row in below if len(row) > place]
        known = [v for v in map(looks_like_number, column) if v is None or v == v]
        bad = sum(1 for v in known if v is None)
        is_number = bool(known) and bad <= MAX_BAD_SHARE * len(known)
        if value is None:
            for_header += is_number
            recurring += not is_number and text in column
            differing += not is_number and text not in column and len(set(column)) <= 0.7 * len(column)
        elif value == value:
            against += is_number
    names = [value for value in values if value is not None and value == value]
    # Years or running numbers may name columns: country, 1990, 1991, 1992.
    running = all(b - a == 1 for a, b in pairwise(names)) and all(value.is_integer() for value in names)
    if against and not recurring and running and len(names) >= (2 if for_header else 3):
        counted = names[0] == 0 and len(names) > 3 and not _is_running(below[0])
        found = len(names) < len(texts) or counted
        return found, not found and names[0] in (0, 1, *range(1800, 2200)) and _has_fractions(below)
    if for_header != against + recurring:
        return for_header > against + recurring, False
    if for_header or differing:
        return differing > 0, for_header > 0
    filled = [text for text in texts if text not in MISSING_TOKENS]
    is_text = all(value is None or value != value for value in values)
    return len(filled) == len(set(filled)) > 0 and is_text, False


def _has_fractions(rows: Sequence[Sequence[Cell]]) -> bool:
    values = (looks_like_number(as_text(cell)) for row in rows[:SAMPLED] for cell in row)
    return any(value is not None and math.isfinite(value) and not value.is_integer() for value in values)


def _is_running(row: Sequence[Cell]) -> bool:
    values = [looks_like_number(as_text(cell)) for cell in row]
    return None not in values and all(b - a == 1 for a, b in pairwise(v for v in values if v is not None))


class Framed:
    """The chunks of a table without what is not part of it.

    Parameters
    ----------
    names : sequence of str or None
    width : int
    trailing : bool
        Whether records end with a delimiter, behind which there is nothing.

    Attributes
    ----------
    left_out : list of int
        Lines that were left out when the chunks were last read: headers that come again, totals and notes
        below the table.
    """

    def __init__(self, names: Sequence[str] | None, width: int, trailing: bool = False) -> None:
        self._trailing = trailing
        self._names = [name.strip() for name in names] if names is not None else None
        self._width = width
        self.left_out: list[int] = []

    def chunks(self, found: Iterator[Chunk]) -> Iterator[Chunk]:
        """Give the chunks, the last records only when it is sure that they belong to the table."""
        self.left_out = []
        held: list[tuple[int, list[Cell]]] = []
        numeric: list[bool] | None = None
        sample: list[list[Cell]] = []
        while True:
            try:
                chunk = next(found, None)
            except DatasetError:
                yield Chunk([line for line, _ in held], [row for _, row in held], [])
                raise
            if chunk is None:
                break
            if self._names is not None or self._trailing:
                chunk = self._trimmed(chunk)
            if not sample and len(chunk.rows) > 1:
                sample = chunk.rows[:SAMPLED]
            records = [*held, *zip(chunk.lines, chunk.rows, strict=True)]
            keep = max(0, len(records) - MAX_FOOTERS)
            held = records[keep:]
            yield Chunk(
                [line for line, _ in records[:keep]], [row for _, row in records[:keep]], chunk.problems
            )
        if held:
            texts = [[as_text(cell) for cell in row] for row in (sample or [row for _, row in held])]
            texts = [row for row in texts if len(row) == self._width]
            numeric = number_columns(texts, self._width)
            count = self._count_footers(held, numeric)
            self.left_out += [line for line, _ in held[len(held) - count :]]
            held = held[: len(held) - count]
            yield Chunk([line for line, _ in held], [row for _, row in held], [])

    def _trimmed(self, chunk: Chunk) -> Chunk:
        """Leave out headers that come again, empty records, and empty fields beyond the last column."""
        lines, rows = [], []
        width, names = self._width, self._names
        first = names[0] if names else ""
        for line, row in zip(chunk.lines, chunk.rows, strict=True):
            if self._trailing and len(row) == width + 1 and row[width] == "":
                row = row[:width]
            if names and len(row) == width > 1 and row[0] == first and [as_text(c) for c in row] == names:
                self.left_out.append(line)
                continue
            lines.append(line)
            rows.append(row)
        return Chunk(lines, rows, chunk.problems)

    def _count_footers(self, records: list[tuple[int, list[Cell]]], numeric: Sequence[bool]) -> int:
        """Count the records at the end that are totals and notes."""
        if self._width < 2:
            return 0
        count = 0
        for place in range(len(records) - 1, 0, -1):
            line, row = records[place]
            gap = line > records[place - 1][0] + _lines_of(records[place - 1][1])
            texts = [as_text(cell) for cell in row]
            above = [row for _, row in records[:place]]
            after_gap = gap and len(records) - place <= 3 and self._is_other(texts, numeric)
            if after_gap or self._is_footer(texts, numeric, above):
                count = len(records) - place
            elif len(records) - place > count + 3:
                break
        return count

    def _is_footer(self, texts: list[str], numeric: Sequence[bool], above: Sequence[Sequence[Cell]]) -> bool:
        filled = [text for text in texts if text]
        if not filled:
            return len(texts) > 1
        first = next((text for text in filled if looks_like_number(text) is None), filled[0])
        column = texts.index(first)
        over_number = column < len(numeric) and numeric[column]
        is_text = looks_like_number(first) is None
        others = [text for text in filled if text != first]
        word = first.rstrip(":： ")
        if over_number and (_TOTALS.fullmatch(word) or _STATISTICS.fullmatch(word)):
            return True
        if _TOTALS.fullmatch(word) and others and all(looks_like_number(text) is not None for text in others):
            # A category may be called so; then it comes more than once.
            return not any(len(row) > column and as_text(row[column]) == first for row in above)
        if _NOTES.match(first) and is_text and len(filled) <= 2 and self._width > 2:
            return True
        if len(texts) == self._width:
            return False
        # A record that was cut off looks like one of data as far as it goes.
        return is_text and ((len(filled) == 1 and (over_number or " " in first)) or over_number)

    def _is_other(self, texts: list[str], numeric: Sequence[bool]) -> bool:
        """Whether a record after a blank line is no data: text where there are numbers."""
        cells = [t for t, is_number in zip(texts, numeric, strict=False) if is_number and t]
        return bool(cells) and all(looks_like_number(cell) is None for cell in cells)


def _lines_of(row: Sequence[Cell]) -> int:
    return 1 + sum(cell.count("\n") for cell in row if isinstance(cell, str))
