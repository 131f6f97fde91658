"""What a phase computes with its real numbers: of one unit, one loss or one parameter.

An `Equation` has a left side, the formula in symbols, the formula with the numbers put in, and the result.
Its numbers are written with as many digits as it takes for the result to come out of them as they stand;
where none that could be read would do, the numbers are left out and the result alone is shown. A sum of many
terms is written with its first few and, in one number, what the others come to.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QCoreApplication

from engine.data.preparation import Prepared
from engine.explain import Explanation, explain
from engine.explain.symbols import DELTA, latex, plain
from engine.functions.traced import Quantity, Traced
from engine.functions.written_out import Line, Term, folded
from engine.parts import Part
from engine.phases import FactorKind, PhaseKind
from gui.text.numbers import digits_that_come_out, full, grouped, short
from gui.text.parts import unit_label
from gui.text.symbols import parameter_latex, parameter_plain
from gui.training.messages import Frame
from gui.views.network.factors import activation_symbol

MOST_TERMS = 6
"""Terms of a sum that are written at most where not all of them are."""

DIGITS = 4
MOST_DIGITS = 9
"""Digits of a parameter before and after a small step, at most."""

_POSITIVE, _NEGATIVE = "7\ue000", "−7\ue000"
"""What stands for numbers in a formula's text, until they are written."""

_SUM = "\ue001"

_STAND_IN = re.compile(r"(−?7\ue000)")


class Symbol(NamedTuple):
    """A quantity as it is drawn and as it is said."""

    latex: str
    plain: str


class Number(NamedTuple):
    """A number as it is written; `is_result` is what the others come to."""

    value: float
    text: str
    is_result: bool = False


Piece = Symbol | Number | str
"""What a line is made of: strings are signs and brackets."""

Blank = float | Symbol | str
"""The same with numbers that are not written yet."""


class PutIn(NamedTuple):
    """A formula with its numbers: what is written, and what it makes of other numbers in their places."""

    written: tuple[Blank, ...]
    combine: Callable[..., float]

    @property
    def numbers(self) -> tuple[float, ...]:
        """The numbers, in the order in which they are written."""
        return tuple(blank for blank in self.written if isinstance(blank, float))


class Equation(NamedTuple):
    """An equation; `put_in` takes how many terms of its sum are to be written, of `terms`."""

    left: tuple[Piece, ...]
    symbols: tuple[Piece, ...]
    put_in: Callable[[int], PutIn]
    result: float
    terms: int = 1
    small_step_from: float | None = None
    """What the result is to be told apart from, if it differs at all."""

    def pieces(self, terms: int, symbols: bool) -> tuple[Piece, ...]:
        """The equation in one line."""
        line = [*self.left]
        if symbols and self.symbols:
            line += [" = ", *self.symbols]
        put_in = self.put_in(terms)
        digits = self._digits(put_in)
        result = Number(self.result, short(self.result, digits[1] if digits else DIGITS), True)
        if digits is not None and put_in.written:
            line += [" = " if not self._is_step else " ", *_written(put_in.written, digits[0])]
        elif not symbols:
            line += [" = ", *self.symbols] if self.symbols else []
        return (*line, " = ", result)

    @property
    def brief(self) -> Equation:
        """The result alone."""
        return self._replace(symbols=(), put_in=_nothing, terms=1)

    @property
    def _is_step(self) -> bool:
        return self.small_step_from is not None

    def _digits(self, put_in: PutIn) -> tuple[int, int] | None:
        numbers = put_in.numbers
        for digits in range(DIGITS, MOST_DIGITS):
            found = digits_that_come_out(put_in.combine, numbers, self.result, digits)
            before = self.small_step_from
            if found is None or before is None or before == self.result:
                return found
            if short(before, found[1]) != short(self.result, found[1]):
                return found
        return found


class Worked(NamedTuple):
    """The equations of a phase, and what they are about."""

    about: str
    equations: tuple[Equation, ...]

    def lines(self) -> Iterator[tuple[Piece, ...]]:
        """The same in one line each, from the longest to the shortest."""
        most = max((equation.terms for equation in self.equations), default=1)
        wholly = most <= MOST_TERMS
        if wholly:
            yield self._line(most, True)
            yield self._line(most, False)
        for terms in range(min(most - 1, MOST_TERMS), 0, -1):
            yield self._line(terms, False)
        if len(self.equations) > 1:
            *before, last = self.equations
            yield self._replace(equations=(*(each.brief for each in before), last))._line(1, False)
            yield self._replace(equations=(last,))._line(1, False)

    def _line(self, terms: int, symbols: bool) -> tuple[Piece, ...]:
        lines = [equation.pieces(terms, symbols) for equation in self.equations]
        return tuple(chain.from_iterable((*([",   "] if i else []), *line) for i, line in enumerate(lines)))

    @property
    def spoken(self) -> str:
        """All of it as plain text."""
        return in_words(next(self.lines(), ()))


