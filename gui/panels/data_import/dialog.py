"""The window in which a data file is looked at before it is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from engine.data.columns import split_mask
from engine.data.data_warning import DataWarning
from engine.data.dataset import Dataset, own_split
from engine.data.doubt import Cleaning, Guess
from engine.data.formats import FORMATS
from engine.data.load import Preview, inspect, load
from engine.data.options import ReadOptions
from engine.data.table import RawColumn
from engine.errors import DatasetError, EngineError
from gui.panels.data_import.columns_list import ColumnsList
from gui.panels.data_import.preview_table import PreviewTable
from gui.panels.data_import.question import Question
from gui.panels.data_import.reading import PreparationForm, ReadingForm
from gui.style.fonts import open_at, px
from gui.style.theme import LIGHT, Theme
from gui.text import numbers
from gui.text.errors import localized, localized_warning
from gui.text.parts import shown, shown_names
from gui.text.plain import Label, one_line, sentences, tooltip
from gui.training.tasks import Task, Tasks
from gui.widgets.focus_ring import FocusRing

READING = ("encoding", "delimiter", "decimal", "thousands", "header", "skip_lines", "sheet")
PREPARATION: Mapping[str, Any] = {
    "missing": "mean",
    "scaling": "zscore",
    "validation": 0.2,
    "split": "stratified",
    "seed": 0,
}
ANOTHER_TABLE = ("delimiter", "sheet")
"""Options with which the columns are others, so that what was chosen for them is void."""

SKIPPABLE = ("ragged_row", "bad_number", "stray_quote", "undeclared_value", "bad_json", "bad_index_order")
MENDABLE = ("bad_encoding", "unknown_encoding", "no_rows", "bad_option", "unterminated_quote", "not_text")
"""What another encoding or delimiter may help against when nothing can be shown."""

SIDE_WIDTH = 268
NAMED_CLASSES = 6
SHOWN_CLEANINGS = 3
MOST_CLEANINGS = 30
LONGEST_NAME = 30
NOTES_HEIGHT = 96
PLACE = Qt.ItemDataRole.UserRole


class ImportDialog(QDialog):
    """Shows what was found in a file, lets all of it be overruled, and loads it.

    Looking and loading are done by `tasks`; training goes on meanwhile, and nothing of it changes unless
    `imported` is emitted.

    Parameters
    ----------
    source : Path or bytes
        A file, or pasted text.
    tasks : Tasks
    remembered : ReadOptions, optional
        What was chosen for this file before.
    preparation : mapping, optional
        Settings of the experiment to begin with, in place of `PREPARATION`.

    Signals
    -------
    lacking(EngineError)
        It cannot be read before a package is installed; the dialog has closed.
    imported(Dataset, dict)
        The data, and the settings of the experiment that were chosen with them: ``missing``, ``scaling``,
        ``validation``, ``split`` and ``seed``.
    inspected()
        The file has been looked at with the present options.
    """

    imported = Signal(object, object)
    lacking = Signal(object)
    inspected = Signal()

    def __init__(
        self,
        source: Path | bytes,
        tasks: Tasks,
        remembered: ReadOptions | None = None,
        *,
        preparation: Mapping[str, Any] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("importDialog")
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        open_at(self, 1060, 720)
        self._source = source
        self._tasks = tasks
        self._given = remembered or ReadOptions()
        self._remembered = remembered is not None
        self._preview: Preview | None = None
        self._error: EngineError | None = None
        self._refusal: EngineError | None = None
        self._looking: Task | None = None
        self._loading: Task | None = None
        self._build(PreparationForm(PREPARATION, preparation or {}))
        tasks.progressed.connect(self._progressed)
        tasks.ended.connect(self._ended)
        self._lay_out()
        self.set_theme(LIGHT)
        self._retranslate()
        self._inspect()

    def _build(self, form: PreparationForm) -> None:
        self._title, self._format, self._summary = Label(), Label(), Label()
        self._title.setObjectName("importTitle")
        self._format.setObjectName("importFormat")
        self._summary.setObjectName("importSummary")
        self._summary.setWordWrap(True)
        for label in (self._title, self._format, self._summary):
            label.setTextFormat(Qt.TextFormat.PlainText)
        font = self._title.font()
        font.setPointSizeF(font.pointSizeF() * 1.35)
        font.setBold(True)
        self._title.setFont(font)

        self.reading = ReadingForm()
        self.reading.chosen.connect(self._option_chosen)
        self.form = form
        self.form.changed.connect(self._preparation_changed)
        self._skip_bad = QPushButton()
        self._skip_bad.setObjectName("skipBadRowsButton")
        self._skip_bad.setCheckable(True)
        self._skip_bad.setAutoDefault(False)
        self._skip_bad.clicked.connect(lambda on: self._option_chosen("skip_bad_rows", on))
        self._headings = [_heading() for _ in range(4)]

        self.question = Question()
        self.question.answered.connect(self._answered_question)
        self._answered: set[tuple[str, int | None]] = set()
        self.preview_table = PreviewTable()
        self.columns = ColumnsList()
        self.columns.role_chosen.connect(self.set_roles)
        self.columns.type_chosen.connect(self.set_types)
        self.preview_table.column_clicked.connect(self._header_clicked)
        self.cleaning = Label()
        self.cleaning.setObjectName("importCleaning")
        self.cleaning.setTextFormat(Qt.TextFormat.PlainText)
        self.cleaning.setWordWrap(True)
        self.notes = QListWidget()
        self.notes.setObjectName("importNotes")
        self.notes.setWordWrap(True)
        self.notes.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.notes.itemClicked.connect(self._note_chosen)
        self.notes.itemActivated.connect(self._note_chosen)

        self._progress = QProgressBar()
        self._progress.setObjectName("importProgress")
        self._progress.setRange(0, 1000)
        self._progress.setTextVisible(False)
        self._progress.setMaximumHeight(px(8))
        self._state = Label()
        self._state.setObjectName("importState")
        self.cancel_button, self.import_button = QPushButton(), QPushButton()
        self.cancel_button.setObjectName("cancelImportButton")
        self.cancel_button.setAutoDefault(False)
        self.cancel_button.clicked.connect(self._cancel)
        self.import_button.setObjectName("importButton")
        FocusRing(self.import_button)
        self.import_button.setAutoDefault(False)  # Enter ends the typing of a number
        self.import_button.clicked.connect(self.start_import)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self.import_button.click)

    def _lay_out(self) -> None:
        self._side_body = side_body = QWidget()
        side_body.setObjectName("importSide")
        side = QVBoxLayout(side_body)
        side.setContentsMargins(0, 0, 10, 0)
        side.setSpacing(8)
        for heading, form in ((self._headings[0], self.reading), (self._headings[1], self.form)):
            side.addWidget(heading)
            side.addWidget(form)
            side.addSpacing(10)
        side.addStretch(1)
        self._side = area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(side_body)

        tables = QSplitter(Qt.Orientation.Vertical)
        tables.setChildrenCollapsible(False)
        for heading, table in (
            (self._headings[2], self.preview_table),
            (self._headings[3], self.columns),
        ):
            part = QWidget()
            column = QVBoxLayout(part)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(5)
            column.addWidget(heading)
            column.addWidget(table)
            tables.addWidget(part)
        tables.setStretchFactor(0, 3)
        tables.setStretchFactor(1, 2)
        tables.setSizes([320, 210])

        self._notes_box = QWidget()
        notes = QVBoxLayout(self._notes_box)
        notes.setContentsMargins(0, 0, 0, 0)
        notes.setSpacing(5)
        notes.addWidget(self.notes)
        notes.addWidget(self._skip_bad, 0, Qt.AlignmentFlag.AlignLeft)
        right = QVBoxLayout()
        right.setSpacing(10)
        right.addWidget(tables, 1)
        right.addWidget(self.cleaning)
        right.addWidget(self._notes_box)

        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addSpacing(10)
        head.addWidget(self._format, 1)
        middle = QHBoxLayout()
        middle.setSpacing(14)
        middle.addWidget(area)
        middle.addLayout(right, 1)
        foot = QHBoxLayout()
        foot.addWidget(self._state)
        foot.addWidget(self._progress, 1)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.import_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(18, 14, 18, 14)
        whole.setSpacing(8)
        whole.addLayout(head)
        whole.addWidget(self._summary)
        whole.addWidget(self.question)
        whole.addSpacing(4)
        whole.addLayout(middle, 1)
        whole.addLayout(foot)

    # -- what is chosen ----------------------------------------------------------------------------

    @property
    def options(self) -> ReadOptions:
        """What was chosen; everything else is sniffed."""
        return self._given

    @property
    def preparation(self) -> dict[str, Any]:
        """The experiment's settings that were chosen."""
        values = self.form.values
        if self.form.split_column is not None and not values["validation"]:
            values["validation"] = PREPARATION["validation"]  # a column holds rows out only if some are
        return values

    @property
    def preview(self) -> Preview | None:
        """What the file looks like under the present options; None while it cannot be shown."""
        return self._preview

    @property
    def busy(self) -> bool:
        """Whether the file is being looked at or loaded."""
        return self._looking is not None or self._loading is not None

    @property
    def summary(self) -> str:
        """What the network will see."""
        return self._summary.text()

    def set_option(self, name: str, value: Any) -> None:
        """Overrule what was found, or with None have it found out again."""
        self._option_chosen(name, value)

    def set_roles(self, columns: Sequence[int], role: str) -> None:
        """Give columns, counted from 1, a role.

        Several targets must be numbers: where that cannot be, the new target takes the old one's place.
        """
        preview = self._preview
        if preview is None:
            return
        roles = dict(self._by_place(self._given.roles))
        targets = {column.index for column in preview.columns if column.role == "target"}
        if role == "target":
            chosen = [column for column in preview.columns if column.index in {*columns, *targets}]
            labels = all((column.low, column.high) == (0.0, 1.0) for column in chosen)
            numbers_only = (labels or preview.kind in ("regression", "multilabel")) and all(
                column.type == "number" for column in chosen
            )
            if not numbers_only:
                for column in targets - set(columns):
                    roles.pop(column, None)
            else:
                roles |= dict.fromkeys(targets, "target")
        roles |= dict.fromkeys(columns, role)
        self._choose(target=None, roles=roles)

    def set_types(self, columns: Sequence[int], kind: str | None) -> None:
        """Say what columns, counted from 1, hold: numbers, categories, or None to guess again."""
        if self._preview is None:
            return
        types = dict(self._by_place(self._given.types))
        for column in columns:
            types.pop(column, None)
            if kind is not None:
                types[column] = kind
        self._choose(types=types)

    def _by_place(self, chosen: Mapping[str | int, Any]) -> dict[int, Any]:
        """What was chosen for columns, by their place from 1: that stays when names change."""
        places = {column.name: column.index for column in self._preview.columns} if self._preview else {}
        found = {places.get(key, 0) if isinstance(key, str) else key: value for key, value in chosen.items()}
        found.pop(0, None)
        return found

    def _option_chosen(self, name: str, value: Any) -> None:
        if getattr(self._given, name) == value:
            return
        if name in ANOTHER_TABLE:
            self._choose(target=None, roles={}, types={}, **{name: value})
        else:
            self._choose(**{name: value})

    def _choose(self, **options: Any) -> None:
        try:
            self._given = replace(self._given, **options)
        except DatasetError as error:  # such as one mark for decimals and thousands
            self._refusal = error
            self._show()
            return
        self._refusal = None
        self._inspect()

    def _answered_question(self, guess: Guess, is_other: bool) -> None:
        """Read the file as was answered, and do not ask again."""
        self._answered.add((guess.about, guess.column))
        if not is_other or guess.other is None:
            self._ask()
            return
        options = dict(guess.other.options)
        if "missing" in options:
            options["missing"] = tuple(dict.fromkeys((*self._given.missing, *options["missing"])))
        for name in ("roles", "types"):
            if name in options:
                given = self._by_place(getattr(self._given, name))
                options[name] = given | self._by_place(options[name])
        if any(name in ANOTHER_TABLE for name in options):
            options |= {"target": None, "roles": {}, "types": {}}
        self._choose(**options)

    def _ask(self) -> None:
        """Ask the first question that has not been answered."""
        guesses = self._preview.guesses if self._preview is not None else ()
        open_ones = (g for g in guesses if g.close and (g.about, g.column) not in self._answered)
        self.question.ask(next(open_ones, None))

    def _preparation_changed(self) -> None:
        """A column that says what is held out is no feature."""
        name, preview = self.form.split_column, self._preview
        if name is not None and preview is not None:
            column = next(column for column in preview.columns if column.name == name)
            if column.role == "feature":
                self.set_roles((column.index,), "skip")

    def _header_clicked(self, column: int, at: QPoint) -> None:
        if self._preview is not None and column < len(self._preview.columns):
            self.columns.clearSelection()
            self.columns.open_role_menu(column, at)

    # -- looking -----------------------------------------------------------------------------------

    def _inspect(self) -> None:
        """Look at the file with the present options; an older look is called off."""
        if self._looking is not None:
            self._looking.cancel()
        source, options, before = self._source, self._given, self._preview

        def look(task: Task) -> Preview:
            return inspect(source, options, after=before, cancelled=task.cancelled)

        label = self.tr("Looking at {0}").format(self._name)
        self._looking = Task(label, look, self._inspected, self._cannot_inspect)
        self._tasks.submit(self._looking)
        self._show_state()

    def _inspected(self, preview: Preview) -> None:
        self._preview, self._error, self._looking = preview, None, None
        self._remembered = False
        columns = _split_columns(preview)
        self.form.offer_columns(columns, own_split(preview.warnings, columns))
        self._show()
        self.inspected.emit()

    def _cannot_inspect(self, error: EngineError) -> None:
        self._looking = None
        if self._remembered:
            # What was chosen for an older file of that name does not fit this one
            self._remembered, self._given = False, ReadOptions()
            self._inspect()
            return
        if "extra" in error.details:
            self.lacking.emit(error)
            self.reject()
            return
        self._preview, self._error = None, error
        self._show()
        self.inspected.emit()

    # -- loading -----------------------------------------------------------------------------------

    def start_import(self) -> None:
        """Load the whole file."""
        preview = self._preview
        if preview is None or self.busy:
            return
        # What was found in the first rows may be found otherwise in all of them.
        found_again = {name: getattr(self._given, name) for name in ("decimal", "thousands", "day_first")}
        source, options = self._source, replace(preview.options, **found_again)

        def read(task: Task) -> Dataset:
            return load(source, options, progress=task.progress, cancelled=task.cancelled)

        label = self.tr("Reading {0}").format(self._name)
        self._loading = Task(label, read, self._loaded, self._cannot_load)
        self._progress.setValue(0)
        self._tasks.submit(self._loading)
        self._show_state()

    def _loaded(self, dataset: Dataset) -> None:
        self._loading = None
        preparation, column = self.preparation, self.form.split_column
        if column is not None and column not in dataset.split_columns:
            # The rows beyond the preview say otherwise
            preparation["split"] = PREPARATION["split"]
        self.imported.emit(dataset, preparation)
        self.accept()

    def _cannot_load(self, error: EngineError) -> None:
        self._loading = None
        self._error = error
        self._show()

    def _progressed(self, task: Task, share: float) -> None:
        if task is self._loading:
            self._progress.setValue(round(1000 * share))

    def _ended(self, task: Task) -> None:
        """A task that was cancelled, here or elsewhere, has no result to hand on."""
        if task.cancelled() and task in (self._loading, self._looking):
            self._loading = self._looking = None
            self._show_state()

    def _cancel(self) -> None:
        """Call the loading off, or close the window when nothing is being loaded."""
        if self._loading is None:
            self.reject()
            return
        self._loading.cancel()
        self._loading = None
        self._show_state()

    def done(self, result: int) -> None:
        """Close; nothing is waited for any more."""
        for task in (self._looking, self._loading):
            if task is not None:
                task.cancel()
        self._looking = self._loading = None
        super().done(result)

    # -- showing -----------------------------------------------------------------------------------

    @property
    def _name(self) -> str:
        return self.tr("pasted text") if isinstance(self._source, bytes) else shown(self._source.name)

    def _show(self) -> None:
        preview = self._preview
        self._title.setText(self._name)
        self._format.setText(self._format_text())
        self._summary.setText(self._summary_text())
        found: dict[str, Any] = {}
        if preview is not None:
            options = {name: getattr(preview.options, name) for name in READING}
            found = {name: value for name, value in options.items() if value is not None}
        elif self._error is not None and self._error.kind in MENDABLE:
            found = {"encoding": None, "delimiter": None}
        given = {name: getattr(self._given, name) for name in (*READING, "missing")}
        self.reading.show_options(given, found, preview.sheets if preview is not None else ())
        bar = self._side.verticalScrollBar().sizeHint().width()
        self._side.setFixedWidth(max(px(SIDE_WIDTH), self._side_body.minimumSizeHint().width() + bar))
        self.preview_table.show_preview(preview)
        self.columns.show_columns(preview.columns if preview is not None else ())
        self._show_cleaning()
        self._ask()
        self._show_notes()
        self._show_state()

    def _show_cleaning(self) -> None:
        """Say what is taken off cells, of a few columns here and of all in the tooltip."""
        found = self._preview.cleanings if self._preview is not None else ()
        said = [self._cleaning_text(one) for one in found]
        few = "\n".join(said[:SHOWN_CLEANINGS])
        if len(said) > SHOWN_CLEANINGS:
            few = self.tr("{0}; and {1} more").format(few, numbers.grouped(len(said) - SHOWN_CLEANINGS))
        self.cleaning.setText(few)
        choice = self.tr("Counted in the rows looked at; choose category as the type to keep the text.")
        self.cleaning.setToolTip(tooltip("\n".join([choice, *said[:MOST_CLEANINGS]])))
        self.cleaning.setVisible(bool(said))

    def _cleaning_text(self, one: Cleaning) -> str:
        sentence = {
            "missing": self.tr("{0}: ‘{1}’ becomes missing ({2} ×)"),
            "dress": self.tr("{0}: ‘{1}’ is taken off ({2} ×)"),
            "thousands": self.tr("{0}: ‘{1}’ between thousands is taken off ({2} ×)"),
        }[one.kind]
        name, text = one_line(one.name, LONGEST_NAME), one_line(one.text, LONGEST_NAME)
        # Its number is not parted from what is counted
        return sentence.format(name, text, numbers.grouped(one.count)).replace(" ×", "\u00a0×")

    def _format_text(self) -> str:
        preview = self._preview
        if preview is None:
            return ""
        names = {"delimited": self.tr("text table"), "excel": self.tr("workbook")}
        parts = [
            names.get(preview.format) or FORMATS[preview.format].label,
            preview.options.encoding or "",
            preview.compression,
        ]
        return " · ".join(part for part in parts if part)

    def _summary_text(self) -> str:
        preview = self._preview
        if preview is None:
            return self.tr("The file cannot be shown.") if self._error is not None else ""
        rows, inputs = preview.row_count, preview.inputs
        counted = self.tr("{0} rows", "", rows) if preview.complete else self.tr("about {0} rows", "", rows)
        parts = [
            counted.format(numbers.grouped(rows)),
            self.tr("{0} inputs", "", inputs).format(numbers.grouped(inputs)),
        ]
        targets = [column for column in preview.columns if column.role == "target"]
        names = ", ".join(shown(column.name) for column in targets)
        if preview.kind is None:
            return " · ".join(parts)
        outputs = preview.outputs
        parts.append(self.tr("{0} outputs", "", outputs).format(numbers.grouped(outputs)))
        if preview.kind == "multilabel":
            parts.append(self.tr("labels, of which a row may have several: {0}").format(names))
        elif preview.kind == "regression":
            parts.append(self.tr("regression: {0}").format(names))
        else:
            levels = targets[0].levels
            count = 2 if preview.kind == "binary" else preview.outputs
            text = self.tr("{0}: classification into {1} classes", "", count).format(names, count)
            if levels:
                first = ", ".join(shown_names(levels[:NAMED_CLASSES]))
                text += f" ({first}{' …' if len(levels) > NAMED_CLASSES else ''})"
            parts.append(text)
        return " · ".join(parts)

    def _problems(self) -> list[EngineError]:
        found = self._preview.problems if self._preview is not None else ()
        return [problem for problem in (self._refusal, self._error, *found) if problem is not None]

    def _hindrances(self) -> list[EngineError]:
        """What loading would stumble over."""
        skips = self._given.skip_bad_rows
        found = self._preview.problems if self._preview is not None else ()
        return [problem for problem in found if not (skips and problem.kind in SKIPPABLE)]

    def _show_notes(self) -> None:
        self.notes.clear()
        skips = self._given.skip_bad_rows
        can_skip = False
        for problem in self._problems():
            skipped = problem.kind in SKIPPABLE
            can_skip |= skipped
            text = sentences(*localized(problem))
            if skipped and skips:
                self._add_note("⤼ " + localized(problem)[0], "muted", problem)
            else:
                self._add_note("✗ " + text, "bad", problem)
        for warning in self._preview.warnings if self._preview is not None else ():
            if warning.kind == "units_removed":
                continue  # which the cleaning says, and how often
            if warning.kind != "bad_rows_skipped" or skips:
                self._add_note("⚠ " + localized_warning(warning), "warning", warning)
        self._skip_bad.setChecked(skips)
        mark = "☑" if skips else "☐"
        self._skip_bad.setText(f"{mark} {self.tr('Leave out rows that cannot be read')}")
        self._skip_bad.setVisible(can_skip or skips)
        self._notes_box.setVisible(bool(self.notes.count()) or skips)
        self.notes.setVisible(bool(self.notes.count()))
        self._colour_notes()
        self._fit_notes()

    def _fit_notes(self) -> None:
        """Give the notes the height of their lines, as wide as they are now."""
        width, metrics = max(self.notes.viewport().width() - 12, 200), self.notes.fontMetrics()
        wrap = Qt.TextFlag.TextWordWrap
        height = 8
        for row in range(self.notes.count()):
            box = metrics.boundingRect(0, 0, width, 10_000, wrap, self.notes.item(row).text())
            height += box.height() + 3
        self.notes.setFixedHeight(min(height, px(NOTES_HEIGHT)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_notes()

    def _add_note(self, text: str, tone: str, about: EngineError | DataWarning) -> None:
        line, column = about.details.get("line"), about.details.get("column")
        item = QListWidgetItem(text)
        item.setData(PLACE, (line, column, tone))
        item.setToolTip(tooltip(text))
        self.notes.addItem(item)

    def _colour_notes(self) -> None:
        colours = {"bad": self._theme.bad, "warning": self._theme.warning, "muted": self._theme.muted}
        for row in range(self.notes.count()):
            item = self.notes.item(row)
            item.setForeground(QColor(colours[item.data(PLACE)[2]]))

    def _note_chosen(self, item: QListWidgetItem) -> None:
        line, column, _ = item.data(PLACE)
        if line is not None or column is not None:
            self.preview_table.show_place(line, column)

    def _show_state(self) -> None:
        loading = self._loading is not None
        for widget in (self.reading, self.form, self.columns, self._skip_bad):
            widget.setEnabled(not loading)
        self._progress.setVisible(loading)
        self._state.setText(self.tr("Reading") if loading else "")
        hindrances = self._hindrances()
        possible = self._preview is not None and self._preview.kind is not None and not hindrances
        self.import_button.setEnabled(possible and not self.busy)
        self.import_button.setToolTip(
            tooltip(
                sentences(*localized(hindrances[0]))
                if hindrances
                else self.tr(
                    "Read the whole file and train on it (Ctrl+Enter); Undo brings the old data back"
                )
            )
        )
        self.cancel_button.setText(self.tr("Cancel reading") if loading else self.tr("Cancel"))

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.preview_table.set_theme(theme)
        self.columns.set_theme(theme)
        self._colour_notes()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Open data set"))
        titles = (self.tr("Reading"), self.tr("Training"), self.tr("First rows"), self.tr("Columns"))
        for heading, title in zip(self._headings, titles, strict=True):
            heading.setText(title)
        self.reading.retranslate()
        self.form.retranslate()
        self._skip_bad.setToolTip(self.tr("They are counted and named by line, but not trained on"))
        self.import_button.setText(self.tr("Import"))
        for widget, name in (
            (self.preview_table, self.tr("First rows of the file")),
            (self.columns, self.tr("Columns of the file")),
            (self.notes, self.tr("Problems and warnings")),
            (self._progress, self.tr("Progress")),
            (self.import_button, self.tr("Import")),
            (self.cancel_button, self.tr("Cancel")),
            (self._skip_bad, self.tr("Leave out rows that cannot be read")),
        ):
            widget.setAccessibleName(name)
        self._show()


def _heading() -> QLabel:
    heading = Label()
    heading.setProperty("role", "heading")
    font = heading.font()
    font.setCapitalization(QFont.Capitalization.AllUppercase)
    font.setPointSizeF(font.pointSizeF() * 0.85)
    font.setBold(True)
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.6)
    heading.setFont(font)
    return heading


def _split_columns(preview: Preview) -> tuple[str, ...]:
    """Columns whose first rows say which rows are held out for validation."""
    found = []
    for place, column in enumerate(preview.columns):
        if column.role == "target" or (column.type == "number" and (column.low, column.high) != (0.0, 1.0)):
            continue
        cells = [row[place] for row in preview.rows if place < len(row)]
        if not cells:
            continue
        if column.type == "number":
            values = np.array([1.0 if cell.strip() in ("1", "1.0") else 0.0 for cell in cells])
            raw = RawColumn.of_numbers(column.name, values)
        elif column.type != "category" or len(column.levels) > 3:
            continue
        else:
            raw = RawColumn.of_texts(column.name, cells)
        if split_mask(raw) is not None:
            found.append(column.name)
    return tuple(found)
