"""The phases of the step, each with what the check says of its numbers."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.mistakes.verdict import Verdict
from gui.style.theme import LIGHT, Theme
from gui.views.check_numbers.wording import taken_apart
from gui.views.network.rings import RingKind, pen_of

GAP = 6.0
HEIGHT = 34


class _Box(NamedTuple):
    name: str
    brief: str
    kind: RingKind


class CheckRibbon(QWidget):
    """A box a phase: a tick agrees, a filled one with a cross is wrong first, dashed ones follow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("checkRibbon")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._theme = LIGHT
        self._layers = 0
        self._verdict: Verdict | None = None

    def sizeHint(self) -> QSize:
        return QSize(400, HEIGHT + 12)

    @property
    def states(self) -> list[tuple[str, RingKind]]:
        """The boxes and what they say."""
        return [(box.name, box.kind) for box in self._boxes()]

    def show_verdict(self, layers: int, verdict: Verdict | None) -> None:
        """Show the phases of a network of so many layers."""
        self._layers, self._verdict = layers, verdict
        marks = {RingKind.AGREES: "✓", RingKind.FIRST: "✗✗", RingKind.LATER: "✗", RingKind.ABSENT: "–"}
        self.setAccessibleDescription("; ".join(f"{name} {marks[kind]}" for name, kind in self.states))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.update()

    def _boxes(self) -> list[_Box]:
        layers = range(1, self._layers + 1)
        forward, backward = self.tr("Forward {number}"), self.tr("Backward {number}")
        short_forward, short_backward = self.tr("F{number}"), self.tr("B{number}")
        found = [
            _Box(forward.format(number=n), short_forward.format(number=n), self._kind(("z", "a"), n))
            for n in layers
        ]
        found.append(_Box(self.tr("Loss"), self.tr("L"), self._kind(("loss",), 0)))
        found += [
            _Box(
                backward.format(number=n),
                short_backward.format(number=n),
                self._kind(("delta", "dW", "db"), n),
            )
            for n in reversed(layers)
        ]
        found.append(_Box(self.tr("Update"), self.tr("U"), self._kind(("W", "b"), None)))
        return found

    def _kind(self, kinds: tuple[str, ...], layer: int | None) -> RingKind:
        if self._verdict is None:
            return RingKind.ABSENT
        mine = [
            q
            for q in self._verdict.quantities
            if taken_apart(q.name)[0] in kinds
            and layer in (None, taken_apart(q.name)[1])
            and q.agrees is not None
        ]
        if not mine:
            return RingKind.ABSENT
        if any(q.name == self._verdict.first_wrong for q in mine):
            return RingKind.FIRST
        return RingKind.AGREES if all(q.agrees for q in mine) else RingKind.LATER

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        theme = self._theme
        painter.fillRect(self.rect(), QColor(theme.canvas))
        boxes = self._boxes()
        if not boxes:
            return
        width = (self.width() - 20.0 - GAP * (len(boxes) - 1)) / len(boxes)
        font = self.font()
        font.setBold(True)
        metrics = QFontMetricsF(font)
        marks = {RingKind.AGREES: "✓ ", RingKind.FIRST: "✗ ", RingKind.LATER: "✗ ", RingKind.ABSENT: ""}
        brief = any(metrics.horizontalAdvance(marks[b.kind] + b.name) > width - 8 for b in boxes)
        for index, (name, short_name, kind) in enumerate(boxes):
            box = QRectF(10.0 + index * (width + GAP), 6.0, width, HEIGHT)
            first = kind is RingKind.FIRST
            painter.setPen(pen_of(kind, theme))
            painter.setBrush(QColor(theme.bad if first else theme.surface))
            painter.drawRoundedRect(box, 6, 6)
            plain = self.font()
            plain.setBold(kind in (RingKind.AGREES, RingKind.FIRST))
            painter.setFont(plain)
            colours = {
                RingKind.AGREES: theme.good,
                RingKind.FIRST: theme.surface,
                RingKind.LATER: theme.bad,
                RingKind.ABSENT: theme.muted,
            }
            painter.setPen(QColor(colours[kind]))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, marks[kind] + (short_name if brief else name))
