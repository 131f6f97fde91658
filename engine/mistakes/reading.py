"""Numbers as people have them: files of arrays, and text pasted from a notebook, a forum or MATLAB.

Nothing is unpickled or evaluated: numbers and names are looked for, and all else is passed over. A
number that is printed carries the precision of its digits (`Printed`), and an array that NumPy has
shortened is refused with its line.
"""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.arrays import AnyArray, FloatArray
from engine.errors import QT_TRANSLATE_NOOP, StepError
from engine.mistakes.numbers import MOST_NUMBERS, Printed

MOST_BYTES = 64 * 1024**2
OFTEN = 4096
"""Tokens after which it is asked whether to go on."""

DEFAULT_DIGITS = 8
"""NumPy prints that many decimals at most, and fewer only where there are no more."""

SURE_DOUBLE = 9
"""A number of type float32 is printed with at most so many significant digits."""

FULL = 15
"""From so many significant digits on a text holds the very numbers."""

FORMATS = "NPZ, NPY, JSON, CSV, text"


@dataclass(frozen=True, eq=False)
class Entry:
    """An array or number that was found.

    Attributes
    ----------
    name : str
        As it was written; "" where there was none.
    numbers : Printed
    line : int or None
        Of a text, from 1.
    """

    name: str
    numbers: Printed
    line: int | None = None


def read_numbers(
    where: str | os.PathLike[str], cancelled: Callable[[], bool] = lambda: False
) -> tuple[Entry, ...]:
    """Read the arrays of a file: NPZ, NPY, JSON, CSV, or text as `read_text` does; `cancelled` as there.

    Raises
    ------
    StepError
        With the place and what to do about it.
    """
    path = Path(where)
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise StepError("file_too_large", name=path.name, size=f"{size / 1e6:.0f} MB")
        content = path.read_bytes()
    except OSError as error:
        raise StepError("cannot_read", name=path.name, reason=error.strerror or str(error)) from None
    if content[:4] == b"PK\x03\x04" or content[:6] == b"\x93NUMPY":
        return _read_numpy(content, path.name)
    if path.suffix.lower() in (".pt", ".pth", ".pkl", ".pickle", ".joblib") or content[:1] == b"\x80":
        raise StepError("pickle", name=path.name)
    if path.suffix.lower() in (".mat", ".h5", ".hdf5", ".keras") or b"\0" in content[:4096]:
        raise StepError("format", name=path.name, supported=FORMATS)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise StepError("format", name=path.name, supported=FORMATS) from None
    return read_text(text, cancelled)


def read_text(text: str, cancelled: Callable[[], bool] = lambda: False) -> tuple[Entry, ...]:
    """Read the arrays of a text: JSON, CSV, or what Python, NumPy, PyTorch or MATLAB print.

    `cancelled` is asked now and then; once it is true it ends with an error.

    Raises
    ------
    StepError
        With the line and what to do about it.
    """
    if len(text) > MOST_BYTES:
        raise StepError("file_too_large", name="the text", size=f"{len(text) / 1e6:.0f} MB")
    text = text.replace("\r\n", "\n").replace("−", "-").replace("\u00a0", " ")
    plain = _from_json(text)
    if plain is None:
        plain = _from_table(text)
    found = _Text(text, cancelled).read() if plain is None else plain
    if not found:
        raise StepError("no_numbers")
    return _precise(found)


def read_typed(words: Sequence[Sequence[str]]) -> Printed:
    """Read what was typed into the cells of a matrix; an empty one is not known.

    Raises
    ------
    StepError
        ``not_a_number``, with the row as its line.
    """
    values = np.zeros((len(words), len(words[0])))
    half = np.full(values.shape, np.inf)
    for row, cells in enumerate(words):
        for column, cell in enumerate(cells):
            word = cell.strip().replace("−", "-")
            if not word:
                continue
            if not _NUMBER.fullmatch(word):
                raise StepError("not_a_number", line=row + 1, text=word[:40])
            values[row, column] = float(word)
            mantissa, exponent = _split(word)
            is_whole = "." not in mantissa and not exponent
            exact = is_whole or _significant(word) >= FULL
            half[row, column] = 0.0 if exact else 0.5 * 10.0 ** (exponent - len(mantissa.partition(".")[2]))
    return Printed(values, half)


