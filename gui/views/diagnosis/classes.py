"""Which class is taken for which, with each class's precision and recall."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtWidgets import QComboBox, QScrollArea, QVBoxLayout, QWidget

from engine.data.dataset import has_classes
from engine.diagnose import Confusion, confusion
from gui.style.theme import LIGHT, Theme
from gui.text.numbers import grouped, percent
from gui.text.parts import class_names
from gui.training.aside import Work
from gui.training.messages import Frame
from gui.views.diagnosis.section import Section
from gui.widgets.table import Cell, Row, Table

COLUMN = 64
FIRST_COLUMN = 130


class ConfusionTable(QWidget):
    """Rows by true and said class in a table that scrolls both ways."""

    def __init__(self) -> None:
        super().__init__()
        self.table, self._columns = Table("l"), 1
        self._body = QWidget()
        self._body.setObjectName("classesBody")
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.addWidget(self.table)
        self._column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(self._body)
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._scroll)
        self._theme = LIGHT
        self.set_theme(LIGHT)

    def show_confusion(self, found: Confusion, names: tuple[str, ...]) -> None:
        """Show the counts, with each class's precision and recall."""
        header = (
            Cell(self.tr("true class"), role="muted"),
            *(Cell(name, role="muted") for name in names),
            Cell(self.tr("recall"), role="muted"),
        )
        rows: list[Row] = []
        for place, name in enumerate(names):
            counts = found.counts[place].tolist()
            cells = [
                Cell(grouped(count), count, "strong" if at == place else "text" if count else "muted")
                for at, count in enumerate(counts)
            ]
            rows.append((Cell(name), *cells, _share(float(found.recall[place]))))
        precision = [_share(float(value)) for value in found.precision]
        rows.append((Cell(self.tr("precision"), role="muted"), *precision, _share(found.accuracy)))
        self._show_rows(rows, header)

    def _show_rows(self, rows: list[Row], header: Row) -> None:
        """Show a table with as many columns as there are in the header."""
        columns = "l" + "r" * (len(header) - 1)
        if len(header) != self._columns:
            self._columns, table = len(header), Table(columns)
            table.setObjectName("confusionTable")
            self._column.replaceWidget(self.table, table)
            self.table.deleteLater()
            self.table = table
            table.set_theme(self._theme)
        self._body.setMinimumWidth(FIRST_COLUMN + COLUMN * (len(header) - 1))
        self.table.forget_widths()
        self.table.set_rows(rows, header, footer=1)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.table.set_theme(theme)


class ClassesSection(Section):
    """The confusion matrix of the training or the validation rows."""

    def __init__(self) -> None:
        self._panel = ConfusionTable()
        super().__init__("classesSection", self._panel)
        self._part = QComboBox()
        self._part.setObjectName("confusionPart")
        self._part.activated.connect(self.wanted)
        self.choices.addWidget(self._part)

    @property
    def table(self) -> Table:
        """What is shown."""
        return self._panel.table

    def title(self) -> str:
        return self.tr("Confusion")

    def explained(self) -> str:
        return self.tr(
            "Rows by their true class, across, and by the class that the network says, down the columns. "
            "Recall: of a class, the share said to be; precision: of those said to be, the share that are; "
            "accuracy in the corner."
        )

    def refusal(self, frame: Frame) -> str:
        if not has_classes(frame.dataset.kind):
            if frame.dataset.kind == "multilabel":
                return self.tr("Rows may have several labels: there are no classes to confuse.")
            return self.tr("The targets are numbers: there are no classes to confuse.")
        if self._part.currentIndex() == 1 and not frame.experiment.validation:
            return self.tr("No rows are kept for validation.")
        return ""

    def retranslate(self) -> None:
        chosen = max(0, self._part.currentIndex())
        self._part.clear()
        self._part.addItems([self.tr("training rows"), self.tr("validation rows")])
        self._part.setCurrentIndex(chosen)
        self._part.setAccessibleName(self.tr("Rows"))
        super().retranslate()

    def work(self) -> Work:
        validation = self._part.currentIndex() == 1
        return lambda trainer, stop: confusion(trainer, "validation" if validation else "training")

    def draw(self, result: Any) -> str:
        found: Confusion = result
        assert self.frame is not None
        if not found.counts.any():
            return self.tr("There are no rows here.")
        names = class_names(self.frame.dataset) or ("0", "1")
        self._panel.show_confusion(found, names)
        return ""


def _share(value: float) -> Cell:
    if math.isnan(value):
        return Cell("–", role="muted")
    return Cell(f"{percent(value)} %", value, "strong")
