"""What came of a check, with all that the page shows of it; made beside the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.arrays import FloatArray
from engine.data.dataset import Dataset
from engine.mistakes.checking import Checked, Result
from engine.mistakes.multiplied import Multiplied, multiplied
from engine.mistakes.numbers import plain
from engine.mistakes.reference import Case, Step
from engine.mistakes.replayed import Effect, effect, record_of, replay, varied_by
from engine.mistakes.verdict import Explanation, Verdict
from engine.records import Scalars
from gui.training.messages import Frame, Status

MOST_TOLD = 6
"""Explanations that come to the same of which each is told whole."""


@dataclass(frozen=True, eq=False)
class Detail:
    """One explanation, with its numbers; no mistakes where nothing known fits.

    Attributes
    ----------
    mistakes : tuple of str
    multiplied : Multiplied or None
        The number that is off most, right and as it is.
    effect : Effect or None
        What one update does to the loss.
    """

    mistakes: Explanation
    multiplied: Multiplied | None
    effect: Effect | None


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of a check.

    Attributes
    ----------
    frame : Frame
        The true step, to be drawn; frozen.
    is_own : bool
        Whether the step starts from data of the person's own, not from that of the window.
    source : str
        What was checked: the name of a file, or nothing.
    result : Result
    case : Case
        What the step starts from.
    details : tuple of Detail
        One for each explanation; a single one without mistakes where something is wrong that nothing
        known explains; none where all agrees.
    """

    frame: Frame
    is_own: bool
    source: str
    result: Result
    case: Case
    details: tuple[Detail, ...]

    @property
    def checked(self) -> Checked:
        """The batch that is spoken of."""
        return self.result.first

    @property
    def verdict(self) -> Verdict:
        """What is said of it."""
        return self.checked.verdict

    @property
    def calls(self) -> tuple[int, int]:
        """How many batches a program's own function was called with, and how many came out right."""
        run = self.result.run
        if run is None or not run.called:
            return 0, 0
        return len(self.result.batches), sum(checked.verdict.agrees for checked in self.result.batches)

    @property
    def half(self) -> dict[str, FloatArray]:
        """Half a unit of the last digit of each number; infinite where none was given."""
        return {name: plain(name, numbers)[1] for name, numbers in self.checked.arranged.given.items()}

    @property
    def counts(self) -> tuple[int, int]:
        """How many numbers agree, and how many do not; what cannot be known is not counted."""
        half, right, wrong = self.half, 0, 0
        for quantity in self.verdict.quantities:
            if quantity.agrees is None:
                continue
            off = quantity.wrong & np.isfinite(half[quantity.name])
            wrong += int(off.sum())
            right += int(np.isfinite(half[quantity.name]).sum()) - int(off.sum())
        return right, wrong

    @classmethod
    def of(
        cls, frame: Frame, result: Result, source: str, is_own: bool, cancelled: Callable[[], bool]
    ) -> Outcome:
        """Work out all that is shown; it may take some time."""
        checked = result.first
        experiment = result.experiment
        case = checked.arranged.case(experiment)
        _, right = replay(case)
        if is_own:
            frame = own_frame(case, right, frame)
        details = []
        verdict = checked.verdict
        first = verdict.first_wrong
        if first is not None and not cancelled():
            explanations = result.mistakes[:MOST_TOLD] or ((),)
            details = [_detail(case, right, checked, first, mistakes) for mistakes in explanations]
        return cls(frame, is_own, source, result, case, tuple(details))


def own_frame(case: Case, values: dict[str, Any], like: Frame) -> Frame:
    """A frame of a step from data of the person's own."""
    data = Dataset.from_arrays(case.inputs, case.targets)
    if len(values) < 7 * case.L + 1:  # a mask is not known, so the drawing goes as far as the rest
        values = {**_nothing(case), **values}
    record = record_of(case, values, None, data.feature_names, data.target_names)
    return replace(
        like,
        dataset=data,
        record=record,
        phase=None,
        scalars=Scalars.empty(case.L),
        status=Status.PAUSED,
        hit=None,
        error=None,
        near=None,
        in_force=None,
    )


def _nothing(case: Case) -> dict[str, Any]:
    found: dict[str, Any] = {"loss": np.asarray(np.nan)}
    for layer in range(1, case.L + 1):
        rows = np.full((case.B, case.widths[layer]), np.nan)
        found |= {f"{kind}{layer}": rows for kind in ("z", "a", "delta")}
        found |= {f"{kind}{layer}": np.full(case.W[layer].shape, np.nan) for kind in ("dW", "W")}
        found |= {f"{kind}{layer}": np.full(case.b[layer].shape, np.nan) for kind in ("db", "b")}
    return found


def _detail(case: Case, right: dict[str, Any], checked: Checked, first: str, mistakes: Explanation) -> Detail:
    quantity = checked.verdict[first]
    both = None
    if quantity.worst is not None and quantity.expected is not None:
        value = float(quantity.given[quantity.worst])
        if np.isfinite(value):
            both = multiplied(case, first, quantity.worst, value, mistakes)
    other = replay(case, mistakes)[1] if mistakes else _with_given(case, checked)
    if not other:
        return Detail(mistakes, both, None)
    found = effect(case, right, other)
    return Detail(mistakes, both, found if np.isfinite(found.before) else None)


def _with_given(case: Case, checked: Checked) -> dict[str, Any]:
    """The update that the given gradients make, if all of them were given."""
    given = {
        name: plain(name, numbers)[0]
        for name, numbers in checked.arranged.given.items()
        if name.startswith(("dW", "db"))
    }
    if len(given) < 2 * case.L:
        return {}
    shapes = all(
        given[f"dW{n}"].shape == case.W[n].shape and given[f"db{n}"].shape == case.b[n].shape
        for n in range(1, case.L + 1)
    )
    if not shapes:
        return {}
    with np.errstate(all="ignore"):
        step = Step(case, [varied_by(given)])
        return {name: np.array(value) for name, value, _ in step.quantities()}
