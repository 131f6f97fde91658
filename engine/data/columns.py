"""What the columns of a table are: feature, target or skipped; number, category or something else.

The rules are guesses a person can overrule with `ReadOptions.roles` and `types`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.arrays import AnyArray, BoolArray, IntArray
from engine.data.cells import is_date
from engine.data.data_warning import DataWarning
from engine.data.dataset import Column, ColumnType, Kind, Role, class_order
from engine.data.options import ReadOptions, Watch
from engine.data.table import RawColumn, Table, find_column
from engine.errors import DatasetError

MAX_CATEGORY_LEVELS = 50
MAX_INTEGER_CLASSES = 20
MAX_CLASSES = 1_000
MAX_ENCODED_LEVELS = 1_000
"""Levels of a category that a person insists on; each becomes an input."""

SHOWN_PLACES = 1_000
"""Cells or lines a warning lists; it counts all."""

TARGET_NAMES = (
    *("target", "label", "class", "y", "类别", "标签", "目标", "分类", "类"),
    *("labels", "targets", "classes", "klasse", "classe", "clase", "species", "diagnosis", "type"),
)
"""What a column of targets is called, the likeliest first."""

_ID_NAME = re.compile(r"(.*[_\W])?(id|uid|uuid|guid|index|rownames?|row)|编号|序号|unnamed: 0", re.IGNORECASE)
_HELD_OUT = frozenset(("validation", "valid", "val", "test", "testing", "dev", "holdout", "held_out"))
_SPLIT_NAME = re.compile(r".*(split|subset|partition|fold|train|test|valid|holdout).*", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class ClassTarget:
    """A target of classes: the code of each kept row, and the classes' names."""

    codes: IntArray
    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Survey:
    """A table understood.

    Parameters
    ----------
    columns : tuple of Column
    kept : (n,) bool
        Rows that are used: their target is there and, where bad rows are skipped, all cells can be read.
    targets : tuple of int
        Target columns, by index from 0.
    warnings : tuple of DataWarning
    """

    columns: tuple[Column, ...]
    kept: BoolArray
    targets: tuple[int, ...]
    warnings: tuple[DataWarning, ...]


def survey(table: Table, options: ReadOptions, watch: Watch) -> Survey:
    """Give each column its role and type, and collect what should be told.

    Raises
    ------
    DatasetError
        ``unknown_column`` when the options name a column that is not there.
    """
    names = [column.name for column in table.columns]
    roles: dict[int, Role] = {find_column(key, names): role for key, role in options.roles.items()}
    rows = len(table.lines)
    types: list[ColumnType] = []
    for place, column in enumerate(table.columns):
        types.append(guess_type(column, rows, place))
        watch.tick()
    targets = _targets(table, types, roles, names, options)
    for place in targets:
        roles[place] = "target"
        if types[place] in ("text", "id", "date"):
            types[place] = "number" if table.columns[place].levels is None else "category"
    usable = sum(1 for place, kind in enumerate(types) if kind == "number" and place not in targets)
    for place, kind in enumerate(types):
        # A lone running number is the only thing there is to learn from.
        if kind == "id" and table.columns[place].levels is None and place not in roles and usable == 0:
            types[place] = "number"
    automatic = {place for place in range(len(names)) if place not in roles}
    for place in automatic:
        roles[place] = "feature" if types[place] in ("number", "category") else "skip"
    for place, role in roles.items():
        if role == "feature" and types[place] in ("text", "date", "id"):
            types[place] = "number" if table.columns[place].levels is None else "category"

    kept = np.ones(rows, dtype=np.bool_)
    for place, column in enumerate(table.columns):
        if roles[place] != "skip" and column.bad:
            kept[[row for row, _ in column.bad]] = False
    unreadable = ~kept
    for place in targets:
        kept &= _present(table.columns[place])
    columns, warnings = _describe(table, types, roles, kept, unreadable, automatic, watch)
    return Survey(tuple(columns), kept, targets, tuple([*table.warnings, *warnings]))


def first_bad_cell(table: Table, survey: Survey) -> DatasetError | None:
    """Make the error for the first unreadable cell of the columns in use, by line and then by column."""
    first = None
    for column, raw in zip(survey.columns, table.columns, strict=True):
        if column.role != "skip" and raw.bad:
            row, text = raw.bad[0]
            if first is None or row < first[0]:
                first = (row, column, text)
    if first is None:
        return None
    row, column, text = first
    line = int(table.lines[row])
    return DatasetError("bad_number", line=line, column=column.index, name=column.name, text=text)


