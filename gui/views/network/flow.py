"""What is under way in a phase: arrowheads along its edges, and pulses that run once when it begins."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shiboken6
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from engine.arrays import BoolArray, FloatArray, IntArray
from engine.parts import Part
from engine.phases import FactorKind, Phase, PhaseKind
from gui.style.theme import Theme
from gui.training.messages import Frame
from gui.views.network.arrangement import Arrangement
from gui.views.network.buckets import thickness
from gui.views.network.edges import strongest
from gui.views.network.factors import parameter_in
from gui.views.network.quantities import Picture

MOST = 240
"""Edges of a layer along which something runs; of more, the strongest."""
MOST_ARROWS = 24
"""Edges of a layer with arrowheads; of more, those that carry most."""
CROWDED = 12
"""Edges of a layer from which arrowheads are small."""
LENGTH = 22.0
"""Pixels of a pulse."""
MORE = 2.0
"""Pixels by which it is thicker than its edge."""
GROUPS = 4
"""Thicknesses that are told apart."""
ARROW = 13.0
"""Pixels of an arrowhead's length."""

Points = FloatArray


class Wave(NamedTuple):
    """What sets off together along some edges.

    Attributes
    ----------
    start, end : (n, 2)
        Where it runs from and to, rim to rim; world coordinates.
    thickness : (n,)
        0 to 1, from the thinnest edge to the thickest.
    positive : (n,)
        Whether what it carries is.
    size : (n,)
        The magnitude of what it carries.
    fills : (int, str) or None
        The layer it comes to, and which of the storeys it fills there: "a" or "delta".
    begin, until : float
        When, as shares of the whole flow.
    """

    start: Points
    end: Points
    thickness: FloatArray
    positive: BoolArray
    size: FloatArray
    fills: tuple[int, str] | None = None
    begin: float = 0.0
    until: float = 1.0


@np.errstate(all="ignore")  # a network that diverged flows, too
def waves(
    frame: Frame, arrangement: Arrangement, picture: Picture, limit: float, selection: Part | None
) -> tuple[Wave, ...]:
    """What flows in the phase of `frame`: w a forward, w delta back, of what the units show.

    `limit` is the number of the thickest edge.
    """
    phase, last = frame.phase, len(frame.record.z)
    if phase is None:
        return ()
    ways = _Ways(frame, arrangement, picture, limit)
    found: list[Wave | None] = []
    if phase.kind is PhaseKind.FORWARD:
        layers = (phase.layer,) if phase.layer else range(1, last + 1)
        found = [ways.forward(layer) for layer in layers]
    elif phase.kind is PhaseKind.LOSS:
        found = [ways.to_loss()]
    elif phase.kind is PhaseKind.BACKWARD:
        layers = (phase.layer,) if phase.layer else range(last, 0, -1)
        found = [ways.backward(layer) for layer in layers]
    elif phase.kind is PhaseKind.FACTOR:
        found = [_factor(ways, phase, selection)]
    present = [wave for wave in found if wave is not None]
    count = len(present)
    return tuple(w._replace(begin=k / count, until=(k + 1) / count) for k, w in enumerate(present))


def _factor(ways: _Ways, phase: Phase, selection: Part | None) -> Wave | None:
    part = parameter_in(selection, phase.layer)
    if part is None:
        return None
    if phase.factor in (FactorKind.UPSTREAM, FactorKind.DELTA):
        elementwise = ways.frame.experiment.layers[phase.layer - 1].activation.elementwise
        wave = ways.backward(phase.layer, part.unit if elementwise else None)
        # a factor of delta, but not yet delta
        return None if wave is None else wave._replace(fills=None)
    if phase.factor is FactorKind.INCOMING and part.kind == "weight":
        wave = ways.forward(phase.layer, (part.source, part.unit))
        return None if wave is None else wave._replace(fills=None)
    return None


