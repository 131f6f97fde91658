"""The arrays of the project by name, and how one is made safe to hand to another thread."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.floating[Any]]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
AnyArray = npt.NDArray[Any]
Arrays = tuple[FloatArray, ...]

S = TypeVar("S", bound=np.generic)


def read_only(array: npt.NDArray[S]) -> npt.NDArray[S]:
    """A read-only copy of `array`, C-contiguous, that cannot be made writeable again.

    NumPy lets whoever owns the memory take `writeable` back, and refuses it to a view of what is frozen.
    """
    owner = np.array(array, order="C")
    owner.flags.writeable = False
    return owner.view()


def sealed(array: npt.NDArray[S]) -> npt.NDArray[S]:
    """`array` itself as such a view, given away by its owner; a copy where others can still write to it."""
    array.flags.writeable = False
    owner = array.base
    if owner is None:
        return array.view()
    if isinstance(owner, np.ndarray) and owner.base is None and not owner.flags.writeable:
        return array
    return read_only(array)


def seal(owner: object) -> None:
    """Seal the arrays that a frozen dataclass has been given, one by one or in tuples."""
    for name, value in vars(owner).items():
        if isinstance(value, np.ndarray):
            if (safe := sealed(value)) is not value:
                object.__setattr__(owner, name, safe)
        elif isinstance(value, tuple) and any(isinstance(each, np.ndarray) for each in value):
            object.__setattr__(owner, name, tuple(map(sealed, value)))
