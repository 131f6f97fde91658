"""The same training step written with other libraries, for `bench_engine.py` to race against.

A peer is made from a `Case` and has `run(order, steps)`, which trains on the mini-batches whose rows
`order` gives, in turn, and `parameters()`, its weights and biases in the engine's shape. Each gathers
its mini-batch and records its loss at every step, and the norm of every layer's gradient where its
description does not say otherwise.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.arrays import FloatArray
from engine.training.backprop import Packing

C_SOURCE = r"""
#include <math.h>
enum { TANH, RELU, SIGMOID, SOFTMAX };
static void activate(int kind, int n, double *a) {
    double most = a[0], sum = 0.0;
    if (kind == TANH) for (int j = 0; j < n; j++) a[j] = tanh(a[j]);
    else if (kind == RELU) for (int j = 0; j < n; j++) a[j] = a[j] > 0.0 ? a[j] : 0.0;
    else if (kind == SIGMOID) for (int j = 0; j < n; j++) a[j] = 1.0 / (1.0 + exp(-a[j]));
    else {
        for (int j = 1; j < n; j++) if (a[j] > most) most = a[j];
        for (int j = 0; j < n; j++) sum += a[j] = exp(a[j] - most);
        for (int j = 0; j < n; j++) a[j] /= sum;
    }
}
static double slope(int kind, double a) {
    return kind == TANH ? 1.0 - a * a : kind == RELU ? (a > 0.0) : a * (1.0 - a);
}
/* w: of each layer (n_in, n_out) and behind it the bias; a and d: room for the units of all layers */
void train(int layers, const int *n, int batch, const double *x, const double *t, const long *order,
           int orders, int steps, double rate, int hidden, int output, int squared,
           double *w, double *g, double *a, double *d, double *losses, double *norms) {
    int size = 0, units = 0;
    for (int l = 0; l < layers; l++) { size += (n[l] + 1) * n[l + 1]; units += n[l]; }
    for (int s = 0; s < steps; s++) {
        double loss = 0.0;
        for (int i = 0; i < size; i++) g[i] = 0.0;
        for (int b = 0; b < batch; b++) {
            long row = order[(long)(s % orders) * batch + b];
            const double *target = t + row * n[layers];
            double *p = w, *below = a;
            for (int i = 0; i < n[0]; i++) a[i] = x[row * n[0] + i];
            for (int l = 0; l < layers; l++) {
                double *above = below + n[l];
                for (int j = 0; j < n[l + 1]; j++) above[j] = p[n[l] * n[l + 1] + j];
                for (int i = 0; i < n[l]; i++)
                    for (int j = 0; j < n[l + 1]; j++) above[j] += below[i] * p[i * n[l + 1] + j];
                activate(l + 1 < layers ? hidden : output, n[l + 1], above);
                p += (n[l] + 1) * n[l + 1];
                below = above;
            }
            double *delta = d + units;
            for (int j = 0; j < n[layers]; j++) {
                double e = below[j] - target[j];
                delta[j] = (squared ? e * slope(output, below[j]) : e) / batch;
                if (squared) loss += 0.5 * e * e;
                else if (output == SOFTMAX) loss -= target[j] > 0.5 ? log(below[j]) : 0.0;
                else loss -= target[j] > 0.5 ? log(below[j]) : log(1.0 - below[j]);
            }
            double *q = g + size;
            for (int l = layers - 1; l >= 0; l--) {
                double *lower = delta - n[l];
                p -= (n[l] + 1) * n[l + 1];
                q -= (n[l] + 1) * n[l + 1];
                below -= n[l];
                for (int i = 0; i < n[l]; i++) {
                    double sum = 0.0;
                    for (int j = 0; j < n[l + 1]; j++) {
                        q[i * n[l + 1] + j] += below[i] * delta[j];
                        sum += p[i * n[l + 1] + j] * delta[j];
                    }
                    if (l) lower[i] = sum * slope(hidden, below[i]);
                }
                for (int j = 0; j < n[l + 1]; j++) q[n[l] * n[l + 1] + j] += delta[j];
                delta = lower;
            }
        }
        losses[s] = loss / batch;
        double *q = g;
        for (int l = 0; l < layers; l++) {
            double sum = 0.0;
            int count = (n[l] + 1) * n[l + 1];
            for (int i = 0; i < count; i++) sum += q[i] * q[i];
            norms[s * layers + l] = sqrt(sum);
            q += count;
        }
        for (int i = 0; i < size; i++) w[i] -= rate * g[i];
    }
}
"""

Order = Sequence[npt.NDArray[np.int64] | slice]
Parameters = tuple[list[FloatArray], list[FloatArray]]


@dataclass(frozen=True)
class Case:
    """One network, its data and how it is trained."""

    title: str
    sizes: tuple[int, ...]
    batch: int
    hidden: str
    output: str
    loss: str
    rate: float
    inputs: FloatArray
    targets: FloatArray
    kind: str
    weights: list[FloatArray]
    biases: list[FloatArray]


def _tensors(torch: Any, order: Order) -> list[Any]:
    return [rows if isinstance(rows, slice) else torch.from_numpy(rows.copy()) for rows in order]


class PlainNumPy:
    """A class with a list of layers and a method for each pass, as one writes it the first time."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.weights = [w.copy() for w in case.weights]
        self.biases = [b.copy() for b in case.biases]
        self.losses: list[float] = []
        self.norms: list[list[float]] = []

    def activate(self, z: FloatArray, kind: str) -> FloatArray:
        if kind == "tanh":
            return np.tanh(z)
        if kind == "relu":
            return np.maximum(z, 0.0)
        if kind == "sigmoid":
            return 1.0 / (1.0 + np.exp(-z))
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def slope(self, z: FloatArray, a: FloatArray, kind: str) -> FloatArray:
        if kind == "tanh":
            return 1.0 - a**2
        if kind == "relu":
            return (z > 0).astype(float)
        return a * (1.0 - a)

    def forward(self, x: FloatArray) -> tuple[list[FloatArray], list[FloatArray]]:
        zs, activations = [], [x]
        last = len(self.weights) - 1
        for index, (w, b) in enumerate(zip(self.weights, self.biases, strict=True)):
            zs.append(activations[-1] @ w + b)
            kind = self.case.output if index == last else self.case.hidden
            activations.append(self.activate(zs[-1], kind))
        return zs, activations

    def loss(self, a: FloatArray, t: FloatArray) -> float:
        if self.case.loss == "squared_error":
            return float(0.5 * ((a - t) ** 2).sum(axis=1).mean())
        if self.case.loss == "binary_cross_entropy":
            return float(-(t * np.log(a) + (1 - t) * np.log(1 - a)).mean())
        return float(-np.log((a * t).sum(axis=1)).mean())

    def backward(
        self, zs: list[FloatArray], activations: list[FloatArray], t: FloatArray
    ) -> list[tuple[FloatArray, FloatArray]]:
        delta = (activations[-1] - t) / len(t)
        if self.case.loss == "squared_error":
            delta = delta * self.slope(zs[-1], activations[-1], self.case.output)
        gradients = []
        for index in range(len(self.weights) - 1, -1, -1):
            gradients.append((activations[index].T @ delta, delta.sum(axis=0)))
            if index:
                delta = (delta @ self.weights[index].T) * self.slope(
                    zs[index - 1], activations[index], self.case.hidden
                )
        return gradients[::-1]

    def step(self, x: FloatArray, t: FloatArray) -> None:
        zs, activations = self.forward(x)
        self.losses.append(self.loss(activations[-1], t))
        gradients = self.backward(zs, activations, t)
        self.norms.append([float(np.sqrt((w**2).sum() + (b**2).sum())) for w, b in gradients])
        for index, (w, b) in enumerate(gradients):
            self.weights[index] -= self.case.rate * w
            self.biases[index] -= self.case.rate * b

    def run(self, order: Order, steps: int) -> None:
        self.losses, self.norms = [], []
        for rows in islice(cycle(order), steps):
            self.step(self.case.inputs[rows], self.case.targets[rows])

    def parameters(self) -> Parameters:
        return self.weights, self.biases


