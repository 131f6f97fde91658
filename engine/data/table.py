"""A table between file and data set: columns of numbers or of codes, built up chunk by chunk.

A reader gives either a whole `Table` (formats made of arrays) or `Records` (formats made of lines),
which `build_table` turns into one, so that what a column is gets decided in one place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from engine.arrays import AnyArray, BoolArray, FloatArray, IntArray
from engine.data.cells import MAX_BAD_SHARE, MISSING_TOKENS, Cell, as_text
from engine.data.data_warning import DataWarning
from engine.data.dataset import Role
from engine.data.dates import DateFormat, day_text, find_date_format, of_numbers, read_date
from engine.data.doubt import Cleaning, Guess, Reading
from engine.data.numerals import (
    BARE,
    Evidence,
    NumberFormat,
    cleanings,
    find_formats,
    half_dressed,
    perhaps_missing,
)
from engine.data.options import MAX_TABLE_BYTES, ReadOptions, Watch, enough_rows
from engine.digits import size_text
from engine.errors import QT_TRANSLATE_NOOP, DatasetError

Codes = npt.NDArray[np.int32]
Declared = Literal["number", "category", "date", "date_parts"] | tuple[str, ...] | None
"""What a file or a person says a column holds; the tuple of its levels for a category that lists them."""

MAX_COLUMNS = 50_000
"""Columns that a table may have; with more it takes a minute to look at it."""

MAX_SURE_LEVELS = 20
"""A column of so few different cells is one of labels, though most of them are numbers."""

MAX_CODES = 50
"""Labels of digits that a category may have; with more the column counts as one of numbers."""

MAX_DOUBTED_SHARE = 0.15
"""So many cells that are no numbers may still be mistakes among them; a person is asked."""

MAX_LEVELS = 20_000
"""Distinct texts kept of one column; with more it is free text, whatever the rest holds."""


class Chunk(NamedTuple):
    """Some records: the physical line of each, its cells, and the records that could not be read."""

    lines: list[int]
    rows: list[list[Cell]]
    problems: list[DatasetError]


@dataclass
class Records:
    """A table that can be read record by record, and again.

    Parameters
    ----------
    width : int
        Cells of a record.
    chunks : callable
        Starts reading anew.
    names : sequence of str or None
        None when the file names no columns; an empty name is no name.
    header_line : int
    plain : bool
        Whether numbers can only be written one way in this format.
    commas_split : bool
        Whether fields are parted by commas.
    types : list of Declared
        For each column what the file declares, or None to find out.
    roles : dict
        What columns are for, by index, as far as the file says.
    left_out : callable
        The lines that are no part of the table, once all has been read.
    settings : dict
        The options as they were found.
    sheets : tuple of str
    warnings : list of DataWarning
    guesses : list of Guess
    """

    width: int
    chunks: Callable[[], Iterator[Chunk]]
    names: Sequence[str] | None = None
    header_line: int = 1
    plain: bool = False
    commas_split: bool = False
    types: list[Declared] = field(default_factory=list)
    roles: dict[int, Role] = field(default_factory=dict)
    left_out: Callable[[], Sequence[int]] = tuple
    settings: dict[str, Any] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()
    warnings: list[DataWarning] = field(default_factory=list)
    guesses: list[Guess] = field(default_factory=list)


@dataclass(eq=False)
class RawColumn:
    """One column as read: numbers, or codes of texts.

    Parameters
    ----------
    name : str
    parts : list of arrays
        Numbers, NaN where missing, or codes into `levels`, -1 where missing and -2 for a text beyond
        those kept.
    levels : list of str or None
        None for numbers.
    infinite : list of int
        Rows whose infinite number was taken as missing.
    bad : list of (int, str)
        Rows, and text there, that are no number in a column of numbers.
    declared : bool
        Whether the file or the person says the type, so that it is not to be guessed.
    in_order : bool
        Whether the order of `levels` is meant.
    is_date : bool
        Whether the numbers are days since 1970.
    dress : (str, str)
        What stood before and after each number.
    zeros : bool
        Whether zeros before the numbers are lost.
    unnamed : bool
        Whether the file's header has no name for it.
    is_input : bool
        Whether it is part of a vector, and so no target.
    """

    name: str
    parts: list[AnyArray]
    levels: list[str] | None = None
    infinite: list[int] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)
    declared: bool = False
    in_order: bool = False
    is_date: bool = False
    dress: tuple[str, str] = BARE
    zeros: bool = False
    unnamed: bool = False
    is_input: bool = False

    @property
    def values(self) -> AnyArray:
        """All parts as one array: numbers, or codes."""
        return self.parts[0] if len(self.parts) == 1 else np.concatenate(self.parts)

    def missing(self) -> BoolArray:
        """Which cells hold nothing; an infinite number is not nothing."""
        values = self.values
        gaps: BoolArray = np.isnan(values) if self.levels is None else values == -1
        gaps[self.infinite] = False
        gaps[[row for row, _ in self.bad]] = False
        return gaps

    @classmethod
    def of_numbers(
        cls, name: str, values: AnyArray, declared: bool = False, is_input: bool = False
    ) -> RawColumn:
        """Make a column of an array of numbers."""
        column = cls(name, [values], declared=declared, is_input=is_input)
        if values.dtype.kind == "f" and np.isinf(values).any():
            column.infinite = np.flatnonzero(np.isinf(values)).tolist()
            column.parts = [np.where(np.isinf(values), np.nan, values)]
        return column

    @classmethod
    def of_texts(cls, name: str, texts: Sequence[str | None]) -> RawColumn:
        """Make a column of texts; None and missing tokens are missing."""
        builder = _Texts(frozenset())
        builder.add(["" if text is None else text for text in texts], 0)
        return builder.column(name)


@dataclass(eq=False)
class Table:
    """A whole table, or its first rows.

    Parameters
    ----------
    columns : list of RawColumn
    lines : (n,) int64
        The physical line of each row, or its number from 1 where there are no lines.
    settings : dict
        The options as they were found.
    roles : dict
        What columns are for, by index, as far as the format itself says.
    image_shape : (int, int) or None
    warnings : list of DataWarning
    sheets : tuple of str
    complete : bool
        Whether these are all rows.
    problems : list of DatasetError
        Records that could not be read.
    guesses : list of Guess
    splits : dict of str to (n,) bool
        Rows that the file itself holds out.
    cleanings : list of Cleaning
        What was taken off cells to have numbers.
    """

    columns: list[RawColumn]
    lines: IntArray
    settings: dict[str, Any] = field(default_factory=dict)
    roles: dict[int, Role] = field(default_factory=dict)
    image_shape: tuple[int, int] | None = None
    warnings: list[DataWarning] = field(default_factory=list)
    guesses: list[Guess] = field(default_factory=list)
    splits: dict[str, BoolArray] = field(default_factory=dict)
    cleanings: list[Cleaning] = field(default_factory=list)
    sheets: tuple[str, ...] = ()
    complete: bool = True
    problems: list[DatasetError] = field(default_factory=list)

    @property
    def targets(self) -> tuple[int, ...]:
        """Columns that the format itself calls targets."""
        return tuple(place for place, role in self.roles.items() if role == "target")


def check_size(rows: int, columns: int, what: str) -> None:
    """Refuse a table that would not fit in memory, before any of it is taken."""
    needed = rows * columns * 8
    if needed > MAX_TABLE_BYTES:
        raise DatasetError("too_large", what=what, size=size_text(needed), limit=size_text(MAX_TABLE_BYTES))


def check_width(columns: int) -> None:
    """Refuse a table with more columns than can be looked at one by one."""
    if columns > MAX_COLUMNS:
        raise DatasetError("too_many_columns", count=columns, limit=MAX_COLUMNS)


def build_table(records: Records, options: ReadOptions, watch: Watch, limit: int | None = None) -> Table:
    """Read records into columns.

    Parameters
    ----------
    records : Records
    options : ReadOptions
    watch : Watch
    limit : int or None
        Rows that are enough.

    Raises
    ------
    DatasetError
        The first record that cannot be read, unless these are skipped or `limit` is set; ``too_large``
        or ``too_many_columns``.
    """
    check_width(records.width)
    names, warnings = unique_names(records)
    forced = _forced_types(records, names, options)
    presumed: list[Found] | None = None
    tolerant = options.skip_bad_rows or limit is not None
    while True:
        builder = _Builder(records, names, forced, options, presumed)
        complete = True
        try:
            for chunk in records.chunks():
                problems = builder.add(chunk)
                if problems and not tolerant:
                    raise problems[0]
                check_size(builder.rows, records.width, QT_TRANSLATE_NOOP("errors", "The table"))
                if limit is not None and builder.rows >= enough_rows(limit, records.width):
                    complete = False
                    break
        except DatasetError as error:
            # A person who looks at the file wants to see what comes before the place where reading ends.
            if limit is None or error.line is None:
                raise
            builder.problems.append(error)
        found, guesses = builder.judge()
        if presumed is not None or found == builder.formats:
            break
        # Rare: the first rows looked like numbers and the rest does not, or a mark came late.
        presumed = found
    table = builder.table(names)
    table.settings, table.sheets = {**records.settings, **_marks(builder.formats, records)}, records.sheets
    table.warnings = [*records.warnings, *warnings, *_left_out(records)]
    table.guesses = [*records.guesses, *guesses]
    table.roles = dict(records.roles)
    table.complete = complete
    return table


def _marks(formats: Sequence[Found], records: Records) -> dict[str, Any]:
    """The marks that all columns of numbers agree in; where they don't, none are named."""
    if records.plain:
        return {}
    numbers = [found for found in formats if isinstance(found, NumberFormat)]
    decimals = Counter(found.decimal for found in numbers)
    thousands = Counter(found.thousands for found in numbers if found.thousands)
    decimal = decimals.most_common(1)[0][0] if decimals else "."
    mark = thousands.most_common(1)[0][0] if thousands else ""
    if len(decimals) > 1 and (mark == decimal or set(decimals) & set(thousands)):
        return {}
    settings = {
        "decimal": decimal if len(decimals) < 2 else None,
        "thousands": mark if mark != decimal else "",
    }
    orders = {found.day_first for found in formats if isinstance(found, DateFormat)}
    return settings | ({"day_first": orders.pop()} if len(orders) == 1 else {})


