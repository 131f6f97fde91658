"""A plane to paint points of several classes on, as a data set."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QShortcut,
)
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.arrays import BoolArray, FloatArray, IntArray
from engine.data.csv_text import csv_text
from engine.data.dataset import Dataset, Kind
from engine.functions.table import Range
from gui.style.fonts import open_at, px
from gui.style.theme import LIGHT, Theme
from gui.text import numbers
from gui.text.plain import Label, tooltip
from gui.views.surface.colours import class_colours
from gui.views.surface.plot import draw_stamps, mark_pixmap
from gui.widgets.fields import Note
from gui.widgets.focus_ring import FocusRing
from gui.widgets.number_box import NumberBox

MOST_CLASSES = 6
LEAST_RADIUS, LARGEST_RADIUS = 4, 120
MOST_POINTS = 20_000
SPACING = 0.6
"""How far the brush moves, in its own radius, before it drops points again."""

MARGIN = 34
UNDO_LIMIT = 200


@dataclass(frozen=True, eq=False)
class Painting:
    """Points and their classes; read-only.

    Attributes
    ----------
    points : (n, 2)
    classes : (n,) int64
        From 0.
    """

    points: FloatArray
    classes: IntArray

    @classmethod
    def empty(cls) -> Painting:
        """No points."""
        return cls(np.empty((0, 2)), np.empty(0, dtype=np.int64))

    def with_points(self, points: FloatArray, of_class: int) -> Painting:
        """Some more points, of one class."""
        classes = np.full(len(points), of_class, dtype=np.int64)
        return Painting(np.concatenate((self.points, points)), np.concatenate((self.classes, classes)))

    def without(self, erased: BoolArray) -> Painting:
        """What is left without some of the points."""
        return Painting(self.points[~erased], self.classes[~erased])

    def dataset(self, class_names: list[str], name: str) -> Dataset:
        """The data set of the classes that have points; there must be two at least."""
        used, labels = np.unique(self.classes, return_inverse=True)
        names = [class_names[place] for place in used.tolist()]
        kind: Kind = "binary" if len(names) == 2 else "multiclass"
        return Dataset.from_arrays(self.points, labels, kind, name=name, class_names=names)


class PaintCanvas(QWidget):
    """The plane; dragging paints or erases.

    Signals
    -------
    changed()
        There are other points, or undo and redo became possible.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("paintCanvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._theme = LIGHT
        self._history = [Painting.empty()]
        self._place = 0
        self._present = self._history[0]
        self._random = np.random.default_rng(0)
        self._pointer: QPointF | None = None
        self._last: QPointF | None = None
        self.brush_class = 0
        self.erases = False
        self.radius = 24
        self.density = 4
        self.ranges = (-1.0, 1.0, -1.0, 1.0)

    # -- points ------------------------------------------------------------------------------------

    @property
    def painting(self) -> Painting:
        """The points that are there."""
        return self._present

    @property
    def can_undo(self) -> bool:
        """Whether there is a stroke to take back."""
        return self._place > 0

    @property
    def can_redo(self) -> bool:
        """Whether a stroke was taken back."""
        return self._place < len(self._history) - 1

    def undo(self) -> None:
        """Take the last stroke back."""
        self._go(self._place - 1)

    def redo(self) -> None:
        """Make the stroke that was taken back again."""
        self._go(self._place + 1)

    def clear(self) -> None:
        """Take all points away; one stroke, that can be undone."""
        if len(self._present.points):
            self._present = Painting.empty()
            self._keep()

    def set_ranges(self, left: float, right: float, bottom: float, top: float) -> None:
        """Show another part of the plane; points stay where they are."""
        self.ranges = (left, right, bottom, top)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.update()

    def _go(self, place: int) -> None:
        if 0 <= place < len(self._history):
            self._place = place
            self._present = self._history[place]
            self.update()
            self.changed.emit()

    def _keep(self) -> None:
        """Make the present points one more entry of the history."""
        if self._present is not self._history[self._place]:
            first = max(0, self._place + 2 - UNDO_LIMIT)
            self._history = [*self._history[first : self._place + 1], self._present]
            self._place = len(self._history) - 1
        self.update()
        self.changed.emit()

    # -- the plane ---------------------------------------------------------------------------------

    @property
    def area(self) -> QRectF:
        """The pixels of the plane, within the axes."""
        return QRectF(self.rect()).adjusted(MARGIN + 8, 10, -12, -MARGIN + 8)

    def pixel(self, x: float, y: float) -> QPointF:
        """Where a point of the plane is drawn."""
        left, right, bottom, top = self.ranges
        area = self.area
        across, up = (x - left) / (right - left), (y - bottom) / (top - bottom)
        return QPointF(area.left() + across * area.width(), area.bottom() - up * area.height())

    def _plane(self, pixels: FloatArray) -> FloatArray:
        left, right, bottom, top = self.ranges
        area = self.area
        across = (pixels[:, 0] - area.left()) / area.width()
        up = (area.bottom() - pixels[:, 1]) / area.height()
        return np.column_stack((left + across * (right - left), bottom + up * (top - bottom)))

    def _pixels(self, points: FloatArray) -> FloatArray:
        left, right, bottom, top = self.ranges
        area = self.area
        x = area.left() + (points[:, 0] - left) / (right - left) * area.width()
        y = area.bottom() - (points[:, 1] - bottom) / (top - bottom) * area.height()
        return np.column_stack((x, y))

    def _dab(self, at: QPointF) -> None:
        """Drop points around a pixel, or erase those there."""
        if self.erases:
            pixels = self._pixels(self._present.points)
            near = np.hypot(pixels[:, 0] - at.x(), pixels[:, 1] - at.y()) <= self.radius
            if near.any():
                self._present = self._present.without(near)
        else:
            angle = self._random.uniform(0, 2 * np.pi, self.density)
            far = self.radius * np.sqrt(self._random.uniform(0, 1, self.density))
            if self.density == 1:
                far[:] = 0.0  # a single point falls where one clicks
            pixels = np.column_stack((at.x() + far * np.cos(angle), at.y() + far * np.sin(angle)))
            area = self.area
            inside = (pixels[:, 0] >= area.left()) & (pixels[:, 0] <= area.right())
            inside &= (pixels[:, 1] >= area.top()) & (pixels[:, 1] <= area.bottom())
            room = MOST_POINTS - len(self._present.points)
            new = np.round(self._plane(pixels[inside][: max(0, room)]), 4)
            if len(new):
                self._present = self._present.with_points(new, self.brush_class)
        self._last = at
        self.update()

    # -- mouse and keys ----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._dab(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        if event.buttons() & Qt.MouseButton.LeftButton and self._last is not None:
            moved = event.position() - self._last
            spacing = 0.0 if self.erases else SPACING * self.radius
            if np.hypot(moved.x(), moved.y()) >= max(3.0, spacing):
                self._dab(event.position())
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._last is not None:
            self._last = None
            self._keep()

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = None
        self.update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the brush, Space and Enter paint once."""
        keys, step = Qt.Key, 24.0 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 6.0
        moves = {
            keys.Key_Left: (-step, 0.0),
            keys.Key_Right: (step, 0.0),
            keys.Key_Up: (0.0, -step),
            keys.Key_Down: (0.0, step),
        }
        at = self._pointer or self.area.center()
        if (move := moves.get(Qt.Key(event.key()))) is not None:
            area = self.area
            x = min(max(at.x() + move[0], area.left()), area.right())
            self._pointer = QPointF(x, min(max(at.y() + move[1], area.top()), area.bottom()))
            self.update()
        elif event.key() in (keys.Key_Space, keys.Key_Return, keys.Key_Enter):
            self._pointer = at
            self._dab(at)
            self._last = None
            self._keep()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(560, 480)

    # -- painting ----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, area = self._theme, self.area
        painter.fillRect(self.rect(), QColor(theme.surface))
        painter.fillRect(area, QColor(theme.canvas))
        self._paint_axes(painter, area)
        painter.setClipRect(area)
        colours = class_colours(MOST_CLASSES, theme)
        pixels = self._pixels(self._present.points)
        for of_class in range(MOST_CLASSES):
            stamp = mark_pixmap(colours[of_class], of_class, False, theme, self.devicePixelRatioF())
            chosen = pixels[self._present.classes == of_class]
            draw_stamps(painter, stamp, chosen[:, 0], chosen[:, 1])
        if self._pointer is not None:
            colour = QColor(theme.muted) if self.erases else colours[self.brush_class]
            painter.setPen(QPen(colour, 1.6, Qt.PenStyle.DashLine if self.erases else Qt.PenStyle.SolidLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(self._pointer, self.radius, self.radius)
        if not len(pixels):
            painter.setPen(QColor(theme.muted))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.tr("Drag to paint points"))
        painter.setClipping(False)
        painter.setPen(QPen(QColor(theme.selection if self.hasFocus() else theme.border), 1.0))
        painter.drawRect(area)

    def _paint_axes(self, painter: QPainter, area: QRectF) -> None:
        left, right, bottom, top = self.ranges
        metrics = self.fontMetrics()
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            x, y = area.left() + share * area.width(), area.bottom() - share * area.height()
            painter.setPen(QPen(QColor(self._theme.grid), 1.0))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            if share in (0.0, 0.5, 1.0):
                painter.setPen(QColor(self._theme.muted))
                text = numbers.short(left + share * (right - left))
                width = metrics.horizontalAdvance(text)
                place = min(max(x - width / 2, 0.0), self.width() - width)
                painter.drawText(QPointF(place, area.bottom() + metrics.ascent() + 4), text)
                text = numbers.short(bottom + share * (top - bottom))
                baseline = min(max(y + metrics.ascent() / 2 - 1, metrics.ascent()), area.bottom())
                painter.drawText(QPointF(area.left() - metrics.horizontalAdvance(text) - 6, baseline), text)


class PaintDialog(QDialog):
    """Paints a data set of two inputs and up to six classes.

    Signals
    -------
    used(Dataset)
        The points are to be trained on.
    """

    used = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("paintDialog")
        self.setModal(False)
        open_at(self, 860, 580)
        self.canvas = PaintCanvas()
        self.canvas.changed.connect(self._show)

        self._classes = QButtonGroup(self)
        self._names: list[QLineEdit] = []
        self._class_box = QVBoxLayout()
        self._class_box.setSpacing(4)
        for place in range(MOST_CLASSES):
            self._add_class(place)
        self._eraser = QToolButton()
        self._eraser.setObjectName("eraserButton")
        self._eraser.setCheckable(True)
        self._eraser.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._classes.addButton(self._eraser, MOST_CLASSES)
        self._classes.idToggled.connect(self._tool_toggled)

        self._size = _slider("brushSizeSlider", LEAST_RADIUS, LARGEST_RADIUS, self.canvas.radius)
        self._density = _slider("brushDensitySlider", 1, 20, self.canvas.density)
        self._size.valueChanged.connect(self._brush_changed)
        self._density.valueChanged.connect(self._brush_changed)
        anything = Range(-1e9, 1e9)
        self._ranges = [NumberBox(anything, characters=5) for _ in range(4)]
        for box, name, value in zip(
            self._ranges, ("leftBox", "rightBox", "bottomBox", "topBox"), self.canvas.ranges, strict=True
        ):
            box.setObjectName(name)
            box.set_value(value)
            box.edited.connect(self._range_edited)
        self._note = Note("error")
        self._note.setObjectName("paintNote")
        self._labels = [Label() for _ in range(4)]
        self._dashes = [Label("…"), Label("…")]

        self._undo, self._redo, self._clear = QPushButton(), QPushButton(), QPushButton()
        self._save, self._use = QPushButton(), QPushButton()
        for button, name, slot in (
            (self._undo, "paintUndoButton", self.canvas.undo),
            (self._redo, "paintRedoButton", self.canvas.redo),
            (self._clear, "paintClearButton", self.canvas.clear),
            (self._save, "paintSaveButton", self._choose_file),
            (self._use, "paintUseButton", self._use_points),
        ):
            button.setObjectName(name)
            button.setAutoDefault(False)
            button.clicked.connect(slot)
        FocusRing(self._use)
        self._counts = Label()
        self._counts.setObjectName("paintCounts")
        for keys, slot in (
            (QKeySequence(QKeySequence.StandardKey.Undo), self.canvas.undo),
            (QKeySequence("Ctrl+Shift+Z"), self.canvas.redo),
            (QKeySequence("E"), self._eraser.toggle),
        ):
            QShortcut(keys, self).activated.connect(slot)
        for place in range(MOST_CLASSES):
            click = self._classes.button(place).click
            QShortcut(QKeySequence(str(place + 1)), self).activated.connect(click)
        self._lay_out()
        self._classes.button(0).setChecked(True)
        self.set_theme(LIGHT)
        self._retranslate()

    def _add_class(self, place: int) -> None:
        button = QToolButton()
        button.setObjectName(f"class{place}Button")
        button.setCheckable(True)
        button.setIconSize(QSize(18, 18))
        self._classes.addButton(button, place)
        name = QLineEdit(str(place))
        name.setObjectName(f"class{place}Name")
        name.setMaxLength(40)
        name.editingFinished.connect(self._show)
        self._names.append(name)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(button)
        row.addWidget(name, 1)
        self._class_box.addLayout(row)

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.setSpacing(6)
        side.addLayout(self._class_box)
        side.addWidget(self._eraser)
        side.addSpacing(8)
        form = QFormLayout()
        form.setVerticalSpacing(6)
        form.addRow(self._labels[0], self._size)
        form.addRow(self._labels[1], self._density)
        for label, first, dash in ((self._labels[2], 0, 0), (self._labels[3], 2, 1)):
            row = QHBoxLayout()
            row.setSpacing(4)
            row.addWidget(self._ranges[first], 1)
            row.addWidget(self._dashes[dash])
            row.addWidget(self._ranges[first + 1], 1)
            form.addRow(label, row)
        side.addLayout(form)
        side.addWidget(self._note)
        side.addSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(4)
        for button in (self._undo, self._redo, self._clear):
            row.addWidget(button)
        side.addLayout(row)
        side.addStretch(1)
        side.addWidget(self._counts)
        side.addWidget(self._save)
        side.addWidget(self._use)
        panel = QWidget()
        panel.setLayout(side)
        panel.setMinimumWidth(px(240))
        side.setContentsMargins(0, 0, 0, 0)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(14, 14, 14, 14)
        whole.setSpacing(14)
        whole.addWidget(self.canvas, 1)
        whole.addWidget(panel)

    # -- what is painted ---------------------------------------------------------------------------

    @property
    def class_names(self) -> list[str]:
        """What the classes are called; no two alike."""
        names: list[str] = []
        for place, field in enumerate(self._names):
            name = field.text().strip() or str(place)
            while name in names:
                name += "'"
            names.append(name)
        return names

    @property
    def ready(self) -> bool:
        """Whether there is something to learn: points of two classes."""
        return len(np.unique(self.canvas.painting.classes)) >= 2

    def dataset(self) -> Dataset:
        """The points as a data set; only when `ready`."""
        return self.canvas.painting.dataset(self.class_names, self.tr("painted"))

    def save_csv(self, path: Path) -> None:
        """Write the points as CSV; a message says so if that fails."""
        try:
            path.write_text(csv_text(self.dataset()), encoding="utf-8")
        except OSError as error:
            self._note.show_text(self.tr("{0} cannot be written: {1}").format(path, error.strerror))
        else:
            self._note.show_text("")

    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save points"), "painted.csv", self.tr("CSV files") + " (*.csv)"
        )
        if chosen:
            self.save_csv(Path(chosen))

    def _use_points(self) -> None:
        self.used.emit(self.dataset())
        self.accept()

    def _tool_toggled(self, place: int, checked: bool) -> None:
        if checked:
            self.canvas.erases = place == MOST_CLASSES
            if place < MOST_CLASSES:
                self.canvas.brush_class = place
            self.canvas.update()

    def _brush_changed(self) -> None:
        self.canvas.radius, self.canvas.density = self._size.value(), self._density.value()
        self.canvas.update()

    def _range_edited(self, value: object) -> None:
        values = [float(box.value) for box in self._ranges]
        edited = self._ranges.index(self.sender())  # type: ignore[arg-type]
        if isinstance(value, int | float) and np.isfinite(value):
            values[edited] = float(value)
        if values[0] < values[1] and values[2] < values[3]:
            self.canvas.set_ranges(values[0], values[1], values[2], values[3])
            self._note.show_text("")
        else:
            self._note.show_text(self.tr("The first end of a range must be less than the second."))
        for box, shown in zip(self._ranges, self.canvas.ranges, strict=True):
            box.set_value(shown)

    # -- showing -----------------------------------------------------------------------------------

    def _show(self) -> None:
        canvas = self.canvas
        self._undo.setEnabled(canvas.can_undo)
        self._redo.setEnabled(canvas.can_redo)
        self._clear.setEnabled(len(canvas.painting.points) > 0)
        for button in (self._save, self._use):
            button.setEnabled(self.ready)
            button.setToolTip(tooltip("" if self.ready else self.tr("Paint points of at least two classes")))
        count, classes = len(canvas.painting.points), len(np.unique(canvas.painting.classes))
        points = self.tr("{0} points", "", count).format(numbers.grouped(count))
        kinds = self.tr("{0} classes", "", classes).format(classes)
        self._counts.setText(f"{points} · {kinds}")

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self.canvas.set_theme(theme)
        colours = class_colours(MOST_CLASSES, theme)
        for place, colour in enumerate(colours):
            self._classes.button(place).setIcon(QIcon(_icon(mark_pixmap(colour, place, False, theme, 2.0))))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Paint data"))
        self.canvas.setAccessibleName(self.tr("Plane to paint on"))
        self._eraser.setText(self.tr("Eraser"))
        self._eraser.setAccessibleName(self.tr("Eraser"))
        self._eraser.setToolTip(self.tr("Take points away (E)"))
        for place in range(MOST_CLASSES):
            text = self.tr("Paint class {0}").format(place + 1)
            self._classes.button(place).setAccessibleName(text)
            self._classes.button(place).setToolTip(tooltip(f"{text} ({place + 1})"))
            self._names[place].setAccessibleName(self.tr("Name of class {0}").format(place + 1))
        names = (self.tr("Brush size"), self.tr("Density"), self.tr("x1 from"), self.tr("x2 from"))
        for label, name in zip(self._labels, names, strict=True):
            label.setText(name)
        self._size.setAccessibleName(names[0])
        self._density.setAccessibleName(names[1])
        self._density.setToolTip(self.tr("Points dropped at a time"))
        ends = (self.tr("Least x1"), self.tr("Largest x1"), self.tr("Least x2"), self.tr("Largest x2"))
        for box, name in zip(self._ranges, ends, strict=True):
            box.setAccessibleName(name)
        for button, text in (
            (self._undo, self.tr("Undo")),
            (self._redo, self.tr("Redo")),
            (self._clear, self.tr("Clear")),
            (self._save, self.tr("Save as CSV…")),
            (self._use, self.tr("Use as data set")),
        ):
            button.setText(text)
            button.setAccessibleName(text)
        self._undo.setToolTip(self.tr("Take the last stroke back (Ctrl+Z)"))
        self._redo.setToolTip(self.tr("Make it again (Ctrl+Shift+Z)"))
        self._clear.setToolTip(self.tr("Take all points away"))
        self._show()


def _slider(name: str, low: int, high: int, value: int) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setObjectName(name)
    slider.setRange(low, high)
    slider.setValue(value)
    return slider


def _icon(pixmap: QPixmap) -> QPixmap:
    """The mark as large as an icon."""
    icon = QPixmap(18, 18)
    icon.fill(Qt.GlobalColor.transparent)
    painter = QPainter(icon)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(QRectF(icon.rect()), pixmap, QRectF(pixmap.rect()))
    painter.end()
    return icon
