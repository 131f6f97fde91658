"""The plane that is looked at: two inputs vary, all others stand still."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.arrays import FloatArray, IntArray
from gui.training.probe import Nodes


@dataclass(frozen=True, eq=False)
class Plane:
    """A rectangle in the space of inputs, encoded and unscaled as in `Dataset.inputs`.

    Attributes
    ----------
    x, y : int
        The inputs that vary; `y` is None for a line along `x`.
    pins : (d,)
        Where the other inputs stand.
    left, right, bottom, top : float
    """

    x: int
    y: int | None
    pins: FloatArray
    left: float
    right: float
    bottom: float = 0.0
    top: float = 1.0

    def nodes(self, columns: int, rows: int) -> Nodes:
        """The nodes of a grid over the plane."""
        across = np.linspace(self.left, self.right, columns)
        up = np.linspace(self.bottom, self.top, 1 if self.y is None else rows)
        return Nodes(self.pins.copy(), self.x, self.y, across, up)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a point lies in the plane: from 0 to 1 between its edges."""
        width, height = self.right - self.left, self.top - self.bottom
        return ((x - self.left) / width if width else 0.5), ((y - self.bottom) / height if height else 0.5)


def telling_order(inputs: FloatArray, targets: FloatArray) -> IntArray:
    """Inputs by how much each alone tells of the targets, the most telling first, (d,).

    By the sum of its squared correlations with the targets, (n, d) and (n, k); a missing cell tells
    nothing.
    """
    known = np.where(np.isnan(inputs), 0.0, inputs - mean_of_known(inputs))
    apart = targets - targets.mean(axis=0)
    with np.errstate(all="ignore"):  # squares of huge numbers overflow: what they tell is not known
        spread = np.outer(np.sqrt((known**2).sum(axis=0)), np.sqrt((apart**2).sum(axis=0)))
        correlations = np.nan_to_num(np.where(spread > 0, known.T @ apart / spread, 0.0))
    order: IntArray = np.argsort(-(correlations**2).sum(axis=1), kind="stable")
    return order


def mean_of_known(inputs: FloatArray) -> FloatArray:
    """The mean of the cells that are there, (d,)."""
    known = ~np.isnan(inputs)
    mean: FloatArray = np.where(known, inputs, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return mean


def value_at(values: FloatArray, across: float, up: float) -> FloatArray:
    """Interpolate values at the nodes of a grid (rows, columns, k) at a place from 0 to 1: (k,)."""
    rows, columns = values.shape[:2]
    x = min(max(across, 0.0), 1.0) * (columns - 1)
    y = min(max(up, 0.0), 1.0) * (rows - 1)
    left, below = min(int(x), max(columns - 2, 0)), min(int(y), max(rows - 2, 0))
    right, above = min(left + 1, columns - 1), min(below + 1, rows - 1)
    low = values[below, left] + (values[below, right] - values[below, left]) * (x - left)
    high = values[above, left] + (values[above, right] - values[above, left]) * (x - left)
    result: FloatArray = low + (high - low) * (y - below)
    return result
