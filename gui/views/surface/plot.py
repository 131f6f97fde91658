"""The drawing of the surface: regions or heights as an image, the rows of the data as marks over it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from pyqtgraph.functions import arrayToQPolygonF
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QGraphicsItem, QGraphicsObject, QWidget

from engine.arrays import BoolArray, FloatArray, IntArray
from gui.style.fonts import small
from gui.style.theme import LIGHT, Theme
from gui.text import numbers
from gui.views.surface.colours import height_shades
from gui.views.surface.pictures import words_image

REACH = 9.0
"""Pixels from a mark that still count as on it."""

MARK = 4.2
"""Half the width of a mark, in pixels."""

RING = MARK + 3.0
OUTLINED = 1.25
"""How much larger the marks of the mini-batch are."""

MOST_RINGS = 500
FULL_SIZE, SMALLEST_MARK = 380.0, 0.5
"""Pixels of a plot from which on marks have their full size, and how small they may be."""

BAR_WIDTH = 12
ROOMY = 330
"""Pixels of height from which on the axes are named, too; what varies is chosen beside the plot."""

CLICK = 4
SHAPES = 6


@dataclass(frozen=True, eq=False)
class Marks:
    """Rows of the data over the surface.

    Attributes
    ----------
    rows : (m,) int
        Rows of the data set.
    x, y : (m,)
        Where they lie; not drawn where that is not a number.
    groups : (m,) int
        Indices into `colours`; the shape tells groups apart as well.
    colours : list of QColor
    held_out : (m,) bool
        Drawn hollow.
    shaped : bool
        Whether groups have shapes of their own.
    """

    rows: IntArray
    x: FloatArray
    y: FloatArray
    groups: IntArray
    colours: list[QColor]
    held_out: BoolArray
    shaped: bool = True

    def shape(self, group: int) -> int:
        """The shape of a group's marks."""
        return shape_of(group, len(self.colours)) if self.shaped else 0


@dataclass(frozen=True, eq=False)
class Curve:
    """An output along one input."""

    x: FloatArray
    y: FloatArray
    colour: QColor


