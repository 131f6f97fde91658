"""ARFF, Weka's and OpenML's format: declared columns, then comma-separated rows, dense or sparse."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.data.cells import Cell
from engine.data.data_warning import DataWarning
from engine.data.encoding import decoding_error, find_encoding, open_text
from engine.data.options import CHUNK_ROWS, ReadOptions, Watch
from engine.data.source import Source
from engine.data.table import Chunk, Declared, Records, check_width
from engine.errors import DatasetError

_ATTRIBUTE = re.compile(
    r"""@attribute\s+('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s{]+)\s*(\{.*|\S.*)""", re.IGNORECASE | re.DOTALL
)
_VALUE = re.compile(r"""\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^,'"]*?|[^,]*?)\s*(,|$)""")

_REMARK = re.compile(r"""((?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^%'"])*)%.*""", re.DOTALL)
_WEIGHT = re.compile(r"(.*[,\s}])\s*\{\s*[\d.eE+-]+\s*\}")
_FIELD = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s,'"]+""")
_MOST_LINES = 2_000


def read(source: Source, options: ReadOptions, watch: Watch, limit: int | None) -> Records:
    """Read the declarations and prepare to read the rows.

    Raises
    ------
    DatasetError
        ``bad_header``, ``no_rows``; while reading ``undeclared_value``, ``bad_number``, ``ragged_row``.
    """
    found_encoding = find_encoding(source, options.encoding, watch)
    encoding = found_encoding.name
    names: list[str] = []
    types: list[Declared] = []
    with open_text(source, encoding)[0] as lines:
        start = since = 0
        pending = ""
        try:
            for number, line in enumerate(lines, 1):
                text = line.strip("\ufeff \t\r\n")
                if pending and text.startswith("@"):
                    raise DatasetError("bad_header", line=since, text=pending[:80])
                if text[:5].lower() == "@data":
                    start = number
                    break
                if pending or text[:10].lower() == "@attribute":
                    text = f"{pending} {text}".strip() if not text.startswith("%") else pending
                    if "{" in text and _without_remark(text).count("}") == 0 and number - since < _MOST_LINES:
                        since = since if pending else number
                        pending = text
                        continue  # a list of values that goes on
                    name, declared = _declaration(_without_remark(text), since if pending else number)
                    pending = ""
                    check_width(len(names) + 1)
                    names.append(name)
                    types.append(declared)
        except UnicodeError:
            raise decoding_error(source, encoding, watch) from None
    if not names:
        raise DatasetError("bad_header", line=max(1, start), text="@data" if start else "@relation")
    if not start:
        raise DatasetError("no_rows")
    warnings = list(found_encoding.warnings)
    rows = _Rows(source, encoding, start, names, types, watch, warnings)
    return Records(
        len(names),
        rows.chunks,
        names,
        start,
        plain=True,
        types=types,
        settings={"encoding": encoding},
        warnings=warnings,
        guesses=list(found_encoding.guesses),
    )


def _without_remark(text: str) -> str:
    """Cut off a remark behind a declaration or a row."""
    match = _REMARK.fullmatch(text) if "%" in text else None
    return match[1].strip() if match else text


def _declaration(text: str, line: int) -> tuple[str, Declared]:
    match = _ATTRIBUTE.fullmatch(text)
    if match is None:
        raise DatasetError("bad_header", line=line, text=text[:80])
    name, kind = _unquoted(match[1]), match[2].strip()
    if kind.startswith("{"):
        if not kind.endswith("}"):
            raise DatasetError("bad_header", line=line, text=text[:80])
        values = [value.strip() for value in _split(kind[1:-1])]
        if len(values) == 1 and " " in values[0] and "'" not in kind and '"' not in kind:
            values = values[0].split()
        return name, tuple(dict.fromkeys(value for value in values if value))
    word = re.split(r"[\s\[]", kind)[0].lower()
    if word in ("numeric", "real", "integer"):
        return name, "number"
    if word in ("string", "date"):
        return name, None
    raise DatasetError("bad_header", line=line, text=text[:80])


class _Rows:
    """The rows below ``@data``; what is noticed of them is added to `warnings`."""

    def __init__(
        self,
        source: Source,
        encoding: str,
        start: int,
        names: list[str],
        types: list[Declared],
        watch: Watch,
        warnings: list[DataWarning],
    ) -> None:
        self._source = source
        self._encoding = encoding
        self._start = start
        self._names = names
        self._types = types
        self._allowed = [
            (place, frozenset(declared))
            for place, declared in enumerate(types)
            if isinstance(declared, tuple)
        ]
        self._watch = watch
        self._warnings = warnings

    def chunks(self) -> Iterator[Chunk]:
        chunk = Chunk([], [], [])
        text, stream = open_text(self._source, self._encoding)
        with text as lines:
            try:
                for number, line in enumerate(lines, 1):
                    if number <= self._start or not line.strip() or line.lstrip().startswith("%"):
                        continue
                    row = self._cells(_without_remark(line.strip()), number)
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

    def _cells(self, line: str, number: int) -> list[Cell]:
        if line.endswith("}") and (weighted := _WEIGHT.fullmatch(line)):
            line = weighted[1].rstrip().removesuffix(",")
            if all(warning.kind != "weights_left_out" for warning in self._warnings):
                self._warnings.append(DataWarning("weights_left_out", {"line": number}))
        if line.startswith("{") and line.endswith("}"):
            return self._sparse(line[1:-1])
        parts = _split(line)
        if len(parts) == 1 < len(self._names) or "\t" in line:
            blank = [match[0] for match in _FIELD.finditer(line)]
            if len(blank) == len(self._names):
                parts = [_unquoted(cell) for cell in blank]
        return [part.strip() for part in parts]

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
