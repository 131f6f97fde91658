"""What a step with other lines comes to: its numbers, as a record, in one update, and over many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.arrays import FloatArray, read_only
from engine.mistakes.catalogue import MISTAKES
from engine.mistakes.reference import Case, State, Step, Varied
from engine.records import StepRecord

Values = Mapping[str, FloatArray]
"""The quantities of a step by name."""

MOST_MEASURED = 512
"""Rows that the loss of a run is measured with; of more, the first."""


def replay(case: Case, mistakes: Sequence[str] = ()) -> tuple[Step, dict[str, FloatArray]]:
    """Make a step with mistakes of the catalogue, and collect its numbers.

    Returns
    -------
    step, values
        What taking samples in turn computes is in `values` alone.
    """
    step = Step(case, [MISTAKES[name].varied for name in mistakes])
    with np.errstate(all="ignore"):
        return step, {name: np.array(value) for name, value, _ in step.quantities()}


def varied_by(values: Values) -> Varied:
    """The lines of a step that has these gradients, whatever made them."""
    return {
        "weight_gradient": lambda step, layer: values.get(f"dW{layer}", Step.weight_gradient(step, layer)),
        "bias_gradient": lambda step, layer: values.get(f"db{layer}", Step.bias_gradient(step, layer)),
    }


def record_of(
    case: Case,
    values: Values,
    like: StepRecord | None = None,
    feature_names: Sequence[str] = (),
    target_names: Sequence[str] = (),
) -> StepRecord:
    """A record of numbers that a readable step gave, for whoever shows records.

    Parameters
    ----------
    case : Case
    values : mapping
        All quantities of the step.
    like : StepRecord, optional
        Whose rows, number and names it has.
    """
    layers = range(1, case.L + 1)

    def arrays(kind: str) -> tuple[Any, ...]:
        return tuple(read_only(values[f"{kind}{layer}"]) for layer in layers)

    nothing = [np.zeros(W.shape, bool) for W in case.W[1:]], [np.zeros(b.shape, bool) for b in case.b[1:]]
    held = (case.state.held_weights or nothing[0]), (case.state.held_biases or nothing[1])
    masks = [
        read_only(case.masks[layer] / (1.0 - case.dropout[layer])) if layer in case.masks else None
        for layer in layers
    ]
    with np.errstate(all="ignore"):
        right = Step(case)
        for name, _, _ in right.quantities():
            if name == "loss":
                break
        losses = right.sample_losses()
    return StepRecord(
        experiment=case.experiment,
        step=1 if like is None else like.step,
        epoch=1 if like is None else like.epoch,
        indices=read_only(np.arange(case.B)) if like is None else like.indices,
        targets=read_only(case.targets),
        z=arrays("z"),
        a=(read_only(case.inputs), *arrays("a")),
        delta=arrays("delta"),
        weight_grads=arrays("dW"),
        bias_grads=arrays("db"),
        sample_losses=read_only(losses),
        data_loss=float(values["loss"]),
        penalty=case.penalty,
        learning_rate=case.eta,
        clip_factor=1.0,
        dropout_masks=tuple(masks),
        frozen_weights=tuple(map(read_only, held[0])),
        frozen_biases=tuple(map(read_only, held[1])),
        weights_before=tuple(map(read_only, case.W[1:])),
        weights_after=arrays("W"),
        biases_before=tuple(map(read_only, case.b[1:])),
        biases_after=arrays("b"),
        slots_before={} if like is None else like.slots_before,
        slots_after={} if like is None else like.slots_after,
        optimizer_step=case.state.time,
        feature_names=tuple(feature_names) if like is None else like.feature_names,
        target_names=tuple(target_names) if like is None else like.target_names,
    )


# -- what an update does -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Effect:
    """The loss of the batch before an update, and after the right one and another."""

    before: float
    right: float
    other: float


def effect(case: Case, right: Values, other: Values) -> Effect:
    """What one update does to the loss of the same rows."""
    return Effect(_loss(case), _loss(_updated(case, right)), _loss(_updated(case, other)))


def _updated(case: Case, values: Values) -> Case:
    """The case after an update; parameters that are not among the values stay."""
    W = [values.get(f"W{layer}", case.W[layer]) for layer in range(1, case.L + 1)]
    b = [values.get(f"b{layer}", case.b[layer]) for layer in range(1, case.L + 1)]
    return Case(case.experiment, case.inputs, case.targets, W, b, case.masks, case.state)


def _loss(case: Case) -> float:
    """The loss of a case, by the right pass."""
    with np.errstate(all="ignore"):
        for name, value, _ in Step(case).quantities():
            if name == "loss":
                return float(value)
    return float("nan")


# -- what it does to training --------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class TwoRuns:
    """Two trainings from one start, over the same mini-batches.

    Attributes
    ----------
    right, other : (n + 1,)
        The loss of the training rows after 0, 1, …, n steps; NaN from where it is not finite on.
    rows : int
        Those that it was measured with.
    """

    right: FloatArray
    other: FloatArray
    rows: int


def two_runs(
    case: Case,
    mistakes: Sequence[str],
    inputs: FloatArray,
    targets: FloatArray,
    steps: int = 200,
    seed: int = 0,
    progress: Callable[[float], None] = lambda share: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> TwoRuns:
    """Train from a step on, once right and once with mistakes.

    Parameters
    ----------
    case : Case
        The first step: its rows are the first mini-batch of both.
    inputs, targets : (n, n_0), (n, k)
        The training rows, from which later mini-batches of the same size are drawn.
    """
    order = np.random.default_rng([seed, 43])
    batches = [np.arange(0)] + [
        order.permutation(len(inputs))[: min(case.B, len(inputs))] for _ in range(steps - 1)
    ]
    masks = [case.masks] + [
        {
            layer: (order.random((len(rows), case.widths[layer])) >= case.dropout[layer]).astype(np.float64)
            for layer in case.masks
        }
        for rows in batches[1:]
    ]
    measured = inputs[:MOST_MEASURED], targets[:MOST_MEASURED]
    losses = []
    for run, names in enumerate(((), mistakes)):
        varied = [MISTAKES[name].varied for name in names]
        now, curve = case, np.full(steps + 1, np.nan)
        for index in range(steps + 1):
            curve[index] = _measured(now, *measured)
            if cancelled() or index == steps or not np.isfinite(curve[index]):
                break
            if index:
                rows = batches[index]
                now = Case(
                    case.experiment,
                    inputs[rows],
                    targets[rows],
                    now.W[1:],
                    now.b[1:],
                    masks[index],
                    now.state,
                )
            now = _after(now, varied)
            progress((run * steps + index) / (2 * steps))
        losses.append(curve)
    return TwoRuns(losses[0], losses[1], len(measured[0]))


def _measured(case: Case, inputs: FloatArray, targets: FloatArray) -> float:
    """The loss of these rows, without dropout."""
    experiment = case.experiment
    below = inputs
    with np.errstate(all="ignore"):
        for layer in range(1, case.L + 1):
            z = below @ case.W[layer] + case.b[layer]
            below = case.functions[layer - 1].value(z)
        loss = experiment.loss
        each = (
            loss.per_sample_from_z(z, targets, a=below) if case.natural else loss.per_sample(below, targets)
        )
        return float(each.mean() if case.mean else each.sum())


def after(case: Case, mistakes: Sequence[str] = ()) -> Case:
    """What the next step starts from after a step with mistakes; its rows are the same."""
    return _after(case, [MISTAKES[name].varied for name in mistakes])


def _after(case: Case, varied: Sequence[Varied]) -> Case:
    step = Step(case, varied)
    with np.errstate(all="ignore"):
        values = {name: value for name, value, _ in step.quantities()}
    layers = range(1, case.L + 1)
    slots = {
        name: (
            [step.slots_after[name, 2 * layer - 1] for layer in layers],
            [step.slots_after[name, 2 * layer] for layer in layers],
        )
        for name in {name for name, _ in step.slots_after}
    }
    old = case.state
    state = State(old.time + 1, slots, old.held_weights, old.held_biases, old.rate)
    return Case(
        case.experiment,
        case.inputs,
        case.targets,
        [values[f"W{layer}"] for layer in layers],
        [values[f"b{layer}"] for layer in layers],
        case.masks,
        state,
    )
