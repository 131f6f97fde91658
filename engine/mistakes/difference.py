"""How two arrays differ: what is to be said of a wrong number when no known mistake gives it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.arrays import BoolArray, FloatArray
from engine.digits import rounded, short
from engine.errors import QT_TRANSLATE_NOOP
from engine.mistakes.numbers import Given, place_text, shape_text
from engine.mistakes.reference import Case

TEXTS = {
    "shape": QT_TRANSLATE_NOOP("mistakes", "It has the shape {found}, and should have {expected}."),
    "not_finite": QT_TRANSLATE_NOOP("mistakes", "It is {found} at {place}, where {expected} is right."),
    "zero": QT_TRANSLATE_NOOP("mistakes", "It is 0 everywhere."),
    "sign": QT_TRANSLATE_NOOP("mistakes", "It is the right value with the wrong sign, everywhere."),
    "ratio": QT_TRANSLATE_NOOP("mistakes", "It is {ratio} times the right value everywhere."),
    "ratio_named": QT_TRANSLATE_NOOP(
        "mistakes", "It is {ratio} times the right value everywhere, and {ratio} is {symbol}."
    ),
    "unchanged": QT_TRANSLATE_NOOP("mistakes", "It is as it was before the step."),
    "change_ratio": QT_TRANSLATE_NOOP(
        "mistakes", "Its change in this step is {ratio} times the right one, everywhere."
    ),
    "change_ratio_rate": QT_TRANSLATE_NOOP(
        "mistakes",
        "Its change in this step is {ratio} times the right one, everywhere: as with a learning rate of "
        "{rate} in place of {right}.",
    ),
    "transposed": QT_TRANSLATE_NOOP("mistakes", "It is the right array, transposed."),
    "ratio_by_unit": QT_TRANSLATE_NOOP(
        "mistakes", "Each unit has its own factor: {ratios} times the right value."
    ),
    "ratio_by_sample": QT_TRANSLATE_NOOP(
        "mistakes", "Each sample has its own factor: {ratios} times the right value."
    ),
    "ratio_by_source": QT_TRANSLATE_NOOP(
        "mistakes", "Each unit below has its own factor: {ratios} times the right value."
    ),
    "offset": QT_TRANSLATE_NOOP("mistakes", "It is the right value plus {offset}, everywhere."),
    "few": QT_TRANSLATE_NOOP("mistakes", "Only some of its numbers are wrong: {places}."),
    "other": QT_TRANSLATE_NOOP("mistakes", "It is off most at {place}: {found}, where {expected} is right."),
}
"""What to say of each kind; English templates of the context ``mistakes``."""


CLEAR = 0.1
"""How far off a change may be, as a share of it, for its factor to be told."""


@dataclass(frozen=True)
class Difference:
    """How the given numbers differ from the right ones.

    Attributes
    ----------
    kind : str
        A key of `TEXTS`.
    details : mapping
        What the text names.
    """

    kind: str
    details: dict[str, str]

    @property
    def text(self) -> str:
        """The English sentence."""
        return TEXTS[self.kind].format(**self.details)


def difference(case: Case, name: str, given: Given, expected: FloatArray, wrong: BoolArray) -> Difference:
    """Say how a wrong quantity differs from what it should be."""
    values = given.values
    if values.shape != expected.shape:
        details = {"found": shape_text(values.shape), "expected": shape_text(expected.shape)}
        return Difference("shape", details)
    off = np.where(wrong, np.abs(values - expected), -1.0)
    place = tuple(
        int(i) for i in np.unravel_index(int(np.where(np.isnan(off), np.inf, off).argmax()), off.shape)
    )
    here = {
        "place": place_text(place) if place else "",
        "found": short(float(values[place]), 6),
        "expected": short(float(expected[place]), 6),
    }
    if not np.isfinite(values).all():
        return Difference("not_finite", here)
    known = given.known
    if not values[known].any():
        return Difference("zero", {})
    values, right = np.where(known, values, 0.0), np.where(known, expected, 0.0)
    if given.agrees(-expected):
        return Difference("sign", {})
    allowed = np.where(known, given.tolerance(values), np.inf)
    change = _of_change(case, name, given, expected, allowed)
    if change is not None:
        return change
    ratio = _ratio(values, right, allowed)
    if ratio is not None:
        symbol, named = _named(case, ratio, lambda value: given.agrees(value * expected))
        details = {"ratio": _factor(named)}
        return (
            Difference("ratio_named", {**details, "symbol": symbol})
            if symbol
            else Difference("ratio", details)
        )
    if values.ndim == 2 and values.shape[0] == values.shape[1] > 1 and given.agrees(expected.T):
        return Difference("transposed", {})
    few = int(wrong.sum())
    if few <= max(1, wrong.size // 4):
        places = ", ".join(place_text(tuple(place)) or name for place in np.argwhere(wrong)[:6])
        return Difference("few", {"places": places + (", …" if few > 6 else "")})
    if values.ndim == 2 and min(values.shape) > 1:
        rows = "ratio_by_sample" if name[0] in "za" or name.startswith("delta") else "ratio_by_source"
        for kind, axis in (("ratio_by_unit", 0), (rows, 1)):
            slices = zip(*(np.moveaxis(array, axis, 1) for array in (values, right, allowed)), strict=True)
            ratios = [ratio for ratio in (_ratio(*each) for each in slices) if ratio is not None]
            if len(ratios) == values.shape[1 - axis]:
                shown = ", ".join(_factor(ratio) for ratio in ratios[:8]) + (", …" if len(ratios) > 8 else "")
                return Difference(kind, {"ratios": shown})
    offset = float((values - right)[known].mean())
    if values.size > 1 and given.agrees(expected + offset):
        return Difference("offset", {"offset": _factor(offset)})
    return Difference("other", here)


def _of_change(
    case: Case, name: str, given: Given, expected: FloatArray, allowed: FloatArray
) -> Difference | None:
    """How a parameter after the step has changed, where that is one factor of what it should have."""
    if name[0] not in "Wb":
        return None
    before = (case.W if name[0] == "W" else case.b)[int(name[1:])]
    if given.agrees(before):
        return Difference("unchanged", {})
    known = np.isfinite(allowed)
    mine, right = np.where(known, given.values - before, 0.0), np.where(known, expected - before, 0.0)
    if not (allowed < CLEAR * np.abs(right)).any():
        return None  # the digits do not tell
    ratio = _ratio(mine, right, allowed)
    if ratio is None:
        return None
    _, ratio = _named(case, ratio, lambda value: given.agrees(before + value * (expected - before)))
    details = {"ratio": _factor(ratio)}
    if ratio <= 0.0:
        return Difference("change_ratio", details)
    rates = {"rate": _factor(ratio * case.eta), "right": _factor(case.eta)}
    return Difference("change_ratio_rate", {**details, **rates})


def _ratio(values: FloatArray, expected: FloatArray, allowed: FloatArray) -> float | None:
    """The one factor of all numbers, each off by no more than is allowed; None if there is none."""
    zero = expected == 0.0
    if zero.all() or (np.abs(values) > allowed)[zero].any():
        return None
    values, expected, allowed = values[~zero], expected[~zero], allowed[~zero]
    edges = (values - allowed) / expected, (values + allowed) / expected
    low, high = float(np.minimum(*edges).max()), float(np.maximum(*edges).min())
    if not low <= high:
        return None
    sharp = np.isfinite(allowed)
    best = (
        float((values * expected)[sharp].sum() / (expected * expected)[sharp].sum()) if sharp.any() else 0.0
    )
    best = min(max(best, low), high)
    short_ones = (rounded(best, digits) for digits in range(1, 12))
    return next(
        (ratio for ratio in short_ones if low <= ratio <= high), best
    )  # no more digits than are known


def _named(case: Case, ratio: float, agrees: Callable[[float], bool]) -> tuple[str, float]:
    """What a factor is in this network, if it is something, or a whole number or its inverse.

    A factor of printed numbers is known to their digits only: any that `agrees` may be it.
    """
    B, k, n0, eta = float(case.B), float(case.k), float(case.widths[0]), case.eta
    known = {
        "B": B, "1/B": 1 / B, "k": k, "1/k": 1 / k, "n₀": n0, "1/n₀": 1 / n0, "B/n₀": B / n0,
        "η": eta, "1/η": 1 / eta, "−η": -eta, "−B": -B, "−1/B": -1 / B,
    }  # fmt: skip
    for name, value in known.items():
        if abs(value) != 1 and abs(ratio - value) <= 1e-2 * abs(value) and agrees(value):
            return name, value
    for whole in (round(ratio), round(1.0 / ratio) if abs(ratio) > 1e-6 else 0):
        for value in (float(whole), 1.0 / whole if whole else 0.0):
            if value and abs(ratio - value) <= 1e-2 * abs(value) and agrees(value):
                return "", value
    return "", ratio


def _factor(value: float) -> str:
    """A number that was found by fitting: 3, though it came to 3.0000000002."""
    return short(rounded(value, 9), 6)
