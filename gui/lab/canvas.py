"""The widget that the graph is drawn in: wheel zooms, drag pans, clicks and arrow keys select a node."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.lab.drawing import Picture, ground, paint
from gui.lab.reveal import Mode
from gui.lab.symbols import operation, symbol
from gui.style.theme import LIGHT, Theme
from gui.text.numbers import full
from gui.text.plain import tooltip

CLICK = 4
"""Pixels the pointer may move between press and release of a click."""
REACH = 6.0
LARGEST_FIT, LARGEST, SMALLEST = 1.4, 6.0, 0.02
PICTURE_SCALE = 2.0
"""Pixels of an exported picture a unit of the drawing."""
MOST_PIXELS = 12_000
"""Of an exported picture's longer side."""


class GraphCanvas(QWidget):
    """The computational graph.

    Signals
    -------
    node_selected(int or None) : by click or key
    """

    node_selected = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("expressionGraph")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 160)
        self._theme = LIGHT
        self._picture: Picture | None = None
        self._empty = ""
        self._scale, self._offset = 1.0, QPointF()
        self._fitted = True
        self._pressed: QPoint | None = None
        self._dragged: QPoint | None = None

    # what to show

    @property
    def picture(self) -> Picture | None:
        """What is drawn."""
        return self._picture

    def set_picture(self, picture: Picture | None) -> None:
        """Draw this; another formula is shown as a whole."""
        another = picture is not None and (
            self._picture is None or picture.drawing is not self._picture.drawing
        )
        self._picture = picture
        if another:
            self.fit()
        self._describe()
        self.update()

    def set_empty_text(self, text: str) -> None:
        """Say this when there is nothing to draw."""
        self._empty = text
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(640, 400)

    # the part that is seen

    @property
    def scale(self) -> float:
        """Pixels a unit of the drawing."""
        return self._scale

    @property
    def fitted(self) -> bool:
        """Whether the whole graph is in sight, and will be when the size changes."""
        return self._fitted

    def fit(self) -> None:
        """Show the whole graph."""
        self._fitted = True
        if self._picture is None:
            return
        bounds = self._picture.drawing.bounds
        scale = min(self.width() / bounds.width(), self.height() / bounds.height(), LARGEST_FIT)
        self._scale = max(scale, SMALLEST)
        self._offset = QPointF(
            (self.width() - self._scale * bounds.width()) / 2,
            (self.height() - self._scale * bounds.height()) / 2,
        )
        self.update()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Come nearer, a point of the widget (the middle) staying where it is."""
        at = QPointF(self.width() / 2, self.height() / 2) if at is None else at
        scale = min(max(self._scale * factor, SMALLEST), LARGEST)
        self._offset = at - (at - self._offset) * (scale / self._scale)
        self._scale = scale
        self._fitted = False
        self.update()

    def pixel(self, node: int) -> QPoint:
        """The middle of a node's box on the widget."""
        assert self._picture is not None
        place = self._picture.drawing.arrangement.places[node]
        return (QPointF(place.x, place.y) * self._scale + self._offset).toPoint()

    def _world(self, at: QPointF) -> QPointF:
        return (at - self._offset) / self._scale

    def _node_at(self, at: QPointF) -> int | None:
        if self._picture is None:
            return None
        world = self._world(at)
        return self._picture.drawing.node_at(world.x(), world.y())

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ground(painter, self._theme, QRectF(self.rect()))
        if self._picture is None:
            painter.setPen(QColor(self._theme.muted))
            area = self.rect().adjusted(30, 30, -30, -30)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty)
        else:
            painter.translate(self._offset)
            painter.scale(self._scale, self._scale)
            paint(painter, self._picture, self._theme, self._scale)
            painter.resetTransform()
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.selection), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def save_svg(self, path: str) -> bool:
        """Write the whole graph as SVG; False if that cannot be done."""
        assert self._picture is not None
        bounds = self._picture.drawing.bounds
        generator = QSvgGenerator()
        generator.setFileName(path)
        generator.setSize(QSizeF(bounds.size()).toSize())
        generator.setViewBox(bounds)
        generator.setResolution(96)
        generator.setTitle(self._picture.graph.formula.text.strip())
        painter = QPainter()
        if not painter.begin(generator):
            return False
        self._paint_whole(painter)
        return painter.end()

    def save_png(self, path: str) -> bool:
        """Write the whole graph as PNG, twice as large as drawn; False if that cannot be done."""
        assert self._picture is not None
        bounds = self._picture.drawing.bounds
        scale = min(PICTURE_SCALE, MOST_PIXELS / max(bounds.width(), bounds.height()))
        image = QImage((bounds.size() * scale).toSize(), QImage.Format.Format_RGB32)
        painter = QPainter(image)
        painter.scale(scale, scale)
        self._paint_whole(painter)
        painter.end()
        return image.save(path, "PNG")  # type: ignore[call-overload, no-any-return]

    def _paint_whole(self, painter: QPainter) -> None:
        assert self._picture is not None
        ground(painter, self._theme, self._picture.drawing.bounds)
        paint(painter, self._picture, self._theme)

    # mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._dragged = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if self._pressed is None or self._dragged is None or self._picture is None:
            return
        if self._dragged == self._pressed and (at - self._pressed).manhattanLength() <= CLICK:
            return
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self._offset += QPointF(at - self._dragged)
        self._dragged = at
        self._fitted = False
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._pressed is not None:
            if self._dragged == self._pressed:
                self.node_selected.emit(self._node_at(event.position()))
            self._pressed = self._dragged = None
            self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        node = self._node_at(event.position())
        if node is None:
            self.fit()
        else:
            self.zoom(1.0 / self._scale, event.position())
            self.bring_into_view(node)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._picture is not None:
            self.zoom(1.0015 ** event.angleDelta().y(), event.position())
            event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitted:
            self.fit()

    # keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._move(key)
        elif key == Qt.Key.Key_F:
            self.fit()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(1.25)
        elif key == Qt.Key.Key_Minus:
            self.zoom(0.8)
        elif key == Qt.Key.Key_Escape:
            self.node_selected.emit(None)
        else:
            super().keyPressEvent(event)

    def _move(self, key: Qt.Key) -> None:
        if self._picture is None:
            return
        picture, arrangement = self._picture, self._picture.drawing.arrangement
        selected = picture.selected
        if selected is None:
            self._select(picture.graph.formula.output)
            return
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            column = next(c for c in arrangement.columns if selected in c)
            row = column.index(selected) + (1 if key == Qt.Key.Key_Down else -1)
            if 0 <= row < len(column):
                self._select(column[row])
            return
        links = picture.graph.formula.links
        if key == Qt.Key.Key_Left:
            beside = [source for source, target, _ in links if target == selected]
        else:
            beside = [target for source, target, _ in links if source == selected]
        if beside:
            self._select(beside[0])

    def _select(self, node: int) -> None:
        self.node_selected.emit(node)
        self.bring_into_view(node)

    def bring_into_view(self, node: int) -> None:
        """Move so far that a node can be seen."""
        at = self.pixel(node)
        if not self._fitted and not self.rect().adjusted(60, 40, -60, -40).contains(at):
            self._offset += QPointF(self.rect().center() - at)
            self.update()

    # words

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = QPointF(event.pos())
            text = self.text_at(at)
            near = QRect(event.pos() - QPoint(3, 3), QSize(6, 6))
            QToolTip.showText(event.globalPos(), tooltip(text), self, near if text else QRect())
            return True
        return super().event(event)

    def text_at(self, at: QPointF) -> str:
        """What the tooltip says at a point: numbers with every digit."""
        if self._picture is None:
            return ""
        node = self._node_at(at)
        if node is not None:
            return self.describe(node)
        world = self._world(at)
        number = self._picture.drawing.line_at(world.x(), world.y(), REACH / self._scale)
        if number is None:
            return ""
        graph = self._picture.graph
        edge = graph.edges[number]
        if edge.target not in self._picture.reveal.evaluated:
            return ""
        return f"∂{symbol(graph, edge.target)}/∂{symbol(graph, edge.source)} = {full(edge.local)}"

    def describe(self, node: int) -> str:
        """A node in words, as far as it is revealed."""
        assert self._picture is not None
        graph, reveal = self._picture.graph, self._picture.reveal
        name = symbol(graph, node)
        parts = [f"{name}: {operation(graph.formula, node, graph.values)}".rstrip(": ")]
        if node in reveal.evaluated:
            parts.append(f"{name} = {full(graph.values[node])}")
        derivative = reveal.derivatives.get(node)
        if derivative is not None:
            if reveal.mode is Mode.REVERSE:
                ratio = f"∂{symbol(graph, graph.formula.output)}/∂{name}"
            else:
                ratio = self.tr("tangent of {name}").format(name=name)
            parts.append(f"{ratio} = {full(derivative)}")
        return "\n".join(parts)

    def _describe(self) -> None:
        """Say what is selected to who cannot see it."""
        picture = self._picture
        selected = None if picture is None else picture.selected
        self.setAccessibleDescription("" if selected is None else self.describe(selected))
