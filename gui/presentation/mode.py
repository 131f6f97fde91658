"""The presentation: graph and chain rule alone, large enough to be read from the back row."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QDockWidget, QWidget

from gui.presentation.bar import PresentationBar
from gui.presentation.strip import ChainStrip
from gui.style.appearance import Appearance

if TYPE_CHECKING:
    from gui.main_window import MainWindow
    from gui.training.messages import Frame

SCALE = 0.022 / 11
"""Size of the text for each pixel of height: letters of 11 pixels are 2.2 % of it, usual ones 2.5 %."""

WIDEST = 16 / 9
"""Of a window that is less wide for its height, the width decides."""

SETTLING = 60
"""Milliseconds that a window's size must rest before all is drawn in another size."""

LEAVING = 400
"""Milliseconds that a window may take to hear that it fills the screen no more."""

KEYS = tuple("123456789")


class Presentation(QObject):
    """Turns the presentation on and off; what was there before comes back as it was.

    Parameters
    ----------
    window : MainWindow
        All of whose panels and views are there.
    appearance : Appearance

    Attributes
    ----------
    strip : ChainStrip
        To be put under the graph.
    """

    def __init__(self, window: MainWindow, appearance: Appearance) -> None:
        super().__init__(window)
        self._window, self._appearance = window, appearance
        self.strip = ChainStrip(window.focus)
        self.strip.hide()
        self.strip.cards.pressed.connect(window.network_view.point_out)
        self.end_action = QAction("✕", self)
        self.end_action.triggered.connect(self.end)
        self.bar = PresentationBar(window.run_controls, self.end_action)
        self.bar.hide()
        self._on = False
        self._swapped = False
        self._state = QByteArray()
        self._window_state = Qt.WindowState.WindowNoState
        self._hidden: list[QWidget] = []
        self._docks: dict[QDockWidget, QSize] = {}
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.timeout.connect(self._settle)
        self._shortcuts = [self._key("Esc", self.end), self._key("S", self.swap), self._key("H", self.veil)]
        self._shortcuts += [
            self._key(key, partial(self._show_sample, place)) for place, key in enumerate(KEYS)
        ]
        self._space = self._key("Space", self._reveal)
        window.installEventFilter(self)

    def _reveal(self) -> None:
        self._window.lesson_door.space()

    def _key(self, keys: str, do: object) -> QShortcut:
        shortcut = QShortcut(QKeySequence(keys), self._window)
        shortcut.setObjectName(f"present{keys}")
        shortcut.setEnabled(False)
        shortcut.activated.connect(do)
        return shortcut

    @property
    def is_on(self) -> bool:
        """Whether it is being presented."""
        return self._on

    def show_frame(self, frame: Frame) -> None:
        """Show the numbers of the moment, if it is on."""
        self.strip.show_frame(frame)
        if self._on:
            self.bar.refresh()

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self.strip.forget()

    def set_theme(self, theme: object) -> None:
        """Draw in these colours."""
        self.strip.set_theme(theme)  # type: ignore[arg-type]
        self.bar.set_theme(theme)

    def retranslate(self) -> None:
        """Say it in the language that is spoken now."""
        self.end_action.setToolTip(self.tr("End the presentation (Esc)"))

    # -- on and off --------------------------------------------------------------------------------

    def toggle(self) -> None:
        """Begin, or end."""
        if self._on:
            self.end()
        else:
            self.begin()

    def begin(self) -> None:
        """Hide what is beside the graph, and show everything large."""
        if self._on:
            return
        window = self._window
        window.tour.end()
        self._on = True
        window.pages.fitter.hold(True)
        self._state = window.saveState()
        self._window_state = window.windowState()
        docks = (*window.pages.docks.values(), window.pages.tabs_dock)
        if not self._docks:  # else they have not come back yet
            self._docks = {dock: dock.size() for dock in docks if dock.isVisible()}
        aside = (window.menuBar(), window.statusBar(), window.run_controls, window.timeline)
        view = window.network_view
        lesson = window.pages.docks["lessons_page"] if window.lesson_door.is_open else None
        beside = [dock for dock in window.pages.docks.values() if dock is not lesson]
        within = (window.diagnosis_strip, view.legend, view.choices, *beside)
        self._hidden = [each for each in (*aside, *within, window.pages.tabs_dock) if not each.isHidden()]
        for each in self._hidden:
            each.hide()
        window.addAction(window.run_controls.reset_action)  # a key works where its action is seen
        if QGuiApplication.platformName() != "offscreen":  # there is no screen to fill
            window.setWindowState(self._window_state | Qt.WindowState.WindowFullScreen)
        window.pages.centre.strip.set_brief(True)
        window.pages.centre.set_alone(True)
        window.pages.offer_drawer()
        self.bar.show()
        self.strip.setVisible(lesson is None)
        window.lesson_door.present(True)
        self._space.setEnabled(window.lesson_door.is_open)
        view.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self.bar.refresh()
        for shortcut in self._shortcuts:
            shortcut.setEnabled(True)
        self._fit()

    def end(self) -> None:
        """Bring back what was there before."""
        if not self._on:
            return
        window = self._window
        self._on = False
        self._space.setEnabled(False)
        window.lesson_door.present(False)
        for shortcut in self._shortcuts:
            shortcut.setEnabled(False)
        if self._swapped:
            self.swap()
        window.pages.centre.set_alone(False)
        if self.strip.is_veiled:
            self.veil()
        window.pages.centre.strip.set_brief(False)
        self.bar.hide()
        self.strip.hide()
        window.network_view.point_out(None)
        window.removeAction(window.run_controls.reset_action)
        self._appearance.set_scale(self._appearance.text_size / 100)
        filled = window.isFullScreen()
        if filled:
            window.setWindowState(self._window_state)
        for each in self._hidden:
            each.show()
        window.restoreState(self._state)
        window.pages.fitter.hold(False)
        self._settling.start(LEAVING if filled else 0)

    def _settle(self) -> None:
        if self._on:
            self._fit()
        else:
            self._resize_docks()

    def _resize_docks(self) -> None:
        """Give the docks the sizes they had, now that all around them has its own.

        They were put back while the bars were still laid out for the large text, and Qt gives what those
        leave over to the last dock of a column.
        """
        docks = [dock for dock in self._docks if dock.isVisible()]
        sizes = [self._docks[dock] for dock in docks]
        self._window.resizeDocks(docks, [size.width() for size in sizes], Qt.Orientation.Horizontal)
        self._window.resizeDocks(docks, [size.height() for size in sizes], Qt.Orientation.Vertical)
        self._docks = {}

    def _fit(self) -> None:
        """Write as large as the window's height asks for, but never smaller than was chosen."""
        if self._on:
            height = min(self._window.height(), self._window.width() / WIDEST)
            self._appearance.set_scale(max(SCALE * height, self._appearance.text_size / 100))
            self._window.lesson_door.fit_presented()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and (self._on or self._docks):
            self._settling.start(SETTLING)
        return super().eventFilter(watched, event)

    # -- what is shown -----------------------------------------------------------------------------

    def _show_sample(self, place: int) -> None:
        frame = self._window.frame
        if frame is not None and place < frame.record.batch:
            self._window.focus.show_sample(place)

    def swap(self) -> None:
        """Show the surface in the graph's place, or the graph again."""
        centre = self._window.pages.centre
        if centre.beside is None:
            return
        self._swapped = not self._swapped
        centre.bring(centre.beside if self._swapped else self._window.network_view)

    def veil(self) -> None:
        """Hide the numbers, so that the class predicts them first; or show them."""
        veiled = not self.strip.is_veiled
        self.strip.set_veiled(veiled)
        self.bar.set_veiled(veiled)
        self._window.network_view.set_veiled(veiled)
        self._window.pages.centre.strip.set_veiled(veiled)
