"""From arrays with names to a step: which layout they are in, and what each is.

People keep weights as (units below, units) or turned round, as PyTorch does, and samples in rows or in
columns. Shapes say which; where everything is square, that layout is right in which the person's own
forward pass agrees.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import NamedTuple

import numpy as np

from engine.arrays import FloatArray
from engine.errors import StepError
from engine.experiment import Experiment
from engine.mistakes.batch import Batch
from engine.mistakes.naming import guess
from engine.mistakes.numbers import Given, Numbers, Printed, plain, shape_text
from engine.mistakes.reading import Entry
from engine.mistakes.reference import FIRST, Case, State, Step, in_order

Start = tuple[Numbers, Numbers, tuple[Numbers, ...], tuple[Numbers, ...]]
"""Inputs, targets, weights and biases before the step."""


class Orientation(NamedTuple):
    """How somebody's arrays lie.

    Attributes
    ----------
    turned : bool
        Weights are (units, units below).
    columns : bool
        Samples are columns.
    """

    turned: bool = False
    columns: bool = False


@dataclass(frozen=True, eq=False)
class Arranged:
    """Numbers that can be checked.

    Attributes
    ----------
    start : inputs, targets, weights, biases
        Before the step.
    given : mapping of str to numbers
        As `check_step` takes them.
    layout : Orientation
    sure : bool
        Whether the layout follows from the shapes or from the forward pass.
    added : bool
        Whether gradients are minus the derivative, and added by the update (t - a for a - t): a
        convention, so that deltas and gradients are turned round here.
    unscaled : bool
        Whether deltas come without the 1 / B of the mean, which they have got here.
    roles : mapping of str to str or None
        What each array was taken for, None where it was left out.
    state : State
        How far training is.
    """

    start: Start
    given: dict[str, Numbers]
    layout: Orientation
    sure: bool
    added: bool
    unscaled: bool
    roles: dict[str, str | None]
    state: State = FIRST

    def case(self, experiment: Experiment) -> Case:
        """What the step starts from, as the readable step takes it."""
        x, t, W, b = self.start
        values = [plain("", part)[0] for part in (x, t, *W, *b)]
        masks = {
            int(name[4:]): (plain("", part)[0] != 0).astype(np.float64)
            for name, part in self.given.items()
            if name.startswith("mask")
        }
        layers = len(W)
        return Case(
            experiment, values[0], values[1], values[2 : 2 + layers], values[2 + layers :], masks, self.state
        )


def arrange(
    experiment: Experiment,
    entries: Sequence[Entry],
    start: Batch | None = None,
    roles: Mapping[str, str | None] | None = None,
    layout: Orientation | None = None,
) -> Arranged:
    """Find out what arrays are, and turn them into rows of samples and (units below, units).

    Parameters
    ----------
    experiment : Experiment
    entries : sequence of Entry
    start : Batch, optional
        What the step starts from, if that is known; else it must be among the arrays.
    roles : mapping, optional
        What some of the arrays are, in place of the guess (see `guess`); None leaves one out.
    layout : Orientation, optional
        In place of the one that is found out.

    Raises
    ------
    StepError
        If something is missing, or the shapes fit no layout.
    """
    names = names_of(entries)
    layers = len(experiment.layers)
    sizes = {name: entry.numbers.values.size for name, entry in zip(names, entries, strict=True)}
    named = guess(names, layers, start is not None, sizes)
    for name, role in (roles or {}).items():
        if name not in named:
            raise StepError("unknown_array", name=name, allowed=", ".join(names) or "-")
        if role is not None and role not in roles_of(layers):
            raise StepError("unknown_quantity", name=role, allowed=", ".join(roles_of(layers)))
        for other, taken in named.items():
            if role is not None and taken == role:
                named[other] = None
        named[name] = role
    arrays = {role: entry for (name, role), entry in zip(named.items(), entries, strict=True) if role}
    if not set(filter(None, named.values())) & set(in_order(layers)):
        raise StepError("nothing_named", names=", ".join(names))
    fitter = _Fitter(experiment, arrays, start)
    chosen, sure = (layout, True) if layout else fitter.layout()
    begin, given = fitter.fitted(chosen)
    state = FIRST if start is None else start.state
    return _in_our_ways(experiment, Arranged(begin, given, chosen, sure, False, False, named, state))


def roles_of(layers: int) -> list[str]:
    """All that an array can be: what is checked, what the step starts from, and dropout masks."""
    before = [f"{kind}{layer} before" for layer in range(1, layers + 1) for kind in ("W", "b")]
    masks = [f"mask{layer}" for layer in range(1, layers + 1)]
    return [*in_order(layers), "inputs", "targets", *before, *masks]


def names_of(entries: Sequence[Entry]) -> list[str]:
    """Names of the arrays: those that come twice get a number, those without are counted."""
    names: list[str] = []
    for index, entry in enumerate(entries, 1):
        name = entry.name or f"array {index}"
        count = 2
        while name in names:
            name, count = f"{entry.name} ({count})", count + 1
        names.append(name)
    return names


# -- conventions ---------------------------------------------------------------------------------------


def _in_our_ways(experiment: Experiment, arranged: Arranged) -> Arranged:
    """Deltas and gradients as they are written here, if theirs are right by another convention."""
    given, case = dict(arranged.given), arranged.case(experiment)
    with np.errstate(all="ignore"):
        step = Step(case)
        right = {name: value for name, value, _ in step.quantities()}
        if len(right) < 3 * case.L:
            return arranged  # a dropout mask is not known
        unscaled = _unscaled(case, step, given)
        if unscaled:
            _multiply(given, ("delta",), 1.0 / case.B)
        added = _added(case, step, right, given)
        if added:
            _multiply(given, ("delta", "dW", "db"), -1.0)
    return replace(arranged, given=given, added=added, unscaled=unscaled)


def _multiply(given: dict[str, Numbers], kinds: tuple[str, ...], factor: float) -> None:
    for name, numbers in given.items():
        if name.startswith(kinds):
            given[name] = _each(Printed(*plain("", numbers)), lambda a: factor * a)


def _unscaled(case: Case, step: Step, given: Mapping[str, Numbers]) -> bool:
    """Whether deltas are each sample's own, and 1 / B only enters dW, as some courses have it."""
    L = case.L
    if case.B == 1 or not case.mean or not {f"delta{L}", f"dW{L}"} <= given.keys():
        return False
    product = step.a[L - 1].T @ plain("", given[f"delta{L}"])[0]
    dW = plain("", given[f"dW{L}"])[0]
    return _alike(dW, product / case.B) and not _alike(dW, product)


