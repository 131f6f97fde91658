"""Every key stands in F1, in its menu and in its tooltip, and does what it says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QTextBrowser
from pytestqt.qtbot import QtBot

from engine.parts import Part
from gui.panels.help import HelpDialog
from gui.views.network import canvas
from gui.views.network.navigation import KEYS
from tests.gui.driver import Driver


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Driver]:
    driver = Driver(qtbot)
    yield driver
    driver.close()


def written(keys: QKeySequence) -> str:
    text = keys.toString(QKeySequence.SequenceFormat.NativeText)
    return {"Left": "←", "Right": "→"}.get(text, "9" if text.isdigit() else text)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_key_stands_in_the_help(window: Driver, language: str) -> None:
    window.main.appearance.set_language(language)
    try:
        dialog = HelpDialog(window.main.pages.abouts(), window.main)
        browser = dialog.findChild(QTextBrowser, "helpText")
        assert browser is not None
        words = set(browser.toPlainText().replace(",", " ").split())
        lacking = []
        for action in window.main.findChildren(QAction):
            for keys in action.shortcuts():
                if action.objectName() and written(keys) and written(keys) not in words:
                    lacking.append((action.objectName(), written(keys)))
        for shortcut in window.main.findChildren(QShortcut):
            if shortcut.context() and written(shortcut.key()) not in words:
                lacking.append((shortcut.objectName(), written(shortcut.key())))
        assert lacking == []
        for graph_key, _ in KEYS:
            assert graph_key in browser.toPlainText()
    finally:
        window.main.appearance.set_language("en")


def test_the_keys_of_the_graph_are_those_that_are_listed() -> None:
    listed = ", ".join(keys for keys, _ in KEYS).split(", ")
    names = {"↑": "Up", "↓": "Down", "Shift+←": "Shift+Left", "Shift+→": "Shift+Right"}
    sequences = {names.get(each, each) for each in listed}
    shifted = {f"Shift+{QKeySequence(key).toString()}" for key in canvas._SHIFTED}
    assert sequences >= shifted | {QKeySequence(key).toString() for key in canvas._MOVES}


def test_no_key_has_two_meanings(window: Driver) -> None:
    taken: dict[str, str] = {}
    for action in window.main.findChildren(QAction):
        for keys in action.shortcuts():
            if action.objectName() and (text := keys.toString()):
                assert taken.setdefault(text, action.objectName()) == action.objectName(), text
    own = {QKeySequence(key).toString() for key in canvas._MOVES} | {"K", "C", "Return", "Esc"}
    assert not own & set(taken) - {"Up", "Down"}


def test_tooltips_say_the_keys(window: Driver) -> None:
    for name in ("stepAction", "runAction", "nextSampleAction", "pauseWhenThisAction"):
        action = window.action(name)
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        assert f"({keys})" in action.toolTip()


def test_brackets_choose_the_sample(window: Driver) -> None:
    focus, batch = window.main.focus, window.frame.record.batch
    window.action("nextSampleAction").trigger()
    assert focus.sample == 1
    window.action("previousSampleAction").trigger()
    window.action("previousSampleAction").trigger()
    assert focus.sample == batch - 1


def test_p_pauses_when_what_is_selected_comes_to_something(window: Driver) -> None:
    panel = window.main.breakpoints_panel
    window.main.focus.select(Part("weight", 2, 1, 0))
    window.action("pauseWhenThisAction").trigger()
    assert panel.isVisible()
    condition = panel.breakpoints[-1].condition
    assert condition.name == "weight_crosses"
    assert (condition.layer, condition.unit, condition.source) == (2, 1, 0)  # type: ignore[attr-defined]
