r"""A step worked out on paper: Markdown with LaTeX, symbols first, then the numbers put in.

`derivation` writes down why one gradient is what it is, or the whole step as matrices: a worked
solution that can be handed out. Layers stand in brackets above a symbol, units below it, counted from
1: :math:`w^{(2)}_{31}` leads from unit 3 of layer 1 to unit 1 of layer 2.
"""

from __future__ import annotations

from engine.data.dataset import Dataset
from engine.data.preparation import prepare_for
from engine.errors import QT_TRANSLATE_NOOP
from engine.experiment import Experiment
from engine.explain.chain_rule import explain
from engine.explain.derivation.page import (
    MOST_ROWS,
    MOST_UNITS,
    Page,
    Translate,
    batch_loss,
    derivative,
    fraction,
    matched_parts,
    matrix_of,
    row_text,
)
from engine.explain.derivation.parameter import OneParameter
from engine.explain.derivation.raw import RawRows
from engine.explain.symbols import DELTA, latex
from engine.parts import Unit
from engine.records import StepRecord


def _same(text: str) -> str:
    return text


def derivation(
    experiment: Experiment,
    record: StepRecord,
    *,
    weight: tuple[int, Unit, Unit] | None = None,
    bias: tuple[int, Unit] | None = None,
    sample: int | None = None,
    all_samples: bool = False,
    dataset: Dataset | None = None,
    digits: int = 6,
    translate: Translate = _same,
) -> str:
    """Write a step down: of one weight or bias, or all of it.

    Parameters
    ----------
    experiment : Experiment
        That the record was made with.
    record : StepRecord
    weight : (l, i, j), optional
        The weight of layer l = 1..L from unit i of layer l - 1 to unit j. Here units count from 0, or are
        named as in `explain`; what is written counts them from 1, with their names.
    bias : (l, j), optional
    sample : int, optional
        The row of the mini-batch, from 0, whose factors are written out; the first if None. Of no effect for
        the whole step, which has all rows.
    all_samples : bool
        Whether every row of the mini-batch is written out, however many there are.
    dataset : Dataset, optional
        That the record was made with: then the rows are written as they are in it, too, and how they are
        filled and scaled.
    digits : int
        Significant digits of the numbers.
    translate : callable
        Turns the English templates (marked with the context ``derivation``) and the labels of rules
        (context ``catalogue``) into another language.

    Returns
    -------
    str
        Markdown; formulas between dollar signs.

    Raises
    ------
    ExperimentError
        ``parameter_unknown`` if the network has no such weight or bias.
    TypeError
        If both a weight and a bias are given.
    """
    page = Page(experiment, record, digits, translate, all_samples)
    raw = None if dataset is None else RawRows(page, prepare_for(experiment, dataset), dataset)
    if weight is None and bias is None:
        _WholeStep(page, raw).write()
    else:
        e = explain(experiment, record, weight=weight, bias=bias)
        OneParameter(page, e, range(record.batch) if all_samples else [sample or 0], raw).write()
    return "\n".join(page.lines).rstrip() + "\n"


