"""The recipe for a view: one file and one line, and all else comes with them."""

from __future__ import annotations

import importlib.util
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QApplication, QMenu, QTextBrowser
from pytestqt.qtbot import QtBot

from engine import builtin
from gui import pages
from gui.files.pictures import image, printed
from gui.main_window import MainWindow
from gui.panels.help import HelpDialog
from gui.style.appearance import Appearance
from gui.style.theme import DARK, LIGHT
from gui.training.messages import Frame, Granularity, Run, Seek
from resources.i18n.update import tool

pytestmark = pytest.mark.usefixtures("dressed")

FILE = '''
"""The number of the step, large."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.style.theme import LIGHT, Theme
from gui.training.messages import Frame


class StepView(QWidget):
    """Shows the number of the step, and goes to the one that is asked for."""

    seek_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stepView")
        self.theme, self.frame = LIGHT, None

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.update()

    def show_frame(self, frame: Frame) -> None:
        self.frame = frame
        self.update()

    def forget(self) -> None:
        self.frame = None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self.theme.surface))
        painter.setPen(QColor(self.theme.text))
        painter.drawText(10, 20, "" if self.frame is None else self.tr("Step {0}").format(self.frame.step))
'''

LINE = """
Page("step_view", QT_TRANSLATE_NOOP("pages", "Step number"), StepView, Place.{place},
     QT_TRANSLATE_NOOP("pages", "The number of the step."), keys="Ctrl+Alt+9")
"""

CHINESE = {
    "Step number": "步数之视图",
    "The number of the step.": "当前是第几步。",
    "Step {0}": "第 {0} 步",
}


@pytest.fixture
def module(tmp_path: Path) -> ModuleType:
    """The one file."""
    path = tmp_path / "step_view.py"
    path.write_text(FILE, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("step_view", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(params=["TAB", "RIGHT", "WINDOW"])
def place(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def window(
    module: ModuleType, place: str, qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    names = {**vars(pages), "StepView": module.StepView}
    line = eval(LINE.format(place=place).strip(), names)
    monkeypatch.setattr(pages, "PAGES", (*pages.PAGES, line))
    appearance = Appearance(qapp, "en", "light", remember=False)
    main = MainWindow(appearance, remember=False)
    frames: list[Frame] = []
    main.frame_shown.connect(frames.append)
    main.show()
    qtbot.waitUntil(lambda: bool(frames), timeout=20_000)
    yield main
    main.close()
    main.deleteLater()
    appearance.set_theme("light")


def entry(main: MainWindow) -> QAction:
    """Its entry in the menu of views, or in that of the tabs."""
    menus = [action.menu() for action in main.menuBar().actions()]
    found = [a for menu in (*menus, main.pages.tabs_menu) if isinstance(menu, QMenu) for a in menu.actions()]
    (action,) = (action for action in found if action.text().startswith("Step number"))
    return action


def view_of(main: MainWindow) -> Any:
    return main.pages.open("step_view")


def test_it_is_in_its_place_in_a_menu_and_in_the_help(window: MainWindow, place: str) -> None:
    action = entry(window)
    assert action.shortcut().toString() == "Ctrl+Alt+9"
    assert action.toolTip().endswith("(Ctrl+Alt+9)")
    if place != "RIGHT":
        action.trigger()
    view = window.pages.views["step_view"]
    assert view.isVisible()
    if place == "TAB":
        assert window.tabs.tabText(window.tabs.indexOf(view)) == "Step number"
        assert window.tabs.currentWidget() is view
    else:
        assert view.window() is (window if place == "RIGHT" else view)
        assert (view if place == "WINDOW" else view.parentWidget()).windowTitle() == "Step number"
    text = HelpDialog(window.pages.abouts(), window).findChild(QTextBrowser, "helpText")
    assert text is not None and "The number of the step." in text.toPlainText()


def test_it_gets_frames_and_is_asked(window: MainWindow, qtbot: QtBot) -> None:
    frames: list[Frame] = []
    window.frame_shown.connect(frames.append)
    window.submit(Run(Granularity.BATCH, None, 3))
    qtbot.waitUntil(lambda: bool(frames and frames[-1].step == 3), timeout=20_000)
    view = view_of(window)
    assert view.frame is frames[-1]
    view.seek_requested.emit(1)
    qtbot.waitUntil(lambda: view.frame.step == 1, timeout=20_000)
    window.submit(Seek(2))
    qtbot.waitUntil(lambda: view.frame.step == 2, timeout=20_000)


def test_it_forgets_the_network_before(window: MainWindow, qtbot: QtBot) -> None:
    view, forgotten = view_of(window), []

    class Listener:
        def forget(self) -> None:
            forgotten.append(view.frame)

    listener = Listener()
    window.pages.tell(listener)
    window.document.set_dataset(builtin("iris"))
    qtbot.waitUntil(lambda: bool(view.frame and view.frame.dataset.name == "iris"), timeout=20_000)
    assert forgotten == [None]


def test_it_wears_both_themes_and_is_pictured_on_white(window: MainWindow) -> None:
    view = view_of(window)
    for name, theme in (("dark", DARK), ("light", LIGHT)):
        window.appearance.set_theme(name)
        assert view.theme is theme
    assert ("Step number", view) in window.pages.pictured()
    with printed(view, LIGHT):
        picture = image(view, 1)
    assert QColor(picture.pixel(1, 1)).name() == LIGHT.surface
    assert view.theme is LIGHT


@pytest.mark.parametrize("place", ["TAB"], indirect=True)
def test_its_texts_are_collected_and_spoken(
    window: MainWindow, tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    """The gate of the translations sees what is not translated; what is, is said at once."""
    (tmp_path / "line.py").write_text(LINE.format(place="TAB"), encoding="utf-8")
    ts, qm = tmp_path / "zh_CN.ts", tmp_path / "zh_CN.qm"
    files = [str(tmp_path / "line.py"), str(tmp_path / "step_view.py")]
    command = [tool("lupdate"), *files, "-target-language", "zh_CN", "-ts", str(ts)]
    subprocess.run(command, check=True, capture_output=True)
    tree = ET.parse(ts)
    for message in tree.iter("message"):
        translation = message.find("translation")
        assert translation is not None and translation.get("type") == "unfinished"
        translation.text = CHINESE.pop(message.findtext("source", ""))
        del translation.attrib["type"]
    assert not CHINESE
    tree.write(ts, encoding="utf-8")
    subprocess.run([tool("lrelease"), str(ts), "-qm", str(qm)], check=True, capture_output=True)
    translator = QTranslator()
    assert translator.load(str(qm))
    qapp.installTranslator(translator)
    try:
        view = view_of(window)
        index = window.tabs.indexOf(view)
        qtbot.waitUntil(lambda: window.tabs.tabText(index) == "步数之视图")
        assert window.pages.actions["step_view"].text() == "步数之视图"
        assert view.tr("Step {0}") == "第 {0} 步"
    finally:
        qapp.removeTranslator(translator)
    qtbot.waitUntil(lambda: window.tabs.tabText(index) == "Step number")
