"""Matrices put in: values and shapes forward, gradients backward, each by a named rule.

Magnus and Neudecker, Matrix Differential Calculus, 3rd edition (2019), chapter 9; the gradient of a number
by a matrix has the shape of the matrix (denominator layout, as in NumPy and PyTorch).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np

from engine.arrays import FloatArray
from engine.errors import QT_TRANSLATE_NOOP
from engine.explain.expression.formula import error_at, short
from engine.explain.expression.operations import OPERATIONS
from engine.explain.matrices.formula import MOST_SIDE, MatrixFormula, MatrixTerm
from engine.explain.matrices.latex import Writer

RULES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "output": (
            QT_TRANSLATE_NOOP("rules", "The beginning"),
            QT_TRANSLATE_NOOP("rules", "It changes as much as it changes: its gradient by itself is 1."),
        ),
        "add": (
            QT_TRANSLATE_NOOP("rules", "Sum"),
            QT_TRANSLATE_NOOP("rules", "A summand takes the upstream gradient as it is."),
        ),
        "subtract": (
            QT_TRANSLATE_NOOP("rules", "Difference"),
            QT_TRANSLATE_NOOP(
                "rules", "What is subtracted from takes the upstream gradient, what is subtracted minus it."
            ),
        ),
        "negate": (
            QT_TRANSLATE_NOOP("rules", "Minus"),
            QT_TRANSLATE_NOOP("rules", "The upstream gradient changes its sign."),
        ),
        "multiply": (
            QT_TRANSLATE_NOOP("rules", "Product, entry by entry"),
            QT_TRANSLATE_NOOP("rules", "Each factor takes the upstream gradient times the other factor."),
        ),
        "divide": (
            QT_TRANSLATE_NOOP("rules", "Quotient, entry by entry"),
            QT_TRANSLATE_NOOP(
                "rules",
                "Above: the upstream gradient over the divisor; below: minus it times A over B squared.",
            ),
        ),
        "power": (
            QT_TRANSLATE_NOOP("rules", "Power, entry by entry"),
            QT_TRANSLATE_NOOP("rules", "The exponent comes down and is one less, in each entry."),
        ),
        "matmul": (
            QT_TRANSLATE_NOOP("rules", "Matrix product"),
            QT_TRANSLATE_NOOP(
                "rules",
                "From the left: the upstream gradient times the right factor transposed; from the right: the "
                "left factor transposed times the upstream gradient.",
            ),
        ),
        "transpose": (
            QT_TRANSLATE_NOOP("rules", "Transpose"),
            QT_TRANSLATE_NOOP("rules", "The gradient is transposed, too."),
        ),
        "function": (
            QT_TRANSLATE_NOOP("rules", "Function, entry by entry"),
            QT_TRANSLATE_NOOP("rules", "The upstream gradient times the local derivative, entry by entry."),
        ),
        "sum": (
            QT_TRANSLATE_NOOP("rules", "Sum of entries"),
            QT_TRANSLATE_NOOP("rules", "Every entry that was summed takes the same upstream gradient."),
        ),
        "mean": (
            QT_TRANSLATE_NOOP("rules", "Mean of entries"),
            QT_TRANSLATE_NOOP(
                "rules", "Every entry takes the upstream gradient over the number of entries in the mean."
            ),
        ),
        "softmax": (
            QT_TRANSLATE_NOOP("rules", "Softmax"),
            QT_TRANSLATE_NOOP(
                "rules",
                "Each share times what its upstream gradient is above the mean of all, "
                "weighted by the shares.",
            ),
        ),
        "logsoftmax": (
            QT_TRANSLATE_NOOP("rules", "Logarithm of the softmax"),
            QT_TRANSLATE_NOOP(
                "rules",
                "The upstream gradient less the shares times its sum: for targets that sum to 1, P − T.",
            ),
        ),
    }
)
"""The title of each rule, and what it says: for the translation context ``rules``."""

SPREAD = QT_TRANSLATE_NOOP(
    "rules", "It was used for several rows or columns: what arrives from them is summed."
)
"""What is said of an operand that was repeated to fit, as a bias is for every row of a batch."""


@dataclass(frozen=True, eq=False)
class MatrixStep:
    """One rule: what a node hands down to one of its operands.

    Parameters
    ----------
    rule : str
        A key of `RULES`.
    target, source, position : int
        The node, its operand, and which it is.
    upstream : ndarray
        dL / d target.
    contribution : ndarray
        Of the shape of the source.
    total : ndarray
        What has arrived at the source so far, this included.
    complete : bool
        Whether that is all: dL / d source.
    spread : bool
        Whether the operand was repeated to fit, so that its contribution is a sum.
    latex : str
        The rule in symbols: the contribution in terms of the upstream gradient.
    """

    rule: str
    target: int
    source: int
    position: int
    upstream: FloatArray
    contribution: FloatArray
    total: FloatArray
    complete: bool
    spread: bool
    latex: str

    @property
    def title(self) -> str:
        """The rule's name, in English, marked for translation in the context ``rules``."""
        return RULES[self.rule][0]

    @property
    def reason(self) -> str:
        """What the rule says."""
        return RULES[self.rule][1]