class TorchEager:
    """`nn.Sequential` and `optim.SGD`, as PyTorch's tutorials have it."""

    def __init__(self, case: Case, norms: bool = True) -> None:
        import torch
        from torch import nn

        torch.set_num_threads(1)
        torch.set_default_dtype(torch.float64)
        self.torch, self.case, self.with_norms = torch, case, norms
        kinds = {"tanh": nn.Tanh, "relu": nn.ReLU, "sigmoid": nn.Sigmoid}
        modules: list[Any] = []
        self.linears: list[Any] = []
        last = len(case.sizes) - 2
        for index, (w, b) in enumerate(zip(case.weights, case.biases, strict=True)):
            linear = nn.Linear(*w.shape)
            with torch.no_grad():
                linear.weight.copy_(torch.from_numpy(w.T))
                linear.bias.copy_(torch.from_numpy(b))
            self.linears.append(linear)
            modules.append(linear)
            if index < last:
                modules.append(kinds[case.hidden]())
            elif case.loss == "squared_error":
                modules.append(kinds[case.output]())
        self.net = nn.Sequential(*modules)
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=case.rate)
        self.mse = nn.MSELoss(reduction="sum")
        self.bce, self.ce = nn.BCEWithLogitsLoss(), nn.CrossEntropyLoss()
        self.inputs, self.targets = torch.from_numpy(case.inputs), torch.from_numpy(case.targets)
        if case.loss == "cross_entropy":  # class numbers are faster than one-hot targets
            self.targets = self.targets.argmax(dim=1)
        self.losses: list[float] = []
        self.norms: list[list[float]] = []

    def loss(self, out: Any, t: Any) -> Any:
        if self.case.loss == "squared_error":
            return self.mse(out, t) * (0.5 / len(t))
        if self.case.loss == "binary_cross_entropy":
            return self.bce(out, t)
        return self.ce(out, t)

    def run(self, order: Order, steps: int) -> None:
        torch = self.torch
        self.losses, self.norms = [], []
        for rows in islice(cycle(_tensors(torch, order)), steps):
            x, t = self.inputs[rows], self.targets[rows]
            self.optimizer.zero_grad()
            loss = self.loss(self.net(x), t)
            loss.backward()
            self.optimizer.step()
            self.losses.append(loss.item())
            if self.with_norms:
                self.norms.append(
                    [torch.hypot(m.weight.grad.norm(), m.bias.grad.norm()).item() for m in self.linears]
                )

    def parameters(self) -> Parameters:
        weights = [m.weight.detach().numpy().T.copy() for m in self.linears]
        return weights, [m.bias.detach().numpy().copy() for m in self.linears]


