"""The page on which rows that training has not seen are predicted."""

from __future__ import annotations

import math
from pathlib import Path

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from engine.errors import EngineError
from engine.training.model import Predictions
from gui.style.fonts import open_at, tabular
from gui.style.theme import LIGHT, Theme
from gui.text import numbers
from gui.text.errors import localized, localized_warning
from gui.text.parts import class_names, output_names, shown
from gui.text.plain import Label, enumerated, sentences, tooltip
from gui.training.messages import Frame, TraceOther, WatchRows
from gui.views.diagnosis.classes import ConfusionTable
from gui.views.predict.model import Field, Keep, PredictionsModel
from gui.widgets.rows_table import RowsTable
from gui.widgets.table import Cell, Row, Table

SIZE = (1180, 720)
SUMMARY_WIDTH = 430
ROW_HEIGHT = 24
NARROWEST, WIDEST = 76, 200
SAMPLED_ROWS = 20
MOST_NAMES = 12


class PredictView(QWidget):
    """Rows of a file with what the network makes of each, and how well it does.

    What is shown is of one moment, which it says, and stays so while training goes on.

    Signals
    -------
    open_requested()
        The user wants to choose a file.
    given(Path or bytes)
        A file was dropped, or a text pasted.
    update_requested()
        The rows are to be predicted by the network as it is now.
    save_requested()
    command(TraceOther or WatchRows)
        A row is to be shown in the graph; the rows are to be measured while training goes on, or no more.
    """

    open_requested = Signal()
    given = Signal(object)
    update_requested = Signal()
    save_requested = Signal()
    command = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("predictView")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        open_at(self, *SIZE)
        self._theme = LIGHT
        self._frame: Frame | None = None
        self._is_present = False
        self._error: EngineError | None = None
        self._busy = False
        self._refused, self._dropped = 0, 1
        self._saved: Path | None = None
        self._sort: tuple[Field, bool] | None = None
        self.model = PredictionsModel(self)

        self.open_button, self.update_button, self.save_button, self.trace_button = (
            self._button(name) for name in ("openRows", "updatePredictions", "savePredictions", "traceRow")
        )
        self.open_button.clicked.connect(self.open_requested)
        self.update_button.clicked.connect(self.update_requested)
        self.save_button.clicked.connect(self.save_requested)
        self.trace_button.clicked.connect(self._trace)
        self.watch_button = self._button("watchRows")
        self.watch_button.setCheckable(True)
        self.watch_button.clicked.connect(self._watch)
        self._filter = QComboBox()
        self._filter.setObjectName("predictionFilter")
        self._filter.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._filter.currentIndexChanged.connect(self._arrange)
        self._moment, self._note = Label(), Label()
        self._moment.setObjectName("predictionMoment")
        self._note.setObjectName("predictionNote")
        for label in (self._moment, self._note):
            label.setWordWrap(True)
        self._note.setProperty("role", "note")

        self.table = RowsTable(self.model)
        self.table.setObjectName("predictionTable")
        self.table.setModel(self.model)
        self.table.setEditTriggers(RowsTable.EditTrigger.NoEditTriggers)
        self.table.setHorizontalScrollMode(RowsTable.ScrollMode.ScrollPerPixel)
        self.table.setShowGrid(False)
        self.table.setAlternatingRowColors(True)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.setFont(tabular(self.font()))
        self.table.copy_refused.connect(self._copy_refused)
        self.table.doubleClicked.connect(self._trace)
        self.table.selectionModel().selectionChanged.connect(self._show_buttons)
        lines, columns = self.table.verticalHeader(), self.table.horizontalHeader()
        lines.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        lines.setDefaultSectionSize(ROW_HEIGHT)
        columns.setHighlightSections(False)
        columns.setSectionsClickable(True)
        columns.setSortIndicatorShown(True)
        columns.setSortIndicatorClearable(True)
        columns.sortIndicatorChanged.connect(self._sort_chosen)
        self.summary = Table("lr")
        self.summary.setObjectName("predictionSummary")
        self.confusion = ConfusionTable()

        self._empty = Label()
        self._empty.setObjectName("predictionEmpty")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._lay_out()
        QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self).activated.connect(self._paste)
        self._retranslate()
        self.set_theme(LIGHT)

    def _button(self, name: str) -> QPushButton:
        button = QPushButton()
        button.setObjectName(f"{name}Button")
        button.setProperty("role", "panel")
        return button

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for widget in (self.open_button, self.update_button, self.save_button, self.trace_button):
            buttons.addWidget(widget)
        buttons.addWidget(self.watch_button)
        buttons.addStretch(1)
        buttons.addWidget(self._filter)
        side = QWidget()
        below = QVBoxLayout(side)
        below.setContentsMargins(12, 0, 0, 0)
        below.setSpacing(16)
        below.addWidget(self.summary)
        below.addWidget(self.confusion, 1_000)
        below.addStretch(1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.table)
        split.addWidget(side)
        split.setSizes([SIZE[0] - SUMMARY_WIDTH, SUMMARY_WIDTH])
        split.setStretchFactor(0, 1)
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(split)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(buttons)
        column.addWidget(self._moment)
        column.addWidget(self._note)
        column.addWidget(holder, 1)

    # -- what comes in -----------------------------------------------------------------------------

    @property
    def predictions(self) -> Predictions | None:
        """What is shown."""
        return self.model.found

    @property
    def frame(self) -> Frame | None:
        """What the window shows; None while another network is on its way."""
        return self._frame

    @property
    def message(self) -> str:
        """What is said of what is shown: its moment, what is odd about it, or why there is nothing."""
        return sentences(self._moment.text(), self._note.text())

    def show_frame(self, frame: Frame) -> None:
        """Know which moment the window shows."""
        was, self._frame = self._frame, frame
        if was is None or (was.step, was.generation) != (frame.step, frame.generation):
            self._tell()
        if was is None or was.dataset is not frame.dataset:
            self._show_empty()
        self.watch_button.setChecked(frame.watched is not None)

    def forget(self) -> None:
        """The network is another one: what is shown is of one that is not here any more."""
        self._frame, self._is_present, self._busy = None, False, False
        self._tell()

    def predict(self, rows: Path | bytes) -> None:
        """Have the rows of a file or a text predicted."""
        self._dropped = 1
        self.given.emit(rows)

    def show_busy(self) -> None:
        """Rows are being read and predicted."""
        self._busy, self._error = True, None
        self._tell()

    def show_error(self, error: EngineError | None) -> None:
        """Why rows could not be predicted; None if nobody wants to know any more. What was shown stays."""
        self._busy, self._error = False, error
        self._tell()

    def show_predictions(self, found: Predictions) -> None:
        """Show what the network makes of rows, at the moment that is shown."""
        self._busy, self._error, self._is_present = False, None, True
        self._refused, self._saved = 0, None
        anew = self.predictions is None or self.predictions.rows is not found.rows
        fields = self.model.fields
        self.model.show_predictions(found)
        if anew or fields != self.model.fields:
            self._sort = None
            header = self.table.horizontalHeader()
            with QSignalBlocker(header):
                header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            self._fit_columns()
        self._offer_filters()
        self._arrange()
        self._summarize(found)
        self._tell()

    def show_saved(self, path: Path) -> None:
        """Say that the predictions lie in a file now."""
        self._saved = path
        self._tell()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.model.set_theme(theme)
        self.summary.set_theme(theme)
        self.confusion.set_theme(theme)
        self.table.viewport().update()

    # -- what is said ------------------------------------------------------------------------------

    def _tell(self) -> None:
        """Say of which moment the predictions are, whether that is the one that is shown, and what is odd."""
        found = self.predictions
        moment, notes = "", []
        if found is not None:
            moment = self.tr(
                "{rows} rows of {name}, as the network predicts them after step {step}", "", len(found.rows)
            )
            moment = moment.format(
                rows=numbers.grouped(len(found.rows)),
                name=shown(found.rows.name) or self.tr("the clipboard"),
                step=numbers.grouped(found.step),
            )
            if not self._is_present:
                notes.append(self.tr("That network is not shown any more: Update asks the one that is."))
            elif self._frame is not None and self._frame.step != found.step:
                text = self.tr("Step {step} is shown now: Update predicts the rows anew.")
                notes.append(text.format(step=numbers.grouped(self._frame.step)))
            notes += [localized_warning(warning) for warning in found.rows.warnings]
        if self._saved is not None:
            notes.insert(0, self.tr("Saved as {name}.").format(name=shown(self._saved.name)))
        if self._refused:
            text = self.tr("At most {count} rows are copied at once: save them as a file instead.")
            notes.insert(0, text.format(count=numbers.grouped(self._refused)))
        if self._dropped > 1:
            text = self.tr("{count} files were dropped, and only the first is predicted.")
            notes.insert(0, text.format(count=numbers.grouped(self._dropped)))
        if self._error is not None:
            notes.insert(0, sentences(*localized(self._error)))
        if self._busy:
            notes.insert(0, self.tr("Reading and predicting…"))
        self._moment.setText(moment)
        self._moment.setVisible(bool(moment))
        self._note.setText(sentences(*notes))
        self._note.setVisible(bool(notes))
        role = "error" if self._error is not None else "note"
        if self._note.property("role") != role:
            self._note.setProperty("role", role)
            self._note.style().polish(self._note)
        self._stack.setCurrentIndex(0 if found is None else 1)
        self._show_buttons()

    def _show_buttons(self) -> None:
        found, frame = self.predictions, self._frame
        can_ask = found is not None and frame is not None and not self._busy
        self.update_button.setEnabled(can_ask)
        self.save_button.setEnabled(found is not None)
        self.trace_button.setEnabled(can_ask and self._is_present and self.table.currentIndex().isValid())
        knows_targets = found is not None and bool(found.known.any())
        self.watch_button.setEnabled(can_ask and self._is_present and knows_targets)
        self._filter.setVisible(found is not None and found.right is not None and bool(found.known.any()))

    def _show_empty(self) -> None:
        text = self.tr("Drop a file here, or open one: its rows go through the network as it is now.")
        if self._frame is not None:
            data = self._frame.dataset
            names = [shown(name) for name in dict.fromkeys(data.groups)]
            more = self.tr("and {count} more").format(count=len(names) - MOST_NAMES)
            listed = names if len(names) <= MOST_NAMES else [*names[:MOST_NAMES], more]
            columns = self.tr("It needs the columns {names}, in any order; the target may be missing.")
            text = f"{text}\n\n{columns.format(names=enumerated(listed))}"
        self._empty.setText(text)

    def _summarize(self, found: Predictions) -> None:
        """Say how well the rows are predicted whose targets are known."""
        known = int(found.known.sum())
        rows: list[Row] = [(Cell(self.tr("rows")), Cell(numbers.grouped(len(found.rows)), len(found.rows)))]
        if known:
            rows.append((Cell(self.tr("with a target")), Cell(numbers.grouped(known), known)))
            tip = ""
            if found.model.prepared.scales_targets:
                tip = self.tr("Of the scaled target, as the network is taught it")
            rows.append((Cell(self.tr("mean loss"), tip=tip), _number(found.loss)))
        confusion = found.confusion
        if found.accuracy is not None:
            accuracy = self.tr("{percent} %").format(percent=numbers.percent(found.accuracy))
            name = self.tr("accuracy") if found.f1 is None else self.tr("rows with all labels right")
            rows.append((Cell(name), Cell(accuracy, found.accuracy, "strong")))
        if found.f1 is not None:
            tip = self.tr("The harmonic mean of the label's precision and recall")
            for name, f1 in zip(output_names(found.model.dataset), found.f1.tolist(), strict=True):
                rows.append((Cell(f"F1 {name}", tip=tip), _number(f1)))
        if found.r2 is not None and found.mae is not None:
            tip = self.tr("In the target's own unit")
            for name, r2, mae in zip(
                output_names(found.model.dataset), found.r2.tolist(), found.mae.tolist(), strict=True
            ):
                about = self.tr("Of the variance of {name} in these rows, the share that is explained")
                rows.append((Cell(f"R² {name}", tip=about.format(name=name)), _number(r2)))
                text = self.tr("mean error of {name}").format(name=name)
                rows.append((Cell(text, tip=tip), _number(mae)))
        self.summary.set_rows(rows)
        self.confusion.setVisible(confusion is not None)
        if confusion is not None:
            self.confusion.show_confusion(confusion, class_names(found.model.dataset))

    # -- order -------------------------------------------------------------------------------------

    def _offer_filters(self) -> None:
        chosen = self._filter.currentData()
        choices: tuple[tuple[str, Keep], ...] = (
            (self.tr("all rows"), "all"),
            (self.tr("wrong only"), "wrong"),
        )
        with QSignalBlocker(self._filter):
            self._filter.clear()
            for text, name in choices:
                self._filter.addItem(text, name)
            self._filter.setCurrentIndex(max(0, self._filter.findData(chosen)))

    def _sort_chosen(self, column: int, order: Qt.SortOrder) -> None:
        fields = self.model.fields
        descending = order is Qt.SortOrder.DescendingOrder
        self._sort = (fields[column], descending) if 0 <= column < len(fields) else None
        self._arrange()

    def sort_by(self, kind: str, *, descending: bool = True) -> None:
        """Put the rows in the order of the first column of a kind, such as ``loss``: the worst first."""
        place = self.model.column_of(kind)
        if place is not None:
            order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
            self.table.horizontalHeader().setSortIndicator(place, order)

    def _arrange(self) -> None:
        by, descending = self._sort or (None, False)
        keep: Keep = self._filter.currentData() or "all"
        self.model.arrange(keep, by, descending)
        self._show_buttons()

    def _fit_columns(self) -> None:
        """Give each column the room of its title and of some cells."""
        metrics, header = self.table.fontMetrics(), self.table.horizontalHeader()
        count = self.model.rowCount()
        rows = range(0, count, max(1, count // SAMPLED_ROWS))
        for place, field in enumerate(self.model.fields):
            texts = [self.model.title(field), *(self.model.text(row, field) for row in rows)]
            width = max(metrics.horizontalAdvance(text) for text in texts) + 26
            header.resizeSection(place, min(max(width, NARROWEST), WIDEST))

    # -- what goes out -----------------------------------------------------------------------------

    def _trace(self) -> None:
        """Have the selected row shown in the graph, by the network as it is now."""
        found, index = self.predictions, self.table.currentIndex()
        if found is None or not index.isValid() or not self.trace_button.isEnabled():
            return
        row = self.model.row(index.row())
        targets = None
        if found.rows.targets is not None and found.known[row]:
            targets = found.rows.targets[row].copy()
        self.command.emit(TraceOther(found.rows.inputs[row].copy(), targets))
        if (main := self.parentWidget()) is not None:
            main.raise_()
            main.activateWindow()

    def _watch(self, on: bool) -> None:
        """Have the rows with a target measured at each epoch's end, beside the validation; or no more."""
        found = self.predictions
        if found is None or found.rows.targets is None or not on:
            self.command.emit(WatchRows(None, None))
            return
        self.command.emit(WatchRows(found.rows.inputs[found.known], found.rows.targets[found.known]))

    def _copy_refused(self, most: int) -> None:
        self._refused = most
        self._tell()

    def _paste(self) -> None:
        if text := QGuiApplication.clipboard().text():
            self._dropped = 1
            self.given.emit(text.encode())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _local_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = _local_files(event)
        if paths:
            event.acceptProposedAction()
            self._dropped = len(paths)
            self.given.emit(paths[0])

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        tips = {
            self.open_button: (
                self.tr("Open rows…"),
                self.tr("Choose a file whose rows go through the network (or paste them with Ctrl+V)"),
            ),
            self.update_button: (
                self.tr("Update"),
                self.tr("Predict the same rows by the network as it is now"),
            ),
            self.save_button: (
                self.tr("Save…"),
                self.tr("Save the rows and what is predicted as CSV or Excel"),
            ),
            self.watch_button: (
                self.tr("Watch as test set"),
                self.tr(
                    "Draw the loss and the metric of these rows at each epoch's end beside the validation,"
                    " from now on. They steer nothing; a session does not keep them."
                ),
            ),
            self.trace_button: (
                self.tr("Show in the graph"),
                self.tr("Show the selected row on its way through the network, as it is now"),
            ),
        }
        for button, (text, tip) in tips.items():
            button.setText(text)
            button.setAccessibleName(text)
            button.setToolTip(tooltip(tip))
        self._filter.setAccessibleName(self.tr("Rows that are shown"))
        self.table.setAccessibleName(self.tr("Predicted rows"))
        self._moment.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._show_empty()
        self._offer_filters()
        if self.predictions is not None:
            self._fit_columns()
            self._summarize(self.predictions)
        self.table.viewport().update()
        self._tell()


def _number(value: float) -> Cell:
    if math.isnan(value):
        return Cell("–", role="muted")
    return Cell(numbers.short(value), value, "strong")


def _local_files(event: QDragEnterEvent | QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
