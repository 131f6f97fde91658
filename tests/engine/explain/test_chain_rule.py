from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.data.dataset import Dataset
from engine.errors import DivergenceError, ExperimentError
from engine.experiment import Experiment, Layer
from engine.explain import Explanation, explain
from engine.functions import ACTIVATIONS, CLIPPINGS, LOSSES, OPTIMIZERS, REGULARIZERS
from engine.functions.activations import Softmax
from engine.records import StepRecord
from engine.training.trainer import Trainer

EXACT = 1e-12
SMALLEST = 1e-300
"""Where numbers begin to lose their digits because they are so small."""


def close(parts: Any, total: Any, axis: int = -1) -> bool:
    """Whether a sum agrees as the contract measures it: against the sum of the terms' sizes."""
    parts, total = np.asarray(parts), np.asarray(total)
    size = np.abs(parts).sum(axis=axis)
    return bool(np.all(np.abs(parts.sum(axis=axis) - total) <= EXACT * size + SMALLEST))


def make_data(rng: np.random.Generator, kind: Any, rows: int, inputs: int, outputs: int) -> Dataset:
    x = rng.normal(size=(rows, inputs))
    if kind == "multiclass":
        return Dataset.from_arrays(x, np.eye(outputs)[np.arange(rows) % outputs], kind="multiclass")
    if kind == "binary":
        return Dataset.from_arrays(x, np.arange(rows)[:, None] % 2, kind="binary")
    if kind == "multilabel":
        return Dataset.from_arrays(x, rng.integers(0, 2, size=(rows, outputs)), kind="multilabel")
    return Dataset.from_arrays(x, rng.normal(size=(rows, outputs)), kind="regression")


@st.composite
def trainings(draw: st.DrawFn) -> tuple[Experiment, StepRecord]:
    names = sorted(ACTIVATIONS)
    hidden = []
    for _ in range(draw(st.integers(0, 5))):
        activation = draw(st.sampled_from(names))
        units = draw(st.integers(2 if activation == "softmax" else 1, 4))
        hidden.append(Layer(units, activation, draw(st.sampled_from([0.0, 0.0, 0.3]))))
    loss = draw(st.sampled_from(sorted(LOSSES)))
    kind = draw(st.sampled_from(LOSSES[loss].kinds))
    outputs = 1 if kind == "binary" else draw(st.integers(2, 4))
    likelihood = loss in ("binary_cross_entropy", "cross_entropy")
    allowed = ["sigmoid", "softmax"] if likelihood else names
    activation = draw(st.sampled_from([name for name in allowed if name != "softmax" or outputs > 1]))
    clipping = draw(st.sampled_from(sorted(CLIPPINGS)))
    orders = ["together"] if clipping == "global_norm" else ["together", "output_first"]
    experiment = Experiment(
        layers=(*hidden, Layer(outputs, activation)),
        loss=loss,
        optimizer=draw(st.sampled_from(sorted(OPTIMIZERS))),
        learning_rate=0.05,
        regularizer=draw(st.sampled_from(sorted(REGULARIZERS))),
        clipping="none" if clipping == "none" else {"name": clipping, "limit": 0.1},
        reduction=draw(st.sampled_from(["mean", "sum"])),
        bias_reduction=draw(st.sampled_from(["same", "mean"])),
        update_order=draw(st.sampled_from(orders)),
        batch_size=draw(st.integers(1, 6)),
        seed=draw(st.integers(0, 10_000)),
    )
    rng = np.random.default_rng(experiment.seed)
    trainer = Trainer(experiment, make_data(rng, kind, 7, draw(st.integers(1, 4)), outputs))
    try:
        trainer.run(draw(st.integers(0, 4)))
        record = trainer.step()
    except DivergenceError:
        assume(False)
    return experiment, record


def everything(experiment: Experiment, record: StepRecord) -> list[Explanation]:
    sizes = record.sizes
    found = [explain(experiment, record, unit=(0, j)) for j in range(sizes[0])]
    for layer in range(1, len(sizes)):
        for j in range(sizes[layer]):
            found.append(explain(experiment, record, bias=(layer, j)))
            found.append(explain(experiment, record, unit=(layer, j)))
            for i in range(sizes[layer - 1]):
                found.append(explain(experiment, record, weight=(layer, i, j)))
    return found


