"""What the columns of a table are: feature, target or skipped; number, category or something else.

The rules are guesses a person can overrule with `ReadOptions.roles` and `types`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.arrays import AnyArray, BoolArray, IntArray
from engine.data import dates
from engine.data.cells import as_text
from engine.data.data_warning import DataWarning
from engine.data.dataset import Column, ColumnType, Kind, Role, class_order
from engine.data.doubt import Guess, Reading
from engine.data.numerals import BARE, read_numeral
from engine.data.options import ReadOptions, TypeChoice, Watch
from engine.data.table import RawColumn, Table, find_column
from engine.errors import QT_TRANSLATE_NOOP, DatasetError

MAX_CATEGORY_LEVELS = 50
MAX_INTEGER_CLASSES = 20
MAX_CLASSES = 1_000
MAX_ENCODED_LEVELS = 1_000
"""Levels of a category that a person insists on; each becomes an input."""

SHOWN_PLACES = 1_000
"""Cells or lines a warning lists; it counts all."""

MOST_EXACT = 2**53
"""Greater whole numbers lose digits."""

MIN_AMOUNTS = 10
"""Different numbers that make those of a column amounts rather than marks."""

_NAMES_OF_TARGETS = """
target|label|class|y|class label|target class|类别|标签|目标|分类|类|labels|targets|classes
target variable|klasse|classe|clase|klasa|třída|sınıf|zielvariable|zielgröße|ziel|cible
étiquette|objetivo|etiqueta|obiettivo|alvo|rótulo|doel|hedef|cíl|класс|метка|цель|κλάση
στόχος|類別|標籤|目標|クラス|ラベル|ターゲット|目的変数|목표|라벨|레이블|클래스|타깃|타겟|목표변수|분류
species|diagnosis|survived|outcome|churn|diagnose|survival|is fraud|fraud|spam|sentiment
sale price|saleprice|response|dependent|exited|attrition|approved|passed
result|结果|結果|결과|ergebnis|résultat|resultado|risultato|wynik|sonuç|výsledek|результат
output|quality|price|preis|prix|precio|preço|prezzo|cena|prijs|fiyat|цена|价格|價格|価格|가격
category|type|类型|類型|種類|종류
"""
TARGET_NAMES = tuple(re.split(r"[|\n]+", _NAMES_OF_TARGETS.strip()))
"""What a column of targets is called, the likeliest first."""

_WEAK_TARGET_NAMES = frozenset(TARGET_NAMES[TARGET_NAMES.index("result") :])
_ID_NAME = re.compile(
    r"(.*[_\W])?(id|uid|uuid|guid|index|idx|rownames?|row|row[_ ]?(no|number|names?)|nr|no)\.?"
    r"|(?-i:[a-z]+I[dD])|编号|序号|編號|番号|번호|№|#|unnamed: \d+(_level_\d+)?|__index_level_\d+__",
    re.IGNORECASE,
)
_KEY_NAME = re.compile(
    r"(.*[_\W])?(id|uid|uuid|guid)|(?-i:[a-z]+I[dD])|编号|序号|編號|unnamed: \d+|__index_level_\d+__",
    re.IGNORECASE,
)
_NO_TARGET_NAME = re.compile(
    r"(.*[_\W])?(years?|dates?|times?|timestamp|months?|days?|weekday|hours?|week|quarter|lat|latitude|lon|lng"
    r"|longitude|zip|zipcode|postcode|phone|fold|split|seed|yr|jahr|datum|monat|tag|année|fecha|año|anno)"
    r"|年|年份|日期|时间|月|月份|日|年度|연도|날짜|год|дата",
    re.IGNORECASE,
)
_DATE_NAME = re.compile(r".*(date|datum|day|fecha|日期|日付|날짜|дата).*", re.IGNORECASE)
_TIME_NAME = re.compile(
    r".*(time|date|epoch|unix|utc|moment|when|zeit|datum|fecha|hora|heure|created|updated|modified|时间|時間"
    r"|時刻|日期|日時|시간|시각|дата|время).*|(.*[_\W])?(ts|at|stamp|day|t)|(?-i:[a-z]+At)",
    re.IGNORECASE,
)
_HELD_OUT = frozenset(("validation", "valid", "val", "test", "testing", "dev", "holdout", "held_out"))
_TRAINED_ON = frozenset(("train", "training", "learn", "learning", "fit", "development"))
_SPLIT_NAME = re.compile(r".*(split|subset|partition|fold|train|test|valid|holdout).*", re.IGNORECASE)
_ONLY_SPLIT_NAME = re.compile(
    r"(is[_ ]?)?(split|subset|partition|train|test|valid|validation|holdout)([_ ]?(set|split|mask))?",
    re.IGNORECASE,
)
_FOLD_NAME = re.compile(
    r"(cv|kfold|k|outer|inner)?[_ -]?folds?([_ -]?(id|no|nr|number|index))?", re.IGNORECASE
)
_SENTINELS = frozenset(
    (-1.0, -9.0, -99.0, -999.0, -9999.0, -99999.0, -999.25, 99.0, 999.0, 9999.0, 99999.0, 999999.0)
)


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
    guesses : tuple of Guess
        What was guessed, the close ones among the warnings too.
    """

    columns: tuple[Column, ...]
    kept: BoolArray
    targets: tuple[int, ...]
    warnings: tuple[DataWarning, ...]
    guesses: tuple[Guess, ...] = ()


