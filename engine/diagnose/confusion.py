"""Which class is taken for which, with each class's precision and recall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.arrays import FloatArray, IntArray, seal
from engine.data.dataset import target_classes
from engine.training.backprop import forward
from engine.training.prediction import calm, predicted_classes
from engine.training.trainer import Trainer

Part = Literal["training", "validation"]


@dataclass(frozen=True, eq=False)
class Confusion:
    """Rows by their true class and by the class that the network says.

    Attributes
    ----------
    part : str
        "training" or "validation": whose rows.
    counts : (k, k) int
        True class by said class.
    precision : (k,)
        Of the rows said to be of a class, the share that are; NaN where none is.
    recall : (k,)
        Of the rows of a class, the share said to be; NaN where there is none.
    """

    part: Part
    counts: IntArray
    precision: FloatArray
    recall: FloatArray

    def __post_init__(self) -> None:
        seal(self)

    @property
    def accuracy(self) -> float:
        """The share of right rows; NaN without rows."""
        return float(np.trace(self.counts) / max(1, self.counts.sum())) if self.counts.any() else float("nan")


def confusion(trainer: Trainer, part: Part = "training") -> Confusion:
    """Count all rows of a part, without dropout, at the moment that is looked at; none of numbers."""
    kind = trainer.dataset.kind
    p = trainer.prepared
    inputs, targets = (
        (p.inputs, p.targets) if part == "training" else (p.validation_inputs, p.validation_targets)
    )
    if kind == "regression":
        none = np.empty(0)
        return Confusion(part, np.empty((0, 0), dtype=np.int64), none, none)
    classes = 2 if kind == "binary" else targets.shape[1]
    with calm():
        _, a = forward(trainer.experiment, trainer.weights, trainer.biases, inputs)
        said = predicted_classes(kind, a[-1], trainer.experiment.loss.threshold)
    true = target_classes(kind, targets)
    counts = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(counts, (true, said), 1)
    right = np.diag(counts).astype(np.float64)
    with np.errstate(all="ignore"):
        return Confusion(part, counts, right / counts.sum(axis=0), right / counts.sum(axis=1))
