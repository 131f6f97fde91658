"""The chain rule of one parameter or unit, read off a `StepRecord`: factors, terms, paths, update.

For a weight from unit i of layer l - 1 to unit j of layer l, each sample contributes

    dL/dw = dL/da_j * f'(z_j) * a_i,      dL/da_j = sum over k of w_jk * delta_k,

and the batch's gradient is the sum of the contributions: a sum of products, which is not the product
of the factors' sums. Multiplying out every sum gives the gradient as a sum over paths from the
parameter to the loss (Goodfellow, Bengio, Courville, *Deep Learning* (2016), section 6.5.2).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, Protocol

import numpy as np

from engine.arrays import BoolArray, FloatArray, IntArray
from engine.experiment import Experiment
from engine.functions.activations import Activation, Softmax, remainder
from engine.functions.traced import execute
from engine.functions.written_out import Lines, Term
from engine.parts import Part, Unit, find_part
from engine.records import StepRecord
from engine.training.backprop import loss_terms

Kind = Literal["weight", "bias", "unit"]
Place = int | tuple[int, int]

FIRST_WIDTH = 256
"""Partial paths kept in the first, quick search; its finds are the threshold of the second."""

MULTIPLIES_OUT = {"float64": 1e-9, "float32": 1e-4}
"""The difference between a product of factors and what the pass computed that is only rounding."""

LARGE = 4_000_000
"""Samples times weights of a layer above which a looser bound that costs less is taken."""


def explain(
    experiment: Experiment,
    record: StepRecord,
    *,
    weight: tuple[int, Unit, Unit] | None = None,
    bias: tuple[int, Unit] | None = None,
    unit: tuple[int, Unit] | None = None,
) -> Explanation:
    """Take the gradient of one weight, bias or unit of `record` apart.

    Parameters
    ----------
    experiment : Experiment
        That the record was made with.
    record : StepRecord
    weight : (l, i, j)
        The weight of layer l = 1..L from unit i of layer l - 1 to unit j. Units count from 0, as NumPy
        counts; a feature's or class's name may stand for the number of an input or output.
    bias : (l, j)
    unit : (l, j)
        Its pre-activation; with l = 0 an input.

    Raises
    ------
    ExperimentError
        `parameter_unknown` if the network has no such weight, bias or unit.
    TypeError
        Unless exactly one of the three is given.
    """
    asked: dict[Kind, tuple[Unit, ...] | None] = {"weight": weight, "bias": bias, "unit": unit}
    given = [(kind, place) for kind, place in asked.items() if place is not None]
    if len(given) != 1:
        raise TypeError("explain takes exactly one of weight, bias and unit")
    kind, place = given[0]
    _, *numbers = find_part(kind, place, record.sizes, record.feature_names, record.target_names)
    return Explanation(experiment, record, kind, *numbers)


class Factor(NamedTuple):
    """One local derivative on a path, for one sample.

    `kind` is ``activation`` (dz/dw), ``slope`` (da/dz of unit `unit`; of softmax da[`unit`]/dz[`source`]),
    ``weight`` (dz/da from `source` to `unit`), ``loss`` (dL/da), or ``cancelled``: the slope and the
    loss's derivative of a matched pair, multiplied out so that neither can overflow.
    """

    kind: Literal["activation", "slope", "weight", "loss", "cancelled"]
    layer: int
    source: int
    unit: int
    value: float


class Path(NamedTuple):
    """One path to the loss and its product, summed over the batch.

    `units` has an entry for every layer from the parameter's to the last: the unit, or in a softmax
    layer the pair (unit of z, unit of a).
    """

    units: tuple[Place, ...]
    product: float


@dataclass(frozen=True)
class Paths:
    """The largest paths, by the size of their product, and what is left.

    Attributes
    ----------
    items : tuple of Path
    count : int
        All paths there are.
    remainder : float
        The gradient without the paths shown.
    exact : bool
        Whether these are surely the largest ones; False where the search met its bound.
    """

    items: tuple[Path, ...]
    count: int
    remainder: float
    exact: bool

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> Path:
        return self.items[index]

    def __iter__(self) -> Iterator[Path]:
        return iter(self.items)


@dataclass(frozen=True)
class Update:
    """The arithmetic of one parameter's update, from its gradient to its new value.

    Attributes
    ----------
    before, after : float
    gradient : float
        Of the data loss.
    penalty : float
        What the penalty adds to it.
    clipped : float
        Their sum after clipping: the g of the optimizer.
    terms : tuple of Term
        All that is computed on the way from the gradient to the change, which is the last; none if
        frozen. `gradient` and `slots_before` are what it begins with.
    slots_before, slots_after : dict of str to float
    learning_rate : float
    step : int
        Updates the optimizer has made, this one included.
    change : float
        The new value is ``before - change``; 0 if frozen.
    frozen : bool
    """

    before: float
    gradient: float
    penalty: float
    clipped: float
    terms: tuple[Term, ...]
    slots_before: dict[str, float]
    slots_after: dict[str, float]
    learning_rate: float
    step: int
    change: float
    after: float
    frozen: bool


@dataclass(frozen=True, eq=False)
class Explanation:
    """One weight, bias or unit of a step, taken apart; everything is computed when first asked for.

    Attributes
    ----------
    kind : {"weight", "bias", "unit"}
    layer, unit, source : int
        The weight from unit `source` of the layer below to `unit` of `layer`; units from 0.
    """

    experiment: Experiment
    record: StepRecord
    kind: Kind
    layer: int
    unit: int
    source: int = 0

    @property
    def part(self) -> Part:
        """What is taken apart."""
        return Part(self.kind, self.layer, self.unit, self.source)

    @property
    def rule(self) -> Activation | None:
        """The layer's activation; None for an input."""
        return self.experiment.layers[self.layer - 1].activation if self.layer else None

    @property
    def is_output(self) -> bool:
        """Whether the layer is the last."""
        return self.layer == len(self.record.z)

    @property
    def is_softmax(self) -> bool:
        """Whether the factors have an entry for each unit of the layer."""
        return isinstance(self.rule, Softmax)

    @property
    def is_matched(self) -> bool:
        """Whether the output's slope and the loss cancel to a - t (sigmoid or softmax and its loss)."""
        return self.is_output and _matched(self.experiment)

    @property
    def scale(self) -> float:
        """What the reduction over the batch multiplies a sample's loss with."""
        return _scale(self.experiment, self.record)

    @cached_property
    def gradient(self) -> float:
        """The gradient of the batch's loss, as the record holds it (for a unit, of its z)."""
        if self.kind == "weight":
            return float(self.record.weight_grads[self.layer - 1][self.source, self.unit])
        if self.kind == "bias":
            return float(self.record.bias_grads[self.layer - 1][self.unit])
        return float(self.samples.sum())

    @cached_property
    def samples(self) -> FloatArray:
        """Each sample's share of the gradient, (B,)."""
        return self.delta * self.activation

    @cached_property
    def z(self) -> FloatArray:
        """The unit's pre-activation, (B,); an input's value."""
        return self.record.z[self.layer - 1][:, self.unit] if self.layer else self.record.a[0][:, self.unit]

    @cached_property
    def a(self) -> FloatArray:
        """The unit's activation after dropout, (B,)."""
        return self.record.a[self.layer][:, self.unit]

    @cached_property
    def delta(self) -> FloatArray:
        """dL/dz of the unit, (B,), with the reduction over the batch in it."""
        if self.layer == 0:
            upstream: FloatArray = self.upstream
            return upstream
        return self.record.delta[self.layer - 1][:, self.unit]

    @cached_property
    def mask(self) -> FloatArray | None:
        """The layer's dropout mask (B, n), 0 or 1 / (1 - p); None without dropout."""
        return self.record.dropout_masks[self.layer - 1] if self.layer else None

    @cached_property
    def upstream(self) -> FloatArray:
        """dL/da, (B,) with the reduction in it; (B, n) of all the layer's units for softmax.

        Of a matched pair it is infinite where double precision ends, beyond z of about 700; see
        `is_factored`.
        """
        units = slice(None) if self.is_softmax else self.unit
        if self.is_output:
            return loss_gradient(self.experiment, self.record)[:, units]
        result: FloatArray = self.record.delta[self.layer] @ self.weights_onward[units].T
        return result

    @cached_property
    def slope(self) -> FloatArray:
        """da/dz, dropout's mask in it: f'(z) (B,), or for softmax da_i/dz of the unit, (B, n)."""
        if self.rule is None:
            return np.ones_like(self.z)
        if self.is_softmax:
            a = self.rule.value(_exact(self, self.record.z[self.layer - 1]))
            jacobian = -a * a[:, self.unit, None]
            jacobian[:, self.unit] = a[:, self.unit] * remainder(a)[:, self.unit]
            return jacobian if self.mask is None else jacobian * self.mask
        slope: FloatArray = self.rule.slope(np.ascontiguousarray(_exact(self, self.z)))
        return slope if self.mask is None else slope * self.mask[:, self.unit]

    @cached_property
    def is_factored(self) -> BoolArray:
        """Whether upstream and slope are numbers with the product `delta`, (B,); of softmax the sum of them.

        Where they are not, one of the two lies beyond what double precision holds: dL/da of a matched pair
        that is quite sure and wrong, or the slope. There only `delta` stands for them.
        """
        with np.errstate(all="ignore"):
            products = self.upstream * self.slope
            sizes = np.abs(self.terms).sum(axis=-1) * np.abs(self.slope)
            if self.is_softmax:
                products, sizes = products.sum(axis=-1), sizes.sum(axis=-1)
            room = MULTIPLIES_OUT[self.record.delta[-1].dtype.name] * sizes
            fits: BoolArray = (np.abs(products - self.delta) <= room) & np.isfinite(sizes)
        return fits

    def is_fused(self, sample: int) -> bool:
        """Whether delta stands for upstream and slope of a sample.

        So it is with softmax, where they are no single numbers, and where they are not `is_factored`.
        """
        return self.is_softmax or not self.is_factored[sample]

    @cached_property
    def activation(self) -> FloatArray:
        """dz/dw, (B,): the incoming activation; 1 for a bias and a unit.

        1 / B for a bias that takes the mean where the weights take the sum.
        """
        if self.kind == "weight":
            return self.record.a[self.layer - 1][:, self.source]
        value = _bias_factor(self.experiment, self.record) if self.kind == "bias" else 1.0
        return np.full_like(self.z, value)

    @cached_property
    def terms(self) -> FloatArray:
        """The product w * delta of each next unit, (B, n_next), or (B, n, n_next) for softmax.

        They sum over the last axis to `upstream`. Of an output there is one term, the loss's own
        derivative.
        """
        if self.is_output:
            return self.upstream[..., None]
        delta = self.record.delta[self.layer]
        weights = self.weights_onward if self.is_softmax else self.weights_onward[self.unit]
        terms: FloatArray = weights * (delta[:, None, :] if self.is_softmax else delta)
        return terms

    @property
    def weights_onward(self) -> FloatArray:
        """The weights of the next layer that its delta came back through, (n, n_next)."""
        return _propagation_weights(self.experiment, self.record, self.layer + 1)

    @property
    def cancelled(self) -> FloatArray:
        """What the slope and the loss's derivative of a matched pair cancel to, (B,): a - t, scaled."""
        record = self.record
        deltas = self.experiment.loss.natural_delta(record.z[-1], record.a[-1], record.targets, self.scale)
        return deltas[:, self.unit]

    @cached_property
    def update(self) -> Update | None:
        """How the parameter got its new value, bit for bit; None for a unit."""
        if self.kind == "unit":
            return None
        return _update(self)

    @cached_property
    def path_count(self) -> int:
        """How many paths lead from here to the loss."""
        sizes = self.record.sizes[1:]
        count = 1
        for layer in range(max(self.layer, 1), len(sizes) + 1):
            units = sizes[layer - 1]
            count *= units if layer > self.layer else 1
            count *= 1 if self.experiment.layers[layer - 1].activation.elementwise else units
        return count

    def paths(self, limit: int = 20, width: int = 20_000) -> Paths:
        """Find the `limit` largest paths to the loss.

        A path's product is summed over the batch, so that samples of opposite sign cancel within it.
        The search goes layer by layer and keeps the `width` most promising partial paths. Promise is
        an upper bound on the size of any completion: the sum over samples of the partial product's
        size times the largest completion of that sample. A first, narrow search gives a threshold;
        in the second, partial paths whose bound lies below it are left out for certain. If no bound
        that the width had no room for lies above the paths found, they are the largest for certain
        (`exact`): always so for one sample, and when there are no more than `width` paths. Otherwise
        they are the largest found. The remainder is exact in either case: the gradient is known
        without any path.

        Parameters
        ----------
        limit : int
            At least 0.
        width : int
            Bounds the work: about ``width * B`` multiplications a layer.
        """
        count = self.path_count
        search = self._search
        if count <= width:
            found = search.run(limit, count, 0.0)
        else:
            found = search.run(limit, min(FIRST_WIDTH, width), 0.0)
            if not found.exact and width > FIRST_WIDTH and len(found.products) == limit:
                found = search.run(limit, width, float(np.abs(found.products).min(initial=math.inf)))
        items = tuple(
            Path(self._named(trail), float(product))
            for trail, product in zip(found.trails, found.products, strict=True)
        )
        remainder = math.fsum((self.gradient, *(-path.product for path in items)))
        return Paths(items, count, remainder, found.exact)

    def path_factors(self, path: Path, sample: int) -> tuple[Factor, ...]:
        """List the local derivatives of one sample along `path`, from the parameter to the loss.

        Their product is the sample's part of the path's product.
        """
        factors = []
        if self.kind != "unit":
            value = float(self.activation[sample])
            factors.append(Factor("activation", self.layer, self.source, self.unit, value))
        last = len(self.record.z)
        for layer, place in enumerate(path.units, self.layer):
            z_unit, a_unit = place if isinstance(place, tuple) else (place, place)
            if layer == last and _matched(self.experiment):
                value = self._matched_factor(sample, z_unit, a_unit)
                factors.append(Factor("cancelled", layer, z_unit, a_unit, value))
                break
            if layer:
                at = Explanation(self.experiment, self.record, "unit", layer, z_unit)
                slope = at.slope[sample, a_unit] if at.is_softmax else at.slope[sample]
                factors.append(Factor("slope", layer, z_unit, a_unit, float(slope)))
            if layer == last:
                value = float(loss_gradient(self.experiment, self.record)[sample, a_unit])
                factors.append(Factor("loss", layer, a_unit, a_unit, value))
                break
            following = path.units[layer - self.layer + 1]
            target = following[0] if isinstance(following, tuple) else following
            weights = _propagation_weights(self.experiment, self.record, layer + 1)
            factors.append(Factor("weight", layer + 1, a_unit, target, float(weights[a_unit, target])))
        return tuple(factors)

    def _matched_factor(self, sample: int, z_unit: int, a_unit: int) -> float:
        if self.experiment.layers[-1].activation.elementwise:
            return float(self.record.delta[-1][sample, z_unit])
        a, t = self.record.a[-1][sample], self.record.targets[sample]
        slope = remainder(a)[z_unit] if z_unit == a_unit else -a[z_unit]
        return float(-t[a_unit] * self.scale * slope)

    @cached_property
    def _search(self) -> _Search:
        stages: list[_Stage] = []
        record, experiment = self.record, self.experiment
        last = len(record.z)
        tail = record.delta[-1]
        for layer in range(self.layer, last + 1):
            rule = experiment.layers[layer - 1].activation if layer else None
            mask = record.dropout_masks[layer - 1] if layer else None
            slopes: FloatArray | None = None
            if isinstance(rule, Softmax):
                a = rule.value(record.z[layer - 1])
                if layer < last:
                    stages.append(_SoftmaxStage(a if mask is None else a * mask, a))
                elif _matched(experiment):
                    # -t_i ([i = j] - a_j): the division by a_i of the loss and the factor a_i of the
                    # Jacobian are cancelled by hand, so that saturated outputs stay finite
                    stages.append(_SoftmaxStage(-self.scale * record.targets, a))
                    tail = np.ones_like(a)
                else:
                    stages.append(_SoftmaxStage(a, a))
                    tail = loss_gradient(experiment, record)
            elif rule is not None and layer < last:
                slopes = rule.slope(record.z[layer - 1])
                slopes = slopes if mask is None else slopes * mask
            if layer < last:
                stages.append(_WeightStage(slopes, _propagation_weights(experiment, record, layer + 1)))
        return _Search(self.activation, self.unit, stages, tail)

    def _named(self, trail: IntArray) -> tuple[Place, ...]:
        units: list[Place] = []
        steps = iter(trail.tolist())
        for layer in range(self.layer, len(self.record.z) + 1):
            unit = next(steps)
            softmax = layer and not self.experiment.layers[layer - 1].activation.elementwise
            units.append((unit, next(steps)) if softmax else unit)
        return tuple(units)


