"""What was guessed of a file, what speaks for it, and what else it could be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.data.data_warning import DataWarning


@dataclass(frozen=True)
class Reading:
    """One way to take what stands in a file.

    Parameters
    ----------
    text : str
        It, as a person would say it: a number, a name, an encoding.
    options : mapping
        What `ReadOptions` it takes to have the file read so; ``roles`` and ``types`` add to those given.
    """

    text: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Cleaning:
    """What is taken off the cells of a column, so that numbers are left.

    Parameters
    ----------
    column : int
        From 1.
    name : str
        The column's.
    kind : {"missing", "dress", "thousands"}
        A word that becomes a missing number, a unit or currency, a mark between groups of digits.
    text : str
        It, as it stands in the file.
    count : int
        Cells of the rows that were read.
    """

    column: int
    name: str
    kind: Literal["missing", "dress", "thousands"]
    text: str
    count: int


@dataclass(frozen=True)
class Guess:
    """A guess with its evidence and its runner-up.

    Parameters
    ----------
    about : str
        What was guessed: ``encoding``, ``delimiter``, ``header``, ``thousands``, ``sheet``, ``target``,
        ``missing``, ``dates``, ``date_forms``, ``times`` or ``type``.
    taken : Reading
        How the file is read.
    other : Reading or None
        How else it could be; None if nothing speaks for another.
    evidence : str
        What decided or is in doubt, as it stands in the file.
    close : bool
        Whether a person should be asked.
    column : int or None
        From 1, where it is about one.
    name : str
        The column's.
    line : int or None
    """

    about: str
    taken: Reading
    other: Reading | None = None
    evidence: str = ""
    close: bool = False
    column: int | None = None
    name: str = ""
    line: int | None = None

    @property
    def warning(self) -> DataWarning | None:
        """What the command line and the API are told; None unless it is close."""
        if not self.close or self.other is None:
            return None
        details: dict[str, Any] = {
            "evidence": self.evidence,
            "first": self.taken.text,
            "second": self.other.text,
            "name": self.name,
            "options": dict(self.other.options),
            "option": _shown(self.other.options),
        }
        if self.column is not None:
            details |= {"column": self.column, "columns": [self.name], "columns_index": [self.column]}
        if self.line is not None:
            details["line"] = self.line
        return DataWarning(f"ambiguous_{self.about}", details)


def _shown(options: Mapping[str, Any]) -> str:
    """The options as one writes them in a call."""
    return ", ".join(f"{name}={value!r}" for name, value in options.items())