class SurfacePlot(pg.PlotWidget):  # type: ignore[misc]
    """Axes that can be zoomed and moved, with an image and marks in them.

    Signals
    -------
    range_changed()
        Another part of the plane is seen.
    pointed(QPointF or None)
        Where the mouse is, in the plane.
    clicked(int)
        The row of a mark.
    """

    range_changed = Signal()
    pointed = Signal(object)
    clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        axes = {side: _Axis(side) for side in ("bottom", "left")}
        super().__init__(parent, enableMenu=False, axisItems=axes)
        self.setObjectName("surfacePlot")
        self.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hideButtons()
        item = self.getPlotItem()
        item.ctrlMenu.setParent(self, Qt.WindowType.Popup)  # never shown, but made without an owner
        item.setContentsMargins(0, 4, 8, 0)
        self._theme = LIGHT
        self._font = small(self.font())
        self.x_axis, self.y_axis = item.getAxis("bottom"), item.getAxis("left")
        for axis in (self.x_axis, self.y_axis):
            axis.setPen(None)
            axis.setStyle(tickFont=self._font, tickLength=0, tickAlpha=0, tickTextOffset=4)
            axis.enableAutoSIPrefix(False)
        self._fit_axes()
        self.view = self.getViewBox()
        self.view.setDefaultPadding(0)
        self.view.disableAutoRange()
        self._canvas = _Canvas(self.view, self._paint)
        self.view.sigRangeChanged.connect(self._view_moved)
        self.view.sigResized.connect(self._view_moved)
        self.viewport().installEventFilter(self)
        self.setCursor(Qt.CursorShape.CrossCursor)

        self._image: QImage | None = None
        self._image_at = QRectF()
        self._marks: Marks | None = None
        self._batch: IntArray = np.empty(0, np.int64)
        self._ringed: IntArray | None = None
        self._highlight: int | None = None
        self._curves: list[Curve] = []
        self._bar: tuple[float, float] | None = None
        self.bar_box: QRectF | None = None
        """Where the bar that explains heights was painted last, in pixels of the plot."""
        self._layer: QPixmap | None = None
        self._pressed: QPointF | None = None

    # -- what is drawn -----------------------------------------------------------------------------

    @property
    def marks(self) -> Marks | None:
        """The rows that are drawn."""
        return self._marks

    @property
    def bounds(self) -> QRectF:
        """The part of the plane that is seen; its top is the least y."""
        (left, right), (bottom, top) = self.view.viewRange()
        return QRectF(left, bottom, right - left, top - bottom)

    def show_range(self, left: float, right: float, bottom: float, top: float) -> None:
        """See this part of the plane."""
        self.view.setRange(xRange=(left, right), yRange=(bottom, top), padding=0)

    def set_image(self, words: npt.NDArray[np.uint32] | None, at: QRectF) -> None:
        """Draw colours (rows, columns), from the bottom up, over a part of the plane; or nothing."""
        self._image = None if words is None else words_image(words[::-1])
        self._image_at = at
        self._canvas.update()

    @property
    def image(self) -> QImage | None:
        """The image that is drawn."""
        return self._image

    def set_curves(self, curves: list[Curve]) -> None:
        """Draw outputs over one input."""
        self._curves = curves
        self._canvas.update()

    def set_marks(self, marks: Marks | None) -> None:
        """Draw other rows."""
        self._marks, self._ringed = marks, None
        self._redraw_marks()

    def set_batch(self, rows: IntArray) -> None:
        """Outline the marks of these rows of the data set."""
        if not np.array_equal(rows, self._batch):
            self._batch, self._ringed = rows, None
            self._canvas.update()

    @property
    def outlined(self) -> tuple[int, ...]:
        """The rows of the marks that are outlined."""
        if self._marks is None:
            return ()
        return tuple(self._marks.rows[np.isin(self._marks.rows, self._batch)].tolist())

    @property
    def highlight(self) -> int | None:
        """The row of the data set that is ringed."""
        return self._highlight

    def set_highlight(self, row: int | None) -> None:
        """Mark one row of the data set as the selected one."""
        if row != self._highlight:
            self._highlight = row
            self._canvas.update()

    def set_bar(self, heights: tuple[float, float] | None) -> None:
        """Draw a bar that explains the colours of heights, or none."""
        self._bar = heights
        self._canvas.update()

    def set_axis_names(self, x: str, y: str) -> None:
        """Name the axes."""
        for axis, name in ((self.x_axis, x), (self.y_axis, y)):
            axis.setLabel(escape(name), **{"font-size": f"{self._font.pointSizeF()}pt"})
        self._fit_axes()

    def _fit_axes(self) -> None:
        """Leave room for the axes' numbers, and for their names where there is enough of it."""
        metrics, roomy = QFontMetricsF(self._font), self.height() >= ROOMY
        line = metrics.height() if roomy else 0.0
        self.x_axis.setHeight(metrics.height() + line + 8)
        self.y_axis.setWidth(self._widest_tick(metrics) + line + 8)
        for axis in (self.x_axis, self.y_axis):
            axis.showLabel(roomy and bool(axis.labelText))

    def _widest_tick(self, metrics: QFontMetricsF) -> float:
        """What the numbers along the left may need."""
        if not hasattr(self, "view"):
            return 0.0
        bounds = self.bounds
        ends = (bounds.top(), bounds.bottom(), bounds.center().y())
        return max(float(metrics.horizontalAdvance(numbers.short(end, 2))) for end in ends)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_figures"):  # pyqtgraph's constructor resizes before there are axes
            self._fit_axes()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.setBackground(theme.surface)
        self._font = small(self.font())
        for axis in (self.x_axis, self.y_axis):
            axis.setTextPen(theme.muted)
            axis.setStyle(tickFont=self._font)
            axis.setLabel(axis.labelText, **{"font-size": f"{self._font.pointSizeF()}pt"})
        self._fit_axes()
        self._redraw_marks()

    def mark_at(self, at: QPointF) -> int | None:
        """The place among the marks of the one under a point of the plane."""
        if self._marks is None or not len(self._marks.rows):
            return None
        x, y = self._pixels(self._marks.x - at.x(), self._marks.y - at.y(), relative=True)
        distance = np.hypot(x, y)
        distance[~np.isfinite(distance)] = np.inf
        nearest = int(distance.argmin())
        return nearest if distance[nearest] <= REACH else None

    # -- painting ----------------------------------------------------------------------------------

    def _redraw_marks(self) -> None:
        self._layer = None
        self._canvas.update()

    def _view_moved(self) -> None:
        self._fit_axes()
        self._redraw_marks()
        self.range_changed.emit()

    def _pixels(self, x: FloatArray, y: FloatArray, relative: bool = False) -> tuple[FloatArray, FloatArray]:
        """Pixels of points of the plane; `relative` for differences."""
        bounds, area = self.bounds, self.view.rect()
        across, down = area.width() / (bounds.width() or 1.0), area.height() / (bounds.height() or 1.0)
        if relative:
            return x * across, y * down
        return (x - bounds.left()) * across, area.height() - (y - bounds.top()) * down

    def _paint(self, painter: QPainter, area: QRectF) -> None:
        theme = self._theme
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(area, QColor(theme.canvas))
        if self._image is not None:
            x, y = self._pixels(
                np.array([self._image_at.left(), self._image_at.right()]),
                np.array([self._image_at.top(), self._image_at.bottom()]),
            )
            painter.drawImage(QRectF(x[0], y[1], x[1] - x[0], y[0] - y[1]), self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for curve in self._curves:
            x, y = self._pixels(curve.x, np.clip(curve.y, -1e12, 1e12))
            painter.setPen(QPen(curve.colour, 2.0))
            painter.drawPolyline(arrayToQPolygonF(x, np.clip(y, -1e4, 1e4)))
        if self._marks is not None:
            if self._layer is None:
                self._layer = self._drawn_marks(area, self._marks)
            painter.drawPixmap(QPointF(0, 0), self._layer)
            self._paint_rings(painter, self._marks)
        if self._bar is not None:
            self._paint_bar(painter, area, *self._bar)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.border), 1.0))
        painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5))

    @property
    def _mark_size(self) -> float:
        """How large marks are: smaller in a small plot, so that the regions are seen between them."""
        area = self.view.rect()
        side = float(min(area.width(), area.height()))
        return min(max(side / FULL_SIZE, SMALLEST_MARK), 1.0)

    def _drawn_marks(self, area: QRectF, marks: Marks) -> QPixmap:
        """All marks on one transparent picture, kept until the view moves."""
        ratio = self.devicePixelRatioF()
        layer = QPixmap(max(1, round(area.width() * ratio)), max(1, round(area.height() * ratio)))
        layer.setDevicePixelRatio(ratio)
        layer.fill(Qt.GlobalColor.transparent)
        x, y = self._pixels(marks.x, marks.y)
        inside = np.isfinite(x) & np.isfinite(y) & (x > -20) & (x < area.width() + 20)
        inside &= (y > -20) & (y < area.height() + 20)
        painter = QPainter(layer)
        for group in sorted(set(marks.groups.tolist())):
            for held in (False, True):
                chosen = inside & (marks.groups == group) & (marks.held_out == held)
                draw = mark_pixmap if marks.shaped else value_pixmap
                stamp = draw(marks.colours[group], marks.shape(group), held, self._theme, ratio)
                draw_stamps(painter, stamp, x[chosen], y[chosen], self._mark_size)
        painter.end()
        return layer

    def _paint_rings(self, painter: QPainter, marks: Marks) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._ringed is None:
            known = np.isfinite(marks.x) & np.isfinite(marks.y)
            self._ringed = np.flatnonzero(np.isin(marks.rows, self._batch) & known)[:MOST_RINGS]
        seen = self._ringed
        x, y = self._pixels(marks.x, marks.y)
        ratio = self.devicePixelRatioF()
        for group in sorted(set(marks.groups[seen].tolist())):
            chosen = seen[marks.groups[seen] == group]
            stamp = outlined_pixmap(marks.colours[group], marks.shape(group), self._theme, ratio)
            draw_stamps(painter, stamp, x[chosen], y[chosen], self._mark_size)
        if self._highlight is not None:
            painter.setPen(QPen(QColor(self._theme.selection), 2.4))
            for place in np.flatnonzero(marks.rows == self._highlight).tolist():
                if np.isfinite(x[place]) and np.isfinite(y[place]):
                    radius = (MARK + 5.5) * max(self._mark_size, 0.75)
                    painter.drawEllipse(QPointF(x[place], y[place]), radius, radius)

    def _paint_bar(self, painter: QPainter, area: QRectF, low: float, high: float) -> None:
        metrics = QFontMetricsF(self._font)
        texts = [numbers.short(value, 3) for value in (high, 0.5 * (low + high), low)]
        width = max(metrics.horizontalAdvance(text) for text in texts)
        height = min(0.45 * area.height(), 150.0)
        if height < 40:
            return
        back = self._clear_corner(area, BAR_WIDTH + width + 18, height + 12)
        self.bar_box, box = back, QRectF(back.left() + 6, back.top() + 6, BAR_WIDTH, height)
        surface = QColor(self._theme.surface)
        surface.setAlphaF(0.85)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(surface)
        painter.drawRoundedRect(back, 4, 4)
        painter.drawImage(box, words_image(height_shades(self._theme)[::-1, None]))
        painter.setFont(self._font)
        painter.setPen(QColor(self._theme.text))
        for share, text in zip((0.0, 0.5, 1.0), texts, strict=True):
            middle = box.top() + share * box.height()
            beside = QRectF(box.right() + 5, middle - metrics.height() / 2, width + 2, metrics.height())
            painter.drawText(beside, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _clear_corner(self, area: QRectF, width: float, height: float) -> QRectF:
        """A corner of so much room where the fewest marks are hidden."""
        left, top = area.left() + 4, area.top() + 4
        right, bottom = area.right() - 4 - width, area.bottom() - 4 - height
        corners = [
            QRectF(x, y, width, height)
            for x, y in ((right, top), (left, top), (right, bottom), (left, bottom))
        ]
        if self._marks is None:
            return corners[0]
        x, y = self._pixels(self._marks.x, self._marks.y)
        return min(
            corners,
            key=lambda box: int(
                ((x > box.left()) & (x < box.right()) & (y > box.top()) & (y < box.bottom())).sum()
            ),
        )

    # -- the mouse ---------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QMouseEvent):
            at = event.position()
            if kind == QEvent.Type.MouseMove:
                inside = self.view.sceneBoundingRect().contains(self.mapToScene(at.toPoint()))
                self.pointed.emit(self._plane_point(at) if inside else None)
            elif kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
                self._pressed = at
            elif kind == QEvent.Type.MouseButtonRelease and self._pressed is not None:
                moved, self._pressed = (at - self._pressed).manhattanLength(), None
                mark = self.mark_at(self._plane_point(at)) if moved <= CLICK else None
                if mark is not None and self._marks is not None:
                    self.clicked.emit(int(self._marks.rows[mark]))
        elif kind == QEvent.Type.Leave:
            self.pointed.emit(None)
        return bool(super().eventFilter(watched, event))

    def _plane_point(self, at: QPointF) -> QPointF:
        return QPointF(self.view.mapSceneToView(self.mapToScene(at.toPoint())))

    def pixel_of(self, x: float, y: float) -> QPointF:
        """The pixel of the viewport where a point of the plane is drawn."""
        return QPointF(self.mapFromScene(self.view.mapViewToScene(QPointF(x, y))))


def shape_of(group: int, groups: int) -> int:
    """The shape of a class's marks; of two classes the second is the round one."""
    return 1 - group if groups == 2 else group


def mark_pixmap(colour: QColor, shape: int, hollow: bool, theme: Theme, ratio: float = 1.0) -> QPixmap:
    """A mark: its colour and shape tell the class, hollow ones are for validation."""
    pixmap, painter = _blank(ratio)
    path = _shape(shape % SHAPES)
    if hollow:
        painter.setPen(QPen(QColor(theme.surface), 4.0, j=Qt.PenJoinStyle.RoundJoin))
        painter.drawPath(path)
        painter.setPen(QPen(colour, 2.0, j=Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(QColor(theme.surface))
    else:
        painter.setPen(QPen(QColor(theme.surface), 1.4, j=Qt.PenJoinStyle.RoundJoin))
        painter.setBrush(colour)
    painter.drawPath(path)
    painter.end()
    return pixmap


def value_pixmap(colour: QColor, shape: int, hollow: bool, theme: Theme, ratio: float = 1.0) -> QPixmap:
    """A mark whose fill is a height: round, with an outline; a dot within is for validation.

    It takes the arguments of `mark_pixmap`, and has one shape.
    """
    pixmap, painter = _blank(ratio)
    painter.setPen(QPen(QColor(theme.text), 1.0))
    painter.setBrush(colour)
    painter.drawPath(_shape(0))
    if hollow:
        painter.setBrush(QColor(theme.text))
        painter.drawEllipse(QPointF(0, 0), 1.2, 1.2)
    painter.end()
    return pixmap


def outlined_pixmap(colour: QColor, shape: int, theme: Theme, ratio: float = 1.0) -> QPixmap:
    """A mark of a row of the mini-batch: larger, with an outline."""
    pixmap, painter = _blank(ratio, RING + 1.5)
    painter.scale(OUTLINED, OUTLINED)
    painter.setPen(QPen(QColor(theme.text), 2.0 / OUTLINED, j=Qt.PenJoinStyle.MiterJoin))
    painter.setBrush(colour)
    painter.drawPath(_shape(shape % SHAPES))
    painter.end()
    return pixmap


def ring_pixmap(colour: str, ratio: float = 1.0) -> QPixmap:
    """A ring, as it is around the shown sample."""
    pixmap, painter = _blank(ratio, RING + 1.5)
    painter.setPen(QPen(QColor(colour), 2.4))
    painter.drawEllipse(QPointF(0, 0), RING - 1, RING - 1)
    painter.end()
    return pixmap


def _blank(ratio: float, half: float = MARK + 2) -> tuple[QPixmap, QPainter]:
    """A transparent picture for a mark, and a painter whose origin is its middle."""
    side = 2 * half
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(side / 2, side / 2)
    return pixmap, painter


def _shape(shape: int) -> QPainterPath:
    path = QPainterPath()
    if shape == 0:
        path.addEllipse(QPointF(0, 0), MARK - 0.4, MARK - 0.4)
        return path
    if shape == 1:
        path.addRect(QRectF(-MARK + 0.8, -MARK + 0.8, 2 * MARK - 1.6, 2 * MARK - 1.6))
        return path
    # Of about the same area as the circle
    corners, turn, far = {2: (3, -90.0, 1.25), 3: (4, 0.0, 1.1), 4: (3, 90.0, 1.25), 5: (5, -90.0, 1.0)}[
        shape
    ]
    angles = np.radians(turn + 360.0 / corners * np.arange(corners))
    points = [QPointF(far * MARK * float(np.cos(a)), far * MARK * float(np.sin(a))) for a in angles]
    path.addPolygon(QPolygonF(points))
    path.closeSubpath()
    return path


def draw_stamps(painter: QPainter, pixmap: QPixmap, x: FloatArray, y: FloatArray, size: float = 1.0) -> None:
    """Draw a small picture with its middle at each of some points, `size` times as large."""
    if not len(x):
        return
    fragments = PrimitiveArray(QPainter.PixmapFragment, 10)
    fragments.resize(len(x))
    scale = size / pixmap.devicePixelRatio()
    memory = fragments.ndarray()
    memory[:] = 0.0, 0.0, 0.0, 0.0, pixmap.width(), pixmap.height(), scale, scale, 0.0, 1.0
    memory[:, 0], memory[:, 1] = x, y
    first, count = fragments.drawargs()
    painter.drawPixmapFragments(first, count, pixmap)


class _Axis(pg.AxisItem):  # type: ignore[misc]
    """An axis with typographic minus signs."""

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        strings: list[str] = super().tickStrings(values, scale, spacing)
        return [text.replace("-", numbers.MINUS) for text in strings]


class _Canvas(QGraphicsObject):
    """The area between the axes, painted in its own pixels."""

    def __init__(self, view: pg.ViewBox, paint_area: Callable[[QPainter, QRectF], None]) -> None:
        super().__init__(view)
        self._view = view
        self._paint_area = paint_area
        self._area = QRectF(view.rect())
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsToShape)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        view.sigResized.connect(self._resized)

    def boundingRect(self) -> QRectF:
        """The whole of the view box."""
        return self._area

    def paint(self, painter: QPainter, option: Any, widget: Any = None) -> None:
        """Paint the area."""
        self._paint_area(painter, self._area)

    def _resized(self, _: Any) -> None:
        self.prepareGeometryChange()
        self._area = QRectF(self._view.rect())
