"""Make `activations.npz`, `networks.npz` and `optimizers.npz` with PyTorch, so that tests need none.

Run from the checkout, where PyTorch is installed::

    python -m tests.golden.make_golden

Networks, data and parameters are drawn from `numpy.random.RandomState`, whose streams never change, so
only results are kept; the tests draw the same by the same functions.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

HERE = Path(__file__).resolve().parent
ACTIVATION_VALUES, NETWORKS, OPTIMIZERS = (
    HERE / f"{name}.npz" for name in ("activations", "networks", "optimizers")
)

ELEMENTWISE = (
    *("linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu", "softplus", "softsign"),
    *("silu", "gelu", "mish", "hard_sigmoid"),
)
ACTIVATIONS = (*ELEMENTWISE, "softmax")
LOSSES = (
    *("squared_error", "mean_squared_error", "mean_absolute_error", "huber"),
    *("binary_cross_entropy", "cross_entropy", "hinge"),
)
REDUCTIONS = ("mean", "sum")
PARAMETERS = {"leaky_relu": {"slope_below": 0.2}, "elu": {"alpha": 1.5}, "huber": {"delta": 0.3}}
"""Parameters that are not the defaults, for the cases that have them."""

POINTS = np.array(
    [
        *(-1e4, -750, -710, -100, -40, -20, -8, -5, -3, -1, -0.1, -1e-8, 0),
        *(1e-8, 0.1, 1, 3, 5, 8, 20, 40, 100, 710, 750, 1e4),
    ]
)
"""Where the activations are evaluated: saturated, ordinary, and their kinks."""

KEPT = 12
STEPS = 100
KEPT_STEPS = (1, 10, 100)


# -- activations -----------------------------------------------------------------------------------


def make_activations() -> None:
    import torch

    kept = {}
    for name in ELEMENTWISE:
        z = torch.tensor(POINTS, requires_grad=True)
        a = torch_activation(name, z)
        a.sum().backward()
        kept[name] = np.array([a.detach().numpy(), z.grad.numpy()])
    np.savez(ACTIVATION_VALUES, **kept)


# -- networks --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Network:
    """A network with its data: everything that decides one pass."""

    seed: int
    sizes: tuple[int, ...]
    activations: tuple[Any, ...]
    loss: Any
    reduction: str
    kind: str
    inputs: FloatArray
    targets: FloatArray
    weights: list[FloatArray]
    biases: list[FloatArray]


def rule(name: str, with_parameters: bool) -> Any:
    """A rule as a file holds it."""
    return {"name": name, **PARAMETERS[name]} if with_parameters and name in PARAMETERS else name


def rule_name(spec: Any) -> str:
    return str(spec["name"]) if isinstance(spec, dict) else str(spec)


def networks() -> Iterator[Network]:
    """One network for each activation x loss x reduction, of random shape to 64 wide and 10 deep."""
    seed = 0
    for activation in ACTIVATIONS:
        for loss in LOSSES:
            for reduction in REDUCTIONS:
                yield network(seed, activation, loss, reduction)
                seed += 1


def network(seed: int, output: str, loss: str, reduction: str) -> Network:
    rng = np.random.RandomState(seed)
    depth = rng.randint(1, 11)
    kind = "regression"
    if loss == "cross_entropy" or output == "softmax" or (loss in LOSSES[4:] and seed % 4 < 2):
        kind = "multiclass"
    elif loss in LOSSES[4:]:
        kind = "binary"
    sizes = [int(n) for n in rng.randint(2, 65, depth + 1)]
    sizes[-1] = {"binary": 1, "multiclass": sizes[-1], "regression": int(rng.randint(1, 65))}[kind]
    hidden = [ACTIVATIONS[i] for i in rng.randint(len(ACTIVATIONS), size=depth - 1)]
    hidden[: depth // 2] = [output] * (depth // 2)
    # Two losses are defined for outputs between 0 and 1 only: keep the others' inside
    bounded = loss in ("binary_cross_entropy", "cross_entropy") and output not in ("sigmoid", "softmax")
    if bounded and hidden:
        hidden[-1] = "tanh"
    batch = int(rng.randint(1, 33))
    inputs = rng.standard_normal((batch, sizes[0]))
    if kind == "regression":
        targets = rng.standard_normal((batch, sizes[-1]))
    elif kind == "binary":
        targets = rng.randint(2, size=(batch, 1)).astype(float)
    else:
        targets = np.eye(sizes[-1])[rng.randint(sizes[-1], size=batch)]
    weights = [rng.standard_normal((m, n)) / np.sqrt(m) for m, n in pairwise(sizes)]
    biases = [0.3 * rng.standard_normal(n) for n in sizes[1:]]
    if bounded:
        weights[-1] *= 0.05
        biases[-1] = rng.uniform(0.3, 0.4, sizes[-1])
    with_parameters = reduction == "sum"
    return Network(
        seed,
        tuple(sizes),
        tuple(rule(name, with_parameters) for name in (*hidden, output)),
        rule(loss, with_parameters),
        reduction,
        kind,
        inputs,
        targets,
        weights,
        biases,
    )


def digest(array: FloatArray, rng: np.random.RandomState) -> tuple[FloatArray, float]:
    """Some numbers of `array` and, if they are not all, its product with random signs behind them.

    The second value is what differences are measured by: the greatest number, and for the product the
    sum of all.
    """
    flat = np.ascontiguousarray(array).ravel()
    if flat.size <= KEPT:
        return flat, 0.0
    places, signs = rng.randint(flat.size, size=KEPT), rng.choice([-1.0, 1.0], flat.size)
    return np.append(flat[places], flat @ signs), float(np.abs(flat).sum())


def torch_activation(spec: Any, z: Any) -> Any:
    import torch
    from torch.nn import functional

    name = rule_name(spec)
    parameters = {} if isinstance(spec, str) else {k: v for k, v in spec.items() if k != "name"}
    return {
        "linear": lambda: z * 1.0,
        "sigmoid": lambda: torch.sigmoid(z),
        "tanh": lambda: torch.tanh(z),
        "relu": lambda: functional.relu(z),
        "leaky_relu": lambda: functional.leaky_relu(z, parameters.get("slope_below", 0.01)),
        "elu": lambda: functional.elu(z, parameters.get("alpha", 1.0)),
        "selu": lambda: functional.selu(z),
        # PyTorch's own switches to the identity at z = 20, where e^-20 is still to be seen
        "softplus": lambda: functional.softplus(z, threshold=50),
        "softsign": lambda: functional.softsign(z),
        "silu": lambda: functional.silu(z),
        "gelu": lambda: functional.gelu(z),
        "mish": lambda: functional.mish(z),
        # PyTorch's own multiplies its gradient by 1/6 in single precision
        "hard_sigmoid": lambda: functional.relu6(z + 3) / 6,
        "softmax": lambda: torch.softmax(z, -1),
    }[name]()


def torch_losses(spec: Any, output: str, z: Any, a: Any, t: Any) -> Any:
    """Each sample's loss."""
    import torch
    from torch.nn import functional

    name = rule_name(spec)
    if name == "squared_error":
        return functional.mse_loss(a, t, reduction="none").sum(1) / 2
    if name == "mean_squared_error":
        return functional.mse_loss(a, t, reduction="none").mean(1)
    if name == "mean_absolute_error":
        return functional.l1_loss(a, t, reduction="none").mean(1)
    if name == "huber":
        delta = 1.0 if isinstance(spec, str) else spec["delta"]
        return functional.huber_loss(a, t, reduction="none", delta=delta).mean(1)
    if name == "binary_cross_entropy":
        if output == "sigmoid":
            return functional.binary_cross_entropy_with_logits(z, t, reduction="none").mean(1)
        return functional.binary_cross_entropy(a, t, reduction="none").mean(1)
    if name == "cross_entropy":
        if output == "softmax":
            return functional.cross_entropy(z, t.argmax(1), reduction="none")
        return -(t * torch.log(a)).sum(1)
    return torch.clamp(1 - (2 * t - 1) * a, min=0).mean(1)


