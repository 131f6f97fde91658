"""The pictures of the inspector: an activation with its tangent, and each sample's share as bars."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.functions import Activation
from engine.records import FloatArray
from gui.numbers import full, short
from gui.theme import LIGHT, Theme
from gui.views.chain_rule.figures import figures


class SlopePlot(QWidget):
    """An activation f, dashed its slope f', and the tangent at z."""

    HEIGHT = 78

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._rule: Activation | None = None
        self._z: float | None = None
        self._curves: tuple[object, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def z(self) -> float | None:
        """Where the tangent touches; None when z is not known yet."""
        return self._z

    def set_point(self, rule: Activation, z: float | None) -> None:
        """Show `rule` with the tangent at `z`."""
        self._rule, self._z = rule, z if z is not None and np.isfinite(z) else None
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self.HEIGHT)

    def _sampled(self, reach: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """The curves over -reach..reach, kept until the activation or the reach changes."""
        key = (self._rule, reach)
        if not self._curves or self._curves[0] != key:
            assert self._rule is not None
            z = np.linspace(-reach, reach, 161)
            self._curves = (key, (z, self._rule.value(z), self._rule.slope(z)))
        return self._curves[1]  # type: ignore[return-value]

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._rule is None:
            return
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = abs(self._z) if self._z is not None else 0.0
        reach = 4.0 if size <= 3.6 else 2.0 ** np.ceil(np.log2(size / 0.9))
        z, f, slope = self._sampled(float(reach))
        low = min(float(f.min()), float(slope.min()), 0.0)
        high = max(float(f.max()), float(slope.max()))
        box = QRectF(1, 5, self.width() - 2, self.HEIGHT - 10)
        span = (high - low) or 1.0

        def place(x: float, y: float) -> QPointF:
            return QPointF(
                box.left() + (x + reach) / (2 * reach) * box.width(),
                box.bottom() - (y - low) / span * box.height(),
            )

        painter.setPen(QPen(QColor(theme.grid), 1))
        painter.drawLine(place(-reach, 0), place(reach, 0))
        painter.drawLine(place(0, low), place(0, high))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.muted), 1.2, Qt.PenStyle.DashLine))
        painter.drawPolyline(
            QPolygonF([place(*point) for point in zip(z.tolist(), slope.tolist(), strict=True)])
        )
        painter.setPen(QPen(QColor(theme.positive), 1.8))
        painter.drawPolyline(QPolygonF([place(*point) for point in zip(z.tolist(), f.tolist(), strict=True)]))
        self._label(painter, place)
        if self._z is None:
            return
        here = np.array([self._z])
        value, steepness = float(self._rule.value(here)[0]), float(self._rule.slope(here)[0])
        point = place(self._z, value)
        ahead = place(self._z + reach / 4, value + steepness * reach / 4) - point
        length = float(np.hypot(ahead.x(), ahead.y())) or 1.0
        tangent = ahead * (34.0 / length)
        painter.setPen(QPen(QColor(theme.selection), 2))
        painter.drawLine(point - tangent, point + tangent)
        painter.setBrush(QColor(theme.selection))
        painter.drawEllipse(point, 3.5, 3.5)
        painter.setBrush(QColor(theme.surface))
        painter.drawEllipse(place(self._z, steepness), 2.5, 2.5)

    def _label(self, painter: QPainter, place: object) -> None:
        painter.setFont(figures(self.font(), 0.86))
        painter.setPen(QColor(self._theme.positive))
        painter.drawText(QPointF(2, 15), "f")
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(QPointF(14, 15), "f′")


