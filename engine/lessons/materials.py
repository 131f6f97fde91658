"""What a lesson is about, made from its files: networks with their data and parameters, and formulas."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np

from engine.arrays import Arrays, FloatArray, read_only
from engine.data.builtin import BUILTIN_NAMES, builtin
from engine.data.dataset import Dataset, Kind
from engine.data.load import load_dataset
from engine.data.options import TypeChoice
from engine.errors import QT_TRANSLATE_NOOP, EngineError, ExperimentError
from engine.experiment import Experiment
from engine.explain.expression import Formula, parse
from engine.files.experiment_file import line_of
from engine.files.session import Session, read_session
from engine.lessons.expression import error_at
from engine.lessons.folder import Folder
from engine.lessons.lesson import Draw, Lesson, Setup
from engine.settings import replaced
from engine.training.trainer import Trainer

SEED = 1
"""Of a student who has none: the numbers that everybody sees who does not ask for others."""

MOST_TRIES = 50


@dataclass(frozen=True, eq=False)
class Network:
    """A network to begin with.

    Attributes
    ----------
    experiment : Experiment
    dataset : Dataset
    weights, biases : L arrays, or None where the initializer makes them
    held_weights, held_biases : tuples of (layer, source, unit), (layer, unit), units from 0
        As `Trainer.freeze` takes them.
    session : Session or None
        What it goes on from; parameters and what is held are those of the session then, if they are None.
    """

    experiment: Experiment
    dataset: Dataset
    weights: Arrays | None = None
    biases: Arrays | None = None
    held_weights: tuple[tuple[int, int, int], ...] = ()
    held_biases: tuple[tuple[int, int], ...] = ()
    session: Session | None = None

    def trainer(self) -> Trainer:
        """A training that begins here.

        Raises
        ------
        ExperimentError, SessionError
        """
        if self.session is not None:
            trainer = self.session.restore()
            if trainer.experiment != self.experiment:
                trainer.change(self.experiment)
        else:
            trainer = Trainer(self.experiment, self.dataset)
        if self.weights is not None or self.biases is not None:
            trainer.set_parameters(self.weights, self.biases)
        if self.held_weights or self.held_biases:
            trainer.freeze(self.held_weights, self.held_biases)
        return trainer


@dataclass(frozen=True, eq=False)
class FormulaWithValues:
    """A formula to begin with."""

    text: str
    formula: Formula
    values: Mapping[str, float]


Material = Network | FormulaWithValues

Seed = tuple[int, int]
"""The student's, and how often numbers have been drawn."""


def make(lesson: Lesson, setup: Setup, folder: Folder, seed: int = SEED, again: int = 0) -> Material:
    """Make what an experiment of a lesson says, with the numbers that are drawn for a student.

    Parameters
    ----------
    again : int
        How often these numbers have been drawn already, and were of no use.

    Raises
    ------
    EngineError
        With the place in the lesson where its file or its table is named.
    """
    try:
        if setup.is_formula:
            return _formula(lesson, setup, (seed, again))
        return _network(lesson, setup, folder, (seed, again))
    except EngineError as error:
        if error.details.get("line") and error.details.get("file") == lesson.file:
            raise
        file, line = error.details.get("file"), error.details.get("line")
        where = f"{file}:{line}: " if file and line else ""
        raise error_at(setup.spot, "bad_experiment", name=setup.name, where=where, reason=error) from error


def _formula(lesson: Lesson, setup: Setup, seed: Seed) -> FormulaWithValues:
    formula = parse(setup.formula, setup.values)
    values = dict(setup.values)
    rng = _generator(lesson, seed, "values")
    for name, draw in sorted(setup.draws.items()):
        values[name] = float(_drawn(rng, draw, ()))
    for name in formula.variables:
        if name not in values:
            raise error_at(
                setup.spot, "missing_key", name=f"values.{name}", example=f"values = {{ {name} = 1.0 }}"
            )
    return FormulaWithValues(setup.formula, formula, values)


def _network(lesson: Lesson, setup: Setup, folder: Folder, seed: Seed) -> Network:
    session = None
    if setup.session:
        session = _session(setup, folder)
        experiment, dataset = session.experiment, session.dataset
    else:
        experiment = _experiment(setup, folder)
        dataset = _dataset(setup, folder)
    for path, value in setup.changes.items():
        experiment = replaced(experiment, path, value)
    made = Network(experiment, dataset, session=session)
    if setup.weights:
        made = replace(made, weights=_arrays(setup.weights))
    if setup.biases:
        made = replace(made, biases=_arrays(setup.biases))
    if setup.draws:
        made = _with_draws(lesson, setup, made, seed)
    if setup.held:
        made = _holding(made, setup.held)
    made.trainer()  # what does not fit together is told now
    return made


