r"""Curvature of the loss: the Hessian times a vector, its largest eigenvalue, and for small nets all of it.

One forward and one backward pass of directional derivatives gives H v exactly, at the cost of a
gradient (Pearlmutter 1994, *Fast exact multiplication by the Hessian*): where x depends on the
parameters, R{x} is its derivative along v, and R{dL/dw} is the product. Gradient descent is stable on a
quadratic while the largest eigenvalue times the learning rate is below 2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.arrays import FloatArray
from engine.errors import ExperimentError
from engine.experiment import Experiment
from engine.functions.activations import SELU, Activation
from engine.functions.losses import Loss
from engine.functions.traced import execute
from engine.training.backprop import Packing

MOST_PARAMETERS = 500
"""Of larger networks the Hessian is not written out."""

STEP = 1e-5
"""Of central differences, which then are right to ten digits where slopes are of the size of 1."""


def _sigmoid(z: FloatArray) -> FloatArray:
    result: FloatArray = 0.5 * (1.0 + np.tanh(0.5 * z))
    return result


def _sigmoid_bend(z: FloatArray) -> FloatArray:
    s = _sigmoid(z)
    result: FloatArray = s * (1 - s) * (1 - 2 * s)
    return result


def _tanh_bend(z: FloatArray) -> FloatArray:
    t = np.tanh(z)
    result: FloatArray = -2 * t * (1 - t * t)
    return result


def _silu_bend(z: FloatArray) -> FloatArray:
    s = _sigmoid(z)
    result: FloatArray = s * (1 - s) * (2 + z * (1 - 2 * s))
    return result


def _gelu_bend(z: FloatArray) -> FloatArray:
    result: FloatArray = (2 - z * z) * np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi)
    return result


def _mish_bend(z: FloatArray) -> FloatArray:
    t, s = np.tanh(np.logaddexp(z, 0.0)), _sigmoid(z)
    slope = s * (1 - t * t)  # of tanh(softplus z)
    bend = slope * (1 - s - 2 * t * s)
    result: FloatArray = 2 * slope + z * bend
    return result


def _elu_bend(alpha: float, z: FloatArray) -> FloatArray:
    result: FloatArray = np.where(z > 0, 0.0, alpha * np.exp(np.minimum(z, 0.0)))
    return result


def _straight(z: FloatArray) -> FloatArray:
    return np.zeros_like(z)


BENDS: dict[str, Callable[[FloatArray], FloatArray]] = {
    "linear": _straight,
    "sigmoid": _sigmoid_bend,
    "tanh": _tanh_bend,
    "relu": _straight,
    "leaky_relu": _straight,
    "selu": lambda z: SELU.scale * _elu_bend(SELU.alpha, z),
    "softplus": lambda z: _sigmoid(z) * (1 - _sigmoid(z)),
    "softsign": lambda z: -2 * np.sign(z) / (1 + np.abs(z)) ** 3,
    "silu": _silu_bend,
    "gelu": _gelu_bend,
    "mish": _mish_bend,
    "hard_sigmoid": _straight,
}
"""f''(z) of the elementwise activations; ELU's depends on its parameter."""


def bend(activation: Activation, z: FloatArray) -> FloatArray:
    """f''(z); at a kink 0. Of an activation that is not in the table, by central differences of its slope."""
    if activation.name == "elu":
        return _elu_bend(float(activation.alpha), z)  # type: ignore[attr-defined]
    if activation.name in BENDS:
        return BENDS[activation.name](z)
    difference = _difference(activation.slope, z)
    for kink in activation.kinks:
        difference = np.where(np.abs(z - kink) <= STEP, 0.0, difference)
    return difference


def _difference(function: Callable[[FloatArray], FloatArray], x: FloatArray) -> FloatArray:
    result: FloatArray = (function(x + STEP) - function(x - STEP)) / (2 * STEP)
    return result