def in_words(pieces: Iterable[Piece]) -> str:
    """Pieces of a line as plain text."""
    return "".join(map(_plain, pieces))


def _plain(piece: Piece) -> str:
    if isinstance(piece, str):
        return piece
    return piece.plain if isinstance(piece, Symbol) else piece.text


def _written(blanks: Sequence[Blank], digits: int) -> Iterator[Piece]:
    """The pieces of a formula, its numbers with so many digits; negative ones within it in brackets."""
    begins = True
    for blank in blanks:
        if isinstance(blank, float):
            text = short(blank, digits)
            bracketed = not begins and (text.startswith("−"))
            if bracketed:
                yield "("
            yield Number(blank, text)
            if bracketed:
                yield ")"
        else:
            yield blank
        begins = isinstance(blank, str) and blank.rstrip().endswith(("(", "√", ":", "："))


# -- what the phase is about -------------------------------------------------------------------------


def work_out(frame: Frame, selection: Part | None, sample: int, prepared: Prepared | None = None) -> Worked:
    """What the phase of `frame` computes with the numbers of `sample`: of the selected part, or the first.

    `prepared` is how the data were prepared, as far as it is known.
    """
    phase = frame.phase
    last = len(frame.record.z)
    with np.errstate(all="ignore"):
        if phase is None or phase.kind is PhaseKind.UPDATE:
            return _update(frame, selection)
        if phase.kind is PhaseKind.INPUT:
            unit = _unit_of(selection, 0)
            return Worked(_about_unit(frame, 0, unit, sample), (_input(frame, unit, sample, prepared),))
        if phase.kind is PhaseKind.LOSS:
            return Worked(_about_sample(frame, sample), _loss(frame, sample))
        if phase.kind is PhaseKind.FACTOR:
            return _factor(frame, selection, sample)
        layer = phase.layer
        if not layer:
            own = selection.layer if selection is not None and selection.kind != "loss" else 0
            layer = own or last
        unit = _unit_of(selection, layer)
        e = explain(frame.experiment, frame.record, unit=(layer, unit))
        forward = phase.kind is PhaseKind.FORWARD
        equations = _forward(frame, e, sample) if forward else (_delta(frame, e, sample),)
        return Worked(_about_unit(frame, layer, unit, sample), equations)


def _unit_of(part: Part | None, layer: int) -> int:
    """The selected unit of a layer, or that of the selected weight or bias; else the first."""
    if part is None or part.kind in ("loss", "layer"):
        return 0
    if part.kind == "weight" and part.layer - 1 == layer:
        return part.source
    return part.unit if part.layer == layer else 0


def _about_unit(frame: Frame, layer: int, unit: int, sample: int) -> str:
    text = QCoreApplication.translate("phases", "{unit} · sample {number}")
    return text.format(unit=unit_label(frame, layer, unit), number=sample + 1)


def _about_sample(frame: Frame, sample: int) -> str:
    text = QCoreApplication.translate("phases", "sample {number} · row {row}")
    return text.format(number=sample + 1, row=grouped(int(frame.record.indices[sample]) + 1))


def _symbol(base: str, layer: int | None, *units: int) -> Symbol:
    return Symbol(latex(base, layer, *units), plain(base, layer, *units))


def _activation(layer: int, unit: int) -> Symbol:
    return _symbol("a", layer, unit) if layer else _symbol("x", None, unit)


# -- sums ----------------------------------------------------------------------------------------------


