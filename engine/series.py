"""Series of numbers that grow by a row a step, of any length: kept whole, and summed up to be drawn.

Rows lie in blocks that never change once they are full. So appending costs the same however long a
series is, copies share blocks and may be read in other threads, and blocks can move from memory to a
temporary file. Whatever the disk refuses stays in memory: nothing is ever lost.
"""

from __future__ import annotations

import errno
import glob
import os
import sys
import time
import weakref
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import IO, NamedTuple

import numpy as np

from engine.arrays import AnyArray, FloatArray

FACTOR = 16
"""Entries of one level that an entry of the next sums up."""

BLOCK_ROWS = FACTOR**3
PAGE_BYTES = 8 * BLOCK_ROWS
"""One column of a block: what the file is made of, so that the room of any block can be used by another."""

MEMORY_BYTES = 64 * 2**20
"""Full blocks that stay in memory, all series of the program together; older ones go to the file."""

MOVED_AT_ONCE = 4
"""Blocks that are moved when one has become full: more than come, but never a long wait."""

RETRY_SECONDS = 30.0
"""How long a disk that refused a block is left alone."""


class Block:
    """Full rows, one column after another: in memory, or at pages of a store's file."""

    __slots__ = ("__weakref__", "_store", "kept", "pages", "values")

    def __init__(self, store: Store, width: int) -> None:
        self._store = store
        self.values: FloatArray | None = np.empty((width, BLOCK_ROWS))
        self.pages: tuple[int, ...] = ()
        self.kept = False

    @property
    def on_disk(self) -> bool:
        """Whether it has moved to the file."""
        return self.values is None

    def read(self, columns: Sequence[int], start: int, stop: int) -> FloatArray:
        """Rows `start` to before `stop` of some columns, (columns, rows); in any thread."""
        values = self.values
        if values is not None:
            whole = len(columns) == len(values)
            return values[:, start:stop].copy() if whole else values[list(columns), start:stop]
        result = np.empty((len(columns), stop - start))
        for row, column in zip(result, columns, strict=True):
            self._store.read(PAGE_BYTES * self.pages[column] + 8 * start, row)
        return result

    def __del__(self) -> None:
        self._store.forget(self)