# -- NumPy's files -------------------------------------------------------------------------------------


def _read_numpy(content: bytes, name: str) -> tuple[Entry, ...]:
    entries: list[Entry] = []
    try:
        if content[:4] == b"PK\x03\x04":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                size = sum(info.file_size for info in archive.infolist())
                if size > MOST_BYTES:
                    raise StepError("file_too_large", name=name, size=f"{size / 1e6:.0f} MB")
                if not any(info.filename.endswith(".npy") for info in archive.infolist()):
                    raise StepError(
                        "pickle" if "data.pkl" in str(archive.namelist()) else "format",
                        name=name,
                        supported=FORMATS,
                    )
        loaded = np.load(io.BytesIO(content), allow_pickle=False)
        arrays = {"": loaded} if isinstance(loaded, np.ndarray) else loaded
        for key in arrays:
            array = arrays[key]
            if array.dtype.kind in "US":
                continue  # words, such as the experiment of a test case
            entries += _arrays(key, _checked(array, key))
    except StepError:
        raise
    except ValueError as error:
        kind = "pickle" if "pickle" in str(error).lower() else "damaged"
        raise StepError(kind, name=name, reason=str(error)) from None
    except (OSError, EOFError, zipfile.BadZipFile, KeyError) as error:
        raise StepError("damaged", name=name, reason=str(error)) from None
    if not entries:
        raise StepError("no_numbers")
    return tuple(entries)


def _checked(array: AnyArray, name: str) -> AnyArray:
    if array.dtype.kind == "c":
        raise StepError("complex", name=name)
    if array.dtype.kind not in "biuf":
        raise StepError("not_numbers", name=name)
    if array.size > MOST_NUMBERS:
        raise StepError("too_many", name=name, count=array.size, limit=MOST_NUMBERS)
    return array


def _arrays(name: str, array: AnyArray) -> list[Entry]:
    """An array, or the arrays of its layers where it is a stack of them."""
    if array.ndim == 3:
        return [entry for i, part in enumerate(array) for entry in _arrays(f"{name}[{i}]", part)]
    values = array.astype(np.float64)
    return [Entry(name, Printed(values, np.zeros(values.shape), array.dtype.name))]


# -- texts: what is found before its precision is known --------------------------------------------------


@dataclass(frozen=True)
class _Found:
    """Numbers as they are written."""

    name: str
    words: Any  # nested lists of texts, or a text
    line: int
    style: str  # "numpy", "torch", "list", "matlab"
    single: bool = False


def _precise(found: Sequence[_Found]) -> tuple[Entry, ...]:
    """Turn words into numbers, with the precision that their digits and their neighbours' show."""
    digits = [max((_significant(w) for w in _words(item.words)), default=0) for item in found]
    # A lone number such as the loss is printed by other rules than arrays are
    longest = max(
        (own for item, own in zip(found, digits, strict=True) if not isinstance(item.words, str)),
        default=max(digits, default=0),
    )
    decimals = {
        style: max(
            (_decimals(w) for item in found if item.style == style for w in _words(item.words)), default=0
        )
        for style in ("numpy", "torch", "list", "matlab")
    }
    entries = []
    for item, own in zip(found, digits, strict=True):
        values = np.array(_floats(item.words), dtype=np.float64)
        if values.size > MOST_NUMBERS:
            raise StepError("too_many", name=item.name, count=values.size, limit=MOST_NUMBERS)
        exact = own >= FULL or (item.style == "list" and longest >= FULL)
        half = np.zeros(values.shape) if exact else _half(item, decimals)
        if exact:  # float32 as tolist() and item() write it, in the digits of a double
            single = own >= FULL and bool(np.array_equal(values, values.astype(np.float32)))
        else:
            single = longest <= SURE_DOUBLE and (item.single or own >= 7)
        entries.append(Entry(item.name, Printed(values, half, "float32" if single else "float64"), item.line))
    return tuple(entries)


