"""Parquet, when pyarrow is installed."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from engine.data.options import CHUNK_ROWS, ReadOptions, Watch
from engine.data.source import Source
from engine.data.table import RawColumn, Table, check_size
from engine.errors import QT_TRANSLATE_NOOP, DatasetError


def read(source: Source, options: ReadOptions, watch: Watch, limit: int | None) -> Table:
    """Read all columns, or the first rows of them.

    Raises
    ------
    DatasetError
        ``format_needs_extra`` without pyarrow, ``corrupt_file``, ``no_rows`` or ``too_large``.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise DatasetError("format_needs_extra", format="Parquet", package="pyarrow") from None
    content = source.read_all(watch)
    try:
        file = pyarrow.parquet.ParquetFile(io.BytesIO(content))
        rows, width = file.metadata.num_rows, len(file.schema_arrow.names)
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
            _column(name, column) for name, column in zip(table.column_names, table.columns, strict=True)
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
    return Table(columns, lines, settings, complete=complete)


def _column(name: str, column: Any) -> RawColumn:
    import pyarrow.types as types

    kind = column.type
    if types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = kind.value_type
    if types.is_floating(kind) or types.is_integer(kind) or types.is_decimal(kind) or types.is_null(kind):
        values = column.cast("float64", safe=False).to_numpy()
        return RawColumn.of_numbers(name, np.array(values, dtype=np.float64))
    texts = [None if value is None else _text(value) for value in column.to_pylist()]
    return RawColumn.of_texts(name, texts)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
