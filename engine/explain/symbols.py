"""How a quantity of a network is written, w⁽²⁾₃₁: its layer in brackets, for it is no power, its units below.

The one notation of graph, inspector, tables, formulas, derivations, messages and lessons, as plain text
and in LaTeX. Layers and units are given as everywhere in the engine and written as people count, from 1;
a letter stands for any.
"""

from __future__ import annotations

from engine.digits import superscript

_SUBSCRIPT = str.maketrans("0123456789ijk", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖ")

DELTA = "δ"


def plain(base: str, layer: int | str | None, *units: int | str) -> str:
    """A symbol as text.

    Parameters
    ----------
    base : str
    layer : int or str or None
        None is without one.
    *units
        One unit; of a weight two, where it comes from first; or none, for all of the layer.
    """
    above = "" if layer is None else f"⁽{superscript(layer)}⁾"
    return f"{base}{above}{_below(units).translate(_SUBSCRIPT)}"


def latex(base: str, layer: int | str | None, *units: int | str, also: str = "") -> str:
    """A symbol in LaTeX; `also` stands behind the layer, as what transposes it."""
    above = "" if layer is None else f"^{{({layer}){also}}}"
    return base.replace(DELTA, r"\delta") + above + (f"_{{{_below(units)}}}" if units else "")


def activation(layer: int, unit: int) -> str:
    """The activation of a unit as text, or an input."""
    return plain("a", layer, unit) if layer else plain("x", None, unit)


def activation_latex(layer: int, unit: int | str) -> str:
    """The activation of a unit in LaTeX, or an input."""
    return latex("a", layer, unit) if layer else latex("x", None, unit)


def _below(units: tuple[int | str, ...]) -> str:
    numbers = [unit if isinstance(unit, str) else str(unit + 1) for unit in units]
    return ("," if any(len(number) > 1 for number in numbers) else "").join(numbers)
