"""How a file is to be read: what a person may set, everything else being sniffed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from engine.data.dataset import Role
from engine.errors import QT_TRANSLATE_NOOP, DatasetError

TypeChoice = Literal["number", "category", "date", "date_parts"]
Target = str | int | tuple[str | int, ...] | None

CHUNK_ROWS = 2_000
"""Rows read between two looks at progress and cancellation."""


def enough_rows(limit: int, width: int) -> int:
    """Rows of so many columns that are enough to look at: a wide table tells as much by fewer."""
    return min(limit, max(MIN_LOOKED_AT, MAX_LOOKED_AT // max(1, width)))


MIN_LOOKED_AT = 40
MAX_LOOKED_AT = 400_000
"""The fewest rows that are looked at, and about the most cells."""

MAX_TABLE_BYTES = 2 * 1024**3
"""The largest table read, as float64: what fits a computer's memory twice."""

MAX_EXPANSION = 200
"""A compressed file may grow by this factor, and to 64 MB in any case; tables grow by 3 to 30."""


@dataclass(frozen=True)
class ReadOptions:
    """What may be set when a file is read; None means that it is sniffed.

    Parameters
    ----------
    target : str, int, tuple of these, or None
        The target columns, by name or by place from 1.
    encoding : str or None
        A codec's name.
    delimiter : str or None
        One character, or ``whitespace`` for runs of spaces and tabs.
    decimal : {".", ","} or None
    thousands : str or None
        The mark between groups of three digits; empty for none.
    header : bool or None
        Whether the first record names the columns.
    skip_lines : int or None
        Physical lines before the table, such as titles and comments.
    sheet : str, int or None
        Of a workbook, by name or by place from 1.
    skip_bad_rows : bool
        Leave out rows that cannot be read, with a warning, instead of raising.
    roles : mapping of column (name or place from 1) to {"feature", "target", "skip"}
    types : mapping of column (name or place from 1) to {"number", "category", "date", "date_parts"}
        A date is the number of days since 1970; its parts are year, month and weekday.
    missing : tuple of str
        Words or numbers that stand for a missing cell here, besides those that do everywhere.
    day_first : bool or None
        Whether 3/4/2021 is in April rather than in March.
    """

    target: Target = None
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    header: bool | None = None
    skip_lines: int | None = None
    sheet: str | int | None = None
    skip_bad_rows: bool = False
    roles: Mapping[str | int, Role] = field(default_factory=dict)
    types: Mapping[str | int, TypeChoice] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    day_first: bool | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "missing", tuple(self.missing))  # a stored list stands for it
        one_mark = {
            "delimiter": (
                self.delimiter,
                QT_TRANSLATE_NOOP("errors", "one character, or whitespace"),
            ),
            "thousands": (self.thousands, QT_TRANSLATE_NOOP("errors", ", . ' or a space")),
        }
        for name, (value, expected) in one_mark.items():
            if value and value != "whitespace" and (len(value) > 1 or value in '"\r\n\0'):
                raise DatasetError("bad_option", name=name, value=value, expected=expected)
        if self.delimiter == "":
            raise DatasetError(
                "bad_option",
                name="delimiter",
                value="",
                expected=QT_TRANSLATE_NOOP("errors", "one character, or whitespace"),
            )
        if self.thousands and (self.thousands.isalnum() or self.thousands in "+-"):
            raise DatasetError(
                "bad_option",
                name="thousands",
                value=self.thousands,
                expected=QT_TRANSLATE_NOOP("errors", ", . ' or a space"),
            )
        if self.decimal not in (None, ".", ","):
            raise DatasetError("bad_option", name="decimal", value=self.decimal, expected=". or ,")
        if self.decimal and self.decimal == self.thousands:
            raise DatasetError(
                "bad_option",
                name="thousands",
                value=self.thousands,
                expected=QT_TRANSLATE_NOOP("errors", "another than the decimal mark"),
            )
        if self.skip_lines is not None and self.skip_lines < 0:
            raise DatasetError(
                "bad_option",
                name="skip_lines",
                value=self.skip_lines,
                expected=QT_TRANSLATE_NOOP("errors", "0 or more"),
            )
        for name, chosen, allowed in (
            ("roles", self.roles, ("feature", "target", "skip")),
            ("types", self.types, get_args(TypeChoice)),
        ):
            for value in chosen.values():
                if value not in allowed:
                    raise DatasetError("bad_option", name=name, value=value, expected=", ".join(allowed))


class Watch:
    """Where reading reports how far it is and learns that it is no longer wanted.

    Parameters
    ----------
    progress : callable or None
        Called with the share that is done, from 0 to 1.
    cancelled : callable or None
        Asked about every 2,000 rows.
    """

    def __init__(
        self,
        progress: Callable[[float], object] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        self._progress = progress
        self._cancelled = cancelled

    def tick(self, share: float | None = None) -> None:
        """Report `share`, if known, and raise ``DatasetError("cancelled")`` when reading is to stop."""
        if self._cancelled is not None and self._cancelled():
            raise DatasetError("cancelled")
        if self._progress is not None and share is not None:
            self._progress(min(1.0, share))