def loss_curvature(loss: Loss, a: FloatArray, t: FloatArray) -> FloatArray:
    """The second derivative of each sample's loss by each output, (B, k); no loss mixes outputs."""
    k = a.shape[-1]
    with np.errstate(all="ignore"):
        if loss.name == "squared_error":
            return np.ones_like(a)
        if loss.name == "mean_squared_error":
            return np.full_like(a, 2.0 / k)
        if loss.name == "huber":
            inside: FloatArray = (np.abs(a - t) < loss.delta) / k  # type: ignore[attr-defined]
            return inside
        if loss.name == "cross_entropy":
            return np.where(t != 0, t / (a * a), 0.0)
        if loss.name == "binary_cross_entropy":
            one, other = np.where(t != 0, t / (a * a), 0.0), np.where(t != 1, (1 - t) / (1 - a) ** 2, 0.0)
            both: FloatArray = (one + other) / k
            return both
        if loss.name in ("mean_absolute_error", "hinge"):
            return np.zeros_like(a)
        return _difference(lambda outputs: loss.gradient(outputs, t), a)


class Curvature:
    """The data loss around given parameters, over given rows, without dropout.

    Parameters
    ----------
    experiment : Experiment
    weights, biases : L arrays (n_{l-1}, n_l), (n_l,)
    inputs, targets : (B, n_0), (B, k)

    Attributes
    ----------
    packing : Packing
        How the parameters lie in a flat vector: layer after layer, the bias in each block's last row.
    delta : L arrays (B, n_l)
        dL/dz with the reduction over the rows included.
    gradient : (n,)
    """

    def __init__(
        self,
        experiment: Experiment,
        weights: Sequence[FloatArray],
        biases: Sequence[FloatArray],
        inputs: FloatArray,
        targets: FloatArray,
    ) -> None:
        self.experiment, self.targets = experiment, np.asarray(targets, dtype=np.float64)
        self.weights = [np.asarray(w, dtype=np.float64) for w in weights]
        self.packing = Packing((inputs.shape[1], *(w.shape[1] for w in self.weights)))
        scale = 1.0 / len(inputs) if experiment.reduction == "mean" else 1.0
        self._scale = scale
        self.a: list[FloatArray] = [np.asarray(inputs, dtype=np.float64)]
        self.z: list[FloatArray] = []
        self.delta: list[FloatArray] = []
        with np.errstate(all="ignore"):
            for layer, w, b in zip(experiment.layers, self.weights, biases, strict=True):
                self.z.append(self.a[-1] @ w + b)
                self.a.append(layer.activation.value(self.z[-1]))
            self.slopes = [
                layer.activation.slope(z, a) if layer.activation.elementwise else None
                for layer, z, a in zip(experiment.layers, self.z, self.a[1:], strict=True)
            ]
            self._backward()
            self.gradient = self._flat(
                [a.T @ d for a, d in zip(self.a, self.delta, strict=False)],
                [d.sum(axis=0) for d in self.delta],
            )

    @property
    def natural(self) -> bool:
        """Whether dL/dz of the output comes from the loss and the activation together."""
        return self.experiment.loss.natural == self.experiment.layers[-1].activation.name

    def _backward(self) -> None:
        layers, a, t = self.experiment.layers, self.a[-1], self.targets
        if self.natural:
            out = np.empty_like(a)
            loss, z = self.experiment.loss, self.z[-1]
            execute(loss.natural_deltas(z, a, t, loss.prepare(t, self._scale), out))
            self._upstream: list[FloatArray] = [out]
            self.delta = [out]
        else:
            upstream = self._scale * self.experiment.loss.gradient(a, t)
            self._upstream = [upstream]
            self.delta = [layers[-1].activation.vjp(self.z[-1], a, upstream)]
        for index in range(len(layers) - 1, 0, -1):
            upstream = self.delta[0] @ self.weights[index].T
            self._upstream.insert(0, upstream)
            below = layers[index - 1].activation.vjp(self.z[index - 1], self.a[index], upstream)
            self.delta.insert(0, below)

    def _flat(self, weights: Sequence[FloatArray], biases: Sequence[FloatArray]) -> FloatArray:
        pairs = zip(weights, biases, strict=True)
        return np.concatenate([np.concatenate([w, b[None]]).ravel() for w, b in pairs])

    def times(self, vector: FloatArray) -> FloatArray:
        """The Hessian times a vector, (n,)."""
        with np.errstate(all="ignore"):
            return self._times(vector)

    def _times(self, vector: FloatArray) -> FloatArray:
        v_weights, v_biases = self.packing.split(np.asarray(vector, dtype=np.float64))
        layers = self.experiment.layers
        r_a: list[FloatArray] = [np.zeros_like(self.a[0])]
        r_z: list[FloatArray] = []
        for index in range(len(layers)):
            rz = r_a[-1] @ self.weights[index] + self.a[index] @ v_weights[index] + v_biases[index]
            r_z.append(rz)
            r_a.append(self._r_activation(index, rz))
        last = len(layers) - 1
        if self.natural:
            r_delta = r_a[-1] * (self._scale / self.experiment.loss.matched_parts(self.targets.shape[1]))
        else:
            second = loss_curvature(self.experiment.loss, self.a[-1], self.targets)
            r_delta = self._r_through(last, r_z[last], r_a[-1], self._scale * second * r_a[-1])
        r_weights: list[FloatArray] = []
        r_biases: list[FloatArray] = []
        for index in range(last, -1, -1):
            r_weights.insert(0, r_a[index].T @ self.delta[index] + self.a[index].T @ r_delta)
            r_biases.insert(0, r_delta.sum(axis=0))
            if index:
                r_up = r_delta @ self.weights[index].T + self.delta[index] @ v_weights[index].T
                r_delta = self._r_through(index - 1, r_z[index - 1], r_a[index], r_up)
        return self._flat(r_weights, r_biases)

    def _r_activation(self, index: int, r_z: FloatArray) -> FloatArray:
        slope = self.slopes[index]
        if slope is not None:
            own: FloatArray = slope * r_z
            return own
        a = self.a[index + 1]  # softmax
        mixed: FloatArray = a * (r_z - (a * r_z).sum(axis=-1, keepdims=True))
        return mixed

    def _r_through(self, index: int, r_z: FloatArray, r_a: FloatArray, r_up: FloatArray) -> FloatArray:
        """R{dL/dz} of a layer from R{dL/da}."""
        slope, up = self.slopes[index], self._upstream[index]
        if slope is not None:
            curved = bend(self.experiment.layers[index].activation, self.z[index])
            own: FloatArray = r_up * slope + up * curved * r_z
            return own
        a = self.a[index + 1]
        inner = (up * a).sum(axis=-1, keepdims=True)
        r_inner = (r_up * a + up * r_a).sum(axis=-1, keepdims=True)
        mixed: FloatArray = r_a * (up - inner) + a * (r_up - r_inner)
        return mixed

    def largest(self, iterations: int = 20) -> tuple[float, FloatArray]:
        """The eigenvalue of largest size and its direction, by power iteration from the gradient.

        Returns
        -------
        value : float
            Nan where a number is not finite.
        direction : (n,)
            Of length 1.
        """
        with np.errstate(all="ignore"):
            return self._largest(iterations)

    def sharpness(self, iterations: int = 20) -> float:
        """The largest eigenvalue, λ_max: at a saddle that of largest size may be a negative one."""
        value, _ = self.largest(iterations)
        if not value < 0:
            return value
        with np.errstate(all="ignore"):  # moved up by so much, none is negative
            return self._largest(2 * iterations, -value)[0] + value

    def _largest(self, iterations: int, shift: float = 0.0) -> tuple[float, FloatArray]:
        start = self.gradient + 1e-3 * _norm(self.gradient) * np.cos(np.arange(self.packing.size))
        length = _norm(start)
        direction = start / length if length > 0 and np.isfinite(length) else _ones(self.packing.size)
        value = 0.0
        for _ in range(iterations):
            product = self.times(direction) + shift * direction
            value = float(direction @ product)
            length = _norm(product)
            if not np.isfinite(length):
                return float("nan"), direction
            if length == 0:
                break
            direction = product / length
        return value, direction

    def hessian(self) -> FloatArray:
        """All of the Hessian, (n, n).

        Raises
        ------
        ExperimentError
            ``out_of_range`` for a network of 500 parameters or more.
        """
        n = self.packing.size
        if n >= MOST_PARAMETERS:
            raise ExperimentError(
                "out_of_range", field="layers", value=n, allowed=f"less than {MOST_PARAMETERS}"
            )
        rows = np.stack([self.times(unit) for unit in np.eye(n)])
        result: FloatArray = 0.5 * (rows + rows.T)
        return result


def _norm(vector: FloatArray) -> float:
    return float(np.sqrt(vector @ vector))


def _ones(size: int) -> FloatArray:
    return np.full(size, 1.0 / np.sqrt(size))
