"""Networks that the exporters must carry on with the same numbers, and how their scripts are run."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from engine import Dataset, Experiment, Layer, Trainer, builtin, load_dataset
from engine.data.dataset import feature_columns
from engine.files.session import Session, capture
from engine.functions import ACTIVATIONS, OPTIMIZERS

STEPS = 60

HALF = STEPS // 2
AGAIN = 3

RUN_SCRIPTS = """
import contextlib, io, json, runpy, sys
import numpy as np
half, again, exact, *scripts = json.loads(sys.argv[1])
options = ["--exact"] if exact else []
flags = {"exact": True} if exact else {}

def printed(call):
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        result = call()
    lines = [line.split() for line in text.getvalue().splitlines()]
    return [float(line[1]) for line in lines if line[0].isdecimal()], result

def run(path, *arguments):
    sys.argv = [path, *map(str, arguments), *options]
    return printed(lambda: runpy.run_path(path, run_name="__main__"))

def answers(names, rows):
    outputs = np.asarray(names["outputs" if "classes" in names else "predict"](rows)).tolist()
    return outputs, names["predict"](rows) if "classes" in names else outputs

found = []
for path, rows in zip(scripts, json.loads(sys.stdin.read())):
    weights = path + ".weights"
    _, names = run(path, 0)
    before = answers(names, rows)
    losses, _ = printed(lambda: names["train"](half, **flags))
    names["save"](weights)
    more, names = run(path, half, "--load", weights)
    after = answers(names, rows)
    names["load"](weights)
    repeated, _ = printed(lambda: names["train"](again, **flags))
    found.append([losses + more, repeated, before, after])
print(json.dumps(found))
"""


def _points(kind: str, outputs: int = 2, rows: int = 23) -> Dataset:
    rng = np.random.default_rng(rows)
    inputs = rng.normal(size=(rows, 3))
    if kind == "regression":
        return Dataset.from_arrays(inputs, rng.normal(size=(rows, outputs)))
    if kind == "binary":
        return Dataset.from_arrays(inputs, rng.integers(2, size=rows), "binary")
    if kind == "multilabel":
        return Dataset.from_arrays(inputs, rng.integers(2, size=(rows, outputs)), "multilabel")
    return Dataset.from_arrays(inputs, np.eye(3)[rng.integers(3, size=rows)], "multiclass")


def _with_gaps() -> Dataset:
    rng = np.random.default_rng(4)
    inputs = rng.normal(size=(30, 3)) * [1, 100, 0.01] + 5
    inputs[rng.random(inputs.shape) < 0.1] = np.nan
    name = 'bad"""\nimport os  # \\'
    return Dataset.from_arrays(inputs, rng.normal(size=30), name=name, feature_names=["a\nb", "c", "d"])


def _far_out(missing: bool = False) -> Dataset:
    """Targets as salaries are, and as small as a current."""
    rng = np.random.default_rng(6)
    inputs = rng.normal(size=(25, 3))
    targets = np.column_stack([5e4 + 9e3 * inputs[:, 0], 2e-4 * np.sin(inputs[:, 1])])
    if missing:
        inputs[rng.random(inputs.shape) < 0.1] = np.nan
    return Dataset.from_arrays(inputs, targets)


