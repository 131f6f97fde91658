"""One's own work, while something else is open in its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.files.session import read_session
from engine.parts import Part
from gui.document.examples import PRESETS
from gui.training.messages import Granularity, Seek
from tests.gui.driver import Driver


class Window(Driver):
    """A window with work in it."""

    def __init__(self, qtbot: QtBot, *, remember: bool = False) -> None:
        super().__init__(qtbot, remember=remember)
        self.run(5)
        self.seek(3)
        self.main.focus.select(Part("weight", 2, 1, 2))
        self.choose(Granularity.SAMPLE)

    def seek(self, step: int) -> None:
        number = self.main.submit(Seek(step))
        self.wait(lambda: self.frame.request >= number)

    def open(self, key: str) -> None:
        preset = PRESETS[key]
        generation = self.frame.generation
        self.main.document.open_problem(preset.experiment, preset.dataset, preset.start)
        self.wait(lambda: self.frame.generation > generation)

    def take_up(self) -> None:
        generation = self.frame.generation
        self.main.session_desk.take_up()
        self.wait(lambda: self.frame.generation > generation)


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    window = Window(qtbot)
    yield window
    window.close()


def test_the_work_comes_back_as_it_was(window: Window) -> None:
    desk, before = window.main.session_desk, window.frame
    desk.set_aside()
    window.open("xor")
    window.run(7)
    window.main.focus.select(None)
    window.choose(Granularity.EPOCH)
    assert desk.is_dirty
    window.take_up()
    after = window.frame
    assert (after.step, after.furthest, after.phase) == (3, 5, before.phase)
    for mine, theirs in zip(before.record.weights_after, after.record.weights_after, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert window.main.focus.part == Part("weight", 2, 1, 2)
    assert window.main.run_controls.granularity is Granularity.SAMPLE
    assert desk.is_dirty


def test_work_that_was_never_touched_is_not_dirty_afterwards(qtbot: QtBot) -> None:
    window = Driver(qtbot)
    desk = window.main.session_desk
    desk.set_aside()
    generation = window.frame.generation
    preset = PRESETS["xor"]
    window.main.document.open_problem(preset.experiment, preset.dataset, preset.start)
    window.wait(lambda: window.frame.generation > generation)
    window.run(3)
    assert not desk.is_dirty
    generation = window.frame.generation
    desk.take_up()
    window.wait(lambda: window.frame.generation > generation)
    assert not desk.is_dirty and window.frame.step == 0
    window.close()


def test_the_work_outlives_more_networks_than_undo_keeps(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.training.worker.KEPT_NETWORKS", 2)
    window.wait(lambda: bool(window.main.runs_panel.runs))
    before = window.frame
    window.main.session_desk.set_aside()
    for key in ("xor", "mazur", "nielsen_squared", "xor"):
        window.open(key)
    window.take_up()
    assert window.frame.furthest == 5
    np.testing.assert_array_equal(window.frame.record.weights_after[0], before.record.weights_after[0])


def test_saving_meanwhile_saves_the_work(window: Window, tmp_path: Path) -> None:
    desk, path = window.main.session_desk, tmp_path / "work.bplab"
    desk._save_to(path, lambda: None)
    window.wait(lambda: desk.path == path and not desk.is_dirty)
    window.run(2)
    desk.wanted.connect(desk.take_up)
    desk.set_aside()
    window.open("xor")
    window.run(4)
    desk.save()
    window.wait(lambda: not desk.is_dirty)
    session = read_session(path)
    assert session.dataset.name == PRESETS["article"].dataset.name
    assert session.run.steps == 5
