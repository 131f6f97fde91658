"""Small networks with one known fault each, and sound ones that look hard: how often is the diagnosis right?

    python tests/benchmarks/sick_nets.py [--seed N] [--cases N] [--only CAUSE] [--show]

Each case is drawn at random (data, network, optimizer, fault) and kept only if its fault is verified: the
twin, which differs in the fault alone, learns well; the sick one ends badly; both do so with other seeds
too. One other knob is then turned at a time (rate, momentum, batch, steps): what cures by itself is a
right answer as well.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from engine import Dataset, Experiment, Layer, Trainer
from engine.diagnose import CAUSES, Examination
from engine.diagnose.score import Score, score
from engine.errors import DivergenceError, EngineError

Rng = np.random.Generator


@dataclass(frozen=True)
class Training:
    """A training from the start: `held` are the layers whose parameters are held after some steps, and
    `changed` the settings that are changed after some steps."""

    experiment: Experiment
    data: Dataset
    steps: int
    held: tuple[int, tuple[int, ...]] | None = None
    changed: tuple[int, dict[str, Any]] | None = None

    def run(self, *, changes: bool = True) -> tuple[Trainer, bool]:
        """Train; whether it diverged."""
        trainer = Trainer(self.experiment, self.data)
        try:
            for at in sorted({x[0] for x in (self.held, self.changed) if x}):
                trainer.run(at - trainer.completed)
                if self.held and self.held[0] == at:
                    sizes = trainer.packing.sizes
                    trainer.freeze(
                        [
                            (k, i, j)
                            for k in self.held[1]
                            for i in range(sizes[k - 1])
                            for j in range(sizes[k])
                        ],
                        [(k, j) for k in self.held[1] for j in range(sizes[k])],
                    )
                if changes and self.changed and self.changed[0] == at:
                    trainer.change(trainer.experiment.changed(**self.changed[1]))
            trainer.run(self.steps - trainer.completed)
        except DivergenceError:
            return trainer, True
        return trainer, False

    def reseeded(self, seed: int) -> Training:
        return replace(self, experiment=self.experiment.changed(seed=seed))


@dataclass(frozen=True)
class Case:
    name: str
    cause: str | None
    sick: Training
    twin: Training | None
    part: str = "training"
    accepted: tuple[str, ...] = ()


def measure(trainer: Trainer, part: str) -> Score:
    p = trainer.prepared
    x, t = (p.inputs, p.targets) if part == "training" else (p.validation_inputs, p.validation_targets)
    return score(trainer.experiment, trainer.dataset, trainer.weights, trainer.biases, x, t)


# -- data ------------------------------------------------------------------------------------------


def clouds(rng: Rng, n: int, k: int, spread: float) -> tuple[Any, Any]:
    angle = 2 * np.pi * np.arange(k) / k + rng.uniform(0, 6)
    label = rng.permutation(np.arange(n) % k)
    x = 1.5 * np.stack([np.cos(angle), np.sin(angle)], 1)[label] + rng.normal(0, spread, (n, 2))
    return x, label


def xor_clouds(rng: Rng, n: int, spread: float) -> tuple[Any, Any]:
    corner = rng.permutation(np.arange(n) % 4)
    x = np.stack([corner % 2, corner // 2], 1) * 2.0 - 1.0 + rng.normal(0, spread, (n, 2))
    return x, (corner % 2) ^ (corner // 2)


def rings(rng: Rng, n: int, k: int) -> tuple[Any, Any]:
    label = rng.permutation(np.arange(n) % k)
    radius = 0.4 + 0.8 * label + rng.normal(0, 0.08, n)
    angle = rng.uniform(0, 2 * np.pi, n)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1), label


def moons(rng: Rng, n: int) -> tuple[Any, Any]:
    label = rng.permutation(np.arange(n) % 2)
    angle = rng.uniform(0, np.pi, n)
    x = np.stack([np.cos(angle) + label - 0.5, np.sin(angle) * (1 - 2 * label) + 0.25 - 0.5 * (1 - label)], 1)
    return 1.2 * x + rng.normal(0, 0.1, (n, 2)), label


def spirals(rng: Rng, n: int, k: int, turns: float) -> tuple[Any, Any]:
    label = rng.permutation(np.arange(n) % k)
    way = rng.uniform(0.15, 1, n)
    angle = way * turns * 2 * np.pi + 2 * np.pi * label / k
    return 1.5 * (way * np.stack([np.cos(angle), np.sin(angle)])).T + rng.normal(0, 0.02, (n, 2)), label


def waves(rng: Rng, n: int, d: int) -> tuple[Any, Any]:
    x = rng.uniform(-2, 2, (n, d))
    y = np.sin(2 * x[:, 0]) + (0.5 * np.cos(1.5 * x[:, 1]) * x[:, 0] if d > 1 else 0.3 * x[:, 0])
    if d > 2:
        y = y + 0.4 * x[:, 2] ** 2
    return x, (y - y.mean()) / y.std()


def friedman(rng: Rng, n: int) -> tuple[Any, Any]:
    x = rng.uniform(-1, 1, (n, 5))
    y = np.sin(2 * x[:, 0] * x[:, 1]) + 2 * (x[:, 2] - 0.2) ** 2 + x[:, 3] + 0.5 * x[:, 4]
    return x, (y - y.mean()) / y.std()


def plane(rng: Rng, n: int, d: int) -> tuple[Any, Any]:
    x = rng.normal(0, 1, (n, d))
    y = x @ rng.normal(0, 1, d) + 0.3 * np.tanh(2 * x[:, 0])
    return x, (y - y.mean()) / y.std()


def draw_data(rng: Rng, kind: str | None = None) -> Dataset:
    """A data set that a fitting network learns."""
    kind = kind or str(rng.choice(["binary", "multiclass", "regression"]))
    n = int(rng.integers(80, 320))
    if kind == "binary":
        which = rng.integers(6)
        if which == 0:
            x, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]]), np.array([0, 1, 1, 0])
        else:
            x, y = [
                lambda: xor_clouds(rng, n, rng.uniform(0.2, 0.35)),
                lambda: rings(rng, n, 2),
                lambda: moons(rng, n),
                lambda: clouds(rng, n, 2, 0.5),
                lambda: spirals(rng, n, 2, 0.75),
            ][which - 1]()
    elif kind == "multiclass":
        k = int(rng.integers(3, 6))
        x, y = [
            lambda: clouds(rng, n, k, 0.28),
            lambda: rings(rng, n, 3),
            lambda: spirals(rng, n, 3, 0.5),
        ][rng.integers(3)]()
    else:
        x, y = [
            lambda: waves(rng, n, 1),
            lambda: waves(rng, n, 2),
            lambda: waves(rng, n, 3),
            lambda: friedman(rng, n),
            lambda: plane(rng, n, int(rng.integers(2, 7))),
        ][rng.integers(5)]()
        if rng.random() < 0.2:
            y = np.stack([y, np.tanh(2 * x[:, 0]) * 1.3], axis=1)
    return Dataset.from_arrays(x, y, kind)  # type: ignore[arg-type]


# -- networks --------------------------------------------------------------------------------------

RELUS = ("relu", "leaky_relu", "elu", "silu", "gelu", "mish")


def initializer_for(activation: str) -> str:
    if activation == "selu":
        return "lecun_normal"
    return "he_normal" if activation in RELUS else "xavier_uniform"


def draw_training(
    rng: Rng, data: Dataset, *, depth: int | None = None, activation: str | None = None, optimizer: str = ""
) -> Training:
    """A training that should learn: a hidden layer or more, and an optimizer with a usual rate."""
    depth = depth or int(rng.choice([1, 1, 2]))
    activation = activation or str(
        rng.choice(["tanh", "tanh", "relu", "elu", "silu", "leaky_relu", "softsign"])
    )
    units = int(rng.choice([8, 12, 16, 20, 24]))
    hidden = [Layer(units, activation)] * depth
    columns = data.targets.shape[1]
    if data.kind == "regression":
        output, losses = "linear", ["mean_squared_error", "squared_error", "huber", "mean_absolute_error"]
    elif data.kind == "binary":
        output, losses = "sigmoid", ["binary_cross_entropy"]
        if rng.random() < 0.15:
            output, losses = "linear", ["hinge"]
    else:
        output, losses = "softmax", ["cross_entropy"]
    optimizer = optimizer or str(
        rng.choice(["sgd", "momentum", "nesterov", "adam", "adam", "rmsprop", "adamw"])
    )
    low, high = {
        "sgd": (0.1, 0.6),
        "momentum": (0.02, 0.1),
        "nesterov": (0.02, 0.1),
        "adam": (0.005, 0.03),
        "adamw": (0.005, 0.03),
        "rmsprop": (0.003, 0.01),
    }[optimizer]
    rate = float(np.exp(rng.uniform(np.log(low), np.log(high))))
    if data.kind == "regression" and optimizer in ("sgd", "momentum", "nesterov"):
        rate *= 0.4
    if len(data.inputs) < 10 and optimizer == "sgd":
        rate = 1.0
    batch = "full" if len(data.inputs) < 50 else [16, 32, "full", "full"][rng.integers(4)]
    experiment = Experiment(
        (*hidden, Layer(columns, output)),
        loss=str(rng.choice(losses)),
        optimizer=optimizer,
        learning_rate=float(f"{rate:.3g}"),
        initializer=initializer_for(activation),
        batch_size=batch,  # type: ignore[arg-type]
        validation=0.2 if len(data.inputs) > 100 and rng.random() < 0.2 else 0.0,
        seed=int(rng.integers(1, 10_000)),
        dtype=str(rng.choice(["float64", "float64", "float32"])),
    )
    return Training(experiment, data, int(rng.choice([500, 800, 1000, 1500, 2000])))


def with_layers(t: Training, layers: Any) -> Training:
    return replace(t, experiment=t.experiment.changed(layers=tuple(layers)))


def changed(t: Training, **settings: Any) -> Training:
    return replace(t, experiment=t.experiment.changed(**settings))


# -- faults: each gives the sick training and its twin ----------------------------------------------

Pair = tuple[Training, Training]


def rate_too_high(rng: Rng) -> Pair:
    t = draw_training(rng, draw_data(rng))
    factor = float(rng.choice([30, 60, 100, 200]))
    if rng.random() < 0.2:
        sick = replace(t, changed=(t.steps // 3, {"learning_rate": t.experiment.learning_rate * factor}))
        return sick, t
    return changed(t, learning_rate=t.experiment.learning_rate * factor), t


def rate_too_low(rng: Rng) -> Pair:
    t = draw_training(rng, draw_data(rng))
    return changed(t, learning_rate=t.experiment.learning_rate / 10 ** rng.uniform(2, 5)), t


def symmetric(rng: Rng) -> Pair:
    t = draw_training(rng, draw_data(rng))
    value = float(rng.choice([0.05, 0.1, 0.5, 1.0, -0.3]))
    return changed(t, initializer="zeros" if rng.random() < 0.4 else {"name": "constant", "value": value}), t


def dead(rng: Rng) -> Pair:
    data = draw_data(rng)
    data = replace(data, inputs=data.inputs - data.inputs.min(axis=0) if rng.random() < 0.7 else data.inputs)
    t = draw_training(rng, data, activation="relu")
    low = float(rng.uniform(-1.2, -0.5))
    sick = [{"name": "uniform", "low": low, "high": 0.0}, {"name": "normal", "mean": low, "std": 0.35}]
    return changed(t, initializer=sick[rng.integers(2)]), t


def saturated(rng: Rng) -> Pair:
    act = str(rng.choice(["tanh", "sigmoid", "softsign", "hard_sigmoid"]))
    t = draw_training(rng, draw_data(rng), activation=act)
    std = float(rng.uniform(8, 40))
    sick = [{"name": "normal", "std": std}, {"name": "uniform", "low": 2.0, "high": 8.0}]
    return changed(t, initializer=sick[int(rng.random() < 0.3)]), t


def vanishing(rng: Rng) -> Pair:
    depth = int(rng.integers(4, 8))
    t = draw_training(rng, draw_data(rng), depth=depth, activation="tanh")
    if rng.random() < 0.5:
        return changed(t, initializer={"name": "normal", "std": float(rng.uniform(0.01, 0.1))}), t
    act = str(rng.choice(["sigmoid", "hard_sigmoid"]))
    hidden = [replace(layer, activation=act) for layer in t.experiment.layers[:-1]]  # type: ignore[arg-type]
    return with_layers(t, [*hidden, t.experiment.layers[-1]]), t


def exploding(rng: Rng) -> Pair:
    act = str(rng.choice(["relu", "elu", "softplus", "silu", "leaky_relu", "linear", "selu"]))
    t = draw_training(rng, draw_data(rng), depth=int(rng.integers(3, 8)), activation=act)
    units = t.experiment.layers[0].units
    std = float(rng.uniform(3, 6)) / np.sqrt(units)
    reach = std * np.sqrt(3)
    sick = [{"name": "normal", "std": std}, {"name": "uniform", "low": -reach, "high": reach}]
    return changed(t, initializer=sick[rng.integers(2)]), t


def unreachable(rng: Rng) -> Pair:
    t = draw_training(rng, draw_data(rng, "regression"))
    act = str(rng.choice(["sigmoid", "tanh", "relu", "softplus", "softmax"][:4]))
    data = t.data if act != "tanh" else replace(t.data, targets=t.data.targets * 2.5)
    t = replace(t, data=data)
    return with_layers(t, [*t.experiment.layers[:-1], Layer(t.data.targets.shape[1], act)]), t


def bad_inputs(rng: Rng) -> Pair:
    data = draw_data(rng)
    x = data.inputs.copy()
    which = rng.integers(5)
    if which == 0:
        x[:, rng.integers(x.shape[1])] *= 10 ** rng.uniform(2, 4)
    elif which == 1:
        x = x * 10 ** rng.uniform(1.5, 3)
    elif which == 2:
        x = x + 10 ** rng.uniform(1.3, 3) * x.std()
    elif which == 3:
        x = x / 10 ** rng.uniform(1.5, 3)
    else:
        x = x * 10 ** rng.uniform(-2, 3, x.shape[1])
    t = draw_training(rng, replace(data, inputs=x))
    return t, changed(t, scaling="zscore")


def bad_targets(rng: Rng) -> Pair:
    t = draw_training(rng, draw_data(rng, "regression"))
    scale = 10 ** float(rng.choice([rng.uniform(1.5, 4), -rng.uniform(2, 3.5)]))
    shift = float(rng.choice([0, 0, 4])) * scale
    return replace(t, data=replace(t.data, targets=t.data.targets * scale + shift)), t


def too_small(rng: Rng) -> Pair:
    t = draw_training(rng, draw_data(rng))
    hidden, output = t.experiment.layers[:-1], t.experiment.layers[-1]
    which = rng.integers(3)
    if which == 0:
        return with_layers(t, [output]), t
    if which == 1:
        return with_layers(t, [*(replace(h, activation="linear") for h in hidden), output]), t  # type: ignore[arg-type]
    units = int(rng.integers(1, 3))
    return with_layers(t, [*(replace(h, units=units) for h in hidden), output]), t


def penalty(rng: Rng) -> Pair:
    t = draw_training(rng, draw_data(rng))
    which = rng.integers(3)
    if which == 2:
        t = draw_training(rng, t.data, optimizer="adamw")
        sick = {"name": "adamw", "weight_decay": float(rng.uniform(5, 40))}
        return changed(t, optimizer=sick), changed(t, optimizer={"name": "adamw", "weight_decay": 0.0})
    strength = float(10 ** rng.uniform(-1.7, 0.3))
    sick = {"name": ["l1", "l2"][which], "strength": strength}
    if rng.random() < 0.25:
        return replace(t, changed=(t.steps // 4, {"regularizer": sick})), t
    return changed(t, regularizer=sick), t


def dropout(rng: Rng) -> Pair:
    t = draw_training(rng, draw_data(rng))
    share = float(rng.uniform(0.6, 0.95))
    hidden = [replace(h, dropout=share) for h in t.experiment.layers[:-1]]
    return with_layers(t, [*hidden, t.experiment.layers[-1]]), t


def noisy(rng: Rng) -> Pair:
    t = draw_training(rng, draw_data(rng), optimizer=str(rng.choice(["sgd", "momentum", "adam", "nesterov"])))
    rate = t.experiment.learning_rate * float(rng.choice([1, 3, 6]))
    t = changed(t, batch_size="full", learning_rate=rate)
    if t.experiment.optimizer.name in ("momentum", "nesterov"):
        t = changed(
            t, optimizer={"name": t.experiment.optimizer.name, "momentum": float(rng.choice([0.9, 0.97]))}
        )
    return changed(t, batch_size=int(rng.integers(1, 4))), t


def swinging(rng: Rng) -> Pair:
    name = str(rng.choice(["momentum", "nesterov"]))
    t = draw_training(rng, draw_data(rng), optimizer=name)
    if rng.random() < 0.15:
        t = draw_training(rng, t.data, optimizer="adam")
        return changed(t, optimizer={"name": "adam", "beta1": float(rng.uniform(0.997, 0.9999))}), t
    sick = {"name": name, "momentum": float(1 - 10 ** rng.uniform(-4.3, -2))}
    return changed(t, optimizer=sick), t


def braked(rng: Rng) -> Pair:
    t = draw_training(rng, draw_data(rng))
    epochs = max(1, t.steps // Trainer(t.experiment, t.data).epoch_steps)
    sick = [
        {"name": "exponential", "factor": float(rng.uniform(0.5, 0.95))},
        {"name": "step", "every": max(1, epochs // 80), "factor": float(rng.uniform(0.1, 0.6))},
        {"name": "cosine", "epochs": max(1, epochs // 60)},
        {"name": "reduce_on_plateau", "factor": 0.2, "patience": 0},
    ]
    return changed(t, schedule=sick[rng.integers(4)]), t


def held(rng: Rng) -> Pair:
    t = draw_training(rng, draw_data(rng), depth=int(rng.integers(1, 3)))
    count = len(t.experiment.layers)
    layers = [(1,), tuple(range(1, count + 1)), tuple(range(1, count)), (count,)][rng.integers(4)]
    return replace(t, held=(int(rng.integers(0, 20)), layers)), t


def unrelated(rng: Rng) -> Pair:
    data = draw_data(rng, str(rng.choice(["regression", "binary"])))
    if len(data.inputs) < 60:
        data = draw_data(rng, "regression")
    t = changed(draw_training(rng, data), validation=0.3)
    order = rng.permutation(len(data.targets))
    return replace(t, data=replace(data, targets=data.targets[order])), t


def imbalanced(rng: Rng) -> Pair:
    n, share = 320, float(rng.uniform(0.86, 0.96))
    k = int(rng.choice([2, 2, 3]))
    rare = max(8, int(n * (1 - share) / (k - 1)))
    spread = float(rng.uniform(0.9, 1.2))

    def drawn(counts: list[int]) -> Dataset:
        label = np.repeat(np.arange(k), counts)
        label = label[rng.permutation(len(label))]
        angle = 2 * np.pi * np.arange(k) / k
        x = 1.1 * np.stack([np.cos(angle), np.sin(angle)], 1)[label] + rng.normal(0, spread, (len(label), 2))
        return Dataset.from_arrays(x, label, "binary" if k == 2 else "multiclass")

    sick = drawn([n - rare * (k - 1), *[rare] * (k - 1)])
    t = draw_training(rng, sick, depth=1)
    t = changed(replace(t, steps=600), batch_size="full")
    return t, replace(t, data=drawn([n // k] * k))


def overfitted(rng: Rng) -> Pair:
    n, d = int(rng.integers(60, 140)), int(rng.integers(15, 40))
    x = rng.normal(0, 1, (n, d))
    y = x[:, 0] + 0.7 * x[:, 1]
    binary = rng.random() < 0.6
    y = (y > 0).astype(int) if binary else (y + rng.normal(0, 0.3, n)) / 1.2
    data = Dataset.from_arrays(x, y, "binary" if binary else "regression")
    t = draw_training(rng, data, depth=1, activation=str(rng.choice(["tanh", "relu"])), optimizer="adam")
    t = changed(replace(t, steps=1200), validation=0.5, batch_size="full", dtype="float64")
    cures = [
        {"regularizer": {"name": "l1", "strength": 0.01}},
        {"regularizer": {"name": "l2", "strength": 0.05}},
        {"regularizer": {"name": "l1", "strength": 0.02}},
    ]
    return t, changed(t, **cures[rng.integers(3)])


def contradictory(rng: Rng) -> Pair:
    data = draw_data(rng)
    n = len(data.inputs)
    if n < 20:
        data = draw_data(rng, "regression")
        n = len(data.inputs)
    t = draw_training(rng, data)
    half = n // 2
    x, y = data.inputs[:half], data.targets[:half]
    other = y[rng.permutation(half)]
    if data.kind == "binary":
        other = np.where(rng.random((half, 1)) < 0.75, 1 - y, y)
    x2 = np.concatenate([x, x])
    sick = replace(data, inputs=x2, targets=np.concatenate([y, other]))
    return replace(t, data=sick), replace(t, data=replace(data, inputs=x2, targets=np.concatenate([y, y])))


def too_short(rng: Rng) -> Pair:
    t = draw_training(rng, draw_data(rng))
    return replace(t, steps=max(8, int(t.steps / rng.uniform(12, 40)))), t


FAULTS: dict[str, Callable[[Rng], Pair]] = {
    "learning_rate_too_high": rate_too_high,
    "learning_rate_too_low": rate_too_low,
    "symmetric_units": symmetric,
    "dead_units": dead,
    "saturated_units": saturated,
    "vanishing_gradient": vanishing,
    "exploding_gradient": exploding,
    "output_cannot_reach_targets": unreachable,
    "unscaled_inputs": bad_inputs,
    "unscaled_targets": bad_targets,
    "network_too_small": too_small,
    "penalty_too_strong": penalty,
    "dropout_too_strong": dropout,
    "batch_too_noisy": noisy,
    "momentum_too_high": swinging,
    "schedule_too_early": braked,
    "frozen_parameters": held,
    "labels_unrelated": unrelated,
    "class_imbalance": imbalanced,
    "overfitting": overfitted,
    "contradictory_rows": contradictory,
    "not_run_long_enough": too_short,
}


# -- healthy, but hard-looking ---------------------------------------------------------------------


def healthy(rng: Rng) -> Training:
    which = rng.integers(10)
    if which == 0:  # wrong labels
        data = draw_data(rng, "binary")
        y = data.targets.copy()
        odd = rng.random(len(y)) < 0.06
        y[odd] = 1 - y[odd]
        return draw_training(rng, replace(data, targets=y))
    if which == 1:  # noise that no network explains
        data = draw_data(rng, "regression")
        noise = rng.normal(0, rng.uniform(0.5, 1.2), data.targets.shape)
        t = draw_training(rng, replace(data, targets=(data.targets + noise) / 1.3))
        return changed(t, validation=float(rng.choice([0.0, 0.3])))
    if which == 2:  # clouds that overlap
        x, y = clouds(rng, 300, int(rng.choice([2, 3])), 1.0)
        kind: Any = "binary" if y.max() == 1 else "multiclass"
        return draw_training(rng, Dataset.from_arrays(x, y, kind))
    if which == 3:  # frequent, but well apart
        x, y = clouds(rng, 300, 3, 0.3)
        keep = (y == 0) | (rng.random(300) < 0.1)
        return draw_training(rng, Dataset.from_arrays(x[keep], y[keep], "multiclass"))
    if which == 4:  # deep
        return draw_training(rng, draw_data(rng), depth=int(rng.integers(4, 7)), activation="tanh")
    if which == 5:  # out of scale, and it does not matter
        data = draw_data(rng)
        return draw_training(rng, replace(data, inputs=data.inputs * 4 + 1), optimizer="adam")
    if which == 6:  # validation
        return changed(draw_training(rng, draw_data(rng, "regression")), validation=0.3)
    if which == 7:  # dropout and penalty that do no harm
        t = draw_training(rng, draw_data(rng))
        hidden = [replace(h, dropout=0.1) for h in t.experiment.layers[:-1]]
        return changed(
            with_layers(t, [*hidden, t.experiment.layers[-1]]), regularizer={"name": "l2", "strength": 1e-5}
        )
    if which == 8:  # contradictions, few
        data = draw_data(rng)
        if len(data.inputs) < 50:
            data = draw_data(rng, "regression")
        x = data.inputs.copy()
        x[:8] = x[8:16]
        return draw_training(rng, replace(data, inputs=x))
    return draw_training(rng, draw_data(rng))


# -- verification ----------------------------------------------------------------------------------


def goal_of(twin: Score, part: str, cause: str) -> Callable[[Score], bool]:
    bound = min(max(2 * twin.relative, 0.1), max(1.1 * twin.relative, 0.35))
    recall = None if twin.recall is None else twin.recall - 0.05

    def reached(s: Score) -> bool:
        if cause != "class_imbalance" and s.relative <= bound:
            return True
        return recall is not None and s.recall is not None and s.recall >= recall

    return reached


def learns(s: Score, cause: str) -> bool:
    if cause == "class_imbalance":
        return s.recall is not None and s.recall >= 0.72
    if cause == "overfitting":
        return s.relative <= 0.6 or (s.recall or 0) >= 0.85
    return s.learned


def ends_badly(sick: Score, twin: Score, cause: str) -> bool:
    lower = (twin.recall or 0) - (sick.recall or 0) if twin.recall is not None else 0.0
    if cause == "class_imbalance":
        return lower >= 0.15
    if sick.recall is not None and sick.recall >= 0.9:
        return False
    if sick.relative >= 0.9 and sick.relative >= 2 * twin.relative:
        return True
    if sick.relative >= max(3 * twin.relative, 0.33) and (sick.recall is None or lower >= 0.08):
        return True
    return lower >= 0.15


def outcome(t: Training, part: str, *, changes: bool = True) -> Score:
    trainer, diverged = t.run(changes=changes)
    s = measure(trainer, part)
    return s._replace(relative=1e9, recall=None if s.recall is None else 0.0) if diverged else s


def knobs(t: Training) -> Iterator[tuple[str, Training]]:
    e = t.experiment
    t = replace(t, changed=None, experiment=e.changed(**(t.changed[1] if t.changed else {})))
    e = t.experiment
    for factor in (3, 10, 30, 100, 1000):
        yield "learning_rate_too_high", changed(t, learning_rate=e.learning_rate / factor)
    for factor in (3, 10, 30, 100):
        yield "learning_rate_too_low", changed(t, learning_rate=e.learning_rate * factor)
    field = (
        "momentum" if hasattr(e.optimizer, "momentum") else "beta1" if hasattr(e.optimizer, "beta1") else ""
    )
    if field:
        for m in (0.9, 0.5, 0.0):
            if m < getattr(e.optimizer, field):
                yield "momentum_too_high", changed(t, optimizer=replace(e.optimizer, **{field: m}))
    if e.batch_size != "full":
        yield "batch_too_noisy", changed(t, batch_size="full")
        if e.batch_size * 16 < len(t.data.inputs) * (1 - e.validation):
            yield "batch_too_noisy", changed(t, batch_size=e.batch_size * 16)
    yield "not_run_long_enough", replace(t, steps=3 * t.steps)


def verified(cause: str, rng: Rng, seeds: int = 2) -> Case | None:
    """A case of a cause, if the draw is one."""
    sick, twin = FAULTS[cause](rng)
    part = "validation" if cause in ("overfitting", "labels_unrelated") else "training"
    try:
        good, bad = outcome(twin, part), outcome(sick, part)
        reached = goal_of(good, part, cause)
        if not learns(good, cause) or not ends_badly(bad, good, cause) or reached(bad):
            return None
        if cause == "overfitting" and outcome(sick, "training").relative > 0.3 * bad.relative:
            return None
        for seed in range(1, seeds + 1):
            if reached(outcome(sick.reseeded(seed), part)) or not reached(outcome(twin.reseeded(seed), part)):
                return None
        accepted = []
        if cause not in ("overfitting", "labels_unrelated"):
            for name, turned in knobs(sick):
                if name != cause and name not in accepted and reached(outcome(turned, part)):
                    accepted.append(name)
        if cause in ("learning_rate_too_low", "class_imbalance") and "not_run_long_enough" in accepted:
            return None
    except EngineError:
        return None
    return Case(cause, cause, sick, twin, part, tuple(accepted))


def sound(rng: Rng) -> Case | None:
    t = healthy(rng)
    trainer, diverged = t.run()
    if diverged:
        return None
    s = measure(trainer, "validation" if t.experiment.validation else "training")
    noisy_data = not s.learned
    if noisy_data:  # at the floor of what is known, if a larger network with more steps does no better
        e = t.experiment
        wide = [replace(h, units=2 * h.units) for h in e.layers[:-1]]
        more = replace(with_layers(t, [*wide, e.layers[-1]]), steps=2 * t.steps)
        other = measure(more.run()[0], "training")
        mine = measure(trainer, "training")
        if mine.relative > 0.93 or other.relative < 0.75 * mine.relative:
            return None
        if e.validation and s.relative > 1.4 * mine.relative:
            return None
    return Case("healthy", None, t, None)


def draw(cause: str, rng: Rng, tries: int = 40) -> Case | None:
    for _ in range(tries):
        case = sound(rng) if cause == "healthy" else verified(cause, rng)
        if case is not None:
            return case
    return None


# -- the table -------------------------------------------------------------------------------------


@dataclass
class Tally:
    hit: Counter[str]
    total: Counter[str]
    named: int = 0
    right: int = 0
    alarms: int = 0
    offered: int = 0
    cured: int = 0
    curable: int = 0
    longest: float = 0.0
    part: float = 0.0
    slowest: str = ""
    seconds: float = 0.0


def judge(case: Case, tally: Tally, show: bool) -> None:
    trainer, _ = case.sick.run()
    before = [*trainer.weights, *trainer.biases]
    began = part = time.process_time()
    examination = Examination(trainer)
    done = False
    while not done:
        done = examination.advance()
        now = time.process_time()
        tally.part, part = max(tally.part, now - part), now
    findings = examination.findings
    took = time.process_time() - began
    tally.longest, tally.slowest = max((tally.longest, tally.slowest), (took, case.name))
    tally.seconds += took
    assert all(np.array_equal(a, b) for a, b in zip(before, [*trainer.weights, *trainer.biases], strict=True))
    first = findings[0] if findings else None
    label = case.cause or "healthy"
    name = label if case.name in (label, None) else f"{case.name} {label}"
    ok = (
        first is None
        if case.cause is None
        else first is not None and first.cause in (case.cause, *case.accepted)
    )
    tally.total[label] += 1
    tally.hit[label] += ok
    tally.named += first is not None
    tally.right += ok and first is not None
    tally.alarms += case.cause is None and first is not None
    healed = ""
    twin = case.twin
    tally.curable += twin is not None and twin.experiment != case.sick.experiment
    if case.cause and first is not None and first.cure is not None:
        tally.offered += 1
        assert case.twin is not None
        reached = goal_of(outcome(case.twin, case.part), case.part, case.cause)
        try:
            s = outcome(replace(case.sick, experiment=first.cure), case.part, changes=False)
            good = reached(s)
        except EngineError:
            good = False
        tally.cured += good
        healed = "cures" if good else "DOES NOT CURE"
    if show or not ok or healed == "DOES NOT CURE":
        e = case.sick.experiment
        net = "-".join(f"{h.units}{h.activation.name}" for h in e.layers)
        print(
            f"{'  ' if ok else '! '}{name}: said {first.cause if first else None} {healed} "
            f"accepted {case.accepted} [{net} {e.optimizer.plain()} {e.learning_rate:g} batch {e.batch_size} "
            f"{e.initializer.plain()} steps {case.sick.steps} rows {len(case.sick.data.inputs)}] "
            f"{measure(trainer, case.part).relative:.3g} {took:.2f} s",
            flush=True,
        )
        if show and first:
            print("     ", first.text)


def drawn(options: argparse.Namespace) -> Iterator[Case]:
    """New cases, one after the other."""
    for place, cause in enumerate([*(cause for cause in CAUSES if cause in FAULTS), "healthy"]):
        if options.only and cause not in options.only:
            continue
        for number in range(options.healthy if cause == "healthy" else options.cases):
            case = draw(cause, np.random.default_rng([options.seed, place, number]))
            if case is None:
                print(f"no case of {cause}", flush=True)
            else:
                yield case


# -- cases in a folder: settings as TOML, data as NPZ, all else in manifest.json ---------------------


def read(folder: Path) -> Iterator[Case]:
    """The cases of a folder."""
    for case in json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["cases"]:
        sick = _read(folder, case, case["kind"])
        twin = _read(folder, case["twin"], case["kind"]) if case["cause"] and "twin" in case else None
        if twin is not None and case["twin"]["data"] == case["data"]:
            twin = replace(twin, data=sick.data)
        yield Case(case["id"], case["cause"], sick, twin, case["measured_on"], tuple(case["also_accepted"]))


def _read(folder: Path, plain: dict[str, Any], kind: Any) -> Training:
    with np.load(folder / plain["data"]) as arrays:
        data = Dataset.from_arrays(arrays["inputs"], arrays["targets"], kind)
    experiment = Experiment.from_toml((folder / plain["experiment"]).read_text(encoding="utf-8"))
    held = [(e["at"], tuple(e["freeze"])) for e in plain["events"] if "freeze" in e]
    edits = [(e["at"], e["set"]) for e in plain["events"] if "set" in e]
    return Training(experiment, data, plain["steps"], held[0] if held else None, edits[0] if edits else None)


def write(folder: Path, cases: list[Case]) -> None:
    """Keep cases in a new folder."""
    folder.mkdir(parents=True)
    plain = []
    for number, case in enumerate(cases):
        name = f"n{number:03}"
        entry = {"id": name, "cause": case.cause, "also_accepted": case.accepted, "measured_on": case.part}
        entry |= {"kind": case.sick.data.kind, **_write(folder, name, case.sick)}
        if case.twin is not None:
            entry["twin"] = _write(folder, f"{name}-twin", case.twin)
            if case.twin.data is case.sick.data:
                entry["twin"]["data"] = entry["data"]
        plain.append(entry)
    (folder / "manifest.json").write_text(json.dumps({"cases": plain}, indent=1), encoding="utf-8")


def _write(folder: Path, name: str, t: Training) -> dict[str, Any]:
    (folder / f"{name}.toml").write_text(t.experiment.to_toml(), encoding="utf-8")
    targets = t.data.targets.argmax(axis=1) if t.data.kind == "multiclass" else t.data.targets
    np.savez_compressed(folder / f"{name}.npz", inputs=t.data.inputs, targets=targets)
    events: list[dict[str, Any]] = []
    if t.held:
        events.append({"at": t.held[0], "freeze": list(t.held[1])})
    if t.changed:
        events.append({"at": t.changed[0], "set": t.changed[1]})
    return {"experiment": f"{name}.toml", "data": f"{name}.npz", "steps": t.steps, "events": events}


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--cases", type=int, default=2, help="of each cause")
    arguments.add_argument("--healthy", type=int, default=20)
    arguments.add_argument("--only", action="append", default=[])
    arguments.add_argument("--show", action="store_true")
    arguments.add_argument("--folder", type=Path, help="cases that were kept here are judged instead")
    arguments.add_argument("--keep", type=Path, help="a new folder for the cases that are drawn")
    options = arguments.parse_args()
    tally = Tally(Counter(), Counter())
    kept: list[Case] = []
    for case in read(options.folder) if options.folder else drawn(options):
        if not options.only or (case.cause or "healthy") in options.only:
            judge(case, tally, options.show)
            kept.append(case)
    if options.keep:
        write(options.keep, kept)
    sick = sum(n for name, n in tally.total.items() if name != "healthy")
    hits = sum(n for name, n in tally.hit.items() if name != "healthy")
    for name, n in tally.total.items():
        print(f"{name:30} {tally.hit[name]} of {n}")
    print(f"recall of the first finding {hits} of {sick}, precision {tally.right} of {tally.named}")
    print(f"false alarms {tally.alarms} of {tally.total['healthy']}")
    print(f"cures that cure {tally.cured} of {tally.offered}, curable by settings {tally.curable}")
    mean = tally.seconds / max(1, sum(tally.total.values()))
    print(f"CPU: longest {tally.longest:.2f} s ({tally.slowest}), mean {mean:.2f} s")
    print(f"longest part {tally.part:.3f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
