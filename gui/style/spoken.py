"""Formulas as they are said aloud: for who hears the window."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

from engine.errors import QT_TRANSLATE_NOOP

translate = QCoreApplication.translate

_GREEK = "alpha|beta|gamma|delta|epsilon|eta|theta|lambda|mu|sigma|tau"

_WORDS = (
    (r"\\partial\s*L\s*/\s*\\partial\s*", QT_TRANSLATE_NOOP("spoken", "gradient of the loss by")),
    (r"\\(?:leftarrow|gets)", QT_TRANSLATE_NOOP("spoken", "becomes")),
    (r"\\(?:rightarrow|to)\b", QT_TRANSLATE_NOOP("spoken", "to")),
    (r"\\(?:odot|circ)", QT_TRANSLATE_NOOP("spoken", "element by element times")),
    (r"\\(?:cdot|times)", QT_TRANSLATE_NOOP("spoken", "times")),
    (r"\\sum", QT_TRANSLATE_NOOP("spoken", "sum of")),
    (r"\\sqrt", QT_TRANSLATE_NOOP("spoken", "square root of")),
    (r"'", QT_TRANSLATE_NOOP("spoken", "prime")),
    (r"=", QT_TRANSLATE_NOOP("spoken", "equals")),
    (r"\^\{?2\}?", QT_TRANSLATE_NOOP("spoken", "squared")),
)


def spoken(latex: str) -> str:
    """What is written in LaTeX, in words of the language that is spoken."""
    text = re.sub(r"\\(?:mathbf|mathrm|text|operatorname)\s*\{([^{}]*)\}", r"\1", latex)
    text = re.sub(r"\\[,;:! ]|\\q?quad", " ", text)
    over = translate("spoken", "{0} over {1}").format(r"\1", r"\2")
    for _ in range(3):  # fractions within fractions
        text = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", over, text)
    derivative = translate("spoken", "derivative of {0} by").format(r"\2")
    text = re.sub(r"\\partial\s*((?!L\b)(\w))\s*/\s*\\partial\s*", f" {derivative} ", text)
    for pattern, words in _WORDS:
        text = re.sub(pattern, f" {translate('spoken', words)} ", text)
    text = re.sub(rf"\\({_GREEK})\b", r"\1 ", text)
    layer, unit = translate("spoken", "{0} of layer {1}"), translate("spoken", "{0} unit {1}")
    both = layer.format(unit.format(r"\1", r"\3"), r"\2")
    text = re.sub(r"(\w+)\s*\^\{\(([^{}]*)\)\}_\{([^{}]*)\}", both, text)
    both = layer.format(unit.format(r"\1", r"\2"), r"\3")
    text = re.sub(r"(\w+)\s*_\{([^{}]*)\}\^\{\(([^{}]*)\)\}", both, text)
    text = re.sub(r"(\w+)\s*\^\{\(([^{}]*)\)\}", layer.format(r"\1", r"\2"), text)
    text = re.sub(r"(\w+)\s*_\{?([^{}\s]+)\}?", unit.format(r"\1", r"\2"), text)
    text = re.sub(r"\\[a-zA-Z]+|[\\{}$_]", " ", text)
    return re.sub(r"\s+", " ", text).strip()
