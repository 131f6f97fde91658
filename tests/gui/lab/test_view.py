from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, QSettings, Qt
from PySide6.QtGui import QAction, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QSlider,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine.explain.expression import PRESETS, NetworkRequest, Preset
from gui.kept import EXPRESSIONS, Kept
from gui.lab import ExpressionView
from gui.lab import memory as expression_memory
from gui.lab import view as view_module
from gui.lab.reveal import Act, Mode
from gui.style.theme import DARK, LIGHT
from gui.text.numbers import full, short
from gui.widgets.message_bar import Tone
from tests.gui.language import quoted, spoken

LEFT = Qt.MouseButton.LeftButton
Part = TypeVar("Part", bound=QObject)

# Stanford CS231n, "Backpropagation, Intuitions", to ten digits
NEURON = {
    "w0": -0.1966119332,
    "x0": 0.3932238665,
    "w1": -0.3932238665,
    "x1": -0.5898357997,
    "w2": 0.1966119332,
}


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[ExpressionView]:
    view = make_view(qtbot)
    yield view


def make_view(qtbot: QtBot) -> ExpressionView:
    view = ExpressionView()
    qtbot.addWidget(view)
    view.resize(1400, 860)
    view.show()
    qtbot.waitExposed(view)
    return view


def find(view: ExpressionView, kind: type[Part], name: str) -> Part:
    found = view.findChild(kind, name)
    assert found is not None, name
    return found


def act(view: ExpressionView) -> Act:
    assert view.reveal is not None
    return view.reveal.act


def status(view: ExpressionView) -> str:
    assert view.inspector.check is not None
    return view.inspector.check.status


def preset(key: str) -> Preset:
    return next(p for p in PRESETS if p.key == key)


def take(view: ExpressionView, key: str) -> None:
    find(view, QAction, f"preset.{key}").trigger()


def press(view: ExpressionView, name: str, times: int = 1) -> None:
    button = find(view, QAbstractButton, name)
    for _ in range(times):
        QTest.mouseClick(button, LEFT)


