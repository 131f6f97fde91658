"""The data set that training meets: encoded, unscaled, read-only, with where it came from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from types import MappingProxyType
from typing import Any, Literal, cast

import numpy as np
import numpy.typing as npt

from engine.arrays import AnyArray, BoolArray, FloatArray, IntArray, seal, sealed
from engine.data.data_warning import DataWarning
from engine.errors import QT_TRANSLATE_NOOP, DatasetError

Kind = Literal["regression", "binary", "multiclass", "multilabel"]
Role = Literal["feature", "target", "skip"]
ColumnType = Literal["number", "category", "text", "date", "date_parts", "id", "empty"]

MOST_INTEGER_CLASSES = 20
"""Distinct whole numbers that are taken for classes where nobody tells what targets are."""

DATE_PARTS = ("year", "month", "weekday")

KINDS: tuple[Kind, ...] = ("regression", "binary", "multiclass", "multilabel")


def has_classes(kind: str) -> bool:
    """Whether each row is of one class, and its targets are neither numbers nor several labels."""
    return kind in ("binary", "multiclass")


@dataclass(frozen=True)
class Column:
    """One column of the file, as it was understood.

    Parameters
    ----------
    name : str
        Unique within the table.
    index : int
        Place in the file, from 1.
    role : {"feature", "target", "skip"}
    type : {"number", "category", "text", "date", "date_parts", "id", "empty"}
        A date is the number of days since 1970; its parts are year, month and weekday.
    missing : int
        Cells without a value.
    levels : tuple of str
        The distinct values of a category, in the order of their inputs or classes.
    low, high : float or None
        Range of a number column.
    """

    name: str
    index: int
    role: Role
    type: ColumnType
    missing: int = 0
    levels: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None

    @property
    def input_names(self) -> tuple[str, ...]:
        """What its inputs are called, when it is a feature."""
        if self.type == "category":
            return tuple(f"{self.name}={level}" for level in self.levels)
        if self.type == "date_parts":
            return tuple(f"{self.name} {part}" for part in DATE_PARTS)
        return (self.name,)


@dataclass(frozen=True)
class Recipe:
    """How a file was read, so that it can be read again and predictions decoded.

    Parameters
    ----------
    path : str
        Empty for pasted text.
    sha256 : str
        Of the file's bytes as they lie on the disk.
    format : str
        ``csv``, ``excel``, ``json``, …
    options : mapping
        Every option of `load_dataset` with the value that was used, sniffed or given; plain values
        only, so that it can be written to a file.
    compression : str
        ``gzip``, or empty.
    """

    path: str
    sha256: str
    format: str
    options: Mapping[str, Any] = field(default_factory=dict)
    compression: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Rows to learn from; arrays are read-only.

    Parameters
    ----------
    name : str
    inputs : (n, d) float64
        Encoded (categories one-hot) and unscaled; NaN where a feature is missing, never infinite.
    targets : (n, k) float64
        Never NaN. Multiclass is one-hot; binary is one column of 0 and 1, multilabel a column of them for
        each label, of which a row may have several or none.
    kind : {"regression", "binary", "multiclass", "multilabel"}
    feature_names : tuple of str
        d names; an input of a category is called ``column=level``.
    target_names : tuple of str
        k names of outputs: the classes, the positive class, the labels, or the target columns.
    class_names : tuple of str
        Two for binary (the second is coded 1), k for multiclass, empty for the others.
    warnings : tuple of DataWarning
    source : str
        Where a built-in set comes from, and its licence.
    image_shape : (int, int) or None
        Rows and columns when the inputs form a picture.
    groups : tuple of str
        For each input the column it comes from; equal neighbours are the one-hot inputs of a category.
    columns : tuple of Column
        All columns of the file; empty when there was none.
    row_lines : (n,) int64 or None
        The physical line of each row.
    split_columns : mapping of str to (n,) bool
        Columns that say which rows are held out for validation (True); see `own_split`.
    recipe : Recipe or None
    """

    name: str
    inputs: FloatArray
    targets: FloatArray
    kind: Kind
    feature_names: tuple[str, ...]
    target_names: tuple[str, ...]
    class_names: tuple[str, ...] = ()
    warnings: tuple[DataWarning, ...] = ()
    source: str = ""
    image_shape: tuple[int, int] | None = None
    groups: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    row_lines: IntArray | None = None
    split_columns: Mapping[str, BoolArray] = field(default_factory=dict)
    recipe: Recipe | None = None

    def __repr__(self) -> str:
        rows, features = self.inputs.shape
        what = ", ".join(self.class_names[:8] or self.target_names[:8])
        more = ", …" if max(len(self.class_names), len(self.target_names)) > 8 else ""
        return f"Dataset({self.name!r}, {rows} rows, {features} features, {self.kind}: {what}{more})"

    @property
    def own_split(self) -> str:
        """The one of `split_columns` that the file has for nothing else; empty if there is none."""
        return own_split(self.warnings, self.split_columns)

    def __deepcopy__(self, _: dict[int, Any]) -> Dataset:
        return self  # nothing in it can change

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "split_columns": dict(self.split_columns)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            object.__setattr__(self, name, value)
        self.__post_init__()

    def __post_init__(self) -> None:
        seal(self)
        split_columns = {name: sealed(marks) for name, marks in self.split_columns.items()}
        object.__setattr__(self, "split_columns", MappingProxyType(split_columns))
        if not self.groups:
            object.__setattr__(self, "groups", self.feature_names)

    @classmethod
    def from_arrays(
        cls,
        inputs: npt.ArrayLike,
        targets: npt.ArrayLike,
        kind: Kind | None = None,
        *,
        name: str = "data",
        feature_names: Sequence[str] | None = None,
        target_names: Sequence[str] | None = None,
        class_names: Sequence[str] | None = None,
    ) -> Dataset:
        """Make a data set from arrays, which are copied; nothing is split or scaled.

        Parameters
        ----------
        inputs : (n, d)
            NaN means missing; an infinite cell becomes missing, with a warning. A table with named columns,
            as pandas' and polars' are, gives the features their names.
        targets : (n,), (n, 1) or (n, k)
            For ``regression`` numbers; for ``binary`` 0 and 1, for ``multilabel`` too, in a column for
            each label; for ``multiclass`` one-hot rows (n, k), or one label a row: any labels, or indices
            into `class_names` when these are given. For ``binary`` two labels of any kind may stand for
            0 and 1, in the order of classes.
        kind : {"regression", "binary", "multiclass", "multilabel"}, optional
            If it is not told, names are classes, and so are whole numbers of few kinds, which is a warning;
            all else is numbers to regress on.
        name : str
        feature_names, target_names, class_names : sequence of str, optional
            Default to x1, x2, …, to y or the classes, and to the labels.

        Raises
        ------
        DatasetError
            ``unknown_kind``, ``no_rows``, ``need_features``, ``shape_mismatch``, ``array_shape``,
            ``array_type``, ``target_not_finite``, ``bad_labels`` or ``name_count``.
        """
        if kind is not None and kind not in KINDS:
            raise DatasetError("unknown_kind", value=kind, allowed=", ".join(KINDS))
        if feature_names is None and (columns := getattr(inputs, "columns", None)) is not None:
            feature_names = [str(column) for column in columns]
        if target_names is None and kind in (None, "regression") and getattr(targets, "name", None):
            target_names = [str(targets.name)]  # type: ignore[union-attr]
        x, warnings = _rows_of(inputs)
        labels = np.asarray(targets)
        if labels.ndim == 2 and labels.shape[1] == 1:
            labels = labels[:, 0]
        if labels.ndim not in (1, 2) or (labels.ndim == 2 and (kind == "binary" or labels.shape[1] == 0)):
            expected = "(n, 1)" if kind == "binary" else "(n, k)"
            raise DatasetError("array_shape", name="targets", shape=labels.shape, expected=expected)
        if labels.shape[0] != x.shape[0]:
            raise DatasetError(
                "shape_mismatch",
                first="inputs",
                first_rows=x.shape[0],
                second="targets",
                second_rows=labels.shape[0],
            )
        if kind is None:
            kind, told = _kind_of(labels)
            warnings += told
            if kind != "regression":
                target_names = None
        classes: tuple[str, ...] = ()
        if kind == "binary" and labels.dtype.kind in "OUS":
            labels, class_names = _two_classes(labels, class_names)
        if kind == "multiclass":
            t, classes = _one_hot(labels, None if class_names is None else tuple(class_names))
        else:
            t = _float_array(labels, "targets").reshape(x.shape[0], -1)
            if not np.isfinite(t).all():
                row, column = np.argwhere(~np.isfinite(t))[0]
                raise DatasetError(
                    "target_not_finite", row=int(row), column=int(column) + 1, value=t[row, column]
                )
            if kind != "regression" and not np.isin(t, (0.0, 1.0)).all():
                value = t[~np.isin(t, (0.0, 1.0))][0]
                raise DatasetError("bad_labels", value=value, expected="0, 1")
            if kind == "binary":
                classes = tuple(class_names) if class_names is not None else ("0", "1")
                _check_count("class_names", classes, 2)

        n_inputs, n_outputs = x.shape[1], t.shape[1]
        features = tuple(feature_names) if feature_names is not None else default_names("x", n_inputs)
        if target_names is not None:
            outputs = tuple(target_names)
        elif kind == "multiclass":
            outputs = classes
        elif kind == "binary":
            outputs = classes[1:]
        else:
            outputs = ("y",) if n_outputs == 1 else default_names("y", n_outputs)
        _check_count("feature_names", features, n_inputs)
        _check_count("target_names", outputs, n_outputs)
        return cls(name, x, t, kind, features, outputs, classes, warnings)


