"""Guess how a text table is laid out: what separates the fields, and where the table begins."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.data.cells import MISSING_TOKENS, as_text
from engine.data.doubt import Guess, Reading
from engine.data.frame import Heading, count_preamble, find_heading, has_header, header_guess, usual_width
from engine.data.numerals import PLAIN_SIGNS, looks_like_number
from engine.data.options import ReadOptions

WHITESPACE = "whitespace"

_SAMPLE_LINES = 500
_DELIMITERS = ("\t", "|", ";", ",", "；", "，")  # the rarer in plain text, the surer the sign
_SELDOM = ("^", "~", "¦", ":")
"""What parts fields where nothing else does."""

_EVEN = 0.9
_NUMBER_LIKE = re.compile(r"[+-]?(\d+([.,' \u00a0\u202f]\d+)*|[.,]\d+)[.,]?([eE][+-]?\d+)?")
_ESCAPED_QUOTE = re.compile(r'\\"(?![,;\t|\r\n]|$)')


@dataclass(frozen=True)
class Layout:
    """What was found, or was given.

    Parameters
    ----------
    delimiter : str
        One character or ``whitespace``.
    skip_lines : int
        Physical lines before the table.
    heading : Heading
        How the first records after them name the columns.
    comment_header : bool
        Whether that record begins with the comment mark, which is no part of a name.
    width : int
        Fields of a record.
    row_names : bool
        Whether records begin with a name of their own, for which the header has none.
    trailing : bool
        Whether each of them ends with a delimiter, which the header does not.
    escapes : bool
        Whether a backslash stands before a quotation mark that is part of a field.
    quote : str
        The mark around fields.
    above : tuple of int
        Lines above the table that say something, remarks apart.
    guesses : tuple of Guess
    """

    delimiter: str
    skip_lines: int
    heading: Heading
    comment_header: bool
    width: int
    row_names: bool = False
    trailing: bool = False
    escapes: bool = False
    quote: str = '"'
    above: tuple[int, ...] = ()
    guesses: tuple[Guess, ...] = ()


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
    first = start
    guesses: tuple[Guess, ...] = ()
    escapes = _ESCAPED_QUOTE.search(text) is not None
    quote = "'" if _is_single_quoted(lines[start:]) else '"'
    delimiter = options.delimiter or (hint[1] if hint else None)
    if delimiter is None:
        delimiter, guesses = find_delimiter(lines[start:], quote)
    records = [
        (start + place, [as_text(cell) for cell in row])
        for place, row in split_lines(lines[start:], delimiter, escapes, quote)
        if any(cell.strip() for cell in row)
    ]
    width = usual_width([row for _, row in records])
    if options.skip_lines is None and records:
        titles = count_preamble([row for _, row in records], width)
        records = records[titles:]
        start = records[0][0] if titles else start
    above = tuple(place + 1 for place in range(first, start) if lines[place].strip())
    rows = [row for _, row in records]
    if _has_comment_header(lines, start, rows, delimiter, width, options, hint is not None):
        return Layout(delimiter, start - 1, Heading(1), True, width, escapes=escapes, guesses=guesses)
    heading = find_heading(rows, options.header)
    if options.header is None and rows:
        guesses = (*guesses, header_guess(heading, rows[0], records[0][0] + 1))
    row_names = trailing = False
    if heading.rows and rows:
        named = len(rows[0])
        below = [row for row in rows[heading.rows :] if len(row) == width]
        one_more = named == width - 1 > 0 and bool(below)
        trailing = one_more and not any(row[-1] for row in below)
        row_names = one_more and not trailing
        width = width if row_names else named
        if named == width > 1 and below and not rows[0][-1] and not any(row[-1] for row in below):
            trailing, width = True, width - 1
        longest = max(map(len, rows[heading.rows :]), default=width)
        while longest < width <= named and not rows[0][width - 1]:
            width -= 1
    return Layout(
        delimiter, start, heading, False, width, row_names, trailing, escapes, quote, above, guesses
    )


def _is_single_quoted(lines: Sequence[str]) -> bool:
    """Whether each record begins with a field between single quotation marks, and none is double."""
    told = [line.strip() for line in lines if line.strip()]
    return (
        len(told) > 1
        and not any('"' in line for line in told)
        and all(line.startswith("'") for line in told)
        and sum(line.count("'") % 2 for line in told) <= 0.05 * len(told)  # and one forgotten is told
    )


def _has_comment_header(
    lines: Sequence[str],
    start: int,
    rows: Sequence[Sequence[str]],
    delimiter: str,
    width: int,
    options: ReadOptions,
    hinted: bool,
) -> bool:
    """Whether the remark above the first record names the columns."""
    if options.header is not None or options.skip_lines is not None or start == 0 or hinted:
        return False
    if not is_comment(lines[start - 1]):
        return False
    heading = [row for _, row in split_lines([lines[start - 1].lstrip().removeprefix("#")], delimiter)]
    return (
        len(heading) == 1
        and len(heading[0]) == width > 1
        and all(looks_like_number(cell) is None for cell in heading[0])
        and not has_header(rows)
    )


def is_comment(line: str) -> bool:
    """Whether a line before the table is a remark."""
    text = line.lstrip()
    return text.startswith("#") or text.startswith(("% ", "%%", "//"))


def split_lines(
    lines: Iterable[str], delimiter: str, escapes: bool = False, quote: str = '"'
) -> list[tuple[int, list[str]]]:
    """Split a few lines leniently: each record with the place of its first line, from 0."""
    escape = "\\" if escapes else None
    if delimiter == WHITESPACE:
        reader = csv.reader(
            map(single_spaces, lines),
            delimiter=" ",
            skipinitialspace=True,
            escapechar=escape,
            quotechar=quote,
        )
    else:
        reader = csv.reader(lines, delimiter=delimiter, escapechar=escape, quotechar=quote)
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


def find_delimiter(lines: Sequence[str], quote: str = '"') -> tuple[str, tuple[Guess, ...]]:
    """Find what splits the lines evenly; of several, what leaves the most numbers."""
    even: list[tuple[float, int, int, str]] = []
    uneven: list[tuple[float, int, int, str]] = []
    for place, delimiter in enumerate((*_DELIMITERS, WHITESPACE)):
        rows = [
            row for _, row in split_lines(lines, delimiter, quote=quote) if any(cell.strip() for cell in row)
        ]
        width = usual_width(rows)
        if width < 2:
            continue
        rows = rows[count_preamble(rows, width) :]
        fitting = [row for row in rows if len(row) == width]
        share = len(fitting) / len(rows)
        # The first may be of names, which are no numbers under any delimiter.
        cells = [cell.strip() for row in fitting[1:] or fitting for cell in row]
        clean = sum(
            1 for c in cells if c in MISSING_TOKENS or _NUMBER_LIKE.fullmatch(c.translate(PLAIN_SIGNS))
        ) / len(cells)
        if share >= _EVEN or (len(rows) - len(fitting) == 1 and len(rows) > 4):
            if delimiter != WHITESPACE or not even:
                even.append((round(clean, 2), width, -place, delimiter))
        elif share >= 0.5:
            uneven.append((round(share, 2), width, -place, delimiter))
    ranked = sorted(even or uneven, reverse=True)
    if not even:
        for delimiter in _SELDOM:
            rows = [
                row
                for _, row in split_lines(lines, delimiter, quote=quote)
                if any(cell.strip() for cell in row)
            ]
            width = usual_width(rows)
            if len(rows) > 2 and width > 1 and sum(len(row) == width for row in rows) >= _EVEN * len(rows):
                return delimiter, ()
    if not ranked:
        return ",", ()
    taken, others = ranked[0][-1], ranked[1:]
    if not others or not even:
        return taken, ()
    readings = [Reading(mark, {"delimiter": mark}) for mark in (taken, others[0][-1])]
    close = ranked[0][:2] == others[0][:2]
    return taken, (Guess("delimiter", readings[0], readings[1], lines[0].strip()[:80], close),)
