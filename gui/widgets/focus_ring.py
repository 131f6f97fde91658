"""The ring of what has the focus and has no edge of its own to tell it: filled buttons, pages, tables."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QSplitter, QWidget

AWAY, WIDTH = 2, 2
"""Pixels between a widget and its ring, and of the ring itself."""


class FocusRing(QWidget):
    """Seen around a widget while it has the focus; inside of it where there is no room around.

    Parameters
    ----------
    widget : QWidget
    """

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self.setObjectName("focusRing")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        widget.installEventFilter(self)
        widget.destroyed.connect(self.deleteLater)
        if widget.hasFocus():
            self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            if not self.isHidden():
                self._show()
        elif watched is self._widget and event.type() == QEvent.Type.FocusIn:
            self._show()
        elif watched is self._widget and event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self.hide()
        return False

    def _show(self) -> None:
        """Stand in the nearest of what the widget is in that shows all of the ring."""
        widget, out = self._widget, AWAY + WIDTH
        around = widget.rect().adjusted(-out, -out, out, out)
        inside = widget
        while (outside := inside.parentWidget()) is not None and not inside.isWindow():
            place = QRect(widget.mapTo(outside, QPoint()) + around.topLeft(), around.size())
            # a splitter would take it for one more of its parts
            if outside.rect().contains(place) and not isinstance(outside, QSplitter):
                self._stand(outside, place, is_outside=True)
                return
            if isinstance(outside.parentWidget(), QAbstractScrollArea):
                break  # beyond it nothing is seen
            inside = outside
            inside.installEventFilter(self)  # what it is in may be moved
        self._stand(widget, widget.rect().adjusted(AWAY, AWAY, -AWAY, -AWAY), is_outside=False)

    def _stand(self, parent: QWidget, place: QRect, *, is_outside: bool) -> None:
        if self.parentWidget() is not parent:
            self.setParent(parent)
        if self.property("outside") is not is_outside:
            self.setProperty("outside", is_outside)
            self.style().unpolish(self)
            self.style().polish(self)
        self.setGeometry(place)
        if self.isHidden():
            self.raise_()
            self.show()