def _words(nested: Any) -> Iterator[str]:
    if isinstance(nested, str):
        yield nested
    else:
        for part in nested:
            yield from _words(part)


def _floats(nested: Any) -> Any:
    return float(nested) if isinstance(nested, str) else [_floats(part) for part in nested]


def _split(word: str) -> tuple[str, int]:
    """Mantissa and exponent."""
    mantissa, _, exponent = word.lower().partition("e")
    return mantissa, int(exponent or 0)


def _decimals(word: str) -> int:
    mantissa, exponent = _split(word)
    return 0 if exponent else len(mantissa.partition(".")[2])


def _significant(word: str) -> int:
    return len(_split(word)[0].lstrip("+-0.").replace(".", ""))


def _half(item: _Found, decimals: dict[str, int]) -> FloatArray:
    """Half a unit of the last digit of each number."""
    words = list(_words(item.words))
    shape = np.shape(_floats(item.words))
    if all("." not in word and "e" not in word.lower() for word in words):
        return np.zeros(shape)  # whole numbers
    mantissas = [len(_split(word)[0].partition(".")[2]) for word in words]
    most = max(mantissas)
    if item.style == "numpy":
        # Where NumPy shows fewer decimals than elsewhere, there are no more
        most = max(most, decimals["numpy"])
        if most < 2:
            most = DEFAULT_DIGITS
    elif item.style == "torch":
        most = max(most, 4)
    elif most < 2 and not any(float(word) for word in words):
        return np.zeros(shape)  # 0.0, as a program writes an exact zero
    whole = ["." not in word and "e" not in word.lower() for word in words]
    units = [
        0.0 if exact else 0.5 * 10.0 ** (_split(word)[1] - most)
        for word, exact in zip(words, whole, strict=True)
    ]
    return np.array(units).reshape(shape)


# -- JSON -------------------------------------------------------------------------------------------------


class _Word(str):
    """A number of a JSON text, as it is written there."""


def _word(text: str) -> _Word:
    """A number; a function of Python's own, so that other threads get their turn between two."""
    return _Word(text)


