from __future__ import annotations

import gc
import math
import tempfile
import tracemalloc
from typing import IO, Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gui.views.pyramid import FACTOR, IN_MEMORY, Pyramid, Series, Store, column_span, trailing_sums

Floats = npt.NDArray[np.float64]

numbers = st.one_of(
    st.floats(-1e6, 1e6), st.sampled_from([math.nan, math.inf, -math.inf, 0.0, 1e-300])
)  # sums stay exact enough to compare


def in_parts(values: Floats, cuts: list[int]) -> Pyramid:
    pyramid = Pyramid()
    for part in np.split(values, sorted(cut % (len(values) + 1) for cut in cuts)):
        pyramid.extend(part)
    return pyramid


def brute(values: Floats, first: int, span: int, index: int) -> tuple[float, float, float, int]:
    part = values[first + index * span : first + (index + 1) * span]
    part = part[np.isfinite(part)]
    if not len(part):
        return math.nan, math.nan, 0.0, 0
    return float(part.min()), float(part.max()), float(part.sum()), len(part)


@given(
    values=arrays(np.float64, st.integers(1, 1500), elements=numbers),
    cuts=st.lists(st.integers(0, 1500), max_size=6),
    ends=st.tuples(st.integers(0, 1500), st.integers(0, 1500)),
    most=st.integers(1, 300),
)
def test_columns_are_those_of_the_values(
    values: Floats, cuts: list[int], ends: tuple[int, int], most: int
) -> None:
    start, stop = sorted(end % (len(values) + 1) for end in ends)
    span = column_span(max(1, stop - start), most)
    found = in_parts(values, cuts).columns(start, stop, span)
    assert found.first <= start
    assert found.first + span * len(found.low) >= stop
    assert len(found.low) <= most + 1
    for index in range(len(found.low)):
        low, high, total, finite = brute(values, found.first, span, index)
        np.testing.assert_array_equal(found.low[index], low)
        np.testing.assert_array_equal(found.high[index], high)
        assert found.total[index] == pytest.approx(total, rel=1e-9, abs=1e-6)
        assert found.finite[index] == finite


@given(place=st.integers(0, 299_999), most=st.integers(1, 2000), seed=st.integers(0, 3))
def test_no_spike_is_lost(place: int, most: int, seed: int) -> None:
    series = long_series(seed)
    spiked = Series(every_step=True)
    values = series.copy()
    values[place] = 50.0
    spiked.extend(np.arange(1, len(values) + 1), values)
    curve = spiked.curve(1, len(values), len(values), most)
    assert curve.high.max() == 50.0
    assert len(curve.high) <= most + 2
    column = int(np.argmax(curve.high))
    assert abs(curve.step[column] - (place + 1)) <= curve.span / 2


def long_series(seed: int) -> Floats:
    return np.random.default_rng(seed).random(300_000)


def test_complete_columns_stay_when_values_are_appended() -> None:
    values = np.random.default_rng(0).normal(size=5_000)
    pyramid = Pyramid()
    pyramid.extend(values[:4_321])
    before = pyramid.columns(0, 4_321, 48)
    pyramid.extend(values[4_321:])
    after = pyramid.columns(0, 5_000, 48)
    complete = 4_321 // 48
    np.testing.assert_array_equal(before.low[:complete], after.low[:complete])
    np.testing.assert_array_equal(before.total[:complete], after.total[:complete])


def test_values_one_by_one_are_as_all_at_once() -> None:
    values = np.random.default_rng(1).normal(size=FACTOR**2 * 3 + 5)
    single, whole = Pyramid(), Pyramid()
    whole.extend(values)
    for value in values:
        single.extend([value])
    for span in (1, 7, FACTOR, FACTOR * 3, FACTOR**2, FACTOR**2 * 2):
        for mine, other in zip(
            single.columns(0, len(values), span), whole.columns(0, len(values), span), strict=True
        ):
            np.testing.assert_array_equal(mine, other)


def test_values_are_kept_as_they_came() -> None:
    pyramid = Pyramid()
    pyramid.extend([1.5, math.inf, math.nan])
    pyramid.extend([])
    assert len(pyramid) == 3
    assert pyramid[0] == 1.5
    assert pyramid[1] == math.inf
    assert math.isnan(pyramid[2])
    with pytest.raises(IndexError):
        pyramid[3]