def by_hand(experiment: Experiment, record: StepRecord, e: Explanation) -> dict[tuple[Any, ...], Any]:
    """Every path and its product for each sample, by plain enumeration with explicit Jacobians."""
    jacobians = []
    for row, z in zip(experiment.layers, record.z, strict=True):
        a = row.activation.value(z)
        if isinstance(row.activation, Softmax):
            jacobians.append(row.activation.jacobian(a).swapaxes(1, 2))
        else:
            jacobians.append(np.einsum("bj,ij->bji", row.activation.slope(z), np.eye(a.shape[1])))
    jacobians = [
        j if mask is None else j * mask[:, None, :]
        for j, mask in zip(jacobians, record.dropout_masks, strict=True)
    ]
    after = experiment.update_order == "output_first"
    weights = record.weights_after if after else record.weights_before
    if experiment.loss.natural == experiment.layers[-1].activation.name:
        gradient = experiment.loss.gradient_from_z(record.z[-1], record.targets)
    else:
        gradient = experiment.loss.gradient(record.a[-1], record.targets)
    if experiment.reduction == "mean":
        gradient = gradient / record.batch
    first = max(e.layer, 1)
    places: list[list[tuple[int, int]]] = []
    for layer in range(first, len(record.z) + 1):
        n = record.sizes[layer]
        softmax = experiment.layers[layer - 1].activation.name == "softmax"
        places.append([(j, i) for j in range(n) for i in range(n) if softmax or i == j])
    if e.layer:
        places[0] = [(j, i) for j, i in places[0] if j == e.unit]
    paths = {}
    for route in itertools.product(*places):
        product = e.activation.copy()
        below = e.unit if e.layer == 0 else None
        for layer, (j, i) in enumerate(route, first):
            if below is not None:
                product = product * weights[layer - 1][below, j]
            product = product * jacobians[layer - 1][:, j, i]
            below = i
        product = product * gradient[:, below]
        names = [
            (j, i) if experiment.layers[layer - 1].activation.name == "softmax" else j
            for layer, (j, i) in enumerate(route, first)
        ]
        paths[tuple(([e.unit] if e.layer == 0 else []) + names)] = product
    return paths


@settings(max_examples=50)
@given(trainings())
def test_factors_terms_and_samples(training: tuple[Experiment, StepRecord]) -> None:
    experiment, record = training
    for e in everything(experiment, record):
        assert_multiplies_out(e)
        assert close(e.samples, e.gradient)
        assert close(e.terms, e.upstream)
        assert e.samples.shape == (record.batch,)
        assert (
            e.upstream.shape
            == e.slope.shape
            == ((record.batch, record.sizes[e.layer]) if e.is_softmax else (record.batch,))
        )


@settings(max_examples=50)
@given(trainings(), st.data())
def test_paths_are_those_of_plain_enumeration(
    training: tuple[Experiment, StepRecord], data: st.DataObject
) -> None:
    experiment, record = training
    e = data.draw(st.sampled_from(everything(experiment, record)))
    assume(e.path_count <= 3000)
    expected = by_hand(experiment, record, e)
    paths = e.paths(limit=len(expected))
    sizes = {units: np.abs(product).sum() for units, product in expected.items()}
    size = sum(sizes.values())
    assert paths.count == len(paths) == len(expected)
    assert paths.exact
    for path in paths:
        room = EXACT * sizes[path.units] + SMALLEST
        assert abs(path.product - expected[path.units].sum()) <= room
    products = [abs(path.product) for path in paths]
    assert products == sorted(products, reverse=True)
    assert abs(sum(path.product for path in paths) - e.gradient) <= EXACT * size + SMALLEST
    assert abs(paths.remainder) <= EXACT * size + SMALLEST

    few = e.paths(limit=3)
    assert [path.product for path in few] == [path.product for path in paths.items[:3]]
    rest = e.gradient - sum(p.product for p in few)
    assert abs(few.remainder - rest) <= EXACT * size + SMALLEST


