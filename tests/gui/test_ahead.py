"""What comes next is got ready after the first picture, and never in the way of closing."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.ahead import NEXT
from tests.gui.driver import Driver


def test_what_comes_next_is_there_before_it_is_asked_for(qtbot: QtBot, qapp: QApplication) -> None:
    driver = Driver(qtbot)
    driver.wait(lambda: set(NEXT) <= set(sys.modules))
    driver.close()


def test_a_window_closes_before_all_is_there(qtbot: QtBot, qapp: QApplication) -> None:
    driver = Driver(qtbot)
    driver.close()
    assert not driver.main._ahead._thread.is_alive()
