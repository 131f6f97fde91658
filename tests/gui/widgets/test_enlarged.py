"""A tab on the whole screen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QTabBar
from pytestqt.qtbot import QtBot

from gui.training.messages import Status
from gui.widgets.enlarged import Enlarged
from tests.gui.driver import Driver

pytestmark = pytest.mark.usefixtures("dressed")


def test_a_double_click_takes_a_tab_onto_the_whole_screen_and_escape_back(qtbot: QtBot) -> None:
    window = Driver(qtbot)
    try:
        tabs, view = window.main.tabs, window.main.curves_view
        bar = tabs.tabBar()
        assert isinstance(bar, QTabBar)
        titles = [tabs.tabText(index) for index in range(tabs.count())]
        place = bar.tabRect(tabs.indexOf(view)).center()
        qtbot.mouseDClick(bar, Qt.MouseButton.LeftButton, pos=QPoint(place))
        (enlarged,) = window.main.findChildren(Enlarged)
        assert view.window() is enlarged and view.isVisible() and enlarged.isFullScreen()
        assert [tabs.tabText(index) for index in range(tabs.count())] == titles
        window.full_speed()
        enlarged.activateWindow()
        window.wait(enlarged.isActiveWindow)
        seen = len(window.frames)
        qtbot.keyClick(enlarged, Qt.Key.Key_Space)
        window.wait(lambda: any(frame.status is Status.RUNNING for frame in window.frames[seen:]))
        qtbot.keyClick(enlarged, Qt.Key.Key_Space)
        window.wait(lambda: window.frame.status is Status.PAUSED)
        assert view.steps_kept == window.frame.furthest, "it goes on being told"
        qtbot.keyClick(enlarged, Qt.Key.Key_Escape)
        window.wait(lambda: not window.main.findChildren(Enlarged))
        assert view.window() is window.main and tabs.currentWidget() is view
        assert [tabs.tabText(index) for index in range(tabs.count())] == titles
        assert tabs.tabToolTip(tabs.indexOf(view)).startswith("Loss: double click")
    finally:
        window.close()


def test_another_page_that_is_opened_ends_it(qtbot: QtBot) -> None:
    window = Driver(qtbot)
    try:
        tabs = window.main.tabs
        tabs.tabBarDoubleClicked.emit(tabs.indexOf(window.main.curves_view))
        window.main.pages.open("data_view")
        window.wait(lambda: not window.main.findChildren(Enlarged))
        assert tabs.currentWidget() is window.main.pages.views["data_view"]
        assert tabs.indexOf(window.main.curves_view) >= 0
    finally:
        window.close()
