"""Which class is taken for which, with each class's precision and recall."""

from __future__ import annotations

from typing import Literal

import numpy as np

from engine.data.dataset import has_classes, target_classes
from engine.training.backprop import forward
from engine.training.confusion import Confusion
from engine.training.prediction import calm, predicted_classes
from engine.training.trainer import Trainer

Part = Literal["training", "validation"]


def confusion(trainer: Trainer, part: Part = "training") -> Confusion:
    """Count all rows of a part, without dropout, at the moment that is looked at; none of numbers."""
    kind = trainer.dataset.kind
    p = trainer.prepared
    inputs, targets = (
        (p.inputs, p.targets) if part == "training" else (p.validation_inputs, p.validation_targets)
    )
    if not has_classes(kind):
        none = np.empty(0, dtype=np.int64)
        return Confusion.of(none, none, 0, part)
    classes = 2 if kind == "binary" else targets.shape[1]
    with calm():
        _, a = forward(trainer.experiment, trainer.weights, trainer.biases, inputs)
        said = predicted_classes(kind, a[-1], trainer.experiment.loss.threshold)
    return Confusion.of(target_classes(kind, targets), said, classes, part)
