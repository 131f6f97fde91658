"""Dots that run along the edges: which way values go forward, and deltas back."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shiboken6
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from engine.arrays import BoolArray, FloatArray
from engine.parts import Part
from engine.phases import FactorKind, Phase, PhaseKind
from gui.style.theme import Theme
from gui.training.messages import Frame
from gui.views.network.arrangement import Arrangement
from gui.views.network.buckets import robust_limit
from gui.views.network.edges import strongest
from gui.views.network.factors import parameter_in

SECONDS = 0.9
"""How long a flow runs; one through all layers a little longer."""
MOST = 240
"""Dots of a layer; of more edges, the strongest."""
LEVELS = 4
SMALLEST, LARGEST = 2.0, 5.0
"""Radii of the dots of the weakest and the strongest."""
TAIL = 0.09
"""Length of a dot's tail, as a share of the way."""

Points = FloatArray


class Wave(NamedTuple):
    """Dots that set off together.

    Attributes
    ----------
    start, end : (n, 2)
        Where they run from and to, world coordinates.
    strength : (n,)
        0 to 1: the size of a dot, and how fast it is.
    positive : (n,)
        Whether what it carries is; else the dot is a ring.
    begin, until : float
        When, as shares of the whole flow.
    """

    start: Points
    end: Points
    strength: FloatArray
    positive: BoolArray
    begin: float = 0.0
    until: float = 1.0


@np.errstate(all="ignore")  # a network that diverged flows, too
def waves(frame: Frame, arrangement: Arrangement, sample: int, selection: Part | None) -> tuple[Wave, ...]:
    """What flows in the phase of `frame`: w a forward, w delta back, of row `sample` of the mini-batch."""
    phase, last = frame.phase, len(frame.record.z)
    if phase is None:
        return ()
    found: list[Wave | None] = []
    if phase.kind is PhaseKind.FORWARD:
        layers = (phase.layer,) if phase.layer else range(1, last + 1)
        found = [_forward(frame, arrangement, layer, sample) for layer in layers]
    elif phase.kind is PhaseKind.LOSS:
        found = [_to_loss(frame, arrangement, sample)]
    elif phase.kind is PhaseKind.BACKWARD:
        layers = (phase.layer,) if phase.layer else range(last, 0, -1)
        found = [_backward(frame, arrangement, layer, sample) for layer in layers]
    elif phase.kind is PhaseKind.FACTOR:
        found = [_factor(frame, arrangement, phase, sample, selection)]
    present = [wave for wave in found if wave is not None]
    count = len(present)
    return tuple(w._replace(begin=k / count, until=(k + 1) / count) for k, w in enumerate(present))


def _factor(
    frame: Frame, arrangement: Arrangement, phase: Phase, sample: int, selection: Part | None
) -> Wave | None:
    part = parameter_in(selection, phase.layer)
    if part is None:
        return None
    if phase.factor in (FactorKind.UPSTREAM, FactorKind.DELTA):
        elementwise = frame.experiment.layers[phase.layer - 1].activation.elementwise
        return _backward(frame, arrangement, phase.layer, sample, part.unit if elementwise else None)
    if phase.factor is FactorKind.INCOMING and part.kind == "weight":
        return _forward(frame, arrangement, phase.layer, sample, (part.source, part.unit))
    return None


def _forward(
    frame: Frame, arrangement: Arrangement, layer: int, sample: int, only: tuple[int, int] | None = None
) -> Wave | None:
    record = frame.record
    carried = record.a[layer - 1][sample][:, None] * record.weights_before[layer - 1]
    below, here = arrangement.layers[layer - 1], arrangement.layers[layer]
    if only is not None:
        source, unit = np.array([only[0]]), np.array([only[1]])
    else:
        source, unit = np.divmod(strongest(carried, MOST), carried.shape[1])
    start, end = below.centres[source], here.centres[unit]
    return _wave(start, end, carried[source, unit], (below.radius, here.radius))