class TorchByHand:
    """PyTorch's kernels without autograd, each writing into an array made beforehand; loss only."""

    def __init__(self, case: Case) -> None:
        import torch

        torch.set_num_threads(1)
        torch.set_default_dtype(torch.float64)
        self.torch, self.case = torch, case
        self.weights = [torch.from_numpy(w.copy()) for w in case.weights]
        self.biases = [torch.from_numpy(b.copy()) for b in case.biases]
        self.a = [torch.empty(case.batch, n) for n in case.sizes[1:]]
        self.delta = [torch.empty(case.batch, n) for n in case.sizes[1:]]
        self.slopes = [torch.empty(case.batch, n) for n in case.sizes[1:]]
        self.weight_grads = [torch.empty_like(w) for w in self.weights]
        self.bias_grads = [torch.empty_like(b) for b in self.biases]
        self.inputs, self.targets = torch.from_numpy(case.inputs), torch.from_numpy(case.targets)
        self.losses: list[float] = []

    def activate(self, kind: str, a: Any) -> None:
        torch = self.torch
        if kind == "tanh":
            torch.tanh(a, out=a)
        elif kind == "relu":
            torch.clamp_min(a, 0.0, out=a)
        elif kind == "sigmoid":
            torch.sigmoid(a, out=a)
        else:
            torch.softmax(a, 1, out=a)

    def times_slope(self, kind: str, a: Any, s: Any, delta: Any) -> None:
        torch = self.torch
        if kind == "relu":
            torch.gt(a, 0.0, out=s)
        elif kind == "tanh":
            torch.mul(a, a, out=s)
            s.neg_().add_(1.0)
        else:
            torch.mul(a, a, out=s)
            torch.sub(a, s, out=s)
        delta.mul_(s)

    def loss(self, a: Any, t: Any) -> float:
        torch = self.torch
        if self.case.loss == "squared_error":
            d = a - t
            return float(torch.dot(d.view(-1), d.view(-1))) * 0.5 / len(t)
        if self.case.loss == "binary_cross_entropy":
            return float(torch.nn.functional.binary_cross_entropy(a, t))
        return float(-(a * t).sum(1).log_().mean())

    def run(self, order: Order, steps: int) -> None:
        torch = self.torch
        self.losses = []
        with torch.no_grad():
            for rows in islice(cycle(_tensors(torch, order)), steps):
                self.step(self.inputs[rows], self.targets[rows])

    def step(self, x: Any, t: Any) -> None:
        torch, case, last = self.torch, self.case, len(self.weights) - 1
        below = x
        for index in range(last + 1):
            torch.addmm(self.biases[index], below, self.weights[index], out=self.a[index])
            self.activate(case.output if index == last else case.hidden, self.a[index])
            below = self.a[index]
        self.losses.append(self.loss(below, t))
        delta = self.delta[last]
        torch.sub(below, t, out=delta)
        delta.mul_(1.0 / len(t))
        if case.loss == "squared_error":
            self.times_slope(case.output, below, self.slopes[last], delta)
        for index in range(last, -1, -1):
            torch.mm((self.a[index - 1] if index else x).t(), delta, out=self.weight_grads[index])
            torch.sum(delta, 0, out=self.bias_grads[index])
            if index:
                torch.mm(delta, self.weights[index].t(), out=self.delta[index - 1])
                delta = self.delta[index - 1]
                self.times_slope(case.hidden, self.a[index - 1], self.slopes[index - 1], delta)
        for index in range(last + 1):
            self.weights[index].sub_(self.weight_grads[index], alpha=case.rate)
            self.biases[index].sub_(self.bias_grads[index], alpha=case.rate)

    def parameters(self) -> Parameters:
        return [w.numpy() for w in self.weights], [b.numpy() for b in self.biases]


