"""A derivative worked out as it is by hand: one named rule a step, then simplified step by step.

Each line of a text that depends on the variable is worked out by itself, in the names of the lines before
it; the chain rule puts them together: dy/dx = dy/du · du/dx. A step has the steps for its parts below it.
Read from the outside in the steps are the reverse mode, from the inside out the forward mode.

Stewart, Calculus, 8th edition (2016), chapter 3; Griewank and Walther (2008), chapter 3, for the two modes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from engine.errors import QT_TRANSLATE_NOOP
from engine.explain.expression.algebra import (
    MOST_NODES,
    Expr,
    TooLargeError,
    constant,
    depends,
    derivative,
    evaluate,
    latex,
    of_formula,
    rewrite,
    size,
    substitute,
    variable,
)
from engine.explain.expression.calculus import partial
from engine.explain.expression.formula import Formula
from engine.explain.expression.graph import Graph
from engine.explain.expression.latex import derivative_latex, name_latex
from engine.explain.expression.simplify import Simplification, simplifications, simplified

RULES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "identity": (
            QT_TRANSLATE_NOOP("rules", "The variable itself"),
            QT_TRANSLATE_NOOP("rules", "Against itself, a variable changes one for one: dx/dx = 1."),
        ),
        "line": (
            QT_TRANSLATE_NOOP("rules", "Line"),
            QT_TRANSLATE_NOOP("rules", "The name stands for its line, whose derivative is worked out there."),
        ),
        "sum": (
            QT_TRANSLATE_NOOP("rules", "Sum rule"),
            QT_TRANSLATE_NOOP("rules", "The derivative of a sum is the sum of the derivatives."),
        ),
        "difference": (
            QT_TRANSLATE_NOOP("rules", "Difference rule"),
            QT_TRANSLATE_NOOP(
                "rules", "The derivative of a difference is the difference of the derivatives."
            ),
        ),
        "factor": (
            QT_TRANSLATE_NOOP("rules", "Constant factor"),
            QT_TRANSLATE_NOOP("rules", "A factor that does not depend on the variable stays as it is."),
        ),
        "product": (
            QT_TRANSLATE_NOOP("rules", "Product rule"),
            QT_TRANSLATE_NOOP(
                "rules", "Each factor is derived once while the other stays: (f·g)′ = f′·g + f·g′."
            ),
        ),
        "quotient": (
            QT_TRANSLATE_NOOP("rules", "Quotient rule"),
            QT_TRANSLATE_NOOP("rules", "The derivative of f/g is (f′·g − f·g′)/g²."),
        ),
        "reciprocal": (
            QT_TRANSLATE_NOOP("rules", "Reciprocal rule"),
            QT_TRANSLATE_NOOP("rules", "The derivative of c/g is −c·g′/g²."),
        ),
        "power": (
            QT_TRANSLATE_NOOP("rules", "Power rule"),
            QT_TRANSLATE_NOOP("rules", "The exponent comes down and is one less: (xⁿ)′ = n·xⁿ⁻¹."),
        ),
        "chain_power": (
            QT_TRANSLATE_NOOP("rules", "Power rule with the chain rule"),
            QT_TRANSLATE_NOOP("rules", "The outer derivative n·uⁿ⁻¹ times the inner derivative u′."),
        ),
        "exponential": (
            QT_TRANSLATE_NOOP("rules", "Exponential rule"),
            QT_TRANSLATE_NOOP("rules", "The derivative of cᵘ is cᵘ·ln c·u′; for e the logarithm is 1."),
        ),
        "general_power": (
            QT_TRANSLATE_NOOP("rules", "Logarithmic differentiation"),
            QT_TRANSLATE_NOOP("rules", "Base and exponent both vary: (fᵍ)′ = fᵍ·(g′·ln f + g·f′/f)."),
        ),
        "function": (
            QT_TRANSLATE_NOOP("rules", "Derivative of a function"),
            QT_TRANSLATE_NOOP("rules", "The derivative of this function is known."),
        ),
        "chain": (
            QT_TRANSLATE_NOOP("rules", "Chain rule"),
            QT_TRANSLATE_NOOP(
                "rules", "The outer derivative, at the inner function, times the inner derivative."
            ),
        ),
        "several": (
            QT_TRANSLATE_NOOP("rules", "Chain rule with several inner functions"),
            QT_TRANSLATE_NOOP("rules", "Over each operand, its partial derivative times its own derivative."),
        ),
        "choice": (
            QT_TRANSLATE_NOOP("rules", "Piece by piece"),
            QT_TRANSLATE_NOOP("rules", "Each piece is derived by itself; the condition chooses as before."),
        ),
    }
)
"""The title of each rule, and what it says: for the translation context ``rules``."""


@dataclass(frozen=True, eq=False)
class RuleStep:
    """One rule at one place.

    `function` is what is derived by `by`. `result` is what the rule makes of it, with the derivatives of
    the parts not worked out; `parts` are the steps that work them out, and `raw` is `result` with these put
    in. `number` counts the steps from the outside in, from 1.
    """

    rule: str
    by: str
    function: Expr
    result: Expr
    parts: tuple[RuleStep, ...]
    number: int
    level: int

    @property
    def title(self) -> str:
        """The rule's name, in English, marked for translation in the context ``rules``."""
        return RULES[self.rule][0]

    @property
    def reason(self) -> str:
        """What the rule says."""
        return RULES[self.rule][1]

    @cached_property
    def raw(self) -> Expr:
        """The derivative as the rules leave it."""
        meaning = {part.function: part.raw for part in self.parts}

        def put_in(node: Expr) -> Expr:
            return meaning.get(node.args[0], node) if node.op == "derivative" else node

        return rewrite(self.result, put_in)

    @cached_property
    def worked_out(self) -> Expr:
        """The derivative, simplified."""
        return simplified(self.raw)

    def outside_in(self) -> Iterator[RuleStep]:
        """Return the step itself, then those of its parts: the order of the reverse mode."""
        yield self
        for part in self.parts:
            yield from part.outside_in()

    def inside_out(self) -> Iterator[RuleStep]:
        """Return the steps of the parts, then this one: the order of the forward mode."""
        for part in self.parts:
            yield from part.inside_out()
        yield self


