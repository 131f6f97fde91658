"""Where a number comes from: z from below, dL/da from above or from the loss, dL/dz through softmax."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QWidget

from engine.explain import Explanation
from engine.explain.symbols import DELTA, plain
from engine.records import StepRecord
from gui.text import symbols
from gui.text.numbers import agreeing
from gui.text.settings import word
from gui.training.messages import Frame
from gui.views.chain_rule.section import Known, Section, lines_of_sum
from gui.widgets.table import EMPTY, Cell, Row, Table, number


class InputsSection(Section):
    """The pre-activation of a unit as the sum of what comes in."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._table = Table("lrrr")
        self._table.setObjectName("chainRuleInputs")
        self.fill(self._table)

    def applies(self, e: Explanation) -> bool:
        return e.kind == "unit" and e.layer > 0

    def explain(self, frame: Frame, e: Explanation, known: Known, sample: int) -> None:
        record, index = frame.record, e.layer - 1
        weights, a = record.weights_before[index][:, e.unit], record.a[index][sample]
        factors = (weights, a if known.incoming else None)
        z, bias = plain("z", e.layer, e.unit), float(record.biases_before[index][e.unit])
        rows = self.product_rows(
            frame,
            index,
            factors,
            weights * a,
            float(e.z[sample]) if known.forward else None,
            known=known.incoming,
            sum_name=z,
            added=[(self.tr("old bias") if known.update else self.tr("bias"), bias)],
        )
        below = plain("a", index) if index else "x"
        weight = self.tr("old w") if known.update else self.tr("weight")
        header = (Cell(self.tr("from")), Cell(weight), Cell(below), Cell(self.tr("product")))
        self._table.reserve(lines_of_sum(max(record.sizes[:-1]), 1))
        self._table.set_rows(rows, header, footer=1)
        self.set_title(self.tr("{symbol} comes from").format(symbol=z))


class TermsSection(Section):
    """The upstream gradient as the sum over the next units of weight times delta."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._table = Table("lrrr")
        self._table.setObjectName("chainRuleTerms")
        self.fill(self._table)

    def applies(self, e: Explanation) -> bool:
        return not e.is_output and not e.is_softmax

    def explain(self, frame: Frame, e: Explanation, known: Known, sample: int) -> None:
        terms = e.terms[sample]
        delta = frame.record.delta[e.layer][sample]
        factors = (e.weights_onward[e.unit], delta if known.upstream else None)
        total = float(e.upstream[sample]) if known.upstream else None
        rows = self.product_rows(frame, e.layer + 1, factors, terms, total, known=known.upstream)
        above = plain(DELTA, e.layer + 1)
        weight = self.tr("old w") if known.update else self.tr("weight")
        if e.experiment.update_order == "output_first":  # delta came back through these
            weight = self.tr("new w")
        header = (
            Cell(self.tr("to")),
            Cell(weight),
            Cell(above),
            Cell(self.tr("product")),
        )
        onward = frame.record.sizes[2:] if e.layer else frame.record.sizes[1:2]
        self._table.reserve(lines_of_sum(max(onward)))
        self._table.set_rows(rows, header, footer=int(len(terms) > 1))
        symbol = plain("a", e.layer, e.unit) if e.layer else symbols.parameter_plain(e)
        self.set_title(self.tr("{symbol} comes from").format(symbol=f"∂L/∂{symbol}"))


class JacobianSection(Section):
    """The delta of a softmax unit as the sum over the layer's activations, each of which it moves."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._table = Table("lrrr")
        self._table.setObjectName("chainRuleJacobian")
        self.fill(self._table)

    def applies(self, e: Explanation) -> bool:
        return e.is_softmax

    def explain(self, frame: Frame, e: Explanation, known: Known, sample: int) -> None:
        total = float(e.delta[sample]) if known.delta else None
        if e.is_factored[sample]:
            upstream, slope = e.upstream[sample], e.slope[sample]
            factors = (upstream if known.upstream else None, slope if known.slope else None)
            rows = self.product_rows(frame, e.layer, factors, upstream * slope, total, known=known.upstream)
        else:
            name = self.tr("beyond double precision")
            tip = self.tr("∂L/∂a or the slope is beyond what double precision holds; their product is not")
            rows = [
                (Cell(name, role="muted", tip=tip), EMPTY, EMPTY, EMPTY),
                (Cell(self.tr("sum"), role="strong"), EMPTY, EMPTY, number(total, "strong")),
            ]
        z = plain("z", e.layer, e.unit)
        header = (Cell(self.tr("through")), Cell("∂L/∂aᵢ"), Cell(f"∂aᵢ/∂{z}"), Cell(self.tr("product")))
        self._table.reserve(lines_of_sum(frame.record.sizes[e.layer]))
        self._table.set_rows(rows, header, footer=1)
        self.set_title(self.tr("{symbol} comes from").format(symbol=f"∂L/∂{z}"))


