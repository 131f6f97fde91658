"""What two experiments differ in."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, NamedTuple

from engine.experiment import Experiment
from engine.functions.table import Rule


class Difference(NamedTuple):
    """A setting in which two experiments differ.

    Attributes
    ----------
    path : str
        As in errors, such as ``layers[0].units`` or ``optimizer.beta1``.
    label : str
        What people call the parameter of a rule, in English; "" for other settings.
    first, second : number, str or Rule
        The values; None where the setting is not there.
    """

    path: str
    label: str
    first: Any
    second: Any


def differing_settings(first: Experiment, second: Experiment) -> tuple[Difference, ...]:
    """The settings in which two experiments differ, in their order.

    A rule that is another one is one difference; the same rule with other parameters is one for each of
    those.
    """
    one, other = all_settings(first), all_settings(second)
    found = []
    for path, label in {**one, **other}:
        owner = one.get((path.rpartition(".")[0], "")), other.get((path.rpartition(".")[0], ""))
        of_another_rule = label and not _same(*owner)
        values = one.get((path, label)), other.get((path, label))
        if not of_another_rule and not _same(*values):
            found.append(Difference(path, label, *values))
    return tuple(found)


def all_settings(experiment: Experiment) -> dict[tuple[str, str], Any]:
    """Every setting, and every parameter of a rule, by its path and label."""
    owners = [(f"layers[{index}].", layer) for index, layer in enumerate(experiment.layers)]
    found: dict[tuple[str, str], Any] = {}
    for prefix, owner in (*owners, ("", experiment)):
        for field in fields(owner):  # type: ignore[arg-type]
            if field.name == "layers":
                continue
            path, value = f"{prefix}{field.name}", getattr(owner, field.name)
            found[path, ""] = value
            if isinstance(value, Rule):
                for parameter in value.parameters():
                    found[f"{path}.{parameter.name}", parameter.label] = getattr(value, parameter.name)
    return found


def _same(one: Any, other: Any) -> bool:
    """Whether two values are the same; rules are by their kind, their parameters come by themselves."""
    if isinstance(one, Rule) and isinstance(other, Rule):
        return type(one) is type(other)
    return bool(one == other)
