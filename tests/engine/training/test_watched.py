"""A test set that is watched: measured at each epoch's end, and nothing else is any different for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import Dataset, Experiment, Layer, Trainer
from engine.arrays import FloatArray


def points(rows: int, seed: int) -> tuple[FloatArray, FloatArray]:
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(rows, 3)) * [1, 10, 100]
    return inputs, 4e3 + 50 * inputs[:, :1] + rng.normal(size=(rows, 1))


def trainer(**changes: Any) -> Trainer:
    settings: dict[str, Any] = {"scaling": "zscore", "target_scaling": "zscore", "validation": 0.2, **changes}
    experiment = Experiment((Layer(4, "tanh"), Layer(1)), batch_size=6, learning_rate=0.05, **settings)
    return Trainer(experiment, Dataset.from_arrays(*points(30, 0)))


def by_hand(training: Trainer) -> tuple[float, float]:
    """Loss and R2 of the test set at this moment."""
    inputs, targets = points(25, 1)
    found = training.model().predict(inputs, targets)
    spread = ((training.dataset.targets[training.prepared.train_rows]).var(), targets.var())[1]
    return found.loss, float(1 - ((found.outputs - targets) ** 2).mean() / spread)


@pytest.mark.parametrize("plan", ["small", "large"])
def test_it_is_measured_at_each_epochs_end_and_changes_nothing(plan: str) -> None:
    data = Dataset.from_arrays(*points(30, 0))
    experiment = trainer().experiment
    watching, other = (Trainer(experiment, data, plan=plan) for _ in range(2))
    watching.watch_rows(*points(25, 1))
    before = by_hand(watching)
    np.testing.assert_allclose(watching.watched()[0], [0, *before], rtol=1e-9)
    steps = watching.epoch_steps
    for epoch in range(1, 4):
        np.testing.assert_array_equal(watching.run(steps).loss, other.run(steps).loss)
        assert watching.watched_count == epoch + 1
        np.testing.assert_allclose(watching.watched(epoch)[0], [epoch * steps, *by_hand(watching)], rtol=1e-9)
    np.testing.assert_array_equal(watching.weights[0], other.weights[0])
    assert other.watched_count is None and len(other.watched()) == 0


def test_another_run_has_the_past_of_the_one_it_left() -> None:
    training = trainer()
    training.watch_rows(*points(25, 1))
    steps = training.epoch_steps
    training.run(5 * steps)
    first = training.watched()
    training.seek(2 * steps)
    training.change(training.experiment.changed(learning_rate=0.2))
    training.run(2 * steps)
    second = training.watched()
    np.testing.assert_array_equal(second[:3], first[:3])
    assert second[:, 0].tolist() == [0, steps, 2 * steps, 3 * steps, 4 * steps]
    assert second[-1, 1] != first[4, 1]
    training.switch(training.history.runs[0])
    np.testing.assert_array_equal(training.watched(), first)
    training.watch_rows(None)
    assert training.watched_count is None


def test_what_is_begun_late_begins_there_and_a_copy_has_none_of_it() -> None:
    training = trainer()
    training.run(7)
    training.watch_rows(*points(25, 1))
    assert training.watched()[:, 0].tolist() == [7]
    copy = training.copy()
    assert copy.watched_count is None
    copy.run(20)
    assert training.watched_count == 1
