"""Weights and biases from somebody's numbers: what is which, and which way round, by name and shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from engine.arrays import FloatArray
from engine.errors import StepError
from engine.mistakes.arranging import names_of
from engine.mistakes.naming import guess
from engine.mistakes.numbers import place_text, shape_text
from engine.mistakes.reading import Entry


@dataclass(eq=False)
class Found:
    """Parameters by layer, as far as they were given.

    Attributes
    ----------
    weights, biases : mapping of layer to (n_{l-1}, n_l), (n_l,)
    turned : list of int
        Layers whose weights were given as (units, units below).
    unsure : list of int
        Those of them, and of the others, that are square, so that their shape does not say.
    left : list of str
        Arrays that are no parameters.
    """

    weights: dict[int, FloatArray] = field(default_factory=dict)
    biases: dict[int, FloatArray] = field(default_factory=dict)
    turned: list[int] = field(default_factory=list)
    unsure: list[int] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The names of what was found, in order."""
        layers = sorted({*self.weights, *self.biases})
        return [
            f"{kind}{layer}"
            for layer in layers
            for kind, found in (("W", self.weights), ("b", self.biases))
            if layer in found
        ]


def parameters_of(entries: Sequence[Entry], sizes: Sequence[int], layer: int = 0) -> Found:
    """Find out which arrays are weights and biases, and turn them as they lie here.

    Parameters
    ----------
    entries : sequence of Entry
    sizes : sequence of int
        Units of every layer, the inputs first.
    layer : int
        Where arrays without a name belong, if they fit there; 0 if that is not said.

    Raises
    ------
    StepError
        ``no_parameters`` if there are none, ``no_layout`` for a shape that no layer has, ``not_finite``.
    """
    names = names_of(entries)
    guessed = guess(names, len(sizes) - 1)
    found = Found()
    named = [(name, entry, role) for (name, role), entry in zip(guessed.items(), entries, strict=True)]
    ours = [each for each in named if each[2] is not None and each[2].removesuffix(" before")[0] in "Wb"]
    if ours:
        found.left = [name for name, _, role in named if (name, role) not in [(n, r) for n, _, r in ours]]
        taken: set[tuple[str, int]] = set()
        for name, entry, role in sorted(ours, key=lambda each: not str(each[2]).endswith(" before")):
            assert role is not None
            kind, at = role[0], int(role.removesuffix(" before")[1:])
            if (kind, at) in taken:  # a training starts from those before a step
                found.left.append(name)
                continue
            taken.add((kind, at))
            _take(found, sizes, kind, at, name, entry)
    else:
        for name, entry in zip(names, entries, strict=True):
            place = _place(found, sizes, entry.numbers.values.shape, layer)
            if place is None:
                fitting = ", ".join(shape_text((a, b)) for a, b in pairwise(sizes))
                shape = shape_text(entry.numbers.values.shape)
                raise StepError("no_layout", name=name, shape=shape, expected=fitting, line=entry.line)
            _take(found, sizes, *place, name, entry)
    if not found.names:
        raise StepError("no_parameters", names=", ".join(names))
    _turn_squares(found, sizes)
    return found


def _place(found: Found, sizes: Sequence[int], shape: tuple[int, ...], layer: int) -> tuple[str, int] | None:
    """Where an array without a name belongs."""
    order = [n for n in (layer, *range(1, len(sizes))) if n]
    if len(shape) == 2:
        for at in order:
            if at not in found.weights and shape in (_of(sizes, at), _of(sizes, at)[::-1]):
                return "W", at
    if len(shape) == 1 or (len(shape) == 2 and 1 in shape):
        last = list(found.weights)[-1:] if not layer else []
        for at in [*last, *order]:
            if at not in found.biases and int(np.prod(shape)) == sizes[at]:
                return "b", at
    return None


def _of(sizes: Sequence[int], layer: int) -> tuple[int, int]:
    return sizes[layer - 1], sizes[layer]


def _take(found: Found, sizes: Sequence[int], kind: str, layer: int, name: str, entry: Entry) -> None:
    values = entry.numbers.values
    if not np.isfinite(values).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(values))[0])
        raise StepError("not_finite", name=name, place=place_text(place), value=float(values[place]))
    wanted = _of(sizes, layer)
    if kind == "b":
        if values.size != sizes[layer] or sum(n > 1 for n in values.shape) > 1:
            expected = f"({sizes[layer]})"
            shape = shape_text(values.shape)
            raise StepError("no_layout", name=name, shape=shape, expected=expected, line=entry.line)
        found.biases[layer] = values.reshape(sizes[layer])
        return
    if values.ndim < 2 and values.size == wanted[0] * wanted[1] and 1 in wanted:
        values = values.reshape(wanted)
    if values.shape == wanted:
        found.weights[layer] = values
        if wanted[0] == wanted[1] > 1:
            found.unsure.append(layer)
    elif values.shape == wanted[::-1]:
        found.weights[layer] = values.T
        found.turned.append(layer)
    else:
        shape, expected = shape_text(values.shape), shape_text(wanted)
        raise StepError("no_layout", name=name, shape=shape, expected=expected, line=entry.line)


def _turn_squares(found: Found, sizes: Sequence[int]) -> None:
    """Square weights lie as the others do."""
    told = [
        layer
        for layer in found.weights
        if layer not in found.unsure and _of(sizes, layer)[0] != 1 != sizes[layer]
    ]
    if told:
        if all(layer in found.turned for layer in told):
            for layer in found.unsure:
                found.weights[layer] = found.weights[layer].T
                found.turned.append(layer)
        found.unsure.clear()
