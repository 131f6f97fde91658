"""Back-propagation as a textbook has it, in a few lines of NumPy: what the window shows is held against it.

It knows nothing of the engine: a step is made from a dict of settings, the parameters, the rows of a
mini-batch and, with dropout, its masks.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.arrays import FloatArray

Settings = dict[str, Any]
"""`layers` (units, activation), loss, reduction, …; a rule with numbers is a pair of its name and a dict."""


@dataclass(frozen=True)
class State:
    """Parameters, what the optimizer keeps, and how many updates it has made; W[0] is layer 1."""

    W: list[FloatArray]
    b: list[FloatArray]
    slots: dict[str, tuple[list[FloatArray], list[FloatArray]]] = field(default_factory=dict)
    updates: int = 0
    held_w: list[npt.NDArray[np.bool_]] = field(default_factory=list)
    held_b: list[npt.NDArray[np.bool_]] = field(default_factory=list)
    optimizer: str = ""


@dataclass(frozen=True)
class Step:
    """All numbers of a step; a[0] are the inputs, z[0] is layer 1, delta as dL/dz of the mini-batch's L."""

    before: State
    after: State
    x: FloatArray
    t: FloatArray
    z: list[FloatArray]
    a: list[FloatArray]
    slope: list[FloatArray]
    upstream: list[FloatArray | None]
    delta: list[FloatArray]
    dw: list[FloatArray]
    db: list[FloatArray]
    losses: FloatArray
    loss: float
    penalty: float


def sigmoid(z: FloatArray) -> FloatArray:
    return 1.0 / (1.0 + np.exp(-z))


ACTIVATIONS: dict[str, tuple[Any, Any]] = {
    "linear": (lambda z: z, lambda z: np.ones_like(z)),
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * sigmoid(-z)),
    "tanh": (np.tanh, lambda z: 1.0 / np.cosh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0.0), lambda z: (z > 0) * 1.0),
    "leaky_relu": (lambda z: np.where(z > 0, z, 0.01 * z), lambda z: np.where(z > 0, 1.0, 0.01)),
    "softplus": (lambda z: np.log1p(np.exp(z)), sigmoid),
    "softsign": (lambda z: z / (1 + abs(z)), lambda z: 1.0 / (1 + abs(z)) ** 2),
}


def softmax(z: FloatArray) -> FloatArray:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def sample_losses(name: str, a: FloatArray, t: FloatArray) -> FloatArray:
    k = a.shape[1]
    if name == "squared_error":
        return 0.5 * ((a - t) ** 2).sum(axis=1)
    if name == "mean_squared_error":
        return ((a - t) ** 2).sum(axis=1) / k
    if name == "mean_absolute_error":
        return abs(a - t).sum(axis=1) / k
    if name == "binary_cross_entropy":
        return -(t * np.log(a) + (1 - t) * np.log(1 - a)).sum(axis=1) / k
    assert name == "cross_entropy"
    return -np.where(t > 0, t * np.log(np.where(t > 0, a, 1.0)), 0.0).sum(axis=1)


def loss_gradient(name: str, a: FloatArray, t: FloatArray) -> FloatArray:
    k = a.shape[1]
    if name == "squared_error":
        return a - t
    if name == "mean_squared_error":
        return 2 * (a - t) / k
    if name == "mean_absolute_error":
        return np.sign(a - t) / k
    if name == "binary_cross_entropy":
        return (a - t) / (a * (1 - a)) / k
    assert name == "cross_entropy"
    return -t / a


def forward(
    layers: list[tuple[int, str]], W: list[FloatArray], b: list[FloatArray], x: FloatArray
) -> FloatArray:
    """The outputs, without dropout."""
    for (_, name), w, bias in zip(layers, W, b, strict=True):
        z = x @ w + bias
        x = softmax(z) if name == "softmax" else ACTIVATIONS[name][0](z)
    return x


