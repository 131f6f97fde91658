"""Series of any length, summed up so that a curve costs the pixels it covers and not the points it has."""

from __future__ import annotations

import tempfile
import weakref
from bisect import bisect_right
from collections import deque
from typing import IO, Any, NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

FACTOR = 16
"""Entries of one level that an entry of the next sums up."""

IN_MEMORY = 2_000_000
"""Numbers that a `Store` keeps in memory, but for the chunks that are being filled."""

_CHUNK = FACTOR**4
_CHUNK_BYTES = 8 * _CHUNK


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


class Store:
    """Where the chunks of pyramids lie: the newest in memory within a bound, the others in a file.

    The file is a temporary one: it is made when it is needed, and goes when nothing is in it any more or
    nobody needs the store. Where it cannot be written, chunks stay in memory: nothing is ever lost.

    Parameters
    ----------
    in_memory : int
        Numbers that stay in memory, in complete chunks.
    """

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._most = in_memory // _CHUNK
        self._complete: deque[_Chunk] = deque()
        self._slots = 0
        self._free: list[int] = []
        self._file: IO[bytes] | None = None

    @property
    def disk_bytes(self) -> int:
        """Bytes that have moved to the file."""
        return (self._slots - len(self._free)) * _CHUNK_BYTES

    def keep(self, chunk: _Chunk) -> None:
        """Take charge of a chunk that will not change any more."""
        self._complete.append(chunk)
        while len(self._complete) > self._most and self._move(self._complete[0]):
            self._complete.popleft()

    def free(self, chunks: list[_Chunk]) -> None:
        """Forget these chunks; those that come use their place in the file again."""
        self._free += [chunk.slot for chunk in chunks if chunk.slot is not None]
        gone = set(chunks)
        self._complete = deque(chunk for chunk in self._complete if chunk not in gone)
        if self._file is not None and len(self._free) == self._slots:
            self._close()
            self._file, self._slots, self._free = None, 0, []

    def read(self, chunk: _Chunk, start: int, stop: int) -> FloatArray:
        """Entries `start` to before `stop` of a chunk, (rows, n); not to be changed."""
        if chunk.values is not None:
            return chunk.values[:, start:stop]
        assert self._file is not None
        assert chunk.slot is not None
        result = np.empty((chunk.rows, stop - start))
        for number, row in enumerate(result):
            self._file.seek(chunk.slot * _CHUNK_BYTES + 8 * (number * (_CHUNK // chunk.rows) + start))
            row[:] = np.frombuffer(self._file.read(row.nbytes))
        return result

    def _move(self, chunk: _Chunk) -> bool:
        """Move a chunk to the file; whether that was possible."""
        assert chunk.values is not None
        slot = self._free[-1] if self._free else self._slots
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115, it is open as long as needed
                self._close = weakref.finalize(self, self._file.close)
            self._file.seek(slot * _CHUNK_BYTES)
            if self._file.write(chunk.values.data) < _CHUNK_BYTES:
                return False
        except OSError:
            return False
        if self._free:
            self._free.pop()
        else:
            self._slots += 1
        chunk.values, chunk.slot = None, slot
        return True


class Pyramid:
    """Values that are only ever appended, with the least, greatest and sum of any stretch at hand.

    Level 0 has the values themselves, as they came; an entry of level k has least, greatest, sum and
    count of the finite ones of `FACTOR` ** k values. The last entry of a level may be of fewer.

    Parameters
    ----------
    store : Store, optional
        That its chunks are kept in, perhaps with those of others.
    """

    def __init__(self, store: Store | None = None) -> None:
        self._store = store or Store()
        self._size = 0
        self._levels = [_Rows(1, self._store)]

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, index: int) -> float:
        if not 0 <= index < self._size:
            raise IndexError(index)
        return float(self._levels[0].read(index, index + 1)[0, 0])

    def extend(self, values: npt.ArrayLike) -> None:
        """Append `values` (n,)."""
        block = np.asarray(values, dtype=np.float64)
        for start in range(0, len(block), _CHUNK):
            self._extend(block[start : start + _CHUNK])

    def clear(self) -> None:
        """Forget all values."""
        for level in self._levels:
            level.clear()
        self._size = 0
        self._levels = self._levels[:1]

    def _extend(self, block: FloatArray) -> None:
        first, self._size = self._size, self._size + len(block)
        self._levels[0].write(first, block[None])
        level, stop = 0, self._size
        while stop > 1:
            first //= FACTOR
            block = _merged(self._read(level, first * FACTOR, stop), FACTOR)
            level, stop = level + 1, -(-stop // FACTOR)
            if level == len(self._levels):
                self._levels.append(_Rows(4, self._store))
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

    def part(self, columns: slice) -> Curve:
        """The curve in some of its columns."""
        return Curve(self.step[columns], self.low[columns], self.high[columns], self.mean[columns], self.span)


class Series:
    """Values at rising steps.

    Parameters
    ----------
    every_step : bool
        The steps have no gaps, so that they need not be kept.
    store : Store, optional
        That they are kept in, perhaps with other series.

    Attributes
    ----------
    low, high : float
        Least and greatest finite value; NaN when there is none.
    least_positive : float
        Least finite value above 0; NaN when there is none.
    """

    def __init__(self, every_step: bool, store: Store | None = None) -> None:
        self._values = Pyramid(store)
        self._steps = None if every_step else Pyramid(store)
        self.clear()

    def __len__(self) -> int:
        return len(self._values)

    def clear(self) -> None:
        """Forget all values."""
        self.low = self.high = self.least_positive = float("nan")
        self._values.clear()
        if self._steps is not None:
            self._steps.clear()
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


class _Chunk:
    """As many entries of a level as `_CHUNK` numbers hold: in memory, or at a slot of a store's file."""

    __slots__ = ("rows", "slot", "values")

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.slot: int | None = None
        self.values: FloatArray | None = np.empty((rows, _CHUNK // rows))


class _Rows:
    """Rows of numbers that grow at the end; in chunks, so that nothing is ever moved in memory."""

    def __init__(self, rows: int, store: Store) -> None:
        self._rows = rows
        self._length = _CHUNK // rows
        self._store = store
        self._chunks: list[_Chunk] = []

    def clear(self) -> None:
        self._store.free(self._chunks)
        self._chunks = []

    def write(self, at: int, block: FloatArray) -> None:
        """Append `block` (rows, n) at `at`; its first entry may replace the last there is."""
        while block.shape[1]:
            chunk, offset = divmod(at, self._length)
            if chunk == len(self._chunks):
                self._chunks.append(_Chunk(self._rows))
                if chunk:  # only now is the last entry of the one before known to be complete
                    self._store.keep(self._chunks[chunk - 1])
            values = self._chunks[chunk].values
            assert values is not None
            part = min(block.shape[1], self._length - offset)
            values[:, offset : offset + part] = block[:, :part]
            at, block = at + part, block[:, part:]

    def read(self, start: int, stop: int) -> FloatArray:
        first, last = start // self._length, max(start, stop - 1) // self._length
        parts = [
            self._store.read(
                self._chunks[chunk],
                max(0, start - chunk * self._length),
                min(stop - chunk * self._length, self._length),
            )
            for chunk in range(first, min(last + 1, len(self._chunks)))
        ]
        return parts[0] if len(parts) == 1 else np.concatenate([np.empty((self._rows, 0)), *parts], axis=1)