def torch_pass(case: Network) -> dict[str, list[FloatArray]]:
    """Every number of a pass."""
    import torch

    weights = [torch.tensor(w, requires_grad=True) for w in case.weights]
    biases = [torch.tensor(b, requires_grad=True) for b in case.biases]
    below, z, a = torch.tensor(case.inputs), [], []
    for w, b, spec in zip(weights, biases, case.activations, strict=True):
        z.append(below @ w + b)
        z[-1].retain_grad()
        below = torch_activation(spec, z[-1])
        a.append(below)
    if rule_name(case.loss) in ("binary_cross_entropy", "cross_entropy"):
        assert ((a[-1] > 0) & (a[-1] < 1)).all(), case.seed
    losses = torch_losses(
        case.loss, rule_name(case.activations[-1]), z[-1], a[-1], torch.tensor(case.targets)
    )
    loss = losses.mean() if case.reduction == "mean" else losses.sum()
    loss.backward()
    return {
        "z": [x.detach().numpy() for x in z],
        "a": [x.detach().numpy() for x in a],
        "delta": [x.grad.numpy() for x in z],
        "weight_grads": [w.grad.numpy() for w in weights],
        "bias_grads": [b.grad.numpy() for b in biases],
        "losses": [losses.detach().numpy(), loss.detach().numpy()],
    }