def _propagation_weights(experiment: Experiment, record: StepRecord, layer: int) -> FloatArray:
    """Pick the weights of `layer` (from 1) that its delta went back through, (n_below, n).

    With ``update_order="output_first"`` they have been updated already.
    """
    after = experiment.update_order == "output_first"
    return (record.weights_after if after else record.weights_before)[layer - 1]


def _matched(experiment: Experiment) -> bool:
    return experiment.loss.natural == experiment.layers[-1].activation.name


def _scale(experiment: Experiment, record: StepRecord) -> float:
    return 1.0 / record.batch if experiment.reduction == "mean" else 1.0


def _bias_factor(experiment: Experiment, record: StepRecord) -> float:
    averaged = experiment.bias_reduction == "mean" and experiment.reduction == "sum"
    return 1.0 / record.batch if averaged else 1.0


def loss_gradient(experiment: Experiment, record: StepRecord) -> FloatArray:
    """dL/da of the outputs, (B, k), with the reduction in it; of a matched pair from z, in float64."""
    if _matched(experiment):
        gradient = experiment.loss.gradient_from_z(record.z[-1].astype(np.float64), record.targets)
    else:
        gradient = experiment.loss.gradient(record.a[-1], record.targets)
    return gradient * np.asarray(_scale(experiment, record), gradient.dtype)


