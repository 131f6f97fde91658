"""LIBSVM / SVMlight: a label, then index:value pairs; what is not listed is 0."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from engine.data.dataset import default_names
from engine.data.encoding import decoding_error, find_encoding, open_text
from engine.data.numerals import NumberFormat
from engine.data.options import CHUNK_ROWS, ReadOptions, Watch
from engine.data.source import Source
from engine.data.table import RawColumn, Table, check_size, check_width
from engine.errors import QT_TRANSLATE_NOOP, DatasetError

_NUMBERS = NumberFormat()


def read(source: Source, options: ReadOptions, watch: Watch, limit: int | None) -> Table:
    """Read all rows; indices count from 1, or from 0 when a 0 occurs.

    Raises
    ------
    DatasetError
        ``bad_number``, ``bad_index_order``, ``no_rows``, ``need_features``, ``too_large`` or
        ``too_many_columns``.
    """
    found_encoding = find_encoding(source, options.encoding, watch)
    encoding = found_encoding.name
    labels: list[float] = []
    lines: list[int] = []
    rows: list[int] = []
    places: list[int] = []
    values: list[float] = []
    problems: list[DatasetError] = []
    complete = True
    for number, text in _lines(source, encoding, watch):
        row = _row(text, number)
        if isinstance(row, DatasetError):
            if not options.skip_bad_rows and limit is None:
                raise row
            problems.append(row)
            continue
        label, pairs = row
        rows += [len(labels)] * len(pairs)
        places += [place for place, _ in pairs]
        values += [value for _, value in pairs]
        labels.append(label)
        lines.append(number)
        if len(labels) == limit:
            complete = False
            break
    if not labels:
        raise problems[0] if problems else DatasetError("no_rows")
    if not places:
        raise DatasetError("need_features", found=QT_TRANSLATE_NOOP("errors", "labels"))
    base = 0 if min(places) == 0 else 1
    width = max(places) + 1 - base
    check_width(width)
    check_size(len(labels), width, QT_TRANSLATE_NOOP("errors", "The table"))
    inputs = np.zeros((len(labels), width))
    inputs[rows, np.array(places) - base] = values
    columns = [
        RawColumn.of_numbers(name, inputs[:, place], declared=True)
        for place, name in enumerate(default_names("x", width))
    ]
    columns.append(RawColumn.of_numbers("label", np.array(labels), declared=True))
    return Table(
        columns,
        np.array(lines, dtype=np.int64),
        settings={"encoding": encoding},
        roles={width: "target"},
        complete=complete,
        problems=problems,
    )


def _lines(source: Source, encoding: str, watch: Watch) -> Iterator[tuple[int, str]]:
    text, stream = open_text(source, encoding)
    with text:
        try:
            for number, line in enumerate(text, 1):
                content = line.split("#", 1)[0].strip("\ufeff \t\r\n")
                if content:
                    yield number, content
                if number % CHUNK_ROWS == 0:
                    watch.tick(source.share_read(stream))
        except UnicodeError:
            raise decoding_error(source, encoding, watch) from None


def _row(text: str, line: int) -> tuple[float, list[tuple[int, float]]] | DatasetError:
    label_text, *pairs = text.split()
    label = _NUMBERS.parse(label_text)
    if label is None or not math.isfinite(label):
        return DatasetError("bad_number", line=line, column=1, name="label", text=label_text)
    found: list[tuple[int, float]] = []
    before = -1
    for column, pair in enumerate(pairs, 2):
        index, colon, value_text = pair.partition(":")
        if index == "qid" and not found:
            continue
        value = _NUMBERS.parse(value_text)
        if not (colon and index.isascii() and index.isdigit() and len(index) < 10) or value is None:
            return DatasetError("bad_number", line=line, column=column, name=f"x{index}", text=pair)
        if int(index) <= before:
            return DatasetError("bad_index_order", line=line, column=column, text=index)
        before = int(index)
        found.append((before, value))
    return label, found
