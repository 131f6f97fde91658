"""Where everything of the graph lies: circles for readable layers, blocks of cells for large ones.

World coordinates are the pixels of the canvas when the whole network fits it, y downwards; zooming
only scales them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from engine.arrays import FloatArray
from gui.views.network.measures import Measures

Points = FloatArray

MOST_CIRCLES = 24
"""Units of a layer up to which each is a circle."""
MOST_LINES = 400
"""Weights between two layers up to which each is a line; more are a matrix."""
MATRIX_CELL = 14.0
LEAST_CELL = 5.0
"""Height of a cell that a block has more columns for."""
MIN_RADIUS = 6.0
"""Below it circles are unreadable and a layer becomes a block."""
MAX_PITCH = 6.0
"""Radii from the middle of a unit to that of the next, at most."""
MAX_CELL = 20.0
SIDE = 14.0
LOSS_WIDTH = 106.0
LOSS_HEIGHT = 78.0
LOSS_AWAY = 30.0
LOSS_CLEAR = 8.0
"""Between the loss and the layer beside it."""
CLEAR = 2.5
"""Between a circle and the square of its bias, so that the outline of the phase touches none."""


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
        Of a circle, or half the height of a cell.
    grid : (int, int) or None
        Rows and columns of a block, filled row by row; None for circles.
    box, title : Box
        Around the units, and where the layer's title stands.
    pitch : float
        From the middle of a unit to that of the next one below.
    below : float
        From the middle of a circle down to that of the pill with its bias; 0 where there is no room for
        it, and a square beside the circle, at its lower left, stands for the bias.
    aspect : float
        How many times as wide as high a cell is.
    """

    centres: Points
    radius: float
    grid: tuple[int, int] | None
    box: Box
    title: Box
    pitch: float = 0.0
    below: float = 0.0
    aspect: float = 1.0

    @property
    def units(self) -> int:
        return len(self.centres)

    @property
    def square(self) -> float:
        """Side of the square that stands for a bias; none in a block, or where the next one is too near."""
        side = 0.42 * self.radius
        # its lower right corner is the nearest to the circle below
        room = self.units == 1 or self.pitch >= math.sqrt(2.0) * (self.radius + CLEAR) + side
        return side if not self.grid and room else 0.0

    @cached_property
    def biases(self) -> Points:
        """Centres (n, 2) of what stands for the biases."""
        if self.below:
            return np.asarray(self.centres + np.array([0.0, self.below]))
        # its upper right corner is the nearest to the circle
        reach = 0.0 if self.grid else math.sqrt(0.5) * (self.radius + CLEAR) + self.square / 2
        corners: Points = self.centres + np.array([-reach, reach])
        return corners