class LossTermsSection(Section):
    """The derivative of the loss by an output, and what it cancels to with its natural activation."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._table = Table("lr")
        self._table.setObjectName("chainRuleLossTerms")
        self.fill(self._table)

    def applies(self, e: Explanation) -> bool:
        return e.is_output and (not e.is_softmax or e.is_matched)

    def explain(self, frame: Frame, e: Explanation, known: Known, sample: int) -> None:
        loss, record = frame.experiment.loss, frame.record
        output, target = float(e.a[sample]), float(record.targets[sample, e.unit])

        def derivative(a: float, t: float) -> float:
            outputs, targets = record.a[-1][sample].copy(), record.targets[sample].copy()
            outputs[e.unit], targets[e.unit] = a, t
            with np.errstate(all="ignore"):
                return float(loss.gradient(outputs[None], targets[None])[0, e.unit]) * e.scale

        shown = agreeing(derivative, (output, target), 0.0 if e.is_softmax else float(e.upstream[sample]))
        a, t = plain("a", e.layer, e.unit), plain("t", None, e.unit)
        rows: list[Row] = [
            (Cell(a, tip=self.tr("output")), number(output if known.forward else None, text=shown.terms[0])),
            (Cell(t, tip=self.tr("target")), number(target, text=shown.terms[1])),
        ]
        rows += self._own_units(record, e.unit, (output if known.forward else None, target))
        if e.scale != 1.0:
            rows.append((Cell(self.tr("1/B, mean over the batch")), Cell(f"1/{record.batch}", e.scale)))
        if not e.is_softmax:
            formula = symbols.reduced(e.experiment, record.batch, loss.gradient_formula)
            rows.append((Cell("∂L/∂a", latex=rf"\partial L/\partial a_i = {formula}"), EMPTY))
            upstream = float(e.upstream[sample]) if known.upstream else None
            cell = number(upstream, "strong", text=shown.result)
            if upstream is not None and e.is_matched and np.isinf(upstream):
                cell = cell._replace(text="> 10³⁰⁸" if upstream > 0 else "< −10³⁰⁸")
            rows.append((Cell(f"∂L/∂{a}", role="strong"), cell))
        if e.is_matched:
            difference = float(e.cancelled[sample]) / e.scale
            difference *= loss.matched_parts(len(record.targets[sample]))
            tip = self.tr("Computed from z: it is not lost where the output is rounded to 1")
            rows.append((Cell(f"{a} − {t}", tip=tip), number(difference if known.delta else None)))
            natural = symbols.reduced(e.experiment, record.batch, loss.natural_formula)
            formula = rf"\partial L/\partial z_i = {natural}"
            tip = self.tr("The slope and the derivative of the loss cancel to this.")
            rows.append((Cell("∂L/∂z", latex=formula, tip=tip), EMPTY))
            cell = number(float(e.delta[sample]) if known.delta else None, "strong")
            if known.delta and np.isclose(e.delta[sample], e.cancelled[sample], rtol=1e-6, atol=0.0):
                cell = cell._replace(text=cell.text + " ✓")
            name = self.tr("{symbol} after cancelling")
            rows.append((Cell(name.format(symbol=f"∂L/∂{plain('z', e.layer, e.unit)}"), role="strong"), cell))
        self._table.reserve(len(rows))
        self._table.set_rows(rows, footer=1)
        of = "z" if e.is_softmax else "a"
        symbol = f"∂L/∂{plain(of, e.layer, e.unit)}"
        self.set_title(self.tr("{symbol} of {loss}").format(symbol=symbol, loss=word(loss.name)))

    def _own_units(self, record: StepRecord, unit: int, pair: tuple[float | None, float]) -> list[Row]:
        """Output and target in the data's own unit, where the network is taught scaled targets."""
        if record.target_offset is None or record.target_scale is None:
            return []
        offset, scale = float(record.target_offset[unit]), float(record.target_scale[unit])
        tip = self.tr("The targets are scaled: loss and δ are of t = (y − m) / s, not of y itself.")
        scale_name, offset_name = self.tr("s, scale of the target"), self.tr("m, offset of the target")
        rows: list[Row] = [
            (Cell(scale_name, tip=tip), number(scale)),
            (Cell(offset_name, tip=tip), number(offset)),
        ]
        own = self.tr("In the data's own unit")
        for name, value in zip(("ŷ = s · a + m", "y = s · t + m"), pair, strict=True):
            rows.append((Cell(name, tip=own), number(None if value is None else value * scale + offset)))
        return rows
