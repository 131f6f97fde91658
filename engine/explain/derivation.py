r"""A step worked out on paper: Markdown with LaTeX, symbols first, then the numbers put in.

`derivation` writes down why one gradient is what it is, or the whole step as matrices: a worked
solution that can be handed out. Layers stand in brackets above a symbol, units below it, counted from
1: :math:`w^{(2)}_{31}` leads from unit 3 of layer 1 to unit 1 of layer 2.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np

from engine.arrays import FloatArray
from engine.digits import digits_that_agree, latex
from engine.errors import QT_TRANSLATE_NOOP
from engine.experiment import Experiment
from engine.explain.chain_rule import Explanation, Update, explain
from engine.functions.table import Rule
from engine.functions.written_out import LATEX, Term
from engine.markdown import as_text
from engine.parts import Unit
from engine.records import StepRecord

Translate = Callable[[str], str]

MOST_UNITS = 8
"""Rows and columns of a matrix, and terms of a sum, that are written out."""

SURE = 0.999
"""Closer to 1 an activation as it is written says too little of 1 - a, and formulas are written in z."""

MOST_ROWS = 12
"""Rows of a table; of more the largest are written out, and the sum of the others."""


def _same(text: str) -> str:
    return text


def derivation(
    experiment: Experiment,
    record: StepRecord,
    *,
    weight: tuple[int, Unit, Unit] | None = None,
    bias: tuple[int, Unit] | None = None,
    sample: int | None = None,
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
    page = _Page(experiment, record, digits, translate)
    if weight is None and bias is None:
        _WholeStep(page).write()
    else:
        e = explain(experiment, record, weight=weight, bias=bias)
        _OneParameter(page, e, sample or 0).write()
    return "\n".join(page.lines).rstrip() + "\n"


class _Page:
    """What has been written, and how symbols, numbers and names are."""

    def __init__(
        self,
        experiment: Experiment,
        record: StepRecord,
        digits: int,
        translate: Translate,
    ) -> None:
        self.experiment = experiment
        self.record = record
        self.names = {0: record.feature_names, len(record.z): record.target_names}
        self.digits = digits
        self.say = translate
        self.lines: list[str] = []

    # -- writing -----------------------------------------------------------------------------------

    def title(self, level: int, template: str, **parts: object) -> None:
        self._block("#" * level + " " + self.say(template).format(**parts))

    def text(self, template: str, **parts: object) -> None:
        self._block(self.say(template).format(**parts))

    def formula(self, *sides: str) -> None:
        """One line of equal things; those that are empty are left out."""
        self._block("$$ " + " = ".join(side for side in sides if side) + " $$")

    def table(self, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Write a table; its cells are formulas, or texts that hold a letter outside of LaTeX."""
        lines = [header, [":---", *["---:"] * (len(header) - 1)], *rows]
        self._block("\n".join("| " + " | ".join(line) + " |" for line in lines))

    def sum_table(
        self, header: Sequence[str], names: Sequence[str], columns: Sequence[FloatArray], total: float
    ) -> None:
        """Write rows of factors and their product, the last of `columns`, and the sum of the products.

        Of many rows those with the largest products are written out.
        """
        products = columns[-1]
        order = np.arange(len(products))
        if len(order) > MOST_ROWS:
            order = np.argsort(-np.abs(products), kind="stable")
        shown, others = np.sort(order[:MOST_ROWS]), order[MOST_ROWS:]
        gap, rest = [""] * (len(columns) - 1), float(products[others].sum())
        terms = [*products[shown].tolist(), *([rest] if len(others) else [])]
        of_terms, of_total = digits_that_agree(lambda *all: math.fsum(all), terms, total, self.digits)
        rows = []
        for i in shown:
            factors, product = [float(column[i]) for column in columns[:-1]], float(products[i])
            digits, of_product = digits_that_agree(lambda *all: math.prod(all), factors, product, of_terms)
            cells = [*(self.cell(factor, digits) for factor in factors), self.cell(product, of_product)]
            rows.append([names[i], *cells])
        if len(others):
            more = self.say(QT_TRANSLATE_NOOP("derivation", "{count} more")).format(count=len(others))
            rows.append([more, *gap, self.cell(rest, of_terms)])
        rows.append([self.say(QT_TRANSLATE_NOOP("derivation", "sum")), *gap, self.cell(total, of_total)])
        self.table(header, rows)

    def _block(self, text: str) -> None:
        self.lines += [text, ""]

    # -- numbers -----------------------------------------------------------------------------------

    def term(self, term: Term, *symbols: str) -> None:
        """Write a term: symbol and formula, or `symbols` in their place, its numbers, what they come to."""
        of_terms, of_result = digits_that_agree(term.made, term.of, term.value, self.digits)
        numbers = term.written((self.number(value, of_terms) for value in term.of), LATEX)
        if not symbols:
            symbols = (term.symbol, term.formula) if term.symbol != term.formula else (term.formula,)
        self.formula(*symbols, numbers, self.number(term.value, of_result))

    @contextmanager
    def agreeing(self, combine: Callable[..., float], terms: Sequence[float], result: float) -> Iterator[str]:
        """Write numbers with so many digits inside the block that the formula comes out; gives the result."""
        before = self.digits
        self.digits, of_result = digits_that_agree(combine, terms, result, before)
        try:
            yield self.number(result, of_result)
        finally:
            self.digits = before

    def number(self, value: float, digits: int = 0) -> str:
        """Write a number, LaTeX."""
        return latex(float(value), digits or self.digits)

    def factor(self, value: float) -> str:
        """Write a number as it stands in a product or under an exponent."""
        text = self.number(value)
        return rf"\left({text}\right)" if text.startswith("-") or "cdot" in text else text

    def cell(self, value: float, digits: int = 0) -> str:
        return f"${self.number(value, digits)}$"

    def share(self, formula: str) -> str:
        """Write what the reduction over the batch makes of a sample's derivative."""
        if not formula or self.experiment.reduction == "sum" or self.record.batch == 1:
            return formula
        return rf"{_fraction(self.record.batch)} \cdot \left({formula}\right)"

    def product(self, values: Iterable[float]) -> str:
        return r" \cdot ".join(self.factor(value) for value in values)

    def total(self, terms: Sequence[str]) -> str:
        """Write a sum; a term that begins with a minus is taken away."""
        text = terms[0]
        for term in terms[1:]:
            text += f" - {term[1:]}" if term.startswith("-") else f" + {term}"
        return text

    def scalar_products(
        self, left: FloatArray, right: FloatArray, result: float, *rest: float
    ) -> tuple[str, str]:
        """Write the sum of products of two vectors and what else is added, and the result.

        Long ones are shortened.
        """

        def combine(*numbers: float) -> float:
            a, b = numbers[: len(left)], numbers[len(left) : 2 * len(left)]
            return math.fsum((*map(operator.mul, a, b), *numbers[2 * len(left) :]))

        with self.agreeing(combine, (*left.tolist(), *right.tolist(), *rest), result) as shown:
            return self._scalar_products(left, right, *rest), shown

    def _scalar_products(self, left: FloatArray, right: FloatArray, *rest: float) -> str:
        terms = [self.product(pair) for pair in zip(left.tolist(), right.tolist(), strict=True)]
        if len(terms) > MOST_UNITS:
            # The largest are written out: those are the ones that make the number what it is.
            order = np.argsort(-np.abs(left * right), kind="stable")
            shown = np.sort(order[: MOST_UNITS - 1])
            hidden = np.sort(order[MOST_UNITS - 1 :])
            others = rf"\underbrace{{{self.number(float(left[hidden] @ right[hidden]))}}}_{{{len(hidden)}}}"
            terms = [*(terms[i] for i in shown), others]
        return self.total([*terms, *(self.number(value) for value in rest)])

    def matrix(self, array: FloatArray) -> str:
        """Write a matrix, or a vector as a row; of a large one the first rows and columns and the last."""
        rows = np.atleast_2d(array)
        down, across = (_shown(length) for length in rows.shape)
        lines = []
        for i in down:
            if i is None:
                lines.append([r"\ddots" if j is None else r"\vdots" for j in across])
            else:
                lines.append([r"\cdots" if j is None else self.number(rows[i, j]) for j in across])
        body = r" \\ ".join(" & ".join(line) for line in lines)
        return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"

    # -- symbols and names -------------------------------------------------------------------------

    def unit(self, layer: int, unit: int) -> str:
        """What a unit is called, in words."""
        names = self.names.get(layer, ())
        if unit < len(names) and (name := as_text(names[unit])):
            return name
        if layer == 0:
            return self.say(QT_TRANSLATE_NOOP("derivation", "input {number}")).format(number=unit + 1)
        template = QT_TRANSLATE_NOOP("derivation", "unit {number} of layer {layer}")
        return self.say(template).format(number=unit + 1, layer=layer)

    def setting(self) -> None:
        """Write down what network it is, and how it is trained."""
        experiment, record = self.experiment, self.record
        sizes = "-".join(str(size) for size in record.sizes)
        self.text(
            QT_TRANSLATE_NOOP(
                "derivation",
                "Network {sizes}, step {step}, mini-batch of {batch}, learning rate $\\eta = {rate}$.",
            ),
            sizes=sizes,
            step=record.step,
            batch=record.batch,
            rate=self.number(record.learning_rate),
        )
        rows = []
        for layer, spec in enumerate(experiment.layers, 1):
            rule = spec.activation
            symbol = "z_i" if not rule.elementwise else "z"
            rows.append([f"${layer}$", self.say(rule.label), f"$f({symbol}) = {rule.formula}$"])
        self.table(
            [
                self.say(QT_TRANSLATE_NOOP("derivation", "layer")),
                self.say(QT_TRANSLATE_NOOP("derivation", "activation")),
                "",
            ],
            rows,
        )

    def loss_numbers(self, sample: int) -> tuple[str, str]:
        """Write the loss of one sample: with its numbers, empty where that says no more, and itself."""
        record, rule = self.record, self.experiment.loss
        a, t, loss = record.a[-1][sample], record.targets[sample], float(record.sample_losses[sample])
        k = len(a)
        if rule.natural == self.experiment.layers[-1].activation.name and float(a.max()) > SURE:
            return self._loss_in_z(record.z[-1][sample], t), self.number(loss)

        def combine(*numbers: float) -> float:
            outputs, targets = (np.array([part], a.dtype) for part in (numbers[:k], numbers[k:]))
            with np.errstate(all="ignore"):
                return float(rule.per_sample(outputs, targets)[0])

        with self.agreeing(combine, (*a.tolist(), *t.tolist()), loss) as shown:
            return self._loss_numbers(a, t), shown

    def _loss_in_z(self, z: FloatArray, t: FloatArray) -> str:
        """Write the loss of a sure output of a matched pair; the logarithm of an a rounded to 1 is 0."""
        k = len(z)
        if k > MOST_UNITS:
            return ""
        if self.experiment.loss.name == "cross_entropy":
            own = int(t.argmax())
            exponents = [self.number(x - z[own]) for x in np.delete(z, own).tolist()]
            return r"\ln\left(1 + " + " + ".join(f"e^{{{each}}}" for each in exponents) + r"\right)"
        exponents = [self.number(-x if y else x) for x, y in zip(z.tolist(), t.tolist(), strict=True)]
        terms = self.total([rf"\ln(1 + e^{{{each}}})" for each in exponents])
        return terms if k == 1 else rf"\frac{{1}}{{{k}}} \left({terms}\right)"

    def _loss_numbers(self, a: FloatArray, t: FloatArray) -> str:
        name, k = self.experiment.loss.name, len(a)
        if k > MOST_UNITS:
            return ""
        pairs = [(self.number(x), self.factor(y), y) for x, y in zip(a.tolist(), t.tolist(), strict=True)]
        differences = [f"{x} - {y}" for x, y, _ in pairs]
        if name == "squared_error":
            terms, before = [f"({d})^2" for d in differences], r"\frac{1}{2} "
        elif name == "mean_squared_error":
            terms, before = [f"({d})^2" for d in differences], rf"\frac{{1}}{{{k}}} "
        elif name == "mean_absolute_error":
            terms, before = [f"|{d}|" for d in differences], rf"\frac{{1}}{{{k}}} "
        elif name == "cross_entropy" and (a[t != 0] > 0).all():
            terms = [rf"\ln({x})" for x, _, number in pairs if number != 0]
            before = "-"
        elif name == "binary_cross_entropy" and (np.abs(a - (1.0 - t)) > 0).all():
            inside = [x if number == 1 else f"1 - {x}" for x, _, number in pairs]
            terms, before = [rf"\ln({x})" for x in inside], rf"-\frac{{1}}{{{k}}} "
        else:
            return ""
        return before + r"\left(" + self.total(terms) + r"\right)"


