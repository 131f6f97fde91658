"""One cell: what readers hand on, and the words that stand for nothing."""

from __future__ import annotations

import math

Cell = str | float
"""What readers hand on: text as it stands, or a number where the format has numbers."""

MISSING_TOKENS = frozenset(("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?", "-", "#N/A"))
"""Missing wherever they stand."""

MISSING_AMONG_NUMBERS = frozenset(
    (
        *(
            ".",
            "..",
            "...",
            "--",
            "---",
            "–",
            "—",
            "－",
            "―",
            "−",
            "*",
            "**",
            "_",
            "nil",
            "<na>",
            "na",
            "nat",
            "none",
        ),
        *("#div/0!", "#value!", "#ref!", "#num!", "#name?", "#null!", "#n/a", "#n/a n/a", "err", "error"),
        *(
            "n.a.",
            "n.d.",
            "nd",
            "n/d",
            "n/m",
            "nm",
            "(null)",
            "(none)",
            "\\n",
            "-nan",
            "-nan(ind)",
            "1.#qnan",
        ),
        *(
            "1.#ind",
            "-1.#ind",
            "missing",
            "unknown",
            "not available",
            "k.a.",
            "keine",
            "s/d",
            "缺失",
            "无",
            "없음",
        ),
        *(
            "欠測",
            "null",
            "nan",
            "n/a",
            "??",
            "???",
            "…",
            "(missing)",
            "[missing]",
            "(blank)",
            "(empty)",
            ":",
        ),
    )
)
"""Missing where all else in the column is a number; in small letters."""

MAX_BAD_SHARE = 0.05
"""Up to this share of unreadable cells a column is one of numbers with mistakes, not text."""


def as_text(cell: Cell) -> str:
    """Give the cell as a label: stripped; a whole number without its point."""
    if isinstance(cell, str):
        return cell.strip().strip("\ufeff\x1a")  # byte order mark and DOS end of file are no letters
    return str(int(cell)) if math.isfinite(cell) and cell == int(cell) and abs(cell) < 1e15 else repr(cell)
