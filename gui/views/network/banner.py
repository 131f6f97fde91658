"""The banner that names the phase and its formula."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.parts import Part
from gui.style.equation import EquationLabel
from gui.style.theme import Theme
from gui.text.plain import Label
from gui.training.messages import Frame
from gui.views.network.formulas import phase_formula, phase_text

HEIGHT = 42
"""Pixels, the border included: a fraction under a hat stays readable."""

AIR = 3
"""Pixels between the tallest formula and the border."""


class PhaseBanner(QFrame):
    """Which phase of the step is shown, and what it computes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("phaseBanner")
        self._text = Label(self)
        self._text.setObjectName("phaseText")
        self._hint = Label(self)
        self._hint.setObjectName("phaseHint")
        self._hint.hide()
        self._formula = EquationLabel(pixel_size=15.0, parent=self)
        self._formula.setObjectName("phaseFormula")
        self._formula.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        # one height for all formulas: the graph below must not jump from phase to phase
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, AIR, 12, AIR)
        row.setSpacing(14)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self._text)
        words.addWidget(self._hint)
        words.addStretch(1)
        row.addLayout(words)
        row.addWidget(self._formula, 1)
        self.hide()

    @property
    def text(self) -> str:
        """The phase in words."""
        return self._text.text()

    @property
    def formula(self) -> str:
        """Its formula, LaTeX."""
        return self._formula.latex

    @property
    def hint(self) -> str:
        """What is said under the phase; mostly nothing."""
        return self._hint.text()

    def set_hint(self, text: str) -> None:
        """Say this under the phase."""
        self._hint.setText(text)
        self._hint.setVisible(bool(text))

    def show_frame(self, frame: Frame, selection: Part | None = None) -> None:
        """Name the phase of `frame`, which may be about the selected parameter."""
        text = phase_text(frame)
        if text != self._text.text():
            self._text.setText(text)
        self._formula.set_latex(phase_formula(frame, selection))
        self.show()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._formula.set_theme(theme)