def type_text(view: ExpressionView, text: str) -> None:
    view.editor.setFocus()
    QTest.keyClick(view.editor, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(view.editor, Qt.Key.Key_Delete)
    for number, line in enumerate(text.split("\n")):
        if number:
            QTest.keyClick(view.editor, Qt.Key.Key_Return)
        QTest.keyClicks(view.editor, line)


def node(view: ExpressionView, name: str) -> int:
    assert view.graph is not None
    formula = view.graph.formula
    return formula.variables[name] if name in formula.variables else formula.lines[name]


def shown(view: ExpressionView, name: str) -> float | None:
    """The derivative in the box of a node, or None if it has none yet."""
    assert view.reveal is not None
    return view.reveal.derivatives.get(node(view, name))


# the numbers


def test_it_begins_with_the_articles_composite(view: ExpressionView) -> None:
    assert view.text == preset("composite").text.rstrip()
    assert view.graph is not None
    slope = math.cos(2.0) * 2.0
    assert view.inspector.headline.value == pytest.approx(slope, rel=1e-12)
    assert view.inspector.headline.text == short(slope)
    (product,) = view.inspector.products.products
    assert [card.symbol for card in product] == [r"\frac{dy}{du}", r"\frac{du}{dx}"]
    assert [card.value for card in product] == pytest.approx([math.cos(2.0), 2.0])
    assert view.inspector.products.total == pytest.approx(slope)
    assert view.inspector.formula.latex == r"\frac{dy}{dx} = \frac{dy}{du} \cdot \frac{du}{dx}"


def test_neuron_of_cs231n(view: ExpressionView) -> None:
    take(view, "neuron")
    assert view.graph is not None
    assert view.graph.value == pytest.approx(0.7310585786300049, abs=1e-12)
    for name, partial in NEURON.items():
        label = find(view, QLabel, f"partial.{name}")
        assert label.text() == f"∂ {short(partial)}"
        assert shown(view, name) == pytest.approx(partial, abs=1e-10)
        view.set_variable(name)
        assert view.inspector.headline.value == pytest.approx(partial, abs=1e-10)
        assert view.inspector.check is not None
        assert view.inspector.check.numeric == pytest.approx(partial, abs=1e-8)
        assert view.plot.slope == pytest.approx(partial, abs=1e-10)


def test_softmax_gives_p_minus_t(view: ExpressionView) -> None:
    take(view, "softmax")
    z = np.array([1.0, 2.0, 0.5])
    p = np.exp(z) / np.exp(z).sum()
    for name, value in zip(("z1", "z2", "z3"), p - [0.0, 1.0, 0.0], strict=True):
        assert shown(view, name) == pytest.approx(value, abs=1e-12)


def test_every_path_and_their_sum(view: ExpressionView) -> None:
    view.set_text("y = sin(x) * x^2", {"x": 0.7})
    rows = view.inspector.paths.values
    through_sine, through_square = math.cos(0.7) * 0.49, math.sin(0.7) * 1.4
    assert [row[1] for row in rows] == pytest.approx(
        [through_sine, through_square, through_sine + through_square]
    )
    assert view.inspector.paths_title == "EVERY PATH FROM x TO y (2)"


def test_many_paths_are_counted_and_the_rest_summed(view: ExpressionView) -> None:
    view.set_text("u = x + x + x\nv = u + u + u\ny = v + v", {"x": 1.0})
    values = [row[1] for row in view.inspector.paths.values]
    assert values == pytest.approx([1.0] * 8 + [10.0, 18.0])


def test_multiplications_of_each_way(view: ExpressionView) -> None:
    # y = (a + b)^2: edges a, b into the sum, and one into the square
    view.set_text("y = (a + b)^2", {"a": 1.0, "b": 2.0})
    assert [row[2] for row in view.inspector.costs.texts] == ["3", "4", "4"]


def test_check_says_ok_or_why_not(view: ExpressionView) -> None:
    assert view.inspector.check_text.startswith("✓ finite difference −0.83229")
    view.set_text("y = abs(x)", {"x": 0.0})
    assert status(view) == "kink"
    assert "kink" in view.inspector.check_text
    view.set_text("y = x^1.5", {"x": 0.0})
    assert status(view) == "edge"


def test_plot_is_the_function_with_its_tangent(view: ExpressionView) -> None:
    view.set_text("y = log(x)", {"x": 2.0})
    x, y = view.plot.curve
    assert (x[0], x[-1]) == (-3.0, 3.0)
    with np.errstate(all="ignore"):
        expected = np.where(x > 0, np.log(x), np.nan)
    np.testing.assert_allclose(y, expected, rtol=1e-13)
    assert view.plot.point == pytest.approx((2.0, math.log(2.0)))
    assert view.plot.slope == pytest.approx(0.5)


def test_unused_line_and_constant_formula(view: ExpressionView) -> None:
    view.set_text("u = x^2\ny = 3 x", {"x": 2.0})
    assert shown(view, "u") == 0.0
    assert shown(view, "x") == 3.0
    view.set_text("y = 2 pi")
    assert view.variable == ""
    assert view.inspector.headline.value == pytest.approx(2 * math.pi)
    view.set_text("y = x")
    assert shown(view, "x") == 1.0


# typing


def test_typing_shows_the_graph_at_once(view: ExpressionView) -> None:
    type_text(view, "u = a b\ny = tanh(u)")
    assert view.error is None
    assert list(view.values) == ["a", "b"]
    assert shown(view, "a") == pytest.approx(1 - math.tanh(1.0) ** 2)


@pytest.mark.parametrize(
    ("text", "place", "marked"),
    [
        ("y = sin(x) +", (1, 12), "+"),
        ("u = x\ny = u ? 2", (2, 7), "?"),
        ("u = x\n\ny = foo(u)", (3, 5), "foo"),
        ("y = (x", (1, 5), "("),
        ("𝛼𝛽 = x\ny = 3 # 2", (2, 7), "#"),
    ],
)
def test_what_is_wrong_is_underlined_and_said(
    view: ExpressionView, text: str, place: tuple[int, int], marked: str
) -> None:
    before = view.graph
    view.editor.setPlainText(text)
    assert view.error is not None
    assert (view.error.line, view.error.column) == place
    assert view.editor.underlined == marked
    assert view.error_text.startswith(f"Line {place[0]}, column {place[1]}: ")
    assert view.graph is before
    assert view.canvas.picture is not None
    assert view.canvas.picture.stale
    view.set_text("y = x")
    assert view.editor.underlined == ""
    assert view.error_text == ""
    assert not view.canvas.picture.stale


def test_values_without_a_result_are_said_and_can_be_mended(view: ExpressionView) -> None:
    view.set_text("y = log(x - 2)", {"x": 1.0})
    assert view.error is not None
    assert view.error.kind == "log_domain"
    assert view.editor.underlined == "log"
    assert view.variables.names == ("x",)
    view.set_value("x", 3.0)
    assert view.error is None
    assert shown(view, "x") == pytest.approx(1.0)
    view.set_value("x", 0.0)
    assert find(view, QLabel, "partial.x").text() == "∂ ?"


def test_empty_state(view: ExpressionView) -> None:
    type_text(view, "")
    assert view.graph is None
    assert view.error is None
    assert view.canvas.picture is None
    assert view.plot.text == ""
    assert not find(view, QToolButton, "expressionStepButton").isEnabled()
    for _ in range(2):
        view.step()
        view.play()
        view.copy_latex()
    view.grab()
    type_text(view, "x^2")
    assert shown(view, "x") == 2.0


def test_texts_beyond_what_can_be_followed_are_refused(view: ExpressionView) -> None:
    before = view.graph
    view.editor.setPlainText("+".join(["x"] * 5_000))
    assert view.error is not None
    assert view.error.kind == "too_long"
    view.editor.setPlainText("1" + " " * view_module.MOST_CHARACTERS)
    assert view.error is not None
    assert (view.error.line, view.error.column) == (1, view_module.MOST_CHARACTERS + 1)
    assert view.graph is before


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        ("(" * 2_000 + "x" + ")" * 2_000, "too_long", (1, view_module.MOST_CHARACTERS + 1)),
        ("x\n" + "(" * 20_000, "too_long", (2, view_module.MOST_CHARACTERS - 1)),
        ("1" * 5_000, "too_long", (1, view_module.MOST_CHARACTERS + 1)),
        ("1 + " + "2" * 1_000, "number_too_long", (1, 5)),
        ("u = x\ny = u*" + "a" * 1_000, "name_too_long", (2, 7)),
        ("a" * 61 + " = x", "name_too_long", (1, 1)),
    ],
)
def test_long_texts_names_and_numbers_are_refused_before_they_are_drawn(
    view: ExpressionView, text: str, kind: str, place: tuple[int, int]
) -> None:
    view.editor.setPlainText(text)
    assert view.error is not None
    assert (view.error.kind, view.error.line, view.error.column) == (kind, *place)
    assert len(view.error_text) < 200
    view.editor.setPlainText("y = " + "a" * 60 + " + 0." + "1" * 58)
    assert view.error is None


