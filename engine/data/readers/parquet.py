"""Parquet, when pyarrow is installed."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from engine.data.dataset import Role
from engine.data.options import CHUNK_ROWS, ReadOptions, Watch
from engine.data.source import Source
from engine.data.table import RawColumn, Table, check_size, check_width
from engine.errors import QT_TRANSLATE_NOOP, DatasetError
from engine.extras import EXTRAS

_LONGEST = 4_096
"""Numbers of a list that each become a column."""


def read(source: Source, options: ReadOptions, watch: Watch, limit: int | None) -> Table:
    """Read all columns, or the first rows of them.

    Raises
    ------
    DatasetError
        ``format_needs_extra`` without pyarrow, ``corrupt_file``, ``no_rows``, ``too_large`` or
        ``too_many_columns``.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise DatasetError("format_needs_extra", **EXTRAS["parquet"].details) from None
    content = source.read_all(watch)
    try:
        file = pyarrow.parquet.ParquetFile(io.BytesIO(content))
        rows, width = file.metadata.num_rows, len(file.schema_arrow.names)
        check_width(width)
        check_size(max(0, rows), width, QT_TRANSLATE_NOOP("errors", "The table"))
        batches = []
        taken = 0
        for batch in file.iter_batches(batch_size=CHUNK_ROWS * 10):
            batches.append(batch)
            taken += batch.num_rows
            watch.tick(0.8 * taken / max(1, rows))
            if limit is not None and taken >= limit:
                break
        table = pyarrow.Table.from_batches(batches, file.schema_arrow)
        if limit is not None:
            table = table.slice(0, limit)
        columns = [
            made
            for name, column in zip(table.column_names, table.columns, strict=True)
            for made in _columns(name, column)
        ]
    except (pyarrow.ArrowException, OSError, ValueError, TypeError, OverflowError, MemoryError) as error:
        raise DatasetError("corrupt_file", format="Parquet", reason=str(error).split("\n")[0]) from None
    if table.num_rows == 0 or not columns:
        raise DatasetError("no_rows")
    names: set[str] = set()
    for column in columns:
        while column.name in names:
            column.name += "_"
        names.add(column.name)
    complete = table.num_rows >= rows
    settings = {} if complete else {"row_estimate": rows}
    lines = np.arange(1, table.num_rows + 1, dtype=np.int64)
    roles: dict[int, Role] = {place: "feature" for place, column in enumerate(columns) if column.is_input}
    return Table(columns, lines, settings, complete=complete, roles=roles)


def _columns(name: str, column: Any) -> list[RawColumn]:
    """One column, or one for each number of its lists, each field of its records."""
    import pyarrow
    import pyarrow.compute as compute
    import pyarrow.types as types

    kind = column.type
    if types.is_struct(kind):
        parts = column.combine_chunks().flatten()
        return [
            made
            for field, part in zip(kind, parts, strict=True)
            for made in _columns(f"{name}.{field.name}", pyarrow.chunked_array([part]))
        ]
    is_list = types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)
    if is_list and (types.is_floating(kind.value_type) or types.is_integer(kind.value_type)):
        lengths = set(compute.list_value_length(column).drop_null().to_pylist())
        if len(lengths) == 1 and 0 < (length := lengths.pop()) <= _LONGEST:
            values = np.array(
                [row if row is not None else [None] * length for row in column.to_pylist()], dtype=np.float64
            )
            return [
                RawColumn.of_numbers(f"{name}{i + 1}", values[:, i].copy(), is_input=True)
                for i in range(length)
            ]
    return [_column(name, column)]


def _column(name: str, column: Any) -> RawColumn:
    import pyarrow.types as types

    kind = column.type
    if types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = kind.value_type
    if types.is_floating(kind) or types.is_integer(kind) or types.is_decimal(kind) or types.is_null(kind):
        values = column.cast("float64", safe=False).to_numpy()
        return RawColumn.of_numbers(name, np.array(values, dtype=np.float64))
    if types.is_date(kind) or types.is_timestamp(kind):
        moments = column.cast("timestamp[us]", safe=False).cast("int64", safe=False)
        days = np.array(moments.to_numpy(zero_copy_only=False), dtype=np.float64) / 86_400e6
        made = RawColumn.of_numbers(name, days)
        made.is_date = True
        return made
    texts = [None if value is None else _text(value) for value in column.to_pylist()]
    return RawColumn.of_texts(name, texts)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
