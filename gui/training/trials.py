"""What can be tried on a copy of the training: the cure of a finding, and a few rows alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.training.trainer import Trainer
from gui.training.aside import Stop

if TYPE_CHECKING:
    from engine.diagnose import Attempt, Finding

TRIAL_SECONDS = 20.0
"""A trial that takes longer is told as far as it has come."""

FEW_ROWS = 10


@dataclass(frozen=True, eq=False)
class Trial:
    """What is being tried or was.

    Attributes
    ----------
    finding : Finding or None
        Whose cure it is; None for rows alone.
    attempt : Attempt or None
        What has become of it; None as long as nothing has, or where there was nothing to try.
    rows : int
        How many rows alone.
    """

    finding: Finding | None
    attempt: Attempt | None = None
    rows: int = 0


def with_cure(finding: Finding) -> Callable[[Trainer, Stop], Trial]:
    """Train with the cure, from where the fault began or from the start."""
    from engine.diagnose import try_cure

    def work(trainer: Trainer, stop: Stop) -> Trial:
        return Trial(finding, try_cure(trainer, finding, since=True, stop=_patient(stop)))

    return work


def with_few_rows(trainer: Trainer, stop: Stop) -> Trial:
    """Train on ten rows alone, or as many as there are."""
    from engine.diagnose import overfit_ten_rows

    rows = min(FEW_ROWS, len(trainer.prepared.train_rows))
    return Trial(None, overfit_ten_rows(trainer, rows=rows, stop=_patient(stop)), rows)


def _patient(stop: Stop) -> Stop:
    """Ask to stop when somebody does, or when it has taken too long."""
    end = time.monotonic() + TRIAL_SECONDS
    return lambda: stop() or time.monotonic() > end