def guess_type(column: RawColumn, rows: int, place: int) -> ColumnType:
    """Say what a column holds, by the rules of the field rather than by its name."""
    if column.levels is not None:
        codes = column.values
        known = int((codes != -1).sum())
        levels = int(np.unique(codes[codes != -1]).size)
        if known == 0:
            return "empty"
        few = levels <= min(MAX_CATEGORY_LEVELS, rows**0.7)
        if column.declared and not column.in_order:
            return "category"
        if column.declared:
            # Files declare row names as categories too; such a "category" has a level for nearly every row.
            return "id" if levels >= 0.9 * known and levels > 10 else "category"
        dates = sum(map(is_date, column.levels))
        if dates >= 0.95 * len(column.levels):
            return "date"
        if few:
            return "category"
        one_word = not any(" " in level for level in column.levels)
        return "id" if one_word and levels >= 0.95 * known and (codes != -2).all() else "text"
    values = column.values
    if len(values) == 0:
        return "empty"
    if values.dtype.kind == "f" and np.isnan(values).all() and not column.infinite and not column.bad:
        return "empty"
    if column.declared:
        return "number"
    return "id" if _is_number_id(column.name, values, place) else "number"


def _is_number_id(name: str, values: AnyArray, place: int) -> bool:
    """Whether whole numbers count the rows, or are all different and called an id."""
    if len(values) < 10 or values[0] != np.round(values[0]):
        return False
    by_name = _ID_NAME.fullmatch(name.strip()) is not None
    counts = place == 0 and values[0] in (0, 1) and values[-1] == values[0] + len(values) - 1
    if not (by_name or counts):
        return False
    if counts and (np.diff(values) == 1).all():
        return True
    whole = bool((values == np.round(values)).all())
    return by_name and whole and np.unique(values).size == len(values)


def _targets(
    table: Table, types: Sequence[ColumnType], roles: dict[int, Role], names: list[str], options: ReadOptions
) -> tuple[int, ...]:
    chosen = options.target
    if chosen is not None:
        keys: Iterable[str | int] = [chosen] if isinstance(chosen, str | int) else chosen
        return tuple(dict.fromkeys(find_column(key, names) for key in keys))
    by_role = tuple(place for place, role in sorted(roles.items()) if role == "target")
    if by_role:
        return by_role
    if table.targets:
        return table.targets
    free = [place for place in range(len(names)) if place not in roles and types[place] != "empty"]
    by_name = {names[place].strip().casefold(): place for place in free}
    for name in TARGET_NAMES:
        if name in by_name:
            return (by_name[name],)
    return (free[-1],) if free else ()


def _present(column: RawColumn) -> BoolArray:
    values = column.values
    present: BoolArray = ~np.isnan(values) if column.levels is None else values != -1
    return present


def _describe(
    table: Table,
    types: Sequence[ColumnType],
    roles: dict[int, Role],
    kept: BoolArray,
    unreadable: BoolArray,
    automatic: set[int],
    watch: Watch,
) -> tuple[list[Column], list[DataWarning]]:
    columns: list[Column] = []
    count = int(kept.sum())
    infinite_cells: list[tuple[int, int]] = []
    missing_cells: list[tuple[int, int]] = []
    missing_count = 0
    noted: dict[str, list[Column]] = {
        kind: []
        for kind in (
            *("id_like_column", "text_column_skipped", "all_missing_column"),
            *("mostly_missing", "constant_column"),
        )
    }
    skipping = {"id": "id_like_column", "text": "text_column_skipped", "date": "text_column_skipped"}
    for place, raw in enumerate(table.columns):
        watch.tick()
        role, kind = roles[place], types[place]
        used = raw.values if count == len(kept) else raw.values[kept]
        gaps = raw.missing() if count == len(kept) else raw.missing()[kept]
        missing = int(gaps.sum())
        levels: tuple[str, ...] = ()
        low = high = None
        if raw.levels is not None:
            present = np.unique(used[used >= 0])
            if kind == "category":
                found = [raw.levels[code] for code in present]
                by_code = tuple(found) if raw.in_order else class_order([raw.levels[c] for c in _seen(used)])
                levels = by_code
            constant = present.size == 1 and not (used == -2).any()
        else:
            numbers = used[~np.isnan(used)]
            if numbers.size:
                low, high = float(numbers.min()), float(numbers.max())
            constant = low is not None and low == high
        column = Column(raw.name, place + 1, role, kind, missing, levels, low, high)
        columns.append(column)
        if role == "target":
            infinite_cells += [(int(table.lines[row]), place + 1) for row in raw.infinite]
            continue
        if role == "skip" and place not in automatic:
            continue
        infinite_cells += [(int(table.lines[row]), place + 1) for row in raw.infinite if not unreadable[row]]
        missing_count += missing
        if missing and len(missing_cells) < 100 * SHOWN_PLACES:
            lines = table.lines[kept][gaps][:SHOWN_PLACES]
            missing_cells += [(int(line), place + 1) for line in lines]
        if kind == "empty" and place in automatic:
            noted["all_missing_column"].append(column)
        elif missing > count / 2:
            noted["mostly_missing"].append(column)
        if role == "skip" and kind in skipping:
            noted[skipping[kind]].append(column)
        if role == "feature" and constant:
            noted["constant_column"].append(column)

    warnings = _row_warnings(table, kept, unreadable)
    if infinite_cells:
        warnings.append(_cell_warning("non_finite", infinite_cells, len(infinite_cells)))
    if missing_count:
        warnings.append(_cell_warning("missing_values", missing_cells, missing_count))
    warnings += [_column_warning(kind, found) for kind, found in noted.items() if found]
    return columns, warnings