def default_names(letter: str, count: int) -> tuple[str, ...]:
    """`count` names made of a letter and the place, from 1, such as x1, x2."""
    return tuple(f"{letter}{i}" for i in range(1, count + 1))


def one_hot(codes: npt.NDArray[np.integer[Any]], count: int) -> FloatArray:
    """Rows of `count` zeros with a 1 at each code; a row of NaN where the code is negative (missing)."""
    rows = np.zeros((len(codes), count))
    known = codes >= 0
    rows[known, codes[known]] = 1.0
    rows[~known] = np.nan
    return rows


def feature_columns(data: Dataset) -> list[tuple[str, tuple[str, ...] | None]]:
    """The columns that the inputs come from, in their order; of a category its levels, else None."""
    columns: list[tuple[str, tuple[str, ...] | None]] = []
    place = 0
    for group, members in groupby(data.groups):
        names = data.feature_names[place : place + len([*members])]
        is_number = names == (group,)
        columns.append((group, None if is_number else tuple(n.removeprefix(f"{group}=") for n in names)))
        place += len(names)
    return columns


def target_classes(kind: Kind, targets: FloatArray) -> IntArray:
    """The class of targets (m, k), (m,)."""
    classes = targets[:, 0] > 0.5 if kind == "binary" else targets.argmax(axis=1)
    return classes.astype(np.int64)


