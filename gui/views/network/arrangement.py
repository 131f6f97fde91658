"""Where everything of the graph lies: circles for readable layers, blocks of cells for large ones.

World coordinates are the pixels of the canvas when the whole network fits it, y downwards; zooming
only scales them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.arrays import FloatArray

Points = FloatArray

MAX_RADIUS = 24.0
MIN_RADIUS = 6.0
"""Below it circles are unreadable and a layer becomes a block."""
MAX_PITCH = 120.0
MAX_CELL = 20.0
TITLE_HEIGHT = 50.0
SIDE = 22.0
LOSS_WIDTH = 84.0
LOSS_HEIGHT = 42.0


@dataclass(frozen=True)
class Box:
    """A rectangle in world coordinates."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def centre(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def contains(self, x: float, y: float) -> bool:
        """Whether the point lies inside."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom


@dataclass(frozen=True, eq=False)
class LayerPlace:
    """The place of one layer.

    Attributes
    ----------
    centres : (n, 2)
        Of the units.
    radius : float
        Of a circle, or half the side of a cell.
    grid : (int, int) or None
        Rows and columns of a block, filled row by row; None for circles.
    box, title : Box
        Around the units, and where the layer's title stands.
    """

    centres: Points
    radius: float
    grid: tuple[int, int] | None
    box: Box
    title: Box

    @property
    def units(self) -> int:
        return len(self.centres)

    @property
    def chip(self) -> float:
        """Side of the square that stands for a bias."""
        return self.radius * (0.8 if self.grid else 0.62)

    @cached_property
    def chips(self) -> Points:
        """Centres (n, 2) of the squares that stand for the biases: at the lower left of each unit."""
        reach = self.radius - self.chip / 2 if self.grid else self.radius * 0.8
        corners: Points = self.centres + np.array([-reach, reach])
        return corners


@dataclass(frozen=True, eq=False)
class Arrangement:
    """The whole graph: its layers, the inputs first, and the loss at the right."""

    layers: tuple[LayerPlace, ...]
    loss: Box
    bounds: Box
    left_names: float
    right_names: float

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of every layer, the inputs first."""
        return tuple(layer.units for layer in self.layers)


def arrange(
    sizes: Sequence[int],
    width: float,
    height: float,
    name_widths: tuple[float, float] = (0.0, 0.0),
    image_shape: tuple[int, int] | None = None,
    with_loss: bool = True,
) -> Arrangement:
    """Lay a network out.

    Parameters
    ----------
    sizes : sequence of int
        Units of every layer, the inputs first.
    width, height : float
        Of the canvas.
    name_widths : (float, float)
        What the names of inputs and outputs would like to have beside their circles.
    image_shape : (int, int) or None
        Rows and columns if the inputs form a picture; a block of inputs takes this form.
    with_loss : bool
        Whether there is room kept for the loss.
    """
    loss_width = LOSS_WIDTH if with_loss else 0.0
    top = TITLE_HEIGHT + 8.0
    bottom = max(height - 12.0, top + 40.0)
    room = bottom - top
    limit = 0.17 * width
    is_block = [0.4 * room / n < MIN_RADIUS for n in sizes]
    names = [
        0.0 if block else min(limit, wish)
        for block, wish in zip((is_block[0], is_block[-1]), name_widths, strict=True)
    ]
    left = SIDE + names[0] + (8.0 if names[0] else 0.0)
    right = width - SIDE - loss_width - (34.0 if with_loss else 0.0) - names[1] - (8.0 if names[1] else 0.0)
    span = max(right - left, 60.0)

    shapes: list[tuple[float, float, tuple[int, int] | None]] = []
    for index, n in enumerate(sizes):
        if is_block[index]:
            shape = (
                image_shape if index == 0 and image_shape and image_shape[0] * image_shape[1] == n else None
            )
            shapes.append(_block(n, (0.3 if shape else 0.42 * 2 / len(sizes)) * span, room, shape))
        else:
            pitch = min(room / n, MAX_PITCH)
            shapes.append((min(MAX_RADIUS, 0.4 * pitch, 0.25 * span / len(sizes)), pitch, None))
    widths = [2 * radius * (grid[1] if grid else 1) for radius, _, grid in shapes]
    gap = max((span - sum(widths)) / max(len(sizes) - 1, 1), 4.0)

    places: list[LayerPlace] = []
    x, middle = left, (top + bottom) / 2
    for n, (radius, pitch, grid), w in zip(sizes, shapes, widths, strict=True):
        rows, columns = grid or (n, 1)
        order = np.arange(n)
        row, column = order // columns, order % columns
        centres = np.empty((n, 2))
        centres[:, 0] = x + radius + 2 * radius * column
        centres[:, 1] = middle + (row - (rows - 1) / 2) * pitch
        reach = (rows - 1) / 2 * pitch + radius
        box = Box(x, middle - reach, x + w, middle + reach)
        # nothing else stands above the names of inputs and outputs
        half = max(min((w + gap) / 2, 60.0), 32.0 if len(places) in (0, len(sizes) - 1) else 0.0)
        places.append(
            LayerPlace(
                centres, radius, grid, box, Box(x + w / 2 - half, 6.0, x + w / 2 + half, TITLE_HEIGHT - 8.0)
            )
        )
        x += w + gap
    # a network too deep for the canvas goes on beyond it
    width += max(0.0, places[-1].box.right - right)
    loss = Box(width - SIDE - loss_width, middle - LOSS_HEIGHT / 2, width - SIDE, middle + LOSS_HEIGHT / 2)
    bounds = Box(0.0, 0.0, width, max(height, bottom + 12.0))
    return Arrangement(tuple(places), loss, bounds, names[0], names[1])


def _block(
    n: int, width: float, height: float, shape: tuple[int, int] | None
) -> tuple[float, float, tuple[int, int]]:
    """Half side, pitch and grid of the block of `n` cells, as large as they can be in the room given."""
    if shape:
        rows, columns = shape
        cell = min(MAX_CELL, width / columns, height / rows)
    else:
        cell = min(MAX_CELL, (width * height / n) ** 0.5)
        while True:
            rows = max(1, min(n, int(height / cell)))
            columns = -(-n // rows)
            if columns * cell <= width or cell < 0.5:
                break
            cell *= 0.97
        rows = -(-n // columns)
    if cell > 3:
        cell = float(int(cell))
    return cell / 2, cell, (rows, columns)
