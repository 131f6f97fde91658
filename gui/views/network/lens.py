"""From world coordinates to pixels: what is painted is mapped in NumPy, and painted without a transform."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from engine.arrays import FloatArray, IntArray
from gui.views.network.arrangement import Box


class Lens(NamedTuple):
    """World times `scale` plus (`dx`, `dy`) are pixels, of which `visible` can be seen."""

    scale: float
    dx: float
    dy: float
    visible: QRectF

    def points(self, world: FloatArray) -> FloatArray:
        return world * self.scale + (self.dx, self.dy)

    def point(self, x: float, y: float) -> QPointF:
        return QPointF(x * self.scale + self.dx, y * self.scale + self.dy)

    def rect(self, box: Box) -> QRectF:
        return QRectF(self.point(box.left, box.top), self.point(box.right, box.bottom))

    def inside(self, points: FloatArray, reach: float) -> IntArray:
        """Indices of the points that can be seen, or lie within `reach` of what can."""
        box = self.visible
        x, y = points[:, 0], points[:, 1]
        seen = (x > box.left() - reach) & (x < box.right() + reach)
        seen &= (y > box.top() - reach) & (y < box.bottom() + reach)
        return np.flatnonzero(seen)


def around(centre: QPointF, reach: float) -> QRectF:
    """The square whose sides are so far from its middle."""
    return QRectF(centre.x() - reach, centre.y() - reach, 2 * reach, 2 * reach)