def _with_categories() -> Dataset:
    colours = ("red", "blue", "", 'it\'s "grün"', "blue", "red")
    lines = [f"{i / 7},{colours[i % 6]},{i * i % 11 or ''},{'yes' if i % 3 else 'no'}" for i in range(40)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "colours.csv"
        path.write_text("\n".join(["x,colour,y,target", *lines]), encoding="utf-8")
        return load_dataset(path)


def _trained(dataset: Dataset, steps: int = 37, **changes: Any) -> Trainer:
    """A trainer after some steps in the middle of an epoch."""
    kinds = {
        "regression": ("linear", "squared_error"),
        "binary": ("sigmoid", "binary_cross_entropy"),
        "multiclass": ("softmax", "cross_entropy"),
        "multilabel": ("sigmoid", "binary_cross_entropy"),
    }
    output, loss = kinds[dataset.kind]
    layers = (Layer(4, "tanh"), Layer(dataset.targets.shape[1], output))
    chosen = {"layers": layers, "loss": loss, "batch_size": 6, "learning_rate": 0.05, **changes}
    trainer = Trainer(Experiment(**chosen), dataset)
    trainer.run(steps)
    return trainer


PLATEAU = {"name": "reduce_on_plateau", "patience": 1}


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
    add("schedule plateau", regression, schedule=PLATEAU, learning_rate=0.3)
    add("schedule plateau, sum", regression, schedule=PLATEAU, reduction="sum")
    add("schedule plateau, validated", regression, schedule=PLATEAU, validation=0.3, learning_rate=0.3)
    add("schedule plateau, full batch", regression, schedule=PLATEAU, batch_size="full", learning_rate=0.5)
    add("penalty l1", regression, regularizer={"name": "l1", "strength": 0.1}, optimizer="momentum")
    add("penalty l2", regression, regularizer={"name": "l2", "strength": 0.1}, optimizer="adamw")
    add("clipping value", regression, clipping={"name": "value", "limit": 0.05}, regularizer="l2")
    add("clipping norm", regression, clipping={"name": "global_norm", "limit": 0.3}, regularizer="l1")
    deep = (Layer(5, "tanh", 0.3), Layer(4, "relu"), Layer(4, "softmax", 0.5), Layer(3, "softmax"))
    add("dropout", classes, layers=deep, optimizer="adam")
    add("dropout, single precision", classes, layers=deep, dtype="float32")
    add("dropout, validated plateau", classes, layers=deep, schedule=PLATEAU, validation=0.2)
    add("single precision", classes, dtype="float32", optimizer="adam", schedule=PLATEAU)
    add("full batch", classes, batch_size="full", scaling="zscore")
    add("sum", classes, reduction="sum", learning_rate=0.01)
    add("means of biases", classes, reduction="sum", bias_reduction="mean", learning_rate=0.01)
    add("output first", classes, update_order="output_first", optimizer="momentum", regularizer="l2")
    add("gaps and scaling", _with_gaps(), scaling="minmax", missing="median")
    add("gaps left out", _with_gaps(), scaling="zscore", missing="drop", validation=0.2)
    add("dropout, gaps and scaling", _with_gaps(), layers=(Layer(6, "tanh", 0.4), Layer(1)), scaling="zscore")
    add("categories", _with_categories(), scaling="zscore", missing="most_frequent")
    add("scaled targets", _far_out(), target_scaling="zscore")
    add("scaled targets, minmax", _far_out(missing=True), target_scaling="minmax", scaling="zscore")
    add("scaled targets, single", _far_out(), target_scaling="zscore", scaling="minmax", dtype="float32")
    add("scaled targets, validated", _far_out(), target_scaling="zscore", schedule=PLATEAU, validation=0.2)
    add("several labels", _points("multilabel"), scaling="zscore")
    add("one layer", regression, layers=(Layer(2),))
    add(
        "many numbers", builtin("digits"), 8, layers=(Layer(20, "relu"), Layer(10, "softmax")), batch_size=200
    )
    return found


def _held() -> Trainer:
    trainer = _trained(_points("multiclass"), optimizer="adamw")
    trainer.freeze(weights=[(1, 0, 2), (2, 1, 1)], biases=[(2, 0)])
    trainer.run(5)
    return trainer


def _held_whole() -> Trainer:
    trainer = _trained(_points("multiclass"), optimizer="momentum")
    trainer.freeze(weights=[(1, i, j) for i in range(3) for j in range(4)], biases=[(1, 0)])
    trainer.freeze(weights=[(2, i, j) for i in range(4) for j in range(3)])
    return trainer


def _other_settings() -> Trainer:
    trainer = _trained(_points("multiclass"), schedule=PLATEAU, learning_rate=0.5)
    trainer.run(200)
    assert trainer.snapshot().present.plateau.factor < 1
    trainer.change(trainer.experiment.changed(optimizer="adam", schedule="constant", batch_size="full"))
    trainer.run(1)
    return trainer


def _plateau_from_within_an_epoch() -> Trainer:
    trainer = _trained(_points("multiclass"))
    assert not trainer.at_epoch_start
    trainer.change(trainer.experiment.changed(schedule=PLATEAU))
    return trainer


def _in_the_middle_of_an_epoch() -> Trainer:
    trainer = _trained(_points("multiclass"))
    assert not trainer.at_epoch_start
    trainer.change(trainer.experiment.changed(batch_size="full"))
    return trainer


def _in_the_past() -> Trainer:
    trainer = _trained(_points("multiclass"), 150, optimizer="adam")
    trainer.seek(41)
    return trainer


EDITED: dict[str, Callable[[], Trainer]] = {
    "held": _held,
    "held whole": _held_whole,
    "other settings on the way": _other_settings,
    "plateau from the middle of an epoch": _plateau_from_within_an_epoch,
    "full batch from the middle of an epoch": _in_the_middle_of_an_epoch,
    "in the past": _in_the_past,
}

CASES = {**_cases(), **EDITED}


class Answers(NamedTuple):
    """What is made of rows: the outputs, and the classes, labels or values they stand for."""

    outputs: Any
    predicted: Any


class Exported(NamedTuple):
    """A case as it is to be exported, and what comes of it in the app.

    Attributes
    ----------
    losses
        Of its next steps.
    rows
        Rows as they might come in later, with cells as in the data and one of them missing.
    before, after
        What the network makes of them, and what it makes of them after those steps.
    """

    session: Session
    losses: Any
    rows: Any
    before: Answers
    after: Answers


def exported(trainer: Trainer) -> Exported:
    """What is to be compared with the scripts of a trainer as it stands."""
    session = capture(trainer)
    cells = raw_cells(trainer.dataset, 4)
    before = answers(trainer, cells)
    losses = trainer.run(STEPS).loss
    return Exported(session, losses, cells, before, answers(trainer, cells))


def sessions() -> dict[str, Exported]:
    """The cases, made and trained on."""
    return {name: exported(make()) for name, make in CASES.items()}


def raw_cells(data: Dataset, count: int) -> list[list[Any]]:
    """Rows that the data might have had, as the cells of its columns; the first cell is missing."""
    rows: list[list[Any]] = [[] for _ in range(count)]
    place = 0
    for _, levels in feature_columns(data):
        width = 1 if levels is None else len(levels)
        for row, found in zip(rows, data.inputs[:count, place : place + width].tolist(), strict=True):
            if levels is None:
                row.append(None if found[0] != found[0] else found[0] * 1.25)
            else:
                row.append(levels[found.index(1.0)] if 1.0 in found else None)
        place += width
    rows[0][0] = None
    return rows


def answers(trainer: Trainer, cells: list[list[Any]]) -> Answers:
    """What the app makes of rows."""
    data = trainer.dataset
    names = [name for name, _ in feature_columns(data)]
    given: Any = [dict(zip(names, row, strict=True)) for row in cells]
    if not data.columns:
        given = np.array(cells, dtype=float)
    found = trainer.model().predict(given)
    if found.said_labels is not None:
        named = [
            [name for name, said in zip(data.target_names, row, strict=True) if said]
            for row in found.said_labels
        ]
        return Answers(found.outputs, named)
    return Answers(found.outputs, found.outputs if found.labels is None else [*found.labels])


class Run(NamedTuple):
    """What came of a script: trained on, kept half way, taken up by another run, and asked."""

    losses: list[float]
    repeated: list[float]
    before: Answers
    after: Answers


def run_scripts(
    python: str, scripts: Sequence[Path], rows: list[Any], *options: str, exact: bool = False
) -> list[Run]:
    """Do with scripts what a user does next; one interpreter takes them one after another."""
    orders = json.dumps([HALF, AGAIN, exact, *map(str, scripts)])
    arguments = [python, *options, "-c", RUN_SCRIPTS, orders]
    child = subprocess.run(
        arguments, input=json.dumps(rows), capture_output=True, text=True, cwd=scripts[0].parent
    )
    assert child.returncode == 0, child.stderr
    return [
        Run(losses, repeated, Answers(*before), Answers(*after))
        for losses, repeated, before, after in json.loads(child.stdout)
    ]


def compare(case: Exported, run: Run, exactly: float) -> None:
    """Demand that a script did as the app did."""
    within = exactly if case.session.experiment.dtype == "float64" else 1e-5
    assert len(run.losses) == STEPS
    assert difference(case.losses, run.losses) < within
    assert run.repeated == run.losses[HALF : HALF + AGAIN]
    for ours, theirs in ((case.before, run.before), (case.after, run.after)):
        assert difference(ours.outputs, theirs.outputs) < within
        if isinstance(ours.predicted, list):
            assert ours.predicted == theirs.predicted


def names_with_two_meanings(text: str) -> set[str]:
    """The names of a script that a reader who takes them for what they first were would get wrong.

    A name of the script's own level is given once; inside functions nothing else is called the same, but
    for the network that is trained, which is given to those who train it.
    """
    module = ast.parse(text)
    given = [name for node in module.body for name in _given(node) if name != "net"]
    twice = {name for name in given if given.count(name) > 1}
    functions = [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]
    inside = {
        name
        for function in functions
        for node in [function.args, *function.body]
        for name in [
            *(argument.arg for argument in ast.walk(node) if isinstance(argument, ast.arg)),
            *(x.id for x in ast.walk(node) if isinstance(x, ast.Name) and isinstance(x.ctx, ast.Store)),
        ]
    }
    return twice | (inside & {*given})


def _given(statement: ast.stmt) -> set[str]:
    """The names that a statement of the script's own level gives something to; not loops' running names."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.For):
        return {name for node in statement.body for name in _given(node)}
    if isinstance(statement, ast.If | ast.With):
        return {name for node in statement.body for name in _given(node)}
    stored = (x for x in ast.walk(statement) if isinstance(x, ast.Name) and isinstance(x.ctx, ast.Store))
    running = {
        x.id
        for node in ast.walk(statement)
        if isinstance(node, ast.comprehension)
        for x in ast.walk(node.target)
        if isinstance(x, ast.Name)
    }
    return {x.id for x in stored if x.id not in running}


def difference(ours: Any, theirs: Any) -> float:
    """The largest difference of two series, against the largest of their numbers."""
    assert len(ours) == len(theirs)
    return float(np.abs(np.subtract(ours, theirs)).max() / (np.abs(ours).max() or 1.0))


PYTHON = sys.executable