@dataclass(frozen=True, eq=False)
class WorkedLine:
    """The derivative of one line: the rules, what they leave, and how that is simplified."""

    name: str
    by: str
    function: Expr
    step: RuleStep
    simplifications: tuple[Simplification, ...]

    @property
    def result(self) -> Expr:
        """The derivative by the variable, in the names of the lines before."""
        return self.simplifications[-1].result if self.simplifications else self.step.raw

    @property
    def seen(self) -> Iterator[Simplification]:
        """The simplifications that change what is written: −(1) and −1 are written alike."""
        before = latex(self.step.raw)
        for simpler in self.simplifications:
            written = latex(simpler.result)
            if written != before:
                yield simpler
            before = written

    def expanded(self) -> Iterator[tuple[RuleStep, Expr]]:
        """The whole line after each rule, from the outside in; all of them are equal."""
        whole = derivative(self.function, self.by)
        for step in self.step.outside_in():
            whole = _replaced(whole, derivative(step.function, step.by), step.result)
            yield step, whole


@dataclass(frozen=True, eq=False)
class Working:
    """d output / d variable worked out at a point.

    Parameters
    ----------
    by : str
    lines : tuple of WorkedLine
        Those that depend on the variable and that the output depends on, in the order of the text.
    values : mapping of str to float
        Of variables and lines, at the point.
    rates : mapping of (str, str) to float
        d line / d variable at the point.
    whole : Expr or None
        The derivative with all lines put in, simplified; None if that would be too long to read.
    several : bool
        Whether there are other variables, so that derivatives are partial ones.
    """

    by: str
    lines: tuple[WorkedLine, ...]
    values: Mapping[str, float]
    rates: Mapping[tuple[str, str], float] = field(repr=False)
    whole: Expr | None
    several: bool = False

    def at(self, graph: Graph) -> Working:
        """Return the same steps at another point of the same formula."""
        return replace(self, **_numbers_of(graph, self.by))

    def latex(self, tree: Expr) -> str:
        """Return a tree in LaTeX."""
        return latex(tree, self.several)

    def ratio(self, name: str) -> str:
        """Return d name / d variable in LaTeX."""
        return derivative_latex(name_latex(name), name_latex(self.by), self.several)

    def equation(self, step: RuleStep, result: Expr) -> str:
        """Return what a step derives and what it makes of it."""
        left, right = self.latex(derivative(step.function, step.by)), self.latex(result)
        return left if left == right else f"{left} = {right}"

    def value(self, tree: Expr) -> float:
        """Return the value of a tree at the point."""
        return evaluate(tree, self.values, self.rates)

    def entering(self, step: RuleStep) -> tuple[tuple[Expr, float], ...]:
        """Return the two or three numbers that a rule puts together, each with what it is the value of."""
        return tuple((tree, self.value(tree)) for tree in _factors(step.result))

    @property
    def partial(self) -> float:
        """The derivative at the point."""
        if not self.lines:
            return 0.0
        return self.value(self.lines[-1].result)


