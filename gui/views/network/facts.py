"""What a part of the network is called, and its numbers at this moment, with every digit."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QCoreApplication

from engine.parts import Part
from engine.phases import Revealed
from gui.text.numbers import full, grouped
from gui.text.parts import row_number
from gui.training.messages import Frame
from gui.views.network.quantities import bias_gradient, parameters, shown_loss, weight_gradient

HIDDEN = "–"
"""Stands for a number that the phase has not revealed."""


class Fact(NamedTuple):
    """A symbol and its number."""

    symbol: str
    number: str


@np.errstate(all="ignore")  # a network that diverged is shown, too
def facts(frame: Frame, part: Part, sample: int) -> list[Fact]:
    """The numbers of the selected part, for row `sample` of the mini-batch where it is about one."""
    record, (kind, layer, unit, source) = frame.record, part
    revealed = Revealed.by(frame.phase, len(record.z))
    forward, backward = layer <= revealed.forward, layer >= revealed.backward
    weights, biases = parameters(frame)
    if kind == "weight":
        at, index = (source, unit), layer - 1
        before, after = record.weights_before[index][at], record.weights_after[index][at]
        share = before * record.a[index][sample, source]
        return [
            _parameter(frame, "w", before, record.step - 1),
            _gradient(frame, "w", weight_gradient(record, frame.phase, layer)[at] if backward else None),
            *_update(frame, "w", before, after, revealed.update),
            Fact(_of_sample("w·a", sample), _number(share if forward else None)),
            *_frozen(frame, part),
        ]
    if kind == "bias":
        index = layer - 1
        gradient = bias_gradient(record, frame.phase, layer, frame.experiment)[unit] if backward else None
        before, after = record.biases_before[index][unit], record.biases_after[index][unit]
        return [
            _parameter(frame, "b", before, record.step - 1),
            _gradient(frame, "b", gradient),
            *_update(frame, "b", before, after, revealed.update),
            *_frozen(frame, part),
        ]
    translate = QCoreApplication.translate
    if kind == "unit" and layer == 0:
        row, value = int(record.indices[sample]), record.a[0][sample, unit]
        shown = [Fact(_of_sample("x", sample), full(value))]
        if row >= 0 and (raw := frame.dataset.inputs[row, unit]) != value:
            shown.append(Fact(translate("NetworkView", "unscaled"), full(raw)))
        return shown
    if kind == "unit":
        index = layer - 1
        return [
            Fact(_of_sample("z", sample), _number(record.z[index][sample, unit] if forward else None)),
            Fact(_of_sample("a", sample), _number(record.a[layer][sample, unit] if forward else None)),
            Fact(_of_sample("δ", sample), _number(record.delta[index][sample, unit] if backward else None)),
        ]
    if kind == "layer" and layer:
        norm = translate("NetworkView", "norm of the mini-batch's gradient")
        if frame.phase is not None and frame.phase.sample is not None:
            norm = translate("NetworkView", "norm of the gradient's share, sample {sample}")
            norm = norm.format(sample=sample + 1)
        return [
            Fact(translate("NetworkView", "units"), grouped(record.sizes[layer])),
            Fact(
                translate("NetworkView", "parameters"),
                grouped(weights[layer - 1].size + biases[layer - 1].size),
            ),
            Fact(norm, _number(layer_gradient_norm(frame, layer) if backward else None)),
        ]
    if kind == "layer":
        return [Fact(translate("NetworkView", "features"), grouped(record.sizes[0]))]
    # sample by sample, the batch's loss is not known before the last has been through
    whole = revealed.loss and (frame.phase is None or frame.phase.sample is None)
    mean = frame.experiment.reduction == "mean"
    batch = translate("NetworkView", "mean of the mini-batch") if mean else ""
    return [
        Fact(
            batch or translate("NetworkView", "sum of the mini-batch"),
            _number(record.data_loss if whole else None),
        ),
        Fact(
            translate("NetworkView", "sample {sample}").format(sample=sample + 1),
            _number(record.sample_losses[sample] if revealed.loss else None),
        ),
        Fact(
            translate("NetworkView", "penalty, before the update"),
            _number(record.penalty if revealed.loss else None),
        ),
    ]


@np.errstate(all="ignore")
def number_of(frame: Frame, part: Part, sample: int) -> float | None:
    """The number that the selected part stands for: a parameter's value, an activation, a loss."""
    record, (kind, layer, unit, _) = frame.record, part
    if part.is_parameter:
        return frame.parameter(part)
    if kind == "unit":
        known = layer <= Revealed.by(frame.phase, len(record.z)).forward
        return float(record.a[layer][sample, unit]) if known else None
    return shown_loss(frame) if kind == "loss" else None


