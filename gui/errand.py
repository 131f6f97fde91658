"""What the command line asks of the window: a file to open, steps to train, a part to select, a picture."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer

if TYPE_CHECKING:
    from engine.errors import EngineError
    from gui.main_window import MainWindow
    from gui.training.messages import Frame

SETTLING_MILLISECONDS = 50

Selected = tuple[int, int | None, int]
"""Layer, source unit or None for the bias, and unit."""


class Errand(QObject):
    """Does what was asked, one thing after the other, in a window that is filled.

    Parameters
    ----------
    window : MainWindow

    Attributes
    ----------
    picture : Path or None
        Where a picture of the window is to be saved when all is done; the window is closed after it.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._file: Path | None = None
        self._quiet = True
        self._steps = 0
        self._select: Selected | None = None
        self._awaited: int | None = None  # the request whose frame shows what was asked for
        self.picture: Path | None = None

    def ask(self, file: Path | None, steps: int | None, select: Selected | None) -> None:
        """Say what is to be done."""
        self._file, self._steps, self._select = file, steps or 0, select
        self._quiet = not (file or steps or select)

    @property
    def is_idle(self) -> bool:
        """Whether nothing was asked for."""
        return self._quiet and self.picture is None

    def begin(self) -> None:
        """Open the file, or else train; more is done at the frame that shows what that led to."""
        file, self._file = self._file, None
        if file is not None:
            self._awaited = None
            self._window.open_file(file)
            return
        self._awaited = self._window.load_asked
        steps, self._steps = self._steps, 0
        if steps:
            from gui.training.messages import Granularity, Run

            self._awaited = self._window.submit(Run(Granularity.BATCH, None, steps))
        if self._window.frame is not None:
            self.show_frame(self._window.frame)

    def go_on(self) -> None:
        """Train, now that a file is open."""
        self._file = None
        self.begin()

    def show_frame(self, frame: Frame) -> None:
        """Select what is to be selected and save the picture, if this is the frame that was awaited."""
        from gui.training.messages import Status

        if self._awaited is None or frame.request < self._awaited:
            return
        if self._select is not None:
            asked, self._select = self._select, None
            self._choose(asked, frame)
        if frame.status is not Status.RUNNING:
            self._awaited = None
            if self.picture is not None:
                QTimer.singleShot(SETTLING_MILLISECONDS, self, self._save_picture)

    def _choose(self, asked: Selected, frame: Frame) -> None:
        from engine.errors import ExperimentError
        from engine.parts import Part

        (layer, source, unit), sizes = asked, frame.record.sizes
        part = Part("bias", layer, unit) if source is None else Part("weight", layer, unit, source)
        if part.exists(sizes):
            self._window.focus.select(part)
            return
        place = f"{layer},{'b' if source is None else source + 1},{unit + 1}"
        error = ExperimentError(
            "parameter_unknown", field=f"{part.kind} {place}", expected="-".join(map(str, sizes))
        )
        self._window.notices.say_error(error)
        self.give_up(error)

    def _save_picture(self) -> None:
        if self.picture is None:
            return
        if not self._window.examiner.is_settled:
            QTimer.singleShot(SETTLING_MILLISECONDS, self, self._save_picture)
            return
        from gui.style.equation import typeset_all

        path, self.picture = self.picture, None
        typeset_all()
        for _ in range(3):  # what is larger now asks for room, and what it stands in is laid out after it
            QCoreApplication.processEvents()
        saved = self._window.grab().save(str(path))
        if not saved:
            print(self.tr("The picture could not be saved as {0}.").format(path), file=sys.stderr)
        self._window.close()
        QCoreApplication.exit(0 if saved else 1)

    def give_up(self, error: EngineError, path: Path | None = None) -> None:
        """Save no picture, as what it was to show cannot be had; say so, and quit."""
        if self.picture is not None:
            print(error if path is None else f"{path}: {error}", file=sys.stderr)
            self.picture = None
            self._window.close()
            QCoreApplication.exit(1)
