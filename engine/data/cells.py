"""One cell: missing, a number in the file's notation, or text."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.arrays import FloatArray

Cell = str | float
"""What readers hand on: text as it stands, or a number where the format has numbers."""

MISSING_TOKENS = frozenset(("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?", "-", "#N/A"))

MAX_BAD_SHARE = 0.05
"""Up to this share of unreadable cells a column is one of numbers with mistakes, not text."""

_DATE = re.compile(
    r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?([T ]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?"
    r"|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}( \d{1,2}:\d{2}(:\d{2})?)?"
    r"|\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?"
)


@dataclass(frozen=True)
class NumberFormat:
    """The marks that numbers are written with.

    Parameters
    ----------
    decimal : str
    thousands : str
        Empty for none.
    """

    decimal: str = "."
    thousands: str = ""

    def parse(self, cell: Cell) -> float | None:
        """Give the number; NaN for a missing cell, None for text that is no number.

        Infinite for ``inf`` and for what is beyond the range of float64.
        """
        if not isinstance(cell, str):
            return float(cell)
        text = cell.strip()
        if text in MISSING_TOKENS:
            return math.nan
        if "_" in text:  # Python's own notation, which no file means
            return None
        if self.thousands and self.thousands in text:
            if not self._grouped.fullmatch(text):
                return None
            text = text.replace(self.thousands, "")
        if self.decimal == ",":
            if "." in text:
                return None
            text = text.replace(",", ".")
        try:
            return float(text)
        except ValueError:
            return None

    def parse_column(self, cells: Sequence[Cell]) -> tuple[FloatArray, list[int]]:
        """Give the numbers of many cells, NaN where missing or no number, and the places of the latter."""
        if self.decimal == "." and not self.thousands:
            try:
                if "_" not in "".join(cells):  # type: ignore[arg-type]
                    return np.array(list(map(float, cells))), []
            except (TypeError, ValueError):
                pass
        values = [self.parse(cell) for cell in cells]
        bad = [place for place, value in enumerate(values) if value is None]
        return np.array([math.nan if value is None else value for value in values], dtype=np.float64), bad

    @property
    def _grouped(self) -> re.Pattern[str]:
        mark = re.escape(self.thousands)
        return re.compile(rf"[+-]?\d{{1,3}}({mark}\d{{3}})+({re.escape(self.decimal)}\d*)?([eE][+-]?\d+)?")


def as_text(cell: Cell) -> str:
    """Give the cell as a label: stripped; a whole number without its point."""
    if isinstance(cell, str):
        return cell.strip()
    return str(int(cell)) if math.isfinite(cell) and cell == int(cell) and abs(cell) < 1e15 else repr(cell)


def is_date(text: str) -> bool:
    """Whether this is a date, a time, or both."""
    return _DATE.fullmatch(text) is not None
