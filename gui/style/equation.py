"""Typeset formulas: LaTeX to sharp pictures of any size and colour.

Laying a formula out takes milliseconds, drawing it again a fraction of one. So each formula is laid
out once, in one size and colour, and drawings are kept in Qt's pixmap cache. Whoever paints asks with
`draw_equation`; a formula that is not laid out yet is laid out between two events, so that no frame
waits for it, and the widget is painted again then.
"""

from __future__ import annotations

import time
from functools import lru_cache
from threading import Lock, Thread
from typing import Any, NamedTuple
from xml.etree import ElementTree

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QCoreApplication,
    QEvent,
    QIODevice,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPixmap,
    QPixmapCache,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget
from shiboken6 import isValid

from gui.style.spoken import spoken
from gui.style.theme import LIGHT, Theme

UNIT = 100.0
"""Font size in which formulas are laid out; larger than any drawn, because the outlines are rounded."""

INK = "#010203"
"""The colour they are laid out in, to be replaced."""

TURN = 0.004
"""Seconds that laying out may take at a time."""


class _Typeset(NamedTuple):
    """A formula as SVG, and its extent in font sizes; `baseline` is measured from the top."""

    svg: str
    width: float
    height: float
    baseline: float


AXIS = 0.26
"""Height of the mathematical axis over the baseline, in font sizes."""

PATIENCE = 20
"""Milliseconds until it is asked again whether the typesetter has been loaded."""


_one_at_a_time = Lock()
"""The typesetter's fonts have a state, and files are written in another thread than windows are painted."""

_loading: Thread | None = None
_ready: dict[str, None] = {}
_waiting: dict[tuple[str, QWidget], None] = {}


def load_typesetter() -> None:
    """Load the typesetter in the background; formulas wait for it, and nothing else does.

    Only where Python's garbage collector is kept off other threads, as the window does: it would free
    Qt's objects there.
    """
    global _loading
    if _loading is None:
        _loading = Thread(target=_svg, args=(r"f'(z^{(1)}_{2})",), name="typesetterLoader")
        _loading.start()


def _svg(latex: str) -> str:
    """Lay `latex` out as SVG, in the colour `INK`; no Qt in it."""
    # pure Python and slow to import: only when a formula is drawn at all
    from ziamath.config import config
    from ziamath.tex import tex2mml
    from ziamath.zmath import Math, loadedfonts

    with _one_at_a_time:
        config.svg2 = False  # QtSvg knows SVG 1 only
        formula = ElementTree.fromstring(tex2mml(latex))
        _unwrap(formula)
        formula.set("mathcolor", INK)
        font: Any = loadedfonts["default"]
        font.language("math", "")  # a text that it broke off in has left another
        svg: str = Math(formula, size=UNIT, margin=0.02 * UNIT).svg()
    return svg


def _unwrap(element: ElementTree.Element) -> None:
    """Take away rows of one element: each level of rows doubles the time that laying out takes."""
    for index, child in enumerate(element):
        _unwrap(child)
        if child.tag.endswith("mrow") and len(child) == 1 and not child.attrib:
            element[index] = child[0]
    if len(element) == 1 and element[0].tag.endswith("mrow") and element.tag.endswith("math"):
        row = element[0]
        element.remove(row)
        element.extend(row)


@lru_cache(maxsize=1024)
def _layout(latex: str) -> _Typeset | None:
    """Lay `latex` out; None if it is not valid."""
    import latex2mathml.exceptions

    # What the library lets through when a formula is cut short or nonsense
    malformed: tuple[type[Exception], ...] = (
        *(kind for kind in vars(latex2mathml.exceptions).values() if isinstance(kind, type)),
        *(AssertionError, AttributeError, LookupError, StopIteration, SyntaxError, TypeError, ValueError),
    )
    try:
        svg = _svg(latex)
    except malformed:
        return None
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    box = renderer.viewBoxF()
    if not renderer.isValid() or box.isEmpty():
        return None
    return _Typeset(svg, box.width() / UNIT, box.height() / UNIT, -box.top() / UNIT)


