"""How a number is written: the one notation of the window, of formulas and of the command line.

A number that is exact is written to its end: 0.5 is a half and 2 is two. One that is rounded shows it: it
has as many digits as were asked for, zeros at its end included, and a decimal point, as in 0.5000. And
no number is rounded onto 1 or -1, which a saturated unit comes near to and never reaches. One
that would be long is written with a power of ten, 2·10⁻⁸, wherever people read it; what programs read is
left to Python.
"""

from __future__ import annotations

import math
import string
from collections.abc import Callable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any, NamedTuple

MINUS = "\u2212"

DOTS = "…"
"""Stands behind digits that are cut off, where rounding would have made another number of them."""

GUARD = 2
"""Digits more than asked for that tell a number apart from 1 before it is cut off."""

_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")

_TRIES = ((0, 0), (1, 0), (2, 0), (2, 1), (3, 1), (3, 0), (4, 0), (4, 1), (4, 2), (6, 2))
"""Digits more for the terms of a formula, and for its result."""


Write = Callable[[Any, str], str]
"""What makes a text of a value, in the form that a sentence asks for."""


class Written(NamedTuple):
    """A number as it is written: the mantissa, and the power of ten behind it (None is none)."""

    mantissa: str
    power: int | None = None

    @property
    def value(self) -> float:
        """The number that a reader takes it for."""
        return float(f"{self.mantissa.rstrip(DOTS)}e{self.power or 0}")


def written(value: float, digits: int) -> Written:
    """`value`, which is finite, with `digits` significant digits."""
    if value == 0:
        return Written("0")
    mantissa, _, power = f"{value:.{digits - 1}e}".partition("e")
    exponent = int(power)
    if not -5 < exponent < max(digits, 6):
        rounded = Written(mantissa, exponent)
        return Written(_to_its_end(mantissa), exponent) if rounded.value == value else rounded
    decimals = max(0, digits - 1 - exponent)
    text = f"{value:.{decimals}f}"
    if float(text) == value:
        return Written(_to_its_end(text))
    for more in range(GUARD + 1):
        text = f"{value:.{max(1, decimals + more)}f}"
        if abs(float(text)) != 1.0:
            return Written(text)
    places = decimals + GUARD
    cut = "0." + "9" * places if abs(value) < 1 else "1." + "0" * places
    return Written(("-" if value < 0 else "") + cut + DOTS)


def short(value: float, digits: int = 4) -> str:
    """`value` with `digits` significant digits, as plain text."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    mantissa, power = written(value, digits)
    text = mantissa if power is None else f"{mantissa}·10{superscript(power)}"
    return text.replace("-", MINUS)


def full(value: float) -> str:
    """`value` with every digit that tells it apart from its neighbours."""
    return short(value, _digits_of(value))


def _digits_of(value: float) -> int:
    """How many digits tell `value` apart from its neighbours."""
    return len(repr(abs(float(value))).partition("e")[0].replace(".", "").strip("0"))


def latex(value: float, digits: int = 4) -> str:
    """The same as `short`, in LaTeX."""
    value += 0.0  # no negative zero
    if not math.isfinite(value):
        return r"\mathrm{NaN}" if math.isnan(value) else r"\infty" if value > 0 else r"-\infty"
    mantissa, power = written(value, digits)
    mantissa = mantissa.replace(DOTS, r"\ldots")
    return mantissa if power is None else rf"{mantissa} \cdot 10^{{{power}}}"


def full_latex(value: float) -> str:
    """The same as `full`, in LaTeX."""
    return latex(value, _digits_of(value))


def percent(share: float, decimals: int = 1) -> str:
    """A share of a whole in percent, without the sign; 0 and 100 only if it is none or all."""
    for places in range(decimals, decimals + 4):
        text = f"{100 * share:.{places}f}"
        if float(text) not in (0.0, 100.0) or share in (0.0, 1.0):
            break
    return text.replace("-", MINUS)


def rounded(value: float, digits: int) -> float:
    """The number of so many digits that is nearest; what stands behind them is mostly arithmetic's own."""
    return float(f"{value:.{digits}g}")


def superscript(power: int | str) -> str:
    """A whole number as an exponent."""
    return str(power).translate(_SUPERSCRIPT)


def written_as(value: Any, form: str) -> str:
    """A value as a sentence asks for it: ``.4g`` in four digits, ``.0%`` in percent, else with all digits."""
    if form.endswith("%"):
        return f"{percent(value, int(form[1:-1]))} %"
    if form.endswith("g"):
        return short(value, int(form[1:-1]))
    if isinstance(value, Real) and not isinstance(value, Integral) and not form:
        return full(float(value))
    return format(value, form)


def fill(template: str, values: Mapping[str, Any], write: Write = written_as) -> str:
    """Put values into a sentence, as `write` makes texts of them."""
    return _Sentence(write).vformat(template, (), values)


class _Sentence(string.Formatter):
    def __init__(self, write: Write) -> None:
        self._write = write

    def format_field(self, value: Any, format_spec: str) -> str:
        return self._write(value, format_spec)


def _to_its_end(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def digits_that_agree(
    combine: Callable[..., float], terms: Sequence[float], result: float, digits: int = 4
) -> tuple[int, int]:
    """How many digits the terms and the result of a formula need, so that it comes out as it is written.

    Parameters
    ----------
    combine : callable
        Computes the result from the terms.
    terms : sequence of float
    result : float
    digits : int
        For both, if that is enough; the terms are given more first.

    Returns
    -------
    (int, int)
        Digits of the terms and of the result. Where nothing that could be read comes out, as when large
        terms cancel, they are `digits` and two more for the terms.
    """
    if not all(map(math.isfinite, (*terms, result))):
        return digits, digits
    return digits_that_come_out(combine, terms, result, digits) or (digits + GUARD, digits)


def digits_that_come_out(
    combine: Callable[..., float], terms: Sequence[float], result: float, digits: int = 4
) -> tuple[int, int] | None:
    """The same; None where nothing that could be read comes out."""
    if not all(map(math.isfinite, (*terms, result))):
        return None
    for more, more_of_result in _TRIES:
        try:
            made = combine(*(written(term, digits + more).value for term in terms))
        except (ArithmeticError, ValueError):  # rounding took a root or a quotient out of its range
            continue
        if _reads_as(made, result, digits + more_of_result):
            return digits + more, digits + more_of_result
    return None


def _reads_as(made: float, result: float, digits: int) -> bool:
    """Whether `made`, rounded, is what is written for `result`."""
    shown = written(result, digits)
    if result == 0 or not math.isfinite(made):
        return made == result
    decimals = len(shown.mantissa.partition(".")[2].rstrip(DOTS))
    if shown.mantissa.endswith(DOTS):
        return abs(made - result) <= 10.0**-decimals
    exponent = math.floor(math.log10(abs(result)))
    place = min((shown.power or 0) - decimals, exponent - digits + 1)
    return abs(made - shown.value) <= 0.5 * 10.0**place * (1 + 1e-9)


def size_text(count: int) -> str:
    """Bytes as people write them: 12 MB."""
    amount = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}"
        amount /= 1024
    return f"{amount:.0f} TB"
