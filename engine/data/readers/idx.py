"""IDX, the format of MNIST: pictures in one file, their labels in another beside it."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.data.dataset import default_names
from engine.data.options import MAX_TABLE_BYTES, ReadOptions, Watch
from engine.data.source import Source
from engine.data.table import RawColumn, Table, check_size
from engine.digits import size_text
from engine.errors import QT_TRANSLATE_NOOP, DatasetError

_TYPES = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}


def read(source: Source, options: ReadOptions, watch: Watch, limit: int | None) -> Table:
    """Read pictures, and the labels from the file named like theirs.

    Raises
    ------
    DatasetError
        ``need_features`` for labels alone, ``need_target`` without them, ``truncated_file``,
        ``shape_mismatch`` or ``too_large``.
    """
    array = _array(source, watch)
    if array.ndim == 1:
        raise DatasetError(
            "need_features", found=QT_TRANSLATE_NOOP("errors", "labels, without the images they belong to")
        )
    beside = _label_file(source.path)
    if beside is None:
        wanted = _label_names(source.name)[0] if _label_names(source.name) else "…-labels-idx1-ubyte"
        raise DatasetError("need_target", expected=wanted)
    labels = _array(Source(beside), watch)
    if labels.ndim != 1:
        raise DatasetError("array_shape", name=beside.name, shape=labels.shape, expected="(n,)")
    if len(labels) != len(array):
        raise DatasetError(
            "shape_mismatch",
            first=source.name,
            first_rows=len(array),
            second=beside.name,
            second_rows=len(labels),
        )
    if len(array) == 0:
        raise DatasetError("no_rows")
    shown = len(array) if limit is None else min(limit, len(array))
    pixels = array.reshape(len(array), -1)[:shown]
    if pixels.shape[1] == 0:
        raise DatasetError("need_features", found=QT_TRANSLATE_NOOP("errors", "labels"))
    check_size(len(pixels), pixels.shape[1], QT_TRANSLATE_NOOP("errors", "The table"))
    # Columns are views of the bytes: as numbers of eight bytes each, they exist only in the end.
    columns = [
        RawColumn.of_numbers(name, pixels[:, place], declared=True)
        for place, name in enumerate(default_names("x", pixels.shape[1]))
    ]
    columns.append(RawColumn.of_numbers("label", labels[:shown], declared=True))
    image_shape = (array.shape[1], array.shape[2]) if array.ndim == 3 else None
    lines = np.arange(1, shown + 1, dtype=np.int64)
    return Table(
        columns,
        lines,
        {"row_estimate": len(array)} if limit is not None else {},
        roles={pixels.shape[1]: "target"},
        image_shape=image_shape,
        complete=shown == len(array),
    )


def _array(source: Source, watch: Watch) -> npt.NDArray[np.generic]:
    """Read one file, checking that it holds what its header promises."""
    head = source.head
    if len(head) < 4 or head[:2] != b"\0\0" or head[2] not in _TYPES or not head[3]:
        raise DatasetError(
            "corrupt_file", format="IDX", reason=QT_TRANSLATE_NOOP("errors", "wrong first bytes")
        )
    start = 4 + 4 * head[3]
    if len(head) < start:
        raise DatasetError("truncated_file", expected_bytes=start, found_bytes=len(head))
    shape = [int.from_bytes(head[i : i + 4], "big") for i in range(4, start, 4)]
    dtype = np.dtype(_TYPES[head[2]])
    needed = start + math.prod(shape) * dtype.itemsize
    if needed > MAX_TABLE_BYTES:
        raise DatasetError(
            "too_large", what=source.name, size=size_text(needed), limit=size_text(MAX_TABLE_BYTES)
        )
    content = source.read_all(watch)
    if len(content) < needed:
        raise DatasetError("truncated_file", expected_bytes=needed, found_bytes=len(content))
    array = np.frombuffer(content, dtype, count=math.prod(shape), offset=start)
    return array.reshape(shape).astype(dtype.newbyteorder("="), copy=False)


def _label_names(name: str) -> list[str]:
    plain = name.removesuffix(".gz")
    swapped = plain.replace("images", "labels").replace("idx3", "idx1").replace("idx4", "idx1")
    if swapped == plain:
        return []
    names = [swapped, f"{swapped}.gz"]
    return names[::-1] if name.endswith(".gz") else names


def _label_file(path: Path | None) -> Path | None:
    if path is None:
        return None
    for name in _label_names(path.name):
        if (path.parent / name).is_file():
            return path.parent / name
    return None
