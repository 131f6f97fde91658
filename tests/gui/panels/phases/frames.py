"""Frames of a small network, one to each set of settings."""

from __future__ import annotations

import numpy as np

from engine import Dataset, Experiment, Layer, Scalars, Trainer
from engine.phases import Phase
from gui.training.messages import Frame, Status

CLASSES = ("setosa", "versicolor", "virginica")


def make_frame(phase: Phase | None = None, *, steps: int = 3, **settings: object) -> Frame:
    """A frame of a 4-5-4-3 network that learns three classes."""
    random = np.random.default_rng(5)
    dataset = Dataset.from_arrays(
        random.normal(size=(20, 4)), np.arange(20) % 3, "multiclass", class_names=CLASSES
    )
    layers = settings.pop("layers", (Layer(5, "tanh"), Layer(4, "sigmoid"), Layer(3, "softmax")))
    chosen = {"loss": "cross_entropy", "batch_size": 6, "seed": 3, "learning_rate": 0.5, **settings}
    experiment = Experiment(layers, **chosen)  # type: ignore[arg-type]
    trainer = Trainer(experiment, dataset)
    record = [trainer.step() for _ in range(steps)][-1]
    return Frame(0, dataset, record, phase, Scalars.empty(len(experiment.layers)), False, Status.PAUSED)
