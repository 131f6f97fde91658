from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from engine.functions import INITIALIZERS
from engine.functions.initializers import Constant, Initializer, Normal, Orthogonal, Uniform

FAN_IN, FAN_OUT = 300, 200
COUNT = FAN_IN * FAN_OUT

# mean, variance, and the reach of the uniform ones
EXPECTED: dict[Initializer, tuple[float, float, tuple[float, float] | None]] = {
    Uniform(): (0.5, 1 / 12, (0.0, 1.0)),
    Uniform(-3.0, 1.0): (-1.0, 16 / 12, (-3.0, 1.0)),
    Normal(): (0.0, 0.01, None),
    Normal(2.0, 0.5): (2.0, 0.25, None),
    INITIALIZERS["xavier_uniform"](): (0.0, 2 / 500, (-math.sqrt(6 / 500), math.sqrt(6 / 500))),
    INITIALIZERS["xavier_normal"](): (0.0, 2 / 500, None),
    INITIALIZERS["he_uniform"](): (0.0, 2 / 300, (-math.sqrt(6 / 300), math.sqrt(6 / 300))),
    INITIALIZERS["he_normal"](): (0.0, 2 / 300, None),
    INITIALIZERS["lecun_normal"](): (0.0, 1 / 300, None),
}


def draw(rule: Initializer, rows: int = FAN_IN, columns: int = FAN_OUT, seed: int = 5) -> Any:
    return rule.draw(np.random.default_rng(seed), (rows, columns), rows, columns)


def test_the_catalogue_is_complete() -> None:
    expected = {"zeros", "constant", "uniform", "normal", "lecun_normal", "orthogonal"}
    expected |= {f"{author}_{law}" for author in ("xavier", "he") for law in ("uniform", "normal")}
    assert set(INITIALIZERS) == expected
    filling = {name for name, rule in INITIALIZERS.items() if rule.fills_biases}
    assert filling == {"zeros", "constant", "uniform", "normal"}
    assert all(rule.name == name and rule.label and rule.formula for name, rule in INITIALIZERS.items())


@pytest.mark.parametrize("rule", EXPECTED, ids=str)
def test_mean_variance_and_reach(rule: Initializer) -> None:
    mean, variance, reach = EXPECTED[rule]
    drawn = draw(rule)
    assert drawn.shape == (FAN_IN, FAN_OUT)
    # Five standard errors; that of a variance is at most sqrt(2 / n) times it
    assert abs(drawn.mean() - mean) < 5 * math.sqrt(variance / COUNT)
    assert abs(drawn.var() - variance) < 5 * variance * math.sqrt(2 / COUNT)
    if reach is None:
        inside = np.abs(drawn - mean) < math.sqrt(variance)
        assert abs(inside.mean() - math.erf(math.sqrt(0.5))) < 0.01
        assert np.abs(drawn - mean).max() > 3.5 * math.sqrt(variance)
    else:
        low, high = reach
        assert low <= drawn.min() < low + 0.001 * (high - low)
        assert high - 0.001 * (high - low) < drawn.max() < high


@pytest.mark.parametrize(("rows", "columns"), [(7, 7), (12, 5), (5, 12), (1, 4), (4, 1)])
@pytest.mark.parametrize("gain", [1.0, 1.4])
def test_orthogonal_rows_or_columns(rows: int, columns: int, gain: float) -> None:
    w = draw(Orthogonal(gain), rows, columns)
    assert w.shape == (rows, columns)
    product = w.T @ w if rows >= columns else w @ w.T
    assert np.abs(product - gain**2 * np.eye(min(rows, columns))).max() < 1e-13


def test_orthogonal_is_uniform_over_orthogonal_matrices() -> None:
    """Without mending the signs of QR the diagonal would be mostly of one sign."""
    diagonals = np.array([np.diag(draw(Orthogonal(), 3, 3, seed)) for seed in range(400)])
    assert np.abs(diagonals.mean(axis=0)).max() < 5 * math.sqrt(1 / 3 / 400)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_the_generator_decides_all(name: str) -> None:
    rule = INITIALIZERS[name]()
    assert np.array_equal(draw(rule, seed=1), draw(rule, seed=1))
    varies = name not in ("zeros", "constant")
    assert np.array_equal(draw(rule, seed=1), draw(rule, seed=2)) != varies


def test_constants() -> None:
    assert not draw(INITIALIZERS["zeros"]()).any()
    assert (draw(Constant(-0.7)) == -0.7).all()
