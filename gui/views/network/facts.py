"""What a part of the network is called, and its numbers at this moment, with every digit."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QCoreApplication

from gui.messages import Frame, Selection
from gui.numbers import full, grouped
from gui.revealed import Revealed
from gui.views.network.quantities import bias_gradient, parameters, shown_loss, weight_gradient

HIDDEN = "–"
"""Stands for a number that the phase has not revealed."""


class Fact(NamedTuple):
    """A symbol and its number."""

    symbol: str
    number: str


@np.errstate(all="ignore")  # a network that diverged is shown, too
def facts(frame: Frame, selection: Selection, sample: int) -> list[Fact]:
    """The numbers of the selected part, for row `sample` of the mini-batch where it is about one."""
    record, (kind, layer, unit, source) = frame.record, selection
    revealed = Revealed.by(frame.phase, len(record.z))
    forward, backward = layer <= revealed.forward, layer >= revealed.backward
    weights, biases = parameters(frame)
    if kind == "weight":
        at, index = (source, unit), layer - 1
        share = record.weights_before[index][at] * record.a[index][sample, source]
        return [
            Fact("w", full(weights[index][at])),
            Fact("∂L/∂w", _number(weight_gradient(record, frame.phase, layer)[at] if backward else None)),
            Fact(
                "Δw",
                _number(
                    _difference(record.weights_before[index][at], record.weights_after[index][at])
                    if revealed.update
                    else None
                ),
            ),
            Fact("w·a", _number(share if forward else None)),
            *_frozen(frame, selection),
        ]
    if kind == "bias":
        index = layer - 1
        gradient = bias_gradient(record, frame.phase, layer, frame.experiment)[unit] if backward else None
        before, after = record.biases_before[index][unit], record.biases_after[index][unit]
        return [
            Fact("b", full(biases[index][unit])),
            Fact("∂L/∂b", _number(gradient)),
            Fact("Δb", _number(_difference(before, after) if revealed.update else None)),
            *_frozen(frame, selection),
        ]
    if kind == "unit" and layer == 0:
        raw, value = frame.dataset.inputs[record.indices[sample], unit], record.a[0][sample, unit]
        shown = [Fact("x", full(value))]
        if raw != value:
            shown.append(Fact(QCoreApplication.translate("NetworkView", "unscaled"), full(raw)))
        return shown
    if kind == "unit":
        index = layer - 1
        return [
            Fact("z", _number(record.z[index][sample, unit] if forward else None)),
            Fact("a", _number(record.a[layer][sample, unit] if forward else None)),
            Fact("δ", _number(record.delta[index][sample, unit] if backward else None)),
        ]
    if kind == "layer" and layer:
        gradient_norm = layer_gradient_norm(frame, layer) if backward else None
        return [
            Fact(QCoreApplication.translate("NetworkView", "units"), grouped(record.sizes[layer])),
            Fact(
                QCoreApplication.translate("NetworkView", "parameters"),
                grouped(weights[layer - 1].size + biases[layer - 1].size),
            ),
            Fact(QCoreApplication.translate("NetworkView", "norm of gradient"), _number(gradient_norm)),
        ]
    if kind == "layer":
        return [Fact(QCoreApplication.translate("NetworkView", "features"), grouped(record.sizes[0]))]
    return [
        Fact(
            QCoreApplication.translate("NetworkView", "mini-batch"),
            _number(record.data_loss if revealed.loss else None),
        ),
        Fact(
            QCoreApplication.translate("NetworkView", "this sample"),
            _number(record.sample_losses[sample] if revealed.loss else None),
        ),
        Fact(
            QCoreApplication.translate("NetworkView", "penalty"),
            _number(record.penalty if revealed.loss else None),
        ),
    ]


@np.errstate(all="ignore")
def number_of(frame: Frame, selection: Selection, sample: int) -> float | None:
    """The number that the selected part stands for: a parameter's value, an activation, a loss."""
    record, (kind, layer, unit, _) = frame.record, selection
    if kind in ("weight", "bias"):
        return frame.parameter(selection)
    if kind == "unit":
        known = layer <= Revealed.by(frame.phase, len(record.z)).forward
        return float(record.a[layer][sample, unit]) if known else None
    return shown_loss(frame) if kind == "loss" else None


@np.errstate(all="ignore")
def gradient_of(frame: Frame, selection: Selection, sample: int) -> float | None:
    """The gradient of the loss by the selected part, for a unit its delta; None is not revealed."""
    record, (kind, layer, unit, source) = frame.record, selection
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


def _frozen(frame: Frame, selection: Selection) -> list[Fact]:
    if not frame.is_frozen(selection):
        return []
    translate = QCoreApplication.translate
    return [Fact(translate("NetworkView", "frozen"), translate("NetworkView", "held at this value"))]


def _number(value: float | None) -> str:
    return HIDDEN if value is None else full(value)


def _difference(before: float, after: float) -> float:
    return float(after) - float(before)
