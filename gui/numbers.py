"""Numbers as people read them: typographic minus, no jitter, full precision where it is asked for."""

from __future__ import annotations

import math

MINUS = "\u2212"
THIN_SPACE = "\u202f"
_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def short(value: float, digits: int = 4) -> str:
    """`value` with `digits` significant digits; powers of ten where a plain number would be long."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    if value == 0:
        return "0"
    exponent = math.floor(math.log10(abs(float(f"{value:.{digits - 1}e}"))))
    if -5 < exponent < max(digits, 6):
        text = f"{value:.{max(0, digits - 1 - exponent)}f}"
    else:
        mantissa = (
            f"{value / 10.0**exponent:.{digits - 1}f}" if abs(exponent) < 300 else f"{value:.{digits - 1}e}"
        )
        if "e" in mantissa:
            mantissa, _, power = mantissa.partition("e")
            exponent = int(power)
        text = f"{mantissa}·10{str(exponent).translate(_SUPERSCRIPT)}"
    return text.replace("-", MINUS)


def full(value: float) -> str:
    """`value` with every digit that tells it apart from its neighbours."""
    return repr(float(value)).replace("-", MINUS)


def grouped(value: int) -> str:
    """A count with thin spaces between thousands."""
    return f"{value:,}".replace(",", THIN_SPACE).replace("-", MINUS)