@settings(max_examples=50)
@given(trainings(), st.data())
def test_path_factors_multiply_to_the_path(
    training: tuple[Experiment, StepRecord], data: st.DataObject
) -> None:
    experiment, record = training
    e = data.draw(st.sampled_from(everything(experiment, record)))
    for path in e.paths(limit=4):
        shares = [
            math.prod(factor.value for factor in e.path_factors(path, sample))
            for sample in range(record.batch)
        ]
        assert abs(sum(shares) - path.product) <= EXACT * sum(map(abs, shares)) + SMALLEST


@settings(max_examples=50)
@given(trainings())
def test_update_ends_in_the_new_value_bit_for_bit(training: tuple[Experiment, StepRecord]) -> None:
    experiment, record = training
    for e in everything(experiment, record):
        if e.kind == "unit":
            assert e.update is None
            continue
        assert e.update is not None
        after = (
            record.weights_after[e.layer - 1][e.source, e.unit]
            if e.kind == "weight"
            else record.biases_after[e.layer - 1][e.unit]
        )
        assert e.update.after == after
        assert e.update.before - e.update.change == after
        assert set(e.update.slots_after) == set(experiment.optimizer.slots)


def train(experiment: Experiment, rows: int = 8, inputs: int = 4, steps: int = 1) -> StepRecord:
    outputs = experiment.layers[-1].units
    kind = "multiclass" if experiment.loss.name == "cross_entropy" else "regression"
    trainer = Trainer(experiment, make_data(np.random.default_rng(1), kind, rows, inputs, outputs))
    trainer.run(steps - 1)
    return trainer.step()


@pytest.mark.parametrize("optimizer", list(OPTIMIZERS))
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_update_of_every_optimizer(optimizer: str, dtype: str) -> None:
    experiment = Experiment(
        (Layer(5, "tanh"), Layer(3, "softmax")),
        loss="cross_entropy",
        optimizer=optimizer,
        learning_rate=0.03,
        regularizer="l2",
        clipping={"name": "global_norm", "limit": 0.01},
        batch_size=3,
        dtype=dtype,
    )
    record = train(experiment, steps=70)
    assert record.clip_factor < 1
    for layer, (weights, biases) in enumerate(zip(record.weights_after, record.biases_after, strict=True), 1):
        for j in range(weights.shape[1]):
            update = explain(experiment, record, bias=(layer, j)).update
            assert update is not None
            assert update.after == biases[j]
            for i in range(weights.shape[0]):
                update = explain(experiment, record, weight=(layer, i, j)).update
                assert update is not None
                assert update.after == weights[i, j]


def test_update_of_a_frozen_parameter() -> None:
    experiment = Experiment((Layer(3, "tanh"), Layer(2)), optimizer="momentum")
    trainer = Trainer(experiment, make_data(np.random.default_rng(1), "regression", 5, 2, 2))
    trainer.freeze(weights=[(1, 0, 2)])
    record = trainer.step()
    update = explain(experiment, record, weight=(1, 0, 2)).update
    assert update is not None
    assert update.frozen
    assert update.change == 0
    assert update.after == update.before == record.weights_after[0][0, 2]


def test_update_says_what_penalty_and_clipping_did() -> None:
    experiment = Experiment(
        (Layer(1),), regularizer={"name": "l2", "strength": 0.5}, clipping={"name": "value", "limit": 0.25}
    )
    trainer = Trainer(experiment, Dataset.from_arrays([[1.0]], [[3.0]]))
    trainer.set_parameters(weights=[[[2.0]]], biases=[[0.0]])
    record = trainer.step()
    update = explain(experiment, record, weight=(1, 0, 0)).update
    assert update is not None
    assert (update.gradient, update.penalty, update.clipped) == (-1.0, 1.0, 0.0)
    update = explain(experiment, record, bias=(1, 0)).update
    assert update is not None
    assert (update.gradient, update.penalty, update.clipped) == (-1.0, 0.0, -0.25)


