"""The verdict on someone's step: what is wrong first, and which mistake gives exactly these numbers.

Every row of the catalogue that can be made in the network is replayed on the person's own data and
weights, then every two of them at once. What does not give *all* the numbers is no explanation.

Two things keep that short. A replay ends at the first number that is not the person's. And of two
mistakes each must account for what is out of the other's reach: db cannot mend a wrong dW.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from engine.arrays import BoolArray, FloatArray
from engine.errors import StepError
from engine.experiment import Experiment
from engine.mistakes.catalogue import MISTAKES, Mistake
from engine.mistakes.catalogue.mistake import ACROSS_SAMPLES, IN_TURN
from engine.mistakes.difference import Difference, difference
from engine.mistakes.numbers import Given, Numbers, finite, masks_of
from engine.mistakes.reference import FIRST, NOTHING, Case, State, Step, Varied, in_order
from engine.mistakes.telling import Telling, telling

Explanation = tuple[str, ...]

MOST_WORK = 50_000_000
"""Rows times weights up to which pairs of mistakes are tried: some ten seconds."""


class Reading(NamedTuple):
    """How the person writes the penalty down; both ways are right.

    Attributes
    ----------
    gradients : bool
        Whether dW and db have its term inside.
    loss : bool
        Whether the loss has it inside.
    """

    gradients: bool = False
    loss: bool = False


@dataclass(frozen=True, eq=False)
class Quantity:
    """One of the given quantities, beside what it should be.

    Attributes
    ----------
    name : str
        Such as ``dW1``.
    given : array
    expected : array or None
        None where it cannot be known.
    agrees : bool or None
        None where it cannot be known.
    wrong : boolean array
        Which of its numbers are wrong.
    worst : tuple of int or None
        The place of the number that is off most, from 0; None if none is wrong.
    relative_error : float
        How far it is off, as a share of the largest number expected.
    """

    name: str
    given: FloatArray
    expected: FloatArray | None
    agrees: bool | None
    wrong: BoolArray
    worst: tuple[int, ...] | None
    relative_error: float


@dataclass(frozen=True, eq=False)
class Verdict:
    """What is to be said of a step.

    Attributes
    ----------
    quantities : tuple of Quantity
        What was given, in the order of computation.
    mistakes : tuple of explanations
        Each one or two names of `MISTAKES` that, replayed, give all the given numbers: those of the
        smallest size. Empty if the step is right, or if no known mistake gives these numbers.
    difference : Difference or None
        How the first wrong quantity differs from the right one.
    reading : Reading
    telling : Telling
        Whether the batch could show every mistake.
    exhaustive : bool
        Whether two mistakes at once were looked for; in a very large network they are not.
    """

    quantities: tuple[Quantity, ...]
    mistakes: tuple[Explanation, ...]
    difference: Difference | None
    reading: Reading
    telling: Telling = field(default_factory=Telling)
    exhaustive: bool = True

    @property
    def agrees(self) -> bool:
        """Whether all of it was recomputed and agrees."""
        return all(quantity.agrees for quantity in self.quantities)

    @property
    def first_wrong(self) -> str | None:
        """The first quantity that is wrong; what follows from it may be wrong for no reason of its own."""
        return next((q.name for q in self.quantities if q.agrees is False), None)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The quantities that cannot be known from what was given: a dropout mask is missing."""
        return tuple(quantity.name for quantity in self.quantities if quantity.agrees is None)

    def __getitem__(self, name: str) -> Quantity:
        """A quantity by its name."""
        return next(quantity for quantity in self.quantities if quantity.name == name)