def class_order(labels: Sequence[str]) -> tuple[str, ...]:
    """Distinct labels in the order classes are numbered.

    Numbers go by value, other labels by alphabet; labels beyond ASCII keep the order of their first
    appearance, for code points are no alphabet.
    """
    distinct = list(dict.fromkeys(labels))
    try:
        return tuple(sorted(distinct, key=float))
    except ValueError:
        return tuple(sorted(distinct)) if all(label.isascii() for label in distinct) else tuple(distinct)


def _rows_of(inputs: npt.ArrayLike) -> tuple[FloatArray, tuple[DataWarning, ...]]:
    """The inputs as they are kept, and what was to be said of them."""
    x = _float_array(inputs, "inputs")
    if x.ndim != 2:
        raise DatasetError("array_shape", name="inputs", shape=x.shape, expected="(n, d)")
    if x.shape[0] == 0:
        raise DatasetError("no_rows")
    if x.shape[1] == 0:
        raise DatasetError("need_features", found=QT_TRANSLATE_NOOP("errors", "targets"))
    infinite = np.isinf(x)
    if not infinite.any():
        return x, ()
    cells = [(int(row) + 1, int(column) + 1) for row, column in np.argwhere(infinite)[:100]]
    place = {"line": cells[0][0], "column": cells[0][1], "cells": cells}
    x[infinite] = np.nan
    return x, (DataWarning("non_finite", {"count": int(infinite.sum()), **place}),)


