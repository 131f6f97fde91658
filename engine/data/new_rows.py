"""Rows for a network that is there already: columns found by name, encoded as its training rows were.

Nothing is guessed of the columns: what they are is known from the data set that the network was trained
on. What is not there is named, and a value that training had not is told and taken as missing.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.arrays import BoolArray, FloatArray, IntArray, seal
from engine.data.cells import as_text
from engine.data.columns import TARGET_NAMES
from engine.data.data_warning import DataWarning
from engine.data.dataset import Dataset, feature_columns, has_classes, one_hot
from engine.data.dates import DateFormat, date_parts, day_text, find_date_format, of_numbers
from engine.data.formats import read
from engine.data.load import Where, opened, telling
from engine.data.numerals import NumberFormat
from engine.data.options import CHUNK_ROWS, ReadOptions, Watch
from engine.data.table import RawColumn, Records, Table, build_table, unique_names
from engine.errors import DatasetError

SHOWN_NAMES = 20
_FEW = 1_000
"""Places that a warning lists; it counts all."""


@dataclass(frozen=True, eq=False)
class NewRows:
    """Rows encoded as a data set has them; arrays are read-only.

    Attributes
    ----------
    name : str
        Of the file; may be empty.
    inputs : (m, d)
        Encoded and unscaled like `Dataset.inputs`, NaN where a cell is missing or was never met.
    targets : (m, k) or None
        Like `Dataset.targets`, a row of NaN where its target is missing; None if the rows have none.
    lines : (m,) int64
        The physical line of each row, or its number from 1.
    columns : tuple of RawColumn
        The cells as they came, also those that the network does not take; empty for plain arrays.
    warnings : tuple of DataWarning
    """

    name: str
    inputs: FloatArray
    targets: FloatArray | None
    lines: IntArray
    columns: tuple[RawColumn, ...] = ()
    warnings: tuple[DataWarning, ...] = ()

    def __post_init__(self) -> None:
        seal(self)

    def __len__(self) -> int:
        return len(self.inputs)

    def with_targets(self, targets: npt.ArrayLike, outputs: int) -> NewRows:
        """The same rows with these targets, (m, k) or (m,).

        Raises
        ------
        DatasetError
            ``array_type``, ``shape_mismatch`` or ``array_shape``.
        """
        try:
            array = np.array(targets, dtype=np.float64)
        except (TypeError, ValueError):
            raise DatasetError("array_type", name="targets") from None
        array = array[:, None] if array.ndim == 1 else array
        if len(array) != len(self):
            raise DatasetError(
                "shape_mismatch",
                first="inputs",
                first_rows=len(self),
                second="targets",
                second_rows=len(array),
            )
        if array.ndim != 2 or array.shape[1] != outputs:
            raise DatasetError("array_shape", name="targets", shape=array.shape, expected=f"(m, {outputs})")
        return dataclasses.replace(self, targets=array)


def read_rows(
    where: Where,
    like: Dataset,
    *,
    options: ReadOptions | None = None,
    progress: Callable[[float], object] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> NewRows:
    """Read rows from a file, with or without targets.

    Parameters
    ----------
    where : path or bytes
    like : Dataset
        What the network was trained on.
    options : ReadOptions, optional
        How the file is to be read; where it says nothing, as the file of `like` was, or as it seems.
    progress, cancelled : callable, optional

    Raises
    ------
    DatasetError
        ``missing_columns``, ``bad_number`` with its place, and whatever keeps a file from being read.
    """
    watch = Watch(progress, cancelled)
    with telling(where):
        source = opened(where)
        chosen = _options(options or ReadOptions(), like)
        _, found = read(source, chosen, watch, None)
        if isinstance(found, Records):
            chosen = _with_marks(chosen, found, like)
            _, found = read(source, chosen, watch, None)
        if isinstance(found, Records):
            names, _ = unique_names(found)
            table = build_table(found, _with_types(chosen, names, like), watch)
        else:
            table = found
        if not len(table.lines):
            raise DatasetError("no_rows")
        return rows_of_table(table, like, source.stem, watch)


def has_columns(where: Where, like: Dataset) -> bool:
    """Whether a file names all the columns that the network takes; only its head is looked at.

    Raises
    ------
    DatasetError
        Whatever keeps the file from being read.
    """
    with telling(where):
        _, found = read(opened(where), _options(ReadOptions(), like), Watch(), CHUNK_ROWS)
        if isinstance(found, Records):
            names = [] if found.names is None else unique_names(found)[0]
        else:
            names = [column.name for column in found.columns]
        return all(_place(column, names) is not None for column, _ in feature_columns(like))


def rows_of(given: Any, like: Dataset) -> NewRows:
    """Take rows from memory.

    Parameters
    ----------
    given : (m, d) array, sequence of mappings, or data frame
        An array as `Dataset.inputs`; mappings from column to cell; anything with ``columns`` whose items
        are columns, as pandas and polars have it.
    like : Dataset

    Raises
    ------
    DatasetError
        ``array_shape``, ``array_type``, ``missing_columns``, ``bad_number``.
    """
    if hasattr(given, "columns") and hasattr(given, "__getitem__"):
        names = [str(name) for name in given.columns]
        columns = [list(given[name]) for name in given.columns]
        return _rows_of_columns(names, columns, like)
    if isinstance(given, Sequence) and given and isinstance(given[0], Mapping):
        names = list(dict.fromkeys(str(name) for row in given for name in row))
        return _rows_of_columns(names, [[row.get(name) for row in given] for name in names], like)
    width = like.inputs.shape[1]
    try:
        inputs = np.array(given, dtype=np.float64, order="C")
    except (TypeError, ValueError):
        raise DatasetError("array_type", name="rows") from None
    if inputs.ndim == 1 and len(inputs) == width:
        inputs = inputs[None]
    if inputs.ndim != 2 or inputs.shape[1] != width:
        raise DatasetError("array_shape", name="rows", shape=inputs.shape, expected=f"(m, {width})")
    inputs[np.isinf(inputs)] = np.nan
    return NewRows("", inputs, None, np.arange(1, len(inputs) + 1))


def rows_of_table(table: Table, like: Dataset, name: str, watch: Watch | None = None) -> NewRows:
    """Encode a table as the rows of `like` are."""
    names = [column.name for column in table.columns]
    wanted = feature_columns(like)
    places = {column: _place(column, names) for column, _ in wanted}
    target_places = _target_places(names, like, table, {at for at in places.values() if at is not None})
    absent = [column for column, at in places.items() if at is None]
    known = {column.name for column in like.columns} | {*like.split_columns}
    used = {*places.values(), *(target_places or ())}
    extra = [column for at, column in enumerate(names) if at not in used and column not in known]
    if absent:
        raise DatasetError(
            "missing_columns", names=_listed(absent), found=_listed(names), others=_listed(extra)
        )
    warnings = list(table.warnings)
    if extra:
        warnings.append(DataWarning("extra_columns", {"names": _listed(extra), "columns": extra}))
    kinds = {column.name: column.type for column in like.columns}
    day_first = None if like.recipe is None else like.recipe.options.get("day_first")
    gather = _Gathering(table.lines, day_first)
    inputs = np.empty((len(table.lines), like.inputs.shape[1]))
    start = 0
    for column, levels in wanted:
        if watch is not None:
            watch.tick()
        at = places[column]
        assert at is not None
        width = 1 if levels is None else len(levels)
        raw = table.columns[at]
        kind = kinds.get(column)
        if kind == "date_parts":
            inputs[:, start : start + width] = date_parts(gather.dates(raw, at))
        elif kind == "date":
            inputs[:, start] = gather.dates(raw, at)
        elif levels is None:
            inputs[:, start] = gather.numbers(raw, at)
        else:
            inputs[:, start : start + width] = one_hot(gather.codes(raw, at, levels, "unknown_level"), width)
        start += width
    targets = None
    if target_places is not None:
        targets = _targets([(table.columns[at], at) for at in target_places], like, gather)
    return NewRows(
        name, inputs, targets, table.lines, tuple(table.columns), (*warnings, *gather.warnings(targets))
    )


def cell_texts(column: RawColumn) -> list[str]:
    """The cells of a column as a person would write them, empty where one is missing."""
    values = column.values
    if column.is_date:
        return [day_text(value) for value in values.tolist()]
    if column.levels is None:
        return ["" if value != value else as_text(float(value)) for value in values.tolist()]
    return [column.levels[code] if code >= 0 else "" for code in values.tolist()]


def joined(data: Dataset, rows: NewRows) -> Dataset:
    """A data set with further rows behind its own; those without a target are left out.

    It lies in no file, as a whole. What is held out by a column of the data trains on the new rows.

    Raises
    ------
    DatasetError
        ``need_target`` if no row has one.
    """
    known = np.zeros(len(rows), bool) if rows.targets is None else ~np.isnan(rows.targets).any(axis=1)
    if rows.targets is None or not known.any():
        raise DatasetError("need_target", expected=", ".join(data.target_names))
    added = np.zeros(int(known.sum()), dtype=np.bool_)
    return dataclasses.replace(
        data,
        inputs=np.concatenate([data.inputs, rows.inputs[known]]),
        targets=np.concatenate([data.targets, rows.targets[known]]),
        warnings=rows.warnings,
        row_lines=None,
        split_columns={name: np.concatenate([mask, added]) for name, mask in data.split_columns.items()},
        recipe=None,
    )


# -- options ---------------------------------------------------------------------------------------


def _options(given: ReadOptions, like: Dataset) -> ReadOptions:
    """What is known of the file beforehand: whether files of this kind name their columns."""
    recipe = like.recipe
    header = None if recipe is None else recipe.options.get("header")
    kept = {} if recipe is None else recipe.options
    return dataclasses.replace(
        given,
        target=None,
        roles={},
        types={},
        header=header if given.header is None and isinstance(header, bool) else given.header,
        missing=given.missing or tuple(kept.get("missing") or ()),
        day_first=kept.get("day_first") if given.day_first is None else given.day_first,
    )


def _with_marks(options: ReadOptions, found: Records, like: Dataset) -> ReadOptions:
    """The number marks of the file that the network was trained on, if this one is laid out alike."""
    recipe = like.recipe
    if recipe is None or options.decimal is not None or options.thousands is not None:
        return options
    if found.settings.get("delimiter") != recipe.options.get("delimiter"):
        return options
    decimal, thousands = (recipe.options.get(name) for name in ("decimal", "thousands"))
    return dataclasses.replace(options, decimal=decimal, thousands=thousands)


def _with_types(options: ReadOptions, names: Sequence[str], like: Dataset) -> ReadOptions:
    """The types that the columns have for the network, so that none is guessed."""
    types: dict[str | int, Any] = {}
    kinds = {column.name: column.type for column in like.columns}
    for column, levels in feature_columns(like):
        at = _place(column, names)
        if at is not None:
            kind = "number" if levels is None else "category"
            types[names[at]] = kinds[column] if kinds.get(column) in ("date", "date_parts") else kind
    return dataclasses.replace(options, types=types)


# -- columns ---------------------------------------------------------------------------------------


def _place(column: str, names: Sequence[str]) -> int | None:
    """Where a column is: of just this name, or else of one that differs in blanks and case alone."""
    if column in names:
        return list(names).index(column)
    plain = [at for at, name in enumerate(names) if name.strip().casefold() == column.strip().casefold()]
    return plain[0] if len(plain) == 1 else None


def _target_places(
    names: Sequence[str], like: Dataset, table: Table, taken: set[int]
) -> tuple[int, ...] | None:
    """The columns of the targets, if all are there."""
    wanted = [column.name for column in like.columns if column.role == "target"]
    if not wanted and not has_classes(like.kind):
        wanted = list(like.target_names)
    places = [_place(column, names) for column in wanted]
    if wanted and None not in places:
        return tuple(at for at in places if at is not None)
    if not like.columns and has_classes(like.kind):
        if len(table.targets) == 1:
            return table.targets
        found = [_place(name, names) for name in TARGET_NAMES]
        free = [at for at in found if at is not None and at not in taken]
        return (free[0],) if free else None
    return None


def _targets(columns: Sequence[tuple[RawColumn, int]], like: Dataset, gather: _Gathering) -> FloatArray:
    """Targets as the data set has them, rows of NaN where one is missing."""
    if not like.class_names:
        found = np.column_stack([gather.numbers(raw, at, strict=False) for raw, at in columns])
        found[np.isnan(found).any(axis=1)] = np.nan
        return found
    raw, at = columns[0]
    codes = gather.codes(raw, at, like.class_names, "unknown_class")
    if like.kind == "binary":
        return np.where(codes < 0, np.nan, codes)[:, None]
    return one_hot(codes, len(like.class_names))


class _Gathering:
    """Takes cells out of columns, and notes what is to be told of them."""

    def __init__(self, lines: IntArray, day_first: bool | None) -> None:
        self._lines, self._day_first = lines, day_first
        self._cells: dict[str, list[tuple[int, int]]] = {}
        self._counts: dict[str, int] = {}
        self._unknown: dict[str, dict[str, Any]] = {}

    def numbers(self, raw: RawColumn, at: int, *, strict: bool = True) -> FloatArray:
        """A column of numbers; what is none is an error, or missing unless `strict`."""
        if raw.levels is None:
            values = raw.values.astype(np.float64)
            bad = raw.bad
        else:
            numbers = NumberFormat()
            by_level = [numbers.parse(level) for level in raw.levels]
            known = np.array([np.nan if x is None else x for x in by_level] + [np.nan] * 2)
            values = known[raw.values]
            wrong = np.array([x is None for x in by_level] + [True, False])[raw.values]
            bad = [(int(row), raw.levels[raw.values[row]]) for row in np.flatnonzero(wrong)[:1]]
        if bad and strict:
            row, text = bad[0]
            line = int(self._lines[row])
            raise DatasetError("bad_number", line=line, column=at + 1, name=raw.name, text=text)
        if raw.infinite:
            self._note("non_finite", np.array(raw.infinite), at)
        if strict:
            gaps = np.isnan(values)
            gaps[raw.infinite] = False
            self._note("missing_values", np.flatnonzero(gaps), at)
        return values

    def dates(self, raw: RawColumn, at: int) -> FloatArray:
        """A column of dates as days; what is none is an error."""
        if raw.levels is None:
            values = self.numbers(raw, at)
            counted = None if raw.is_date else of_numbers(values)
            return values if counted is None else counted
        digits = NumberFormat().parse_quickly(raw.levels)
        if digits is not None and (counted := of_numbers(digits)) is not None:
            self._note("missing_values", np.flatnonzero(raw.values == -1), at)
            return np.append(counted, [np.nan] * 2)[raw.values]
        written = find_date_format(Counter(raw.levels), self._day_first) or DateFormat(bool(self._day_first))
        by_level = [written.parse(level) for level in raw.levels]
        known = np.array([np.nan if x is None else x for x in by_level] + [np.nan] * 2)
        wrong = np.flatnonzero(np.array([x is None for x in by_level] + [True, False])[raw.values])
        if wrong.size:
            line, text = int(self._lines[wrong[0]]), raw.levels[raw.values[wrong[0]]]
            raise DatasetError("bad_number", line=line, column=at + 1, name=raw.name, text=text)
        self._note("missing_values", np.flatnonzero(raw.values == -1), at)
        days: FloatArray = known[raw.values]
        return days

    def codes(self, raw: RawColumn, at: int, levels: Sequence[str], kind: str) -> IntArray:
        """The place of each cell's text among `levels`, -1 where it is missing or not among them."""
        index = {level: code for code, level in enumerate(levels)}
        if raw.levels is None:
            distinct, places = np.unique(raw.values, return_inverse=True)
            texts = [as_text(float(value)) for value in distinct.tolist()]
            missing: BoolArray = np.isnan(distinct)[places]
        else:
            texts, places = [*raw.levels, "…", ""], raw.values
            missing = places == -1
        by_text = np.array([_code(text, index) for text in texts], dtype=np.int64)
        codes: IntArray = np.where(missing, -1, by_text[places])
        unknown = np.flatnonzero((codes < 0) & ~missing)
        if len(unknown):
            text = texts[places[unknown[0]]]
            self._unknown.setdefault(kind, {"text": text, "name": raw.name})
            self._note(kind, unknown, at)
        if kind == "unknown_level":
            self._note("missing_values", np.flatnonzero(missing), at)
        return codes

    def _note(self, kind: str, rows: npt.NDArray[np.integer[Any]], at: int) -> None:
        if len(rows):
            self._counts[kind] = self._counts.get(kind, 0) + len(rows)
            self._cells.setdefault(kind, []).extend((int(self._lines[row]), at + 1) for row in rows[:_FEW])

    def warnings(self, targets: FloatArray | None) -> list[DataWarning]:
        """What was noted."""
        found = []
        for kind, cells in self._cells.items():
            cells = sorted(cells)[:_FEW]
            place = {"line": cells[0][0], "column": cells[0][1], "cells": cells}
            details = {"count": self._counts[kind], **place, **self._unknown.get(kind, {})}
            found.append(DataWarning(kind, details))
        if targets is not None and (gaps := np.flatnonzero(np.isnan(targets).any(axis=1))).size:
            lines = [int(line) for line in self._lines[gaps[:_FEW]]]
            found.append(
                DataWarning("rows_without_target", {"count": len(gaps), "line": lines[0], "lines": lines})
            )
        return found


def _code(text: str, index: Mapping[str, int]) -> int:
    """The code of a text; a class called 1 is also written 1.0."""
    if text in index:
        return index[text]
    try:
        return index.get(as_text(float(text)), -1)
    except ValueError:
        return -1


def _rows_of_columns(names: Sequence[str], columns: Iterable[Sequence[Any]], like: Dataset) -> NewRows:
    """Rows of columns of cells: numbers, texts, None where one is missing."""
    made = []
    for name, cells in zip(names, columns, strict=True):
        plain = [None if cell is None or cell != cell else cell for cell in cells]
        if all(cell is None or isinstance(cell, int | float | np.number | np.bool_) for cell in plain):
            values = np.array([np.nan if cell is None else float(cell) for cell in plain])
            made.append(RawColumn.of_numbers(name, values))
        else:
            made.append(RawColumn.of_texts(name, [None if cell is None else str(cell) for cell in plain]))
    count = len(made[0].values) if made else 0
    if not count:
        raise DatasetError("no_rows")
    return rows_of_table(Table(made, np.arange(1, count + 1)), like, "")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:SHOWN_NAMES]) + (f" … ({len(names)})" if len(names) > SHOWN_NAMES else "")
