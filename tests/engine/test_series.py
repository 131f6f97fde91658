"""Series: nothing is ever lost, whatever the disk does, and what is drawn is what was measured."""

from __future__ import annotations

import errno
import gc
import math
import os
import subprocess
import sys
import tempfile
import threading
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.arrays import FloatArray
from engine.series import BLOCK_ROWS, FACTOR, PAGE_BYTES, Series, Store, remove_left_over

numbers = st.one_of(
    st.floats(-1e6, 1e6), st.sampled_from([math.nan, math.inf, -math.inf, 0.0, 1e-300])
)  # sums stay exact enough to compare


def series_of(values: FloatArray, store: Store | None = None) -> Series:
    series = Series(1, store)
    series.append(values[:, None])
    return series


def in_parts(values: FloatArray, cuts: list[int]) -> Series:
    series = Series(1)
    for part in np.split(values, sorted(cut % (len(values) + 1) for cut in cuts)):
        series.append(part[:, None])
    return series


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.series.BLOCK_ROWS", 8)
    monkeypatch.setattr("engine.series.PAGE_BYTES", 64)


@given(st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_series_and_their_forks_are_lists_of_rows(small_blocks: None, data: st.DataObject) -> None:
    pairs: list[tuple[Series, list[list[float]]]] = [(Series(2, Store(memory_bytes=300)), [])]
    value = 0.0
    for _ in range(data.draw(st.integers(1, 25))):
        index = data.draw(st.integers(0, len(pairs) - 1))
        table, rows = pairs[index]
        if data.draw(st.booleans()):
            count = data.draw(st.integers(0, 40))
            added = [[value + k, -value] for k in range(count)]
            value += count
            table.append(np.array(added).reshape(-1, 2))
            rows.extend(added)
        else:
            length = data.draw(st.integers(0, len(rows)))
            pairs.append((table.fork(length), rows[:length]))
        for each, expected in pairs:
            assert len(each) == len(expected)
            assert each.read().tolist() == expected
    table, rows = pairs[data.draw(st.integers(0, len(pairs) - 1))]
    start, stop = data.draw(st.integers(0, 60)), data.draw(st.one_of(st.none(), st.integers(0, 60)))
    assert table.read(start, stop).tolist() == rows[start:stop]


def brute(values: FloatArray, first: int, span: int, index: int) -> tuple[float, float, float, int]:
    part = values[first + index * span : first + (index + 1) * span]
    part = part[np.isfinite(part)]
    if not len(part):
        return math.nan, math.nan, 0.0, 0
    return float(part.min()), float(part.max()), float(part.sum()), len(part)


@given(
    values=arrays(np.float64, st.integers(1, 1500), elements=numbers),
    cuts=st.lists(st.integers(0, 1500), max_size=6),
    ends=st.tuples(st.integers(0, 1500), st.integers(0, 1500)),
    span=st.one_of(st.integers(1, 700), st.sampled_from([16, 48, 256, 512, 4096])),
)
def test_columns_are_those_of_the_values(
    values: FloatArray, cuts: list[int], ends: tuple[int, int], span: int
) -> None:
    start, stop = sorted(end % (len(values) + 1) for end in ends)
    found = in_parts(values, cuts).columns(0, start, stop, span)
    assert found.first <= start
    assert found.first + span * len(found.low) >= stop
    for index in range(len(found.low)):
        low, high, total, finite = brute(values, found.first, span, index)
        np.testing.assert_array_equal(found.low[index], low)
        np.testing.assert_array_equal(found.high[index], high)
        assert found.total[index] == pytest.approx(total, rel=1e-9, abs=1e-6)
        assert found.finite[index] == finite


def test_complete_columns_stay_when_values_are_appended() -> None:
    values = np.random.default_rng(0).normal(size=5_000)
    series = Series(1)
    series.append(values[:4_321, None])
    before = series.columns(0, 0, 4_321, 48)
    series.append(values[4_321:, None])
    after = series.columns(0, 0, 5_000, 48)
    complete = 4_321 // 48
    np.testing.assert_array_equal(before.low[:complete], after.low[:complete])
    np.testing.assert_array_equal(before.total[:complete], after.total[:complete])


def test_values_one_by_one_are_as_all_at_once() -> None:
    values = np.random.default_rng(1).normal(size=FACTOR**2 * 3 + 5)
    single, whole = Series(1), series_of(values)
    for value in values:
        single.append(np.array([[value]]))
        single.summarise()
    for span in (1, 7, FACTOR, FACTOR * 3, FACTOR**2, FACTOR**2 * 2):
        for mine, other in zip(
            single.columns(0, 0, len(values), span), whole.columns(0, 0, len(values), span), strict=True
        ):
            np.testing.assert_array_equal(mine, other)


def test_columns_of_many_blocks_and_columns() -> None:
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(10 * BLOCK_ROWS + 777, 3))
    rows[rng.integers(0, len(rows), 500), 1] = math.nan
    series = Series(3, Store(memory_bytes=0))
    for part in np.array_split(rows, 37):
        series.append(part)
    for column in range(3):
        for span in (1, 7, FACTOR, FACTOR * 3, FACTOR**2, FACTOR**3, FACTOR**4, 2 * FACTOR**4):
            found = series.columns(column, 0, len(rows), span)
            for index in range(0, len(found.low), max(1, len(found.low) // 50)):
                low, high, total, finite = brute(rows[:, column], found.first, span, index)
                np.testing.assert_array_equal((found.low[index], found.high[index]), (low, high))
                assert found.total[index] == pytest.approx(total, rel=1e-9, abs=1e-9)
                assert found.finite[index] == finite
    np.testing.assert_array_equal(series.read(), rows)


# -- the file --------------------------------------------------------------------------------------


def test_what_has_moved_to_the_file_is_read_as_it_was() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=60_000)
    values[rng.integers(0, len(values), 1000)] = math.nan
    store = Store(memory_bytes=0)
    moved, kept = Series(1, store), series_of(values)
    # Blocks end at multiples of 4,096 rows: go over some of those ends in small steps.
    cuts = np.unique(np.concatenate([rng.integers(0, len(values), 20), np.arange(4_090, 4_110, 3), [8192]]))
    for part in np.split(values, cuts):
        moved.append(part[:, None])
        moved.summarise()
    assert moved.disk_bytes == 14 * PAGE_BYTES
    np.testing.assert_array_equal(moved.read(), kept.read())
    for start, stop in ((0, 60_000), (4_090, 4_100), (10_000, 27_000), (59_990, 60_000)):
        assert_same(moved, kept, start, stop)


SPANS = (1, 7, FACTOR, FACTOR * 3, FACTOR**2, FACTOR**3)


def assert_same(mine: Series, other: Series, start: int, stop: int) -> None:
    for span in SPANS:
        for found, expected in zip(
            mine.columns(0, start, stop, span), other.columns(0, start, stop, span), strict=True
        ):
            np.testing.assert_array_equal(found, expected)


def test_memory_stays_the_same_once_the_bound_is_reached() -> None:
    bound = 2**20
    store = Store(bound)
    several = [Series(1, store) for _ in range(3)]
    block = np.random.default_rng(0).random((100_000, 1))

    def grow(blocks: int) -> int:
        for _ in range(blocks):
            for series in several:
                series.append(block)
                series.summarise()
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        at_bound = grow(11)
        assert store.disk_bytes > 0
        later = grow(9)
    finally:
        tracemalloc.stop()
    assert at_bound < 4 * bound
    assert later < at_bound + 2**18
    assert store.disk_bytes >= 8 * 3 * 2_000_000 - bound
    assert all(series.column(0, 1_999_999)[0] == block[-1, 0] for series in several)


class Files:
    """The temporary files that are made."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made: list[IO[bytes]] = []
        self._make: Any = tempfile.TemporaryFile
        monkeypatch.setattr(tempfile, "TemporaryFile", self)

    def __call__(self, *arguments: Any, **options: Any) -> IO[bytes]:
        self.made.append(self._make(*arguments, **options))
        return self.made[-1]


def test_file_goes_when_it_is_empty_and_its_room_is_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    files = Files(monkeypatch)
    store = Store(memory_bytes=0)
    values = np.arange(20_000.0)
    one, other = series_of(values, store), series_of(values + 0.5, store)
    assert (one.disk_bytes, store.disk_bytes) == (4 * PAGE_BYTES, 8 * PAGE_BYTES)
    fork = one.fork(10_000)
    one.clear()
    assert store.disk_bytes == 6 * PAGE_BYTES  # the two that the fork shares stay
    one.append((values + 0.25)[:, None])
    assert store.disk_bytes == 10 * PAGE_BYTES
    assert [each.column(0, 3, 4)[0] for each in (one, other, fork)] == [3.25, 3.5, 3.0]
    assert os.fstat(files.made[0].fileno()).st_size == 10 * PAGE_BYTES
    for series in (one, other, fork):
        series.clear()
    assert store.disk_bytes == 0
    assert [file.closed for file in files.made] == [True]
    one.append(values[:, None])
    assert one.column(0, 7_000)[0] == 7_000.0


def test_blocks_of_any_width_share_a_file() -> None:
    store = Store(memory_bytes=0)
    rng = np.random.default_rng(0)
    tables = [(width, rng.random((3 * BLOCK_ROWS, width))) for width in (3, 1, 7, 2)]
    for _ in range(3):
        several = []
        for width, rows in tables:
            several.append(Series(width, store))
            several[-1].append(rows)
        several.pop(2)
        several.append(Series(7, store))
        several[-1].append(tables[2][1])
        for series in several:
            rows = next(rows for width, rows in tables if width == series.width)
            np.testing.assert_array_equal(series.read(), rows)
    assert store.disk_bytes == 3 * 13 * PAGE_BYTES


def test_file_goes_with_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    files = Files(monkeypatch)
    series = series_of(np.arange(20_000.0), Store(memory_bytes=0))
    assert [file.closed for file in files.made] == [False]
    del series
    gc.collect()
    assert [file.closed for file in files.made] == [True]


# -- a disk that refuses ---------------------------------------------------------------------------

posix = pytest.mark.skipif(sys.platform == "win32", reason="writes in another way")


class Disk:
    """Has `room` bytes; the write that does not fit ends early, those after it as `refuse` says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, room: int, refuse: Callable[[], int]) -> None:
        self.room, self.refuse, self.most = room, refuse, 1 << 30
        self._write = os.pwrite
        monkeypatch.setattr(os, "pwrite", self)

    def __call__(self, descriptor: int, data: memoryview, offset: int) -> int:
        fits = min(len(data), self.room - offset, self.most)
        return self._write(descriptor, data[:fits], offset) if fits > 0 else self.refuse()


