"""The verdict in words: what is wrong first, which mistake it is and why, and both ways multiplied out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from engine.mistakes.catalogue import MISTAKES
from engine.mistakes.multiplied import Line, Multiplied
from gui.style.theme import LIGHT, Theme
from gui.text.numbers import agreeing, grouped, product, short, total
from gui.text.plain import Label, enumerated, sentences, tooltip
from gui.text.settings import word
from gui.training.own_numbers import Detail, Outcome
from gui.views.check_numbers.wording import (
    difference_text,
    evidence,
    layer_of,
    meaning,
    notes,
    place_text,
    symbol,
    taken_apart,
    unexplained,
    why,
)
from gui.widgets.focus_ring import FocusRing
from gui.widgets.table import Cell, Row, Table, number

MOST_TERMS = 10
"""Terms of a sum that are written out; of more, the first and the last ones."""


class CodeLine(QFrame):
    """A line of code on its ground; a frame, because a label with padding of its own is cut when it wraps."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._code = Label(self)
        self._code.setWordWrap(True)
        self._code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(self.font().pointSizeF())
        self._code.setFont(font)
        row = QVBoxLayout(self)
        row.setContentsMargins(11, 6, 8, 6)
        row.addWidget(self._code)

    def text(self) -> str:
        """The code."""
        return self._code.text()

    def setText(self, text: str) -> None:
        """Show this code."""
        self._code.setText(text)


