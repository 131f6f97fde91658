from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

import pytest

from engine.training.trainer import Trainer
from gui.training import messages
from gui.training.probe import Probe, ProbeResult

CROSSING = [
    *get_args(messages.Command),
    messages.Failure,
    messages.Frame,
    messages.RunSeries,
    Probe,
    ProbeResult,
]


def inside(hint: Any) -> set[Any]:
    """A type, and all that it is made of."""
    return {hint}.union(*(inside(argument) for argument in get_args(hint)))


@pytest.mark.parametrize("message", CROSSING, ids=lambda message: message.__name__)
def test_a_message_is_frozen_and_holds_nothing_alive(message: type) -> None:
    assert is_dataclass(message) and message.__dataclass_params__.frozen  # type: ignore[attr-defined]
    hints = get_type_hints(message)
    assert not any(Trainer in inside(hints[field.name]) for field in fields(message))


def test_the_messages_know_no_trainer() -> None:
    assert Trainer not in vars(messages).values()
