"""What a derivation is written on: numbers, symbols, names, sums and tables as Markdown with LaTeX."""

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
from engine.explain.symbols import latex as symbol
from engine.functions.table import Rule
from engine.functions.written_out import LATEX, Term
from engine.markdown import as_text
from engine.parts import layer_name
from engine.records import StepRecord

Translate = Callable[[str], str]

MOST_UNITS = 8
"""Rows and columns of a matrix, and terms of a sum, that are written out."""

SURE = 0.999
"""Closer to 1 an activation as it is written says too little of 1 - a, and formulas are written in z."""

MOST_ROWS = 12
"""Rows of a table; of more the largest are written out, and the sum of the others."""


class Page:
    """What has been written, and how symbols, numbers and names are."""

    def __init__(
        self,
        experiment: Experiment,
        record: StepRecord,
        digits: int,
        translate: Translate,
        all_samples: bool = False,
    ) -> None:
        self.experiment = experiment
        self.record = record
        self.names = {0: record.feature_names, len(record.z): record.target_names}
        self.digits = digits
        self.say = translate
        self.all_samples = all_samples
        self.most_rows = max(MOST_ROWS, record.batch) if all_samples else MOST_ROWS
        self.lines: list[str] = []

    # -- writing -----------------------------------------------------------------------------------

    def title(self, level: int, template: str, **parts: object) -> None:
        """Write a title."""
        self._block("#" * level + " " + self.say(template).format(**parts))

    def text(self, template: str, **parts: object) -> None:
        """Write a paragraph."""
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
        if len(order) > self.most_rows:
            order = np.argsort(-np.abs(products), kind="stable")
        shown, others = np.sort(order[: self.most_rows]), order[self.most_rows :]
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
        """Write a number as a formula of its own."""
        return f"${self.number(value, digits)}$"

    def share(self, formula: str) -> str:
        """Write what the reduction over the batch makes of a sample's derivative."""
        if not formula or self.experiment.reduction == "sum" or self.record.batch == 1:
            return formula
        return rf"{fraction(self.record.batch)} \cdot \left({formula}\right)"

    def product(self, values: Iterable[float]) -> str:
        """Write a product of numbers."""
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

    def own_unit(self) -> None:
        """Write what outputs stand for, where the network is taught scaled targets."""
        record = self.record
        if record.target_scale is None or record.target_offset is None:
            return
        self.text(
            QT_TRANSLATE_NOOP(
                "derivation",
                "The targets are scaled, $t = (y - m) / s$: an output $a$ stands for $s \\cdot a + m$ in the "
                "data's own unit, and the loss is of scaled targets.",
            )
        )
        self.formula("s", self.matrix(record.target_scale))
        self.formula("m", self.matrix(record.target_offset))

    def matrix(self, array: FloatArray) -> str:
        """Write a matrix, or a vector as a row; of a large one the first rows and columns and the last."""
        rows = np.atleast_2d(array)
        is_batch = self.all_samples and array.ndim == 2 and len(rows) == self.record.batch
        down = [*range(len(rows))] if is_batch else _shown(len(rows))
        across = _shown(rows.shape[1])
        lines = []
        for i in down:
            if i is None:
                lines.append([r"\ddots" if j is None else r"\vdots" for j in across])
            else:
                lines.append([r"\cdots" if j is None else self.number(rows[i, j]) for j in across])
        body = r" \\ ".join(" & ".join(line) for line in lines)
        return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"

    # -- rules -------------------------------------------------------------------------------------

    def parameters(self, rule: Rule) -> dict[str, str]:
        """Write the parameters of a rule under the symbols they have in its formulas."""
        return {spec.symbol: self.number(getattr(rule, spec.name)) for spec in rule.parameters()}

    def penalty(self) -> None:
        """Say what penalty is added to the gradient."""
        regularizer = self.experiment.regularizer
        self.text(
            QT_TRANSLATE_NOOP("derivation", "The penalty ${formula}$ with $\\lambda = {strength}$ adds:"),
            formula=regularizer.formula,
            strength=self.parameters(regularizer)[r"\lambda"],
        )

    def clipping(self, formula: str = "") -> None:
        """Say how the gradient is clipped; `formula` is for clipping by value."""
        rule = self.experiment.clipping
        if rule.name == "value":
            self.text(
                QT_TRANSLATE_NOOP("derivation", "Clipped to at most ${limit}$ in size:"),
                limit=self.parameters(rule)["c"],
            )
            if formula:
                self.formula(formula)
        elif rule.name == "global_norm":
            self.text(
                QT_TRANSLATE_NOOP(
                    "derivation", "The whole gradient is clipped to the norm ${limit}$, by the factor:"
                ),
                limit=self.parameters(rule)["c"],
            )
            self.formula("c", self.number(self.record.clip_factor))

    # -- symbols and names -------------------------------------------------------------------------

    def unit(self, layer: int, unit: int) -> str:
        """What a unit is called, in words."""
        names = self.names.get(layer, ())
        if unit < len(names) and (name := as_text(names[unit])):
            return name
        if layer == 0:
            return self.say(QT_TRANSLATE_NOOP("derivation", "input {number}")).format(number=unit + 1)
        template = QT_TRANSLATE_NOOP("derivation", "unit {number} of {layer}")
        return self.say(template).format(number=unit + 1, layer=self.layer(layer))

    def layer(self, layer: int) -> str:
        """What a layer is called."""
        return layer_name(layer, len(self.record.z), self.say)

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
            rows.append([self.layer(layer), self.say(rule.label), f"$f({symbol}) = {rule.formula}$"])
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
        name, k = self.experiment.loss.name, len(z)
        if k > MOST_UNITS or name not in ("cross_entropy", "binary_cross_entropy"):
            return ""
        if name == "cross_entropy":
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


