"""Rows for the predict page: read and predicted on a copy of the network in the second thread, and saved."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from engine.data.formats import patterns
from engine.data.new_rows import NewRows
from engine.errors import EngineError
from engine.files.predictions import write_predictions
from engine.training.model import Predictions
from gui.kept import DATA_FOLDER, Kept
from gui.training.aside import Aside, Question
from gui.training.tasks import Task, Tasks
from gui.views.predict import PredictView


class PredictDesk(QObject):
    """Reads, predicts and saves what the page asks for.

    Parameters
    ----------
    view : PredictView
    tasks : Tasks
    aside : Aside
        Gives copies of the network as it is.
    remember : bool
        Whether the folder is remembered.

    Signals
    -------
    lacking(EngineError, callable)
        A package is missing; what to call once it is there.
    """

    lacking = Signal(object, object)

    def __init__(self, view: PredictView, tasks: Tasks, aside: Aside, *, remember: bool) -> None:
        super().__init__(view)
        self._view, self._tasks, self._aside = view, tasks, aside
        self._kept = Kept(remember)
        self._question: Question | None = None
        self._source: Path | bytes | None = None
        view.open_requested.connect(self.choose)
        view.given.connect(self.predict)
        view.update_requested.connect(self.update)
        view.save_requested.connect(self.save)

    def choose(self) -> None:
        """Ask for a file and predict its rows."""
        data, everything = self.tr("Data sets"), self.tr("All files")
        filters = f"{data} ({patterns()});;{everything} (*)"
        folder = self._kept.get(DATA_FOLDER)
        chosen, _ = QFileDialog.getOpenFileName(self._view, self.tr("Open rows"), folder, filters)
        if chosen:
            self._kept.keep(DATA_FOLDER, str(Path(chosen).parent))
            self.predict(Path(chosen))

    def predict(self, rows: Path | bytes | NewRows) -> None:
        """Predict the rows of a file or a text by the network as it is when the worker comes to it."""
        if self._question is not None:
            self._question.cancel()

        if not isinstance(rows, NewRows):
            self._source = rows
        self._view.show_busy()
        self._question = self._aside.ask(
            lambda trainer, stop: trainer.model().predict(rows, cancelled=stop),
            self._view.show_predictions,
            partial(self._refuse, rows),
        )

    def _refuse(self, rows: Path | bytes | NewRows, error: EngineError | None) -> None:
        self._view.show_error(error)
        if error is not None and "extra" in error.details:
            self.lacking.emit(error, partial(self.predict, rows))

    def update(self) -> None:
        """Predict the same rows by the network as it is now."""
        found = self._view.predictions
        if found is None:
            return
        like = None if self._view.frame is None else self._view.frame.dataset
        if found.model.dataset is like:
            self.predict(found.rows)
        elif self._source is not None:
            self.predict(self._source)

    def save(self) -> None:
        """Ask where to, and save the rows with what is predicted."""
        found = self._view.predictions
        if found is None:
            return
        folder = Path(self._kept.get(DATA_FOLDER))
        proposed = str(folder / f"{found.rows.name or 'rows'}-predicted.csv")
        text, book = self.tr("CSV tables"), self.tr("Excel workbooks")
        filters = f"{text} (*.csv);;{book} (*.xlsx)"
        chosen, kind = QFileDialog.getSaveFileName(self._view, self.tr("Save predictions"), proposed, filters)
        if not chosen:
            return
        path = Path(chosen)
        if not path.suffix:
            path = path.with_suffix(".xlsx" if "xlsx" in kind else ".csv")
        self.write(found, path)

    def write(self, found: Predictions, path: Path) -> None:
        """Save predictions in the background."""

        def write(task: Task) -> Path:
            write_predictions(found, path, progress=task.progress, cancelled=task.cancelled)
            return path

        label = self.tr("Saving {0}").format(path.name)
        self._tasks.submit(Task(label, write, self._view.show_saved, self._view.show_error))