def _left_out(records: Records) -> list[DataWarning]:
    lines = sorted(set(records.left_out()))
    if not lines:
        return []
    details = {
        "count": len(lines),
        "line": lines[0],
        "lines": lines,
        "numbers": ", ".join(map(str, lines[:10])),
    }
    return [DataWarning("lines_left_out", details)]


def unique_names(records: Records) -> tuple[list[str], list[DataWarning]]:
    """Give every column a name of its own, and warn of those that had none."""
    given = [name.strip() for name in records.names or [""] * records.width]
    names: list[str] = []
    taken, present = set[str](), set(given)
    repeated: list[int] = []
    for place, name in enumerate(given):
        unique = name or f"x{place + 1}"
        number = 2
        while unique in taken or (unique != name and unique in present):
            unique = f"{name or f'x{place + 1}'}_{number}"
            number += 1
        if name and unique != name:
            repeated.append(place)
        names.append(unique)
        taken.add(unique)
    warnings = []
    if records.names is not None:
        empty = [place for place, name in enumerate(given) if not name]
        if repeated:
            warnings.append(
                _header_warning("duplicate_header", repeated, names, records.header_line, given[repeated[0]])
            )
        if empty:
            warnings.append(_header_warning("empty_header", empty, names, records.header_line, ""))
    return names, warnings