def survey(table: Table, options: ReadOptions, watch: Watch) -> Survey:
    """Give each column its role and type, and collect what should be told.

    Raises
    ------
    DatasetError
        ``unknown_column`` when the options name a column that is not there.
    """
    names = [column.name for column in table.columns]
    roles: dict[int, Role] = {**{p: r for p, r in table.roles.items() if r != "target"}}
    roles |= {find_column(key, names): role for key, role in options.roles.items()}
    chosen_types = {find_column(key, names): kind for key, kind in options.types.items()}
    rows = len(table.lines)
    types: list[ColumnType] = []
    for place, column in enumerate(table.columns):
        chosen = chosen_types.get(place)
        if chosen in ("date", "date_parts"):
            _become_date(column)
        kind = guess_type(column, rows, place)
        if chosen == "date_parts" and column.is_date:
            kind = "date_parts"
        types.append(kind)
        watch.tick()
    splits = {
        place
        for place, column in enumerate(table.columns)
        if place not in roles and place not in chosen_types and says_only_split(column)
    }
    targets, told = _targets(table, types, roles, names, options, splits)
    splits -= set(targets)
    for place in targets:
        roles[place] = "target"
        if types[place] in ("text", "id", "date"):
            types[place] = "number" if table.columns[place].levels is None else "category"
    usable = sum(
        1
        for place, kind in enumerate(types)
        if kind in ("number", "category", "date", "date_parts")
        and place not in splits
        and place not in targets
    )
    for place, kind in enumerate(types):
        # A lone running number is the only thing there is to learn from.
        if kind == "id" and table.columns[place].levels is None and place not in roles and usable == 0:
            types[place] = "number"
    automatic = {place for place in range(len(names)) if place not in roles}
    for place in automatic:
        wanted = types[place] in ("number", "category", "date", "date_parts") and place not in splits
        roles[place] = "feature" if wanted else "skip"
    for place, role in roles.items():
        if role == "feature" and types[place] in ("text", "id"):
            types[place] = "number" if table.columns[place].levels is None else "category"

    kept = np.ones(rows, dtype=np.bool_)
    for place, column in enumerate(table.columns):
        if roles[place] != "skip" and column.bad:
            kept[[row for row, _ in column.bad]] = False
    unreadable = ~kept
    for place in targets:
        kept &= _present(table.columns[place])
    columns, warnings = _describe(table, types, roles, kept, unreadable, automatic - splits, watch)
    doubts = [
        guess
        for guess in table.guesses
        if guess.column is None or guess.about in ("missing", "type") or roles[guess.column - 1] != "skip"
    ]
    doubts += [*told[1], *_sentinels(table, columns), *_moments(table, columns)]
    if splits:
        warnings.append(_column_warning("split_column_found", [columns[place] for place in sorted(splits)]))
    in_doubt = [warning for guess in doubts if (warning := guess.warning) is not None]
    everything = (
        *table.warnings,
        *told[0],
        *in_doubt,
        *warnings,
        *_dressed(table, columns),
        *_alike(columns),
    )
    return Survey(tuple(columns), kept, targets, everything, tuple(doubts))


