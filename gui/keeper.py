"""The layout of the window and the choices in it, from one start to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from gui.kept import ANIMATION, GEOMETRY, GRANULARITY, SPEED, WINDOW_STATE, WISHES, Kept
from gui.training.messages import Granularity

if TYPE_CHECKING:
    from gui.main_window import MainWindow

VERSION = 1
"""Of the layout: another's is not restored."""


class Keeper:
    """Has a window that is filled, and as it is at first, be as it was last.

    Parameters
    ----------
    window : MainWindow
    kept : Kept
    """

    def __init__(self, window: MainWindow, kept: Kept) -> None:
        self._window, self._kept = window, kept
        self._first = window.saveState(VERSION)
        pages, controls = window.pages, window.run_controls
        window.restoreState(kept.get(WINDOW_STATE), VERSION)
        pages.fitter.set_wishes(kept.get(WISHES))
        for granularity in Granularity:
            if granularity.value == kept.get(GRANULARITY):
                controls.granularity = granularity
        window.network_view.set_animation(kept.get(ANIMATION))
        if (speed := kept.get(SPEED)) >= 0:
            controls.speed = speed
        if kept.get(WINDOW_STATE).isEmpty():  # in a window that is seen already docks have had none yet
            QTimer.singleShot(0, pages, pages.size_docks)

    def keep(self) -> None:
        """Keep all as it is now; before what floats is closed with the window."""
        window = self._window
        self._kept.keep(GEOMETRY, window.saveGeometry())
        self._kept.keep(WINDOW_STATE, window.saveState(VERSION))
        self._kept.keep(WISHES, window.pages.fitter.wishes)
        self._kept.keep(GRANULARITY, window.run_controls.granularity.value)
        self._kept.keep(SPEED, window.run_controls.speed)

    def reset_layout(self) -> None:
        """Put all docks where they were at first."""
        self._window.restoreState(self._first, VERSION)
        self._window.pages.show_docks()
        self._window.pages.fitter.set_wishes([])
