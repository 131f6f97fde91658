"""Formulas to begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.errors import QT_TRANSLATE_NOOP


@dataclass(frozen=True)
class NetworkNames:
    """A formula read as a network: which of its names are the parameters of which layer.

    Layers are the weight layers, l = 1..L. ``weights[l - 1][i][j]`` leads from unit i of the layer before
    to unit j, ``biases[l - 1][j]`` belongs to unit j; the names themselves count units from 1, as the
    window does: ``w1_21`` is layer 1, from unit 2 to unit 1.
    """

    inputs: tuple[str, ...]
    targets: tuple[str, ...]
    activations: tuple[str, ...]
    loss: str
    weights: tuple[tuple[tuple[str, ...], ...], ...]
    biases: tuple[tuple[str, ...], ...]

    @property
    def units(self) -> tuple[int, ...]:
        """Units of each layer, the inputs first."""
        return (len(self.inputs), *map(len, self.biases))

    def parameters(self, numbers: Mapping[str, float]) -> tuple[list[list[list[float]]], list[list[float]]]:
        """Arrange `numbers`, values or partials by name, as weights (n_in, n_out) and biases (n_out,)."""
        weights = [[[numbers[name] for name in row] for row in layer] for layer in self.weights]
        return weights, [[numbers[name] for name in layer] for layer in self.biases]


@dataclass(frozen=True)
class NetworkRequest:
    """A formula that is to be opened as a network: which name is which parameter, and their values."""

    names: NetworkNames
    values: Mapping[str, float]


@dataclass(frozen=True)
class Preset:
    """A formula with a value for each of its variables.

    `title` is English, marked for translation in the context ``presets``; `network` is set if the formula
    is a network that the main window can open.
    """

    key: str
    title: str
    text: str
    values: Mapping[str, float]
    network: NetworkNames | None = None


_COMPOSITE = """\
u = x^2 + 1
y = sin(u)
"""

_NEURON = """\
z = w0 x0 + w1 x1 + w2
f = 1/(1 + exp(-z))
"""

_SOFTMAX = """\
e1 = exp(z1)
e2 = exp(z2)
e3 = exp(z3)
s = e1 + e2 + e3
p1 = e1/s
p2 = e2/s
p3 = e3/s
L = -(t1 log(p1) + t2 log(p2) + t3 log(p3))
"""

_NETWORK = """\
z1_1 = x1 w1_11 + x2 w1_21 + b1_1
z1_2 = x1 w1_12 + x2 w1_22 + b1_2
a1_1 = sigmoid(z1_1)
a1_2 = sigmoid(z1_2)
z2_1 = a1_1 w2_11 + a1_2 w2_21 + b2_1
a2_1 = sigmoid(z2_1)
L = 1/2 * (a2_1 - t)^2
"""

PRESETS: tuple[Preset, ...] = (
    Preset(
        "composite",
        QT_TRANSLATE_NOOP("presets", "Composite function: y = f(u), u = g(x)"),
        _COMPOSITE,
        MappingProxyType({"x": 1.0}),
    ),
    Preset(
        "neuron",
        QT_TRANSLATE_NOOP("presets", "Sigmoid neuron (CS231n)"),
        _NEURON,
        MappingProxyType({"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0}),
    ),
    Preset(
        "softmax",
        QT_TRANSLATE_NOOP("presets", "Softmax and cross-entropy of three classes"),
        _SOFTMAX,
        MappingProxyType({"z1": 1.0, "z2": 2.0, "z3": 0.5, "t1": 0.0, "t2": 1.0, "t3": 0.0}),
    ),
    Preset(
        "network",
        QT_TRANSLATE_NOOP("presets", "Network 2-2-1, sigmoid, squared error"),
        _NETWORK,
        MappingProxyType(
            {
                "x1": 0.05,
                "x2": 0.10,
                "t": 0.01,
                "w1_11": 0.15,
                "w1_12": 0.25,
                "w1_21": 0.20,
                "w1_22": 0.30,
                "b1_1": 0.35,
                "b1_2": 0.35,
                "w2_11": 0.40,
                "w2_21": 0.45,
                "b2_1": 0.60,
            }
        ),
        NetworkNames(
            inputs=("x1", "x2"),
            targets=("t",),
            activations=("sigmoid", "sigmoid"),
            loss="squared_error",
            weights=((("w1_11", "w1_12"), ("w1_21", "w1_22")), (("w2_11",), ("w2_21",))),
            biases=(("b1_1", "b1_2"), ("b2_1",)),
        ),
    ),
)
