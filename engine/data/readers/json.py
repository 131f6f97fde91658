"""JSON and JSON Lines: records as objects or lists, or columns as lists."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from engine.data.cells import Cell, NumberFormat, as_text
from engine.data.encoding import find_encoding
from engine.data.layout import has_header
from engine.data.options import CHUNK_ROWS, ReadOptions, Watch
from engine.data.source import Source
from engine.data.table import Chunk, Records
from engine.errors import QT_TRANSLATE_NOOP, DatasetError

_WRAPPERS = ("data", "records", "rows", "items", "results", "instances")

Found = list[tuple[int, Any]]
"""Records with their physical lines."""


def read(source: Source, options: ReadOptions, watch: Watch, limit: int | None) -> Records:
    """Read all records; names are the keys in the order of their first appearance.

    Raises
    ------
    DatasetError
        ``bad_json`` with line, ``no_rows``, ``unsupported_format``.
    """
    encoding = find_encoding(source, options.encoding, watch)
    text = source.read_all(watch).decode(encoding).removeprefix("\ufeff")
    problems: list[DatasetError] = []
    if not text.strip():
        raise DatasetError("empty_file")
    found, names = _parse(text, source.suffix, problems, watch)
    if not found and not problems:
        raise DatasetError("no_rows")
    header_line = 1
    settings: dict[str, Any] = {"encoding": encoding}
    numbers = NumberFormat()
    if any(not isinstance(record, dict | list) for _, record in found):
        what = QT_TRANSLATE_NOOP("errors", "A JSON file that is not a list of records")
        raise DatasetError(
            "unsupported_format", what=what, supported="[{...}, ...], [[...], ...], {...} per line"
        )
    if names is None and all(isinstance(record, dict) for _, record in found):
        names = list(dict.fromkeys(key for _, record in found for key in record))
        found = [(line, [record.get(name) for name in names]) for line, record in found]
    else:
        found = [(line, list(r.values()) if isinstance(r, dict) else r) for line, r in found]
    rows = [(line, [_cell(value) for value in record]) for line, record in found]
    if names is None and rows:
        head = [[as_text(cell) for cell in row] for _, row in rows[:500]]
        header = options.header if options.header is not None else has_header(head, numbers)
        settings["header"] = header
        if header:
            names, header_line, rows = head[0], rows[0][0], rows[1:]
    width = len(names) if names is not None else len(rows[0][1]) if rows else 0

    def chunks() -> Iterator[Chunk]:
        for start in range(0, max(1, len(rows)), CHUNK_ROWS):
            part = rows[start : start + CHUNK_ROWS]
            yield Chunk([line for line, _ in part], [row for _, row in part], [] if start else list(problems))
            watch.tick(0.5 + 0.5 * start / max(1, len(rows)))

    return Records(width, chunks, names, header_line, numbers, settings=settings)


def _parse(
    text: str, suffix: str, problems: list[DatasetError], watch: Watch
) -> tuple[Found, list[str] | None]:
    """Find the records, and the names where they stand apart from the records."""
    decoder = json.JSONDecoder(parse_int=_integer)
    start = len(text) - len(text.lstrip())
    if suffix in (".jsonl", ".ndjson"):
        return _lines(text, decoder, problems, watch), None
    if text[start] == "[":
        return _elements(text, start, decoder, watch), None
    first_line = text[start:].split("\n", 1)[0]
    try:
        whole = decoder.decode(text)
    except (json.JSONDecodeError, RecursionError) as error:
        # Several objects, one on each line, whatever the file is called.
        try:
            decoder.decode(first_line)
        except (json.JSONDecodeError, RecursionError):
            raise _bad_json(error, 1) from None
        return _lines(text, decoder, problems, watch), None
    return _of_object(whole)


def _of_object(whole: Any) -> tuple[Found, list[str] | None]:
    if isinstance(whole, dict):
        names = whole.get("columns")
        for key in _WRAPPERS:
            if isinstance(whole.get(key), list):
                named = isinstance(names, list) and all(isinstance(name, str) for name in names)
                return list(enumerate(whole[key], 1)), names if named else None
        lists = [value for value in whole.values() if isinstance(value, list)]
        if lists and len(lists) == len(whole):
            _check_lengths(whole)
            return list(enumerate(map(list, zip(*lists, strict=True)), 1)), list(whole)
        columns = [value for value in whole.values() if isinstance(value, dict)]
        if columns and len(columns) == len(whole):
            keys = list(dict.fromkeys(key for column in columns for key in column))
            rows = [[column.get(key) for column in columns] for key in keys]
            return list(enumerate(rows, 1)), list(whole)
    return [(1, whole)], None


def _check_lengths(columns: dict[str, list[Any]]) -> None:
    first = next(iter(columns))
    for name, column in columns.items():
        if len(column) != len(columns[first]):
            raise DatasetError(
                "shape_mismatch",
                first=first,
                first_rows=len(columns[first]),
                second=name,
                second_rows=len(column),
            )


def _lines(text: str, decoder: json.JSONDecoder, problems: list[DatasetError], watch: Watch) -> Found:
    found: Found = []
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = decoder.decode(line)
        except (json.JSONDecodeError, RecursionError) as error:
            problems.append(_bad_json(error, number))
            continue
        if isinstance(record, dict | list):
            found.append((number, record))
        else:
            problems.append(
                DatasetError(
                    "bad_json", line=number, column=1, reason=QT_TRANSLATE_NOOP("errors", "not a record")
                )
            )
        if number % CHUNK_ROWS == 0:
            watch.tick()
    return found


def _elements(text: str, start: int, decoder: json.JSONDecoder, watch: Watch) -> Found:
    """Take the elements of one big list one by one, so that each keeps its line."""
    found: Found = []
    place, line, counted = start + 1, 1 + text.count("\n", 0, start), start
    while True:
        place = _after_space(text, place)
        if text[place : place + 1] == "]" and not found:
            break
        line, counted = line + text.count("\n", counted, place), place
        try:
            record, place = decoder.raw_decode(text, place)
        except (json.JSONDecodeError, RecursionError) as error:
            raise _bad_json(error, 1) from None
        found.append((line, record))
        place = _after_space(text, place)
        mark = text[place : place + 1]
        if mark == "]":
            break
        if mark != ",":
            raise _bad_json(json.JSONDecodeError("Expecting ',' or ']'", text, place), 1)
        place += 1
        if len(found) % CHUNK_ROWS == 0:
            watch.tick(0.5 * place / len(text))
    rest = _after_space(text, place + 1)
    if rest != len(text):
        raise _bad_json(json.JSONDecodeError("Extra data", text, rest), 1)
    return found


def _after_space(text: str, place: int) -> int:
    while text[place : place + 1] in (" ", "\t", "\n", "\r"):
        place += 1
    return place


def _bad_json(error: Exception, first_line: int) -> DatasetError:
    if isinstance(error, json.JSONDecodeError):
        line = first_line + error.lineno - 1
        return DatasetError("bad_json", line=line, column=error.colno, reason=error.msg)
    return DatasetError(
        "bad_json", line=first_line, column=1, reason=QT_TRANSLATE_NOOP("errors", "nested too deeply")
    )


def _integer(digits: str) -> float:
    # Python refuses to read whole numbers of thousands of digits; as a float such a number is infinite.
    return int(digits) if len(digits) < 300 else float(digits)


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return float(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
