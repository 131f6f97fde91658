from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QSlider, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from engine import load_dataset
from gui.panels.paint import PaintDialog, Painting
from gui.style.theme import DARK
from gui.widgets.number_box import NumberBox

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def dialog(qtbot: QtBot) -> PaintDialog:
    dialog = PaintDialog()
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def find(dialog: QWidget, kind: type, name: str) -> Any:
    found = dialog.findChild(kind, name)
    assert found is not None, name
    return found


def press(dialog: PaintDialog, name: str) -> None:
    button = dialog.findChild(QPushButton, name) or find(dialog, QToolButton, name)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def stroke(dialog: PaintDialog, *places: tuple[float, float]) -> None:
    """Drag through points of the plane with the left button."""
    canvas = dialog.canvas
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    first, last = canvas.pixel(*places[0]), canvas.pixel(*places[-1])
    QTest.mousePress(canvas, left, none, first.toPoint())
    for start, end in pairwise(places):
        a, b = canvas.pixel(*start), canvas.pixel(*end)
        for share in np.linspace(0, 1, 20):
            at = QPointF(a.x() + (b.x() - a.x()) * share, a.y() + (b.y() - a.y()) * share)
            move = QMouseEvent(
                QEvent.Type.MouseMove, at, canvas.mapToGlobal(at), Qt.MouseButton.NoButton, left, none
            )
            QApplication.sendEvent(canvas, move)
    QTest.mouseRelease(canvas, left, none, last.toPoint())


def count(dialog: PaintDialog) -> int:
    return len(dialog.canvas.painting.points)


def test_dragging_paints_points_of_the_chosen_class_along_the_way(dialog: PaintDialog) -> None:
    stroke(dialog, (-0.8, 0.5), (0.8, 0.5))
    painting = dialog.canvas.painting
    assert len(painting.points) > 20 and set(painting.classes) == {0}
    assert painting.points[:, 0].min() < -0.7 and painting.points[:, 0].max() > 0.7
    assert np.abs(painting.points[:, 1] - 0.5).max() < 0.2
    press(dialog, "class1Button")
    stroke(dialog, (0.0, -0.5), (0.1, -0.5))
    assert set(dialog.canvas.painting.classes) == {0, 1}


def test_one_point_a_dab_falls_where_one_clicks(dialog: PaintDialog) -> None:
    slider = find(dialog, QSlider, "brushDensitySlider")
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Home)
    stroke(dialog, (0.25, -0.5))
    [point] = dialog.canvas.painting.points
    np.testing.assert_allclose(point, [0.25, -0.5], atol=0.01)


def test_erasing_takes_away_what_lies_under_the_brush(dialog: PaintDialog) -> None:
    stroke(dialog, (-0.8, 0.0), (0.8, 0.0))
    press(dialog, "eraserButton")
    find(dialog, QSlider, "brushSizeSlider").setValue(40)
    stroke(dialog, (-0.9, 0.0), (0.0, 0.0))
    points = dialog.canvas.painting.points
    assert len(points) and points[:, 0].min() > -0.1