class _Ways:
    """The ways between the units of a picture."""

    def __init__(self, frame: Frame, arrangement: Arrangement, picture: Picture, limit: float) -> None:
        self.frame, self._arrangement, self._picture, self._limit = frame, arrangement, picture, limit

    def forward(self, layer: int, only: tuple[int, int] | None = None) -> Wave | None:
        values = self._picture.a[layer - 1]
        if values is None or self._arrangement.matrix(layer) is not None:
            return None
        carried = values[:, None] * self.frame.record.weights_before[layer - 1]
        if only is not None:
            source, unit = np.array([only[0]]), np.array([only[1]])
        else:
            source, unit = np.divmod(strongest(carried, MOST), carried.shape[1])
        below, here = self._arrangement.layers[layer - 1], self._arrangement.layers[layer]
        return _wave(
            below.centres[source],
            here.centres[unit],
            carried[source, unit],
            (below.radius, here.radius),
            self._thickness(layer, source, unit),
            (layer, "a"),
        )

    def backward(self, layer: int, only: int | None = None) -> Wave | None:
        """What comes back to the units of a layer, or to the one unit `only`."""
        here = self._arrangement.layers[layer]
        if layer == len(self._arrangement.layers) - 1:
            delta = self._picture.delta[layer]
            if delta is None:
                return None
            chosen = strongest(delta, MOST) if only is None else np.array([only])
            start = self._at_loss(here.centres[chosen])
            thin = np.zeros(len(chosen))
            return _wave(
                start, here.centres[chosen], delta[chosen], (0.0, here.radius), thin, (layer, "delta")
            )
        following = self._picture.delta[layer + 1]
        if following is None or self._arrangement.matrix(layer + 1) is not None:
            return None
        carried = self.frame.record.weights_before[layer] * following
        if only is not None:
            carried = np.where(np.arange(len(carried))[:, None] == only, carried, 0.0)
        unit, target = np.divmod(strongest(carried, MOST), carried.shape[1])
        above = self._arrangement.layers[layer + 1]
        return _wave(
            above.centres[target],
            here.centres[unit],
            carried[unit, target],
            (above.radius, here.radius),
            self._thickness(layer + 1, unit, target),
            (layer, "delta"),
        )

    def to_loss(self) -> Wave | None:
        outputs, last = self._picture.a[-1], self._arrangement.layers[-1]
        if outputs is None:
            return None
        chosen = strongest(outputs, MOST)
        start = last.centres[chosen]
        thin = np.zeros(len(chosen))
        return _wave(start, self._at_loss(start), outputs[chosen], (last.radius, 0.0), thin, None)

    def _at_loss(self, outputs: Points) -> Points:
        loss = self._arrangement.loss
        at = (loss.centre[0], loss.top) if self._arrangement.loss_below else (loss.left, loss.centre[1])
        return np.tile(at, (len(outputs), 1))

    def _thickness(self, layer: int, source: IntArray, unit: IntArray) -> FloatArray:
        values = self._picture.edges[layer - 1]
        return np.zeros(len(source)) if values is None else thickness(values[source, unit], self._limit)


def _wave(
    start: Points,
    end: Points,
    carried: FloatArray,
    radii: tuple[float, float],
    thick: FloatArray,
    fills: tuple[int, str] | None,
) -> Wave | None:
    """What is not zero, from rim to rim of circles with these radii; None if nothing flows."""
    moving = np.isfinite(carried) & (carried != 0)
    if not moving.any():
        return None
    start, end = start[moving], end[moving]
    way = (end - start) / np.maximum(np.hypot(*(end - start).T), 1e-9)[:, None]
    start, end = start + radii[0] * way, end - radii[1] * way
    return Wave(start, end, thick[moving], carried[moving] > 0, np.abs(carried[moving]), fills)


