"""What a phase by factor is about: its words, its formula, and the parts of the graph it lives on."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication

from engine.explain.symbols import DELTA, activation_latex, latex
from engine.parts import Part
from engine.phases import FactorKind
from gui.text import symbols
from gui.training.messages import Frame

MOST_LIT = 40
"""Weights that are lit at once; of more, the ones that carry most."""

_SYMBOLS = {"sigmoid": r"\sigma", "tanh": r"\tanh", "relu": r"\mathrm{ReLU}", "softmax": r"\mathrm{softmax}"}


def activation_symbol(frame: Frame, layer: int) -> str:
    """What the activation of a layer is written as, LaTeX."""
    return _SYMBOLS.get(frame.experiment.layers[layer - 1].activation.name, "f")


def parameter_in(selection: Part | None, layer: int) -> Part | None:
    """The selected weight or bias, if it is one of `layer`."""
    fits = selection is not None and selection.is_parameter and selection.layer == layer
    return selection if fits else None


def factor_text(factor: FactorKind | None) -> str:
    """The factor in the user's language."""
    if factor is FactorKind.UPSTREAM:
        return QCoreApplication.translate("phases", "Upstream gradient")
    if factor is FactorKind.SLOPE:
        return QCoreApplication.translate("phases", "Local slope")
    if factor is FactorKind.DELTA:
        return QCoreApplication.translate("phases", "Through the softmax")
    if factor is FactorKind.INCOMING:
        return QCoreApplication.translate("phases", "What comes in")
    if factor is FactorKind.SHARE:
        return QCoreApplication.translate("phases", "The sample's share")
    return QCoreApplication.translate("phases", "Sum over the batch")


def factor_formula(frame: Frame, selection: Part | None) -> str:
    """What the factor of the phase is, LaTeX: that of the selected parameter, or of any of its layer."""
    phase = frame.phase
    assert phase is not None
    layer, about = phase.layer, parameter_in(selection, phase.layer)
    rule = frame.experiment.layers[layer - 1].activation
    if about is None:
        unit, incoming, parameter = "j", activation_latex(layer - 1, "i"), latex("w", layer, "i", "j")
    else:
        unit = str(about.unit + 1)
        incoming = activation_latex(layer - 1, about.source)
        sources = (about.source,) if about.kind == "weight" else ()
        parameter = latex(about.kind[0], layer, *sources, about.unit)
    is_bias = about is not None and about.kind == "bias"
    if is_bias:
        incoming = _bias_factor(frame)
    z, a = latex("z", layer, unit), latex("a", layer, unit)
    mask = "" if frame.record.dropout_masks[layer - 1] is None else rf"m_{{{unit}}}\,"
    upstream, slope = symbols.derivative("L", a), rf"{mask}{activation_symbol(frame, layer)}'({z})"
    delta = rf"{upstream} \cdot {slope}" if rule.elementwise else symbols.derivative("L", z)
    formulas = {
        FactorKind.UPSTREAM: f"{upstream} = {_upstream(frame, layer, unit)}",
        FactorKind.SLOPE: f"{symbols.derivative(a, z)} = {slope}",
        FactorKind.DELTA: f"{symbols.derivative('L', z)} = {_delta(frame, layer, unit)}",
        FactorKind.INCOMING: f"{symbols.derivative(z, parameter)} = {incoming}",
        FactorKind.SHARE: rf"{delta} \cdot {incoming}",
        FactorKind.GRADIENT: rf"{symbols.derivative('L', parameter)} = \sum_s \delta_s"
        + (rf" \cdot {incoming}" if is_bias else r"\, a_s"),
    }
    assert phase.factor is not None
    return formulas[phase.factor]


def _upstream(frame: Frame, layer: int, unit: str) -> str:
    if layer == len(frame.record.z):
        return _mean_of(frame, frame.experiment.loss.gradient_formula, unit)
    return rf"\sum_k {latex('w', layer + 1, unit, 'k')}\, {latex(DELTA, layer + 1, 'k')}"


def _delta(frame: Frame, layer: int, unit: str) -> str:
    """Of a layer whose activation mixes its units."""
    loss, activation = frame.experiment.loss, frame.experiment.layers[layer - 1].activation
    if layer == len(frame.record.z) and loss.natural == activation.name:
        return _mean_of(frame, loss.natural_formula, unit)
    return rf"\sum_i {symbols.derivative('L', 'a_i')} \cdot {symbols.derivative('a_i', f'z_{{{unit}}}')}"


def _mean_of(frame: Frame, formula: str, unit: str) -> str:
    """A derivative by output `unit`, with what the mean over the batch makes of it."""
    return symbols.reduced(frame.experiment, frame.record.batch, formula).replace("_i", f"_{{{unit}}}")


def _bias_factor(frame: Frame) -> str:
    averaged = frame.experiment.bias_reduction == "mean" and frame.experiment.reduction == "sum"
    return r"\frac{1}{B}" if averaged else "1"


def lit_parts(frame: Frame, selection: Part | None, sample: int) -> tuple[Part, ...]:
    """The units and edges that the factor of the selected parameter lives on; none in another phase."""
    phase = frame.phase
    if phase is None or phase.factor is None:
        return ()
    part = parameter_in(selection, phase.layer)
    if part is None:
        return ()
    unit = Part("unit", part.layer, part.unit)
    if phase.factor is FactorKind.SLOPE:
        return (unit,)
    if phase.factor is FactorKind.INCOMING:
        return (Part("unit", part.layer - 1, part.source),) if part.kind == "weight" else (part,)
    if phase.factor in (FactorKind.SHARE, FactorKind.GRADIENT):
        return (part,)
    record = frame.record
    if part.layer == len(record.z):
        return (unit, Part("loss"))
    carried = np.abs(record.weights_before[part.layer][part.unit] * record.delta[part.layer][sample])
    onward = np.argsort(-carried, kind="stable")[:MOST_LIT].tolist()
    return (unit, *(Part("weight", part.layer + 1, k, part.unit) for k in onward))
