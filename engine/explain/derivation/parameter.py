"""Why the gradient of one weight or bias is what it is, factor by factor."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from engine.errors import QT_TRANSLATE_NOOP
from engine.explain.chain_rule import Explanation, explain
from engine.explain.derivation.page import (
    MOST_UNITS,
    SURE,
    Page,
    batch_loss,
    derivative,
    fraction,
    matched_parts,
    put_in,
    row_text,
)
from engine.explain.derivation.raw import RawRows
from engine.explain.symbols import DELTA, activation_latex, latex
from engine.explain.update import Update


class OneParameter:
    """The derivation of one weight or bias."""

    def __init__(self, page: Page, e: Explanation, samples: Sequence[int], raw: RawRows | None) -> None:
        self.page, self.e, self.sample = page, e, samples[0]
        self.samples, self.raw = samples, raw
        self._units: dict[tuple[int, int], Explanation] = {}
        self.record, self.experiment = page.record, page.experiment
        if e.kind == "weight":
            self.name = latex("w", e.layer, e.source, e.unit)
        else:
            self.name = latex("b", e.layer, e.unit)

    def write(self) -> None:
        """Write all of it on the page."""
        page, e = self.page, self.e
        if e.kind == "weight":
            page.title(
                1,
                QT_TRANSLATE_NOOP("derivation", "The weight ${symbol}$ from {source} to {unit}"),
                symbol=self.name,
                source=page.unit(e.layer - 1, e.source),
                unit=page.unit(e.layer, e.unit),
            )
        else:
            page.title(
                1,
                QT_TRANSLATE_NOOP("derivation", "The bias ${symbol}$ of {unit}"),
                symbol=self.name,
                unit=page.unit(e.layer, e.unit),
            )
        page.setting()
        for sample in self.samples:
            self.sample = sample
            self._forward()
            self._loss()
            self._deltas()
            self._factors()
        self._shares()
        self._update()

    # -- forward -----------------------------------------------------------------------------------

    def _forward(self) -> None:
        page, record, s = self.page, self.record, self.sample
        page.title(
            2,
            QT_TRANSLATE_NOOP("derivation", "Forward pass of sample {sample} (row {row})"),
            sample=s + 1,
            row=row_text(int(record.indices[s])),
        )
        if self.raw is not None:
            self.raw.write_row(s)
        page.formula("x", page.matrix(record.a[0][s]))
        for layer in range(1, len(record.z) + 1):
            units = record.sizes[layer]
            if units <= MOST_UNITS:
                for unit in range(units):
                    self._sum(layer, unit)
                    if self.experiment.layers[layer - 1].activation.elementwise:
                        self._activation(layer, unit)
                if not self.experiment.layers[layer - 1].activation.elementwise:
                    self._normalised(layer)
            else:
                page.formula(latex("z", layer), page.matrix(record.z[layer - 1][s]))
                page.formula(latex("a", layer), page.matrix(record.a[layer][s]))
                if layer == self.e.layer:
                    self._sum(layer, self.e.unit)
                    self._activation(layer, self.e.unit)

    def _sum(self, layer: int, unit: int) -> None:
        """Write a pre-activation."""
        page, record, s = self.page, self.record, self.sample
        weights, bias = record.weights_before[layer - 1][:, unit], record.biases_before[layer - 1][unit]
        below = activation_latex(layer - 1, "i")
        symbols = rf"\sum_i {latex('w', layer, 'i', unit)}\,{below} + {latex('b', layer, unit)}"
        z = float(record.z[layer - 1][s, unit])
        sum_ = page.scalar_products(weights, record.a[layer - 1][s], z, float(bias))
        page.formula(latex("z", layer, unit), symbols, *sum_)

    def _normalised(self, layer: int) -> None:
        """Write the activations of a softmax: each unit's share of the sum of all exponentials."""
        page, record, s = self.page, self.record, self.sample
        z = record.z[layer - 1][s]
        largest, units = float(z.max()), range(len(z))
        page.text(
            QT_TRANSLATE_NOOP(
                "derivation",
                "Softmax: each unit has its share of the sum of all exponentials. The largest $z$ is taken "
                "off first, $m = {number}$: that changes no share, and no exponential is too large.",
            ),
            number=page.number(largest),
        )
        powers = np.exp(np.asarray(z, np.float64) - largest)
        total = math.fsum(powers.tolist())
        with page.agreeing(lambda *all: math.fsum(all), powers.tolist(), total) as shown:
            terms = page.total([page.number(power) for power in powers.tolist()])
        symbols = " + ".join(f"e^{{{latex('z', layer, i)} - m}}" for i in units)
        page.formula("S", symbols, terms, shown)
        for i in units:
            self._share_of(layer, i, float(powers[i]), total)

    def _share_of(self, layer: int, unit: int, power: float, total: float) -> None:
        page, record, s = self.page, self.record, self.sample
        mask, a = record.dropout_masks[layer - 1], float(record.a[layer][s, unit])
        kept = 1.0 if mask is None else float(mask[s, unit])
        with page.agreeing(lambda power, total: kept * power / total, (power, total), a) as shown:
            numbers = rf"\frac{{{page.number(power)}}}{{{page.number(total)}}}"
        symbols = rf"\frac{{e^{{{latex('z', layer, unit)} - m}}}}{{S}}"
        if mask is not None:
            symbols, numbers = (rf"{page.number(kept)} \cdot {each}" for each in (symbols, numbers))
        if mask is None and a == 1.0:
            shown = self._almost_one(layer, unit) or shown
        page.formula(latex("a", layer, unit), symbols, numbers, shown)

    def _activation(self, layer: int, unit: int) -> None:
        """Write an activation."""
        page, record, s = self.page, self.record, self.sample
        z, a = record.z[layer - 1][s, unit], record.a[layer][s, unit]
        rule, mask = self.experiment.layers[layer - 1].activation, record.dropout_masks[layer - 1]
        value = (
            f"f({latex('z', layer, unit)})" if rule.elementwise else f"f({latex('z', layer)})_{{{unit + 1}}}"
        )
        kept = 1.0 if mask is None else float(mask[s, unit])

        def activated(z: float) -> float:
            return kept * float(rule.value(np.array([z]))[0]) if rule.elementwise else float(a)

        with page.agreeing(activated, (float(z),), float(a)) as shown:
            numbers = put_in(rule.formula, {"z": page.factor(z)})
        if mask is not None:
            factor = page.number(kept)
            value = rf"{factor} \cdot {value}"
            numbers = rf"{factor} \cdot \left({numbers}\right)" if numbers else ""
        if mask is None and abs(float(a)) == 1.0:
            shown = self._almost_one(layer, unit) or shown
        page.formula(latex("a", layer, unit), value, numbers, shown)

    def _almost_one(self, layer: int, unit: int) -> str:
        """Write an activation that double precision rounds to 1 or -1, which it never is; else empty."""
        e = self._unit(layer, unit)
        slope, a = e.slope[self.sample], float(e.a[self.sample])
        if e.is_softmax:
            rest = float(slope[unit])
        elif e.rule is not None and e.rule.saturated_slope_formula:
            rest = float(slope) / (1.0 + abs(a) if a < 0 or e.rule.name == "tanh" else 1.0)
        else:
            return ""
        number = self.page.number(rest)
        return "" if rest == 0 else f"1 - {number}" if a > 0 else f"-1 + {number}"

    # -- loss --------------------------------------------------------------------------------------

    def _loss(self) -> None:
        page, record, s = self.page, self.record, self.sample
        page.title(2, QT_TRANSLATE_NOOP("derivation", "Loss"))
        page.formula("t", page.matrix(record.targets[s]))
        page.own_unit()
        page.formula(f"L_{{{s + 1}}}", self.experiment.loss.formula, *page.loss_numbers(s))
        if s == self.samples[-1]:
            batch_loss(page)

    # -- factors -----------------------------------------------------------------------------------

    def _deltas(self) -> None:
        """Write every delta between the loss and the parameter's own, from the last layer back."""
        page, mine, s = self.page, self.e, self.sample
        if mine.is_output:
            return
        page.title(2, QT_TRANSLATE_NOOP("derivation", "Backward pass of sample {sample}"), sample=s + 1)
        self._averaged()
        for layer in range(len(self.record.z), mine.layer, -1):
            delta = self.record.delta[layer - 1][s]
            order = np.argsort(-np.abs(delta), kind="stable")
            page.title(3, page.layer(layer))
            if len(delta) > MOST_UNITS:
                page.formula(latex(DELTA, layer), page.matrix(delta))
                page.text(
                    QT_TRANSLATE_NOOP(
                        "derivation", "Of these {count}, those that are largest in size are worked out:"
                    ),
                    count=len(delta),
                )
            for unit in np.sort(order[:MOST_UNITS]).tolist():
                self.e = self._unit(layer, unit)
                self._delta()
        self.e = mine

    def _unit(self, layer: int, unit: int) -> Explanation:
        """A unit of the step taken apart: of all its samples, so once."""
        if (layer, unit) not in self._units:
            self._units[layer, unit] = explain(self.experiment, self.record, unit=(layer, unit))
        return self._units[layer, unit]

    def _averaged(self) -> None:
        if self.e.scale != 1.0:
            self.page.text(
                QT_TRANSLATE_NOOP(
                    "derivation",
                    "$L$ is the mean over the batch, so every derivative of sample {sample} has the factor "
                    "$\\frac{{1}}{{{batch}}}$ in it.",
                ),
                sample=self.sample + 1,
                batch=self.record.batch,
            )

    def _delta(self) -> None:
        """Write dL/dz of the unit that `e` is of."""
        page, e, s = self.page, self.e, self.sample
        z, a = latex("z", e.layer, e.unit), latex("a", e.layer, e.unit)
        if e.is_softmax:
            self._softmax(z)
            return
        self._upstream(a)
        self._slope(z)
        if e.is_output and e.is_matched:
            return  # its delta is written where the factors cancel
        factors, delta = (float(e.upstream[s]), float(e.slope[s])), float(e.delta[s])
        if not e.is_factored[s]:
            page.formula(latex(DELTA, e.layer, e.unit), page.number(delta))
            return
        with page.agreeing(lambda *factors: math.prod(factors), factors, delta) as shown:
            symbols = rf"{derivative('L', a)} \cdot f'({z})"
            page.formula(latex(DELTA, e.layer, e.unit), symbols, page.product(factors), shown)

    def _factors(self) -> None:
        page, e, s = self.page, self.e, self.sample
        page.title(2, QT_TRANSLATE_NOOP("derivation", "The factors of sample {sample}"), sample=s + 1)
        if e.is_output:
            self._averaged()
        z, a = latex("z", e.layer, e.unit), latex("a", e.layer, e.unit)
        delta, incoming = float(e.delta[s]), float(e.activation[s])
        if e.kind == "weight":
            last = activation_latex(e.layer - 1, e.source)
        else:
            last = "1" if incoming == 1.0 else fraction(self.record.batch)
        symbols, factors = latex(DELTA, e.layer, e.unit), [delta, incoming]
        if e.is_softmax:
            self._softmax(z)
        else:
            self._upstream(a)
            self._slope(z)
            upstream, slope = float(e.upstream[s]), float(e.slope[s])
            if e.is_factored[s]:
                symbols, factors = rf"{derivative('L', a)} \cdot f'({z})", [upstream, slope, incoming]
        share = float(e.samples[s])
        with page.agreeing(lambda *factors: math.prod(factors), factors, share) as shown:
            page.formula(
                latex("g", e.layer, s),
                rf"{symbols} \cdot \underbrace{{{derivative(z, self.name)}}}_{{{last}}}",
                page.product(factors),
                shown,
            )

    def _upstream(self, a: str) -> None:
        """Write where dL/da of the unit comes from."""
        page, e, s = self.page, self.e, self.sample
        upstream = float(e.upstream[s])
        if e.is_output:
            gradient = self.experiment.loss.gradient_formula
            targets = self.record.targets[s]
            numbers = ""

            def combine(a: float, t: float) -> float:
                outputs, aims = self.record.a[-1][s].copy(), targets.copy()
                outputs[e.unit], aims[e.unit] = a, t
                with np.errstate(all="ignore"):
                    whole = self.experiment.loss.gradient(outputs[None], aims[None])
                return float(whole[0, e.unit]) * e.scale

            with page.agreeing(combine, (float(e.a[s]), float(targets[e.unit])), upstream) as shown:
                values = {
                    "a_i": page.factor(e.a[s]),
                    "t_i": page.factor(targets[e.unit]),
                    "k": str(len(targets)),
                }
                numbers = put_in(gradient, values) if math.isfinite(upstream) else ""
            if e.is_matched and (float(e.a[s]) > SURE or not math.isfinite(upstream)):
                numbers = put_in(self._sure_gradient(), {"z": page.factor(e.z[s]), "k": str(len(targets))})
            numbers = page.share(numbers)
            if numbers and not math.isfinite(upstream):
                numbers += r" < -10^{308}" if upstream < 0 else r" > 10^{308}"
                shown = ""
            symbols = rf"\left({gradient}\right)_{{i = {e.unit + 1}}}"
            page.formula(derivative("L", a), page.share(symbols), numbers, shown)
            if e.is_matched:
                self._cancelled()
            return
        page.text(
            QT_TRANSLATE_NOOP("derivation", "The unit acts on the loss through every unit of {layer}:"),
            layer=page.layer(e.layer + 1),
        )
        if self.experiment.update_order == "output_first":
            self._says_output_first()
        onward, delta, terms = e.weights_onward[e.unit], self.record.delta[e.layer][s], e.terms[s]
        w, d = latex("w", e.layer + 1, e.unit, "k"), latex(DELTA, e.layer + 1, "k")
        page.sum_table(
            [page.say(QT_TRANSLATE_NOOP("derivation", "to")), f"${w}$", f"${d}$", r"$w\,\delta$"],
            [page.unit(e.layer + 1, k) for k in range(len(terms))],
            [onward, delta, terms],
            upstream,
        )
        page.formula(derivative("L", a), rf"\sum_k {w}\,{d}", *page.scalar_products(onward, delta, upstream))

    def _sure_gradient(self) -> str:
        """dL/da of a sigmoid and its loss in z alone: there `a` says nothing of 1 - a once it is rounded."""
        if self.record.targets[self.sample, self.e.unit] == 0:
            return r"\frac{1}{k}\,(1 + e^{z})"
        return r"-\frac{1}{k}\,(1 + e^{-z})"

    def _cancelled(self) -> None:
        page, e, s = self.page, self.e, self.sample
        page.text(
            QT_TRANSLATE_NOOP(
                "derivation", "With the slope of the output, the loss's own derivative cancels to $a - t$:"
            )
        )
        parts = matched_parts(self.experiment, self.record)
        pair, delta = (float(e.a[s]), float(self.record.targets[s, e.unit])), float(e.delta[s])
        with page.agreeing(lambda a, t: (a - t) / parts, pair, delta) as shown:
            difference = f"{page.number(pair[0])} - {page.factor(pair[1])}"
        if pair[0] > SURE and pair[1] == 1.0:
            difference = self._what_is_left()
        numbers = difference if parts == 1 else rf"{fraction(parts)} \cdot \left({difference}\right)"
        page.formula(latex(DELTA, e.layer, e.unit), numbers, shown)

    def _what_is_left(self) -> str:
        """Write a - 1 of an output that is rounded to 1: what the other classes have, or sigmoid(-z)."""
        page, e, s = self.page, self.e, self.sample
        if not e.is_softmax:
            return rf"-\frac{{1}}{{1 + e^{{{page.number(e.z[s])}}}}}"
        others = np.delete(self.record.a[-1][s], e.unit)
        return rf"-\left({page.scalar_products(others, np.ones_like(others), others.sum())[0]}\right)"

    def _slope(self, z: str) -> None:
        page, e, s = self.page, self.e, self.sample
        assert e.rule is not None
        mask, a = "", e.a[s]
        if e.mask is not None:
            page.text(
                QT_TRANSLATE_NOOP(
                    "derivation", "Dropout multiplies the activation, and so the slope, with {mask}."
                ),
                mask=page.cell(e.mask[s, e.unit]),
            )
            mask = rf"{page.number(e.mask[s, e.unit])} \cdot "
            a = e.rule.value(np.ascontiguousarray(e.z))[s]
        formula = e.rule.slope_formula
        if abs(float(a)) > SURE or e.slope[s] == 0:
            formula = e.rule.saturated_slope_formula or formula
        kept = 1.0 if e.mask is None else float(e.mask[s, e.unit])
        rule = e.rule

        def slope(z: float, a: float) -> float:
            in_a = rule.slope_in_a(a) if formula == rule.slope_formula else None
            return kept * float(rule.slope(np.array([z]))[0] if in_a is None else in_a)

        with page.agreeing(slope, (float(e.z[s]), float(a)), float(e.slope[s])) as shown:
            numbers = put_in(formula, {"z": page.factor(e.z[s]), "a": page.factor(a)})
            symbols = rf"{mask}\left({formula}\right)_{{z = {page.number(e.z[s])}}}"
        numbers = rf"{mask}\left({numbers}\right)" if numbers and mask else numbers
        if e.slope[s] == 0 and formula == rule.saturated_slope_formula:  # too small for double precision
            numbers, shown = rf"{numbers} \approx 0", ""
        page.formula(f"f'({z})", symbols, numbers, shown)

    def _softmax(self, z: str) -> None:
        """Write delta as a row of the softmax Jacobian times dL/da of all units of the layer."""
        page, e, s = self.page, self.e, self.sample
        page.text(
            QT_TRANSLATE_NOOP(
                "derivation",
                "With softmax ${z}$ acts on every activation of its layer, with the slope "
                "$a_i\\,([i = j] - a_j)$:",
            ),
            z=z,
        )
        if e.is_output:
            page.formula(derivative("L", "a_i"), page.share(self.experiment.loss.gradient_formula))
        else:
            onward = rf"\sum_k {latex('w', e.layer + 1, 'i', 'k')}\,{latex(DELTA, e.layer + 1, 'k')}"
            page.formula(derivative("L", "a_i"), onward)
            if self.experiment.update_order == "output_first":
                self._says_output_first()
        upstream, slope = e.upstream[s], e.slope[s]
        if not e.is_factored[s]:
            page.text(
                QT_TRANSLATE_NOOP(
                    "derivation",
                    "Here $\\frac{{\\partial L}}{{\\partial a_i}}$ is beyond what double precision holds; "
                    "only its product with the slope is not.",
                )
            )
            if e.is_matched:
                self._cancelled()
            else:
                page.formula(latex(DELTA, e.layer, e.unit), page.number(float(e.delta[s])))
            return
        products = upstream * slope
        page.sum_table(
            [
                page.say(QT_TRANSLATE_NOOP("derivation", "unit")),
                f"${derivative('L', 'a_i')}$",
                f"${derivative('a_i', z)}$",
                page.say(QT_TRANSLATE_NOOP("derivation", "product")),
            ],
            [page.unit(e.layer, i) for i in range(len(products))],
            [upstream, slope, products],
            float(e.delta[s]),
        )
        if e.is_matched:
            self._cancelled()

    def _says_output_first(self) -> None:
        self.page.text(
            QT_TRANSLATE_NOOP(
                "derivation",
                "The next layer has been updated before: these are its new weights, so that this is not "
                "the gradient of the loss.",
            )
        )

    # -- the batch ---------------------------------------------------------------------------------

    def _shares(self) -> None:
        page, e, record = self.page, self.e, self.record
        gradient = derivative("L", self.name)
        if record.batch == 1:
            page.formula(gradient, page.number(e.gradient))
            return
        page.title(2, QT_TRANSLATE_NOOP("derivation", "The sum over the batch"))
        template = page.say(QT_TRANSLATE_NOOP("derivation", "sample {sample}, row {row}"))
        delta, incoming = latex(DELTA, e.layer, e.unit), derivative("z", self.name[0])
        page.sum_table(
            [
                page.say(QT_TRANSLATE_NOOP("derivation", "sample")),
                f"${delta}$",
                f"${incoming}$",
                page.say(QT_TRANSLATE_NOOP("derivation", "product")),
            ],
            [template.format(sample=s + 1, row=row_text(int(r))) for s, r in enumerate(record.indices)],
            [e.delta, e.activation, e.samples],
            e.gradient,
        )
        page.formula(gradient, r"\sum_s " + latex("g", e.layer, "s"), page.number(e.gradient))

    # -- update ------------------------------------------------------------------------------------

    def _update(self) -> None:
        page, update = self.page, self.e.update
        assert update is not None
        page.title(
            2,
            QT_TRANSLATE_NOOP("derivation", "Update ({optimizer})"),
            optimizer=page.say(self.experiment.optimizer.label),
        )
        if update.frozen:
            page.text(
                QT_TRANSLATE_NOOP("derivation", "The parameter is held: it stays ${value}$."),
                value=page.number(update.before),
            )
            return
        self._clipped(update)
        if update.slots_before:
            page.text(QT_TRANSLATE_NOOP("derivation", "Before the step the optimizer holds:"))
        for name, value in update.slots_before.items():
            page.formula(name, page.number(value))
        *terms, change = update.terms
        if terms:
            page.text(QT_TRANSLATE_NOOP("derivation", "In the step:"))
            for term in update.terms:
                page.term(term)
        new = change.taken_from("w", update.before, update.after, whole=not terms)
        rule = change.taken_from("w", update.before, update.after, whole=True).formula
        page.term(new, f"{self.name} \\leftarrow {rule.replace('w', self.name)}")

    def _clipped(self, update: Update) -> None:
        """Say what lies between the gradient and the g of the optimizer; the terms have its numbers."""
        page, regularizer = self.page, self.experiment.regularizer
        gradient = derivative("L", self.name)
        if regularizer.name != "none" and self.e.kind == "weight":
            page.penalty()
            formula = f"{gradient} + {regularizer.gradient_formula.replace('w', self.name)}"
            page.term(next(term for term in update.terms if term.symbol == "g"), "g", formula)
        else:
            page.formula("g", gradient, page.number(update.gradient))
        page.clipping()