def work_out(graph: Graph, by: str) -> Working:
    """Derive a formula by a variable, rule by rule.

    Parameters
    ----------
    graph : Graph
        The formula, at a point.
    by : str
        One of its variables.

    Raises
    ------
    KeyError
        A name that was not given a value.
    TooLargeError
        A formula that nobody would read the derivative of.
    """
    graph.given[by]
    formula = graph.formula
    names = _names_of(formula)
    reached = {by} | {name for name, index in names.items() if _reaches(graph, by, index)}
    lines = []
    for name, index in sorted(names.items(), key=lambda item: item[1]):
        if name in reached and formula.live[index]:
            function = of_formula(formula, index)
            step = _Rules(by, frozenset(reached)).derive(function)
            lines.append(WorkedLine(name, by, function, step, simplifications(step.raw)))
    return Working(
        by, tuple(lines), whole=_put_together(lines), several=len(graph.given) > 1, **_numbers_of(graph, by)
    )


def _names_of(formula: Formula) -> dict[str, int]:
    return {formula.output_name: formula.output, **formula.lines}


def _numbers_of(graph: Graph, by: str) -> dict[str, Any]:
    tangents, names = graph.tangents(by), _names_of(graph.formula)
    values = {name: graph.given[name] for name in graph.formula.variables}
    values |= {name: graph.values[index] for name, index in names.items()}
    return {"values": values, "rates": {(name, by): tangents[index] for name, index in names.items()}}


def _reaches(graph: Graph, by: str, index: int) -> bool:
    """Whether a term depends on a variable, whatever the numbers are."""
    start = graph.formula.variables.get(by)
    if start is None:
        return False
    reached = {start}
    for link in graph.formula.links:
        if link.source in reached:
            reached.add(link.target)
    return index in reached


def _put_together(lines: list[WorkedLine]) -> Expr | None:
    meaning: dict[str, Expr] = {}
    rates: dict[Expr, Expr] = {}
    whole: Expr | None = None
    for line in lines:
        # the names of lines in what is derived, too: cos(u) becomes cos(x² + 1)
        whole = rewrite(line.result, lambda node: rates.get(node, node))
        whole = substitute(whole, meaning)
        whole = simplified(whole) if size(whole) < MOST_NODES else None
        if whole is None or size(whole) > MOST_NODES // 10:
            return None
        meaning[line.name] = substitute(line.function, meaning)
        rates[derivative(variable(line.name), line.by)] = whole
        if size(meaning[line.name]) > MOST_NODES // 10:
            return None
    return whole


def _replaced(tree: Expr, old: Expr, new: Expr) -> Expr:
    """Put `new` in the place of `old`, everywhere."""
    if tree == old:
        return new
    if tree.op == "derivative" or not tree.args:
        return tree
    return tree._replace(args=tuple(_replaced(part, old, new) for part in tree.args))


def _factors(tree: Expr) -> tuple[Expr, ...]:
    """What stands on both sides of the sign that holds a result together."""
    if tree.op in ("add", "subtract", "multiply", "divide"):
        return tree.args
    if tree.op == "negate":
        return _factors(tree.args[0]) if tree.args[0].op in ("multiply", "divide") else tree.args
    return (tree,)


def _times(*factors: Expr) -> Expr:
    product = factors[0]
    for factor in factors[1:]:
        product = Expr("multiply", (product, factor))
    return product


