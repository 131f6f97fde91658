"""The runs of all networks as the window knows them: frozen values for the run list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from engine.experiment import Experiment


class RunKey(NamedTuple):
    """Which run: the network, as in `Load`, and the number of the run in its history."""

    network: int
    run: int


@dataclass(frozen=True)
class RunInfo:
    """One run.

    Attributes
    ----------
    key : RunKey
    name : str
        What the user calls it; empty for one without a name of its own.
    pinned : bool
        Whether it may not be deleted or make room for others.
    steps : int
        The furthest step it has reached.
    forked_at : int
        The last step it shares with `parent`.
    parent : RunKey or None
        The run it came from.
    current : bool
        Whether it is the one that goes on.
    experiment : Experiment
        The settings at its end.
    dataset : str
        The name of the data.
    last_loss : float or None
        The mini-batch loss of its last step.
    """

    key: RunKey
    name: str
    pinned: bool
    steps: int
    forked_at: int
    parent: RunKey | None
    current: bool
    experiment: Experiment
    dataset: str
    last_loss: float | None


@dataclass(frozen=True)
class RunDifference:
    """Where two runs part: the first step whose loss differs; None if one is the beginning of the other."""

    first: RunKey
    second: RunKey
    step: int | None
