"""Worked examples whose numbers are known: the founding article, Mazur, Nielsen, CS231n."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from engine import Dataset, Experiment, Layer, Trainer
from engine.explain.expression import differentiate
from tests.engine.both_plans import plan  # noqa: F401

LISTING = Path(__file__).parents[1] / "golden" / "article_listing.json"
CASES = json.loads(LISTING.read_text(encoding="utf-8"))["cases"]

BOTH = (Layer(3, "sigmoid"), Layer(2, "sigmoid"))


def agree(found: npt.ArrayLike, expected: npt.ArrayLike, tolerance: float = 1e-12) -> None:
    expected = np.asarray(expected)
    assert np.abs(np.asarray(found) - expected).max() <= tolerance * np.abs(expected).max()


def article(case: dict[str, Any], **variants: str) -> Trainer:
    experiment = Experiment(
        BOTH,
        "squared_error",
        learning_rate=case["learning_rate"],
        **variants,
    )
    trainer = Trainer(experiment, Dataset.from_arrays(case["inputs"], case["targets"]))
    trainer.set_parameters([case["W1_0"], case["W2_0"]], [case["b1_0"], case["b2_0"]])
    return trainer


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"seed {case['seed']}")
def test_the_founding_articles_listing(case: dict[str, Any]) -> None:
    variants = {"reduction": "sum", "bias_reduction": "mean", "update_order": "output_first"}
    trainer = article(case, **variants)
    record = trainer.step()
    agree(record.a[1], case["hidden_outputs"])
    agree(record.a[2], case["final_outputs"])
    agree(-record.delta[1], case["output_gradients"])
    agree(-record.delta[0], case["hidden_gradients"])
    for layer, (w, b) in enumerate(zip(trainer.weights, trainer.biases, strict=True), 1):
        agree(w, case[f"W{layer}"])
        agree(b, case[f"b{layer}"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"seed {case['seed']}")
def test_what_the_listing_would_be_with_true_gradients(case: dict[str, Any]) -> None:
    record = article(case, reduction="sum").peek()
    agree(-record.delta[0], case["hidden_gradients_before_update"])
    assert np.abs(record.delta[0] + case["hidden_gradients"]).max() > 1e-6
    agree(record.bias_grads[0], -np.sum(case["hidden_gradients_before_update"], axis=0))


@pytest.mark.parametrize("left_out", ["reduction", "bias_reduction", "update_order"])
def test_each_variant_is_needed(left_out: str) -> None:
    variants = {"reduction": "sum", "bias_reduction": "mean", "update_order": "output_first"}
    del variants[left_out]
    trainer, case = article(CASES[0], **variants), CASES[0]
    trainer.step()
    found = [*trainer.weights, *trainer.biases]
    expected = [case["W1"], case["W2"], case["b1"], case["b2"]]
    assert max(np.abs(f - np.array(e)).max() for f, e in zip(found, expected, strict=True)) > 1e-6


def mazur() -> Trainer:
    experiment = Experiment((Layer(2, "sigmoid"), Layer(2, "sigmoid")), "squared_error", learning_rate=0.5)
    trainer = Trainer(experiment, Dataset.from_arrays([[0.05, 0.10]], [[0.01, 0.99]]))
    trainer.set_parameters(
        [[[0.15, 0.25], [0.20, 0.30]], [[0.40, 0.50], [0.45, 0.55]]], [[0.35, 0.35], [0.60, 0.60]]
    )
    trainer.freeze(biases=[(layer, unit) for layer in (1, 2) for unit in (0, 1)])
    return trainer


def test_mazurs_step_by_step_example() -> None:
    trainer = mazur()
    record = trainer.step()
    assert record.data_loss == pytest.approx(0.2983711087600027, rel=1e-14)
    rounded: list[tuple[npt.ArrayLike, npt.ArrayLike]] = [
        (record.a[1], [[0.59326999, 0.59688438]]),
        (record.a[2], [[0.75136507, 0.77292847]]),
        (record.delta[1], [[0.13849856, -0.03809824]]),
        (record.delta[0], [[0.00877135, 0.00995425]]),
        (record.weight_grads[1], [[0.08216704, -0.02260254], [0.08266763, -0.02274024]]),
        (record.weight_grads[0], [[0.00043857, 0.00049771], [0.00087714, 0.00099543]]),
        (record.weights_after[0], [[0.14978072, 0.24975114], [0.19956143, 0.29950229]]),
        (record.weights_after[1], [[0.35891648, 0.51130127], [0.40866619, 0.56137012]]),
    ]
    for found, expected in rounded:
        assert np.abs(np.asarray(found) - expected).max() < 0.51e-8
    assert [b.tolist() for b in trainer.biases] == [[0.35, 0.35], [0.60, 0.60]]
    assert trainer.peek().data_loss == pytest.approx(0.29102777369359933, rel=1e-13)


def test_mazurs_loss_after_ten_thousand_steps() -> None:
    trainer = mazur()
    trainer.run(10_000)
    assert trainer.peek().data_loss == pytest.approx(3.510187782978859e-05, rel=1e-10)
    assert [b.tolist() for b in trainer.biases] == [[0.35, 0.35], [0.60, 0.60]]


@pytest.mark.parametrize(
    ("loss", "rate", "weight", "bias", "output"),
    [
        ("squared_error", 0.15, 0.6, 0.9, 0.09395569486364724),
        ("squared_error", 0.15, 2.0, 2.0, 0.2028484242677765),
        ("binary_cross_entropy", 0.005, 0.6, 0.9, 0.4176792995988869),
        ("binary_cross_entropy", 0.005, 2.0, 2.0, 0.7795870642061684),
    ],
)
def test_nielsens_slow_neuron(loss: str, rate: float, weight: float, bias: float, output: float) -> None:
    experiment = Experiment((Layer(1, "sigmoid"),), loss, learning_rate=rate)
    trainer = Trainer(experiment, Dataset.from_arrays([[1.0]], [0], kind="binary"))
    trainer.set_parameters([[[weight]]], [[bias]])
    trainer.run(300)
    assert trainer.peek().a[1].item() == pytest.approx(output, rel=1e-12)


def test_cs231ns_neuron() -> None:
    graph = differentiate("1 / (1 + exp(-(w0*x0 + w1*x1 + w2)))", w0=2.0, w1=-3.0, w2=-3.0, x0=-1.0, x1=-2.0)
    partials = {"w0": -0.19661193, "w1": -0.39322387, "w2": 0.19661193, "x0": 0.39322387, "x1": -0.58983580}
    assert graph.value == pytest.approx(0.7310585786300049, rel=1e-14)
    for name, expected in partials.items():
        assert graph.partials[name] == pytest.approx(expected, abs=0.51e-8)
    # The same neuron as a layer: its loss is its output where the target is 0 and the loss |a - t|
    data = Dataset.from_arrays([[-1.0, -2.0]], [0], kind="binary")
    trainer = Trainer(Experiment((Layer(1, "sigmoid"),), "mean_absolute_error"), data)
    trainer.set_parameters([[[2.0], [-3.0]]], [[-3.0]])
    record = trainer.peek()
    assert record.data_loss == pytest.approx(graph.value, rel=1e-14)
    found = [*record.weight_grads[0].ravel(), *record.bias_grads[0]]
    agree(found, [graph.partials[name] for name in ("w0", "w1", "w2")], 1e-14)
    agree(record.delta[0] @ record.weights_before[0].T, [[graph.partials["x0"], graph.partials["x1"]]], 1e-14)
