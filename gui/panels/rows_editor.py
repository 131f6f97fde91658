"""A small table to type data rows into, for an exercise that is worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.arrays import FloatArray
from engine.data.dataset import KINDS, Dataset, Kind, default_names, has_classes, one_hot
from gui.style.fonts import open_at, tabular
from gui.style.theme import LIGHT, Theme
from gui.text.numbers import full, typed_number
from gui.text.parts import shown_names
from gui.text.plain import Label, tooltip
from gui.text.settings import word
from gui.widgets.number_box import SpinBox

MOST_LISTED = 20
"""Classes that a message names."""

MOST_ROWS = 50
MOST_COLUMNS = 32
CELL_WIDTH = 84


class RowsEditor(QDialog):
    """Data rows as a table: features, targets, and beside each row what is wrong with it.

    Every edit that leaves the whole table valid makes a new data set at once.

    Signals
    -------
    dataset_edited(Dataset)
    """

    dataset_edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rowsEditor")
        self._theme = LIGHT
        self._kind: Kind = "regression"
        self._features: tuple[str, ...] = ("x1",)
        self._targets: tuple[str, ...] = ("y",)
        self._classes: tuple[str, ...] = ()
        self._all_rows = 0
        self._keeps_shape = False
        self._last: tuple[object, ...] | None = None
        self._build()
        self._retranslate()
        self.set_theme(LIGHT)

    # -- what it shows -----------------------------------------------------------------------------

    @property
    def kind(self) -> Kind:
        """What kind of targets the rows have."""
        return self._kind

    @property
    def texts(self) -> list[list[str]]:
        """What stands in the cells."""
        return [
            [self._text(row, column) for column in range(self._columns)]
            for row in range(self._table.rowCount())
        ]

    @property
    def problems(self) -> list[str]:
        """What is wrong with each row; empty texts where nothing is."""
        return [self._text(row, self._columns) for row in range(self._table.rowCount())]

    @property
    def note(self) -> str:
        """What there is to know about all rows."""
        return "" if self._note.isHidden() else self._note.text()

    def set_dataset(self, dataset: Dataset, *, keep_shape: bool = False) -> None:
        """Show the rows of a data set, the first ones of a large one.

        Parameters
        ----------
        dataset : Dataset
            With at most `MOST_COLUMNS` inputs and outputs; of others only the names are taken as far
            as there is room.
        keep_shape : bool
            Whether the number of inputs and outputs and the kind of target are not to be changed.
        """
        self._kind = dataset.kind
        self._features = dataset.feature_names[:MOST_COLUMNS]
        self._classes = dataset.class_names
        self._targets = dataset.target_names[:MOST_COLUMNS]
        self._all_rows = len(dataset.inputs)
        self._keeps_shape = keep_shape
        rows = []
        for x, t in zip(dataset.inputs[:MOST_ROWS].tolist(), dataset.targets[:MOST_ROWS], strict=True):
            inputs = [_number_text(value) for value in x[:MOST_COLUMNS]]
            rows.append([*inputs, *self._target_texts(t)])
        self._fill(rows)
        self._last = self._values()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self._check()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    # -- building ----------------------------------------------------------------------------------

    def _build(self) -> None:
        self._kinds = QComboBox(self)
        self._kinds.setObjectName("rowsKind")
        for kind in KINDS:
            self._kinds.addItem("", kind)
        self._kinds.activated.connect(self._reshape)
        self._inputs, self._outputs = SpinBox(self), SpinBox(self)
        for box, name in ((self._inputs, "rowsInputs"), (self._outputs, "rowsOutputs")):
            box.setObjectName(name)
            box.setRange(1, MOST_COLUMNS)
            box.valueChanged.connect(self._reshape)
        self._kind_label, self._inputs_label, self._outputs_label = (Label(self) for _ in range(3))
        table = self._table = QTableWidget(0, 0, self)
        table.setObjectName("rowsTable")
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        table.horizontalHeader().setHighlightSections(False)
        table.itemChanged.connect(self._cell_changed)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), table)
        paste.setContext(Qt.ShortcutContext.WidgetShortcut)
        paste.activated.connect(self.paste)
        table.setFont(tabular(self.font()))
        self._add, self._remove, self._close = (QPushButton(self) for _ in range(3))
        for button, name in (
            (self._add, "rowsAdd"),
            (self._remove, "rowsRemove"),
            (self._close, "rowsClose"),
        ):
            button.setObjectName(name)
            button.setAutoDefault(False)  # Enter belongs to the cells
        self._add.clicked.connect(self._add_row)
        self._remove.clicked.connect(self._remove_rows)
        self._close.clicked.connect(self.close)
        self._note = Label(self)
        self._note.setObjectName("rowsNote")
        self._note.setWordWrap(True)

        shape = QHBoxLayout()
        fields: tuple[tuple[QLabel, QWidget], ...] = (
            (self._kind_label, self._kinds),
            (self._inputs_label, self._inputs),
            (self._outputs_label, self._outputs),
        )
        for label, field in fields:
            label.setBuddy(field)
            shape.addWidget(label)
            shape.addWidget(field)
            shape.addSpacing(10)
        shape.addStretch(1)
        below = QHBoxLayout()
        below.addWidget(self._add)
        below.addWidget(self._remove)
        below.addStretch(1)
        below.addWidget(self._close)
        column = QVBoxLayout(self)
        column.addLayout(shape)
        column.addWidget(self._note)
        column.addWidget(table, 1)
        column.addLayout(below)
        open_at(self, 760, 340)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Data rows"))
        self._kind_label.setText(self.tr("Target"))
        self._inputs_label.setText(self.tr("Inputs"))
        for index, kind in enumerate(KINDS):
            self._kinds.setItemText(index, word(kind))
        self._table.setAccessibleName(self.tr("Data rows"))
        self._add.setText(self.tr("Add row"))
        self._remove.setText(self.tr("Remove row"))
        self._remove.setToolTip(self.tr("Remove the selected rows"))
        self._table.setToolTip(self.tr("Ctrl+V pastes a whole matrix, from the current cell on"))
        self._close.setText(self.tr("Close"))
        self._show_shape()
        self._check()

    # -- the shape ---------------------------------------------------------------------------------

    @property
    def _columns(self) -> int:
        """Columns of data: behind them is what is wrong."""
        return len(self._features) + (1 if self._classes else len(self._targets))

    def _target_texts(self, target: np.ndarray) -> list[str]:
        if not self._classes:
            return [_number_text(value) for value in target[:MOST_COLUMNS].tolist()]
        code = int(target.argmax()) if self._kind == "multiclass" else int(target[0])
        return [self._class_texts[code]]

    @property
    def _class_texts(self) -> tuple[str, ...]:
        """What is typed for each class: its name, with its number where several look the same."""
        texts = shown_names(self._classes)
        alike = {text for text in texts if texts.count(text) > 1}
        return tuple(f"{text} ({n})" if text in alike else text for n, text in enumerate(texts, 1))

    def _reshape(self) -> None:
        """Follow the fields above the table; what has been typed stays where it can."""
        kind: Kind = self._kinds.currentData()
        features, outputs = self._inputs.value(), self._outputs.value()
        old, old_features = self.texts, len(self._features)
        self._features = _names("x", features, self._features)
        if not has_classes(kind):
            self._classes = ()
            self._targets = _names("y", outputs, self._targets if self._kind == kind else ())
        else:
            count = 2 if kind == "binary" else max(2, outputs)
            first = 0 if kind == "binary" else 1
            kept = self._classes if self._kind == kind else ()
            self._classes = (*kept, *(str(n) for n in range(len(kept) + first, count + first)))[:count]
            self._targets = self._classes[1:] if kind == "binary" else self._classes
        self._kind = kind
        width = self._columns - features
        rows = []
        for cells in old:
            inputs = (cells[:old_features] + [""] * features)[:features]
            rows.append([*inputs, *(cells[old_features:] + [""] * width)[:width]])
        self._fill(rows)
        self._tell()

    def _show_shape(self) -> None:
        with QSignalBlocker(self._kinds), QSignalBlocker(self._inputs), QSignalBlocker(self._outputs):
            self._kinds.setCurrentIndex(self._kinds.findData(self._kind))
            self._inputs.setValue(len(self._features))
            self._outputs.setMinimum(2 if self._kind == "multiclass" else 1)
            self._outputs.setValue(len(self._targets))
        for widget in (self._kinds, self._inputs):
            widget.setEnabled(not self._keeps_shape)
        self._outputs.setEnabled(not self._keeps_shape and self._kind != "binary")
        self._outputs_label.setText(self.tr("Classes") if self._kind == "multiclass" else self.tr("Outputs"))
        targets = (self.tr("class"),) if self._classes else self._targets
        self._table.setHorizontalHeaderLabels([*shown_names((*self._features, *targets)), ""])

    def _fill(self, rows: Sequence[Sequence[str]]) -> None:
        table = self._table
        with QSignalBlocker(table):
            table.clear()
            table.setRowCount(0)
            table.setColumnCount(self._columns + 1)
            for cells in rows:
                self._append(cells)
            for column in range(self._columns):
                table.setColumnWidth(column, CELL_WIDTH)
            table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
            table.horizontalHeader().setSectionResizeMode(self._columns, QHeaderView.ResizeMode.Stretch)
        self._show_shape()
        self._check()

    def _append(self, cells: Sequence[str]) -> None:
        row = self._table.rowCount()
        self._table.insertRow(row)
        for column, text in enumerate(cells):
            item = QTableWidgetItem(text)
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._table.setItem(row, column, item)
        problem = QTableWidgetItem()
        problem.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self._table.setItem(row, self._columns, problem)

    # -- rows --------------------------------------------------------------------------------------

    def _add_row(self) -> None:
        with QSignalBlocker(self._table):
            self._append([""] * self._columns)
        self._check()
        self._table.setCurrentCell(self._table.rowCount() - 1, 0)

    def _remove_rows(self) -> None:
        rows = sorted({index.row() for index in self._table.selectedIndexes()}) or [self._table.currentRow()]
        with QSignalBlocker(self._table):
            for row in reversed(rows):
                self._table.removeRow(row)
        self._check()
        self._tell()

    def paste(self) -> None:
        """Put a matrix from the clipboard into the cells, from the current one on; rows are added."""
        pasted = pasted_cells(QApplication.clipboard().text())
        row, column = max(self._table.currentRow(), 0), max(self._table.currentColumn(), 0)
        with QSignalBlocker(self._table):
            while self._table.rowCount() < min(row + len(pasted), MOST_ROWS):
                self._append([""] * self._columns)
            for below, cells in enumerate(pasted[: MOST_ROWS - row]):
                for beside, text in enumerate(cells[: self._columns - column]):
                    self._item(row + below, column + beside).setText(text)
        self._check()
        self._tell()
        left = len(pasted) - (MOST_ROWS - row)
        wide = max(map(len, pasted), default=0) - (self._columns - column)
        if left > 0 or wide > 0:
            text = self.tr(
                "Not all of it fits: the table has {rows} rows and {columns} columns at most here."
            )
            self._note.setText(text.format(rows=MOST_ROWS, columns=self._columns))
            self._note.show()

    def _cell_changed(self) -> None:
        self._check()
        self._tell()

    def _item(self, row: int, column: int) -> QTableWidgetItem:
        item = self._table.item(row, column)
        assert item is not None  # all cells are filled when a row is made
        return item

    def _text(self, row: int, column: int) -> str:
        return self._item(row, column).text()

    # -- what the cells say ------------------------------------------------------------------------

    def _read(self, row: int, column: int) -> tuple[float | None, str]:
        """The number of a cell, the code of a class; or what is wrong with it."""
        text = self._text(row, column).strip()
        if self._kind == "multilabel" and column >= len(self._features) and text not in ("0", "1"):
            return None, self.tr("a label is 0 or 1")
        if not self._classes or column < len(self._features):
            return typed_number(text)
        classes = self._class_texts
        if text in classes:
            return float(classes.index(text)), ""
        listed = ", ".join(classes[:MOST_LISTED]) + (", …" if len(classes) > MOST_LISTED else "")
        return None, self.tr("The class must be one of: {classes}.").format(classes=listed)

    def _check(self) -> None:
        """Mark what is wrong, and say why at the end of its row."""
        names = shown_names((*self._features, *((self.tr("class"),) if self._classes else self._targets)))
        table = self._table
        with QSignalBlocker(table):
            for row in range(table.rowCount()):
                problems = []
                for column in range(self._columns):
                    value, reason = self._read(row, column)
                    is_wrong = value is None and bool(self._text(row, column).strip())
                    item = self._item(row, column)
                    item.setForeground(QColor(self._theme.bad if is_wrong else self._theme.text))
                    item.setToolTip(tooltip(reason))
                    if value is None:
                        problems.append((not is_wrong, f"{names[column]}: {reason}"))
                problem = self._item(row, self._columns)
                empty, text = min(problems, default=(True, ""))
                problem.setText(text)
                problem.setToolTip(tooltip(text))
                problem.setForeground(QColor(self._theme.muted if empty else self._theme.bad))
        self._remove.setEnabled(table.rowCount() > 1)
        self._add.setEnabled(table.rowCount() < MOST_ROWS)
        note = ""
        if self._all_rows > MOST_ROWS:
            note = self.tr(
                "The first {shown} of {all} rows. An edit makes what is shown here the whole data set."
            ).format(shown=MOST_ROWS, all=self._all_rows)
        self._note.setText(note)
        self._note.setVisible(bool(note))

    def _values(self) -> tuple[object, ...] | None:
        """All that makes the data set; None while a cell is empty or wrong."""
        rows = []
        for row in range(self._table.rowCount()):
            values = [self._read(row, column)[0] for column in range(self._columns)]
            if None in values:
                return None
            rows.append(tuple(values))
        return (self._kind, self._features, self._targets, self._classes, tuple(rows)) if rows else None

    def _tell(self) -> None:
        values = self._values()
        if values is not None and values != self._last:
            self._last = values
            self._all_rows = 0
            self._check()
            self.dataset_edited.emit(self._dataset())

    def _dataset(self) -> Dataset:
        numbers: FloatArray = np.array(
            [
                [self._read(row, column)[0] for column in range(self._columns)]
                for row in range(self._table.rowCount())
            ],
            dtype=np.float64,
        )
        inputs, targets = numbers[:, : len(self._features)], numbers[:, len(self._features) :]
        if self._kind == "multiclass":
            targets = one_hot(targets[:, 0].astype(np.int64), len(self._classes))
        return Dataset.from_arrays(
            inputs,
            targets,
            self._kind,
            name=self.tr("typed rows"),
            feature_names=self._features,
            target_names=self._targets,
            class_names=self._classes or None,
        )


def pasted_cells(text: str) -> list[list[str]]:
    """The cells of a text: of a spreadsheet, CSV, a matrix of NumPy, nested lists or MATLAB."""
    text = text.strip().strip("[]();").replace("],", "\n").replace(";", "\n").replace("]", "\n")
    rows = []
    for line in text.replace("[", " ").replace("array(", " ").splitlines():
        for mark in ("\t", ",", None):
            if mark is None or mark in line:
                cells = [cell.strip() for cell in line.strip().strip(",").split(mark)]
                break
        if any(cells):
            rows.append(cells)
    return rows


def _names(letter: str, count: int, names: Sequence[str]) -> tuple[str, ...]:
    """`names`, made more or fewer."""
    return (*names, *default_names(letter, count)[len(names) :])[:count]


def _number_text(value: float) -> str:
    """A number as it may be typed, with all its digits; nothing for a missing one."""
    return "" if value != value else full(value)
