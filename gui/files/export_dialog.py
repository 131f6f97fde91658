"""Which steps to export, and how an animation of them is to look."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QVBoxLayout,
    QWidget,
)

from gui.files.animation import PAGE, Film
from gui.style.fonts import px
from gui.text.numbers import grouped
from gui.text.plain import Label
from gui.widgets.number_box import SpinBox

MOST_PICTURES = 500
"""Pictures of an animation, that is held in memory while it is written."""

MOST_RECORDS = 10_000
USUAL_PICTURES = 100
SCALES = (1.0, 1.5, 2.0, 3.0)


class StepsDialog(QDialog):
    """Asks for a stretch of steps, every so many of them.

    Parameters
    ----------
    first, furthest : int
        The steps there are.
    most : int
        Steps that may be chosen.
    usual : int
        Steps that are proposed, at most.
    """

    def __init__(
        self, first: int, furthest: int, most: int, usual: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("stepsDialog")
        self._most = most
        self._from, self._to, self._every = SpinBox(), SpinBox(), SpinBox()
        self._labels = (Label(), Label(), Label())
        for box, name in ((self._from, "fromStep"), (self._to, "toStep"), (self._every, "everyStep")):
            box.setObjectName(name)
            box.setGroupSeparatorShown(True)
            box.setMinimumWidth(px(120))
        self._from.setRange(first, furthest)
        self._to.setRange(first, furthest)
        self._every.setRange(1, max(1, furthest))
        self._from.setValue(first)
        self._to.setValue(furthest)
        self._every.setValue(-(-(furthest - first + 1) // usual))
        self.form = QFormLayout()
        self.form.setVerticalSpacing(8)
        for label, box in zip(self._labels, (self._from, self._to, self._every), strict=True):
            self.form.addRow(label, box)
            box.valueChanged.connect(self._count)
        self._note = Label()
        self._note.setObjectName("stepsNote")
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(12)
        column.addLayout(self.form)
        column.addWidget(self._note)
        column.addWidget(self._buttons)
        self._retranslate()

    @property
    def steps(self) -> range:
        """The steps that are chosen."""
        return range(self._from.value(), self._to.value() + 1, self._every.value())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _count(self) -> None:
        count = len(self.steps)
        text = self.tr("{0} steps", "", count).format(grouped(count))
        if count > self._most:
            text = self.tr("{0} steps; at most {1} can be written", "", count).format(
                grouped(count), grouped(self._most)
            )
        elif not count:
            text = self.tr("No steps: the first comes after the last")
        self._note.setText(text)
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(0 < count <= self._most)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Full records of steps"))
        texts = (self.tr("From step"), self.tr("To step"), self.tr("Every so many steps"))
        boxes = (self._from, self._to, self._every)
        for label, box, text in zip(self._labels, boxes, texts, strict=True):
            label.setText(text)
            box.setAccessibleName(text)
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setText(self.tr("Save as…"))
        self._count()


class AnimationDialog(StepsDialog):
    """Asks for the steps of an animation, how fast they go and how large they are."""

    def __init__(self, furthest: int, parent: QWidget | None = None) -> None:
        self._milliseconds, self._size = SpinBox(), QComboBox()
        self._film_labels = (Label(), Label())
        super().__init__(0, furthest, MOST_PICTURES, USUAL_PICTURES, parent)
        self.setObjectName("animationDialog")
        self._milliseconds.setObjectName("stepMilliseconds")
        self._milliseconds.setRange(20, 10_000)
        self._milliseconds.setSingleStep(20)
        self._milliseconds.setValue(100)
        self._size.setObjectName("animationSize")
        for scale in SCALES:
            self._size.addItem(f"{round(PAGE.width() * scale)} × {round(PAGE.height() * scale)}", scale)
        self.form.addRow(self._film_labels[0], self._milliseconds)
        self.form.addRow(self._film_labels[1], self._size)

    @property
    def film(self) -> Film:
        """What is chosen."""
        return Film(self.steps, self._milliseconds.value(), float(self._size.currentData()))

    def _retranslate(self) -> None:
        super()._retranslate()
        self.setWindowTitle(self.tr("Animation of the network graph"))
        self._film_labels[0].setText(self.tr("Each stays"))
        self._film_labels[1].setText(self.tr("Size in pixels"))
        self._milliseconds.setSuffix(self.tr(" ms"))
        self._milliseconds.setAccessibleName(self.tr("Each stays"))
        self._size.setAccessibleName(self.tr("Size in pixels"))