def _from_json(text: str) -> list[_Found] | None:
    """The arrays of a JSON text; None if it is none."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        plain = json.loads(text, parse_float=_word, parse_int=_word, parse_constant=_word)
    except json.JSONDecodeError as error:
        looks = re.match(r"\s*\{\s*\"[^\"\n]*\"\s*:", text)
        if looks and "array(" not in text and "tensor(" not in text:
            raise StepError("bad_json", line=error.lineno, reason=error.msg) from None
        return None
    except RecursionError:
        raise StepError(
            "bad_json", line=1, reason=QT_TRANSLATE_NOOP("errors", "it is nested too deep")
        ) from None
    return [replace(item, line=_line_of(text, item.name)) for item in _from_plain("", plain)]


def _line_of(text: str, name: str) -> int:
    """The line of the last key of a path."""
    key = re.sub(r"\[\d+\]", "", name).rpartition(".")[2]
    return text.count("\n", 0, max(0, text.find(f'"{key}"'))) + 1


def _from_plain(name: str, plain: Any) -> list[_Found]:
    if isinstance(plain, dict):
        return [
            item for key, value in plain.items() for item in _from_plain(f"{name}.{key}".strip("."), value)
        ]
    if isinstance(plain, _Word):
        return [_Found(name, str(plain), 1, "list")]
    if isinstance(plain, bool) or plain is None or isinstance(plain, str):
        return []
    if isinstance(plain, list):
        if plain and all(isinstance(part, dict) for part in plain):
            return [item for i, part in enumerate(plain) for item in _from_plain(f"{name}[{i}]", part)]
        return _nested(name, plain, 1, "list")
    return []


def _depth(nested: Any) -> int:
    return 1 + max((_depth(part) for part in nested), default=0) if isinstance(nested, list) else 0


def _nested(name: str, nested: Any, line: int, style: str, single: bool = False) -> list[_Found]:
    """A matrix, or the matrices of a list of them; ragged rows are refused."""
    depth = _depth(nested)
    if depth > 2 or (depth == 2 and _is_list_of_layers(name, nested)):
        return [
            item
            for i, part in enumerate(nested)
            for item in _nested(f"{name}[{i}]", part, line, style, single)
        ]
    rows = nested if depth == 2 else [nested] if depth == 1 else []
    lengths = {len(row) if isinstance(row, list) else -1 for row in rows}
    if len(lengths) > 1:
        raise StepError("ragged_at", name=name or "array", line=line, lengths=_lengths(rows))
    for word in _words(nested):
        if not _NUMBER.fullmatch(word):
            kind = "complex_at" if _COMPLEX.fullmatch(word) else "not_a_number"
            raise StepError(kind, line=line, text=word[:40])
    return [_Found(name, nested, line, style, single)] if (rows and lengths != {0}) or not rows else []


def _lengths(rows: Sequence[Any]) -> str:
    return ", ".join(str(len(row) if isinstance(row, list) else 1) for row in rows[:6])


def _is_list_of_layers(name: str, nested: Any) -> bool:
    """Whether a list of lists is one vector a layer: by its plural, where the lengths are not one."""
    plural = re.search(r"(biases|intercepts_?|db?s|grads?_b)$", name) is not None
    lengths = {len(part) if isinstance(part, list) else -1 for part in nested}
    return plural and -1 not in lengths and (len(lengths) > 1 or name.endswith(("biases", "intercepts_")))


# -- tables ---------------------------------------------------------------------------------------------


def _from_table(text: str) -> list[_Found] | None:
    """The arrays of a table with a number a row: name, row, column, value; None if it is no such table."""
    lines = text.strip().split("\n")
    header = [cell.strip().strip('"').lower() for cell in lines[0].split(",")]
    if "value" not in header or not {"name", "kind"} & set(header):
        return None
    arrays: dict[str, dict[tuple[int, ...], str]] = {}
    first: dict[str, int] = {}
    for number, line in enumerate(lines[1:], 2):
        cells = dict(zip(header, (cell.strip().strip('"') for cell in line.split(",")), strict=False))
        if not line.strip():
            continue
        if "kind" in cells:  # the parameters as this program writes them
            name = ("W" if cells["kind"] == "weight" else "b") + cells.get("layer", "")
            place = [cells.get("from", ""), cells.get("to", "")]
            base = 1
        else:
            name, place = cells.get("name", ""), [cells.get("row", ""), cells.get("column", "")]
            base = 0
        word = cells.get("value", "")
        if not _NUMBER.fullmatch(word) or not all(p == "" or p.isdecimal() for p in place):
            raise StepError("not_a_number", line=number, text=line[:40])
        arrays.setdefault(name, {})[tuple(int(p) - base for p in place if p != "")] = word
        first.setdefault(name, number)
    found = []
    for name, numbers in arrays.items():
        ranks = {len(place) for place in numbers}
        shape = [max(place[axis] for place in numbers) + 1 for axis in range(min(ranks))]
        if len(ranks) > 1 or int(np.prod(shape)) != len(numbers):
            raise StepError("ragged_at", name=name, line=first[name], lengths=str(len(numbers)))
        words = np.array([numbers[place] for place in np.ndindex(*shape)], dtype=object).reshape(shape)
        found.append(_Found(name, words.tolist(), first[name], "list"))
    return found


# -- what programs print ----------------------------------------------------------------------------------

_DIGITS = r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_SPECIAL = r"(?:nan|NaN|NAN|[iI]nf(?:inity)?)"
_PART = r"""(?:\.[^\W\d]\w*|\.\d+(?=\.[^\W\d])|\[(?:'[^'\n]*'|"[^"\n]*"|\d+)\])"""
_MARK = r"(?:\s?\^?\((?:\d+|after|before|new|old|updated|initial)\)|\+(?=\s*[=:]))"

_NUMBER = re.compile(rf"[+-]?(?:{_DIGITS}|{_SPECIAL})")
_COMPLEX = re.compile(rf"\(?[+-]?(?:{_DIGITS})?(?:[+-]?{_DIGITS})?[ij]\)?")
_WRAPPER = re.compile(
    r"\b(?:(?:np|numpy|torch|jnp)\.)?"
    r"(?:array|asarray|matrix|tensor|Tensor|Parameter|float16|float32|float64|int32|int64)\s*\("
)
_WRAPPED = ("array", "matrix", "ensor", "Parameter", "float", "int", "=<", "dtype", "grad", "device", "size")
"""Words without which there is nothing to unwrap."""

_OPTION = re.compile(
    r",?\s*\b(?:dtype|requires_grad|device|grad_fn|size|names)\s*=\s*"
    r"(?:<[^>\n]*>|'[^'\n]*'|[\w.]+(?:\([^)\n]*\))?)"
)
_TOKEN = re.compile(
    rf"""
    (?P<dots>\.\.\.|…)
  | (?P<complex>[+-]?{_DIGITS}(?:\s?[+-]\s?{_DIGITS})?[ij]\b)
  | (?P<number>[+-]?(?:{_DIGITS}|{_SPECIAL}\b)(?!\w))
  | (?P<name>(?:'[^'\n]+'|"[^"\n]+")(?=\s*:) | (?:[^\W\d]|[∂∇])[\w∂∇/]*'?{_PART}*'?{_MARK}?)
  | (?P<sign>[\[\](){{}},;=:*])
  | (?P<line>\n)
  | (?P<space>[^\S\n]+)
  | (?P<other>.)
    """,
    re.VERBOSE,
)


_TIMES = {"after", "before", "new", "old", "updated", "initial", "gradient", "grad"}
"""Words that belong to the name beside them."""

_FILLERS = {"the", "of", "step", "is", "values", "value", "matrix", "vector", "with", "and"}


class _Text:
    """A reader of what was printed or typed: names, and the numbers after them."""

    def __init__(self, text: str, cancelled: Callable[[], bool]) -> None:
        self.single = re.search(r"float32", text) is not None
        self.torch = "tensor" in text and re.search(r"\btensor\s*\(", text) is not None
        # As NumPy prints it; np.array( is what people write
        self.numpy = re.search(r"(?<![.\w])array\s*\(", text) is not None
        self.commas = self.semicolons = False

        def blank(match: re.Match[str]) -> str:
            return "\n" * match[0].count("\n") + " "

        def opened(match: re.Match[str]) -> str:
            return "\n" * match[0].count("\n") + "("

        text = text.replace("Parameter containing:", "")
        if any(word in text for word in _WRAPPED):
            # Piece by piece, so that other threads get their turn in a long text
            text = "]".join(
                _OPTION.sub(blank, _WRAPPER.sub(opened, piece)) if "(" in piece or "=" in piece else piece
                for piece in text.split("]")
            )
        self.tokens: list[tuple[str, str, int]] = []
        line = 1
        for match in _TOKEN.finditer(text):
            kind = match.lastgroup or ""
            if kind != "space":
                self.tokens.append((kind, match[0], line))
            line += match[0].count("\n")
            if not len(self.tokens) % OFTEN and cancelled():
                raise StepError("cancelled")
        self.place = 0

    def peek(self, ahead: int = 0) -> tuple[str, str, int]:
        index = self.place + ahead
        return self.tokens[index] if index < len(self.tokens) else ("end", "", self._last_line())

    def _last_line(self) -> int:
        return self.tokens[-1][2] if self.tokens else 1

    def read(self) -> list[_Found]:
        """Everything that is a number or an array, with the name before it."""
        found: list[_Found] = []
        name, named_at = "", -1
        while self.place < len(self.tokens):
            kind, text, line = self.peek()
            if kind == "dots":
                raise StepError("ellipsis", line=line)
            if kind == "complex":
                raise StepError("complex_at", line=line, text=text)
            if kind == "name":
                text = text.strip("'\" ")
                if text.lower() in _FILLERS:
                    self.place += 1
                    continue
                joined = line == named_at and name and {name.lower(), text.lower()} & _TIMES
                name, named_at = f"{name}_{text}" if joined else text, line
                self.place += 1
            elif kind == "number" or text in ("[", "("):
                if text == "(" and not self._holds_numbers():
                    self.place += 1
                    continue
                start = self.place
                words, style = self._value()
                if words is None:
                    self.place = start + 1
                    continue
                near = name if line - named_at <= 2 else ""
                found += _nested(near, words, line, style, self.single)
                name = ""
            else:
                self.place += 1
        return found

    def _holds_numbers(self) -> bool:
        """Whether a parenthesis opens a number or an array."""
        ahead = 1
        while self.peek(ahead)[1] in ("(", "\n"):
            ahead += 1
        return self.peek(ahead)[0] == "number" or self.peek(ahead)[1] == "["

    def _value(self) -> tuple[Any, str]:
        """A number, a bracketed array, or the lines of a matrix; and how it is written."""
        depth = 0
        while self.peek()[1] == "(":
            depth += 1
            self.place += 1
            while self.peek()[0] == "line":
                self.place += 1
        if self.peek()[1] == "[":
            self.commas = self.semicolons = False
            words = self._bracket()
            style = "list" if self.commas else "matlab" if self.semicolons else "numpy"
            style = "torch" if self.torch and depth else "numpy" if self.numpy and depth else style
            for _ in range(depth):
                while self.peek()[0] == "line" and self.peek(1)[1] == ")":
                    self.place += 1
                if self.peek()[1] == ")":
                    self.place += 1
            return words, style
        words, style = self._lines()
        if depth and self.peek()[1] == ")":
            self.place += depth
        return words, style

    def _bracket(self) -> Any:
        """What stands in brackets; rows may be divided by semicolons, or by lines."""
        opened = self.peek()[2]
        self.place += 1
        rows: list[Any] = []
        row: list[Any] = []
        while True:
            kind, text, line = self.peek()
            if kind == "end":
                raise StepError("unclosed", line=opened, text="[")
            if kind == "dots":
                raise StepError("ellipsis", line=line)
            if kind == "complex":
                raise StepError("complex_at", line=line, text=text)
            if kind == "number":
                row.append(text)
            elif text == "[":
                row.append(self._bracket())
                continue
            elif text == "]":
                self.place += 1
                break
            elif text == ";":
                self.semicolons = True
                rows.append(row)
                row = []
            elif text == ",":
                self.commas = True
            elif text in ("(", ")") or kind == "line":
                pass  # np.float64(0.5) in a list, and lines as they are broken
            else:
                raise StepError("not_a_number", line=line, text=text)
            self.place += 1
        if not rows:
            return row
        return [*rows, row] if row else rows

    def _lines(self) -> tuple[Any, str]:
        """Numbers without brackets: one, or the rows of a matrix, a line each."""
        rows: list[list[str]] = [[]]
        factor = ""
        while True:
            kind, text, _ = self.peek()
            if kind == "number":
                rows[-1].append(text)
            elif text == "*" and rows == [[rows[0][0]]] and self.peek(1)[0] == "line":
                factor = rows.pop()[0]  # MATLAB's common factor above a matrix
                rows.append([])
                while self.peek(1)[0] == "line":
                    self.place += 1
            elif kind == "dots":
                raise StepError("ellipsis", line=self.peek()[2])
            elif text == "," and self.peek(1)[0] == "number":
                pass
            elif kind == "line" and self.peek(1)[0] == "number" and rows[-1]:
                rows.append([])
            else:
                break
            self.place += 1
        if factor:
            exponent = factor.lower().partition("e")[2] or str(int(np.log10(float(factor) or 1.0)))
            rows = [[f"{word}e{int(exponent)}" if "." in word else word for word in row] for row in rows]
        if len(rows) == 1 and len(rows[0]) == 1:
            return rows[0][0], "list"
        return (rows if len(rows) > 1 else rows[0]), "matlab"
