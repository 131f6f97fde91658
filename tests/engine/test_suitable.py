"""Experiments that suit their data."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine import Dataset, Experiment, Layer
from engine.data.preparation import prepare
from engine.errors import ExperimentError
from engine.suitable import suited, training_rows


@given(
    rows=st.integers(2, 60),
    kind=st.sampled_from(["regression", "binary", "multiclass"]),
    validation=st.floats(0.0, 0.9),
    split=st.sampled_from(["stratified", "random", "order"]),
    missing=st.sampled_from(["mean", "drop"]),
    seed=st.integers(0, 1000),
)
def test_training_rows_are_those_of_the_preparation(
    rows: int, kind: str, validation: float, split: str, missing: str, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    inputs = generator.normal(size=(rows, 3))
    inputs[generator.random(inputs.shape) < 0.1] = np.nan
    labels: Callable[[], object] = {
        "regression": lambda: generator.normal(size=rows),
        "binary": lambda: generator.integers(0, 2, rows),
        "multiclass": lambda: np.eye(3)[generator.integers(0, 3, rows)],
    }[kind]
    data = Dataset.from_arrays(inputs, labels(), kind)  # type: ignore[arg-type]
    experiment = suited(Experiment(layers=(Layer(1),)), Dataset.from_arrays(np.ones((2, 1)), [0.0, 1.0]))
    experiment = experiment.changed(validation=validation, split=split, missing=missing, seed=seed)

    def count(function: Callable[[], int]) -> int | str:
        try:
            return function()
        except ExperimentError as error:
            return error.kind

    expected = count(
        lambda: len(
            prepare(
                data, validation=validation, split=split, missing=missing, scaling="zscore", seed=seed
            ).inputs
        )
    )
    assert count(lambda: training_rows(experiment, data)) == expected
