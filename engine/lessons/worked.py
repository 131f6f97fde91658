r"""A step worked out so that it can be checked by hand: raw rows, their scaling, every sum with its numbers.

Where `engine.explain.derivation` says why one gradient is what it is, this is the whole of a small step, unit
by unit: each line follows from those above it with the digits that are printed.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from engine.arrays import FloatArray
from engine.data.dataset import Dataset
from engine.data.preparation import Prepared
from engine.digits import digits_that_agree
from engine.errors import QT_TRANSLATE_NOOP
from engine.explain.chain_rule import Explanation, explain
from engine.explain.derivation import derivation
from engine.explain.derivation.page import (
    Page,
    batch_loss,
    derivative,
    fraction,
    matched_parts,
    put_in,
    row_text,
)
from engine.explain.symbols import DELTA, activation_latex, latex
from engine.records import StepRecord

MOST_PARAMETERS = 60
MOST_ROWS = 6
"""Of larger steps the matrices are written, not every sum."""

DIGITS = 6


def worked(
    record: StepRecord,
    prepared: Prepared | None,
    dataset: Dataset | None,
    say: Callable[[str], str],
    by_hand: bool = True,
) -> str:
    """Write a step down.

    Parameters
    ----------
    record : StepRecord
    prepared : Prepared, optional
        How its rows were scaled; with `dataset`, which has them as they were.
    say : callable
        Turns English sentences into another language.
    by_hand : bool
        Whether every sum is written, as is done for a small step; else its matrices.

    Returns
    -------
    str
        Markdown with LaTeX.
    """
    size = sum(w.size + b.size for w, b in zip(record.weights_before, record.biases_before, strict=True))
    page = Page(record.experiment, record, DIGITS, say)
    writer = _Worked(page, prepared, dataset)
    if not by_hand or size > MOST_PARAMETERS or record.batch > MOST_ROWS:
        writer.rows()
        whole = derivation(record.experiment, record, digits=DIGITS, translate=say)
        return "\n".join(page.lines) + "\n" + whole.replace("\n# ", "\n## ")
    writer.write()
    return "\n".join(page.lines).rstrip() + "\n"


class _Worked:
    def __init__(self, page: Page, prepared: Prepared | None, dataset: Dataset | None) -> None:
        self.page, self.record, self.prepared, self.dataset = page, page.record, prepared, dataset
        self.experiment = page.experiment
        self.layers = range(1, len(self.record.z) + 1)

    def write(self) -> None:
        page = self.page
        page.title(2, QT_TRANSLATE_NOOP("lessons", "Step {step}, worked out"), step=self.record.step)
        page.setting()
        self.rows()
        self.parameters()
        for sample in range(self.record.batch):
            self.sample(sample)
        if self.record.batch > 1:
            page.title(3, QT_TRANSLATE_NOOP("lessons", "The loss of the mini-batch"))
            batch_loss(page)
        self.gradients()
        self.update()

    # -- where it begins -----------------------------------------------------------------------------

    def rows(self) -> None:
        """Write the rows as they stand in the data, and what the network gets of them."""
        page, record = self.page, self.record
        page.title(3, QT_TRANSLATE_NOOP("lessons", "The rows and their scaling"))
        raw = self.raw()
        prepared = self.prepared
        sample = page.say(QT_TRANSLATE_NOOP("derivation", "sample {sample}, row {row}"))
        scaled = prepared is not None and bool((prepared.offset != 0).any() or (prepared.scale != 1).any())
        if scaled:
            page.text(
                QT_TRANSLATE_NOOP(
                    "lessons",
                    "A feature is scaled, $x = (r - m) / s$, with $m$ and $s$ of the training rows:",
                )
            )
        else:
            page.text(QT_TRANSLATE_NOOP("lessons", "The features are taken as they are:"))
        header = [page.say(QT_TRANSLATE_NOOP("lessons", "feature"))]
        for s in range(min(record.batch, MOST_ROWS)):
            name = sample.format(sample=s + 1, row=row_text(int(record.indices[s])))
            header += [f"{name}: $r$", "$x$"] if scaled else [f"{name}: $x$"]
        header += ["$m$", "$s$"] if scaled else []
        rows = []
        for i in range(record.sizes[0]):
            row = [page.unit(0, i)]
            for s in range(min(record.batch, MOST_ROWS)):
                x = float(record.a[0][s, i])
                if scaled and prepared is not None:
                    m, d = float(prepared.offset[i]), float(prepared.scale[i])
                    of_terms, of_x = digits_that_agree(
                        lambda r, m, d: (r - m) / d, (float(raw[s, i]), m, d), x, page.digits
                    )
                    row += [page.cell(raw[s, i], of_terms), page.cell(x, of_x)]
                else:
                    row.append(page.cell(x))
            if scaled and prepared is not None:
                row += [page.cell(prepared.offset[i], 8), page.cell(prepared.scale[i], 8)]
            rows.append(row)
        page.table(header, rows)
        if record.batch > MOST_ROWS:
            page.text(
                QT_TRANSLATE_NOOP("lessons", "There are {count} rows more."), count=record.batch - MOST_ROWS
            )
        self.targets()

    def raw(self) -> FloatArray:
        record = self.record
        if self.dataset is None or (record.indices < 0).any():
            return record.a[0]
        raw = self.dataset.inputs[record.indices]
        return np.where(np.isnan(raw), self.prepared.fill, raw) if self.prepared is not None else raw

    def targets(self) -> None:
        page, record = self.page, self.record
        page.own_unit()
        rows = []
        for k in range(record.targets.shape[1]):
            cells = [page.cell(record.targets[s, k]) for s in range(min(record.batch, MOST_ROWS))]
            rows.append([page.unit(len(record.z), k), *cells])
        shown = range(1, min(record.batch, MOST_ROWS) + 1)
        sample = page.say(QT_TRANSLATE_NOOP("derivation", "sample"))
        page.table(
            [page.say(QT_TRANSLATE_NOOP("lessons", "target")), *(f"{sample} {s}: $t$" for s in shown)], rows
        )

    def parameters(self) -> None:
        page, record = self.page, self.record
        page.title(3, QT_TRANSLATE_NOOP("lessons", "Weights and biases before the step"))
        page.text(
            QT_TRANSLATE_NOOP(
                "lessons", "Row $i$, column $j$ of $W$ is the weight from unit $i$ to unit $j$."
            )
        )
        for layer in self.layers:
            page.formula(latex("W", layer), page.matrix(record.weights_before[layer - 1]))
            page.formula(latex("b", layer), page.matrix(record.biases_before[layer - 1]))

    # -- a sample --------------------------------------------------------------------------------------

    def sample(self, s: int) -> None:
        page, record = self.page, self.record
        page.title(3, QT_TRANSLATE_NOOP("lessons", "Sample {sample}, forward"), sample=s + 1)
        for layer in self.layers:
            for unit in range(record.sizes[layer]):
                self.pre_activation(s, layer, unit)
            if self.experiment.layers[layer - 1].activation.elementwise:
                for unit in range(record.sizes[layer]):
                    self.activation(s, layer, unit)
            else:
                self.softmax(s, layer)
        page.formula(f"L_{{{s + 1}}}", self.experiment.loss.formula, *page.loss_numbers(s))
        page.title(3, QT_TRANSLATE_NOOP("lessons", "Sample {sample}, backward"), sample=s + 1)
        if self.experiment.reduction == "mean" and record.batch > 1:
            page.text(
                QT_TRANSLATE_NOOP(
                    "derivation", "All derivatives are of the mean loss: $\\frac{{1}}{{{batch}}}$ is in them."
                ),
                batch=record.batch,
            )
        for layer in reversed(self.layers):
            for unit in range(record.sizes[layer]):
                self.delta(s, layer, unit)

    def pre_activation(self, s: int, layer: int, unit: int) -> None:
        page, record = self.page, self.record
        weights = record.weights_before[layer - 1][:, unit]
        bias, z = float(record.biases_before[layer - 1][unit]), float(record.z[layer - 1][s, unit])
        below = activation_latex(layer - 1, "i")
        symbols = rf"\sum_i {latex('w', layer, 'i', unit)}\,{below} + {latex('b', layer, unit)}"
        numbers = page.scalar_products(weights, record.a[layer - 1][s], z, bias)
        page.formula(latex("z", layer, unit), symbols, *numbers)

    def activation(self, s: int, layer: int, unit: int) -> None:
        page, record = self.page, self.record
        rule, mask = self.experiment.layers[layer - 1].activation, record.dropout_masks[layer - 1]
        z, a = float(record.z[layer - 1][s, unit]), float(record.a[layer][s, unit])
        kept = 1.0 if mask is None else float(mask[s, unit])
        with page.agreeing(lambda z: kept * float(rule.value(np.array([z]))[0]), (z,), a) as shown:
            numbers = put_in(rule.formula, {"z": page.factor(z)})
        value = f"f({latex('z', layer, unit)})"
        if mask is not None:
            value = rf"{page.number(kept)} \cdot {value}"
            numbers = rf"{page.number(kept)} \cdot \left({numbers}\right)" if numbers else ""
        page.formula(latex("a", layer, unit), value, numbers, shown)

    def softmax(self, s: int, layer: int) -> None:
        """Write the arithmetic of a softmax: each exponential, their sum, each quotient."""
        page, record = self.page, self.record
        z, a = record.z[layer - 1][s], record.a[layer][s]
        largest = float(z.max())
        shift = largest if abs(largest) > 30 else 0.0  # what is taken from every z changes nothing
        exponentials = np.exp(z - shift)
        total = float(exponentials.sum())
        if shift:
            page.text(
                QT_TRANSLATE_NOOP(
                    "lessons", "The largest, ${largest}$, is taken from every $z$, which changes nothing:"
                ),
                largest=page.number(shift),
            )
        power = "e^{z}" if not shift else "e^{z - m}"
        rows = []
        for unit in range(len(z)):
            a_digits, of_a = digits_that_agree(
                lambda e, t: e / t, (float(exponentials[unit]), total), float(a[unit]), page.digits
            )
            of_z, _ = digits_that_agree(
                lambda z: math.exp(z - shift), (float(z[unit]),), float(exponentials[unit]), a_digits
            )
            rows.append(
                [
                    page.unit(layer, unit),
                    page.cell(z[unit], of_z),
                    page.cell(exponentials[unit], a_digits),
                    page.cell(a[unit], of_a),
                ]
            )
        rows.append([page.say(QT_TRANSLATE_NOOP("derivation", "sum")), "", page.cell(total, 8), "$1$"])
        page.table(
            [
                page.say(QT_TRANSLATE_NOOP("derivation", "unit")),
                f"${latex('z', layer)}$",
                f"${power}$",
                rf"${latex('a', layer)} = {power} / \sum$",
            ],
            rows,
        )

    def delta(self, s: int, layer: int, unit: int) -> None:
        page = self.page
        e = explain(self.experiment, self.record, unit=(layer, unit))
        symbol, delta = latex(DELTA, layer, unit), float(e.delta[s])
        if e.is_matched:
            parts = matched_parts(self.experiment, self.record)
            pair = float(e.a[s]), float(self.record.targets[s, unit])
            with page.agreeing(lambda a, t: (a - t) / parts, pair, delta) as shown:
                numbers = f"{page.number(pair[0])} - {page.factor(pair[1])}"
            scale = "" if parts == 1 else rf"{fraction(parts)} \cdot "
            symbols = rf"{scale}\left({latex('a', layer, unit)} - t_{{{unit + 1}}}\right)"
            page.formula(symbol, symbols, rf"{scale}\left({numbers}\right)" if scale else numbers, shown)
            return
        a = latex("a", layer, unit)
        if e.is_softmax:
            self.through_softmax(s, e, symbol)
            return
        if e.is_output:
            self.gradient_of_loss(s, e, a)
        else:
            onward, deltas = e.weights_onward[unit], self.record.delta[layer][s]
            w, d = latex("w", layer + 1, unit, "k"), latex(DELTA, layer + 1, "k")
            sent = page.scalar_products(onward, deltas, float(e.upstream[s]))
            page.formula(derivative("L", a), rf"\sum_k {w}\,{d}", *sent)
        factors = float(e.upstream[s]), float(e.slope[s])
        self.slope(s, e)
        with page.agreeing(lambda *all: math.prod(all), factors, delta) as shown:
            product = page.product(factors)
        page.formula(symbol, rf"{derivative('L', a)} \cdot f'({latex('z', layer, unit)})", product, shown)

    def gradient_of_loss(self, s: int, e: Explanation, a: str) -> None:
        page, targets = self.page, self.record.targets[s]
        gradient = self.experiment.loss.gradient_formula
        upstream = float(e.upstream[s])

        def combine(a: float, t: float) -> float:
            outputs, aims = self.record.a[-1][s].copy(), targets.copy()
            outputs[e.unit], aims[e.unit] = a, t
            with np.errstate(all="ignore"):
                return float(self.experiment.loss.gradient(outputs[None], aims[None])[0, e.unit]) * e.scale

        with page.agreeing(combine, (float(e.a[s]), float(targets[e.unit])), upstream) as shown:
            values = {
                "a_i": page.factor(float(e.a[s])),
                "t_i": page.factor(float(targets[e.unit])),
                "k": str(len(targets)),
            }
            numbers = put_in(gradient, values)
        symbols = rf"\left({gradient}\right)_{{i = {e.unit + 1}}}"
        page.formula(derivative("L", a), page.share(symbols), page.share(numbers), shown)

    def slope(self, s: int, e: Explanation) -> None:
        page, rule = self.page, e.rule
        assert rule is not None
        z, a, kept = float(e.z[s]), float(e.a[s]), 1.0
        if e.mask is not None:
            kept = float(e.mask[s, e.unit])
            a = float(rule.value(np.array([z]))[0])

        def value(z: float, a: float) -> float:
            in_a = rule.slope_in_a(np.array([a]))
            return kept * float((rule.slope(np.array([z])) if in_a is None else in_a)[0])

        with page.agreeing(value, (z, a), float(e.slope[s])) as shown:
            numbers = put_in(rule.slope_formula, {"z": page.factor(z), "a": page.factor(a)})
        mask = "" if e.mask is None else rf"{page.number(kept)} \cdot "
        numbers = rf"{mask}\left({numbers}\right)" if numbers and mask else numbers
        page.formula(f"f'({latex('z', e.layer, e.unit)})", f"{mask}{rule.slope_formula}", numbers, shown)

    def through_softmax(self, s: int, e: Explanation, symbol: str) -> None:
        page = self.page
        numbers = page.scalar_products(e.upstream[s], e.slope[s], float(e.delta[s]))
        j = e.unit + 1
        page.formula(
            symbol,
            rf"\sum_i {derivative('L', 'a_i')}\,a_i\,([i = {j}] - a_{{{j}}})",
            *numbers,
        )

    # -- the batch -------------------------------------------------------------------------------------

    def gradients(self) -> None:
        page, record = self.page, self.record
        title = QT_TRANSLATE_NOOP("lessons", "Gradients: the samples' shares, added up")
        page.title(3, title)
        for layer in reversed(self.layers):
            for unit in range(record.sizes[layer]):
                deltas = record.delta[layer - 1][:, unit]
                for source in range(record.sizes[layer - 1]):
                    incoming = record.a[layer - 1][:, source]
                    gradient = float(record.weight_grads[layer - 1][source, unit])
                    w = latex("w", layer, source, unit)
                    below = activation_latex(layer - 1, source)
                    symbols = (
                        rf"\sum_s {below}\,{latex(DELTA, layer, unit)}"
                        if record.batch > 1
                        else rf"{below}\,{latex(DELTA, layer, unit)}"
                    )
                    page.formula(
                        derivative("L", w), symbols, *page.scalar_products(incoming, deltas, gradient)
                    )
                self.gradient_of_bias(layer, unit, deltas)

    def gradient_of_bias(self, layer: int, unit: int, deltas: FloatArray) -> None:
        page, record = self.page, self.record
        gradient = float(record.bias_grads[layer - 1][unit])
        parts = (
            len(deltas)
            if self.experiment.bias_reduction == "mean" and self.experiment.reduction == "sum"
            else 1
        )
        values = [float(value) for value in deltas]
        with page.agreeing(lambda *all: math.fsum(all) / parts, values, gradient) as shown:
            numbers = page.total([page.number(value) for value in values])
        scale = "" if parts == 1 else rf"{fraction(parts)} \cdot "
        numbers = rf"{scale}\left({numbers}\right)" if scale else numbers
        symbols = (
            rf"{scale}\sum_s {latex(DELTA, layer, unit)}" if record.batch > 1 else latex(DELTA, layer, unit)
        )
        same = numbers == shown
        page.formula(derivative("L", latex("b", layer, unit)), symbols, "" if same else numbers, shown)

    def update(self) -> None:
        page, record = self.page, self.record
        page.title(
            3,
            QT_TRANSLATE_NOOP("derivation", "Update ({optimizer})"),
            optimizer=page.say(self.experiment.optimizer.label),
        )
        for layer in self.layers:
            for unit in range(record.sizes[layer]):
                for source in range(record.sizes[layer - 1]):
                    place = (layer, source, unit)
                    self.updated(latex("w", *place), explain(self.experiment, record, weight=place))
                bias = latex("b", layer, unit)
                self.updated(bias, explain(self.experiment, record, bias=(layer, unit)))

    def updated(self, name: str, e: Explanation) -> None:
        page, update = self.page, e.update
        assert update is not None
        if update.frozen:
            page.text(
                QT_TRANSLATE_NOOP("lessons", "${name}$ is held: it stays ${value}$."),
                name=name,
                value=page.number(update.before),
            )
            return
        for slot, value in update.slots_before.items():
            page.formula(slot, page.number(value))
        *terms, change = update.terms
        if terms:
            for term in update.terms:
                page.term(term)
        new = change.taken_from("w", update.before, update.after, whole=not terms)
        rule = change.taken_from("w", update.before, update.after, whole=True).formula
        page.term(new, rf"{name} \leftarrow {rule.replace('w', name)}")