class _WholeStep:
    """The derivation of a step: matrices, with a row for each sample."""

    def __init__(self, page: Page, raw: RawRows | None) -> None:
        self.page, self.record, self.experiment, self.raw = page, page.record, page.experiment, raw
        self.layers = range(1, len(page.record.z) + 1)

    def write(self) -> None:
        page, record = self.page, self.record
        page.title(1, QT_TRANSLATE_NOOP("derivation", "Step {step}, worked out"), step=record.step)
        page.setting()
        page.text(
            QT_TRANSLATE_NOOP(
                "derivation",
                "Matrices have a row for each sample of the mini-batch; $\\odot$ multiplies entry by entry.",
            )
        )
        if max(0 if page.all_samples else record.batch, *record.sizes) > MOST_UNITS:
            page.text(
                QT_TRANSLATE_NOOP(
                    "derivation", "Of large matrices the first rows and columns and the last are written out."
                )
            )
        self._data()
        self._forward()
        self._loss()
        self._backward()
        self._update()

    def _data(self) -> None:
        page, record = self.page, self.record
        page.title(2, QT_TRANSLATE_NOOP("derivation", "Data"))
        rows = ", ".join(row_text(int(index)) for index in record.indices[:MOST_ROWS])
        more = ", …" if record.batch > MOST_ROWS else ""
        if self.raw is not None:
            self.raw.write()
        page.text(QT_TRANSLATE_NOOP("derivation", "Rows {rows} of the data set."), rows=rows + more)
        page.formula("X", page.matrix(record.a[0]))
        page.formula("T", page.matrix(record.targets))
        page.own_unit()

    def _forward(self) -> None:
        page, record = self.page, self.record
        page.title(2, QT_TRANSLATE_NOOP("derivation", "Forward pass"))
        for layer in self.layers:
            below, index = matrix_of(layer - 1), layer - 1
            W, b, Z, A = (latex(name, layer) for name in ("W", "b", "Z", "A"))
            page.title(3, page.layer(layer))
            page.formula(W, page.matrix(record.weights_before[index]))
            page.formula(b, page.matrix(record.biases_before[index]))
            page.formula(Z, f"{below}\\,{W} + {b}", page.matrix(record.z[index]))
            mask = record.dropout_masks[index]
            if mask is not None:
                page.formula(latex("M", layer), page.matrix(mask))
            masked = "" if mask is None else rf" \odot {latex('M', layer)}"
            page.formula(A, f"f({Z}){masked}", page.matrix(record.a[layer]))

    def _loss(self) -> None:
        page, record = self.page, self.record
        page.title(2, QT_TRANSLATE_NOOP("derivation", "Loss"))
        page.formula("L_s", self.experiment.loss.formula)
        for s in range(min(record.batch, page.most_rows)):
            page.formula(f"L_{{{s + 1}}}", *page.loss_numbers(s))
        batch_loss(page)

    def _backward(self) -> None:
        page, record, experiment = self.page, self.record, self.experiment
        page.title(2, QT_TRANSLATE_NOOP("derivation", "Backward pass"))
        if experiment.reduction == "mean" and record.batch > 1:
            page.text(
                QT_TRANSLATE_NOOP(
                    "derivation", "All derivatives are of the mean loss: $\\frac{{1}}{{{batch}}}$ is in them."
                ),
                batch=record.batch,
            )
        if experiment.update_order == "output_first":
            page.text(
                QT_TRANSLATE_NOOP(
                    "derivation",
                    "A layer is updated before its delta goes on to the layer below: the weights that it "
                    "goes back through are the new ones, so that below the output these are not the "
                    "gradients of the loss.",
                )
            )
        for layer in reversed(self.layers):
            page.title(3, page.layer(layer))
            self._delta(layer)
            self._gradients(layer)

    def _delta(self, layer: int) -> None:
        page, record, experiment = self.page, self.record, self.experiment
        index, rule = layer - 1, experiment.layers[layer - 1].activation
        delta, Z, A = latex(DELTA, layer), latex("Z", layer), latex("A", layer)
        if layer == self.layers[-1]:
            upstream = derivative("L", A)
            if experiment.loss.natural == rule.name:
                parts = matched_parts(experiment, record)
                scale = "" if parts == 1 else fraction(parts)
                page.formula(delta, rf"{scale}\left({A} - T\right)", page.matrix(record.delta[index]))
                return
        else:
            following = layer + 1
            W = latex("W", following)
            if experiment.update_order == "output_first":
                W = latex(r"\tilde{W}", following)
                page.formula(W, page.matrix(record.weights_after[following - 1]))
            upstream = rf"\left({latex(DELTA, following)}\,{{{W}}}^{{\top}}\right)"
        if rule.elementwise:
            page.formula(f"f'({Z})", page.matrix(rule.slope(record.z[index])))
            masked = "" if record.dropout_masks[index] is None else rf" \odot {latex('M', layer)}"
            page.formula(delta, rf"{upstream} \odot f'({Z}){masked}", page.matrix(record.delta[index]))
        else:
            page.text(
                QT_TRANSLATE_NOOP(
                    "derivation", "Each row of $\\delta$ is multiplied with the Jacobian of its softmax:"
                )
            )
            page.formula(
                latex(DELTA, layer, "s", "j"),
                rf"\sum_i {upstream}_{{si}}\,a_{{si}}\,([i = j] - a_{{sj}})",
            )
            page.formula(delta, page.matrix(record.delta[index]))

    def _gradients(self, layer: int) -> None:
        page, record, index = self.page, self.record, layer - 1
        delta, below = latex(DELTA, layer), matrix_of(layer - 1)
        page.formula(
            derivative("L", latex("W", layer)),
            rf"{{{below}}}^{{\top}}\,{delta}",
            page.matrix(record.weight_grads[index]),
        )
        averaged = self.experiment.bias_reduction == "mean" and self.experiment.reduction == "sum"
        scale = fraction(record.batch) if averaged else ""
        page.formula(
            derivative("L", latex("b", layer)),
            rf"{scale}\sum_s {delta}_s",
            page.matrix(record.bias_grads[index]),
        )

    def _update(self) -> None:
        page, record, experiment = self.page, self.record, self.experiment
        page.title(
            2,
            QT_TRANSLATE_NOOP("derivation", "Update ({optimizer})"),
            optimizer=page.say(experiment.optimizer.label),
        )
        regularizer = experiment.regularizer
        g = derivative("L", "w")
        if regularizer.name != "none":
            g += f" + {regularizer.gradient_formula}"
            page.penalty()
        page.formula("g", g)
        page.clipping(r"g \leftarrow " + experiment.clipping.formula)
        for rule in experiment.optimizer.formula.split(r",\ "):
            page.formula(rule)
        for symbol, value in page.parameters(experiment.optimizer).items():
            page.formula(symbol, value)
        if record.slots_after:
            page.formula("t", str(record.optimizer_step))
        for layer in self.layers:
            page.title(3, page.layer(layer))
            index = layer - 1
            for which, (name, frozen) in enumerate(
                (("W", record.frozen_weights), ("b", record.frozen_biases))
            ):
                symbol = latex(name, layer)
                for slot, arrays in record.slots_after.items():
                    before = record.slots_before[slot][which][index]
                    page.formula(rf"{slot}_{{{symbol}}}^{{{record.step - 1}}}", page.matrix(before))
                    name = rf"{slot}_{{{symbol}}}^{{{record.step}}}"
                    page.formula(name, page.matrix(arrays[which][index]))
                after = (record.weights_after, record.biases_after)[which][index]
                page.formula(rf"{symbol} \leftarrow {page.matrix(after)}")
                if frozen[index].any():
                    page.text(
                        QT_TRANSLATE_NOOP("derivation", "Of ${symbol}$, {count} are held."),
                        symbol=symbol,
                        count=int(frozen[index].sum()),
                    )
