"""Values at rising steps, as a curve draws them: what it costs are the pixels it covers, not the steps."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

import numpy as np

from engine.arrays import AnyArray, FloatArray
from engine.series import FACTOR, Series

MOST_WAITING = 100_000
"""Values that come before they are summed up although nobody draws them."""


def column_span(count: int, most: int) -> int:
    """The values a column takes for `count` of them to fit into `most` columns, cheap to sum up."""
    unit = 1
    while count >= 2 * FACTOR * unit * most:
        unit *= FACTOR
    return max(1, -(-count // (most * unit))) * unit


class Curve(NamedTuple):
    """A series as it is drawn: one entry a column.

    Attributes
    ----------
    step, low, high, mean : (n,)
        Where the column's values lie, the least and the greatest of them, and the mean of the
        `window` steps that end there; NaN where there is no finite value.
    span : int
        Values a column stands for.
    """

    step: FloatArray
    low: FloatArray
    high: FloatArray
    mean: FloatArray
    span: int

    def part(self, columns: slice) -> Curve:
        """The curve in some of its columns."""
        return Curve(self.step[columns], self.low[columns], self.high[columns], self.mean[columns], self.span)


class Points:
    """Values at rising steps.

    Parameters
    ----------
    every_step : bool
        The steps have no gaps, so that they need not be kept.

    Attributes
    ----------
    low, high : float
        Least and greatest finite value; NaN when there is none.
    least_positive : float
        Least finite value above 0; NaN when there is none.
    """

    def __init__(self, every_step: bool) -> None:
        self._every_step = every_step
        self._series = Series(1 if every_step else 2)
        self.clear()

    def __len__(self) -> int:
        return len(self._series)

    def clear(self) -> None:
        """Forget all values."""
        self.low = self.high = self.least_positive = float("nan")
        self._series.clear()
        self._first = 0

    def extend(self, steps: AnyArray, values: AnyArray) -> None:
        """Append `values` (n,) measured at `steps` (n,), later than all before."""
        if not len(steps):
            return
        if not len(self):
            self._first = int(steps[0])
        before = len(self)
        self._series.append(np.stack([values] if self._every_step else [values, steps], axis=1))
        if len(self) // MOST_WAITING > before // MOST_WAITING:  # never many when they are first drawn
            self._series.summarise()
        finite = values[np.isfinite(values)]
        self.low = float(np.fmin.reduce(finite, initial=self.low))
        self.high = float(np.fmax.reduce(finite, initial=self.high))
        self.least_positive = float(np.fmin.reduce(finite[finite > 0], initial=self.least_positive))

    def step_at(self, index: int) -> int:
        """The step of the value at `index`."""
        return self._first + index if self._every_step else int(self._at(index, 1))

    def value_at(self, index: int) -> float:
        """The value at `index`, as it came."""
        return self._at(index, 0)

    def mean_at(self, index: int, window: int) -> float:
        """The mean of the finite of `window` values up to `index`; the last itself, if it is not finite."""
        value = self._at(index, 0)
        if not np.isfinite(value):
            return value
        part = self._series.columns(0, max(0, index + 1 - window), index + 1, 1)
        with np.errstate(over="ignore"):
            return float(part.total.sum() / part.finite.sum())

    def count_until(self, step: float) -> int:
        """How many values there are at or before `step`."""
        if self._every_step:
            return int(np.clip(np.floor(step) - self._first + 1, 0, len(self)))
        return bisect_right(range(len(self)), step, key=self.step_at)

    def curve(self, left: float, right: float, until: float, most: int, window: int = 1) -> Curve:
        """The series between steps `left` and `right`, and one column more at either side.

        Parameters
        ----------
        left, right : float
            Steps.
        until : float
            The last step that may be shown.
        most : int
            Columns that `left` to `right` may take.
        window : int
            Values that `Curve.mean` goes over.
        """
        start = self.count_until(left)
        stop = self.count_until(right)
        span = column_span(max(1, stop - start), most)
        start = max(0, start - span) // span * span
        stop = max(start, min(stop + span, self.count_until(until)))
        lag = max(1, round(window / span))
        lead = min(lag - 1, start // span)
        part = self._series.columns(0, start - lead * span, stop, span)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            total, count = trailing_sums(np.stack([part.total, part.finite]), lag)[:, lead:]
            mean = np.where(part.finite[lead:] > 0, total / count, np.nan)
        if self._every_step:
            begin = start + span * np.arange(len(mean), dtype=np.float64)
            step = self._first + (begin + np.minimum(begin + span, len(self)) - 1) / 2
        else:
            steps = self._series.columns(1, start, stop, span)
            step = steps.total / steps.finite
        return Curve(step, part.low[lead:], part.high[lead:], mean, span)

    def _at(self, index: int, column: int) -> float:
        if not 0 <= index < len(self):
            raise IndexError(index)
        return float(self._series.column(column, index, index + 1)[0])


def trailing_sums(values: FloatArray, window: int) -> FloatArray:
    """Each value (…, n) and up to ``window - 1`` before it, summed.

    Built by doubling, for differences of a running total would lose small values behind a large one.
    """
    length = values.shape[-1]
    window = min(window, length)
    result = np.zeros_like(values)
    block, size, done = values, 1, 0
    while done < window:
        if window & size:
            result[..., done:] += block[..., : length - done]
            done += size
        longer = block.copy()
        longer[..., size:] += block[..., :-size]
        block, size = longer, 2 * size
    return result