def _sum(terms: Sequence[tuple[float, ...]], shown: int, extra: tuple[float, ...] = ()) -> PutIn:
    """A sum of products: the first ones, and in one number the others; `extra` is always written."""
    seen = [tuple(map(float, term)) for term in terms[:shown]]
    others = [math.prod(map(float, term)) for term in terms[shown:]]
    written: list[Blank] = []
    for term in seen:
        written += [" + "] if written else []
        for place, factor in enumerate(term):
            written += [" × ", factor] if place else [factor]
    if others:
        written += _others(len(others), math.fsum(others))
    for number in extra:
        written += [" + ", float(number)]
    widths = [len(term) for term in seen] + [1] * (bool(others) + len(extra))

    def combine(*numbers: float) -> float:
        rest = iter(numbers)
        return math.fsum(math.prod(next(rest) for _ in range(width)) for width in widths)

    return PutIn(tuple(written), combine)


def _others(count: int, total: float) -> list[Blank]:
    """The terms of a sum that are not written one by one."""
    text = QCoreApplication.translate("phases", "… ({count} more: {sum})").format(count=count, sum=_SUM)
    before, _, after = text.partition(_SUM)
    return [f" + {before}", float(total), after]


def _times(put_in: PutIn, factors: Sequence[float], *, bracketed: bool = True) -> PutIn:
    """A formula times further numbers."""
    if not factors:
        return put_in
    written: list[Blank] = ["( ", *put_in.written, " )"] if bracketed else [*put_in.written]
    for factor in factors:
        written += [" × ", float(factor)]
    count = len(put_in.numbers)

    def combine(*numbers: float) -> float:
        return put_in.combine(*numbers[:count]) * math.prod(numbers[count:])

    return PutIn(tuple(written), combine)


def _nothing(_: int) -> PutIn:
    return PutIn((), lambda: math.nan)


# -- formulas of the tables ------------------------------------------------------------------------------


class _Leaves:
    """Numbers that go into a traced formula; what is a whole target is written as it is."""

    def __init__(self) -> None:
        self.numbers: dict[Traced, float] = {}

    def leaf(self, value: float) -> Traced:
        traced = Traced(None, (), "x")
        self.numbers[traced] = float(value)
        return traced

    def target(self, value: float) -> Quantity:
        return float(value) if value in (0.0, 1.0) else self.leaf(value)

    def put_in(self, formula: Quantity) -> PutIn:
        """The formula with its numbers."""
        formula = folded(formula)
        if not isinstance(formula, Traced):
            return PutIn((full(float(formula)),), lambda: float(formula))
        line = Line.of("", formula)
        values = [self.numbers[leaf] for leaf in line.inputs]
        term = Term(line, math.nan, tuple(values))

        text = term.written(_NEGATIVE if value < 0 else _POSITIVE for value in values)
        order = list(_leaves(formula))  # as they are written, some of them twice
        places = [line.inputs.index(leaf) for leaf in order]
        written: list[Blank] = []
        for part in _STAND_IN.split(text):
            if not _STAND_IN.fullmatch(part):
                written += [part] if part else []
                continue
            leaf = order[sum(isinstance(blank, float) for blank in written)]
            number = self.numbers[leaf]
            if part == _NEGATIVE and number >= 0:  # its own minus sign, before a positive number
                written.append("−")
            written.append(number)
        written = _without_brackets(written)

        def combine(*numbers: float) -> float:
            given = [0.0] * len(values)
            for place, number in zip(places, numbers, strict=True):
                given[place] = number
            return term.made(*given)

        return PutIn(tuple(written), combine)


def _leaves(node: Quantity) -> Iterator[Traced]:
    if isinstance(node, Traced) and node.operation is None:
        yield node
    elif isinstance(node, Traced):
        for operand in node.operands:
            yield from _leaves(operand)


def _without_brackets(blanks: list[Blank]) -> list[Blank]:
    """Negative numbers are put in brackets when they are written: take away those that are there already."""
    result: list[Blank] = []
    for place, blank in enumerate(blanks):
        before = blanks[place - 1] if place else ""
        after = blanks[place + 1] if place + 1 < len(blanks) else ""
        negative = isinstance(blank, float) and blank < 0
        if (
            negative
            and isinstance(before, str)
            and isinstance(after, str)
            and re.search(r"(?:^|[\s×+/−(])\($", before)
            and after.startswith(")")
        ):
            result[-1] = before[:-1]
            blanks[place + 1] = after[1:]
        result.append(blank)
    return [blank for blank in result if blank != ""]


# -- the phases --------------------------------------------------------------------------------------------


