"""Round numbers along an axis, linear or in powers of ten."""

from __future__ import annotations

import math

from gui.text import numbers

LOG_LIMIT = 300.0
"""Beyond this power of ten, or below its inverse, nothing is drawn."""


def ticks(low: float, high: float, count: float, least: float = 0.0) -> list[tuple[float, str]]:
    """Round numbers from `low` to `high`, at most some `count` of them, and how to write them."""
    step = max(_round_up((high - low) / max(count, 2.0), (1.0, 2.0, 2.5, 5.0, 10.0)), least)
    numbered = range(math.ceil(low / step - 1e-6), math.floor(high / step + 1e-6) + 1)
    return [(n * step, numbers.tick(n * step)) for n in numbered]


def log_ticks(low: float, high: float, count: float) -> list[tuple[float, str]]:
    """Round numbers as `ticks`, of a scale in powers of ten; positions are logarithms."""
    low, high = max(low, -LOG_LIMIT), min(high, LOG_LIMIT)
    every = max(1, math.ceil((high - low) / max(count, 2.0)))
    places = [float(n) for n in range(math.ceil(low), math.floor(high) + 1) if n % every == 0]
    if every == 1 and (high - low) * 3 <= count:
        places = [e + math.log10(m) for e in range(math.floor(low), math.ceil(high)) for m in (1, 2, 5)]
        places = [place for place in places if low - 1e-9 <= place <= high + 1e-9]
    if len(places) >= 2:
        return [(place, numbers.tick(10.0**place)) for place in places]
    return [(math.log10(v), text) for v, text in ticks(10.0**low, 10.0**high, count) if v > 0]


def _round_up(value: float, mantissas: tuple[float, ...]) -> float:
    """The least number not below `value` that is a power of ten times one of `mantissas`."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(m * power for m in mantissas if m * power >= value * (1 - 1e-9))


def roomy(last: int) -> float:
    """An end of the axis that leaves `last` some room to grow into."""
    return _round_up(float(last), (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0))


def around(low: float, high: float) -> tuple[float, float]:
    """A range of round numbers around `low` to `high`."""
    low, high = max(low, -(10.0**LOG_LIMIT)), min(high, 10.0**LOG_LIMIT)
    if high - low < 10.0**-LOG_LIMIT:
        return 0.0, 1.0
    step = _round_up((high - low) / 5, (1.0, 2.0, 2.5, 5.0, 10.0))
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step


def decades(least: float, most: float) -> tuple[float, float]:
    """A range of 1, 2 or 5 times a power of ten around `least` to `most`, as logarithms."""
    if math.isnan(least):
        return -1.0, 0.0
    marks = [0.0, math.log10(2), math.log10(5), 1.0]
    low, high = (min(max(math.log10(v), -LOG_LIMIT), LOG_LIMIT) for v in (least, most))
    low = max(math.floor(low) + m for m in marks if math.floor(low) + m <= low + 1e-9)
    high = min(math.floor(high) + m for m in marks if math.floor(high) + m >= high - 1e-9)
    return low, high if high > low else low + 1.0