def _experiment(setup: Setup, folder: Folder) -> Experiment:
    text = _text(setup, setup.file, folder)
    try:
        return Experiment.from_toml(text)
    except ExperimentError as error:
        line = line_of(text, error.field)
        raise ExperimentError(error.kind, **{**error.details, "file": setup.file, "line": line}) from None
    except (ValueError, RecursionError) as error:  # a number too long, brackets too deep
        raise ExperimentError("bad_toml", field="", reason=str(error), file=setup.file, line=None) from None


def _text(setup: Setup, name: str, folder: Folder) -> str:
    if not folder.has(name):
        raise error_at(setup.spot, "missing_file", name=name[:80])
    return folder.text(name)


def _dataset(setup: Setup, folder: Folder) -> Dataset:
    if not folder.has(setup.data):
        if setup.data in BUILTIN_NAMES:
            return builtin(setup.data)
        raise error_at(setup.spot, "missing_file", name=setup.data[:80])
    target: Any = setup.target[0] if len(setup.target) == 1 else setup.target or None
    name = Path(setup.data).stem
    if not setup.kind:
        return replace(load_dataset(folder.bytes(setup.data), target), name=name)
    # one row, or rows of one target, do not show what the target is
    types: dict[str | int, TypeChoice] = dict.fromkeys(setup.target, "number")
    data = load_dataset(folder.bytes(setup.data), target, types=types)
    return Dataset.from_arrays(
        data.inputs,
        data.targets,
        cast(Kind, setup.kind),
        name=name,
        feature_names=data.feature_names,
        target_names=data.target_names if setup.kind == "regression" else None,
    )


def _session(setup: Setup, folder: Folder) -> Session:
    if not folder.has(setup.session):
        raise error_at(setup.spot, "missing_file", name=setup.session[:80])
    content = folder.files[setup.session]
    if isinstance(content, Path):
        return read_session(content)
    with tempfile.TemporaryDirectory() as place:  # a session is read from the disk, part by part
        path = Path(place) / "session.bplab"
        path.write_bytes(content)
        return read_session(path)


def _arrays(tables: tuple[Any, ...]) -> Arrays:
    return tuple(read_only(np.array(table, dtype=np.float64)) for table in tables)


# -- numbers of a student ----------------------------------------------------------------------------------


def _generator(lesson: Lesson, seed: Seed, what: str) -> np.random.Generator:
    key = zlib.crc32(f"{lesson.name} {what}".encode())
    return np.random.default_rng([seed[0], key, seed[1]])


def _drawn(rng: np.random.Generator, draw: Draw, shape: tuple[int, ...]) -> FloatArray:
    """Numbers of few digits, all different where there are enough of them."""
    numbers = np.empty(shape)
    for _ in range(MOST_TRIES):
        numbers = np.asarray(rng.uniform(draw.low, draw.high, shape).round(draw.digits)) + 0.0
        numbers = numbers.clip(draw.low, draw.high)
        if draw.signs:
            numbers = numbers * rng.choice([-1.0, 1.0], shape)
        if len(np.unique(numbers)) == numbers.size:
            break
    return numbers


def _with_draws(lesson: Lesson, setup: Setup, made: Network, seed: Seed) -> Network:
    rng = {name: _generator(lesson, seed, name) for name in setup.draws}
    data = made.dataset
    if draw := setup.draws.get("inputs"):
        data = replace(data, inputs=_drawn(rng["inputs"], draw, data.inputs.shape), recipe=None)
    if draw := setup.draws.get("targets"):
        if data.kind != "regression":
            needed = QT_TRANSLATE_NOOP("errors", "left out, for these targets are classes")
            raise error_at(setup.spot, "wrong_value", name="draw.targets", value=data.kind, needed=needed)
        data = replace(data, targets=_drawn(rng["targets"], draw, data.targets.shape), recipe=None)
    made = replace(made, dataset=data)
    for name in ("weights", "biases"):
        if draw := setup.draws.get(name):
            shapes = [array.shape for array in getattr(made.trainer(), name)]
            arrays = tuple(read_only(_drawn(rng[name], draw, shape)) for shape in shapes)
            made = replace(made, weights=arrays) if name == "weights" else replace(made, biases=arrays)
    return made


def _holding(made: Network, held: tuple[str, ...]) -> Network:
    trainer = made.trainer()
    weights: list[tuple[int, int, int]] = []
    biases: list[tuple[int, int]] = []
    for place in held:
        kind, _, numbers = place.replace(" ", "").removesuffix("]").partition("[")
        if numbers:
            layer, *units = map(int, numbers.split(","))
            if kind == "w":
                weights.append((layer, units[0] - 1, units[1] - 1))
            else:
                biases.append((layer, units[0] - 1))
        elif kind == "w":
            weights += [
                (layer, i, j)
                for layer, array in enumerate(trainer.weights, 1)
                for i in range(array.shape[0])
                for j in range(array.shape[1])
            ]
        else:
            biases += [(layer, j) for layer, array in enumerate(trainer.biases, 1) for j in range(len(array))]
    return replace(made, held_weights=tuple(weights), held_biases=tuple(biases))