def test_no_number_of_the_text_before_answers_for_a_wrong_one(view: ExpressionView) -> None:
    type_text(view, "2*x")
    assert view.inspector.check is not None and view.plot.slope == 2.0
    QTest.keyClicks(view.editor, "*")

    def says_nothing() -> None:
        assert view.error is not None
        assert view.canvas.picture is not None and view.canvas.picture.stale
        assert not view.inspector.headline.isVisible()
        assert not find(view, QLabel, "expressionCheck").isVisible()
        assert (view.plot.text, view.plot.slope, len(view.plot.curve[0])) == ("", None, 0)
        partial = view.variables.rows["x"].findChild(QLabel, "partial.x")
        assert partial is not None and partial.text() == "∂ ?"
        assert view.latex() == ""
        assert not find(view, QToolButton, "expressionStepButton").isEnabled()

    says_nothing()
    view.set_value("x", 3.0)  # the slider stays, and must not bring the formula before back
    view.set_mode(Mode.FORWARD)
    view.step_back()
    says_nothing()
    QTest.keyClicks(view.editor, "x")
    assert view.error is None and view.plot.slope == 12.0
    assert view.inspector.headline.isVisible()
    view.set_text("y = log(x)", {"x": 2.0})
    view.set_value("x", -1.0)  # nor may the number of another value
    says_nothing()


# variables