def loss_parts(experiment: Experiment, record: StepRecord) -> FloatArray:
    """What each output adds to its sample's own loss, (B, k)."""
    with np.errstate(all="ignore"):
        return loss_terms(experiment, record.z[-1], record.a[-1], record.targets)


def _exact(e: Explanation, z: FloatArray) -> FloatArray:
    """The z from which a slope is computed: in float64 where it meets dL/da of a matched pair."""
    return z.astype(np.float64) if e.is_matched else z


def _update(e: Explanation) -> Update:
    experiment, record, index = e.experiment, e.record, e.layer - 1
    is_weight = e.kind == "weight"
    at: int | tuple[int, int] = (e.source, e.unit) if is_weight else e.unit
    which = 0 if is_weight else 1
    p = (record.weights_before if is_weight else record.biases_before)[index]
    slots_before = {name: float(slot[which][index][at]) for name, slot in record.slots_before.items()}
    slots_after = {name: float(slot[which][index][at]) for name, slot in record.slots_after.items()}

    # Arrays of one element and the rules' own programs: the pass's operations, rounding included.
    value, g = np.array([p[at]], p.dtype), np.array([e.gradient], p.dtype)
    penalty = np.zeros_like(value)
    execute(experiment.regularizer.gradients(value, np.array([float(is_weight)], p.dtype), penalty))
    g += penalty
    if experiment.clipping.name == "global_norm":
        g *= np.array(record.clip_factor, p.dtype)
    else:
        execute(experiment.clipping.clip(g, np.ones((), p.dtype)))
    change, new = experiment.optimizer.apply(
        float(value[0]), float(g[0]), slots_before, record.learning_rate, record.optimizer_step, p.dtype
    )
    frozen = bool((record.frozen_weights if is_weight else record.frozen_biases)[index][at])
    lines = _lines_before(e, float(value[0]), float(penalty[0]), float(g[0]))
    terms = experiment.optimizer.terms(
        float(value[0]),
        float(g[0]),
        slots_before,
        slots_after,
        record.learning_rate,
        record.optimizer_step,
        change,
    )
    return Update(
        before=float(value[0]),
        gradient=e.gradient,
        penalty=float(penalty[0]),
        clipped=float(g[0]),
        terms=() if frozen else (*lines.terms, *terms),
        slots_before=slots_before,
        slots_after=slots_after,
        learning_rate=record.learning_rate,
        step=record.optimizer_step,
        change=0.0 if frozen else change,
        after=float(value[0]) if frozen else new,
        frozen=frozen,
    )