class MatrixGraph:
    """A formula in matrix notation with numbers put in, and the gradient of its output by everything.

    Parameters
    ----------
    formula : MatrixFormula
    given : mapping of str to array_like
        Numbers for the variables: a number, a list (a column), or rows. They come before those of the text.

    Attributes
    ----------
    values : tuple of ndarray
        Of each term, (rows, columns).
    gradients : tuple of ndarray or None
        d output / d term; None where the output does not depend on a variable through it.

    Raises
    ------
    ExpressionError
        Shapes that do not fit, both named; an output that is not one number; what is not finite.
    """

    def __init__(self, formula: MatrixFormula, given: Mapping[str, Any] | None = None) -> None:
        self.formula = formula
        self.given = MappingProxyType(_check_given(formula, given or {}))
        self.values = self._forward()
        if self.values[formula.output].size != 1:
            raise formula.error(
                formula.output,
                "not_one_number",
                text=short(formula.source(formula.output)),
                shape=shape_text(self.values[formula.output].shape),
            )
        self.steps, self.gradients = self._backward()

    @property
    def value(self) -> float:
        """The output."""
        return float(self.values[self.formula.output][0, 0])

    @cached_property
    def partials(self) -> Mapping[str, FloatArray]:
        """The gradient by each name, of its shape: of variables and lines."""
        names = {**self.formula.variables, **self.formula.lines}
        found = {}
        for name, index in names.items():
            gradient = self.gradients[index]
            found[name] = np.zeros_like(self.values[index]) if gradient is None else gradient
        return MappingProxyType(found)

    @cached_property
    def writer(self) -> Writer:
        """Writes nodes and gradients in LaTeX."""
        return Writer(self.formula, [value.shape for value in self.values])

    def gradient_latex(self, name: str) -> str:
        """Return the gradient by a name in matrix form, in the gradients of the named lines above it.

        Raises
        ------
        KeyError
            No such name.
        """
        index = {**self.formula.variables, **self.formula.lines}[name]
        return self.writer.gradient(index, self.gradients[index] is not None)

    # passes

    def _forward(self) -> tuple[FloatArray, ...]:
        values: list[FloatArray] = []
        for index, term in enumerate(self.formula.terms):
            operands = [values[j] for j in term.operands]
            self._check_shapes(index, term, operands)
            with np.errstate(all="ignore"):
                value = _value(self.formula, self.given, term, operands)
            if max(value.shape) > MOST_SIDE:
                raise self.formula.error(index, "matrix_too_large", most=MOST_SIDE)
            if not np.isfinite(value).all():
                kind = _failure(term, operands)
                raise self.formula.error(index, kind, text=short(self.formula.source(index)))
            value.flags.writeable = False
            values.append(value)
        return tuple(values)

    def _check_shapes(self, index: int, term: MatrixTerm, operands: list[FloatArray]) -> None:
        if len(operands) != 2:
            return
        left, right = (operand.shape for operand in operands)
        if term.op == "matmul":
            if 1 in (operands[0].size, operands[1].size) and left[1] != right[0]:
                raise self.formula.error(index, "matmul_of_number", text=short(self.formula.source(index)))
            fits = left[1] == right[0]
        else:
            fits = all(a == b or 1 in (a, b) for a, b in zip(left, right, strict=True))
        if not fits:
            raise self.formula.error(
                index,
                "matmul_shapes" if term.op == "matmul" else "entry_shapes",
                text=short(self.formula.source(index)),
                left=self._named_shape(term.operands[0], left),
                right=self._named_shape(term.operands[1], right),
                columns=left[1],
                rows=right[0],
            )

    def _named_shape(self, index: int, shape: tuple[int, ...]) -> str:
        term = self.formula.terms[index]
        return f"{term.name or short(self.formula.source(index))} ({shape_text(shape)})"

    def _backward(self) -> tuple[tuple[MatrixStep, ...], tuple[FloatArray | None, ...]]:
        formula = self.formula
        active = _active(formula)
        live = _live(formula)
        expected = [0] * len(formula.terms)
        for index, term in enumerate(formula.terms):
            for j in term.operands:
                expected[j] += live[index] and active[j]
        arrived = [0] * len(formula.terms)
        gradients: list[FloatArray | None] = [None] * len(formula.terms)
        gradients[formula.output] = np.ones((1, 1)) if active[formula.output] else None
        steps: list[MatrixStep] = []
        for target in range(formula.output, -1, -1):
            term, upstream = formula.terms[target], gradients[target]
            if upstream is None or not live[target]:
                continue
            for position, source in enumerate(term.operands):
                if not active[source]:
                    continue
                full = self._handed_down(target, position, upstream)
                contribution = _summed_to(full, self.values[source].shape)
                if not np.isfinite(contribution).all():
                    raise formula.error(
                        target,
                        "no_derivative",
                        text=short(formula.source(target)),
                        operand=short(formula.terms[source].name or formula.source(source)),
                    )
                before = gradients[source]
                total = contribution if before is None else np.asarray(before + contribution)
                gradients[source] = total
                arrived[source] += 1
                rule = term.op if term.op in RULES else "function"
                steps.append(
                    MatrixStep(
                        rule,
                        target,
                        source,
                        position,
                        upstream,
                        contribution,
                        total,
                        arrived[source] == expected[source],
                        full.shape != contribution.shape,
                        self.writer.step(target, position),
                    )
                )
        return tuple(steps), tuple(gradients)

    def _handed_down(self, target: int, position: int, upstream: FloatArray) -> FloatArray:
        """What a node hands to an operand, before it is summed to the operand's shape."""
        term = self.formula.terms[target]
        operands = [self.values[j] for j in term.operands]
        with np.errstate(all="ignore"):
            return _slope(term, position, operands, self.values[target], upstream)


