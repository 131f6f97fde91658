"""A main window in a test: what it has shown, and short ways to press what is in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QComboBox, QSlider
from pytestqt.qtbot import QtBot

from gui.kept import LAUNCHED, Kept
from gui.main_window import MainWindow
from gui.style.appearance import Appearance
from gui.training.messages import Frame, Granularity, Run, Status
from gui.widgets.message_bar import MessageBar

Q = TypeVar("Q", bound=QObject)


def made(*, remember: bool) -> MainWindow:
    """A main window that is made once: not again because of the language that it was made in.

    The program opens its window when it has heard of the language, too.
    """
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    appearance = Appearance(application, remember=remember)
    QApplication.sendPostedEvents(application, QEvent.Type.LanguageChange.value)
    return MainWindow(appearance, remember=remember)


class Driver:
    """A main window that has shown its first frame; `close` it in the end."""

    def __init__(
        self,
        qtbot: QtBot,
        file: Path | None = None,
        *,
        remember: bool = False,
        size: tuple[int, int] | None = None,
        first: bool = False,
    ) -> None:
        self.qtbot = qtbot
        Kept(remember and not first).keep(LAUNCHED, True)
        self.main = made(remember=remember)
        self.frames: list[Frame] = []
        self.main.frame_shown.connect(self.frames.append)
        if size is not None:
            self.main.resize(*size)
        self.main.begin(file, None)
        self.main.show()
        self.wait(lambda: bool(self.frames))

    def close(self) -> None:
        self.main.close()
        self.main.deleteLater()

    @property
    def frame(self) -> Frame:
        return self.frames[-1]

    @property
    def bar(self) -> MessageBar:
        return self.main.message_bar

    def child(self, kind: type[Q], name: str) -> Q:
        found = self.main.findChild(kind, name)
        assert found is not None, name
        return found

    def action(self, name: str) -> QAction:
        return self.child(QAction, name)

    def wait(self, until: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(until)

    def press(self, name: str, until: Callable[[Frame], bool] = lambda frame: True) -> Frame:
        """Trigger an action and wait for the first wanted frame after it."""
        seen = len(self.frames)
        self.action(name).trigger()
        self.wait(lambda: any(until(frame) for frame in self.frames[seen:]))
        return next(frame for frame in self.frames[seen:] if until(frame))

    def run(self, steps: int) -> Frame:
        """Train so many steps."""
        goal = self.frame.step + steps
        self.main.submit(Run(Granularity.BATCH, None, steps))
        self.wait(lambda: self.frame.step == goal and self.frame.status is Status.PAUSED)
        return self.frame

    def choose(self, granularity: Granularity) -> None:
        combo = self.child(QComboBox, "granularityCombo")
        combo.setCurrentIndex(combo.findData(granularity))

    def full_speed(self) -> None:
        slider = self.child(QSlider, "speedSlider")
        slider.setValue(slider.maximum())