def full() -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


@posix
@pytest.mark.parametrize("refuse", [full, lambda: 0], ids=["raises", "writes nothing"])
@pytest.mark.parametrize("room", [0, 50_000, 200_000])
def test_nothing_is_lost_when_the_disk_is_full(
    monkeypatch: pytest.MonkeyPatch, refuse: Callable[[], int], room: int
) -> None:
    Disk(monkeypatch, room, refuse)
    store = Store(memory_bytes=0)
    values = np.random.default_rng(0).random(60_000)
    moved, kept = series_of(values, store), series_of(values)
    assert_same(moved, kept, 0, 60_000)
    np.testing.assert_array_equal(moved.read(), kept.read())
    assert store.disk_bytes == room // PAGE_BYTES * PAGE_BYTES
    assert store.refusal == os.strerror(errno.ENOSPC)


@posix
def test_short_writes_are_gone_on_with(monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(monkeypatch, 1 << 40, full)
    disk.most = 1_000
    store = Store(memory_bytes=0)
    values = np.random.default_rng(0).random(20_000)
    series = series_of(values, store)
    np.testing.assert_array_equal(series.read()[:, 0], values)
    assert (store.disk_bytes, store.refusal) == (4 * PAGE_BYTES, "")


@posix
def test_a_disk_with_room_again_takes_what_it_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("engine.series.time.monotonic", lambda: clock[0])
    disk = Disk(monkeypatch, 0, full)
    store = Store(memory_bytes=0)
    values = np.random.default_rng(0).random(20_000)
    series = series_of(values, store)
    assert store.refusal
    disk.room = 1 << 40
    series.append(values[:, None])
    assert store.disk_bytes == 0  # a full disk is not asked at every block
    clock[0] = 60.0
    series.append(values[:, None])
    series.append(values[:, None])
    assert series.disk_bytes == len(series) // BLOCK_ROWS * PAGE_BYTES
    assert store.refusal == ""
    np.testing.assert_array_equal(series.read()[:, 0], np.tile(values, 4))


def test_nothing_is_lost_when_no_file_can_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**options: Any) -> IO[bytes]:
        raise PermissionError(errno.EACCES, "nowhere to write")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    store = Store(memory_bytes=0)
    series = series_of(np.arange(20_000.0), store)
    assert (store.disk_bytes, store.refusal) == (0, "nowhere to write")
    np.testing.assert_array_equal(series.read()[:, 0], np.arange(20_000.0))