def _shown(length: int) -> list[int | None]:
    if length <= MOST_UNITS:
        return list(range(length))
    return [*range(MOST_UNITS - 2), None, length - 1]


def _below(source: int, unit: int) -> str:
    comma = "," if max(source, unit) >= 9 else ""
    return f"{source + 1}{comma}{unit + 1}"


def _symbol(base: str, layer: int, *units: int) -> str:
    below = _below(*units) if len(units) == 2 else "".join(str(unit + 1) for unit in units)
    return rf"{base}^{{({layer})}}" + (f"_{{{below}}}" if below else "")


def _activation(layer: int, unit: int) -> str:
    return _symbol("a", layer, unit) if layer else f"x_{{{unit + 1}}}"


def _derivative(of: str, by: str) -> str:
    return rf"\frac{{\partial {of}}}{{\partial {by}}}"


_TOKEN = re.compile(r"\\hat\{\w\}|[a-z]_i|\\[a-zA-Z]+(?:_\d)?|\\.|[a-zA-Z]+|\d+(?:\.\d+)?|\s+|.")
_OPENS = ("(", r"\frac", r"\sqrt")
_FUNCTIONS = {"e", r"\frac", r"\sqrt", r"\tanh", r"\cosh", r"\ln", r"\max", r"\min"}