class _Rules:
    """Derives trees by one variable, and counts the steps."""

    def __init__(self, by: str, varying: frozenset[str]) -> None:
        self.by, self.varying = by, varying
        self.count = 0

    def derive(self, f: Expr, level: int = 0) -> RuleStep:
        self.count += 1
        number = self.count
        if number > MOST_NODES:
            raise TooLargeError
        rule, result = self.rule(f)
        parts: list[RuleStep] = []
        if rule != "line":
            inner = dict.fromkeys(node.args[0] for node in _nodes(result) if node.op == "derivative")
            parts = [self.derive(operand, level + 1) for operand in inner]
        return RuleStep(rule, self.by, f, result, tuple(parts), number, level)

    def varies(self, f: Expr) -> bool:
        return depends(f, self.varying)

    def d(self, f: Expr) -> Expr:
        return derivative(f, self.by) if self.varies(f) else constant(0.0)

    def rule(self, f: Expr) -> tuple[str, Expr]:
        if f.op == "variable":
            return ("identity", constant(1.0)) if f.name == self.by else ("line", derivative(f, self.by))
        if f.op in ("add", "subtract", "negate", "same"):
            return self.of_sum(f)
        if f.op == "multiply":
            return self.of_product(*f.args)
        if f.op == "divide":
            return self.of_quotient(*f.args)
        if f.op == "power":
            return self.of_power(*f.args)
        if f.op in ("if_above", "if_at_least"):
            left, right, then, other = f.args
            return "choice", Expr(f.op, (left, right, self.d(then), self.d(other)))
        if len(f.args) == 1:
            outer = partial(f.op, f.args, 0)
            if f.args[0] == variable(self.by):
                return "function", outer
            return ("chain", outer) if outer == constant(0.0) else ("chain", _times(outer, self.d(f.args[0])))
        terms = [
            _times(partial(f.op, f.args, place), self.d(g))
            for place, g in enumerate(f.args)
            if self.varies(g)
        ]
        total = terms[0]
        for term in terms[1:]:
            total = Expr("add", (total, term))
        return "several", total

    def of_sum(self, f: Expr) -> tuple[str, Expr]:
        if f.op in ("negate", "same"):
            return "factor", Expr(f.op, (self.d(f.args[0]),))
        return ("difference" if f.op == "subtract" else "sum"), self.spread(f)

    def spread(self, f: Expr) -> Expr:
        """Derive the parts of a sum; a sum of sums is one sum to the reader."""
        if f.op in ("add", "subtract"):
            return Expr(f.op, tuple(map(self.spread, f.args)))
        return self.d(f)

    def of_product(self, f: Expr, g: Expr) -> tuple[str, Expr]:
        if not self.varies(f):
            return "factor", _times(f, self.d(g))
        if not self.varies(g):
            return "factor", _times(self.d(f), g)
        return "product", Expr("add", (_times(self.d(f), g), _times(f, self.d(g))))

    def of_quotient(self, f: Expr, g: Expr) -> tuple[str, Expr]:
        if not self.varies(g):
            return "factor", Expr("divide", (self.d(f), g))
        square = Expr("power", (g, constant(2.0)))
        if not self.varies(f):
            return "reciprocal", Expr("negate", (Expr("divide", (_times(f, self.d(g)), square)),))
        above = Expr("subtract", (_times(self.d(f), g), _times(f, self.d(g))))
        return "quotient", Expr("divide", (above, square))

    def of_power(self, base: Expr, exponent: Expr) -> tuple[str, Expr]:
        if not self.varies(exponent):
            less = (
                constant(exponent.value - 1.0)
                if exponent.op == "constant"
                else Expr("subtract", (exponent, constant(1.0)))
            )
            outer = _times(exponent, Expr("power", (base, less)))
            if base == variable(self.by):
                return "power", outer
            return "chain_power", _times(outer, self.d(base))
        whole = Expr("power", (base, exponent))
        if not self.varies(base):
            if base.op == "constant" and base.value == math.e:
                return "exponential", _times(whole, self.d(exponent))
            return "exponential", _times(whole, Expr("log", (base,)), self.d(exponent))
        grows = _times(self.d(exponent), Expr("log", (base,)))
        moves = Expr("divide", (_times(exponent, self.d(base)), base))
        return "general_power", _times(whole, Expr("add", (grows, moves)))


def _nodes(tree: Expr) -> Iterator[Expr]:
    yield tree
    if tree.op != "derivative":
        for part in tree.args:
            yield from _nodes(part)
