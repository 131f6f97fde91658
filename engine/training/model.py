"""A network as it is at one moment, for rows of whatever origin: what it predicts, and how well."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from engine.arrays import Arrays, BoolArray, FloatArray, IntArray, seal
from engine.data.dataset import Dataset, target_classes
from engine.data.new_rows import NewRows, read_rows, rows_of
from engine.data.options import ReadOptions
from engine.data.preparation import Prepared
from engine.experiment import Experiment
from engine.training.confusion import Confusion
from engine.training.prediction import Prediction, predict


@dataclass(frozen=True, eq=False)
class Predictions(Prediction):
    """What a network makes of rows, at one moment; arrays are read-only.

    Beside what a `Prediction` has: ``outputs`` are in the target's own unit, ``losses`` are NaN and
    ``right`` is False where a row has no target.

    Attributes
    ----------
    model : Model
    rows : NewRows
    known : (m,) bool
        Which rows have a target.
    """

    model: Model
    rows: NewRows
    known: BoolArray

    @property
    def step(self) -> int:
        """After how many steps this is what the network makes of them."""
        return self.model.step

    @property
    def class_names(self) -> tuple[str, ...]:
        """Empty for regression."""
        return self.model.dataset.class_names

    @property
    def labels(self) -> tuple[str, ...] | None:
        """The name of each row's predicted class; None for regression and for several labels."""
        if self.classes is None:
            return None
        return tuple(map(self.class_names.__getitem__, self.classes.tolist()))

    @cached_property
    def probabilities(self) -> FloatArray | None:
        """Of each class or label, (m, k); None where outputs are none, as those of regression or hinge."""
        last, kind = self.model.experiment.layers[-1].activation.name, self.model.dataset.kind
        if kind == "regression" or last not in ("sigmoid", "softmax"):
            return None
        if kind == "binary":
            return np.column_stack([1.0 - self.outputs[:, 0], self.outputs[:, 0]])
        return self.outputs

    # -- how well ----------------------------------------------------------------------------------

    @property
    def loss(self) -> float:
        """The mean loss of the rows that have targets, as the network is taught; NaN without any."""
        if self.losses is None or not self.known.any():
            return float("nan")
        return float(np.mean(self.losses[self.known]))

    @cached_property
    def confusion(self) -> Confusion | None:
        """Which class is taken for which, of the rows that have targets; None without, or for numbers."""
        if self.classes is None or self.rows.targets is None or not self.known.any():
            return None
        true = target_classes(self.model.dataset.kind, self.rows.targets[self.known])
        return Confusion.of(true, self.classes[self.known], len(self.class_names))

    @cached_property
    def errors(self) -> FloatArray | None:
        """Prediction less target of each output, (m, k), in the target's own unit; of regression alone."""
        if self.model.dataset.kind != "regression" or self.rows.targets is None:
            return None
        return self.outputs - self.rows.targets

    @cached_property
    def said_labels(self) -> BoolArray | None:
        """Which labels each row is said to have, (m, k); None unless rows have several."""
        if self.model.dataset.kind != "multilabel":
            return None
        return np.asarray(self.outputs >= self.model.experiment.loss.threshold)

    @cached_property
    def f1(self) -> FloatArray | None:
        """Of each label the harmonic mean of precision and recall, (k,); NaN where there is nothing of it."""
        if self.said_labels is None or self.rows.targets is None or not self.known.any():
            return None
        said, true = self.said_labels[self.known], self.rows.targets[self.known] > 0.5
        with np.errstate(all="ignore"):
            return np.asarray(2.0 * (said & true).sum(axis=0) / (said.sum(axis=0) + true.sum(axis=0)))

    @property
    def accuracy(self) -> float | None:
        """The share of rows whose class, or all of whose labels are predicted; None for regression."""
        if self.right is None or not self.known.any():
            return None
        return float(self.right[self.known].mean())

    @cached_property
    def mae(self) -> FloatArray | None:
        """The mean absolute error of each output, (k,), in the target's own unit."""
        if self.errors is None or not self.known.any():
            return None
        return np.asarray(np.abs(self.errors[self.known]).mean(axis=0))

    @cached_property
    def r2(self) -> FloatArray | None:
        """R2 of each output against the variance of these rows' targets, (k,); NaN where they are equal."""
        if self.errors is None or self.rows.targets is None or not self.known.any():
            return None
        targets = self.rows.targets[self.known]
        with np.errstate(all="ignore"):
            unexplained = np.square(self.errors[self.known]).mean(axis=0)
            spread = np.square(targets - targets.mean(axis=0)).mean(axis=0)
            return np.asarray(np.where(spread > 0.0, 1.0 - unexplained / spread, np.nan))

    def worst(self, count: int = 10) -> IntArray:
        """The rows with the largest losses, from 0, the worst first; those without a target are left out."""
        if self.losses is None:
            return np.empty(0, dtype=np.int64)
        rows = np.flatnonzero(self.known)
        return rows[np.argsort(-self.losses[rows], kind="stable")[:count]]


