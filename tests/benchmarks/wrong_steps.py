"""Steps as people make them, at random: right, with one or two mistakes, with a mistake nobody knows.

A step is made by the catalogue's own rows, so that what is measured is whether the search finds them
again from some of the numbers, and says nothing of those it does not know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from engine import MISTAKES, Experiment, Layer
from engine.arrays import FloatArray
from engine.mistakes import Mistake, Printed
from engine.mistakes.reference import Case, Step, Varied, in_order

FAMILIES = ("distinct", "square", "one_output", "one_row", "saturated", "symmetric", "dropout")
SEEN = ("gradients", "gradients", "all", "after", "deltas", "some")
HIDDEN = ("sigmoid", "tanh", "relu", "leaky_relu", "linear")


@dataclass(frozen=True)
class Made:
    """Somebody's step: what it starts from, what was computed, and what was done to it."""

    case: Case
    given: dict[str, Any]
    names: tuple[str, ...]
    note: str = ""

    def arguments(self) -> tuple[Any, ...]:
        masks = {f"mask{layer}": mask for layer, mask in self.case.masks.items()}
        case = self.case
        return case.experiment, case.inputs, case.targets, case.W[1:], case.b[1:], {**self.given, **masks}


def pick(rng: np.random.Generator, choices: Sequence[Any]) -> Any:
    return choices[int(rng.integers(len(choices)))]


def random_case(rng: np.random.Generator, family: str | None = None) -> Case:
    """A small network with data and parameters."""
    family = family or pick(rng, FAMILIES)
    depth = int(rng.integers(1, 5)) if family != "dropout" else int(rng.integers(2, 4))
    loss = pick(rng, ("squared_error", "mean_squared_error", "binary_cross_entropy", "cross_entropy"))
    if family == "one_output" and loss == "cross_entropy":
        loss = "squared_error"
    rows = 1 if family == "one_row" else int(rng.integers(2, 9))
    if family == "square":
        widths = [int(rng.integers(2, 5))] * (depth + 1)
        rows = pick(rng, (widths[0], rows))
    else:
        widths = [int(n) for n in rng.integers(2, 8, depth + 1)]
    if family == "one_output":
        widths[-1] = 1
    output = {"binary_cross_entropy": "sigmoid", "cross_entropy": "softmax"}.get(loss) or pick(
        rng, ("sigmoid", "tanh", "linear", "sigmoid", "softmax" if widths[-1] > 1 else "sigmoid")
    )
    shares = [pick(rng, (0.0, 0.25, 0.5)) if family == "dropout" else 0.0 for _ in range(depth)]
    one = pick(rng, (None, pick(rng, HIDDEN)))
    layers = [Layer(n, one or pick(rng, HIDDEN), p) for n, p in zip(widths[1:-1], shares, strict=False)] + [
        Layer(widths[-1], output)
    ]
    optimizer = pick(rng, ("sgd", "sgd", "sgd", "momentum", "nesterov", "adam"))
    experiment = Experiment(
        tuple(layers),
        loss,
        optimizer,
        learning_rate=pick(rng, (0.01,) if optimizer == "adam" else (0.05, 0.1, 0.3, 0.5)),
        reduction=pick(rng, ("mean", "mean", "sum")),
        regularizer=pick(rng, ("none", "none", {"name": "l2", "strength": pick(rng, (0.01, 0.1))})),
    )
    scale = 6.0 if family == "saturated" else 1.0
    x = rng.normal(size=(rows, widths[0]))
    if family == "symmetric":
        x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
        widths[0], rows = 2, 4
    k = widths[-1]
    if loss == "cross_entropy":
        t = np.eye(k)[rng.integers(k, size=rows)]
    elif loss == "binary_cross_entropy":
        t = rng.integers(0, 2, (rows, k)).astype(float)
    else:
        t = rng.random((rows, k))
    W = [scale * rng.normal(size=s) / np.sqrt(s[0]) for s in pairwise(widths)]
    b = [0.3 * rng.normal(size=n) for n in widths[1:]]
    masks = {
        layer: (rng.random((rows, each.units)) >= each.dropout).astype(float)
        for layer, each in enumerate(experiment.layers, 1)
        if each.dropout
    }
    return Case(experiment, x, t, W, b, masks)


def seen(rng: np.random.Generator, layers: int, how: str | None = None) -> list[str]:
    """The names of what somebody shows."""
    how = how or pick(rng, SEEN)
    names = in_order(layers)
    if how == "gradients":
        return [name for name in names if name[:2] in ("dW", "db")]
    if how == "after":
        return [name for name in names if name[0] in "Wb"]
    if how == "deltas":
        return [name for name in names if name[0] == "d"]
    if how == "some":
        return [name for name in names if rng.random() < 0.5] or ["loss"]
    return names


