"""The arithmetic of the update: from the gradient through the optimizer to the new value."""

from __future__ import annotations

import re

from PySide6.QtWidgets import QWidget

from engine.explain import Explanation, Update
from gui import symbols
from gui.equation import EquationLabel
from gui.messages import Frame
from gui.numbers import short
from gui.views.chain_rule.section import Known, Section
from gui.views.chain_rule.table import EMPTY, Cell, Row, Table, number
from gui.wording import word

DIGITS = 6
"""Digits of a value before and after: enough to see a small step."""


class UpdateSection(Section):
    """How the parameter gets its new value."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._formula = EquationLabel(pixel_size=14.0)
        self._formula.setObjectName("chainRuleUpdateFormula")
        self._table = Table("lr")
        self._table.setObjectName("chainRuleUpdate")
        self.fill(self._formula, self._table)

    def applies(self, e: Explanation) -> bool:
        return e.kind != "unit"

    def explain(self, frame: Frame, e: Explanation, known: Known, sample: int) -> None:
        optimizer, update = frame.experiment.optimizer, e.update
        assert update is not None
        self.set_title(self.tr("Update ({optimizer})"), optimizer=word(optimizer.name).upper())
        formula = optimizer.formula.split(r",\ ")[-1]
        self._formula.set_latex(formula if e.kind == "weight" else re.sub(r"\bw\b", "b", formula))
        name = symbols.parameter_plain(e)
        if not known.update:
            coming = (
                self.tr("held: it is not updated") if update.frozen else self.tr("new value, with the update")
            )
            rows: list[Row] = [
                (Cell(name), number(update.before, digits=DIGITS)),
                (
                    Cell(coming, role="muted"),
                    number(update.before if update.frozen else None, "muted", DIGITS),
                ),
            ]
        else:
            rows = self._gradient_rows(frame, e, update, name)
            rows.append((Cell(self._difference(update, name, optimizer.name)), EMPTY))
            rows.append((Cell(name, role="strong"), number(update.after, "strong", DIGITS)))
        self._table.set_rows(rows, footer=1)

    def _gradient_rows(self, frame: Frame, e: Explanation, update: Update, name: str) -> list[Row]:
        """What lies between the gradient and the change; nothing for plain descent."""
        regularizer, clipping = frame.experiment.regularizer, frame.experiment.clipping
        penalised = regularizer.name != "none" and e.kind == "weight"
        clipped = clipping.name != "none"
        if update.frozen or not (penalised or clipped or update.terms):
            return []
        rows: list[Row] = [
            (Cell(f"∂L/∂{name}", latex="" if penalised or clipped else "g"), number(update.gradient))
        ]
        if penalised:
            formula = f"+ {regularizer.gradient_formula}"
            rows.append(
                (Cell(formula, latex=formula, tip=self.tr("the penalty's part")), number(update.penalty))
            )
        if penalised or clipped:
            text = self.tr("g, after clipping") if clipped else "g"
            rows.append((Cell(text), number(update.clipped)))
        counts = False
        for term in update.terms:
            # the step as a letter, or the formula would have to be typeset anew at every step
            formula = term.formula.replace(f"^{{{update.step}}}", "^{t}")
            counts = counts or formula != term.formula
            text = term.symbol if term.symbol == formula else f"{term.symbol} = {formula}"
            rows.append((Cell(text, latex=text), number(term.value)))
        if counts:
            rows.append(
                (Cell("t", latex="t", tip=self.tr("updates so far")), Cell(str(update.step), update.step))
            )
        if update.terms:
            rows.append((Cell("η"), Cell(short(update.learning_rate), update.learning_rate)))
        return rows

    def _difference(self, update: Update, name: str, optimizer: str) -> str:
        """Old value minus change; for plain descent the change as rate times gradient."""
        if update.frozen:
            return self.tr("held: it is not updated")
        change = _bracketed(update.change)
        if optimizer == "sgd":
            change = f"{short(update.learning_rate)} × {_bracketed(update.clipped)}"
        return f"{name} ← {short(update.before, DIGITS)} − {change}"


def _bracketed(value: float) -> str:
    return f"({short(value)})" if value < 0 else short(value)
