"""Weights pasted and loaded: what is which by name or shape, which way round, and undo."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QTableView
from pytestqt.qtbot import QtBot

from engine.errors import StepError
from engine.mistakes.numbers import Printed
from engine.mistakes.reading import Entry, read_text
from engine.mistakes.weights import parameters_of
from gui.main_window import MainWindow
from gui.training.messages import Frame
from tests.gui.driver import made

SIZES = (4, 3, 2)
RNG = np.random.default_rng(1)
W1, W2 = RNG.normal(size=(4, 3)), RNG.normal(size=(3, 2))
B1, B2 = RNG.normal(size=3), RNG.normal(size=2)


def entries(**arrays: np.ndarray) -> list[Entry]:
    return [Entry(name.strip("_"), Printed(a, np.zeros(a.shape))) for name, a in arrays.items()]


def test_by_name() -> None:
    found = parameters_of(entries(W1=W1, b1=B1, W2=W2, b2=B2, dW1=W1), SIZES)
    assert found.names == ["W1", "b1", "W2", "b2"] and not found.turned and found.left == ["dW1"]
    np.testing.assert_array_equal(found.weights[1], W1)


@pytest.mark.parametrize("names", [("W1_after", "W1_before"), ("W1_before", "W1_after")])
def test_of_those_before_and_after_a_step_the_first_are_taken_and_it_is_told(names: tuple[str, str]) -> None:
    found = parameters_of(entries(**{name: W1 if "before" in name else W1 + 1.0 for name in names}), SIZES)
    np.testing.assert_array_equal(found.weights[1], W1)
    assert found.names == ["W1"] and found.left == ["W1_after"]


def test_as_pytorch_has_them() -> None:
    named = {"fc1.weight": W1.T, "fc1.bias": B1, "fc2.weight": W2.T, "fc2.bias": B2}
    found = parameters_of([Entry(n, Printed(a, np.zeros(a.shape))) for n, a in named.items()], SIZES)
    assert found.turned == [1, 2]
    np.testing.assert_array_equal(found.weights[2], W2)
    np.testing.assert_array_equal(found.biases[2], B2)


def test_without_names_by_shape() -> None:
    found = parameters_of(read_text("\n\n".join(json.dumps(a.tolist()) for a in (W1,))), SIZES)
    np.testing.assert_array_equal(found.weights[1], W1)
    unnamed = [Entry("", Printed(a, np.zeros(a.shape))) for a in (W2.T, B2)]
    found = parameters_of(unnamed, SIZES)
    assert found.names == ["W2", "b2"] and found.turned == [2]


def test_square_ones_lie_as_the_others_or_are_told() -> None:
    square = RNG.normal(size=(3, 3))
    found = parameters_of(entries(W1=square), (3, 3))
    assert found.unsure == [1] and not found.turned
    found = parameters_of(entries(W1=square, W2=W2.T), (3, 3, 2))
    assert found.turned == [2, 1] and not found.unsure
    np.testing.assert_array_equal(found.weights[1], square.T)
    assert parameters_of([Entry("", Printed(square, np.zeros((3, 3))))], (3, 3, 3), 2).names == ["W2"]


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"W1": np.zeros((5, 7))}, "no_layout"),
        ({"b1": np.zeros(4)}, "no_layout"),
        ({"W1": np.full((4, 3), np.nan)}, "not_finite"),
        ({"__": np.zeros((9, 9))}, "no_layout"),
    ],
)
def test_what_fits_nowhere_is_refused(given: dict[str, np.ndarray], kind: str) -> None:
    with pytest.raises(StepError) as error:
        parameters_of(entries(**given), SIZES)
    assert error.value.kind == kind


# -- in the window ---------------------------------------------------------------------------------------


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    window = made(remember=False)
    qtbot.addWidget(window)
    frames: list[Frame] = []
    window.frame_shown.connect(frames.append)
    window.show()
    qtbot.waitUntil(lambda: bool(frames))
    return window


def test_whole_matrices_are_pasted_into_the_table_and_undone(window: MainWindow, qtbot: QtBot) -> None:
    assert window.frame is not None and window.frame.record.sizes == SIZES
    old = window.frame.record.weights_before
    window.tabs.setCurrentWidget(window.parameters_view)
    table = window.parameters_view.findChild(QTableView, "parametersTable")
    text = "\n".join(
        f"{n} = {np.array2string(a, precision=17)}" for n, a in (("W1", W1), ("b1", B1), ("W2", W2.T))
    )
    QApplication.clipboard().setText(text)
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(
        lambda: window.frame is not None and np.allclose(window.frame.record.weights_before[0], W1)
    )
    assert np.allclose(window.frame.record.weights_before[1], W2)
    assert np.allclose(window.frame.record.biases_before[0], B1)
    said = window.message_bar.text
    assert "W1, b1, W2" in said and "(units, units below): W2" in said and "Undo" in said
    window.findChild(QAction, "undoAction").trigger()
    qtbot.waitUntil(
        lambda: window.frame is not None and np.array_equal(window.frame.record.weights_before[0], old[0])
    )


def test_a_single_number_is_that_of_the_current_row(window: MainWindow, qtbot: QtBot) -> None:
    window.tabs.setCurrentWidget(window.parameters_view)
    table = window.parameters_view.findChild(QTableView, "parametersTable")
    table.selectRow(2)
    QApplication.clipboard().setText("0.125")
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    part = window.parameters_view.model.part_at(2)
    assert part is not None
    qtbot.waitUntil(lambda: window.frame is not None and window.frame.parameter(part) == 0.125)


def test_weights_are_loaded_from_a_file(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    np.savez(tmp_path / "mine.npz", W2=W2, b2=B2)
    assert window.frame is not None
    kept = window.frame.record.weights_before[0]
    window.weights_desk.load(tmp_path / "mine.npz")
    qtbot.waitUntil(
        lambda: window.frame is not None and np.allclose(window.frame.record.weights_before[1], W2)
    )
    np.testing.assert_array_equal(window.frame.record.weights_before[0], kept)
    window.weights_desk.load(tmp_path / "none.npz")
    qtbot.waitUntil(lambda: "cannot be read" in window.message_bar.text)


def test_a_matrix_is_pasted_into_the_rows(window: MainWindow, qtbot: QtBot) -> None:
    editor = window.data_desk.rows_editor
    window.findChild(object, "editRowsAction").trigger()
    editor._table.setCurrentCell(0, 0)
    for text in (
        "1.5\t2.5\n3.5\t4.5",
        "[[1.5, 2.5],\n [3.5, 4.5]]",
        "[[1.5 2.5]\n [3.5 4.5]]",
        "1.5 2.5; 3.5 4.5",
    ):
        QApplication.clipboard().setText(text)
        editor.paste()
        assert [row[:2] for row in editor.texts[:2]] == [["1.5", "2.5"], ["3.5", "4.5"]], text
    rows = len(editor.texts)
    editor._table.setCurrentCell(rows - 1, 0)
    QApplication.clipboard().setText("1\t2\n3\t4\n5\t6")
    editor.paste()
    assert len(editor.texts) == rows + 2 and editor.texts[-1][:2] == ["5", "6"]
    editor._table.setCurrentCell(0, 0)
    QApplication.clipboard().setText("\n".join("\t".join("1" * 40) for _ in range(60)))
    editor.paste()
    assert "Not all of it fits" in editor.note
    editor.close()