@given(
    values=arrays(np.float64, st.integers(0, 200), elements=st.floats(-1e3, 1e3)),
    window=st.integers(1, 300),
)
def test_trailing_sums(values: Floats, window: int) -> None:
    expected = [math.fsum(values[max(0, end - window) : end]) for end in range(1, len(values) + 1)]
    np.testing.assert_allclose(trailing_sums(values, window), expected, rtol=1e-12, atol=1e-9)


def test_trailing_sums_find_small_values_behind_a_large_one() -> None:
    values = np.array([1.0, 1e30, 1e-3, 1e-3, 1e-3, 1e-3])
    np.testing.assert_allclose(trailing_sums(values, 3)[-2:], [3e-3, 3e-3])


@given(
    gaps=st.lists(st.integers(1, 40), min_size=1, max_size=400),
    ends=st.tuples(st.floats(-5, 9000), st.floats(-5, 9000)),
    most=st.integers(1, 100),
)
def test_series_with_gaps(gaps: list[int], ends: tuple[float, float], most: int) -> None:
    steps = np.cumsum(gaps)
    values = np.sin(steps)
    series = Series(every_step=False)
    series.extend(steps, values)
    left, right = sorted(ends)
    for step in (left, right):
        assert series.count_until(step) == np.searchsorted(steps, step, side="right")
    curve = series.curve(left, right, math.inf, most)
    assert len(curve.step) <= most + 3
    inside = (steps >= left) & (steps <= right)
    if inside.any():
        assert curve.low.min() <= values[inside].min()
        assert curve.high.max() >= values[inside].max()
    assert (np.diff(curve.step) > 0).all()


def test_series_bounds_leave_out_what_is_not_finite() -> None:
    series = Series(every_step=True)
    assert math.isnan(series.low)
    series.extend(np.array([1, 2]), np.array([math.nan, math.inf]))
    assert math.isnan(series.high)
    series.extend(np.array([3, 4, 5]), np.array([0.0, 2.0, 0.5]))
    assert (series.low, series.high, series.least_positive) == (0.0, 2.0, 0.5)


def test_mean_goes_over_the_window_whatever_is_in_sight() -> None:
    values = np.random.default_rng(2).random(500)
    series = Series(every_step=True)
    series.extend(np.arange(1, 501), values)
    curve = series.curve(301, 310, 500, 100, window=50)
    for step, mean in zip(curve.step, curve.mean, strict=True):
        end = int(step)
        assert mean == pytest.approx(values[end - 50 : end].mean())
        assert series.mean_at(end - 1, 50) == pytest.approx(mean)
    assert curve.step[0] <= 301
    assert curve.step[-1] >= 310


def test_mean_breaks_where_a_value_is_not_finite() -> None:
    series = Series(every_step=True)
    series.extend(np.arange(1, 6), np.array([1.0, 3.0, math.nan, math.inf, 5.0]))
    mean = series.curve(1, 5, 5, 100, window=3).mean
    np.testing.assert_array_equal(mean, [1.0, 2.0, math.nan, math.nan, 5.0])
    assert math.isnan(series.mean_at(2, 3))
    assert series.mean_at(3, 3) == math.inf
    assert series.mean_at(4, 3) == 5.0


def test_nothing_after_the_last_step_that_may_be_shown() -> None:
    series = Series(every_step=True)
    series.extend(np.arange(1, 11), np.arange(10.0))
    assert series.curve(0, 20, until=7, most=100).step.tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert len(series.curve(9, 20, until=3, most=100).step) == 0


SPANS = (1, 7, FACTOR, FACTOR * 3, FACTOR**2, FACTOR**3)


def assert_same(mine: Pyramid, other: Pyramid, start: int, stop: int) -> None:
    for span in SPANS:
        for found, expected in zip(
            mine.columns(start, stop, span), other.columns(start, stop, span), strict=True
        ):
            np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("seed", range(4))
def test_what_has_moved_to_the_file_is_read_as_it_was(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=400_000)
    values[rng.integers(0, len(values), 1000)] = math.nan
    moved, kept = Pyramid(Store(in_memory=0)), Pyramid()
    kept.extend(values)
    # Chunks end at multiples of 65,536 values: go over some of those ends in small steps.
    cuts = np.unique(
        np.concatenate([rng.integers(0, len(values), 20), np.arange(65_500, 65_600, 3), [131_072]])
    )
    for part in np.split(values, cuts):
        moved.extend(part)
    assert len(moved) == len(values)
    for index in (0, 1, 65_535, 65_536, 131_071, 399_999):
        np.testing.assert_equal(moved[index], values[index])
    for start, stop in ((0, 400_000), (65_530, 65_540), (100_000, 270_000), (399_990, 400_000)):
        assert_same(moved, kept, start, stop)