class ShareBars(QWidget):
    """Bars of the samples, sorted; a click or the arrow keys choose one.

    Signals
    -------
    sample_chosen(int)
        Its row in the mini-batch.
    """

    sample_chosen = Signal(int)
    HEIGHT = 84

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._values: FloatArray = np.empty(0)
        self._order = np.empty(0, dtype=np.intp)
        self._sample = 0
        self._tip = "{sample}: {value}"
        self._rows: FloatArray = np.empty(0)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def order(self) -> list[int]:
        """The samples from left to right."""
        return [int(sample) for sample in self._order]

    @property
    def sample(self) -> int:
        """The sample that is marked."""
        return self._sample

    def set_values(self, values: FloatArray, sample: int, tip: str, rows: FloatArray) -> None:
        """Show each sample's value, smallest first, and mark one.

        Parameters
        ----------
        values : (B,)
        tip : str
            With places for ``{sample}``, ``{row}`` and ``{value}``.
        rows : (B,)
            Rows of the data set.
        """
        self._values, self._sample, self._tip, self._rows = values, sample, tip, rows
        self._order = np.argsort(np.where(np.isnan(values), 0.0, values), kind="stable")
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self.HEIGHT)

    def place_of(self, sample: int) -> QPointF:
        """The middle of a sample's bar."""
        rank = int(np.flatnonzero(self._order == sample)[0])
        return QPointF((rank + 0.5) * self.width() / len(self._order), self.HEIGHT / 2)

    def _sample_at(self, x: float) -> int | None:
        count = len(self._order)
        if not count:
            return None
        return int(self._order[min(max(int(x * count / max(1, self.width())), 0), count - 1)])

    def paintEvent(self, event: QPaintEvent) -> None:
        count = len(self._order)
        if not count:
            return
        theme, painter = self._theme, QPainter(self)
        values = np.nan_to_num(self._values[self._order], posinf=0.0, neginf=0.0)
        low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
        span = (high - low) or 1.0
        top, height = 6.0, self.HEIGHT - 12.0
        zero = round(top + high / span * height) + 0.5
        slot = self.width() / count
        bar = slot * 0.8 if slot > 4 else slot
        if count > self.width():
            # no more bars than pixels: of those that share a pixel the largest is drawn
            edges = np.linspace(0, count, int(self.width()) + 1).astype(int)[:-1]
            upper, lower = np.maximum.reduceat(values, edges), np.minimum.reduceat(values, edges)
            values = np.where(upper > -lower, upper, lower)
            slot = bar = 1.0
        heights = np.abs(values) / span * height
        lefts = np.arange(len(values)) * slot + (slot - bar) / 2
        for sign, colour in ((1, theme.positive), (-1, theme.negative)):
            here = values * sign > 0
            tops = zero - heights[here] if sign > 0 else np.full(int(here.sum()), zero)
            rects = [
                QRectF(x, y, bar, max(h, 1.0))
                for x, y, h in zip(lefts[here].tolist(), tops.tolist(), heights[here].tolist(), strict=True)
            ]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawRects(rects)
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.drawLine(QPointF(0, zero), QPointF(self.width(), zero))
        if 0 <= self._sample < count:
            middle = self.place_of(self._sample).x()
            width = max(self.width() / count, 4.0)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.selection), 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            left = min(max(middle - width / 2, 1.0), self.width() - width - 1.0)
            painter.drawRoundedRect(QRectF(left, 2, width, self.HEIGHT - 4), 3, 3)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            sample = self._sample_at(event.pos().x())
            if sample is not None:
                text = self._tip.format(
                    sample=sample + 1,
                    row=int(self._rows[sample]) + 1,
                    value=full(float(self._values[sample])),
                )
                QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        sample = self._sample_at(event.position().x())
        if sample is not None and event.button() == Qt.MouseButton.LeftButton:
            self.sample_chosen.emit(sample)
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not len(self._order):
            super().keyPressEvent(event)
            return
        rank = int(np.flatnonzero(self._order == self._sample)[0]) + step
        self.sample_chosen.emit(int(self._order[min(max(rank, 0), len(self._order) - 1)]))

    @property
    def summary(self) -> str:
        """The smallest and the largest value."""
        if not len(self._order):
            return ""
        return f"{short(float(self._values[self._order[0]]))} … {short(float(self._values[self._order[-1]]))}"
