"""How parameters, units, derivatives and paths of an explanation are written: of `engine.explain.symbols`."""

from __future__ import annotations

from engine.experiment import Experiment
from engine.explain import Explanation, Factor, Path
from engine.explain.symbols import activation, latex, plain
from engine.parts import Part

ARROW = " → "


def parameter_latex(e: Explanation) -> str:
    """What is explained: w, b, or z of a unit (x of an input)."""
    if e.kind == "weight":
        return latex("w", e.layer, e.source, e.unit)
    if e.kind == "bias":
        return latex("b", e.layer, e.unit)
    return latex("z", e.layer, e.unit) if e.layer else latex("x", None, e.unit)


def parameter_plain(e: Explanation) -> str:
    """The same as plain text."""
    if e.kind == "weight":
        return plain("w", e.layer, e.source, e.unit)
    if e.kind == "bias":
        return plain("b", e.layer, e.unit)
    return plain("z", e.layer, e.unit) if e.layer else plain("x", None, e.unit)


def part_plain(part: Part) -> str:
    """A selected part as plain text: w⁽²⁾₃₁, b⁽²⁾₁, z⁽²⁾₁, x₁, the number of a layer, or L."""
    kind, layer, unit, source = part
    if kind == "weight":
        return plain("w", layer, source, unit)
    if kind == "bias":
        return plain("b", layer, unit)
    if kind == "unit":
        return plain("z", layer, unit) if layer else plain("x", None, unit)
    return str(layer) if kind == "layer" else "L"


def reduced(experiment: Experiment, batch: int, formula: str) -> str:
    """The derivative of a sample's own loss, LaTeX, with what the reduction over the batch makes of it."""
    if experiment.reduction != "mean" or batch == 1:
        return formula
    sign, formula = ("-", formula[1:]) if formula.startswith("-") else ("", formula)
    return rf"{sign}\frac{{1}}{{B}}\,{f'({formula})' if formula == 'a_i - t_i' else formula}"


def loss_formula(experiment: Experiment, batch: int, own: str) -> str:
    """The loss L of a mini-batch, LaTeX, and the formula `own` of a sample's loss in it."""
    if batch == 1:
        return f"L = {own}"
    mean = r"\frac{1}{B} " if experiment.reduction == "mean" else ""
    return rf"L = {mean}\sum_s L_s,\quad L_s = {own}"


def derivative(of: str, by: str) -> str:
    """A partial derivative on one line, LaTeX."""
    return rf"\partial {of}/\partial {by}"


def path_text(e: Explanation, path: Path) -> str:
    """The way from the parameter to the loss: w → z⁽²⁾₁ → a⁽²⁾₁ → … → L."""
    stations = [] if e.kind == "unit" else [e.kind[0]]
    for layer, place in enumerate(path.units, e.layer):
        z_unit, a_unit = place if isinstance(place, tuple) else (place, place)
        if layer:
            stations.append(plain("z", layer, z_unit))
        stations.append(activation(layer, a_unit))
    return ARROW.join([*stations, "L"])


def path_brief(e: Explanation, path: Path) -> str:
    """The same in less room: of each layer only the activations."""
    stations = [] if e.kind == "unit" else [e.kind[0]]
    for layer, place in enumerate(path.units, e.layer):
        stations.append(activation(layer, place[1] if isinstance(place, tuple) else place))
    return ARROW.join([*stations, "L"])


def factor_text(e: Explanation, factor: Factor) -> str:
    """Which local derivative a factor is."""
    kind, layer, source, unit, _ = factor
    z, a = plain("z", layer, source), plain("a", layer, unit)
    if kind == "activation":
        of = f"∂{plain('z', layer, unit)}/∂{parameter_plain(e)}"
        return f"{of} = {activation(layer - 1, source)}" if e.kind == "weight" else of
    if kind == "slope":
        return f"∂{a}/∂{z}"
    if kind == "weight":
        below, weight = activation(layer - 1, source), plain("w", layer, source, unit)
        return f"∂{plain('z', layer, unit)}/∂{below} = {weight}"
    if kind == "loss":
        return f"∂L/∂{a}"
    if e.experiment.layers[layer - 1].activation.elementwise:
        return f"∂L/∂{z}"
    return f"∂L/∂{a} · ∂{a}/∂{z}"
