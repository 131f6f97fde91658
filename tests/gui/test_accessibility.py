"""What is heard, and how one gets about without a mouse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from engine.parts import Part
from gui.style.spoken import spoken
from gui.style.tab_order import in_order
from tests.gui.driver import Driver

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Driver]:
    driver = Driver(qtbot, size=(1440, 900))
    yield driver
    driver.close()


@pytest.mark.parametrize(
    "latex, words",
    [
        ("w^{(2)}_{11}", "w unit 11 of layer 2"),
        (r"\partial L/\partial w^{(2)}_{11}", "gradient of the loss by w unit 11 of layer 2"),
        (r"\frac{1}{B}", "1 over B"),
        (
            r"\frac{d}{dx}\left[\sin\left(u\right)\right] = \cos\left(u\right) \cdot \frac{du}{dx}",
            "derivative by x of [ sin(u)] equals cos(u) times derivative of u by x",
        ),
        (
            r"\frac{1 - \frac{1}{x}}{\left(1 + u^{2}\right)^{3}}",
            "fraction 1 - 1 over x over (1 + u squared) to the power 3, end of fraction,",
        ),
        (
            r"\frac{\partial L}{\partial \mathbf{W}} = \vec{1}\,\mathbf{x}^{\top}",
            "derivative of L by W equals vector of ones x transposed",
        ),
        (
            r"\begin{cases} \theta_{1} & x > 0 \\ -x & \mathrm{else} \end{cases}",
            "theta unit 1 if x > 0, otherwise -x",
        ),
        (r"w \leftarrow w - \eta\, g", "w becomes w - eta g"),
        (r"\delta^{(2)}_{1}", "delta unit 1 of layer 2"),
        ("f'(z^{(2)}_{1})", "f prime (z unit 1 of layer 2)"),
    ],
)
def test_formulas_are_said_in_words(latex: str, words: str) -> None:
    assert spoken(latex) == words


def test_nothing_is_read_out_as_latex(window: Driver) -> None:
    window.run(1)
    for part in (Part("weight", 2, 0, 1), Part("bias", 1, 0), Part("unit", 2, 0)):
        window.main.focus.select(part)
        for widget in window.main.findChildren(QWidget):
            heard = widget.accessibleName() + widget.accessibleDescription()
            assert "\\" not in heard and "_{" not in heard, (widget.objectName(), heard)


def test_the_selection_is_said_with_its_value_and_gradient(window: Driver) -> None:
    window.run(1)
    window.main.focus.select(Part("weight", 2, 0, 1))
    said = window.main.network_view.canvas.accessibleDescription()
    assert said.startswith("Weight from") and "gradient" in said and said.endswith("selected")


def test_tab_goes_as_the_picture_is_read(window: Driver) -> None:
    main = window.main
    main.focus.select(Part("weight", 2, 0, 1))
    QApplication.processEvents()
    regions = {
        "toolbar": main.run_controls,
        "centre": main.pages.centre,
        "curves": main.tabs,
        "timeline": main.timeline,
        "inspector": main.chain_rule_view,
        "setup": main.setup_panel,
    }
    order = [
        next((name for name, region in regions.items() if region.isAncestorOf(each)), "")
        for each in in_order(main)
        if each.isVisible()
    ]
    seen = [name for place, name in enumerate(order) if name and name not in order[:place]]
    assert seen == list(regions)


def test_the_toolbar_is_reached_and_pressed_by_keyboard(window: Driver, qtbot: QtBot) -> None:
    main = window.main
    main.activateWindow()
    button = window.child(QAbstractButton, "stepButton")
    main.run_controls.widgetForAction(main.run_controls.run_action).setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(main.run_controls.widgetForAction(main.run_controls.run_action), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is button
    seen = len(window.frames)
    QTest.keyClick(button, Qt.Key.Key_Space)
    window.wait(lambda: len(window.frames) > seen)
    assert window.frame.phase is not None and window.frame.phase.layer == 1


def test_targets_are_large_enough(window: Driver) -> None:
    kinds = (QAbstractButton, QComboBox, QAbstractSpinBox)
    small = []
    for kind in kinds:
        for each in window.main.findChildren(kind):
            own = each.objectName() and not each.objectName().startswith("qt_")
            own = own and not each.objectName().endswith("Mark")  # those of the axis may be smaller
            if own and each.isVisible() and min(each.width(), each.height()) < 22:
                small.append((each.objectName(), each.width(), each.height()))
    assert not small, str(small)
