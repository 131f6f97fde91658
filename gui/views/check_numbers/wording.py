"""What is said of somebody's own numbers: names of quantities, relations, and why it is this mistake."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from engine.explain.symbols import plain
from engine.mistakes.catalogue import MISTAKES
from engine.mistakes.difference import TEXTS, Difference
from engine.mistakes.telling import REASONS
from engine.mistakes.verdict import Explanation, Quantity, Verdict
from engine.parts import Part
from engine.phases import FactorKind, Phase, PhaseKind
from gui.text.numbers import MINUS, grouped, short
from gui.text.parts import layer_name
from gui.text.plain import enumerated, sentences

LISTED = 6
"""Names that a sentence lists; of more it gives the count."""

ROUND = 64
"""Up to so large a whole number a ratio is said as one."""

SURE = 0.45
"""How far off a ratio may be at most for one whole number alone to be meant."""

_SYMBOLS = {"z": "z", "a": "a", "delta": "δ", "dW": "∂L/∂W", "db": "∂L/∂b", "W": "W", "b": "b"}


def translate(text: str) -> str:
    """A text of the catalogue in the user's language."""
    return QCoreApplication.translate("mistakes", text)


def taken_apart(name: str) -> tuple[str, int]:
    """The kind and the layer of a quantity; the loss and a kind alone have layer 0."""
    kind = name.rstrip("0123456789")
    return kind, int(name[len(kind) :] or 0)


def symbol(name: str) -> str:
    """A quantity as it is written in formulas."""
    kind, layer = taken_apart(name)
    if kind == "loss":
        return "L"
    return plain(_SYMBOLS.get(kind, kind), layer or None)


def place_text(name: str, place: Sequence[int]) -> str:
    """A place in an array, as Python has it."""
    return f"{name}[{', '.join(str(int(i)) for i in place)}]" if place else name


def layer_of(name: str, layers: int) -> str:
    """The layer that a quantity belongs to."""
    layer = taken_apart(name)[1]
    return layer_name(layer, layers) if layer else QCoreApplication.translate("naming", "Loss")


def listed(names: Sequence[str]) -> str:
    """Names one after the other, or how many there are."""
    if len(names) <= LISTED:
        return enumerated(names)
    return QCoreApplication.translate("checkNumbers", "{count} quantities").format(count=grouped(len(names)))


# -- numbers -------------------------------------------------------------------------------------------


def relation(yours: float, true: float, wrong: bool, precision: float = 0.0) -> str:
    """What somebody's number is to the right one; `precision` is that of his digits, as a share."""
    if not wrong:
        return QCoreApplication.translate("checkNumbers", "= true")
    if not math.isfinite(yours) or not math.isfinite(true):
        return QCoreApplication.translate("checkNumbers", "not finite")
    if yours == 0:
        return "0"
    if true == 0:
        return QCoreApplication.translate("checkNumbers", "true is 0")
    ratio = yours / true
    near = max(1e-6, 1.05 * precision)
    sign = MINUS if ratio < 0 else ""
    size = abs(ratio)
    name = QCoreApplication.translate("checkNumbers", "true")
    for value, mark in ((size, "×"), (1.0 / size, "÷")):
        whole = round(value)
        # Of few digits several whole numbers may be meant; then none is said
        if 1 <= whole <= ROUND and abs(value - whole) <= near * whole < SURE:
            if whole > 1:
                return f"{sign}{name} {mark} {whole}"
            if sign:  # what is wrong is never said to be the true value
                return f"{sign}{name}"
    return f"{sign}{name} × {short(size, 4)}"


def difference_text(difference: Difference) -> str:
    """How the first wrong quantity differs, as a sentence."""
    details = {key: re.sub(r"-(?=\d)", MINUS, value) for key, value in difference.details.items()}
    return translate(TEXTS[difference.kind]).format(**details)


def state_text(quantity: Quantity, first: str | None) -> str:
    """Whether a quantity agrees, with a mark that is not colour alone."""
    if quantity.agrees is None:
        return QCoreApplication.translate("checkNumbers", "? not known")
    if quantity.agrees:
        return "✓ " + QCoreApplication.translate("checkNumbers", "agrees")
    if quantity.name == first:
        return "✗ " + QCoreApplication.translate("checkNumbers", "first wrong one")
    return "✗ " + QCoreApplication.translate("checkNumbers", "wrong too")


def summary(right: int, wrong: int) -> tuple[str, str]:
    """How many numbers agree, and how many differ."""
    return (
        "✓ " + QCoreApplication.translate("checkNumbers", "right: {count}").format(count=grouped(right)),
        "✗ " + QCoreApplication.translate("checkNumbers", "wrong: {count}").format(count=grouped(wrong)),
    )