class SklearnPartialFit:
    """scikit-learn's MLP, one `partial_fit` a step; it records the loss alone.

    Its output activation follows from the target, so parameters are not compared.
    """

    def __init__(self, case: Case) -> None:
        from sklearn.neural_network import MLPClassifier, MLPRegressor

        kinds = {"tanh": "tanh", "relu": "relu", "sigmoid": "logistic"}
        settings: dict[str, Any] = {
            "hidden_layer_sizes": case.sizes[1:-1],
            "activation": kinds[case.hidden],
            "solver": "sgd",
            "alpha": 0.0,
            "batch_size": case.batch,
            "learning_rate_init": case.rate,
            "momentum": 0.0,
            "nesterovs_momentum": False,
            "shuffle": False,
            "random_state": 0,
        }
        self.classes = None if case.kind == "regression" else np.arange(max(2, case.targets.shape[1]))
        self.inputs, self.targets = case.inputs, case.targets
        if case.targets.shape[1] == 1:
            self.targets = case.targets.ravel()
        elif self.classes is not None:
            self.targets = case.targets.argmax(axis=1)
        self.model = MLPRegressor(**settings) if self.classes is None else MLPClassifier(**settings)
        self.losses: list[float] = []

    def run(self, order: Order, steps: int) -> None:
        self.losses = []
        fit = self.model.partial_fit
        if self.classes is not None:
            fit = partial(fit, classes=self.classes)
        for rows in islice(cycle(order), steps):
            fit(self.inputs[rows], self.targets[rows])
            self.losses.append(self.model.loss_)

    def parameters(self) -> None:
        return None


