"""Names from data in Markdown, shown as they are."""

from __future__ import annotations

import re
import unicodedata

_MARKS = re.compile(r"[\\`*\[\]<>&$|~#^]|(?<![^\W_])_|_(?![^\W_])")
"""What Markdown or LaTeX may take for an order; an underscore within a word is none."""


def as_text(name: str) -> str:
    """A text in one line that Markdown shows as it is, in a paragraph, a heading and a table's cell.

    Characters that steer the direction of what follows them are left out.
    """
    kept = "".join(
        " " if c.isspace() or unicodedata.category(c) == "Cc" else c
        for c in name
        if unicodedata.category(c) != "Cf" or c in "\u200c\u200d"
    )
    return _MARKS.sub(r"\\\g<0>", " ".join(kept.split()))
