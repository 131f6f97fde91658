"""What a whole layer holds, and what the loss is made of."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QWidget

from engine.explain import Explanation
from engine.explain.chain_rule import loss_gradient, loss_parts
from engine.explain.symbols import DELTA
from gui.text import symbols
from gui.text.numbers import digits_that_agree, total
from gui.text.parts import unit_label
from gui.text.settings import word
from gui.training.messages import Frame
from gui.views.chain_rule.section import MOST_ROWS, Known, Section, largest
from gui.widgets.table import EMPTY, Cell, Row, Table, number


class UnitsSection(Section):
    """The units of a layer for one sample, or the outputs beside their targets."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._table = Table("lrrr")
        self._table.setObjectName("chainRuleUnits")
        self.fill(self._table)

    def applies(self, e: Explanation) -> bool:
        return False

    def show_layer(self, frame: Frame, layer: int, known: Known, sample: int) -> None:
        """Show z, a and delta of each unit; of the inputs their values."""
        record = frame.record
        a = record.a[layer][sample]
        delta = record.delta[layer - 1][sample] if layer and known.delta else None
        z = record.z[layer - 1][sample] if layer else None
        shown = a if known.forward else None
        columns = (z if known.forward else None, shown, delta) if layer else (None, a, None)
        header = [Cell(self.tr("unit")), Cell("z"), Cell("a"), Cell(DELTA)]
        if not layer:
            header[1:] = [EMPTY, Cell("x"), EMPTY]
        order = largest(a if delta is None else delta, 2 * MOST_ROWS)
        rows: list[Row] = []
        for unit in order:
            name = unit_label(frame, layer, unit)
            cells = [
                EMPTY if not head.text else number(None if column is None else float(column[unit]))
                for head, column in zip(header[1:], columns, strict=True)
            ]
            rows.append((Cell(name, tip=name), *cells))
        if len(order) < len(a):
            rows.append((Cell(self.more(len(a) - len(order)), role="muted"), EMPTY, EMPTY, EMPTY))
        self._table.set_rows(rows, tuple(header))
        title = (
            self.tr("Units of the layer, sample {sample}") if layer else self.tr("Inputs, sample {sample}")
        )
        self.set_title(title.format(sample=sample + 1))

    def show_outputs(self, frame: Frame, known: Known, sample: int) -> None:
        """Show each output beside its target, and the loss's derivative."""
        record, experiment = frame.record, frame.experiment
        outputs, targets = record.a[-1][sample], record.targets[sample]
        gradient = loss_gradient(experiment, record)[sample]
        order = largest(gradient if known.upstream else targets, 2 * MOST_ROWS)
        rows: list[Row] = []
        for unit in order:
            name = unit_label(frame, len(record.z), unit)
            output = number(float(outputs[unit]) if known.forward else None)
            derivative = number(float(gradient[unit]) if known.upstream else None)
            rows.append((Cell(name, tip=name), output, number(float(targets[unit])), derivative))
        if len(order) < len(outputs):
            rows.append((Cell(self.more(len(outputs) - len(order)), role="muted"), EMPTY, EMPTY, EMPTY))
        header = (Cell(self.tr("output")), Cell("a"), Cell("t"), Cell("∂L/∂a"))
        self._table.set_rows(rows, header)
        self.set_title(self.tr("Outputs, sample {sample}").format(sample=sample + 1))


class LossSection(Section):
    """The loss's formula, and the penalty beside it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._table = Table("lr")
        self._table.setObjectName("chainRuleLossFormula")
        self._parts = Table("lr")
        self._parts.setObjectName("chainRuleOutputLosses")
        self.fill(self._table, self._parts)

    def applies(self, e: Explanation) -> bool:
        return False

    def show_loss(self, frame: Frame, known: bool, sample: int, own: float | None) -> None:
        """Show it, the batch's numbers only if they are `known`, and what a sample's `own` is made of."""
        self._show_parts(frame, sample, own)
        experiment = frame.experiment
        lines = experiment.loss.formula.split(r",\ ")
        rows: list[Row] = []
        for index, line in enumerate(lines):
            formula = line if index else symbols.loss_formula(experiment, frame.record.batch, line)
            rows.append((Cell(formula, latex=formula), EMPTY))
        if experiment.regularizer.name != "none":
            formula = f"R = {experiment.regularizer.formula}"
            penalty = number(float(frame.record.penalty) if known else None)
            rows.append((Cell(formula, latex=formula, tip=self.tr("the penalty, beside the loss")), penalty))
        self._table.set_rows(rows)
        self.set_title(word(experiment.loss.name))

    def _show_parts(self, frame: Frame, sample: int, own: float | None) -> None:
        """Show what each output adds to the loss of a sample."""
        record = frame.record
        self._parts.setVisible(record.targets.shape[1] > 1)
        parts = loss_parts(frame.experiment, record)[sample]
        order = largest(parts, MOST_ROWS)
        rest = float(np.delete(parts, order).sum())
        terms = [*parts[order].tolist(), *([rest] if len(order) < len(parts) else [])]
        digits, of_total = digits_that_agree(total, terms, own or 0.0)
        rows: list[Row] = []
        for unit, part in zip(order, terms, strict=False):
            name = unit_label(frame, len(record.z), unit)
            rows.append((Cell(name, tip=name), number(None if own is None else part, digits=digits)))
        if len(order) < len(parts):
            more = Cell(self.more(len(parts) - len(order)), role="muted")
            rows.append((more, number(None if own is None else rest, "muted", digits)))
        rows.append(
            (
                Cell(self.tr("loss of sample {number}").format(number=sample + 1)),
                number(own, "strong", of_total),
            )
        )
        self._parts.set_rows(rows, footer=1)


def layer_norm(frame: Frame, layer: int) -> float:
    """The norm of a layer's gradient, its biases included; of the inputs that of their values."""
    if not layer:
        return float(np.linalg.norm(frame.record.a[0]))
    weights, biases = frame.record.weight_grads[layer - 1], frame.record.bias_grads[layer - 1]
    return float(np.hypot(np.linalg.norm(weights), np.linalg.norm(biases)))