class Micrograd:
    """One Python object a number; it knows ReLU only, so parameters are not compared."""

    def __init__(self, case: Case) -> None:
        from micrograd.nn import MLP

        self.case, self.model = case, MLP(case.sizes[0], list(case.sizes[1:]))
        self.losses: list[float] = []

    def run(self, order: Order, steps: int) -> None:
        self.losses = []
        for rows in islice(cycle(order), steps):
            x, t = self.case.inputs[rows].tolist(), self.case.targets[rows].tolist()
            outputs = [self.model(row) for row in x]
            outputs = [out if isinstance(out, list) else [out] for out in outputs]
            pairs = [pair for out, row in zip(outputs, t, strict=True) for pair in zip(out, row, strict=True)]
            loss = sum((a - b) ** 2 for a, b in pairs) * (0.5 / len(x))
            self.model.zero_grad()
            loss.backward()
            for p in self.model.parameters():
                p.data -= self.case.rate * p.grad
            self.losses.append(loss.data)

    def parameters(self) -> None:
        return None


class LoopInC:
    """The step as loops in C, compiled here: what is left to calling NumPy on tiny arrays."""

    def __init__(self, case: Case) -> None:
        self.case = case
        with tempfile.TemporaryDirectory() as folder:
            source, library = Path(folder, "loop.c"), Path(folder, "loop.so")
            source.write_text(C_SOURCE)
            flags = ["-O3", "-march=native", "-shared", "-fPIC"]
            subprocess.run([c_compiler(), *flags, source, "-o", library, "-lm"], check=True)
            self._train = ctypes.CDLL(str(library)).train
        pairs = zip(case.weights, case.biases, strict=True)
        self._w = np.concatenate([part.ravel() for pair in pairs for part in pair])
        self._sizes = np.array(case.sizes, np.int32)
        self._room = [np.empty_like(self._w), *(np.empty(sum(case.sizes)) for _ in range(2))]
        self.losses = self.norms = np.empty(0)

    def run(self, order: Order, steps: int) -> None:
        case, layers = self.case, len(self.case.sizes) - 1
        every = np.arange(len(case.inputs))
        rows = np.concatenate([every[each] for each in order]).astype(np.int64)
        self.losses, self.norms = np.empty(steps), np.empty((steps, layers))
        kinds = [["tanh", "relu", "sigmoid", "softmax"].index(kind) for kind in (case.hidden, case.output)]
        self._train(
            layers,
            _pointer(self._sizes),
            case.batch,
            *map(_pointer, (case.inputs, case.targets, rows)),
            len(order),
            steps,
            ctypes.c_double(case.rate),
            *kinds,
            int(case.loss == "squared_error"),
            *map(_pointer, (self._w, *self._room, self.losses, self.norms)),
        )

    def parameters(self) -> Parameters:
        packing = Packing(self.case.sizes)
        return packing.split(self._w)


def _pointer(array: npt.NDArray[Any]) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


def c_compiler() -> str:
    """The compiler of C that is there, or ""."""
    return shutil.which("cc") or shutil.which("gcc") or shutil.which("clang") or ""


class BareProducts:
    """The matrix products of a step and nothing else: what is left to the BLAS."""

    def __init__(self, case: Case) -> None:
        self.weights = [w.copy() for w in case.weights]
        self.a = [np.full((case.batch, n), 0.1) for n in case.sizes]
        self.z = [np.empty((case.batch, n)) for n in case.sizes]
        self.gradients = [np.empty_like(w) for w in self.weights]

    def run(self, order: Order, steps: int) -> None:
        last = len(self.weights) - 1
        calls: list[tuple[Any, FloatArray, FloatArray]] = []
        for index, w in enumerate(self.weights):
            calls.append((self.a[index].dot, w, self.z[index + 1]))
        for index in range(last, -1, -1):
            calls.append((self.a[index].T.dot, self.a[index + 1], self.gradients[index]))
            if index:
                calls.append((self.a[index + 1].dot, self.weights[index].T, self.z[index]))
        for _ in range(steps):
            for dot, right, out in calls:
                dot(right, out)

    def parameters(self) -> None:
        return None