def _dressed(table: Table, columns: Sequence[Column]) -> list[DataWarning]:
    """Tell of numbers that lost what stood around them."""
    used = [
        (column, raw) for column, raw in zip(columns, table.columns, strict=True) if column.role != "skip"
    ]
    units = [(column, raw) for column, raw in used if raw.dress != BARE]
    warnings = []
    if units:
        warnings.append(_column_warning("units_removed", [column for column, _ in units]))
        shown = [f"{column.name} ({''.join(raw.dress)})" for column, raw in units]
        warnings[0].details["names"] = ", ".join(shown)  # type: ignore[index]
    if zeros := [column for column, raw in used if raw.zeros]:
        warnings.append(_column_warning("leading_zeros", zeros))
    return warnings


def _alike(columns: Sequence[Column]) -> list[DataWarning]:
    """Tell of labels that differ in capitals alone, and are hardly different ones."""
    found, examples = [], []
    for column in columns:
        if column.role == "skip" or column.type != "category":
            continue
        by_small: dict[str, str] = {}
        for level in column.levels:
            other = by_small.setdefault(" ".join(level.casefold().split()), level)
            if other != level:
                found.append(column)
                examples.append(f"{other}, {level}")
                break
    if not found:
        return []
    warning = _column_warning("labels_alike", found)
    return [DataWarning("labels_alike", {**warning.details, "examples": "; ".join(examples[:3])})]


def _sentinels(table: Table, columns: Sequence[Column]) -> list[Guess]:
    """Numbers such as -999 among 7 to 15, which hardly are measured."""
    guesses = []
    for column, raw in zip(columns, table.columns, strict=True):
        if column.role == "skip" or column.type != "number" or raw.levels is not None or raw.declared:
            continue
        for extreme in (column.low, column.high):
            if extreme in _SENTINELS and _stands_apart(raw.values, extreme):
                text = as_text(extreme)
                other = Reading(QT_TRANSLATE_NOOP("errors", "missing"), {"missing": (text,)})
                guesses.append(
                    Guess(
                        "missing",
                        Reading(QT_TRANSLATE_NOOP("errors", "a number")),
                        other,
                        text,
                        True,
                        column.index,
                        column.name,
                    )
                )
                break
    return guesses


def _moments(table: Table, columns: Sequence[Column]) -> list[Guess]:
    """Numbers that may count seconds since 1970, in columns that are called like a time."""
    guesses = []
    for column, raw in zip(columns, table.columns, strict=True):
        if column.role != "feature" or column.type != "number" or raw.declared or raw.levels is not None:
            continue
        if not _TIME_NAME.fullmatch(column.name.strip()) or dates.unix_units(raw.values) is None:
            continue
        first = raw.values[~np.isnan(raw.values) & (raw.values != 0)][:1]
        days = dates.of_numbers(first)
        assert days is not None
        taken = Reading(QT_TRANSLATE_NOOP("errors", "a number"))
        other = Reading(dates.day_text(float(days[0])), {"types": {column.name: "date"}})
        guesses.append(
            Guess("times", taken, other, as_text(float(first[0])), True, column.index, column.name)
        )
    return guesses


def _stands_apart(values: AnyArray, extreme: float) -> bool:
    """Whether a value lies far beyond all others, and comes again or is written like no other."""
    rest = values[~np.isnan(values) & (values != extreme)]
    if rest.size < 3:
        return False
    low, high = float(rest.min()), float(rest.max())
    gap = low - extreme if extreme < low else extreme - high
    spread = max(high - low, abs(high), abs(low))
    again = int((values == extreme).sum()) > 1
    negative = extreme < 0 <= low
    if extreme == -1.0 and np.unique(rest[:2_000]).size < MIN_AMOUNTS:
        return False  # one of a few whole numbers, such as -1, 0 and 1
    share = 2.0 if not (negative and again) else 0.5 if extreme < -1.0 else 0.3
    return gap > share * spread and (again or negative or gap > 5 * spread)


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
        if few:
            return "category"
        one_word = not any(" " in level or read_numeral(level) for level in column.levels)
        return "id" if one_word and levels >= 0.95 * known and (codes != -2).all() else "text"
    values = column.values
    if len(values) == 0:
        return "empty"
    if column.is_date:
        return "empty" if np.isnan(values).all() and not column.bad else "date"
    if not column.declared and _DATE_NAME.fullmatch(column.name) and dates.is_written_as_number(values):
        _become_date(column)
        return "date"
    if values.dtype.kind == "f" and np.isnan(values).all() and not column.infinite and not column.bad:
        return "empty"
    if column.declared:
        return "number"
    return "id" if _is_number_id(column, values, place) else "number"


