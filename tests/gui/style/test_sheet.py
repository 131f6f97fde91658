"""One style sheet dresses everything."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from gui.document.focus import Focus
from gui.panels.run_controls import RunControls
from gui.style.sheet import style_sheet
from gui.style.theme import DARK, LIGHT, Theme
from gui.widgets.message_bar import MessageBar, Tone

GUI = Path(__file__).resolve().parents[3] / "gui"
DRESSES = {"style/sheet.py", "style/appearance.py", "files/pictures.py"}
"""The sheet is set for the application, which takes it off while much is built, and a picture to be printed
wears that of another theme."""


def test_no_widget_has_a_sheet_of_its_own() -> None:
    for path in GUI.rglob("*.py"):
        name = path.relative_to(GUI).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr == "setStyleSheet":
                assert name in DRESSES, f"{name}:{node.lineno}: write it in gui/style/sheet.py"


def test_every_rule_is_for_something() -> None:
    selectors = re.sub(r"\{[^}]*\}", "\n", style_sheet(LIGHT))
    paths = [path for path in GUI.rglob("*.py") if path.name != "sheet.py"]
    source = "".join(path.read_text(encoding="utf-8") for path in paths)
    for name in set(re.findall(r"#(\w+)", selectors)):
        made = f'"{name}"' in source or f'"{name.removesuffix("Button")}"' in source
        assert made, f"nothing is called {name}"
    for value in set(re.findall(r'\[(?:role|tone|segment|side)="(\w+)"\]', selectors)):
        assert f'"{value}"' in source, f"nothing is {value}"


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_what_changes_while_it_is_shown_is_dressed_anew(
    qtbot: QtBot, dress: Callable[[Theme], None], theme: Theme
) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    dress(theme)
    for tone, colour in (
        (Tone.WARNING, theme.warning),
        (Tone.ERROR, theme.bad),
        (Tone.INFO, theme.positive),
    ):
        bar.say(tone, "Something was noticed.")
        assert bar.grab().toImage().pixelColor(1, bar.height() // 2) == QColor(colour)


def test_what_has_the_focus_is_ringed_in_the_colour_of_text() -> None:
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", style_sheet(LIGHT))
    focused = [(selectors.strip(), rule) for selectors, rule in rules if ":focus" in selectors]
    assert len(focused) > 10
    assert [selectors for selectors, rule in focused if LIGHT.selection in rule] == []


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_filled_button_has_its_ring_around_it(
    qtbot: QtBot, dress: Callable[[Theme], None], theme: Theme
) -> None:
    window = QMainWindow()
    controls = RunControls(Focus())
    window.addToolBar(controls)
    qtbot.addWidget(window)
    dress(theme)
    window.resize(1440, 300)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    run = controls.widgetForAction(controls.run_action)
    step = controls.widgetForAction(controls.step_action)
    size, top = run.size(), run.mapTo(controls, QPoint(run.width() // 2, 0))
    for focused in (True, False):
        (run if focused else step).setFocus()
        picture = controls.grab().toImage()
        ring, between, inside = (picture.pixelColor(top.x(), top.y() + y).name() for y in (-3, -1, 3))
        assert (ring == theme.text) is focused
        assert between not in (theme.text, theme.accent) and inside == theme.accent
        assert run.size() == size
