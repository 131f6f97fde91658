from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.arrays import FloatArray
from engine.series import Store
from gui.views.curves.points import Points, trailing_sums


@given(place=st.integers(0, 299_999), most=st.integers(1, 2000), seed=st.integers(0, 3))
def test_no_spike_is_lost(place: int, most: int, seed: int) -> None:
    series = long_series(seed)
    spiked = Points(every_step=True)
    values = series.copy()
    values[place] = 50.0
    spiked.extend(np.arange(1, len(values) + 1), values)
    curve = spiked.curve(1, len(values), len(values), most)
    assert curve.high.max() == 50.0
    assert len(curve.high) <= most + 2
    column = int(np.argmax(curve.high))
    assert abs(curve.step[column] - (place + 1)) <= curve.span / 2


def long_series(seed: int) -> FloatArray:
    return np.random.default_rng(seed).random(300_000)


@given(
    values=arrays(np.float64, st.integers(0, 200), elements=st.floats(-1e3, 1e3)),
    window=st.integers(1, 300),
)
def test_trailing_sums(values: FloatArray, window: int) -> None:
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
    series = Points(every_step=False)
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
    series = Points(every_step=True)
    assert math.isnan(series.low)
    series.extend(np.array([1, 2]), np.array([math.nan, math.inf]))
    assert math.isnan(series.high)
    series.extend(np.array([3, 4, 5]), np.array([0.0, 2.0, 0.5]))
    assert (series.low, series.high, series.least_positive) == (0.0, 2.0, 0.5)


def test_mean_goes_over_the_window_whatever_is_in_sight() -> None:
    values = np.random.default_rng(2).random(500)
    series = Points(every_step=True)
    series.extend(np.arange(1, 501), values)
    curve = series.curve(301, 310, 500, 100, window=50)
    for step, mean in zip(curve.step, curve.mean, strict=True):
        end = int(step)
        assert mean == pytest.approx(values[end - 50 : end].mean())
        assert series.mean_at(end - 1, 50) == pytest.approx(mean)
    assert curve.step[0] <= 301
    assert curve.step[-1] >= 310


def test_mean_breaks_where_a_value_is_not_finite() -> None:
    series = Points(every_step=True)
    series.extend(np.arange(1, 6), np.array([1.0, 3.0, math.nan, math.inf, 5.0]))
    mean = series.curve(1, 5, 5, 100, window=3).mean
    np.testing.assert_array_equal(mean, [1.0, 2.0, math.nan, math.nan, 5.0])
    assert math.isnan(series.mean_at(2, 3))
    assert series.mean_at(3, 3) == math.inf
    assert series.mean_at(4, 3) == 5.0


def test_nothing_after_the_last_step_that_may_be_shown() -> None:
    series = Points(every_step=True)
    series.extend(np.arange(1, 11), np.arange(10.0))
    assert series.curve(0, 20, until=7, most=100).step.tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert len(series.curve(9, 20, until=3, most=100).step) == 0


def test_series_with_gaps_reads_its_steps_from_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = np.cumsum(np.random.default_rng(0).integers(1, 9, 200_000))
    store = Store(memory_bytes=0)
    monkeypatch.setattr("engine.series.STORE", store)
    series = Points(every_step=False)
    series.extend(steps, np.sqrt(steps))
    assert store.disk_bytes > 2 * 8 * 190_000
    for step in (0, int(steps[70_000]), int(steps[70_000]) - 1, int(steps[-1])):
        assert series.count_until(step) == np.searchsorted(steps, step, side="right")
    curve = series.curve(steps[1_000], steps[1_050], math.inf, 100)
    np.testing.assert_array_equal(curve.low, np.sqrt(curve.step))
