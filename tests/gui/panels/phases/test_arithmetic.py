"""The numbers put into the formulas: right by a textbook's pass, and coming out as they are written."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from engine import Dataset, Experiment, Layer, Scalars, Trainer
from engine.functions import ACTIVATIONS, LOSSES, OPTIMIZERS
from engine.functions.traced import Traced
from engine.functions.written_out import folded, symbols_of
from engine.parts import Part
from engine.phases import Phase, PhaseKind, phases_by_factor
from gui.panels.phases.arithmetic import MOST_TERMS, Equation, Number, Symbol, Worked, work_out
from gui.training.messages import Frame, Status
from tests.gui import textbook

FORWARD, BACKWARD = PhaseKind.FORWARD, PhaseKind.BACKWARD


def frame_of(
    layers: tuple[Layer, ...],
    loss: str,
    *,
    inputs: int = 3,
    steps: int = 3,
    scale: float = 1.0,
    **settings: Any,
) -> Frame:
    """A frame of a network after some steps, on data that fit its loss."""
    random = np.random.default_rng(4)
    x, outputs = scale * random.normal(size=(18, inputs)), layers[-1].units
    if loss == "cross_entropy":
        data = Dataset.from_arrays(x, np.arange(18) % outputs, "multiclass")
    elif loss in ("binary_cross_entropy", "hinge"):
        data = Dataset.from_arrays(x, (random.random((18, 1)) < 0.5) * 1.0, "binary")
    else:
        data = Dataset.from_arrays(x, random.normal(size=(18, outputs)), "regression")
    chosen = {"batch_size": 5, "seed": 2, "learning_rate": 0.2, **settings}
    trainer = Trainer(Experiment(layers, loss=loss, **chosen), data)
    record = [trainer.step() for _ in range(steps)][-1]
    return Frame(0, data, record, None, Scalars.empty(len(layers)), False, Status.PAUSED)


def worked(frame: Frame, phase: Phase | None, part: Part | None = None, sample: int = 1) -> Worked:
    return work_out(replace(frame, phase=phase), part, sample)


# reading what is written, by nothing of the program


def number(text: str) -> float:
    raised = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
    plain = text.replace("−", "-").rstrip("…")
    mantissa, _, power = plain.partition("·10")
    return float(mantissa) * 10.0 ** int(power.translate(raised) or 0) if power else float(mantissa)


def last_place(text: str) -> float:
    mantissa, _, power = text.partition("·10")
    decimals = len(mantissa.rstrip("…").partition(".")[2])
    exponent = int(power.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")) or 0) if power else 0
    exact = 4 if decimals == 0 else 0  # 0.5 and 8 are exact
    return 10.0 ** (exponent - decimals - exact)


NAMES = {
    "tanh": np.tanh, "σ": textbook.sigmoid, "ReLU": lambda z: max(z, 0.0), "exp": math.exp, "ln": math.log,
    "sqrt": math.sqrt, "sign": np.sign, "min": min, "max": max, "abs": abs,
}  # fmt: skip


def comes_to(equation: Equation, terms: int, f: Any = None) -> float | None:
    """What the numbers that are written come to, reckoned as it is read; None where there are none."""
    pieces = equation.pieces(terms, False)
    assert isinstance(pieces[-1], Number) and pieces[-1].is_result and pieces[-2] == " = "
    start = len(equation.left)
    if not any(isinstance(piece, Number) for piece in pieces[start:-2]):
        return None
    text = ""
    for piece in pieces[start:-2]:
        if isinstance(piece, Number):
            text += repr(number(piece.text))
        else:
            text += piece.plain if isinstance(piece, Symbol) else piece
    text = re.sub(r"… \(\d+ more: ", "(", text.removeprefix(" = ").strip())
    text = text.replace("×", "*").replace("−", "-").replace("²", "**2")
    text = re.sub(r"\|([^|]*)\|", r"abs(\1)", text)
    text = re.sub(r"\[([^\]]*)\]", r"(1.0 if \1 else 0.0)", text)
    text = re.sub(r"√(\([^()]*\)|[\d.e+-]+)", r"sqrt(\1)", text)
    return float(eval(text, {"f": f}, NAMES))


def check(equation: Equation, right: float, f: Any = None, *, shows: bool = True) -> None:
    """The result is right, and comes out of the numbers as they stand, however many terms are written."""
    assert equation.result == pytest.approx(right, rel=1e-9, abs=1e-14)
    for terms in {*range(1, min(equation.terms, MOST_TERMS) + 1), equation.terms}:
        result = equation.pieces(terms, False)[-1]
        assert isinstance(result, Number)
        unit = last_place(result.text)
        assert abs(number(result.text) - right) <= 0.5001 * unit + 1e-12 * abs(right)
        made = comes_to(equation, terms, f)
        assert not shows or made is not None
        if made is not None:
            assert abs(made - number(result.text)) <= 0.5001 * unit + 1e-13


def oracle(frame: Frame) -> textbook.Step:
    """The same step, made by the textbook's pass from the parameters before it."""
    e, record = frame.experiment, frame.record

    def pair(rule: Any) -> tuple[str, dict[str, float]]:
        return rule.name, {p: getattr(rule, p) for p in rule.__dataclass_fields__}

    settings = {
        "layers": [(layer.units, layer.activation.name) for layer in e.layers], "loss": e.loss.name,
        "reduction": e.reduction, "bias_reduction": e.bias_reduction, "update_order": e.update_order,
        "optimizer": pair(e.optimizer), "learning_rate": record.learning_rate,
        "regularizer": pair(e.regularizer), "clipping": pair(e.clipping),
    }  # fmt: skip
    w, b = list(record.weights_before), list(record.biases_before)
    slots = {name: (list(ws), list(bs)) for name, (ws, bs) in record.slots_before.items()}
    held = [[np.zeros(p.shape, bool) for p in some] for some in (w, b)]
    state = textbook.State(w, b, slots, record.optimizer_step - 1, held[0], held[1])
    masks = list(record.dropout_masks)
    return textbook.make_step(settings, state, record.a[0], record.targets, masks)


