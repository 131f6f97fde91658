"""The timeline, under the curves and on their axis: drag it to any step, or press a mark to go there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QSlider, QToolBar, QVBoxLayout, QWidget

from gui.panels.breakpoints import condition_text, hit_text
from gui.style.fonts import px, tabular
from gui.style.theme import LIGHT, Theme
from gui.text.edits import edit_text
from gui.text.findings import label
from gui.text.numbers import grouped
from gui.text.plain import Label, SteadyLabel, tooltip
from gui.training.examiner import Verdict
from gui.training.messages import Frame, Seek
from gui.views.curves.chart import Axis, Chart
from gui.views.curves.points import Points
from gui.views.curves.spark import Spark
from gui.widgets.fields import Toggle, keeps_space

WIDEST = 88_888
"""A step that there is room for from the start."""

KNOB = 8
MARK = 18
"""Pixels of a mark's side."""

MOST_MARKS = 60
"""Marks that can be reached with Tab and pressed; of more these are the latest."""

GAP = 8
FREE = 26
"""Pixels left of the line that are a button's."""


class Moment(NamedTuple):
    """A step that is pointed out.

    Attributes
    ----------
    kind : "edit", "pause", "bookmark" or "finding"
    label : str
        A few words that stand under it if there is room.
    tip : str
        All there is to say.
    """

    step: int
    kind: str
    label: str
    tip: str


CORNERS: dict[str, tuple[tuple[float, float], ...]] = {
    "edit": ((4, 3), (14, 3), (14, 10), (9, 15.5), (4, 10)),
    "bookmark": ((4, 4), (14, 4), (14, 14), (4, 14)),
    "finding": ((9, 2.5), (15, 9), (9, 15.5), (3, 9)),
}
"""Of the marks that are no pauses, in a square of 18."""


class Mark(QAbstractButton):
    """A moment on the line: a pentagon for an edit, bars for a pause, a square, and a diamond for a fault."""

    def __init__(self, moment: Moment, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.moment = moment
        self._theme = theme
        self.setObjectName(f"{moment.kind}Mark")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedSize(px(MARK), px(MARK))
        self.setToolTip(tooltip(moment.tip))
        self.setAccessibleName(moment.tip)

    def event(self, event: QEvent) -> bool:
        return keeps_space(event) or super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self.width() / 18, self.height() / 18)
        theme = self._theme
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.text), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(0.8, 0.8, 16.4, 16.4), 3, 3)
        painter.setPen(QPen(QColor(theme.surface), 1.2))
        painter.setBrush(QColor(theme.text))
        if self.moment.kind in CORNERS:
            painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in CORNERS[self.moment.kind]]))
        elif self.moment.kind == "pause":
            for left in (4.5, 10.0):
                painter.drawRect(QRectF(left, 2.5, 3.6, 13))