def _lines_before(e: Explanation, value: float, penalty: float, clipped: float) -> Lines:
    """What makes the g of the optimizer of the gradient: penalty and clipping."""
    lines = Lines()
    gradient, g = lines.given(r"\frac{\partial L}{\partial w}", e.gradient), e.gradient
    if e.kind == "weight":
        adds = e.experiment.regularizer.write(lines, lines.given("w", value), penalty)
        if adds is not None:
            g += penalty
            lines.line("g", gradient + adds, g)
    e.experiment.clipping.write(lines, lines.given("g", g), e.record.clip_factor, clipped)
    return lines


class _Stage(Protocol):
    """A step of a path from one unit to another, with a factor F[s, from, to] for each sample s.

    `u` (K, B) are the partial products of K paths that stand at `units` (K,).
    """

    def heights(self, h: FloatArray) -> FloatArray:
        """Bound |F h| from above over `to`, (B, n_from), for h (B, n_to) of what follows."""
        ...

    def bounds(self, u: FloatArray, units: IntArray, h: FloatArray) -> FloatArray:
        """Sum |u F| h over the samples, (K, n_to)."""
        ...

    def totals(self, u: FloatArray, units: IntArray, h: FloatArray) -> FloatArray:
        """Sum u F h over the samples, (K, n_to)."""
        ...

    def follow(self, u: FloatArray, units: IntArray, to: IntArray) -> FloatArray:
        """Multiply u and F of the steps to the units `to` (K,), (K, B)."""
        ...


