"""The tour: a bubble that points at one part of the window after the other, each of which can be used."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from engine.errors import QT_TRANSLATE_NOOP
from gui.style.fonts import px
from gui.text.plain import Label

if TYPE_CHECKING:
    from gui.main_window import MainWindow


class Stop(NamedTuple):
    """Where the tour stops.

    Attributes
    ----------
    title, text : str
    part : callable
        Gives the part of the window that it points at.
    done : callable, optional
        Whether what it asks for has been done.
    """

    title: str
    text: str
    part: Callable[[MainWindow], QWidget]
    done: Callable[[MainWindow], bool] | None = None


def _button(name: str) -> Callable[[MainWindow], QWidget]:
    return lambda window: window.run_controls.widgetForAction(getattr(window.run_controls, name))


def _named(name: str) -> Callable[[MainWindow], QWidget]:
    def find(window: MainWindow) -> QWidget:
        found: QWidget | None = window.findChild(QWidget, name)
        assert found is not None, name
        return found

    return find


# fmt: off
STOPS = (
    Stop(QT_TRANSLATE_NOOP("tour", "The network"), QT_TRANSLATE_NOOP(
        "tour", "Every circle is a unit: above stands what it passes on, a, below how the loss "
        "answers to it, δ. "
        "What is not known yet is a question mark. Point at a circle or a line to read its numbers."),
        lambda w: w.network_view.canvas),
    Stop(QT_TRANSLATE_NOOP("tour", "Step by step"), QT_TRANSLATE_NOOP(
        "tour", "Press Step (→), and the next phase of the mini-batch appears. Step back (←) hides "
        "it again."),
        _button("step_action")),
    Stop(QT_TRANSLATE_NOOP("tour", "The phases"), QT_TRANSLATE_NOOP(
        "tour", "Data, forward, loss, backward, update: the dark box is where you are, and below it "
        "stands the "
        "formula with the real numbers. Click a box to go there."), lambda w: w.pages.centre.ribbon),
    Stop(QT_TRANSLATE_NOOP("tour", "Choose a weight"), QT_TRANSLATE_NOOP(
        "tour", "Click one of the lines. A violet border shows what is selected, here and everywhere else."),
        lambda w: w.network_view.canvas,
        lambda w: w.focus.part is not None and w.focus.part.kind == "weight"),
    Stop(QT_TRANSLATE_NOOP("tour", "The chain rule"), QT_TRANSLATE_NOOP(
        "tour", "This is why its gradient is what it is: three factors multiply to one sample's "
        "share, and the "
        "shares add up. Choose another sample with [ and ]."), lambda w: w.chain_rule_view),
    Stop(QT_TRANSLATE_NOOP("tour", "Train"), QT_TRANSLATE_NOOP(
        "tour", "Press Run (Space), and once more to pause. The slider beside it sets the speed."),
        _button("run_action"), lambda w: w.frame is not None and w.frame.step > 0),
    Stop(QT_TRANSLATE_NOOP("tour", "The loss"), QT_TRANSLATE_NOOP(
        "tour", "The loss of every step; the tabs show what else there is to see: the data, the surface, all "
        "parameters. Double-click a tab to enlarge it."), _named("curveTabs")),
    Stop(QT_TRANSLATE_NOOP("tour", "Go back"), QT_TRANSLATE_NOOP(
        "tour", "Drag the knob: any earlier step comes back, bit for bit. A change made there "
        "begins a new run."),
        _named("timeline")),
    Stop(QT_TRANSLATE_NOOP("tour", "Make it yours"), QT_TRANSLATE_NOOP(
        "tour", "Open or paint data, add layers, change the learning rate, even while it runs. "
        "Every name has a "
        "tooltip with its meaning. Undo (Ctrl+Z) takes anything back."), lambda w: w.setup_panel),
    Stop(QT_TRANSLATE_NOOP("tour", "What matters now"), QT_TRANSLATE_NOOP(
        "tour", "If the network does not learn, this sentence says why, and “Why?” shows the "
        "evidence and a cure. "
        "F1 lists all keys, and File ▸ Examples has more networks."), _named("diagnosisStrip")),
)
# fmt: on


class _Ring(QWidget):
    """A frame around the part that is pointed at; the mouse goes through it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.WindowText), px(3)))
        inset = px(3) / 2 + 0.5
        painter.drawRoundedRect(self.rect().toRectF().adjusted(inset, inset, -inset, -inset), px(7), px(7))


