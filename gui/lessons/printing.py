"""Worksheets of a lesson: whose numbers, with or without the solution, and on which paper."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from engine.files.atomic import write_text
from engine.lessons.folder import open_lesson, read_lesson
from engine.lessons.keys import Keys
from engine.lessons.paper import PAPERS, PaperSize, as_html
from engine.lessons.wording import speaking
from engine.lessons.worksheet import worksheet
from gui.lessons.course import language_of
from gui.style.paper import print_sheets
from gui.text.plain import Label
from gui.widgets.fields import Button, Choice, ComboBox
from gui.widgets.number_box import SpinBox

MOST_STUDENTS = 200


def write_worksheets(
    lesson: Path, to: Path, language: str, seeds: Sequence[int], paper: PaperSize, *, solution: bool
) -> None:
    """Write the sheets of some students into one file: HTML, or PDF where its name ends so.

    Raises
    ------
    EngineError
        What is wrong with the lesson, or why the file cannot be written.
    """
    folder = open_lesson(lesson)
    read = read_lesson(folder, language_of(folder, language))
    say = speaking(read.language)
    sheets = [sheet for seed in seeds for sheet in worksheet(Keys(read, folder, seed), say, solution).sheets]
    if to.suffix.lower() in (".html", ".htm"):
        write_text(to, as_html(sheets, read.title, read.language, paper))
        return
    print_sheets(sheets, to, paper)


class WorksheetDialog(QDialog):
    """Asks what is to be printed.

    Signals
    -------
    accepted_as(Path)
        Print to this file, as the fields say.
    """

    accepted_as = Signal(object)

    def __init__(self, title: str, name: str, seed: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("worksheetDialog")
        self.setWindowTitle(self.tr("Print worksheet"))
        self._name = name
        heading = Label(title, self)
        heading.setWordWrap(True)
        self.first, self.count = SpinBox(self), SpinBox(self)
        for box, object_name in ((self.first, "worksheetFirst"), (self.count, "worksheetCount")):
            box.setObjectName(object_name)
        self.first.setRange(1, 999_999)
        self.first.setValue(seed)
        self.count.setRange(1, MOST_STUDENTS)
        self.solution = QCheckBox(self.tr("With the solution on a sheet of its own"), self)
        self.solution.setObjectName("worksheetSolution")
        self.paper = ComboBox()
        self.paper.setObjectName("worksheetPaper")
        self.paper.set_choices([Choice(paper, paper) for paper in PAPERS], PAPERS[0])
        form = QFormLayout()
        form.addRow(self.tr("First student's number"), self.first)
        form.addRow(self.tr("Students"), self.count)
        form.addRow(self.tr("Paper"), self.paper)
        save, cancel = Button(self), Button(self)
        save.setObjectName("worksheetSave")
        save.setText(self.tr("Save as PDF or HTML…"))
        save.setDefault(True)
        cancel.setText(self.tr("Cancel"))
        save.clicked.connect(self._save)
        cancel.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(save)
        column = QVBoxLayout(self)
        column.addWidget(heading)
        column.addLayout(form)
        column.addWidget(self.solution)
        column.addLayout(row)

    @property
    def seeds(self) -> range:
        """The numbers of the students."""
        return range(self.first.value(), self.first.value() + self.count.value())

    @property
    def size_of_paper(self) -> PaperSize:
        """The paper."""
        return PAPERS[self.paper.currentIndex()]

    def _save(self) -> None:
        kinds = "PDF (*.pdf);;HTML (*.html)"
        chosen, _ = QFileDialog.getSaveFileName(self, self.windowTitle(), f"{self._name}.pdf", kinds)
        if chosen:
            path = Path(chosen)
            self.accepted_as.emit(path if path.suffix else path.with_suffix(".pdf"))
            self.accept()