class _WeightStage:
    """Through a unit's slope and a weight: F = f'(z_j) w_jk."""

    def __init__(self, slopes: FloatArray | None, weights: FloatArray) -> None:
        self.slopes, self.weights = slopes, weights

    def _sloped(self, u: FloatArray, units: IntArray) -> FloatArray:
        if self.slopes is None:
            return u
        sloped: FloatArray = u * self.slopes.T[units]
        return sloped

    def heights(self, h: FloatArray) -> FloatArray:
        sizes = np.abs(self.weights)
        if h.size * len(sizes) > LARGE:
            best: FloatArray = h.max(axis=1, keepdims=True) * sizes.max(axis=1)
            return best if self.slopes is None else best * np.abs(self.slopes)
        best = np.empty((len(h), len(sizes)), h.dtype)
        for unit, row in enumerate(sizes):
            np.max(h * row, axis=1, out=best[:, unit])
        return best if self.slopes is None else best * np.abs(self.slopes)

    def bounds(self, u: FloatArray, units: IntArray, h: FloatArray) -> FloatArray:
        result: FloatArray = (np.abs(self._sloped(u, units)) @ h) * np.abs(self.weights[units])
        return result

    def totals(self, u: FloatArray, units: IntArray, h: FloatArray) -> FloatArray:
        result: FloatArray = (self._sloped(u, units) @ h) * self.weights[units]
        return result

    def follow(self, u: FloatArray, units: IntArray, to: IntArray) -> FloatArray:
        product: FloatArray = self._sloped(u, units) * self.weights[units, to][:, None]
        return product


