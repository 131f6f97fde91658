"""A number that is not finite stops training, and its origin is named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import Dataset, Experiment, Layer, Trainer
from engine.errors import DivergenceError
from tests.engine.both_plans import plan  # noqa: F401


def stopped(trainer: Trainer, steps: int = 1000) -> dict[str, Any]:
    with pytest.raises(DivergenceError) as caught:
        trainer.run(steps)
    return caught.value.details


def place(details: dict[str, Any]) -> tuple[str, int, int]:
    return details["quantity"], details["layer"], details["unit"]


def linear(*units: int, **settings: Any) -> Trainer:
    rng = np.random.default_rng(0)
    data = Dataset.from_arrays(rng.uniform(0.5, 1, (6, 2)), rng.normal(size=(6, units[-1])))
    return Trainer(Experiment([Layer(n) for n in units], **settings), data)


def exploding(**settings: Any) -> Trainer:
    """A training that grows by about the same factor each step."""
    return linear(1, learning_rate=3.0, **settings)


def test_it_names_step_layer_and_unit_of_the_first_number_in_the_forward_pass() -> None:
    trainer = linear(3, 4, 2)
    weights = trainer.weights
    weights[0][:, 1] = 1e200
    weights[1][1] = [0.0, 0.0, 1e200, 0.0]
    trainer.set_parameters(weights)
    details = stopped(trainer)
    assert place(details) == ("z", 2, 3)
    assert details["step"] == 1 and details["value"] == np.inf


def test_it_names_the_loss_where_the_outputs_are_finite() -> None:
    trainer = linear(2, 1)
    trainer.set_parameters([np.full((2, 2), 1e160), np.full((2, 1), 1.0)])
    details = stopped(trainer)
    assert place(details) == ("loss", 2, 1)
    assert details["value"] == np.inf


def test_it_names_the_gradient_where_forward_is_finite() -> None:
    data = Dataset.from_arrays([[1e200]], [1.0])
    trainer = Trainer(Experiment((Layer(2), Layer(1)), "mean_absolute_error"), data)
    trainer.set_parameters([[[0.0, 0.0]], [[0.0], [1e200]]], [[0.0, 0.0], [0.0]])
    details = stopped(trainer)
    assert place(details) == ("gradient", 1, 2)
    assert np.isinf(details["value"])


def test_it_names_the_update_where_the_gradient_is_finite() -> None:
    data = Dataset.from_arrays([[1e100]], [1.0])
    experiment = Experiment((Layer(2), Layer(1)), "mean_absolute_error", learning_rate=1e300)
    trainer = Trainer(experiment, data)
    trainer.set_parameters([[[0.0, 0.0]], [[0.0], [1.0]]], [[0.0, 0.0], [0.0]])
    assert place(stopped(trainer)) == ("update", 1, 2)


def test_the_gradient_of_the_output_comes_before_the_delta_below_it() -> None:
    # delta of the output is 1e100: with a of the first hidden unit, and with w of the second, it overflows
    data = Dataset.from_arrays([[1e125]], [0.0])
    experiment = Experiment((Layer(2), Layer(1)), {"name": "huber", "delta": 1e100})
    trainer = Trainer(experiment, data)
    trainer.set_parameters([[[1e125, 0.0]], [[1e-140], [1e250]]], [[0.0, 0.0], [0.0]])
    assert place(stopped(trainer)) == ("gradient", 2, 1)


def finite_but_too_large(trainer: Trainer) -> tuple[str, int, int, float, str]:
    with pytest.raises(DivergenceError) as caught:
        trainer.run(1)
    assert caught.value.kind == "too_large"
    details = caught.value.details
    assert "finite, but so large that" in caught.value.message
    return *place(details), details["value"], details["consequence"]


def test_a_finite_gradient_whose_square_is_not_is_called_that() -> None:
    data = Dataset.from_arrays([[1.6e160, 2.0]], [1.0])
    trainer = Trainer(Experiment((Layer(1),), "mean_absolute_error", learning_rate=1e-200), data)
    trainer.set_parameters([[[0.0], [0.0]]], [[0.0]])
    assert finite_but_too_large(trainer) == ("gradient", 1, 1, -1.6e160, "the norm of the gradient")


def test_a_finite_weight_whose_penalty_is_not() -> None:
    data = Dataset.from_arrays([[0.0, 1.0]], [1.0])
    trainer = Trainer(Experiment((Layer(2), Layer(1)), regularizer="l2", learning_rate=1e-200), data)
    trainer.set_parameters([[[0.0, 1e180], [0.1, 0.0]], [[0.1], [0.0]]], [[0.0, 0.0], [0.0]])
    assert finite_but_too_large(trainer) == ("parameter", 1, 2, 1e180, "the penalty")


def test_a_finite_update_whose_square_is_not() -> None:
    data = Dataset.from_arrays([[1.0]], [1.0])
    trainer = Trainer(Experiment((Layer(1),), "mean_absolute_error", learning_rate=1e200), data)
    trainer.set_parameters([[[0.0]]], [[0.0]])
    assert finite_but_too_large(trainer) == ("update", 1, 1, -1e200, "the norm of the update")


def test_finite_losses_whose_sum_is_not() -> None:
    data = Dataset.from_arrays([[0.0], [1.0], [1.1]], [0.0, 0.0, 0.0])
    experiment = Experiment((Layer(1),), "mean_absolute_error", reduction="sum", learning_rate=1e-300)
    trainer = Trainer(experiment, data)
    trainer.set_parameters([[[1.2e308]]], [[0.0]])
    assert finite_but_too_large(trainer) == ("loss", 1, 1, 1.32e308, "the sum over the batch")


def test_with_output_first_an_updated_layer_comes_before_the_delta_below_it() -> None:
    data = Dataset.from_arrays([[1e100]], [1.0])
    experiment = Experiment(
        (Layer(1), Layer(1)), "mean_absolute_error", learning_rate=1e250, update_order="output_first"
    )
    trainer = Trainer(experiment, data)
    trainer.set_parameters([[[1.0]], [[1.0]]], [[0.0], [0.0]])
    assert place(stopped(trainer)) == ("update", 2, 1)


@pytest.mark.parametrize("activation", ["linear", "relu", "tanh"])
def test_a_loss_outside_its_domain_stops_at_the_output_that_left_it(activation: str) -> None:
    labels = np.eye(3)[[0, 1, 2]]
    data = Dataset.from_arrays(np.ones((3, 1)), labels, kind="multiclass")
    trainer = Trainer(Experiment((Layer(3, activation),), "binary_cross_entropy"), data)
    trainer.set_parameters([[[0.5, 0.5, -0.5]]], [[0.0, 0.0, 0.0]])
    details = stopped(trainer)
    assert details["step"] == 1
    assert place(details) == ("loss", 1, 3)


def test_the_state_before_is_kept_and_so_are_all_steps_before() -> None:
    trainer, twin = exploding(), exploding()
    details = stopped(trainer)
    good = details["step"] - 1
    assert 100 < good == trainer.completed == len(trainer.scalars)
    assert np.isfinite(trainer.scalars.loss).all()
    assert np.isfinite(trainer.scalars.gradient_norms).all()
    twin.run(good)
    for found, expected in zip(
        (*trainer.weights, *trainer.biases), (*twin.weights, *twin.biases), strict=True
    ):
        assert np.array_equal(found, expected) and np.isfinite(found).all()
    assert np.array_equal(trainer.scalars.loss, twin.scalars.loss)


def test_it_stops_at_the_same_step_however_it_gets_there() -> None:
    reference = stopped(exploding())
    for chunks in ((1,), (7,), (64, 3)):
        trainer = exploding()
        with pytest.raises(DivergenceError) as caught:
            for _ in range(1000):
                for size in chunks:
                    trainer.run(size)
        assert caught.value.details == reference
    trainer = exploding()
    with pytest.raises(DivergenceError) as caught:
        for _ in range(1000):
            trainer.step()
    assert caught.value.details == reference
    assert trainer.completed == reference["step"] - 1


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
@pytest.mark.parametrize("batch", [2, 4, "full"])
@pytest.mark.parametrize("schedule", ["constant", {"name": "reduce_on_plateau", "patience": 1000}])
def test_going_on_stops_again_until_something_changes(optimizer: str, batch: Any, schedule: Any) -> None:
    trainer = exploding(batch_size=batch, optimizer=optimizer, schedule=schedule)
    trainer.run(5)
    if optimizer == "adam":  # which does not diverge by itself
        trainer.set_parameters([w * 1e170 for w in trainer.weights])
    first = stopped(trainer)
    completed, before = trainer.completed, trainer.weights
    assert first["step"] == completed + 1
    assert trainer.peek().step == completed + 1  # a look ahead shows it, whatever it is
    for again in (lambda: trainer.run(1), lambda: trainer.run(50), trainer.step):
        with pytest.raises(DivergenceError) as caught:
            again()
        assert caught.value.details == first
        assert trainer.completed == completed == len(trainer.scalars)
        assert all(np.array_equal(a, b) for a, b in zip(before, trainer.weights, strict=True))
    small = [[np.full_like(p, 0.1) for p in part] for part in (trainer.weights, trainer.biases)]
    trainer.set_parameters(*small)
    trainer.change(trainer.experiment.changed(learning_rate=0.001, optimizer="rmsprop"))
    trainer.run(3)
    assert trainer.completed == completed + 3


def test_the_message_says_where_and_what_to_do() -> None:
    trainer = exploding()
    with pytest.raises(DivergenceError) as caught:
        trainer.run(1000)
    error = caught.value
    assert f"Step {trainer.completed + 1}" in error.message
    assert "learning rate" in error.mend


def test_a_metric_that_is_not_a_number_stops_nothing() -> None:
    data = Dataset.from_arrays([[0.0], [1.0]], [3.0, 3.0])  # no variance: R2 is not defined
    trainer = Trainer(Experiment((Layer(1),)), data)
    scalars = trainer.run(5)
    assert len(scalars) == 5 and np.isnan(scalars.metric).all()


def test_float32_overflows_earlier() -> None:
    single, double = stopped(exploding(dtype="float32")), stopped(exploding())
    assert single["step"] < double["step"]


def test_a_step_is_not_spoilt_by_later_ones_made_together() -> None:
    """A class given up for lost has a = 0; its loss is finite although steps after it are nan."""
    rng = np.random.default_rng(1)
    data = Dataset.from_arrays(rng.normal(size=(30, 2)), rng.integers(0, 3, 30), "multiclass")
    layers = [*[Layer(16)] * 5, Layer(3, "softmax")]
    experiment = Experiment(
        layers, "cross_entropy", learning_rate=0.1, initializer={"name": "normal", "std": 1.3}, seed=2
    )
    together, alone = Trainer(experiment, data), Trainer(experiment, data)
    with pytest.raises(DivergenceError) as caught:
        together.run(500)
    with pytest.raises(DivergenceError) as one_by_one:
        for _ in range(500):
            alone.step()
    assert caught.value.details == one_by_one.value.details
    assert together.completed == alone.completed > 0


def test_before_any_update_the_mend_points_at_the_data() -> None:
    data = Dataset.from_arrays([[1e200], [2e200]], [1.0, 2.0])
    with pytest.raises(DivergenceError) as caught:
        Trainer(Experiment((Layer(1),), "squared_error", learning_rate=1e-9), data).run(1)
    assert "learning rate" not in caught.value.mend
    assert "scale the features or targets" in caught.value.mend


def test_where_the_first_update_is_too_large_the_mend_points_at_the_learning_rate() -> None:
    data = Dataset.from_arrays([[1e100]], [1.0])
    trainer = Trainer(Experiment((Layer(1),), "mean_absolute_error", learning_rate=1e300), data)
    trainer.set_parameters([[[0.0]]], [[0.0]])
    with pytest.raises(DivergenceError) as caught:
        trainer.run(1)
    assert caught.value.details["step"] == 1 and "smaller learning rate" in caught.value.mend
