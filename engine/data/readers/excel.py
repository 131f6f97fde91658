"""Workbooks: Excel's .xlsx and .xls, and OpenDocument's .ods."""

from __future__ import annotations

import datetime
import io
import math
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from engine.data.cells import Cell, as_text
from engine.data.doubt import Guess, Reading
from engine.data.frame import Framed, count_preamble, declare, find_heading, header_guess, usual_width
from engine.data.options import CHUNK_ROWS, ReadOptions, Watch
from engine.data.source import BLOCK, Source, check_archive, member_blocks
from engine.data.table import Chunk, Records, check_size
from engine.errors import QT_TRANSLATE_NOOP, DatasetError

SHEETS_LOOKED_AT = 20
ROWS_LOOKED_AT = 500

_REPEATED = re.compile(
    rb"""<table:table-(row|cell)\b[^>]*?number-(?:rows|columns)-repeated=["'](\d+)["'][^>]*?(/?)>"""
)
_ROW = re.compile(rb"""<(?:\w+:)?(?:row|c)\b[^>]*?\br=["'][A-Z]*(\d+)["']""")
_COLUMN = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Z]+)\d+["']""")


def read(source: Source, options: ReadOptions, watch: Watch, limit: int | None) -> Records:
    """Read one sheet.

    Raises
    ------
    DatasetError
        ``corrupt_file``, ``unknown_sheet``, ``no_rows`` or ``too_large``.
    """
    content = source.read_all(watch)
    sheets, sheet, first_row, rows, guesses = _guarded(content, options.sheet)
    watch.tick(0.5)
    records = [
        (first_row + place + 1, [_cell(value) for value in row])
        for place, row in enumerate(rows)
        if any(value not in ("", None) for value in row)
    ]
    skip = options.skip_lines if options.skip_lines is not None else 0
    records = [(line, row) for line, row in records if line > skip]
    head = [[as_text(cell) for cell in row] for _, row in records[:ROWS_LOOKED_AT]]
    above: list[int] = []
    if options.skip_lines is None:
        titles = count_preamble(head, usual_width(head))
        above = [line for line, _ in records[:titles]]
        records, head = records[titles:], head[titles:]
    if not records:
        raise DatasetError("no_rows")
    heading = find_heading(head, options.header)
    if options.header is None:
        guesses = [*guesses, header_guess(heading, head[0], records[0][0])]
    names = None
    if heading.rows:
        if heading.style == "units":
            above += [line for line, _ in records[1 : heading.rows]]
        declared = declare(head[: 1 if heading.style == "units" else heading.rows], heading.style)
        names = declared.names
    body = records[heading.rows :]
    settings = {"sheet": sheet, "header": heading.rows > 0, "skip_lines": records[0][0] - 1}

    def chunks() -> Iterator[Chunk]:
        for start in range(0, len(body), CHUNK_ROWS):
            part = body[start : start + CHUNK_ROWS]
            yield Chunk([line for line, _ in part], [row for _, row in part], [])
            watch.tick(0.5 + 0.5 * start / len(body))

    width = len(records[0][1])
    framed = Framed(names, width)
    return Records(
        width,
        lambda: framed.chunks(chunks()),
        names,
        records[0][0],
        commas_split=True,
        types=list(declared.types) if names is not None and declared.types else [],
        roles=declared.roles if names is not None else {},
        left_out=lambda: [*above, *framed.left_out],
        settings=settings,
        sheets=sheets,
        guesses=guesses,
    )


def _guarded(
    content: bytes, wanted: str | int | None
) -> tuple[tuple[str, ...], str, int, list[list[Any]], list[Guess]]:
    """Open the workbook; whatever the library raises or panics with is damage to the file."""
    import python_calamine

    try:
        if content.startswith(b"PK"):
            _check_spread(content)
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = tuple(workbook.sheet_names)
        name, guesses = _find_sheet(workbook) if wanted is None else (_choose(sheets, wanted), [])
        sheet = workbook.get_sheet_by_name(name)
        check_size(sheet.height, sheet.width, QT_TRANSLATE_NOOP("errors", "The sheet"))
        start = sheet.start
        rows = sheet.to_python(skip_empty_area=True)
        if start:
            _fill_merged(rows, sheet.merged_cell_ranges or (), start)
        return sheets, name, start[0] if start else 0, rows, guesses
    except DatasetError:
        raise
    except Exception as error:
        raise DatasetError("corrupt_file", format="Excel", reason=str(error)) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise DatasetError(
            "corrupt_file", format="Excel", reason=QT_TRANSLATE_NOOP("errors", "unreadable")
        ) from None


