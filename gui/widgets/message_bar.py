"""The bar over the network that says what went wrong and how to mend it, or what is being done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.style.sheet import mark
from gui.text.plain import Label, sentences

Offer = tuple[str, Callable[[], object]]
"""The text of a button and what it does."""

MOST_OFFERS = 3


class Tone(Enum):
    """How bad it is."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class MessageBar(QFrame):
    """One message at a time, or the progress of a task; hidden when there is nothing to say.

    Signals
    -------
    cancel_requested()
        The user does not want to wait for the task.
    """

    cancel_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("messageBar")
        self.setProperty("role", "message")
        self._tone = Tone.INFO
        self._text = Label()
        self._text.setObjectName("messageText")
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._progress = QProgressBar()
        self._progress.setObjectName("messageProgress")
        self._progress.setRange(0, 1000)
        self._progress.setTextVisible(False)
        self._progress.setFixedWidth(160)
        self._progress.setMaximumHeight(8)
        self._cancel = QPushButton()
        self._cancel.setObjectName("cancelTaskButton")
        self._cancel.clicked.connect(self.cancel_requested)
        self._offered: list[Callable[[], object]] = []
        self._offer = QPushButton()
        self._offer.setObjectName("messageActionButton")
        self._offer.clicked.connect(partial(self._take_offer, 0))
        self._choice = QWidget()  # several offers have a row of their own, under the text
        choices = QHBoxLayout(self._choice)
        choices.setContentsMargins(0, 0, 0, 2)
        self._choices = [QPushButton() for _ in range(MOST_OFFERS)]
        for place, button in enumerate(self._choices):
            button.setObjectName(f"messageChoiceButton{place}")
            button.clicked.connect(partial(self._take_offer, place))
            choices.addWidget(button)
        choices.addStretch(1)
        self._close = QToolButton()
        self._close.setObjectName("closeMessageButton")
        self._close.setText("✕")
        self._close.setAutoRaise(True)
        self._close.clicked.connect(self.hide)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 7, 8, 7)
        row = QHBoxLayout()
        for widget in (self._text, self._progress, self._cancel, self._offer, self._close):
            row.addWidget(widget)
        column.addLayout(row)
        column.addWidget(self._choice)
        self._retranslate()
        self.hide()

    @property
    def text(self) -> str:
        """What it says now; empty when hidden."""
        return self._text.text() if not self.isHidden() else ""

    @property
    def tone(self) -> Tone:
        """How bad it is."""
        return self._tone

    def say(
        self,
        tone: Tone,
        text: str,
        mend: str = "",
        offer: Offer | None = None,
        more: Sequence[Offer] = (),
    ) -> None:
        """Show a message and what to do about it, in place of the one before.

        `offer` and the few `more` become buttons.
        """
        self._set_tone(tone)
        offers = [*([] if offer is None else [offer]), *more]
        self._offered = [take for _, take in offers]
        self._offer.setText(offers[0][0] if offers else "")
        self._offer.setVisible(len(offers) == 1)
        for place, button in enumerate(self._choices):
            button.setText(offers[place][0] if place < len(offers) else "")
            button.setVisible(place < len(offers))
        self._choice.setVisible(len(offers) > 1)
        self._text.setText(sentences(text, mend))
        self._progress.hide()
        self._cancel.hide()
        self._close.show()
        self.show()

    def show_progress(self, label: str, share: float) -> None:
        """Show how far a task is."""
        self._set_tone(Tone.INFO)
        self._text.setText(label)
        self._progress.setValue(round(share * 1000))
        self._progress.show()
        self._cancel.show()
        self._offer.hide()
        self._choice.hide()
        self._close.hide()
        self.show()

    def _set_tone(self, tone: Tone) -> None:
        self._tone = tone
        mark(self, "tone", tone.value)

    def _take_offer(self, place: int, checked: bool = False) -> None:
        self.hide()
        self._offered[place]()

    def hide_progress(self) -> None:
        """Take the progress away; a message stays."""
        if not self._progress.isHidden():
            self.hide()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Message"))
        self._cancel.setText(self.tr("Cancel"))
        self._close.setToolTip(self.tr("Close this message"))
        self._close.setAccessibleName(self.tr("Close this message"))
        self._progress.setAccessibleName(self.tr("Progress"))