def paint_arrows(
    painter: QPainter,
    waves: Sequence[Wave],
    scale: float,
    dx: float,
    dy: float,
    theme: Theme,
    length: float,
) -> None:
    """Draw two arrowheads on each way of the phase, near both ends, pointing where the value goes."""
    painter.setPen(QPen(QColor(theme.canvas), 1.0))
    for wave in waves:
        drawn = strongest(wave.size, MOST_ARROWS)
        start, end = wave.start[drawn] * scale + (dx, dy), wave.end[drawn] * scale + (dx, dy)
        long = length if len(drawn) <= CROWDED else 0.7 * length
        for (x0, y0), (x1, y1), positive in zip(
            start.tolist(), end.tolist(), wave.positive[drawn].tolist(), strict=True
        ):
            far = math.hypot(x1 - x0, y1 - y0)
            if far < 1.5 * long:
                continue
            ux, uy = (x1 - x0) / far, (y1 - y0) / far
            painter.setBrush(QColor(theme.positive if positive else theme.negative))
            tips = (far - 2.0, 1.6 * long) if far > 4.0 * long else (far - 2.0,)
            for tip in tips:
                x, y = x0 + tip * ux, y0 + tip * uy
                bx, by, half = x - long * ux, y - long * uy, 0.5 * long
                painter.drawPolygon(
                    QPolygonF(
                        [
                            QPointF(x, y),
                            QPointF(bx - half * uy, by + half * ux),
                            QPointF(bx + half * uy, by - half * ux),
                        ]
                    )
                )


class Flow:
    """Waves that run once.

    Parameters
    ----------
    waves : tuple of Wave
    began : float
        The time it begins at, in seconds.
    seconds : float
        How long it takes.
    """

    def __init__(self, waves: tuple[Wave, ...], began: float, seconds: float) -> None:
        self._waves = waves
        self._began = began
        self._seconds = seconds
        self._now = 0.0

    def advance(self, now: float) -> bool:
        """Move on to a time; False once all have arrived."""
        self._now = (now - self._began) / self._seconds
        return self._now < 1.0

    @property
    def awaited(self) -> frozenset[tuple[int, str]]:
        """The storeys of layers that have not been reached yet."""
        return frozenset(wave.fills for wave in self._waves if wave.fills and self._now < wave.until)

    def share(self, wave: Wave) -> float:
        """How far on its way a wave is, 0 to 1."""
        share = (self._now - wave.begin) / (wave.until - wave.begin)
        x = min(max(share, 0.0), 1.0)
        return x * x * (3.0 - 2.0 * x)  # slow at both ends of the way

    def paint(
        self,
        painter: QPainter,
        scale: float,
        dx: float,
        dy: float,
        theme: Theme,
        widths: tuple[float, float],
        length: float,
    ) -> None:
        """Draw the pulses in pixels: `painter` has no transform, world times `scale` plus (dx, dy) is used.

        `widths` are those of the thinnest and of the thickest edge.
        """
        for wave in self._waves:
            if not wave.begin <= self._now < wave.until:
                continue
            start, end = wave.start * scale + (dx, dy), wave.end * scale + (dx, dy)
            way = end - start
            far = np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-9)
            head = self.share(wave) * (far + length)
            ends = np.minimum(head, far)[:, None], np.clip(head - length, 0.0, far)[:, None]
            unit = way / far[:, None]
            lines = np.hstack([start + ends[1] * unit, start + ends[0] * unit])
            group = np.minimum((wave.thickness * GROUPS).astype(int), GROUPS - 1)
            for sign, colour in ((True, theme.positive), (False, theme.negative)):
                for level in range(GROUPS):
                    chosen = (wave.positive == sign) & (group == level)
                    if chosen.any():
                        thick = widths[0] + (widths[1] - widths[0]) * level / (GROUPS - 1) + MORE
                        _paint_pulses(
                            painter, np.ascontiguousarray(lines[chosen]), max(thick, 4.0), colour, sign, theme
                        )


def _paint_pulses(
    painter: QPainter, lines: Points, thick: float, colour: str, positive: bool, theme: Theme
) -> None:
    """Draw pulses along `lines` (n, 4); hollow ones are negative: the sign is not in the colour alone."""
    pen = QPen(QColor(colour), thick)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    layers = [pen]
    if not positive:
        hollow = QPen(QColor(theme.canvas), max(thick - 3.0, 1.5))
        hollow.setCapStyle(Qt.PenCapStyle.RoundCap)
        layers.append(hollow)
    for each in layers:
        painter.setPen(each)
        painter.drawLines(  # type: ignore[call-overload]
            shiboken6.wrapInstance(lines.ctypes.data, QLineF), len(lines)
        )