SAMPLE = 1


def check_step(frame: Frame) -> None:
    """All phases of a step, for some units of each layer."""
    step, last = oracle(frame), len(frame.record.z)
    for layer in range(1, last + 1):
        rule = frame.experiment.layers[layer - 1].activation
        f = None if rule.name == "softmax" else textbook.ACTIVATIONS[rule.name][0]
        for unit in {0, step.z[layer - 1].shape[1] - 1}:
            part = Part("unit", layer, unit)
            found = worked(frame, Phase(FORWARD, layer), part)
            assert found.about.endswith(" · sample 2")
            z, a = float(step.z[layer - 1][SAMPLE, unit]), float(step.a[layer][SAMPLE, unit])
            for equation, right in zip(found.equations, (z, a), strict=False):
                check(equation, right, f)
            assert len(found.equations) == (1 if rule.name == "linear" else 2)
            (delta,) = worked(frame, Phase(BACKWARD, layer), part).equations
            check(delta, float(step.delta[layer - 1][SAMPLE, unit]))
    own, *batch = worked(frame, Phase(PhaseKind.LOSS)).equations
    check(own, float(step.losses[SAMPLE]))
    assert len(batch) == 1
    check(batch[0], step.loss)
    for part, right in (
        (Part("weight", 2, 0, 1), step.after.W[1][1, 0]),
        (Part("bias", 1, 2), step.after.b[0][2]),
        (None, step.after.W[0][0, 0]),
    ):
        for phase in (Phase(PhaseKind.UPDATE), None):
            (update,) = worked(frame, phase, part).equations
            check(update, float(right))


ELEMENTWISE = ("linear", "sigmoid", "tanh", "relu", "leaky_relu", "softplus", "softsign")


