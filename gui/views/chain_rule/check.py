"""The finite-difference check of the shown number, made when training rests."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.explain import Explanation
from engine.explain.gradient_check import ParameterCheck, check_cost, check_parameter
from gui.style.fonts import tabular
from gui.style.theme import Theme
from gui.text.numbers import full, short
from gui.text.plain import sentences
from gui.training.messages import Frame, Status
from gui.views.chain_rule.section import Known, Section
from gui.widgets.fields import Button
from gui.widgets.sentence import Sentence

AT_ONCE = 3_000_000
"""Multiplications of a check that is made here, in a few milliseconds; a larger one is asked for."""

REST = 150
"""Milliseconds without a new frame after which the number is checked."""


class CheckSection(Section):
    """Whether a difference quotient of the loss confirms the gradient.

    Signals
    -------
    requested()
        The check of a large network is wanted; the answer is given to `show_check`.
    """

    requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = Sentence(lines=2)
        self._text.setObjectName("chainRuleCheckText")
        self._text.setFont(tabular(self._text.font(), 0.95))
        self._tone = ""
        self._button = Button()
        self._button.setObjectName("chainRuleCheck")
        self._button.setProperty("role", "panel")
        self._button.clicked.connect(self._press)
        self._explanation: Explanation | None = None
        self._at_once = False
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._text, 1)
        line.addWidget(self._button)
        self._column.addLayout(line)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST)
        self._timer.timeout.connect(self._check)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text.text

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._say(self.text, self._tone)

    def applies(self, e: Explanation) -> bool:
        return e.kind != "unit"

    def forget(self) -> None:
        super().forget()
        self._timer.stop()
        self._explanation = None
        self._say("")

    def explain(self, frame: Frame, e: Explanation, known: Known, sample: int) -> None:
        self.set_title(self.tr("Finite differences"))
        self._button.setText(self.tr("Compare now"))
        self._button.setAccessibleName(self._button.text())
        self._button.setToolTip(self.tr("Compare the gradient with a finite difference of the loss"))
        same = self._explanation is not None and _same(self._explanation, e)
        self._explanation = e
        at_once = check_cost(frame.record, e.layer) <= AT_ONCE
        resting = frame.status is not Status.RUNNING
        self._at_once = at_once
        self._button.setEnabled(known.batch and resting)
        if not known.batch or not resting:
            self._timer.stop()
            self._explanation = None
            text = self.tr("when training rests") if known.batch else self.tr("comes with the backward pass")
            self._say(text)
        elif same:
            return
        elif at_once:
            self._timer.start()
            self._say("…")
        else:
            self._say("")

    def show_check(self, check: ParameterCheck) -> None:
        """Say what a check found."""
        if check.kink:
            self._say(self.tr("At a kink: there is no derivative to compare with."), "warning")
            return
        error = short(check.relative_error, 2)
        text = self.tr("finite difference {difference}, relative error {error}")
        text = text.format(difference=short(check.difference, 5), error=error)
        e = self._explanation
        if not check.agrees and e is not None and e.experiment.update_order == "output_first":
            text = sentences(text, self.tr("The layers above were updated before their delta came back."))
        sign, tone = ("✓", "good") if check.agrees else ("✗", "bad")
        self._say(f"{sign} {text}", tone, full(check.difference))

    def retranslate(self) -> None:
        """Check anew, to say it in another language."""
        self._explanation = None

    def _press(self) -> None:
        if self._at_once:
            self._timer.stop()
            self._check()
        else:
            self.requested.emit()

    def _check(self) -> None:
        e = self._explanation
        if e is not None and self.isVisible():
            self.show_check(check_parameter(e.experiment, e.record, e.part))

    def _say(self, text: str, tone: str = "", tip: str = "") -> None:
        self._tone = tone
        self._text.show_text(text, getattr(self._theme, tone or "muted"), tip)


def _same(one: Explanation, other: Explanation) -> bool:
    return one.record is other.record and (one.kind, one.layer, one.unit, one.source) == (
        other.kind,
        other.layer,
        other.unit,
        other.source,
    )