def check_step(
    experiment: Experiment,
    inputs: Numbers,
    targets: Numbers,
    weights: Sequence[Numbers],
    biases: Sequence[Numbers],
    given: Mapping[str, Numbers],
    state: State = FIRST,
    cancelled: Callable[[], bool] = lambda: False,
) -> Verdict:
    """Check the numbers of someone's own step of back-propagation, and name the mistake in it.

    Parameters
    ----------
    experiment : Experiment
        The network and how it is trained. The whole of the inputs is one batch.
    inputs, targets : (B, n_0), (B, k)
    weights, biases : L arrays (n_{l-1}, n_l), (n_l,)
        Before the step.
    given : mapping of str to array_like
        Any of ``z1``, ``a1``, ``delta1``, ``dW1``, ``db1``, … of every layer, ``loss``, and ``W1``,
        ``b1``, … after the step; ``mask1``, … for layers with dropout. Samples in rows. Numbers read
        from a text may come as `Printed`, with the precision they were printed in.
    state : State, optional
        How far training is; without it the step is the optimizer's first.
    cancelled : callable, optional
        Asked now and then; once it is true the search for the mistake ends where it is.

    Returns
    -------
    Verdict

    Raises
    ------
    StepError
        For names that no quantity has, and for numbers that no step can start from.

    Examples
    --------
    >>> from engine import Experiment, Layer, check_step
    >>> experiment = Experiment((Layer(1, "sigmoid"),))
    >>> verdict = check_step(experiment, [[1.0], [2.0]], [[0.0], [1.0]], [[[0.5]]], [[0.0]],
    ...                      {"dW1": [[-0.1]]})
    >>> verdict.first_wrong
    'dW1'
    """
    layers = len(experiment.layers)
    names = in_order(layers)
    masks = [f"mask{layer}" for layer in range(1, layers + 1)]
    for name in given:
        if name not in names and name not in masks:
            allowed = "z1, a1, delta1, dW1, db1, W1, b1, …, loss"
            raise StepError("unknown_quantity", name=name, allowed=allowed)
    start = _Start(experiment, inputs, targets, weights, biases, given, state)
    numbers = {name: Given(name, given[name], experiment.dtype) for name in names if name in given}
    if not numbers:
        raise StepError("nothing_given")
    with np.errstate(all="ignore"):
        single = any(given.single for given in numbers.values())
        updated = any(name[0] in "Wb" for name in numbers)
        for name, slack in start.slack(single, updated).items():
            if name in numbers and numbers[name].values.shape == slack.shape:
                numbers[name].widen(slack)
        return _Check(start.case, numbers, cancelled).verdict()


class _Start:
    """What the step starts from, checked."""

    def __init__(
        self,
        experiment: Experiment,
        inputs: Numbers,
        targets: Numbers,
        weights: Sequence[Numbers],
        biases: Sequence[Numbers],
        given: Mapping[str, Numbers],
        state: State,
    ) -> None:
        units = [layer.units for layer in experiment.layers]
        for name, arrays in (("weights", weights), ("biases", biases)):
            if len(arrays) != len(units):
                raise StepError("layer_count", name=name, found=len(arrays), expected=len(units))
        self.experiment, self.state = experiment, state
        x = finite("inputs", inputs, (None, None))
        widths = (x.values.shape[1], *units)
        t = finite("targets", targets, (len(x.values), units[-1]))
        W = [finite(f"W{i + 1}", w, widths[i : i + 2]) for i, w in enumerate(weights)]
        b = [finite(f"b{i + 1}", w, (widths[i + 1],)) for i, w in enumerate(biases)]
        self.printed = [x, t, *W, *b]
        self.masks = masks_of(given, widths, [layer.dropout for layer in experiment.layers])
        for layer, mask in self.masks.items():
            finite(f"mask{layer}", mask, (len(x.values), widths[layer]))
        self.case = self._case([part.values for part in self.printed])

    def _case(self, arrays: list[FloatArray]) -> Case:
        x, t, *rest = arrays
        layers = len(rest) // 2
        return Case(self.experiment, x, t, rest[:layers], rest[layers:], self.masks, self.state)

    def slack(self, single: bool, updated: bool) -> dict[str, FloatArray]:
        """How far each quantity moves by rounding that its own digits do not show; empty without any.

        Where the inputs are rounded they are moved within their last digit, signs at random, eight
        times; where the arithmetic was `single`, the step is made in it. An optimizer that divides by
        the size of the gradient makes much of a gradient that is 0 but for rounding: for it, where
        parameters are `updated`, the inputs are moved in their last bit. Four times the largest
        deviation is more than rounding does.
        """
        printed = any(part.half.any() for part in self.printed)
        dividing = updated and self.experiment.optimizer.name not in ("sgd", "momentum", "nesterov")
        arrays = [part.values for part in self.printed]
        rng = np.random.default_rng(0)

        def moved(far: list[FloatArray]) -> list[FloatArray]:
            signs = [rng.choice([-1.0, 1.0], array.shape) for array in arrays]
            return [array + f * s for array, f, s in zip(arrays, far, signs, strict=True)]

        tries = [[array.astype(np.float32) for array in arrays]] if single else []
        if printed:
            tries += [moved([part.half for part in self.printed]) for _ in range(8)]
        if dividing:
            tries += [moved([2.0**-52 * np.abs(array) for array in arrays]) for _ in range(4)]
        if not tries:
            return {}
        right = {name: value for name, value, _ in Step(self.case).quantities()}
        off = {name: np.zeros(value.shape) for name, value in right.items()}
        for each in tries:
            for name, value, _ in Step(self._case(each)).quantities():
                np.maximum(off[name], np.abs(value - right[name]), out=off[name])
        return {name: 4.0 * np.maximum(far, np.median(far)) for name, far in off.items()}


