"""The pyqtgraph view the graph lies in: wheel zooms, drag pans, clicks and keys become signals."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from engine.parts import Part
from gui.views.network.graph import NetworkGraph
from gui.views.network.navigation import Move

REACH = 5.0
"""Pixels beside a line that still count as on it."""
CLICK = 4
"""Pixels the pointer may move between press and release of a click."""
DEEPEST = 40.0
"""The strongest zoom."""

_MOVES = {
    Qt.Key.Key_Up: Move.UP,
    Qt.Key.Key_Down: Move.DOWN,
    Qt.Key.Key_W: Move.NEXT_WEIGHT,
    Qt.Key.Key_B: Move.BIAS,
    Qt.Key.Key_L: Move.LAYER,
}
_SHIFTED = {
    Qt.Key.Key_Left: Move.LEFT,
    Qt.Key.Key_Right: Move.RIGHT,
    Qt.Key.Key_W: Move.PREVIOUS_WEIGHT,
}
_BY_TAB = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class Canvas(pg.GraphicsView):  # type: ignore[misc]
    """Holds the graph and turns input into intents.

    Left and Right step the training here as everywhere; with Shift they go from layer to layer. A ring
    around the graph shows that it was reached by Tab.

    Signals
    -------
    pointed(Part or None) : what is under the pointer has changed
    clicked(Part or None, bool) : with or without Shift
    number_clicked(Part) : the number of a weight or bias, in its chip or pill
    double_clicked(Part)
    menu_requested(Part or None, QPoint) : with the pointer, or by keyboard (None); a screen position
    move_requested(Move), edit_pressed(), freeze_pressed(), compare_pressed(), clear_pressed() : by keyboard
    resized()
    view_changed() : zoomed or panned
    """

    pointed = Signal(object)
    clicked = Signal(object, bool)
    number_clicked = Signal(object)
    double_clicked = Signal(object)
    menu_requested = Signal(object, QPoint)
    move_requested = Signal(object)
    edit_pressed = Signal()
    freeze_pressed = Signal()
    compare_pressed = Signal()
    clear_pressed = Signal()
    resized = Signal()
    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("networkCanvas")
        self.graph = NetworkGraph()
        self.box = pg.ViewBox(lockAspect=1.0, invertY=True, enableMenu=False, defaultPadding=0.0)
        self.box.disableAutoRange()
        self.setCentralItem(self.box)
        self.box.addItem(self.graph, ignoreBounds=True)
        self.by_keyboard = False
        """Whether the graph was reached by Tab, and has a ring around it."""
        self.focus_colour = "#000000"
        self.pointer = QPoint()
        """The pixel the pointer was last seen at."""
        self._fitted = True
        self._pressed: QPoint | None = None
        self.box.sigRangeChangedManually.connect(self._on_moved_by_hand)

    # the part of the world that is seen

    @property
    def scale_factor(self) -> float:
        """Pixels a world unit; 1 when the network fits."""
        return 1.0 / float(self.box.viewPixelSize()[0])

    def fit(self) -> None:
        """Show the whole network."""
        bounds = self.graph.boundingRect()
        self.box.setLimits(minXRange=bounds.width() / DEEPEST, maxXRange=8 * bounds.width())
        self.box.setRange(bounds, padding=0.0)
        self._fitted = True

    @property
    def fitted(self) -> bool:
        """Whether the whole network is shown, and will be when the size changes."""
        return self._fitted

    def _on_moved_by_hand(self) -> None:
        self._fitted = False
        self.view_changed.emit()

    def world(self, at: QPoint) -> QPointF:
        """World coordinates of a pixel."""
        return QPointF(self.box.mapSceneToView(self.mapToScene(at)))

    def pixel(self, x: float, y: float) -> QPoint:
        """The pixel of a point in world coordinates."""
        return QPoint(self.mapFromScene(self.box.mapViewToScene(QPointF(x, y))))

    def part_at(self, at: QPoint) -> Part | None:
        """What lies at a pixel."""
        number = self.graph.chip_at(QPointF(at))
        if number is not None:
            return number
        point = self.world(at)
        return self.graph.part_at(point.x(), point.y(), REACH / self.scale_factor)

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out anew."""
        super().resizeEvent(event)
        # pyqtgraph's constructor resizes before there is a graph
        if hasattr(self, "graph"):
            self.resized.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a click may have begun."""
        super().mousePressEvent(event)
        self._pressed = event.position().toPoint() if event.button() == Qt.MouseButton.LeftButton else None
        self._set_by_keyboard(False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell a click from the end of a drag."""
        super().mouseReleaseEvent(event)
        at, pressed = event.position().toPoint(), self._pressed
        self._pressed = None
        if pressed is not None and (at - pressed).manhattanLength() <= CLICK:
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.clicked.emit(self.part_at(at), shift)
            number = self.graph.chip_at(QPointF(at))
            if number is not None and not shift:
                self.number_clicked.emit(number)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask to edit what is there."""
        super().mouseDoubleClickEvent(event)
        part = self.part_at(event.position().toPoint())
        if part is not None and event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit(part)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of what is there, or of what is selected."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        part = self.part_at(event.pos()) if by_mouse else None
        if part is not None or not by_mouse:
            self.menu_requested.emit(part, event.globalPos())
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        super().mouseMoveEvent(event)
        self.pointer = event.position().toPoint()
        if not event.buttons():
            self.pointed.emit(self.part_at(self.pointer))

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the pointer."""
        super().leaveEvent(event)
        self.pointed.emit(None)

    def event(self, event: QEvent) -> bool:
        """Keep keys for the graph that are shortcuts of the window."""
        if event.type() == QEvent.Type.ShortcutOverride:
            assert isinstance(event, QKeyEvent)
            if self._move(event) is not None:
                event.accept()
                return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move through the network."""
        key = Qt.Key(event.key())
        move = self._move(event)
        if move is not None:
            self.move_requested.emit(move)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit_pressed.emit()
        elif key == Qt.Key.Key_K and not event.modifiers():
            self.freeze_pressed.emit()
        elif key == Qt.Key.Key_C and not event.modifiers():
            self.compare_pressed.emit()
        elif key == Qt.Key.Key_Escape:
            self.clear_pressed.emit()
        else:
            event.ignore()

    @staticmethod
    def _move(event: QKeyEvent) -> Move | None:
        """Where a key leads; None if it is no key of the graph's."""
        key, modifiers = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers == Qt.KeyboardModifier.ShiftModifier:
            return _SHIFTED.get(key)
        return _MOVES.get(key) if modifiers == Qt.KeyboardModifier.NoModifier else None

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show a ring when reached by Tab."""
        super().focusInEvent(event)
        self._set_by_keyboard(event.reason() in _BY_TAB)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self._set_by_keyboard(False)

    def _set_by_keyboard(self, on: bool) -> None:
        if on != self.by_keyboard:
            self.by_keyboard = on
            self.viewport().update()

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        """Draw the ring that shows where the keys go."""
        if self.by_keyboard:
            painter.save()
            painter.resetTransform()
            painter.setPen(QPen(QColor(self.focus_colour), 2))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))
            painter.restore()
