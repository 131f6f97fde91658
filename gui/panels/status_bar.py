"""The status bar: what is going on, how fast, what going back takes, and the language."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy, QStatusBar, QWidget

from gui.panels.breakpoints import condition_text, hit_text
from gui.text.numbers import grouped
from gui.text.plain import Label, SteadyLabel, tooltip
from gui.training.messages import Frame, Status
from resources import LANGUAGES

MEGABYTE = 2**20


class StatusBar(QStatusBar):
    """Says in a few words what the window shows.

    Parameters
    ----------
    language : str
        The code of the language that is spoken.
    parent : QWidget, optional

    Signals
    -------
    language_chosen(str)
        By its code.
    """

    language_chosen = Signal(str)

    def __init__(self, language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._too_large = False  # whether a finite number stopped the training
        self._text = Label()
        self._text.setObjectName("statusText")
        self._text.setContentsMargins(10, 0, 0, 0)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._speed = SteadyLabel()
        self._speed.setObjectName("speedText")
        self._dtype = Label()
        self._history = SteadyLabel()
        self._history.setObjectName("historyText")
        self._languages = QComboBox()
        self._languages.setObjectName("languageCombo")
        self._languages.setFrame(False)
        for code, name in LANGUAGES.items():
            self._languages.addItem(name, code)
        self.set_language(language)
        self._languages.currentIndexChanged.connect(self._choose)
        self.setSizeGripEnabled(False)
        self.addWidget(self._text, 1)
        for widget in (self._speed, self._history, self._dtype, self._languages):
            self.addPermanentWidget(widget)
        self._retranslate()

    def set_language(self, code: str) -> None:
        """Show which language is spoken."""
        self._languages.setCurrentIndex(self._languages.findData(code))

    def show_frame(self, frame: Frame) -> None:
        """Say what is going on."""
        self._frame = frame
        if frame.error is not None:  # it comes with one frame alone
            self._too_large = frame.error.kind == "too_large"
        text = {
            Status.READY: self.tr("Ready"),
            Status.RUNNING: self.tr("Running"),
            Status.PAUSED: self.tr("Paused"),
            Status.DIVERGED: self.tr("Stopped: a number is too large")
            if self._too_large
            else self.tr("Stopped: a number is not finite"),
        }[frame.status]
        hit = frame.hit
        if hit is not None and frame.status is Status.PAUSED and hit.step == frame.record.step:
            text = self.tr("Paused by the condition {condition}. {found}")
            text = text.format(condition=condition_text(hit.condition), found=hit_text(hit, frame))
        self._text.setText(text)
        self._text.setToolTip(tooltip(text))
        speed = round(frame.steps_per_second)
        self._speed.setText(self._speed_text(speed) if speed else "")
        self._dtype.setText(frame.experiment.dtype)
        memory, disk = (grouped(-(-size // MEGABYTE)) for size in (frame.memory_bytes, frame.disk_bytes))
        self._history.setText(self.tr("history {0} MB, {1} MB on disk").format(memory, disk))

    def _speed_text(self, speed: int) -> str:
        return self.tr("{0} steps/s", "", speed).format(grouped(speed))

    def _choose(self, index: int) -> None:
        self.language_chosen.emit(self._languages.itemData(index))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self._speed.hold(self._speed_text(888_888))
        self._history.hold(self.tr("history {0} MB, {1} MB on disk").format(888, 888))
        self._history.setToolTip(
            self.tr("What going back takes: keyframes in memory, and the series of all steps in a file")
        )
        self._languages.setAccessibleName(self.tr("Language"))
        self._languages.setToolTip(self.tr("Language"))
        if self._frame is not None:
            self.show_frame(self._frame)