def test_slider_moves_everything(view: ExpressionView) -> None:
    slider = find(view, QSlider, "slider.x")
    slider.setFocus()
    for _ in range(3):
        QTest.keyClick(slider, Qt.Key.Key_Right)
    x = view.values["x"]
    assert x == pytest.approx(1.03, abs=1e-12)
    assert view.inspector.headline.value == pytest.approx(2 * x * math.cos(x * x + 1))
    assert view.plot.point == pytest.approx((x, math.sin(x * x + 1)))
    QTest.keyClick(slider, Qt.Key.Key_Home)
    assert view.values["x"] == -3.0


def test_number_field_and_range(view: ExpressionView) -> None:
    row = view.variables.rows["x"]
    field = row.box.lineEdit()
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "12,5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert view.values["x"] == 12.5
    assert row.limits == (-3.0, 12.5)
    for end, text, limits in ((row.low, "10", (10.0, 12.5)), (row.high, "-4", (10.0, 12.5))):
        end.setFocus()
        end.selectAll()
        QTest.keyClicks(end, text)
        QTest.keyClick(end, Qt.Key.Key_Return)
        assert row.limits == limits
    assert row.high.text() == "12.5"
    row.high.selectAll()
    QTest.keyClicks(row.high, "11")
    QTest.keyClick(row.high, Qt.Key.Key_Return)
    assert view.values["x"] == 11.0
    assert (row.slider.value(), row.slider.maximum()) == (row.slider.maximum(), row.slider.maximum())
    field.selectAll()
    QTest.keyClicks(field, "e-")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert view.values["x"] == 11.0


def test_a_variable_keeps_its_value_while_the_text_changes(view: ExpressionView) -> None:
    view.set_value("x", 2.5)
    view.set_text("y = x z")
    assert view.values == {"x": 2.5, "z": 1.0}
    view.set_text("y = z")
    view.set_text("y = z + x")
    assert view.values == {"z": 1.0, "x": 2.5}


def test_choosing_a_variable_by_button_combo_and_graph(view: ExpressionView) -> None:
    take(view, "neuron")
    press(view, "variable.x1")
    assert view.variable == "x1"
    combo = find(view, QComboBox, "expressionVariable")
    assert combo.currentText() == "x1"
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Up)
    assert view.variable == "w1"
    QTest.mouseClick(view.canvas, LEFT, pos=view.canvas.pixel(node(view, "w2")))
    assert view.variable == "w2"
    assert view.selected == node(view, "w2")
    assert find(view, QToolButton, "variable.w2").isChecked()
    assert not find(view, QToolButton, "variable.x1").isChecked()


# steps


def test_forward_node_by_node_then_backward_edge_by_edge(view: ExpressionView) -> None:
    view.set_text("y = sin(x) * x^2", {"x": 0.7})
    press(view, "expressionResetButton")
    reveal = view.reveal
    assert reveal is not None
    assert act(view) is Act.BEGIN
    assert reveal.evaluated == {node(view, "x")}
    assert reveal.derivatives == {}
    assert view.inspector.headline.value is None
    assert view.plot.point is None
    known = []
    for _ in range(3):
        press(view, "expressionStepButton")
        assert view.reveal is not None
        known.append(len(view.reveal.evaluated))
    assert known == [2, 3, 4]
    press(view, "expressionStepButton")
    assert act(view) is Act.SEED
    assert view.reveal is not None
    assert view.reveal.derivatives == {node(view, "y"): 1.0}
    assert view.banner.formula == r"\frac{dy}{dy} = 1"
    # into x, from the square first: the last operand comes back first
    square, sine = math.sin(0.7) * 1.4, math.cos(0.7) * 0.49
    sums: list[float | None] = []
    while act(view) is not Act.COMPLETE:
        press(view, "expressionStepButton")
        sums.append(view.reveal.derivatives.get(node(view, "x")))
    assert [s for s in sums if s is not None] == pytest.approx([square, square + sine, square + sine])
    assert view.inspector.headline.value == pytest.approx(square + sine)
    assert not find(view, QToolButton, "expressionStepButton").isEnabled()

    press(view, "expressionBackButton")
    assert act(view) is Act.EDGE
    assert view.banner.numbers.endswith(f"{short(square)} + {short(sine)} = {short(square + sine)}")
    press(view, "expressionBackButton")
    assert shown(view, "x") == pytest.approx(square)
    assert view.inspector.headline.value is None
    assert view.inspector.node_table.values[-1][-1] is None