def computed(case: Case, varied: Sequence[Varied], inside: bool = False) -> dict[str, FloatArray]:
    """All numbers of a step; `inside` as those have them who add the penalty to dW and db."""
    with np.errstate(all="ignore"):
        return {
            name: np.array(with_penalty if inside else value)
            for name, value, with_penalty in Step(case, varied).quantities()
        }


def differ(given: dict[str, Any], case: Case, varied: Sequence[Varied] = ()) -> bool:
    """Whether what is given is no reading of a step, by far more than rounding."""
    return all(
        any(
            not np.allclose(
                given[name],
                step[name],
                rtol=1e-4,
                atol=1e-6 + 1e-4 * np.nan_to_num(np.abs(step[name])).max(),
                equal_nan=True,
            )
            for name in given
        )
        for step in (computed(case, varied, inside) for inside in (False, True))
    )


def wrong(rng: np.random.Generator, count: int, counts: Counter[str], how: str | None = None) -> Made:
    """A step with `count` mistakes, those that were made least so far."""
    while True:
        case = random_case(rng)
        rows = [row for row in MISTAKES.values() if row.applies(case)]
        rows.sort(key=lambda row: (counts[row.name], rng.random()))
        chosen: list[Mistake] = []
        for row in rows:
            if row.line not in [other.line for other in chosen]:
                chosen.append(row)
            if len(chosen) == count:
                break
        inside = case.experiment.regularizer.name == "l2" and rng.random() < 0.5
        given = computed(case, [row.varied for row in chosen], inside)
        names = seen(rng, case.L, how)
        shown = {name: given[name] for name in names}
        for row in chosen:
            counts[row.name] += 0.2  # type: ignore[assignment] # a try that did not show
        if not differ(shown, case):
            continue
        if count == 2 and not all(differ(shown, case, [row.varied]) for row in rows):
            continue
        counts.update(row.name for row in chosen)
        return Made(case, shown, tuple(row.name for row in chosen))


# -- mistakes that nobody knows ------------------------------------------------------------------------


def _entry_of_dW(rng: np.random.Generator) -> Varied:
    def weight_gradient(step: Step, layer: int) -> FloatArray:
        dW = np.array(Step.weight_gradient(step, layer))
        if layer == step.case.L:
            dW[0, 0] = dW[0, 0] * 1.3 + 0.05
        return dW

    return {"weight_gradient": weight_gradient}


def _entry_of_delta(rng: np.random.Generator) -> Varied:
    def stored_delta(step: Step, delta: FloatArray) -> FloatArray:
        delta = np.array(delta)
        delta[-1, -1] = delta[-1, -1] * 1.3 + 0.05
        return delta

    return {"stored_delta": stored_delta}


def _counted(weights: Callable[[int], FloatArray]) -> Callable[[np.random.Generator], Varied]:
    return lambda rng: {"counted": lambda step, delta: delta * weights(len(delta))[:, None]}


def _block_transposed(rng: np.random.Generator) -> Varied:
    def weight_gradient(step: Step, layer: int) -> FloatArray:
        dW = np.array(Step.weight_gradient(step, layer))
        if layer == 1:
            dW[:2, :2] = dW[:2, :2].T.copy()
        return dW

    return {"weight_gradient": weight_gradient}


def _columns_swapped(rng: np.random.Generator) -> Varied:
    def through(step: Step, layer: int, v: FloatArray) -> FloatArray:
        delta = np.array(Step.through(step, layer, v))
        if layer == 1 and delta.shape[1] > 1:
            delta[:, [0, 1]] = delta[:, [1, 0]]
        return delta

    return {"through": through}


def _odd_factor(rng: np.random.Generator) -> Varied:
    odd = float(rng.uniform(1.1, 1.9))
    return {"factor": lambda step, c: odd * c}


def _noise(rng: np.random.Generator) -> Varied:
    return {"stored_delta": lambda step, delta: delta * rng.uniform(0.9, 1.1, delta.shape)}


def _wrong_slope(rng: np.random.Generator) -> Varied:
    return {"slope": lambda step, layer, v: np.tanh(step.z[layer]) + 0.37}