def _kind_of(labels: AnyArray) -> tuple[Kind, tuple[DataWarning, ...]]:
    """What targets are when nobody tells: names and a few whole numbers are classes."""
    if labels.ndim != 1 or labels.dtype.kind == "f":
        return "regression", ()
    distinct = len(set(labels.tolist()))
    if labels.dtype.kind in "OUS":
        numbers = all(isinstance(value, int | float) for value in labels.tolist())
        return ("regression" if numbers else "binary" if distinct == 2 else "multiclass"), ()
    if not 1 < distinct <= MOST_INTEGER_CLASSES:
        return "regression", ()
    kind: Kind = "binary" if distinct == 2 and set(labels.tolist()) <= {0, 1} else "multiclass"
    return kind, (DataWarning("integer_classes", {"count": distinct}),)


def _two_classes(labels: AnyArray, names: Sequence[str] | None) -> tuple[FloatArray, Sequence[str]]:
    """Two labels as 0 and 1; the second of `names`, or in the order of classes, is 1."""
    texts = [str(label) for label in labels.tolist()]
    names = class_order(texts) if names is None else tuple(names)
    if len(names) == 1:
        raise DatasetError("target_single_class", name="targets", text=names[0])
    _check_count("class_names", tuple(names), 2)
    if unknown := [text for text in texts if text not in names]:
        raise DatasetError("bad_labels", value=unknown[0], expected=", ".join(names))
    return np.array([float(text == names[1]) for text in texts]), names


def _one_hot(labels: AnyArray, names: tuple[str, ...] | None) -> tuple[FloatArray, tuple[str, ...]]:
    if labels.ndim == 2:
        rows = _float_array(labels, "targets").copy()
        if not (np.isin(rows, (0.0, 1.0)).all() and (rows.sum(axis=1) == 1.0).all()):
            raise DatasetError(
                "bad_labels",
                value=QT_TRANSLATE_NOOP("errors", "a row that is not one-hot"),
                expected="one-hot",
            )
        names = names if names is not None else tuple(str(i) for i in range(rows.shape[1]))
        _check_count("class_names", names, rows.shape[1])
        return rows, names
    if labels.dtype.kind in "fc" and not (np.isfinite(labels).all() and (labels == np.round(labels)).all()):
        value = labels[~np.isfinite(labels) | (labels != np.round(labels))][0]
        raise DatasetError(
            "bad_labels", value=value, expected=QT_TRANSLATE_NOOP("errors", "whole numbers or names")
        )
    texts = [str(int(v)) if labels.dtype.kind in "buif" else str(v) for v in labels.tolist()]
    if names is None:
        names = class_order(texts)
        if len(names) < 2:
            raise DatasetError("target_single_class", name="targets", text=names[0])
        keys = names
    else:
        keys = names if set(texts) <= set(names) else tuple(str(i) for i in range(len(names)))
    index = {key: i for i, key in enumerate(keys)}
    unknown = [text for text in texts if text not in index]
    if unknown:
        raise DatasetError("bad_labels", value=unknown[0], expected=", ".join(names))
    return one_hot(np.array([index[text] for text in texts], dtype=np.int64), len(names)), names


def _float_array(values: npt.ArrayLike, name: str) -> FloatArray:
    """A copy of `values`, C-contiguous."""
    try:
        array = np.asarray(values)
        if array.dtype.kind == "O":
            array = array.astype(np.float64)
        if array.dtype.kind not in "buif":
            raise TypeError(array.dtype)
        return cast(FloatArray, np.array(array, np.float64, order="C"))
    except (TypeError, ValueError):
        raise DatasetError("array_type", name=name) from None


def _check_count(name: str, names: tuple[str, ...], expected: int) -> None:
    if len(names) != expected:
        raise DatasetError("name_count", name=name, expected=expected, found=len(names))


def own_split(warnings: Iterable[DataWarning], columns: Collection[str]) -> str:
    """The first of the columns of which reading told that they say what is held out, and nothing else."""
    for warning in warnings:
        if warning.kind in ("split_column_found", "test_rows_marked"):
            names = warning.details.get("columns") or [warning.details["name"]]
            return next((name for name in names if name in columns), "")
    return ""
