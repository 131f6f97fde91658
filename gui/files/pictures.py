"""Pictures of views for slides and print: in light colours on white, as PNG, SVG or on the clipboard.

A view is painted as it stands on the screen, but in other colours, and put back before anything of it
can be seen. Its widgets are painted one by one, so that what draws itself sees the real device: then a
picture at a larger scale is drawn finer and not blown up.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPaintDevice, QPainter, QPalette, QPicture
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDockWidget,
    QGraphicsView,
    QScrollBar,
    QTabWidget,
    QWidget,
)

from gui.panels.centre import Centre
from gui.style.sheet import style_sheet
from gui.style.theme import LIGHT, Theme
from gui.views.network import NetworkView

PRINT = replace(LIGHT, name="print", window="#ffffff", canvas="#ffffff")
"""Light colours on white paper."""

SCALES = (1, 2, 3, 4)
"""Pixels of a PNG for one of the screen."""

FINENESS = 4
"""Dots of an SVG for one of the screen, where a view draws dots: circles that it pastes."""

INCH = 96
"""Pixels of the screen that make an inch of an SVG."""

_CHROME = ("autoRangeButton",)
"""Buttons that say nothing about the picture even when pressed."""


def image(view: QWidget, scale: float) -> QImage:
    """A picture of a visible view as it is now, `scale` pixels for one of the screen.

    Buttons that are not pressed say nothing about what is shown and are left out.
    """
    picture = QImage(view.size() * scale, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(scale)
    picture.fill(QColor(PRINT.canvas))
    _paint_on(picture, view)
    picture.setDotsPerMeterX(round(INCH * scale / 0.0254))
    picture.setDotsPerMeterY(round(INCH * scale / 0.0254))
    return picture


def svg(view: QWidget, title: str) -> bytes:
    """A picture of a visible view as it is now, in SVG 1.1."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    recording = _Recording()
    _paint_on(recording, view)
    sheet = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    sheet.setTitle(title)
    sheet.setSize(view.size())
    sheet.setViewBox(view.rect())
    sheet.setResolution(INCH)
    sheet.setOutputDevice(buffer)
    painter = QPainter(sheet)
    painter.scale(1 / FINENESS, 1 / FINENESS)
    painter.drawPicture(0, 0, recording)
    painter.end()
    buffer.close()
    return bytes(content.data())