LIMITED = """
import resource, sys
import numpy as np
from engine import Dataset, Experiment, Layer, Trainer
from engine import series
series.STORE = series.Store(memory_bytes=0)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
rows = np.random.default_rng(0).normal(size=(4, 2))
trainer = Trainer(Experiment((Layer(1),), learning_rate=0.001), Dataset.from_arrays(rows, rows[:, :1]))
trainer.run(30_000)
losses = trainer.scalars.loss
again = Trainer(trainer.experiment, trainer.dataset)
series.STORE = series.Store()
again.run(30_000)
assert np.array_equal(losses, again.scalars.loss), "lost"
print(trainer.completed, series.STORE.disk_bytes, end="")
"""


@posix
def test_training_goes_on_when_the_system_takes_no_more() -> None:
    """The system itself writes a part of a block, and refuses the rest."""
    child = subprocess.run([sys.executable, "-c", LIMITED], capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stderr
    assert child.stdout == "30000 0"


# -- threads and processes -------------------------------------------------------------------------


def test_a_fork_is_read_while_its_blocks_move() -> None:
    store = Store(memory_bytes=20 * PAGE_BYTES)
    values = np.random.default_rng(0).random((20 * BLOCK_ROWS, 2))
    series = Series(2, store)
    series.append(values[: 10 * BLOCK_ROWS])
    fork = series.fork(10 * BLOCK_ROWS - 5)
    wrong: list[int] = []
    ended = threading.Event()

    def read() -> None:
        place = 0
        while not ended.is_set() or not place:
            place = (place + 7) % 10
            start = place * BLOCK_ROWS + 17
            found = fork.read(start, start + 2_000)
            if not np.array_equal(found, values[start : start + 2_000]):
                wrong.append(place)

    reader = threading.Thread(target=read)
    reader.start()
    for part in np.array_split(values[10 * BLOCK_ROWS :], 100):
        series.append(part)
    ended.set()
    reader.join()
    assert not wrong
    assert fork.disk_bytes == 9 * 2 * PAGE_BYTES
    np.testing.assert_array_equal(series.read(), values)


KILLED = """
import os, signal, sys
import numpy as np
from engine.series import Series, Store
store = Store(memory_bytes=0)
series = Series(4, store)
series.append(np.ones((100_000, 4)))
assert store.disk_bytes > 2_000_000
os.kill(os.getpid(), signal.SIGKILL)
"""


@posix
def test_a_killed_program_leaves_no_file_behind(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    child = subprocess.run([sys.executable, "-c", KILLED], env=environment, capture_output=True, check=False)
    assert child.returncode == -9, child.stderr
    assert [*tmp_path.iterdir()] == []


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="there is no telling what is open")
def test_files_that_earlier_versions_left_behind_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left, living, other = (tmp_path / f"{name}.series" for name in ("backprop-lab-a", "backprop-lab-b", "c"))
    for path in (left, living, other):
        path.write_bytes(b"x")
    with living.open("rb"):
        remove_left_over()
    assert {*tmp_path.iterdir()} == {living, other}