@pytest.mark.parametrize("activation", ELEMENTWISE)
def test_activations(activation: str) -> None:
    layers = (Layer(4, activation), Layer(3, activation), Layer(2, "linear"))
    check_step(frame_of(layers, "squared_error"))


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize(
    ("loss", "output"),
    [
        ("squared_error", Layer(2, "sigmoid")),
        ("mean_squared_error", Layer(3, "tanh")),
        ("mean_absolute_error", Layer(2, "linear")),
        ("binary_cross_entropy", Layer(1, "sigmoid")),
        ("cross_entropy", Layer(4, "softmax")),
    ],
)
def test_losses(loss: str, output: Layer, reduction: str) -> None:
    check_step(frame_of((Layer(3, "tanh"), output), loss, reduction=reduction))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_optimizers(optimizer: str) -> None:
    rate = 0.2 if optimizer in ("sgd", "momentum", "nesterov") else 0.01
    layers = Layer(3, "tanh"), Layer(2, "linear")
    check_step(frame_of(layers, "squared_error", optimizer=optimizer, learning_rate=rate))


def test_dropout_and_the_textbooks_variants() -> None:
    layers = (Layer(6, "tanh", dropout=0.5), Layer(4, "relu", dropout=0.4), Layer(2, "linear"))
    for order in ("together", "output_first"):
        chosen = {"reduction": "sum", "bias_reduction": "mean"} if order == "output_first" else {}
        check_step(frame_of(layers, "squared_error", update_order=order, learning_rate=0.02, **chosen))


def test_wide_layers_leave_the_sums_in_one_number() -> None:
    layers = Layer(40, "tanh"), Layer(30, "sigmoid"), Layer(1, "sigmoid")
    frame = frame_of(layers, "binary_cross_entropy", inputs=25)
    check_step(frame)
    found = worked(frame, Phase(FORWARD, 2))
    assert "+ … (34 more: " in found.spoken and found.spoken.count("×") == MOST_TERMS


def test_any_loss_and_any_activation_can_be_written() -> None:
    """Those that the textbook lacks, too: nothing of the tables is left out."""
    outputs = {"hinge": Layer(1, "tanh"), "cross_entropy": Layer(3, "softmax")}
    for loss in LOSSES:
        frame = frame_of((Layer(3, "tanh"), outputs.get(loss, Layer(1, "sigmoid"))), loss)
        own, _ = worked(frame, Phase(PhaseKind.LOSS)).equations
        check(own, float(frame.record.sample_losses[SAMPLE]))
        (delta,) = worked(frame, Phase(BACKWARD, 2)).equations
        check(delta, float(frame.record.delta[1][SAMPLE, 0]))
    for name in ACTIVATIONS:
        frame = frame_of((Layer(3, name), Layer(2, "linear")), "squared_error")
        rule = ACTIVATIONS[name]()
        for phase in (Phase(FORWARD, 1), Phase(BACKWARD, 1)):
            for equation in worked(frame, phase).equations:
                check(equation, equation.result, lambda z, r=rule: float(r.value(np.array([z]))[0]))


def test_a_negative_second_factor_stands_in_brackets() -> None:
    frame = frame_of((Layer(4, "tanh"), Layer(2, "tanh"), Layer(1, "sigmoid")), "binary_cross_entropy")
    for layer in (1, 2, 3):
        for kind in (FORWARD, BACKWARD):
            for equation in worked(frame, Phase(kind, layer)).equations:
                pieces = equation.pieces(equation.terms, False)
                for before, piece in pairwise(pieces):
                    if isinstance(piece, Number) and not piece.is_result and piece.text.startswith("−"):
                        assert str(before).rstrip().endswith(("=", "(", ":"))


def test_a_saturated_output_shows_the_true_number_alone() -> None:
    frame = frame_of((Layer(3, "linear"), Layer(1, "sigmoid")), "binary_cross_entropy", scale=1e4)
    record = frame.record
    sure = int(np.argmin(record.sample_losses))
    own, _ = work_out(replace(frame, phase=Phase(PhaseKind.LOSS)), None, sure).equations
    made = comes_to(own, 1)
    assert own.result == record.sample_losses[sure]
    assert made is None or made == pytest.approx(own.result, rel=1e-3)