@np.errstate(all="ignore")
def gradient_of(frame: Frame, part: Part, sample: int) -> float | None:
    """The gradient of the loss by the selected part, for a unit its delta; None is not revealed."""
    record, (kind, layer, unit, source) = frame.record, part
    if kind == "loss" or not layer or layer < Revealed.by(frame.phase, len(record.z)).backward:
        return None
    if kind == "weight":
        return float(weight_gradient(record, frame.phase, layer)[source, unit])
    if kind == "bias":
        return float(bias_gradient(record, frame.phase, layer, frame.experiment)[unit])
    if kind == "unit":
        return float(record.delta[layer - 1][sample, unit])
    return layer_gradient_norm(frame, layer)


def layer_gradient_norm(frame: Frame, layer: int) -> float:
    """The norm of a layer's gradient, biases included: of the mini-batch, or of the phase's one sample."""
    weights = weight_gradient(frame.record, frame.phase, layer)
    biases = bias_gradient(frame.record, frame.phase, layer, frame.experiment)
    return float(np.sqrt(float(np.vdot(weights, weights)) + float(np.vdot(biases, biases))))


def moment(frame: Frame, sample: int) -> str:
    """Which step, sample and row the numbers of a part are of."""
    record = frame.record
    text = QCoreApplication.translate("NetworkView", "step {step} · sample {sample} of {batch} · row {row}")
    return text.format(
        step=grouped(record.step),
        sample=sample + 1,
        batch=grouped(record.batch),
        row=row_number(record, sample),
    )


def _of_sample(symbol: str, sample: int) -> str:
    text = QCoreApplication.translate("NetworkView", "{symbol}, sample {sample}")
    return text.format(symbol=symbol, sample=sample + 1)


def _gradient(frame: Frame, symbol: str, value: float | None) -> Fact:
    """The gradient of a parameter: the mini-batch's, or the share of the phase's one sample."""
    sample = None if frame.phase is None else frame.phase.sample
    if sample is not None:
        return Fact(_of_sample(f"∂L/∂{symbol}", sample), _number(value))
    text = QCoreApplication.translate("NetworkView", "{symbol}, mini-batch")
    return Fact(text.format(symbol=f"∂L/∂{symbol}"), _number(value))


def _parameter(frame: Frame, symbol: str, value: float | None, step: int) -> Fact:
    text = QCoreApplication.translate("NetworkView", "{symbol} after step {step}")
    return Fact(text.format(symbol=symbol, step=grouped(step)), _number(value))


def _update(frame: Frame, symbol: str, before: float, after: float, updated: bool) -> list[Fact]:
    """A parameter after the step, and what the step adds."""
    return [
        _parameter(frame, symbol, after if updated else None, frame.record.step),
        Fact(f"Δ{symbol}", _number(_difference(before, after) if updated else None)),
    ]


def _frozen(frame: Frame, part: Part) -> list[Fact]:
    if not frame.is_frozen(part):
        return []
    translate = QCoreApplication.translate
    return [Fact(translate("NetworkView", "frozen"), translate("NetworkView", "held at this value"))]


def _number(value: float | None) -> str:
    return HIDDEN if value is None else full(value)


def _difference(before: float, after: float) -> float:
    return float(after) - float(before)
