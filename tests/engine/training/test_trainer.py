"""What a Trainer does beside the arithmetic: rows, series, edits, and what it refuses."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Dataset, Experiment, Layer, StepRecord, Trainer
from engine.errors import DivergenceError, ExperimentError
from engine.functions import OPTIMIZERS
from engine.functions.optimizers import AdamW
from engine.training.backprop import forward
from tests.engine.both_plans import plan  # noqa: F401
from tests.engine.random_experiments import experiments
from tests.golden.make_golden import (
    KEPT_STEPS,
    STEPS,
    TRAININGS,
    training_data,
)
from tests.golden.make_golden import (
    OPTIMIZERS as OPTIMIZER_VALUES,
)

TINY = (Layer(3, "tanh"), Layer(1))


def regression(rows: int = 10, features: int = 2, outputs: int = 1) -> Dataset:
    rng = np.random.default_rng(4)
    return Dataset.from_arrays(rng.normal(size=(rows, features)), rng.normal(size=(rows, outputs)))


def trainer_of(rows: int = 10, layers: Any = TINY, **settings: Any) -> Trainer:
    return Trainer(Experiment(layers, **settings), regression(rows, outputs=layers[-1].units))


def parameters(trainer: Trainer) -> npt.NDArray[Any]:
    return np.concatenate([p.ravel() for p in (*trainer.weights, *trainer.biases)])


def refused(call: Any, *arguments: Any, **settings: Any) -> ExperimentError:
    with pytest.raises(ExperimentError) as caught:
        call(*arguments, **settings)
    assert caught.value.message and caught.value.mend
    return caught.value


# -- a hundred steps of every optimizer, against PyTorch -------------------------------------------


def flat_state(trainer: Trainer) -> npt.NDArray[Any]:
    """Weights, biases, and the slots' likewise, one after the other."""
    slots = trainer.peek().slots_before
    parts = [*trainer.weights, *trainer.biases]
    for weights, biases in slots.values():
        parts += [*weights, *biases]
    return np.concatenate([part.ravel() for part in parts])


def test_every_optimizer_is_there() -> None:
    assert set(OPTIMIZERS) <= set(TRAININGS)


@pytest.mark.parametrize("name", TRAININGS)
def test_a_hundred_steps_are_pytorchs(name: str) -> None:
    training = TRAININGS[name]
    inputs, targets, weights, biases = training_data()
    experiment = Experiment(
        (Layer(5, "tanh"), Layer(2)),
        "squared_error",
        training.optimizer,
        training.learning_rate,
        training.schedule,
        training.regularizer,
        training.clipping,
        reduction=training.reduction,
    )
    trainer = Trainer(experiment, Dataset.from_arrays(inputs, targets))
    trainer.set_parameters(weights, biases)
    with np.load(OPTIMIZER_VALUES) as file:
        golden = {key: file[f"{name}/{key}"] for key in ("loss", "penalty", "rate", "states")}
    done = 0
    for step, expected in zip(KEPT_STEPS, golden["states"], strict=True):
        trainer.run(step - done)
        done = step
        found = flat_state(trainer)
        ends = np.arange(0, len(found) + 1, 32)  # 15 + 10 weights, 5 + 2 biases; then each slot
        for start, stop in pairwise(ends):
            part, reference = found[start:stop], expected[start:stop]
            assert np.abs(part - reference).max() <= 1e-10 * np.abs(reference).max(), (step, start)
    scalars = trainer.scalars
    assert done == STEPS == len(scalars)
    for series, key in (
        (scalars.loss, "loss"),
        (scalars.penalty, "penalty"),
        (scalars.learning_rate, "rate"),
    ):
        assert np.abs(series - golden[key]).max() <= 1e-10 * np.abs(golden[key]).max(), key


# -- rows and mini-batches -------------------------------------------------------------------------