def _value(
    formula: MatrixFormula, given: Mapping[str, FloatArray], term: MatrixTerm, v: list[FloatArray]
) -> FloatArray:
    op = term.op
    if op == "variable":
        return given[term.name].copy()
    if op == "constant":
        return np.array([[term.constant]])
    if op == "matmul":
        return np.asarray(v[0] @ v[1])
    if op == "transpose":
        return v[0].T.copy()
    if op in ("sum", "mean"):
        reduce = np.sum if op == "sum" else np.mean
        return np.atleast_2d(reduce(v[0], axis=term.axis, keepdims=True))
    if op in ("softmax", "logsoftmax"):
        shifted = _logarithms_of_shares(v[0], axis_of(term, v[0].shape))
        return np.exp(shifted) if op == "softmax" else shifted
    return np.array(OPERATIONS[op].value(*v), dtype=np.float64, ndmin=2)


def axis_of(term: MatrixTerm, shape: tuple[int, ...]) -> int:
    """Return the axis of a softmax: that typed, else down a column, else along each row."""
    if term.axis is not None:
        return term.axis
    return 0 if shape[1] == 1 else 1


def _logarithms_of_shares(z: FloatArray, axis: int) -> FloatArray:
    shifted = z - z.max(axis=axis, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True)))


def _slope(
    term: MatrixTerm, position: int, v: list[FloatArray], value: FloatArray, upstream: FloatArray
) -> FloatArray:
    op = term.op
    if op == "matmul":
        return np.asarray(upstream @ v[1].T if position == 0 else v[0].T @ upstream)
    if op == "transpose":
        return upstream.T
    if op in ("sum", "mean"):
        count = v[0].size // value.size if op == "mean" else 1
        return np.broadcast_to(upstream / count, v[0].shape)
    if op in ("softmax", "logsoftmax"):
        axis = axis_of(term, v[0].shape)
        if op == "softmax":
            return np.asarray(value * (upstream - (upstream * value).sum(axis=axis, keepdims=True)))
        return np.asarray(upstream - np.exp(value) * upstream.sum(axis=axis, keepdims=True))
    slope = OPERATIONS[op].slope
    at = np.broadcast_arrays(*v, value)
    entries = [_one_slope(slope, position, numbers) for numbers in zip(*(a.flat for a in at), strict=True)]
    return np.asarray(upstream * np.array(entries).reshape(value.shape))


