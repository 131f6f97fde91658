"""The page for matrices: typed by keys, looked at by clicks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.explain.matrices import MATRIX_PRESETS, MatrixGraph, parse_matrices
from gui.lab import Lab, MatrixView
from gui.lab.matrices import lowered
from gui.lab.symbols import ARROW
from gui.style.appearance import Appearance
from gui.text.numbers import typed_number


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[MatrixView]:
    view = MatrixView(remember=False)
    qtbot.addWidget(view)
    view.resize(1400, 860)
    view.show()
    qtbot.waitExposed(view)
    yield view


def type_text(view: MatrixView, text: str) -> None:
    view.editor.setFocus()
    QTest.keyClick(view.editor, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    for number, line in enumerate(text.split("\n")):
        if number:
            QTest.keyClick(view.editor, Qt.Key.Key_Return)
        QTest.keyClicks(view.editor, line)


def formulas(view: MatrixView) -> dict[str, str]:
    return {title: latex for title, latex, _ in view.tree.lines if latex}


def test_typed_by_keys(view: MatrixView) -> None:
    type_text(view, "W = [1, 2; 3, 4]\nx = [1; -1]\nL = sum((W @ x)^2)/2")
    assert view.error is None and view.graph is not None
    assert view.graph.value == 1.0
    view.look_at("W")
    shown = [[view.gradients.item(i, j).text() for j in range(2)] for i in range(2)]
    assert shown == [["\u22121", "1"], ["\u22121", "1"]]
    assert formulas(view)["W"].endswith(r"= \mathbf{W}\,\mathbf{x}\,\mathbf{x}^{\top}")


def test_an_entry_that_is_clicked_shows_the_paths_that_make_it(view: MatrixView) -> None:
    type_text(view, "W = [1, 2; 3, 4]\nx = [1; -1]\nz = W @ x\nL = sum(z^2)/2")
    view.look_at("x")
    cell = view.gradients.visualItemRect(view.gradients.item(1, 0)).center()
    QTest.mouseClick(view.gradients.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    assert sorted(view.paths.texts) == sorted(
        [
            [ARROW.join(("x₂", "z₁", "L")), "\u22122"],
            [ARROW.join(("x₂", "z₂", "L")), "\u22124"],
            ["sum", "\u22126"],
        ]
    )
    assert view.gradients.item(1, 0).text() == "\u22126"
    assert view.check_text.startswith("Matrix form and entries agree to ")


def test_every_preset_is_shown_without_an_error(view: MatrixView) -> None:
    for preset in MATRIX_PRESETS:
        action = view.findChild(QAction, f"matrixPreset.{preset.key}")
        assert action is not None
        action.trigger()
        assert view.error is None, view.error_text
        graph = MatrixGraph(parse_matrices(preset.text))
        for name in graph.formula.variables:
            view.look_at(name)
            for (i, j), value in np.ndenumerate(graph.partials[name]):
                assert typed_number(view.gradients.item(i, j).toolTip()).value == value
        assert view.paths.values[-1][1] == pytest.approx(
            graph.partials[list(graph.formula.variables)[-1]][0, 0], abs=1e-12
        )


def test_why(view: MatrixView) -> None:
    type_text(view, "X: 3x2; W: 2x2; b: 1x2; Z = X @ W + b; L = sum(Z^2)")
    for item in view.tree.rows():
        if item.text(0) == "Sum" and r"\mathbf{b}" in view.tree.lines[view.tree.rows().index(item)][1]:
            view.tree.setCurrentItem(item)
            break
    assert "A summand takes the upstream gradient as it is." in view.why
    assert "what arrives from them is summed" in view.why


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_what_is_wrong_is_said_with_both_shapes_and_underlined(view: MatrixView, language: str) -> None:
    appearance = Appearance(QApplication.instance(), remember=False)
    appearance.set_language(language)
    type_text(view, "W: 2x3\nx: 2\nL = sum(W @ x)")
    assert "W (2×3)" in view.error_text and "x (2×1)" in view.error_text
    assert view.editor.underlined == "W"
    assert view.graph is None and view.tree.lines == []
    assert view.gradients.rowCount() == 0
    type_text(view, "W: 2x3\nx: 3\nL = sum(W @ x)")
    assert view.error_text == "" and view.graph is not None
    appearance.set_language("en")


def test_an_empty_text_shows_nothing(view: MatrixView) -> None:
    view.set_text("")
    assert view.graph is None and view.error is None and view.tree.lines == []


def test_the_working_is_saved(view: MatrixView, tmp_path: Path) -> None:
    view.use_preset(MATRIX_PRESETS[0])
    for ending in ("md", "tex", "html", "pdf"):
        assert view.save_working(str(tmp_path / f"matrices.{ending}"))
    text = (tmp_path / "matrices.md").read_text(encoding="utf-8")
    assert r"\frac{\partial L}{\partial \mathbf{z}}\,\mathbf{x}^{\top}" in text
    assert not view.save_working(str(tmp_path / "gone" / "x.md"))
    assert "could not be written" in view.message_bar.text


def test_many_rows_keep_up(view: MatrixView) -> None:
    view.set_text("A: 40x40; B: 40x40; L = sum(A @ B)")
    view.look_at("A")
    assert "Too many entries" in view.check_text


@pytest.mark.parametrize(
    ("entry", "written"), [("W_12", "W₁₂"), ("x_3", "x₃"), ("L", "L"), ("W1_21", "W1₂₁"), ("W_3_12", "W₃‚₁₂")]
)
def test_entries_are_written_as_in_a_book(entry: str, written: str) -> None:
    assert lowered(entry) == written


def test_both_pages_are_in_one_window_and_are_kept_as_plain_values(qtbot: QtBot) -> None:
    lab = Lab(remember=False)
    qtbot.addWidget(lab)
    lab.functions.set_text("sin x", {"x": 0.5})
    lab.matrices.set_text("x: 2; sum(x)")
    lab.pages.setCurrentIndex(1)
    other = Lab(remember=False)
    qtbot.addWidget(other)
    other.restore(lab.plain())
    assert other.plain() == lab.plain()
    other.restore({"text": 3, "values": [], "matrices": None, "page": "x"})
    assert other.plain() == lab.plain()


def test_paths_over_the_same_named_entries_are_one_route_with_their_sum(view: MatrixView) -> None:
    attention = next(preset for preset in MATRIX_PRESETS if preset.key == "attention")
    view.use_preset(attention)
    view.look_at("Q")
    *routes, _ = view.paths.texts
    names = [route.partition(",")[0] for route, _ in routes]
    assert len(names) == len(set(names)) == 8
    assert routes[0] == [ARROW.join(("Q₁₁", "S₁₁", "A₁₁", "Y₁₁", "L")) + ", 2 paths", "0.1579"]
    assert sum(value for _, value in view.paths.values[:-1]) == pytest.approx(
        view.paths.values[-1][1], abs=1e-15
    )
