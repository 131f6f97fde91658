"""Where data come from: files, the clipboard, generators, paint, rows typed by hand.

Files are read in the background; what is running goes on until the data are there, and stays if they
cannot be had. What asks for them, and what reads them, is imported when it is first wanted.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QWidget

from engine.data.dataset import Dataset
from engine.data.formats import patterns
from engine.data.options import ReadOptions
from engine.errors import DatasetError, EngineError
from gui.document.document import Document
from gui.document.recent import RecentFiles
from gui.kept import DATA_FOLDER, Kept
from gui.panels.rows_editor import RowsEditor
from gui.style.theme import LIGHT, Theme
from gui.text.parts import shown
from gui.text.plain import caption, tooltip
from gui.training.messages import Frame
from gui.training.tasks import Task, Tasks

if TYPE_CHECKING:
    from gui.panels.data_import import ImportDialog
    from gui.panels.generate import GenerateDialog
    from gui.panels.paint import PaintDialog


class DataDesk(QObject):
    """Gets data sets and gives them to the document.

    Parameters
    ----------
    window : QWidget
        Parent of the dialogs.
    remember : bool
        Whether folders and files are remembered.

    Signals
    -------
    file_chosen(Path)
        The user wants this file opened, whatever is in it.
    chosen(Dataset)
        The document has taken it.
    fits(Path)
        A file has the columns that the network was trained on: it may be meant to be predicted.
    failed(EngineError, Path or None)
        It could not be read, or cannot be trained on; nothing has changed.
    lacking(EngineError, callable)
        Likewise, for a package is missing; what to call once it is there.
    """

    file_chosen = Signal(object)
    chosen = Signal(object)
    fits = Signal(object)
    failed = Signal(object, object)
    lacking = Signal(object, object)

    def __init__(self, window: QWidget, document: Document, tasks: Tasks, *, remember: bool) -> None:
        super().__init__(window)
        self._window, self._document, self._tasks = window, document, tasks
        self._kept = Kept(remember)
        self._recent = RecentFiles(self._kept)
        self._theme = LIGHT
        self._dialogs: list[ImportDialog] = []
        self._is_trained = False
        self._generator: GenerateDialog | None = None
        self._painter: PaintDialog | None = None
        self.rows_editor = RowsEditor(window)
        self.rows_editor.dataset_edited.connect(document.set_rows)

    def set_theme(self, theme: Theme) -> None:
        """Recolour the dialogs."""
        self._theme = theme
        for dialog in (self.rows_editor, self._generator, self._painter, *self._dialogs):
            if dialog is not None:
                dialog.set_theme(theme)

    # -- files -------------------------------------------------------------------------------------

    def choose_file(self) -> None:
        """Ask for a file, which may be a session or an experiment too."""
        if path := self._ask_for_file(self.tr("Open data set"), " *.bplab *.toml"):
            self.file_chosen.emit(path)

    def choose_import(self) -> None:
        """Ask for a file and show how it would be read."""
        if path := self._ask_for_file(self.tr("Import data set")):
            self.show_import(path)

    def show_frame(self, frame: Frame) -> None:
        """Know whether there is a network that has learned something."""
        self._is_trained = frame.step > 0

    def open(self, path: Path) -> None:
        """Read a file and train on it; `fits` tells of one that may be meant for the network there is."""
        data = self._document.dataset
        known = "" if data.recipe is None else data.recipe.path
        if not self._is_trained or str(path.absolute()) == known:
            self.read(path)
            return

        def look(task: Task) -> bool:
            from engine.data.new_rows import has_columns

            try:
                return has_columns(path, data)
            except DatasetError:
                return False  # reading it says what is wrong

        def go_on(fits: bool) -> None:
            if fits:
                self.fits.emit(path)
            else:
                self.read(path)

        otherwise = partial(self._look_failed, path)
        self._tasks.submit(Task(self.tr("Reading {0}").format(path.name), look, go_on, otherwise))

    def _look_failed(self, path: Path, error: EngineError) -> None:
        self.failed.emit(error, path)

    def read(self, path: Path) -> None:
        """Read a file as it was read before, or else as it seems, and train on it."""
        known = self._recent.find(path) if path.is_file() else None
        options = known.options if known else ReadOptions()
        preparation = known.preparation if known else {}

        def read(task: Task) -> Dataset:
            from engine.data.load import load

            return load(path, options, progress=task.progress, cancelled=task.cancelled)

        def use(dataset: Dataset) -> None:
            if known is None and any(warning.kind.startswith("ambiguous_") for warning in dataset.warnings):
                self.show_import(path)  # which asks
                return
            if self._use(dataset, preparation, path):
                self._recent.add(path, options, preparation)

        label = self.tr("Reading {0}").format(path.name)
        self._tasks.submit(Task(label, read, use, lambda error: self.failed.emit(error, path)))

    def paste(self) -> None:
        """Show how the text on the clipboard would be read."""
        if text := QApplication.clipboard().text():
            self.show_import(text.encode())
        else:
            self.failed.emit(DatasetError("empty_clipboard"), None)

    def paste_rows(self, text: str) -> None:
        """Put rows from the clipboard behind those of the data, by the names of their columns."""
        from engine.data.new_rows import joined, read_rows

        data = self._document.dataset
        try:
            if not text.strip():
                raise DatasetError("empty_clipboard")
            more = joined(data, read_rows(text.encode(), data))
            self._document.set_rows(more)
        except EngineError as error:
            self.failed.emit(error, None)
            return
        self.chosen.emit(more)

    def show_import(self, source: Path | bytes) -> None:
        """Show what is in a file or a text, and import it when the user is content."""
        from gui.panels.data_import import ImportDialog

        path = source if isinstance(source, Path) else None
        known = self._recent.find(path) if path and path.is_file() else None
        dialog = ImportDialog(
            source,
            self._tasks,
            known.options if known else None,
            preparation=known.preparation if known else None,
            parent=self._window,
        )
        dialog.set_theme(self._theme)
        dialog.imported.connect(partial(self._imported, dialog, path))
        dialog.lacking.connect(partial(self._lacks, source))
        dialog.destroyed.connect(partial(self._forget, dialog))
        self._dialogs.append(dialog)
        dialog.show()

    def _lacks(self, source: Path | bytes, error: EngineError) -> None:
        self.lacking.emit(error, partial(self.show_import, source))

    def fill_recent(self, menu: QMenu) -> None:
        """List the files that were opened last."""
        menu.clear()
        for recent in self._recent.files():
            action = menu.addAction(caption(shown(recent.path.name)))
            action.setToolTip(tooltip(str(recent.path)))
            action.triggered.connect(partial(self._open_recent, recent.path))
        if menu.isEmpty():
            menu.addAction(self.tr("None yet")).setEnabled(False)

    def _open_recent(self, path: Path, checked: bool = False) -> None:
        self.open(path)

    def _ask_for_file(self, title: str, more_patterns: str = "") -> Path | None:
        folder = self._kept.get(DATA_FOLDER)
        data, everything = self.tr("Data sets"), self.tr("All files")
        filters = f"{data} ({patterns()}{more_patterns});;{everything} (*)"
        chosen, _ = QFileDialog.getOpenFileName(self._window, title, folder, filters)
        if not chosen:
            return None
        self._kept.keep(DATA_FOLDER, str(Path(chosen).parent))
        return Path(chosen)

    def _imported(
        self, dialog: ImportDialog, path: Path | None, dataset: Dataset, preparation: Mapping[str, Any]
    ) -> None:
        if self._use(dataset, preparation, path) and path is not None:
            self._recent.add(path, dialog.options, preparation)

    def _forget(self, dialog: ImportDialog) -> None:
        if dialog in self._dialogs:
            self._dialogs.remove(dialog)

    # -- made here ---------------------------------------------------------------------------------

    def show_generator(self) -> None:
        """Open the generators."""
        if self._generator is None:
            from gui.panels.generate import GenerateDialog

            self._generator = GenerateDialog(self._window)
            self._generator.used.connect(self._use)
            self._generator.set_theme(self._theme)
        self._generator.show()
        self._generator.raise_()

    def show_painter(self) -> None:
        """Open the paint box; what was painted before is still there."""
        if self._painter is None:
            from gui.panels.paint import PaintDialog

            self._painter = PaintDialog(self._window)
            self._painter.used.connect(self._use)
            self._painter.set_theme(self._theme)
        self._painter.show()
        self._painter.raise_()

    def show_rows(self) -> None:
        """Open the rows of the present data set for editing."""
        self.rows_editor.set_dataset(self._document.dataset)
        self.rows_editor.show()
        self.rows_editor.raise_()

    def _use(
        self, dataset: Dataset, preparation: Mapping[str, Any] | None = None, path: Path | None = None
    ) -> bool:
        try:
            self._document.set_dataset(dataset, preparation)
        except EngineError as error:
            self.failed.emit(error, path)
            return False
        self.chosen.emit(dataset)
        return True
