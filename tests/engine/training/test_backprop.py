"""A pass against PyTorch, and what must hold for the numbers of any pass."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Dataset, Experiment, Layer, StepRecord, Trainer
from engine.errors import DivergenceError
from engine.functions import ACTIVATIONS
from engine.functions.activations import Softmax
from engine.functions.losses import Huber
from engine.training.backprop import forward, sample_losses
from tests.engine.both_plans import plan  # noqa: F401
from tests.engine.random_experiments import experiments
from tests.golden.make_golden import NETWORKS, Network, digest, networks

CASES = list(networks())


def label(case: Network) -> str:
    names = [spec if isinstance(spec, str) else spec["name"] for spec in (case.activations[-1], case.loss)]
    return "-".join((*names, case.reduction))


def trainer_of(case: Network, **settings: Any) -> Trainer:
    data = Dataset.from_arrays(case.inputs, case.targets, kind=case.kind)
    layers = [Layer(n, spec) for n, spec in zip(case.sizes[1:], case.activations, strict=True)]
    trainer = Trainer(Experiment(layers, case.loss, reduction=case.reduction, **settings), data)
    trainer.set_parameters(case.weights, case.biases)
    return trainer


@pytest.fixture(scope="module")
def golden() -> list[np.ndarray[Any, Any]]:
    with np.load(NETWORKS) as file:
        return np.split(file["numbers"], file["ends"][:-1])


def test_there_is_a_case_for_every_combination() -> None:
    assert len({label(case) for case in CASES}) == len(CASES) == 14 * 7 * 2
    assert set(ACTIVATIONS) == {label(case).split("-")[0] for case in CASES}
    assert max(max(case.sizes) for case in CASES) == 64 and max(len(case.sizes) for case in CASES) == 11


@pytest.mark.parametrize("case", CASES, ids=label)
def test_every_number_is_pytorchs(case: Network, golden: list[np.ndarray[Any, Any]]) -> None:
    record = trainer_of(case).peek()
    rng, numbers = np.random.RandomState(case.seed), golden[case.seed]
    arrays: dict[str, Any] = {
        "z": record.z,
        "a": record.a[1:],
        "delta": record.delta,
        "weight_grads": record.weight_grads,
        "bias_grads": record.bias_grads,
        "losses": (record.sample_losses, np.array(record.data_loss)),
    }
    place = 0
    for name, sequence in arrays.items():
        for layer, array in enumerate(sequence, 1):
            found, total = digest(array, rng)
            greatest, expected = numbers[place], numbers[place + 1 : place + 1 + len(found)]
            place += 1 + len(found)
            scale = np.full(len(found), greatest)
            if total:
                scale[-1] = total
            assert np.abs(array).max() == pytest.approx(greatest, rel=1e-12), (name, layer)
            assert np.all(np.abs(found - expected) <= 1e-12 * scale), (name, layer)
    assert place == len(numbers)


@pytest.mark.parametrize("case", CASES[::5], ids=label)
def test_float32_is_the_same_pass_rounded(case: Network) -> None:
    exact, rounded = trainer_of(case).peek(), trainer_of(case, dtype="float32").peek()
    for single, double in zip(rounded.weight_grads, exact.weight_grads, strict=True):
        assert single.dtype == np.float32
        assert np.abs(single - double).max() <= 1e-3 * np.abs(double).max()


@pytest.mark.parametrize("size", [1e4, -1e4])
def test_sigmoid_with_cross_entropy_is_stable(size: float) -> None:
    data = Dataset.from_arrays([[1.0], [1.0]], [0, 1], kind="binary")
    trainer = Trainer(Experiment((Layer(1, "sigmoid"),), "binary_cross_entropy"), data)
    trainer.set_parameters([[[size]]], [[0.0]])
    record = trainer.peek()
    expected = [1e4, 0.0] if size > 0 else [0.0, 1e4]
    assert record.sample_losses.tolist() == expected
    a = 1.0 if size > 0 else 0.0
    assert record.delta[0].tolist() == [[a / 2], [(a - 1) / 2]]


@pytest.mark.parametrize("size", [1e4, -1e4])
def test_softmax_with_cross_entropy_is_stable(size: float) -> None:
    data = Dataset.from_arrays([[1.0], [1.0]], [[1, 0, 0], [0, 1, 0]], kind="multiclass")
    trainer = Trainer(Experiment((Layer(3, "softmax"),), "cross_entropy"), data)
    trainer.set_parameters([[[size, 0.0, size]]], [[0.0, 0.0, -3e4]])
    record = trainer.peek()
    first, second = ([1, 0, 0], [0.0, 1e4]) if size > 0 else ([0, 1, 0], [1e4, 0.0])
    assert record.sample_losses.tolist() == second
    assert (record.delta[0] * 2).tolist() == [
        [x - t for x, t in zip(first, target, strict=True)] for target in ([1, 0, 0], [0, 1, 0])
    ]


@pytest.mark.parametrize("name", [name for name, rule in ACTIVATIONS.items() if rule.elementwise])
@pytest.mark.parametrize("sizes", [(4, 3), (4, 5, 3)])
def test_an_output_layer_of_the_hidden_layers_kind_has_slopes_of_its_own(
    name: str, sizes: tuple[int, ...]
) -> None:
    rng = np.random.default_rng(1)
    data = Dataset.from_arrays(rng.normal(size=(9, 2)), rng.normal(size=(9, sizes[-1])))
    experiment = Experiment([Layer(n, name) for n in sizes], learning_rate=0.1, batch_size=4)
    trainer = Trainer(experiment, data)
    for _ in range(4):  # the last mini-batch of an epoch is a shorter one
        record = trainer.step()
        rule = experiment.layers[-1].activation
        upstream = experiment.loss.gradient(record.a[-1], record.targets) / record.batch
        assert np.allclose(record.delta[-1], rule.vjp(record.z[-1], record.a[-1], upstream), 1e-13, 1e-300)
        assert np.array_equal(record.a[-1], rule.value(record.z[-1]))
        below = experiment.layers[-2].activation
        upstream = record.delta[-1] @ record.weights_before[-1].T
        assert np.allclose(record.delta[-2], below.vjp(record.z[-2], record.a[-2], upstream), 1e-12, 1e-300)


# -- properties ------------------------------------------------------------------------------------


def close(found: Any, expected: Any, terms: Any = None, tolerance: float = 1e-12) -> None:
    """Assert that the difference is small beside the greatest number, or beside the terms of a sum."""
    difference = np.abs(np.asarray(found) - np.asarray(expected))
    scale = np.abs(expected).max(initial=0.0) if terms is None else np.asarray(terms)
    assert np.all(difference <= tolerance * scale + 1e-300), (difference, scale)


def scale_of(record: StepRecord, experiment: Experiment) -> float:
    return 1.0 / record.batch if experiment.reduction == "mean" else 1.0


@given(experiments(dropout=False, dtype="float64", bias_reduction="same", update_order="together"))
@settings(max_examples=30)
def test_gradients_of_single_samples_sum_to_the_batchs(drawn: tuple[Experiment, Dataset]) -> None:
    experiment, data = drawn
    trainer = Trainer(experiment, data)
    try:
        trainer.run(trainer.steps_left_in_epoch - 1)  # the last mini-batch of an epoch is the partial one
        record = trainer.peek()
    except DivergenceError:
        return
    alone = experiment.changed(batch_size="full", validation=0.0, scaling="none", split="order")
    weights = [np.zeros_like(w) for w in record.weight_grads]
    biases = [np.zeros_like(b) for b in record.bias_grads]
    weight_terms, bias_terms = [w.copy() for w in weights], [b.copy() for b in biases]
    losses = []
    for row in range(record.batch):
        one = Dataset.from_arrays(record.a[0][[row]], record.targets[[row]], kind=data.kind)
        single = Trainer(alone, one)
        single.set_parameters(record.weights_before, record.biases_before)
        sample = single.peek()
        losses.append(sample.data_loss)
        for total, terms, part in (
            (weights, weight_terms, sample.weight_grads),
            (biases, bias_terms, sample.bias_grads),
        ):
            for layer, array in enumerate(part):
                total[layer] += array * scale_of(record, experiment)
                terms[layer] += np.abs(array) * scale_of(record, experiment)
    for array, expected, absolute in (
        *zip(record.weight_grads, weights, weight_terms, strict=True),
        *zip(record.bias_grads, biases, bias_terms, strict=True),
    ):
        close(array, expected, absolute.max())
    close(record.sample_losses, losses)
    close(record.data_loss, sum(losses) * scale_of(record, experiment))


@given(experiments(dtype="float64", update_order="together"))
@settings(max_examples=25)
def test_delta_is_what_the_full_jacobians_give(drawn: tuple[Experiment, Dataset]) -> None:
    experiment, data = drawn
    record = Trainer(experiment, data).peek()
    if experiment.loss.natural == experiment.layers[-1].activation.name:  # `a` is rounded too early
        upstream = experiment.loss.gradient_from_z(record.z[-1], record.targets)
    else:
        upstream = experiment.loss.gradient(record.a[-1], record.targets)
    upstream = upstream * scale_of(record, experiment)
    for index in range(len(record.z) - 1, -1, -1):
        activation, z = experiment.layers[index].activation, record.z[index]
        raw = activation.value(z)
        if isinstance(activation, Softmax):
            jacobian = activation.jacobian(raw)
        else:
            jacobian = activation.slope(z)[:, :, None] * np.eye(z.shape[1])
        mask = record.dropout_masks[index]
        if mask is not None:
            upstream = upstream * mask
        expected = np.einsum("bi,bij->bj", upstream, jacobian)
        terms = np.einsum("bi,bij->bj", np.abs(upstream), np.abs(jacobian))
        close(record.delta[index], expected, terms.max())
        upstream = record.delta[index] @ record.weights_before[index].T


@given(experiments(), st.integers(0, 12))
@settings(max_examples=25)
def test_a_record_agrees_with_itself(drawn: tuple[Experiment, Dataset], steps: int) -> None:
    experiment, data = drawn
    trainer = Trainer(experiment, data)
    try:
        trainer.run(steps)
        record = trainer.step()
    except DivergenceError:
        return
    tight = 1e-12 if experiment.dtype == "float64" else 1e-4
    assert record.step == steps + 1 == trainer.completed
    close(record.a[0], trainer.prepared.transform(data.inputs[record.indices]), tolerance=tight)
    assert np.array_equal(record.targets, data.targets[record.indices].astype(experiment.dtype))
    assert set(record.indices) <= set(trainer.prepared.train_rows)
    both_means = experiment.bias_reduction == "mean" and experiment.reduction == "sum"
    for index, layer in enumerate(experiment.layers):
        below, delta, mask = record.a[index], record.delta[index], record.dropout_masks[index]
        w, b = record.weights_before[index], record.biases_before[index]
        terms = np.abs(below) @ np.abs(w) + np.abs(b)
        close(record.z[index], below @ w + b, terms, tight)
        raw = layer.activation.value(record.z[index])
        assert (mask is not None) == (layer.dropout > 0)
        close(record.a[index + 1], raw if mask is None else raw * mask, tolerance=tight)
        close(record.weight_grads[index], below.T @ delta, np.abs(below).T @ np.abs(delta), tight)
        expected, terms = delta.sum(axis=0), np.abs(delta).sum(axis=0)
        share = 1.0 / record.batch if both_means else 1.0
        close(record.bias_grads[index], expected * share, terms * share, tight)
        if index:
            used = (
                record.weights_after if experiment.update_order == "output_first" else record.weights_before
            )
            upstream = delta @ used[index].T
            terms = np.abs(delta) @ np.abs(used[index]).T
            mask, activation = record.dropout_masks[index - 1], experiment.layers[index - 1].activation
            if mask is not None:
                upstream, terms = upstream * mask, terms * mask
            z = record.z[index - 1]
            steepest = 1.0 if isinstance(activation, Softmax) else np.abs(activation.slope(z)).max()
            through = activation.vjp(z, activation.value(z), upstream)
            close(record.delta[index - 1], through, steepest * terms.max(), tight)
    close(record.data_loss, record.sample_losses.sum() * scale_of(record, experiment), tolerance=tight)
    scalars = trainer.scalars
    assert scalars.loss[-1] == record.data_loss
    assert scalars.penalty[-1] == record.penalty
    assert scalars.learning_rate[-1] == record.learning_rate
    assert all(np.array_equal(a, b) for a, b in zip(record.weights_after, trainer.weights, strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(record.biases_after, trainer.biases, strict=True))


@given(experiments(dropout=False))
@settings(max_examples=25)
def test_forward_of_many_networks_is_that_of_each(drawn: tuple[Experiment, Dataset]) -> None:
    experiment, data = drawn
    records = [Trainer(experiment.changed(seed=seed), data).peek() for seed in (1, 2, 3)]
    inputs = records[0].a[0]
    weights = [np.stack(w) for w in zip(*(r.weights_before for r in records), strict=True)]
    biases = [np.stack(b) for b in zip(*(r.biases_before for r in records), strict=True)]
    z, a = forward(experiment, weights, biases, inputs)
    targets = records[0].targets
    losses = sample_losses(experiment, z[-1], a[-1], targets)
    for place, record in enumerate(records):
        own_z, own_a = forward(experiment, record.weights_before, record.biases_before, inputs)
        assert all(np.array_equal(z[k][place], own_z[k]) for k in range(len(z)))
        assert all(np.array_equal(a[k][place], own_a[k]) for k in range(len(a)))
        own = sample_losses(experiment, own_z[-1], own_a[-1], targets)
        assert np.array_equal(losses[place], own)


@given(experiments(dropout=False, dtype="float64", bias_reduction="same", update_order="together"))
@settings(max_examples=25)
def test_central_differences_agree_off_kinks(drawn: tuple[Experiment, Dataset]) -> None:
    experiment, data = drawn
    trainer = Trainer(experiment, data)
    record = trainer.peek()
    step, margin = 1e-5, 1e-2
    # Where the slope has a kink the difference is off by as much as the step is long
    bends = {"elu": (0.0,), "softsign": (0.0,)}
    near = [
        np.abs(z - kink).min() < margin
        for z, layer in zip(record.z, experiment.layers, strict=True)
        for kink in (*layer.activation.kinks, *bends.get(layer.activation.name, ()))
    ]
    if isinstance(experiment.loss, Huber):
        near.append((np.abs(np.abs(record.a[-1] - record.targets) - experiment.loss.delta) < margin).any())
    if any(near) or experiment.loss.near_kink(record.a[-1], record.targets, margin):
        return
    gradients = [g for pair in zip(record.weight_grads, record.bias_grads, strict=True) for g in pair]
    largest = max(np.abs(g).max() for g in gradients)

    def loss_at(k: int, place: tuple[int, ...], value: float) -> float:
        arrays = [p.copy() for p in (*record.weights_before, *record.biases_before)]
        arrays[k][place] = value
        depth = len(record.z)
        z, a = forward(experiment, arrays[:depth], arrays[depth:], record.a[0])
        losses = sample_losses(experiment, z[-1], a[-1], record.targets)
        return float(losses.sum()) * scale_of(record, experiment)

    for k, (array, gradient) in enumerate(
        zip(
            (*record.weights_before, *record.biases_before),
            (*record.weight_grads, *record.bias_grads),
            strict=True,
        )
    ):
        for place in np.ndindex(array.shape):
            value = float(array[place])
            # Four points: the truncation of two shows where f''' is large
            near_by = loss_at(k, place, value + step) - loss_at(k, place, value - step)
            far = loss_at(k, place, value + 2 * step) - loss_at(k, place, value - 2 * step)
            numeric = (8 * near_by - far) / (12 * step)
            assert abs(numeric - gradient[place]) <= 1e-6 * max(largest, 1e-3)
