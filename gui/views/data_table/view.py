"""The data as a table, with what the network makes of every row while it learns."""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.data.dataset import has_classes
from engine.records import StepRecord
from gui.document.focus import Focus
from gui.style.fonts import tabular
from gui.style.theme import LIGHT, Theme
from gui.text import numbers
from gui.text.parts import class_names
from gui.text.plain import Label, tooltip
from gui.training.messages import Frame, Status
from gui.training.probe import LIVE_COST, REST_COST, Asker, Probe, ProbeResult, affordable_rows
from gui.views.data_table.model import LIVE, PICTURE_SIDE, Field, Filter, RowsModel
from gui.widgets.rows_table import RowsTable

ALL_AT_ONCE = 20_000
"""Rows up to which every answer is about all of them, if the network is small enough."""

REARRANGE_SECONDS = 1.0
"""How often rows change places while training runs."""

ROW_HEIGHT = 24
NARROWEST, WIDEST = 76, 220
SORT_MARK = 22
SAMPLED_ROWS = 12
WIDEST_NUMBER = "−0.00012345"


class DataTableView(QWidget):
    """The rows of the data set; sortable, filtered, with live predictions.

    A small data set is asked about whole at every frame. Of a large one only the rows that are seen are
    live; to sort or filter it by what the network says, all rows are asked about in parts.

    Parameters
    ----------
    focus : Focus
        Of which the row is marked; a click, or Enter, chooses another.

    Signals
    -------
    probe_requested(Probe)
        The view wants to know what the network makes of some rows; `show_probe` takes the answer.
    rows_pasted(str)
        Rows, with the names of their columns, are to be put behind those of the data.
    """

    probe_requested = Signal(object)
    rows_pasted = Signal(str)

    def __init__(self, focus: Focus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.focus = focus
        self.setObjectName("dataTableView")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._latest: Frame | None = None
        self._frame: Frame | None = None  # the one that the rows are of
        self._asker = Asker(self.probe_requested.emit)
        self._asked_for: tuple[StepRecord, bool, bool] | None = None
        self._sweep: int | None = None
        self._sort: tuple[Field, bool] | None = None
        self._arranged_at = 0.0
        self._told = ""
        self._fitted: set[int] = set()

        self.model = RowsModel(self)
        self._shows = QButtonGroup(self)
        self._file_button = self._segment("showFileButton", "left")
        self._network_button = self._segment("showNetworkButton", "right")
        self._file_button.setChecked(True)
        self._shows.idToggled.connect(self._shows_toggled)
        self._filter = QComboBox()
        self._filter.setObjectName("rowFilterCombo")
        self._filter.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._filter.currentIndexChanged.connect(self._rearrange)
        self._counts = Label()
        self._counts.setObjectName("rowCounts")
        self._counts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._counts.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

        self._table = RowsTable(self.model)
        self._table.setObjectName("dataTable")
        self._table.setModel(self.model)
        self._table.copy_refused.connect(self._copy_refused)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(lambda: self.rows_pasted.emit(QGuiApplication.clipboard().text()))
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        # At some sizes either bar takes the room that lets the other go: Qt shows and hides them for seconds.
        self._table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._table.setShowGrid(False)
        self._table.setAlternatingRowColors(True)
        self._table.setWordWrap(False)
        self._table.setTabKeyNavigation(False)
        self._table.setFont(tabular(self.font()))
        rows, columns = self._table.verticalHeader(), self._table.horizontalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        columns.setHighlightSections(False)
        columns.setSectionsClickable(True)
        columns.setSortIndicatorShown(True)
        columns.setSortIndicatorClearable(True)
        columns.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        columns.sortIndicatorChanged.connect(self._sort_chosen)
        self._table.clicked.connect(self._row_chosen)
        self._table.activated.connect(self._row_chosen)
        self._table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._table.horizontalScrollBar().valueChanged.connect(self._fit_seen)
        focus.row_changed.connect(self._go_to)

        controls = QHBoxLayout()
        controls.setSpacing(0)
        controls.addWidget(self._file_button)
        controls.addWidget(self._network_button)
        controls.addSpacing(10)
        controls.addWidget(self._filter)
        controls.addSpacing(10)
        controls.addWidget(self._counts, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 8, 4)
        column.setSpacing(6)
        column.addLayout(controls)
        column.addWidget(self._table, 1)
        self._retranslate()
        self.set_theme(LIGHT)

    # -- what comes in -----------------------------------------------------------------------------

    def show_frame(self, frame: Frame) -> None:
        """Take over the data of the frame, and ask what the network makes of them."""
        self._latest = frame
        if self.isVisible():
            self._follow(frame)

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self._latest = self._frame = self._asked_for = self._sweep = None
        self._asker.forget()
        self.model.forget()
        self._show_counts()

    def show_probe(self, result: ProbeResult) -> None:
        """Take in the answer to a question; those to others' questions are passed over."""
        if not self._asker.accept(result) or self._frame is None:
            return
        if result.probe.rows is None:
            return
        parts_unknown = self.model.part is None
        self.model.take(result)
        if self._sweep is not None:
            self._sweep += len(result.probe.rows)
            if self._sweep < self.model.rows:
                self._ask_part()
                self._show_counts()
                return
            self._sweep = None
        if self._must_rearrange() or (parts_unknown and self.row_filter != "all"):
            self._arrange()
        else:
            self.model.refresh(*self._seen())
        self._show_counts()
        if not self._whole() and not self._asker.waits and not self._seen_known():
            self._ask()

    def miss_probe(self, probe: Probe) -> None:
        """Wait no longer for the answer to a question."""
        self._asker.miss(probe)
        if not self._asker.waits:
            self._sweep = None

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self.model.set_theme(theme)

    # -- asking ------------------------------------------------------------------------------------

    def _follow(self, frame: Frame) -> None:
        """Show the newest frame."""
        self._frame = frame
        if self.model.set_frame(frame):
            self._reset()
        state = (frame.record, frame.updated, self._running)
        if self._asked_for is None or state[0] is not self._asked_for[0] or state[1:] != self._asked_for[1:]:
            # The rows of the mini-batch are others now
            self.model.refresh(*self._seen())
            self._asked_for = state
            if self._sweep is None:
                self._ask()

    def _ask(self) -> None:
        """Ask about all rows if they are few, else about those that are seen."""
        if self._frame is None or not self.model.rows:
            return
        if self._whole():
            rows = np.arange(self.model.rows, dtype=np.int64)
        elif self._needs_all() and not self._running:
            self._sweep = 0
            self._ask_part()
            return
        else:
            first, last = self._seen()
            rows = np.array([self.model.data_row(row) for row in range(first, last + 1)], dtype=np.int64)
        if len(rows):
            self._asker.ask(Probe(self._frame.generation, rows=rows))

    def _ask_part(self) -> None:
        """Ask about the next part of all rows."""
        assert self._frame is not None and self._sweep is not None
        cost = LIVE_COST if self._running else REST_COST
        stop = min(self.model.rows, self._sweep + affordable_rows(self._frame.record.sizes, cost))
        rows = np.arange(self._sweep, stop, dtype=np.int64)
        self._asker.ask(Probe(self._frame.generation, rows=rows))

    @property
    def _running(self) -> bool:
        return self._frame is not None and self._frame.status is Status.RUNNING

    def _whole(self) -> bool:
        """Whether all rows can be asked about at once."""
        if self._frame is None:
            return False
        cost = LIVE_COST if self._running else REST_COST
        return self.model.rows <= min(ALL_AT_ONCE, affordable_rows(self._frame.record.sizes, cost))

    def _seen(self) -> tuple[int, int]:
        """The first and last row of the table that can be seen; (0, -1) if there is none."""
        last = self.model.rowCount() - 1
        if last < 0:
            return 0, -1
        height = self._table.verticalHeader().defaultSectionSize()
        first = max(0, self._table.rowAt(0))
        return first, min(last, first + self._table.viewport().height() // height + 1)

    def _seen_known(self) -> bool:
        first, last = self._seen()
        known = self.model.findings.known
        return all(known[self.model.data_row(row)] for row in range(first, last + 1))

    def _scrolled(self) -> None:
        if self._frame is not None and not self._whole() and self._sweep is None:
            self._ask()

    # -- order -------------------------------------------------------------------------------------

    @property
    def is_asking(self) -> bool:
        """Whether an answer about the rows of the newest frame is still to come, or even to be asked for."""
        frame, asked = self._latest, self._asked_for
        if frame is None:
            return False
        return self._asker.waits or asked is None or asked[0] is not frame.record or asked[1] != frame.updated

    @property
    def row_filter(self) -> Filter:
        """Which rows are let through."""
        chosen: Filter = self._filter.currentData() or "all"
        return chosen

    def _needs_all(self) -> bool:
        """Whether the order hangs on what the network makes of all rows."""
        return self.row_filter == "wrong" or (self._sort is not None and self._sort[0].kind in LIVE)

    def _must_rearrange(self) -> bool:
        if not self.model.findings.complete or not self._needs_all():
            return False
        return not self._running or time.monotonic() - self._arranged_at >= REARRANGE_SECONDS

    def _sort_chosen(self, column: int, order: Qt.SortOrder) -> None:
        fields = self.model.fields
        descending = order is Qt.SortOrder.DescendingOrder
        self._sort = (fields[column], descending) if 0 <= column < len(fields) else None
        self._rearrange()

    def _rearrange(self) -> None:
        """Arrange anew, after all rows have been asked about where that is needed."""
        if self._frame is None:
            return
        if self._needs_all() and not self._whole():
            self._sweep = 0
            self._asker.forget()
            self._ask_part()
        else:
            self._arrange()
            self._scrolled()
        self._show_counts()

    def _arrange(self) -> None:
        self._arranged_at = time.monotonic()
        by, descending = self._sort or (None, False)
        place = self._table.verticalScrollBar().value()
        self.model.arrange(self.row_filter, by, descending)
        self._table.verticalScrollBar().setValue(place)
        self._mark_row()

    def _reset(self) -> None:
        """Begin with other data."""
        self._sort, self._arranged_at = None, 0.0
        header = self._table.horizontalHeader()
        with QSignalBlocker(header), QSignalBlocker(self._filter):
            header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            self._offer_filters()
        pictures = any(field.kind == "picture" for field in self.model.fields)
        self._table.verticalHeader().setDefaultSectionSize(PICTURE_SIDE + 6 if pictures else ROW_HEIGHT)
        self._fit_columns()
        self._table.scrollToTop()
        self._go_to()
        self._show_counts()

    def _fit_columns(self) -> None:
        """Give each column the room of its name and of some cells; live numbers change nothing in it."""
        self._fitted = set()
        self._fit_seen()

    def _fit_seen(self) -> None:
        """Fit those columns that are seen and have not been yet: there may be thousands."""
        if self._frame is None or not self.model.rows:
            return
        header = self._table.horizontalHeader()
        fields, seen = self.model.fields, self._table.viewport().width()
        place = max(header.visualIndexAt(0), 0)
        while place < len(fields) and header.sectionViewportPosition(place) < seen:
            if place not in self._fitted:
                self._fitted.add(place)
                header.resizeSection(place, min(max(self._room_of(fields[place]), NARROWEST), WIDEST))
            place += 1

    def _room_of(self, field: Field) -> int:
        assert self._frame is not None
        texts, classes = [self.model.title(field)], class_names(self._frame.dataset)
        if field.kind in ("target", "prediction") and classes:
            texts += classes[:100]
        elif field.kind == "part":
            texts += [f"{name} •" for name in (self.tr("training"), self.tr("validation"))]
        elif field.kind == "right":
            texts += [self.tr("✓ right"), self.tr("✗ wrong")]
        elif field.kind in LIVE:
            texts.append(WIDEST_NUMBER)
        else:
            rows = np.linspace(0, self.model.rows - 1, min(SAMPLED_ROWS, self.model.rows)).astype(int)
            texts += [self.model.text(row, field) for row in rows.tolist()]
        return max(map(self._table.fontMetrics().horizontalAdvance, texts)) + SORT_MARK

    # -- choosing ----------------------------------------------------------------------------------

    def _row_chosen(self, index: QModelIndex) -> None:
        self.focus.show_row(self.model.data_row(index.row()))

    def _go_to(self) -> None:
        """Mark the row, and show it if it was chosen elsewhere."""
        before = self._table.currentIndex().row()
        self._mark_row()
        if (index := self._table.currentIndex()).row() != before:
            self._table.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def _mark_row(self) -> None:
        selection, chosen = self._table.selectionModel(), self.focus.row
        row = None if chosen is None else self.model.table_row(chosen)
        if row is None:
            selection.clear()
            return
        flags, index = QItemSelectionModel.SelectionFlag, self.model.index(row, 0)
        among_others = selection.isRowSelected(row, QModelIndex())  # several were selected, to be copied
        selection.setCurrentIndex(
            index, flags.NoUpdate if among_others else flags.ClearAndSelect | flags.Rows
        )

    def _shows_toggled(self, place: int, checked: bool) -> None:
        if checked:
            self._sort = None
            with QSignalBlocker(self._table.horizontalHeader()):
                self._table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            self.model.show_as("file" if place == 0 else "network")
            self._arrange()
            self._fit_columns()

    # -- Qt ----------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._latest is not None:
            # Behind the layout, which says how many rows are seen
            QTimer.singleShot(0, self, self._catch_up)

    def _catch_up(self) -> None:
        if self._latest is not None and self.isVisible():
            self._follow(self._latest)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._scrolled()
        self._fit_seen()
        self._tell(self._told)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _segment(self, name: str, side: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setProperty("side", side)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._shows.addButton(button, len(self._shows.buttons()))
        return button

    # -- words -------------------------------------------------------------------------------------

    def _offer_filters(self) -> None:
        chosen = self._filter.currentData()
        choices: list[tuple[str, Filter]] = [(self.tr("all rows"), "all")]
        if self._frame is None or has_classes(self._frame.dataset.kind):
            choices.append((self.tr("wrong only"), "wrong"))
        choices += [(self.tr("training rows"), "training"), (self.tr("validation rows"), "validation")]
        self._filter.clear()
        for text, name in choices:
            self._filter.addItem(text, name)
        self._filter.setCurrentIndex(max(0, self._filter.findData(chosen)))

    def _show_counts(self) -> None:
        """Say how many rows there are, and how many of them the network gets wrong."""
        if self._frame is None or not self.model.rows:
            self._tell("")
            return
        count, shown = self.model.rows, self.model.rowCount()
        parts = [
            self.tr("{0} rows", "", count).format(numbers.grouped(count))
            if shown == count
            else self.tr("{0} of {1} rows", "", count).format(numbers.grouped(shown), numbers.grouped(count))
        ]
        prepared_part, findings = self.model.part, self.model.findings
        if prepared_part is not None:
            training, validation = (int((prepared_part == which).sum()) for which in (1, 2))
            parts.append(self.tr("{0} training").format(numbers.grouped(training)))
            if validation:
                parts.append(self.tr("{0} validation").format(numbers.grouped(validation)))
        if self._sweep is not None:
            share = self._sweep / count
            parts.append(self.tr("going through all rows: {0} %").format(round(100 * share)))
        elif findings.complete and has_classes(self._frame.dataset.kind):
            wrong = numbers.grouped(count - int(findings.right.sum()))
            parts.append(self.tr("{0} wrong after step {1}").format(wrong, numbers.grouped(findings.step)))
        if not self._whole() and self._needs_all() and findings.complete and self._sweep is None:
            parts.append(self.tr("order as of step {0}").format(numbers.grouped(findings.step)))
        self._tell(" · ".join(parts))

    def _copy_refused(self, most: int) -> None:
        self._tell(self.tr("At most {0} rows are copied at once.").format(numbers.grouped(most)))

    @property
    def counts(self) -> str:
        """What is said of all rows."""
        return self._told

    def _tell(self, text: str) -> None:
        self._told = text
        metrics, width = self._counts.fontMetrics(), max(self._counts.width(), 40)
        self._counts.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, width))
        self._counts.setToolTip(tooltip(text))

    def _retranslate(self) -> None:
        self._file_button.setText(self.tr("As in the file"))
        self._file_button.setToolTip(self.tr("Show the cells as the file has them"))
        self._network_button.setText(self.tr("As the network sees it"))
        self._network_button.setToolTip(
            self.tr("Show what the network is fed: categories as 0 and 1, gaps filled, numbers scaled")
        )
        for button in (self._file_button, self._network_button):
            button.setAccessibleName(button.text())
        self._filter.setAccessibleName(self.tr("Rows that are shown"))
        self._filter.setToolTip(self.tr("Choose which rows are shown"))
        with QSignalBlocker(self._filter):
            self._offer_filters()
        self._table.setAccessibleName(self.tr("Rows of the data set"))
        self._table.setToolTip("")
        self._fit_columns()
        self._table.viewport().update()
        self._show_counts()