class _SoftmaxStage:
    """From z_j to a_i of a softmax layer: F = c_i ([i = j] - a_j), with c = a but at a matched loss."""

    def __init__(self, c: FloatArray, a: FloatArray) -> None:
        self.c, self.a, self.rest = c, a, remainder(a)

    def heights(self, h: FloatArray) -> FloatArray:
        reach = np.abs(self.c) * h
        bound: FloatArray = np.maximum(self.a * reach.max(axis=1, keepdims=True), reach * self.rest)
        return bound

    def _sums(self, u: FloatArray, units: IntArray, h: FloatArray, sign: float) -> FloatArray:
        a = self.a.T[units]
        sums: FloatArray = sign * ((u * a) @ h)
        sums[np.arange(len(units)), units] = np.sum(u * self.rest.T[units] * h.T[units], axis=1)
        return sums

    def bounds(self, u: FloatArray, units: IntArray, h: FloatArray) -> FloatArray:
        return self._sums(np.abs(u), units, np.abs(self.c) * h, 1.0)

    def totals(self, u: FloatArray, units: IntArray, h: FloatArray) -> FloatArray:
        return self._sums(u, units, self.c * h, -1.0)

    def follow(self, u: FloatArray, units: IntArray, to: IntArray) -> FloatArray:
        slopes = np.where((units == to)[:, None], self.rest.T[units], -self.a.T[units])
        product: FloatArray = u * self.c.T[to] * slopes
        return product


