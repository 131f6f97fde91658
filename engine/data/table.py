"""A table between file and data set: columns of numbers or of codes, built up chunk by chunk.

A reader gives either a whole `Table` (formats made of arrays) or `Records` (formats made of lines),
which `build_table` turns into one, so that what a column is gets decided in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from engine.arrays import AnyArray, BoolArray, FloatArray, IntArray
from engine.data.cells import MAX_BAD_SHARE, MISSING_TOKENS, Cell, NumberFormat, as_text
from engine.data.data_warning import DataWarning
from engine.data.options import MAX_TABLE_BYTES, ReadOptions, Watch
from engine.data.source import size_text
from engine.errors import QT_TRANSLATE_NOOP, DatasetError

Codes = npt.NDArray[np.int32]

MAX_LEVELS = 20_000
"""Distinct texts kept of one column; with more it is free text, whatever the rest holds."""


class Chunk(NamedTuple):
    """Some records: the physical line of each, its cells, and the records that could not be read."""

    lines: list[int]
    rows: list[list[Cell]]
    problems: list[DatasetError]


@dataclass
class Records:
    """A table that can be read record by record, and again.

    Parameters
    ----------
    width : int
        Cells of a record.
    chunks : callable
        Starts reading anew.
    names : sequence of str or None
        None when the file names no columns; an empty name is no name.
    header_line : int
    numbers : NumberFormat
    types : list
        For each column what the file declares: ``number``, ``category``, the tuple of its levels,
        or None to find out.
    settings : dict
        The options as they were found.
    sheets : tuple of str
    """

    width: int
    chunks: Callable[[], Iterator[Chunk]]
    names: Sequence[str] | None = None
    header_line: int = 1
    numbers: NumberFormat = field(default_factory=NumberFormat)
    types: list[Literal["number", "category"] | tuple[str, ...] | None] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()


@dataclass(eq=False)
class RawColumn:
    """One column as read: numbers, or codes of texts.

    Parameters
    ----------
    name : str
    parts : list of arrays
        Numbers, NaN where missing, or codes into `levels`, -1 where missing and -2 for a text beyond
        those kept.
    levels : list of str or None
        None for numbers.
    infinite : list of int
        Rows whose infinite number was taken as missing.
    bad : list of (int, str)
        Rows, and text there, that are no number in a column of numbers.
    declared : bool
        Whether the file or the person says the type, so that it is not to be guessed.
    in_order : bool
        Whether the order of `levels` is meant.
    """

    name: str
    parts: list[AnyArray]
    levels: list[str] | None = None
    infinite: list[int] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)
    declared: bool = False
    in_order: bool = False

    @property
    def values(self) -> AnyArray:
        """All parts as one array: numbers, or codes."""
        return self.parts[0] if len(self.parts) == 1 else np.concatenate(self.parts)

    def missing(self) -> BoolArray:
        """Which cells hold nothing; an infinite number is not nothing."""
        values = self.values
        gaps: BoolArray = np.isnan(values) if self.levels is None else values == -1
        gaps[self.infinite] = False
        gaps[[row for row, _ in self.bad]] = False
        return gaps

    @classmethod
    def of_numbers(cls, name: str, values: AnyArray, declared: bool = False) -> RawColumn:
        """Make a column of an array of numbers."""
        column = cls(name, [values], declared=declared)
        if values.dtype.kind == "f" and np.isinf(values).any():
            column.infinite = np.flatnonzero(np.isinf(values)).tolist()
            column.parts = [np.where(np.isinf(values), np.nan, values)]
        return column

    @classmethod
    def of_texts(cls, name: str, texts: Sequence[str | None]) -> RawColumn:
        """Make a column of texts; None and missing tokens are missing."""
        builder = _Texts(NumberFormat())
        builder.add(["" if text is None else text for text in texts], 0)
        return builder.column(name)


@dataclass(eq=False)
class Table:
    """A whole table, or its first rows.

    Parameters
    ----------
    columns : list of RawColumn
    lines : (n,) int64
        The physical line of each row, or its number from 1 where there are no lines.
    settings : dict
        The options as they were found.
    targets : tuple of int
        Columns that the format itself calls targets, by index; empty if it does not say.
    image_shape : (int, int) or None
    warnings : list of DataWarning
    sheets : tuple of str
    complete : bool
        Whether these are all rows.
    problems : list of DatasetError
        Records that could not be read.
    """

    columns: list[RawColumn]
    lines: IntArray
    settings: dict[str, Any] = field(default_factory=dict)
    targets: tuple[int, ...] = ()
    image_shape: tuple[int, int] | None = None
    warnings: list[DataWarning] = field(default_factory=list)
    sheets: tuple[str, ...] = ()
    complete: bool = True
    problems: list[DatasetError] = field(default_factory=list)


def check_size(rows: int, columns: int, what: str) -> None:
    """Refuse a table that would not fit in memory, before any of it is taken."""
    needed = rows * columns * 8
    if needed > MAX_TABLE_BYTES:
        raise DatasetError("too_large", what=what, size=size_text(needed), limit=size_text(MAX_TABLE_BYTES))


def build_table(records: Records, options: ReadOptions, watch: Watch, limit: int | None = None) -> Table:
    """Read records into columns.

    Parameters
    ----------
    records : Records
    options : ReadOptions
    watch : Watch
    limit : int or None
        Rows that are enough.

    Raises
    ------
    DatasetError
        The first record that cannot be read, unless these are skipped or `limit` is set; ``too_large``.
    """
    names, warnings = unique_names(records)
    forced = _forced_types(records, names, options)
    presumed: dict[int, Literal["number", "text"]] = {}
    tolerant = options.skip_bad_rows or limit is not None
    while True:
        builder = _Builder(records, forced, presumed)
        complete = True
        try:
            for chunk in records.chunks():
                problems = builder.add(chunk)
                if problems and not tolerant:
                    raise problems[0]
                check_size(builder.rows, records.width, QT_TRANSLATE_NOOP("errors", "The table"))
                if limit is not None and builder.rows >= limit:
                    complete = False
                    break
        except DatasetError as error:
            # A person who looks at the file wants to see what comes before the place where reading ends.
            if limit is None or error.line is None:
                raise
            builder.problems.append(error)
        wrong = {} if presumed else builder.misjudged()
        if not wrong:
            break
        # Rare: the first rows looked like numbers and the rest does not, or the other way round.
        presumed = wrong
    table = builder.table(names)
    table.settings, table.warnings, table.sheets = dict(records.settings), warnings, records.sheets
    table.complete = complete
    return table


def unique_names(records: Records) -> tuple[list[str], list[DataWarning]]:
    """Give every column a name of its own, and warn of those that had none."""
    given = [name.strip() for name in records.names or [""] * records.width]
    names: list[str] = []
    repeated: list[int] = []
    for place, name in enumerate(given):
        unique = name or f"x{place + 1}"
        number = 2
        while unique in names or (unique != name and unique in given):
            unique = f"{name or f'x{place + 1}'}_{number}"
            number += 1
        if name and unique != name:
            repeated.append(place)
        names.append(unique)
    warnings = []
    if records.names is not None:
        empty = [place for place, name in enumerate(given) if not name]
        if repeated:
            warnings.append(
                _header_warning("duplicate_header", repeated, names, records.header_line, given[repeated[0]])
            )
        if empty:
            warnings.append(_header_warning("empty_header", empty, names, records.header_line, ""))
    return names, warnings


def _header_warning(kind: str, places: list[int], names: list[str], line: int, name: str) -> DataWarning:
    columns = [names[place] for place in places]
    return DataWarning(
        kind,
        {
            "line": line,
            "column": places[0] + 1,
            "columns": columns,
            "columns_index": [place + 1 for place in places],
            "name": name,
            "names": ", ".join(columns),
        },
    )


def _forced_types(
    records: Records, names: list[str], options: ReadOptions
) -> list[Literal["number", "category"] | tuple[str, ...] | None]:
    forced = list(records.types) or [None] * records.width
    for key, chosen in options.types.items():
        place = find_column(key, names)
        if not (chosen == "category" and isinstance(forced[place], tuple)):
            forced[place] = chosen
    return forced


def find_column(key: str | int, names: Sequence[str]) -> int:
    """Give the index, from 0, of a column named by its name or its place from 1."""
    if isinstance(key, int) and not isinstance(key, bool) and 1 <= key <= len(names):
        return key - 1
    if isinstance(key, str) and key in names:
        return list(names).index(key)
    allowed = ", ".join(names[:30]) + (" …" if len(names) > 30 else "")
    raise DatasetError("unknown_column", value=key, allowed=allowed)


class _Numbers:
    """Gathers a column presumed to hold numbers."""

    def __init__(self, numbers: NumberFormat) -> None:
        self._format = numbers
        self._parts: list[FloatArray] = []
        self._infinite: list[int] = []
        self._bad: list[tuple[int, str]] = []
        self.filled = 0

    def add(self, cells: Sequence[Cell], start: int) -> None:
        values, bad = self._format.parse_column(cells)
        self.filled += len(cells) - int(np.isnan(values).sum()) + len(bad)
        self._bad.extend((start + place, as_text(cells[place])) for place in bad)
        infinite = np.flatnonzero(np.isinf(values))
        if infinite.size:
            self._infinite.extend((start + infinite).tolist())
            values[infinite] = np.nan
        self._parts.append(values)

    @property
    def bad_count(self) -> int:
        return len(self._bad)

    def column(self, name: str) -> RawColumn:
        return RawColumn(name, list(self._parts), None, self._infinite, self._bad)


class _Texts:
    """Gathers a column presumed to hold texts, as codes."""

    def __init__(self, numbers: NumberFormat) -> None:
        self._format = numbers
        self._parts: list[Codes] = []
        self._levels: dict[str, int] = {}
        self._known: dict[Cell, int] = {}
        self._bad_levels: list[bool] = []
        self.filled = 0
        self.bad_count = 0

    def add(self, cells: Sequence[Cell], start: int) -> None:
        known, look_up = self._known, self._look_up
        codes = np.array([known[c] if c in known else look_up(c) for c in cells], dtype=np.int32)
        self.filled += int((codes >= 0).sum())
        if self._bad_levels:
            self.bad_count += int(np.array(self._bad_levels)[codes[codes >= 0]].sum())
        self._parts.append(codes)

    def _look_up(self, cell: Cell) -> int:
        text = as_text(cell)
        if text in MISSING_TOKENS:
            code = -1
        elif text in self._levels:
            code = self._levels[text]
        elif len(self._levels) < MAX_LEVELS:
            code = self._levels[text] = len(self._levels)
            self._bad_levels.append(self._format.parse(cell) is None)
        else:
            self.filled += 1
            self.bad_count += self._format.parse(cell) is None
            return -2
        if len(self._known) < 2 * MAX_LEVELS:
            self._known[cell] = code
        return code

    def column(self, name: str) -> RawColumn:
        return RawColumn(name, list(self._parts), list(self._levels))


class _Builder:
    """Gathers all columns, presuming of each what its first rows look like."""

    def __init__(
        self,
        records: Records,
        forced: list[Literal["number", "category"] | tuple[str, ...] | None],
        presumed: dict[int, Literal["number", "text"]],
    ) -> None:
        self._records = records
        self._forced = forced
        self._presumed = presumed
        self._gatherers: list[_Numbers | _Texts] = []
        self._lines: list[IntArray] = []
        self.problems: list[DatasetError] = []
        self.rows = 0

    def add(self, chunk: Chunk) -> list[DatasetError]:
        """Take a chunk; return what is wrong with records that are left out."""
        width = self._records.width
        lines, rows, problems = chunk
        if any(len(row) != width for row in rows):
            kept = []
            for line, row in zip(lines, rows, strict=True):
                if len(row) == width:
                    kept.append((line, row))
                elif not str(row[0]).startswith("#"):
                    problems.append(DatasetError("ragged_row", line=line, expected=width, found=len(row)))
            lines, rows = [line for line, _ in kept], [row for _, row in kept]
            problems.sort(key=lambda problem: problem.line or 0)
        columns: list[Sequence[Cell]] = list(zip(*rows, strict=True)) if rows else [()] * width
        if rows and not self._gatherers:
            self._gatherers = [self._gatherer(place, cells) for place, cells in enumerate(columns)]
        for gatherer, cells in zip(self._gatherers, columns, strict=False):
            gatherer.add(cells, self.rows)
        if rows:
            self._lines.append(np.array(lines, dtype=np.int64))
            self.rows += len(rows)
        self.problems.extend(problems)
        return problems

    def _gatherer(self, place: int, cells: Sequence[Cell]) -> _Numbers | _Texts:
        numbers = self._records.numbers
        forced, presumed = self._forced[place], self._presumed.get(place)
        if forced is not None:
            return _Numbers(numbers) if forced == "number" else _Texts(numbers)
        if presumed is not None:
            return _Numbers(numbers) if presumed == "number" else _Texts(numbers)
        trial = _Numbers(numbers)
        trial.add(cells, 0)
        return _Numbers(numbers) if _mostly_numbers(trial) else _Texts(numbers)

    def misjudged(self) -> dict[int, Literal["number", "text"]]:
        """Columns that all rows together show to be the other type, with that type."""
        verdicts: dict[int, Literal["number", "text"]] = {}
        wrong = False
        for place, gatherer in enumerate(self._gatherers):
            if self._forced[place] is None:
                verdicts[place] = "number" if _mostly_numbers(gatherer) else "text"
                wrong |= (verdicts[place] == "number") != isinstance(gatherer, _Numbers)
        return verdicts if wrong else {}

    def table(self, names: list[str]) -> Table:
        """Everything gathered; undeclared values of a declared category are problems."""
        gatherers = self._gatherers or [self._gatherer(place, ()) for place in range(len(names))]
        columns = [gatherer.column(name) for gatherer, name in zip(gatherers, names, strict=True)]
        for column, forced in zip(columns, self._forced, strict=True):
            column.parts = column.parts or [np.empty(0, np.float64 if column.levels is None else np.int32)]
            column.declared = forced is not None
            if isinstance(forced, tuple):
                _order_levels(column, forced)
        lines = np.concatenate(self._lines) if self._lines else np.empty(0, dtype=np.int64)
        return Table(columns, lines, problems=self.problems)


def _mostly_numbers(gatherer: _Numbers | _Texts) -> bool:
    """Whether so few cells are unreadable that they are mistakes; so it is in an empty column."""
    return gatherer.bad_count <= MAX_BAD_SHARE * gatherer.filled


def _order_levels(column: RawColumn, declared: tuple[str, ...]) -> None:
    """Number the levels as the file declares them."""
    assert column.levels is not None
    index = {level: place for place, level in enumerate(declared)}
    new_codes = np.array([index.get(level, -1) for level in column.levels] + [-1], dtype=np.int32)
    column.parts = [np.where(part == -2, -2, new_codes[part]) for part in column.parts]
    column.levels = list(declared)
    column.in_order = True
