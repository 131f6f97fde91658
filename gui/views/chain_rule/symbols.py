"""How parameters, units and derivatives are written, in LaTeX and as plain text; counted from 1."""

from __future__ import annotations

from engine.explain import Explanation, Factor, Path

_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
ARROW = " → "
DELTA = "δ"


def _pair(source: int, unit: int) -> str:
    comma = "," if max(source, unit) >= 9 else ""
    return f"{source + 1}{comma}{unit + 1}"


def latex(base: str, layer: int, unit: int, source: int | None = None) -> str:
    """`base` with the layer above and the unit, or the two units of a weight, below."""
    below = str(unit + 1) if source is None else _pair(source, unit)
    return rf"{base}^{{{layer}}}_{{{below}}}"


def plain(base: str, layer: int, unit: int, source: int | None = None) -> str:
    """The same as plain text."""
    below = str(unit + 1) if source is None else _pair(source, unit)
    return f"{base}{str(layer).translate(_SUPERSCRIPT)}{below.translate(_SUBSCRIPT)}"


def layer_above(layer: int) -> str:
    """The layer as a superscript."""
    return str(layer).translate(_SUPERSCRIPT)


def parameter_latex(e: Explanation) -> str:
    """What is explained: w, b, or z of a unit (x of an input)."""
    if e.kind == "weight":
        return latex("w", e.layer, e.unit, e.source)
    if e.kind == "bias":
        return latex("b", e.layer, e.unit)
    return latex("z", e.layer, e.unit) if e.layer else f"x_{{{e.unit + 1}}}"


def parameter_plain(e: Explanation) -> str:
    """The same as plain text."""
    if e.kind == "weight":
        return plain("w", e.layer, e.unit, e.source)
    if e.kind == "bias":
        return plain("b", e.layer, e.unit)
    return plain("z", e.layer, e.unit) if e.layer else f"x{str(e.unit + 1).translate(_SUBSCRIPT)}"


def derivative(of: str, by: str) -> str:
    """A partial derivative on one line, LaTeX."""
    return rf"\partial {of}/\partial {by}"


def path_text(e: Explanation, path: Path) -> str:
    """The way from the parameter to the loss: w → z²₁ → a²₁ → … → L."""
    stations = [] if e.kind == "unit" else [e.kind[0]]
    for layer, place in enumerate(path.units, e.layer):
        z_unit, a_unit = place if isinstance(place, tuple) else (place, place)
        stations.append(plain("z", layer, z_unit) if layer else plain("x", layer, z_unit).replace("⁰", ""))
        if layer:
            stations.append(plain("a", layer, a_unit))
    return ARROW.join([*stations, "L"])


def factor_text(e: Explanation, factor: Factor) -> str:
    """Which local derivative a factor is."""
    kind, layer, source, unit, _ = factor
    if kind == "activation":
        parameter = parameter_plain(e)
        incoming = plain("a", layer - 1, source) if layer > 1 else f"x{str(source + 1).translate(_SUBSCRIPT)}"
        return f"∂{plain('z', layer, unit)}/∂{parameter}" + (f" = {incoming}" if e.kind == "weight" else "")
    if kind == "slope":
        return f"∂{plain('a', layer, unit)}/∂{plain('z', layer, source)}"
    if kind == "weight":
        below = plain("a", layer - 1, source) if layer > 1 else f"x{str(source + 1).translate(_SUBSCRIPT)}"
        return f"∂{plain('z', layer, unit)}/∂{below} = {plain('w', layer, unit, source)}"
    if kind == "loss":
        return f"∂L/∂{plain('a', layer, unit)}"
    if e.experiment.layers[layer - 1].activation.elementwise:
        return f"∂L/∂{plain('z', layer, source)}"
    return f"∂L/∂{plain('a', layer, unit)} · ∂{plain('a', layer, unit)}/∂{plain('z', layer, source)}"
