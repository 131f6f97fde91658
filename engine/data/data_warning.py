"""What a reader noticed and could deal with: kept beside the data, shown to the person, never printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from engine.digits import fill
from engine.errors import QT_TRANSLATE_NOOP


@dataclass(frozen=True)
class DataWarning:
    """One thing noticed in a data set.

    Parameters
    ----------
    kind : str
        A key of `templates`; a stable name that programs look at.
    details : mapping
        What the template names, and more for programs: ``count``, ``lines`` (physical, 1-based),
        ``columns`` (names), ``columns_index`` (1-based) and ``cells`` (pairs of line and column).
    """

    kind: str
    details: Mapping[str, Any] = field(default_factory=dict)

    templates: ClassVar[dict[str, str]] = {
        "non_finite": QT_TRANSLATE_NOOP(
            "errors", "{count} cells hold an infinite number, the first on line {line}; taken as missing."
        ),
        "missing_values": QT_TRANSLATE_NOOP(
            "errors", "{count} cells are missing, the first on line {line}; the rows are kept."
        ),
        "target_missing": QT_TRANSLATE_NOOP(
            "errors", "{count} rows have no target, the first on line {line}; they are left out."
        ),
        "bad_rows_skipped": QT_TRANSLATE_NOOP(
            "errors", "{count} unreadable rows are left out, the first on line {line}."
        ),
        "integer_classes": QT_TRANSLATE_NOOP(
            "errors", "The {count} whole numbers of the targets are taken for classes, not for amounts."
        ),
        "duplicate_header": QT_TRANSLATE_NOOP(
            "errors", "The column name '{name}' comes more than once; later ones got a number: {names}."
        ),
        "empty_header": QT_TRANSLATE_NOOP("errors", "A column has no name and is called {names}."),
        "id_like_column": QT_TRANSLATE_NOOP(
            "errors", "Skipped, since it tells the rows apart rather than describing them: {names}."
        ),
        "text_column_skipped": QT_TRANSLATE_NOOP("errors", "Skipped, since it holds text: {names}."),
        "all_missing_column": QT_TRANSLATE_NOOP("errors", "Skipped, since every cell is missing: {names}."),
        "mostly_missing": QT_TRANSLATE_NOOP("errors", "More than half of the cells are missing: {names}."),
        "extra_columns": QT_TRANSLATE_NOOP(
            "errors", "The network takes no notice of these columns, which training had not: {names}."
        ),
        "unknown_level": QT_TRANSLATE_NOOP(
            "errors",
            "{count} cells hold a value that training had not, the first on line {line} ('{text}' in "
            "{name}); taken as missing.",
        ),
        "unknown_class": QT_TRANSLATE_NOOP(
            "errors",
            "{count} rows are of a class that training had not, the first on line {line} ('{text}' in "
            "{name}).",
        ),
        "rows_without_target": QT_TRANSLATE_NOOP(
            "errors", "{count} rows have no target to compare with, the first on line {line}."
        ),
        "encoding_guessed": QT_TRANSLATE_NOOP(
            "errors", "Read as {encoding}, since it is no UTF-8; it gives words such as {words}."
        ),
        "lines_left_out": QT_TRANSLATE_NOOP(
            "errors",
            "{count} lines are no part of the table (titles, units, repeated headers, totals or notes) "
            "and are left out: line {numbers}.",
        ),
        "weights_left_out": QT_TRANSLATE_NOOP(
            "errors", "Each row counts as one: the weights of rows, the first on line {line}, are not used."
        ),
        "arrays_left_out": QT_TRANSLATE_NOOP("errors", "Arrays of the file that are not used: {names}."),
        "test_rows_marked": QT_TRANSLATE_NOOP(
            "errors", "The file holds {count} rows for testing; they are read too, and marked by '{name}'."
        ),
        "target_passed_over": QT_TRANSLATE_NOOP(
            "errors", "'{taken}' is taken as the target, for '{name}' hardly is one."
        ),
        "labels_alike": QT_TRANSLATE_NOOP(
            "errors",
            "Labels that differ in capitals or blanks alone are taken for different: {examples} in {names}.",
        ),
        "leading_zeros": QT_TRANSLATE_NOOP(
            "errors",
            "Read as numbers, so that zeros before them are lost; choose category for codes: {names}.",
        ),
        "units_removed": QT_TRANSLATE_NOOP("errors", "Read as numbers without their unit: {names}."),
        "split_column_found": QT_TRANSLATE_NOOP(
            "errors", "Not an input, since it says which rows are held out: {names}."
        ),
        "ambiguous_encoding": QT_TRANSLATE_NOOP(
            "errors",
            "The letters may be in {first} or in {second}: {evidence}. Read as {first}; {option} reads them "
            "the other way.",
        ),
        "ambiguous_delimiter": QT_TRANSLATE_NOOP(
            "errors",
            "Fields may be parted by '{first}' or by '{second}'. Read with '{first}'; {option} reads the "
            "file the other way.",
        ),
        "ambiguous_header": QT_TRANSLATE_NOOP(
            "errors",
            "The first row may name the columns or be data: {evidence}. Read as {first}; {option} reads it "
            "the other way.",
        ),
        "ambiguous_thousands": QT_TRANSLATE_NOOP(
            "errors",
            "In '{name}', {evidence} may be {first} or {second}. Read as {first}; {option} reads it the "
            "other way.",
        ),
        "ambiguous_dates": QT_TRANSLATE_NOOP(
            "errors",
            "In '{name}', {evidence} may be {first} or {second}. Read as {first}; {option} reads it the "
            "other way.",
        ),
        "ambiguous_date_forms": QT_TRANSLATE_NOOP(
            "errors",
            "'{name}' has dates that are written in several ways, such as {evidence}. Read as {first}; "
            "{option} reads it the other way.",
        ),
        "ambiguous_times": QT_TRANSLATE_NOOP(
            "errors",
            "In '{name}', {evidence} may be {first} or {second}, counted from 1970. Read as {first}; "
            "{option} reads it the other way.",
        ),
        "ambiguous_missing": QT_TRANSLATE_NOOP(
            "errors",
            "In '{name}', {evidence} may stand for a missing value. Read as {first}; {option} reads it "
            "the other way.",
        ),
        "ambiguous_sheet": QT_TRANSLATE_NOOP(
            "errors", "Several sheets hold a table. '{first}' is read; {option} reads '{second}'."
        ),
        "ambiguous_target": QT_TRANSLATE_NOOP(
            "errors",
            "The target may be '{first}' or '{second}'. '{first}' is taken; {option} takes the other.",
        ),
        "ambiguous_type": QT_TRANSLATE_NOOP(
            "errors",
            "'{name}' may hold text, or numbers with mistakes among them, such as {evidence}. Read as "
            "{first}; {option} reads it the other way.",
        ),
        "constant_column": QT_TRANSLATE_NOOP(
            "errors", "Kept, though every cell is the same, so nothing can be learnt from it: {names}."
        ),
    }

    @property
    def message(self) -> str:
        """The warning in English."""
        return fill(self.templates[self.kind], self.details)

    @property
    def line(self) -> int | None:
        """Physical line of the first place, where one is known."""
        return self.details.get("line")

    @property
    def column(self) -> int | None:
        """Column of the first place, 1-based, where one is known."""
        return self.details.get("column")