def _header_warning(kind: str, places: list[int], names: list[str], line: int, name: str) -> DataWarning:
    columns = [names[place] for place in places]
    return DataWarning(
        kind,
        {
            "line": line,
            "column": places[0] + 1,
            "columns": columns,
            "columns_index": [place + 1 for place in places],
            "name": name,
            "names": ", ".join(columns),
        },
    )


def _forced_types(records: Records, names: list[str], options: ReadOptions) -> list[Declared]:
    forced = list(records.types) or [None] * records.width
    for key, chosen in options.types.items():
        place = find_column(key, names)
        if not (chosen == "category" and isinstance(forced[place], tuple)):
            forced[place] = chosen
    return forced


def find_column(key: str | int, names: Sequence[str]) -> int:
    """Give the index, from 0, of a column named by its name or its place from 1."""
    if isinstance(key, int) and not isinstance(key, bool) and 1 <= key <= len(names):
        return key - 1
    if isinstance(key, str) and key in names:
        return list(names).index(key)
    allowed = ", ".join(names[:30]) + (" …" if len(names) > 30 else "")
    raise DatasetError("unknown_column", value=key, allowed=allowed)


Found = NumberFormat | DateFormat | None
"""How a column is read: as numbers, as dates, or as texts."""


class _Numbers:
    """Gathers a column presumed to hold numbers."""

    def __init__(self, numbers: NumberFormat) -> None:
        self._format = numbers
        self._parts: list[FloatArray] = []
        self._infinite: list[int] = []
        self._bad: list[tuple[int, str]] = []
        self.evidence = Evidence()

    def add(self, cells: Sequence[Cell], start: int) -> None:
        values = self._format.parse_quickly(cells)
        if values is not None and self._format.decimal == ".":
            self.evidence.add_plain(cells)  # type: ignore[arg-type]
        else:
            self.evidence.add(Counter(cells))
        if values is None:
            values, bad = self._format.parse_column(cells)
            self._bad.extend((start + place, as_text(cells[place])) for place in bad)
        infinite = np.flatnonzero(np.isinf(values))
        if infinite.size:
            self._infinite.extend((start + infinite).tolist())
            values[infinite] = np.nan
        self._parts.append(values)

    def column(self, name: str) -> RawColumn:
        return RawColumn(name, list(self._parts), None, self._infinite, self._bad, dress=self._format.dress)


