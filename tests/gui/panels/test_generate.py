from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from engine import load_dataset
from engine.data.generators import GENERATORS, Moons, Spiral
from gui.panels.generate import GenerateDialog
from gui.style.theme import DARK
from gui.widgets.number_box import NumberBox


@pytest.fixture
def dialog(qtbot: QtBot) -> GenerateDialog:
    dialog = GenerateDialog()
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def find(dialog: QWidget, kind: type, name: str) -> Any:
    found = dialog.findChild(kind, name)
    assert found is not None, name
    return found


def enter(dialog: GenerateDialog, name: str, text: str) -> NumberBox:
    box: NumberBox = find(dialog, NumberBox, name)
    box.setFocus()
    box.lineEdit().selectAll()
    QTest.keyClicks(box.lineEdit(), text)
    QTest.keyClick(box.lineEdit(), Qt.Key.Key_Return)
    return box


def pick(dialog: GenerateDialog, name: str) -> None:
    combo = find(dialog, QComboBox, "generatorCombo")
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Home)
    for _ in range(list(GENERATORS).index(name)):
        QTest.keyClick(combo, Qt.Key.Key_Down)


@pytest.mark.parametrize("name", list(GENERATORS))
def test_every_generator_has_a_field_for_each_parameter(dialog: GenerateDialog, name: str) -> None:
    pick(dialog, name)
    expected = [f"{parameter.name}Box" for parameter in GENERATORS[name].parameters()]
    boxes = [box for box in dialog.findChildren(NumberBox) if box.objectName() in expected]
    assert sorted(box.objectName() for box in boxes) == sorted(expected)
    assert all(box.accessibleName() for box in boxes)
    assert dialog.dataset is not None
    made = GENERATORS[name]().generate(0)
    np.testing.assert_array_equal(dialog.dataset.inputs, made.inputs)
    np.testing.assert_array_equal(dialog.dataset.targets, made.targets)


def test_parameters_and_seed_change_what_is_shown(dialog: GenerateDialog) -> None:
    pick(dialog, "spiral")
    enter(dialog, "classesBox", "3")
    enter(dialog, "rowsBox", "90")
    enter(dialog, "generatorSeed", "7")
    made = Spiral(rows=90, classes=3).generate(7)
    assert dialog.dataset is not None
    np.testing.assert_array_equal(dialog.dataset.inputs, made.inputs)
    marks = dialog.plot.marks
    assert marks is not None and len(marks.rows) == 90 and set(marks.groups) == {0, 1, 2}
    assert find(dialog, QLabel, "generateSummary").text() == "90 rows · 3 classes"
    assert np.ptp(made.inputs[:, 0]) < dialog.plot.bounds.width()


@pytest.mark.parametrize("text", ["99", "nonsense", "2.5"])
def test_what_is_not_allowed_is_explained_and_taken_back(dialog: GenerateDialog, text: str) -> None:
    pick(dialog, "spiral")
    box = enter(dialog, "classesBox", text)
    note = find(dialog, QLabel, "generateNote")
    assert note.isVisible() and note.text()
    assert box.value == 2 and dialog.dataset is not None
    enter(dialog, "classesBox", "4")
    assert not note.isVisible() and len(dialog.dataset.class_names) == 4


def test_parameters_are_kept_when_one_comes_back(dialog: GenerateDialog) -> None:
    pick(dialog, "moons")
    enter(dialog, "noiseBox", "0.4")
    pick(dialog, "sine")
    pick(dialog, "moons")
    assert dialog.dataset is not None
    np.testing.assert_array_equal(dialog.dataset.inputs, Moons(noise=0.4).generate(0).inputs)


def test_used_and_saved(qtbot: QtBot, dialog: GenerateDialog, tmp_path: Path) -> None:
    pick(dialog, "circles")
    dialog.save_csv(tmp_path / "circles.csv")
    read = load_dataset(tmp_path / "circles.csv")
    with qtbot.waitSignal(dialog.used) as heard:
        QTest.mouseClick(find(dialog, QPushButton, "generateUseButton"), Qt.MouseButton.LeftButton)
    [data] = heard.args
    np.testing.assert_array_equal(read.inputs, data.inputs)
    np.testing.assert_array_equal(read.targets, data.targets)
    assert not dialog.isVisible()
    dialog.save_csv(tmp_path / "nowhere" / "circles.csv")
    assert "cannot be written" in find(dialog, QLabel, "generateNote").text()


@pytest.mark.usefixtures("dressed")
def test_theme_and_language(dialog: GenerateDialog) -> None:
    pick(dialog, "plane")
    dialog.set_theme(DARK)
    dialog.changeEvent(QEvent(QEvent.Type.LanguageChange))
    assert find(dialog, QComboBox, "generatorCombo").currentText() == "plane (regression)"
    marks = dialog.plot.marks
    assert marks is not None and not marks.shaped
