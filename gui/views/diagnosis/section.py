"""What the instruments have in common: what one shows, of which moment, and how it is asked for."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from gui.style.theme import LIGHT, Theme
from gui.text.numbers import grouped
from gui.text.plain import Label, sentences, tooltip
from gui.training.aside import Measured, Work
from gui.training.messages import Frame


class Section(QWidget):
    """One instrument: a line on what it shows and of which moment, its choices, and a picture under it.

    Attributes
    ----------
    on_demand : bool
        Whether it is measured when a button is pressed, for it takes long, and not whenever it is seen.

    Signals
    -------
    wanted()
        It is to be measured anew, with other choices.
    """

    on_demand = False
    wanted = Signal()

    def __init__(self, name: str, picture: QWidget) -> None:
        super().__init__()
        self.setObjectName(name)
        self._theme = LIGHT
        self._frame: Frame | None = None
        self._measured: Measured | None = None
        self._is_measuring = False
        self._trouble = ""
        self._caption = Label()
        self._caption.setObjectName(f"{name}Caption")
        self._caption.setWordWrap(True)
        self._caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._caption.setProperty("role", "note")
        self.measure_button = QPushButton()
        self.measure_button.setObjectName(f"{name}Button")
        self.measure_button.clicked.connect(self.wanted)
        self.measure_button.setVisible(self.on_demand)
        self.choices = QHBoxLayout()
        self.choices.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._caption, 1)
        head.addLayout(self.choices)
        head.addWidget(self.measure_button)
        self.picture = picture
        self._empty = Label()
        self._empty.setObjectName(f"{name}Empty")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(picture)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 4, 10, 4)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(holder, 1)

    # -- what a section is -------------------------------------------------------------------------

    def title(self) -> str:
        """What it is called."""
        raise NotImplementedError

    def explained(self) -> str:
        """What it shows, in a sentence."""
        raise NotImplementedError

    def work(self) -> Work:
        """What is to be measured, with the choices as they are."""
        raise NotImplementedError

    def draw(self, result: Any) -> str:
        """Show what was measured; a sentence where there is nothing to be seen."""
        raise NotImplementedError

    def refusal(self, frame: Frame) -> str:
        """Why there is nothing to measure, or nothing."""
        return self.tr("There is nothing to measure yet: make some steps.") if frame.step == 0 else ""

    # -- what it shows -----------------------------------------------------------------------------

    @property
    def frame(self) -> Frame | None:
        """The moment that is shown."""
        return self._frame

    @property
    def measured_step(self) -> int | None:
        """After which step it was measured."""
        return None if self._measured is None else self._measured.step

    @property
    def caption(self) -> str:
        """What it says of itself."""
        return self._caption.text()

    @property
    def empty_text(self) -> str:
        """Why there is no picture; empty where there is one."""
        return self._empty.text() if self._stack.currentWidget() is self._empty else ""

    def show_frame(self, frame: Frame) -> None:
        """Know the moment that is shown."""
        self._frame = frame
        if self._measured is None:
            self._show()

    def set_measuring(self, measuring: bool) -> None:
        """Say that it is being measured."""
        self._is_measuring, self._trouble = measuring, ""
        self.measure_button.setEnabled(not measuring)
        self._show()

    def show_measured(self, measured: Measured) -> None:
        """Show what was measured, and of which moment."""
        self._measured, self._is_measuring, self._trouble = measured, False, ""
        self.measure_button.setEnabled(True)
        self._show()

    def show_trouble(self, text: str) -> None:
        """Say why it could not be measured."""
        self._measured, self._is_measuring, self._trouble = None, False, text
        self.measure_button.setEnabled(True)
        self._show()

    def forget(self) -> None:
        """Forget what was measured of another network."""
        self._frame = self._measured = None
        self.set_measuring(False)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        for part in (self.picture, *self.picture.findChildren(QWidget)):
            if hasattr(part, "set_theme"):
                part.set_theme(theme)

    def retranslate(self) -> None:
        """Say everything in the language that is spoken now."""
        self.measure_button.setText(self.tr("Measure"))
        self.setAccessibleName(self.title())
        self.picture.setAccessibleName(self.title())
        self._show()

    def _show(self) -> None:
        frame, measured = self._frame, self._measured
        refused = "" if frame is None else self.refusal(frame)
        told = self._trouble or refused
        if not told and measured is not None:
            told = self.draw(measured.result)
        elif not told:
            told = self._waiting()
        self._empty.setText(told)
        self._stack.setCurrentIndex(0 if told else 1)
        moment = ""
        if measured is not None:
            moment = self.tr("After step {step}.").format(step=grouped(measured.step))
        text = sentences(moment, self.explained())
        self._caption.setText(text)
        self._caption.setToolTip(tooltip(text))

    def _waiting(self) -> str:
        if self._is_measuring or not self.on_demand:
            return self.tr("It is being measured…")
        return self.tr("Press Measure: it is done on a copy, beside the training.")


class Picture(QWidget):
    """A painted picture in the colours of the theme."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.theme = LIGHT
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self.theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(420, 150)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 90)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(self.theme.surface))
        self.draw(painter)

    def draw(self, painter: QPainter) -> None:
        """Paint what there is."""
        raise NotImplementedError
