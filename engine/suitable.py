"""An experiment to begin with, and one that suits the data it is to be trained on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.data.dataset import Dataset
from engine.data.preparation import FAR_OUT, SPLITS, prepare, target_excess
from engine.experiment import Experiment, Layer
from engine.functions import LOSSES
from engine.functions.initializers import Uniform

FEW_ROWS = 20
"""A smaller data set is trained on whole: what could be held out of it would tell nothing."""


def first_experiment() -> Experiment:
    """The experiment of the first launch: the founding article's 4-3-2 network."""
    return Experiment(
        layers=(Layer(3, "sigmoid"), Layer(2, "sigmoid")),
        loss="squared_error",
        optimizer="sgd",
        learning_rate=0.5,
        initializer=Uniform(0.0, 1.0),
        batch_size="full",
        reduction="sum",
    )


def practical_experiment() -> Experiment:
    """The experiment that real data begin with, before they are fitted to it (`suited`)."""
    return Experiment(
        layers=(Layer(5, "tanh"), Layer(4, "tanh"), Layer(1)),
        loss="squared_error",
        learning_rate=0.1,
        batch_size=10,
    )


def suited(experiment: Experiment, dataset: Dataset) -> Experiment:
    """`experiment` with an output layer, a loss and a preparation that fit `dataset`.

    Hidden layers and all other settings stay. What is held out and scaled stays too if anything was,
    unless there are too few rows; a larger data set has a fifth held out and its features scaled. A column
    that says which rows are held out, and nothing else, is taken at its word. Targets
    are scaled where they are far from what a network gives, such as salaries.
    """
    outputs = dataset.targets.shape[1]
    if dataset.kind == "multiclass":
        output, loss = Layer(outputs, "softmax"), LOSSES["cross_entropy"]()
    elif dataset.kind in ("binary", "multilabel"):
        output, loss = Layer(outputs, "sigmoid"), LOSSES["binary_cross_entropy"]()
    else:
        fits = "regression" in experiment.loss.kinds
        output, loss = Layer(outputs), experiment.loss if fits else LOSSES["mean_squared_error"]()
    if len(dataset.inputs) < FEW_ROWS:
        validation, scaling = 0.0, experiment.scaling
    else:
        validation = experiment.validation or 0.2
        scaling = "zscore" if experiment.scaling == "none" else experiment.scaling
    split = experiment.split if experiment.split in (*SPLITS, *dataset.split_columns) else "stratified"
    if dataset.own_split and split in SPLITS:
        # Whoever made the file has held these rows out, also of few.
        split, validation = dataset.own_split, validation or experiment.validation or 0.2
    return experiment.changed(
        layers=(*experiment.layers[:-1], output),
        loss=loss,
        validation=validation,
        scaling=scaling,
        target_scaling=_target_scaling(experiment, dataset),
        split=split,
    )


def _target_scaling(experiment: Experiment, dataset: Dataset) -> str:
    """How targets are scaled: not at all unless they are numbers far out, then as it was asked for."""
    if dataset.kind != "regression":
        return "none"
    with np.errstate(all="ignore"):  # squares of huge targets overflow, and are far out all the more
        mean, deviation = dataset.targets.mean(axis=0), dataset.targets.std(axis=0)
    excess = target_excess(mean, deviation)
    if not (excess[deviation > 0.0] > FAR_OUT).any():
        return "none"
    return "zscore" if experiment.target_scaling == "none" else experiment.target_scaling


def fitting_batch(rows: int) -> int:
    """A batch size to begin with: larger for many rows, so that an epoch ends in a while."""
    return 10 if rows < 2_000 else 32 if rows < 50_000 else 128


def training_rows(experiment: Experiment, dataset: Dataset) -> int:
    """How many rows of `dataset` the experiment trains on.

    Raises
    ------
    ExperimentError
        ``no_training_rows``, or ``unknown_name`` for a split by a column that is not there.
    """
    # Only the count is wanted, which depends on where cells are missing, but not on the features.
    incomplete = np.where(np.isnan(dataset.inputs).any(axis=1, keepdims=True), np.nan, 0.0)
    rows = replace(dataset, inputs=incomplete, feature_names=("row",), groups=())
    return len(
        prepare(
            rows,
            validation=experiment.validation,
            split=experiment.split,
            missing=experiment.missing,
            scaling="none",
            seed=experiment.seed,
        ).train_rows
    )
