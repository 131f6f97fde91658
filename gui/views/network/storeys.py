"""Units drawn as circles: what they pass on above, their delta below, and their bias under them."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from engine.arrays import FloatArray, IntArray
from engine.parts import Part
from gui.style.theme import Theme
from gui.text.numbers import MINUS
from gui.views.network.arrangement import LayerPlace
from gui.views.network.buckets import FIRST, NOT_FINITE, UNKNOWN, Buckets, Palette
from gui.views.network.lens import Lens
from gui.views.network.writing import Writing

MOST_NUMBERS = 400
SMALLEST_SQUARE = 8.0
"""Pixels of the side of a bias's square; with less room there is none."""
TYPICAL = f"{MINUS}0.0000"
"""What has to fit into a circle for its digits to be bold."""
PLUS = "+"
UNKNOWN_SIGN = "?"
"""Stands for a number that the pass has not reached."""
_RIM = 3
"""Pixels around a stamped circle for its outline."""

Written = dict[tuple[Part, str], str]
"""The numbers on a picture, as they are written: of a part, and which of its numbers it is."""


class Shown(NamedTuple):
    """What is drawn of a layer: numbers, None where they are not revealed, and their buckets.

    Attributes
    ----------
    a, delta, biases : (n,) or None
    in_phase : bool
        Whether the phase is about this layer.
    """

    a: FloatArray | None
    delta: FloatArray | None
    biases: FloatArray | None
    a_buckets: Buckets
    delta_buckets: Buckets
    bias_buckets: Buckets
    in_phase: bool