@given(experiments())
@settings(max_examples=25)
def test_an_epoch_takes_every_row_once(drawn: tuple[Experiment, Dataset]) -> None:
    experiment, data = drawn
    trainer = Trainer(experiment, data)
    rows = trainer.prepared.train_rows
    size = len(rows) if experiment.batch_size == "full" else experiment.batch_size
    steps = -(-len(rows) // size)
    for epoch in (1, 2, 3):
        assert trainer.epoch == epoch and trainer.steps_left_in_epoch == steps
        try:
            records = [trainer.step() for _ in range(steps)]
        except DivergenceError:
            return
        assert [record.epoch for record in records] == [epoch] * steps
        taken = np.concatenate([record.indices for record in records])
        assert sorted(taken) == rows.tolist()
        sizes = [record.batch for record in records]
        assert sizes == [size] * (steps - 1) + [len(rows) - size * (steps - 1)]


def test_mini_batches_are_shuffled_anew_each_epoch_and_full_batches_never() -> None:
    trainer = trainer_of(rows=20, batch_size=10)
    epochs = [np.concatenate([trainer.step().indices for _ in range(2)]).tolist() for _ in range(3)]
    assert len({tuple(order) for order in epochs}) == 3
    full = trainer_of(rows=20)
    assert [full.step().indices.tolist() for _ in range(2)] == [list(range(20))] * 2


@pytest.mark.parametrize("batch", [2, 3, 4, 5, 7])
def test_long_runs_visit_the_same_rows_as_steps(batch: int) -> None:
    """The last mini-batch of an epoch may be of any size, and the next epoch's is whole again."""
    stepped, run = trainer_of(rows=9, batch_size=batch), trainer_of(rows=9, batch_size=batch)
    sizes = [stepped.step().batch for _ in range(150)]
    run.run(150)
    epoch = [batch] * (9 // batch) + ([9 % batch] if 9 % batch else [])
    assert sizes == (epoch * 150)[:150]
    assert run.epoch == stepped.epoch == 150 // len(epoch) + 1
    assert np.array_equal(parameters(run), parameters(stepped))


def test_a_partial_batch_is_a_batch_of_its_own_size() -> None:
    trainer = trainer_of(rows=7, batch_size=3, layers=(Layer(1),), learning_rate=0.1)
    for _ in range(2):
        trainer.step()
    record = trainer.step()
    (row,) = record.indices
    x, t = trainer.dataset.inputs[row], trainer.dataset.targets[row]
    delta = x @ record.weights_before[0] + record.biases_before[0] - t
    assert np.allclose(record.weight_grads[0], np.outer(x, delta), rtol=1e-13, atol=0)
    assert np.allclose(trainer.weights[0], record.weights_before[0] - 0.1 * np.outer(x, delta), rtol=1e-13)


# -- what a record holds ---------------------------------------------------------------------------


def test_a_record_is_read_only_and_does_not_change_later() -> None:
    trainer = trainer_of(batch_size=4, optimizer="adam", layers=(Layer(3, "relu", 0.5), Layer(1)))
    record = trainer.step()
    arrays = [
        *(record.indices, record.targets, record.sample_losses),
        *(*record.z, *record.a, *record.delta, *record.weight_grads, *record.bias_grads),
        *(*record.weights_before, *record.weights_after, *record.biases_before, *record.biases_after),
        *(*record.frozen_weights, *record.frozen_biases),
        *(mask for mask in record.dropout_masks if mask is not None),
        *(s for pair in record.slots_after.values() for part in pair for s in part),
    ]
    copies = [array.copy() for array in arrays]
    for array in arrays:
        assert not array.flags.writeable and array.flags.c_contiguous
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    trainer.run(100)
    assert all(np.array_equal(a, b) for a, b in zip(arrays, copies, strict=True))


@given(experiments(clipping="none", regularizer="none"), st.integers(0, 10))
@settings(max_examples=30)
def test_the_update_is_the_optimizers(drawn: tuple[Experiment, Dataset], steps: int) -> None:
    experiment, data = drawn
    trainer = Trainer(experiment, data)
    try:
        trainer.run(steps)
        record = trainer.step()
    except DivergenceError:
        return
    for layer in range(len(record.z)):
        for part, (before, after, gradients) in enumerate(
            (
                (record.weights_before, record.weights_after, record.weight_grads),
                (record.biases_before, record.biases_after, record.bias_grads),
            )
        ):
            place = (0,) * before[layer].ndim
            slots = {name: float(pair[part][layer][place]) for name, pair in record.slots_before.items()}
            _, new = experiment.optimizer.apply(
                float(before[layer][place]),
                float(gradients[layer][place]),
                slots,
                record.learning_rate,
                record.optimizer_step,
                np.dtype(experiment.dtype),
            )
            assert new == float(after[layer][place])


def test_records_follow_each_other() -> None:
    trainer = trainer_of(batch_size=4, optimizer="adam")
    before = trainer.step()
    for _ in range(5):
        record = trainer.step()
        for a, b in zip(record.weights_before, before.weights_after, strict=True):
            assert np.array_equal(a, b)
        assert np.array_equal(record.slots_before["m"][0][0], before.slots_after["m"][0][0])
        assert record.step == before.step + 1 == record.optimizer_step
        before = record


def test_clipping_by_norm_tells_its_factor() -> None:
    limit = 0.01
    record = trainer_of(clipping={"name": "global_norm", "limit": limit}, learning_rate=1.0).step()
    gradients = (*record.weight_grads, *record.bias_grads)
    norm = np.sqrt(sum(float((g**2).sum()) for g in gradients))
    assert norm > limit and record.clip_factor == pytest.approx(limit / norm, rel=1e-14)
    change = record.weights_before[0] - record.weights_after[0]
    assert np.allclose(change, record.weight_grads[0] * record.clip_factor, rtol=0, atol=1e-15)
    assert trainer_of(clipping={"name": "global_norm", "limit": 1e6}).step().clip_factor == 1.0


# -- dropout ---------------------------------------------------------------------------------------


def test_dropout_masks_activations_and_deltas() -> None:
    layers = (Layer(50, "sigmoid", 0.2), Layer(40, "sigmoid"), Layer(1))
    trainer = trainer_of(rows=30, layers=layers)
    shares = []
    for _ in range(20):
        record = trainer.step()
        mask = record.dropout_masks[0]
        assert mask is not None and record.dropout_masks[1:] == (None, None)
        assert set(np.unique(mask)) <= {0.0, 1.0 / (1.0 - 0.2)}
        assert np.array_equal(record.a[1] == 0, mask == 0)
        assert np.array_equal(record.delta[0] == 0, mask == 0)
        shares.append((mask == 0).mean())
    # 30,000 draws: six standard deviations are 0.014
    assert abs(np.mean(shares) - 0.2) < 0.014
    assert len(set(shares)) > 1


def test_validation_is_without_dropout() -> None:
    trainer = trainer_of(rows=40, layers=(Layer(5, "tanh", 0.5), Layer(1)), validation=0.5)
    _, a = forward(trainer.experiment, trainer.weights, trainer.biases, trainer.prepared.validation_inputs)
    expected = 0.5 * ((a[-1] - trainer.prepared.validation_targets) ** 2).sum() / 20
    assert trainer.scalars.validation_loss.tolist() == pytest.approx([expected], rel=1e-13)


# -- series ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", ["sgd", "momentum"])
@pytest.mark.parametrize("regularizer", ["none", "l2"])
def test_the_series_say_what_the_records_say(optimizer: str, regularizer: str) -> None:
    data = regression(23)
    experiment = Experiment(
        TINY, batch_size=5, regularizer=regularizer, optimizer=optimizer, schedule="exponential"
    )
    stepped, run = Trainer(experiment, data), Trainer(experiment, data)
    records = [stepped.step() for _ in range(80)]
    scalars = run.run(80)
    assert scalars.steps.tolist() == list(range(1, 81)) == [record.step for record in records]
    assert scalars.loss.tolist() == [record.data_loss for record in records]
    assert scalars.penalty.tolist() == [record.penalty for record in records]
    assert scalars.learning_rate.tolist() == [record.learning_rate for record in records]
    for k, record in enumerate(records):
        layers = zip(record.weight_grads, record.bias_grads, strict=True)
        norms = [np.sqrt((w**2).sum() + (b**2).sum()) for w, b in layers]
        assert np.allclose(scalars.gradient_norms[k], norms, rtol=1e-13, atol=0)
        pairs = [
            *zip(record.weights_before, record.weights_after, strict=True),
            *zip(record.biases_before, record.biases_after, strict=True),
        ]
        moved = np.sqrt(sum(((before - after) ** 2).sum() for before, after in pairs))
        assert scalars.update_norm[k] == pytest.approx(moved, rel=1e-9)
        strength = 0.001 if regularizer == "l2" else 0.0
        penalty = 0.5 * strength * sum((w**2).sum() for w in record.weights_before)
        assert scalars.penalty[k] == pytest.approx(penalty, rel=1e-13)
        residual = ((record.a[-1] - record.targets) ** 2).mean()
        assert scalars.metric[k] == pytest.approx(1 - residual / data.targets.var(), rel=1e-10)


def test_run_returns_its_own_steps_and_scalars_all_of_them() -> None:
    trainer = trainer_of(batch_size=3, validation=0.2)
    first, second = trainer.run(5), trainer.run(7)
    assert first.steps.tolist() == [1, 2, 3, 4, 5] and second.steps.tolist() == [6, 7, 8, 9, 10, 11, 12]
    whole = trainer.scalars
    assert whole.loss.tolist() == [*first.loss, *second.loss]
    assert whole.evaluated_steps.tolist() == [0, 3, 6, 9, 12]
    assert first.evaluated_steps.tolist() == [3] and second.evaluated_steps.tolist() == [6, 9, 12]
    for array in (whole.loss, whole.gradient_norms, whole.validation_loss):
        assert not array.flags.writeable


def test_running_no_steps_does_nothing() -> None:
    trainer = trainer_of()
    before = parameters(trainer)
    assert len(trainer.run(0)) == 0 == trainer.completed
    assert np.array_equal(parameters(trainer), before)


@pytest.mark.parametrize("steps", [-1, 1.5, "3", None, True])
def test_a_run_of_an_impossible_length(steps: Any) -> None:
    trainer = trainer_of()
    assert refused(trainer.run, steps).field == "steps"
    assert trainer.completed == 0


@pytest.mark.parametrize("loss", ["squared_error", "hinge"])
def test_accuracy_of_a_binary_target(loss: str) -> None:
    data = Dataset.from_arrays([[-2.0], [-1.0], [1.0], [3.0]], [0, 1, 1, 1], kind="binary")
    trainer = Trainer(Experiment((Layer(1),), loss), data)
    trainer.set_parameters([[[0.2]]], [[0.0]])  # outputs -0.4, -0.2, 0.2, 0.6
    right = {"squared_error": 2, "hinge": 3}[loss]  # the limit between the classes is 0.5 or 0
    assert trainer.run(1).metric.tolist() == [right / 4]


@pytest.mark.parametrize("constant", [3.0, 0.1, 1e300])
def test_r2_of_a_constant_target_is_not_defined(constant: float) -> None:
    rng = np.random.default_rng(0)
    data = Dataset.from_arrays(rng.normal(size=(7, 2)), np.full(7, constant))
    experiment = Experiment((Layer(1),), "mean_absolute_error", validation=0.3, batch_size=2)
    scalars = Trainer(experiment, data).run(9)
    assert np.isnan(scalars.metric).all() and np.isnan(scalars.validation_metric).all()


def test_r2_is_that_of_the_outputs_that_vary() -> None:
    rng = np.random.default_rng(0)
    inputs, target = rng.normal(size=(7, 2)), rng.normal(size=7)
    data = Dataset.from_arrays(inputs, np.column_stack([np.full(7, 0.1), target]))
    trainer = Trainer(Experiment((Layer(2),)), data)
    record = trainer.step()
    expected = 1 - ((record.a[-1][:, 1] - target) ** 2).mean() / target.var()
    assert trainer.scalars.metric[0] == pytest.approx(expected, rel=1e-12)


def test_accuracy_of_a_multiclass_target() -> None:
    data = Dataset.from_arrays([[1.0], [2.0], [-1.0]], ["a", "b", "b"], kind="multiclass")
    trainer = Trainer(Experiment((Layer(2, "softmax"),), "cross_entropy"), data)
    trainer.set_parameters([[[0.0, 1.0]]], [[0.0, 0.0]])  # says b, b, a
    assert trainer.run(1).metric.tolist() == [1 / 3]


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_validation_is_evaluated_at_step_0_and_each_epochs_end(reduction: str) -> None:
    rng = np.random.default_rng(2)
    labels = np.eye(3)[rng.integers(3, size=50)]
    data = Dataset.from_arrays(rng.normal(size=(50, 2)), labels, kind="multiclass")
    layers = (Layer(4, "tanh"), Layer(3, "softmax"))
    experiment = Experiment(
        layers,
        "cross_entropy",
        batch_size=16,
        validation=0.2,
        reduction=reduction,
    )
    trainer = Trainer(experiment, data)
    held_out = trainer.prepared.validation_rows
    losses, accuracies = [], []
    for _ in range(5):
        _, a = forward(experiment, trainer.weights, trainer.biases, data.inputs[held_out])
        per_sample = -np.log((a[-1] * data.targets[held_out]).sum(axis=1))
        losses.append(per_sample.mean() if reduction == "mean" else per_sample.sum())
        accuracies.append((a[-1].argmax(axis=1) == data.targets[held_out].argmax(axis=1)).mean())
        trainer.run(3)  # 40 rows are three mini-batches
    scalars = trainer.scalars
    assert scalars.evaluated_steps.tolist() == [0, 3, 6, 9, 12, 15]
    assert np.allclose(scalars.validation_loss[:5], losses, rtol=1e-12, atol=0)
    assert np.allclose(scalars.validation_metric[:5], accuracies, rtol=1e-15, atol=0)


# -- schedules -------------------------------------------------------------------------------------


@pytest.mark.parametrize("batch", [3, 4, 10, "full"])
@pytest.mark.parametrize("chunk", [1, 7, 90])
def test_schedules_count_epochs_and_steps(batch: Any, chunk: int) -> None:
    per_epoch = 1 if batch == "full" else -(-10 // batch)
    step = np.arange(90)
    epoch = step // per_epoch
    expected: dict[Any, Any] = {
        ("step", 3, 0.5): 0.5 ** (epoch // 3),
        ("exponential", 0.9): 0.9**epoch,
        ("cosine", 5, 0.1): 0.1 + 0.45 * (1 + np.cos(np.pi * np.minimum(epoch, 5) / 5)),
        ("linear_warm_up", 20): np.minimum(1, (step + 1) / 20),
    }
    keys = {"step": ("every", "factor"), "exponential": ("factor",), "cosine": ("epochs", "floor")}
    for (name, *values), factors in expected.items():
        spec = {"name": name, **dict(zip(keys.get(name, ("steps",)), values, strict=True))}
        trainer = trainer_of(schedule=spec, batch_size=batch, learning_rate=0.02)
        while trainer.completed < 90:
            trainer.run(min(chunk, 90 - trainer.completed))
        assert np.allclose(trainer.scalars.learning_rate, 0.02 * factors, rtol=1e-13, atol=0), name


@pytest.mark.parametrize("validation", [0.0, 0.3])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_reduce_on_plateau_looks_at_the_epochs_loss(validation: float, reduction: str) -> None:
    trainer = trainer_of(
        rows=10,
        batch_size=4,
        validation=validation,
        reduction=reduction,
        learning_rate=0.5 if reduction == "mean" else 0.1,
        schedule={"name": "reduce_on_plateau", "factor": 0.5, "patience": 1},
    )
    records = [trainer.step() for _ in range(120)]
    scalars = trainer.scalars
    epochs = [[record for record in records if record.epoch == e] for e in range(1, records[-1].epoch + 1)]
    factor, best, waited = 1.0, np.inf, 0
    for number, epoch in enumerate(epochs):
        assert {record.learning_rate for record in epoch} == {trainer.experiment.learning_rate * factor}
        if validation:
            if number + 1 >= len(scalars.validation_loss):
                break
            loss = scalars.validation_loss[number + 1]
        else:
            loss = sum(record.sample_losses.sum() for record in epoch) / sum(r.batch for r in epoch)
        if loss < best * (1 - 1e-4):
            best, waited = loss, 0
        else:
            waited += 1
            if waited > 1:
                factor, waited = factor * 0.5, 0
    assert factor < 1.0


PLATEAU = {"name": "reduce_on_plateau", "factor": 0.5, "patience": 0}


def reduced() -> Trainer:
    """A training whose loss rises, so that its rate has been halved."""
    trainer = trainer_of(rows=10, batch_size=4, learning_rate=0.5, schedule=PLATEAU)
    while trainer.peek().learning_rate == 0.5:
        trainer.run(1)
    return trainer


def test_what_a_plateau_has_reduced_ends_with_its_schedule() -> None:
    trainer = reduced()
    rate = trainer.peek().learning_rate
    assert rate < 0.5
    trainer.change(trainer.experiment.changed(schedule={**PLATEAU, "patience": 5}))
    assert trainer.peek().learning_rate == rate  # the same rule goes on
    trainer.change(trainer.experiment.changed(schedule="constant"))
    assert trainer.step().learning_rate == 0.5
    trainer.change(trainer.experiment.changed(schedule=PLATEAU))
    assert trainer.step().learning_rate == 0.5
    rates = trainer.scalars.learning_rate
    trainer.seek(0)
    trainer.seek(len(rates))
    assert trainer.step().learning_rate == 0.5


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_a_plateau_switched_on_within_an_epoch_waits_for_a_whole_one(reduction: str) -> None:
    trainer = trainer_of(rows=10, batch_size=4, learning_rate=1e-3, reduction=reduction)
    trainer.run(1)
    # half an epoch's loss for all rows would be the best ever, and each epoch after it a plateau
    trainer.change(trainer.experiment.changed(schedule=PLATEAU))
    trainer.run(5)
    assert trainer.snapshot().present.plateau.best == pytest.approx(
        sum(s * n for s, n in zip(trainer.scalars.loss[3:], (4, 4, 2), strict=True)) / 10
        if reduction == "mean"
        else trainer.scalars.loss[3:].sum() / 10
    )
    trainer.run(30)
    assert (trainer.scalars.learning_rate == 1e-3).all()
    trainer.seek(2)
    trainer.seek(36)
    assert trainer.snapshot().present.plateau.best < math.inf


def test_another_loss_is_not_compared_with_the_best_of_the_old() -> None:
    trainer = trainer_of(rows=10, batch_size=4, learning_rate=1e-3, schedule=PLATEAU)
    trainer.run(6)
    assert trainer.peek().learning_rate == 1e-3
    trainer.change(trainer.experiment.changed(loss="mean_absolute_error"))
    trainer.run(1)
    trainer.change(trainer.experiment.changed(loss="squared_error", reduction="sum"))
    trainer.run(20)
    assert (trainer.scalars.learning_rate == 1e-3).all()


# -- freezing --------------------------------------------------------------------------------------


@given(experiments(), st.integers(0, 6), st.integers(1, 70), st.data())
@settings(max_examples=25)
def test_frozen_parameters_never_move(
    drawn: tuple[Experiment, Dataset], before: int, after: int, data: st.DataObject
) -> None:
    experiment, dataset = drawn
    trainer = Trainer(experiment, dataset)
    try:
        trainer.run(before)  # slots have momentum when the parameters are frozen
    except DivergenceError:
        return
    rng = np.random.default_rng(data.draw(st.integers(0, 2**16)))
    masks, bias_masks = (
        [rng.random(p.shape) < 0.5 for p in part] for part in (trainer.weights, trainer.biases)
    )
    trainer.freeze(
        weights=[(k, int(i), int(j)) for k, m in enumerate(masks, 1) for i, j in np.argwhere(m)],
        biases=[(k, int(j)) for k, m in enumerate(bias_masks, 1) for (j,) in np.argwhere(m)],
    )
    weights, biases = trainer.weights, trainer.biases
    try:
        record = trainer.peek()
        trainer.run(after)
    except DivergenceError:
        return
    for found, mask in zip(record.frozen[0], masks, strict=True):
        assert np.array_equal(found, mask)
    for old, new, mask in zip(
        (*weights, *biases), (*trainer.weights, *trainer.biases), (*masks, *bias_masks), strict=True
    ):
        assert np.array_equal(old[mask], new[mask])


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_others_move_and_unfrozen_ones_again(optimizer: str) -> None:
    trainer = trainer_of(optimizer=optimizer, learning_rate=0.01)
    trainer.run(3)
    trainer.freeze(weights=[(1, 0, 2)], biases=[(2, 0)])
    weights, biases = trainer.weights, trainer.biases
    slots = trainer.peek().slots_before
    trainer.run(4)
    moved = trainer.weights[0] != weights[0]
    assert not moved[0, 2] and moved.sum() == moved.size - 1
    assert trainer.biases[1] == biases[1] and (trainer.weights[1] != weights[1]).all()
    for name, (part, _) in trainer.peek().slots_before.items():
        assert part[0][0, 2] == slots[name][0][0][0, 2]
    trainer.unfreeze(weights=[(1, 0, 2)])
    trainer.run(1)
    assert trainer.weights[0][0, 2] != weights[0][0, 2] and trainer.biases[1] == biases[1]


@pytest.mark.parametrize(
    "place",
    [(0, 0, 0), (3, 0, 0), (1, 2, 0), (1, -1, 0), (1, 0, 3), (1, 0, -1), (2, 0, 1)],
)
def test_freezing_what_is_not_there(place: tuple[int, int, int]) -> None:
    trainer = trainer_of()
    error = refused(trainer.freeze, weights=[(1, 0, 0), place])
    assert error.kind == "parameter_unknown" and "2-3-1" in error.mend
    assert refused(trainer.freeze, biases=[(3, 0)]).kind == "parameter_unknown"
    assert not any(mask.any() for part in trainer.peek().frozen for mask in part)


# -- setting parameters ----------------------------------------------------------------------------


def test_parameters_are_set_and_read_back() -> None:
    trainer = trainer_of()
    weights, biases = [np.arange(6.0).reshape(2, 3), np.ones((3, 1))], [np.zeros(3), np.full(1, 7.0)]
    trainer.set_parameters(weights, biases)
    trainer.set_parameters(biases=[b + 1 for b in biases])
    assert np.array_equal(trainer.weights[0], weights[0]) and trainer.biases[1].tolist() == [8.0]
    trainer.weights[0][...] = 9.0  # a copy
    assert np.array_equal(trainer.weights[0], weights[0])


@pytest.mark.parametrize(
    ("weights", "biases", "kind", "field"),
    [
        ([np.zeros((2, 3)), [[0.0], [np.nan], [0.0]]], None, "parameter_not_finite", "weights[1][1, 0]"),
        (None, [np.zeros(3), [np.inf]], "parameter_not_finite", "biases[1][0]"),
        ([np.zeros((2, 3))], None, "parameter_shape", "weights"),
        ([np.zeros((2, 3)), np.zeros((1, 3))], None, "parameter_shape", "weights[1]"),
        ([np.zeros((2, 3)), np.zeros((3, 1))], [np.zeros(3), 0.0], "parameter_shape", "biases[1]"),
        ([np.zeros((2, 3)), [["a"], ["b"], ["c"]]], None, "wrong_type", "weights[1]"),
        ([[[0.0], [0.0, 1.0]], np.zeros((3, 1))], None, "wrong_type", "weights[0]"),
    ],
)
def test_parameters_that_cannot_be(weights: Any, biases: Any, kind: str, field: str) -> None:
    trainer = trainer_of()
    trainer.run(2)
    before = parameters(trainer)
    error = refused(trainer.set_parameters, weights, biases)
    assert (error.kind, error.field) == (kind, field)
    assert np.array_equal(parameters(trainer), before)


# -- other settings on the fly ---------------------------------------------------------------------


def test_settings_change_while_it_trains() -> None:
    trainer = trainer_of(rows=10, batch_size=4, optimizer="momentum")
    trainer.run(1)
    trainer.change(trainer.experiment.changed(batch_size=5, learning_rate=0.01))
    sizes = [trainer.step().batch for _ in range(4)]
    assert sizes == [5, 1, 5, 5]  # four rows of the epoch were taken before
    assert trainer.scalars.learning_rate.tolist() == [0.1, 0.01, 0.01, 0.01, 0.01]


def test_a_new_optimizer_starts_afresh_and_the_same_goes_on() -> None:
    trainer = trainer_of(optimizer="adam")
    trainer.run(5)
    trainer.change(trainer.experiment.changed(optimizer={"name": "adam", "beta1": 0.5}))
    record = trainer.step()
    assert record.optimizer_step == 6 and record.slots_before["m"][0][0].any()
    other = AdamW()
    trainer.change(trainer.experiment.changed(optimizer=other))
    record = trainer.step()
    assert record.optimizer_step == 1 and not record.slots_before["m"][0][0].any()
    first, gradient = record.weights_before[0][0, 0], record.weight_grads[0][0, 0]
    _, new = other.apply(first, gradient, {"m": 0.0, "v": 0.0}, record.learning_rate, 1)
    assert trainer.weights[0][0, 0] == new


@pytest.mark.parametrize(
    ("changes", "kind", "field"),
    [
        ({"seed": 3}, "needs_new_trainer", "seed"),
        ({"initializer": "zeros"}, "needs_new_trainer", "initializer"),
        ({"validation": 0.2}, "needs_new_trainer", "validation"),
        ({"dtype": "float32"}, "needs_new_trainer", "dtype"),
        ({"scaling": "zscore"}, "needs_new_trainer", "scaling"),
        ({"layers": (Layer(4, "tanh"), Layer(1))}, "needs_new_trainer", "layers"),
        ({"layers": (Layer(3, "relu"), Layer(1))}, "needs_new_trainer", "layers"),
        ({"loss": "cross_entropy"}, "loss_needs_target", "loss"),
        ({"batch_size": 11}, "batch_too_large", "batch_size"),
    ],
)
def test_a_change_that_cannot_be_changes_nothing(changes: Any, kind: str, field: str) -> None:
    trainer, twin = trainer_of(batch_size=4), trainer_of(batch_size=4)
    trainer.run(3)
    experiment = trainer.experiment
    error = refused(trainer.change, experiment.changed(**changes))
    assert (error.kind, error.field) == (kind, field)
    assert trainer.experiment is experiment
    trainer.run(5)
    twin.run(8)
    assert np.array_equal(parameters(trainer), parameters(twin))


def test_the_dropout_of_a_layer_can_change() -> None:
    trainer = trainer_of()
    trainer.run(2)
    trainer.change(trainer.experiment.changed(layers=(Layer(3, "tanh", 0.5), Layer(1))))
    assert trainer.step().dropout_masks[0] is not None


# -- initial state ---------------------------------------------------------------------------------


def test_an_heir_has_the_parameters_and_which_of_them_are_held() -> None:
    trainer, heir = trainer_of(), trainer_of(rows=12)
    trainer.freeze(weights=[(1, 0, 1)], biases=[(2, 0)])
    trainer.run(5)
    trainer.hand_down(heir)
    assert np.array_equal(flat_state(heir), flat_state(trainer))
    held, record = trainer.peek().frozen, heir.step()
    for ours, theirs in zip((*held[0], *held[1]), (*record.frozen[0], *record.frozen[1]), strict=True):
        assert np.array_equal(ours, theirs)
    assert record.weights_after[0][0, 1] == trainer.weights[0][0, 1]
    free = trainer_of(rows=12)
    trainer.unfreeze(weights=[(1, 0, 1)], biases=[(2, 0)])
    trainer.hand_down(free)
    assert not any(mask.any() for mask in (*free.step().frozen_weights, *free.peek().frozen_biases))


def test_step_0_is_drawn_from_the_seed_and_only_from_it() -> None:
    first, again = trainer_of(seed=3), trainer_of(seed=3, learning_rate=0.7, optimizer="adam", batch_size=2)
    assert np.array_equal(parameters(first), parameters(again))
    assert not np.array_equal(parameters(first), parameters(trainer_of(seed=4)))


def test_biases_start_at_0_unless_the_initializer_fills_them() -> None:
    assert not any(b.any() for b in trainer_of(initializer="he_normal").biases)
    assert all((b == 0.1).all() for b in trainer_of(initializer="constant").biases)


def test_scaling_and_filling_belong_to_the_experiment() -> None:
    inputs = [[1.0, np.nan], [3.0, 4.0], [np.nan, 8.0], [5.0, 6.0]]
    data = Dataset.from_arrays(inputs, [0.0, 1.0, 2.0, 3.0])
    record: StepRecord = Trainer(Experiment((Layer(1),), scaling="minmax"), data).peek()
    assert record.a[0].tolist() == [[0.0, 0.5], [0.5, 0.0], [0.5, 1.0], [1.0, 0.5]]
    dropped = Trainer(Experiment((Layer(1),), missing="drop"), data).peek()
    assert dropped.indices.tolist() == [1, 3] and dropped.a[0].tolist() == [[3.0, 4.0], [5.0, 6.0]]


def test_denormal_slots_vanish_at_the_same_steps_however_they_are_made() -> None:
    # One row alone moves the weight; from then on its momentum fades by a hundred a step
    inputs = np.zeros((400, 1))
    inputs[0] = 1.0
    data = Dataset.from_arrays(inputs, np.ones(400), kind="regression")
    experiment = Experiment(
        (Layer(1),), optimizer={"name": "momentum", "momentum": 0.01}, batch_size=1, learning_rate=0.1
    )
    at_once, one_by_one = Trainer(experiment, data), Trainer(experiment, data)
    at_once.run(799)
    slots = []
    for _ in range(799):
        ((velocity,),) = one_by_one.step().slots_after["v"][0]
        slots.append(float(velocity[0]))
    assert np.array_equal(one_by_one.snapshot().present.state, at_once.snapshot().present.state)
    sizes = np.abs(slots)
    gone = np.flatnonzero((sizes[:-1] > 0.0) & (sizes[1:] == 0.0))
    assert (sizes[gone] > 1e-300).any()  # not faded into nothing, but cleared away
