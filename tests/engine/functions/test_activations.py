from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.functions import ACTIVATIONS
from engine.functions.activations import ELU, Activation, LeakyReLU, ReLU, Softmax
from engine.functions.traced import Traced
from engine.functions.written_out import symbols_of
from tests.golden.make_golden import ACTIVATION_VALUES, ELEMENTWISE, POINTS

ALL = [ACTIVATIONS[name]() for name in ELEMENTWISE] + [LeakyReLU(0.2), ELU(1.5)]


def label(rule: Activation) -> str:
    plain = rule.plain()
    return plain if isinstance(plain, str) else "-".join(map(str, plain.values()))


def test_the_catalogue_is_complete() -> None:
    assert set(ACTIVATIONS) == {*ELEMENTWISE, "softmax"}
    assert [name for name, rule in ACTIVATIONS.items() if not rule().elementwise] == ["softmax"]
    for name, rule in ACTIVATIONS.items():
        assert rule.name == name and rule.label and rule.formula and rule.slope_formula


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_values_and_slopes_are_pytorchs_saturated_and_at_kinks_too(name: str) -> None:
    with np.load(ACTIVATION_VALUES) as file:
        values, slopes = file[name]
    rule = ACTIVATIONS[name]()
    for found, expected in ((rule.value(POINTS), values), (rule.slope(POINTS), slopes)):
        assert np.all(np.abs(found - expected) <= 1e-12 * np.maximum(1.0, np.abs(expected)))


@pytest.mark.parametrize("rule", ALL, ids=label)
def test_slopes_are_what_central_differences_give(rule: Activation) -> None:
    step = 1e-3
    z = np.linspace(-12, 12, 481) + 0.0071
    for kink in rule.kinks:
        z = z[np.abs(z - kink) > 3 * step]
    near, far = (rule.value(z + k * step) - rule.value(z - k * step) for k in (1, 2))
    numeric = (8 * near - far) / (12 * step)
    assert np.abs(rule.slope(z) - numeric).max() < 1e-9


@pytest.mark.parametrize("rule", ALL, ids=label)
def test_kinks_are_where_the_slope_jumps(rule: Activation) -> None:
    z, step = np.arange(-10, 10, 0.5), 1e-7
    jumps = np.abs(rule.slope(z + step) - rule.slope(z - step)) > 1e-3
    assert tuple(z[jumps]) == rule.kinks


@pytest.mark.parametrize("rule", ALL, ids=label)
def test_the_vjp_is_the_slope_times_upstream(rule: Activation) -> None:
    rng = np.random.default_rng(0)
    z, upstream = rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
    a = rule.value(z)
    assert np.allclose(rule.vjp(z, a, upstream), rule.slope(z) * upstream, rtol=1e-15, atol=0)
    assert np.array_equal(rule.slope(z, a), rule.slope(z))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_not_a_number_stays_one(name: str) -> None:
    rule = ACTIVATIONS[name]()
    z = np.array([[np.nan, 1.0]])
    assert np.isnan(rule.value(z)[0, 0])


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_dtype_and_shape_are_kept(name: str, dtype: Any) -> None:
    rule = ACTIVATIONS[name]()
    z = np.linspace(-2, 2, 24, dtype=dtype).reshape(2, 3, 4)
    a = rule.value(z)
    back = rule.vjp(z, a, np.ones_like(z))
    assert a.dtype == back.dtype == dtype and a.shape == back.shape == z.shape
    assert np.array_equal(rule.value(z[1]), a[1])  # leading axes are independent


def test_softmax_gives_probabilities_at_any_size() -> None:
    z = np.array([[1e4, -1e4, 1e4], [0.0, 1.0, 2.0], [-1e4, -1e4, -1e4]])
    a = Softmax().value(z)
    assert a[0].tolist() == [0.5, 0.0, 0.5]
    assert np.allclose(a[1], np.exp([0, 1, 2]) / np.exp([0, 1, 2]).sum(), rtol=1e-15, atol=0)
    assert np.allclose(a.sum(axis=1), 1.0, rtol=1e-15, atol=0)


@given(
    hnp.arrays(float, (3, 4), elements=st.floats(-30, 30)),
    hnp.arrays(float, (3, 4), elements=st.floats(-10, 10)),
)
def test_softmaxs_vjp_is_its_full_jacobian(z: Any, upstream: Any) -> None:
    rule = Softmax()
    a = rule.value(z)
    jacobian = rule.jacobian(a)
    expected = np.einsum("bi,bij->bj", upstream, jacobian)
    assert np.abs(rule.vjp(z, a, upstream) - expected).max() <= 1e-14 * max(1.0, np.abs(upstream).max())
    step = 1e-5
    for j in range(4):
        shift = step * np.eye(4)[j]
        numeric = (rule.value(z + shift) - rule.value(z - shift)) / (2 * step)
        assert np.abs(jacobian[:, :, j] - numeric).max() < 1e-8


def test_in_place() -> None:
    """The pass lets upstream and dL/dz share an array."""
    rng = np.random.default_rng(0)
    z, upstream = rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
    for rule in (*ALL, Softmax()):
        a, shared = rule.value(z), upstream.copy()
        for function, arguments in rule.backward(z, a, shared, shared):
            function(*arguments)
        assert np.array_equal(shared, rule.vjp(z, a, upstream)), rule.name


def test_relu_keeps_a_negative_infinity_out() -> None:
    assert ReLU().value(np.array([-np.inf, np.inf])).tolist() == [0.0, np.inf]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_slope_in_a_is_the_formula_that_is_shown(name: str) -> None:
    rule = ACTIVATIONS[name]()
    in_a = rule.slope_in_a(Traced(None, (), "a"))
    assert (in_a is None) == (not rule.saturated_slope_formula)
    if in_a is not None:
        assert symbols_of(in_a) == rule.slope_formula.replace("^2", "^{2}")
        z = np.linspace(-3.0, 3.0, 13)
        np.testing.assert_allclose(rule.slope_in_a(rule.value(z)), rule.slope(z), rtol=1e-12)