def test_a_worked_example_by_hand() -> None:
    # 1-2-1, identity output: every number below can be worked out on paper
    experiment = Experiment((Layer(2, "relu"), Layer(1)), learning_rate=0.1)
    trainer = Trainer(experiment, Dataset.from_arrays([[2.0]], [[1.0]]))
    trainer.set_parameters(weights=[[[1.0, -1.0]], [[3.0], [4.0]]], biases=[[0.0, 0.0], [0.5]])
    record = trainer.step()  # a = 2, 0; output 6.5; delta 5.5
    e = explain(experiment, record, weight=(1, 0, 0))
    assert e.gradient == 5.5 * 3 * 1 * 2
    assert (e.upstream[0], e.slope[0], e.activation[0]) == (16.5, 1, 2)
    assert e.terms.tolist() == [[16.5]]
    paths = e.paths()
    assert [tuple(path) for path in paths] == [((0, 0), 33.0)]
    assert [(f.kind, f.value) for f in e.path_factors(paths[0], 0)] == [
        ("activation", 2.0),
        ("slope", 1.0),
        ("weight", 3.0),
        ("slope", 1.0),
        ("loss", 5.5),
    ]
    assert explain(experiment, record, weight=(1, 0, 1)).gradient == 0
    assert explain(experiment, record, unit=(1, 1)).slope[0] == 0
    seen = explain(experiment, record, unit=(0, 0))
    assert (seen.z[0], seen.a[0], seen.delta[0]) == (2, 2, 16.5)


@pytest.mark.parametrize(
    ("activation", "loss", "targets", "kind"),
    [
        ("sigmoid", "binary_cross_entropy", [0, 1], "binary"),
        ("softmax", "cross_entropy", [0, 1, 2], "multiclass"),
    ],
)
def test_saturated_matched_pairs_stay_finite(
    activation: str, loss: str, targets: list[int], kind: Any
) -> None:
    outputs = 1 if kind == "binary" else 3
    experiment = Experiment((Layer(outputs, activation),), loss=loss)
    trainer = Trainer(experiment, Dataset.from_arrays(np.ones((len(targets), 1)), targets, kind=kind))
    trainer.set_parameters(weights=[[[1e4, 0.0, -1e4][:outputs]]], biases=[np.zeros(outputs)])
    record = trainer.step()
    for j in range(outputs):
        e = explain(experiment, record, weight=(1, 0, j))
        assert e.is_matched
        assert not np.isfinite(e.upstream).all()
        expected = (record.a[-1] - record.targets)[:, j] / len(targets)
        np.testing.assert_array_equal(e.delta, expected)
        paths = e.paths()
        assert sum(p.product for p in paths) == pytest.approx(e.gradient, abs=1e-15)
        factors = e.path_factors(paths[0], 0)
        assert [f.kind for f in factors] == ["activation", "cancelled"]
        assert all(math.isfinite(f.value) for f in factors)


def test_output_first_goes_back_through_the_new_weights() -> None:
    experiment = Experiment(
        (Layer(3, "sigmoid"), Layer(2, "sigmoid")),
        learning_rate=2.0,
        reduction="sum",
        update_order="output_first",
        bias_reduction="mean",
    )
    record = train(experiment)
    e = explain(experiment, record, weight=(1, 0, 0))
    through_old = record.delta[1] @ record.weights_before[1].T
    assert not np.allclose(through_old[:, 0], e.upstream)
    np.testing.assert_allclose(e.upstream * e.slope * e.activation, e.samples, rtol=EXACT)
    b = explain(experiment, record, bias=(1, 0))
    assert b.activation.tolist() == [1 / record.batch] * record.batch
    assert b.gradient == pytest.approx(record.delta[0][:, 0].mean(), rel=EXACT)


def test_deep_networks_have_more_paths_than_can_be_listed() -> None:
    experiment = Experiment(
        (*(Layer(64, "tanh") for _ in range(8)), Layer(10, "softmax")), loss="cross_entropy"
    )
    record = train(experiment, rows=16)
    e = explain(experiment, record, weight=(1, 0, 5))
    paths = e.paths(limit=20, width=1000)
    assert paths.count == 64**7 * 100
    assert len(paths) == 20
    shown = sum(path.product for path in paths)
    assert paths.remainder == pytest.approx(e.gradient - shown, abs=1e-15)
    for path in paths:
        parts = [math.prod(f.value for f in e.path_factors(path, s)) for s in range(16)]
        assert path.product == pytest.approx(sum(parts), abs=EXACT * sum(map(abs, parts)))