class _Check:
    """The search for the verdict on one step."""

    def __init__(self, case: Case, given: dict[str, Given], cancelled: Callable[[], bool]) -> None:
        self.case, self.given, self.cancelled = case, given, cancelled
        self.names = [name for name in in_order(case.L) if name in given]
        self.bits = {name: 1 << index for index, name in enumerate(self.names)}
        self.by_row = [name for name in self.names if name[0] in "za" or name.startswith("delta")]
        self.penalized = case.experiment.regularizer.name != "none"
        self.penalty = case.penalty
        self.step = Step(case)
        self.right = {name: (value, inside) for name, value, inside in self.step.quantities()}
        self.applicable = [row for row in MISTAKES.values() if row.applies(case)]

    # -- comparing ---------------------------------------------------------------------------------

    def agreeing(self, name: str, value: FloatArray, inside: FloatArray) -> tuple[bool, bool]:
        """Whether a recomputed quantity is the given one, for each reading of the gradients."""
        given = self.given[name]
        agrees = given.agrees(value)
        if inside is not value:
            return agrees, given.agrees(inside)
        if name == "loss" and self.penalized and not agrees:
            agrees = given.agrees(value + self.penalty)
        return agrees, agrees

    def verdict(self) -> Verdict:
        """Compare, then look for the mistake."""
        wrong: tuple[list[str], list[str]] = ([], [])
        for name in self.names:
            if name in self.right:
                for index, agrees in enumerate(self.agreeing(name, *self.right[name])):
                    if not agrees:
                        wrong[index].append(name)
        inside = self._longest(wrong)
        quantities = tuple(self._quantity(name, inside) for name in self.names)
        known = all(quantity.agrees is not None for quantity in quantities)
        shaped = all(q.expected is None or q.given.shape == q.expected.shape for q in quantities)
        first = next((q for q in quantities if q.agrees is False), None)
        search = first is not None and known and shaped  # no mistake gives another shape
        explanations, unseen = self.singles(search) if known else ((), ())
        exhaustive = self.case.B * sum(W.size for W in self.case.W) <= MOST_WORK
        if search and not explanations and exhaustive:
            explanations = self.pairs()
            exhaustive = not self.cancelled()
        loss_inside = "loss" in self.given and "loss" in self.right and not self._plain_loss()
        return Verdict(
            quantities=quantities,
            mistakes=explanations,
            difference=None if first is None else self._difference(first),
            reading=Reading(inside, loss_inside),
            telling=telling(self.case, unseen),
            exhaustive=exhaustive,
        )

    def _plain_loss(self) -> bool:
        given, value = self.given["loss"], self.right["loss"][0]
        return given.agrees(value) or not given.agrees(value + self.penalty)

    def _longest(self, wrong: tuple[list[str], list[str]]) -> bool:
        """Whether the reading with the penalty inside the gradients agrees for longer."""

        def length(names: list[str]) -> int:
            return self.names.index(names[0]) if names else len(self.names)

        return length(wrong[1]) > length(wrong[0])

    def _quantity(self, name: str, inside: bool) -> Quantity:
        given = self.given[name]
        if name not in self.right:
            nothing = np.zeros(given.values.shape, bool)
            return Quantity(name, given.values, None, None, nothing, None, np.nan)
        expected = self.right[name][inside]
        if name == "loss" and not self._plain_loss():
            expected = expected + self.penalty
        wrong = given.wrong(expected)
        if given.values.shape != expected.shape:
            return Quantity(name, given.values, expected, False, wrong, None, np.inf)
        same = ~given.known | (np.isnan(given.values) & np.isnan(expected))
        off = np.where(same, 0.0, np.abs(given.values - expected))
        off = np.where(np.isnan(off), np.inf, off)
        finite = expected[np.isfinite(expected)]
        scale = float(np.abs(finite).max(initial=0.0)) or 1.0
        worst = np.unravel_index(int(np.where(wrong, off, -1.0).argmax()), off.shape) if wrong.any() else None
        return Quantity(
            name,
            given.values,
            expected,
            not wrong.any(),
            wrong,
            None if worst is None else tuple(int(i) for i in worst),
            float(off.max(initial=0.0)) / scale,
        )

    def _difference(self, first: Quantity) -> Difference:
        assert first.expected is not None
        given = self.given[first.name]
        return difference(self.case, first.name, given, first.expected, first.wrong)

    # -- explaining --------------------------------------------------------------------------------

    def replay(self, *varied: Varied) -> Step:
        """The step with other lines."""
        return Step(self.case, varied, forward=self.step)

    def plausible(self, row: int, one: Step) -> bool:
        """Whether the step of one sample gives that row of the given numbers, as far as they have rows."""
        for name in self.by_row:
            layer = int(name.lstrip("zadelt"))
            values = one.delta if name[0] == "d" else one.z if name[0] == "z" else one.a
            if not self.given[name].may_hold(row, values[layer][0]):
                return False
        return True

    def explains(self, step: Step) -> bool:
        """Whether a replay gives all the given numbers, in one of the readings."""
        beside = inside = True
        left = len(self.given)
        for name, value, with_penalty in step.quantities():
            if name in self.given:
                first, second = self.agreeing(name, value, with_penalty)
                beside, inside = beside and first, inside and second
                if not (beside or inside):
                    return False
                left -= 1
        return not left

    def singles(self, search: bool) -> tuple[tuple[Explanation, ...], tuple[str, ...]]:
        """The single mistakes that give the numbers, and those that this batch cannot show at all."""
        found: list[Explanation] = []
        unseen: list[str] = []
        for row in self.applicable:
            if self.cancelled():
                break
            beside = inside = search
            same = True
            left = len(self.given)
            for name, value, with_penalty in self.replay(row.varied).quantities():
                if (beside or inside) and name in self.given:
                    first, second = self.agreeing(name, value, with_penalty)
                    beside, inside = beside and first, inside and second
                    left -= 1
                same = same and self._same(name, value, with_penalty)
                if not (beside or inside or same):
                    break
            if (beside or inside) and not left:
                found.append((row.name,))
            elif same:
                unseen.append(row.name)
        return tuple(found), tuple(unseen)

    def _same(self, name: str, value: FloatArray, inside: FloatArray) -> bool:
        """Whether a replayed quantity is the right one."""
        right = self.right.get(name)
        return right is not None and _near(value, right[0]) and (inside is value or _near(inside, right[1]))

    def pairs(self) -> tuple[Explanation, ...]:
        """The pairs of mistakes that give the numbers."""
        failing = [self._failing(row) for row in self.applicable]
        reach = [self._reach(row) for row in self.applicable]
        beyond = [self._reach(row, fed_back=True) for row in self.applicable]
        idle = [row.idle_in_turn(self.case) for row in self.applicable]
        found: list[Explanation] = []
        for i, j in combinations(range(len(self.applicable)), 2):
            if self.cancelled():
                break
            one, other = self.applicable[i], self.applicable[j]
            if one.line == other.line or (other.line == IN_TURN and idle[i]):
                continue
            fed_back = self.case.output_first or one.feeds_back or other.feeds_back
            reach_i, reach_j = (beyond[i], beyond[j]) if fed_back else (reach[i], reach[j])
            possible = any(
                not (failing[i][reading] & ~reach_j) and not (failing[j][reading] & ~reach_i)
                for reading in (0, 1)
            )
            if not possible:
                continue
            more = self._in_turn(one, other) if other.line == IN_TURN else {}
            if more is not None and self.explains(self.replay(one.varied, other.varied, more)):
                found.append((one.name, other.name))
        return tuple(found)

    def _in_turn(self, one: Mistake, turn: Mistake) -> Varied | None:
        """What goes with taking all samples in turn, which takes long; None where it is in vain.

        Where rows are given, each sample is compared as it comes. Otherwise a look at all samples at
        once, and at four groups of them, says how much it matters that parameters change on the way.
        """
        if self.by_row:
            return {"plausible": lambda step, row, sample: self.plausible(row, sample)}
        no_loss: Varied = {} if "loss" in self.given else {"sample_losses": lambda step: NOTHING}
        if self.case.B <= 8 or one.name in ACROSS_SAMPLES:
            return no_loss
        coarse, fine = (
            {
                name: (value, inside)
                for name, value, inside in self.replay(
                    one.varied, turn.varied, no_loss, {"group": lambda step, size=size: size}
                ).quantities()
            }
            for size in (self.case.B, -(-self.case.B // 4))
        )
        for reading in (0, 1):
            pairs = [
                (name, coarse[name][reading], fine[name][reading]) for name in self.names if name != "loss"
            ]
            if all(
                self.given[name].may_be(last, 3.0 * _distance(first, last)) for name, first, last in pairs
            ):
                return no_loss
        return None

    def _failing(self, row: Mistake) -> tuple[int, int]:
        """What a mistake alone does not give, as bits, for each reading."""
        beside = inside = 0
        for name, value, with_penalty in self.replay(row.varied).quantities():
            if name in self.given:
                first, second = self.agreeing(name, value, with_penalty)
                beside |= 0 if first else self.bits[name]
                inside |= 0 if second else self.bits[name]
        return beside, inside

    def _reach(self, row: Mistake, fed_back: bool = False) -> int:
        """What a mistake may change, as bits; `fed_back` where deltas depend on what is updated."""
        everything = fed_back and row.line != "loss"
        clipped = self.case.clipping.name == "global_norm" and row.line != "loss"
        return sum(
            self.bits[name]
            for name in self.names
            if everything or row.reaches(name, self.case.L) or (clipped and name[0] in "Wb")
        )


def _distance(first: FloatArray, second: FloatArray) -> float:
    return float(np.abs(first - second).max(initial=0.0))


def _near(value: Any, right: Any) -> bool:
    """Whether two arrays are equal but for rounding."""
    value, right = np.asarray(value), np.asarray(right)
    off = float(np.abs(value - right).max(initial=0.0))
    if np.isfinite(off):
        return off <= 1e-9 * float(np.abs(right).max(initial=0.0)) + 1e-12
    return bool(((value == right) | (np.isnan(value) & np.isnan(right))).all())
