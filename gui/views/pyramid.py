"""Series of any length, summed up so that a curve costs the pixels it covers and not the points it has."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

FACTOR = 16
"""Entries of one level that an entry of the next sums up."""

_CHUNK = FACTOR**4


class Summary(NamedTuple):
    """What equally long stretches of values come to, one entry a stretch.

    Attributes
    ----------
    first : int
        Index of the first value of the first stretch.
    span : int
        Values in a stretch; the last one may have fewer.
    low, high : (n,)
        NaN where a stretch has no finite value.
    total : (n,)
        Sum of the finite values.
    finite : (n,)
        How many values are finite.
    """

    first: int
    span: int
    low: FloatArray
    high: FloatArray
    total: FloatArray
    finite: FloatArray


class Pyramid:
    """Values that are only ever appended, with the least, greatest and sum of any stretch at hand.

    Level 0 has the values themselves, as they came; an entry of level k has least, greatest, sum and
    count of the finite ones of `FACTOR` ** k values. The last entry of a level may be of fewer.
    """

    def __init__(self) -> None:
        self._size = 0
        self._levels = [_Rows(1)]

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, index: int) -> float:
        if not 0 <= index < self._size:
            raise IndexError(index)
        return float(self._levels[0].read(index, index + 1)[0, 0])

    def extend(self, values: npt.ArrayLike) -> None:
        """Append `values` (n,)."""
        block = np.asarray(values, dtype=np.float64)
        if not len(block):
            return
        first, self._size = self._size, self._size + len(block)
        self._levels[0].write(first, block[None])
        level, stop = 0, self._size
        while stop > 1:
            first //= FACTOR
            block = _merged(self._read(level, first * FACTOR, stop), FACTOR)
            level, stop = level + 1, -(-stop // FACTOR)
            if level == len(self._levels):
                self._levels.append(_Rows(4))
            self._levels[level].write(first, block)

    def columns(self, start: int, stop: int, span: int) -> Summary:
        """Sum up the values from `start` to before `stop` in stretches of `span` values.

        Stretches start at multiples of `span`, so that appending or scrolling changes none that is
        complete; the first and the last may reach beyond the range, never beyond the values.

        Parameters
        ----------
        start, stop : int
            ``0 <= start <= stop <= len(self)``.
        span : int
            At least 1; best one that `column_span` gives.
        """
        level, unit = 0, 1
        while level + 1 < len(self._levels) and span % (unit * FACTOR) == 0:
            level, unit = level + 1, unit * FACTOR
        width = span // unit
        begin = start // span * span
        end = min(-(-stop // span) * width, -(-self._size // unit))
        return Summary(begin, span, *_merged(self._read(level, begin // unit, end), width))

    def _read(self, level: int, start: int, stop: int) -> FloatArray:
        rows = self._levels[level].read(start, max(start, stop))
        if level:
            return rows
        values = rows[0]
        finite = np.isfinite(values)
        if finite.all():
            return np.stack([values, values, values, np.ones_like(values)])
        clean = np.where(finite, values, np.nan)
        return np.stack([clean, clean, np.where(finite, values, 0.0), finite.astype(np.float64)])


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


class Series:
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
        self.clear()

    def __len__(self) -> int:
        return len(self._values)

    def clear(self) -> None:
        """Forget all values."""
        self.low = self.high = self.least_positive = float("nan")
        self._values = Pyramid()
        self._steps = None if self._every_step else Pyramid()
        self._first = 0

    def extend(self, steps: npt.NDArray[Any], values: npt.NDArray[Any]) -> None:
        """Append `values` (n,) measured at `steps` (n,), later than all before."""
        if not len(steps):
            return
        if not len(self):
            self._first = int(steps[0])
        if self._steps is not None:
            self._steps.extend(steps)
        self._values.extend(values)
        finite = values[np.isfinite(values)]
        self.low = float(np.fmin.reduce(finite, initial=self.low))
        self.high = float(np.fmax.reduce(finite, initial=self.high))
        self.least_positive = float(np.fmin.reduce(finite[finite > 0], initial=self.least_positive))

    def step_at(self, index: int) -> int:
        """The step of the value at `index`."""
        return self._first + index if self._steps is None else int(self._steps[index])

    def value_at(self, index: int) -> float:
        """The value at `index`, as it came."""
        return self._values[index]

    def mean_at(self, index: int, window: int) -> float:
        """The mean of the finite of `window` values up to `index`; the last itself, if it is not finite."""
        value = self._values[index]
        if not np.isfinite(value):
            return value
        part = self._values.columns(max(0, index + 1 - window), index + 1, 1)
        with np.errstate(over="ignore"):
            return float(part.total.sum() / part.finite.sum())

    def count_until(self, step: float) -> int:
        """How many values there are at or before `step`."""
        if self._steps is None:
            return int(np.clip(np.floor(step) - self._first + 1, 0, len(self)))
        return bisect_right(range(len(self)), step, key=self._steps.__getitem__)

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
        part = self._values.columns(start - lead * span, stop, span)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            total, count = trailing_sums(np.stack([part.total, part.finite]), lag)[:, lead:]
            mean = np.where(part.finite[lead:] > 0, total / count, np.nan)
        if self._steps is None:
            begin = start + span * np.arange(len(mean), dtype=np.float64)
            step = self._first + (begin + np.minimum(begin + span, len(self)) - 1) / 2
        else:
            steps = self._steps.columns(start, stop, span)
            step = steps.total / steps.finite
        return Curve(step, part.low[lead:], part.high[lead:], mean, span)


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


def _merged(rows: FloatArray, width: int) -> FloatArray:
    """Sum up every `width` entries of `rows` (4, n)."""
    if width == 1:
        return rows
    missing = -rows.shape[1] % width
    if missing:
        rows = np.concatenate([rows, np.repeat([[np.nan], [np.nan], [0.0], [0.0]], missing, axis=1)], axis=1)
    low, high, total, count = rows.reshape(4, -1, width)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.stack(
            [np.fmin.reduce(low, axis=1), np.fmax.reduce(high, axis=1), total.sum(axis=1), count.sum(axis=1)]
        )


class _Rows:
    """Rows of numbers that grow at the end; in chunks, so that nothing is ever moved."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._chunks: list[FloatArray] = []

    def write(self, at: int, block: FloatArray) -> None:
        while block.shape[1]:
            chunk, offset = divmod(at, _CHUNK)
            if chunk == len(self._chunks):
                self._chunks.append(np.empty((self._rows, _CHUNK)))
            part = min(block.shape[1], _CHUNK - offset)
            self._chunks[chunk][:, offset : offset + part] = block[:, :part]
            at, block = at + part, block[:, part:]

    def read(self, start: int, stop: int) -> FloatArray:
        first, last = start // _CHUNK, max(start, stop - 1) // _CHUNK
        parts = [
            self._chunks[chunk][:, max(0, start - chunk * _CHUNK) : stop - chunk * _CHUNK]
            for chunk in range(first, min(last + 1, len(self._chunks)))
        ]
        return parts[0] if len(parts) == 1 else np.concatenate([np.empty((self._rows, 0)), *parts], axis=1)