def row_text(index: int) -> str:
    """The number of a row of the data set, from 1; a dash for a row from elsewhere."""
    return str(index + 1) if index >= 0 else "–"


def _shown(length: int) -> list[int | None]:
    if length <= MOST_UNITS:
        return list(range(length))
    return [*range(MOST_UNITS - 2), None, length - 1]


def derivative(of: str, by: str) -> str:
    """Write a partial derivative."""
    return rf"\frac{{\partial {of}}}{{\partial {by}}}"


_TOKEN = re.compile(r"\\hat\{\w\}|[a-z]_i|\\[a-zA-Z]+(?:_\d)?|\\.|[a-zA-Z]+|\d+(?:\.\d+)?|\s+|.")
_OPENS = ("(", r"\frac", r"\sqrt")
_FUNCTIONS = {"e", r"\frac", r"\sqrt", r"\tanh", r"\cosh", r"\ln", r"\max", r"\min"}


def put_in(formula: str, numbers: Mapping[str, str]) -> str:
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


def matched_parts(experiment: Experiment, record: StepRecord) -> int:
    """Give the number that a - t of a matched pair is divided by."""
    parts = record.batch if experiment.reduction == "mean" else 1
    return parts * experiment.loss.matched_parts(record.targets.shape[1])


def fraction(parts: int) -> str:
    """Write one of so many parts."""
    return rf"\frac{{1}}{{{parts}}}"


def batch_loss(page: Page) -> None:
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
        symbols = fraction(record.batch) + symbols
        numbers = rf"{fraction(record.batch)} \cdot \left({numbers}\right)" if numbers else ""
    page.formula("L", symbols, numbers, total)
    if experiment.regularizer.name != "none":
        page.text(
            QT_TRANSLATE_NOOP("derivation", "Beside it stands the penalty ${formula} = {value}$."),
            formula=experiment.regularizer.formula,
            value=page.number(record.penalty),
        )


def matrix_of(layer: int) -> str:
    """The symbol of what a layer says for the whole mini-batch."""
    return symbol("A", layer) if layer else "X"
