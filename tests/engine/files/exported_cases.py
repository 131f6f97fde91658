"""Networks that the exporters must carry on with the same numbers, and how their scripts are run."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from engine import Dataset, Experiment, Layer, Trainer, builtin
from engine.files.session import Session, capture
from engine.functions import ACTIVATIONS, OPTIMIZERS

STEPS = 100

RUN_SCRIPTS = """
import contextlib, io, json, runpy, sys
losses = {}
steps, scripts = sys.argv[1], sys.argv[2:]
for path in scripts:
    sys.argv = [path, steps]
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        runpy.run_path(path)
    losses[path] = [float(line.split()[1]) for line in text.getvalue().splitlines()]
print(json.dumps(losses))
"""


def _points(kind: str, outputs: int = 2, rows: int = 23) -> Dataset:
    rng = np.random.default_rng(rows)
    inputs = rng.normal(size=(rows, 3))
    if kind == "regression":
        return Dataset.from_arrays(inputs, rng.normal(size=(rows, outputs)))
    if kind == "binary":
        return Dataset.from_arrays(inputs, rng.integers(2, size=rows), "binary")
    return Dataset.from_arrays(inputs, np.eye(3)[rng.integers(3, size=rows)], "multiclass")


def _with_gaps() -> Dataset:
    rng = np.random.default_rng(4)
    inputs = rng.normal(size=(30, 3)) * [1, 100, 0.01] + 5
    inputs[rng.random(inputs.shape) < 0.1] = np.nan
    name = 'bad"""\nimport os  # \\'
    return Dataset.from_arrays(inputs, rng.normal(size=30), name=name, feature_names=["a\nb", "c", "d"])


def _trained(dataset: Dataset, steps: int = 37, **changes: Any) -> Trainer:
    """A trainer after some steps in the middle of an epoch."""
    kinds = {
        "regression": ("linear", "squared_error"),
        "binary": ("sigmoid", "binary_cross_entropy"),
        "multiclass": ("softmax", "cross_entropy"),
    }
    output, loss = kinds[dataset.kind]
    layers = (Layer(4, "tanh"), Layer(dataset.targets.shape[1], output))
    chosen = {"layers": layers, "loss": loss, "batch_size": 6, "learning_rate": 0.05, **changes}
    trainer = Trainer(Experiment(**chosen), dataset)
    trainer.run(steps)
    return trainer


