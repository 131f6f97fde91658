"""Weights and biases that are pasted or read from a file: a new start for the network that is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from gui.document.document import Document
from gui.kept import NUMBERS_FOLDER, Kept
from gui.text.plain import sentences
from gui.training.messages import Frame, Start
from gui.training.tasks import Task, Tasks

if TYPE_CHECKING:
    from engine.mistakes.reading import Entry
    from engine.mistakes.weights import Found

PATTERNS = "*.npz *.npy *.json *.csv *.txt"


class WeightsDesk(QObject):
    """Reads weights on the second thread and gives them to the document; undo brings the old ones back.

    Parameters
    ----------
    window : QWidget
        Parent of the dialog.
    document : Document
    tasks : Tasks
    remember : bool
        Whether the folder is remembered.

    Signals
    -------
    taken(str)
        What was taken, and how it lay.
    failed(EngineError)
    """

    taken = Signal(str)
    failed = Signal(object)

    def __init__(self, window: QWidget, document: Document, tasks: Tasks, *, remember: bool) -> None:
        super().__init__(window)
        self._window, self._document, self._tasks = window, document, tasks
        self._kept = Kept(remember)
        self._frame: Frame | None = None

    def show_frame(self, frame: Frame) -> None:
        """Keep the parameters that stay where none are given."""
        self._frame = frame

    def forget(self) -> None:
        """The network is another one now."""
        self._frame = None

    def paste(self, layer: int) -> None:
        """Take what is on the clipboard; `layer` is where a matrix without a name belongs, 0 if anywhere."""
        from engine.mistakes.reading import read_text

        text = QApplication.clipboard().text()
        self._read(lambda: read_text(text), layer)

    def choose(self) -> None:
        """Ask for a file of weights."""
        folder = self._kept.get(NUMBERS_FOLDER)
        pattern = self.tr("Weights and biases ({0})").format(PATTERNS)
        name, _ = QFileDialog.getOpenFileName(self._window, self.tr("Load weights"), folder, pattern)
        if name:
            self.load(Path(name))

    def load(self, path: Path) -> None:
        """Take weights from a file."""
        from engine.mistakes.reading import read_numbers

        self._kept.keep(NUMBERS_FOLDER, str(path.parent))
        self._read(lambda: read_numbers(path), 0)

    def _read(self, read: Callable[[], tuple[Entry, ...]], layer: int) -> None:
        frame = self._frame
        if frame is None:
            return

        def work(task: Task) -> Found:
            from engine.mistakes.weights import parameters_of

            return parameters_of(read(), frame.record.sizes, layer)

        def use(found: Found) -> None:
            if self._frame is not None and self._frame.generation == frame.generation:
                self._take(found, self._frame)

        self._tasks.submit(Task(self.tr("Reading weights"), work, use, self.failed.emit))

    def _take(self, found: Found, frame: Frame) -> None:
        record = frame.record
        after = frame.updated
        weights = list(record.weights_after if after else record.weights_before)
        biases = list(record.biases_after if after else record.biases_before)
        for layer, values in found.weights.items():
            weights[layer - 1] = values
        for layer, values in found.biases.items():
            biases[layer - 1] = values
        held_weights = tuple(
            (layer, int(source), int(unit))
            for layer, held in enumerate(record.frozen_weights, 1)
            for source, unit in np.argwhere(held)
        )
        held_biases = tuple(
            (layer, int(unit))
            for layer, held in enumerate(record.frozen_biases, 1)
            for unit in np.flatnonzero(held)
        )
        start = Start(tuple(weights), tuple(biases), held_weights, held_biases)
        self._document.open_problem(self._document.experiment, self._document.dataset, start)
        self.taken.emit(self._told(found))

    def _told(self, found: Found) -> str:
        text = self.tr("Taken: {names}. A new training starts from them; Undo brings the old one back.")
        parts = [text.format(names=", ".join(found.names))]
        if found.turned:
            turned = ", ".join(f"W{layer}" for layer in sorted(found.turned))
            text = self.tr("Turned round, as they were (units, units below): {names}.")
            parts.append(text.format(names=turned))
        if found.unsure:
            square = ", ".join(f"W{layer}" for layer in sorted(found.unsure))
            text = self.tr("Square, and taken as (units below, units): {names}.")
            parts.append(text.format(names=square))
        if found.left:
            text = self.tr("Left out: {names}.")
            parts.append(text.format(names=", ".join(found.left[:8])))
        return sentences(*parts)
