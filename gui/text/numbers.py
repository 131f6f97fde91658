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

from engine.digits import DOTS as DOTS
from engine.digits import MINUS as MINUS
from engine.digits import digits_that_agree as digits_that_agree
from engine.digits import digits_that_come_out as digits_that_come_out
from engine.digits import full as full
from engine.digits import full_latex as full_latex
from engine.digits import percent as percent
from engine.digits import rounded as rounded
from engine.digits import short as short
from engine.digits import superscript as superscript
from engine.digits import written
from engine.errors import QT_TRANSLATE_NOOP

THIN_SPACE = "\u202f"
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
_LOWERED = str.maketrans(_RAISED, "0123456789+-")
_POWER = re.compile(rf"(?:(?<=[\d.])[·⋅×*]|(?<![\d.e]))10(?:\^([+-]?\d+)|([{_RAISED}]+))")
_DECIMAL = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?"
_NUMBER = re.compile(rf"({_DECIMAL})(?:/({_DECIMAL}))?", re.ASCII)
_INFINITE = re.compile(r"[+-]?(?:inf|infinity|∞|nan)")


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


def exact_percent(share: float) -> str:
    """A share in percent, with the sign, as a field shows it; arithmetic's last digits are left out."""
    return f"{full(rounded(100 * share, 12))} %"


def for_programs(value: float) -> str:
    """`value` as it goes to the clipboard and into files, where programs read it."""
    return repr(float(value))


def tick(value: float) -> str:
    """A round number on an axis: what stands behind its twelfth digit is the arithmetic that made it."""
    return short(rounded(value, 12), 6)


def grouped(value: int) -> str:
    """A count with thin spaces between thousands."""
    return f"{value:,}".replace(",", THIN_SPACE).replace("-", MINUS)


class TypedNumber(NamedTuple):
    """What was typed: a finite number, or None and why it is none, in the user's language."""

    value: float | None
    reason: str = ""


def typed_number(text: str) -> TypedNumber:
    """Read `text` as a number such as ``0.25``, ``−3,5``, ``2e-3``, ``2·10⁻³`` or ``1/3``."""
    plain = re.sub(r"\s", "", text).replace(MINUS, "-").replace(",", ".").lower()
    plain = _POWER.sub(_exponent, plain)
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
        said = _say(
            QT_TRANSLATE_NOOP("typed_number", "'{text}' is too large: type a number below 1.8·10³⁰⁸.")
        )
        return TypedNumber(None, said.format(text=text))
    return TypedNumber(value)


def _exponent(power: re.Match[str]) -> str:
    """What Python reads for ·10⁻³, or for 10⁻³ alone."""
    digits = power[1] or power[2].translate(_LOWERED)
    return f"{'1' if power[0].startswith('10') else ''}e{digits}"


def _say(text: str) -> str:
    return QCoreApplication.translate("typed_number", text)
