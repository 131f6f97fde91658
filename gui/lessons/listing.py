"""One call of the article's listing beside gradient descent: three differences, each with its numbers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.explain.listing import Comparison, can_compare, compare
from engine.explain.symbols import DELTA, plain
from engine.parts import Part
from engine.phases import Revealed
from gui.document.focus import Focus
from gui.lessons.cards import ShowCard
from gui.style.theme import LIGHT, Theme
from gui.text.numbers import grouped, short
from gui.text.plain import Label, sentences
from gui.text.settings import word
from gui.training.messages import Frame
from gui.widgets.table import Cell, Row, Table, number

MOST_ROWS = 24
"""Rows of a table; what more there are is only counted."""


class _Difference(QWidget):
    """A heading, what is different and why it matters, and the numbers."""

    def __init__(self, name: str, columns: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.heading, self.text = Label(self), Label(self)
        self.heading.setObjectName(f"{name}Heading")
        self.text.setObjectName(f"{name}Text")
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        for label in (self.heading, self.text):
            label.setWordWrap(True)
        font = self.heading.font()
        font.setBold(True)
        self.heading.setFont(font)
        self.table = Table(columns, self, selectable=columns.startswith("l"))
        self.table.setObjectName(f"{name}Table")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (self.heading, self.text, self.table):
            column.addWidget(widget)


class Listing(QWidget):
    """The step that is shown, made again as the article's listing makes it, beside gradient descent.

    Parameters
    ----------
    focus : Focus
        A click on a row selects what it is about.
    """

    def __init__(self, focus: Focus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.focus = focus
        self.setObjectName("lessonListing")
        self._frame: Frame | None = None
        self._comparison: Comparison | None = None
        self._compared: object = None
        self._places: list[tuple[int, int, int]] = []
        self._parameters: list[Part] = []
        self._build()
        self.set_theme(LIGHT)
        self._retranslate()

    # -- what it shows -----------------------------------------------------------------------------

    @property
    def comparison(self) -> Comparison | None:
        """The step in both ways; None if the network shown has nothing to compare."""
        return self._comparison

    def show_frame(self, frame: Frame) -> None:
        """Compare the step of this frame."""
        self._frame = frame
        self._redraw()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        for table in self.findChildren(Table):
            table.set_theme(theme)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    # -- building ----------------------------------------------------------------------------------

    def _build(self) -> None:
        self._note = Label(self)
        self._note.setObjectName("lessonNote")
        self._note.setWordWrap(True)
        self._delta = _Difference("lessonDelta", "lrrr", self)
        self._bias = _Difference("lessonBias", "lrrr", self)
        self._drawn = _Difference("lessonDrawn", "lrr", self)
        self._delta.table.row_chosen.connect(self._choose_delta)
        self._bias.table.row_chosen.connect(self._choose_parameter)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(12)
        for widget in (self._note, self._delta, self._bias, self._drawn):
            whole.addWidget(widget)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Listing"))
        self._delta.heading.setText(self.tr("1  The hidden layer sees weights that are new already"))
        self._bias.heading.setText(self.tr("2  Weights take the sum, biases the mean"))
        self._drawn.heading.setText(self.tr("3  Every call draws the parameters anew"))
        for difference in (self._delta, self._bias, self._drawn):
            difference.table.setAccessibleName(difference.heading.text())
        self._redraw()

    # -- drawing -----------------------------------------------------------------------------------

    def _redraw(self) -> None:
        frame = self._frame
        compares = frame is not None and can_compare(frame.experiment, frame.record)
        self.setVisible(compares)
        if frame is None or not compares:
            self._comparison = None
            return
        if self._compared is not frame.record:  # the phases of a step share its record
            self._compared = frame.record
            self._comparison = compare(frame.experiment, frame.record)
        assert self._comparison is not None
        revealed = Revealed.by(frame.phase, len(frame.record.z))
        one_sample = frame.phase is not None and frame.phase.sample is not None
        self._note.setText(self._said(frame))
        self._show_delta(self._comparison, revealed.backward)
        self._show_biases(self._comparison, not one_sample and revealed.backward <= len(frame.record.z))
        self._show_losses(self._comparison, revealed)

    def _said(self, frame: Frame) -> str:
        """What L is here, and what else the network may take."""
        if frame.experiment.loss.name == "squared_error":
            note = self.tr(
                "Step by step the listing looks like gradient descent on L = ½ Σ (a − t)², summed over the "
                "batch. In three things it is not. All numbers here are gradients of L; the listing works "
                "with t − a and adds, which comes to the same."
            )
        else:
            note = self.tr(
                "Step by step the listing looks like gradient descent on L, the loss ({loss}) summed over "
                "the batch. In three things it is not. All numbers here are gradients of that L."
            ).format(loss=word(frame.experiment.loss.name))
        batch = frame.record.batch
        if frame.experiment.reduction == "mean" and batch > 1:
            mean = self.tr(
                "The network itself takes the mean over its {batch} samples: elsewhere in this window loss, "
                "δ and gradients are 1/{batch} of these."
            )
            note = sentences(note, mean.format(batch=batch))
        return note

    def _show_delta(self, both: Comparison, backward: int) -> None:
        """Show delta of the hidden layers, for each sample and unit in both ways."""
        last = len(both.true.z)
        old, new = both.true.weights_before[last - 1][0, 0], both.new_weights(last)[0, 0]
        weight, above = plain("w", last, 0, 0), plain(DELTA, last)
        moved = f"{weight}: {short(old)} → {short(new)}" if backward <= last else weight
        self._delta.text.setText(
            self.tr(
                "The listing updates the output layer first and then takes {delta} back through the new "
                "weights ({moved}). But the outputs were made by the old ones: the chain rule asks how the "
                "loss of this forward pass changes with the hidden units, and there w is what it was. With "
                "new weights the hidden delta is the gradient of no loss, and can even change its sign (±)."
            ).format(delta=above, moved=moved)
        )
        self._places = [
            (layer, sample, unit)
            for layer in reversed(both.hidden_layers)
            for sample in range(both.true.batch)
            for unit in range(both.true.sizes[layer])
        ]
        rows: list[Row] = []
        for layer, sample, unit in self._places[:MOST_ROWS]:
            known = backward <= layer
            listing, true = (float(r.delta[layer - 1][sample, unit]) for r in (both.listing, both.true))
            symbol = plain(DELTA, layer, unit)
            name = self.tr("{symbol}, sample {sample}").format(symbol=symbol, sample=sample + 1)
            turned = known and listing * true < 0
            tip = self.tr("the sign has changed") if turned else ""
            ratio = f"{short(listing / true, 3)}{' ±' if turned else ''}" if known and true else "?"
            cells = (number(listing if known else None, tip=tip), number(true if known else None, tip=tip))
            told = Cell(name, brief=f"{symbol} · {sample + 1}")
            rows.append((told, *cells, Cell(ratio, role="strong" if turned else "muted", tip=tip)))
        more = len(self._places) - MOST_ROWS
        if more > 0:
            text = self.tr("{count} more").format(count=grouped(more))
            rows.append((Cell(text, role="muted"), Cell(""), Cell(""), Cell("")))
        self._delta.table.set_rows(rows, header=self._header(self.tr("ratio"), of=self.tr("δ · sample")))

    def _show_biases(self, both: Comparison, known: bool) -> None:
        """Show the output layer's gradients: those of the hidden ones differ for the first reason, too."""
        self._bias.text.setText(
            self.tr(
                "The shares of the {batch} rows are added up for a weight but averaged for a bias. The sum "
                "is the gradient of the summed loss, the mean that of the mean loss: each is right, but "
                "not both in one step. Its biases move {batch} times less than its weights ask for."
            ).format(batch=both.true.batch)
        )
        last = len(both.true.z)
        below, units = both.true.sizes[-2:]
        self._parameters = [
            *(Part("weight", last, unit, source) for unit in range(units) for source in range(below)),
            *(Part("bias", last, unit) for unit in range(units)),
        ]
        if len(self._parameters) > MOST_ROWS:  # the same weights say nothing new, but every bias does
            self._parameters = [*self._parameters[:1], *self._parameters[-units:]][:MOST_ROWS]
        rows: list[Row] = []
        for kind, layer, unit, source in self._parameters:
            if kind == "weight":
                name = plain("w", layer, source, unit)
                pair = [float(r.weight_grads[-1][source, unit]) for r in (both.listing, both.true)]
            else:
                name = plain("b", layer, unit)
                pair = [float(r.bias_grads[-1][unit]) for r in (both.listing, both.true)]
            ratio = short(pair[0] / pair[1], 3) if known and pair[1] else "?"
            numbers = [number(value if known else None) for value in pair]
            rows.append((Cell(f"∂L/∂{name}"), *numbers, Cell(ratio, role="muted")))
        self._bias.table.set_rows(rows, header=self._header(self.tr("ratio")))

    def _show_losses(self, both: Comparison, revealed: Revealed) -> None:
        before, after = revealed.loss, revealed.update
        self._drawn.text.setText(
            self.tr(
                "The function sets its weights and biases to random numbers when it is called. So a loop of "
                "calls makes the first step over and over again, from another place each time, and what a "
                "step has learned is thrown away. To train, draw once and hand the parameters on."
            )
        )
        start = float(both.true.data_loss) if before else None
        losses = [both.listing_loss_after, both.true_loss_after]
        rows: list[Row] = [
            (Cell(self.tr("L before the step")), number(start), number(start)),
            (
                Cell(self.tr("L after it, same rows")),
                *(number(loss if after else None, "strong") for loss in losses),
            ),
            (
                Cell(self.tr("L before the next step")),
                Cell(self.tr("drawn anew"), role="muted"),
                number(losses[1] if after else None),
            ),
        ]
        self._drawn.table.set_rows(rows, header=self._header())

    def _header(self, *last: str, of: str = "") -> Row:
        names: Sequence[str] = (of, self.tr("listing"), self.tr("gradient"), *last)
        return tuple(Cell(name, role="muted") for name in names)

    # -- choosing ----------------------------------------------------------------------------------

    def _choose_delta(self, row: int) -> None:
        if row < min(len(self._places), MOST_ROWS):
            layer, sample, unit = self._places[row]
            self.focus.show_sample(sample)
            self.focus.select(Part("unit", layer, unit))

    def _choose_parameter(self, row: int) -> None:
        self.focus.select(self._parameters[row])


class ListingCard(ShowCard):
    """The listing on a page of a lesson."""

    def __init__(self, words: str, focus: Focus, parent: QWidget | None = None) -> None:
        super().__init__(words, None, parent)
        self.listing = Listing(focus, self)
        self.column.insertWidget(2, self.listing)

    def show_frame(self, frame: Frame) -> None:
        """Compare the step of this frame."""
        self.listing.show_frame(frame)
        self.button.setVisible(frame.phase is not None and not frame.updated)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.listing.set_theme(theme)
