"""The table of the menus: every line is there, says what it is in both languages, and does it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from gui.actions import _THEMES, MENUS, Choice, Entry, Recent
from gui.main_window import MainWindow
from gui.style.appearance import THEMES, Appearance
from gui.training.messages import Frame
from resources import LANGUAGES

ENTRIES = [line for lines in MENUS.values() for line in lines if isinstance(line, Entry)]
SUBMENUS = [line for lines in MENUS.values() for line in lines if isinstance(line, Recent | Choice)]


@pytest.fixture
def main(qtbot: QtBot, qapp: QApplication) -> Iterator[MainWindow]:
    appearance = Appearance(qapp, "en", "light", remember=False)
    main = MainWindow(appearance, remember=False)
    frames: list[Frame] = []
    main.frame_shown.connect(frames.append)
    main.show()
    qtbot.waitUntil(lambda: bool(frames))
    yield main
    main.close()
    main.deleteLater()
    appearance.set_language("en")
    appearance.set_theme("light")


def action(main: MainWindow, name: str) -> QAction:
    found = main.findChild(QAction, name)
    assert found is not None, name
    return found


def said(text: str) -> str:
    return QCoreApplication.translate("actions", text)


def menus(main: MainWindow) -> list[QMenu]:
    return [menu for bar in main.menuBar().actions() if isinstance(menu := bar.menu(), QMenu)]


def test_every_line_is_in_its_menu_in_its_order(main: MainWindow) -> None:
    assert len(menus(main)) == len(MENUS)
    for menu, lines in zip(menus(main), MENUS.values(), strict=True):
        wanted = [line.name for line in lines if isinstance(line, Entry | Recent | Choice)]
        names = [
            entry.menu().objectName() if entry.menu() else entry.objectName() for entry in menu.actions()
        ]
        assert [name for name in names if name in wanted] == wanted


def test_every_line_is_said_in_both_languages(main: MainWindow, qtbot: QtBot) -> None:
    for language in ("zh_CN", "en"):
        main.appearance.set_language(language)
        qtbot.waitUntil(lambda: menus(main)[0].title() == said("File"))
        assert [menu.title() for menu in menus(main)] == [said(title) for title in MENUS]
        for entry in ENTRIES:
            shown = action(main, entry.name)
            assert shown.text() == said(entry.text)
            assert said(entry.text).isascii() == (language == "en") or said(entry.text).endswith("…")
            keys = QKeySequence(entry.keys).toString(QKeySequence.SequenceFormat.NativeText)
            assert shown.toolTip() == (f"{shown.text()} ({keys})" if keys else shown.text())
        for line in SUBMENUS:
            menu = main.findChild(QMenu, line.name)
            assert menu is not None and menu.title() == said(line.text)


def test_an_edit_can_be_undone_when_there_is_one(main: MainWindow) -> None:
    undo, redo = action(main, "undoAction"), action(main, "redoAction")
    assert (undo.isEnabled(), redo.isEnabled()) == (False, False)
    main.document.new_seed()
    assert (undo.isEnabled(), redo.isEnabled()) == (True, False)
    undo.trigger()
    assert (undo.isEnabled(), redo.isEnabled()) == (False, True)


def test_what_is_chosen_is_in_force_and_checked(main: MainWindow, qtbot: QtBot) -> None:
    assert tuple(_THEMES) == THEMES
    theme, language = main.findChild(QMenu, "themeMenu"), main.findChild(QMenu, "languageMenu")
    assert theme is not None and language is not None
    assert [entry.isChecked() for entry in theme.actions()] == [False, True, False]
    theme.actions()[2].trigger()
    assert main.appearance.theme_name == "dark"
    assert [entry.isChecked() for entry in theme.actions()] == [False, False, True]
    assert [entry.text() for entry in language.actions()] == list(LANGUAGES.values())
    main.appearance.set_language("zh_CN")
    qtbot.waitUntil(lambda: language.actions()[1].isChecked())


def test_the_conditions_that_pause_are_beside_the_speed(main: MainWindow) -> None:
    button = main.run_controls.widgetForAction(action(main, "pauseWhenAction"))
    assert button is not None and button.isVisible() and not main.breakpoints_panel.isVisible()
    button.click()
    assert main.breakpoints_panel.isVisible()