# -- why it is this ------------------------------------------------------------------------------------


def evidence(verdict: Verdict, explanation: Explanation, numbers: int) -> str:
    """Why it is this mistake and no other; `numbers` were given."""
    names = [q.name for q in verdict.quantities]
    first = verdict.first_wrong or names[0]
    before = [q.name for q in verdict.quantities[: names.index(first)] if q.agrees]
    after = [q.name for q in verdict.quantities[names.index(first) + 1 :] if q.agrees is False]
    count = grouped(numbers)
    parts = []
    if before:
        text = QCoreApplication.translate(
            "checkNumbers", "What comes before is right: {names}. So it goes wrong at {first}."
        )
        parts.append(text.format(names=listed(before), first=first))
    if len(explanation) == 1:
        text = QCoreApplication.translate(
            "checkNumbers",
            "The step was made again from the same start with this one line changed: it gives all your "
            "numbers ({count}), to the digits you gave.",
        )
    else:
        text = QCoreApplication.translate(
            "checkNumbers",
            "No single known mistake gives your numbers. With these two lines changed the step gives all of "
            "them ({count}), to the digits you gave.",
        )
    parts.append(text.format(count=count))
    if after and len(explanation) == 1:
        text = QCoreApplication.translate(
            "checkNumbers", "It explains {names} as well: there is no second mistake."
        )
        parts.append(text.format(names=listed(after)))
    return sentences(*parts)


def unexplained(verdict: Verdict) -> str:
    """What is said where nothing known fits."""
    first = verdict.first_wrong or ""
    quantity = verdict[first]
    place = place_text(first, quantity.worst or ())
    if not verdict.exhaustive:
        text = QCoreApplication.translate(
            "checkNumbers",
            "It differs first in {place}. No single known mistake gives your numbers; for two at once this "
            "network is too large.",
        )
    else:
        text = QCoreApplication.translate(
            "checkNumbers",
            "It differs first in {place}; none of the known mistakes gives your numbers, nor do any two.",
        )
    return text.format(place=place)


def notes(verdict: Verdict) -> str:
    """What this batch cannot tell."""
    return sentences(*(translate(REASONS[reason]) for reason in verdict.telling.reasons))


def meaning(name: str) -> str:
    """What is done by mistake."""
    return translate(MISTAKES[name].meaning)


def why(name: str) -> str:
    """How people come to do it."""
    return translate(MISTAKES[name].why)


# -- where it is in the window -----------------------------------------------------------------------

_FACTORS = {
    "slope": FactorKind.SLOPE,
    "output delta": FactorKind.SLOPE,
    "error sent back": FactorKind.UPSTREAM,
    "weights going back": FactorKind.UPSTREAM,
    "hidden sign": FactorKind.UPSTREAM,
    "hidden factor": FactorKind.UPSTREAM,
    "dropout": FactorKind.UPSTREAM,
    "dW": FactorKind.INCOMING,
}


def part_of(name: str, place: Sequence[int]) -> Part:
    """The part of the network that a number belongs to."""
    kind, layer = taken_apart(name)
    if kind == "loss":
        return Part("loss")
    if kind in ("dW", "W"):
        return Part("weight", layer, int(place[1]), int(place[0]))
    if kind in ("db", "b"):
        return Part("bias", layer, int(place[0]))
    return Part("unit", layer, int(place[1]))


def sample_of(name: str, place: Sequence[int]) -> int | None:
    """The row of the batch that a number is about, if it is about one."""
    kind = taken_apart(name)[0]
    return int(place[0]) if kind in ("z", "a", "delta") else None


def shown_by(
    name: str, place: Sequence[int], mistakes: Explanation, elementwise: Sequence[bool]
) -> tuple[Part, Phase]:
    """The part to select and the moment of the true pass at which its factor is seen.

    `elementwise` says of each layer whether its function is.
    """
    kind, layer = taken_apart(name)
    part = part_of(name, place)
    if kind in ("z", "a"):
        return part, Phase(PhaseKind.FORWARD, layer)
    if kind == "loss":
        return part, Phase(PhaseKind.LOSS)
    if kind in ("W", "b"):
        return part, Phase(PhaseKind.UPDATE)
    if kind == "delta":
        part = Part("weight", layer, part.unit, 0)
    line = MISTAKES[mistakes[0]].line if mistakes else ""
    factor = _FACTORS.get(line, FactorKind.GRADIENT)
    if kind == "delta" and factor in (FactorKind.GRADIENT, FactorKind.INCOMING):
        factor = FactorKind.SLOPE
    if factor in (FactorKind.SLOPE, FactorKind.UPSTREAM) and not elementwise[layer - 1]:
        factor = FactorKind.DELTA
    return part, Phase(PhaseKind.FACTOR, layer, factor=factor)
