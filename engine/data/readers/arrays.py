"""NumPy's NPY and NPZ. Headers are read here; an array of objects is never unpickled."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib import format as npy

from engine.arrays import AnyArray
from engine.data.data_warning import DataWarning
from engine.data.dataset import default_names
from engine.data.options import MAX_TABLE_BYTES, ReadOptions, Watch
from engine.data.source import Source, check_archive, member_blocks
from engine.data.table import RawColumn, Table, check_size, check_width
from engine.digits import size_text
from engine.errors import QT_TRANSLATE_NOOP, DatasetError

INPUT_NAMES = (
    *(
        "x",
        "xtr",
        "x_tr",
        "data",
        "inputs",
        "input",
        "features",
        "x_train",
        "train_x",
        "images",
        "x_data",
        "xtrain",
        "trainx",
    ),
    *("train_data", "train_images", "train_features", "training_images", "trainset", "samples"),
)
"""What people call the array of inputs, in small letters."""

TARGET_NAMES = (
    *(
        "y",
        "target",
        "targets",
        "labels",
        "label",
        "y_train",
        "train_y",
        "y_data",
        "ytrain",
        "trainy",
        "ytr",
        "y_tr",
    ),
    *("train_labels", "train_targets", "training_labels", "outputs", "output", "classes_of_rows"),
)
"""What they call that of targets."""

_HELD_OUT = (("test", "test"), ("val", "val"), ("valid", "val"), ("validation", "val"), ("dev", "val"))
_FEATURE_NAMES = ("feature_names", "features_names", "columns")
_CLASS_NAMES = ("target_names", "class_names", "classes", "label_names")


def read(source: Source, options: ReadOptions, watch: Watch, limit: int | None) -> Table:
    """Read one array, or the arrays X and y with the names that go with them.

    Raises
    ------
    DatasetError
        ``pickle_refused``, ``too_large``, ``truncated_file``, ``corrupt_file``, ``shape_mismatch``,
        ``no_arrays``, ``need_features``, ``array_type`` or ``too_many_columns``.
    """
    content = source.read_all(watch)
    if content.startswith(b"PK"):
        arrays = _archive(content, source.size, watch)
    else:
        arrays = {"data": _array(content, source.stem)}
    return _first_rows(_table(arrays), limit)


def _archive(content: bytes, size: int, watch: Watch) -> dict[str, AnyArray]:
    arrays = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_archive(archive.infolist(), size)
            for entry in archive.infolist():
                name = entry.filename.removesuffix(".npy")
                arrays[name] = _array(b"".join(member_blocks(archive, entry)), name)
                watch.tick()
    except DatasetError:
        raise
    except Exception as error:  # damaged archives make zipfile raise a dozen types
        raise DatasetError("corrupt_file", format="NPZ", reason=str(error)) from None
    return arrays


def _array(content: bytes, name: str) -> AnyArray:
    """Read an array whose header has been checked for objects and for size first."""
    stream = io.BytesIO(content)
    try:
        version = npy.read_magic(stream)
        readers: dict[tuple[int, int], Callable[..., tuple[tuple[int, ...], bool, np.dtype[Any]]]] = {
            (1, 0): npy.read_array_header_1_0,
            (2, 0): npy.read_array_header_2_0,
        }
        if version not in readers:
            raise ValueError(f"version {version}")
        shape, fortran, dtype = readers[version](stream)
    except Exception as error:  # damaged headers make NumPy raise a dozen types
        raise DatasetError("corrupt_file", format="NPY", reason=str(error).split("\n")[0]) from None
    if dtype.hasobject:
        raise DatasetError("pickle_refused", name=name)
    if any(length < 0 for length in shape) or dtype.itemsize == 0:
        raise DatasetError("corrupt_file", format="NPY", reason=f"shape {shape}")
    count = math.prod(shape)
    needed = count * dtype.itemsize
    if needed > MAX_TABLE_BYTES:
        limit = size_text(MAX_TABLE_BYTES)
        raise DatasetError("too_large", what=name, size=size_text(needed), limit=limit)
    offset = stream.tell()
    if len(content) - offset < needed:
        raise DatasetError("truncated_file", expected_bytes=offset + needed, found_bytes=len(content))
    array = np.frombuffer(content, dtype, count, offset)
    return array.reshape(shape, order="F" if fortran else "C")


def _table(arrays: dict[str, AnyArray]) -> Table:
    names = {name.lower(): name for name in arrays}
    x_name = next((names[name] for name in INPUT_NAMES if name in names), None)
    y_name = next((names[name] for name in TARGET_NAMES if name in names), None)
    numbered = [name for name in arrays if name.startswith("arr_")]
    if x_name is None and y_name is None and len(numbered) > 1:
        x_name, y_name = _numbered_pair(arrays, numbered)
    if x_name is None:
        others = [name for name, array in arrays.items() if array.ndim >= 2 and name != y_name]
        structured = [name for name, array in arrays.items() if array.dtype.names]
        if len(others or structured) == 1:
            x_name = (others or structured)[0]
    if x_name is not None and y_name is None:
        # A lone other array with a value for each row can only be what is to be learnt.
        rest = [
            n for n, a in arrays.items() if n != x_name and a.ndim in (1, 2) and len(a) == len(arrays[x_name])
        ]
        y_name = rest[0] if len(rest) == 1 and arrays[x_name].ndim > 1 else None
    if x_name is None and y_name is None and arrays and all(a.ndim == 1 for a in arrays.values()):
        return _of_columns(arrays)
    if x_name is None:
        if y_name is not None and len(arrays) == 1:
            raise DatasetError("need_features", found=QT_TRANSLATE_NOOP("errors", "labels"))
        raise DatasetError("no_arrays", names=", ".join(arrays) or "–")
    table = _of_pair(arrays, names, x_name, y_name)
    used = {x_name, y_name, *(names.get(name) for name in (*_FEATURE_NAMES, *_CLASS_NAMES))}
    if x_name in numbered and y_name in numbered and len(numbered) == 4:
        # Those of train_test_split, or of X, y and X, y to test with, in the order in which they were given
        others = [name for name in numbered if name not in (x_name, y_name)]
        names |= {f"{x_name}_test": others[0], f"{y_name}_test": others[1]}
    used |= _add_held_out(table, arrays, names, x_name, y_name)
    left = [name for name in arrays if name not in used]
    if left:
        table.warnings.append(DataWarning("arrays_left_out", {"columns": left, "names": ", ".join(left)}))
    return table


def _numbered_pair(arrays: dict[str, AnyArray], numbered: list[str]) -> tuple[str | None, str | None]:
    """Which of arr_0, arr_1, … are inputs and targets: those of `np.savez(path, X, y)`."""
    first, second = arrays[numbered[0]], arrays[numbered[1]]
    if first.ndim == 0 or second.ndim == 0 or len(first) != len(second):
        return (numbered[0], None) if first.ndim > 1 else (None, None)
    if first.ndim == 1 and second.ndim == 1:
        return None, None
    if first.shape == second.shape:  # two halves of inputs, if targets come behind them
        labels = [name for name in numbered[2:] if arrays[name].ndim == 1 and len(arrays[name]) == len(first)]
        if labels:
            return numbered[0], labels[0]
    return (numbered[1], numbered[0]) if first.ndim == 1 else (numbered[0], numbered[1])


def _add_held_out(
    table: Table, arrays: dict[str, AnyArray], names: dict[str, str], x_name: str, y_name: str | None
) -> set[str]:
    """Read the rows that the file keeps for testing too, and mark them; give the arrays that were used."""
    used: set[str] = set()
    count = len(table.lines)
    held: list[tuple[str, int]] = []
    for word, _ in _HELD_OUT:
        x_other = _counterpart(names, x_name, word)
        y_other = _counterpart(names, y_name, word) if y_name is not None else None
        if x_other is None or (y_name is not None and y_other is None):
            continue
        x, y = arrays[x_other], arrays[y_other] if y_other is not None else None
        if x.shape[1:] != arrays[x_name].shape[1:] or x.ndim < 2 or (y is not None and len(y) != len(x)):
            continue
        more = _of_pair(arrays, names, x_other, y_other)
        if [(c.levels, c.values.dtype.kind) for c in more.columns] != [
            (c.levels, c.values.dtype.kind) for c in table.columns
        ]:
            continue
        for column, further in zip(table.columns, more.columns, strict=True):
            column.infinite += [len(table.lines) + row for row in further.infinite]
            column.parts = [*column.parts, *further.parts]
        table.lines = np.arange(1, len(table.lines) + len(x) + 1, dtype=np.int64)
        held.append((word, len(x)))
        used |= {x_other} | ({y_other} if y_other is not None else set())
    if held:
        marks = np.arange(len(table.lines)) >= count
        table.splits[held[0][0]] = marks
        details = {"count": int(marks.sum()), "name": held[0][0]}
        table.warnings.append(DataWarning("test_rows_marked", details))
    return used


def _counterpart(names: dict[str, str], name: str, word: str) -> str | None:
    """The array that is called like `name`, but for the rows held out."""
    low = name.lower()
    swapped = low.replace("training", word).replace("train", word)
    if low.endswith("tr"):
        swapped = low[:-2] + {"test": "te", "valid": "va"}.get(word, word)
    options = [swapped] if swapped != low else [f"{low}_{word}", f"{word}_{low}", f"{low}{word}"]
    return next((names[option] for option in options if option in names), None)


def _of_pair(arrays: dict[str, AnyArray], names: dict[str, str], x_name: str, y_name: str | None) -> Table:
    x = arrays[x_name]
    if x.dtype.names:
        return _of_columns({name: x[name] for name in x.dtype.names})
    if x.ndim == 0 or (x.ndim == 1 and y_name is None):
        if x.ndim == 1 and x.dtype.kind in "biu":
            raise DatasetError("need_features", found=QT_TRANSLATE_NOOP("errors", "labels"))
        raise DatasetError("array_shape", name=x_name, shape=x.shape, expected="(n, d)")
    if len(x) == 0:
        raise DatasetError("no_rows")
    columns = _features(x, x_name, _strings(arrays, names, _FEATURE_NAMES))
    image_shape = (x.shape[1], x.shape[2]) if x.ndim == 3 else None
    rows = np.arange(1, len(x) + 1, dtype=np.int64)
    if y_name is None:
        return Table(columns, rows, image_shape=image_shape)
    y = arrays[y_name]
    if y.ndim == 0 or len(y) != len(x):
        found = len(y) if y.ndim else 1
        raise DatasetError(
            "shape_mismatch", first=x_name, first_rows=len(x), second=y_name, second_rows=found
        )
    targets = _targets(y.reshape(len(y), -1), y_name, _strings(arrays, names, _CLASS_NAMES))
    taken = {column.name for column in columns}
    for column in targets:
        while column.name in taken:
            column.name += "_"
    return Table(
        columns + targets,
        rows,
        roles=dict.fromkeys(range(len(columns), len(columns) + len(targets)), "target"),
        image_shape=image_shape,
    )


def _of_columns(arrays: dict[str, AnyArray]) -> Table:
    """A table whose columns are arrays of one length."""
    first = next(iter(arrays))
    for name, array in arrays.items():
        if array.ndim != 1:
            raise DatasetError("array_shape", name=name, shape=array.shape, expected="(n,)")
        if len(array) != len(arrays[first]):
            raise DatasetError(
                "shape_mismatch",
                first=first,
                first_rows=len(arrays[first]),
                second=name,
                second_rows=len(array),
            )
    columns = [_column(name, array, name) for name, array in arrays.items()]
    return Table(columns, np.arange(1, len(arrays[first]) + 1, dtype=np.int64))


def _features(x: AnyArray, array_name: str, names: list[str] | None) -> list[RawColumn]:
    flat = x.reshape(len(x), -1)
    if flat.shape[1] == 0:
        raise DatasetError("need_features", found=QT_TRANSLATE_NOOP("errors", "targets"))
    check_width(flat.shape[1])
    check_size(len(flat), flat.shape[1], QT_TRANSLATE_NOOP("errors", "The table"))
    if names is None or len(set(names)) != flat.shape[1] or not all(names):
        names = list(default_names("x", flat.shape[1]))
    return [_column(name, flat[:, place], array_name) for place, name in enumerate(names)]


def _targets(y: AnyArray, name: str, class_names: list[str] | None) -> list[RawColumn]:
    k = y.shape[1]
    if k == 0:
        raise DatasetError("array_shape", name=name, shape=y.shape, expected="(n,)")
    numeric = y.dtype.kind in "buif"
    one_hot = (
        k > 1
        and numeric
        and bool(np.isin(y, (0, 1)).all())
        and bool((y.sum(axis=1, dtype=np.float64) == 1).all())
    )
    labels = y.argmax(axis=1) if one_hot else y[:, 0]
    if one_hot and (class_names is None or len(class_names) != k):
        class_names = [str(i) for i in range(k)]
    if k > 1 and not one_hot:
        return [_column(f"{name}{place + 1}", y[:, place], name) for place in range(k)]
    if class_names and labels.dtype.kind in "iu" and len(set(class_names)) == len(class_names):
        if len(labels) and (labels.min() < 0 or labels.max() >= len(class_names)):
            outside = labels[(labels < 0) | (labels >= len(class_names))][0]
            raise DatasetError("bad_labels", value=outside, expected=f"0 … {len(class_names) - 1}")
        column = RawColumn(name, [labels.astype(np.int32)], class_names, declared=True, in_order=True)
        return [column]
    return [_column(name, labels, name)]


def _column(name: str, values: AnyArray, array_name: str) -> RawColumn:
    kind = values.dtype.kind
    if kind == "b":
        return RawColumn.of_texts(name, ["true" if value else "false" for value in values.tolist()])
    if kind in "iu":
        return RawColumn.of_numbers(name, values.astype(values.dtype.newbyteorder("="), copy=False))
    if kind == "f":
        with np.errstate(over="ignore"):
            return RawColumn.of_numbers(name, values.astype(np.float64, copy=False))
    if kind == "U":
        try:
            return RawColumn.of_texts(name, values.tolist())
        except (UnicodeError, ValueError) as error:
            raise DatasetError("corrupt_file", format="NPY", reason=str(error)) from None
    if kind == "S":
        return RawColumn.of_texts(name, [value.decode("utf-8", "replace") for value in values.tolist()])
    if kind == "M":
        return RawColumn.of_texts(name, [str(value) for value in values])
    raise DatasetError("array_type", name=array_name)


def _strings(arrays: dict[str, AnyArray], names: dict[str, str], wanted: tuple[str, ...]) -> list[str] | None:
    for name in wanted:
        if name in names and arrays[names[name]].dtype.kind in "US":
            try:
                return [
                    value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                    for value in arrays[names[name]].ravel().tolist()
                ]
            except (UnicodeError, ValueError):
                return None
    return None


def _first_rows(table: Table, limit: int | None) -> Table:
    if limit is not None and len(table.lines) > limit:
        table.settings["row_estimate"] = len(table.lines)
        table.complete = False
        table.lines = table.lines[:limit]
        for column in table.columns:
            column.parts = [column.values[:limit]]
            column.infinite = [row for row in column.infinite if row < limit]
        table.splits = {name: marks[:limit] for name, marks in table.splits.items()}
    return table
