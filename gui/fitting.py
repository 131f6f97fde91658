"""What gives way in a small window, and in which order: decided here, and nowhere else.

`fitted` is a function of the size alone. `Fitter` has the window follow it, and lets what the user has opened
or closed by hand be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from PySide6.QtCore import QEvent, QObject, QSize, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

FIRST = QSize(1440, 900)
"""Of a window that is opened for the first time, where the screen has room for it."""

LEAST = QSize(1024, 600)
FRAME = QSize(16, 40)
"""Of the screen, for what the system draws around a window."""

SLACK = 12
"""Pixels below a limit at which what is shown gives way; what is not comes back at the limit."""


@dataclass(frozen=True)
class Fitting:
    """What of the window is shown in full, in the order in which it gives way.

    Attributes
    ----------
    curves : bool
        The curves; else a spark over the timeline.
    setup : bool
        The setup with its fields; else a rail of icons.
    captions : bool
        The read-outs say their moment in full; else in short.
    beside : bool
        The surface stands beside the graph; else behind it, in a tab.
    inspector : bool
        The inspector stands beside the centre; else it is drawn over its edge.
    """

    curves: bool = True
    setup: bool = True
    captions: bool = True
    beside: bool = True
    inspector: bool = True


LIMITS: dict[str, tuple[Callable[[QSize], int], int]] = {
    "curves": (QSize.height, 790),
    "setup": (QSize.width, 1360),
    "captions": (QSize.width, 1320),
    "beside": (QSize.width, 1180),
    "inspector": (QSize.width, 1000),
}
"""Below how many pixels each gives way, at the usual size of text."""

IN_A_ROW = ("setup", "beside", "inspector")
"""What stands side by side, and so has less room if something stands there, too."""


def fitted(size: QSize, scale: float = 1.0, before: Fitting | None = None, taken: int = 0) -> Fitting:
    """Say what a window of this size shows in full.

    Parameters
    ----------
    size : QSize
    scale : float
        Of the text: twice as large a text needs twice the room.
    before : Fitting, optional
        What is shown now: it stays so until `SLACK` below its limit, so that nothing flickers while a
        window is dragged.
    taken : int
        Pixels of the width that something else has, as a lesson.
    """

    def fits(name: str) -> bool:
        side, limit = LIMITS[name]
        shown = before is not None and getattr(before, name)
        gone = taken if name in IN_A_ROW else 0
        return side(size) - gone >= (limit - SLACK * shown) * scale

    return Fitting(*(fits(each.name) for each in fields(Fitting)))


def room_on_screen(window: QWidget) -> QSize:
    """How much of the screen a window may take; where nothing is shown, as much as it likes."""
    if QGuiApplication.platformName() == "offscreen":
        return FIRST + FRAME
    return window.screen().availableSize()


def first_size(room: QSize) -> QSize:
    """The size of a window that is opened for the first time on a screen with so much room."""
    return FIRST.boundedTo(room - FRAME)


def least_size(room: QSize) -> QSize:
    """The size that a window never goes below: what all has been arranged for, or a smaller screen."""
    return LEAST.boundedTo(room - FRAME)


class Fitter(QObject):
    """Has a window show what there is room for.

    Parameters
    ----------
    window : QMainWindow
    scale : callable
        Gives that of the text.

    Attributes
    ----------
    fitting : Fitting
        What there is room for; whoever shows it may have been told otherwise by the user.

    Signals
    -------
    changed(Fitting)
    """

    changed = Signal(object)

    def __init__(self, window: QMainWindow, scale: Callable[[], float]) -> None:
        super().__init__(window)
        self._window, self._scale = window, scale
        self._docks: dict[str, QDockWidget] = {}
        self._wishes: dict[str, bool] = {}
        self._held = False
        self._taken = 0
        self._closed: frozenset[str] = frozenset()
        self.fitting = Fitting()
        window.installEventFilter(self)

    @property
    def wishes(self) -> list[str]:
        """What the user has opened (``+curves``) or closed (``-curves``) by hand."""
        return [f"{'+' if shown else '-'}{name}" for name, shown in self._wishes.items()]

    def set_wishes(self, wishes: list[object]) -> None:
        """Have what was opened or closed by hand be so; what is about no dock is passed over."""
        said = {str(wish)[1:]: str(wish)[0] == "+" for wish in wishes if str(wish)}
        self._wishes = {name: shown for name, shown in said.items() if name in self._docks}
        self.fit()
        self._arrange()
        self.changed.emit(self.fitting)

    def govern(self, name: str, dock: QDockWidget) -> None:
        """Hide a dock where there is no room for it, unless the user says otherwise."""
        self._docks[name] = dock
        dock.installEventFilter(self)
        dock.toggleViewAction().triggered.connect(lambda shown: self._wish(name, shown))

    def hold(self, held: bool) -> None:
        """Leave the window as it is, whatever its size, for as long as something else decides."""
        self._held = held
        self.fit()

    def take(self, pixels: int) -> None:
        """Let something have so much of the width: the rest must do for what is shown else."""
        self._taken = pixels
        self.fit()

    def close(self, *names: str) -> None:
        """Have these docks closed, whatever room there is, until others are named."""
        self._closed = frozenset(names)
        self._arrange()

    def fit(self) -> None:
        """Look at the size again."""
        if self._held:
            return
        before = self.fitting
        self.fitting = fitted(self._window.size(), self._scale(), before, self._taken)
        if self.fitting != before:
            self._arrange()
            self.changed.emit(self.fitting)

    def _wish(self, name: str, shown: bool) -> None:
        self._wishes[name] = shown

    def _arrange(self) -> None:
        for name, dock in self._docks.items():
            wished = self._wishes.get(name, getattr(self.fitting, name))
            dock.setVisible(wished and name not in self._closed)
        # What parted a dock from the others is deleted when all is laid out. Were that while the window hands
        # its children the news of another language, Qt would go on with one that is gone.
        if (layout := self._window.layout()) is not None:
            layout.activate()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self.fit()
        elif event.type() == QEvent.Type.Close:
            for name, dock in self._docks.items():
                if dock is watched:
                    self._wish(name, False)
        return super().eventFilter(watched, event)