class _Dates:
    """Gathers a column presumed to hold dates."""

    def __init__(self, dates: DateFormat) -> None:
        self.format = dates
        self._known: dict[Cell, float | None] = {}
        self._parts: list[FloatArray] = []
        self._bad: list[tuple[int, str]] = []
        self.counts: Counter[Cell] = Counter()

    def add(self, cells: Sequence[Cell], start: int) -> None:
        values, bad = self.format.parse_column(cells, self._known)
        self._bad.extend((start + place, as_text(cells[place])) for place in bad)
        self._parts.append(values)
        if len(self.counts) < MAX_LEVELS:
            self.counts.update(cells)

    def is_right(self) -> bool:
        """Whether what is no date is rare enough to be a mistake."""
        return len(self._bad) <= MAX_BAD_SHARE * max(1, sum(len(part) for part in self._parts))

    def column(self, name: str) -> RawColumn:
        return RawColumn(name, list(self._parts), None, [], self._bad, is_date=True)


class _Texts:
    """Gathers a column presumed to hold texts, as codes."""

    def __init__(self, missing: frozenset[str]) -> None:
        self._missing = missing
        self._parts: list[Codes] = []
        self._levels: dict[str, int] = {}
        self._known: dict[Cell, int] = {}

    def add(self, cells: Sequence[Cell], start: int) -> None:
        known, look_up = self._known, self._look_up
        codes = np.array([known[c] if c in known else look_up(c) for c in cells], dtype=np.int32)
        self._parts.append(codes)

    def _look_up(self, cell: Cell) -> int:
        text = as_text(cell)
        if text in MISSING_TOKENS or text.casefold() in self._missing:
            code = -1
        elif text in self._levels:
            code = self._levels[text]
        elif len(self._levels) < MAX_LEVELS:
            code = self._levels[text] = len(self._levels)
        else:
            return -2
        if len(self._known) < 2 * MAX_LEVELS:
            self._known[cell] = code
        return code

    def counts(self) -> Counter[Cell]:
        """How often each text comes, as far as they were kept."""
        codes = np.concatenate(self._parts) if self._parts else np.empty(0, dtype=np.int32)
        often = np.bincount(codes[codes >= 0], minlength=len(self._levels))
        return Counter(dict(zip(self._levels, often.tolist(), strict=True)))

    def column(self, name: str) -> RawColumn:
        return RawColumn(name, list(self._parts), list(self._levels))


