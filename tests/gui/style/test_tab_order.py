"""The order of Tab is found without anything changing hands."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QToolBar, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete, dump, isValid

from gui.style.tab_order import in_order


def test_what_follows_what_is_deleted_is_still_there(qtbot: QtBot) -> None:
    """Even an entry that Qt has made itself, as it makes those of menus."""
    window = QWidget()
    qtbot.addWidget(window)
    button, bar = QPushButton(window), QToolBar(window)
    action = bar.addAction("entry")
    owned = dump(window)
    assert in_order(window)[0] is button
    assert dump(window) == owned
    delete(button)
    assert isValid(action) and action.text() == "entry"