def _put_in(formula: str, numbers: Mapping[str, str]) -> str:
    """Put numbers for the symbols of a LaTeX formula; empty if there is one that has none."""
    text, after_operand = "", False
    tokens = [token for token in _TOKEN.findall(formula) if not token.isspace() and token != r"\,"]
    for token, following in zip(tokens, [*tokens[1:], ""], strict=True):
        is_number = token in numbers
        is_name = token[0].isalpha() or (token[0] == "\\" and token[1].isalpha())
        if is_name and not is_number and token not in _FUNCTIONS:
            return ""
        if after_operand and (is_number or token[0].isdigit() or token in _OPENS):
            text += r" \cdot "
        shown = numbers.get(token, token)
        if is_number and following == "^" and not shown.startswith(r"\left"):
            shown = rf"\left({shown}\right)"
        spaced = token in ("+", "-") or token in (r"\tanh", r"\ln")
        text += f" {shown} " if spaced else shown
        after_operand = is_number or token[0].isdigit() or token in (")", "}")
    return text.strip()


_PARAMETER_SYMBOLS = {
    "momentum": r"\mu",
    "decay": r"\rho",
    "beta1": r"\beta_1",
    "beta2": r"\beta_2",
    "epsilon": r"\epsilon",
    "weight_decay": r"\lambda",
    "strength": r"\lambda",
    "limit": "c",
}