def _seen(codes: AnyArray) -> AnyArray:
    """Distinct codes in the order in which they first come."""
    known = codes[codes >= 0]
    distinct, first = np.unique(known, return_index=True)
    ordered: AnyArray = distinct[np.argsort(first)]
    return ordered


def _row_warnings(table: Table, kept: BoolArray, unreadable: BoolArray) -> list[DataWarning]:
    bad_lines = [problem.line or 0 for problem in table.problems] + table.lines[unreadable].tolist()
    no_target = table.lines[~kept & ~unreadable].tolist()
    found = (("bad_rows_skipped", sorted(bad_lines)), ("target_missing", no_target))
    return [
        DataWarning(kind, {"count": len(lines), "line": int(lines[0]), "lines": lines[:SHOWN_PLACES]})
        for kind, lines in found
        if lines
    ]


def _cell_warning(kind: str, cells: list[tuple[int, int]], count: int) -> DataWarning:
    cells = sorted(cells)[:SHOWN_PLACES]
    return DataWarning(kind, {"count": count, "line": cells[0][0], "column": cells[0][1], "cells": cells})


def _column_warning(kind: str, columns: list[Column]) -> DataWarning:
    names = [column.name for column in columns]
    return DataWarning(
        kind,
        {
            "column": columns[0].index,
            "columns": names,
            "columns_index": [column.index for column in columns],
            "names": ", ".join(names[:10]) + (f" … ({len(names)})" if len(names) > 10 else ""),
        },
    )


def class_target(
    table: Table, survey: Survey, forced: Literal["number", "category"] | None
) -> ClassTarget | None:
    """Read the one target as classes, or None when it is to be read as a number.

    Raises
    ------
    DatasetError
        ``target_single_class`` or ``target_too_many_classes``.
    """
    column = survey.columns[survey.targets[0]]
    raw = table.columns[survey.targets[0]]
    values = raw.values[survey.kept]
    if raw.levels is not None:
        if (values == -2).any():
            raise _too_many(column, len(raw.levels), len(values))
        index = {level: code for code, level in enumerate(column.levels)}
        codes = np.array([index.get(level, -1) for level in raw.levels], dtype=np.int64)[values]
        names = column.levels
    else:
        if forced == "number":
            return None
        whole = bool((values == np.round(values)).all()) and bool((np.abs(values) < 2**53).all())
        # A sample decides first, for sorting a million distinct numbers would be in vain.
        few = np.unique(values[:2_000]).size <= MAX_INTEGER_CLASSES
        if forced == "category":
            few = whole = True
        if not (whole and few):
            return None
        distinct, codes = np.unique(values, return_inverse=True)
        limit = MAX_CLASSES if forced == "category" else MAX_INTEGER_CLASSES
        if len(distinct) > limit or (forced is None and 2 < len(distinct) == len(values)):
            if forced == "category":
                raise _too_many(column, len(distinct), len(values))
            return None
        names = tuple(str(int(value)) if value == int(value) else str(value) for value in distinct.tolist())
    if len(names) < 2:
        raise DatasetError("target_single_class", name=column.name, text=names[0], column=column.index)
    if (
        len(names) > MAX_CLASSES
        or 2 < len(names) == len(values)
        or (len(names) > 20 and 2 * len(names) > len(values))
    ):
        raise _too_many(column, len(names), len(values))
    return ClassTarget(codes.astype(np.int64), names)


def _too_many(column: Column, count: int, rows: int) -> DatasetError:
    return DatasetError(
        "target_too_many_classes", name=column.name, count=count, rows=rows, column=column.index
    )


def target_kind(classes: ClassTarget | None) -> Kind:
    """Name the kind of target: regression without classes, binary with two."""
    if classes is None:
        return "regression"
    return "binary" if len(classes.names) == 2 else "multiclass"


def split_mask(raw: RawColumn) -> BoolArray | None:
    """Which rows a column holds out for validation, or None if it is not about that.

    Such a column has two or three different values, some of them ``validation``, ``test`` or the like;
    or it is called so and holds 0 and 1.
    """
    values = raw.values
    if raw.levels is not None:
        words = [level.casefold() for level in raw.levels]
        held_out = np.array([word in _HELD_OUT for word in words] + [False])
        if not 2 <= len(words) <= 3 or not held_out.any() or held_out[:-1].all():
            return None
        mask: BoolArray = held_out[values]
        return mask
    if not _SPLIT_NAME.fullmatch(raw.name) or not np.isin(values, (0.0, 1.0)).all():
        return None
    mask = values == (0.0 if "train" in raw.name.casefold() else 1.0)
    return mask if 0 < mask.sum() < len(mask) else None
