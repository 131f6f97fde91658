"""Slopes and matched pairs against 800 digits: they keep their relative precision at any z up to 700."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.functions import ACTIVATIONS, LOSSES
from engine.functions.activations import Softmax, remainder
from tests.golden.make_golden import ELEMENTWISE
from tests.golden.make_slopes import POINTS, ROWS, SLOPES, UPSTREAM

RELATIVE = 1e-12
SMALLEST = float(np.finfo(float).tiny)


@pytest.fixture(scope="module")
def golden() -> dict[str, Any]:
    with np.load(SLOPES) as file:
        return dict(file)


def assert_relative(found: Any, expected: Any) -> None:
    """As precise as a number can be, but for those too small to have all digits, and too large ones."""
    representable = np.abs(expected) < np.finfo(float).max
    difference = np.abs(np.where(representable, found, 0.0) - np.where(representable, expected, 0.0))
    assert (difference <= RELATIVE * np.abs(expected) + SMALLEST).all()


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_values_and_slopes(name: str, golden: dict[str, Any]) -> None:
    rule = ACTIVATIONS[name]()
    values, slopes = golden[name]
    assert_relative(rule.value(POINTS), values)
    assert_relative(rule.slope(POINTS), slopes)


@pytest.mark.parametrize("t", [0, 1])
def test_sigmoid_with_binary_cross_entropy(t: int, golden: dict[str, Any]) -> None:
    loss, rule = LOSSES["binary_cross_entropy"](), ACTIVATIONS["sigmoid"]()
    z = POINTS[:, None]
    a, targets = rule.value(z), np.full_like(z, t)
    upstream, delta, losses = golden[f"binary_{t}"]
    assert_relative(loss.gradient_from_z(z, targets)[:, 0], upstream)
    assert_relative(loss.natural_delta(z, a, targets)[:, 0], delta)
    assert_relative(loss.per_sample_from_z(z, targets, a=a), losses)
    products = loss.gradient_from_z(z, targets) * rule.slope(z)
    assert_relative(products[:, 0], delta)


def test_softmax_and_its_jacobian(golden: dict[str, Any]) -> None:
    rule = Softmax()
    a = rule.value(ROWS)
    assert_relative(a, golden["softmax"])
    assert_relative(rule.jacobian(a), golden["jacobian"])
    assert_relative(remainder(a)[:, :, None] * a[:, :, None] * np.eye(3), golden["jacobian"] * np.eye(3))


def test_back_through_softmax(golden: dict[str, Any]) -> None:
    """A sum of products: as precise as its largest term."""
    rule = Softmax()
    a = rule.value(ROWS)
    for k, upstream in enumerate(UPSTREAM):
        given = np.tile(upstream, (len(ROWS), 1))
        found, expected = rule.vjp(ROWS, a, given), golden["through"][:, k]
        sizes = np.abs(given[:, :, None] * golden["jacobian"]).sum(axis=1)
        assert (np.abs(found - expected) <= RELATIVE * sizes + SMALLEST).all()


@pytest.mark.parametrize("t", range(3))
def test_softmax_with_cross_entropy(t: int, golden: dict[str, Any]) -> None:
    loss, rule = LOSSES["cross_entropy"](), Softmax()
    a, targets = rule.value(ROWS), np.tile(np.eye(3)[t], (len(ROWS), 1))
    upstream = loss.gradient_from_z(ROWS, targets)
    assert_relative(upstream[:, t], golden["softmax_upstream"][:, t])
    assert (np.delete(upstream, t, axis=1) == 0).all()
    assert_relative(loss.natural_delta(ROWS, a, targets), golden["softmax_delta"][:, t])
    assert_relative(loss.per_sample_from_z(ROWS, targets), golden["softmax_loss"][:, t])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("activation", "loss"), [("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy")]
)
def test_matched_pairs_are_finite_at_any_size(activation: str, loss: str, dtype: Any) -> None:
    z = np.array([[1e4, -1e4, 0.0], [-1e4, 1e4, 1e4]], dtype)
    t = np.array([[0, 1, 0], [0, 1, 0]], dtype)
    a, rule = ACTIVATIONS[activation]().value(z), LOSSES[loss]()
    delta, losses = rule.natural_delta(z, a, t), rule.per_sample_from_z(z, t, a=a)
    assert delta.dtype == losses.dtype == dtype
    assert np.isfinite(delta).all() and np.isfinite(losses).all()
