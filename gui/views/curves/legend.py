"""The buttons over a chart that name its lines, and hide or show them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QLineF, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from gui.style.theme import Theme, blend
from gui.text import numbers
from gui.text.plain import caption, tooltip
from gui.views.curves.line import Line, draw_marker, pen_of

_SWATCH = QSize(18, 12)


class Legend(QObject):
    """A row of buttons for a chart's own lines, and one for those of other runs.

    Parameters
    ----------
    chart : QWidget
    make_button : callable
        Gives a button of the chart that has this object name and stays down.

    Signals
    -------
    toggled()
        By the user: what is `shown` of a line has changed.
    """

    toggled = Signal()

    def __init__(self, chart: QWidget, make_button: Callable[[str], QToolButton]) -> None:
        super().__init__(chart)
        self._chart = chart
        self._make_button = make_button
        self._lines: Sequence[Line] = ()
        self._buttons: dict[str, QToolButton] = {}
        self.own, self.runs = _row(chart), _row(chart)

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Have a button for each key of these."""
        for button in self._buttons.values():
            button.hide()
            button.deleteLater()
        self._lines, self._buttons = lines, {}
        for line in lines:
            if line.key not in self._buttons:
                if line.end is None and line.measured_name:
                    self._add(f"{line.key}Band", line, line.band)
                self._add(line.key, line, line.shown)

    def _add(self, key: str, line: Line, on: bool) -> None:
        button = self._make_button(f"legend{key[0].upper()}{key[1:]}")
        button.setIconSize(_SWATCH)
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        button.setChecked(on)
        button.toggled.connect(self._toggle)
        row = (self.own if line.end is None else self.runs).layout()
        assert isinstance(row, QHBoxLayout)
        row.insertWidget(row.count() - 1, button)
        self._buttons[key] = button

    def draw(self, theme: Theme) -> None:
        """Name the lines, in the language and the colours of the moment."""
        for line in reversed(self._lines):  # the first of several with one button is what that shows
            button = self._buttons[line.key]
            button.setText(caption(line.short_name or line.said))
            button.setAccessibleName(line.said)
            button.setToolTip(tooltip(_tip(line)))
            button.setVisible(bool(len(line.series)))
            button.setIcon(self._swatch(line, theme))
            band = self._buttons.get(f"{line.key}Band")
            if band is not None:
                band.setText(caption(line.measured_name))
                band.setAccessibleName(line.measured_name)
                band.setToolTip(tooltip(_tip_of_band()))
                band.setVisible(self._has_band(line))
                band.setIcon(self._band_swatch(line, theme))

    def grow(self) -> None:
        """Show the buttons of lines that have come to have points."""
        for line in self._lines:
            button = self._buttons[line.key]
            if button.isHidden() and len(line.series):
                button.show()
            band = self._buttons.get(f"{line.key}Band")
            if band is not None and band.isHidden() == self._has_band(line):
                band.setVisible(self._has_band(line))

    def _has_band(self, line: Line) -> bool:
        return line.window > 1 and bool(len(line.series))

    def _toggle(self, _: bool) -> None:
        for line in self._lines:
            line.shown = self._buttons[line.key].isChecked()
            band = self._buttons.get(f"{line.key}Band")
            if band is not None:
                line.band = band.isChecked()
        self.toggled.emit()

    def _swatch(self, line: Line, theme: Theme) -> QIcon:
        ratio = self._chart.devicePixelRatioF()
        pixmap = QPixmap(_SWATCH * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        colour = line.colour(theme) if line.shown else QColor(theme.border)
        if line.window > 1 and line.band and not line.measured_name:
            painter.fillRect(QRectF(0, 2, 18, 8), blend(colour, theme.surface, 0.75))
        painter.setPen(pen_of(colour, line.dash, 2.0))
        painter.drawLine(QLineF(0, 6, 18, 6))
        if line.marker:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            draw_marker(painter, line.marker, QPointF(9, 6))
        painter.end()
        return QIcon(pixmap)

    def _band_swatch(self, line: Line, theme: Theme) -> QIcon:
        ratio = self._chart.devicePixelRatioF()
        pixmap = QPixmap(_SWATCH * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        colour = line.colour(theme) if line.shown and line.band else QColor(theme.border)
        painter.fillRect(QRectF(1, 1, 16, 10), blend(colour, theme.surface, 0.65))
        painter.end()
        return QIcon(pixmap)


def _row(parent: QWidget) -> QWidget:
    """A row for legend buttons; one too long is cut off, it must not keep the window wide."""
    row = QWidget(parent)
    row.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addStretch(1)
    return row


def _tip_of_band() -> str:
    return QCoreApplication.translate("Chart", "What each step measured, pale. Click to hide or show")


def _tip(line: Line) -> str:
    if line.end is not None:
        return QCoreApplication.translate("Chart", "{run}. Click to hide or show").format(run=line.name)
    if line.window == 1 or not line.band:
        return QCoreApplication.translate("Chart", "Click to hide or show")
    return QCoreApplication.translate("Chart", "The mean over {count} steps. Click to hide or show").format(
        count=numbers.grouped(line.window)
    )
