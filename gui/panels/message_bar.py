"""The bar over the network that says what went wrong and how to mend it, or what is being done."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QSizePolicy, QToolButton

from gui.plain import Label
from gui.theme import LIGHT, Theme


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

    _offered: Callable[[], object] | None = None

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("messageBar")
        self._theme = LIGHT
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
        self._offer = QPushButton()
        self._offer.setObjectName("messageActionButton")
        self._offer.clicked.connect(self._take_offer)
        self._close = QToolButton()
        self._close.setObjectName("closeMessageButton")
        self._close.setText("✕")
        self._close.setAutoRaise(True)
        self._close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 7, 8, 7)
        for widget in (self._text, self._progress, self._cancel, self._offer, self._close):
            row.addWidget(widget)
        self._retranslate()
        self.set_theme(LIGHT)
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
        self, tone: Tone, text: str, mend: str = "", offer: tuple[str, Callable[[], object]] | None = None
    ) -> None:
        """Show a message and what to do about it, in place of the one before.

        `offer` is a button's text and what it does.
        """
        self._tone = tone
        self._offered = None if offer is None else offer[1]
        self._offer.setText("" if offer is None else offer[0])
        self._offer.setVisible(offer is not None)
        self._text.setText(f"{text} {mend}".strip())
        self._progress.hide()
        self._cancel.hide()
        self._close.show()
        self.set_theme(self._theme)
        self.show()

    def show_progress(self, label: str, share: float) -> None:
        """Show how far a task is."""
        self._tone = Tone.INFO
        self._text.setText(label)
        self._progress.setValue(round(share * 1000))
        self._progress.show()
        self._cancel.show()
        self._offer.hide()
        self._close.hide()
        self.set_theme(self._theme)
        self.show()

    def _take_offer(self) -> None:
        self.hide()
        if self._offered is not None:
            self._offered()

    def hide_progress(self) -> None:
        """Take the progress away; a message stays."""
        if not self._progress.isHidden():
            self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        colour = {Tone.INFO: theme.positive, Tone.WARNING: theme.warning, Tone.ERROR: theme.bad}[self._tone]
        self.setStyleSheet(
            f"#messageBar {{ background: {theme.surface}; border: none; border-left: 4px solid {colour};"
            f" border-bottom: 1px solid {theme.border}; }}"
        )

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