def _input(frame: Frame, unit: int, sample: int, prepared: Prepared | None) -> Equation:
    """How an input came from the data: filled where it was missing, and scaled."""
    record, row = frame.record, int(frame.record.indices[sample])
    raw, value = float(frame.dataset.inputs[row, unit]), float(record.a[0][sample, unit])
    left = (_symbol("x", None, unit),)
    if prepared is None:
        return Equation(left, (), _nothing, value)
    cell = float(prepared.fill[unit]) if math.isnan(raw) else raw
    offset, scale = float(prepared.offset[unit]), float(prepared.scale[unit])
    if (offset, scale) == (0.0, 1.0):
        if math.isnan(raw):
            missing = QCoreApplication.translate("phases", "missing, filled with the training rows' value")
            return Equation((*left, f" ({missing})"), (), _nothing, value)
        return Equation(left, (), _nothing, value)
    put_in = PutIn(("(", cell, " − ", offset, ") / ", scale), lambda x, m, d: (x - m) / d)
    return Equation(left, (), lambda _: put_in, value)


def _forward(frame: Frame, e: Explanation, sample: int) -> tuple[Equation, ...]:
    record, layer, unit = frame.record, e.layer, e.unit
    weights, below = record.weights_before[layer - 1][:, unit], record.a[layer - 1][sample]
    bias = float(record.biases_before[layer - 1][unit])
    products = list(zip(weights.tolist(), below.tolist(), strict=True))
    count = len(products)
    z, a, rule = _symbol("z", layer, unit), _symbol("a", layer, unit), e.rule
    assert rule is not None
    mask = None if e.mask is None else float(e.mask[sample, unit])
    symbols: list[Piece] = []
    for source in range(count if count <= 3 else 0):
        symbols += [" + "] if symbols else []
        symbols += [_symbol("w", layer, source, unit), " ", _activation(layer - 1, source)]
    if symbols:
        symbols += [" + ", _symbol("b", layer, unit)]
    value, result = float(e.z[sample]), float(e.a[sample])
    plainly = rule.name == "linear" and mask is None
    left = (a, " = ", z) if plainly else (z,)
    sums = Equation(left, tuple(symbols), lambda shown: _sum(products, shown, (bias,)), value, count)
    if plainly:
        return (sums,)
    if e.is_softmax:
        return sums, _softmax(e, sample)
    name = activation_symbol(frame, layer)
    function: tuple[Symbol, ...] = () if rule.name == "linear" else (Symbol(name, _plain_name(name)),)
    factors = () if mask is None else (mask,)
    written = _times(
        PutIn((*function, "(", value, ")"), lambda x: float(rule.value(np.array([x]))[0])),
        factors,
        bracketed=False,
    )
    symbol: tuple[Piece, ...] = (*function, "(", z, ")")
    if mask is not None:
        symbol = (*symbol, " × ", _symbol("m", layer, unit))
    return sums, Equation((a,), symbol, lambda _: written, result)


def _plain_name(name: str) -> str:
    plain_text = re.sub(r"\\mathrm\{(\w+)\}", r"\1", name).lstrip("\\")
    return "σ" if plain_text == "sigma" else plain_text


def _softmax(e: Explanation, sample: int) -> Equation:
    z = [float(x) for x in e.record.z[e.layer - 1][sample]]
    own, mask = e.unit, None if e.mask is None else float(e.mask[sample, e.unit])

    def put_in(shown: int) -> PutIn:
        seen, others = z[:shown], z[shown:]
        written: list[Blank] = ["exp(", z[own], ") / (exp(", seen[0], ")"]
        for number in seen[1:]:
            written += [" + exp(", number, ")"]
        rest = math.fsum(math.exp(x) for x in others) if others and max(others) < 700 else 0.0
        if others:
            written += _others(len(others), rest)
        written.append(")")

        def combine(*numbers: float) -> float:
            first, *terms = numbers
            tail = [terms.pop()] if others else []
            return math.exp(first) / math.fsum([*map(math.exp, terms), *tail])

        whole = PutIn(tuple(written), combine)
        return whole if mask is None else _times(whole, (mask,), bracketed=False)

    return Equation((_symbol("a", e.layer, own),), (), put_in, float(e.a[sample]), len(z))


