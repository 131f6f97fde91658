"""The runs: a list of what has been trained, and what those that are compared differ in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QSplitter,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.settings import Difference, all_settings, differing_settings
from gui.style.fonts import tabular
from gui.style.theme import LIGHT, Theme
from gui.text.numbers import grouped, short
from gui.text.parts import shown
from gui.text.plain import Label, tooltip
from gui.text.settings import setting, setting_value
from gui.training.messages import (
    ChooseRun,
    Command,
    DeleteRun,
    Overlay,
    PinRun,
    RenameRun,
    RunDifference,
    RunInfo,
    RunKey,
)
from gui.widgets.fields import Button, Note

COMPARE, NAME, STEPS, LOSS, FORKED, DIFFERS, PINNED = range(7)
TEXTS = (NAME, STEPS, LOSS, FORKED, DIFFERS)
MARGIN = 10


class RunsPanel(QWidget):
    """A list of runs, and a table of the differences between those that are compared.

    Signals
    -------
    run_selected(RunKey)
        The user wants to go on with that run.
    run_renamed(RunKey, str)
        An empty name takes its own name away.
    run_pinned(RunKey, bool)
    run_deleted(RunKey)
    overlay_changed(tuple of RunKey)
        The runs that are compared with the current one.
    command(Command)
        What asks the worker for one of these.
    """

    run_selected = Signal(object)
    run_renamed = Signal(object, str)
    run_pinned = Signal(object, bool)
    run_deleted = Signal(object)
    overlay_changed = Signal(object)
    command = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runsPanel")
        for chosen, command in (
            (self.run_selected, ChooseRun),
            (self.run_renamed, RenameRun),
            (self.run_pinned, PinRun),
            (self.run_deleted, DeleteRun),
            (self.overlay_changed, Overlay),
        ):
            chosen.connect(partial(self._ask, command))
        self._runs: tuple[RunInfo, ...] = ()
        self._dropped = 0
        self._keys: tuple[RunKey, ...] = ()  # of the rows of the table
        self._lines: list[_Line] = []  # what they say
        self._briefs: dict[RunKey, tuple[object, str]] = {}
        self._comparison_shown: object = None
        self._compared: tuple[RunKey, ...] = ()
        self._differences: dict[frozenset[RunKey], int | None] = {}
        self.table = _RunsTable()
        self.table.setObjectName("runsTable")
        self.table.setColumnCount(7)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked
        )
        header = self.table.horizontalHeader()
        # Fitted to what they hold by `_fit`: Qt would measure every row again at every change of one
        header.setSectionResizeMode(DIFFERS, QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.itemChanged.connect(self._item_changed)
        self.table.itemSelectionChanged.connect(self._enable)
        self.table.activated_row.connect(self._go_to)
        self.table.deleted_row.connect(self._delete)
        self.go_button, self.delete_button = Button(), Button()
        self.go_button.setObjectName("goToRunButton")
        self.delete_button.setObjectName("deleteRunButton")
        self.go_button.clicked.connect(self._go_to)
        self.delete_button.clicked.connect(self._delete)
        buttons = QHBoxLayout()
        buttons.addWidget(self.go_button)
        buttons.addWidget(self.delete_button)
        self._dropped_note = Note()
        self._dropped_note.setObjectName("droppedRunsNote")
        buttons.addWidget(self._dropped_note, 1)
        buttons.addStretch(0)
        left, right = QWidget(), QWidget()
        list_column, comparison_column = QVBoxLayout(left), QVBoxLayout(right)
        for layout in (list_column, comparison_column):
            layout.setContentsMargins(MARGIN, 6, MARGIN, 6)
        list_column.addWidget(self.table, 1)
        list_column.addLayout(buttons)

        self._heading = Label()
        self._heading.setProperty("role", "heading")
        self.comparison = _RunsTable()
        self.comparison.setObjectName("comparisonTable")
        self.comparison.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.comparison.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self._note = Note()
        self._note.setObjectName("comparisonNote")
        comparison_column.addWidget(self._heading)
        comparison_column.addWidget(self.comparison, 1)
        comparison_column.addWidget(self._note)
        comparison_column.addStretch(0)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setSizes([620, 400])
        splitter.setStretchFactor(0, 1)
        splitter.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(splitter)
        self.set_theme(LIGHT)
        self._retranslate()

    @property
    def runs(self) -> tuple[RunInfo, ...]:
        """The runs as last shown."""
        return self._runs

    @property
    def compared(self) -> tuple[RunKey, ...]:
        """The runs that are compared with the current one, in their order."""
        return self._compared

    @property
    def selected(self) -> RunInfo | None:
        """The run whose row is selected."""
        rows = self.table.selectionModel().selectedRows()
        return self._run_at(rows[0].row()) if rows else None

    @property
    def note(self) -> str:
        """What is said in place of a comparison, or below it."""
        return self._note.text() if not self._note.isHidden() else ""

    def set_runs(self, runs: tuple[RunInfo, ...], dropped: int = 0) -> None:
        """Show these runs, and say how many there is no room for any more."""
        if (runs, dropped) == (self._runs, self._dropped):
            return
        self._runs, self._dropped = runs, dropped
        there = {run.key for run in runs if not run.current}
        self._set_compared(tuple(key for key in self._compared if key in there))
        if self.isVisible():
            self._draw()

    def _draw(self) -> None:
        """Show what has changed."""
        keys = tuple(run.key for run in self._runs)
        if keys != self._keys:
            self._make_rows(keys)
        self._show_runs()
        self._show_comparison()
        self._enable()

    def showEvent(self, event: QShowEvent) -> None:
        self._draw()
        super().showEvent(event)

    def set_differences(self, differences: tuple[RunDifference, ...]) -> None:
        """Say at which step runs part."""
        self._differences = {frozenset((each.first, each.second)): each.step for each in differences}
        self._show_comparison()

    def _ask(self, command: Callable[..., Command], *what: object) -> None:
        self.command.emit(command(*what))

    def forget(self) -> None:
        """Forget where runs part: another one goes on now."""
        self.set_differences(())

    def set_theme(self, theme: Theme) -> None:
        """Take over the colours of `theme`."""
        self.table.set_theme(theme)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Runs"))
        self.table.setAccessibleName(self.tr("Runs"))
        self.table.setHorizontalHeaderLabels(
            [
                self.tr("Compare"),
                self.tr("Name"),
                self.tr("Steps"),
                self.tr("Loss"),
                self.tr("Forked at"),
                self.tr("Differs in"),
                self.tr("Pinned"),
            ]
        )
        loss = self.table.horizontalHeaderItem(LOSS)
        if loss is not None:
            loss.setToolTip(self.tr("Of the mini-batch of the run's last step"))
        self.go_button.setText(self.tr("Go to"))
        self.go_button.setToolTip(self.tr("Make the selected run the current one (Enter)"))
        self.go_button.setAccessibleName(self.tr("Go to the selected run"))
        self.delete_button.setText(self.tr("Delete"))
        self.delete_button.setAccessibleName(self.tr("Delete the selected run"))
        self._heading.setText(self.tr("Comparison"))
        self.comparison.setAccessibleName(self.tr("Comparison"))
        self._lines, self._briefs, self._comparison_shown = [], {}, None
        self._draw()

    # -- the list ----------------------------------------------------------------------------------

    def _make_rows(self, keys: tuple[RunKey, ...]) -> None:
        selected, self._keys = self.selected, keys
        self._lines = []
        self.table.blockSignals(True)
        self.table.setRowCount(len(keys))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        shown = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        for row in range(len(keys)):
            for column in range(7):
                item = self.table.cell(row, column)
                flags = shown
                if column == NAME:
                    flags |= Qt.ItemFlag.ItemIsEditable
                elif column in (COMPARE, PINNED):
                    flags |= Qt.ItemFlag.ItemIsUserCheckable
                elif column in (STEPS, LOSS, FORKED):
                    item.setTextAlignment(right)
                item.setFlags(flags)
        self.table.blockSignals(False)
        if selected is not None and selected.key in keys:
            index = self.table.model().index(keys.index(selected.key), NAME)
            self.table.selectionModel().select(
                index,
                QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
            )

    def _run_at(self, row: int) -> RunInfo | None:
        """The run of a row, as it is by now; None if it is gone."""
        return next((run for run in self._runs if run.key == self._keys[row]), None)

    def _show_runs(self) -> None:
        lines = self._say_lines()
        fresh = len(lines) != len(self._lines)
        self.table.blockSignals(True)
        wider = set(range(7)) if fresh else set()
        for row, line in enumerate(lines):
            before = None if fresh else self._lines[row]
            if line == before:
                continue
            for column, text in zip(TEXTS, line.texts, strict=True):
                self._set_text(row, column, text, line.current)
            if before is not None:
                pairs = zip(TEXTS, line.texts, before.texts, strict=True)
                wider |= {column for column, now, then in pairs if len(now) > len(then)}
            if before is None or line[1:] != before[1:] or line.name != before.name:
                self._set_boxes(row, line)
        self.table.blockSignals(False)
        self._lines = lines
        self._fit(wider)
        self._dropped_note.show_text(
            self.tr("Runs that made room for new ones: {count}. Pinned runs stay.").format(
                count=grouped(self._dropped)
            )
            if self._dropped
            else ""
        )

    def _say_lines(self) -> list[_Line]:
        """What the rows say."""
        current = self._current()
        names = self._names()
        lines = []
        for run in self._runs:
            if current is None or run.current:
                differs = self.tr("current") if run.current else ""
            else:
                differs = self._brief(current, run)
            forked = ""
            if run.parent is not None:
                forked = self.tr("{step} of {run}").format(
                    step=grouped(run.forked_at), run=names.get(run.parent, "–")
                )
            loss = "–" if run.last_loss is None else short(run.last_loss)
            texts = (names[run.key], grouped(run.steps), loss, forked, differs)
            lines.append(_Line(texts, run.current, run.pinned, run.key in self._compared))
        return lines

    def _brief(self, current: RunInfo, run: RunInfo) -> str:
        """In what a run differs from the current one; sought again only for other settings."""
        what = (current.experiment, current.dataset, run.experiment, run.dataset)
        known = self._briefs.get(run.key)
        if known is None or known[0] != what:
            self._briefs[run.key] = known = what, ", ".join(_briefly(current, run)) or "–"
        return known[1]

    def _set_boxes(self, row: int, line: _Line) -> None:
        pinned, compare = self.table.cell(row, PINNED), self.table.cell(row, COMPARE)
        pinned.setCheckState(Qt.CheckState.Checked if line.pinned else Qt.CheckState.Unchecked)
        pinned.setToolTip(self.tr("A pinned run is kept"))
        flags = compare.flags()
        if line.current:
            compare.setData(Qt.ItemDataRole.CheckStateRole, None)
            compare.setFlags(flags & ~Qt.ItemFlag.ItemIsUserCheckable)
            compare.setToolTip(self.tr("The current run is always drawn"))
        else:
            compare.setFlags(flags | Qt.ItemFlag.ItemIsUserCheckable)
            compare.setCheckState(Qt.CheckState.Checked if line.compared else Qt.CheckState.Unchecked)
            compare.setToolTip(
                tooltip(self.tr("Draw the curves of {run} beside the current ones").format(run=line.name))
            )
        for item, action in (
            (compare, self.tr("Compare {run}")),
            (pinned, self.tr("Pin {run}")),
        ):
            item.setData(Qt.ItemDataRole.AccessibleTextRole, action.format(run=line.name))

    def _fit(self, columns: set[int]) -> None:
        """Give columns the room that their contents need, and all rows that of the first."""
        header = self.table.horizontalHeader()
        for column in columns - {DIFFERS}:
            needed = max(self.table.sizeHintForColumn(column), header.sectionSizeHint(column))
            header.resizeSection(column, needed)
        if columns and self._lines:
            self.table.verticalHeader().setDefaultSectionSize(self.table.sizeHintForRow(0))

    def _set_text(self, row: int, column: int, text: str, bold: bool) -> None:
        item = self.table.cell(row, column)
        if item.text() != text:
            item.setText(text)
            item.setToolTip(tooltip(text if column == DIFFERS else ""))
        font = item.font()
        if font.bold() != bold or not font.isFeatureSet(QFont.Tag("tnum")):
            item.setFont(tabular(font, bold=bold))

    def _names(self) -> dict[RunKey, str]:
        """What all runs are called."""
        alone = len({run.key.network for run in self._runs}) == 1
        names = {}
        for run in self._runs:
            number = str(run.key.run + 1) if alone else f"{run.key.network}.{run.key.run + 1}"
            names[run.key] = shown(run.name) if run.name else self.tr("Run {number}").format(number=number)
        return names

    def _current(self) -> RunInfo | None:
        return next((run for run in self._runs if run.current), None)

    def _item_changed(self, item: QTableWidgetItem) -> None:
        run = self._run_at(item.row())
        if run is None:
            return
        if item.column() == NAME:
            name, shown = item.text().strip(), self._names()[run.key]
            if name != shown:
                self.run_renamed.emit(run.key, name)
            if not name:
                self._lines = []
                self._show_runs()
        elif item.column() == PINNED:
            pinned = item.checkState() is Qt.CheckState.Checked
            if pinned != run.pinned:
                self.run_pinned.emit(run.key, pinned)
        elif item.column() == COMPARE:
            checked = item.checkState() is Qt.CheckState.Checked
            order = [each.key for each in self._runs]
            chosen = {*self._compared, run.key} if checked else {*self._compared} - {run.key}
            self._set_compared(tuple(sorted(chosen, key=order.index)))
            self._show_comparison()

    def _set_compared(self, keys: tuple[RunKey, ...]) -> None:
        if keys != self._compared:
            self._compared = keys
            self.overlay_changed.emit(keys)

    def _go_to(self) -> None:
        run = self.selected
        if run is not None and not run.current:
            self.run_selected.emit(run.key)

    def _delete(self) -> None:
        run = self.selected
        if run is not None and self.delete_button.isEnabled():
            self.run_deleted.emit(run.key)

    def _enable(self) -> None:
        run = self.selected
        self.go_button.setEnabled(run is not None and not run.current)
        self.delete_button.setEnabled(run is not None and not run.current and not run.pinned)
        if run is not None and run.current:
            reason = self.tr("The current run cannot be deleted: go to another one first")
        elif run is not None and run.pinned:
            reason = self.tr("A pinned run cannot be deleted: unpin it first")
        else:
            reason = self.tr("Forget the selected run (Delete)")
        self.delete_button.setToolTip(tooltip(reason))

    # -- the comparison ----------------------------------------------------------------------------

    def _show_comparison(self) -> None:
        current = self._current()
        others = [run for run in self._runs if run.key in self._compared]
        if current is None or not others:
            self.comparison.hide()
            self._note.show_text(
                self.tr("Tick runs to compare them with the current one.")
                if len(self._runs) > 1
                else self.tr("Go back, change something and go on: the old future stays here as a run.")
            )
            return
        rows, names = _rows(current, others), self._names()
        part = _Row(self.tr("First different step"), ("", *(self._parting(current, run) for run in others)))
        shown = rows, part, [names[run.key] for run in (current, *others)]
        if shown == self._comparison_shown and not self.comparison.isHidden():
            return
        self._comparison_shown = shown
        table = self.comparison
        table.setRowCount(len(rows) + 1)
        table.setColumnCount(len(others) + 2)
        table.setHorizontalHeaderLabels(["", *shown[2]])
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for number, row in enumerate((*rows, part)):
            for column, text in enumerate((row.label, *row.values)):
                item = table.cell(number, column)
                item.setText(text)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        table.show()
        self._note.show_text("" if rows else self.tr("All settings are the same."))

    def _parting(self, current: RunInfo, run: RunInfo) -> str:
        key = frozenset((current.key, run.key))
        if key not in self._differences:
            return "…"
        step = self._differences[key]
        return self.tr("none so far") if step is None else grouped(step)


class _Line(NamedTuple):
    """What a row of the list says."""

    texts: tuple[str, ...]
    current: bool
    pinned: bool
    compared: bool

    @property
    def name(self) -> str:
        """What the run is called."""
        return self.texts[0]


class _Row(NamedTuple):
    """One line of the comparison: what it is about, and the value in each run."""

    label: str
    values: tuple[str, ...]


def _rows(current: RunInfo, others: list[RunInfo]) -> list[_Row]:
    """The settings in which any of the others differs from the current run."""
    settings = [{"data": run.dataset, **all_settings(run.experiment)} for run in (current, *others)]
    found = dict.fromkeys(difference.path for run in others for difference in _differences(current, run))
    return [
        _Row(
            setting(path, len(current.experiment.layers)),
            tuple(setting_value(each.get(path)) for each in settings),
        )
        for path in found
    ]


def _briefly(current: RunInfo, run: RunInfo) -> list[str]:
    layers = len(run.experiment.layers)
    return [
        f"{setting(each.path, layers)} {setting_value(each.second)}" for each in _differences(current, run)
    ]


def _differences(current: RunInfo, run: RunInfo) -> tuple[Difference, ...]:
    settings = differing_settings(current.experiment, run.experiment)
    if run.dataset == current.dataset:
        return settings
    return (Difference("data", current.dataset, run.dataset), *settings)


class _Boxes(QStyledItemDelegate):
    """Draws boxes that stand out when they are empty, which in Fusion's own colours they do not."""

    outline = QColor()

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        palette: QPalette = option.palette
        palette.setColor(QPalette.ColorRole.Window, self.outline)
        option.palette = palette


class _RunsTable(QTableWidget):
    """A plain table; Enter and Delete are said to whoever listens, and Space ticks what has the focus."""

    activated_row = Signal()
    deleted_row = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._delegate = _Boxes(self)
        self.setItemDelegate(self._delegate)
        self.setShowGrid(False)
        self.setAlternatingRowColors(False)
        self.setWordWrap(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setTabKeyNavigation(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.verticalHeader().hide()
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.horizontalHeader().setHighlightSections(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def cell(self, row: int, column: int) -> QTableWidgetItem:
        """The item at a place, made there if there is none."""
        item = self.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            self.setItem(row, column, item)
        return item

    def set_theme(self, theme: Theme) -> None:
        """Take over the colours that a style sheet cannot give."""
        self._delegate.outline = QColor(theme.muted)

    def event(self, event: QEvent) -> bool:
        keys = (Qt.Key.Key_Space, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home)
        if event.type() == QEvent.Type.ShortcutOverride and event.key() in keys:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_editing = self.state() is QAbstractItemView.State.EditingState
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not is_editing:
            self.activated_row.emit()
        elif event.key() == Qt.Key.Key_Delete and not is_editing:
            self.deleted_row.emit()
        else:
            super().keyPressEvent(event)
