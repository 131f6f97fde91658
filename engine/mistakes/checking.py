"""Somebody's numbers or program, checked: names, layout and verdict of every batch together."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.experiment import Experiment
from engine.mistakes.arranging import Arranged, Orientation, arrange
from engine.mistakes.batch import Batch
from engine.mistakes.naming import guess
from engine.mistakes.program import Execution, run_program
from engine.mistakes.reading import Entry
from engine.mistakes.telling import telling_batch
from engine.mistakes.verdict import Explanation, Verdict, check_step

BATCHES = 3
"""A program is tried with so many, so that luck cannot pass."""


@dataclass(frozen=True, eq=False)
class Checked:
    """One batch, and what came of it."""

    arranged: Arranged
    verdict: Verdict


@dataclass(frozen=True, eq=False)
class Result:
    """All batches together."""

    experiment: Experiment
    batches: tuple[Checked, ...]
    run: Execution | None
    seconds: float

    @property
    def agrees(self) -> bool:
        """Whether every batch agrees."""
        return all(checked.verdict.agrees for checked in self.batches)

    @property
    def first(self) -> Checked:
        """The batch to speak of: the first that does not agree, or the first."""
        wrong = [checked for checked in self.batches if checked.verdict.first_wrong]
        unknown = [checked for checked in self.batches if not checked.verdict.agrees]
        return (wrong or unknown or list(self.batches))[0]

    @property
    def mistakes(self) -> tuple[Explanation, ...]:
        """What explains every batch that is wrong."""
        wrong = [c.verdict.mistakes for c in self.batches if c.verdict.first_wrong]
        if not wrong:
            return ()
        return tuple(e for e in wrong[0] if all(e in others for others in wrong[1:]))


def _never() -> bool:
    return False


def check_numbers(
    experiment: Experiment,
    entries: Sequence[Entry],
    start: Batch | None = None,
    roles: Mapping[str, str | None] | None = None,
    layout: Orientation | None = None,
    cancelled: Callable[[], bool] = _never,
) -> Result:
    """Check numbers that were read.

    Parameters
    ----------
    experiment : Experiment
    entries : sequence of Entry
    start, roles, layout
        As for `arrange`.
    cancelled : callable
        As for `check_step`.

    Raises
    ------
    StepError
        If it cannot be known what they are, or they cannot be checked.
    """
    began = time.perf_counter()
    checked = _checked(experiment, entries, start, roles or {}, layout, cancelled)
    return Result(experiment, (checked,), None, time.perf_counter() - began)


def check_program(
    experiment: Experiment,
    path: str | os.PathLike[str],
    batches: Sequence[Batch] = (),
    *,
    inputs: int,
    timeout: float = 60.0,
    expressions: Mapping[str, str] | None = None,
    layout: Orientation | None = None,
    beside: Sequence[Path] = (),
    cancelled: Callable[[], bool] = _never,
) -> Result:
    """Run a program, within limits (see `run_program`), and check the numbers of its step.

    Parameters
    ----------
    batches : sequence of Batch
        Those that its function ``step`` is called with first; others follow that tell mistakes apart.
    inputs : int
        Columns of the inputs, where there is no batch.
    """
    began = time.perf_counter()
    expressions = expressions or {}
    named: dict[str, str | None] = {name: role for role, name in expressions.items()}
    if len(batches) < BATCHES:
        inputs = batches[0].inputs.shape[1] if batches else inputs
        more = range(len(batches) and 1, BATCHES)
        batches = (*batches, *(telling_batch(experiment, inputs, seed) for seed in more))[:BATCHES]
    run = run_program(
        path, batches, timeout=timeout, expressions=expressions, beside=beside, cancelled=cancelled
    )
    if run.called:
        found = tuple(
            _checked(experiment, entries, batch, named, layout, cancelled)
            for entries, batch in zip(run.batches, batches, strict=True)
        )
    else:
        entries, named = _of_script(run, experiment, expressions)
        found = (_checked(experiment, entries, None, named, layout, cancelled),)
    return Result(experiment, found, run, time.perf_counter() - began)


def _checked(
    experiment: Experiment,
    entries: Sequence[Entry],
    start: Batch | None,
    roles: Mapping[str, str | None],
    layout: Orientation | None,
    cancelled: Callable[[], bool],
) -> Checked:
    arranged = arrange(experiment, entries, start, roles, layout)
    verdict = check_step(
        experiment, *arranged.start, arranged.given, state=arranged.state, cancelled=cancelled
    )
    return Checked(arranged, verdict)


def _of_script(
    run: Execution, experiment: Experiment, roles: Mapping[str, str]
) -> tuple[tuple[Entry, ...], dict[str, str | None]]:
    """The arrays of a script, parameters that changed as they were before and after."""
    entries = run.batches[0]
    if roles:
        return entries, {entry.name: entry.name for entry in entries}
    before = {entry.name: entry for entry in run.before}
    guessed = guess([entry.name for entry in entries], len(experiment.layers))
    rows = next(
        (
            len(e.numbers.values)
            for e in entries
            if guessed[e.name] == "inputs" and e.numbers.values.ndim == 2
        ),
        1,
    )
    found: list[Entry] = []
    for entry in entries:
        if rows > 1 and _of_one_sample(entry, guessed[entry.name], experiment):
            continue  # of the last one that a loop came to
        old, role = before.get(entry.name), guessed[entry.name]
        if old is None or role is None or old.numbers.values.shape != entry.numbers.values.shape:
            found.append(entry)
        elif role.endswith(" before"):
            found += [Entry(f"{entry.name}_before", old.numbers), Entry(f"{entry.name}_after", entry.numbers)]
        elif role not in ("inputs", "targets"):  # which in a loop are those of the last sample only
            found.append(entry)
    return tuple(found), {}


def _of_one_sample(entry: Entry, role: str | None, experiment: Experiment) -> bool:
    """Whether an array has the numbers of one sample, where there should be a row for each."""
    kind, layer = (role or "").rstrip("0123456789"), (role or "").lstrip("adeltz")
    return (
        kind in ("z", "a", "delta") and entry.numbers.values.size == experiment.layers[int(layer) - 1].units
    )