def _become_date(column: RawColumn) -> None:
    """Read numbers as dates, if they can be."""
    if column.levels is None and not column.is_date:
        days = dates.of_numbers(column.values)
        if days is not None:
            column.parts, column.is_date = [days], True


def _is_number_id(column: RawColumn, values: AnyArray, place: int) -> bool:
    """Whether whole numbers count the rows, or are called an id."""
    if len(values) < 10 or values[0] != np.round(values[0]):
        return False
    name = column.name.strip()
    if np.nanmin(values) >= MOST_EXACT and bool((values == np.round(values)).all()):
        return True  # more digits than a number keeps: a key
    unnamed = column.unnamed and place == 0
    by_name = _ID_NAME.fullmatch(name) is not None
    first = place == 0 and not np.isnan(values[:1]).any()
    if not (by_name or unnamed or first) or not bool((values == np.round(values)).all()):
        return False
    if unnamed:
        # Row numbers of pandas and R, of all rows or of some, in any order.
        return bool((values >= 0).all())
    distinct = np.unique(values).size
    if by_name and distinct == len(values):
        return True
    if _KEY_NAME.fullmatch(name):
        return distinct >= 10 and distinct > len(values) / 50
    low = values.min()
    return distinct == len(values) and low in (0, 1) and values.max() == low + len(values) - 1


def _targets(
    table: Table,
    types: Sequence[ColumnType],
    roles: dict[int, Role],
    names: list[str],
    options: ReadOptions,
    splits: set[int],
) -> tuple[tuple[int, ...], tuple[list[DataWarning], list[Guess]]]:
    """The target columns, and what is to be told of the choice."""
    chosen = options.target
    if chosen is not None:
        keys: Iterable[str | int] = [chosen] if isinstance(chosen, str | int) else chosen
        return tuple(dict.fromkeys(find_column(key, names) for key in keys)), ([], [])
    by_role = tuple(place for place, role in sorted(roles.items()) if role == "target")
    if by_role:
        return by_role, ([], [])
    declared = tuple(place for place in table.targets if place not in roles)
    if declared:
        return declared, ([], [])
    free = [
        place
        for place in range(len(names))
        if place not in roles and types[place] != "empty" and place not in splits
    ]
    plain = {re.sub(r"[_\W]+", " ", names[place]).strip().casefold(): place for place in free}
    passed: list[int] = []
    for name in TARGET_NAMES:
        if name not in plain:
            continue
        place = plain[name]
        sure = name not in _WEAK_TARGET_NAMES
        if _can_be_learnt(table.columns[place], types[place]) or (
            sure and _is_one_class(table.columns[place])
        ):
            return (place,), _told(place, passed, table, types, names, free, name)
        passed.append(place)
    for place in reversed(free):
        if _can_be_learnt(table.columns[place], types[place]) and not _NO_TARGET_NAME.fullmatch(
            names[place].strip()
        ):
            return (place,), _told(place, passed, table, types, names, free, "")
        passed.append(place)
    # Nothing that one would choose: what can be learnt at all, or else what there is.
    for place in reversed(free):
        if _can_be_learnt(table.columns[place], types[place]):
            return (place,), _told(place, [p for p in passed if p > place], table, types, names, free, "")
    return ((free[-1],) if free else ()), ([], [])


