"""A setting by its path, as in ``layers[0].units`` or ``optimizer.beta1``: read, replaced, compared.

Errors, the window, files and comparisons all call a setting by this path, and nothing else takes it apart.
"""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from engine.errors import ExperimentError
from engine.functions.table import Rule

if TYPE_CHECKING:
    from engine.experiment import Experiment

_LAYER = re.compile(r"layers\[(\d+)\](?:\.(.+))?")


def of_layer(index: int, setting: str = "") -> str:
    """The path of a layer, from 0, or of one of its settings."""
    return f"layers[{index}].{setting}" if setting else f"layers[{index}]"


def layer_of(path: str) -> tuple[int, str] | None:
    """The layer that a path leads to, from 0, and the way on from there; None if it leads to none."""
    found = _LAYER.fullmatch(path)
    return (int(found[1]), found[2] or "") if found else None


def around(path: str) -> str:
    """The path of what a setting is a part of; "" for the experiment."""
    return path[: max(path.rfind("."), path.rfind("["), 0)]


def read(experiment: Experiment, path: str) -> Any:
    """The setting at `path`; None if there is none."""
    part: Any = experiment
    if layer := layer_of(path):
        index, path = layer
        part = experiment.layers[index] if index < len(experiment.layers) else None
    for name in path.split(".") if path else ():
        part = getattr(part, name, None)
    return part


def replaced(experiment: Experiment, path: str, value: Any) -> Experiment:
    """A copy of the experiment with another value at `path`.

    Raises
    ------
    ExperimentError
        With the whole path of what cannot be.
    """
    if layer := layer_of(path):
        index, inner = layer
        layers = [*experiment.layers]
        try:
            layers[index] = _replaced(layers[index], of_layer(index), inner, value)
        except ExperimentError as error:
            raise error.among(len(layers)) from None
        return experiment.changed(layers=layers)
    name, _, inner = path.partition(".")
    return experiment.changed(
        **{name: _replaced(getattr(experiment, name), name, inner, value) if inner else value}
    )


def _replaced(part: Any, place: str, path: str, value: Any) -> Any:
    """A copy of the layer or rule that stands at `place` with another value at `path`."""
    name, _, inner = path.partition(".")
    try:
        if inner:
            value = _replaced(getattr(part, name), name, inner, value)
        return replace(part, **{name: value})
    except ExperimentError as error:
        # A rule and a layer know their own settings, but not the place they stand at
        raise error.within(place, part.name if isinstance(part, Rule) else "") from None


def all_settings(experiment: Experiment) -> dict[str, Any]:
    """Every setting, and every parameter of a rule, by its path."""
    found: dict[str, Any] = {}

    def note(owner: Any, prefix: str = "") -> None:
        for field in fields(owner):
            path, value = f"{prefix}{field.name}", getattr(owner, field.name)
            if field.name != "layers":
                found[path] = value
            if isinstance(value, Rule):
                note(value, f"{path}.")

    for index, layer in enumerate(experiment.layers):
        note(layer, f"{of_layer(index)}.")
    note(experiment)
    return found


class Difference(NamedTuple):
    """A setting in which two experiments differ.

    Attributes
    ----------
    path : str
    first, second : number, str or Rule
        The values; None where the setting is not there.
    """

    path: str
    first: Any
    second: Any


def differing_settings(first: Experiment, second: Experiment) -> tuple[Difference, ...]:
    """The settings in which two experiments differ, in their order.

    A rule that is another one is one difference; the same rule with other parameters is one for each of
    those.
    """
    one, other = all_settings(first), all_settings(second)

    def differs(path: str) -> bool:
        return not _same(one.get(path), other.get(path))

    return tuple(
        Difference(path, one.get(path), other.get(path))
        for path in {**one, **other}
        if differs(path) and not differs(around(path))
    )


def _same(one: Any, other: Any) -> bool:
    """Whether two values are the same; rules are by their kind, their parameters come by themselves."""
    if isinstance(one, Rule) and isinstance(other, Rule):
        return type(one) is type(other)
    return bool(one == other)
