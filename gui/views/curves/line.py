"""A line of a chart, its colours and its pens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from engine.arrays import FloatArray
from gui.style.theme import Theme
from gui.views.curves.points import Points

# Far from the training's blue, the validation's orange and the selection's violet, and from each other.
_HUES = (0.39, 0.91, 0.50, 0.16, 0.99, 0.28)


@dataclass(eq=False)
class Line:
    """One curve of a chart: a pale band from least to greatest, and the mean over it.

    Attributes
    ----------
    key : str
        Names its legend button: ``legend`` and the key.
    series : Points
    colour : function of the theme
    dash : tuple of float
        Pattern in pixels; empty for a full line.
    window : int
        Values the mean goes over.
    marker : str
        The shape that stands on it here and there, so that it is told apart without its colour: circle,
        square, triangle or diamond; empty for none.
    band : bool
        Whether what was measured is drawn, and not its mean alone.
    shown : bool
    name, measured_name : str
        What the line is called; what one value is called where the line is a mean of several, or
        nothing, when it is not to be read out.
    short_name : str
        What stands in the legend, if not the name.
    end : int or None
        The last step of the run it is of, if that is another than the one that is shown.
    """

    key: str
    series: Points
    colour: Callable[[Theme], QColor]
    dash: tuple[float, ...] = ()
    marker: str = ""
    window: int = 1
    band: bool = True
    shown: bool = True
    name: str = ""
    measured_name: str = ""
    short_name: str = ""
    end: int | None = None

    @property
    def said(self) -> str:
        """What the line is called as it is: one that is no mean is what was measured."""
        return self.measured_name if self.window == 1 and self.measured_name else self.name


def ink(theme: Theme) -> QColor:
    """The colour of a line that is no layer's and no data set's."""
    return QColor(theme.text)


def run_colour(hue: int, theme: Theme) -> QColor:
    """A pale colour of another run; runs that share a hue differ in depth."""
    turn, place = divmod(hue, len(_HUES))
    light, depth = not theme.dark, 0.25 * (turn % 2)
    saturation, value = (0.45 + depth, 0.80 - depth) if light else (0.55 - depth, 0.60 + depth)
    return QColor.fromHsvF(_HUES[place], saturation, value)


def pen_of(colour: QColor, dash: tuple[float, ...] = (), width: float = 1.0) -> QPen:
    """A pen of one width at any zoom; `dash` in pixels."""
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dash:
        pen.setDashPattern([length / width for length in dash])
    return pen


_CORNERS: dict[str, tuple[tuple[float, float], ...]] = {
    "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
    "triangle": ((0, -1.3), (1.25, 1), (-1.25, 1)),
    "diamond": ((0, -1.4), (1.4, 0), (0, 1.4), (-1.4, 0)),
}


def draw_marker(painter: QPainter, marker: str, at: QPointF, size: float = 3.4) -> None:
    """One of the shapes of `Line.marker`."""
    if marker == "circle":
        painter.drawEllipse(at, size, size)
    else:
        corners = [QPointF(at.x() + size * x, at.y() + size * y) for x, y in _CORNERS[marker]]
        painter.drawPolygon(QPolygonF(corners))


def draw_line(painter: QPainter, x: FloatArray, y: FloatArray) -> None:
    """A line through all the points that are numbers, broken where one is not."""
    known = np.flatnonzero(~np.isnan(y))
    for part in np.split(known, np.flatnonzero(np.diff(known) > 1) + 1):
        if len(part) > 1:
            painter.drawPolyline(arrayToQPolygonF(x[part], y[part]))
        elif len(part):
            painter.drawPoint(QPointF(x[part[0]], y[part[0]]))
