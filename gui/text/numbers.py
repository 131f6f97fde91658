"""Numbers as people read them: typographic minus, no jitter, full precision where it is asked for.

All numbers of the window are written here. `engine.digits` says when one may be rounded to what. And those
that people type are read here: with a point or a comma, any minus, as a power of ten or as a fraction.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from engine.digits import digits_that_agree as digits_that_agree
from engine.digits import written
from engine.errors import QT_TRANSLATE_NOOP

MINUS = "\u2212"
THIN_SPACE = "\u202f"
_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_DECIMAL = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?"
_NUMBER = re.compile(rf"({_DECIMAL})(?:/({_DECIMAL}))?", re.ASCII)
_INFINITE = re.compile(r"[+-]?(?:inf|infinity|∞|nan)")


def short(value: float, digits: int = 4) -> str:
    """`value` with `digits` significant digits; powers of ten where a plain number would be long."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    mantissa, power = written(value, digits)
    text = mantissa if power is None else f"{mantissa}·10{superscript(power)}"
    return text.replace("-", MINUS)


def at_most(value: float, digits: int = 4) -> str:
    """The least number of so many digits that `value` does not exceed, for what is said to be below it."""
    if value == 0 or not math.isfinite(value):
        return short(value, digits)
    shown = written(value, digits).value
    place = 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1)
    return short(value if shown >= value else round(shown / place + 1) * place, digits)


class Agreeing(NamedTuple):
    """The terms of a formula and its result, written so that it comes out."""

    terms: tuple[str, ...]
    result: str


def agreeing(
    combine: Callable[..., float], terms: Sequence[float], result: float, digits: int = 4
) -> Agreeing:
    """`terms` and what `combine` makes of them, with as many digits as it takes to check that by hand."""
    of_terms, of_result = digits_that_agree(combine, terms, result, digits)
    return Agreeing(tuple(short(term, of_terms) for term in terms), short(result, of_result))


def product(*factors: float) -> float:
    """What `agreeing` makes of factors."""
    return math.prod(factors)


def total(*terms: float) -> float:
    """What `agreeing` makes of the terms of a sum."""
    return math.fsum(terms)


def full(value: float) -> str:
    """`value` with every digit that tells it apart from its neighbours."""
    return repr(float(value)).replace("-", MINUS)


def tick(value: float) -> str:
    """A round number on an axis: what stands behind its twelfth digit is the arithmetic that made it."""
    return short(float(f"{value:.12g}"), 6)


def percent(share: float) -> str:
    """A share of a whole in percent, without the sign; 0.0 and 100.0 only if it is none or all."""
    for decimals in (1, 2, 3, 4):
        text = f"{100 * share:.{decimals}f}"
        if float(text) not in (0.0, 100.0) or share in (0.0, 1.0):
            break
    return text.replace("-", MINUS)


def grouped(value: int) -> str:
    """A count with thin spaces between thousands."""
    return f"{value:,}".replace(",", THIN_SPACE).replace("-", MINUS)


def superscript(power: int) -> str:
    """A whole number as an exponent."""
    return str(power).translate(_SUPERSCRIPT)


class TypedNumber(NamedTuple):
    """What was typed: a finite number, or None and why it is none, in the user's language."""

    value: float | None
    reason: str = ""


def typed_number(text: str) -> TypedNumber:
    """Read `text` as a number such as ``0.25``, ``−3,5``, ``2e-3`` or ``1/3``."""
    plain = re.sub(r"\s", "", text).replace("−", "-").replace(",", ".").lower()
    if not plain:
        return TypedNumber(
            None, _say(QT_TRANSLATE_NOOP("typed_number", "Type a number, for example 0.25 or 1/3."))
        )
    if _INFINITE.fullmatch(plain):
        said = _say(QT_TRANSLATE_NOOP("typed_number", "'{text}' is not finite. Type a finite number."))
        return TypedNumber(None, said.format(text=text))
    match = _NUMBER.fullmatch(plain)
    if match is None:
        said = _say(
            QT_TRANSLATE_NOOP("typed_number", "'{text}' is not a number. Type one, for example 0.25 or 1/3.")
        )
        return TypedNumber(None, said.format(text=text))
    value, below = float(match[1]), float(match[2] or 1)
    if below == 0:
        said = _say(QT_TRANSLATE_NOOP("typed_number", "'{text}' divides by zero."))
        return TypedNumber(None, said.format(text=text))
    value /= below
    if not math.isfinite(value):
        said = _say(QT_TRANSLATE_NOOP("typed_number", "'{text}' is too large: type a number below 1.8e308."))
        return TypedNumber(None, said.format(text=text))
    return TypedNumber(value)


def _say(text: str) -> str:
    return QCoreApplication.translate("typed_number", text)
