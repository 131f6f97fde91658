"""The timeline: what a training leaves behind, and how any earlier step is had again.

Training is a pure function of the experiment, the data and the edits, so nothing about the past is
stored twice: a `Keyframe` every so many steps is where replay starts, an `Edit` is applied again at its
step, and the scalars of every step are kept in a `Series`. A `Run` is one such line of steps; going on
from the past after an edit forks a new one, which shares what both have in common.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from engine.arrays import BoolArray, FloatArray
from engine.experiment import Experiment
from engine.functions.schedules import PlateauState
from engine.series import Series

HISTORY_BYTES = 256 * 2**20
"""Default bound of what all keyframes of a training may take."""

REPLAY_SECONDS = 0.02
"""How long replay from one keyframe to the next may take, by a rough estimate, while memory lasts."""

KEYFRAME_SHARE = 0.05
"""Of the time of training that keyframes may take, whatever replay takes then."""

KEYFRAME_SECONDS_PER_BYTE = 1.7e-9
"""What a copy into fresh memory costs, the caches that it spoils included (measured: 0.5e-9 to 2.5e-9)."""

RECENT = 8
"""Keyframes before the end of a run that stay close together, for it is from there that one goes back."""

FEW = 300
"""So many keyframes are looked through for each that is made; of more, a sixteenth is dropped at a time."""

ROWS_AT_ONCE = 65_536
"""Rows of two series that are compared together."""


@dataclass(frozen=True, eq=False)
class Keyframe:
    """All that decides how training goes on from a step.

    Attributes
    ----------
    step : int
        Completed steps.
    state : (m,)
        Parameters and slots, flat.
    edits : int
        How many of the run's edits had been applied.
    epoch, epoch_began, offset, shuffle
        The place in the data.
    optimizer_start : int
        The step at which the optimizer began counting.
    plateau, epoch_loss
        What a schedule that looks at the loss remembers.
    """

    step: int
    state: FloatArray
    experiment: Experiment
    frozen: BoolArray | None
    edits: int
    epoch: int
    epoch_began: int
    offset: int
    shuffle: bool
    optimizer_start: int
    plateau: PlateauState
    epoch_loss: float

    @property
    def nbytes(self) -> int:
        """Bytes it takes, by and large."""
        return self.state.nbytes + 500


@dataclass(frozen=True, eq=False)
class Edit:
    """A change made at a step: other settings, other held parameters, or other parameters."""

    step: int
    experiment: Experiment | None = None
    frozen: BoolArray | None = None
    parameters: FloatArray | None = None

    @property
    def what(self) -> str:
        """The kind of change: "settings", "frozen" or "parameters"."""
        if self.experiment is not None:
            return "settings"
        return "parameters" if self.parameters is not None else "frozen"


@dataclass(eq=False)
class Run:
    """One line of steps.

    Attributes
    ----------
    number : int
        Its name in the engine, never used again.
    series, evaluations : Series
        Scalars of each step; step, loss and metric of each evaluation.
    keyframes : list of Keyframe
        By step; the first is that of step 0.
    edits : list of Edit
        By step.
    forked_at : int
        The last step it shares with the run it came from; 0 for none.
    parent : int or None
        The number of that run.
    """

    number: int
    series: Series
    evaluations: Series
    keyframes: list[Keyframe] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    forked_at: int = 0
    parent: int | None = None

    @property
    def steps(self) -> int:
        """The furthest step it has reached."""
        return len(self.series)

    def keyframe_before(self, step: int) -> Keyframe:
        """The last keyframe at or before `step`."""
        return self.keyframes[bisect_right(self.keyframes, step, key=lambda k: k.step) - 1]

    def copy(self) -> Run:
        """The same run, cut loose; cheap, for what never changes is shared."""
        return replace(
            self,
            series=self.series.fork(len(self.series)),
            evaluations=self.evaluations.fork(len(self.evaluations)),
            keyframes=[*self.keyframes],
            edits=[*self.edits],
        )

    def cut(self, step: int, evaluations: int, edits: int) -> None:
        """Drop what came after `step`."""
        self.series = self.series.fork(step)
        self.evaluations = self.evaluations.fork(evaluations)
        self.keyframes = [k for k in self.keyframes if k.step <= step]
        self.edits = self.edits[:edits]

    def fork(self, number: int, step: int, evaluations: int, edits: int) -> Run:
        """A run with the same past up to `step`."""
        return Run(
            number,
            self.series.fork(step),
            self.evaluations.fork(evaluations),
            [k for k in self.keyframes if k.step <= step],  # kept before the edits of their step
            self.edits[:edits],
            forked_at=step,
            parent=self.number,
        )


class History:
    """The runs of one training, and the keyframes within a bound.

    Parameters
    ----------
    budget : int
        Bytes that all keyframes together may take; when they would take more, those go that are missed least.
    gap : int
        Steps between keyframes as they are made.
    runs : sequence of Run
        What there is already.
    """

    def __init__(self, budget: int, gap: int, runs: Sequence[Run] = ()) -> None:
        self.budget = budget
        self.gap = gap
        self.runs: list[Run] = [*runs]
        self._numbers = max((run.number for run in runs), default=-1) + 1
        self._bytes = self.nbytes

    def copy(self) -> History:
        """The same runs, cut loose: neither follows what becomes of the other."""
        return History(self.budget, self.gap, [run.copy() for run in self.runs])

    @property
    def kept_bytes(self) -> int:
        """Bytes that the keyframes take, as counted while they came and went."""
        return self._bytes

    @property
    def nbytes(self) -> int:
        """Bytes that the keyframes take; runs share those of their common past."""
        return sum({id(k): k.nbytes for run in self.runs for k in run.keyframes}.values())

    def begin(self, width: int) -> Run:
        """Start a run with nothing in it."""
        return self._add(Run(self._numbers, Series(width), Series(3)))

    def fork(self, run: Run, step: int, evaluations: int, edits: int) -> Run:
        """Start a run that shares the past of another."""
        return self._add(run.fork(self._numbers, step, evaluations, edits))

    def _add(self, run: Run) -> Run:
        self._numbers += 1
        self.runs.append(run)
        self._bytes = self.nbytes
        return run

    def renumber(self, run: Run, number: int) -> None:
        """Give a run the number it had elsewhere."""
        run.number = number
        self._numbers = max(self._numbers, number + 1)

    def remove(self, run: Run) -> None:
        """Forget a run."""
        self.runs.remove(run)
        self._bytes = self.nbytes

    def cut(self, run: Run, step: int, evaluations: int, edits: int) -> None:
        """Drop what came after `step` in a run."""
        run.cut(step, evaluations, edits)
        self._bytes = self.nbytes

    def make_room(self, nbytes: int) -> None:
        """Drop what a keyframe of so many bytes will not fit in beside.

        Before it is made, so that it is made in the memory that has just been given back: that takes a
        fraction of the time that fresh memory does, and there is never more than the budget.
        """
        if self._bytes + nbytes > self.budget:
            self._thin(nbytes)

    def keep(self, run: Run, keyframe: Keyframe) -> None:
        """Add a keyframe at the end of a run."""
        run.keyframes.append(keyframe)
        self._bytes += keyframe.nbytes
        if self._bytes > self.budget:
            self._thin()

    def limit(self, budget: int) -> None:
        """Take no more than `budget` bytes from now on."""
        self.budget = budget
        if self._bytes > budget:
            self._thin()

    def _thin(self, room: int = 0) -> None:
        """Drop keyframes until there is room, those first that are missed least; that of step 0 stays."""
        many = sum(len(run.keyframes) for run in self.runs) > FEW
        goal = self.budget - room - (self.budget // 16 if many else 0)
        while self._bytes > goal:
            one = self._bytes - goal <= self.runs[0].keyframes[0].nbytes
            droppable = self._droppable(1 if one else 2)
            if not droppable:
                return
            dropped: set[int] = set()
            for keyframe in droppable:
                if self._bytes <= goal:
                    break
                dropped.add(id(keyframe))
                self._bytes -= keyframe.nbytes
            for run in self.runs:
                run.keyframes = [k for k in run.keyframes if id(k) not in dropped]

    def _droppable(self, every: int) -> list[Keyframe]:
        """Keyframes but that of step 0, by how little each is missed.

        Every second one, where several are to be dropped, so that none of them are neighbours.
        Those are missed least without which the shortest stretch is to be replayed, of several the oldest;
        those near the end of a run most. What runs share has the same place in each of them.
        """
        found: dict[int, Keyframe] = {}
        missed: dict[int, tuple[bool, int, int]] = {}
        for run in self.runs:
            steps = [*(keyframe.step for keyframe in run.keyframes), run.steps]
            count = len(run.keyframes)
            recent = count - min(RECENT, count // 4)
            for i in range(1, count, every):
                keyframe = run.keyframes[i]
                found[id(keyframe)] = keyframe
                here = (i >= recent, steps[i + 1] - steps[i - 1], steps[i])
                missed[id(keyframe)] = max(here, missed.get(id(keyframe), here))
        return [found[key] for key in sorted(missed, key=missed.__getitem__)]


class RunOutline(NamedTuple):
    """What a run can be made again from.

    Attributes
    ----------
    number, parent, forked_at, steps, edits
        Those of the run.
    start : Keyframe
        Its step 0.
    """

    number: int
    parent: int | None
    forked_at: int
    steps: int
    edits: tuple[Edit, ...]
    start: Keyframe


class Outline(NamedTuple):
    """What a training can be made again from, given the network and the data; it takes next to nothing.

    Attributes
    ----------
    runs : tuple of RunOutline
    current : int
        The number of the run that goes on.
    step : int
        The moment that is looked at.
    """

    runs: tuple[RunOutline, ...]
    current: int
    step: int

    @classmethod
    def of(cls, history: History, current: Run, step: int) -> Outline:
        """The outline of a training."""
        runs = (
            RunOutline(run.number, run.parent, run.forked_at, run.steps, (*run.edits,), run.keyframes[0])
            for run in history.runs
        )
        return cls((*runs,), current.number, step)


class Snapshot(NamedTuple):
    """A training as it stands, whole and cut loose from the Trainer.

    Attributes
    ----------
    present : Keyframe
        The moment that is looked at.
    history : History
    current : int
        Place among the history's runs of the one that goes on.
    """

    present: Keyframe
    history: History
    current: int

    @property
    def outline(self) -> Outline:
        """What this moment can be told from another by."""
        return Outline.of(self.history, self.history.runs[self.current], self.present.step)


def first_difference(first: Series, second: Series, shared: int = 0, column: int = 0) -> int | None:
    """The first step, from 1, at which two series differ in a column, by default the loss.

    Parameters
    ----------
    shared : int
        Steps known to be the same, such as those before a fork.

    Returns
    -------
    int or None
        None if one is the beginning of the other.
    """
    length = min(len(first), len(second))
    for start in range(shared, length, ROWS_AT_ONCE):
        stop = min(start + ROWS_AT_ONCE, length)
        differ = first.column(column, start, stop) != second.column(column, start, stop)
        if differ.any():
            return start + 1 + int(np.argmax(differ))
    return None


def first_gap(parameters: int, batch: int, state_bytes: int) -> int:
    """Steps between keyframes such that replaying them takes about `REPLAY_SECONDS`.

    A power of two; more where keyframes would take over `KEYFRAME_SHARE` of the time. A step is taken to
    cost 7 us, 3 ns for each parameter, and its matrix products at 60 GFLOP/s.
    """
    seconds = 7e-6 + parameters * (3e-9 + 6.0 * batch / 6e10)
    by_replay = 1 << max(0, min(8, int(np.log2(max(1.0, REPLAY_SECONDS / seconds)))))
    by_cost = math.ceil(state_bytes * KEYFRAME_SECONDS_PER_BYTE / (KEYFRAME_SHARE * seconds))
    return max(by_replay, by_cost)