def test_diverged_numbers_are_shown_as_they_are() -> None:
    frame = frame_of((Layer(3, "relu"), Layer(1, "linear")), "squared_error", scale=1e60, steps=1)
    for phase in (Phase(FORWARD, 2), Phase(PhaseKind.LOSS), Phase(BACKWARD, 1), None):
        for equation in worked(frame, phase).equations:
            assert isinstance(equation.pieces(1, False)[-1], Number)


def test_the_selected_unit_is_the_one_of_the_phase_or_the_first() -> None:
    frame = frame_of((Layer(4, "tanh"), Layer(3, "tanh"), Layer(1, "linear")), "squared_error")
    for part, unit in (
        (None, 0), (Part("weight", 2, 2, 1), 2), (Part("weight", 3, 0, 1), 1), (Part("bias", 2, 1), 1),
        (Part("unit", 2, 2), 2), (Part("unit", 1, 3), 0), (Part("loss"), 0), (Part("layer", 2), 0),
    ):  # fmt: skip
        (delta,) = worked(frame, Phase(BACKWARD, 2), part).equations
        assert delta.result == frame.record.delta[1][SAMPLE, unit]


def test_a_small_step_is_seen() -> None:
    frame = frame_of((Layer(3, "tanh"), Layer(2, "linear")), "squared_error", learning_rate=1e-6)
    (update,) = worked(frame, None, Part("weight", 1, 0, 0)).equations
    pieces = update.pieces(1, False)
    texts = [piece.text for piece in pieces if isinstance(piece, Number)]
    assert texts[0] != texts[-1]
    check(update, float(frame.record.weights_after[0][0, 0]))


def test_the_factors_of_a_weight() -> None:
    frame = frame_of((Layer(4, "tanh"), Layer(2, "tanh"), Layer(1, "sigmoid")), "binary_cross_entropy")
    step, part = oracle(frame), Part("weight", 2, 1, 3)
    phases = [phase for phase in phases_by_factor(2) if phase.kind is PhaseKind.FACTOR]
    results = [worked(frame, phase, part).equations[0] for phase in phases]
    chosen = (step.upstream[1], 1), (step.slope[1], 1), (step.a[1], 3)
    upstream, slope, a = (float(x[SAMPLE, unit]) for x, unit in chosen)  # type: ignore[index]
    for equation, right, shows in zip(
        results,
        (upstream, slope, a, upstream * slope * a, float(step.dw[1][3, 1])),
        (True, False, False, True, True),
        strict=True,
    ):
        check(equation, right, shows=shows)


def test_inputs_are_scaled_before_ones_eyes() -> None:
    from engine.data.preparation import prepare

    frame = frame_of((Layer(3, "tanh"), Layer(2, "linear")), "squared_error", scaling="zscore", scale=7.0)
    e = frame.experiment
    prepared = prepare(
        frame.dataset, validation=0.0, split=e.split, missing=e.missing, scaling=e.scaling, seed=e.seed
    )
    phase = replace(frame, phase=Phase(PhaseKind.INPUT))
    (equation,) = work_out(phase, Part("unit", 0, 2), SAMPLE, prepared).equations
    column = frame.dataset.inputs[:, 2]
    raw = column[frame.record.indices[SAMPLE]]
    check(equation, float((raw - column.mean()) / column.std()))
    (unknown,) = work_out(phase, Part("unit", 0, 2), SAMPLE).equations
    assert unknown.result == equation.result and comes_to(unknown, 1) is None


def test_constants_that_change_nothing_are_folded() -> None:
    a = Traced(None, (), "a")
    x_log_y = LOSSES["binary_cross_entropy"]().term
    assert symbols_of(folded(x_log_y(a, 1.0, 1))) == r"-\ln(a)"
    assert symbols_of(folded(x_log_y(a, 0.0, 1))) == r"-\ln(1 - a)"
    assert symbols_of(folded(LOSSES["squared_error"]().term(a, 0.0, 1))) == r"0.5\,a^{2}"
