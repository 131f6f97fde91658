"""Runs that there is no room for: which go, and that it is told."""

from __future__ import annotations

from collections import OrderedDict

from engine import Experiment, Layer, Trainer, builtin
from gui.training.cursor import Walk
from gui.training.messages import RunKey
from gui.training.run_book import MOST_RUNS, RunBook

SMALL = Experiment((Layer(2, "tanh"), Layer(2)), "squared_error", batch_size="full")


def forked(times: int) -> Walk:
    """A walk with so many runs beside the current one."""
    trainer = Trainer(SMALL, builtin("article"))
    for _ in range(times):
        trainer.run(2)
        trainer.seek(1)
        trainer.set_parameters(trainer.weights)
    trainer.run(2)
    return Walk.of(trainer)


def test_runs_beyond_the_room_are_counted_and_pinned_ones_stay() -> None:
    book, walk = RunBook(), forked(MOST_RUNS + 5)
    book.pin(RunKey(0, 1), True)
    infos = book.infos({0: walk}, 0)
    assert len(infos) == MOST_RUNS
    assert book.dropped == 6
    numbers = [info.key.run for info in infos]
    assert numbers == [1, *range(7, MOST_RUNS + 6)]
    assert book.infos({0: walk}, 0) == infos
    assert book.dropped == 6


def test_networks_beyond_the_room_take_their_runs_along_but_for_pinned_ones() -> None:
    book, networks = RunBook(), OrderedDict((number, forked(1)) for number in range(5))
    book.pin(RunKey(1, 0), True)
    book.let_go(networks, 3)
    assert list(networks) == [1, 3, 4]
    assert book.dropped == 4
    book.let_go(networks, 3)
    assert book.dropped == 4