@pytest.mark.parametrize("rows", [1, 6])
def test_bounded_search_finds_the_largest(rows: int) -> None:
    experiment = Experiment(
        (Layer(9, "tanh"), Layer(4, "softmax"), Layer(9, "relu"), Layer(3, "softmax")),
        loss="cross_entropy",
        seed=3,
    )
    record = train(experiment, rows=rows)
    e = explain(experiment, record, weight=(1, 0, 2))
    largest = e.paths(limit=5, width=10**9)
    assert largest.exact
    assert largest.count == 16 * 9 * 9
    bounded = e.paths(limit=5, width=500)
    assert bounded.exact
    assert [p.units for p in bounded] == [p.units for p in largest]
    narrow = e.paths(limit=5, width=5)
    assert len(narrow) == 5
    assert all(
        abs(n.product) <= abs(best.product) * (1 + EXACT) for n, best in zip(narrow, largest, strict=True)
    )


def test_one_sample_is_always_exact() -> None:
    experiment = Experiment((*(Layer(16, "tanh") for _ in range(6)), Layer(2)))
    record = train(experiment, rows=1)
    e = explain(experiment, record, weight=(1, 0, 0))
    paths = e.paths(limit=10)
    assert paths.count == 16**5 * 2
    assert paths.exact
    # the largest path of one sample is a maximum of products, layer by layer
    best = np.abs(record.delta[-1][0])
    for layer in range(6, 0, -1):
        slope = np.abs(1 - record.a[layer][0] ** 2)
        best = slope * (np.abs(record.weights_before[layer]) * best).max(axis=1)
    assert abs(paths[0].product) == pytest.approx(abs(record.a[0][0, 0]) * best[0], rel=1e-10)


@pytest.mark.parametrize(
    "place",
    [{"weight": (3, 0, 0)}, {"weight": (1, 4, 0)}, {"bias": (0, 0)}, {"unit": (1, -1)}, {"bias": (2, 2)}],
)
def test_what_is_not_there(place: Any) -> None:
    experiment = Experiment((Layer(3, "tanh"), Layer(2)))
    with pytest.raises(ExperimentError) as caught:
        explain(experiment, train(experiment), **place)
    assert caught.value.kind == "parameter_unknown"
    assert "4-3-2" in str(caught.value)


def test_asks_for_exactly_one() -> None:
    experiment = Experiment((Layer(2),))
    record = train(experiment)
    with pytest.raises(TypeError):
        explain(experiment, record)
    with pytest.raises(TypeError):
        explain(experiment, record, weight=(1, 0, 0), bias=(1, 0))


@np.errstate(all="ignore")  # other samples' numbers may not be finite
def assert_multiplies_out(e: Explanation, samples: Any = slice(None)) -> None:
    """Whether upstream x slope x activation is each sample's share, against the size of what is summed."""
    assert e.is_factored[samples].all()
    activation = e.activation[samples]
    upstream, slope, terms = e.upstream[samples], e.slope[samples], e.terms[samples]
    products, sizes = upstream * slope, np.abs(terms).sum(axis=-1) * np.abs(slope)
    if e.is_softmax:
        products, sizes = products.sum(axis=-1), sizes.sum(axis=-1)
    difference = np.abs(products * activation - e.samples[samples])
    # the pass may have to round a number below the smallest with all its digits
    assert (difference <= EXACT * sizes * np.abs(activation) + SMALLEST).all()


LIKELIHOODS = ("binary_cross_entropy", "cross_entropy")
LOSSES_OF_CLASSES = (*LIKELIHOODS, "hinge")
Z = [z * sign for z in (0.0, 1.0, 15.0, 36.0, 44.0, 350.0, 700.0) for sign in (1.0, -1.0)]


def at(
    z: list[list[float]], activation: str, loss: str, targets: Any, kind: Any, **settings: Any
) -> StepRecord:
    """A step of one layer, each sample having the pre-activations of a row of `z`; it may not be finite."""
    k = len(z[0])
    experiment = Experiment((Layer(k, activation),), loss=loss, reduction="sum", **settings)
    trainer = Trainer(experiment, Dataset.from_arrays(np.array(z), targets, kind=kind))
    trainer.set_parameters(weights=[np.eye(k)], biases=[np.zeros(k)])
    return trainer.peek()


