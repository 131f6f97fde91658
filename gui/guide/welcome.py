"""The first launch: a picture that lives, with numbers in it, what to press, and the offer of a tour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui.kept import LAUNCHED, Kept

if TYPE_CHECKING:
    from gui.errand import Errand
    from gui.main_window import MainWindow
    from gui.training.messages import Frame


class Welcome(QObject):
    """Shows who is here for the first time the first step on its way back.

    Parameters
    ----------
    window : MainWindow
        That is filled, and whose first network is on the way to the worker.
    errand : Errand
        What was asked for; that comes first.
    kept : Kept
    """

    def __init__(self, window: MainWindow, errand: Errand, kept: Kept) -> None:
        super().__init__(window)
        self._window, self._errand = window, errand
        kept.keep(LAUNCHED, True)
        window.frame_shown.connect(self._show)

    def _show(self, frame: Frame) -> None:
        """Go so far that there are numbers forward, some backward, and others still to come."""
        from engine.parts import Part
        from engine.phases import Phase, PhaseKind
        from gui.training.messages import Seek

        self._window.frame_shown.disconnect(self._show)
        last = len(frame.record.z)
        if self._errand.is_idle and frame.furthest == 0:
            self._window.submit(Seek(0, Phase(PhaseKind.BACKWARD, last)))
            self._window.focus.select(Part("weight", last, 0, 0))
            self._offer()

    def _offer(self) -> None:
        """Offer the tour, this once, if nothing else is to be said."""
        from gui.widgets.message_bar import Tone

        window = self._window
        if not window.message_bar.isVisible():
            text = self.tr("New here? A tour of two minutes shows what can be done; Help has it later, too.")
            window.notices.say(Tone.INFO, text, offer=(self.tr("Start the tour"), window.tour.start))
