"""Schedules on their own; their series beside PyTorch's are in test_trainer.py."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.functions import SCHEDULES
from engine.functions.schedules import (
    CosineDecay,
    ExponentialDecay,
    LinearWarmUp,
    PlateauState,
    ReduceOnPlateau,
    Schedule,
    StepDecay,
)

STEPS = np.arange(40)
EPOCHS = STEPS // 4


@pytest.mark.parametrize(
    ("rule", "places"),
    [
        (SCHEDULES["constant"](), {0: 1.0, 39: 1.0}),
        (StepDecay(3, 0.5), {0: 1.0, 11: 1.0, 12: 0.5, 24: 0.25, 39: 0.125}),
        (ExponentialDecay(0.9), {3: 1.0, 4: 0.9, 39: 0.9**9}),
        (CosineDecay(8, 0.2), {0: 1.0, 16: 0.6, 32: 0.2, 39: 0.2}),
        (LinearWarmUp(10), {0: 0.1, 4: 0.5, 9: 1.0, 39: 1.0}),
        (ReduceOnPlateau(), {0: 1.0, 39: 1.0}),
    ],
)
def test_factors(rule: Schedule, places: dict[int, float]) -> None:
    factors = rule.factors(STEPS, EPOCHS)
    assert factors.shape == STEPS.shape
    for place, expected in places.items():
        assert factors[place] == pytest.approx(expected, rel=1e-14)
    assert rule.factors(STEPS[5:7], EPOCHS[5:7]).tolist() == factors[5:7].tolist()


def test_reduce_on_plateau_waits_and_forgets() -> None:
    rule, state, factors = ReduceOnPlateau(0.5, 2), PlateauState(), []
    for loss in [1.0, 0.9, 0.9, 0.95, 0.91, 0.91, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8]:
        state = rule.observe(state, loss)
        factors.append(state.factor)
    assert factors == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125]


def test_an_improvement_must_be_worth_something() -> None:
    rule = ReduceOnPlateau(0.5, 0)
    state = rule.observe(PlateauState(), 1.0)
    assert state == PlateauState(1.0, 1.0, 0)
    assert rule.observe(state, 1.0 - 0.9e-4).factor == 0.5
    assert rule.observe(state, 1.0 - 1.1e-4) == PlateauState(1.0, 1.0 - 1.1e-4, 0)
    assert rule.observe(state, math.nan) is state  # an epoch that was not seen whole


@pytest.mark.parametrize("name", SCHEDULES)
def test_only_one_looks_at_the_loss(name: str) -> None:
    rule = SCHEDULES[name]()
    assert rule.needs_loss == (name == "reduce_on_plateau")
    assert rule.name == name and rule.label and rule.formula
    if not rule.needs_loss:
        assert rule.observe(PlateauState(0.5, 1.0, 3), 0.1) == PlateauState(0.5, 1.0, 3)
