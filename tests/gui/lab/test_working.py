"""The working, the descent and what is saved of them, through the lab's real widgets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from engine.explain.expression import differentiate
from engine.explain.expression.descent import descend
from gui.lab import ExpressionView
from gui.lab.formula_tree import right_side
from gui.lab.plot import broken
from gui.lab.reveal import Mode
from gui.style.appearance import Appearance

GRAPH, WORKING, DESCENT = range(3)


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[ExpressionView]:
    view = ExpressionView(remember=False)
    qtbot.addWidget(view)
    view.resize(1400, 860)
    view.show()
    qtbot.waitExposed(view)
    yield view


def type_text(view: ExpressionView, text: str) -> None:
    view.editor.setFocus()
    QTest.keyClick(view.editor, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    for letter in text:
        if letter.isascii():
            QTest.keyClicks(view.editor, letter)
        else:  # as an input method hands it over
            event = QInputMethodEvent()
            event.setCommitString(letter)
            QApplication.sendEvent(view.editor, event)


def press(view: ExpressionView, name: str, times: int = 1) -> None:
    button = view.findChild(QAbstractButton, name)
    assert button is not None
    for _ in range(times):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def titles(view: ExpressionView) -> list[str]:
    return [title for title, _, _ in view.working.tree.lines]


def test_the_working_is_typed_and_stepped_through(view: ExpressionView) -> None:
    type_text(view, "x²  sin 3x")
    assert view.error is None
    view.ways.setCurrentIndex(WORKING)
    assert titles(view)[:3] == ["y derived by x", "Product rule", "Power rule"]
    assert "Chain rule" in titles(view)
    assert view.working.position == 0
    press(view, "expressionStepButton")
    assert view.working.position == 1
    assert view.working.why.startswith("Product rule: Each factor is derived once")
    # x = 1: 2·sin 3 + 3·cos 3
    assert view.working.numbers.latex.endswith("= -2.688")
    press(view, "expressionStepButton", view.working.length)
    assert view.working.position == view.working.length
    press(view, "expressionResetButton")
    assert view.working.position == 0
    press(view, "expressionStepButton", 3)
    press(view, "expressionBackButton")
    assert view.working.position == 2


def test_every_step_can_be_folded_and_the_number_stands_beside_it(view: ExpressionView) -> None:
    view.set_text("u = x^2 + 1; y = sin(u)", {"x": 1.0})
    view.ways.setCurrentIndex(WORKING)
    top = view.working.tree.topLevelItem(0)
    assert top is not None and top.text(0) == "y derived by x"
    assert top.text(2) == "\u22120.8323"
    assert top.isExpanded()
    top.setExpanded(False)
    assert not top.isExpanded()
    view.set_value("x", 1.5)
    assert view.working.tree.topLevelItem(0).text(2) == "\u22122.982"
    assert not view.working.tree.topLevelItem(0).isExpanded(), "what was folded stays so"


def test_both_orders_have_the_same_steps(view: ExpressionView) -> None:
    view.set_text("x sin(x^2)/(1 + x)", {"x": 1.0})
    view.ways.setCurrentIndex(WORKING)
    outside_in = [title for title in titles(view) if title.endswith("rule")]
    view.set_mode(Mode.FORWARD)
    inside_out = [title for title in titles(view) if title.endswith("rule")]
    assert sorted(inside_out) == sorted(outside_in)
    assert outside_in[0] == "Quotient rule" and inside_out[-1] == "Quotient rule"


def test_numbers_of_a_step_come_out_as_they_are_written(view: ExpressionView) -> None:
    view.set_text("x^3 sin(2x)/(1 + x) - ln(x) e^x", {"x": 1.3})
    view.ways.setCurrentIndex(WORKING)
    checked = 0
    for _ in range(view.working.length):
        view.working.go(1)
        plain = view.working.numbers.latex.replace(r"\left(", "(").replace(r"\right)", ")")
        plain = plain.replace(r" \cdot ", "*").replace(r"\frac{", "(").replace("}{", ")/(").replace("}", ")")
        left, _, right = plain.rpartition(" = ")
        if re.fullmatch(r"[-+*/(). 0-9]+", left) and re.fullmatch(r"[-0-9.]+", right):
            decimals = len(right.partition(".")[2])
            reached = round(eval(left), decimals)
            assert reached == pytest.approx(float(right), abs=0.6 * 10.0**-decimals), plain
            checked += 1
    assert checked > 5


def test_what_cannot_be_worked_out_says_so(view: ExpressionView) -> None:
    view.ways.setCurrentIndex(WORKING)
    view.set_text("3 + 4")
    assert view.working.working is None
    assert view.working.length == 0
    view.set_text("+".join(["x"] * 400))
    view.set_text("")
    assert view.working.working is None


def test_second_derivatives_and_both_slopes_of_a_kink(view: ExpressionView) -> None:
    view.set_text("x^3 y + y^2", {"x": 2.0, "y": 3.0})
    assert view.inspector.seconds.texts == [["∂²f/∂x²", "36"], ["∂²f/∂x∂y", "12"]]
    assert view.inspector.sides_text == ""
    view.set_text("|t| + t", {"t": 0.0})
    assert view.inspector.sides_text == "A kink: slope 0 on the left, 2 on the right."


def test_the_parabola_and_the_tangent_touch_the_curve(view: ExpressionView) -> None:
    view.set_text("e^x", {"x": 0.5})
    x, y = view.plot.parabola
    here = np.exp(0.5)
    np.testing.assert_allclose(y, here * (1 + (x - 0.5) + (x - 0.5) ** 2 / 2), rtol=1e-12)
    view.set_text("2x + 1", {"x": 0.5})
    assert len(view.plot.parabola[0]) == 0


@pytest.mark.parametrize(("text", "breaks"), [("tan(x)", 2), ("1/x", 1), ("floor(x)", 5), ("sign(x)", 2)])
def test_poles_and_jumps_are_no_lines(text: str, breaks: int) -> None:
    graph = differentiate(text, x=0.3).graph
    y = broken(graph, "x", np.linspace(-3.0, 3.0, 601))
    gaps = np.isnan(y) & ~np.isnan(np.roll(y, 1))
    assert abs(int(gaps.sum()) - breaks) <= 1


@pytest.mark.parametrize("text", ["tanh(200x)", "x^9", "sin(30x)", "exp(3x)", "|x|", "sigmoid(500x)"])
def test_steep_flanks_stay_whole(text: str) -> None:
    y = broken(differentiate(text, x=0.3).graph, "x", np.linspace(-3.0, 3.0, 601))
    assert not np.isnan(y).any()


def test_descent_in_one_and_two_variables(view: ExpressionView) -> None:
    view.set_text("x^2 + 10y^2", {"x": 1.0, "y": 1.0})
    view.ways.setCurrentIndex(DESCENT)
    assert view.descent.descent is not None
    assert view.descent.descent.names == ("x",)
    assert not view.plot.isVisible()
    x, y = view.descent.path
    np.testing.assert_allclose(x, 0.8 ** np.arange(11))
    np.testing.assert_allclose(y, x**2 + 10.0)
    first = view.descent.table.texts[0]
    assert first[0] == "x ← 1 \u2212 0.1·2 = 0.8" and first[1] == "11"
    view.descent._along.setCurrentIndex(1)
    view.descent._along.activated.emit(1)
    rate = view.descent._rate
    rate.lineEdit().setFocus()
    rate.lineEdit().selectAll()
    QTest.keyClicks(rate.lineEdit(), "0.02")
    QTest.keyClick(rate.lineEdit(), Qt.Key.Key_Return)
    wanted = descend(differentiate("x^2 + 10y^2", x=1.0, y=1.0).graph, ("x", "y"), 0.02, 0.0, 10)
    np.testing.assert_allclose(np.column_stack(view.descent.path), wanted.points)
    view.ways.setCurrentIndex(GRAPH)
    assert view.plot.isVisible()


def test_a_descent_that_ends_says_where(view: ExpressionView) -> None:
    view.set_text("ln(x)", {"x": 0.05})
    view.ways.setCurrentIndex(DESCENT)
    assert "It ends there:" in view.descent.text and "logarithm" in view.descent.text
    view.set_text("x^4", {"x": 3.0})
    assert view.descent.descent is not None and view.descent.descent.stopped is not None


@pytest.mark.parametrize("ending", ["md", "tex", "html", "pdf"])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_working_is_saved_in_every_form_and_language(
    view: ExpressionView, tmp_path: Path, ending: str, language: str
) -> None:
    appearance = Appearance(QApplication.instance(), remember=False)
    appearance.set_language(language)
    view.set_text("u = x^2 + 1; y = sin(u)", {"x": 1.0})
    path = tmp_path / f"working.{ending}"
    assert view.save_working(str(path))
    appearance.set_language("en")
    data = path.read_bytes()
    if ending == "pdf":
        assert data.startswith(b"%PDF") and len(data) > 5_000
        return
    text = data.decode("utf-8")
    assert ("Chain rule" if language == "en" else "链式法则") in text
    if ending == "md":
        assert ("**Chain rule**: The" if language == "en" else "**链式法则**：外层") in text
    if ending == "tex":
        assert text.count(r"\[") == text.count(r"\]") > 8
        assert ("ctex" in text) == (language == "zh_CN")
    if ending == "html":
        assert "<math" in text and "$" not in text
    else:
        assert r"\frac{du}{dx}" in text


def test_a_folder_that_is_gone_is_said(view: ExpressionView, tmp_path: Path) -> None:
    view.set_text("x^2", {"x": 1.0})
    assert not view.save_working(str(tmp_path / "gone" / "working.md"))
    assert "could not be written" in view.message_bar.text


def test_copied_latex_stands_alone(view: ExpressionView) -> None:
    view.set_text("x sin(x^2) + 学习率 x", {"x": 1.0, "学习率": 0.1})
    view.copy_latex()
    text = QGuiApplication.clipboard().text()
    for symbol in set(re.findall(r"v_\{\d+\}", text)):
        assert f"{symbol} &= " in text, symbol
    assert r"\text{学习率}" in text


def test_what_books_print_can_be_typed(view: ExpressionView) -> None:
    type_text(view, "sin²x ＋ ２cos x")
    assert view.error is None
    assert view.graph is not None and view.graph.value == pytest.approx(np.sin(1) ** 2 + 2 * np.cos(1))
    type_text(view, "sin x/2")
    assert "sin(x/" in view.error_text and view.graph is not None
    assert view.inspector.check is not None or view.inspector._graph is None
    type_text(view, "log(sigmoid(-800x))")
    assert view.graph is not None and view.graph.value == -800.0


def test_the_working_goes_on_after_another_language_is_chosen_elsewhere(
    view: ExpressionView, qtbot: QtBot
) -> None:
    appearance = Appearance(QApplication.instance(), remember=False)
    view.set_text("x^2", {"x": 1.0})
    view.ways.setCurrentIndex(WORKING)
    view.ways.setCurrentIndex(GRAPH)
    for language, tab, rule in (("zh_CN", "推导过程", "幂法则"), ("en", "Working", "Power rule")):
        appearance.set_language(language)
        qtbot.waitUntil(lambda tab=tab: view.ways.tabText(WORKING) == tab)  # type: ignore[misc]
        view.ways.setCurrentIndex(WORKING)
        assert rule in titles(view)
        view.ways.setCurrentIndex(GRAPH)


def test_formulas_of_the_working_are_said_in_words(view: ExpressionView) -> None:
    view.set_text("sin(x^2)/x", {"x": 1.0})
    view.ways.setCurrentIndex(WORKING)
    model = view.working.tree.model()
    heard = model.index(0, 1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert heard.startswith("derivative of y by x equals fraction") and "\\" not in heard


@pytest.mark.usefixtures("dressed")
def test_a_row_without_room_for_both_sides_has_the_right_one() -> None:
    assert right_side(r"\frac{dy}{dx} = x = 2") == "= x = 2"
    assert right_side(r"\left[x = y\right] = 1") == ""  # cut there, it would be no formula
    assert right_side("x") == ""


def test_notes_of_the_inspector_speak_the_language_that_is_chosen(view: ExpressionView, qtbot: QtBot) -> None:
    appearance = Appearance(QApplication.instance(), remember=False)
    note = view.findChild(QLabel, "expressionClosedFormNote")
    assert note is not None
    view.set_text("+".join(f"sin(x)^{k}" for k in range(2, 90)), {"x": 1.0})
    assert note.text().startswith("Too long")
    appearance.set_language("zh_CN")
    qtbot.waitUntil(lambda: note.text().startswith("太长"))
    appearance.set_language("en")
    qtbot.waitUntil(lambda: note.text().startswith("Too long"))