def _cases() -> dict[str, Callable[[], Trainer]]:
    regression, binary, classes = _points("regression"), _points("binary"), _points("multiclass")
    found: dict[str, Callable[[], Trainer]] = {}

    def add(name: str, dataset: Dataset, steps: int = 37, **changes: Any) -> None:
        found[name] = lambda: _trained(dataset, steps, **changes)

    for activation in ACTIVATIONS:
        add(f"activation {activation}", regression, layers=(Layer(3, activation), Layer(2, activation)))
    mixed = (Layer(3, {"name": "elu", "alpha": 0.7}), Layer(3, "elu"), Layer(2, {"name": "elu", "alpha": 2}))
    add("activations of one kind", regression, layers=mixed)
    for loss in ("mean_squared_error", "mean_absolute_error", {"name": "huber", "delta": 0.5}):
        add(f"loss {loss}", regression, loss=loss)
    add("loss hinge", binary, loss="hinge", layers=(Layer(3, "tanh"), Layer(1)))
    add("loss binary, natural", binary)
    add("loss binary, by softmax", classes, loss="binary_cross_entropy")
    add("loss classes, natural", classes)
    add("loss classes, by sigmoid", classes, layers=(Layer(3, "tanh"), Layer(3, "sigmoid")))
    for optimizer in OPTIMIZERS:
        for steps in (0, 37):
            add(f"optimizer {optimizer} {steps}", classes, steps, optimizer=optimizer, learning_rate=0.01)
    add("optimizer nesterov without", classes, optimizer={"name": "nesterov", "momentum": 0})
    schedules: list[Any] = [
        {"name": "step", "every": 2},
        {"name": "exponential", "factor": 0.9},
        {"name": "cosine", "epochs": 30, "floor": 0.1},
        {"name": "linear_warm_up", "steps": 60},
    ]
    for schedule in schedules:
        add(f"schedule {schedule['name']}", regression, schedule=schedule)
    plateau = {"name": "reduce_on_plateau", "patience": 1}
    add("schedule plateau", regression, schedule=plateau, learning_rate=0.3)
    add("schedule plateau, sum", regression, schedule=plateau, reduction="sum")
    add("schedule plateau, validated", regression, schedule=plateau, validation=0.3, learning_rate=0.3)
    add("schedule plateau, full batch", regression, schedule=plateau, batch_size="full", learning_rate=0.5)
    add("penalty l1", regression, regularizer={"name": "l1", "strength": 0.1}, optimizer="momentum")
    add("penalty l2", regression, regularizer={"name": "l2", "strength": 0.1}, optimizer="adamw")
    add("clipping value", regression, clipping={"name": "value", "limit": 0.05}, regularizer="l2")
    add("clipping norm", regression, clipping={"name": "global_norm", "limit": 0.3}, regularizer="l1")
    deep = (Layer(5, "tanh", 0.3), Layer(4, "relu"), Layer(4, "softmax", 0.5), Layer(3, "softmax"))
    add("dropout", classes, layers=deep, optimizer="adam")
    add("dropout, single precision", classes, layers=deep, dtype="float32")
    add("dropout, validated plateau", classes, layers=deep, schedule=plateau, validation=0.2)
    add("single precision", classes, dtype="float32", optimizer="adam", schedule=plateau)
    add("full batch", classes, batch_size="full", scaling="zscore")
    add("sum", classes, reduction="sum", learning_rate=0.01)
    add("means of biases", classes, reduction="sum", bias_reduction="mean", learning_rate=0.01)
    add("output first", classes, update_order="output_first", optimizer="momentum", regularizer="l2")
    add("gaps and scaling", _with_gaps(), scaling="minmax", missing="median")
    add("gaps left out", _with_gaps(), scaling="zscore", missing="drop", validation=0.2)
    add("one layer", regression, layers=(Layer(2),))
    add(
        "many numbers", builtin("digits"), 8, layers=(Layer(20, "relu"), Layer(10, "softmax")), batch_size=200
    )

    def held() -> Trainer:
        trainer = _trained(classes, optimizer="adamw")
        trainer.freeze(weights=[(1, 0, 2), (2, 1, 1)], biases=[(2, 0)])
        trainer.run(5)
        return trainer

    def held_whole() -> Trainer:
        trainer = _trained(classes, optimizer="momentum")
        trainer.freeze(weights=[(1, i, j) for i in range(3) for j in range(4)], biases=[(1, 0)])
        trainer.freeze(weights=[(2, i, j) for i in range(4) for j in range(3)])
        return trainer

    def other_settings() -> Trainer:
        trainer = _trained(classes, schedule=plateau, learning_rate=0.5)
        trainer.run(200)
        trainer.change(trainer.experiment.changed(optimizer="adam", schedule="constant", batch_size="full"))
        trainer.run(1)
        assert trainer.snapshot().present.plateau.factor < 1
        return trainer

    def in_the_middle_of_an_epoch() -> Trainer:
        trainer = _trained(classes)
        assert not trainer.at_epoch_start
        trainer.change(trainer.experiment.changed(batch_size="full"))
        return trainer

    def in_the_past() -> Trainer:
        trainer = _trained(classes, 150, optimizer="adam")
        trainer.seek(41)
        return trainer

    return {
        **found,
        "held": held,
        "held whole": held_whole,
        "other settings on the way": other_settings,
        "full batch from the middle of an epoch": in_the_middle_of_an_epoch,
        "in the past": in_the_past,
    }


CASES = _cases()


def sessions() -> dict[str, tuple[Session, Any]]:
    """Each case as it is to be exported, and the losses of its next steps."""
    found = {}
    for name, make in CASES.items():
        trainer = make()
        session = capture(trainer)
        found[name] = session, trainer.run(STEPS).loss
    return found


def losses_of(python: str, scripts: list[Path], *options: str) -> list[list[float]]:
    """What scripts print, run one after another by one interpreter from a folder of its own."""
    arguments = [python, *options, "-c", RUN_SCRIPTS, str(STEPS), *map(str, scripts)]
    child = subprocess.run(arguments, capture_output=True, text=True, cwd=scripts[0].parent)
    assert child.returncode == 0, child.stderr
    losses: dict[str, list[float]] = json.loads(child.stdout)
    return [losses[str(script)] for script in scripts]


def difference(ours: Any, theirs: Any) -> float:
    """The largest difference of two series, against the largest of their numbers."""
    assert len(ours) == len(theirs)
    return float(np.abs(np.subtract(ours, theirs)).max() / np.abs(ours).max())


PYTHON = sys.executable
