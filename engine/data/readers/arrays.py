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
from engine.data.dataset import default_names
from engine.data.options import MAX_TABLE_BYTES, ReadOptions, Watch
from engine.data.source import Source, check_archive, member_blocks, size_text
from engine.data.table import RawColumn, Table, check_size
from engine.errors import QT_TRANSLATE_NOOP, DatasetError

_INPUTS = ("x", "data", "inputs", "features", "x_train", "train_x", "images", "x_data")
_TARGETS = ("y", "target", "targets", "labels", "label", "y_train", "train_y", "y_data")
_FEATURE_NAMES = ("feature_names", "features_names", "columns")
_CLASS_NAMES = ("target_names", "class_names", "classes", "label_names")


def read(source: Source, options: ReadOptions, watch: Watch, limit: int | None) -> Table:
    """Read one array, or the arrays X and y with the names that go with them.

    Raises
    ------
    DatasetError
        ``pickle_refused``, ``too_large``, ``truncated_file``, ``corrupt_file``, ``shape_mismatch``,
        ``no_arrays``, ``need_features`` or ``array_type``.
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
    x_name = next((names[name] for name in _INPUTS if name in names), None)
    y_name = next((names[name] for name in _TARGETS if name in names), None)
    if x_name is None:
        others = [name for name, array in arrays.items() if array.ndim >= 2 and name != y_name]
        structured = [name for name, array in arrays.items() if array.dtype.names]
        if len(others or structured) == 1:
            x_name = (others or structured)[0]
    if x_name is None and y_name is None and arrays and all(a.ndim == 1 for a in arrays.values()):
        return _of_columns(arrays)
    if x_name is None:
        if y_name is not None and len(arrays) == 1:
            raise DatasetError("need_features", found=QT_TRANSLATE_NOOP("errors", "labels"))
        raise DatasetError("no_arrays", names=", ".join(arrays) or "–")
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
        targets=tuple(range(len(columns), len(columns) + len(targets))),
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
    return table