def _rule_numbers(rule: Rule, page: _Page) -> dict[str, str]:
    """Write the parameters of a rule under the symbols they have in its formulas."""
    return {
        _PARAMETER_SYMBOLS[spec.name]: page.number(getattr(rule, spec.name)) for spec in rule.parameters()
    }


def _matched_parts(experiment: Experiment, record: StepRecord) -> int:
    """Give the number that a - t of a matched pair is divided by."""
    parts = record.batch if experiment.reduction == "mean" else 1
    return parts * (record.targets.shape[1] if experiment.loss.name == "binary_cross_entropy" else 1)


def _fraction(parts: int) -> str:
    return rf"\frac{{1}}{{{parts}}}"


_SLOPES: dict[str, Callable[[float], float]] = {
    r"a\,(1 - a)": lambda a: a * (1 - a),
    "1 - a^2": lambda a: 1 - a * a,
}
"""Slopes whose formula is of a and not of z."""


class _OneParameter:
    """The derivation of one weight or bias."""

    def __init__(self, page: _Page, e: Explanation, sample: int) -> None:
        self.page, self.e, self.sample = page, e, sample
        self.record, self.experiment = page.record, page.experiment
        if e.kind == "weight":
            self.name = _symbol("w", e.layer, e.source, e.unit)
        else:
            self.name = _symbol("b", e.layer, e.unit)

    def write(self) -> None:
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
        self._forward()
        self._loss()
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
            row=int(record.indices[s]) + 1,
        )
        page.formula("x", page.matrix(record.a[0][s]))
        for layer in range(1, len(record.z) + 1):
            units = record.sizes[layer]
            if units <= MOST_UNITS:
                for unit in range(units):
                    self._unit(layer, unit)
            else:
                page.formula(_symbol("z", layer), page.matrix(record.z[layer - 1][s]))
                page.formula(_symbol("a", layer), page.matrix(record.a[layer][s]))
                if layer == self.e.layer:
                    self._unit(layer, self.e.unit)

    def _unit(self, layer: int, unit: int) -> None:
        page, record, s = self.page, self.record, self.sample
        weights, bias = record.weights_before[layer - 1][:, unit], record.biases_before[layer - 1][unit]
        below = rf"a^{{({layer - 1})}}_i" if layer > 1 else "x_i"
        symbols = rf"\sum_i w^{{({layer})}}_{{i{unit + 1}}}\,{below} + {_symbol('b', layer, unit)}"
        z, a = record.z[layer - 1][s, unit], record.a[layer][s, unit]
        sum_ = page.scalar_products(weights, record.a[layer - 1][s], float(z), float(bias))
        page.formula(_symbol("z", layer, unit), symbols, *sum_)
        rule, mask = self.experiment.layers[layer - 1].activation, record.dropout_masks[layer - 1]
        value = (
            f"f({_symbol('z', layer, unit)})" if rule.elementwise else f"f(z^{{({layer})}})_{{{unit + 1}}}"
        )
        kept = 1.0 if mask is None else float(mask[s, unit])

        def activated(z: float) -> float:
            return kept * float(rule.value(np.array([z]))[0]) if rule.elementwise else float(a)

        with page.agreeing(activated, (float(z),), float(a)) as shown:
            numbers = _put_in(rule.formula, {"z": page.factor(z)})
        if mask is not None:
            factor = page.number(kept)
            value = rf"{factor} \cdot {value}"
            numbers = rf"{factor} \cdot \left({numbers}\right)" if numbers else ""
        if mask is None and abs(float(a)) == 1.0:
            shown = self._almost_one(layer, unit) or shown
        page.formula(_symbol("a", layer, unit), value, numbers, shown)

    def _almost_one(self, layer: int, unit: int) -> str:
        """Write an activation that double precision rounds to 1 or -1, which it never is; else empty."""
        e = explain(self.experiment, self.record, unit=(layer, unit))
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
        page.formula(f"L_{{{s + 1}}}", self.experiment.loss.formula, *page.loss_numbers(s))
        _batch_loss(page)

    # -- factors -----------------------------------------------------------------------------------

    def _factors(self) -> None:
        page, e, s = self.page, self.e, self.sample
        page.title(2, QT_TRANSLATE_NOOP("derivation", "The factors of sample {sample}"), sample=s + 1)
        if e.scale != 1.0:
            page.text(
                QT_TRANSLATE_NOOP(
                    "derivation",
                    "$L$ is the mean over the batch, so every derivative of sample {sample} has the factor "
                    "$\\frac{{1}}{{{batch}}}$ in it.",
                ),
                sample=s + 1,
                batch=self.record.batch,
            )
        z, a = _symbol("z", e.layer, e.unit), _symbol("a", e.layer, e.unit)
        delta, incoming = float(e.delta[s]), float(e.activation[s])
        if e.kind == "weight":
            last = _activation(e.layer - 1, e.source)
        else:
            last = "1" if incoming == 1.0 else _fraction(self.record.batch)
        symbols, factors = _symbol(r"\delta", e.layer, e.unit), [delta, incoming]
        if e.is_softmax:
            self._softmax(z)
        else:
            self._upstream(a)
            self._slope(z)
            upstream, slope = float(e.upstream[s]), float(e.slope[s])
            if e.is_factored[s]:
                symbols, factors = rf"{_derivative('L', a)} \cdot f'({z})", [upstream, slope, incoming]
        share = float(e.samples[s])
        with page.agreeing(lambda *factors: math.prod(factors), factors, share) as shown:
            page.formula(
                _symbol("g", e.layer) + f"_{{{s + 1}}}",
                rf"{symbols} \cdot \underbrace{{{_derivative(z, self.name)}}}_{{{last}}}",
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
                numbers = _put_in(gradient, values) if math.isfinite(upstream) else ""
            if e.is_matched and (float(e.a[s]) > SURE or not math.isfinite(upstream)):
                numbers = _put_in(self._sure_gradient(), {"z": page.factor(e.z[s]), "k": str(len(targets))})
            numbers = page.share(numbers)
            if numbers and not math.isfinite(upstream):
                numbers += r" < -10^{308}" if upstream < 0 else r" > 10^{308}"
                shown = ""
            symbols = rf"\left({gradient}\right)_{{i = {e.unit + 1}}}"
            page.formula(_derivative("L", a), page.share(symbols), numbers, shown)
            if e.is_matched:
                self._cancelled()
            return
        page.text(
            QT_TRANSLATE_NOOP("derivation", "The unit acts on the loss through every unit of layer {layer}:"),
            layer=e.layer + 1,
        )
        if self.experiment.update_order == "output_first":
            self._says_output_first()
        onward, delta, terms = e.weights_onward[e.unit], self.record.delta[e.layer][s], e.terms[s]
        w, d = rf"w^{{({e.layer + 1})}}_{{{e.unit + 1}k}}", rf"\delta^{{({e.layer + 1})}}_k"
        page.sum_table(
            [page.say(QT_TRANSLATE_NOOP("derivation", "to")), f"${w}$", f"${d}$", r"$w\,\delta$"],
            [page.unit(e.layer + 1, k) for k in range(len(terms))],
            [onward, delta, terms],
            upstream,
        )
        page.formula(_derivative("L", a), rf"\sum_k {w}\,{d}", *page.scalar_products(onward, delta, upstream))

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
        parts = _matched_parts(self.experiment, self.record)
        pair, delta = (float(e.a[s]), float(self.record.targets[s, e.unit])), float(e.delta[s])
        with page.agreeing(lambda a, t: (a - t) / parts, pair, delta) as shown:
            difference = f"{page.number(pair[0])} - {page.factor(pair[1])}"
        if pair[0] > SURE and pair[1] == 1.0:
            difference = self._what_is_left()
        numbers = difference if parts == 1 else rf"{_fraction(parts)} \cdot \left({difference}\right)"
        page.formula(_symbol(r"\delta", e.layer, e.unit), numbers, shown)

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
        rule, by_activation = e.rule, _SLOPES.get(formula)

        def slope(z: float, a: float) -> float:
            return kept * (by_activation(a) if by_activation else float(rule.slope(np.array([z]))[0]))

        with page.agreeing(slope, (float(e.z[s]), float(a)), float(e.slope[s])) as shown:
            numbers = _put_in(formula, {"z": page.factor(e.z[s]), "a": page.factor(a)})
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
            page.formula(_derivative("L", "a_i"), page.share(self.experiment.loss.gradient_formula))
        else:
            onward = rf"\sum_k w^{{({e.layer + 1})}}_{{ik}}\,\delta^{{({e.layer + 1})}}_k"
            page.formula(_derivative("L", "a_i"), onward)
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
                page.formula(_symbol(r"\delta", e.layer, e.unit), page.number(float(e.delta[s])))
            return
        products = upstream * slope
        page.sum_table(
            [
                page.say(QT_TRANSLATE_NOOP("derivation", "unit")),
                f"${_derivative('L', 'a_i')}$",
                f"${_derivative('a_i', z)}$",
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
        gradient = _derivative("L", self.name)
        if record.batch == 1:
            page.formula(gradient, page.number(e.gradient))
            return
        page.title(2, QT_TRANSLATE_NOOP("derivation", "The sum over the batch"))
        template = page.say(QT_TRANSLATE_NOOP("derivation", "sample {sample}, row {row}"))
        delta, incoming = _symbol(r"\delta", e.layer, e.unit), _derivative("z", self.name[0])
        page.sum_table(
            [
                page.say(QT_TRANSLATE_NOOP("derivation", "sample")),
                f"${delta}$",
                f"${incoming}$",
                page.say(QT_TRANSLATE_NOOP("derivation", "product")),
            ],
            [template.format(sample=s + 1, row=int(row) + 1) for s, row in enumerate(record.indices)],
            [e.delta, e.activation, e.samples],
            e.gradient,
        )
        page.formula(gradient, r"\sum_s " + _symbol("g", e.layer) + "_s", page.number(e.gradient))

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
        new = Term("w", "w", update.after, lambda w, *of: w - change.made(*of), (update.before, *change.of))
        if terms:
            new = new._replace(made=lambda w, u: w - u, of=(update.before, change.value))
        rule = self.experiment.optimizer.formula.split(r",\ ")[-1].partition(r"\leftarrow")[2].strip()
        page.term(new, f"{self.name} \\leftarrow {rule.replace('w', self.name)}")

    def _clipped(self, update: Update) -> None:
        """Say what lies between the gradient and the g of the optimizer; the terms have its numbers."""
        page, experiment = self.page, self.experiment
        regularizer, clipping = experiment.regularizer, experiment.clipping
        gradient = _derivative("L", self.name)
        if regularizer.name != "none" and self.e.kind == "weight":
            strength = _rule_numbers(regularizer, page)[r"\lambda"]
            page.text(
                QT_TRANSLATE_NOOP("derivation", "The penalty ${formula}$ with $\\lambda = {strength}$ adds:"),
                formula=regularizer.formula,
                strength=strength,
            )
            formula = f"{gradient} + {regularizer.gradient_formula.replace('w', self.name)}"
            whole = update.gradient + update.penalty
            of = (update.gradient, update.penalty)
            page.term(Term("g", "g", whole, lambda gradient, penalty: gradient + penalty, of), "g", formula)
        else:
            page.formula("g", gradient, page.number(update.gradient))
        if clipping.name == "value":
            page.text(
                QT_TRANSLATE_NOOP("derivation", "Clipped to at most ${limit}$ in size:"),
                limit=_rule_numbers(clipping, page)["c"],
            )
        elif clipping.name == "global_norm":
            page.text(
                QT_TRANSLATE_NOOP(
                    "derivation", "The whole gradient is clipped to the norm ${limit}$, by the factor:"
                ),
                limit=_rule_numbers(clipping, page)["c"],
            )
            page.formula("c", page.number(self.record.clip_factor))


class _WholeStep:
    """The derivation of a step: matrices, with a row for each sample."""

    def __init__(self, page: _Page) -> None:
        self.page, self.record, self.experiment = page, page.record, page.experiment
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
        if max(record.batch, *record.sizes) > MOST_UNITS:
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
        rows = ", ".join(str(int(index) + 1) for index in record.indices[:MOST_ROWS])
        more = ", …" if record.batch > MOST_ROWS else ""
        page.text(QT_TRANSLATE_NOOP("derivation", "Rows {rows} of the data set."), rows=rows + more)
        page.formula("X", page.matrix(record.a[0]))
        page.formula("T", page.matrix(record.targets))

    def _forward(self) -> None:
        page, record = self.page, self.record
        page.title(2, QT_TRANSLATE_NOOP("derivation", "Forward pass"))
        for layer in self.layers:
            below, index = _layer_matrix(layer - 1), layer - 1
            W, b, Z, A = (_symbol(name, layer) for name in ("W", "b", "Z", "A"))
            page.title(3, QT_TRANSLATE_NOOP("derivation", "Layer {layer}"), layer=layer)
            page.formula(W, page.matrix(record.weights_before[index]))
            page.formula(b, page.matrix(record.biases_before[index]))
            page.formula(Z, f"{below}\\,{W} + {b}", page.matrix(record.z[index]))
            mask = record.dropout_masks[index]
            if mask is not None:
                page.formula(_symbol("M", layer), page.matrix(mask))
            masked = "" if mask is None else rf" \odot {_symbol('M', layer)}"
            page.formula(A, f"f({Z}){masked}", page.matrix(record.a[layer]))

    def _loss(self) -> None:
        page, record = self.page, self.record
        page.title(2, QT_TRANSLATE_NOOP("derivation", "Loss"))
        page.formula("L_s", self.experiment.loss.formula)
        for s in range(min(record.batch, MOST_ROWS)):
            page.formula(f"L_{{{s + 1}}}", *page.loss_numbers(s))
        _batch_loss(page)

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
            page.title(3, QT_TRANSLATE_NOOP("derivation", "Layer {layer}"), layer=layer)
            self._delta(layer)
            self._gradients(layer)

    def _delta(self, layer: int) -> None:
        page, record, experiment = self.page, self.record, self.experiment
        index, rule = layer - 1, experiment.layers[layer - 1].activation
        delta, Z, A = _symbol(r"\delta", layer), _symbol("Z", layer), _symbol("A", layer)
        if layer == self.layers[-1]:
            upstream = _derivative("L", A)
            if experiment.loss.natural == rule.name:
                parts = _matched_parts(experiment, record)
                scale = "" if parts == 1 else _fraction(parts)
                page.formula(delta, rf"{scale}\left({A} - T\right)", page.matrix(record.delta[index]))
                return
        else:
            following = layer + 1
            W = _symbol("W", following)
            if experiment.update_order == "output_first":
                W = rf"\tilde{{W}}^{{({following})}}"
                page.formula(W, page.matrix(record.weights_after[following - 1]))
            upstream = rf"\left(\delta^{{({following})}}\,{{{W}}}^{{\top}}\right)"
        if rule.elementwise:
            page.formula(f"f'({Z})", page.matrix(rule.slope(record.z[index])))
            masked = "" if record.dropout_masks[index] is None else rf" \odot {_symbol('M', layer)}"
            page.formula(delta, rf"{upstream} \odot f'({Z}){masked}", page.matrix(record.delta[index]))
        else:
            page.text(
                QT_TRANSLATE_NOOP(
                    "derivation", "Each row of $\\delta$ is multiplied with the Jacobian of its softmax:"
                )
            )
            page.formula(
                _symbol(r"\delta", layer) + "_{sj}",
                rf"\sum_i {upstream}_{{si}}\,a_{{si}}\,([i = j] - a_{{sj}})",
            )
            page.formula(delta, page.matrix(record.delta[index]))

    def _gradients(self, layer: int) -> None:
        page, record, index = self.page, self.record, layer - 1
        delta, below = _symbol(r"\delta", layer), _layer_matrix(layer - 1)
        page.formula(
            _derivative("L", _symbol("W", layer)),
            rf"{{{below}}}^{{\top}}\,{delta}",
            page.matrix(record.weight_grads[index]),
        )
        averaged = self.experiment.bias_reduction == "mean" and self.experiment.reduction == "sum"
        scale = _fraction(record.batch) if averaged else ""
        page.formula(
            _derivative("L", _symbol("b", layer)),
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
        regularizer, clipping = experiment.regularizer, experiment.clipping
        g = _derivative("L", "w")
        if regularizer.name != "none":
            g += f" + {regularizer.gradient_formula}"
            page.text(
                QT_TRANSLATE_NOOP("derivation", "The penalty ${formula}$ with $\\lambda = {strength}$ adds:"),
                formula=regularizer.formula,
                strength=_rule_numbers(regularizer, page)[r"\lambda"],
            )
        page.formula("g", g)
        if clipping.name == "value":
            page.text(
                QT_TRANSLATE_NOOP("derivation", "Clipped to at most ${limit}$ in size:"),
                limit=_rule_numbers(clipping, page)["c"],
            )
            page.formula(r"g \leftarrow " + clipping.formula)
        elif clipping.name == "global_norm":
            page.text(
                QT_TRANSLATE_NOOP(
                    "derivation", "The whole gradient is clipped to the norm ${limit}$, by the factor:"
                ),
                limit=_rule_numbers(clipping, page)["c"],
            )
            page.formula("c", page.number(record.clip_factor))
        for rule in experiment.optimizer.formula.split(r",\ "):
            page.formula(rule)
        for symbol, value in _rule_numbers(experiment.optimizer, page).items():
            page.formula(symbol, value)
        if record.slots_after:
            page.formula("t", str(record.optimizer_step))
        for layer in self.layers:
            page.title(3, QT_TRANSLATE_NOOP("derivation", "Layer {layer}"), layer=layer)
            index = layer - 1
            for which, (name, frozen) in enumerate(
                (("W", record.frozen_weights), ("b", record.frozen_biases))
            ):
                symbol = _symbol(name, layer)
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


def _batch_loss(page: _Page) -> None:
    """Write how the samples' losses become the batch's, and the penalty beside it."""
    record, experiment = page.record, page.experiment
    losses = record.sample_losses
    symbols, numbers, total = r"\sum_s L_s", "", page.number(record.data_loss)
    parts = record.batch if experiment.reduction == "mean" else 1
    if len(losses) <= MOST_UNITS:
        whole = float(record.data_loss)
        with page.agreeing(lambda *all: math.fsum(all) / parts, losses.tolist(), whole) as total:
            numbers = page.total([page.number(loss) for loss in losses.tolist()])
    if experiment.reduction == "mean" and record.batch > 1:
        symbols = _fraction(record.batch) + symbols
        numbers = rf"{_fraction(record.batch)} \cdot \left({numbers}\right)" if numbers else ""
    page.formula("L", symbols, numbers, total)
    if experiment.regularizer.name != "none":
        page.text(
            QT_TRANSLATE_NOOP("derivation", "Beside it stands the penalty ${formula} = {value}$."),
            formula=experiment.regularizer.formula,
            value=page.number(record.penalty),
        )


def _layer_matrix(layer: int) -> str:
    return _symbol("A", layer) if layer else "X"
