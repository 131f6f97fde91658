"""Numbers that someone hands over, and how precise they are: by their type, or by the digits printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.arrays import AnyArray, BoolArray, FloatArray
from engine.errors import StepError
from engine.parts import NamedLayer

TOLERANCES = {"float16": (2e-3, 2e-4), "float32": (1e-5, 1e-6)}
"""Of an array's largest number, and beside it; of all other types as of float64."""

EXACT = (1e-9, 1e-12)
MOST_NUMBERS = 1_000_000


class Printed(NamedTuple):
    """Numbers read from a text.

    Attributes
    ----------
    values : array
    half : array
        Half a unit of the last digit that was printed of each: 0 where it is exact, and infinite where
        nothing is known, so that a single weight can be checked.
    dtype : str
        The type that they had, as far as it is known.
    """

    values: FloatArray
    half: FloatArray
    dtype: str = "float64"


Numbers = npt.ArrayLike | Printed


class Given:
    """One quantity that someone computed.

    Parameters
    ----------
    name : str
        For errors.
    numbers : array_like or Printed
    coarse : str
        The type that the arithmetic had, if it is known to be coarser than the array's.

    Raises
    ------
    StepError
        If it holds no plain numbers.
    """

    def __init__(self, name: str, numbers: Numbers, coarse: str = "float64") -> None:
        self.name = name
        self.values, self.half, kind = plain(name, numbers)
        self.relative, self.absolute = max(TOLERANCES.get(kind, EXACT), TOLERANCES.get(coarse, EXACT))
        self.single = (self.relative, self.absolute) != EXACT
        self.slack = self.half
        self._judge()

    def _judge(self) -> None:
        """Choose the largest number for a first look, and how far it may be off at most."""
        size = np.abs(self.values)
        self._place = int(size.argmax()) if size.size else 0
        self._value = float(self.values.flat[self._place]) if size.size else 0.0
        largest = float(size.max(initial=0.0))
        self._sharp = not self.slack.any()
        self._far = 2.0 * (self.relative * largest + self.absolute) + 2.0 * float(self.slack.max(initial=0.0))

    @property
    def known(self) -> BoolArray:
        """Where there is a number at all."""
        return np.asarray(np.isfinite(self.half))

    def widen(self, slack: FloatArray) -> None:
        """Allow for what rounding elsewhere in the step leaves open."""
        self.slack = np.asarray(self.slack + slack)
        self._judge()

    def tolerance(self, expected: FloatArray) -> FloatArray:
        """How far each number may be off."""
        scale = float(np.abs(expected).max(initial=0.0))
        return np.asarray(self.relative * scale + self.absolute + self.slack)

    def may_hold(self, row: int, expected: FloatArray) -> bool:
        """Whether a row is as expected, judged before the other rows are known."""
        off = float(np.abs(self.values[row] - expected).max())
        return not off > self._far

    def may_be(self, near: FloatArray, far: float) -> bool:
        """Whether these may be the numbers that are known no better than within `far`."""
        return not float(np.abs(self.values - near).max(initial=0.0)) > far + self._far

    def agrees(self, expected: FloatArray) -> bool:
        """Whether these are the numbers expected, within their precision."""
        if self.values.shape != expected.shape or abs(self._value - expected.item(self._place)) > self._far:
            return False
        worst = np.abs(self.values - expected).max(initial=0.0)
        scale = np.abs(expected).max(initial=0.0)
        if not np.isfinite(worst):
            return not self.wrong(expected).any()
        tolerance = self.relative * scale + self.absolute
        if self._sharp:
            return bool(worst <= tolerance)
        return bool((np.abs(self.values - expected) <= tolerance + self.slack).all())

    def wrong(self, expected: FloatArray) -> BoolArray:
        """Which of the numbers are not those expected; NaN equals NaN. All of them in another shape."""
        if self.values.shape != expected.shape:
            return np.ones(self.values.shape, bool)
        finite = np.isfinite(expected)
        tolerance = self.tolerance(expected[finite])
        with np.errstate(all="ignore"):
            near = np.abs(self.values - expected) <= tolerance
        same = (self.values == expected) | (np.isnan(self.values) & np.isnan(expected))
        return np.asarray(~(near | same))


def plain(name: str, numbers: Numbers) -> tuple[FloatArray, FloatArray, str]:
    """Numbers as an array, half a unit of their last digit, and the name of their type."""
    if isinstance(numbers, Printed):
        return numbers.values, numbers.half, numbers.dtype
    try:
        array: AnyArray = np.asarray(numbers)
    except ValueError:  # rows of several lengths
        raise StepError("ragged", name=name) from None
    if np.iscomplexobj(array):
        raise StepError("complex", name=name)
    if array.dtype.kind not in "biuf":
        raise StepError("not_numbers", name=name)
    if array.size > MOST_NUMBERS:
        raise StepError("too_many", name=name, count=array.size, limit=MOST_NUMBERS)
    values = array.astype(np.float64)
    return values, np.zeros(values.shape), array.dtype.name


def finite(name: str, numbers: Numbers, shape: tuple[int | None, ...]) -> Printed:
    """What a step starts from: finite numbers of a shape, in which None stands for any length above 0."""
    values, half, _ = plain(name, numbers)
    fits = len(values.shape) == len(shape) and all(
        found == wanted or (wanted is None and found > 0)
        for found, wanted in zip(values.shape, shape, strict=True)
    )
    if not fits:
        expected = ", ".join("B" if n is None else str(n) for n in shape)
        raise StepError("shape", name=name, shape=shape_text(values.shape), expected=f"({expected})")
    if not np.isfinite(values).all():
        place = np.argwhere(~np.isfinite(values))[0]
        raise StepError(
            "not_finite", name=name, place=place_text(tuple(place)), value=float(values[tuple(place)])
        )
    return Printed(values, half)


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape in words."""
    return "(" + ", ".join(map(str, shape)) + ")"


def place_text(place: tuple[int, ...]) -> str:
    """A place in an array as Python has it, from 0."""
    return "[" + ", ".join(str(int(i)) for i in place) + "]"


def masks_of(
    given: Mapping[str, Numbers], widths: tuple[int, ...], dropout: list[float]
) -> dict[int, FloatArray]:
    """Take the dropout masks out of what is given: layer to (B, n_l) of 0 and 1."""
    masks: dict[int, FloatArray] = {}
    for layer, p in enumerate(dropout, 1):
        name = f"mask{layer}"
        if name not in given:
            continue
        mask = finite(name, given[name], (None, widths[layer])).values
        kept = mask != 0
        if not p and not kept.all():
            raise StepError("mask_without_dropout", name=name, layer=NamedLayer(layer, len(dropout)))
        if p and not np.isin(mask, (0.0, 1.0)).all() and not np.allclose(mask[kept], 1.0 / (1.0 - p)):
            raise StepError("mask_values", name=name)
        if p:
            masks[layer] = kept.astype(np.float64)
    return masks