@dataclass(frozen=True, eq=False, repr=False)
class Model:
    """A network at one moment, with all that it takes to predict; it changes no more.

    Attributes
    ----------
    experiment : Experiment
    dataset : Dataset
        What it was trained on: what columns it takes and what its outputs stand for.
    prepared : Prepared
        How rows are filled and scaled.
    weights, biases : L arrays (n_{l-1}, n_l), (n_l,)
    step : int
        After how many steps.
    """

    experiment: Experiment
    dataset: Dataset
    prepared: Prepared
    weights: Arrays
    biases: Arrays
    step: int

    def __post_init__(self) -> None:
        seal(self)

    def __repr__(self) -> str:
        sizes = "-".join(map(str, (self.weights[0].shape[0], *(len(b) for b in self.biases))))
        return f"Model({sizes} trained on {self.dataset.name!r}, step {self.step})"

    def _repr_html_(self) -> str:
        from engine.notebook import network_svg, page

        sizes = [self.weights[0].shape[0], *(len(b) for b in self.biases)]
        return page(repr(self), network_svg(sizes, self.weights))

    def predict(
        self,
        rows: Any,
        targets: Any = None,
        *,
        options: ReadOptions | None = None,
        progress: Callable[[float], object] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Predictions:
        """Predict rows that training need not have seen.

        Parameters
        ----------
        rows : path, (m, d) array, data frame, or sequence of mappings
            Of a file, a frame and mappings the columns are found by their names; an array is like
            `Dataset.inputs`: encoded and unscaled, NaN where a cell is missing. `NewRows` are taken as
            they are.
        targets : (m, k), optional
            Like `Dataset.targets`, where rows do not bring theirs.
        options : ReadOptions, optional
            How a file is to be read.
        progress, cancelled : callable, optional
            While a file is read.

        Raises
        ------
        DatasetError
            ``missing_columns``, ``bad_number``, ``array_shape`` and whatever keeps a file from being read.
        """
        if isinstance(rows, str | os.PathLike | bytes):
            found = read_rows(rows, self.dataset, options=options, progress=progress, cancelled=cancelled)
        else:
            found = rows if isinstance(rows, NewRows) else rows_of(rows, self.dataset)
        if targets is not None:
            found = found.with_targets(targets, self.dataset.targets.shape[1])
        known: BoolArray = np.zeros(len(found), dtype=np.bool_)
        if found.targets is not None:
            known = np.logical_not(np.isnan(found.targets).any(axis=1))
        made = predict(
            self.experiment,
            self.prepared,
            self.weights,
            self.biases,
            self.dataset.kind,
            found.inputs,
            found.targets,
        )
        values = vars(made)
        if made.right is not None:
            values = {**values, "right": made.right & known}
        return Predictions(**values, model=self, rows=found, known=known)