def _backward(
    frame: Frame, arrangement: Arrangement, layer: int, sample: int, only: int | None = None
) -> Wave | None:
    """What comes back to the units of a layer, or to the one unit `only`."""
    record = frame.record
    here = arrangement.layers[layer]
    if layer == len(record.z):
        units = np.arange(here.units) if only is None else np.array([only])
        delta = record.delta[-1][sample][units]
        chosen = strongest(delta, MOST)
        start = np.tile(_loss_side(arrangement), (len(chosen), 1))
        return _wave(start, here.centres[units[chosen]], delta[chosen], (0.0, here.radius))
    carried = record.weights_before[layer] * record.delta[layer][sample]
    if only is not None:
        carried = np.where(np.arange(len(carried))[:, None] == only, carried, 0.0)
    unit, following = np.divmod(strongest(carried, MOST), carried.shape[1])
    above = arrangement.layers[layer + 1]
    start, end = above.centres[following], here.centres[unit]
    return _wave(start, end, carried[unit, following], (above.radius, here.radius))


def _to_loss(frame: Frame, arrangement: Arrangement, sample: int) -> Wave | None:
    outputs = frame.record.a[-1][sample]
    chosen = strongest(outputs, MOST)
    end = np.tile(_loss_side(arrangement), (len(chosen), 1))
    last = arrangement.layers[-1]
    return _wave(last.centres[chosen], end, outputs[chosen], (last.radius, 0.0))


def _loss_side(arrangement: Arrangement) -> tuple[float, float]:
    return arrangement.loss.left, arrangement.loss.centre[1]


def _wave(start: Points, end: Points, carried: FloatArray, radii: tuple[float, float]) -> Wave | None:
    """Dots for what is not zero, from rim to rim of circles with these radii; None if nothing flows."""
    moving = np.isfinite(carried) & (carried != 0)
    if not moving.any():
        return None
    start, end, carried = start[moving], end[moving], carried[moving]
    limit = robust_limit([carried])
    strength = np.sqrt(np.minimum(np.abs(carried) / limit, 1.0))
    way = (end - start) / np.maximum(np.hypot(*(end - start).T), 1e-9)[:, None]
    start, end = start + radii[0] * way, end - radii[1] * way
    return Wave(start, end, strength, carried > 0)


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

    def places(self, wave: Wave) -> tuple[Points, Points, BoolArray]:
        """Where the dots of a wave are, where their tails end, and which are under way; world."""
        share = (self._now - wave.begin) / (wave.until - wave.begin)
        # the strongest need two thirds of the time that the weakest need
        along = share * (1.0 + 0.5 * wave.strength)
        under_way = (along > 0.0) & (along < 1.0)
        eased = _eased(along)[:, None]
        way = wave.end - wave.start
        return wave.start + eased * way, wave.start + _eased(along - TAIL)[:, None] * way, under_way

    def paint(self, painter: QPainter, scale: float, dx: float, dy: float, theme: Theme) -> None:
        """Draw the dots in pixels: `painter` has no transform, world times `scale` plus (dx, dy) is used."""
        for wave in self._waves:
            if not wave.begin <= self._now < wave.until:
                continue
            dots, tails, under_way = self.places(wave)
            pixels = np.hstack([tails, dots]) * scale + (dx, dy, dx, dy)
            level = np.minimum((wave.strength * LEVELS).astype(int), LEVELS - 1)
            for sign, colour in ((True, theme.positive), (False, theme.negative)):
                for strength in range(LEVELS):
                    chosen = under_way & (wave.positive == sign) & (level == strength)
                    if chosen.any():
                        radius = SMALLEST + (LARGEST - SMALLEST) * strength / (LEVELS - 1)
                        _paint_dots(
                            painter, np.ascontiguousarray(pixels[chosen]), radius, colour, sign, theme
                        )


def _eased(along: FloatArray) -> FloatArray:
    """Slow at both ends of the way."""
    x = np.clip(along, 0.0, 1.0)
    eased: FloatArray = x * x * (3.0 - 2.0 * x)
    return eased


def _paint_dots(
    painter: QPainter, lines: Points, radius: float, colour: str, positive: bool, theme: Theme
) -> None:
    """Draw dots of one kind at the ends of the `lines` (n, 4) that are their tails."""
    pen = QPen(QColor(colour), max(1.5, 0.9 * radius))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawLines(shiboken6.wrapInstance(lines.ctypes.data, QLineF), len(lines))  # type: ignore[call-overload]
    # a ring is negative: the sign is not in the colour alone
    painter.setPen(QPen(QColor(theme.canvas if positive else colour), 1.0 if positive else 1.8))
    painter.setBrush(QColor(colour if positive else theme.canvas))
    for _, _, x, y in lines.tolist():
        painter.drawEllipse(QPointF(x, y), radius + 0.5, radius + 0.5)