def _fill_merged(
    rows: list[list[Any]],
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]],
    start: tuple[int, int],
) -> None:
    """Write what a cell that goes over several rows says into each of them; titles go over columns."""
    for (top, left), (bottom, right) in merged:
        first, column = top - start[0], left - start[1]
        inside = 0 <= first < len(rows) and 0 <= column < len(rows[0])
        if left != right or not inside:
            continue
        for row in rows[first + 1 : bottom - start[0] + 1]:
            row[column] = rows[first][column]


def _find_sheet(workbook: Any) -> tuple[str, list[Guess]]:
    """The first visible sheet with a table rather than a cover or notes, and another one there may be."""
    if not workbook.sheet_names:
        raise DatasetError("no_rows")
    described = workbook.sheets_metadata
    seen = [sheet.name for sheet in described if str(sheet.visible).endswith("Visible")]
    sizes = {}
    for name in (seen or workbook.sheet_names)[:SHEETS_LOOKED_AT]:
        sheet = workbook.get_sheet_by_name(name)
        check_size(sheet.height, sheet.width, QT_TRANSLATE_NOOP("errors", "The sheet"))
        rows = sheet.to_python(skip_empty_area=True, nrows=ROWS_LOOKED_AT)
        filled = [sum(value not in ("", None) for value in row) for row in rows]
        sizes[name] = sum(count for count in filled if count > 1)
    tables = [name for name, size in sizes.items() if size and size >= 0.25 * max(sizes.values())]
    name = tables[0] if tables else next(iter(sizes))
    if len(tables) < 2:
        return name, []
    readings = [Reading(other, {"sheet": other}) for other in tables[:2]]
    return name, [Guess("sheet", readings[0], readings[1], ", ".join(tables[:6]), close=True)]


def _check_spread(content: bytes) -> None:
    """Refuse a workbook that expands to more than it says, and a sheet whose cells lie too far apart.

    The library expands all there is, and allots the whole rectangle around the cells at once; when that
    fails it ends the program: one stray cell in the last corner of a sheet would ask for 500 GB.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        check_archive(archive.infolist(), len(content))
        for entry in archive.infolist():
            rows, columns = _Range(), _Range()
            rest = b""
            for block in member_blocks(archive, entry):
                text = rest + block
                rows.take(int(number) for number in set(_ROW.findall(text)))
                columns.take(_column_number(letters) for letters in set(_COLUMN.findall(text)))
                last = text.rfind(b"<")  # a tag may go on in the next block
                rest = text[last:] if last >= 0 and b">" not in text[last:] else b""
                if len(rest) > BLOCK:
                    reason = QT_TRANSLATE_NOOP("errors", "it holds a tag without an end")
                    raise DatasetError("corrupt_file", format="Excel", reason=reason)
            check_size(4 * rows.length, columns.length, QT_TRANSLATE_NOOP("errors", "The sheet"))
            if entry.filename == "content.xml":
                _check_repeats(b"".join(member_blocks(archive, entry)))


def _check_repeats(content: bytes) -> None:
    """Refuse an OpenDocument sheet whose filled cells or rows are repeated without bounds."""
    rows = cells = 1
    for kind, count, closed in _REPEATED.findall(content):
        if closed and kind == b"cell":
            continue  # nothing, many times, as up to the last column of the sheet
        if kind == b"row":
            rows = max(rows, int(count))
        else:
            cells = max(cells, int(count))
    if (rows > 1 and cells > 1) or cells > 1_000_000:
        check_size(4 * rows, cells, QT_TRANSLATE_NOOP("errors", "The sheet"))


class _Range:
    """From the least to the greatest of some numbers."""

    def __init__(self) -> None:
        self._low, self._high = math.inf, -math.inf

    def take(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self._low, self._high = min(self._low, number), max(self._high, number)

    @property
    def length(self) -> int:
        return 0 if self._low > self._high else int(self._high - self._low) + 1


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number


def _choose(sheets: tuple[str, ...], wanted: str | int) -> str:
    if isinstance(wanted, str) and wanted in sheets:
        return wanted
    if isinstance(wanted, int) and 1 <= wanted <= len(sheets):
        return sheets[wanted - 1]
    raise DatasetError("unknown_sheet", value=wanted, allowed=", ".join(sheets))


def _cell(value: Any) -> Cell:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds() / 3600
    return "" if value is None else str(value)