UNKNOWN = {
    "one entry of dW": _entry_of_dW,
    "one entry of delta": _entry_of_delta,
    "block transposed": _block_transposed,
    "columns swapped": _columns_swapped,
    "sample dropped": _counted(lambda n: np.where(np.arange(n) == 1, 0.0, 1.0)),
    "sample twice": _counted(lambda n: np.where(np.arange(n) == 0, 2.0, 1.0)),
    "odd factor": _odd_factor,
    "noise": _noise,
    "another slope": _wrong_slope,
}


def unknown(rng: np.random.Generator, kind: str) -> Made:
    """A step that is wrong as no row of the catalogue is."""
    while True:
        case = random_case(rng, pick(rng, ("distinct", "square", "saturated")))
        if case.B < 4 and kind.startswith("sample"):
            continue
        inside = case.experiment.regularizer.name == "l2" and rng.random() < 0.5
        given = computed(case, [UNKNOWN[kind](rng)], inside)
        shown = {name: given[name] for name in seen(rng, case.L)}
        if differ(shown, case):
            return Made(case, shown, (), kind)


# -- right steps -----------------------------------------------------------------------------------------


def _single(case: Case) -> Case:
    parts = (
        [np.float32(a) for a in arrays] for arrays in ([case.inputs, case.targets], case.W[1:], case.b[1:])
    )
    (x, t), W, b = parts
    return Case(case.experiment, x, t, W, b, {n: np.float32(m) for n, m in case.masks.items()})  # type: ignore[arg-type]


def right(rng: np.random.Generator, how: str) -> Made:
    """A right step: plain, in float32, with its sums in another order, or printed with few digits."""
    case = random_case(rng)
    inside = case.experiment.regularizer.name == "l2" and rng.random() < 0.5
    names = seen(rng, case.L)
    if how == "float32":
        single = _single(case)
        given: dict[str, Any] = computed(single, [], inside)
        given = {name: np.float32(value) for name, value in given.items()}
        double = [[np.float64(a) for a in part] for part in (single.W[1:], single.b[1:])]
        case = Case(
            case.experiment, np.float64(single.inputs), np.float64(single.targets), *double, case.masks
        )
    elif how == "another order":
        order, units = rng.permutation(case.B), [rng.permutation(n) for n in case.widths]
        W = [w[units[i]][:, units[i + 1]] for i, w in enumerate(case.W[1:])]
        b = [v[units[i + 1]] for i, v in enumerate(case.b[1:])]
        masks = {n: m[order][:, units[n]] for n, m in case.masks.items()}
        shuffled = Case(
            case.experiment, case.inputs[order][:, units[0]], case.targets[order][:, units[-1]], W, b, masks
        )
        given = {
            name: _unshuffled(name, value, order, units)
            for name, value in computed(shuffled, [], inside).items()
        }
    else:
        given = computed(case, [], inside)
    if inside and rng.random() < 0.5:
        given["loss"] = given["loss"] + case.penalty
    if how == "printed":
        digits = int(rng.integers(3, 9))
        given = {
            name: Printed(np.round(value, digits), np.full(value.shape, 0.5 * 10.0**-digits))
            for name, value in given.items()
        }
    return Made(case, {name: given[name] for name in names}, (), how)


def _unshuffled(name: str, value: FloatArray, order: Any, units: list[Any]) -> FloatArray:
    if name == "loss":
        return value
    kind, layer = name.rstrip("0123456789"), int(name.lstrip("abdeglostWz"))
    if kind in ("z", "a", "delta"):
        return value[np.argsort(order)][:, np.argsort(units[layer])]
    if kind in ("dW", "W"):
        return value[np.argsort(units[layer - 1])][:, np.argsort(units[layer])]
    return value[np.argsort(units[layer])]


RIGHT = ("plain", "float32", "another order", "printed")


def printed(made: Made, digits: int) -> Made:
    """The same step as somebody would paste it, rounded."""
    given = {
        name: Printed(np.round(value, digits), np.full(np.shape(value), 0.5 * 10.0**-digits))
        for name, value in made.given.items()
    }
    return replace(made, given=given)


def single(made: Made) -> Made:
    """The same step with its results kept in float32."""
    return replace(made, given={name: np.float32(value) for name, value in made.given.items()})


def stream(rng: np.random.Generator, how: str, count: int) -> Iterator[Made]:
    """Steps of one group."""
    counts: Counter[str] = Counter()
    for index in range(count):
        if how in ("one", "two"):
            yield wrong(rng, 1 + (how == "two"), counts)
        elif how == "unknown":
            yield unknown(rng, list(UNKNOWN)[index % len(UNKNOWN)])
        else:
            yield right(rng, RIGHT[index % len(RIGHT)])