def _fallback_font(pixel_size: float) -> QFont:
    font = QFont(QGuiApplication.font())
    font.setPixelSize(max(1, round(0.8 * pixel_size)))
    return font


def equation_size(latex: str, pixel_size: float) -> tuple[float, float, float]:
    """Width, height and baseline (from the top) of a formula, in device-independent pixels."""
    layout = _layout(latex)
    if layout is None:
        metrics = QFontMetricsF(_fallback_font(pixel_size))
        return metrics.horizontalAdvance(latex), metrics.height(), metrics.ascent()
    return layout.width * pixel_size, layout.height * pixel_size, layout.baseline * pixel_size


def equation_pixmap(latex: str, pixel_size: float, color: str, device_pixel_ratio: float = 1.0) -> QPixmap:
    """Typeset a formula.

    Parameters
    ----------
    latex : str
        What is not valid LaTeX is shown as it was written.
    pixel_size : float
        Font size in device-independent pixels.
    color : str
        As #rrggbb.
    device_pixel_ratio : float
        Of the screen it is for.
    """
    key = f"equation {pixel_size} {color} {device_pixel_ratio} {latex}"
    pixmap = QPixmap()
    if QPixmapCache.find(key, pixmap):
        return pixmap
    width, height, baseline = equation_size(latex, pixel_size)
    size = QSize(max(1, round(width * device_pixel_ratio)), max(1, round(height * device_pixel_ratio)))
    pixmap = QPixmap(size)
    pixmap.setDevicePixelRatio(device_pixel_ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    layout = _layout(latex)
    if layout is None:
        painter.setFont(_fallback_font(pixel_size))
        painter.setPen(QColor(color))
        painter.drawText(QPointF(0.0, baseline), latex)
    else:
        renderer = QSvgRenderer(QByteArray(layout.svg.replace(INK, color).encode()))
        renderer.render(painter, QRectF(0.0, 0.0, width, height))
    painter.end()
    QPixmapCache.insert(key, pixmap)
    return pixmap


def equation_image(latex: str, pixel_size: float, color: str, device_pixel_ratio: float = 1.0) -> str:
    """A formula as an image for rich text; laid out at once."""
    pixmap = equation_pixmap(latex, pixel_size, color, device_pixel_ratio)
    data, buffer = QByteArray(), QBuffer()
    buffer.setBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    pixmap.save(buffer, "PNG")
    size = pixmap.deviceIndependentSize()
    source = bytes(data.toBase64().data()).decode("ascii")
    extent = f"width='{round(size.width())}' height='{round(size.height())}'"
    return f"<img src='data:image/png;base64,{source}' {extent}>"


def typeset_soon(latex: str, widget: QWidget) -> bool:
    """Whether a formula is laid out; if not, it will be soon, and `widget` is told by an update.

    The widget is sent a `QEvent.FontChange` then, so that it can measure itself anew.
    """
    if latex in _ready:
        return True
    if not _waiting:
        QTimer.singleShot(0, _typeset_some)
    _waiting[latex, widget] = None
    return False


def _typeset_some(seconds: float = TURN) -> None:
    if _loading is not None and _loading.is_alive():
        QTimer.singleShot(PATIENCE, _typeset_some)
        return
    end = time.perf_counter() + seconds
    while _waiting:
        latex, widget = next(iter(_waiting))
        del _waiting[latex, widget]
        _layout(latex)
        if len(_ready) >= 1024:  # about as many as are kept laid out
            _ready.clear()
        _ready[latex] = None
        if isValid(widget):
            QCoreApplication.postEvent(widget, QEvent(QEvent.Type.FontChange))
            widget.update()
        if time.perf_counter() > end:
            break
    if _waiting:
        QTimer.singleShot(0, _typeset_some)


def typeset_all() -> None:
    """Lay out all formulas that wait for it: before a picture is taken."""
    if _loading is not None:
        _loading.join()
    _typeset_some(float("inf"))


def draw_equation(
    painter: QPainter,
    latex: str,
    at: QPointF,
    pixel_size: float,
    color: str,
    widget: QWidget,
    share: float = 0.0,
    max_width: float = float("inf"),
) -> float:
    """Draw a formula with its baseline at `at`, and return its width; 0 if it has still to be laid out.

    Parameters
    ----------
    share : float
        Where on its width `at` lies: 0 the left end, 0.5 the middle, 1 the right end.
    max_width : float
        A wider formula is drawn smaller.
    """
    if not typeset_soon(latex, widget):
        return 0.0
    width, _, _ = equation_size(latex, pixel_size)
    if width > max_width:
        pixel_size *= max_width / width
    width, _, baseline = equation_size(latex, pixel_size)
    ratio = widget.devicePixelRatioF()
    # on whole device pixels, or it would be blurred
    x = round((at.x() - share * width) * ratio) / ratio
    y = round((at.y() - baseline) * ratio) / ratio
    painter.drawPixmap(QPointF(x, y), equation_pixmap(latex, pixel_size, color, ratio))
    return width


def paint_equation(painter: QPainter, latex: str, at: QPointF, pixel_size: float, color: str) -> None:
    """Paint a formula as lines, with its baseline at `at`: for paper, where a picture would be coarse."""
    width, height, baseline = equation_size(latex, pixel_size)
    layout = _layout(latex)
    if layout is None:
        painter.setFont(_fallback_font(pixel_size))
        painter.setPen(QColor(color))
        painter.drawText(at, latex)
        return
    renderer = QSvgRenderer(QByteArray(layout.svg.replace(INK, color).encode()))
    renderer.render(painter, QRectF(at.x(), at.y() - baseline, width, height))


class EquationLabel(QWidget):
    """One formula; larger than its place, it is drawn smaller."""

    def __init__(self, latex: str = "", pixel_size: float = 17.0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._latex = latex
        self._pixel_size = pixel_size
        self._theme = LIGHT
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def latex(self) -> str:
        """The formula."""
        return self._latex

    def set_latex(self, latex: str) -> None:
        """Show this formula; an empty one shows nothing."""
        if latex != self._latex:
            self._latex = latex
            self.setAccessibleName(spoken(latex))
            self.updateGeometry()
            self.update()

    def set_pixel_size(self, pixel_size: float) -> None:
        """Draw in this size."""
        if pixel_size != self._pixel_size:
            self._pixel_size = pixel_size
            self.updateGeometry()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        if not self._latex or not typeset_soon(self._latex, self):
            return QSize(0, round(1.5 * self._pixel_size))
        width, height, _ = equation_size(self._latex, self._pixel_size)
        return QSize(round(width) + 1, round(height) + 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(60, self.sizeHint().width()), self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._latex or not typeset_soon(self._latex, self):
            return
        width, height, baseline = equation_size(self._latex, self._pixel_size)
        scale = min(1.0, self.width() / width, self.height() / height)
        # its axis, where minus signs are, in the middle as that of text beside it, if there is room
        top = self.height() / 2 + scale * (AXIS * self._pixel_size - baseline)
        top = min(max(top, 0.0), max(self.height() - scale * height, 0.0))
        at = QPointF(0.0, top + scale * baseline)
        size = scale * self._pixel_size
        draw_equation(QPainter(self), self._latex, at, size, self._theme.text, self, max_width=self.width())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self._latex:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Copy as LaTeX"), self.copy)
        menu.popup(event.globalPos())

    def copy(self) -> None:
        """Put the formula's LaTeX on the clipboard."""
        QGuiApplication.clipboard().setText(self._latex)