def test_what_is_not_revealed_is_not_shown(view: ExpressionView) -> None:
    view.reset()
    assert view.inspector.check is None
    assert view.inspector.products.total is None
    assert all(card.value is None for product in view.inspector.products.products for card in product)
    assert all(row[1] is None for row in view.inspector.paths.values)
    assert find(view, QLabel, "partial.x").text() == "∂ ?"
    text = view.canvas.text_at(view.canvas.pixel(node(view, "y")).toPointF())
    assert full(math.sin(2.0)) not in text
    view.fit()
    press(view, "expressionStepButton", times=5)
    assert full(math.sin(2.0)) in view.canvas.text_at(view.canvas.pixel(node(view, "y")).toPointF())


def test_a_window_may_be_destroyed_while_it_is_shown(qtbot: QtBot) -> None:
    window = QMainWindow()
    window.setCentralWidget(ExpressionView(remember=False))
    window.show()
    qtbot.waitExposed(window)
    del window


def test_slider_while_stepping_keeps_the_step(view: ExpressionView) -> None:
    view.reset()
    view.step()
    view.set_value("x", 2.0)
    assert view.position == 1
    assert view.reveal is not None
    assert len(view.reveal.evaluated) == 2


def test_keys_step(view: ExpressionView) -> None:
    alt = Qt.KeyboardModifier.AltModifier
    view.editor.setFocus()
    QTest.keyClick(view.editor, Qt.Key.Key_Home, alt)
    assert view.position == 0
    QTest.keyClick(view.editor, Qt.Key.Key_Right, alt)
    QTest.keyClick(view.editor, Qt.Key.Key_Right, alt)
    assert view.position == 2
    QTest.keyClick(view.editor, Qt.Key.Key_Left, alt)
    assert view.position == 1
    QTest.keyClick(view.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert view.playing
    QTest.keyClick(view.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not view.playing
    assert view.text == preset("composite").text.rstrip()


def test_play_goes_through_and_stops(
    view: ExpressionView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view_module, "SLOWEST", 5)
    monkeypatch.setattr(view_module, "FASTEST", 5)
    press(view, "expressionPlayButton")
    assert view.playing
    assert view.position < (view.reveal.length if view.reveal else 0)
    qtbot.waitUntil(lambda: not view.playing)
    assert view.reveal is not None
    assert view.reveal.finished
    press(view, "expressionPlayButton")
    view.hide()
    assert not view.playing


# forward mode


def test_forward_mode_carries_tangents(view: ExpressionView) -> None:
    view.set_text("u = a b\ny = u^2 + a", {"a": 3.0, "b": 0.5})
    press(view, "forwardModeButton")
    assert view.mode is Mode.FORWARD
    assert [shown(view, name) for name in ("a", "b", "u", "y")] == pytest.approx(
        [1, 0, 0.5, 2 * 1.5 * 0.5 + 1]
    )
    assert view.inspector.headline.value == pytest.approx(2.5)
    press(view, "variable.b")
    assert [shown(view, name) for name in ("a", "b", "u", "y")] == pytest.approx([0, 1, 3.0, 9.0])
    press(view, "expressionResetButton")
    assert view.reveal is not None
    assert view.reveal.derivatives == {node(view, "a"): 0.0, node(view, "b"): 1.0}
    press(view, "expressionStepButton")
    assert shown(view, "u") == 3.0
    assert view.reveal.multiplied == 1
    assert view.banner.numbers == "= 1 × 3 = 3"
    press(view, "reverseModeButton")
    assert view.reveal.finished
    assert shown(view, "u") == pytest.approx(3.0)


# the graph


def test_click_and_arrows_select_nodes(view: ExpressionView) -> None:
    view.set_text("u = x^2\ny = sin(u) + u", {"x": 1.0})
    QTest.mouseClick(view.canvas, LEFT, pos=view.canvas.pixel(node(view, "u")))
    assert view.selected == node(view, "u")
    rows = view.inspector.node_table.values
    assert sorted(row[-1] for row in rows[:-1] if row[-1] is not None) == pytest.approx([math.cos(1.0), 1.0])
    assert rows[-1][-1] == pytest.approx(1 + math.cos(1.0))
    view.canvas.setFocus()
    QTest.keyClick(view.canvas, Qt.Key.Key_Left)
    assert view.selected == node(view, "x")
    assert "x = 1\n" in view.canvas.accessibleDescription()
    QTest.keyClick(view.canvas, Qt.Key.Key_Right)
    assert view.selected == node(view, "u")
    QTest.keyClick(view.canvas, Qt.Key.Key_Escape)
    assert view.selected is None
    QTest.keyClick(view.canvas, Qt.Key.Key_Up)
    assert view.selected == node(view, "y")


def test_zoom_drag_and_fit(view: ExpressionView) -> None:
    canvas = view.canvas
    fitted = canvas.scale
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.scale == pytest.approx(1.25 * fitted)
    assert not canvas.fitted
    before, at = canvas.pixel(node(view, "u")), QPoint(20, 20)
    QTest.mousePress(canvas, LEFT, pos=at)
    for step in range(1, 6):
        QTest.mouseMove(canvas, at + QPoint(8 * step, 4 * step))
    QTest.mouseRelease(canvas, LEFT, pos=at + QPoint(40, 20))
    assert canvas.pixel(node(view, "u")) - before == QPoint(40, 20)
    assert view.selected is None
    QTest.keyClick(canvas, Qt.Key.Key_F)
    assert canvas.scale == pytest.approx(fitted)
    QTest.mouseDClick(canvas, LEFT, pos=canvas.pixel(node(view, "u")))
    assert canvas.scale == pytest.approx(1.0)


def test_tooltips_have_every_digit(view: ExpressionView) -> None:
    text = view.canvas.text_at(view.canvas.pixel(node(view, "u")).toPointF())
    assert f"∂y/∂u = {full(math.cos(2.0))}" in text
    between = (view.canvas.pixel(node(view, "u")) + view.canvas.pixel(node(view, "y"))) / 2
    assert view.canvas.text_at(between.toPointF()) == f"∂y/∂u = {full(math.cos(2.0))}"
    assert view.canvas.text_at(QPoint(2, 2).toPointF()) == ""


def test_chosen_path_is_pointed_out(view: ExpressionView) -> None:
    view.set_text("y = sin(x) * x^2", {"x": 0.7})
    table = view.inspector.paths
    QTest.mouseClick(table, LEFT, pos=QPoint(10, 5))
    assert table.chosen == 0
    assert view.canvas.picture is not None
    assert len(view.canvas.picture.path) == 2
    factors = find(view, QWidget, "expressionFactors")
    assert sorted(row[1] for row in factors.values) == pytest.approx(sorted([0.49, math.cos(0.7)]))  # type: ignore[attr-defined]
    view.set_value("x", 0.5)
    assert sorted(edge.local for edge in view.canvas.picture.path) == pytest.approx([0.25, math.cos(0.5)])
    QTest.mouseClick(table, LEFT, pos=QPoint(10, 5))
    assert view.canvas.picture.path == frozenset()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_derivatives_stand_on_the_colour_of_their_sign(view: ExpressionView, theme: object) -> None:
    view.set_theme(theme)  # type: ignore[arg-type]
    for x, fill in ((0.2, theme.positive_fill), (1.0, theme.negative_fill)):  # type: ignore[attr-defined]
        view.set_value("x", x)
        image = view.canvas.grab().toImage()
        at = view.canvas.pixel(node(view, "x")) + QPoint(-44, 30)
        assert image.pixelColor(at).name() == fill


# out of it


def test_copy_as_latex(view: ExpressionView) -> None:
    press(view, "expressionCopyButton")
    copied = QGuiApplication.clipboard().text()
    for line in (
        r"u &= x^{2} + 1",
        r"y &= \sin\left(u\right)",
        r"\frac{dy}{dx} &= \frac{dy}{du} \cdot \frac{du}{dx}",
        r"&= \left(-0.4161\right) \cdot 2 = -0.8323",
    ):
        assert line in copied
    assert view.message_bar.tone is Tone.INFO


@pytest.mark.usefixtures("dressed")
def test_pictures_of_the_graph(view: ExpressionView, tmp_path: Path) -> None:
    svg, png = tmp_path / "graph.svg", tmp_path / "graph.png"
    assert view.save_picture(str(svg))
    texts = {"".join(e.itertext()).strip() for e in ET.parse(svg).iter("{http://www.w3.org/2000/svg}text")}
    assert {"x", "u", "y", "sin", "+ 1", short(math.sin(2.0)), short(2 * math.cos(2.0))} <= texts
    assert view.save_picture(str(png))
    image = QImage(str(png))
    assert view.canvas.picture is not None
    assert image.width() == round(2 * view.canvas.picture.drawing.bounds.width())
    assert str(png) in view.message_bar.text

    assert not view.save_picture(str(tmp_path / "no folder" / "graph.svg"))
    assert view.message_bar.tone is Tone.ERROR
    assert not view.save_picture(str(tmp_path / "no folder" / "graph.png"))


def test_network_is_handed_over_with_its_values(view: ExpressionView, qtbot: QtBot) -> None:
    button = find(view, QPushButton, "expressionNetworkButton")
    assert not button.isVisible()
    take(view, "network")
    assert button.isVisible()
    view.set_value("w1_21", -0.25)
    with qtbot.waitSignal(view.network_requested) as caught:
        QTest.mouseClick(button, LEFT)
    assert caught.args is not None
    request = caught.args[0]
    assert isinstance(request, NetworkRequest)
    assert request.names.units == (2, 2, 1)
    weights, biases = request.names.parameters(request.values)
    assert weights == [[[0.15, 0.25], [-0.25, 0.30]], [[0.40], [0.45]]]
    assert biases == [[0.35, 0.35], [0.60]]
    view.editor.setPlainText(view.text + " + 1")
    assert not button.isVisible()


# memory


def recent(view: ExpressionView) -> list[str]:
    button = find(view, QToolButton, "expressionRecent")
    button.menu().aboutToShow.emit()
    return [action.text() for action in button.menu().actions() if action.isEnabled() and action.text()]


def test_expressions_are_remembered(view: ExpressionView, qtbot: QtBot) -> None:
    assert recent(view) == []
    type_text(view, "u = p^2\nw = u p")
    view.set_value("p", 2.5)
    view.canvas.setFocus()  # the editor is left
    type_text(view, "w = q +")
    view.canvas.setFocus()
    assert recent(view)[:-1] == ["u = p^2; w = u p"]
    view.set_text("y = 2 p")
    view.hide()

    other = make_view(qtbot)
    assert other.text == "y = 2 p"
    assert other.values == {"p": 2.5}
    assert recent(other)[:-1] == ["y = 2 p", "u = p^2; w = u p"]
    find(other, QToolButton, "expressionRecent").menu().actions()[1].trigger()
    assert other.text == "u = p^2\nw = u p"
    find(other, QToolButton, "expressionRecent").menu().actions()[-1].trigger()
    assert expression_memory.recall(Kept()) == []
    other.set_text("")


def test_no_more_than_twenty_and_the_latest_first(qtbot: QtBot) -> None:
    for k in range(25):
        expression_memory.remember(Kept(), f"y = x + {k}", {"x": 1.0})
    expression_memory.remember(Kept(), "y = x + 20", {"x": 2.0})
    entries = expression_memory.recall(Kept())
    assert len(entries) == 20
    assert entries[0] == ("y = x + 20", {"x": 2.0})
    assert sum(entry.text == "y = x + 20" for entry in entries) == 1


@pytest.mark.parametrize("stored", ["nonsense", "[1]", '[{"text": 1}]', "7", '[{"text": "x", "values": []}]'])
def test_settings_that_make_no_sense_are_passed_over(qtbot: QtBot, stored: str) -> None:
    QSettings().setValue(EXPRESSIONS.name, stored)
    assert expression_memory.recall(Kept()) == []
    assert make_view(qtbot).text == preset("composite").text.rstrip()


# as a part of the window


def test_keys_of_the_window_stay_in_here(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    done: list[str] = []
    for keys in ("Space", "Left", "Right", "Home", "F", "Ctrl+O"):
        action = QAction(window)
        action.setShortcut(keys)
        action.triggered.connect(lambda _=False, keys=keys: done.append(keys))
        window.addAction(action)
    view = ExpressionView(remember=False)
    window.setCentralWidget(view)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    slider = view.variables.rows["x"].slider
    for widget in (slider, view.canvas, view.variables.rows["x"].button):
        widget.setFocus()
        for key in (Qt.Key.Key_Space, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_F):
            QTest.keyClick(widget, key)
    assert done == []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Home):
        QTest.keyClick(slider, key)
    assert view.values["x"] == -3.0
    QTest.keyClick(slider, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert done == ["Ctrl+O"]


def test_everything_has_a_name(view: ExpressionView) -> None:
    take(view, "network")
    kinds = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QSlider)
    nameless = [
        f"{type(w).__name__} {w.objectName()!r}"
        for kind in kinds
        for w in view.findChildren(kind)
        if w.isVisible()
        and not w.objectName().startswith("qt_")
        and not (w.objectName() and w.accessibleName())
    ]
    assert nameless == []
    assert view.canvas.accessibleName() and view.accessibleName()


def test_language_changes_at_run_time(view: ExpressionView) -> None:
    view.editor.setPlainText("y = (")
    with spoken(quoted):
        assert find(view, QPushButton, "reverseModeButton").text() == "«Reverse»"
        assert find(view, QToolButton, "expressionStepButton").text() == "«Step»"
        assert find(view, QAction, "preset.neuron").text() == "«Sigmoid neuron (CS231n)»"
        assert view.error_text.startswith("«Line 1")
        view.editor.setPlainText("y = x")
        assert view.plot.text.startswith("«y over x»")
        assert "«Reverse mode»" in view.inspector.costs.texts[0]
        assert view.variables.rows["x"].slider.accessibleName() == "«Value of x, slider»"
    assert find(view, QPushButton, "reverseModeButton").text() == "Reverse"


def test_hidden_view_is_drawn_when_it_is_shown(qtbot: QtBot) -> None:
    view = ExpressionView(remember=False)
    qtbot.addWidget(view)
    assert view.canvas.picture is None
    view.set_text("y = x^3", {"x": 2.0})
    view.show()
    assert view.canvas.picture is not None
    assert view.inspector.headline.value == pytest.approx(12.0)


def test_two_hundred_nodes_are_drawn_and_follow_the_slider(view: ExpressionView) -> None:
    view.set_text("y = " + "+".join(f"sin(x{i} w{i})^2" for i in range(28)))
    assert view.graph is not None
    assert len(view.graph.nodes) >= 190
    view.variables.rows["x3"].slider.setValue(100)
    view.canvas.grab()
    x = view.values["x3"]
    assert shown(view, "x3") == pytest.approx(2 * math.sin(x) * math.cos(x), abs=1e-12)


def test_points_along_a_long_line_lie_on_it(view: ExpressionView) -> None:
    view.set_text("+".join(["x"] * 60))
    assert view.canvas.picture is not None
    line = max(view.canvas.picture.drawing.lines, key=lambda line: len(line.route.points))
    assert line.samples[0] == pytest.approx((line.start.x(), line.start.y()))
    assert line.samples[-1] == pytest.approx((line.end.x(), line.end.y()))
    assert [p[0] for p in line.samples] == sorted(p[0] for p in line.samples)


def test_a_formula_without_a_result_shows_no_other_formulas_graph(view: ExpressionView) -> None:
    view.set_text("y = a*b + sin(a)", {"a": 0.5, "b": 2.0})
    assert view.graph is not None
    view.set_text("x*0/0")
    assert view.error is not None and view.error.kind == "zero_by_zero"
    assert view.graph is None and view.reveal is None
    assert view.latex() == ""
    view.step()
    view.set_theme(DARK)
    view.set_mode(view_module.Mode.FORWARD)
    view.set_text("x*2")
    assert view.error is None and view.graph is not None
    assert list(view.graph.formula.variables) == ["x"]


def test_the_graph_of_the_same_formula_stays_while_a_value_has_no_result(view: ExpressionView) -> None:
    view.set_text("y = log(x)", {"x": 2.0})
    view.set_value("x", -1.0)
    assert view.error is not None and view.graph is not None
