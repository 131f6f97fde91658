"""The shown sample as a picture, and what each unit of layer 1 looks for: its weights as one."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QToolTip, QVBoxLayout, QWidget

from engine.arrays import FloatArray
from engine.data.dataset import has_classes, target_classes
from engine.parts import Part
from gui.document.focus import Focus
from gui.style.fonts import px
from gui.style.theme import LIGHT, Theme
from gui.text import numbers
from gui.text.parts import class_names, layer_name
from gui.text.plain import Label, tooltip
from gui.training.messages import Frame
from gui.views.surface.pictures import grey_picture, shade, signed_shades, words_image

SIDE = 72
GAP = 10
MOST_UNITS = 256
PERCENTILE = 98.0
SAMPLE_SIDE = 96


class WeightImages(QWidget):
    """The shown sample and the weights into each unit of layer 1; only for data that are pictures.

    Parameters
    ----------
    focus : Focus
        Of which the selected unit is framed; a click selects another.
    """

    def __init__(self, focus: Focus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.focus = focus
        self.setObjectName("weightImages")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._frame: Frame | None = None
        self._scale = Label()
        self._scale.setObjectName("weightScale")
        self._scale.setWordWrap(True)
        self._picture = Label()
        self._picture.setObjectName("samplePicture")
        self._sample = Label()
        self._sample.setObjectName("sampleName")
        self._sample.setWordWrap(True)
        shown = QHBoxLayout()
        shown.setSpacing(10)
        shown.addWidget(self._picture)
        shown.addWidget(self._sample, 1)
        focus.sample_changed.connect(self._draw)
        self._sheet = _Sheet(focus)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(self._sheet)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 8, 4)
        column.setSpacing(4)
        column.addLayout(shown)
        column.addWidget(self._scale)
        column.addWidget(area, 1)
        self._retranslate()
        self.set_theme(LIGHT)

    @staticmethod
    def suits(frame: Frame) -> bool:
        """Whether the data of a frame are pictures, so that there is anything to see here."""
        shape = frame.dataset.image_shape
        return shape is not None and shape[0] * shape[1] == frame.record.sizes[0]

    @property
    def pictures(self) -> int:
        """How many pictures are drawn."""
        return len(self._sheet.pictures)

    def show_frame(self, frame: Frame) -> None:
        """Draw the shown sample, and the first layer's weights."""
        self._frame = frame
        if self.isVisible():
            self._draw()

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self._frame = None
        self._draw()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._sheet.theme = theme
        self._draw()

    def _draw(self) -> None:
        if self._frame is None or not self.suits(self._frame):
            self._sheet.show_weights((), 0.0)
            self._picture.clear()
            self._sample.setText("")
            return
        self._draw_sample(self._frame)
        record, shape = self._frame.record, self._frame.dataset.image_shape
        assert shape is not None
        weights = (record.weights_after if self._frame.updated else record.weights_before)[0]
        shown = weights[:, :MOST_UNITS]
        known = np.abs(shown[np.isfinite(shown)])
        limit = float(np.percentile(known, PERCENTILE)) if known.size else 0.0
        limit = limit if limit > 0 or not known.size else float(known.max())
        self._sheet.show_weights(tuple(column.reshape(shape) for column in shown.T), limit)
        text = self.tr(
            "Weights into the units of {layer} after step {step}: blue positive, orange negative, "
            "full colour from ±{limit}"
        )
        self._scale.setText(
            text.format(
                layer=layer_name(1, len(record.z)),
                step=numbers.grouped(self._frame.step),
                limit=numbers.short(limit, 3),
            )
        )

    def _draw_sample(self, frame: Frame) -> None:
        data, sample = frame.dataset, self.focus.sample_in(frame)
        row = int(frame.record.indices[min(sample, frame.record.batch - 1)])
        assert data.image_shape is not None
        self._picture.setPixmap(grey_picture(data.inputs[row].reshape(data.image_shape), px(SAMPLE_SIDE)))
        text = self.tr("sample {number} · row {row}").format(number=sample + 1, row=row + 1)
        if has_classes(data.kind):
            group = int(target_classes(data.kind, data.targets[[row]])[0])
            text += "\n" + self.tr("class {name}").format(name=class_names(data)[group])
        self._sample.setText(text)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("First layer's weights as pictures"))
        self._draw()


class _Sheet(QWidget):
    """The pictures, in as many columns as there is room for."""

    def __init__(self, focus: Focus) -> None:
        super().__init__()
        self._focus = focus
        focus.part_changed.connect(self._mark)
        self.setObjectName("weightSheet")
        self.theme = LIGHT
        self.pictures: list[QPixmap] = []
        self._weights: tuple[FloatArray, ...] = ()

    def show_weights(self, weights: tuple[FloatArray, ...], limit: float) -> None:
        shades, unknown = signed_shades(self.theme), QColor(self.theme.bad).rgb()
        count, self._weights = len(self._weights), weights
        self.pictures = [
            QPixmap.fromImage(words_image(shade(picture, limit, shades, unknown))) for picture in weights
        ]
        if count != len(weights):
            self._fit()
        self.update()

    @property
    def _columns(self) -> int:
        return max(1, (self.width() + GAP) // (SIDE + GAP))

    def _cell_height(self) -> float:
        return SIDE + QFontMetricsF(self.font()).height() + GAP

    def _place(self, unit: int) -> QRectF:
        row, column = divmod(unit, self._columns)
        return QRectF(column * (SIDE + GAP) + 1, row * self._cell_height() + 1, SIDE, SIDE)

    def _unit_at(self, at: QPointF) -> int | None:
        column, row = int(at.x() // (SIDE + GAP)), int(at.y() // self._cell_height())
        unit = row * self._columns + column
        inside = column < self._columns and 0 <= unit < len(self.pictures)
        return unit if inside and self._place(unit).contains(at) else None

    def _fit(self) -> None:
        rows = -(-len(self.pictures) // self._columns)
        self.setMinimumHeight(round(rows * self._cell_height()) + 2)

    def sizeHint(self) -> QSize:
        return QSize(4 * (SIDE + GAP), self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        seen = QRectF(event.rect())
        height = QFontMetricsF(self.font()).height()
        for unit, pixmap in enumerate(self.pictures):
            place = self._place(unit)
            label = QRectF(place.left(), place.bottom() + 1, SIDE, height)
            if not (seen.intersects(place) or seen.intersects(label)):
                continue
            painter.drawPixmap(place, pixmap, QRectF(pixmap.rect()))
            chosen = self._focus.part == Part("unit", 1, unit)
            colour = self.theme.selection if chosen else self.theme.border
            painter.setPen(QPen(QColor(colour), 2.0 if chosen else 1.0))
            painter.drawRect(place)
            painter.setPen(QColor(self.theme.muted))
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, str(unit + 1))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        unit = self._unit_at(event.position())
        if unit is not None and event.button() == Qt.MouseButton.LeftButton:
            self._focus.select(Part("unit", 1, unit))

    def _mark(self) -> None:
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            unit = self._unit_at(QPointF(event.pos()))
            if unit is None:
                QToolTip.hideText()
                event.ignore()
            else:
                weights = self._weights[unit]
                text = self.tr("Unit {0}: weights from {1} to {2}").format(
                    unit + 1, numbers.short(float(weights.min())), numbers.short(float(weights.max()))
                )
                QToolTip.showText(event.globalPos(), tooltip(text), self)
            return True
        return super().event(event)