class VerdictCard(QWidget):
    """All that is said of one check.

    Signals
    -------
    runs_wanted(tuple of str)
        See what these mistakes do to training.
    show_wanted()
        See the factor in the true pass.
    """

    runs_wanted = Signal(object)
    show_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("verdictCard")
        self._outcome: Outcome | None = None
        self._chosen = 0
        self._can_run = True
        self._build()
        self.set_theme(LIGHT)
        self._retranslate()

    # -- what it shows -----------------------------------------------------------------------------

    @property
    def detail(self) -> Detail | None:
        """The explanation that is told."""
        outcome = self._outcome
        if outcome is None or not outcome.details:
            return None
        return outcome.details[min(self._chosen, len(outcome.details) - 1)]

    @property
    def said(self) -> str:
        """All that is said, for tests and for who cannot see."""
        labels = [w for w in self._content.findChildren(Label) if w.isVisibleTo(self._content)]
        return "\n".join(filter(None, (label.text() for label in labels)))

    def show_outcome(self, outcome: Outcome | None) -> None:
        """Tell what came of a check; None while there is nothing."""
        self._outcome, self._chosen = outcome, 0
        self._tell()

    def set_running(self, running: bool) -> None:
        """Whether the two trainings are being made."""
        self._can_run = not running
        self._tell_buttons()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._effect.set_theme(theme)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    # -- building ----------------------------------------------------------------------------------

    def _label(self, name: str, *, bold: bool = False, scale: float = 1.0) -> Label:
        label = Label(self._content)
        label.setObjectName(name)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        font = label.font()
        font.setBold(bold)
        font.setPointSizeF(font.pointSizeF() * scale)
        label.setFont(font)
        return label

    def _heading(self) -> Label:
        label = self._label("", bold=True)
        label.setProperty("role", "heading")
        return label

    def _build(self) -> None:
        content = self._content = QWidget(self)
        content.setObjectName("verdictContent")
        self._build_head(content)
        self._build_evidence(content)
        self._stack(content)
        scroll = QScrollArea(self)
        scroll.setObjectName("verdictScroll")
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        self._runs, self._show = QPushButton(self), QPushButton(self)
        self._runs.setObjectName("verdictRuns")
        FocusRing(self._runs)
        self._show.setObjectName("verdictShow")
        self._runs.clicked.connect(self._want_runs)
        self._show.clicked.connect(self.show_wanted)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(14, 8, 14, 12)
        buttons.setSpacing(8)
        buttons.addWidget(self._runs, 1)
        buttons.addWidget(self._show)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addLayout(buttons)

    def _build_head(self, content: QWidget) -> None:
        """What is wrong, and which of the mistakes that give the same it may be."""
        head = self._head = QFrame(content)
        head.setObjectName("verdictHead")
        self._kind = self._label("verdictKind", bold=True)
        self._name = self._label("verdictName", bold=True, scale=1.15)
        self._meaning = self._label("verdictMeaning", bold=True)
        self._difference = self._label("verdictDifference")
        inside = QVBoxLayout(head)
        inside.setContentsMargins(12, 10, 12, 10)
        inside.setSpacing(5)
        for label in (self._kind, self._name, self._meaning, self._difference):
            inside.addWidget(label)

        self._alike = self._label("verdictAlike")
        self._which = QComboBox(content)
        self._which.setObjectName("verdictWhich")
        self._which.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._which.setMinimumContentsLength(12)
        self._which.activated.connect(self._choose)

    def _build_evidence(self, content: QWidget) -> None:
        """Why it is that one: the lines, the numbers, and what it does to training."""
        self._evidence_head, self._evidence = self._heading(), self._label("verdictEvidence")
        self._wrong_head, self._right_head = self._heading(), self._heading()
        self._wrong_line = CodeLine("verdictWrongLine", content)
        self._right_line = CodeLine("verdictRightLine", content)
        lines = self._lines = QWidget(content)
        grid = QGridLayout(lines)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(4)
        for row, (heading, line) in enumerate(
            ((self._wrong_head, self._wrong_line), (self._right_head, self._right_line))
        ):
            grid.addWidget(heading, 2 * row, 0)
            grid.addWidget(line, 2 * row + 1, 0)

        self._out_head = self._heading()
        self._formula = self._label("verdictFormula")
        self._true = self._label("verdictTrue")
        self._yours = self._label("verdictYours")
        self._effect_head = self._heading()
        self._effect = Table("lrrr", content)
        self._effect.setObjectName("verdictEffect")
        self._why_head, self._why = self._heading(), self._label("verdictWhy")
        self._notes_head, self._notes = self._heading(), self._label("verdictNotes")
        self._printed_head, self._printed = self._heading(), self._label("verdictPrinted")

    def _stack(self, content: QWidget) -> None:
        column = QVBoxLayout(content)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(6)
        column.addWidget(self._head)
        for widget, gap in (
            (self._alike, 6),
            (self._which, 0),
            (self._evidence_head, 8),
            (self._evidence, 0),
            (self._lines, 8),
            (self._out_head, 8),
            (self._formula, 0),
            (self._true, 0),
            (self._yours, 0),
            (self._effect_head, 8),
            (self._effect, 0),
            (self._why_head, 8),
            (self._why, 0),
            (self._notes_head, 8),
            (self._notes, 0),
            (self._printed_head, 8),
            (self._printed, 0),
        ):
            if gap:
                column.addSpacing(gap)
            column.addWidget(widget)
        column.addStretch(1)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Verdict"))
        self._evidence_head.setText(self.tr("Why it is this"))
        self._wrong_head.setText(self.tr("Your line, most likely"))
        self._right_head.setText(self.tr("The right line"))
        self._why_head.setText(self.tr("Why it happens"))
        self._notes_head.setText(self.tr("What this batch cannot tell"))
        self._printed_head.setText(self.tr("The program printed"))
        self._runs.setText(self.tr("See what it does to training"))
        self._runs.setToolTip(
            self.tr("Train two copies from here, one with the mistake planted; neither is kept")
        )
        self._show.setText(self.tr("Show me"))
        self._which.setAccessibleName(self.tr("Mistakes that give the same numbers"))
        self._tell()

    # -- telling -----------------------------------------------------------------------------------

    def _choose(self, index: int) -> None:
        self._chosen = index
        self._tell()

    def _want_runs(self) -> None:
        if self.detail is not None and self.detail.mistakes:
            self.runs_wanted.emit(self.detail.mistakes)

    def _tell(self) -> None:
        outcome, detail = self._outcome, self.detail
        wrong = outcome is not None and detail is not None
        self._tell_head(outcome, detail)
        mistakes = () if detail is None else detail.mistakes
        several = wrong and outcome is not None and len(outcome.result.mistakes) > 1
        self._alike.setVisible(several)
        self._which.setVisible(several)
        if several and outcome is not None:
            text = self.tr(
                "{count} known mistakes give exactly these numbers; what was given does not tell them apart."
            )
            self._alike.setText(text.format(count=grouped(len(outcome.result.mistakes))))
            with QSignalBlocker(self._which):
                self._which.clear()
                for each in outcome.details:
                    self._which.addItem(" + ".join(meaning(name) for name in each.mistakes))
                self._which.setCurrentIndex(min(self._chosen, len(outcome.details) - 1))
        for widget in (self._evidence_head, self._evidence, self._lines, self._why_head, self._why):
            widget.setVisible(bool(mistakes))
        if mistakes and outcome is not None:
            self._evidence.setText(evidence(outcome.verdict, mistakes, sum(outcome.counts)))
            rows = [MISTAKES[name] for name in mistakes]
            self._wrong_line.setText("\n\n".join(row.usual for row in rows))
            self._right_line.setText("\n\n".join(row.right for row in rows))
            self._why.setText("\n".join(why(name) for name in mistakes))
        self._tell_product(None if detail is None else detail.multiplied)
        self._tell_effect(outcome, detail)
        note = "" if outcome is None else notes(outcome.verdict)
        for widget in (self._notes_head, self._notes):
            widget.setVisible(bool(note))
        self._notes.setText(note)
        run = None if outcome is None else outcome.result.run
        printed = "" if run is None else run.output.strip()
        if run is not None and run.wrote:
            wrote = self.tr("It wrote {names} into its working folder, which is gone.")
            printed = "\n".join(filter(None, (printed, wrote.format(names=enumerated(run.wrote)))))
        for widget in (self._printed_head, self._printed):
            widget.setVisible(bool(printed))
        self._printed.setText(printed)
        self._tell_buttons()

    def _tell_buttons(self) -> None:
        detail = self.detail
        self._runs.setEnabled(self._can_run and detail is not None and bool(detail.mistakes))
        elsewhere = self._outcome is not None and self._outcome.is_own
        self._show.setEnabled(detail is not None and detail.multiplied is not None and not elsewhere)
        if elsewhere:
            tip = self.tr(
                "This step starts from data and weights of its own, which the main window does not have; a "
                "step that is checked against the one shown there can be walked through"
            )
        else:
            tip = self.tr("Go to this factor of the true pass in the main window")
        self._show.setToolTip(tooltip(tip))

    def _tell_head(self, outcome: Outcome | None, detail: Detail | None) -> None:
        state, kind, name, said, more = "open", "", "", "", ""
        if outcome is None:
            kind = self.tr("Nothing checked yet")
            said = self.tr(
                "Paste the numbers of your own step, drop a file, or type a few that you worked out by hand. "
                "What is first wrong is said here, and which mistake it is."
            )
        elif detail is None and outcome.verdict.agrees:
            state, kind = "right", self.tr("All of it agrees")
            said = self.tr("Numbers recomputed: {count}. Yours are the same, to the digits you gave.")
            said = said.format(count=grouped(outcome.counts[0]))
        elif detail is None:
            kind = self.tr("It cannot be known")
            unknown = enumerated(outcome.verdict.unknown)
            said = self.tr("Without the dropout masks these cannot be recomputed: {names}.").format(
                names=unknown
            )
            more = self.tr("Give mask1, … too: 1 for each unit that was kept, 0 for each that was dropped.")
        else:
            state, kind = "wrong", self.tr("First wrong quantity")
            first = outcome.verdict.first_wrong or ""
            layers = len(outcome.result.experiment.layers)
            name = f"{first}   {symbol(first)}   {layer_of(first, layers)}"
            difference = outcome.verdict.difference
            more = "" if difference is None else difference_text(difference)
            if not detail.mistakes:
                said = unexplained(outcome.verdict)
            elif len(detail.mistakes) == 1:
                said = meaning(detail.mistakes[0])
            else:
                said = "\n".join(f"{n}.  {meaning(each)}" for n, each in enumerate(detail.mistakes, 1))
                two = self.tr("Two mistakes at once:")
                said = f"{two}\n{said}"
        if self._head.property("state") != state:
            self._head.setProperty("state", state)
            for widget in (self._head, self._kind, self._name):
                widget.style().unpolish(widget)
                widget.style().polish(widget)
        if state != "wrong":  # only a mistake is said in bold
            said, more = "", sentences(said, more)
        for label, text in (
            (self._kind, kind),
            (self._name, name),
            (self._meaning, said),
            (self._difference, more),
        ):
            label.setText(text)
            label.setVisible(bool(text))

    # -- multiplied out ----------------------------------------------------------------------------

    def _tell_product(self, both: Multiplied | None) -> None:
        for widget in (self._out_head, self._formula, self._true, self._yours):
            widget.setVisible(both is not None)
        if both is None:
            return
        place = place_text(both.name, both.place)
        self._out_head.setText(self.tr("Multiplied out: {place}").format(place=place))
        self._formula.setText(self._formula_of(both))
        self._true.setText("✓ " + self.tr("true: {sum}").format(sum=written(both.right)))
        self._yours.setText("✗ " + self.tr("yours: {sum}").format(sum=self._of_yours(both)))

    def _of_yours(self, both: Multiplied) -> str:
        line = both.yours
        if line.how == "number":
            text = self.tr("{number}; how it came about is not known")
            return text.format(number=short(line.result))
        return written(line)

    def _formula_of(self, both: Multiplied) -> str:
        kind, layer = taken_apart(both.name)
        above, below, after = (
            symbol(f"{name}{n}") for name, n in (("delta", layer), ("a", layer - 1), ("W", layer))
        )
        batch = 0 if self._outcome is None else self._outcome.case.B
        if kind == "dW":
            below = "x" if layer == 1 else below
            return self.tr("the sum of {a} · {delta} over the {count} samples").format(
                a=below, delta=above, count=grouped(batch)
            )
        if kind == "db":
            return self.tr("the sum of {delta} over the {count} samples").format(
                delta=above, count=grouped(batch)
            )
        if kind == "delta":
            if self._outcome is not None and layer == self._outcome.case.L:
                return self.tr(
                    "the error, times the slope where the loss does not cancel it, times the batch's factor"
                )
            return self.tr("what comes down (∂L/∂a) · the slope f′(z)")
        if kind == "z":
            return self.tr("the sum of a · w over the units below, and b")
        if kind == "a":
            return "f(z)"
        if kind == "loss":
            return self.tr("the sum of the samples' losses, each with the batch's factor")
        return self.tr("{before} before − η · its update").format(
            before=after if kind == "W" else symbol(both.name)
        )

    # -- what an update does -----------------------------------------------------------------------

    def _tell_effect(self, outcome: Outcome | None, detail: Detail | None) -> None:
        found = None if detail is None else detail.effect
        for widget in (self._effect_head, self._effect):
            widget.setVisible(found is not None)
        if found is None or outcome is None:
            return
        text = self.tr("The loss of this batch, before and after one update (η = {rate})")
        self._effect_head.setText(text.format(rate=short(outcome.case.eta)))
        rows: list[Row] = [
            (
                Cell(name),
                number(found.before),
                number(after),
                number(after - found.before, "strong"),
            )
            for name, after in ((self.tr("right"), found.right), (self.tr("yours"), found.other))
        ]
        titles = ("", self.tr("before"), self.tr("after"), self.tr("change"))
        self._effect.forget_widths()
        self._effect.set_rows(rows, header=tuple(Cell(title, role="muted") for title in titles))
        self._effect.setAccessibleName(
            sentences(self._effect_head.text(), word(outcome.result.experiment.loss.name))
        )