class Storeys:
    """Paints units as circles; the circles themselves are drawn once and pasted, which is far quicker.

    Parameters
    ----------
    theme : Theme
    palette : Palette
    """

    def __init__(self, theme: Theme, palette: Palette) -> None:
        self._theme, self._palette = theme, palette
        self._stamps: dict[tuple[int, int, int, float, bool], QPixmap] = {}

    def paint(
        self,
        painter: QPainter,
        lens: Lens,
        layer: int,
        place: LayerPlace,
        shown: Shown,
        hidden: frozenset[tuple[int, str]],
    ) -> None:
        """Draw the circles of a layer.

        `hidden` are the storeys (layer, "a" or "delta") that are on their way.
        """
        points = lens.points(place.centres)
        radius = place.radius * lens.scale
        seen = lens.inside(points, radius + 40)
        ratio = painter.device().devicePixelRatioF()
        size = max(round(2 * radius), 4)
        upper = np.full(len(points), UNKNOWN) if (layer, "a") in hidden else shown.a_buckets
        lower = np.full(len(points), UNKNOWN) if (layer, "delta") in hidden else shown.delta_buckets
        if layer == 0:  # one storey
            lower = np.full(len(points), -1)
        half = size / 2 + _RIM
        for unit, (x, y) in zip(seen.tolist(), points[seen].tolist(), strict=True):
            stamp = self._stamp(size, int(upper[unit]), int(lower[unit]), ratio, shown.in_phase)
            painter.drawPixmap(QPointF(round(x - half), round(y - half)), stamp)
        if layer and not has_pills(place, lens):
            self._paint_squares(painter, lens, place, shown.bias_buckets, seen)

    def write(
        self,
        painter: QPainter,
        lens: Lens,
        layer: int,
        place: LayerPlace,
        shown: Shown,
        writing: Writing,
        written: Written,
        hidden: frozenset[tuple[int, str]],
        with_pills: bool = True,
    ) -> None:
        """Write the numbers that fit into the circles of a layer, and the biases under them.

        Without `with_pills` something else stands where the biases would.
        """
        points, radius = lens.points(place.centres), place.radius * lens.scale
        seen = lens.inside(points, radius + 40)
        if len(seen) <= MOST_NUMBERS:
            a = None if (layer, "a") in hidden else shown.a
            delta = None if (layer, "delta") in hidden else shown.delta
            self._paint_numbers(painter, points, radius, layer, (a, delta), writing, written, seen)
        if layer and with_pills and has_pills(place, lens):
            self._paint_pills(painter, lens, layer, place, shown, writing, written, seen)

    def _stamp(self, size: int, upper: int, lower: int, ratio: float, in_phase: bool) -> QPixmap:
        """A circle of `size` pixels in the colours of two buckets; of one storey if the lower is -1."""
        key = (size, upper, lower, ratio, in_phase)
        stamp = self._stamps.get(key)
        if stamp is None:
            if len(self._stamps) > 2_000:
                self._stamps.clear()
            whole = size + 2 * _RIM
            stamp = QPixmap(math.ceil(whole * ratio), math.ceil(whole * ratio))
            stamp.setDevicePixelRatio(ratio)
            stamp.fill(Qt.GlobalColor.transparent)
            painter = QPainter(stamp)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw(painter, QRectF(_RIM, _RIM, size, size), upper, lower, in_phase)
            painter.end()
            self._stamps[key] = stamp
        return stamp

    def _draw(self, painter: QPainter, box: QRectF, upper: int, lower: int, in_phase: bool) -> None:
        theme, above, below = self._theme, self._palette.above, self._palette.below
        painter.setPen(Qt.PenStyle.NoPen)
        if lower < 0:
            painter.setBrush(above[upper])
            painter.drawEllipse(box)
        else:
            for colour, start in ((above[upper], 0), (below[lower], 180 * 16)):
                painter.setBrush(colour)
                painter.drawChord(box, start, 180 * 16)
            painter.setPen(QPen(QColor(theme.muted), 1.0))
            middle = round(box.center().y()) + 0.5
            painter.drawLine(QPointF(box.left(), middle), QPointF(box.right(), middle))
        known = upper != UNKNOWN or lower not in (UNKNOWN, -1)
        outline = theme.text if known or in_phase else theme.muted
        width = (3.6 if in_phase else 1.6) if box.width() > 28 else (2.6 if in_phase else 1.2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(outline), width))
        painter.drawEllipse(box)

    def _paint_numbers(
        self,
        painter: QPainter,
        points: FloatArray,
        radius: float,
        layer: int,
        numbers: tuple[FloatArray | None, FloatArray | None],
        writing: Writing,
        written: Written,
        seen: IntArray,
    ) -> None:
        smallest = writing.measures.smallest_digits
        storeys = (
            (("x", numbers[0], 0.0, 0.40),)
            if layer == 0
            else (("a", numbers[0], -0.33, 0.38), ("delta", numbers[1], 0.33, 0.35))
        )
        for name, values, rise, share in storeys:
            pixels = max(share * radius, smallest)
            # the chord of the circle where the digits are nearest to its rim
            edge = abs(rise) * radius + 0.36 * pixels
            chord = 2 * math.sqrt(max(radius * radius - edge * edge, 0.0)) - 1.5
            if pixels > (1.3 if layer == 0 else 0.9) * radius or chord < 1.6 * pixels:
                continue  # its tint is all that there is room for
            bold = writing.width(TYPICAL, smallest + 1, bold=True) <= chord
            for unit in seen.tolist():
                x, y = points[unit].tolist()
                box = QRectF(x - radius, y + rise * radius - pixels, 2 * radius, 2 * pixels)
                if values is None:
                    painter.setPen(QColor(self._theme.muted))
                    writing.write(painter, UNKNOWN_SIGN, box, pixels, bold=bold)
                    continue
                value = float(values[unit])
                painter.setPen(QColor(self._theme.text if name != "delta" else self._sign(value)))
                fitted = writing.fitted(value, chord, pixels, smallest, bold)
                if fitted is None:  # the sign of a number whose digits come when it is hovered
                    writing.write(painter, MINUS if value < 0 else PLUS, box, pixels, bold=True)
                    continue
                text, size = fitted
                painter.setFont(writing.font(size, bold))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
                written[Part("unit", layer, unit), name] = text

    def _sign(self, value: float) -> str:
        theme = self._theme
        if not math.isfinite(value):
            return theme.bad
        return theme.positive if value > 0 else theme.negative if value < 0 else theme.muted

    def _paint_pills(
        self,
        painter: QPainter,
        lens: Lens,
        layer: int,
        place: LayerPlace,
        shown: Shown,
        writing: Writing,
        written: Written,
        seen: IntArray,
    ) -> None:
        m = writing.measures
        spots = lens.points(place.biases[seen])
        for unit, (x, y) in zip(seen.tolist(), spots.tolist(), strict=True):
            if shown.biases is None:
                text = UNKNOWN_SIGN
            else:
                fitted = writing.fitted(float(shown.biases[unit]), m.px(58.0), m.small, m.small)
                if fitted is None:
                    continue
                text = written[Part("bias", layer, unit), "b"] = fitted[0]
            paint_pill(painter, x, y, f"b {text}", self._theme, writing)

    def _paint_squares(
        self, painter: QPainter, lens: Lens, place: LayerPlace, bucket: Buckets, seen: IntArray
    ) -> None:
        side = place.square * lens.scale
        if side < SMALLEST_SQUARE:
            return
        corners = lens.points(place.biases[seen]) - side / 2
        chosen = bucket[seen].tolist()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(QColor(self._theme.muted if side >= 8 else self._theme.surface), 1.0))
        for (x, y), b in zip(corners.tolist(), chosen, strict=True):
            painter.setBrush(self._palette.cells[b])
            painter.drawRect(round(x), round(y), round(side), round(side))
        if side >= 9:
            # a stroke says minus, two say plus: the sign is not in the colour alone
            painter.setPen(QPen(QColor(self._theme.surface), 1.0 if side < 14 else 2.0))
            for (x, y), b in zip(corners.tolist(), chosen, strict=True):
                if FIRST + 4 <= b < NOT_FINITE:
                    left, top, s = round(x), round(y), round(side)
                    mid, arm = s // 2, s // 2 - 2
                    painter.drawLine(left + mid - arm, top + mid, left + mid + arm, top + mid)
                    if b % 2 == 0:
                        painter.drawLine(left + mid, top + mid - arm, left + mid, top + mid + arm)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def has_pills(place: LayerPlace, lens: Lens) -> bool:
    """Whether the biases of a layer are written under its circles, rather than painted as squares."""
    return place.below > 0 and lens.scale > 0.9


def pill_box(x: float, y: float, text: str, writing: Writing) -> QRectF:
    """The pill around a text in the middle of a place."""
    m = writing.measures
    width, height = writing.metrics(m.small).horizontalAdvance(text) + m.px(12.0), m.pill
    return QRectF(x - width / 2, y - height / 2, width, height)


def paint_pill(painter: QPainter, x: float, y: float, text: str, theme: Theme, writing: Writing) -> None:
    """Write a bias into a pill."""
    box = pill_box(x, y, text, writing)
    painter.setBrush(QColor(theme.canvas))
    painter.setPen(QPen(QColor(theme.border), 1.0))
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    painter.setPen(QColor(theme.muted))
    writing.write(painter, text, box, writing.measures.small)