class _Found(NamedTuple):
    trails: IntArray
    products: FloatArray
    exact: bool


class _Search:
    """The largest paths through `stages`, from partial products `start` (B,) at one unit to `tail` (B, n)."""

    def __init__(self, start: FloatArray, unit: int, stages: list[_Stage], tail: FloatArray) -> None:
        self.start, self.unit, self.stages, self.tail = start, unit, stages, tail

    @cached_property
    def heights(self) -> list[FloatArray]:
        """For each stage, at least the largest completion of each sample after it, (B, n)."""
        heights = [np.abs(self.tail)]
        for stage in reversed(self.stages[1:]):
            heights.append(stage.heights(heights[-1]))
        return heights[::-1]

    def run(self, limit: int, width: int, threshold: float) -> _Found:
        """Search with at most `width` partial paths, leaving out what is surely below `threshold`."""
        u, trails = self.start[None, :], np.array([[self.unit]], dtype=np.intp)
        left_out = 0.0  # the largest bound of a partial path that the width had no room for
        if not self.stages:
            product = np.array([u[0] @ self.tail[:, self.unit]])
            return _Found(trails[:limit], product[:limit], True)
        for stage, height in zip(self.stages[:-1], self.heights, strict=False):
            bounds = stage.bounds(u, trails[:, -1], height)
            columns = bounds.shape[1]
            # the bound is rounded, so that the threshold is given a little room
            chosen = np.flatnonzero(bounds >= threshold * (1.0 - 1e-9))
            if len(chosen) > width:
                ranked = chosen[np.argpartition(bounds.ravel()[chosen], -width)]
                left_out = max(left_out, float(bounds.ravel()[ranked[:-width]].max()))
                chosen = ranked[-width:]
            parents, to = np.divmod(chosen, columns)
            u = stage.follow(u[parents], trails[parents, -1], to)
            trails = np.hstack([trails[parents], to[:, None]])
        totals = self.stages[-1].totals(u, trails[:, -1], self.tail)
        columns, sizes = totals.shape[1], np.abs(totals).ravel()
        chosen = np.arange(len(sizes))
        if limit < len(sizes):
            chosen = np.argpartition(sizes, len(sizes) - limit)[len(sizes) - limit :] if limit else chosen[:0]
        chosen = chosen[np.lexsort((chosen, -sizes[chosen]))]
        parents, to = np.divmod(chosen, columns)
        exact = left_out == 0.0 or (len(chosen) == limit and left_out <= sizes[chosen].min(initial=math.inf))
        return _Found(np.hstack([trails[parents], to[:, None]]), totals.ravel()[chosen], bool(exact))
