"""The arithmetic of the update: from the gradient through the optimizer to the new value."""

from __future__ import annotations

import re

from PySide6.QtWidgets import QWidget

from engine.explain import Explanation, Update
from gui.text import symbols
from gui.text.numbers import agreeing, short
from gui.text.settings import word
from gui.training.messages import Frame
from gui.views.chain_rule.section import Known, Section
from gui.widgets.table import EMPTY, UNKNOWN, Cell, Row, Table, number

DIGITS = 6
"""Digits of a value before and after: enough to see a small step."""


class UpdateSection(Section):
    """How the parameter gets its new value: the last line, and on demand all that leads to it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._table = Table("lr")
        self._table.setObjectName("chainRuleUpdate")
        self.fill(self._table)

    def applies(self, e: Explanation) -> bool:
        return e.kind != "unit"

    def explain(self, frame: Frame, e: Explanation, known: Known, sample: int) -> None:
        experiment, update = frame.experiment, e.update
        assert update is not None
        title = self.tr("Update · {optimizer}, η = {rate}")
        rate = short(frame.record.learning_rate)
        self.set_title(title.format(optimizer=word(experiment.optimizer.name), rate=rate))
        name = symbols.parameter_plain(e)
        details = self._gradient_rows(e, update, name) if known.update else []
        steps = len(update.terms) > 1
        line, after = self.tr("held: it is not updated"), ""
        if not update.frozen:
            line, after = _difference(update, name, whole=not steps)
            if not known.update and (steps or not known.batch):
                line = f"{name} ← {short(update.before, DIGITS)} − {UNKNOWN}"
        rows: list[Row] = []
        if steps and not update.frozen:
            formula = [self._formula(e), *details]
            if self.is_unfolded:
                rows += [*formula, (Cell(self.tr("Show less"), role="link"), EMPTY)]
            else:
                rows.append((Cell(self.tr("How it comes about"), role="link"), EMPTY))
        rows.append((Cell(line, tip=line), EMPTY))
        named = self.tr("{symbol} after the step").format(symbol=name)
        coming = "" if known.update else self.tr("It comes with the update.")
        value = update.after if known.update else update.before if update.frozen else None
        text = after if known.update else ""
        rows.append((Cell(named, role="strong", tip=coming), number(value, "strong", DIGITS, text=text)))
        self._table.reserve(2 + (steps and not update.frozen))
        self._table.set_rows(rows, footer=1)

    def _formula(self, e: Explanation) -> Row:
        formula = e.experiment.optimizer.formula.split(r",\ ")[-1]
        latex = formula if e.kind == "weight" else re.sub(r"\bw\b", "b", formula)
        return Cell(latex, latex=latex), EMPTY

    def _gradient_rows(self, e: Explanation, update: Update, name: str) -> list[Row]:
        """What lies between the gradient and the change, each with its numbers."""
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