def _told(
    taken: int,
    passed: Sequence[int],
    table: Table,
    types: Sequence[ColumnType],
    names: Sequence[str],
    free: Sequence[int],
    name: str,
) -> tuple[list[DataWarning], list[Guess]]:
    warnings = []
    over = [place for place in dict.fromkeys(passed) if place != taken]
    if over:
        details = {"name": ", ".join(names[p] for p in over), "taken": names[taken], "column": over[0] + 1}
        warnings.append(DataWarning("target_passed_over", details))
    last = free[-1]
    other = Reading(names[last], {"target": names[last]}) if last != taken else None
    close = (
        other is not None
        and taken > 0
        and name in _WEAK_TARGET_NAMES
        and _can_be_learnt(table.columns[last], types[last])
        and not _NO_TARGET_NAME.fullmatch(names[last].strip())
    )
    reading = Reading(names[taken], {"target": names[taken]})
    if group := _one_hot_group(taken, table, free):
        # Inputs that say by what they leave out what the target is would make learning it a sham
        together = tuple(names[place] for place in group)
        other, close = Reading(", ".join(together), {"target": together}), True
    return warnings, [Guess("target", reading, other, names[taken], close, taken + 1, names[taken])]


def _one_hot_group(taken: int, table: Table, free: Sequence[int]) -> tuple[int, ...]:
    """The neighbouring columns of 0 and 1, the target among them, of which each row has a 1 in just one."""

    def marks(place: int) -> AnyArray | None:
        column = table.columns[place]
        sure = place in free and column.levels is None and not column.is_date
        return column.values if sure and bool(np.isin(column.values, (0.0, 1.0)).all()) else None

    total = marks(taken)
    first, place = taken, taken - 1
    while (
        total is not None
        and place >= max(0, taken - MAX_CATEGORY_LEVELS)
        and (before := marks(place)) is not None
    ):
        total, first, place = total + before, place, place - 1
        if taken - first > 1 and bool((total == 1).all()):
            return tuple(range(first, taken + 1))
    return ()


def _can_be_learnt(column: RawColumn, kind: ColumnType) -> bool:
    """Whether a column can be a target: numbers or a few classes, at least two different ones."""
    if kind not in ("number", "category"):
        return False
    values = column.values
    if column.levels is None:
        known = values[~np.isnan(values)] if values.dtype.kind == "f" else values
        return known.size > 1 and bool((known != known[0]).any())
    known = values[values >= 0]
    count = int(np.unique(known).size)
    return count > 1 and not 2 < count == known.size and (count <= 20 or 2 * count <= known.size)


def _is_one_class(column: RawColumn) -> bool:
    """Whether a column that is called a target names one class only; a person should hear of that."""
    return column.levels is not None and np.unique(column.values[column.values >= 0]).size == 1


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
    skipping = {"id": "id_like_column", "text": "text_column_skipped"}
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
        if kind == "empty" and role == "skip":
            missing = 0  # which is told of the column
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


def class_target(table: Table, survey: Survey, forced: TypeChoice | None) -> ClassTarget | None:
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


def target_kind(classes: ClassTarget | None, numbers: Sequence[AnyArray] = ()) -> Kind:
    """Name the kind of target: binary with two classes; without classes by the columns of its `numbers`.

    Several that hold nothing but 0 and 1 are labels, any of which a row may have; else it is regression.
    """
    if classes is not None:
        return "binary" if len(classes.names) == 2 else "multiclass"
    if len(numbers) > 1 and all(bool(np.isin(column, (0.0, 1.0)).all()) for column in numbers):
        return "multilabel"
    return "regression"


def says_only_split(raw: RawColumn) -> bool:
    """Whether a column tells rows to train on from rows held out, and nothing else."""
    if _numbers_folds(raw):
        return True
    if split_mask(raw) is None:
        return False
    if raw.levels is None:
        return _ONLY_SPLIT_NAME.fullmatch(raw.name.strip()) is not None
    words = {level.casefold() for level in raw.levels}
    return words <= _HELD_OUT | _TRAINED_ON


def _numbers_folds(raw: RawColumn) -> bool:
    """Whether a column gives each row the number of the part that it is in, for cross-validation."""
    if raw.levels is not None or not _FOLD_NAME.fullmatch(raw.name.strip()) or not len(raw.values):
        return False
    parts = np.unique(raw.values)
    return bool((parts == np.round(parts)).all()) and 2 <= parts.size <= MAX_INTEGER_CLASSES


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