class Store:
    """Where full blocks lie: the newest in memory, within a bound, the others in a temporary file.

    The file has no name that could be left behind: the system takes it away when the program ends,
    however it ends (on Windows when it is closed). It is made when it is needed, and goes when nothing is
    in it any more. Blocks may come from any thread, and none waits for another.

    Parameters
    ----------
    memory_bytes : int
        Bound of the full blocks in memory, as long as the disk takes the others.
    """

    def __init__(self, memory_bytes: int = MEMORY_BYTES) -> None:
        self._bound = memory_bytes
        self._lock = Lock()
        self._waiting: deque[Block] = deque()
        self._gone: deque[tuple[tuple[int, ...], int]] = deque()  # pages and bytes of blocks nobody needs
        # What follows belongs to who holds the lock
        self._kept: deque[weakref.ref[Block]] = deque()
        self._memory = 0
        self._free: list[int] = []
        self._pages = 0
        self._file: IO[bytes] | None = None
        self._refusal = ""
        self._again = 0.0

    @property
    def disk_bytes(self) -> int:
        """Bytes that have moved to the file."""
        return (self._pages - len(self._free)) * PAGE_BYTES

    @property
    def refusal(self) -> str:
        """Why the disk takes no more, in the system's words; empty while it does."""
        return self._refusal

    def keep(self, block: Block) -> None:
        """Take charge of a block that will not change any more."""
        block.kept = True
        self._waiting.append(block)
        self._settle()

    def forget(self, block: Block) -> None:
        """Learn that nobody needs a block any more; may be called in the middle of anything."""
        if block.kept:
            self._gone.append((block.pages, 0 if block.values is None else block.values.nbytes))
            self._settle()

    def read(self, offset: int, result: FloatArray) -> None:
        """Fill `result` from the file.

        Raises
        ------
        OSError
            If the disk does not give back what it took.
        """
        file = self._file
        assert file is not None
        data = result.data.cast("B")
        while data:
            count = _read_at(file, self._lock, data, offset)
            if not count:
                raise OSError(errno.EIO, "the temporary file ends too early")
            data, offset = data[count:], offset + count

    def _settle(self) -> None:
        """Do what there is to do, unless another thread is at it."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            while self._waiting:
                block = self._waiting.popleft()
                self._kept.append(weakref.ref(block))
                self._memory += PAGE_BYTES * len(_values(block))
                del block  # or it would live as long as this call
            while self._gone:
                pages, in_memory = self._gone.popleft()
                self._free += pages
                self._memory -= in_memory
            if self._file is not None and len(self._free) == self._pages:
                self._close()
                self._file, self._free, self._pages = None, [], 0
            self._make_room()
        finally:
            self._lock.release()

    def _make_room(self) -> None:
        moved = 0
        while self._kept and self._memory > self._bound and moved < MOVED_AT_ONCE:
            block = self._kept[0]()
            if block is not None:
                if time.monotonic() < self._again:
                    return
                self._refusal = self._move(block)
                if self._refusal:
                    self._again = time.monotonic() + RETRY_SECONDS
                    return
                moved += 1
            self._kept.popleft()

    def _move(self, block: Block) -> str:
        """Move a block to the file; return why that was not possible, if it was not."""
        values = _values(block)
        reused = self._free[-len(values) :]
        pages = (*reused, *range(self._pages, self._pages + len(values) - len(reused)))
        import tempfile  # few trainings are so long

        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(prefix="backprop-lab-", buffering=0)  # noqa: SIM115
                self._close = weakref.finalize(self, self._file.close)
            for page, column in zip(pages, values, strict=True):
                self._write(page * PAGE_BYTES, column)
        except OSError as error:
            return error.strerror or str(error)
        del self._free[len(self._free) - len(reused) :]
        self._pages += len(values) - len(reused)
        self._memory -= values.nbytes
        block.pages = pages
        block.values = None  # last: who reads it in another thread finds the one or the other
        return ""

    def _write(self, offset: int, column: FloatArray) -> None:
        assert self._file is not None
        data = column.data.cast("B")
        while data:
            count = _write_at(self._file, data, offset)
            if not count:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            data, offset = data[count:], offset + count


def _values(block: Block) -> FloatArray:
    assert block.values is not None
    return block.values


if sys.platform == "win32":

    def _user() -> int:
        return 0

    def _read_at(file: IO[bytes], lock: Lock, data: memoryview, offset: int) -> int:
        with lock:
            file.seek(offset)
            return int(file.readinto(data))  # type: ignore[attr-defined]

    def _write_at(file: IO[bytes], data: memoryview, offset: int) -> int:
        file.seek(offset)
        return file.write(data)

else:

    def _user() -> int:
        return os.getuid()  # what others have open cannot be seen

    def _read_at(file: IO[bytes], lock: Lock, data: memoryview, offset: int) -> int:
        found = os.pread(file.fileno(), len(data), offset)
        data[: len(found)] = found
        return len(found)

    def _write_at(file: IO[bytes], data: memoryview, offset: int) -> int:
        return os.pwrite(file.fileno(), data, offset)


def remove_left_over() -> None:
    """Remove the files that earlier versions, whose files had names, left behind when they were killed.

    One that a program has open stays: whose it is is asked of the system, and not told from a number
    that another program may have by now. (Windows itself refuses to remove it.)
    """
    import tempfile

    left = [Path(path).resolve() for path in glob.glob(f"{tempfile.gettempdir()}/backprop-lab-*.series")]
    if not left:
        return
    opened: set[str] = set()
    if sys.platform != "win32":
        links = glob.glob("/proc/[0-9]*/fd/*")
        if not links:
            return  # there is no telling
        for link in links:
            with suppress(OSError):
                opened.add(os.readlink(link))
    for path in left:
        with suppress(OSError):
            if str(path) not in opened and path.stat().st_uid == _user():
                path.unlink()


STORE = Store()
"""Where series lie that are given no other store."""


class _Table:
    """Columns of numbers, appended row by row, in blocks."""

    def __init__(self, width: int, store: Store) -> None:
        self.width, self.store = width, store
        self.blocks: list[Block] = []
        self.length = 0

    def append(self, columns: AnyArray) -> None:
        """Append rows, given as columns (width, m)."""
        done, count = 0, columns.shape[1]
        while done < count:
            place = self.length % BLOCK_ROWS
            if place == 0:
                self.blocks.append(Block(self.store, self.width))
            take = min(count - done, BLOCK_ROWS - place)
            block = self.blocks[-1]
            _values(block)[:, place : place + take] = columns[:, done : done + take]
            self.length += take
            done += take
            if place + take == BLOCK_ROWS:
                self.store.keep(block)

    def read(self, columns: Sequence[int], start: int, stop: int) -> FloatArray:
        """Rows `start` to before `stop` of some columns, (columns, rows), as a copy."""
        if stop <= start:
            return np.empty((len(columns), 0))
        parts = []
        for index in range(start // BLOCK_ROWS, (stop - 1) // BLOCK_ROWS + 1):
            base = index * BLOCK_ROWS
            first, last = max(0, start - base), min(BLOCK_ROWS, stop - base)
            parts.append(self.blocks[index].read(columns, first, last))
        return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)


class Summary(NamedTuple):
    """What equally long stretches of a column come to, one entry a stretch.

    Attributes
    ----------
    first : int
        Row of the first value of the first stretch.
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