def test_series_with_gaps_reads_its_steps_from_the_file() -> None:
    steps = np.cumsum(np.random.default_rng(0).integers(1, 9, 200_000))
    store = Store(in_memory=0)
    series = Series(every_step=False, store=store)
    series.extend(steps, np.sqrt(steps))
    assert store.disk_bytes > 2 * 8 * 190_000
    for step in (0, int(steps[70_000]), int(steps[70_000]) - 1, int(steps[-1])):
        assert series.count_until(step) == np.searchsorted(steps, step, side="right")
    curve = series.curve(steps[1_000], steps[1_050], math.inf, 100)
    np.testing.assert_array_equal(curve.low, np.sqrt(curve.step))


def test_memory_stays_the_same_once_the_bound_is_reached() -> None:
    store = Store()
    several = [Pyramid(store) for _ in range(3)]
    block = np.random.default_rng(0).random(500_000)

    def grow(blocks: int) -> int:
        for _ in range(blocks):
            for pyramid in several:
                pyramid.extend(block)
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        grow(4)
        at_bound = grow(2)
        assert store.disk_bytes > 0
        later = grow(12)
    finally:
        tracemalloc.stop()
    assert at_bound < 8 * IN_MEMORY * 2
    assert later < at_bound + 2**20
    assert store.disk_bytes >= 8 * (3 * 9_000_000 - IN_MEMORY) - 3 * 2**20
    assert all(pyramid[8_999_999] == block[-1] for pyramid in several)


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
    store = Store(in_memory=0)
    one, other = Pyramid(store), Pyramid(store)
    one.extend(np.arange(200_000.0))
    assert files.made
    alone = store.disk_bytes
    other.extend(np.arange(200_000.0) + 0.5)
    both = store.disk_bytes
    one.clear()
    assert store.disk_bytes == both - alone
    one.extend(np.arange(200_000.0) + 0.25)
    assert store.disk_bytes == both
    assert (one[3], other[3]) == (3.25, 3.5)
    files.made[0].seek(0, 2)
    assert files.made[0].tell() == both
    one.clear()
    other.clear()
    assert store.disk_bytes == 0
    assert [file.closed for file in files.made] == [True]
    one.extend(np.arange(200_000.0))
    assert one[70_000] == 70_000.0


def test_file_goes_with_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    files = Files(monkeypatch)
    pyramid = Pyramid(Store(in_memory=0))
    pyramid.extend(np.arange(200_000.0))
    assert [file.closed for file in files.made] == [False]
    del pyramid
    gc.collect()
    assert [file.closed for file in files.made] == [True]


class FullDisk:
    """A file that takes `room` bytes and no more."""

    def __init__(self, file: IO[bytes], room: int, raises: bool) -> None:
        self.file, self.room, self.raises = file, room, raises
        self.seek, self.read, self.close = file.seek, file.read, file.close

    def write(self, data: memoryview) -> int:
        if self.file.tell() + data.nbytes <= self.room:
            return self.file.write(data)
        if self.raises:
            raise OSError("no space left on device")
        return self.file.write(data.cast("B")[: max(0, self.room - self.file.tell())])


@pytest.mark.parametrize("raises", [True, False])
@pytest.mark.parametrize("room", [0, 700_000, 1_100_000])
def test_nothing_is_lost_when_the_disk_is_full(
    monkeypatch: pytest.MonkeyPatch, raises: bool, room: int
) -> None:
    make: Any = tempfile.TemporaryFile
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **options: FullDisk(make(**options), room, raises))
    store = Store(in_memory=0)
    values = np.random.default_rng(0).random(400_000)
    moved, kept = Pyramid(store), Pyramid()
    moved.extend(values)
    kept.extend(values)
    assert store.disk_bytes == room // 524_288 * 524_288
    assert_same(moved, kept, 0, 400_000)


def test_nothing_is_lost_when_no_file_can_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**options: Any) -> IO[bytes]:
        raise PermissionError("nowhere to write")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    store = Store(in_memory=0)
    pyramid = Pyramid(store)
    pyramid.extend(np.arange(200_000.0))
    assert store.disk_bytes == 0
    assert [pyramid[index] for index in (0, 65_536, 199_999)] == [0.0, 65_536.0, 199_999.0]
