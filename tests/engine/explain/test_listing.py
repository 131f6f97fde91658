from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from engine import Dataset, Experiment, Layer, Trainer
from engine.explain.listing import Comparison, can_compare, compare

CASES = json.loads((Path(__file__).parents[2] / "golden" / "article_listing.json").read_text("utf-8"))[
    "cases"
]
LAYERS = (Layer(3, "sigmoid"), Layer(2, "sigmoid"))


def compared(case: dict[str, Any], **settings: Any) -> Comparison:
    experiment = Experiment(LAYERS, learning_rate=case["learning_rate"], **settings)
    trainer = Trainer(experiment, Dataset.from_arrays(case["inputs"], case["targets"]))
    trainer.set_parameters([case["W1_0"], case["W2_0"]], [case["b1_0"], case["b2_0"]])
    record = trainer.peek()
    assert can_compare(experiment, record)
    return compare(experiment, record)


def agree(found: npt.ArrayLike, expected: npt.ArrayLike) -> None:
    expected = np.asarray(expected)
    assert np.abs(np.asarray(found) - expected).max() <= 1e-12 * np.abs(expected).max()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"seed {case['seed']}")
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_the_listings_numbers_and_the_true_ones(case: dict[str, Any], reduction: str) -> None:
    both = compared(case, reduction=reduction)
    # the listing's signs are those of targets - outputs
    agree(both.listing.delta[0], -np.array(case["hidden_gradients"]))
    agree(both.true.delta[0], -np.array(case["hidden_gradients_before_update"]))
    for record in (both.listing, both.true):
        agree(record.delta[1], -np.array(case["output_gradients"]))
    agree(both.listing.weights_after[0], case["W1"])
    agree(both.new_weights(2), case["W2"])
    agree(both.listing.biases_after[0], case["b1"])
    agree(both.listing.biases_after[1], case["b2"])
    agree(both.true.bias_grads[1], both.listing.bias_grads[1] * len(case["inputs"]))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"seed {case['seed']}")
def test_the_losses_are_those_of_the_new_parameters(case: dict[str, Any]) -> None:
    both = compared(case)
    for record, after in ((both.true, both.true_loss_after), (both.listing, both.listing_loss_after)):
        a = np.asarray(case["inputs"])
        for w, b in zip(record.weights_after, record.biases_after, strict=True):
            a = 1.0 / (1.0 + np.exp(-(a @ w + b)))
        assert after == pytest.approx(0.5 * ((a - np.array(case["targets"])) ** 2).sum(), rel=1e-12)


def test_a_later_step_of_a_mini_batch_with_held_parameters() -> None:
    rng = np.random.default_rng(0)
    data = Dataset.from_arrays(rng.normal(size=(9, 4)), rng.normal(size=(9, 2)))
    experiment = Experiment(LAYERS, batch_size=4, scaling="zscore", validation=0.2)
    trainer = Trainer(experiment, data)
    trainer.freeze(weights=[(1, 0, 0)], biases=[(2, 1)])
    trainer.run(5)
    record = trainer.step()
    both = compare(experiment, record)
    for found in (both.true, both.listing):
        assert np.array_equal(found.a[0], record.a[0])
        agree(found.a[2], record.a[2])
        assert found.weights_after[0][0, 0] == record.weights_before[0][0, 0]
        assert found.biases_after[1][1] == record.biases_before[1][1]
    agree(both.true.weight_grads[0], record.weight_grads[0] * record.batch)


@pytest.mark.parametrize(
    "settings",
    [
        {"layers": LAYERS[1:]},
        {"layers": (Layer(3, "sigmoid", 0.5), LAYERS[1])},
        {"optimizer": "adam"},
        {"clipping": "value"},
        {"regularizer": "l2"},
        {"layers": (Layer(300, "sigmoid"), LAYERS[1])},
    ],
    ids=str,
)
def test_what_cannot_be_compared(settings: dict[str, Any]) -> None:
    experiment = Experiment(**{"layers": LAYERS, **settings})
    rng = np.random.default_rng(0)
    trainer = Trainer(experiment, Dataset.from_arrays(rng.normal(size=(4, 5)), rng.normal(size=(4, 2))))
    assert not can_compare(experiment, trainer.peek())
