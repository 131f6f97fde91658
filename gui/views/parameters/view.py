"""The table with its layers to choose from, what was typed wrong, and copying."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.arrays import IntArray
from engine.parts import Part
from gui.document.focus import Focus
from gui.style.fonts import tabular
from gui.text.numbers import for_programs, grouped, typed_number
from gui.text.parts import layer_name
from gui.text.plain import Label
from gui.training.messages import Frame
from gui.views.parameters.model import ParametersModel
from gui.views.parameters.moment import NUMBERS, Column, Moment
from gui.views.parameters.table import NumberDelegate, ParametersTable

TURN = 0.008
"""Seconds that copying may take at a time."""


class ParametersView(QWidget):
    """All parameters with their gradients and updates, to be sorted, edited and copied.

    Parameters
    ----------
    focus : Focus
        Of which the selected weight or bias is the current row.

    Signals
    -------
    parameter_edited(SetParameter)
        The user typed a value.
    freeze_requested(Freeze)
        The user ticked a parameter to be held, or let it go.
    paste_requested(int), load_requested()
        The user wants weights and biases from the clipboard, of a layer (0 of any), or from a file.
    """

    parameter_edited = Signal(object)
    freeze_requested = Signal(object)
    paste_requested = Signal(int)
    load_requested = Signal()

    def __init__(self, focus: Focus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.focus = focus
        self.setObjectName("parametersView")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._frame: Frame | None = None
        self._stale = False
        self._copying: Iterator[str] | None = None
        self._copied: list[str] = []
        self._build()
        focus.part_changed.connect(self._go_to)
        self._retranslate()

    # -- what it shows -----------------------------------------------------------------------------

    @property
    def model(self) -> ParametersModel:
        """The rows as they are shown."""
        return self._model

    @property
    def message(self) -> str:
        """Why what was typed is no value; empty if nothing is wrong."""
        return "" if self._message.isHidden() else self._message.text()

    @property
    def is_copying(self) -> bool:
        """Whether rows are still being copied to the clipboard."""
        return self._copying is not None

    def show_frame(self, frame: Frame) -> None:
        """Show the parameters of this frame."""
        self._frame = frame
        self._redraw()

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self._frame = None
        self._model.forget()
        self._say("")

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() == QEvent.Type.FontChange:
            self._fit()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._redraw()

    # -- building ----------------------------------------------------------------------------------

    def _build(self) -> None:
        self._build_table()
        bar = self._build_bar()
        self._message = Label(self)
        self._message.setObjectName("parametersMessage")
        self._message.setWordWrap(True)
        self._message.hide()
        self._message.setContentsMargins(8, 0, 8, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self._message)
        column.addWidget(self._table, 1)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._copy_some)
        self._fit()

    def _build_table(self) -> None:
        self._model = ParametersModel(self)
        self._model.edited.connect(self.parameter_edited)
        self._model.freeze_requested.connect(self.freeze_requested)
        self._delegate = NumberDelegate(self)
        self._delegate.refused.connect(self._say)
        table = self._table = ParametersTable(self)
        table.setObjectName("parametersTable")
        table.setModel(self._model)
        table.setItemDelegate(self._delegate)
        table.setAlternatingRowColors(True)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        table.setTabKeyNavigation(False)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.doubleClicked.connect(self._double_clicked)
        table.copy_requested.connect(lambda: self.copy(everything=False, separator="\t"))
        table.paste_requested.connect(self._paste)
        table.selectionModel().currentRowChanged.connect(self._current_changed)
        self._model.modelReset.connect(self._show_selection)  # behind the table's own
        across, down = table.horizontalHeader(), table.verticalHeader()
        # With the table's own, the header would ask all rows, one by one, whether they are selected.
        across.setSelectionModel(QItemSelectionModel(self._model, self))
        across.setSectionsClickable(True)
        across.setSortIndicatorShown(True)
        across.setSortIndicatorClearable(True)
        across.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        across.setHighlightSections(False)
        across.setStretchLastSection(True)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        down.setVisible(False)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.sortIndicatorChanged.connect(self._sort)

    def _build_bar(self) -> QHBoxLayout:
        self._layers = QComboBox(self)
        self._layers.setObjectName("parametersLayer")
        self._layers.currentIndexChanged.connect(self._layer_chosen)
        self._summary = Label(self)
        self._summary.setObjectName("parametersSummary")
        self._note = Label(self)
        self._note.setObjectName("parametersNote")
        self._load = QToolButton(self)
        self._load.setObjectName("parametersLoad")
        self._load.clicked.connect(self.load_requested)
        self._copy = QToolButton(self)
        self._copy.setObjectName("parametersCopy")
        self._copy.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self._copy)
        self._copy_actions = []
        for everything in (False, True):
            for name, separator in (("Tsv", "\t"), ("Csv", ",")):
                action = menu.addAction("")
                action.setObjectName(f"parametersCopy{'All' if everything else 'Selected'}{name}")
                action.triggered.connect(
                    lambda _, everything=everything, separator=separator: self.copy(
                        everything=everything, separator=separator
                    )
                )
                self._copy_actions.append(action)
        self._copy.setMenu(menu)

        bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 4)
        bar.setSpacing(10)
        for widget in (self._layers, self._summary, self._note):
            bar.addWidget(widget)
        bar.addStretch(1)
        bar.addWidget(self._load)
        bar.addWidget(self._copy)
        return bar

    def _fit(self) -> None:
        """Give every column room for the longest number it can hold."""
        self._table.setFont(tabular(self.font()))
        metrics = self._table.fontMetrics()
        self._table.verticalHeader().setDefaultSectionSize(metrics.height() + 6)
        longest = {
            Column.VALUE: "−8.88888·10⁻⁸⁸",
            Column.AFTER: "−8.88888·10⁻⁸⁸",
            Column.GRADIENT: "−8.888·10⁻⁸⁸",
            Column.UPDATE: "−8.888·10⁻⁸⁸",
            Column.FROM: "sepal_length",
            Column.TO: "sepal_length",
        }
        for column in Column:
            text = max(longest.get(column, ""), self._model.titles[column], key=metrics.horizontalAdvance)
            self._table.setColumnWidth(column, metrics.horizontalAdvance(text) + 16)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Parameters"))
        self._table.setAccessibleName(self.tr("Parameters and gradients"))
        self._model.titles = (
            self.tr("Layer"),
            self.tr("From"),
            self.tr("To"),
            self.tr("Before"),
            self.tr("Gradient"),
            self.tr("Update"),
            self.tr("After"),
            self.tr("Frozen"),
        )
        self._model.tips = (
            self.tr("Layer the parameter belongs to"),
            self.tr("Unit it leads from, or bias"),
            self.tr("Unit it leads to"),
            self.tr("Value before the update of this step"),
            self.tr("Derivative of the mini-batch's loss, without penalty and before clipping"),
            self.tr("What the step adds to the value"),
            self.tr("Value after the update of this step"),
            self.tr("Tick to hold the value"),
        )
        self._layers.setAccessibleName(self.tr("Layers shown"))
        self._layers.setToolTip(self.tr("Show the parameters of one layer"))
        self._load.setText(self.tr("Load…"))
        self._load.setAccessibleName(self.tr("Load weights and biases"))
        self._load.setToolTip(
            self.tr(
                "Load weights and biases from NPZ, JSON, CSV or text; Ctrl+V in the table pastes matrices"
            )
        )
        self._copy.setText(self.tr("Copy") + " ▾")
        self._copy.setAccessibleName(self.tr("Copy"))
        self._copy.setToolTip(self.tr("Copy the numbers with all their digits (Ctrl+C: the selected rows)"))
        texts = (
            self.tr("Selected rows, tab-separated"),
            self.tr("Selected rows, comma-separated"),
            self.tr("All rows shown, tab-separated"),
            self.tr("All rows shown, comma-separated"),
        )
        for action, text in zip(self._copy_actions, texts, strict=True):
            action.setText(text)
        self._name_layers()
        self._fit()
        self._model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)
        self._redraw()

    def _name_layers(self) -> None:
        """Offer the layers of the network that is shown."""
        layers = 0 if self._frame is None else len(self._frame.record.z)
        chosen = self._model.layer
        with QSignalBlocker(self._layers):
            self._layers.clear()
            self._layers.addItem(self.tr("All layers"), 0)
            for layer in range(1, layers + 1):
                self._layers.addItem(layer_name(layer, layers), layer)
            self._layers.setCurrentIndex(max(0, self._layers.findData(chosen)))

    # -- drawing -----------------------------------------------------------------------------------

    def _redraw(self) -> None:
        frame = self._frame
        self._stale = not self.isVisible()
        if frame is None or self._stale:
            return
        busy = self._table.is_editing or sum(block.height() for block in self._table.selected_blocks) > 1
        self._model.show(Moment(frame), keep_order=busy)
        if self._layers.count() != len(frame.record.sizes):
            self._name_layers()
        self._count()
        sample = None if frame.phase is None else frame.phase.sample
        note = "" if sample is None else self.tr("Gradients: the share of sample {number}")
        self._note.setText(note.format(number=(sample or 0) + 1))

    def _count(self) -> None:
        """Say how many parameters there are, and in which step these are their numbers."""
        step = 0 if self._frame is None else self._frame.record.step
        text = self.tr("{count} parameters in step {step}")
        self._summary.setText(text.format(count=grouped(self._model.rowCount()), step=grouped(step)))

    def _go_to(self, part: Part | None) -> None:
        """Go to the row of the selected parameter; of another layer than is shown, if need be."""
        if part is not None and self._model.layer not in (0, part.layer):
            self._layers.setCurrentIndex(self._layers.findData(part.layer))
        self._show_selection()

    def _show_selection(self) -> None:
        row = self._model.row_of(self.focus.part)
        selected = self._table.selectionModel()
        if row is None:
            with QSignalBlocker(selected):
                selected.clear()
            self._table.setCurrentIndex(QModelIndex())  # or the focus, when it comes, would choose the first
            self._table.viewport().update()
        elif row != self._table.currentIndex().row() or not selected.hasSelection():
            index = self._model.index(row, max(0, self._table.currentIndex().column()))
            flag = QItemSelectionModel.SelectionFlag
            selected.setCurrentIndex(index, flag.ClearAndSelect | flag.Rows)
            self._table.scrollTo(index)

    # -- the user's doing --------------------------------------------------------------------------

    def _current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid() and (part := self._model.part_at(current.row())) is not None:
            self.focus.select(part)

    def _double_clicked(self, index: QModelIndex) -> None:
        if index.column() != Column.FROZEN:
            self._table.edit_row(index.row())

    def _sort(self, column: int, order: Qt.SortOrder) -> None:
        current = self._table.currentIndex()
        flag = QItemSelectionModel.SelectionFlag
        # Rows that are selected would have to be followed to their new places, however many they are.
        self._table.selectionModel().select(current, flag.ClearAndSelect | flag.Rows)
        self._model.sort(column, order)
        if current.isValid():
            self._table.scrollTo(self._table.currentIndex())

    def _selected_rows(self) -> list[int]:
        blocks = self._table.selected_blocks
        return sorted({row for block in blocks for row in range(block.top(), block.bottom() + 1)})

    def _layer_chosen(self) -> None:
        self._model.show_layer(self._layers.currentData() or 0)
        self._count()

    def _paste(self) -> None:
        """Take a number for the current row; ask for matrices, of the layer shown or of the current row."""
        layer = self._model.layer
        row = self._table.currentIndex().row()
        value = typed_number(QGuiApplication.clipboard().text())[0]
        if value is not None and row >= 0:
            self._model.setData(self._model.index(row, self._model.present_column), value)
            return
        part = self._model.part_at(row) if not layer and row >= 0 else None
        self.paste_requested.emit(layer if part is None else part.layer)

    def _say(self, reason: str) -> None:
        self._message.setText(reason)
        self._message.setVisible(bool(reason))

    # -- copying -----------------------------------------------------------------------------------

    def copy(self, *, everything: bool, separator: str) -> None:
        """Put rows on the clipboard with every digit, some at a time if they are many.

        Parameters
        ----------
        everything : bool
            All rows that are shown, or only the selected ones.
        separator : str
            A tab or a comma.
        """
        moment = self._model.moment
        if moment is None:
            return
        numbers = self._model.order
        if not everything:
            numbers = numbers[self._selected_rows()]
        self._copied = []
        self._copying = self._lines(moment, numbers, separator)
        self._copy_some()
        if self._copying is not None:
            self._timer.start(0)

    def _lines(self, moment: Moment, numbers: IntArray, separator: str) -> Iterator[str]:
        yield _line(self._model.titles, separator)
        for number in numbers.tolist():
            part = moment.numbering.part(number)
            values = [moment.number(column, part) for column in NUMBERS]
            yield _line(
                (
                    *(self._model.name(column, part) for column in (Column.LAYER, Column.FROM, Column.TO)),
                    *("" if value is None else for_programs(value) for value in values),
                    str(int(moment.frame.is_frozen(part))),
                ),
                separator,
            )

    def _copy_some(self) -> None:
        assert self._copying is not None
        end = time.perf_counter() + TURN
        for line in self._copying:
            self._copied.append(line)
            if not len(self._copied) % 64 and time.perf_counter() > end:
                count = len(self._copied)
                done = self.tr("Copying: {count} rows", "", count).format(count=grouped(count))
                self._note.setText(done)
                return
        self._timer.stop()
        self._copying = None
        QGuiApplication.clipboard().setText("".join(self._copied))
        rows = len(self._copied) - 1
        self._note.setText(self.tr("Copied {count} rows", "", rows).format(count=grouped(rows)))
        self._copied = []


def _line(cells: Sequence[str], separator: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\n").writerow(cells)
    return text.getvalue()
