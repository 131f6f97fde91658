"""The lab: functions of numbers on one page, matrices on the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from gui.lab.matrices import MatrixView
from gui.lab.view import ExpressionView
from gui.style.theme import Theme
from gui.text.plain import tooltip


class Lab(QWidget):
    """Both pages.

    Parameters
    ----------
    remember : bool
        Whether what is typed is kept for the next start.

    Signals
    -------
    network_requested(NetworkRequest)
    """

    network_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, remember: bool = True) -> None:
        super().__init__(parent)
        self.setObjectName("lab")
        self.functions = ExpressionView(remember=remember)
        self.functions.network_requested.connect(self.network_requested)
        self.matrices = MatrixView(remember=remember)
        self.pages = QTabWidget()
        self.pages.setObjectName("labPages")
        self.pages.setDocumentMode(True)
        self.pages.addTab(self.functions, "")
        self.pages.addTab(self.matrices, "")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)
        self._retranslate()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self.functions.set_theme(theme)
        self.matrices.set_theme(theme)

    def plain(self) -> dict[str, Any]:
        """What is typed, as a session keeps it."""
        return {
            "text": self.functions.text,
            "values": self.functions.values,
            "matrices": self.matrices.text,
            "page": self.pages.currentIndex(),
        }

    def restore(self, plain: Mapping[str, Any]) -> None:
        """Show what a session kept; what is missing or of another kind is passed over."""
        text, values = plain.get("text"), plain.get("values")
        if isinstance(text, str):
            numbers = values if isinstance(values, Mapping) else {}
            self.functions.set_text(
                text, {str(k): float(v) for k, v in numbers.items() if isinstance(v, int | float)}
            )
        if isinstance(matrices := plain.get("matrices"), str):
            self.matrices.set_text(matrices)
        if plain.get("page") in (0, 1):
            self.pages.setCurrentIndex(plain["page"])

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Expression lab"))
        for page, (text, tip) in enumerate(
            (
                (self.tr("Functions"), self.tr("The chain rule for a function of numbers")),
                (self.tr("Matrices"), self.tr("Gradients in matrix form, with every entry traced")),
            )
        ):
            self.pages.setTabText(page, text)
            self.pages.setTabToolTip(page, tooltip(tip))