class _Bubble(QFrame):
    """What is said at a stop, and the way on."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("tourBubble")
        self.title, self.text, self.place = Label(self), Label(self), Label(self)
        self.title.setObjectName("tourTitle")
        self.text.setObjectName("tourText")
        self.place.setProperty("role", "note")
        self.text.setWordWrap(True)
        self.back, self.next, self.end = QPushButton(self), QPushButton(self), QPushButton(self)
        for button, name in ((self.back, "tourBack"), (self.next, "tourNext"), (self.end, "tourEnd")):
            button.setObjectName(name)
            button.setAutoDefault(True)
        row = QHBoxLayout()
        row.addWidget(self.place, 1)
        for button in (self.end, self.back, self.next):
            row.addWidget(button)
        self._column = column = QVBoxLayout(self)
        for widget in (self.title, self.text):
            column.addWidget(widget)
        column.addLayout(row)

    def fit(self, room: QSize) -> None:
        """Take as much room as the words need."""
        side = px(14)
        self._column.setContentsMargins(side, px(10), side, px(10))
        self._column.setSpacing(px(8))
        width = min(px(370), room.width() - px(20))
        self.resize(width, max(self._column.heightForWidth(width), self._column.minimumSize().height()))


class Tour(QObject):
    """Goes from stop to stop until it is ended, or there is nothing more to point at.

    Parameters
    ----------
    window : MainWindow
        That is filled.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._at = -1
        self._part: QWidget | None = None
        self._ring: _Ring | None = None
        self._bubble: _Bubble | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._refresh)

    @property
    def is_on(self) -> bool:
        """Whether it is under way."""
        return self._bubble is not None

    @property
    def at(self) -> int:
        """Which stop it is at, from 0; -1 if it is not under way."""
        return self._at

    @property
    def bubble(self) -> QWidget | None:
        """What it says, and its buttons."""
        return self._bubble

    @property
    def part(self) -> QWidget | None:
        """What it points at."""
        return self._part

    def start(self) -> None:
        """Begin at the first stop."""
        self.end()
        window = self._window
        self._ring, self._bubble = _Ring(window), _Bubble(window)
        self._bubble.next.clicked.connect(self.go_on)
        self._bubble.back.clicked.connect(self.go_back)
        self._bubble.end.clicked.connect(self.end)
        window.installEventFilter(self)
        window.frame_shown.connect(self._look)
        window.focus.part_changed.connect(self._look)
        self._go(0, 1)

    def end(self) -> None:
        """Take the bubble away."""
        if self._bubble is None or self._ring is None:
            return
        self._soon.stop()
        self._leave()
        window = self._window
        window.removeEventFilter(self)
        window.frame_shown.disconnect(self._look)
        window.focus.part_changed.disconnect(self._look)
        for widget in (self._bubble, self._ring):
            widget.hide()
            widget.deleteLater()
        self._bubble = self._ring = None
        self._at = -1

    def go_on(self) -> None:
        """Go to the next stop; after the last it ends."""
        self._go(self._at + 1, 1)

    def go_back(self) -> None:
        """Go to the stop before."""
        self._go(self._at - 1, -1)

    def _go(self, at: int, way: int) -> None:
        """Go to a stop, or the next beyond it whose part can be seen."""
        while 0 <= at < len(STOPS):
            part = STOPS[at].part(self._window)
            if part.isVisible():
                self._leave()
                self._at, self._part = at, part
                part.installEventFilter(self)
                self._refresh()
                assert self._bubble is not None
                self._bubble.next.setFocus()
                return
            at += way
        if at >= len(STOPS):
            self.end()

    def _leave(self) -> None:
        if self._part is not None:
            self._part.removeEventFilter(self)
            self._part = None

    def _look(self) -> None:
        """Say whether what was asked for has been done."""
        if self._bubble is not None:
            stop = STOPS[self._at]
            done = stop.done is not None and stop.done(self._window)
            self._bubble.title.setText(("✓ " if done else "") + _said(stop.title))

    def _refresh(self) -> None:
        """Say it, and stand where the part is now."""
        bubble, ring, part = self._bubble, self._ring, self._part
        if bubble is None or ring is None or part is None:
            return
        if not part.isVisible():
            self._go(self._at + 1, 1)
            return
        self._look()
        bubble.text.setText(_said(STOPS[self._at].text))
        place = QCoreApplication.translate("tour", "{number} of {count}")
        bubble.place.setText(place.format(number=self._at + 1, count=len(STOPS)))
        is_last = self._at == len(STOPS) - 1
        bubble.end.setText(QCoreApplication.translate("tour", "End the tour"))
        bubble.end.setHidden(is_last)
        bubble.back.setText(QCoreApplication.translate("tour", "Back"))
        bubble.back.setEnabled(self._at > 0)
        done, further = QCoreApplication.translate("tour", "Done"), QCoreApplication.translate("tour", "Next")
        bubble.next.setText(done if is_last else further)
        bubble.setAccessibleName(bubble.title.text())
        bubble.setAccessibleDescription(bubble.text.text())
        bubble.fit(self._window.size())
        around = self._around(part)
        ring.setGeometry(around)
        bubble.move(_beside(around, bubble.size(), self._window.rect()))
        for widget in (ring, bubble):
            widget.show()
            widget.raise_()

    def _around(self, part: QWidget) -> QRect:
        margin = px(4)
        place = QRect(part.mapTo(self._window, QPoint(0, 0)), part.size())
        return place.adjusted(-margin, -margin, margin, margin).intersected(self._window.rect())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kinds = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide)
        changes = (QEvent.Type.LanguageChange, QEvent.Type.FontChange, QEvent.Type.LayoutRequest)
        if event.type() in (*kinds, *changes) and self._bubble is not None:
            self._soon.start()
        return super().eventFilter(watched, event)


def _beside(place: QRect, size: QSize, room: QRect) -> QPoint:
    """Where a bubble stands: where there is most room beside the place, else within it, below."""
    gap = px(10)
    middle = place.center() - QPoint(size.width() // 2, size.height() // 2)
    for at in (
        QPoint(middle.x(), place.bottom() + gap),
        QPoint(middle.x(), place.top() - gap - size.height()),
        QPoint(place.right() + gap, middle.y()),
        QPoint(place.left() - gap - size.width(), middle.y()),
    ):
        box = QRect(at, size)
        shifted = QPoint(
            min(max(at.x(), gap), room.width() - size.width() - gap),
            min(max(at.y(), gap), room.height() - size.height() - gap),
        )
        if not QRect(shifted, size).intersects(place) and room.intersects(box):
            return shifted
    return QPoint(
        min(max(place.right() - size.width() - gap, gap), room.width() - size.width() - gap),
        min(max(place.bottom() - size.height() - gap, gap), room.height() - size.height() - gap),
    )


def _said(text: str) -> str:
    return QCoreApplication.translate("tour", text)