def _added(case: Case, step: Step, right: Mapping[str, FloatArray], given: Mapping[str, Numbers]) -> bool:
    """Whether gradients are minus the derivative (of t - a), and are added by the update."""
    found = False
    for layer in range(1, case.L + 1):
        if f"W{layer}" not in given:
            continue
        if f"dW{layer}" in given:
            g = plain("", given[f"dW{layer}"])[0]
        elif f"delta{layer}" in given:
            g = step.a[layer - 1].T @ plain("", given[f"delta{layer}"])[0]
        else:
            continue
        change = plain("", given[f"W{layer}"])[0] - case.W[layer]
        ratio = float((change * g).sum() / (g * g).sum())
        if not (ratio > 0 and _alike(change, ratio * g) and float((g * right[f"dW{layer}"]).sum()) < 0):
            return False
        found = True
    return found


def _alike(one: FloatArray, other: FloatArray) -> bool:
    """Whether two arrays are the same but for rounding, be it that of few digits."""
    return bool(np.abs(one - other).max() <= 1e-3 * np.abs(one).max())


# -- shapes ----------------------------------------------------------------------------------------------


class _Fitter:
    """Arrays by role, and the shapes they should have."""

    def __init__(self, experiment: Experiment, arrays: Mapping[str, Entry], start: Batch | None) -> None:
        self.experiment, self.arrays, self.start = experiment, arrays, start
        self.units = [layer.units for layer in experiment.layers]
        self.layers = len(self.units)
        needed = ["inputs", "targets"]
        needed += [f"{kind}{n} before" for n in range(1, self.layers + 1) for kind in ("W", "b")]
        if start is None:
            missing = [name for name in needed if name not in arrays and not name.startswith("b")]
            if missing:
                raise StepError("start_missing", names=", ".join(missing))
        self.judged = [role for role in arrays if role not in needed]

    # -- shapes ------------------------------------------------------------------------------------

    def sizes(self, layout: Orientation) -> tuple[int, int] | None:
        """Rows of the batch and inputs, or None where they do not follow in this layout."""
        if self.start is not None:
            return self.start.inputs.shape
        shape = self.arrays["inputs"].numbers.values.shape
        W = self.arrays["W1 before"].numbers.values.shape
        width = W[-1] if layout.turned else W[0]
        if len(W) != 2:
            width = 1 if self.units[0] != 1 else W[0] if W else 1
        if len(shape) == 2:
            rows, inputs = shape[::-1] if layout.columns else shape
            return (rows, inputs) if inputs == width else None
        if len(shape) == 1:
            return (shape[0], 1) if width == 1 and shape[0] != 1 else (1, shape[0])
        return (1, 1) if shape == () else None

    def wanted(self, role: str, rows: int, inputs: int) -> tuple[int, ...]:
        """The shape that an array must have."""
        widths = (inputs, *self.units)
        name = role.removesuffix(" before")
        if name == "inputs":
            return rows, inputs
        if name == "targets":
            return rows, widths[-1]
        if name == "loss":
            return ()
        kind, layer = name.rstrip("0123456789"), int(name.lstrip("abdeglostWzmk"))
        if kind in ("W", "dW"):
            return widths[layer - 1], widths[layer]
        return (widths[layer],) if kind in ("b", "db") else (rows, widths[layer])

    def fit(self, role: str, layout: Orientation, rows: int, inputs: int) -> Printed | None:
        """An array in the right shape, or None if this layout does not bring it there."""
        numbers = self.arrays[role].numbers
        wanted = self.wanted(role, rows, inputs)
        turned = layout.turned if role.lstrip("d").startswith("W") else layout.columns
        if role == "targets" and self.units[-1] > 1:
            classes = _one_hot(numbers, rows, self.units[-1])
            if classes is not None:
                return classes
        shape = numbers.values.shape
        if len(wanted) == 2 and len(shape) == 2:
            return (
                _each(numbers, lambda a: a.T if turned else a)
                if (shape[::-1] if turned else shape) == wanted
                else None
            )
        if numbers.values.size == int(np.prod(wanted)) and _is_line(shape) and _is_line(wanted):
            return _each(numbers, lambda a: a.reshape(wanted))
        if (
            len(wanted) < 2
            and numbers.values.size == 1
            and int(np.prod(wanted)) > 1
            and role.startswith("db")
        ):
            return _each(numbers, lambda a: np.full(wanted, a.reshape(())))  # np.sum without an axis
        return None

    def misfit(self, layout: Orientation) -> str | None:
        """The first array that does not fit a layout."""
        sizes = self.sizes(layout)
        if sizes is None:
            return "inputs"
        return next((role for role in self.arrays if self.fit(role, layout, *sizes) is None), None)

    def misfitting(self, role: str, expected: str) -> StepError:
        """Which array fits no layout, and what it was taken for."""
        entry = self.arrays[role]
        name = f"{entry.name} ({role})" if entry.name not in ("", role) else role
        shape = shape_text(entry.numbers.values.shape)
        return StepError("no_layout", name=name, shape=shape, expected=expected, line=entry.line)

    def layout(self) -> tuple[Orientation, bool]:
        """The layout in which all arrays fit, and whether it is the only one."""
        layouts = [Orientation(turned, columns) for turned, columns in product((False, True), repeat=2)]
        fitting = [layout for layout in layouts if self.misfit(layout) is None]
        if not fitting:
            best = max(layouts, key=self._fitting)
            role = self.misfit(best)
            assert role is not None
            sizes = self.sizes(best)
            width = f"(B, {self.experiment.layers[0].units})"
            raise self.misfitting(role, shape_text(self.wanted(role, *sizes)) if sizes else width)
        if len(fitting) == 1:
            return fitting[0], True
        differing = [fitting[0]]
        first = self.fitted(fitting[0])
        for layout in fitting[1:]:
            if not _same(first, self.fitted(layout)):
                differing.append(layout)
        if len(differing) == 1:
            return fitting[0], True
        scores = [self._agreeing(layout) for layout in differing]
        best_score = max(scores)
        return differing[scores.index(best_score)], scores.count(best_score) == 1 and best_score > 0

    def _fitting(self, layout: Orientation) -> int:
        sizes = self.sizes(layout)
        return -1 if sizes is None else sum(self.fit(r, layout, *sizes) is not None for r in self.arrays)

    def _agreeing(self, layout: Orientation) -> int:
        """How many quantities of his own forward pass, and gradients after them, agree in a layout."""
        (x, t, W, b), given = self.fitted(layout)
        values = [plain("", part)[0] for part in (x, t, *W, *b)]
        case = Case(self.experiment, values[0], values[1], values[2 : 2 + len(W)], values[2 + len(W) :])
        score = 0
        with np.errstate(all="ignore"):
            for name, value, _ in Step(case).quantities():
                if name in given:
                    mine = Given(name, given[name])
                    weight = 100 if name[0] in "za" or name == "loss" else 1
                    score += weight * mine.agrees(value)
        return score

    def fitted(self, layout: Orientation) -> tuple[Start, dict[str, Numbers]]:
        """What the step starts from, and what is to be checked."""
        sizes = self.sizes(layout)
        if sizes is None:
            raise self.misfitting("inputs", f"(B, {self.arrays['W1 before'].numbers.values.shape[0]})")
        found: dict[str, Printed] = {}
        for role in self.arrays:
            numbers = self.fit(role, layout, *sizes)
            if numbers is None:
                raise self.misfitting(role, shape_text(self.wanted(role, *sizes)))
            found[role] = numbers
        finest = float(np.median([found[role].half.max(initial=0.0) for role in self.judged]))
        for role in found.keys() - set(self.judged):
            found[role] = _typed(found[role], finest)
        given: dict[str, Numbers] = {role: found[role] for role in self.judged}
        if self.start is not None:
            s = self.start
            for layer, mask in s.masks.items():
                given.setdefault(f"mask{layer}", mask)
            return (s.inputs, s.targets, s.weights, s.biases), given
        W = tuple(found[f"W{n} before"] for n in range(1, self.layers + 1))
        b = tuple(found.get(f"b{n} before", np.zeros(units)) for n, units in enumerate(self.units, 1))
        return (found["inputs"], found["targets"], W, b), given


