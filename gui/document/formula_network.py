"""A formula of the expression lab as a network: the same numbers, in the main graph."""

from __future__ import annotations

import numpy as np

from engine.data.dataset import Dataset
from engine.experiment import Experiment, Layer
from gui.lab import NetworkRequest
from gui.training.messages import Start


def problem(request: NetworkRequest) -> tuple[Experiment, Dataset, Start]:
    """The experiment, the one row of data and the parameters that a formula stands for."""
    names, values = request.names, request.values
    layers = tuple(
        Layer(units, activation) for units, activation in zip(names.units[1:], names.activations, strict=True)
    )
    dataset = Dataset.from_arrays(
        [[values[name] for name in names.inputs]],
        [[values[name] for name in names.targets]],
        name="expression",
        feature_names=names.inputs,
        target_names=names.targets,
    )
    weights, biases = names.parameters(values)
    start = Start(
        tuple(np.array(layer, dtype=np.float64) for layer in weights),
        tuple(np.array(layer, dtype=np.float64) for layer in biases),
    )
    return Experiment(layers, names.loss, learning_rate=0.5), dataset, start