@dataclass(frozen=True, eq=False)
class Arrangement:
    """The whole graph: its layers, the inputs first, and the loss under or beside the outputs.

    Attributes
    ----------
    names_above : (bool, bool)
        Whether the names of inputs and of outputs stand over their circles, and not beside them.
    names : (float, float)
        The room they have.
    loss_below : bool
        Whether the loss stands under the outputs.
    matrices : tuple of Box or None
        Of the weights into each layer from 1: where they stand as a matrix, or None where each is a line.
    """

    layers: tuple[LayerPlace, ...]
    loss: Box
    bounds: Box
    names: tuple[float, float]
    names_above: tuple[bool, bool]
    loss_below: bool = False
    matrices: tuple[Box | None, ...] = ()

    def matrix(self, layer: int) -> Box | None:
        """Where the weights into `layer`, from 1, stand as a matrix."""
        return self.matrices[layer - 1] if self.matrices else None

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of every layer, the inputs first."""
        return tuple(layer.units for layer in self.layers)


class _Shape:
    """What a layer looks like before it has a place."""

    def __init__(
        self, radius: float, pitch: float, grid: tuple[int, int] | None = None, aspect: float = 1.0
    ) -> None:
        self.radius, self.pitch, self.grid, self.aspect = radius, pitch, grid, aspect

    @property
    def width(self) -> float:
        return 2 * self.radius * self.aspect * (self.grid[1] if self.grid else 1)


def _loss_room(m: Measures, room: float) -> tuple[float, float, float]:
    """Width and height of the loss, and how far it is from the outputs."""
    return m.px(LOSS_WIDTH), min(m.px(LOSS_HEIGHT), room), m.px(LOSS_AWAY)


def _shapes(
    sizes: Sequence[int],
    is_block: Sequence[bool],
    radius: float,
    span: float,
    room: float,
    image_shape: tuple[int, int] | None,
) -> list[_Shape]:
    """What each layer looks like: circles, or a block."""
    return [
        _block_of(index, sizes, span, room, image_shape)
        if is_block[index]
        else _Shape(radius, min(room / n, MAX_PITCH * radius))
        for index, n in enumerate(sizes)
    ]


def _in_a_row(
    sizes: Sequence[int],
    shapes: Sequence[_Shape],
    left: float,
    middle: float,
    gap: float,
    names: Sequence[float],
    m: Measures,
    title: float,
) -> list[LayerPlace]:
    """Place the layers beside each other; `names` is the room over each for the names of its units."""
    places: list[LayerPlace] = []
    x, last = left, len(sizes) - 1
    for index, (n, shape, name) in enumerate(zip(sizes, shapes, names, strict=True)):
        places.append(_place(n, shape, x, middle, gap, index, last, name, m, title))
        x += shape.width + gap
    return places


def arrange(
    sizes: Sequence[int],
    width: float,
    height: float,
    name_widths: tuple[float, float] = (0.0, 0.0),
    image_shape: tuple[int, int] | None = None,
    with_loss: bool = True,
    measures: Measures | None = None,
    title_lines: int = 1,
) -> Arrangement:
    """Lay a network out.

    Parameters
    ----------
    sizes : sequence of int
        Units of every layer, the inputs first.
    width, height : float
        Of the canvas.
    name_widths : (float, float)
        What the names of inputs and outputs would like to have; 0 is no names.
    image_shape : (int, int) or None
        Rows and columns if the inputs form a picture; a block of inputs takes this form.
    with_loss : bool
        Whether there is room kept for the loss.
    measures : Measures or None
        Sizes of text and circles.
    title_lines : int
        Lines over a layer: its name and what it is, on one line or on two.
    """
    m, aside = measures or Measures(), 0.0
    for _ in range(_TRIES):
        found = _arranged(sizes, width, height, name_widths, image_shape, with_loss, m, title_lines, aside)
        too_far = _hidden_by_loss(found, m)
        if not too_far:
            break
        aside += too_far
    return found


_TRIES = 5
"""Columns get nearer to each other as the loss moves away from them."""


def _hidden_by_loss(found: Arrangement, m: Measures) -> float:
    """How far the loss reaches over the layer before the outputs, where it stands under these."""
    before, loss = found.layers[-2], found.loss
    lowest = float(before.biases[-1, 1]) + (m.pill / 2 if before.below else before.square / 2)
    if not found.loss_below or max(before.box.bottom, lowest) + m.px(LOSS_CLEAR) <= loss.top:
        return 0.0
    right = before.box.right
    if before.below:
        right = max(right, float(before.biases[-1, 0]) + m.px(34.0))
    return max(0.0, right + m.px(LOSS_CLEAR) - loss.left)


def _arranged(
    sizes: Sequence[int],
    width: float,
    height: float,
    name_widths: tuple[float, float],
    image_shape: tuple[int, int] | None,
    with_loss: bool,
    m: Measures,
    title_lines: int,
    aside: float,
) -> Arrangement:
    """The same with a loss below the outputs so far to the right of their middle."""
    title = m.px(6.0) + title_lines * m.px(17.0)
    top = title + m.px(8.0)
    if has_matrices(sizes):
        top += m.px(13.0)  # for what matrices are called
    bottom = max(height - m.px(6.0), top + 40.0)
    room, last = bottom - top, len(sizes) - 1
    is_block = [n > MOST_CIRCLES or 0.42 * room / n < MIN_RADIUS for n in sizes]
    circles = [n for n, block in zip(sizes, is_block, strict=True) if not block]

    # what stands over and under each circle, where there is room for it
    wishes = [0.0 if is_block[k] else min(0.17 * width, name_widths[k and 1]) for k in (0, last)]
    over = [m.above if wish else 0.0 for wish in wishes]

    def around(index: int) -> float:
        return (m.below if index else 0.0) + (over[0] if not index else over[1] if index == last else 0.0)

    pairs = list(enumerate(zip(sizes, is_block, strict=True)))
    ends = zip(over, (0, last), strict=True)
    above = [high > 0 and room / sizes[k] >= 2 * m.least_radius + around(k) for high, k in ends]

    def over_circle(index: int) -> float:
        end = {0: 0, last: 1}.get(index)
        return over[end] if end is not None and above[end] else 0.0

    beside = [0.0 if high or not wish else wish + m.px(8.0) for wish, high in zip(wishes, above, strict=True)]

    loss_width, loss_height, loss_away = _loss_room(m, room) if with_loss else (0.0, 0.0, 0.0)
    least = sizes[-1] * (2 * m.least_radius + around(last)) + loss_away + loss_height
    below = with_loss and not is_block[last] and least <= room
    to_the_right = 0.0 if below else loss_width + loss_away

    def room_of(index: int) -> float:
        """The height for the circles of a layer: the loss stands below the outputs."""
        return room - (index == last and below) * (loss_away + loss_height)

    roomy = [(room_of(k) / n - around(k) - m.px(2.0)) / 2 for k, (n, block) in pairs if not block]
    span = max(width - 2 * m.px(SIDE) - sum(beside) - to_the_right, 60.0)
    # the same without what stands under them
    bare = [(room_of(k) / n - over_circle(k) - m.px(4.0)) / 2 for k, (n, block) in pairs if not block]
    radius = _radius(circles, room, span, len(sizes), roomy, bare, m)
    # what is wider than its circle
    overhang = [high * max(0.0, wish / 2 - radius) for wish, high in zip(wishes, above, strict=True)]
    overhang[1] = max(overhang[1], loss_width / 2 + aside - radius if below else 0.0)
    span = max(span - sum(overhang), 60.0)
    left = m.px(SIDE) + beside[0] + overhang[0]

    shapes = _shapes(sizes, is_block, radius, span, room, image_shape)
    gap = max((span - sum(shape.width for shape in shapes)) / max(last, 1), 4.0)

    middle = (top + bottom) / 2
    if below:
        shapes[-1].pitch = min(shapes[-1].pitch, (room - loss_away - loss_height) / sizes[-1])
    names = [over_circle(index) for index in range(len(sizes))]
    places = _in_a_row(sizes, shapes, left, middle, gap, names, m, title)
    if below:
        places[-1] = _lifted(places[-1], bottom - loss_away - loss_height, over[1])
    # a network too deep for the canvas goes on beyond it
    width += max(0.0, places[-1].box.right + overhang[1] + beside[1] + to_the_right + m.px(SIDE) - width)
    at = places[-1].title
    places[-1] = replace(places[-1], title=Box(at.left, at.top, min(at.right, width - 2.0), at.bottom))
    right = width - m.px(SIDE)
    loss = Box(right - loss_width, middle - loss_height / 2, right, middle + loss_height / 2)
    loss = _under(places[-1], loss, loss_away, aside, m) if below else loss
    bounds = Box(0.0, 0.0, width, max(height, bottom + m.px(6.0)))
    matrices = tuple(_matrix(a, b, top, bottom, m) for a, b in pairwise(places))
    return Arrangement(
        tuple(places), loss, bounds, (wishes[0], wishes[1]), (above[0], above[1]), below, matrices
    )


def _under(place: LayerPlace, loss: Box, away: float, aside: float, m: Measures) -> Box:
    """Where the loss is that has room below the outputs."""
    width, height = loss.right - loss.left, loss.bottom - loss.top
    x, top = place.box.centre[0] + aside, place.box.bottom + away
    top += place.below - place.radius + m.pill / 2 if place.below else 0.0
    return Box(x - width / 2, top, x + width / 2, top + height)


def _block_of(
    index: int, sizes: Sequence[int], span: float, room: float, image_shape: tuple[int, int] | None
) -> _Shape:
    """What a layer looks like that has too many units for circles."""
    fits = index == 0 and image_shape and image_shape[0] * image_shape[1] == sizes[index]
    shape = image_shape if fits else None
    share = 0.3 if shape else 0.3 * 2 / len(sizes)
    return _block(sizes[index], share * span, room, shape, 2.0 if index else 1.0)


def has_matrices(sizes: Sequence[int]) -> bool:
    """Whether between some layers of a network there are too many weights for lines."""
    return any(a * b > MOST_LINES for a, b in pairwise(sizes))


def _matrix(below: LayerPlace, here: LayerPlace, top: float, bottom: float, m: Measures) -> Box | None:
    """Where the weights between two layers stand as a matrix, if they are too many for lines.

    Its rows lie beside the units they come from where these stand one below the other.
    """
    if below.units * here.units <= MOST_LINES:
        return None
    gap = here.box.left - below.box.right
    width = min(0.56 * gap, m.px(MATRIX_CELL) * here.units)
    middle = (below.box.right + here.box.left) / 2
    if below.grid is None or below.grid[1] == 1:
        high = low = below.pitch / 2 if below.grid is None else below.radius
        first, last = float(below.centres[0, 1]) - high, float(below.centres[-1, 1]) + low
    else:
        height = min(bottom - top, m.px(MATRIX_CELL) * below.units)
        first, last = (top + bottom - height) / 2, (top + bottom + height) / 2
    return Box(middle - width / 2, first, middle + width / 2, last)


def _radius(
    circles: Sequence[int],
    room: float,
    span: float,
    columns: int,
    roomy: Sequence[float],
    bare: Sequence[float],
    m: Measures,
) -> float:
    """One radius for all circles: with numbers on lines and biases under circles where all digits fit them.

    Else the numbers on lines and the biases give way before the digits do.
    """
    if not circles:
        return m.least_radius
    chips = (span - (columns - 1) * m.on_line) / (2 * columns)
    across = 0.3 * span / columns
    whole = min(*roomy, chips, m.most_radius) if roomy else chips
    if whole >= m.digits_radius:
        return whole
    # no larger than its digits need, unless the numbers on the lines keep their room
    enough = max(m.digits_radius, min(chips, m.bold_radius))
    whole = max(whole, min(*bare, max(across, chips), enough))
    if whole >= m.least_radius:
        return whole
    tight = min(*bare, *(0.46 * room / n for n in circles))
    return max(min(m.least_radius, tight, max(across, chips)), MIN_RADIUS / 2)


def _place(
    n: int,
    shape: _Shape,
    x: float,
    middle: float,
    gap: float,
    index: int,
    last: int,
    name: float,
    m: Measures,
    title: float,
) -> LayerPlace:
    radius, pitch = shape.radius, shape.pitch
    rows, columns = shape.grid or (n, 1)
    order = np.arange(n)
    row, column = order // columns, order % columns
    centres = np.empty((n, 2))
    # room above for a name and below for a bias: the circles are in the middle of what they stand in
    room = pitch - 2 * radius - name
    has_pill = shape.grid is None and index > 0 and room >= m.below and radius >= m.px(14.0)
    shift = 0.0
    if has_pill:
        shift = (name - m.below) / 2
    elif shape.grid is None and room >= 0.0:
        shift = name / 2
    centres[:, 0] = x + shape.aspect * radius * (1 + 2 * column)
    centres[:, 1] = middle + (row - (rows - 1) / 2) * pitch + shift
    box = Box(x, float(centres[0, 1]) - radius, x + shape.width, float(centres[-1, 1]) + radius)
    # nothing else stands above the names of inputs and outputs, on the outer side
    half, outer, centre = min((shape.width + gap) / 2, m.px(90.0)), m.px(40.0), x + shape.width / 2
    before, after = (max(half, outer) if index == end else half for end in (0, last))
    return LayerPlace(
        centres,
        radius,
        shape.grid,
        box,
        Box(max(centre - before, 2.0), m.px(4.0), centre + after, title),
        pitch,
        radius + m.px(3.5) + m.pill / 2 if has_pill else 0.0,
        shape.aspect,
    )


def _lifted(place: LayerPlace, bottom: float, over: float) -> LayerPlace:
    """The place moved up so far that it ends above `bottom`."""
    ends = place.box.bottom + (2 * (place.below - place.radius) if place.below else 0.0)
    up = min(bottom - ends, 0.0)
    if not up:
        return place
    box = Box(place.box.left, place.box.top + up, place.box.right, place.box.bottom + up)
    return replace(place, centres=place.centres + np.array([0.0, up]), box=box)


def _block(n: int, width: float, height: float, shape: tuple[int, int] | None, aspect: float) -> _Shape:
    """The block of `n` cells, as large as they can be in the room given; in as few columns as it can."""
    if shape:
        rows, columns = shape
        cell = min(MAX_CELL, width / (aspect * columns), height / rows)
    else:
        columns = max(1, math.ceil(n * LEAST_CELL / height))
        rows = -(-n // columns)
        cell = min(MAX_CELL, height / rows, width / (aspect * columns))
        if cell < 3.0:  # neither fits: as square as the room is
            cell = max((width * height / (n * aspect)) ** 0.5, 0.5)
            rows = max(1, min(n, int(height / cell)))
            columns = -(-n // rows)
            cell = min(cell, width / (aspect * columns))
    if cell > 4:
        cell = float(int(cell))
    return _Shape(cell / 2, cell, (rows, columns), aspect)
