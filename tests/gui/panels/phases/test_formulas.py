"""What each phase is called, and its formula."""

from __future__ import annotations

from dataclasses import replace

from engine import Layer
from engine.parts import Part
from engine.phases import FactorKind, Phase, PhaseKind, phases_by_factor, phases_by_layer
from gui.panels.phases.formulas import phase_formula, phase_text
from gui.style.equation import equation_size
from tests.gui.panels.phases.frames import make_frame


def test_phases_are_named_with_their_formulas() -> None:
    frames = [make_frame(phase) for phase in phases_by_layer(3)]
    assert [phase_text(frame) for frame in frames] == [
        "Forward 1",
        "Forward 2",
        "Forward 3",
        "Loss",
        "Backward 3",
        "Backward 2",
        "Backward 1",
        "Update",
    ]
    assert [phase_formula(frame) for frame in frames] == [
        r"a^{(1)} = \tanh(W^{(1)\top} a^{(0)} + b^{(1)})",
        r"a^{(2)} = \sigma(W^{(2)\top} a^{(1)} + b^{(2)})",
        r"a^{(3)} = \mathrm{softmax}(W^{(3)\top} a^{(2)} + b^{(3)})",
        r"L = \frac{1}{B} \sum_s L_s,\quad L_s = -\sum_i t_i \ln a_i",
        r"\delta^{(3)}_i = \frac{1}{B}\,(a_i - t_i)",
        r"\delta^{(2)} = (W^{(3)} \delta^{(3)}) \odot \sigma'(z^{(2)})",
        r"\delta^{(1)} = (W^{(2)} \delta^{(2)}) \odot \tanh'(z^{(1)})",
        r"w \leftarrow w - \eta\,g",
    ]


def test_formulas_follow_the_experiment() -> None:
    layers = (Layer(5, "linear"), Layer(4, "elu", dropout=0.5), Layer(3, "softmax"))
    settings = {"layers": layers, "loss": "squared_error", "reduction": "sum", "optimizer": "adam"}

    def formula(kind: PhaseKind, layer: int = 0) -> str:
        return phase_formula(make_frame(Phase(kind, layer), **settings))

    assert formula(PhaseKind.FORWARD, 1) == r"a^{(1)} = W^{(1)\top} a^{(0)} + b^{(1)}"
    assert formula(PhaseKind.FORWARD, 2) == r"a^{(2)} = f(W^{(2)\top} a^{(1)} + b^{(2)}) \odot m^{(2)}"
    assert formula(PhaseKind.BACKWARD, 3) == r"\delta^{(3)} = J^{(3)\top} \frac{\partial L}{\partial a^{(3)}}"
    assert (
        formula(PhaseKind.BACKWARD, 2)
        == r"\delta^{(2)} = (W^{(3)} \delta^{(3)}) \odot m^{(2)} \odot f'(z^{(2)})"
    )
    assert formula(PhaseKind.BACKWARD, 1) == r"\delta^{(1)} = W^{(2)} \delta^{(2)}"
    assert formula(PhaseKind.UPDATE) == r"w \leftarrow w - \eta\,\frac{\hat{m}}{\sqrt{\hat{v}} + \epsilon}"
    assert phase_text(make_frame(Phase(PhaseKind.BACKWARD, 0, 2))) == "Backward · sample 3 of 6"


FACTOR = PhaseKind.FACTOR


def factor_formulas(part: Part, **settings: object) -> list[str]:
    """The formulas of a parameter's factors, their product, and its sum."""
    frame = make_frame(**settings)  # type: ignore[arg-type]
    elementwise = frame.experiment.layers[part.layer - 1].activation.elementwise
    phases = phases_by_factor(part.layer, elementwise=elementwise)[2:-1]
    return [phase_formula(replace(frame, phase=phase), part) for phase in phases]


def test_factors_have_formulas_of_their_own() -> None:
    assert factor_formulas(Part("weight", 2, 0, 2)) == [
        r"\partial L/\partial a^{(2)}_{1} = \sum_k w^{(3)}_{1k}\, \delta^{(3)}_{k}",
        r"\partial a^{(2)}_{1}/\partial z^{(2)}_{1} = \sigma'(z^{(2)}_{1})",
        r"\partial z^{(2)}_{1}/\partial w^{(2)}_{31} = a^{(1)}_{3}",
        r"\partial L/\partial a^{(2)}_{1} \cdot \sigma'(z^{(2)}_{1}) \cdot a^{(1)}_{3}",
        r"\partial L/\partial w^{(2)}_{31} = \sum_s \delta_s\, a_s",
    ]
    assert factor_formulas(Part("bias", 3, 1)) == [
        r"\partial L/\partial z^{(3)}_{2} = \frac{1}{B}\,(a_{2} - t_{2})",
        r"\partial z^{(3)}_{2}/\partial b^{(3)}_{2} = 1",
        r"\partial L/\partial z^{(3)}_{2} \cdot 1",
        r"\partial L/\partial b^{(3)}_{2} = \sum_s \delta_s \cdot 1",
    ]
    layers = (Layer(5, "elu", dropout=0.5), Layer(3, "sigmoid"))
    textbook = {"layers": layers, "loss": "squared_error", "reduction": "sum", "bias_reduction": "mean"}
    upstream, slope, incoming, *_ = factor_formulas(Part("bias", 2, 0), **textbook)
    assert upstream == r"\partial L/\partial a^{(2)}_{1} = a_{1} - t_{1}"
    assert incoming.endswith(r"= \frac{1}{B}")
    upstream, slope, incoming, *_ = factor_formulas(Part("weight", 1, 4, 2), **textbook)
    assert slope == r"\partial a^{(1)}_{5}/\partial z^{(1)}_{5} = m_{5}\,f'(z^{(1)}_{5})"
    assert incoming.endswith("= x_{3}")


def test_a_factor_of_nothing_that_is_selected_has_the_formula_of_any_unit() -> None:
    frame = make_frame(Phase(FACTOR, 2, factor=FactorKind.UPSTREAM))
    general = r"\partial L/\partial a^{(2)}_{j} = \sum_k w^{(3)}_{jk}\, \delta^{(3)}_{k}"
    for part in (None, Part("loss"), Part("unit", 2, 0), Part("weight", 1, 0, 0)):
        assert phase_formula(frame, part) == general


def test_every_formula_of_a_factor_can_be_typeset() -> None:
    for layer, unit in ((1, 3), (2, 2), (3, 1)):
        for part in (Part("weight", layer, unit, 1), Part("bias", layer, unit)):
            for formula in factor_formulas(part):
                width, height, _ = equation_size(formula, 15.0)
                assert 30 < width < 260 and height < 40
