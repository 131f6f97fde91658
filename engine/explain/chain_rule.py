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
from typing import Literal, NamedTuple

import numpy as np

from engine.arrays import BoolArray, FloatArray, IntArray
from engine.experiment import Experiment
from engine.explain.search import Search, SoftmaxStage, Stage, WeightStage
from engine.explain.update import Update, update_of
from engine.functions.activations import Activation, Softmax, remainder
from engine.parts import Part, Unit, find_part
from engine.records import StepRecord
from engine.training.backprop import loss_terms

Kind = Literal["weight", "bias", "unit"]
Place = int | tuple[int, int]
"""The unit of a path in one layer; in a softmax layer those of z and of a."""

FIRST_WIDTH = 256
"""Partial paths kept in the first, quick search; its finds are the threshold of the second."""

MULTIPLIES_OUT = {"float64": 1e-9, "float32": 1e-4}
"""The difference between a product of factors and what the pass computed that is only rounding."""


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
        at: int | tuple[int, int] = (self.source, self.unit) if self.kind == "weight" else self.unit
        return update_of(self.experiment, self.record, self.layer, at, self.gradient)

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
    def _search(self) -> Search:
        stages: list[Stage] = []
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
                    stages.append(SoftmaxStage(a if mask is None else a * mask, a))
                elif _matched(experiment):
                    # -t_i ([i = j] - a_j): the division by a_i of the loss and the factor a_i of the
                    # Jacobian are cancelled by hand, so that saturated outputs stay finite
                    stages.append(SoftmaxStage(-self.scale * record.targets, a))
                    tail = np.ones_like(a)
                else:
                    stages.append(SoftmaxStage(a, a))
                    tail = loss_gradient(experiment, record)
            elif rule is not None and layer < last:
                slopes = rule.slope(record.z[layer - 1])
                slopes = slopes if mask is None else slopes * mask
            if layer < last:
                stages.append(WeightStage(slopes, _propagation_weights(experiment, record, layer + 1)))
        return Search(self.activation, self.unit, stages, tail)

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