def _one_slope(slope: Any, position: int, numbers: tuple[Any, ...]) -> float:
    *operands, result = map(float, numbers)
    try:
        return float(slope(position, tuple(operands), result))
    except (ZeroDivisionError, OverflowError, ValueError):
        return float("nan")


def _summed_to(full: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    for axis in (0, 1):
        if shape[axis] == 1 and full.shape[axis] > 1:
            full = full.sum(axis=axis, keepdims=True)
    return np.array(full)


def _failure(term: MatrixTerm, operands: list[FloatArray]) -> str:
    if term.op in OPERATIONS:
        value, failure = OPERATIONS[term.op].value, OPERATIONS[term.op].failure
        for numbers in zip(*(a.flat for a in np.broadcast_arrays(*operands)), strict=True):
            with np.errstate(all="ignore"):
                if not np.isfinite(value(*numbers)):
                    return failure(*map(float, numbers))
    return "overflow"


def _active(formula: MatrixFormula) -> list[bool]:
    active: list[bool] = []
    for term in formula.terms:
        active.append(term.op == "variable" or any(active[j] for j in term.operands))
    return active


def _live(formula: MatrixFormula) -> list[bool]:
    live = [False] * len(formula.terms)
    live[formula.output] = True
    for index in range(formula.output, -1, -1):
        if live[index]:
            for j in formula.terms[index].operands:
                live[j] = True
    return live


def shape_text(shape: tuple[int, ...]) -> str:
    """Return a shape as it is written: 3×2."""
    return "×".join(map(str, shape))


def _check_given(formula: MatrixFormula, given: Mapping[str, Any]) -> dict[str, FloatArray]:
    numbers: dict[str, FloatArray] = {}
    for name, index in formula.variables.items():
        value: FloatArray
        if name in given:
            value = np.asarray(given[name], dtype=np.float64)
            value = value.reshape(-1, 1) if value.ndim < 2 else value
        elif name in formula.values:
            value = formula.values[name]
        elif name in formula.shapes:
            value = begun(name, formula.shapes[name])
        else:
            raise formula.error(index, "unknown_matrix", text=short(name))
        start = formula.terms[index].start
        if value.ndim != 2 or not value.size:
            raise error_at(formula.text, start, "bad_matrix", text=short(name))
        if max(value.shape) > MOST_SIDE:
            raise error_at(formula.text, start, "matrix_too_large", most=MOST_SIDE)
        if not np.isfinite(value).all():
            raise error_at(formula.text, start, "value_not_finite", text=short(name), value="NaN or infinite")
        numbers[name] = value
    return numbers


def begun(name: str, shape: tuple[int, int]) -> FloatArray:
    """Return numbers to begin with for a matrix of which only the shape is known: the same each time."""
    seed = sum(map(ord, name)) * 1_000 + shape[0] * 64 + shape[1]
    return np.round(np.random.default_rng(seed).uniform(-1.0, 1.0, shape), 1) + 0.0