def make_networks() -> None:
    kept: dict[str, FloatArray] = {}
    for case in networks():
        rng = np.random.RandomState(case.seed)
        numbers: list[FloatArray] = []
        for arrays in torch_pass(case).values():
            for array in arrays:
                numbers += [np.abs(array).max(keepdims=True).ravel(), digest(array, rng)[0]]
        kept[str(case.seed)] = np.concatenate(numbers)
    ends = np.cumsum([len(numbers) for numbers in kept.values()])
    np.savez(NETWORKS, ends=ends, numbers=np.concatenate(list(kept.values())))


# -- optimizers ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Training:
    """Settings of 100 full-batch steps of a 3-5-2 network."""

    optimizer: Any
    learning_rate: float = 0.1
    schedule: Any = "constant"
    regularizer: Any = "none"
    clipping: Any = "none"
    reduction: str = "mean"


# Learning rates are small enough for no training to be chaotic: where one is, a last bit at the start
# becomes the fifth digit after a hundred steps.
TRAININGS = {
    "sgd": Training("sgd"),
    "momentum": Training("momentum"),
    "nesterov": Training("nesterov"),
    "adagrad": Training("adagrad"),
    "rmsprop": Training("rmsprop", 0.01),
    "adam": Training("adam", 0.01),
    "adamw": Training("adamw", 0.01),
    "momentum 0.5": Training({"name": "momentum", "momentum": 0.5}, reduction="sum"),
    "nesterov 0.5": Training({"name": "nesterov", "momentum": 0.5}),
    "adagrad eps": Training({"name": "adagrad", "epsilon": 0.01}),
    "rmsprop 0.9": Training({"name": "rmsprop", "decay": 0.9, "epsilon": 0.001}, 0.003),
    "adam betas": Training({"name": "adam", "beta1": 0.8, "beta2": 0.9, "epsilon": 1e-4}, 0.005),
    "adamw decay": Training({"name": "adamw", "weight_decay": 0.3, "beta2": 0.99}, 0.02),
    "step": Training("momentum", schedule={"name": "step", "every": 7, "factor": 0.7}),
    "exponential": Training("adamw", schedule={"name": "exponential", "factor": 0.97}),
    "cosine": Training("nesterov", schedule={"name": "cosine", "epochs": 120, "floor": 0.1}),
    "linear_warm_up": Training("adam", schedule={"name": "linear_warm_up", "steps": 30}),
    "reduce_on_plateau": Training(
        "momentum", 1.5, schedule={"name": "reduce_on_plateau", "factor": 0.6, "patience": 2}
    ),
    "l1": Training("adam", 0.01, regularizer={"name": "l1", "strength": 0.02}),
    "l2": Training("momentum", regularizer={"name": "l2", "strength": 0.05}),
    "value": Training("rmsprop", 0.001, clipping={"name": "value", "limit": 0.02}, reduction="sum"),
    "global_norm": Training(
        "nesterov", 0.02, clipping={"name": "global_norm", "limit": 0.05}, reduction="sum"
    ),
    "all": Training(
        "adamw",
        0.05,
        {"name": "cosine", "epochs": 100, "floor": 0.0},
        {"name": "l2", "strength": 0.01},
        {"name": "global_norm", "limit": 0.2},
    ),
}

SIZES = (3, 5, 2)


def training_data() -> tuple[FloatArray, FloatArray, list[FloatArray], list[FloatArray]]:
    """Inputs, targets, weights and biases of every training."""
    rng = np.random.RandomState(99)
    inputs, targets = rng.standard_normal((6, 3)), rng.standard_normal((6, 2))
    weights = [rng.standard_normal((m, n)) for m, n in pairwise(SIZES)]
    return inputs, targets, weights, [rng.standard_normal(n) for n in SIZES[1:]]


