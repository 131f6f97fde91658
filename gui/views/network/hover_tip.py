"""The tooltip over the graph: it stays while the pointer does, and its numbers stay live."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QBuffer, QByteArray, QPoint, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from gui.views.network.facts import Fact

AWAY = 16


def _image(picture: QPixmap | None) -> str:
    """A picture as rich text holds it."""
    if picture is None:
        return ""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    return f"<p><img src='data:image/png;base64,{bytes(data.toBase64().data()).decode()}'/></p>"


class HoverTip(QLabel):
    """A small box beside the pointer with a part's name and numbers."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("networkHoverTip")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._parent = parent
        self._title = ""
        self.hide()

    def show_facts(
        self, title: str, moment: str, numbers: list[Fact], at: QPoint, picture: QPixmap | None = None
    ) -> None:
        """Show these under the `title`, beside the point `at` of the parent."""
        rows = "".join(
            f"<tr><td style='padding-right: 10px'>{escape(fact.symbol)}</td>"
            f"<td>{escape(fact.number)}</td></tr>"
            for fact in numbers
        )
        head = f"<b>{escape(title)}</b><br/>{escape(moment)}"
        text = f"{head}<table cellspacing='0'>{rows}</table>{_image(picture)}"
        if text != self.text():
            self.setText(text)
            hint = self.sizeHint()
            # numbers change their length from frame to frame: the box may only grow
            if title == self._title:
                hint = hint.expandedTo(self.size())
            self.resize(hint)
            self._title = title
        self._place(at)
        if self.isHidden():
            self.show()
            self.raise_()

    def _place(self, at: QPoint) -> None:
        room = self._parent.size()
        x, y = at.x() + AWAY, at.y() + AWAY
        if x + self.width() > room.width():
            x = at.x() - AWAY - self.width()
        if y + self.height() > room.height():
            y = at.y() - AWAY - self.height()
        self.move(max(x, 0), max(y, 0))
