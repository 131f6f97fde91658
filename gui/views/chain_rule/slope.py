"""The local slope as a picture: the activation, its slope, and the tangent at z."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.arrays import FloatArray
from engine.explain import Explanation
from engine.functions import Activation
from gui.style.fonts import px, tabular
from gui.style.theme import LIGHT, Theme
from gui.text.numbers import short
from gui.text.plain import tooltip
from gui.text.settings import word
from gui.training.messages import Frame
from gui.views.chain_rule.section import Known, Section
from gui.widgets.table import UNKNOWN

REACH = 4.0
"""The z at the ends of the picture; it is doubled until the z to show lies well within."""


class SlopePlot(QWidget):
    """An activation f, dashed its slope f', and the tangent at z."""

    HEIGHT = 66

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._rule: Activation | None = None
        self._z: float | None = None
        self._sampled: tuple[Activation, float, FloatArray, FloatArray, FloatArray] | None = None
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
        return QSize(200, px(self.HEIGHT))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def _curves(self, rule: Activation, reach: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Samples of z, f and f' over -reach..reach, kept until another is asked for."""
        if self._sampled is None or self._sampled[:2] != (rule, reach):
            z = np.linspace(-reach, reach, 161)
            self._sampled = rule, reach, z, rule.value(z), rule.slope(z)
        return self._sampled[2:]

    def paintEvent(self, event: QPaintEvent) -> None:
        rule = self._rule
        if rule is None:
            return
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        reach = REACH
        while self._z is not None and abs(self._z) > 0.9 * reach:
            reach *= 2.0
        z, f, slope = self._curves(rule, reach)
        low = min(float(f.min()), float(slope.min()), 0.0)
        span = max(float(f.max()), float(slope.max())) - low or 1.0
        box = QRectF(1, 5, self.width() - 2, self.height() - 10)

        def place(x: float, y: float) -> QPointF:
            right = (x + reach) / (2 * reach)
            return QPointF(box.left() + right * box.width(), box.bottom() - (y - low) / span * box.height())

        def curve(y: FloatArray) -> QPolygonF:
            return QPolygonF([place(*point) for point in zip(z.tolist(), y.tolist(), strict=True)])

        painter.setPen(QPen(QColor(theme.grid), 1))
        painter.drawLine(place(-reach, 0), place(reach, 0))
        painter.drawLine(QPointF(place(0, 0).x(), box.top()), QPointF(place(0, 0).x(), box.bottom()))
        painter.setPen(QPen(QColor(theme.muted), 1.2, Qt.PenStyle.DashLine))
        painter.drawPolyline(curve(slope))
        painter.setPen(QPen(QColor(theme.positive), 1.8))
        painter.drawPolyline(curve(f))
        painter.setFont(tabular(self.font(), 0.86))
        painter.drawText(QPointF(2, 15), "f")
        painter.setPen(QColor(theme.muted))
        painter.drawText(QPointF(14, 15), "f′")
        if self._z is None:
            return
        here = np.array([self._z])
        value, steepness = float(rule.value(here)[0]), float(rule.slope(here)[0])
        point = place(self._z, value)
        ahead = place(self._z + 1.0, value + steepness) - point
        tangent = ahead * (34.0 / (float(np.hypot(ahead.x(), ahead.y())) or 1.0))
        painter.setPen(QPen(QColor(theme.selection), 2))
        painter.drawLine(point - tangent, point + tangent)
        painter.setBrush(QColor(theme.selection))
        painter.drawEllipse(point, 3.5, 3.5)
        painter.setBrush(QColor(theme.surface))
        painter.drawEllipse(place(self._z, steepness), 2.5, 2.5)


class SlopeSection(Section):
    """The activation of the unit's layer: z, a and the slope there, and a picture."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.plot = SlopePlot()
        self.plot.setObjectName("chainRuleSlope")
        self.fill(self.plot)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.plot.set_theme(theme)

    def applies(self, e: Explanation) -> bool:
        return e.layer > 0 and not e.is_softmax

    def explain(self, frame: Frame, e: Explanation, known: Known, sample: int) -> None:
        rule = frame.experiment.layers[e.layer - 1].activation
        numbers = (float(e.z[sample]), float(e.a[sample])) if known.forward else (None, None)
        own = None
        if known.slope:  # of the function itself: a dropout mask is no part of it
            own = float(rule.slope(np.array([e.z[sample]]))[0])
        z, a, slope = (UNKNOWN if number is None else short(number) for number in (*numbers, own))
        name = word(rule.name)
        title = f"{name} · z = {z}, a = {a}, {name}′ = {slope}"
        self.set_title(title, f"{title}\n{self._about(rule)}", f"z {z}, a {a}, f′ {slope}")
        self.plot.set_point(rule, numbers[0] if known.slope else None)

    def show_rule(self, rule: Activation) -> None:
        """Show an activation without a point on it."""
        self.set_title(word(rule.name), self._about(rule))
        self.plot.set_point(rule, None)

    def _about(self, rule: Activation) -> str:
        self.plot.setAccessibleName(self.tr("Activation with its tangent"))
        about = self.tr("The activation f, dashed its slope f′, and the tangent at z")
        self.plot.setToolTip(tooltip(about))
        return about
