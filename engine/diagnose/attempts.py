"""Trying a cure for all to see: a run with it beside the run as it is, and the overfit-ten-rows trial."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.data.dataset import has_classes, target_classes
from engine.diagnose.finding import Finding, Remedy
from engine.diagnose.score import Score, score
from engine.diagnose.trials import replay
from engine.errors import DivergenceError
from engine.experiment import Experiment, setting_of_a_new_network
from engine.functions.optimizers import AdamW
from engine.records import Scalars
from engine.training.trainer import Trainer

PIECE = 256
"""Steps between two moments at which it is asked whether to stop."""


@dataclass(frozen=True)
class Attempt:
    """Two runs of one training, one as it is and one with a cure.

    Attributes
    ----------
    cause : str
    began : int
        The step from which they differ.
    experiment : Experiment
        The settings of the run with the cure.
    before, after : Scalars
        The series of the run as it is, and of the run with the cure; both from step 1.
    score_before, score_after : Score
        How well all training rows are predicted at their ends.
    diverged : bool
        Whether the run with the cure met a number that is not finite.
    whole : bool
        Whether it made all steps asked for; False where it was stopped.
    """

    cause: str
    began: int
    experiment: Experiment
    before: Scalars
    after: Scalars
    score_before: Score
    score_after: Score
    diverged: bool
    whole: bool


def try_cure(
    trainer: Trainer,
    finding: Finding,
    *,
    steps: int | None = None,
    since: bool = False,
    stop: Callable[[], bool] | None = None,
) -> Attempt | None:
    """Run a training again with the cure of a finding, on a copy.

    Parameters
    ----------
    trainer : Trainer
        It is only read.
    finding : Finding
    steps : int, optional
        Steps of the run with the cure; as many as the training has made if None.
    since : bool
        Whether it branches off at `Finding.since` instead of the start; where the cure needs a new
        network it begins at the start all the same.
    stop : callable, optional
        Asked now and then; True ends it early.

    Returns
    -------
    Attempt or None
        None where there is nothing to try.
    """
    remedy = finding.remedy
    if remedy is None:
        if finding.cure is None:
            return None
        remedy = Remedy(finding.cure)
    wanted = trainer.completed if steps is None else steps
    wanted = max(1, round(wanted * (remedy.longer if steps is None else 1.0)))
    data = trainer.dataset if remedy.dataset is None else remedy.dataset
    can_branch = (
        remedy.dataset is None
        and not remedy.untouched
        and setting_of_a_new_network(trainer.experiment, remedy.experiment) is None
    )
    before = _measured(trainer)
    if remedy.longer > 1 or (since and can_branch and finding.since <= trainer.completed):
        branch = trainer.copy()
        began = trainer.completed if remedy.longer > 1 else finding.since
        branch.seek(began)
        if remedy.longer > 1:
            branch.forget_future()
        branch.change(remedy.experiment)
        if remedy.release:
            _release(branch)
        held = []
    else:
        branch, began = Trainer(remedy.experiment, data, threads=trainer.threads), 0
        held = [] if remedy.release else [e for e in trainer.current.edits if e.step <= trainer.completed]
    diverged = False
    try:
        while branch.completed < wanted and not (stop is not None and stop()):
            goal = replay(branch, held, remedy, trainer.experiment, min(wanted, branch.completed + PIECE))
            branch.run(goal - branch.completed)
    except DivergenceError:
        diverged = True
    return Attempt(
        cause=finding.cause,
        began=began,
        experiment=branch.experiment,
        before=trainer.scalars,
        after=branch.scalars,
        score_before=before,
        score_after=_measured(branch),
        diverged=diverged,
        whole=diverged or branch.completed >= wanted,
    )


def overfit_ten_rows(
    trainer: Trainer, *, rows: int = 10, steps: int = 2000, stop: Callable[[], bool] | None = None
) -> Attempt:
    """Whether the network can learn a few rows by heart, without penalty, dropout and validation.

    Whatever cannot do that has another fault than too little data or too hard a task. The rows are
    evenly spread over the classes.
    """
    e = trainer.experiment
    layers = tuple(replace(layer, dropout=0.0) for layer in e.layers)
    settings = e.changed(layers=layers, regularizer="none", batch_size="full", validation=0.0)
    settings = settings.changed(split="stratified", missing="mean" if e.missing == "drop" else e.missing)
    if isinstance(settings.optimizer, AdamW):
        settings = settings.changed(optimizer=replace(settings.optimizer, weight_decay=0.0))
    taken = trainer.prepared.train_rows[_spread(trainer, rows)]
    d = trainer.dataset
    few = replace(d, inputs=d.inputs[taken], targets=d.targets[taken], row_lines=None, split_columns={})
    branch = Trainer(settings, few, threads=trainer.threads)
    before, diverged = _measured(branch), False
    try:
        while branch.completed < steps and not (stop is not None and stop()):
            branch.run(min(PIECE, steps - branch.completed))
    except DivergenceError:
        diverged = True
    return Attempt(
        cause="",
        began=0,
        experiment=settings,
        before=trainer.scalars,
        after=branch.scalars,
        score_before=before,
        score_after=_measured(branch),
        diverged=diverged,
        whole=diverged or branch.completed >= steps,
    )


def _spread(trainer: Trainer, rows: int) -> Sequence[int]:
    """Places of training rows, the classes in turn."""
    count = len(trainer.prepared.train_rows)
    if not has_classes(trainer.dataset.kind):
        places: list[int] = np.unique(np.linspace(0, count - 1, min(rows, count)).astype(np.int64)).tolist()
        return places
    true = target_classes(trainer.dataset.kind, trainer.prepared.targets)
    turns = [np.flatnonzero(true == c).tolist() for c in np.unique(true)]
    return [turn[i] for i in range(rows) for turn in turns if i < len(turn)][:rows]


def _measured(trainer: Trainer) -> Score:
    p = trainer.prepared
    return score(trainer.experiment, trainer.dataset, trainer.weights, trainer.biases, p.inputs, p.targets)


def _release(trainer: Trainer) -> None:
    sizes = trainer.packing.sizes
    trainer.unfreeze(
        [(k, i, j) for k in range(1, len(sizes)) for i in range(sizes[k - 1]) for j in range(sizes[k])],
        [(k, j) for k in range(1, len(sizes)) for j in range(sizes[k])],
    )