def png(picture: QImage) -> bytes:
    """A picture as the bytes of a PNG file; in any thread."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]
    buffer.close()
    return bytes(content.data())


@contextmanager
def printed(view: QWidget, theme: Theme) -> Iterator[None]:
    """Let a view wear `PRINT` inside the block, and `theme` again after it.

    One in a tab or dock that is hidden is brought to the front meanwhile. Nothing of that is seen, for
    nothing is painted on the screen before the block ends.
    """
    with ExitStack() as stack:
        _bring_to_front(view, stack)
        if isinstance(view, NetworkView):
            stack.callback(view.canvas.graph.set_flow, view.canvas.graph.flow)
            view.canvas.graph.set_flow(None)
        _dress(view, PRINT)
        stack.callback(_dress, view, theme)
        yield


def dress_for_print(view: QWidget) -> None:
    """Let a view that is never on the screen wear `PRINT` for good."""
    _dress(view, PRINT)


def _dress(view: QWidget, theme: Theme) -> None:
    if hasattr(view, "set_theme"):
        view.set_theme(theme)
    palette = _palette(theme) if theme is PRINT else QPalette()
    view.setStyleSheet(style_sheet(theme) if theme is PRINT else "")
    for widget in (view, *view.findChildren(QWidget)):
        widget.setPalette(palette)
    if isinstance(view, NetworkView):
        view.canvas.graph.moving = False  # all lines are drawn smoothly


def _palette(theme: Theme) -> QPalette:
    role, palette = QPalette.ColorRole, QPalette()
    for roles, colour in (
        ((role.Window, role.Base, role.Button, role.Light), theme.surface),
        ((role.AlternateBase, role.Midlight), LIGHT.canvas),
        ((role.WindowText, role.Text, role.ButtonText), theme.text),
        ((role.Mid, role.Dark, role.Shadow), theme.border),
        ((role.PlaceholderText,), theme.muted),
        ((role.Highlight,), theme.positive),
        ((role.HighlightedText,), theme.surface),
    ):
        for each in roles:
            palette.setColor(each, QColor(colour))
    return palette


def _bring_to_front(view: QWidget, stack: ExitStack) -> None:
    if view.isVisible():
        return
    focus = QApplication.focusWidget()
    if focus is not None:
        stack.callback(focus.setFocus)
    parent = view.parentWidget()
    while parent is not None:
        if isinstance(parent, QTabWidget):
            stack.callback(parent.setCurrentIndex, parent.currentIndex())
            parent.setCurrentWidget(view)
        elif isinstance(parent, Centre):
            stack.enter_context(parent.fronted(view))
        elif isinstance(parent, QDockWidget) and parent.isHidden():
            stack.callback(parent.hide)
            parent.show()
        parent = parent.parentWidget()


class _Recording(QPicture):
    """A drawing to be played back, in which everything that asks for the device is told `FINENESS`."""

    def metric(self, metric: QPaintDevice.PaintDeviceMetric) -> int:
        kinds = QPaintDevice.PaintDeviceMetric
        if metric is kinds.PdmDevicePixelRatio:
            return FINENESS
        if metric is kinds.PdmDevicePixelRatioScaled:
            return round(FINENESS * QPaintDevice.devicePixelRatioFScale())
        if metric in (kinds.PdmDevicePixelRatioF_EncodedA, kinds.PdmDevicePixelRatioF_EncodedB):
            # Qt asks for the two halves of a double
            return int(struct.unpack("=2i", struct.pack("=d", FINENESS))[metric.value & 1])
        return super().metric(metric)


def _paint_on(device: QPaintDevice, view: QWidget) -> None:
    painter = QPainter(device)
    painter.setWindow(view.rect())  # a recording knows no size of its own, and items ask for it
    painter.setViewport(view.rect())
    with _on_screen_of(view, device.devicePixelRatio()):
        _paint(painter, view, QPoint())
    painter.end()


@contextmanager
def _on_screen_of(view: QWidget, fineness: float) -> Iterator[None]:
    """Let all widgets of a view believe that their screen is as fine as the device.

    Those that paste what they have drawn before, as formulas are, ask themselves and not the painter.
    """
    widgets = [view, *view.findChildren(QWidget)]
    for widget in widgets:
        widget.devicePixelRatioF = lambda: fineness  # type: ignore[method-assign]
    try:
        yield
    finally:
        for widget in widgets:
            delattr(widget, "devicePixelRatioF")


def _paint(painter: QPainter, widget: QWidget, at: QPoint) -> None:
    """Paint a widget and what lies in it, its corner at `at`."""
    if isinstance(widget, QGraphicsView):
        area = widget.viewport().geometry()
        widget.render(painter, QRectF(area.translated(at)), QRect(QPoint(), area.size()))
        return
    # Played back, a recording places its clips where the painter is; a widget painted straight does not
    recording = QPicture()
    recorder = QPainter(recording)
    widget.render(recorder, QPoint(), renderFlags=QWidget.RenderFlag(0))
    recorder.end()
    painter.drawPicture(at, recording)
    for child in widget.children():
        if not isinstance(child, QWidget) or child.isWindow() or not child.isVisible():
            continue
        if isinstance(child, QScrollBar) or _says_nothing(child):
            continue
        painter.save()
        if not widget.rect().contains(child.geometry()):
            painter.setClipRect(QRect(at, widget.size()), Qt.ClipOperation.IntersectClip)
        _paint(painter, child, at + child.pos())
        painter.restore()


def _says_nothing(widget: QWidget) -> bool:
    if not isinstance(widget, QAbstractButton):
        return False
    return not widget.isChecked() or widget.objectName() in _CHROME
