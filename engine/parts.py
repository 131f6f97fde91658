"""A part of a network: how it is told, and how it is asked for, by number or by a feature's or class's name.

Here as everywhere in the Python API layers count from 1 (0 are the inputs) and units from 0, as NumPy
counts. What people read (the window, ``--select``, tables, derivations) counts units from 1.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple, SupportsIndex

from engine.errors import QT_TRANSLATE_NOOP, ExperimentError

Unit = SupportsIndex | str
"""A unit's number from 0, or the name of the feature or class that an input or output stands for."""


class Part(NamedTuple):
    """A part of a network, whether it is selected, watched, held, flagged or named in a file.

    Attributes
    ----------
    kind : str
        "weight" (from unit `source` of layer - 1 to unit `unit` of `layer`), "bias" or "unit" (`unit`
        of `layer`; layer 0 are the inputs), "layer", or "loss".
    """

    kind: Literal["weight", "bias", "unit", "layer", "loss"]
    layer: int = 0
    unit: int = 0
    source: int = 0

    @property
    def is_parameter(self) -> bool:
        """Whether it is something that training changes: a weight or a bias."""
        return self.kind in ("weight", "bias")

    def exists(self, sizes: Sequence[int]) -> bool:
        """Whether a network with these units (the inputs first) has it."""
        kind, layer, unit, source = self
        if kind == "loss":
            return True
        if not 0 <= layer < len(sizes):
            return False
        if kind == "layer":
            return True
        if not 0 <= unit < sizes[layer] or (kind != "unit" and layer == 0):
            return False
        return kind != "weight" or 0 <= source < sizes[layer - 1]


def layer_name(layer: int, last: int, translate: Callable[[str], str] = str) -> str:
    """What layer `layer` of 0..`last` is called wherever people read it: Inputs, Hidden 1, Output."""
    if layer == 0:
        return translate(QT_TRANSLATE_NOOP("naming", "Inputs"))
    if layer == last:
        return translate(QT_TRANSLATE_NOOP("naming", "Output"))
    return translate(QT_TRANSLATE_NOOP("naming", "Hidden {number}")).format(number=layer)


class NamedLayer(int):
    """The number of a layer, which a sentence tells by its name."""

    last: int
    """The number of the output layer."""

    def __new__(cls, layer: int, last: int = 0) -> NamedLayer:
        """Take the number, and that of the output layer."""
        self = super().__new__(cls, layer)
        self.last = last
        return self

    def __format__(self, form: str) -> str:
        return self.name()

    def name(self, translate: Callable[[str], str] = str) -> str:
        """What it is called."""
        return layer_name(int(self), self.last, translate)


def find_part(
    kind: Literal["weight", "bias", "unit"],
    place: tuple[Unit, ...],
    sizes: Sequence[int],
    feature_names: Sequence[str],
    target_names: Sequence[str],
) -> Part:
    """Look a weight, bias or unit up.

    Parameters
    ----------
    kind : {"weight", "bias", "unit"}
    place : (l, i, j) for a weight, (l, j) for a bias or a unit
        The weight of layer l = 1..L from unit i of layer l - 1 to unit j; l = 0 is of the inputs.
    sizes : L + 1 int
        Units of every layer, the inputs first.
    feature_names, target_names : sequence of str
        What inputs and outputs are called.

    Raises
    ------
    ExperimentError
        ``parameter_unknown`` if the network has no such part, or if several are called so.
    """
    layer, *units = place
    names = {0: feature_names, len(sizes) - 1: target_names}
    unknown = ExperimentError(
        "parameter_unknown", field=f"{kind} {_text(place)}", expected="-".join(map(str, sizes))
    )
    if isinstance(layer, str) or len(units) != (2 if kind == "weight" else 1):
        raise unknown
    number = operator.index(layer)
    if not (0 if kind == "unit" else 1) <= number < len(sizes):
        raise unknown
    found = []
    for at, unit in zip((number - 1, number)[-len(units) :], units, strict=True):
        if isinstance(unit, str):
            called = [index for index, name in enumerate(names.get(at, ())) if name == unit]
            if len(called) != 1:
                raise unknown
            found.append(called[0])
        elif 0 <= operator.index(unit) < sizes[at]:
            found.append(operator.index(unit))
        else:
            raise unknown
    return Part(kind, number, found[-1], found[0] if kind == "weight" else 0)


def _text(place: tuple[Unit, ...]) -> str:
    return f"({', '.join(repr(x) if isinstance(x, str) else str(x) for x in place)})"
