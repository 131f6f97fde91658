"""Examples to start from: an experiment, its data and, where they are given, its parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from engine.arrays import Arrays
from engine.data.builtin import builtin
from engine.data.dataset import Dataset
from engine.errors import QT_TRANSLATE_NOOP
from engine.experiment import Experiment, Layer
from engine.suitable import first_experiment
from gui.training.messages import Start

if TYPE_CHECKING:
    from engine.explain.expression import NetworkRequest


@dataclass(frozen=True, eq=False)
class Preset:
    """An example.

    Attributes
    ----------
    key : str
        What programs call it.
    title, explanation : str
        In English; to be translated in the context ``presets``.
    experiment : Experiment
    dataset : Dataset
    start : Start or None
        What the parameters start from; None leaves them to the initializer and the seed.
    """

    key: str
    title: str
    explanation: str
    experiment: Experiment
    dataset: Dataset
    start: Start | None = None


def _arrays(*arrays: npt.ArrayLike) -> Arrays:
    return tuple(np.array(array, dtype=np.float64) for array in arrays)


def _mazur() -> Preset:
    return Preset(
        "mazur",
        QT_TRANSLATE_NOOP("presets", "Mazur's worked example (2-2-2)"),
        QT_TRANSLATE_NOOP(
            "presets",
            "Matt Mazur's step-by-step example of 2015: one row, two sigmoid layers, "
            "all numbers given; its biases are held.",
        ),
        Experiment((Layer(2, "sigmoid"), Layer(2, "sigmoid")), "squared_error", learning_rate=0.5),
        Dataset.from_arrays(
            [[0.05, 0.10]],
            [[0.01, 0.99]],
            name="Mazur",
            feature_names=("i1", "i2"),
            target_names=("o1", "o2"),
        ),
        Start(
            _arrays([[0.15, 0.25], [0.20, 0.30]], [[0.40, 0.50], [0.45, 0.55]]),
            _arrays([0.35, 0.35], [0.60, 0.60]),
            frozen_biases=((1, 0), (1, 1), (2, 0), (2, 1)),
        ),
    )


def _article() -> Preset:
    # Drawn as the article's listing draws them, in its order.
    numbers = np.random.RandomState(0)
    weights = _arrays(numbers.rand(4, 3), numbers.rand(3, 2))
    return Preset(
        "article",
        QT_TRANSLATE_NOOP("presets", "The article's 4-3-2 network"),
        QT_TRANSLATE_NOOP(
            "presets",
            "Five rows, two sigmoid layers, parameters from 0 to 1. Lesson 8 compares one call of the "
            "article's listing with gradient descent.",
        ),
        first_experiment(),
        builtin("article"),
        Start(weights, _arrays(numbers.rand(3), numbers.rand(2))),
    )


def _nielsen(key: str, title: str, explanation: str, loss: str, rate: float) -> Preset:
    return Preset(
        key,
        title,
        explanation,
        Experiment((Layer(1, "sigmoid"),), loss, learning_rate=rate),
        Dataset.from_arrays([[1.0]], [0], "binary", name="Nielsen", feature_names=("x",)),
        Start(_arrays([[2.0]]), _arrays([2.0])),
    )


def _xor() -> Preset:
    return Preset(
        "xor",
        QT_TRANSLATE_NOOP("presets", "XOR (2-2-1)"),
        QT_TRANSLATE_NOOP(
            "presets",
            "The smallest problem that no single unit solves: two hidden units bend the border. "
            "Other seeds can end in a plateau.",
        ),
        Experiment(
            (Layer(2, "tanh"), Layer(1, "sigmoid")), "binary_cross_entropy", learning_rate=0.5, seed=3
        ),
        builtin("xor"),
    )


def _playground(key: str, title: str, explanation: str, data: str, rate: float, seed: int) -> Preset:
    return Preset(
        key,
        title,
        explanation,
        Experiment(
            (Layer(4, "tanh"), Layer(2, "tanh"), Layer(1, "sigmoid")),
            "binary_cross_entropy",
            learning_rate=rate,
            batch_size=10,
            validation=0.2,
            seed=seed,
        ),
        builtin(data),
    )


def _presets() -> Sequence[Preset]:
    return (
        _mazur(),
        _article(),
        _nielsen(
            "nielsen_squared",
            QT_TRANSLATE_NOOP("presets", "A saturated neuron, squared error"),
            QT_TRANSLATE_NOOP(
                "presets",
                "Nielsen's neuron: input 1, target 0, but it begins near 1, where the sigmoid is flat. "
                "With the squared error it learns slowly at first: f'(z) is a factor of its gradient.",
            ),
            "squared_error",
            0.15,
        ),
        _nielsen(
            "nielsen_cross_entropy",
            QT_TRANSLATE_NOOP("presets", "A saturated neuron, cross-entropy"),
            QT_TRANSLATE_NOOP(
                "presets",
                "The same neuron with the cross-entropy: the flat slope cancels against the loss's own "
                "derivative, so that the gradient is a − t.",
            ),
            "binary_cross_entropy",
            0.005,
        ),
        _xor(),
        _playground(
            "circles",
            QT_TRANSLATE_NOOP("presets", "Circles (2-4-2-1)"),
            QT_TRANSLATE_NOOP(
                "presets",
                "A circle within a circle: four hidden units are enough to close a border around it.",
            ),
            "circles",
            0.1,
            1,
        ),
        _playground(
            "spiral",
            QT_TRANSLATE_NOOP("presets", "Spiral (2-4-2-1)"),
            QT_TRANSLATE_NOOP(
                "presets",
                "Two interleaved arms, too much for so few units: see where it stalls, then add units.",
            ),
            "spiral",
            0.1,
            1,
        ),
    )


PRESETS = {preset.key: preset for preset in _presets()}
"""All examples by their key, in the order in which they are offered."""

FIRST = PRESETS["article"]
"""What a new session begins with."""


def of_formula(request: NetworkRequest) -> tuple[Experiment, Dataset, Start]:
    """The experiment, the one row of data and the parameters that a formula of the lab stands for."""
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
    start = Start(_arrays(*weights), _arrays(*biases))
    return Experiment(layers, names.loss, learning_rate=0.5), dataset, start