class _Builder:
    """Gathers all columns, presuming of each what its first rows look like."""

    def __init__(
        self,
        records: Records,
        names: list[str],
        forced: list[Declared],
        options: ReadOptions,
        presumed: list[Found] | None,
    ) -> None:
        self._records, self._names, self._options = records, names, options
        self._forced = forced
        self._missing = frozenset(word.casefold() for word in options.missing)
        self._gatherers: list[_Numbers | _Texts | _Dates] = []
        self._lines: list[IntArray] = []
        self.formats: list[Found] = presumed or []
        self._zeros: set[int] = set()
        self.problems: list[DatasetError] = []
        self.rows = 0

    def add(self, chunk: Chunk) -> list[DatasetError]:
        """Take a chunk; return what is wrong with records that are left out."""
        width = self._records.width
        lines, rows, problems = chunk
        if any(len(row) != width for row in rows):
            kept = []
            for line, row in zip(lines, rows, strict=True):
                if len(row) == width:
                    kept.append((line, row))
                elif not str(row[0]).startswith("#"):
                    problems.append(DatasetError("ragged_row", line=line, expected=width, found=len(row)))
            lines, rows = [line for line, _ in kept], [row for _, row in kept]
            problems.sort(key=lambda problem: problem.line or 0)
        columns: list[Sequence[Cell]] = list(zip(*rows, strict=True)) if rows else []
        if rows and not self._gatherers:
            if not self.formats:
                self.formats, _ = self._verdict([Counter(cells) for cells in columns])
            self._gatherers = [self._gatherer(found) for found in self.formats]
        for gatherer, cells in zip(self._gatherers, columns, strict=False):
            gatherer.add(cells, self.rows)
        if rows:
            self._lines.append(np.array(lines, dtype=np.int64))
            self.rows += len(rows)
        self.problems.extend(problems)
        return problems

    def _gatherer(self, found: Found) -> _Numbers | _Texts | _Dates:
        if isinstance(found, NumberFormat):
            return _Numbers(found)
        return _Dates(found) if isinstance(found, DateFormat) else _Texts(self._missing)

    def judge(self) -> tuple[list[Found], list[Guess]]:
        """Say how all rows together show the columns to be, and what is in doubt."""
        if not self._gatherers:
            return self.formats, []
        return self._verdict(
            [
                gatherer.evidence if isinstance(gatherer, _Numbers) else gatherer
                for gatherer in self._gatherers
            ]
        )

    def _verdict(
        self, columns: Sequence[Counter[Cell] | Evidence | _Texts | _Dates]
    ) -> tuple[list[Found], list[Guess]]:
        found: list[Found] = []
        evidences: list[Evidence | None] = []
        guesses: list[Guess] = []
        for place, column in enumerate(columns):
            one, evidence, words = self._one(column, self._forced[place], place)
            found.append(one)
            evidences.append(evidence)
            guesses += words
            if isinstance(one, DateFormat) and one.close:
                guesses.append(_date_guess(one, place, self._names[place]))
            elif isinstance(one, DateFormat) and len(one.forms) > 1:
                guesses.append(_forms_guess(one, place, self._names[place]))
        formats, doubts = find_formats(
            evidences,
            self._names,
            decimal=self._options.decimal,
            thousands=self._options.thousands,
            commas_split=self._records.commas_split,
            missing=self._missing,
        )
        for place, evidence in enumerate(evidences):
            if evidence is not None:
                found[place] = formats[place]
        return found, [*guesses, *doubts]

    def _one(
        self, column: Counter[Cell] | Evidence | _Texts | _Dates, forced: Declared, place: int
    ) -> tuple[Found, Evidence | None, list[Guess]]:
        """Say how one column is read, or what speaks for numbers, whose format the others help to find."""
        if forced == "number" and self._records.plain:
            return NumberFormat(), None, []
        if isinstance(forced, tuple) or forced == "category":
            return None, None, []
        if isinstance(column, Evidence):
            if forced or column.is_number(self._missing):
                return None, column, []
            return None, None, self._words(column, place)
        if isinstance(column, _Dates):
            if forced != "number" and column.is_right():
                again = self._dates(column.counts)
                return again or column.format, None, []
            column = column.counts
        counts = column.counts() if isinstance(column, _Texts) else column
        evidence, dates, unclear = self._look(counts, forced, place, final=counts is not column)
        return dates, evidence, self._words(unclear, place)

    def _look(
        self, counts: Counter[Cell], forced: Declared, place: int, final: bool
    ) -> tuple[Evidence | None, DateFormat | None, Evidence | None]:
        """Say whether texts are numbers or dates; last what speaks for numbers though they are not."""
        if forced in ("date", "date_parts"):
            numbers = NumberFormat().parse_quickly([as_text(cell) for cell in counts])
            if numbers is None or of_numbers(numbers) is None:
                return None, self._dates(counts) or DateFormat(missing=self._missing), None
        first = [cell for cell, _ in counts.most_common(40)]
        texts = [cell for cell in first if isinstance(cell, str) and cell.strip() not in MISSING_TOKENS]
        digits = sum(any(c.isdigit() for c in text) for text in texts)
        if forced is None and texts and digits < len(texts) / 2 and len(texts) == len(first) > 20:
            return None, None, None  # words, plainly
        if forced is None and _are_codes(counts):
            self._zeros.add(place)
            most = max(2, counts.total() ** 0.7) if final else MAX_CODES
            if len(counts) <= min(MAX_CODES, most):
                return None, None, None
        evidence, cells = Evidence(), list(counts)
        if NumberFormat().parse_quickly(cells) is None:
            evidence.add(counts)
        else:
            evidence.add_plain(cells)  # type: ignore[arg-type]
        if forced or evidence.is_number(self._missing):
            return evidence, None, None
        if texts and (dates := self._dates(counts)):
            return None, dates, None
        return None, None, evidence if len(counts) > MAX_SURE_LEVELS else None

    def _dates(self, counts: Mapping[Cell, int]) -> DateFormat | None:
        return find_date_format(_texts(counts), self._options.day_first, self._missing)

    def _words(self, unclear: Evidence | None, place: int) -> list[Guess]:
        """Ask whether a word or two in a column of texts stand for missing numbers, or all are mistakes."""
        if unclear is None or self._forced[place] is not None:
            return []
        words = perhaps_missing(unclear)
        odd = unclear.words.total() + unclear.shapes.total() - unclear.marks.total()
        whole = half_dressed(unclear) and not unclear.words
        if not words and (whole or 0 < odd <= MAX_DOUBTED_SHARE * unclear.marks.total()):
            odd_cells = [text for dress, text in unclear.dressed.items() if whole or dress != unclear.dress]
            examples = ", ".join([*unclear.words, *odd_cells][:3])
            options: dict[str, Any] = {"types": {self._names[place]: "number"}}
            other = Reading(
                QT_TRANSLATE_NOOP("errors", "numbers"), options | ({} if whole else {"skip_bad_rows": True})
            )
            return [
                Guess(
                    "type",
                    Reading(QT_TRANSLATE_NOOP("errors", "text")),
                    other,
                    examples,
                    True,
                    place + 1,
                    self._names[place],
                )
            ]
        if not words:
            return []
        other = Reading(QT_TRANSLATE_NOOP("errors", "missing"), {"missing": words})
        return [
            Guess(
                "missing",
                Reading(QT_TRANSLATE_NOOP("errors", "text")),
                other,
                ", ".join(words),
                True,
                place + 1,
                self._names[place],
            )
        ]

    def table(self, names: list[str]) -> Table:
        """Everything gathered; undeclared values of a declared category are problems."""
        gatherers = self._gatherers or [
            self._gatherer(NumberFormat() if forced in (None, "number") else None) for forced in self._forced
        ]
        columns = [gatherer.column(name) for gatherer, name in zip(gatherers, names, strict=True)]
        self._zeros |= {
            place
            for place, gatherer in enumerate(gatherers)
            if isinstance(gatherer, _Numbers) and gatherer.evidence.zeros and not gatherer.evidence.settled
        }
        for place, (column, forced) in enumerate(zip(columns, self._forced, strict=True)):
            column.parts = column.parts or [np.empty(0, np.float64 if column.levels is None else np.int32)]
            column.declared = forced is not None
            column.unnamed = self._records.names is not None and not self._records.names[place].strip()
            column.zeros = place in self._zeros and column.levels is None
            if isinstance(forced, tuple):
                _order_levels(column, forced)
        lines = np.concatenate(self._lines) if self._lines else np.empty(0, dtype=np.int64)
        table = Table(columns, lines, problems=self.problems)
        for place, (gatherer, found) in enumerate(zip(gatherers, self.formats, strict=False)):
            if isinstance(gatherer, _Numbers) and isinstance(found, NumberFormat):
                table.cleanings += cleanings(found, gatherer.evidence, place + 1, names[place])
        return table