def _typed(numbers: Printed, judged: float) -> Printed:
    """Numbers that a step starts from are exact where they have few digits, and fewer than its results.

    With three decimals or more they are rounded as the results are, if these have no more; `judged` is
    half a unit of their last digit.
    """
    half = numbers.half.max(initial=0.0)
    if half > 1e-3 or (half > 1e-4 and not half <= 1.01 * judged):
        return Printed(numbers.values, np.zeros(numbers.half.shape), numbers.dtype)
    return numbers


def _is_line(shape: Sequence[int]) -> bool:
    """Whether a shape has at most one length above 1."""
    return sum(n > 1 for n in shape) <= 1


def _each(numbers: Printed, change: Callable[[FloatArray], FloatArray]) -> Printed:
    """The same change of an array and of its precision; np.array keeps a number without axes as it is."""
    return Printed(np.array(change(numbers.values)), np.array(np.abs(change(numbers.half))), numbers.dtype)


def _one_hot(numbers: Printed, rows: int, classes: int) -> Printed | None:
    """Classes counted from 0 as rows with a single 1; None if the numbers are no classes."""
    labels = numbers.values
    if labels.size != rows or not _is_line(labels.shape) or rows == 0:
        return None
    flat = labels.ravel()
    if not (
        np.isfinite(flat).all()
        and (flat == flat.round()).all()
        and (flat >= 0).all()
        and (flat < classes).all()
    ):
        return None
    values = np.eye(classes)[flat.astype(int)]
    return Printed(values, np.zeros(values.shape), "float64")


def _same(first: object, second: object) -> bool:
    """Whether two arrangements hold the same numbers."""
    one, other = list(_leaves(first)), list(_leaves(second))
    return len(one) == len(other) and all(
        a.shape == b.shape and np.array_equal(a, b, equal_nan=True) for a, b in zip(one, other, strict=True)
    )


def _leaves(value: object) -> list[FloatArray]:
    if isinstance(value, Printed):
        return [value.values]
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in _leaves(part)]
    if isinstance(value, (tuple, list)):
        return [leaf for part in value for leaf in _leaves(part)]
    return [np.asarray(value)]