def test_undo_and_redo_by_strokes(dialog: PaintDialog) -> None:
    stroke(dialog, (-0.5, 0.0))
    one = count(dialog)
    stroke(dialog, (0.5, 0.0), (0.6, 0.0))
    two = count(dialog)
    press(dialog, "paintUndoButton")
    assert count(dialog) == one
    QTest.keyClick(dialog, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert count(dialog) == 0 and not dialog.canvas.can_undo
    press(dialog, "paintRedoButton")
    press(dialog, "paintRedoButton")
    assert count(dialog) == two and not dialog.canvas.can_redo
    press(dialog, "paintClearButton")
    assert count(dialog) == 0
    press(dialog, "paintUndoButton")
    assert count(dialog) == two
    press(dialog, "paintUndoButton")
    stroke(dialog, (0.0, 0.9))  # a new stroke ends the redoable ones
    assert not dialog.canvas.can_redo


def test_points_stay_within_the_plane(dialog: PaintDialog) -> None:
    for name in ("brushSizeSlider", "brushDensitySlider"):
        slider = find(dialog, QSlider, name)
        slider.setValue(slider.maximum())
    for corner in ((-1.0, -1.0), (1.0, 1.0)):
        stroke(dialog, corner)
    assert count(dialog)
    assert np.abs(dialog.canvas.painting.points).max() <= 1.001


def test_two_classes_are_needed_to_use_them(qtbot: QtBot, dialog: PaintDialog) -> None:
    use = find(dialog, QPushButton, "paintUseButton")
    stroke(dialog, (-0.5, 0.0), (-0.4, 0.0))
    assert not use.isEnabled() and not dialog.ready
    press(dialog, "class3Button")
    stroke(dialog, (0.5, 0.0), (0.6, 0.0))
    assert use.isEnabled()
    with qtbot.waitSignal(dialog.used) as heard:
        QTest.mouseClick(use, Qt.MouseButton.LeftButton)
    [data] = heard.args
    assert data.kind == "binary" and data.class_names == ("0", "3") and len(data.inputs) == count(dialog)
    assert not dialog.isVisible()


def test_three_named_classes(dialog: PaintDialog) -> None:
    for place, name in enumerate(("红", "green", "green")):
        field = find(dialog, QLineEdit, f"class{place}Name")
        field.clear()
        field.setText(name)
        press(dialog, f"class{place}Button")
        stroke(dialog, (place - 1.0 + 0.05, 0.0), (place - 1.0, 0.1))
    data = dialog.dataset()
    assert data.kind == "multiclass" and data.class_names == ("红", "green", "green'")
    assert data.targets.sum(axis=1).tolist() == [1.0] * len(data.targets)


def test_saved_as_csv_and_read_again(dialog: PaintDialog, tmp_path: Path) -> None:
    for place in (0, 1):
        press(dialog, f"class{place}Button")
        stroke(dialog, (-0.5, place - 0.5), (0.5, place - 0.5))
    dialog.save_csv(tmp_path / "painted.csv")
    read, made = load_dataset(tmp_path / "painted.csv"), dialog.dataset()
    np.testing.assert_array_equal(read.inputs, made.inputs)
    np.testing.assert_array_equal(read.targets, made.targets)
    dialog.save_csv(tmp_path / "no such folder" / "painted.csv")
    note = find(dialog, QLabel, "paintNote")
    assert note.isVisible() and "cannot be written" in note.text()


def test_the_plane_can_be_another(dialog: PaintDialog) -> None:
    stroke(dialog, (0.5, 0.5))
    before = dialog.canvas.painting.points
    box = find(dialog, NumberBox, "rightBox")
    box.setFocus()
    box.lineEdit().selectAll()
    QTest.keyClicks(box.lineEdit(), "5")
    QTest.keyClick(box.lineEdit(), Qt.Key.Key_Return)
    assert dialog.canvas.ranges == (-1.0, 5.0, -1.0, 1.0)
    np.testing.assert_array_equal(dialog.canvas.painting.points, before)
    box.lineEdit().selectAll()
    QTest.keyClicks(box.lineEdit(), "-3")
    QTest.keyClick(box.lineEdit(), Qt.Key.Key_Return)
    assert dialog.canvas.ranges == (-1.0, 5.0, -1.0, 1.0) and box.value == 5.0


def test_painting_by_keyboard(dialog: PaintDialog) -> None:
    canvas = dialog.canvas
    canvas.setFocus()
    QTest.keyClick(dialog, Qt.Key.Key_2)
    for _ in range(3):
        QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    painting = canvas.painting
    assert len(painting.points) and set(painting.classes) == {1}
    middle = canvas.area.center().x() + 3 * 24
    assert abs(canvas.pixel(float(painting.points[:, 0].mean()), 0).x() - middle) < canvas.radius


def test_every_control_has_a_name_and_what_is_drawn_follows_the_theme(dialog: PaintDialog) -> None:
    stroke(dialog, (0.0, 0.0))
    dialog.set_theme(DARK)
    dialog.changeEvent(QEvent(QEvent.Type.LanguageChange))
    for kind in (QPushButton, QToolButton, QSlider, QLineEdit):
        for widget in dialog.findChildren(kind):
            if not widget.objectName().startswith("qt_"):
                assert widget.accessibleName(), widget.objectName()
    image = dialog.canvas.grab().toImage()
    assert image.pixelColor(dialog.canvas.area.center().toPoint()).lightness() < 200
    assert image.pixelColor(2, 2).name() == DARK.surface


def test_a_painting_is_not_changed_by_more_points() -> None:
    before = Painting.empty().with_points(np.array([[0.0, 1.0]]), 0)
    after = before.with_points(np.array([[2.0, 3.0]]), 1)
    assert len(before.points) == 1
    assert after.without(np.array([True, False])).points.tolist() == [[2.0, 3.0]]
