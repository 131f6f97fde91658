"""Guess how a text table is laid out: what separates the fields, how numbers are written, where it begins."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.data.cells import MAX_BAD_SHARE, MISSING_TOKENS, Cell, NumberFormat, as_text
from engine.data.options import ReadOptions

WHITESPACE = "whitespace"

_SAMPLE_LINES = 500
_DELIMITERS = ("\t", "|", ";", ",")  # the rarer in plain text, the surer the sign
_EVEN = 0.9
_NUMBER_LIKE = re.compile(r"[+-]?(\d+([.,' \u00a0\u202f]\d+)*|[.,]\d+)[.,]?([eE][+-]?\d+)?")


@dataclass(frozen=True)
class Layout:
    """What was found, or was given.

    Parameters
    ----------
    delimiter : str
        One character or ``whitespace``.
    numbers : NumberFormat
    skip_lines : int
        Physical lines before the table.
    header : bool
        Whether the first record after them names the columns.
    comment_header : bool
        Whether that record begins with the comment mark, which is no part of a name.
    width : int
        Fields of a record.
    """

    delimiter: str
    numbers: NumberFormat
    skip_lines: int
    header: bool
    comment_header: bool
    width: int


def find_layout(text: str, options: ReadOptions) -> Layout:
    """Guess the layout of a text table from its first lines.

    Parameters
    ----------
    text : str
        The head of the file, in whole lines.
    options : ReadOptions
        What is given is not guessed.
    """
    lines = [line for line, _ in zip(io.StringIO(text, newline=""), range(_SAMPLE_LINES), strict=False)]
    hint = re.fullmatch(r"sep=(.)\s*", lines[0].lstrip("\ufeff")) if lines else None
    if options.skip_lines is not None:
        start = options.skip_lines
    else:
        start = 1 if hint else 0
        while start < len(lines) and (not lines[start].strip() or is_comment(lines[start])):
            start += 1
    delimiter = options.delimiter or (hint[1] if hint else find_delimiter(lines[start:]))
    records = [
        (start + first, [as_text(cell) for cell in row])
        for first, row in split_lines(lines[start:], delimiter)
        if any(cell.strip() for cell in row)
    ]
    width = usual_width([row for _, row in records])
    if options.skip_lines is None and records:
        titles = count_titles([row for _, row in records], width)
        records = records[titles:]
        start = records[0][0] if titles else start
    rows = [row for _, row in records]
    numbers = find_number_format(rows, delimiter, options)
    comment_header = False
    if options.header is None and options.skip_lines is None and start > 0 and not hint:
        heading = [row for _, row in split_lines([lines[start - 1].lstrip().removeprefix("#")], delimiter)]
        comment_header = (
            is_comment(lines[start - 1])
            and len(heading) == 1
            and len(heading[0]) == width > 1
            and all(numbers.parse(cell) is None for cell in heading[0])
            and not has_header(rows, numbers)
        )
    if comment_header:
        return Layout(delimiter, numbers, start - 1, True, True, width)
    header = options.header if options.header is not None else has_header(rows, numbers)
    if header and rows:
        width = len(rows[0])
    return Layout(delimiter, numbers, start, header, False, width)


def is_comment(line: str) -> bool:
    """Whether a line before the table is a remark."""
    text = line.lstrip()
    return text.startswith("#") or text.startswith(("% ", "%%", "//"))


def split_lines(lines: Iterable[str], delimiter: str) -> list[tuple[int, list[str]]]:
    """Split a few lines leniently: each record with the place of its first line, from 0."""
    if delimiter == WHITESPACE:
        reader = csv.reader(map(single_spaces, lines), delimiter=" ", skipinitialspace=True)
    else:
        reader = csv.reader(lines, delimiter=delimiter)
    records, first = [], 0
    try:
        for row in reader:
            records.append((first, row))
            first = reader.line_num
    except csv.Error:
        pass  # whoever reads the file says where; what came before is enough to guess from
    return records


def single_spaces(line: str) -> str:
    """Prepare a line of columns aligned by spaces and tabs for a reader that splits at spaces."""
    return line.strip().replace("\t", " ") + "\n"


def find_delimiter(lines: Sequence[str]) -> str:
    """Find what splits the lines evenly; of several, what leaves the most numbers."""
    even: list[tuple[float, int, int, str]] = []
    uneven: list[tuple[float, int, int, str]] = []
    for place, delimiter in enumerate((*_DELIMITERS, WHITESPACE)):
        rows = [row for _, row in split_lines(lines, delimiter) if any(cell.strip() for cell in row)]
        width = usual_width(rows)
        rows = rows[count_titles(rows, width) :]
        if width < 2 or not rows:
            continue
        fitting = [row for row in rows if len(row) == width]
        share = len(fitting) / len(rows)
        cells = [cell.strip() for row in fitting for cell in row]
        clean = sum(1 for c in cells if c in MISSING_TOKENS or _NUMBER_LIKE.fullmatch(c)) / len(cells)
        if share >= _EVEN:
            if delimiter != WHITESPACE or not even:
                even.append((round(clean, 2), width, -place, delimiter))
        elif share >= 0.5:
            uneven.append((round(share, 2), width, -place, delimiter))
    return max(even or uneven)[-1] if even or uneven else ","


def usual_width(rows: Sequence[Sequence[object]]) -> int:
    """Give the number of fields that most records have; of equals the larger."""
    widths = Counter(map(len, rows))
    return max(widths, key=lambda width: (widths[width], width)) if widths else 0


def count_titles(rows: Sequence[Sequence[str]], width: int) -> int:
    """Count leading records that are titles: at most one field is filled where several are usual."""
    count = 0
    for row in rows[:-1]:
        filled = sum(1 for cell in row if cell.strip())
        if filled > 1 or width < 2 or (len(row) == width and width < 3):
            break
        count += 1
    return count


def find_number_format(rows: Sequence[Sequence[str]], delimiter: str, options: ReadOptions) -> NumberFormat:
    """Guess the decimal mark and the mark between thousands."""
    seen: Counter[str] = Counter()
    spaces: Counter[str] = Counter()
    for row in rows:
        for cell in row:
            if not cell[-1:].isdigit() or not _NUMBER_LIKE.fullmatch(cell):
                continue
            space = re.search(r"(?<=\d)[ '\u00a0\u202f](?=\d{3}(\D|$))", cell)
            if space:
                spaces[space[0]] += 1
            elif "," in cell or "." in cell:
                seen[_shape(cell)] += 1
            if space and ("," in cell) != ("." in cell):
                seen["0,0" if "," in cell else "0.0"] += 1
    decimal, thousands = options.decimal, options.thousands
    if decimal is None:
        comma = seen["0,0"] + seen["1.0,0"] + seen["1.000.000"]
        point = seen["0.0"] + seen["1,0.0"] + seen["1,000,000"]
        # 1,234 may be either: with nothing else to go by it is a fraction, unless commas split the fields.
        perhaps = delimiter != "," and seen["1,000"] and not point
        decimal = "," if (comma > point or perhaps) else "."
        if thousands == decimal:
            decimal = "." if thousands == "," else ","
    if thousands is None:
        other, plain = (",", "0,0") if decimal == "." else (".", "0.0")
        groups = ("1,000", "1,0.0", "1,000,000") if other == "," else ("1.0,0", "1.000.000")
        if sum(seen[shape] for shape in groups) and not seen[plain]:
            thousands = other
        else:
            thousands = spaces.most_common(1)[0][0] if spaces else ""
    return NumberFormat(decimal, thousands)


def _shape(text: str) -> str:
    """Name the way a number is written by an example of it."""
    text = re.sub(r"[eE].*", "", text.lstrip("+-"))
    comma, point = text.rfind(","), text.rfind(".")
    if comma >= 0 and point >= 0:
        return "1,0.0" if point > comma else "1.0,0"
    mark = "," if comma >= 0 else "."
    parts = text.split(mark)
    if len(parts) > 2:
        return f"1{mark}000{mark}000" if all(len(part) == 3 for part in parts[1:]) else "other"
    could_group = len(parts[-1]) == 3 and 1 <= len(parts[0]) <= 3 and parts[0] != "0"
    return "1,000" if could_group and mark == "," else f"0{mark}0"


def has_header(rows: Sequence[Sequence[Cell]], numbers: NumberFormat) -> bool:
    """Guess whether the first record names the columns, from how it differs from those below it."""
    if not rows:
        return False
    first, below = rows[0], rows[1:]
    values = [numbers.parse(cell) for cell in first]
    if not below:
        return all(value is None or value != value for value in values) and any(v is None for v in values)
    for_header = against = recurring = 0
    for place, cell in enumerate(first):
        column = [row[place] for row in below if len(row) > place]
        parsed = [numbers.parse(other) for other in column]
        known = [value for value in parsed if value is None or value == value]
        bad = sum(1 for value in known if value is None)
        is_number_column = bool(known) and bad <= MAX_BAD_SHARE * len(known)
        value = values[place]
        if value is None:
            for_header += is_number_column
            recurring += not is_number_column and cell in column
        elif value == value:
            against += is_number_column
    texts = [cell for cell, value in zip(first, values, strict=True) if value is None]
    names = [value for value in values if value is not None and value == value]
    # Years or running numbers may name columns: country, 1990, 1991, 1992.
    running = all(b - a == 1 for a, b in pairwise(names)) and all(value.is_integer() for value in names)
    if against and not recurring and running and len(names) >= (2 if for_header else 3):
        return len(names) < len(first)
    if for_header or against or recurring:
        return for_header > against + recurring
    return len(texts) == len(first) == len(set(texts))