class Series:
    """An append-only table of numbers, one row a step (or an evaluation), that can be summed up.

    Least, greatest, sum and count of the finite values of every `FACTOR` ** k rows are kept as they are
    first asked for, so that a curve costs the pixels it covers and not the steps it has.

    A series belongs to one thread; its forks may go to others.

    Parameters
    ----------
    width : int
        Numbers in a row.
    store : Store, optional
        That its blocks are kept in; by default that of the program.
    """

    def __init__(self, width: int, store: Store | None = None) -> None:
        self.width = width
        self._store = STORE if store is None else store
        self.clear()

    def __len__(self) -> int:
        return self._rows.length

    @property
    def disk_bytes(self) -> int:
        """Bytes of its rows that have moved to the file."""
        return sum(PAGE_BYTES * self.width for block in self._rows.blocks if block.on_disk)

    def clear(self) -> None:
        """Forget all rows."""
        self._rows = _Table(self.width, self._store)
        self._levels: list[_Table] = []  # of complete entries: least, greatest, sum and count of each column

    def append(self, rows: AnyArray) -> None:
        """Append rows (m, width)."""
        self._rows.append(rows.T)

    def read(self, start: int = 0, stop: int | None = None) -> FloatArray:
        """Rows start..stop as a copy (stop - start, width)."""
        stop = len(self) if stop is None else min(stop, len(self))
        return np.ascontiguousarray(self._rows.read(range(self.width), start, stop).T)

    def column(self, column: int, start: int = 0, stop: int | None = None) -> FloatArray:
        """Rows start..stop of one column, as a copy."""
        stop = len(self) if stop is None else min(stop, len(self))
        values: FloatArray = self._rows.read((column,), start, stop)[0]
        return values

    def fork(self, length: int) -> Series:
        """Another series with the first `length` rows of this one."""
        other = Series(self.width, self._store)
        full = length // BLOCK_ROWS
        other._rows.blocks = self._rows.blocks[:full]
        other._rows.length = full * BLOCK_ROWS
        other._rows.append(self._rows.read(range(self.width), full * BLOCK_ROWS, length))
        return other

    def shared_with(self, other: Series) -> int:
        """How many rows at the start are the very same blocks as in `other`."""
        full = min(len(self), len(other)) // BLOCK_ROWS
        pairs = zip(self._rows.blocks[:full], other._rows.blocks[:full], strict=True)
        return BLOCK_ROWS * next((index for index, (mine, its) in enumerate(pairs) if mine is not its), full)

    def summarise(self) -> None:
        """Sum up what has come since the last time, so that `columns` need not."""
        length, level = len(self) // FACTOR, 0
        while length:
            if level == len(self._levels):
                self._levels.append(_Table(4 * self.width, self._store))
            table = self._levels[level]
            while table.length < length:
                stop = min(length, table.length + BLOCK_ROWS)
                table.append(
                    _merged(
                        self._complete(level, range(self.width), table.length * FACTOR, stop * FACTOR), FACTOR
                    ).reshape(4 * self.width, -1)
                )
            length, level = length // FACTOR, level + 1

    def columns(self, column: int, start: int, stop: int, span: int) -> Summary:
        """Sum up the values of a column from row `start` to before `stop` in stretches of `span` rows.

        Stretches start at multiples of `span`, so that appending or scrolling changes none that is
        complete; the first and the last may reach beyond the range, never beyond the rows.

        Parameters
        ----------
        start, stop : int
            ``0 <= start <= stop <= len(self)``.
        span : int
            At least 1; best a small multiple of a power of `FACTOR`.
        """
        self.summarise()
        level, unit = 0, 1
        while level < len(self._levels) and span % (unit * FACTOR) == 0:
            level, unit = level + 1, unit * FACTOR
        begin = start // span * span
        end = min(-(-stop // span) * (span // unit), -(-len(self) // unit))
        rows = _merged(self._entries(level, column, begin // unit, end), span // unit)
        return Summary(begin, span, *rows[:, 0])

    def _entries(self, level: int, column: int, start: int, stop: int) -> FloatArray:
        """Entries of a level, (4, 1, n); the last of all may be one that is not complete yet."""
        if not level:
            return self._complete(0, (column,), start, max(start, stop))
        known = self._levels[level - 1].length
        rows = self._complete(level, (column,), start, max(start, min(stop, known)))
        if stop <= known:
            return rows
        below = min(stop * FACTOR, -(-len(self) // FACTOR ** (level - 1)))
        rest = self._entries(level - 1, column, max(start, known) * FACTOR, below)
        return np.concatenate([rows, _merged(rest, FACTOR)], axis=2)

    def _complete(self, level: int, columns: Sequence[int], start: int, stop: int) -> FloatArray:
        """Complete entries of a level, (4, columns, n); those of level 0 are the values themselves."""
        if level:
            chosen = [part * self.width + column for part in range(4) for column in columns]
            return self._levels[level - 1].read(chosen, start, stop).reshape(4, len(columns), -1)
        values = self._rows.read(columns, start, stop)
        finite = np.isfinite(values)
        if finite.all():
            return np.stack([values, values, values, np.ones_like(values)])
        clean = np.where(finite, values, np.nan)
        return np.stack([clean, clean, np.where(finite, values, 0.0), finite.astype(np.float64)])


def _merged(entries: FloatArray, width: int) -> FloatArray:
    """Sum up every `width` entries of (4, columns, n)."""
    if width == 1:
        return entries
    missing = -entries.shape[2] % width
    if missing:
        filler = np.array([np.nan, np.nan, 0.0, 0.0])[:, None, None]
        filler = np.broadcast_to(filler, (4, entries.shape[1], missing))
        entries = np.concatenate([entries, filler], axis=2)
    low, high, total, count = entries.reshape(4, entries.shape[1], -1, width)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.stack(
            [np.fmin.reduce(low, axis=2), np.fmax.reduce(high, axis=2), total.sum(axis=2), count.sum(axis=2)]
        )
