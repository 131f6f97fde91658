"""What has the focus can be seen: everything in the window that Tab goes to changes its looks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.parts import Part
from tests.gui.driver import Driver

pytestmark = pytest.mark.usefixtures("dressed")

LEAST = 30
"""Pixels that are others where something has the focus: a line under or around the smallest thing."""


@pytest.fixture
def driver(qtbot: QtBot) -> Iterator[Driver]:
    driver = Driver(qtbot, size=(1440, 900))
    driver.main.focus.select(Part("weight", 2, 0, 1))
    driver.run(30)
    yield driver
    driver.close()


def picture(window: QWidget, about: QRect) -> np.ndarray[tuple[int, ...], np.dtype[np.uint32]]:
    QApplication.processEvents()
    image = window.grab(about).toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint32).copy()


def test_the_focus_is_seen_wherever_it_is(driver: Driver) -> None:
    window = driver.main
    window.activateWindow()
    unseen, tried = [], 0
    for widget in window.findChildren(QWidget):
        reached = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
        if not reached or not widget.isVisible() or not widget.isEnabled() or widget.window() is not window:
            continue
        if widget.visibleRegion().isEmpty():
            continue
        about = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()).adjusted(-6, -6, 6, 6)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        if QApplication.focusWidget() is not widget:
            continue
        tried += 1
        with_focus = picture(window, about)
        widget.clearFocus()
        changed = int((with_focus != picture(window, about)).sum())
        if changed < LEAST:
            unseen.append(
                f"{type(widget).__name__} {widget.objectName()} in "
                f"{widget.parentWidget().objectName()}: {changed}"
            )
    assert tried > 40
    assert not unseen, "\n".join(unseen)


@pytest.mark.parametrize(
    "name", ["runButton", "chainRulePaths", "chainRuleTerms", "unitMaps", "chainRuleScroll", "whyButton"]
)
def test_a_ring_hides_nothing_and_nothing_cuts_it(driver: Driver, name: str) -> None:
    """It is two pixels wide, and two pixels off what it is around, or inside of what lies at an edge."""
    window = driver.main
    window.activateWindow()
    widget = driver.child(QWidget, name)
    widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    rings = [each for each in window.findChildren(QWidget, "focusRing") if each.isVisible()]
    if name == "whyButton":  # its own edge is the ring
        assert rings == []
        return
    (ring,) = rings
    place = QRect(widget.mapFrom(window, ring.mapTo(window, QPoint(0, 0))), ring.size())
    assert place in (widget.rect().adjusted(-4, -4, 4, 4), widget.rect().adjusted(2, 2, -2, -2))
    assert ring.visibleRegion().boundingRect() == ring.rect()
    if name in ("runButton", "chainRulePaths", "chainRuleTerms"):
        assert place.contains(widget.rect())
    if name == "chainRulePaths":  # what it is in is moved
        section = widget.parentWidget()
        section.move(section.x(), section.y() + 9)
        assert ring.mapTo(window, QPoint(0, 0)) == widget.mapTo(window, QPoint(-4, -4))
    widget.clearFocus()
    QApplication.processEvents()
    assert not ring.isVisible()