def _loss(frame: Frame, sample: int) -> tuple[Equation, ...]:
    """A sample's loss from its outputs and targets, and the mini-batch's."""
    record, loss = frame.record, frame.experiment.loss
    a, t = record.a[-1][sample], record.targets[sample]
    k = len(t)

    def put_in(shown: int) -> PutIn:
        leaves = _Leaves()
        formulas = [folded(loss.term(leaves.leaf(a[i]), leaves.target(float(t[i])), k)) for i in range(k)]
        if any(isinstance(formula, Traced) for formula in formulas):
            formulas = [formula for formula in formulas if isinstance(formula, Traced) or formula != 0.0]
        whole = formulas[0]
        for formula in formulas[1:shown]:
            whole = whole + formula
        if len(formulas) > shown:
            values = loss.terms(a[None], t[None])[0]
            rest = float(np.sum(values[shown:]))
            more = leaves.leaf(rest)
            whole = whole + more
        return leaves.put_in(whole)

    own = Symbol(f"L_{{{sample + 1}}}", f"L{sample + 1}")
    first = Equation((own,), (), put_in, float(record.sample_losses[sample]), k)
    phase = frame.phase
    if record.batch == 1 or (phase is not None and phase.sample is not None):
        return (first,)
    losses = [(float(x),) for x in record.sample_losses]
    mean = frame.experiment.reduction == "mean"

    def batch(shown: int) -> PutIn:
        added = _sum(losses, min(shown, 2))
        if not mean:
            return added
        return PutIn(("(", *added.written, f") / {len(losses)}"), lambda *x: added.combine(*x) / len(losses))

    return first, Equation((Symbol("L", "L"),), (), batch, float(record.data_loss), len(losses))


def _loss_slope(frame: Frame, e: Explanation, sample: int, *, matched: bool) -> PutIn:
    """The derivative of the loss by an output, or of a matched pair by its z; with the batch's mean in it."""
    record, loss, leaves = frame.record, frame.experiment.loss, _Leaves()
    a, t = leaves.leaf(float(e.a[sample])), leaves.target(float(record.targets[sample, e.unit]))
    formula = (loss.matched_slope if matched else loss.term_slope)(a, t, record.targets.shape[1])
    if frame.experiment.reduction == "mean" and record.batch > 1:
        formula = formula / float(record.batch)
    return leaves.put_in(formula)


def _delta(frame: Frame, e: Explanation, sample: int) -> Equation:
    """The delta of a unit: what comes back through the layer after it, or from the loss, times the slope."""
    layer, unit, rule = e.layer, e.unit, e.rule
    assert rule is not None
    left, result = (_symbol(DELTA, layer, unit),), float(e.delta[sample])
    if e.is_matched:
        matched = _loss_slope(frame, e, sample, matched=True)
        return Equation(left, (), lambda _: matched, result)
    if e.is_softmax:
        through = list(zip(e.upstream[sample].tolist(), e.slope[sample].tolist(), strict=True))
        return Equation(left, (), lambda shown: _sum(through, shown), result, len(through))
    upstream, symbols, terms = _upstream(frame, e, sample)
    factors: list[float] = []
    if e.mask is not None:
        factors.append(float(e.mask[sample, unit]))
        symbols += [" × ", _symbol("m", layer, unit)] if symbols else []
    if rule.name != "linear":
        factors.append(float(rule.slope(np.array([e.z[sample]]))[0]))
        symbols += [" × ", *_slope_symbol(frame, e)] if symbols else []
    return Equation(
        left,
        tuple(symbols),
        lambda shown: _times(upstream(shown), factors),
        result,
        terms,
    )


def _slope_symbol(frame: Frame, e: Explanation) -> tuple[Piece, ...]:
    name, z = activation_symbol(frame, e.layer), _symbol("z", e.layer, e.unit)
    return (Symbol(f"{name}'({z.latex})", f"{_plain_name(name)}′({z.plain})"),)


def _upstream(frame: Frame, e: Explanation, sample: int) -> tuple[Callable[[int], PutIn], list[Piece], int]:
    """The derivative by the unit's activation, its symbols, and how many terms it has."""
    if e.is_output:
        slope = _loss_slope(frame, e, sample, matched=False)
        return lambda _: slope, [], 1
    layer, unit = e.layer, e.unit
    delta = frame.record.delta[layer][sample]
    products = list(zip(e.weights_onward[unit].tolist(), delta.tolist(), strict=True))
    symbols: list[Piece] = []
    for following in range(len(products) if len(products) <= 3 else 0):
        symbols += [" + "] if symbols else ["( "]
        symbols += [_symbol("w", layer + 1, unit, following), " × ", _symbol(DELTA, layer + 1, following)]
    symbols += [" )"] if symbols else []
    return lambda shown: _sum(products, shown), symbols, len(products)


