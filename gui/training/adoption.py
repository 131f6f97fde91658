"""The one living thing that the window hands over: a training that was read from a session.

It has a door of its own, so that whoever knows the messages knows of no trainer.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.training.trainer import Trainer


@dataclass(frozen=True, eq=False)
class Adopt:
    """Go on with a training that was read from a session; its trainer is the worker's from now on."""

    generation: int
    network: int
    trainer: Trainer