class TimelineSlider(QSlider):
    """A slider over steps with marks on it; the knob goes where one presses.

    Signals
    -------
    mark_pressed(int)
        Its step.
    """

    mark_pressed = Signal(int)

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName("timelineSlider")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTracking(True)
        self._theme = LIGHT
        self._axis: Axis | None = None
        self._marks: list[Mark] = []
        self._more: tuple[int, ...] = ()
        self.taken = 0.0
        """Pixels at the left of what is written under the line by somebody else."""

    def sizeHint(self) -> QSize:
        return QSize(300, px(MARK) + self.label_height)

    @property
    def label_height(self) -> int:
        """Of the row under the line: the letters of some languages are taller than those of the font."""
        return round(1.4 * QFontMetricsF(tabular(self.font(), 0.85)).height())

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks that can be pressed, by step."""
        return tuple(self._marks)

    def set_moments(self, moments: Sequence[Moment]) -> None:
        """Point these out."""
        moments = sorted(moments, key=lambda moment: moment.step)
        latest = moments[-MOST_MARKS:]
        self._more = tuple(moment.step for moment in moments[:-MOST_MARKS])
        if [mark.moment for mark in self._marks] == latest:
            return
        for mark in self._marks:
            mark.hide()
            mark.deleteLater()
        self._marks = [Mark(moment, self._theme, self) for moment in latest]
        for mark in self._marks:
            mark.clicked.connect(partial(self._go_to, mark.moment.step))
        self._place_marks()
        self.update()

    def set_axis(self, axis: Axis | None) -> None:
        """Share an axis: where in here two steps stand; None is from end to end."""
        if axis != self._axis:
            self._axis = axis
            self._place_marks()
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        for mark in self._marks:
            mark._theme = theme
            mark.update()
        self.update()

    def _go_to(self, step: int, checked: bool = False) -> None:
        self.mark_pressed.emit(step)

    def _place_marks(self) -> None:
        for mark in self._marks:
            x = self._x(mark.moment.step)
            mark.move(round(x - mark.width() / 2), round(self._middle - mark.height() / 2))
            mark.setVisible(-1 <= x <= self.width() + 1)

    @property
    def _middle(self) -> float:
        return px(MARK) / 2

    @property
    def axis(self) -> Axis:
        """Where in here two steps stand."""
        whole = Axis(px(FREE) + KNOB, self.width() - KNOB - 1, 0, max(1, self.maximum()))
        return whole if self._axis is None else self._axis

    def _x(self, step: float) -> float:
        left, right, low, high = self.axis
        return left + (right - left) * (step - low) / (high - low)

    def _step(self, x: float) -> int:
        left, right, low, high = self.axis
        step = low + (high - low) * (x - left) / max(1.0, right - left)
        return round(min(max(step, self.minimum()), self.maximum()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self.setSliderPosition(self._step(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setSliderPosition(self._step(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Left and Right are Step back and Step wherever the focus is
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_marks()

    def sliderChange(self, change: QSlider.SliderChange) -> None:
        # also where the signal of it is blocked: an axis of its own ends at the last step
        if change is QSlider.SliderChange.SliderRangeChange:
            self._place_marks()
        super().sliderChange(change)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            for mark in self._marks:
                mark.setFixedSize(px(MARK), px(MARK))
            self._place_marks()
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self._middle
        at = self._x(self.sliderPosition())
        enabled = self.maximum() > 0
        first, last = self._x(0), self._x(max(1, self.maximum()))
        if not enabled:
            last = self.axis.right
        cap = Qt.PenCapStyle.RoundCap
        painter.setPen(QPen(QColor(theme.muted if enabled else theme.border), 3, Qt.PenStyle.SolidLine, cap))
        painter.drawLine(QPointF(first, middle), QPointF(last, middle))
        if enabled:
            painter.setPen(QPen(QColor(theme.text), 3, Qt.PenStyle.SolidLine, cap))
            painter.drawLine(QPointF(first, middle), QPointF(at, middle))
        painter.setPen(QPen(QColor(theme.text), 1.5))
        for step in self._more:
            x = self._x(step)
            painter.drawLine(QPointF(x, middle - 6), QPointF(x, middle + 6))
        self._paint_labels(painter, at)
        painter.setBrush(QColor(theme.surface))
        painter.setPen(QPen(QColor(theme.text if enabled else theme.border), 2.5))
        knob = px(KNOB)
        painter.drawEllipse(QRectF(at - knob + 1, middle - knob + 1, 2 * knob - 2, 2 * knob - 2))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.text), 1.5))
            painter.drawEllipse(QRectF(at - knob - 0.5, middle - knob - 0.5, 2 * knob + 1, 2 * knob + 1))

    def _paint_labels(self, painter: QPainter, at: float) -> None:
        """Write under the line what there is room for: the step that is shown, and what the marks are."""
        font, strong = tabular(self.font(), 0.85), tabular(self.font(), 0.85, bold=True)
        metrics, bold = QFontMetricsF(font), QFontMetricsF(strong)
        baseline = px(MARK) + (self.label_height + metrics.ascent() - metrics.descent()) / 2
        taken = [(0.0, self.taken)] if self.taken else []

        def write(text: str, x: float, width: float) -> None:
            left = min(max(x - width / 2, 0.0), self.width() - width)
            if all(left + width + GAP <= start or left >= end + GAP for start, end in taken):
                painter.drawText(QPointF(left, baseline), text)
                taken.append((left, left + width))

        if self.maximum() > 0 and -1 <= at <= self.width() + 1:
            painter.setFont(strong)
            painter.setPen(QColor(self._theme.text))
            step = grouped(self.sliderPosition())
            write(step, at, bold.horizontalAdvance(step))
        painter.setFont(font)
        painter.setPen(QColor(self._theme.muted))
        for mark in self._marks:
            if mark.moment.label and not mark.isHidden():
                write(
                    mark.moment.label, self._x(mark.moment.step), metrics.horizontalAdvance(mark.moment.label)
                )


class Timeline(QToolBar):
    """The slider, the step that is shown of how many, and a button that marks it.

    Signals
    -------
    command(Seek)
    bookmarked()
        Somebody has marked a step, or taken a mark away.
    """

    command = Signal(object)
    bookmarked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeline")
        self.setMovable(False)
        self._frame: Frame | None = None
        self._pauses: dict[int, Moment] = {}
        self._bookmarks: list[int] = []
        self._findings: tuple[Moment, ...] = ()
        self._edits: tuple[Moment, ...] = ()
        self._charts: tuple[Chart, ...] = ()
        self._name = Label()
        self.slider = TimelineSlider()
        self.slider.setRange(0, 0)
        self._place = SteadyLabel()
        self._place.setObjectName("timelinePlace")
        self._place.setProperty("role", "note")
        self._bookmark = Toggle()
        self._bookmark.setObjectName("bookmarkButton")
        self._bookmark.setProperty("role", "quiet")
        self._bookmark.setShortcut("Ctrl+M")
        self._bookmark.clicked.connect(self._toggle_bookmark)
        for widget in (self._bookmark, self._name, self._place):
            widget.setParent(self.slider)  # left of any plot, and under the line
        content = QWidget()
        self.spark = Spark()
        self.spark.hide()
        column = QVBoxLayout(content)
        column.setContentsMargins(6, 0, 6, 0)
        column.setSpacing(0)
        column.addWidget(self.spark)
        column.addWidget(self.slider)
        self.addWidget(content)
        self.slider.valueChanged.connect(self._moved)
        self.slider.mark_pressed.connect(self._seek)
        self._retranslate()

    def stand_in(self, losses: Points, curves: QAction) -> None:
        """Show `losses` in one line while the curves are away; a click on it brings them back."""
        self.spark.losses = losses
        curves.toggled.connect(lambda shown: self.show_spark(not shown))
        self.spark.clicked.connect(curves.trigger)

    def show_spark(self, shown: bool) -> None:
        """Show the loss in one line over the timeline, or not as the curves show it."""
        self.spark.setVisible(shown)
        self._draw_spark()

    def _draw_spark(self) -> None:
        if not self.spark.isHidden():
            self.spark.show_step(self.slider.value(), self.slider.axis)

    def follow(self, *charts: Chart) -> None:
        """Share the axis of whichever of these can be seen, and point out the same moments there."""
        self._charts = charts
        for chart in charts:
            chart.axis_changed.connect(self._align)

    def show_frame(self, frame: Frame) -> None:
        """Show how far training has come and which moment is shown."""
        self._frame = frame
        if frame.restart:
            self._pauses = {}
            self._bookmarks = [step for step in self._bookmarks if step <= frame.furthest]
        if frame.hit is not None:
            paused = self.tr("paused: {condition}").format(condition=condition_text(frame.hit.condition))
            self._pauses[frame.hit.step] = Moment(
                frame.hit.step, "pause", paused, f"{paused}\n{hit_text(frame.hit, frame)}"
            )
        self._read_edits(frame)
        if self.slider.isSliderDown():
            return
        blocked = self.slider.blockSignals(True)
        self.slider.setRange(0, min(frame.furthest, 2**31 - 1))
        self.slider.setPageStep(max(1, frame.furthest // 20))
        self.slider.setValue(frame.step)
        self.slider.blockSignals(blocked)
        self._show_moments()
        self._show_place(frame.step)
        self._align()
        self._draw_spark()

    def _read_edits(self, frame: Frame) -> None:
        layers = len(frame.record.z)
        self._edits = tuple(
            Moment(
                edit.step,
                "edit",
                edit_text(edit, layers, brief=True),
                self._tip(edit.step, edit_text(edit, layers)),
            )
            for edit in frame.edits
        )

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self._frame, self._pauses, self._bookmarks = None, {}, []
        self._findings = self._edits = ()
        self._show_moments()

    def show_verdict(self, verdict: Verdict | None) -> None:
        """Mark where each of the findings began."""
        findings = () if verdict is None else verdict.faults
        text = self.tr("Since step {step}: {cause}")
        by_step: dict[int, list[str]] = {}
        for finding in findings:
            said = text.format(step=grouped(finding.since), cause=label(finding))
            by_step.setdefault(finding.since, []).append(said)
        self._findings = tuple(Moment(step, "finding", "", "\n".join(said)) for step, said in by_step.items())
        self._show_moments()

    @property
    def moments(self) -> tuple[Moment, ...]:
        """All that is pointed out."""
        text = self.tr("bookmark")
        bookmarks = [Moment(step, "bookmark", text, self._tip(step, text)) for step in self._bookmarks]
        return (*self._edits, *self._pauses.values(), *bookmarks, *self._findings)

    @property
    def pauses(self) -> tuple[tuple[int, str], ...]:
        """Where conditions have paused this run, and what they said."""
        return tuple((step, moment.tip) for step, moment in self._pauses.items())

    def set_theme(self, theme: Theme) -> None:
        """Recolour."""
        self.slider.set_theme(theme)
        self.spark.set_theme(theme)

    def _tip(self, step: int, text: str) -> str:
        return self.tr("Step {step}: {text}").format(step=grouped(step), text=text)

    def _show_moments(self) -> None:
        moments = self.moments
        self.slider.set_moments(moments)
        for chart in self._charts:
            chart.set_marks(tuple((each.step, each.tip) for each in moments if each.kind != "finding"))

    def _align(self) -> None:
        """Stand under the plot that can be seen; where none can, keep the place if it is still there."""
        shown = next((chart for chart in self._charts if chart.isVisible()), None)
        if shown is None:
            holders = (chart.parentWidget() for chart in self._charts)
            if not any(holder is not None and holder.isVisible() for holder in holders):
                self.slider.set_axis(
                    None
                )  # the curves are put away; behind another tab they keep their place
            return
        axis = shown.axis
        left = self.slider.mapFromGlobal(QPoint(round(axis.left), 0)).x()
        right = left + axis.right - axis.left
        if left >= px(FREE) and right <= self.slider.width() - 1 and right - left > 4 * KNOB:
            self.slider.set_axis(Axis(left, right, axis.low, axis.high))
        else:
            self.slider.set_axis(None)

    def _moved(self, step: int) -> None:
        self._show_place(step)
        self.command.emit(Seek(step))

    def _seek(self, step: int) -> None:
        if self._frame is not None and step <= self._frame.furthest:
            self.command.emit(Seek(step))

    def _toggle_bookmark(self) -> None:
        step = self.slider.value()
        if step in self._bookmarks:
            self._bookmarks.remove(step)
        else:
            self._bookmarks.append(step)
        self._show_moments()
        self._show_place(step)
        self.bookmarked.emit()

    @property
    def bookmarks(self) -> tuple[int, ...]:
        """The steps that are marked to come back to."""
        return tuple(sorted(self._bookmarks))

    def set_bookmarks(self, steps: Iterable[int]) -> None:
        """Mark these of the steps that have been made."""
        self._bookmarks = [step for step in dict.fromkeys(steps) if 0 <= step <= self.slider.maximum()]
        self._show_moments()
        self._show_place(self.slider.value())

    def _show_place(self, step: int) -> None:
        text = f"{grouped(step)} / {grouped(self.slider.maximum())}"
        self._place.setText(text)
        tip = self.tr("After step {step} of {all} that have been made")
        self._place.setToolTip(tooltip(tip.format(step=grouped(step), all=grouped(self.slider.maximum()))))
        self._bookmark.setChecked(step in self._bookmarks)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()
        self.slider.set_axis(None)
        self._align()
        self._draw_spark()

    def _lay_out(self) -> None:
        """Put the button before the line, and the words beside it under the line."""
        side = px(FREE) - 2
        self._bookmark.setGeometry(0, max(0, (px(MARK) - side) // 2), side, side)
        height = self.slider.label_height
        self._name.setGeometry(side + 2, px(MARK), self._name.sizeHint().width() + 2, height)
        self._place.move(self._name.geometry().right() + GAP, px(MARK) + (height - self._place.height()) // 2)
        self.slider.taken = float(self._place.x() + self._place.width())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.FontChange):
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self._name.setText(self.tr("Timeline"))
        self.setWindowTitle(self.tr("Timeline"))
        self._place.hold(f"{grouped(WIDEST)} / {grouped(WIDEST)}")
        for words in (self._name, self._place):
            words.setFont(tabular(self.font(), 0.85))
        self.slider.setAccessibleName(self.tr("Timeline"))
        self.slider.setToolTip(self.tr("Drag to any step that has been made"))
        self._bookmark.setText("◻")
        self._bookmark.setAccessibleName(self.tr("Bookmark"))
        self._bookmark.setToolTip(self.tr("Mark this step, to come back to it (Ctrl+M)"))
        self._lay_out()
        if self._frame is not None:
            self._read_edits(self._frame)
            self._show_moments()
