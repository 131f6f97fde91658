"""A small table to type single numbers into: a step that was worked out by hand."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.errors import StepError
from engine.explain.symbols import activation, plain
from engine.mistakes.reading import Entry, read_typed
from engine.mistakes.reference import in_order
from gui.style.fonts import tabular
from gui.style.theme import LIGHT, Theme
from gui.text import symbols
from gui.text.errors import localized
from gui.text.plain import Label, tooltip
from gui.training.messages import Frame
from gui.views.check_numbers.wording import part_of, symbol, taken_apart

LARGEST = 64
"""Rows or columns up to which numbers are typed; nobody works out more by hand."""


class TypedTable(QWidget):
    """The numbers of one quantity at a time, as cells; an empty one is not known.

    Signals
    -------
    typed(tuple of Entry, dict of str to str)
        All that was typed, each quantity an array under its own name, and what they are; nothing when
        nothing is left, or while one cannot be read.
    """

    typed = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("typedTable")
        self._frame: Frame | None = None
        self._cells: dict[str, dict[tuple[int, int], str]] = {}
        self._theme = LIGHT
        self._intro = Label(self)
        self._intro.setObjectName("typedIntro")
        self._intro.setWordWrap(True)
        self._quantity = QComboBox(self)
        self._quantity.setObjectName("typedQuantity")
        self._quantity.currentIndexChanged.connect(self._show_cells)
        self._clear = QPushButton(self)
        self._clear.setObjectName("typedClear")
        self._clear.clicked.connect(self.clear)
        table = self._table = QTableWidget(0, 0, self)
        table.setObjectName("typedCells")
        table.itemChanged.connect(self._changed)
        self._note = Label(self)
        self._note.setObjectName("typedNote")
        self._note.setWordWrap(True)
        bar = QHBoxLayout()
        bar.addWidget(self._quantity, 1)
        bar.addWidget(self._clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.addWidget(self._intro)
        column.addLayout(bar)
        column.addWidget(table, 1)
        column.addWidget(self._note)
        self._retranslate()
        self.set_theme(LIGHT)

    @property
    def table(self) -> QTableWidget:
        """The cells."""
        return self._table

    @property
    def quantity(self) -> QComboBox:
        """The field that says which quantity the cells are."""
        return self._quantity

    @property
    def note(self) -> str:
        """What is wrong with what was typed."""
        return self._note.text()

    def show_frame(self, frame: Frame) -> None:
        """Offer the quantities of this step; what was typed stays where it fits."""
        same = self._frame is not None and self._frame.record.sizes == frame.record.sizes
        same = same and self._frame is not None and self._frame.record.batch == frame.record.batch
        self._frame = frame
        if not same:
            self._cells = {}
            chosen = self._quantity.currentData()
            layers = len(frame.record.z)
            names = [f"{kind}{n}" for n in range(1, layers + 1) for kind in ("W", "b")]
            names += [name for name in in_order(layers) if name not in names]
            with QSignalBlocker(self._quantity):
                self._quantity.clear()
                for name in names:
                    self._quantity.addItem("", name)
                self._quantity.setCurrentIndex(max(0, self._quantity.findData(chosen)))
            self._retranslate()
        self._show_cells()

    def clear(self) -> None:
        """Forget all that was typed."""
        self._cells = {}
        self._show_cells()
        self.typed.emit((), {})

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self._table.setFont(tabular(self.font()))
        self._show_cells()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self._show_cells()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self._intro.setText(
            self.tr(
                "Type what you worked out by hand, as many numbers as you like. Each is judged to the digits "
                "you type: 0.1498 agrees with 0.14978."
            )
        )
        self._clear.setText(self.tr("Clear"))
        self._clear.setToolTip(self.tr("Forget all that was typed"))
        self._quantity.setAccessibleName(self.tr("Quantity"))
        self._table.setAccessibleName(self.tr("Numbers worked out by hand"))
        for index in range(self._quantity.count()):
            name = self._quantity.itemData(index)
            text = f"{name}   {symbol(name)}"
            if name[0] in "Wb":
                text = self.tr("{name} after the step").format(name=text)
            self._quantity.setItemText(index, text)

    # -- the cells ---------------------------------------------------------------------------------

    def _shape(self, name: str) -> tuple[int, int]:
        assert self._frame is not None
        record = self._frame.record
        kind, layer = taken_apart(name)
        if kind == "loss":
            return 1, 1
        below, units = record.sizes[layer - 1], record.sizes[layer]
        if kind in ("W", "dW"):
            return below, units
        return (1, units) if kind in ("b", "db") else (record.batch, units)

    def _show_cells(self) -> None:
        name = self._quantity.currentData()
        if self._frame is None or name is None:
            return
        rows, columns = self._shape(name)
        too_large = max(rows, columns) > LARGEST
        table = self._table
        table.setEnabled(not too_large)
        self._note.setText(
            self.tr("This is too large to be typed: paste it, or open a file.") if too_large else ""
        )
        with QSignalBlocker(table):
            table.clear()
            table.setRowCount(0 if too_large else rows)
            table.setColumnCount(0 if too_large else columns)
            if too_large:
                return
            across, down = self._headings(name, rows, columns)
            table.setHorizontalHeaderLabels(across)
            table.setVerticalHeaderLabels(down)
            widest = max(map(table.fontMetrics().horizontalAdvance, down))
            table.verticalHeader().setFixedWidth(widest + 36)  # Qt forgets the padding of the style sheet
            for row in range(rows):
                for column in range(columns):
                    item = QTableWidgetItem(self._cells.get(name, {}).get((row, column), ""))
                    item.setToolTip(tooltip(self._tip(name, row, column)))
                    table.setItem(row, column, item)
            for column in range(columns):
                table.setColumnWidth(column, 78)
        self._mark()

    def _headings(self, name: str, rows: int, columns: int) -> tuple[list[str], list[str]]:
        """What stands over the columns and beside the rows: the units, or where a weight comes from."""
        kind, layer = taken_apart(name)
        if kind == "loss":
            return [symbol(name)], [""]
        across = [plain("z" if kind != "a" else "a", layer, unit) for unit in range(columns)]
        if kind in ("W", "dW"):
            return across, [activation(layer - 1, unit) for unit in range(rows)]
        if kind in ("b", "db"):
            return across, [symbol(name)]
        return across, [self.tr("sample {number}").format(number=row + 1) for row in range(rows)]

    def _tip(self, name: str, row: int, column: int) -> str:
        kind = taken_apart(name)[0]
        if kind == "loss":
            return symbol(name)
        place = (column,) if kind in ("b", "db") else (row, column)
        written = symbols.part_plain(part_of(name, place))
        if kind in ("dW", "db"):
            return f"∂L/∂{written}"
        if kind in ("z", "a", "delta"):
            text = self.tr("{symbol} of unit {unit}, sample {sample}")
            return text.format(symbol=symbol(name), unit=column + 1, sample=row + 1)
        return self.tr("{symbol} after the step").format(symbol=written)

    def _mark(self) -> None:
        """Mark what is no number, and say so."""
        wrong = ""
        with QSignalBlocker(self._table):
            for row in range(self._table.rowCount()):
                for column in range(self._table.columnCount()):
                    item = self._table.item(row, column)
                    assert item is not None
                    try:
                        read_typed([[item.text()]])
                        colour = self._theme.text
                    except StepError:
                        colour = self._theme.bad
                        if not wrong:
                            text = self.tr("Row {row}, column {column}: '{text}' is not a number.")
                            wrong = text.format(row=row + 1, column=column + 1, text=item.text()[:20])
                    item.setForeground(QColor(colour))
        if self._table.isEnabled():
            self._note.setText(wrong)

    def _changed(self, item: QTableWidgetItem) -> None:
        name, text = self._quantity.currentData(), item.text().strip()
        cells = self._cells.setdefault(name, {})
        if text:
            cells[item.row(), item.column()] = text
        else:
            cells.pop((item.row(), item.column()), None)
        self._mark()
        if self._note.text():
            self.typed.emit((), {})  # what was said was said of other numbers
        else:
            self._tell()

    def _tell(self) -> None:
        entries = []
        for name, cells in self._cells.items():
            if not cells:
                continue
            rows, columns = self._shape(name)
            words = [[cells.get((row, column), "") for column in range(columns)] for row in range(rows)]
            try:
                numbers = read_typed(words)
            except StepError as error:
                self._note.setText(localized(error)[0])
                self.typed.emit((), {})
                return
            entries.append(Entry(name, numbers))
        self.typed.emit(tuple(entries), {entry.name: entry.name for entry in entries})
