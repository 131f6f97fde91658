"""The banner that names the phase and its formula."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from gui.equation import EquationLabel
from gui.messages import Frame
from gui.theme import Theme
from gui.views.network.formulas import phase_formula, phase_text

HEIGHT = 36


class PhaseBanner(QFrame):
    """Which phase of the step is shown, and what it computes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("phaseBanner")
        self._text = QLabel(self)
        self._text.setObjectName("phaseText")
        self._formula = EquationLabel(pixel_size=15.0, parent=self)
        self._formula.setObjectName("phaseFormula")
        # one height for all formulas: the graph below must not jump from phase to phase
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(14)
        row.addWidget(self._text)
        row.addWidget(self._formula)
        self.hide()

    @property
    def text(self) -> str:
        """The phase in words."""
        return self._text.text()

    @property
    def formula(self) -> str:
        """Its formula, LaTeX."""
        return self._formula.latex

    def show_frame(self, frame: Frame) -> None:
        """Name the phase of `frame`."""
        text = phase_text(frame)
        if text != self._text.text():
            self._text.setText(text)
        self._formula.set_latex(phase_formula(frame))
        self.show()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self.setStyleSheet(
            f"#phaseBanner {{ background: {theme.surface}; border: 1px solid {theme.border};"
            " border-radius: 6px; }"
            f"#phaseText {{ color: {theme.text}; }}"
        )
        self._formula.set_theme(theme)
