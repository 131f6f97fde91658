"""Check my numbers: somebody's own step beside the true one, and which mistake is in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QShortcut,
    QShowEvent,
    QTextCursor,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.arrays import BoolArray, FloatArray
from engine.errors import EngineError
from engine.mistakes.arranging import Orientation
from engine.mistakes.reading import Entry
from engine.mistakes.replayed import TwoRuns
from engine.mistakes.verdict import Quantity, Verdict
from engine.parts import Part
from gui.document.focus import Focus
from gui.style.fonts import open_at, px
from gui.style.theme import LIGHT, Theme
from gui.text.errors import localized
from gui.text.numbers import grouped, short
from gui.text.parts import shown
from gui.text.plain import Label, enumerated, sentences
from gui.training.messages import Frame, Status
from gui.training.own_numbers import Outcome
from gui.views.check_numbers.card import VerdictCard
from gui.views.check_numbers.curves import TwoCurves
from gui.views.check_numbers.legend import RingLegend
from gui.views.check_numbers.names_table import NamesTable
from gui.views.check_numbers.numbers_table import Number, NumbersTable
from gui.views.check_numbers.ratios import RatioPlot
from gui.views.check_numbers.ribbon import CheckRibbon
from gui.views.check_numbers.typed_table import TypedTable
from gui.views.check_numbers.wording import part_of, sample_of, shown_by, summary, symbol
from gui.views.network import NetworkView
from gui.views.network.quantities import Quantity as Lines
from gui.views.network.rings import MOST_CHIPS, MOST_MARKS, Ring, RingKind
from gui.widgets.message_bar import MessageBar, Tone
from gui.widgets.sideways import Sideways

LARGEST_TEXT = 200_000
"""Characters of a pasted text that are shown, to be mended; a longer one is only read."""

RESULT, TEXT, NAMES, BY_HAND = range(4)


class CheckNumbersView(QWidget):
    """The page; a window of its own, for what it shows is a frozen copy while training goes on.

    Signals
    -------
    text_given(str), file_given(Path), file_wanted()
        Numbers, or a program.
    typed(tuple of Entry, dict of str to str)
        Numbers that were worked out by hand; none when there are none any more, or one cannot be read.
    corrected(dict of str to str or None, Orientation or None)
        What the arrays are, in place of the guess.
    runs_wanted(tuple of str), show_wanted(Part, Phase, int or None)
        See what mistakes do to training; see a factor of the true pass, of a sample.
    case_wanted(), cancel_requested()
    """

    text_given = Signal(str)
    file_given = Signal(object)
    file_wanted = Signal()
    typed = Signal(object, object)
    corrected = Signal(object, object)
    runs_wanted = Signal(object)
    show_wanted = Signal(object, object, object)
    case_wanted = Signal()
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("checkNumbersView")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        open_at(self, 1280, 800)
        self._frame: Frame | None = None
        self._against: Frame | None = None
        self._outcome: Outcome | None = None
        self._build()
        self.set_theme(LIGHT)
        self._retranslate()

    # -- what it shows -----------------------------------------------------------------------------

    @property
    def against(self) -> Frame | None:
        """The step that numbers are checked against, as it was when they were given."""
        return self._against

    @property
    def frame(self) -> Frame | None:
        """The latest step."""
        return self._frame

    @property
    def outcome(self) -> Outcome | None:
        """What is shown."""
        return self._outcome

    @property
    def card(self) -> VerdictCard:
        """What is said of it."""
        return self._card

    @property
    def table(self) -> NumbersTable:
        """The numbers beside the true ones."""
        return self._table

    @property
    def names(self) -> NamesTable:
        """What each array was taken for."""
        return self._names

    @property
    def by_hand(self) -> TypedTable:
        """Where single numbers are typed."""
        return self._typed

    @property
    def network(self) -> NetworkView:
        """The graph."""
        return self._network

    @property
    def ribbon(self) -> CheckRibbon:
        """The phases."""
        return self._ribbon

    @property
    def curves(self) -> TwoCurves:
        """The two trainings."""
        return self._curves

    @property
    def message(self) -> MessageBar:
        """What went wrong with reading, and what is being done."""
        return self._message

    @property
    def moment(self) -> str:
        """What is said of which step it is."""
        return self._moment.text()

    def show_frame(self, frame: Frame) -> None:
        """Keep the latest step; it is drawn until there is something to check against."""
        self._frame = frame
        if self._against is None and self.isVisible() and frame.status is not Status.RUNNING:
            self._show_step()

    def forget(self) -> None:
        """The network is another one now; what was checked stays to be read, frozen as it is."""
        self._frame = None
        if self._outcome is None:
            self._against = None

    def freeze(self) -> Frame | None:
        """Take the step that is shown now to check against."""
        self._against = self._frame
        return self._against

    def show_outcome(
        self,
        outcome: Outcome,
        entries: Sequence[Entry],
        roles: dict[str, str | None],
        layout: Orientation | None,
    ) -> None:
        """Show what came of a check."""
        self._outcome = outcome
        verdict = outcome.verdict
        arranged = outcome.checked.arranged
        half = outcome.half
        self._table.numbers.show(verdict.quantities, verdict.first_wrong, half)
        layers = len(outcome.result.experiment.layers)
        self._names.show_entries(entries, roles, layers, arranged, layout)
        self._ratios.show_quantities(verdict.quantities, verdict.first_wrong, half)
        self._card.show_outcome(outcome)
        self._ribbon.show_verdict(layers, verdict)
        self._draw(outcome)
        self._curves.show_runs(None, 0)
        self._lower.setCurrentIndex(0)
        self._bars.setCurrentIndex(0)
        self._bars.setTabEnabled(1, False)
        if self._tabs.currentIndex() in (TEXT, NAMES):
            self._tabs.setCurrentIndex(RESULT)
        self._message.hide()
        first = verdict.first_wrong
        if first is not None and (worst := verdict[first].worst) is not None:
            self._table.choose(Number(first, worst))
        self._say()

    def show_error(
        self, error: EngineError, entries: Sequence[Entry] = (), roles: dict[str, str | None] | None = None
    ) -> None:
        """Say why numbers could not be checked, and show the place."""
        self._message.say(Tone.ERROR, *localized(error))
        if entries and roles is not None and self._against is not None:
            self._names.show_entries(entries, roles, len(self._against.record.z), None)
            self._tabs.setCurrentIndex(NAMES)
            return
        line = error.details.get("line")
        if (
            isinstance(line, int)
            and 0 < line <= self._text.document().blockCount()
            and self._text.toPlainText()
        ):
            self._tabs.setCurrentIndex(TEXT)
            cursor = QTextCursor(self._text.document().findBlockByNumber(line - 1))
            cursor.select(QTextCursor.SelectionType.LineUnderCursor)
            self._text.setTextCursor(cursor)

    def refuse(
        self, error: EngineError, entries: Sequence[Entry] = (), roles: dict[str, str | None] | None = None
    ) -> None:
        """Say why numbers could not be checked; what was said of those before them is not said of these."""
        self.forget_outcome()
        if not entries:
            self._against = None
        self._show_step()
        self.show_error(error, entries, roles)

    def forget_outcome(self) -> None:
        """Nothing is said of any numbers any more."""
        if self._outcome is None:
            return
        layers = len(self._outcome.result.experiment.layers)
        self._outcome = None
        self._card.show_outcome(None)
        self._table.numbers.show((), None, {})
        self._ratios.show_quantities((), None, {})
        self._network.set_rings(())
        self._ribbon.show_verdict(layers, None)
        self._legend.set_sealed(True)
        self._legend.set_note("")
        self._curves.show_runs(None, 0)
        self._bars.setCurrentIndex(0)
        self._bars.setTabEnabled(1, False)
        self._say()

    def offer_program(self, name: str, run: Callable[[], object], seconds: float, memory: str) -> None:
        """Say that this is a program and what running it would mean; it is not run yet."""
        text = self.tr(
            "{name} is a program. It has not been run. To check it, it would be run in a process of its own, "
            "in an empty folder, without your environment's secrets, for at most {seconds} s and {memory}. "
            "Run only what you trust."
        )
        shown_name = shown(name) if name else self.tr("The pasted text")
        text = text.format(name=shown_name, seconds=short(seconds), memory=memory)
        self._message.say(Tone.WARNING, text, offer=(self.tr("Run it"), run))

    def show_runs(self, runs: TwoRuns) -> None:
        """Show what a mistake does to training."""
        assert self._outcome is not None
        self._curves.show_runs(runs, self._outcome.frame.record.step - 1)
        self._bars.setTabEnabled(1, True)
        self._bars.setCurrentIndex(1)
        self._card.set_running(False)

    def set_busy(self, label: str, share: float) -> None:
        """Show that something is being done."""
        self._message.show_progress(label, share)

    def set_idle(self) -> None:
        """Nothing is being done any more."""
        self._message.hide_progress()
        self._card.set_running(False)

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        for widget in (
            self._table,
            self._typed,
            self._ratios,
            self._curves,
            self._card,
            self._network,
            self._ribbon,
            self._legend,
        ):
            widget.set_theme(theme)
        self._say()

    # -- Qt's events -------------------------------------------------------------------------------

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.cancel_requested.emit()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasText() or any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = [url for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        if urls:
            self.file_given.emit(Path(urls[0].toLocalFile()))
        else:
            self.give_text(event.mimeData().text())

    # -- building ----------------------------------------------------------------------------------

    def _build(self) -> None:
        left, centre = self._build_left(), self._build_centre()
        self._card = VerdictCard(self)
        self._card.runs_wanted.connect(self._want_runs)
        self._card.show_wanted.connect(self._show_me)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setObjectName("checkNumbersSplitter")
        for part in (left, centre, self._card):
            splitter.addWidget(part)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([412, 536, 332])
        splitter.setChildrenCollapsible(False)
        left.setMinimumWidth(px(340))
        self._card.setMinimumWidth(px(302))
        self._message = MessageBar()
        self._message.cancel_requested.connect(self.cancel_requested)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._message)
        whole.addWidget(Sideways(splitter, self), 1)

    def _build_left(self) -> QWidget:
        """What was given, and how it compares, number by number."""
        self._build_head()
        self._build_tabs()
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        for button in (self._paste, self._open, self._more):
            head.addWidget(button)
        left = QWidget(self)
        left.setObjectName("checkNumbersLeft")
        column = QVBoxLayout(left)
        column.setContentsMargins(12, 10, 8, 8)
        column.addLayout(head)
        column.addWidget(self._moment)
        column.addWidget(self._tabs, 1)
        return left

    def _build_head(self) -> None:
        self._title = Label(self)
        font = self._title.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.15)
        self._title.setFont(font)
        self._paste, self._open = QPushButton(self), QPushButton(self)
        self._paste.setObjectName("pasteNumbersButton")
        self._open.setObjectName("openNumbersButton")
        self._paste.clicked.connect(self.paste)
        self._open.clicked.connect(self.file_wanted)
        self._more = QToolButton(self)
        self._more.setObjectName("moreNumbersButton")
        self._more.setText("⋯")
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self._more)
        self._case_action = menu.addAction("", self.case_wanted.emit)
        self._case_action.setObjectName("giveCaseAction")
        self._again_action = menu.addAction("", self._check_again)
        self._again_action.setObjectName("checkAgainAction")
        self._more.setMenu(menu)
        shortcut = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        shortcut.activated.connect(self.paste)
        self._moment = Label(self)
        self._moment.setObjectName("checkNumbersMoment")
        self._moment.setWordWrap(True)

    def _build_tabs(self) -> None:
        self._table = NumbersTable(self)
        self._table.chosen.connect(self._go_to)
        self._summary = Label(self)
        self._summary.setObjectName("checkNumbersSummary")
        result = QWidget(self)
        column = QVBoxLayout(result)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(self._table, 1)
        column.addWidget(self._summary)
        self._text = QPlainTextEdit(self)
        self._text.setObjectName("checkNumbersText")
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._check_text = QPushButton(self)
        self._check_text.setObjectName("checkTextButton")
        self._check_text.clicked.connect(lambda: self._give(self._text.toPlainText()))
        text = QWidget(self)
        column = QVBoxLayout(text)
        column.setContentsMargins(0, 6, 0, 0)
        column.addWidget(self._text, 1)
        column.addWidget(self._check_text)
        self._names = NamesTable(self)
        self._names.corrected.connect(self.corrected)
        self._typed = TypedTable(self)
        self._typed.typed.connect(self._on_typed)
        self._tabs = QTabWidget(self)
        self._tabs.setObjectName("checkNumbersTabs")
        self._tabs.setDocumentMode(True)
        for page in (result, text, self._names, self._typed):
            self._tabs.addTab(page, "")
        self._tabs.currentChanged.connect(self._tab_changed)

    def _build_centre(self) -> QSplitter:
        """The network that was checked, and under it the numbers against the true ones."""
        self._ribbon = CheckRibbon(self)
        self._focus = Focus(self)  # of the step that is checked, which need not be that of the training
        self._focus.part_changed.connect(self._part_selected)
        self._network = NetworkView(self._focus, self, read_only=True)
        self._network.set_animated(False)
        self._legend = RingLegend(self)
        self._legend.set_sealed(True)
        self._ratios = RatioPlot(self)
        self._curves = TwoCurves(self)
        self._bars = QTabBar(self)
        self._bars.setObjectName("checkNumbersBars")
        self._bars.setDrawBase(False)
        self._bars.addTab("")
        self._bars.addTab("")
        self._bars.setTabEnabled(1, False)
        self._lower = QStackedWidget(self)
        self._lower.addWidget(self._ratios)
        self._lower.addWidget(self._curves)
        self._bars.currentChanged.connect(self._lower.setCurrentIndex)
        self._lower.setMinimumHeight(px(118))
        upper = QWidget(self)
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget, stretch in ((self._ribbon, 0), (self._network, 1), (self._legend, 0)):
            column.addWidget(widget, stretch)
        lower = QWidget(self)
        column = QVBoxLayout(lower)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bars)
        column.addWidget(self._lower, 1)
        centre = QSplitter(Qt.Orientation.Vertical, self)
        centre.setObjectName("checkNumbersCentre")
        centre.addWidget(upper)
        centre.addWidget(lower)
        centre.setStretchFactor(0, 1)
        centre.setSizes([560, 170])
        centre.setChildrenCollapsible(False)
        return centre

    def _retranslate(self) -> None:
        title = self.tr("Check my numbers")
        self.setAccessibleName(title)
        self.setWindowTitle(title)
        self._title.setText(title)
        self._paste.setText(self.tr("Paste"))
        self._paste.setToolTip(self.tr("Check the numbers on the clipboard (Ctrl+V); nothing is executed"))
        self._open.setText(self.tr("Open…"))
        self._open.setToolTip(
            self.tr("Check a file: NPZ, JSON, CSV or text; of a program you are asked first")
        )
        self._more.setAccessibleName(self.tr("More"))
        self._more.setToolTip(self.tr("More"))
        self._case_action.setText(self.tr("Give me a test case…"))
        self._again_action.setText(self.tr("Check against the step shown now"))
        self._check_text.setText(self.tr("Check this text"))
        self._text.setAccessibleName(self.tr("Pasted text"))
        self._text.setPlaceholderText(
            "dW2 = [[0.0215, 0.0197],\n       [0.0044, 0.0039]]\ndb2 = [0.0351, 0.0138]\n…"
        )
        for index, name in enumerate(
            (self.tr("Result"), self.tr("Text"), self.tr("Names"), self.tr("By hand"))
        ):
            self._tabs.setTabText(index, name)
        self._bars.setTabText(0, self.tr("true ÷ yours"))
        self._bars.setTabText(1, self.tr("What it does to training"))
        self._say()

    # -- what is said ------------------------------------------------------------------------------

    def _say(self) -> None:
        outcome, frame = self._outcome, self._against or self._frame
        if outcome is not None and outcome.calls[0]:
            text = self.tr("Your step was called with {count} batches; right: {right}.", "", outcome.calls[0])
            if outcome.is_own:
                other = self.tr("This is one that was made to tell mistakes apart.")
            else:
                other = self.tr("This is the one of step {step}, as it was shown.")
            text = sentences(text, other.format(step=grouped(outcome.frame.record.step)))
            text = text.format(count=outcome.calls[0], right=outcome.calls[1])
        elif outcome is not None and outcome.is_own:
            text = self.tr("Checked against the true step from your own X, T, W and b.")
        elif outcome is not None:
            record = outcome.frame.record
            text = self.tr(
                "Checked against step {step}, a batch of {batch}, as it was shown; it is frozen here."
            )
            text = text.format(step=grouped(record.step), batch=grouped(record.batch))
        elif frame is not None:
            record = frame.record
            text = self.tr("Yours will be checked against step {step}, a batch of {batch}.")
            text = text.format(step=grouped(record.step), batch=grouped(record.batch))
        else:
            text = ""
        name = "" if outcome is None or not outcome.source else shown(outcome.source) + ": "
        arranged = None if outcome is None else outcome.checked.arranged
        if arranged is not None and (
            any(arranged.layout) or arranged.added or arranged.unscaled or not arranged.sure
        ):
            text = sentences(text, self._names.note)  # what is shown as theirs was turned round for that
        self._moment.setText(name + text)
        self._summary.setText("   ".join(summary(*outcome.counts)) if outcome is not None else "")
        self._again_action.setEnabled(outcome is not None and self._frame is not None)

    def _show_step(self) -> None:
        """Draw the step that numbers will be checked against."""
        frame = self._against or self._frame
        if frame is None:
            return
        self._focus.show_frame(frame)
        self._network.show_frame(frame)
        self._typed.show_frame(frame)
        self._ribbon.show_verdict(len(frame.record.z), None)
        self._say()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._against is None:
            self._show_step()

    # -- the graph ---------------------------------------------------------------------------------

    def _draw(self, outcome: Outcome) -> None:
        rings, kinds = rings_of(outcome.verdict, outcome.frame.record.sizes, outcome.half)
        self._network.set_quantity(Lines.GRADIENTS if "dW" in kinds else Lines.WEIGHTS)
        self._focus.show_frame(outcome.frame)
        self._network.show_frame(outcome.frame)
        self._network.set_rings(rings)
        self._typed.show_frame(outcome.frame)
        shown_kinds = enumerated([symbol(kind) for kind in kinds])
        text = self.tr("Rings: yours ({what}). Circles: the true values of one sample.")
        self._legend.set_note(text.format(what=shown_kinds) if kinds else "")
        self._legend.set_sealed(False)

    def _go_to(self, number: Number) -> None:
        sample = sample_of(number.name, number.place)
        if sample is not None:
            self._focus.show_sample(sample)
        self._focus.select(part_of(number.name, number.place))

    def _part_selected(self, part: Part | None) -> None:
        """Go to the number in the table that belongs to a part of the graph."""
        outcome = self._outcome
        if outcome is None or part is None:
            return
        here = self._table.numbers.number_at(self._table.currentIndex().row())
        if here is not None and part_of(here.name, here.place) == part:
            return
        for quantity in reversed(outcome.verdict.quantities):
            number = _number_of(quantity, part, self._focus.sample)
            if number is not None and self._table.numbers.row_of(number) is not None:
                self._table.choose(number)
                return

    # -- the user's doing --------------------------------------------------------------------------

    def paste(self) -> None:
        """Check what is on the clipboard."""
        self.give_text(QGuiApplication.clipboard().text())

    def give_text(self, text: str) -> None:
        """Check a text, and keep it to be looked at."""
        if not text.strip():
            self._message.say(
                Tone.WARNING,
                self.tr("There is no text on the clipboard."),
                self.tr("Copy your numbers first."),
            )
            return
        if len(text) <= LARGEST_TEXT:
            self._text.setPlainText(text)
        else:
            self._text.clear()
        self._give(text)

    def _give(self, text: str) -> None:
        if text.strip():
            self.text_given.emit(text)

    def _on_typed(self, entries: object, roles: object) -> None:
        self.typed.emit(entries, roles)

    def _check_again(self) -> None:
        self.forget_outcome()
        self._against = None
        self._show_step()
        if self._text.toPlainText().strip():
            self._give(self._text.toPlainText())

    def _want_runs(self, mistakes: object) -> None:
        self._card.set_running(True)
        self.runs_wanted.emit(mistakes)

    def _show_me(self) -> None:
        outcome, detail = self._outcome, self._card.detail
        if outcome is None or detail is None or detail.multiplied is None:
            return
        both = detail.multiplied
        elementwise = [layer.activation.elementwise for layer in outcome.result.experiment.layers]
        part, phase = shown_by(both.name, both.place, detail.mistakes, elementwise)
        self.show_wanted.emit(part, phase, sample_of(both.name, both.place))

    def _tab_changed(self, index: int) -> None:
        if index == BY_HAND:
            frame = self._against or self._frame
            if frame is not None and (self._outcome is None or not self._outcome.is_own):
                self._typed.show_frame(frame)

    def say_written(self, names: Sequence[str], offer: tuple[str, Callable[[], object]] | None) -> None:
        """Say which files a test case is made of."""
        text = self.tr("Written: {names}. Fill in check_me.py, and run: backprop-lab check check_me.py")
        self._message.say(Tone.INFO, text.format(names=enumerated(names)), offer=offer)


def _number_of(quantity: Quantity, part: Part, sample: int) -> Number | None:
    kind = quantity.name.rstrip("0123456789")
    if part.kind == "loss":
        return Number(quantity.name, ()) if kind == "loss" else None
    if not quantity.name.endswith(str(part.layer)) or kind == "loss":
        return None
    if quantity.name != f"{kind}{part.layer}":
        return None
    if part.kind == "weight" and kind in ("dW", "W"):
        return Number(quantity.name, (part.source, part.unit))
    if part.kind == "bias" and kind in ("db", "b"):
        return Number(quantity.name, (part.unit,))
    if part.kind == "unit" and kind in ("z", "a", "delta"):
        return Number(quantity.name, (sample, part.unit))
    return None


def rings_of(
    verdict: Verdict, sizes: Sequence[int], half: Mapping[str, FloatArray] | None = None
) -> tuple[list[Ring], tuple[str, ...]]:
    """The rings of a check, and the kinds of the numbers in them; `half` is infinite where none was given.

    A weight has that of its gradient, or of its value after the step if that is all that was given, or
    where it goes wrong; a unit the worst of what was given of it.
    """
    known = {
        q.name: np.isfinite((half or {}).get(q.name, np.zeros(q.given.shape))) for q in verdict.quantities
    }
    given = {name.rstrip("0123456789") for name in known}
    updates = (verdict.first_wrong or "")[:1] in ("W", "b")
    edges = "dW" if "dW" in given and not updates else "W"
    squares = "db" if "db" in given and not updates else "b"
    rings: list[Ring] = []
    for quantity in verdict.quantities:
        kind = quantity.name.rstrip("0123456789")
        layer = int(quantity.name[len(kind) :] or 0)
        if (
            kind not in (edges, squares)
            or quantity.expected is None
            or quantity.wrong.shape != quantity.given.shape
        ):
            continue
        for place in _most(quantity.wrong, known[quantity.name]):
            part = (
                Part("weight", layer, int(place[1]), int(place[0]))
                if kind in ("dW", "W")
                else Part("bias", layer, int(place[0]))
            )
            rings.append(
                Ring(
                    part,
                    _ring_kind(quantity, bool(quantity.wrong[place]), verdict),
                    short(float(quantity.given[place])),
                    tuple(short(float(quantity.given[place]), digits) for digits in (3, 2)),
                )
            )
    rings += _of_units(verdict, known)
    rings += _not_given(known, edges, squares, sizes)
    shown_kinds = tuple(kind for kind in (edges, squares) if kind in given)
    return rings, shown_kinds


def _not_given(known: Mapping[str, BoolArray], edges: str, squares: str, sizes: Sequence[int]) -> list[Ring]:
    """Rings around what was not given, in a network that is small enough for them."""
    if sum(below * units for below, units in pairwise(sizes)) > MOST_CHIPS:
        return []
    parts: list[Part] = []
    for layer, (below, units) in enumerate(pairwise(sizes), 1):
        weights = known.get(f"{edges}{layer}", np.zeros((below, units), bool))
        biases = known.get(f"{squares}{layer}", np.zeros(units, bool))
        if weights.shape == (below, units):
            parts += [Part("weight", layer, int(unit), int(source)) for source, unit in np.argwhere(~weights)]
        if biases.shape == (units,):
            parts += [Part("bias", layer, int(unit)) for unit in np.flatnonzero(~biases)]
    return [Ring(part, RingKind.ABSENT) for part in parts]


def _most(wrong: BoolArray, known: BoolArray) -> list[tuple[int, ...]]:
    """The places that get a ring: the wrong ones first, and none of those that were not given."""
    order = np.argsort(~wrong.ravel(), kind="stable")
    order = order[known.ravel()[order]][:MOST_MARKS]
    return [tuple(int(i) for i in np.unravel_index(int(flat), wrong.shape)) for flat in order]


def _ring_kind(quantity: Quantity, wrong: bool, verdict: Verdict) -> RingKind:
    if not wrong:
        return RingKind.AGREES
    return RingKind.FIRST if quantity.name == verdict.first_wrong else RingKind.LATER


def _of_units(verdict: Verdict, known: Mapping[str, BoolArray]) -> list[Ring]:
    worst: dict[Part, RingKind] = {}
    order = list(RingKind)
    for quantity in verdict.quantities:
        kind = quantity.name.rstrip("0123456789")
        if kind not in ("z", "a", "delta") or quantity.agrees is None or quantity.given.ndim != 2:
            continue
        layer = int(quantity.name[len(kind) :])
        for unit in np.flatnonzero(known[quantity.name].any(axis=0)).tolist():
            wrong = bool(quantity.wrong[:, unit].any())
            part, found = Part("unit", layer, unit), _ring_kind(quantity, wrong, verdict)
            if part not in worst or order.index(found) < order.index(worst[part]):
                worst[part] = found
    return [Ring(part, kind) for part, kind in worst.items()][:MOST_MARKS]
