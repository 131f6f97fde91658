"""Gradient health: how large each layer's gradient is, and what in the network keeps it back."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from engine.health import Flag, Health, Kind, gradient_health
from engine.parts import Part
from engine.phases import Revealed
from gui.panels.setup.rows import Button, Note
from gui.style.theme import LIGHT, Theme
from gui.text.numbers import at_most, grouped, short
from gui.text.parts import layer_name, unit_name
from gui.text.plain import Label, tooltip
from gui.training.messages import Frame, Status

LOWEST, HIGHEST = -8, 2
"""Powers of ten at the ends of the bars: fixed, so that they only move when the gradient does."""

BAR_HEIGHT = 8
ROW_HEIGHT = 22
MARGIN = 10
INSET = 3
"""Room inside what can have the focus, so that its frame touches no text."""

SHOWN_FLAGS = 6
FEW_UNITS = 3
"""So many flagged units of a layer are named one by one; more are counted."""

FLAG_SECONDS = 0.5
"""While training runs, what is said about it changes no more often than one can read it."""


class Remark(NamedTuple):
    """One line about the network: what it says, and where it takes the user."""

    text: str
    tip: str
    part: Part
    is_bad: bool


class HealthPanel(QWidget):
    """A bar for each layer, and a line for each thing to look at.

    Signals
    -------
    selection_changed(Part)
        The user wants to see the layer or unit.
    """

    selection_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("healthPanel")
        self._frame: Frame | None = None
        self._theme = LIGHT
        self._remarks: tuple[Remark, ...] = ()
        self._told = 0.0
        self._heading = Label()
        self._heading.setProperty("role", "heading")
        font = self._heading.font()
        font.setCapitalization(QFont.Capitalization.AllUppercase)
        font.setPointSizeF(font.pointSizeF() * 0.85)
        font.setBold(True)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.6)
        self._heading.setFont(font)
        self._bars = _Bars()
        self._bars.chosen.connect(self.selection_changed)
        self._lines = [_Line(index) for index in range(SHOWN_FLAGS)]
        self._note = Note()
        self._note.setObjectName("healthNote")
        for label in (self._heading, self._note):
            label.setIndent(INSET)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN - INSET, MARGIN, MARGIN - INSET, MARGIN)
        column.setSpacing(4)
        column.addWidget(self._heading)
        column.addWidget(self._bars)
        for line in self._lines:
            line.chosen.connect(self.selection_changed)
            column.addWidget(line)
        column.addWidget(self._note)
        column.addStretch(1)
        self.set_theme(LIGHT)
        self._retranslate()

    @property
    def norms(self) -> tuple[float | None, ...]:
        """The norms that the bars show, by layer; None for what is not known yet."""
        return self._bars.norms

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What is said, those included that there is no room for."""
        return self._remarks

    @property
    def note(self) -> str:
        """What is said where there is nothing to look at, or more than there is room for."""
        return self._note.text() if not self._note.isHidden() else ""

    def show_frame(self, frame: Frame) -> None:
        """Show the health of the frame's step, as far as it is revealed."""
        self._frame = frame
        if self.isVisible():
            self._draw()

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self._frame, self._remarks, self._told = None, (), 0.0

    def set_theme(self, theme: Theme) -> None:
        """Take over the colours of `theme`."""
        self._theme = theme
        self._bars.set_theme(theme)
        for line in self._lines:
            line.set_theme(theme)
        self.setStyleSheet(
            f"""
            #healthPanel {{ background: {theme.surface}; }}
            QLabel[role="heading"], QLabel[role="note"] {{ color: {theme.muted}; }}
            """
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._told = 0.0
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self._heading.setText(self.tr("Gradient health"))
        self.setAccessibleName(self.tr("Gradient health"))
        self._told = 0.0
        self._draw()

    def _draw(self) -> None:
        frame = self._frame
        if frame is None:
            return
        health = gradient_health(frame.experiment, frame.record)
        last = len(frame.record.z)
        revealed = Revealed.by(frame.phase, last)
        # One sample's share is not yet the gradient of the batch
        by_sample = frame.phase is not None and frame.phase.sample is not None
        if by_sample:
            revealed = Revealed(0, last + 1, False, False)
        flags = [flag for flag in health.flags if _is_revealed(flag, revealed)]
        self._show_bars(frame, health, revealed, flags)
        now = time.monotonic()
        if frame.status is not Status.RUNNING or now - self._told >= FLAG_SECONDS:
            self._told = now
            self._show_flags(frame, health, flags, revealed)

    def _show_bars(self, frame: Frame, health: Health, revealed: Revealed, flags: list[Flag]) -> None:
        last = len(health.norms)
        names = [layer_name(layer, last) for layer in range(1, last + 1)]
        norms = [norm if layer >= revealed.backward else None for layer, norm in enumerate(health.norms, 1)]
        flagged = {flag.part.layer for flag in flags if flag.part.kind == "layer"}
        tips = [
            self.tr(
                "Norm of the gradient of all weights and biases of {layer}, of the mini-batch of step "
                "{step}: {norm}"
            ).format(
                layer=name,
                step=grouped(frame.record.step),
                norm=self.tr("not known yet") if norm is None else short(norm, 6),
            )
            for name, norm in zip(names, norms, strict=True)
        ]
        self._bars.show_norms(names, norms, flagged, tips)

    def _show_flags(self, frame: Frame, health: Health, flags: list[Flag], revealed: Revealed) -> None:
        self._remarks = tuple(self._remark(frame, flags))
        for line, remark in zip(self._lines, (*self._remarks, *[None] * SHOWN_FLAGS), strict=False):
            line.show_remark(remark)
        self._note.show_text(self._say_the_rest(frame, health, revealed))

    def _say_the_rest(self, frame: Frame, health: Health, revealed: Revealed) -> str:
        """What there is no line for; of what was not tested that it was not."""
        more = len(self._remarks) - SHOWN_FLAGS
        if more > 0:
            return self.tr("and {count} more").format(count=more)
        if revealed.backward > 1:
            return "" if self._remarks else self.tr("Known after the backward pass")
        if health.is_zero and health.moves:
            return self.tr("The gradient is exactly 0 everywhere.")
        if health.is_zero:
            return self.tr("The gradient is exactly 0 everywhere: nothing can move.")
        if not health.judges_units:
            text = self.tr("A mini-batch of {count} is too small to judge single units.")
            return text.format(count=frame.record.batch)
        return "" if self._remarks else self.tr("Nothing stands out in this mini-batch.")

    def _remark(self, frame: Frame, flags: list[Flag]) -> Iterable[Remark]:
        def group(flag: Flag) -> tuple[int, Kind]:
            return flag.part.layer, flag.kind

        for (layer, kind), members in groupby(flags, group):
            same = list(members)
            if len(same) > FEW_UNITS:
                yield self._about_many(frame, layer, kind, same)
            else:
                for flag in same:
                    yield self._about_one(frame, flag)

    def _about_one(self, frame: Frame, flag: Flag) -> Remark:
        layer = layer_name(flag.part.layer, len(frame.record.z))
        value = at_most(flag.value, 2) if flag.kind == "saturated" else short(flag.value, 2)
        if flag.part.kind == "layer":
            text, tip = {
                "vanishing": (
                    self.tr("{layer}: gradient vanishes, ×{value}"),
                    self.tr(
                        "∂L/∂z of this layer is {value} times that of the output layer (root mean square):"
                        " it learns that much more slowly"
                    ),
                ),
                "exploding": (
                    self.tr("{layer}: gradient explodes, ×{value}"),
                    self.tr(
                        "∂L/∂z of this layer is {value} times that of the output layer (root mean square)"
                    ),
                ),
                "overshooting": (
                    self.tr("{layer}: update {value} times as long as the parameters"),
                    self.tr("About 0.001 is usual: a smaller learning rate or clipping helps"),
                ),
            }[flag.kind]
        else:
            layer = unit_name(frame, flag.part.layer, flag.part.unit)
            layer = layer[:1].upper() + layer[1:]
            text, tip = {
                "dead": (
                    self.tr("{layer} is dead: 0 for all {count} samples"),
                    self.tr("Its ReLU lets no gradient through: its weights do not change in this step"),
                ),
                "saturated": (
                    self.tr("{layer} is saturated: f′ ≤ {value}"),
                    self.tr(
                        "The largest slope of its activation function over the {count} samples is {value}"
                    ),
                ),
            }[flag.kind]
        is_bad = flag.kind in ("exploding", "overshooting")
        count = frame.record.batch
        return Remark(
            text.format(layer=layer, value=value, count=count),
            tip.format(layer=layer, value=short(flag.value), count=count),
            flag.part,
            is_bad,
        )

    def _about_many(self, frame: Frame, layer: int, kind: Kind, flags: list[Flag]) -> Remark:
        texts = {
            "dead": self.tr("{layer}: {count} of {all} units are dead"),
            "saturated": self.tr("{layer}: {count} of {all} units are saturated, f′ ≤ {value}"),
        }
        worst = min(flags, key=lambda flag: flag.value)
        text = texts[kind].format(
            layer=layer_name(layer, len(frame.record.z)),
            count=len(flags),
            all=frame.record.sizes[layer],
            value=at_most(max(flag.value for flag in flags), 2),
        )
        units = ", ".join(str(flag.part.unit + 1) for flag in flags[:40]) + (", …" if len(flags) > 40 else "")
        return Remark(text, self.tr("Units {units}").format(units=units), worst.part, False)


def _is_revealed(flag: Flag, revealed: Revealed) -> bool:
    if flag.kind == "overshooting":
        return revealed.update
    if flag.part.kind == "unit":
        return flag.part.layer <= revealed.forward
    return flag.part.layer >= revealed.backward


class _Bars(QWidget):
    """A name, a bar on a scale of powers of ten, and the number, for each layer."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("healthBars")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.norms: tuple[float | None, ...] = ()
        self._rows: list[_Bar] = []
        self._theme = LIGHT
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for row in self._rows:
            row.theme = theme
            row.update()

    def show_norms(
        self, names: list[str], norms: list[float | None], flagged: set[int], tips: list[str]
    ) -> None:
        self.norms = tuple(norms)
        while len(self._rows) > len(names):
            row = self._rows.pop()
            row.hide()
            row.deleteLater()
        while len(self._rows) < len(names):
            row = _Bar(len(self._rows) + 1, self._theme)
            row.clicked.connect(lambda _=False, layer=row.layer: self.chosen.emit(Part("layer", layer)))
            self._rows.append(row)
            self._column.addWidget(row)
            row.show()
        width = max(self.fontMetrics().horizontalAdvance(name) for name in names) + 10
        for row, name, norm, tip in zip(self._rows, names, norms, tips, strict=True):
            row.show_norm(name, norm, row.layer in flagged, tip, width)


class _Bar(Button):
    def __init__(self, layer: int, theme: Theme) -> None:
        super().__init__()
        self.layer = layer
        self.theme = theme
        self._name, self._flagged, self._name_width = "", False, 0
        self._norm: float | None = None
        self.setObjectName(f"healthBar{layer}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        figures = self.font()
        figures.setFeature(QFont.Tag("tnum"), 1)
        self.setFont(figures)

    def sizeHint(self) -> QSize:
        return QSize(200, max(ROW_HEIGHT, self.fontMetrics().height() + 4))

    def show_norm(self, name: str, norm: float | None, flagged: bool, tip: str, width: int) -> None:
        state = (name, norm, flagged, width)
        if state != (self._name, self._norm, self._flagged, self._name_width):
            self._name, self._norm, self._flagged, self._name_width = name, norm, flagged, width
            self.setToolTip(tooltip(tip))
            self.setAccessibleName(tip)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, norm, height = self.theme, self._norm, self.height()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        number_width = self.fontMetrics().horizontalAdvance("8.88·10⁻⁸⁸") + 4
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        painter.setPen(QColor(theme.text))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(INSET, 0, self._name_width, height), left | middle, self._name)
        room = QRectF(
            self._name_width + INSET,
            (height - BAR_HEIGHT) / 2,
            self.width() - self._name_width - number_width - 2 * INSET,
            BAR_HEIGHT,
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.grid))
        painter.drawRoundedRect(room, BAR_HEIGHT / 2, BAR_HEIGHT / 2)
        text = "–"
        if norm is not None:
            text = short(norm, 3)
            colour = theme.warning if self._flagged else theme.positive
            painter.setBrush(QColor(colour if math.isfinite(norm) else theme.bad))
            filled = _share(norm) * room.width()
            if filled:
                bar = QRectF(room.x(), room.y(), max(filled, BAR_HEIGHT), BAR_HEIGHT)
                painter.drawRoundedRect(bar, BAR_HEIGHT / 2, BAR_HEIGHT / 2)
        painter.setPen(QColor(theme.muted if norm is None else theme.text))
        painter.drawText(
            QRectF(self.width() - number_width - INSET, 0, number_width, height), right | middle, text
        )
        if self.hasFocus():
            _draw_focus(painter, self, theme)


def _share(norm: float) -> float:
    """How much of the bar is filled: powers of ten from `LOWEST` to `HIGHEST`; nothing for 0."""
    if norm == 0:
        return 0.0
    if not math.isfinite(norm):
        return 1.0
    return min(max((math.log10(norm) - LOWEST) / (HIGHEST - LOWEST), 0.0), 1.0)


class _Line(Button):
    """A remark that wraps, and is pressed to go there."""

    chosen = Signal(object)

    def __init__(self, index: int) -> None:
        super().__init__()
        self._remark: Remark | None = None
        self._theme = LIGHT
        self.setObjectName(f"healthFlag{index}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.clicked.connect(lambda: self._remark and self.chosen.emit(self._remark.part))
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_remark(self, remark: Remark | None) -> None:
        if remark != self._remark:
            self._remark = remark
            if remark is not None:
                self.setToolTip(tooltip(remark.tip))
                self.setAccessibleName(remark.text)
                self.updateGeometry()
                self.update()
        self.setVisible(remark is not None)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        room = QRect(0, 0, max(width - self._indent - INSET, 40), 10_000)
        text = "" if self._remark is None else self._remark.text
        return self.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, text).height() + 4

    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(max(self.width(), 200)))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.fontMetrics().height() + 4)

    @property
    def _indent(self) -> int:
        return self.fontMetrics().horizontalAdvance("⚠ ") + INSET

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._remark is None:
            return
        painter = QPainter(self)
        painter.setPen(QColor(self._theme.bad if self._remark.is_bad else self._theme.warning))
        painter.drawText(INSET, 2, self._indent, self.height(), 0, "⚠")
        font = painter.font()
        font.setUnderline(self.underMouse())
        painter.setFont(font)
        painter.drawText(
            self._indent,
            2,
            self.width() - self._indent - INSET,
            self.height(),
            Qt.TextFlag.TextWordWrap,
            self._remark.text,
        )
        if self.hasFocus():
            _draw_focus(painter, self, self._theme)

    def enterEvent(self, event: QEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()


def _draw_focus(painter: QPainter, widget: QWidget, theme: Theme) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(theme.selection), 1))
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
