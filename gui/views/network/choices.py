"""The two choices over the graph: whose values circles show, and what lines show."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QSlider, QWidget

from gui.style.fonts import px
from gui.text.numbers import grouped
from gui.text.plain import Label, tooltip
from gui.training.messages import Frame
from gui.views.network.edges import MOST_OF_UNIT
from gui.views.network.quantities import Quantity

STRONGEST = (0, 10, 50, 200, None)
"""Of weights that stand as matrices: for how many there may be lines; None is for as many as can be."""
NARROWEST = 90
"""Pixels of the first choice at least; with less room its end is not seen."""
MOST_SAMPLES = 500
"""Samples of a mini-batch that are offered one by one; the others are chosen elsewhere."""


class Choices(QWidget):
    """Circles: one sample or the batch; lines: weights, gradients or updates.

    Signals
    -------
    sample_chosen(int or None)
        None is the whole batch.
    quantity_chosen(Quantity)
    """

    sample_chosen = Signal(object)
    quantity_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._shown: int | None = 0
        self._circles_label, self._lines_label = Label(self), Label(self)
        self._circles, self._lines = QComboBox(self), QComboBox(self)
        self._circles.setObjectName("circlesChoice")
        self._lines.setObjectName("linesChoice")
        self._circles.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._circles.setMinimumContentsLength(20)
        self._circles.setMinimumWidth(px(NARROWEST))
        self._lines.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for quantity in Quantity:
            self._lines.addItem("", quantity)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for label, box in ((self._circles_label, self._circles), (self._lines_label, self._lines)):
            label.setBuddy(box)
            row.addWidget(label)
            row.addWidget(box)
            row.addSpacing(6)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._circles.activated.connect(self._on_circles)
        self._lines.activated.connect(self._on_lines)
        self._retranslate()

    @property
    def circles(self) -> QComboBox:
        """Whose values circles show."""
        return self._circles

    @property
    def lines(self) -> QComboBox:
        """What lines show."""
        return self._lines

    def show_quantity(self, quantity: Quantity) -> None:
        """Say what lines show."""
        self._lines.setCurrentIndex(list(Quantity).index(quantity))

    def show_frame(self, frame: Frame, sample: int | None, *, all_rows: bool = True) -> None:
        """Offer the samples of this frame; without `all_rows` only the chosen one is kept up to date."""
        self._frame, self._shown = frame, sample
        count = min(frame.record.batch, MOST_SAMPLES)
        box = self._circles
        if box.count() != count + 1:
            box.clear()
            box.addItems([""] * (count + 1))
            box.setItemText(count, self.tr("the batch: mean of a, sum of δ"))
            all_rows = True
        index = count if sample is None else min(sample, count - 1)
        for item in range(count) if all_rows else (index,):
            if item < count:
                self._say(box, item, self._text(frame, item if item != index or sample is None else sample))
        if box.currentIndex() != index:
            box.setCurrentIndex(index)

    @staticmethod
    def _say(box: QComboBox, item: int, text: str) -> None:
        if box.itemText(item) != text:
            box.setItemText(item, text)

    def _text(self, frame: Frame, sample: int) -> str:
        return self.tr("sample {number} of {batch} · row {row}").format(
            number=sample + 1,
            batch=grouped(frame.record.batch),
            row=grouped(int(frame.record.indices[sample]) + 1),
        )

    def _on_circles(self, index: int) -> None:
        self.sample_chosen.emit(None if index == self._circles.count() - 1 else index)

    def _on_lines(self, index: int) -> None:
        self.quantity_chosen.emit(list(Quantity)[index])

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _retranslate(self) -> None:
        self._circles_label.setText(self.tr("Circles:"))
        self._lines_label.setText(self.tr("Lines:"))
        tip = self.tr(
            "Whose values stand in the circles: one sample of the mini-batch, or all of it (the mean of "
            "what each unit passes on, the sum of its δ)."
        )
        self._circles.setToolTip(tooltip(tip))
        self._circles.setAccessibleName(self.tr("Whose values circles show"))
        self._lines.setAccessibleName(self.tr("What lines show"))
        self._lines.setToolTip(
            tooltip(
                self.tr(
                    "Which numbers width, dashes and chips of the lines show: the weights w, their gradients "
                    "∂L/∂w of the mini-batch, or the updates Δw that this step adds to them."
                )
            )
        )
        texts = (self.tr("Weights"), self.tr("Gradients"), self.tr("Updates"))
        for place, text in enumerate(texts):
            self._lines.setItemText(place, text)
        if self._frame is not None:
            self._circles.setItemText(self._circles.count() - 1, self.tr("the batch: mean of a, sum of δ"))
            self.show_frame(self._frame, self._shown)


class StrongestChoice(QWidget):
    """For how many of the weights that stand as matrices there are lines: a slider, and their count.

    Signals
    -------
    chosen(int or None)
        One of `STRONGEST`.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown, self._total = 0, 0
        self._label, self._count = Label(self), Label(self)
        self._slider = QSlider(Qt.Orientation.Horizontal, self)
        self._slider.setObjectName("strongestSlider")
        self._slider.setRange(0, len(STRONGEST) - 1)
        self._slider.setPageStep(1)
        self._slider.setFixedWidth(px(110))
        self._label.setBuddy(self._slider)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 4)
        row.setSpacing(8)
        for widget in (self._label, self._slider, self._count):
            row.addWidget(widget)
        row.addStretch(1)
        self._slider.valueChanged.connect(self._on_moved)
        self.hide()
        self._retranslate()

    @property
    def slider(self) -> QSlider:
        """Where it is chosen."""
        return self._slider

    @property
    def count(self) -> str:
        """How many lines there are, of how many weights."""
        return self._count.text()

    def show_count(self, shown: int, total: int) -> None:
        """Say for how many of `total` weights there are lines."""
        if (shown, total) != (self._shown, self._total):
            self._shown, self._total = shown, total
            self._say()

    def _say(self) -> None:
        text = self.tr("{shown} of {total} weights")
        self._count.setText(text.format(shown=grouped(self._shown), total=grouped(self._total)))

    def _on_moved(self, place: int) -> None:
        self.chosen.emit(STRONGEST[place])

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language and the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() == QEvent.Type.FontChange:
            self._slider.setFixedWidth(px(110))

    def _retranslate(self) -> None:
        self._label.setText(self.tr("Lines for the strongest:"))
        self._slider.setAccessibleName(self.tr("For how many of the strongest weights there are lines"))
        tip = self.tr(
            "Where weights stand as a matrix, only the strongest have lines: 0, 10, 50, 200 or as many as "
            "can be drawn; besides these, up to {most} into and out of the unit that is selected or hovered."
        )
        self._slider.setToolTip(tooltip(tip.format(most=MOST_OF_UNIT)))
        self._say()