def written(line: Line) -> str:
    """A line with its numbers, which come out in their own digits."""
    if line.how == "number":
        return short(line.result)
    if line.how == "function":
        return f"f({short(line.terms[0])}) = {short(line.result)}"
    if line.how == "update":
        found = agreeing(lambda w, rate, u: w - rate * u, line.terms, line.result)
        w, rate, u = found.terms
        return f"{w} − {rate} · {_bracketed(u)} = {found.result}"
    if line.how == "ratio":
        value, ratio = line.terms
        inverse = 1.0 / ratio if ratio else 0.0
        whole = round(inverse)
        if whole > 1 and abs(inverse - whole) < 1e-3 * whole:
            found = agreeing(lambda a, b: a / b, (value, float(whole)), line.result)
            return f"{found.terms[0]} / {grouped(whole)} = {found.result}"
        found = agreeing(product, (value, ratio), line.result)
        return f"{found.terms[0]} · {_bracketed(found.terms[1])} = {found.result}"
    if line.how == "product":
        found = agreeing(product, line.terms, line.result)
        first, *others = found.terms
        return " · ".join([first, *map(_bracketed, others)]) + f" = {found.result}"
    if len(line.terms) > MOST_TERMS:
        shown = [short(term) for term in line.terms]
        head, tail = shown[: MOST_TERMS - 2], shown[-2:]
        return f"{_summed(head)} + … + {_summed(tail)} = {short(line.result)}"
    found = agreeing(total, line.terms, line.result)
    return f"{_summed(found.terms)} = {found.result}"


def _summed(terms: Sequence[str]) -> str:
    text = terms[0]
    for term in terms[1:]:
        text += f" − {term[1:]}" if term.startswith("−") else f" + {term}"
    return text


def _bracketed(term: str) -> str:
    return f"({term})" if term.startswith("−") else term
