"""Gradient health: what one step tells about how well the gradient reaches every layer and unit.

How large the gradient is tells little by itself: it becomes small because the loss has been learned. So a
layer is judged by how much of the gradient at the output has come down to it, and a unit by how much its
activation function lets through.

Sources: Glorot and Bengio 2010, *Understanding the difficulty of training deep feedforward neural
networks* (dL/dz shrinking or growing from layer to layer, saturated units); Pascanu, Mikolov and Bengio
2013, *On the difficulty of training recurrent neural networks* (vanishing and exploding gradients);
Lu, Shin, Su and Karniadakis 2020, *Dying ReLU and initialization*. The papers draw no lines; the
thresholds here are round numbers well away from what a network in good training shows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from engine.arrays import FloatArray
from engine.experiment import Experiment
from engine.parts import Part
from engine.records import StepRecord

VANISHING = 1e-3
"""A layer gets no more than this share of the root-mean-square dL/dz of the output layer."""

EXPLODING = 1e3
"""A layer gets at least this many times the root-mean-square dL/dz of the output layer."""

OVERSHOOTING = 1.0
"""An update is at least this many times as long as the layer's parameters; usual is about 1e-3."""

SATURATED = 0.01
"""A unit's |f'(z)| is below this for every sample; a sigmoid's is where a is within 0.01 of 0 or 1."""

FEW_SAMPLES = 5
"""Of a smaller mini-batch nothing is said about units: one sample alone leaves many units without slope."""

Kind = Literal["vanishing", "exploding", "overshooting", "dead", "saturated"]


class Flag(NamedTuple):
    """Something to look at, and the number that led to it.

    Attributes
    ----------
    kind : str
        "vanishing" or "exploding": `value` is the layer's root-mean-square dL/dz as a multiple of the
        output layer's. "overshooting": the length of the update as a multiple of that of the parameters.
        "dead" (a ReLU) or "saturated": the largest |f'(z)| of the unit in the mini-batch.
    part : Part
        A layer, or a unit.
    """

    kind: Kind
    part: Part
    value: float


@dataclass(frozen=True)
class Health:
    """What there is to say of a step.

    Attributes
    ----------
    norms : tuple of float
        The norm of each layer's gradient, its biases included.
    flags : tuple of Flag
        By layer and unit.
    is_zero : bool
        Whether the gradient of every weight and bias is exactly 0.
    moves : bool
        Whether the step has changed a parameter: momentum or a penalty do it without a gradient, too.
    judges_units : bool
        Whether the mini-batch has enough rows for a word about single units.
    """

    norms: tuple[float, ...]
    flags: tuple[Flag, ...]
    is_zero: bool
    moves: bool
    judges_units: bool


def gradient_health(experiment: Experiment, record: StepRecord) -> Health:
    """Judge one step.

    Parameters
    ----------
    experiment : Experiment
        That the step was made with.
    """
    with np.errstate(all="ignore"):
        flags = [*_layer_flags(record)]
        judges_units = record.batch >= FEW_SAMPLES
        if judges_units:
            flags += _unit_flags(experiment, record)
    norms = tuple(
        _length(weights, biases)
        for weights, biases in zip(record.weight_grads, record.bias_grads, strict=True)
    )
    before = (*record.weights_before, *record.biases_before)
    after = (*record.weights_after, *record.biases_after)
    return Health(
        norms,
        tuple(sorted(flags, key=lambda flag: flag.part.layer)),
        is_zero=not any(gradient.any() for gradient in (*record.weight_grads, *record.bias_grads)),
        moves=any((old != new).any() for old, new in zip(before, after, strict=True)),
        judges_units=judges_units,
    )


def can_die(experiment: Experiment, layer: int) -> bool:
    """Whether the units of `layer` (from 1) may be 0, with slope 0, for all samples."""
    return experiment.layers[layer - 1].activation.name == "relu"


def can_saturate(experiment: Experiment, layer: int) -> bool:
    """Whether small slopes of `layer` (from 1) keep the gradient back.

    They do not at an output whose loss takes them out again, as cross-entropy does with a sigmoid.
    """
    activation = experiment.layers[layer - 1].activation
    if layer == len(experiment.layers) and experiment.loss.natural == activation.name:
        return False
    return activation.elementwise and activation.name not in ("relu", "linear")


def greatest_slopes(experiment: Experiment, layer: int, z: FloatArray) -> FloatArray:
    """The largest |f'(z)| of each unit of `layer` over the samples, (..., n) from z (..., B, n)."""
    greatest: FloatArray = np.abs(experiment.layers[layer - 1].activation.slope(z)).max(axis=-2)
    return greatest


def _layer_flags(record: StepRecord) -> list[Flag]:
    flags = []
    at_output = _root_mean_square(record.delta[-1])
    for index, delta in enumerate(record.delta[:-1]):
        share = _root_mean_square(delta) / at_output if at_output > 0 else 1.0
        part = Part("layer", index + 1)
        if share <= VANISHING:
            flags.append(Flag("vanishing", part, share))
        elif share >= EXPLODING:
            flags.append(Flag("exploding", part, share))
    for index in range(len(record.delta)):
        weights, biases = record.weights_before[index], record.biases_before[index]
        moved = _length(record.weights_after[index] - weights, record.biases_after[index] - biases)
        length = _length(weights, biases)
        if length > 0 and moved / length >= OVERSHOOTING:
            flags.append(Flag("overshooting", Part("layer", index + 1), moved / length))
    return flags


def _unit_flags(experiment: Experiment, record: StepRecord) -> list[Flag]:
    flags: list[Flag] = []
    for layer, z in enumerate(record.z, 1):
        if can_die(experiment, layer):
            kind: Kind = "dead"
            limit = np.nextafter(0.0, 1.0)
        elif can_saturate(experiment, layer):
            kind, limit = "saturated", SATURATED
        else:
            continue
        # Most units are cleared by the first sample alone
        suspects = np.flatnonzero(greatest_slopes(experiment, layer, z[:1]) < limit)
        if not len(suspects):
            continue
        slopes = greatest_slopes(experiment, layer, z[:, suspects])
        for unit, slope in zip(suspects.tolist(), slopes.tolist(), strict=True):
            if slope < limit:
                flags.append(Flag(kind, Part("unit", layer, unit), slope))
    return flags


def _root_mean_square(array: FloatArray) -> float:
    return _length(array) / math.sqrt(array.size)


def _length(*arrays: FloatArray) -> float:
    """The Euclidean norm of all together, of numbers too small to be squared as well."""
    largest = max(float(np.abs(array).max(initial=0.0)) for array in arrays)
    if not 0.0 < largest < 1e-100:
        return math.sqrt(sum(_sum_of_squares(array) for array in arrays))
    return largest * math.sqrt(sum(_sum_of_squares(array / largest) for array in arrays))


def _sum_of_squares(array: FloatArray) -> float:
    # Not by BLAS, whose threads would have to be woken and compete with training
    flat = array.ravel()
    return float(np.einsum("i,i", flat, flat))
