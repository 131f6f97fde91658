"""Reading a file in two steps: look at it (`inspect`), then load it (`load_dataset`)."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import numpy as np

from engine.arrays import AnyArray, BoolArray, FloatArray
from engine.data.cells import Cell, as_text
from engine.data.columns import (
    MAX_ENCODED_LEVELS,
    ClassTarget,
    Survey,
    class_target,
    first_bad_cell,
    split_mask,
    survey,
    target_kind,
)
from engine.data.data_warning import DataWarning
from engine.data.dataset import DATE_PARTS, Column, Dataset, Kind, Recipe, Role, one_hot
from engine.data.dates import date_parts, day_text
from engine.data.doubt import Cleaning, Guess
from engine.data.formats import read, unsupported
from engine.data.options import CHUNK_ROWS, ReadOptions, Target, TypeChoice, Watch, enough_rows
from engine.data.source import Source
from engine.data.table import RawColumn, Records, Table, build_table, check_size, find_column
from engine.errors import QT_TRANSLATE_NOOP, DatasetError

Where = str | os.PathLike[str] | bytes
"""A path, or the bytes themselves, such as pasted text in UTF-8."""

PREVIEW_ROWS = 200


@dataclass(frozen=True, eq=False)
class _Seen:
    """What was read of a file to show it: enough to understand it anew when only roles change.

    Parameters
    ----------
    where : path or bytes
    options : ReadOptions
        Those it was read with, without target and roles.
    name, format, compression : str
    table : Table
    width : int
        Cells of a record.
    lines : tuple of int
    rows : tuple of tuples of str
        The first records, also those that cannot be read.
    row_count : int
    by_record : bool
        Whether only some records were read, so that they can be kept.
    """

    where: Where
    options: ReadOptions
    name: str
    format: str
    compression: str
    table: Table
    width: int
    lines: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    row_count: int
    by_record: bool

    def serves(self, where: Where, options: ReadOptions) -> bool:
        """Whether reading with other options would give the same."""
        return self.where == where and self.options == _without_roles(options)

    def bad_cells(self, understood: Survey) -> frozenset[tuple[int, int]]:
        """Row and column of what cannot be read; all of a record of the wrong length."""
        bad_at = {
            (int(self.table.lines[row]), place)
            for place, raw in enumerate(self.table.columns)
            if understood.columns[place].role != "skip"
            for row, _ in raw.bad
        }
        bad: set[tuple[int, int]] = set()
        for number, (line, row) in enumerate(zip(self.lines, self.rows, strict=True)):
            if len(row) != self.width:
                bad |= {(number, place) for place in range(len(row))}
            elif bad_at:
                bad |= {(number, place) for place in range(len(row)) if (line, place) in bad_at}
        return frozenset(bad)


def _without_roles(options: ReadOptions) -> ReadOptions:
    return dataclasses.replace(options, target=None, roles={})


@dataclass(frozen=True, eq=False)
class Preview:
    """What a file looks like under some options, from its first rows.

    Parameters
    ----------
    name, format, compression : str
    options : ReadOptions
        Every option filled in, with what was found where nothing was given.
    sheets : tuple of str
        Of a workbook.
    columns : tuple of Column
        Names, roles, types, missing cells, levels and ranges, as far as the rows looked at tell.
    rows : tuple of tuples of str
        The first 200 records as text, also those that cannot be read.
    lines : tuple of int
        Their physical lines.
    bad_cells : frozenset of (int, int)
        Row and column, from 0, of what cannot be read; all of a record with too few or too many fields.
    problems : tuple of DatasetError
        What `load_dataset` would stumble over, so far.
    warnings : tuple of DataWarning
    guesses : tuple of Guess
        What was guessed; of the close ones a person should be asked.
    kind : {"regression", "binary", "multiclass", "multilabel"} or None
        Of the target; None if it cannot be used, and a problem says why.
    inputs, outputs : int
        What the network would see.
    row_count : int
        Rows of the table; an estimate unless `complete`.
    complete : bool
        Whether all rows were looked at.
    cleanings : tuple of Cleaning
        What is taken off the cells of columns in use.
    seen : object
        What a further look with other roles needs.
    """

    name: str
    format: str
    compression: str
    options: ReadOptions
    sheets: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    bad_cells: frozenset[tuple[int, int]]
    problems: tuple[DatasetError, ...]
    warnings: tuple[DataWarning, ...]
    guesses: tuple[Guess, ...]
    kind: Kind | None
    inputs: int
    outputs: int
    row_count: int
    complete: bool
    cleanings: tuple[Cleaning, ...] = ()
    seen: _Seen | None = field(default=None, repr=False)


def inspect(
    where: Where,
    options: ReadOptions | None = None,
    *,
    after: Preview | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Preview:
    """Look at the first rows of a file, for a person to check what was guessed.

    Parameters
    ----------
    where : path or bytes
    options : ReadOptions, optional
        What is given overrules the guesses.
    after : Preview, optional
        An earlier look at the file, which is not read again where only roles or the target are others.
    cancelled : callable, optional

    Raises
    ------
    DatasetError
        When there is nothing to show, for example ``empty_file``, ``not_text`` or ``unsupported_format``.
    """
    with telling(where):
        options, watch = options or ReadOptions(), Watch(None, cancelled)
        seen = after.seen if after is not None else None
        if seen is None or not seen.serves(where, options):
            seen = _look(where, options, watch)
        return _understand(seen, options, watch)


def _look(where: Where, options: ReadOptions, watch: Watch) -> _Seen:
    """Read the first rows."""
    source = opened(where)
    name, found = read(source, options, watch, CHUNK_ROWS)
    by_record = isinstance(found, Records)
    table = build_table(found, options, watch, CHUNK_ROWS) if isinstance(found, Records) else found
    if len(table.lines) == 0 and not table.problems:
        raise DatasetError("no_rows")
    lines, rows = _shown_records(found) if isinstance(found, Records) else _shown_table(table)
    estimate = table.settings.pop("row_estimate", len(table.lines))
    return _Seen(
        where,
        _without_roles(options),
        source.name,
        name,
        source.compression,
        table,
        found.width if isinstance(found, Records) else len(table.columns),
        lines,
        rows,
        len(table.lines) if table.complete else int(estimate),
        by_record,
    )


def _understand(seen: _Seen, options: ReadOptions, watch: Watch) -> Preview:
    """Say what the rows that were read would become."""
    table = seen.table
    problems = list(table.problems)
    understood = survey(table, options, watch)
    bad = first_bad_cell(table, understood)
    if bad is not None:
        problems.append(bad)
    classes: ClassTarget | None = None
    kind: Kind | None = None
    try:
        classes = _classes(table, understood, options)
        kind = target_kind(classes, _label_columns(table, understood, options))
    except DatasetError as error:
        problems.append(error)
    features = [column for column in understood.columns if column.role == "feature"]
    outputs = len(understood.targets) if classes is None else (1 if kind == "binary" else len(classes.names))
    return Preview(
        name=seen.name,
        format=seen.format,
        compression=seen.compression,
        options=_filled_in(options, table, understood),
        sheets=table.sheets,
        columns=understood.columns,
        rows=seen.rows,
        lines=seen.lines,
        bad_cells=seen.bad_cells(understood),
        problems=tuple(problems),
        warnings=understood.warnings,
        guesses=understood.guesses,
        kind=kind,
        inputs=sum(len(column.input_names) for column in features),
        outputs=outputs if kind is not None else 0,
        row_count=seen.row_count,
        complete=table.complete,
        cleanings=tuple(one for one in table.cleanings if understood.columns[one.column - 1].role != "skip"),
        seen=seen if seen.by_record else None,
    )


def load_dataset(
    path: Where,
    target: Target = None,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
    thousands: str | None = None,
    header: bool | None = None,
    skip_lines: int | None = None,
    sheet: str | int | None = None,
    skip_bad_rows: bool = False,
    roles: Mapping[str | int, Role] | None = None,
    types: Mapping[str | int, TypeChoice] | None = None,
    missing: Sequence[str] = (),
    day_first: bool | None = None,
    progress: Callable[[float], object] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Dataset:
    """Read a data set from a file.

    Parameters
    ----------
    path : path or bytes
        Bytes stand for the contents of a file, such as pasted text.
    target : str, int, sequence of these, optional
        The target column or columns, by name or by place from 1. Several must be numbers.
    encoding, delimiter, decimal, thousands, header, skip_lines, sheet, skip_bad_rows
        See `ReadOptions`; what is None is sniffed.
    roles, types, missing, day_first
        See `ReadOptions`; what is None is sniffed.
    progress : callable, optional
        Called with the share that has been read.
    cancelled : callable, optional
        Asked about every 2,000 rows; when it returns True, ``DatasetError("cancelled")`` is raised.

    Raises
    ------
    DatasetError
        With `kind`, and with `line` and `column` where there is a place. Never another exception for
        whatever the file holds.
    """
    chosen = target if target is None or isinstance(target, str | int) else tuple(target)
    options = ReadOptions(
        target=chosen,
        encoding=encoding,
        delimiter=delimiter,
        decimal=decimal,
        thousands=thousands,
        header=header,
        skip_lines=skip_lines,
        sheet=sheet,
        skip_bad_rows=skip_bad_rows,
        roles=dict(roles or {}),
        types=dict(types or {}),
        missing=tuple(missing),
        day_first=day_first,
    )
    return load(path, options, progress=progress, cancelled=cancelled)


def load(
    where: Where,
    options: ReadOptions,
    *,
    progress: Callable[[float], object] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Dataset:
    """Read a data set with options as `inspect` gives them; otherwise like `load_dataset`."""
    with telling(where):
        return _load(where, options, Watch(progress, cancelled))


def _load(where: Where, options: ReadOptions, watch: Watch) -> Dataset:
    watch.tick(0.0)
    source = opened(where)
    name, found = read(source, options, watch, None)
    table = build_table(found, options, watch) if isinstance(found, Records) else found
    if len(table.lines) == 0:
        raise DatasetError("no_rows")
    understood = survey(table, options, watch)
    bad = first_bad_cell(table, understood)
    if bad is not None and not options.skip_bad_rows:
        raise bad
    data = _assemble(table, understood, options, watch)
    recipe = Recipe(
        path=str(source.path.absolute()) if source.path else "",
        sha256=source.sha256(watch),
        format=name,
        options=dataclasses.asdict(_filled_in(options, table, understood)),
        compression=source.compression,
    )
    watch.tick(1.0)
    return dataclasses.replace(data, name=source.stem, recipe=recipe)


def opened(where: Where) -> Source:
    """The file, or the bytes, to read from."""
    if not isinstance(where, bytes) and Path(where).is_dir():
        raise unsupported(QT_TRANSLATE_NOOP("errors", "A folder"))
    return Source(where)


@contextmanager
def telling(where: Where) -> Iterator[None]:
    """Say as a DatasetError that a file cannot be read any further (a broken disk, a share that is gone)."""
    try:
        yield
    except OSError as error:
        name = "pasted" if isinstance(where, bytes) else Path(where).name
        raise DatasetError("cannot_read", name=name, reason=error.strerror or str(error)) from None


def _filled_in(options: ReadOptions, table: Table, understood: Survey) -> ReadOptions:
    """The options with everything that was found."""
    settings = {key: value for key, value in table.settings.items() if getattr(options, key, 0) is None}
    targets = tuple(table.columns[place].name for place in understood.targets)
    target: Target = targets[0] if len(targets) == 1 else (targets or None)
    return dataclasses.replace(options, target=target, **settings)


def _forced_type(key_of: int, table: Table, options: ReadOptions) -> TypeChoice | None:
    names = [column.name for column in table.columns]
    chosen = {find_column(key, names): kind for key, kind in options.types.items()}
    return chosen.get(key_of)


def _classes(table: Table, understood: Survey, options: ReadOptions) -> ClassTarget | None:
    """Check that there is something to learn and to learn from; the classes, if the target has them."""
    columns, targets = understood.columns, understood.targets
    if not targets:
        raise DatasetError("need_target", expected=QT_TRANSLATE_NOOP("errors", "a column with values"))
    if not any(column.role == "feature" for column in columns):
        raise DatasetError("need_features", found=", ".join(columns[place].name for place in targets))
    if not understood.kept.any():
        if table.problems or any(table.columns[place].bad for place in range(len(columns))):
            raise DatasetError("no_rows")
        raise DatasetError(
            "target_all_missing", name=columns[targets[0]].name, column=columns[targets[0]].index
        )
    for column in columns:
        if column.role == "feature" and len(column.levels) > MAX_ENCODED_LEVELS:
            raise DatasetError(
                "too_many_levels", name=column.name, count=len(column.levels), limit=MAX_ENCODED_LEVELS
            )
    if len(targets) == 1:
        return class_target(table, understood, _forced_type(targets[0], table, options))
    for place in targets:
        if table.columns[place].levels is not None:
            raise DatasetError("target_not_number", name=columns[place].name, column=columns[place].index)
    return None


def _label_columns(table: Table, understood: Survey, options: ReadOptions) -> list[AnyArray]:
    """Target columns of numbers, unless the person says of one that it is a number and no label."""
    if any(_forced_type(place, table, options) == "number" for place in understood.targets):
        return []
    return [table.columns[place].values[understood.kept] for place in understood.targets]


def _assemble(table: Table, understood: Survey, options: ReadOptions, watch: Watch) -> Dataset:
    """Encode the features and the target; columns are let go one by one, so that memory holds two copies."""
    classes = _classes(table, understood, options)
    kept = understood.kept
    all_kept = bool(kept.all())
    count = int(kept.sum())
    kind = target_kind(classes, _label_columns(table, understood, options))
    target_columns = [understood.columns[place] for place in understood.targets]
    targets: FloatArray
    if classes is None:
        chosen = [table.columns[place].values[kept] for place in understood.targets]
        targets = np.column_stack(chosen).astype(np.float64)
        names = tuple(column.name for column in target_columns)
    elif kind == "binary":
        targets = classes.codes.astype(np.float64)[:, None]
        names = classes.names[1:]
    else:
        check_size(count, len(classes.names), QT_TRANSLATE_NOOP("errors", "The targets"))
        targets = one_hot(classes.codes, len(classes.names))
        names = classes.names

    split_columns: dict[str, BoolArray] = {name: marks[kept] for name, marks in table.splits.items()}
    features = [column for column in understood.columns if column.role == "feature"]
    width = sum(len(column.input_names) for column in features)
    check_size(count, width, QT_TRANSLATE_NOOP("errors", "The encoded table"))
    if width == 0:
        raise DatasetError("need_features", found=", ".join(column.name for column in target_columns))
    inputs = np.empty((count, width))
    feature_names: list[str] = []
    groups: list[str] = []
    place = 0
    for column in understood.columns:
        watch.tick()
        raw = table.columns[column.index - 1]
        if column.role != "target":
            mask = split_mask(raw)
            if mask is not None:
                split_columns[column.name] = mask[kept]
        if column.role == "feature":
            encoded = _encode(column, raw, None if all_kept else kept, inputs[:, place:], watch)
            feature_names += encoded
            groups += [column.name] * len(encoded)
            place += len(encoded)
        raw.parts = []
    return Dataset(
        name="",
        inputs=inputs,
        targets=targets,
        kind=kind,
        feature_names=tuple(feature_names),
        target_names=names,
        class_names=classes.names if classes is not None else (),
        warnings=understood.warnings,
        image_shape=table.image_shape if table.image_shape else _picture(inputs, features),
        groups=tuple(groups),
        columns=understood.columns,
        row_lines=table.lines[kept],
        split_columns=split_columns,
    )


def _encode(
    column: Column, raw: RawColumn, kept: BoolArray | None, out: FloatArray, watch: Watch
) -> list[str]:
    """Write a feature's inputs into the first columns of `out`; return their names."""
    if column.type == "date_parts":
        out[:, : len(DATE_PARTS)] = date_parts(raw.values if kept is None else raw.values[kept])
        return list(column.input_names)
    if column.type != "category" or raw.levels is None:
        place = 0
        for part in raw.parts if kept is None else [raw.values[kept]]:
            out[place : place + len(part), 0] = part
            place += len(part)
            watch.tick()
        return [column.name]
    codes = raw.values if kept is None else raw.values[kept]
    index = {level: code for code, level in enumerate(column.levels)}
    by_level = np.array([index.get(level, -1) for level in raw.levels] + [-1], dtype=np.int64)
    out[:, : len(column.levels)] = one_hot(by_level[np.maximum(codes, -1)], len(column.levels))
    return list(column.input_names)


