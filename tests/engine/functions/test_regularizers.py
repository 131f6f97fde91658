from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import Dataset, Experiment, Layer, Trainer
from engine.functions import CLIPPINGS, REGULARIZERS
from engine.functions.regularizers import L1, L2, ClipByNorm, ClipByValue, is_weight_mask
from engine.functions.traced import execute
from engine.functions.written_out import Lines

W = np.array([[1.0, -2.0], [0.0, 0.5]])


def clipped(rule: Any, gradient: list[float]) -> tuple[list[float], float]:
    g, factor = np.array(gradient), np.ones(())
    execute(rule.clip(g, factor))
    return g.tolist(), float(factor)


def test_penalties_by_hand() -> None:
    assert L1(0.1).penalty(W.ravel()) == pytest.approx(0.35, rel=1e-15)
    assert L2(0.1).penalty(W.ravel()) == pytest.approx(0.05 * 5.25, rel=1e-15)
    assert REGULARIZERS["none"]().penalty(W.ravel()) == 0.0
    assert L2(0.1).penalty(W).tolist() == pytest.approx([0.05 * 5.0, 0.05 * 0.25], rel=1e-15)


@pytest.mark.parametrize("rule", [L1(0.1), L2(0.1)])
def test_gradients_are_the_penaltys_and_leave_biases_alone(rule: Any) -> None:
    p = np.array([1.5, -0.75, 2.0, 3.0])
    is_weight, out = np.array([1.0, 1.0, 0.0, 1.0]), np.empty(4)
    execute(rule.gradients(p, is_weight, out))
    step = 1e-6
    for k in range(4):
        shift = step * np.eye(4)[k]
        numeric = (rule.penalty((p + shift) * is_weight) - rule.penalty((p - shift) * is_weight)) / (2 * step)
        assert out[k] == pytest.approx(numeric, abs=1e-9)
    assert out[2] == 0.0


def test_l1_does_nothing_at_0() -> None:
    out = np.empty(1)
    execute(L1(0.1).gradients(np.zeros(1), np.ones(1), out))
    assert out.tolist() == [0.0]


def test_weights_and_biases_in_the_flat_vector() -> None:
    assert is_weight_mask([(2, 3), (3, 1)], "float64").tolist() == [1] * 6 + [0] * 3 + [1] * 3 + [0]


def test_clipping_by_value() -> None:
    assert clipped(ClipByValue(0.5), [0.2, -0.7, 3.0])[0] == [0.2, -0.5, 0.5]


def test_clipping_by_the_global_norm() -> None:
    assert clipped(ClipByNorm(10.0), [3.0, -4.0]) == ([3.0, -4.0], 1.0)
    assert clipped(ClipByNorm(5.0), [3.0, -4.0]) == ([3.0, -4.0], 1.0)
    found, factor = clipped(ClipByNorm(1.0), [3.0, -4.0])
    assert found == pytest.approx([0.6, -0.8], rel=1e-15) and factor == pytest.approx(0.2, rel=1e-15)
    assert clipped(ClipByNorm(1.0), [0.0, 0.0]) == ([0.0, 0.0], 1.0)


def test_no_clipping() -> None:
    assert clipped(CLIPPINGS["none"](), [3.0, -4.0]) == ([3.0, -4.0], 1.0)


def test_clipping_meets_the_gradient_with_the_penalty_in_it() -> None:
    data = Dataset.from_arrays([[1.0]], [5.0])
    experiment = Experiment(
        (Layer(1),),
        learning_rate=1.0,
        regularizer=L2(2.0),
        clipping=ClipByValue(4.0),
    )
    trainer = Trainer(experiment, data)
    trainer.set_parameters([[[3.0]]], [[1.0]])
    record = trainer.step()
    # data gradient -1 for both; with the penalty 2 * 3 the weight's is 5, clipped to 4
    assert record.weight_grads[0].tolist() == [[-1.0]] and record.bias_grads[0].tolist() == [-1.0]
    assert trainer.weights[0].tolist() == [[-1.0]] and trainer.biases[0].tolist() == [2.0]
    assert record.penalty == 9.0 and record.data_loss == 0.5


@pytest.mark.parametrize("table", [REGULARIZERS, CLIPPINGS], ids=["regularizers", "clippings"])
def test_every_row_has_a_formula_and_a_label(table: Any) -> None:
    assert all(rule.name == name and rule.label and rule().formula for name, rule in table.items())


def test_formulas_are_the_textbooks() -> None:
    assert REGULARIZERS["l1"]().gradient_formula == r"\lambda\,\mathrm{sign}(w)"
    assert REGULARIZERS["l2"]().gradient_formula == r"\lambda\,w"
    assert CLIPPINGS["value"]().formula == r"\min(c, \max(-c, g))"


@pytest.mark.parametrize(("w", "sign"), [(-0.5, "−1"), (0.5, "1"), (0.0, "0")])
def test_the_numbers_of_l1(w: float, sign: str) -> None:
    lines = Lines()
    given = lines.given("w")
    REGULARIZERS["l1"](strength=0.25).write(lines, given)
    (line,) = lines.terms({given: w})
    assert line.made(*line.of) == line.value == 0.25 * np.sign(w)
    bracketed = f"({sign})" if w < 0 else sign
    assert line.written([f"{value:g}".replace("-", "−") for value in line.of]) == f"0.25 × {bracketed}"
