"""ARFF, Weka's and OpenML's format: declared columns, then comma-separated rows, dense or sparse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from engine.data.cells import Cell, NumberFormat
from engine.data.encoding import decoding_error, find_encoding, open_text
from engine.data.options import CHUNK_ROWS, ReadOptions, Watch
from engine.data.source import Source
from engine.data.table import Chunk, Records
from engine.errors import DatasetError

_ATTRIBUTE = re.compile(
    r"""@attribute\s+('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s{]+)\s*(\{.*|\S.*)""", re.IGNORECASE | re.DOTALL
)
_VALUE = re.compile(r"""\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^,'"]*?|[^,]*?)\s*(,|$)""")

Declared = Literal["number", "category"] | tuple[str, ...] | None


def read(source: Source, options: ReadOptions, watch: Watch, limit: int | None) -> Records:
    """Read the declarations and prepare to read the rows.

    Raises
    ------
    DatasetError
        ``bad_header``, ``no_rows``; while reading ``undeclared_value``, ``bad_number``, ``ragged_row``.
    """
    encoding = find_encoding(source, options.encoding, watch)
    names: list[str] = []
    types: list[Declared] = []
    with open_text(source, encoding)[0] as lines:
        start = 0
        try:
            for number, line in enumerate(lines, 1):
                text = line.strip("\ufeff \t\r\n")
                if text[:5].lower() == "@data":
                    start = number
                    break
                if text[:10].lower() == "@attribute":
                    name, declared = _declaration(text, number)
                    names.append(name)
                    types.append(declared)
        except UnicodeError:
            raise decoding_error(source, encoding, watch) from None
    if not names:
        raise DatasetError("bad_header", line=max(1, start), text="@data" if start else "@relation")
    if not start:
        raise DatasetError("no_rows")
    rows = _Rows(source, encoding, start, names, types, watch)
    return Records(
        len(names), rows.chunks, names, start, NumberFormat(), types, settings={"encoding": encoding}
    )


def _declaration(text: str, line: int) -> tuple[str, Declared]:
    match = _ATTRIBUTE.fullmatch(text)
    if match is None:
        raise DatasetError("bad_header", line=line, text=text[:80])
    name, kind = _unquoted(match[1]), match[2].strip()
    if kind.startswith("{"):
        if not kind.endswith("}"):
            raise DatasetError("bad_header", line=line, text=text[:80])
        return name, tuple(dict.fromkeys(_split(kind[1:-1])))
    word = kind.split()[0].lower()
    if word in ("numeric", "real", "integer"):
        return name, "number"
    if word in ("string", "date"):
        return name, None
    raise DatasetError("bad_header", line=line, text=text[:80])


class _Rows:
    """The rows below ``@data``."""

    def __init__(
        self, source: Source, encoding: str, start: int, names: list[str], types: list[Declared], watch: Watch
    ) -> None:
        self._source = source
        self._encoding = encoding
        self._start = start
        self._names = names
        self._types = types
        self._numbers = NumberFormat()
        self._allowed = [
            (place, frozenset(declared))
            for place, declared in enumerate(types)
            if isinstance(declared, tuple)
        ]
        self._watch = watch

    def chunks(self) -> Iterator[Chunk]:
        chunk = Chunk([], [], [])
        text, stream = open_text(self._source, self._encoding)
        with text as lines:
            try:
                for number, line in enumerate(lines, 1):
                    if number <= self._start or not line.strip() or line.lstrip().startswith("%"):
                        continue
                    row = self._cells(line.strip())
                    problem = self._undeclared(row, number)
                    if problem is not None:
                        chunk.problems.append(problem)
                    else:
                        chunk.lines.append(number)
                        chunk.rows.append(row)
                    if len(chunk.rows) == CHUNK_ROWS:
                        yield chunk
                        chunk = Chunk([], [], [])
                        self._watch.tick(self._source.share_read(stream))
            except UnicodeError:
                raise decoding_error(self._source, self._encoding, self._watch) from None
        yield chunk

    def _cells(self, line: str) -> list[Cell]:
        if line.startswith("{") and line.endswith("}"):
            return self._sparse(line[1:-1])
        return list(_split(line))

    def _sparse(self, content: str) -> list[Cell]:
        """A row that lists only what is not 0, or not the first of the declared values."""
        row: list[Cell] = [
            declared[0] if isinstance(declared, tuple) and declared else "0" for declared in self._types
        ]
        for part in _split(content, keep_quotes=True):
            place, _, value = part.partition(" ")
            if not place.isdecimal() or int(place) >= len(row):
                return [part]  # of the wrong length, so that the row is refused as ragged
            row[int(place)] = _unquoted(value.strip())
        return row

    def _undeclared(self, row: list[Cell], line: int) -> DatasetError | None:
        if len(row) != len(self._names):
            return None
        for place, allowed in self._allowed:
            text = row[place]
            if text not in allowed and text not in ("?", ""):
                name = self._names[place]
                return DatasetError("undeclared_value", line=line, column=place + 1, name=name, text=text)
        return None


def _split(text: str, keep_quotes: bool = False) -> list[str]:
    """Split at commas outside quotation marks."""
    if "'" not in text and '"' not in text:
        return [part.strip() for part in text.split(",")]
    parts: list[str] = []
    for match in _VALUE.finditer(text):
        if match.start() == len(text) and parts and match[2] != ",":
            break
        parts.append(match[1] if keep_quotes else _unquoted(match[1]))
        if match[2] != ",":
            break
    return parts


def _unquoted(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"":
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text
