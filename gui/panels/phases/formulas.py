"""Each phase of a step in words and as a formula, for the experiment at hand.

Vectors are columns here, as in textbooks, and W of a layer is (units before, units of the layer): so
z = Wᵀ a + b, and the delta of a layer is W δ of the next one, times the slope.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from engine.explain.symbols import DELTA, latex
from engine.parts import Part
from engine.phases import PhaseKind
from gui.text.parts import layer_name
from gui.text.symbols import loss_formula, reduced
from gui.training.messages import Frame
from gui.views.network.factors import activation_symbol, factor_formula, factor_text

TOP = r"\top"

_SCALED = {
    "none": f"{latex('a', 0)} = x",
    "zscore": r"x = \frac{\mathrm{data} - \mu}{\sigma}",
    "minmax": r"x = \frac{\mathrm{data} - \min}{\max - \min}",
}
"""How an input comes from the data: with the mean and deviation, or the range, of the training rows."""


def phase_text(frame: Frame) -> str:
    """The phase in the user's language, as its box is called; samples are counted from 1."""
    phase = frame.phase
    if phase is None:
        return QCoreApplication.translate("phases", "Whole step")
    if phase.kind is PhaseKind.FACTOR:
        return f"{factor_text(phase.factor)} · {layer_name(phase.layer, len(frame.record.z))}"
    number = phase.layer
    names = {
        PhaseKind.INPUT: QCoreApplication.translate("phases", "Inputs"),
        PhaseKind.FORWARD: QCoreApplication.translate("phases", "Forward {number}").format(number=number)
        if number
        else QCoreApplication.translate("phases", "Forward"),
        PhaseKind.LOSS: QCoreApplication.translate("phases", "Loss"),
        PhaseKind.BACKWARD: QCoreApplication.translate("phases", "Backward {number}").format(number=number)
        if number
        else QCoreApplication.translate("phases", "Backward"),
        PhaseKind.UPDATE: QCoreApplication.translate("phases", "Update"),
    }
    parts = [names[phase.kind]]
    if phase.sample is not None:
        parts.append(
            QCoreApplication.translate("phases", "sample {number} of {batch}").format(
                number=phase.sample + 1, batch=frame.record.batch
            )
        )
    return " · ".join(parts)


def phase_formula(frame: Frame, selection: Part | None = None) -> str:
    """What the phase computes, LaTeX; a phase by factor is about the selected weight or bias."""
    phase, experiment = frame.phase, frame.experiment
    last = len(frame.record.z)
    if phase is None or phase.kind is PhaseKind.UPDATE:
        return _clauses(experiment.optimizer.formula)[-1]
    if phase.kind is PhaseKind.FACTOR:
        return factor_formula(frame, selection)
    if phase.kind is PhaseKind.INPUT:
        return _SCALED[experiment.scaling]
    if phase.kind is PhaseKind.LOSS:
        own = _clauses(experiment.loss.formula)[0]
        if phase.sample is not None:
            return rf"L_{{{phase.sample + 1}}} = {own}"
        return loss_formula(experiment, frame.record.batch, own)
    if phase.kind is PhaseKind.FORWARD:
        return _forward(frame, phase.layer)
    return _output_delta(frame) if phase.layer == last else _delta(frame, phase.layer)


def _clauses(formula: str) -> list[str]:
    return formula.split(r",\ ")


def _mask(frame: Frame, layer: int) -> str:
    """The factor of dropout, where there is one."""
    mask = frame.record.dropout_masks[layer - 1] if layer else None
    return "" if mask is None else rf" \odot {latex('m', layer)}"


def _forward(frame: Frame, layer: int) -> str:
    if not layer:
        return rf"{latex('a', 'l')} = f({_pre_activation('l', 'l-1')})"
    inner, mask, a = _pre_activation(layer, layer - 1), _mask(frame, layer), latex("a", layer)
    if frame.experiment.layers[layer - 1].activation.name == "linear":
        return f"{a} = ({inner}){mask}" if mask else f"{a} = {inner}"
    return f"{a} = {activation_symbol(frame, layer)}({inner}){mask}"


def _pre_activation(layer: int | str, below: int | str) -> str:
    return f"{latex('W', layer, also=TOP)} {latex('a', below)} + {latex('b', layer)}"


def _output_delta(frame: Frame) -> str:
    experiment, layer = frame.experiment, len(frame.record.z)
    activation, loss = experiment.layers[-1].activation, experiment.loss
    if loss.natural and loss.natural == activation.name:
        formula = reduced(experiment, frame.record.batch, loss.natural_formula)
        return f"{latex(DELTA, layer)}_i = {formula}"
    # the L of the mini-batch has the mean over it in itself
    upstream = rf"\frac{{\partial L}}{{\partial {latex('a', layer)}}}"
    return f"{latex(DELTA, layer)} = " + _times_slope(frame, layer, upstream)


def _delta(frame: Frame, layer: int) -> str:
    if not layer:
        return (
            rf"{latex(DELTA, 'l')} = ({latex('W', 'l+1')} {latex(DELTA, 'l+1')})"
            rf" \odot f'({latex('z', 'l')})"
        )
    upstream, mask = f"{latex('W', layer + 1)} {latex(DELTA, layer + 1)}", _mask(frame, layer)
    if mask or frame.experiment.layers[layer - 1].activation.name != "linear":
        upstream = f"({upstream}){mask}"
    return f"{latex(DELTA, layer)} = " + _times_slope(frame, layer, upstream)


def _times_slope(frame: Frame, layer: int, upstream: str) -> str:
    activation = frame.experiment.layers[layer - 1].activation
    if activation.name == "linear":
        return upstream
    if not activation.elementwise:
        return f"{latex('J', layer, also=TOP)} {upstream}"
    return rf"{upstream} \odot {activation_symbol(frame, layer)}'({latex('z', layer)})"