def torch_optimizer(training: Training, parameters: list[Any]) -> tuple[Any, dict[str, str]]:
    """The optimizer, and what it calls the engine's slots."""
    from torch import optim

    name, lr = rule_name(training.optimizer), training.learning_rate
    p = {} if isinstance(training.optimizer, str) else training.optimizer
    if name == "sgd":
        return optim.SGD(parameters, lr=lr), {}
    if name in ("momentum", "nesterov"):
        mu = p.get("momentum", 0.9)
        sgd = optim.SGD(parameters, lr=lr, momentum=mu, nesterov=name == "nesterov")
        return sgd, {"v": "momentum_buffer"}
    # Whatever is not given is left to PyTorch's own defaults, which are the engine's
    eps = {"eps": p["epsilon"]} if "epsilon" in p else {}
    if name == "adagrad":
        return optim.Adagrad(parameters, lr=lr, **eps), {"s": "sum"}
    if name == "rmsprop":
        alpha = {"alpha": p["decay"]} if "decay" in p else {}
        return optim.RMSprop(parameters, lr=lr, **alpha, **eps), {"s": "square_avg"}
    if "beta1" in p or "beta2" in p:
        eps["betas"] = (p.get("beta1", 0.9), p.get("beta2", 0.999))
    if "weight_decay" in p:
        eps["weight_decay"] = p["weight_decay"]
    kind = optim.Adam if name == "adam" else optim.AdamW
    return kind(parameters, lr=lr, **eps), {"m": "exp_avg", "v": "exp_avg_sq"}


def torch_schedule(training: Training, optimizer: Any) -> Any:
    from torch.optim import lr_scheduler

    name = rule_name(training.schedule)
    p = {} if isinstance(training.schedule, str) else training.schedule
    if name == "step":
        return lr_scheduler.StepLR(optimizer, p["every"], p["factor"])
    if name == "exponential":
        return lr_scheduler.ExponentialLR(optimizer, p["factor"])
    if name == "cosine":
        floor = p["floor"] * training.learning_rate
        return lr_scheduler.CosineAnnealingLR(optimizer, p["epochs"], floor)
    if name == "linear_warm_up":
        return lr_scheduler.LinearLR(optimizer, 1 / p["steps"], total_iters=p["steps"] - 1)
    if name == "reduce_on_plateau":
        return lr_scheduler.ReduceLROnPlateau(optimizer, factor=p["factor"], patience=p["patience"])
    return None


def torch_training(training: Training) -> dict[str, FloatArray]:
    import torch
    from torch.nn import utils

    inputs, targets, *drawn = training_data()
    x, t = torch.tensor(inputs), torch.tensor(targets)
    weights, biases = ([torch.tensor(p, requires_grad=True) for p in part] for part in drawn)
    parameters = [*weights, *biases]
    optimizer, slots = torch_optimizer(training, parameters)
    schedule = torch_schedule(training, optimizer)
    losses, penalties, rates, states = [], [], [], []
    for step in range(1, STEPS + 1):
        out = torch.tanh(x @ weights[0] + biases[0]) @ weights[1] + biases[1]
        per_sample = ((out - t) ** 2).sum(1) / 2
        loss = per_sample.mean() if training.reduction == "mean" else per_sample.sum()
        penalty = torch.zeros(())
        if isinstance(training.regularizer, dict):
            strength = training.regularizer["strength"]
            for w in weights:
                if training.regularizer["name"] == "l1":
                    penalty = penalty + strength * w.abs().sum()
                else:
                    penalty = penalty + strength / 2 * (w**2).sum()
        optimizer.zero_grad()
        (loss + penalty).backward()
        if isinstance(training.clipping, dict):
            if training.clipping["name"] == "value":
                utils.clip_grad_value_(parameters, training.clipping["limit"])
            else:
                # PyTorch's own adds 1e-6 to the norm it divides by
                norm = utils.get_total_norm([p.grad for p in parameters])
                for p in parameters:
                    p.grad.mul_(torch.clamp(training.clipping["limit"] / norm, max=1.0))
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        losses.append(loss.item())
        penalties.append(penalty.item())
        if schedule is not None:
            if rule_name(training.schedule) == "reduce_on_plateau":
                schedule.step(loss.item())
            else:
                schedule.step()
        if step in KEPT_STEPS:
            parts = [p.detach() for p in parameters]
            for name in slots.values():
                parts += [optimizer.state[p][name] for p in parameters]
            states.append(np.concatenate([part.numpy().ravel() for part in parts]))
    return {
        "loss": np.array(losses),
        "penalty": np.array(penalties),
        "rate": np.array(rates),
        "states": np.array(states),
    }


def make_optimizers() -> None:
    kept = {
        f"{name}/{key}": array
        for name, training in TRAININGS.items()
        for key, array in torch_training(training).items()
    }
    np.savez_compressed(OPTIMIZERS, **kept)


if __name__ == "__main__":
    import torch

    torch.set_default_dtype(torch.float64)
    make_activations()
    make_networks()
    make_optimizers()
    print(json.dumps({path.name: path.stat().st_size for path in (ACTIVATION_VALUES, NETWORKS, OPTIMIZERS)}))