def _texts(counts: Mapping[Cell, int]) -> Counter[str]:
    return Counter({as_text(cell): count for cell, count in counts.items()})


def _are_codes(counts: Mapping[Cell, int]) -> bool:
    """Whether these are labels of digits: all of one length, and some begin with 0."""
    texts = [cell.strip() for cell in counts if isinstance(cell, str) and cell.strip() not in MISSING_TOKENS]
    if len(texts) != len(counts) - sum(cell in MISSING_TOKENS for cell in counts if isinstance(cell, str)):
        return False
    lengths = {len(text) for text in texts}
    return (
        len(lengths) == 1
        and min(lengths) > 1
        and all(text.isdecimal() for text in texts)
        and any(text[0] == "0" for text in texts)
    )


def _date_guess(dates: DateFormat, place: int, name: str) -> Guess:
    readings = [
        Reading(day_text(read_date(dates.example, first) or 0.0), {"day_first": first})
        for first in (dates.day_first, not dates.day_first)
    ]
    return Guess("dates", readings[0], readings[1], dates.example, True, place + 1, name)


def _forms_guess(dates: DateFormat, place: int, name: str) -> Guess:
    taken = Reading(QT_TRANSLATE_NOOP("errors", "dates"))
    other = Reading(QT_TRANSLATE_NOOP("errors", "left out"), {"roles": {name: "skip"}})
    evidence = ", ".join(dates.forms[:3])
    return Guess("date_forms", taken, other, evidence, True, place + 1, name)


def _order_levels(column: RawColumn, declared: tuple[str, ...]) -> None:
    """Number the levels as the file declares them."""
    assert column.levels is not None
    index = {level: place for place, level in enumerate(declared)}
    new_codes = np.array([index.get(level, -1) for level in column.levels] + [-1], dtype=np.int32)
    column.parts = [np.where(part == -2, -2, new_codes[part]) for part in column.parts]
    column.levels = list(declared)
    column.in_order = True