@pytest.mark.parametrize("loss", list(LOSSES))
@pytest.mark.parametrize("activation", list(ACTIVATIONS))
def test_factors_multiply_out_at_any_z(activation: str, loss: str) -> None:
    kind = "multiclass" if "multiclass" in LOSSES[loss].kinds and loss in LOSSES_OF_CLASSES else "regression"
    z = [[a, b] for a in Z for b in Z if abs(a - b) <= 700]
    for shift in (0, 1):  # each row with each class
        rows = (np.arange(len(z)) + shift) % 2
        targets = np.eye(2)[rows] if kind == "multiclass" else np.eye(2)[rows] * 2.0 - 0.5
        record = at(z, activation, loss, targets, kind)
        # where a rounded a makes the loss infinite, training stops
        finite = np.isfinite(record.sample_losses) & np.isfinite(record.delta[0]).all(axis=1)
        matched = LOSSES[loss].natural == activation
        assert finite.all() or (loss in LIKELIHOODS and not matched)
        for j in range(2):
            assert_multiplies_out(explain(record.experiment, record, weight=(1, 0, j)), finite)


@pytest.mark.parametrize("activation", list(ACTIVATIONS))
def test_hidden_factors_multiply_out_at_any_z(activation: str) -> None:
    experiment = Experiment((Layer(2, activation), Layer(2)), reduction="sum")
    z = np.array([[a, b] for a in Z for b in Z])
    targets = np.random.default_rng(0).normal(size=z.shape)
    trainer = Trainer(experiment, Dataset.from_arrays(z, targets))
    second = np.array([[0.3, -0.7], [1.1, 0.2]])
    trainer.set_parameters(weights=[np.eye(2), second], biases=[np.zeros(2)] * 2)
    record = trainer.peek()
    for j in range(2):
        e = explain(experiment, record, weight=(1, 0, j))
        assert_multiplies_out(e, np.abs(z[:, 0] - z[:, 1]) <= 700 if e.is_softmax else slice(None))


def test_the_sure_and_wrong_sigmoid_has_finite_factors() -> None:
    record = at([[44.0]], "sigmoid", "binary_cross_entropy", [[0.0]], "binary")
    e = explain(record.experiment, record, weight=(1, 0, 0))
    assert e.upstream[0] == pytest.approx(1 + math.exp(44), rel=1e-14)
    assert e.slope[0] == pytest.approx(math.exp(-44), rel=1e-14)
    assert e.upstream[0] * e.slope[0] == pytest.approx(1.0, rel=1e-14)
    assert e.activation[0] == e.samples[0] == 44.0


def test_the_sure_and_right_sigmoid_still_learns_a_little() -> None:
    record = at([[44.0]], "sigmoid", "binary_cross_entropy", [[1.0]], "binary")
    e = explain(record.experiment, record, weight=(1, 0, 0))
    assert record.a[-1][0, 0] == 1.0
    assert e.upstream[0] == pytest.approx(-1.0)
    assert e.delta[0] == e.cancelled[0] == pytest.approx(-math.exp(-44), rel=1e-14)
    assert record.sample_losses[0] == pytest.approx(math.exp(-44), rel=1e-14)


@pytest.mark.parametrize(
    ("activation", "loss", "kind", "z"),
    [
        ("sigmoid", "binary_cross_entropy", "binary", [[800.0], [-800.0], [1.0]]),
        ("softmax", "cross_entropy", "multiclass", [[700.0, -700.0], [-700.0, 700.0], [1.0, 0.0]]),
    ],
)
def test_beyond_double_precision_only_the_product_is_known(
    activation: str, loss: str, kind: Any, z: list[list[float]]
) -> None:
    record = at(z, activation, loss, [0, 0, 1], kind)
    e = explain(record.experiment, record, weight=(1, 0, 0))
    known = [False, True, True] if kind == "binary" else [True, False, True]
    assert e.is_factored.tolist() == known
    assert np.isfinite(e.delta).all()
    assert np.abs(e.delta).max() == 1.0