def _factor(frame: Frame, selection: Part | None, sample: int) -> Worked:
    """A factor of the selected weight or bias, or what becomes of them."""
    phase, record = frame.phase, frame.record
    assert phase is not None
    layer = phase.layer
    chosen = selection is not None and selection.is_parameter and selection.layer == layer
    part = selection if chosen and selection is not None else Part("weight", layer, 0, 0)
    e = _explained(frame, part)
    unit, factor = e.unit, phase.factor
    about = _about_unit(frame, layer, unit, sample)
    a, z = _activation(layer, unit), _symbol("z", layer, unit)
    name = Symbol(parameter_latex(e), parameter_plain(e))
    if factor is FactorKind.UPSTREAM:
        upstream, symbols, terms = _upstream(frame, e, sample)
        return Worked(
            about,
            (Equation(_by("L", a), tuple(symbols), upstream, float(e.upstream[sample]), terms),),
        )
    if factor is FactorKind.SLOPE:
        return Worked(
            about, (Equation(_by(a, z), _slope_symbol(frame, e), _nothing, float(e.slope[sample])),)
        )
    if factor is FactorKind.DELTA:
        at = explain(frame.experiment, record, unit=(layer, unit))
        return Worked(about, (_delta(frame, at, sample),))
    if factor is FactorKind.INCOMING:
        incoming: tuple[Piece, ...] = (_activation(layer - 1, e.source),) if e.kind == "weight" else ()
        return Worked(about, (Equation(_by(z, name), incoming, _nothing, float(e.activation[sample])),))
    if factor is FactorKind.SHARE:
        fused = e.is_fused(sample)
        first = (float(e.delta[sample]),) if fused else (float(e.upstream[sample]), float(e.slope[sample]))
        factors = (*first, float(e.activation[sample]))
        share = _sum([factors], 1)
        own = Symbol(rf"\partial L_{{{sample + 1}}}/\partial {name.latex}", f"∂L{sample + 1}/∂{name.plain}")
        return Worked(about, (Equation((own,), (), lambda _: share, float(e.samples[sample])),))
    shares = [(float(x),) for x in e.samples]
    whole = Equation(_by("L", name), (), lambda shown: _sum(shares, shown), e.gradient, len(shares))
    return Worked(name.plain, (whole,))


def _by(of: Symbol | str, by: Symbol) -> tuple[Piece, ...]:
    above = of if isinstance(of, Symbol) else Symbol(of, of)
    return (Symbol(rf"\partial {above.latex}/\partial {by.latex}", f"∂{above.plain}/∂{by.plain}"),)


def _explained(frame: Frame, part: Part) -> Explanation:
    if part.kind == "weight":
        return explain(frame.experiment, frame.record, weight=(part.layer, part.source, part.unit))
    return explain(frame.experiment, frame.record, bias=(part.layer, part.unit))


def _update(frame: Frame, selection: Part | None) -> Worked:
    """The step of the selected weight or bias, or of the first of the weights."""
    part = selection if selection is not None and selection.is_parameter else Part("weight", 1, 0, 0)
    if selection is not None and selection.kind == "unit" and selection.layer:
        part = Part("bias", selection.layer, selection.unit)
    e = _explained(frame, part)
    update = e.update
    assert update is not None
    about = QCoreApplication.translate("phases", "{symbol} · step {step}")
    about = about.format(symbol=parameter_plain(e), step=grouped(frame.record.step))
    name = Symbol(parameter_latex(e), parameter_plain(e))
    if update.frozen:
        held = QCoreApplication.translate("phases", "held, not updated")
        return Worked(about, (Equation((name, f" ({held})"), (), _nothing, update.after),))
    last = update.terms[-1]
    leaves = _Leaves()
    stand_in = {
        leaf: leaves.leaf(float(number)) for leaf, number in zip(last.line.inputs, last.given, strict=True)
    }
    formula = leaves.leaf(update.before) - _replaced(last.line.node, stand_in)
    put_in = leaves.put_in(formula)
    left = (name, " ", Symbol(r"\leftarrow", "←"))
    return Worked(about, (Equation(left, (), lambda _: put_in, update.after, 1, update.before),))


def _replaced(node: Quantity, by: dict[Traced, Traced]) -> Quantity:
    if not isinstance(node, Traced):
        return node
    if node.operation is None:
        return by[node]
    return Traced(node.operation, tuple(_replaced(operand, by) for operand in node.operands))
