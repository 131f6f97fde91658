"""Formulas as they are said aloud: for who hears the window."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

from engine.errors import QT_TRANSLATE_NOOP

translate = QCoreApplication.translate

_GREEK = (
    "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|upsilon|phi|chi"
    "|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega"
)
_NAMED = "arcsin|arccos|arctan|sinh|cosh|tanh|sin|cos|tan|ln|log|max|min"
_PIECE = r"((?:(?!\\begin).)*?)"
_CASES = rf"\\begin\{{cases\}}\s*{_PIECE}\s*&\s*{_PIECE}\s*\\\\\s*{_PIECE}\s*& else \\end\{{cases\}}"

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
    (r"\^\{\\top\}", QT_TRANSLATE_NOOP("spoken", "transposed")),
    (r"\^(?!\{\()", QT_TRANSLATE_NOOP("spoken", "to the power")),
)


def spoken(latex: str) -> str:
    """What is written in LaTeX, in words of the language that is spoken."""
    text = re.sub(r"\\(?:mathbf|mathrm|text|operatorname)\s*\{([^{}]*)\}", r"\1", latex)
    chosen = translate("spoken", "{0} if {1}, otherwise {2}").format(r"\1", r"\2", r"\3")
    while (innermost := re.sub(_CASES, chosen, text)) != text:
        text = innermost
    text = re.sub(r"\\vec\{1\}", translate("spoken", "vector of ones"), text)
    text = re.sub(r"\\(?:left|right)(?![a-z])", "", text).replace(r"^{\circ ", "^{")
    text = re.sub(r"\\[,;:! ]|\\q?quad", " ", text)
    text = re.sub(rf"\\({_NAMED}|{_GREEK})(?![a-zA-Z])", r" \1", text)
    text = _fractions(text)
    derivative = translate("spoken", "derivative of {0} by").format(r"\2")
    text = re.sub(r"\\partial\s*((?!L\b)(\w))\s*/\s*\\partial\s*", f" {derivative} ", text)
    for pattern, words in _WORDS:
        text = re.sub(pattern, f" {translate('spoken', words)} ", text)
    layer, unit = translate("spoken", "{0} of layer {1}"), translate("spoken", "{0} unit {1}")
    both = layer.format(unit.format(r"\1", r"\3"), r"\2")
    text = re.sub(r"(\w+)\s*\^\{\(([^{}]*)\)\}_\{([^{}]*)\}", both, text)
    both = layer.format(unit.format(r"\1", r"\2"), r"\3")
    text = re.sub(r"(\w+)\s*_\{([^{}]*)\}\^\{\(([^{}]*)\)\}", both, text)
    text = re.sub(r"(\w+)\s*\^\{\(([^{}]*)\)\}", layer.format(r"\1", r"\2"), text)
    text = re.sub(r"(\w+)\s*_\{?([^{}\s]+)\}?", unit.format(r"\1", r"\2"), text)
    text = re.sub(r"\\[a-zA-Z]+|[\\{}$_]", " ", text)
    return re.sub(r" (?=[,)\]])", "", re.sub(r"\s+", " ", text)).strip()


def _fractions(text: str) -> str:
    """Say fractions and derivatives, those within them first; a long one says where it ends."""
    while (at := text.rfind(r"\frac{")) >= 0:
        above, middle = _group(text, at + 5)
        below, end = _group(text, middle)
        if end < 0:
            return text
        text = text[:at] + f" {_fraction(above.strip(), below.strip())} " + text[end:]
    return text


def _fraction(above: str, below: str) -> str:
    by = re.fullmatch(r"(?:d|\\partial)\s*(\S.*)", below)
    of = re.fullmatch(r"(?:d|\\partial)\s*(.*)", above)
    if by and of and of[1]:
        return translate("spoken", "derivative of {0} by {1}").format(of[1], by[1])
    if by and of:
        return translate("spoken", "derivative by {0} of").format(by[1])
    if re.search(r"[\s+-]", above) or re.search(r"[\s+-]", below):
        return translate("spoken", "fraction {0} over {1}, end of fraction,").format(above, below)
    return translate("spoken", "{0} over {1}").format(above, below)


def _group(text: str, start: int) -> tuple[str, int]:
    """What the braces that open at a place hold, and where it goes on; -1 if they do not close."""
    depth = 0
    for place in range(start, len(text) if text[start : start + 1] == "{" else start):
        depth += (text[place] == "{") - (text[place] == "}")
        if not depth:
            return text[start + 1 : place], place + 1
    return "", -1
