"""The arithmetic of the update: from the gradient through the optimizer to the new value."""

from __future__ import annotations

import re

from PySide6.QtWidgets import QWidget

from engine.explain import Explanation, Update
from gui.style.equation import EquationLabel
from gui.text import symbols
from gui.text.numbers import agreeing
from gui.text.settings import word
from gui.training.messages import Frame
from gui.views.chain_rule.section import Known, Section
from gui.widgets.table import EMPTY, Cell, Row, Table, number

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
            before = Cell(self.tr("{symbol} before the step").format(symbol=name))
            rows: list[Row] = [
                (before, number(update.before, digits=DIGITS)),
                (
                    Cell(coming, role="muted"),
                    number(update.before if update.frozen else None, "muted", DIGITS),
                ),
            ]
        else:
            rows = self._gradient_rows(e, update, name)
            line, after = self.tr("held: it is not updated"), ""
            if not update.frozen:
                line, after = _difference(update, name, whole=not rows)
            rows.append((Cell(line, tip=line), EMPTY))
            named = Cell(self.tr("{symbol} after the step").format(symbol=name), role="strong")
            rows.append((named, number(update.after, "strong", DIGITS, text=after)))
        self._table.set_rows(rows, footer=1)

    def _gradient_rows(self, e: Explanation, update: Update, name: str) -> list[Row]:
        """What lies between the gradient and the change, each with its numbers; nothing for plain descent."""
        if len(update.terms) <= 1:
            return []
        penalised = e.experiment.regularizer.name != "none" and e.kind == "weight"
        gradient = f"∂L/∂{name}" if penalised else f"g = ∂L/∂{name}"
        rows: list[Row] = [(Cell(gradient), number(update.gradient))]
        for slot, value in update.slots_before.items():
            rows.append((Cell(self.tr("{symbol} before the step").format(symbol=slot)), number(value)))
        counts = False
        for term in update.terms:
            counts = counts or term.counts
            text = term.symbol if term.symbol == term.formula else f"{term.symbol} = {term.formula}"
            numbers = agreeing(term.made, term.of, term.value)
            line = f"= {term.written(numbers.terms)}"
            rows.append((Cell(text, latex=text), number(term.value, text=numbers.result)))
            rows.append((Cell(line, role="muted", tip=line), EMPTY))
        if counts:
            rows.append(
                (Cell("t", latex="t", tip=self.tr("updates so far")), Cell(str(update.step), update.step))
            )
        return rows


def _difference(update: Update, name: str, *, whole: bool) -> tuple[str, str]:
    """The old value minus the change, and the new value; the change as its `whole` formula or number."""
    last = update.terms[-1].taken_from("w", update.before, update.after, whole=whole)
    numbers = agreeing(last.made, last.of, last.value, DIGITS)
    return f"{name} ← {last.written(numbers.terms)}", numbers.result