def make_step(
    s: Settings, state: State, x: FloatArray, t: FloatArray, masks: list[FloatArray | None]
) -> Step:
    """One mini-batch: forward, backward, update."""
    L, B = len(s["layers"]), len(x)
    z: list[FloatArray] = []
    a, slope = [x], []
    for (_, name), w, b, mask in zip(s["layers"], state.W, state.b, masks, strict=True):
        z.append(a[-1] @ w + b)
        if name == "softmax":
            a.append(softmax(z[-1]))
            slope.append(np.ones_like(z[-1]))
        else:
            value, derivative = ACTIVATIONS[name]
            a.append(value(z[-1]) if mask is None else value(z[-1]) * mask)
            slope.append(derivative(z[-1]) if mask is None else derivative(z[-1]) * mask)
    losses = sample_losses(s["loss"], a[-1], t)
    scale = 1.0 / B if s["reduction"] == "mean" else 1.0
    delta: list[Any] = [None] * L
    upstream: list[Any] = [None] * L
    dw: list[Any] = [None] * L
    db: list[Any] = [None] * L
    new_W, new_b = list(state.W), list(state.b)
    slots = {name: (list(w), list(b)) for name, (w, b) in (state.slots or empty_slots(s, state)).items()}
    updates = state.updates + 1
    if s["layers"][-1][1] == "softmax":
        delta[-1] = (a[-1] - t) * scale  # with the cross entropy
    else:
        upstream[-1] = loss_gradient(s["loss"], a[-1], t) * scale
        delta[-1] = upstream[-1] * slope[-1]
    order = "output_first" if s["update_order"] == "output_first" else "together"
    for layer in reversed(range(L)):
        if layer < L - 1:
            onward = new_W if order == "output_first" else state.W
            upstream[layer] = delta[layer + 1] @ onward[layer + 1].T
            delta[layer] = upstream[layer] * slope[layer]
        dw[layer], db[layer] = a[layer].T @ delta[layer], delta[layer].sum(axis=0)
        if s["bias_reduction"] == "mean" and s["reduction"] == "sum":
            db[layer] = db[layer] / B
        if order == "output_first":
            update_layer(s, state, slots, updates, layer, dw[layer], db[layer], 1.0, new_W, new_b)
    if order == "together":
        factor = 1.0
        if s["clipping"][0] == "global_norm":
            parts = [g + penalty_gradient(s, w) for g, w in zip(dw, state.W, strict=True)]
            norm = np.sqrt(sum((g * g).sum() for g in [*parts, *db]))
            factor = min(1.0, s["clipping"][1]["limit"] / norm) if norm > 0 else 1.0
        for layer in range(L):
            update_layer(s, state, slots, updates, layer, dw[layer], db[layer], factor, new_W, new_b)
    after = replace(state, W=new_W, b=new_b, slots=slots, updates=updates)
    loss = float(losses.mean() if s["reduction"] == "mean" else losses.sum())
    penalty = sum(float(penalty_of(s, w)) for w in state.W)
    return Step(state, after, x, t, z, a, slope, upstream, delta, dw, db, losses, loss, penalty)


SLOTS = {
    "sgd": "",
    "momentum": "v",
    "nesterov": "v",
    "adagrad": "s",
    "rmsprop": "s",
    "adam": "mv",
    "adamw": "mv",
}


def empty_slots(s: Settings, state: State) -> dict[str, tuple[list[FloatArray], list[FloatArray]]]:
    zeros = [np.zeros_like(w) for w in state.W], [np.zeros_like(b) for b in state.b]
    return {name: (list(zeros[0]), list(zeros[1])) for name in SLOTS[s["optimizer"][0]]}


def penalty_gradient(s: Settings, w: FloatArray) -> FloatArray:
    name, numbers = s["regularizer"]
    if name == "l2":
        return numbers["strength"] * w
    return numbers["strength"] * np.sign(w) if name == "l1" else 0.0 * w


def penalty_of(s: Settings, w: FloatArray) -> float:
    name, numbers = s["regularizer"]
    if name == "l2":
        return float(0.5 * numbers["strength"] * (w * w).sum())
    return float(numbers["strength"] * abs(w).sum()) if name == "l1" else 0.0


def update_layer(
    s: Settings,
    state: State,
    slots: dict[str, tuple[list[FloatArray], list[FloatArray]]],
    updates: int,
    layer: int,
    dw: FloatArray,
    db: FloatArray,
    factor: float,
    new_W: list[FloatArray],
    new_b: list[FloatArray],
) -> None:
    for which, (p, g, held, new) in enumerate(
        (
            (state.W[layer], dw + penalty_gradient(s, state.W[layer]), state.held_w[layer], new_W),
            (state.b[layer], db, state.held_b[layer], new_b),
        )
    ):
        g = g * factor
        if s["clipping"][0] == "value":
            limit = s["clipping"][1]["limit"]
            g = np.clip(g, -limit, limit)
        old = {name: pair[which][layer] for name, pair in slots.items()}
        kept, u = optimizer_step(s, p, g, old, updates)
        for name, value in kept.items():
            slots[name][which][layer] = np.where(held, old[name], value)
        new[layer] = np.where(held, p, p - u)


def optimizer_step(
    s: Settings, p: FloatArray, g: FloatArray, old: dict[str, FloatArray], t: int
) -> tuple[dict[str, FloatArray], FloatArray]:
    """What the optimizer keeps, and what is taken off the parameters."""
    (name, c), rate = s["optimizer"], s["learning_rate"]
    if name == "sgd":
        return {}, rate * g
    if name in ("momentum", "nesterov"):
        v = c["momentum"] * old["v"] + g
        return {"v": v}, rate * (v if name == "momentum" else g + c["momentum"] * v)
    if name == "adagrad":
        kept = old["s"] + g * g
        return {"s": kept}, rate * g / (np.sqrt(kept) + c["epsilon"])
    if name == "rmsprop":
        kept = c["decay"] * old["s"] + (1 - c["decay"]) * g * g
        return {"s": kept}, rate * g / (np.sqrt(kept) + c["epsilon"])
    m = c["beta1"] * old["m"] + (1 - c["beta1"]) * g
    v = c["beta2"] * old["v"] + (1 - c["beta2"]) * g * g
    u = rate * (m / (1 - c["beta1"] ** t)) / (np.sqrt(v / (1 - c["beta2"] ** t)) + c["epsilon"])
    if name == "adamw":
        u = u + rate * c["weight_decay"] * p
    return {"m": m, "v": v}, u
