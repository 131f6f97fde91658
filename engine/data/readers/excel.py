"""Excel workbooks (.xlsx)."""

from __future__ import annotations

import datetime
import io
import math
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from engine.data.cells import Cell, NumberFormat, as_text
from engine.data.layout import count_titles, has_header, usual_width
from engine.data.options import CHUNK_ROWS, ReadOptions, Watch
from engine.data.source import BLOCK, Source, check_archive, member_blocks
from engine.data.table import Chunk, Records, check_size
from engine.errors import QT_TRANSLATE_NOOP, DatasetError

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
    sheets, sheet, first_row, rows = _guarded(content, options.sheet)
    watch.tick(0.5)
    records = [
        (first_row + place + 1, [_cell(value) for value in row])
        for place, row in enumerate(rows)
        if any(value not in ("", None) for value in row)
    ]
    skip = options.skip_lines if options.skip_lines is not None else 0
    records = [(line, row) for line, row in records if line > skip]
    head = [[as_text(cell) for cell in row] for _, row in records[:500]]
    if options.skip_lines is None:
        titles = count_titles(head, usual_width(head))
        records, head = records[titles:], head[titles:]
    if not records:
        raise DatasetError("no_rows")
    numbers = NumberFormat(options.decimal or ".", options.thousands or "")
    header = options.header if options.header is not None else has_header(head, numbers)
    names = head[0] if header else None
    body = records[1:] if header else records
    settings = {
        "sheet": sheet,
        "header": header,
        "decimal": numbers.decimal,
        "thousands": numbers.thousands,
        "skip_lines": records[0][0] - 1,
    }

    def chunks() -> Iterator[Chunk]:
        for start in range(0, len(body), CHUNK_ROWS):
            part = body[start : start + CHUNK_ROWS]
            yield Chunk([line for line, _ in part], [row for _, row in part], [])
            watch.tick(0.5 + 0.5 * start / len(body))

    return Records(
        len(records[0][1]), chunks, names, records[0][0], numbers, settings=settings, sheets=sheets
    )


def _guarded(content: bytes, wanted: str | int | None) -> tuple[tuple[str, ...], str, int, list[list[Any]]]:
    """Open the workbook; whatever the library raises or panics with is damage to the file."""
    import python_calamine

    try:
        _check_spread(content)
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = tuple(workbook.sheet_names)
        name = _choose(sheets, wanted)
        sheet = workbook.get_sheet_by_name(name)
        if wanted is None and sheet.height == 0:
            for other in sheets:
                candidate = workbook.get_sheet_by_name(other)
                if candidate.height:
                    name, sheet = other, candidate
                    break
        check_size(sheet.height, sheet.width, QT_TRANSLATE_NOOP("errors", "The sheet"))
        start = sheet.start
        return sheets, name, start[0] if start else 0, sheet.to_python(skip_empty_area=True)
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


def _choose(sheets: tuple[str, ...], wanted: str | int | None) -> str:
    if not sheets:
        raise DatasetError("no_rows")
    if wanted is None:
        return sheets[0]
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
    return "" if value is None else str(value)
