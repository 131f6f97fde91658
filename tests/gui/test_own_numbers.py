"""Check my numbers and the bug clinic in the whole window: entries, and the way back to the true pass."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from engine.mistakes.batch import Batch
from engine.mistakes.replayed import replay
from engine.parts import Part
from engine.phases import FactorKind, PhaseKind
from gui.main_window import MainWindow
from gui.training.messages import Frame, Granularity, Step
from gui.views.check_numbers import CheckNumbersView
from gui.views.clinic import ClinicView
from tests.gui.driver import made


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    window = made(remember=False)
    qtbot.addWidget(window)
    frames: list[Frame] = []
    window.frame_shown.connect(frames.append)
    window.show()
    qtbot.waitUntil(lambda: bool(frames))
    for _ in range(3):
        window.submit(Step(Granularity.BATCH))
    qtbot.waitUntil(lambda: frames[-1].step == 3)
    return window


def entry(window: MainWindow, name: str) -> QAction:
    action = window.findChild(QAction, name)
    assert isinstance(action, QAction)
    return action


def test_a_student_pastes_matrices_and_is_shown_the_factor(window: MainWindow, qtbot: QtBot) -> None:
    action = entry(window, "checkNumbersAction")
    assert action.shortcut().toString() == "Ctrl+K" and "Check my numbers" in action.text()
    action.trigger()
    page = window.pages.views["check_numbers"]
    assert isinstance(page, CheckNumbersView) and page.frame is not None
    record = page.frame.record
    values = replay(Batch.of(record).case(record.experiment), ("no_hidden_slope",))[1]
    text = "\n".join(
        f"{name} =\n{np.array2string(v)}"
        for name, v in values.items()
        if name.startswith(("delta", "dW", "db"))
    )
    QApplication.clipboard().setText(text)
    qtbot.mouseClick(page.findChild(QPushButton, "pasteNumbersButton"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.outcome is not None)
    assert page.outcome is not None and ("no_hidden_slope",) in page.outcome.result.mistakes
    worst = page.outcome.verdict["delta1"].worst
    assert worst is not None

    window.submit(Step(Granularity.BATCH))  # training goes on; the page is frozen
    qtbot.waitUntil(lambda: window.frame is not None and window.frame.step == 4)
    assert "step 3" in page.moment
    qtbot.mouseClick(page.findChild(QPushButton, "verdictShow"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: window.frame is not None and window.frame.phase is not None and window.frame.step == 2
    )
    assert window.frame is not None and window.frame.phase is not None
    phase = window.frame.phase
    assert phase.kind is PhaseKind.FACTOR and phase.layer == 1 and phase.factor is FactorKind.SLOPE
    assert window.frame.record.step == 3
    assert window.focus.part == Part("weight", 1, worst[1], 0)
    assert window.chain_rule_view.explanation is not None
    assert window.chain_rule_view.explanation.unit == worst[1]
    assert window.focus.sample == worst[0]
    # And from there the steps go on as always
    window.submit(Step(Granularity.FACTOR, 1))
    qtbot.waitUntil(
        lambda: (
            window.frame is not None
            and window.frame.phase is not None
            and window.frame.phase.factor is FactorKind.INCOMING
        )
    )


def test_the_clinic_opens_with_a_fault_and_training_knows_nothing_of_it(
    window: MainWindow, qtbot: QtBot
) -> None:
    before, was_modified = window.frame, window.isWindowModified()
    entry(window, "clinicAction").trigger()
    clinic = window.pages.views["clinic"]
    assert isinstance(clinic, ClinicView)
    qtbot.waitUntil(lambda: clinic.planted is not None)
    qtbot.mouseClick(clinic.findChild(QPushButton, "clinicStep"), Qt.MouseButton.LeftButton)
    planted = clinic.planted
    qtbot.waitUntil(lambda: clinic.planted is not planted)
    assert window.frame is before and window.isWindowModified() is was_modified
    clinic.close()
