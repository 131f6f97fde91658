"""Split, fill and scale: the split is a partition, and only the training part is fitted to."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from engine import Experiment, Layer, Trainer, builtin
from engine.data.dataset import Dataset
from engine.data.load import load_dataset
from engine.data.preparation import MISSING, SCALINGS, SPLITS, Prepared, prepare
from engine.errors import ExperimentError

ELEMENTS = st.floats(-1e6, 1e6, width=32) | st.just(np.nan)


@st.composite
def datasets(draw: st.DrawFn) -> Dataset:
    rows, columns = draw(st.integers(8, 40)), draw(st.integers(1, 4))
    inputs = draw(npst.arrays(np.float64, (rows, columns), elements=ELEMENTS))
    labels = draw(st.lists(st.integers(0, 2), min_size=rows, max_size=rows))
    if draw(st.booleans()):
        return Dataset.from_arrays(inputs, labels, "multiclass", class_names=("a", "b", "c"))
    return Dataset.from_arrays(inputs, np.array(labels) * 0.5)


def prepared(data: Dataset, **changes: Any) -> Prepared:
    settings = {"validation": 0.25, "split": "random", "missing": "mean", "scaling": "none", "seed": 0}
    return prepare(data, **{**settings, **changes})


@given(
    datasets(),
    st.sampled_from(SPLITS),
    st.sampled_from(MISSING),
    st.sampled_from(SCALINGS),
    st.sampled_from([0.0, 0.1, 0.3, 0.5]),
    st.integers(0, 2**32),
)
def test_parts_are_a_partition_and_everything_is_finite(
    data: Dataset, split: str, missing: str, scaling: str, validation: float, seed: int
) -> None:
    settings = {
        "validation": validation,
        "split": split,
        "missing": missing,
        "scaling": scaling,
        "seed": seed,
    }
    complete = np.flatnonzero(~np.isnan(data.inputs).any(axis=1))
    expected = complete if missing == "drop" else np.arange(len(data.inputs))
    try:
        result = prepare(data, **settings)
    except ExperimentError as error:
        assert error.kind == "no_training_rows"
        assert len(expected) <= 1
        return
    rows = np.concatenate((result.train_rows, result.validation_rows))
    assert np.array_equal(np.sort(rows), expected)
    assert np.isfinite(result.inputs).all()
    assert np.isfinite(result.validation_inputs).all()
    assert np.array_equal(result.targets, data.targets[result.train_rows])
    assert np.array_equal(result.validation_targets, data.targets[result.validation_rows])
    assert np.array_equal(result.transform(data.inputs[result.train_rows]), result.inputs)
    again = prepare(data, **settings)
    assert np.array_equal(again.train_rows, result.train_rows)
    assert np.array_equal(again.inputs, result.inputs)
    if validation == 0.0:
        assert np.array_equal(result.train_rows, expected)
    else:
        assert abs(len(result.validation_rows) - validation * len(expected)) <= 1


@given(datasets(), st.sampled_from(SPLITS), st.sampled_from(SCALINGS), st.integers(0, 99))
def test_nothing_of_the_validation_rows_leaks_into_training(
    data: Dataset, split: str, scaling: str, seed: int
) -> None:
    result = prepared(data, split=split, scaling=scaling, seed=seed)
    inputs = data.inputs.copy()
    inputs[result.validation_rows] = 1e9
    changed = Dataset.from_arrays(inputs, data.targets, data.kind, class_names=data.class_names or None)
    other = prepared(changed, split=split, scaling=scaling, seed=seed)
    assert np.array_equal(other.inputs, result.inputs)
    assert np.array_equal(other.fill, result.fill)


@given(datasets().filter(lambda data: data.kind == "multiclass"), st.floats(0.1, 0.6), st.integers(0, 99))
def test_stratified_holds_out_each_class_alike(data: Dataset, share: float, seed: int) -> None:
    result = prepared(data, split="stratified", validation=share, seed=seed)
    for size, held_out in zip(data.targets.sum(axis=0), result.validation_targets.sum(axis=0), strict=True):
        assert abs(held_out - share * size) <= 1
        assert size == 0 or held_out < size


def test_scaling_is_as_numpy_does_it() -> None:
    inputs = np.random.default_rng(1).normal(3.0, 5.0, (50, 3))
    data = Dataset.from_arrays(inputs, np.zeros(50))
    order = prepared(data, split="order", scaling="zscore")
    train, held_out = inputs[:38], inputs[38:]
    assert order.train_rows.tolist() == list(range(38))
    np.testing.assert_allclose(order.inputs, (train - train.mean(0)) / train.std(0), rtol=1e-12)
    np.testing.assert_allclose(order.validation_inputs, (held_out - train.mean(0)) / train.std(0), rtol=1e-12)
    minmax = prepared(data, split="order", scaling="minmax")
    assert (minmax.inputs.min(), minmax.inputs.max()) == (0.0, 1.0)


def test_constant_and_huge_columns_stay_finite() -> None:
    inputs = np.column_stack((np.full(9, 0.1), np.linspace(1e200, 9e200, 9), np.linspace(1e-200, 9e-200, 9)))
    for scaling in ("zscore", "minmax"):
        result = prepared(Dataset.from_arrays(inputs, np.zeros(9)), validation=0.0, scaling=scaling)
        assert (result.inputs[:, 0] == 0.0).all()
        assert np.isfinite(result.inputs).all()
        assert np.ptp(result.inputs[:, 1]) > 0.5
        assert np.ptp(result.inputs[:, 2]) > 0.5


@pytest.mark.parametrize(
    ("missing", "fill"), [("mean", 16 / 5), ("median", 2.0), ("most_frequent", 1.0), ("drop", 16 / 5)]
)
def test_fill_values(missing: str, fill: float) -> None:
    inputs = np.array([[1.0], [1.0], [2.0], [4.0], [8.0], [np.nan]])
    result = prepared(Dataset.from_arrays(inputs, np.zeros(6)), validation=0.0, missing=missing)
    assert result.fill.tolist() == [fill]
    assert len(result.inputs) == (5 if missing == "drop" else 6)


def test_a_missing_category_becomes_a_level_or_their_shares() -> None:
    lines = ["c,u,y", *(f"{c},{i},{'pq'[i % 2]}" for i, c in enumerate("ABAABA?ABAAB" * 3))]
    data = load_dataset("\n".join(lines).encode())
    assert prepared(data, validation=0.0, missing="most_frequent").inputs[6, :2].tolist() == [1, 0]
    shares = prepared(data, validation=0.0, missing="mean").inputs[6, :2]
    assert shares == pytest.approx([7 / 11, 4 / 11])


def test_a_column_decides_the_split() -> None:
    lines = ["part,u,y", *(f"{('train', 'val')[i % 4 == 3]},{i * 0.5},{'pq'[i % 2]}" for i in range(40))]
    data = load_dataset("\n".join(lines).encode(), roles={"part": "skip"})
    result = prepared(data, split="part", validation=0.1)
    assert result.validation_rows.tolist() == list(range(3, 40, 4))


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"validation": 1.0}, "out_of_range"),
        ({"validation": -0.1}, "out_of_range"),
        ({"validation": float("nan")}, "out_of_range"),
        ({"split": "nowhere"}, "unknown_name"),
        ({"missing": "guess"}, "unknown_name"),
        ({"scaling": "log"}, "unknown_name"),
        ({"validation": 0.99}, "no_training_rows"),
    ],
)
def test_settings_that_cannot_be(changes: dict[str, Any], kind: str) -> None:
    with pytest.raises(ExperimentError) as raised:
        prepared(Dataset.from_arrays(np.ones((4, 2)), np.ones(4)), **changes)
    assert raised.value.kind == kind
    assert raised.value.message


def test_arrays_are_read_only() -> None:
    result = prepared(Dataset.from_arrays(np.ones((8, 2)), np.ones(8)))
    with pytest.raises(ValueError, match="read-only"):
        result.inputs[0] = 0.0


def test_large_data_are_had_once_where_nothing_is_to_be_done() -> None:
    data = Dataset.from_arrays(np.random.default_rng(0).normal(size=(40_000, 110)), np.zeros(40_000))
    trainer = Trainer(Experiment((Layer(1),), batch_size=10), data)
    assert np.shares_memory(trainer.prepared.inputs, data.inputs)
    tracemalloc.start()
    try:
        Trainer(Experiment((Layer(1),), batch_size=10), data).step()
        assert tracemalloc.get_traced_memory()[1] < 0.5 * data.inputs.nbytes
        tracemalloc.reset_peak()
        Trainer(Experiment((Layer(1),), batch_size=10, scaling="zscore"), data).step()
        assert tracemalloc.get_traced_memory()[1] < 1.6 * data.inputs.nbytes
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("copied", [0, 2**30])
def test_how_the_rows_lie_changes_no_bit(copied: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data = builtin("iris")
    experiment = Experiment((Layer(4, "tanh"), Layer(3, "softmax")), "cross_entropy", batch_size=20)
    expected = Trainer(experiment, data).run(100).loss
    monkeypatch.setattr("engine.training.batches.COPIED_BYTES", copied)
    assert Trainer(experiment, data).run(100).loss.tobytes() == expected.tobytes()
    full = Trainer(experiment.changed(batch_size="full"), data).run(20).loss
    monkeypatch.undo()
    assert Trainer(experiment.changed(batch_size="full"), data).run(20).loss.tobytes() == full.tobytes()


@pytest.mark.parametrize("missing", [False, True])
def test_preparing_takes_little_more_than_what_it_makes(
    missing: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.data.preparation.BLOCK_CELLS", 20_000)
    inputs = np.random.default_rng(0).normal(size=(8_000, 100))
    if missing:
        inputs[::7, 3] = np.nan
    data = Dataset.from_arrays(inputs, inputs[:, 0] * 0.0 + np.arange(8_000) % 2, "binary")
    before = data.inputs.copy()
    prepared(data, split="random", scaling="zscore")
    tracemalloc.start()
    try:
        result = prepared(data, split="random", scaling="zscore")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(result.validation_inputs) and peak < 1.5 * data.inputs.nbytes
    assert np.array_equal(data.inputs, before, equal_nan=True)


@pytest.mark.parametrize("scaling", ["none", "zscore", "minmax"])
@pytest.mark.parametrize("validation", [0.0, 0.25])
def test_large_rows_are_prepared_as_they_are_taken_to_the_same_bits(
    scaling: str, validation: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = np.random.default_rng(0).normal(size=(200, 9)) * 40 + 7
    inputs[::5, 2] = np.nan
    data = Dataset.from_arrays(inputs, np.arange(200) % 3, "multiclass")
    layers = (Layer(4, "tanh"), Layer(3, "softmax"))

    def trained(batch: int | str, dtype: str) -> list[np.ndarray]:
        e = Experiment(
            layers,
            loss="cross_entropy",
            batch_size=batch,
            validation=validation,
            scaling=scaling,
            dtype=dtype,
            seed=5,
        )
        trainer = Trainer(e, data)
        trainer.run(40)
        return [*trainer.weights, *trainer.biases, trainer.prepared.inputs, trainer.scalars.loss]

    settings = [(7, "float64"), (7, "float32"), ("full", "float64")]
    before = [trained(*s) for s in settings]
    monkeypatch.setattr("engine.data.preparation.LARGE_BYTES", 0)
    for kept, made in zip(before, [trained(*s) for s in settings], strict=True):
        for a, b in zip(kept, made, strict=True):
            assert np.array_equal(a, b)


def test_a_trainer_on_large_data_takes_little_beside_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.data.preparation.BLOCK_CELLS", 20_000)
    monkeypatch.setattr("engine.data.preparation.LARGE_BYTES", 100_000)
    inputs = np.random.default_rng(0).normal(size=(20_000, 100))
    data = Dataset.from_arrays(inputs, inputs[:, 0], "regression")
    experiment = Experiment((Layer(4, "tanh"), Layer(1)), batch_size=32, scaling="zscore", learning_rate=0.01)
    tracemalloc.start()
    try:
        Trainer(experiment, data).step()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 0.5 * data.inputs.nbytes


@pytest.mark.parametrize("validation", [0.0, 0.25])
@pytest.mark.parametrize("missing", ["mean", "median"])
def test_columns_are_filled_alike_however_many_rows_and_columns_there_are(
    validation: float, missing: str
) -> None:
    """They are read some rows and columns at a time."""
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(1_300, 19)) * 10.0 ** np.arange(19)
    inputs[rng.random(inputs.shape) < 0.1] = np.nan
    data = Dataset.from_arrays(inputs, rng.random(1_300))
    found = prepared(data, validation=validation, missing=missing)
    known = inputs[found.train_rows]
    expected = np.nanmean(known, axis=0) if missing == "mean" else np.nanmedian(known, axis=0)
    assert np.allclose(found.fill, expected, rtol=1e-12, atol=0.0)