def _picture(inputs: FloatArray, features: Sequence[Column]) -> tuple[int, int] | None:
    """Recognise square grey pictures: at least 8 x 8 whole numbers from 0 to 255 in numbered columns."""
    side = round(len(features) ** 0.5)
    if side < 8 or side * side != len(features) or inputs.shape[1] != len(features):
        return None
    numbered = all(column.name[-1:].isdigit() and column.type == "number" for column in features)
    prefixes = {column.name.rstrip("0123456789") for column in features}
    if not numbered or len(prefixes) > side:
        return None
    in_range = all(
        column.low is not None and column.low >= 0 and (column.high or 0) <= 255 for column in features
    )
    if not in_range or max(column.high or 0 for column in features) <= 1:
        return None
    sample = inputs[:100]
    return (side, side) if np.array_equal(sample, np.round(sample)) else None


def _shown_records(records: Records) -> tuple[tuple[int, ...], tuple[tuple[str, ...], ...]]:
    lines: list[int] = []
    rows: list[tuple[str, ...]] = []
    for line, row in islice(_until_unreadable(records), enough_rows(PREVIEW_ROWS, records.width)):
        lines.append(line)
        rows.append(tuple(as_text(cell) for cell in row))
    return tuple(lines), tuple(rows)


def _until_unreadable(records: Records) -> Iterator[tuple[int, list[Cell]]]:
    try:
        for chunk in records.chunks():
            yield from zip(chunk.lines, chunk.rows, strict=True)
    except DatasetError as error:
        if error.line is None:
            raise


def _shown_table(table: Table) -> tuple[tuple[int, ...], tuple[tuple[str, ...], ...]]:
    columns = [_texts(column) for column in table.columns]
    rows = tuple(zip(*columns, strict=True)) if columns else ()
    return tuple(int(line) for line in table.lines[: len(rows)]), rows


def _texts(column: RawColumn) -> list[str]:
    """The first cells as a person would write them."""
    cells = list(chain.from_iterable(part[:PREVIEW_ROWS].tolist() for part in column.parts))[:PREVIEW_ROWS]
    if column.levels is None:
        if column.is_date:
            return [day_text(cell) for cell in cells]
        infinite = set(column.infinite)
        return [
            "inf" if row in infinite else "" if cell != cell else as_text(float(cell))
            for row, cell in enumerate(cells)
        ]
    levels = column.levels
    return [levels[cell] if cell >= 0 else "" for cell in cells]
