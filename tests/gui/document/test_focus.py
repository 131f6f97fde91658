from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine import Dataset, Experiment, Layer, Trainer
from engine.parts import Part
from engine.phases import Phase, PhaseKind
from engine.records import Scalars
from gui.document.focus import Focus
from gui.training.messages import Frame, Status

ROWS = Dataset.from_arrays(np.arange(20.0).reshape(10, 2), np.zeros((10, 1)))


def frame(
    hidden: int = 3, phase: Phase | None = None, batch: int = 6, data: Dataset = ROWS, steps: int = 1
) -> Frame:
    experiment = Experiment((Layer(hidden), Layer(1)), batch_size=batch, validation=0.0)
    trainer = Trainer(experiment, data)
    record = [trainer.step() for _ in range(steps)][-1]
    return Frame(1, data, record, phase, Scalars.empty(2), False, Status.PAUSED)


class Heard:
    """A focus, and all that it has told."""

    def __init__(self) -> None:
        self.focus = Focus()
        self.told: list[tuple[str, object]] = []
        for name in ("part_changed", "comparison_changed", "sample_changed", "row_changed", "row_wanted"):
            getattr(self.focus, name).connect(self._listener(name.partition("_changed")[0]))

    def _listener(self, name: str) -> Callable[[object], None]:
        return lambda value: self.told.append((name, value))

    def take(self) -> list[tuple[str, object]]:
        told, self.told = self.told, []
        return told


@pytest.fixture
def heard(qapp: object) -> Heard:
    return Heard()


def test_each_change_is_told_once(heard: Heard) -> None:
    part, other = Part("weight", 1, 2, 1), Part("bias", 2, 0)
    heard.focus.show_frame(frame())
    assert heard.take() == []
    for _ in range(2):
        heard.focus.select(part)
        heard.focus.compare(other)
    assert heard.take() == [("part", part), ("comparison", other)]
    assert (heard.focus.part, heard.focus.comparison) == (part, other)
    heard.focus.select(None)
    assert heard.take() == [("part", None)] and heard.focus.comparison == other


def test_what_the_network_has_not_is_not_looked_at(heard: Heard) -> None:
    heard.focus.show_frame(frame())
    heard.focus.select(Part("unit", 1, 2))
    heard.focus.select(Part("unit", 1, 3))
    heard.focus.compare(Part("weight", 9, 9, 9))
    assert (heard.focus.part, heard.focus.comparison) == (None, None)
    assert heard.take() == [("part", Part("unit", 1, 2)), ("part", None)]


def test_another_network_keeps_what_it_has_and_drops_the_rest(heard: Heard) -> None:
    heard.focus.show_frame(frame(3))
    heard.focus.select(Part("bias", 1, 1))
    heard.focus.compare(Part("unit", 1, 2))
    heard.take()
    heard.focus.show_frame(frame(2))
    assert heard.take() == [("comparison", None)]
    assert heard.focus.part == Part("bias", 1, 1)
    heard.focus.show_frame(frame(1))
    assert heard.take() == [("part", None)]


def test_what_was_chosen_before_the_first_frame_is_kept_if_it_is_there(heard: Heard) -> None:
    heard.focus.select(Part("layer", 2))
    heard.focus.compare(Part("layer", 7))
    heard.focus.show_sample(4)
    assert heard.focus.sample == 4
    heard.focus.show_frame(frame())
    assert (heard.focus.part, heard.focus.comparison) == (Part("layer", 2), None)
    assert heard.focus.sample == 4


def test_the_phase_decides_the_sample_and_leaves_it_chosen(heard: Heard) -> None:
    heard.focus.show_frame(frame())
    heard.focus.show_sample(2)
    heard.take()
    by_sample = frame(phase=Phase(PhaseKind.FORWARD, 1, 5))
    heard.focus.show_frame(by_sample)
    assert heard.focus.sample == heard.focus.sample_in(by_sample) == 5
    heard.focus.show_frame(frame())
    assert heard.focus.sample == 5
    assert heard.take() == []  # the frames tell of it themselves


def test_a_smaller_batch_has_its_last_sample_shown(heard: Heard) -> None:
    heard.focus.show_frame(frame(batch=6))
    heard.focus.show_sample(5)
    small = frame(batch=4)
    heard.focus.show_frame(small)
    assert heard.focus.sample == 3
    heard.focus.show_frame(frame(batch=6))
    assert heard.focus.sample == 5


def test_a_sample_is_a_row_of_the_data(heard: Heard) -> None:
    shown = frame()
    rows = shown.record.indices.tolist()
    heard.focus.show_frame(shown)
    heard.focus.show_sample(3)
    assert heard.take() == [("sample", 3), ("row", rows[3])]
    heard.focus.show_row(rows[1])
    assert heard.take() == [("row", rows[1]), ("sample", 1)]
    missing = next(row for row in range(10) if row not in rows)
    heard.focus.show_row(missing)
    assert heard.take() == [("row", missing), ("row_wanted", missing)]
    assert (heard.focus.row, heard.focus.sample) == (missing, 1)
    heard.focus.show_frame(frame(steps=2))
    assert heard.focus.row == missing and heard.take() == []


def test_a_row_of_other_data_is_none(heard: Heard) -> None:
    heard.focus.show_row(3)
    assert heard.take() == [("row", 3), ("row_wanted", 3)]
    heard.focus.show_frame(frame())
    assert heard.focus.row == 3
    heard.focus.show_frame(frame(data=Dataset.from_arrays(ROWS.inputs, ROWS.targets)))
    assert heard.take() == [("row", None)]
