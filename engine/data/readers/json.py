"""JSON and JSON Lines: records as objects or lists, or columns as lists."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from engine.data.cells import Cell, as_text
from engine.data.dataset import Role
from engine.data.encoding import decoding_error, find_encoding
from engine.data.frame import has_header
from engine.data.options import CHUNK_ROWS, ReadOptions, Watch
from engine.data.readers.arrays import INPUT_NAMES, TARGET_NAMES
from engine.data.source import Source
from engine.data.table import Chunk, Records, check_width
from engine.errors import QT_TRANSLATE_NOOP, DatasetError

_WRAPPERS = ("data", "records", "rows", "items", "results", "instances")

_FEATURE_NAMES = ("feature_names", "columns", "features")
_CLASS_NAMES = ("target_names", "class_names", "classes")
_DEEPEST = 4
_LONGEST = 4_096

Found = list[tuple[int, Any]]
"""Records with their physical lines."""


def read(source: Source, options: ReadOptions, watch: Watch, limit: int | None) -> Records:
    """Read all records; names are the keys in the order of their first appearance.

    Raises
    ------
    DatasetError
        ``bad_json`` with line, ``no_rows``, ``unsupported_format``, ``too_many_columns``.
    """
    found_encoding = find_encoding(source, options.encoding, watch)
    encoding = found_encoding.name
    try:
        text = source.read_all(watch).decode(encoding).removeprefix("\ufeff")
    except UnicodeError:
        raise decoding_error(source, encoding, watch) from None
    problems: list[DatasetError] = []
    if not text.strip():
        raise DatasetError("empty_file")
    targets: set[str] = set()
    vectors: set[str] = set()
    found, names = _parse(text, source.suffix, problems, targets, watch)
    if not found and not problems:
        raise DatasetError("no_rows")
    header_line = 1
    settings: dict[str, Any] = {"encoding": encoding}
    if any(not isinstance(record, dict | list) for _, record in found):
        what = QT_TRANSLATE_NOOP("errors", "A JSON file that is not a list of records")
        raise DatasetError(
            "unsupported_format", what=what, supported="[{...}, ...], [[...], ...], {...} per line"
        )
    check_width(max((len(record) for _, record in found[:CHUNK_ROWS]), default=0))
    if names is None and all(isinstance(record, dict) for _, record in found):
        found = [(line, _flat(record, vectors)) for line, record in found]
        names = list(dict.fromkeys(key for _, record in found for key in record))
        found = [(line, [record.get(name) for name in names]) for line, record in found]
    else:
        found = [(line, list(r.values()) if isinstance(r, dict) else r) for line, r in found]
        if names is None:
            found = [(line, _flat_list(record)) for line, record in found]
    rows = [(line, [_cell(value) for value in record]) for line, record in found]
    if names is None and rows:
        head = [[as_text(cell) for cell in row] for _, row in rows[:500]]
        header = options.header if options.header is not None else has_header(head)
        settings["header"] = header
        if header:
            names, header_line, rows = head[0], rows[0][0], rows[1:]
    width = len(names) if names is not None else len(rows[0][1]) if rows else 0

    def chunks() -> Iterator[Chunk]:
        for start in range(0, max(1, len(rows)), CHUNK_ROWS):
            part = rows[start : start + CHUNK_ROWS]
            yield Chunk([line for line, _ in part], [row for _, row in part], [] if start else list(problems))
            watch.tick(0.5 + 0.5 * start / max(1, len(rows)))

    return Records(
        width,
        chunks,
        names,
        header_line,
        commas_split=True,
        roles=_roles(names or (), targets, vectors),
        settings=settings,
        warnings=list(found_encoding.warnings),
        guesses=list(found_encoding.guesses),
    )


def _roles(names: Sequence[str], targets: set[str], vectors: set[str]) -> dict[int, Role]:
    """What the file says of the columns: those called targets, and parts of vectors, which are inputs."""
    known: dict[str, Role] = {**dict.fromkeys(vectors, "feature"), **dict.fromkeys(targets, "target")}
    return {place: known[name] for place, name in enumerate(names) if name in known}


def _flat(record: dict[str, Any], vectors: set[str], before: str = "", depth: int = 0) -> dict[str, Any]:
    """One value a key: nested objects by a point in the name, lists of numbers by a number behind it."""
    flat: dict[str, Any] = {}
    for key, value in record.items():
        name = f"{before}{key}"
        if isinstance(value, dict) and value and depth < _DEEPEST:
            flat |= _flat(value, vectors, f"{name}.", depth + 1)
        elif (
            isinstance(value, list) and 0 < len(value) <= _LONGEST and (cells := _numbers(value)) is not None
        ):
            parts = {f"{name}{place}": cell for place, cell in enumerate(cells, 1)}
            vectors.update(parts)
            flat |= parts
        else:
            flat[name] = value
    return flat


def _flat_list(record: list[Any]) -> list[Any]:
    """A record without names whose inputs are a list of their own, such as [[1, 2], "a"]."""
    if not any(isinstance(value, list) for value in record):
        return record
    flat: list[Any] = []
    for value in record:
        cells = _numbers(value) if isinstance(value, list) else None
        flat += [value] if cells is None else cells
    return flat


def _numbers(values: list[Any]) -> list[Any] | None:
    """The numbers of a list, of lists of lists too; None if there is anything else."""
    flat: list[Any] = []
    for value in values:
        inner = _numbers(value) if isinstance(value, list) else [value]
        if inner is None or any(isinstance(cell, str | dict | list) for cell in inner):
            return None
        flat += inner
    return flat


def _parse(
    text: str, suffix: str, problems: list[DatasetError], targets: set[str], watch: Watch
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
    return _of_object(whole, targets)


def _of_object(whole: Any, targets: set[str]) -> tuple[Found, list[str] | None]:
    if isinstance(whole, dict):
        parted = _of_inputs_and_targets(whole, targets)
        if parted is not None:
            return parted
        names = whole.get("columns")
        for key in _WRAPPERS:
            if isinstance(whole.get(key), list):
                named = isinstance(names, list) and all(isinstance(name, str) for name in names)
                return list(enumerate(whole[key], 1)), names if named else None
        lists = [value for value in whole.values() if isinstance(value, list)]
        if lists and len(lists) == len(whole):
            _check_lengths(whole)
            records = [dict(zip(whole, cells, strict=True)) for cells in zip(*lists, strict=True)]
            return list(enumerate(records, 1)), None
        columns = [value for value in whole.values() if isinstance(value, dict)]
        if len(whole) == 1 and columns and all(isinstance(value, list) for value in columns[0].values()):
            return _of_object(columns[0], targets)
        rows = [value for value in lists if value and all(isinstance(record, dict) for record in value)]
        if len(rows) == 1:
            return list(enumerate(rows[0], 1)), None  # the records among what is told of them
        if columns and len(columns) == len(whole) and _are_rows(whole):
            return list(enumerate(columns, 1)), None
        if columns and len(columns) == len(whole):
            keys = list(dict.fromkeys(key for column in columns for key in column))
            cells = [[column.get(key) for column in columns] for key in keys]
            return list(enumerate(cells, 1)), list(whole)
    return [(1, whole)], None


def _are_rows(whole: dict[str, Any]) -> bool:
    """Whether an object of objects holds one for each row, rather than one for each column."""
    inner = list(dict.fromkeys(key for value in whole.values() for key in value))
    outer_counts, inner_counts = (all(key.isdecimal() for key in keys) for keys in (whole, inner))
    return outer_counts if outer_counts != inner_counts else len(whole) > len(inner)


def _of_inputs_and_targets(whole: dict[str, Any], targets: set[str]) -> tuple[Found, list[str] | None] | None:
    """The rows of {"X": [[1, 2], …], "y": [0, …]}, with names where there are some."""
    by_name = {key.casefold(): value for key, value in whole.items()}
    x_name = next((name for name in INPUT_NAMES if _is_matrix(by_name.get(name))), None)
    y_name = next((name for name in TARGET_NAMES if isinstance(by_name.get(name), list)), None)
    if x_name is None or y_name is None:
        return None
    x, y = by_name[x_name], by_name[y_name]
    if len(x) != len(y):
        raise DatasetError(
            "shape_mismatch", first=x_name, first_rows=len(x), second=y_name, second_rows=len(y)
        )
    given = next((by_name[name] for name in _FEATURE_NAMES if name != x_name and name in by_name), None)
    names = given if isinstance(given, list) and len(given) == len(x[0]) else None
    classes = next((by_name[name] for name in _CLASS_NAMES if isinstance(by_name.get(name), list)), None)
    if all(isinstance(label, list) and len(label) > 1 and sorted(label)[-2:] == [0, 1] for label in y):
        y = [label.index(1) for label in y if sum(label) == 1] if all(sum(label) == 1 for label in y) else y
    found: Found = []
    for line, (cells, label) in enumerate(zip(x, y, strict=True), 1):
        if isinstance(classes, list) and isinstance(label, int) and 0 <= label < len(classes):
            label = classes[label]
        flat = _numbers(cells) if any(isinstance(cell, list) for cell in cells) else cells
        keys = map(str, names) if names else (f"x{place}" for place in range(1, len(flat or cells) + 1))
        record = dict(zip(keys, flat or cells, strict=True))
        labels = label if isinstance(label, list) else [label]
        outputs = (
            [y_name] if len(labels) == 1 else [f"{y_name}{place}" for place in range(1, len(labels) + 1)]
        )
        targets.update(outputs)
        found.append((line, record | dict(zip(outputs, labels, strict=True))))
    return found, None


def _is_matrix(value: Any) -> bool:
    return isinstance(value, list) and len(value) > 0 and all(isinstance(row, list) and row for row in value)


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
