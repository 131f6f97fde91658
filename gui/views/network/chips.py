"""The numbers on the lines: a chip on each line that there is room for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from engine.parts import Part
from gui.style.theme import Theme
from gui.views.network.labels import Labels, Spots
from gui.views.network.lens import Lens
from gui.views.network.quantities import Known
from gui.views.network.storeys import UNKNOWN_SIGN, Written
from gui.views.network.writing import Writing


class Chip(NamedTuple):
    """A number's place in pixels, and the room kept for it."""

    part: Part
    x: float
    y: float
    room: float


class Chips:
    """Which lines have their numbers, and where they are painted."""

    def __init__(self) -> None:
        self._painted: list[tuple[QRectF, Part]] = []

    def part_at(self, at: QPointF) -> Part | None:
        """The weight whose number was painted at a pixel."""
        return next((part for box, part in reversed(self._painted) if box.contains(at)), None)

    @property
    def boxes(self) -> list[tuple[QRectF, Part]]:
        """Where the numbers were painted."""
        return list(self._painted)

    def paint(
        self,
        painter: QPainter,
        lens: Lens,
        labels: Labels,
        edges: Known,
        theme: Theme,
        writing: Writing,
        written: Written,
        selected: Part | None,
        hovered: Part | None,
        but: frozenset[Part],
    ) -> None:
        """Draw them; those of `but` have a ring instead."""
        self._painted = []
        for chip in self._chosen(labels, len(edges), (selected, hovered)):
            if chip.part in but:
                continue
            at = QPointF(chip.x + lens.dx, chip.y + lens.dy)
            if not lens.visible.contains(at):
                continue
            values = edges[chip.part.layer - 1]
            value = None if values is None else float(values[chip.part.source, chip.part.unit])
            if value is None and chip.part not in (selected, hovered):
                continue
            self._paint_one(painter, at, chip, value, labels, theme, writing, written, chip.part == selected)

    @staticmethod
    def _chosen(labels: Labels, layers: int, parts: Sequence[Part | None]) -> Iterable[Chip]:
        """The chips, those on top last: what is selected or hovered has its own, whatever it hides."""
        chips: dict[Part, Chip] = {}
        for layer in range(1, layers + 1):
            chips |= _chips(layer, labels.of_layer(layer))
        for part in parts:
            if part is None or part.kind not in ("weight", "unit", "bias"):
                continue
            here = part.layer > 0 and labels.has_lines(part.layer)
            if here and not len(labels.of_layer(part.layer).source):
                chips |= _chips(part.layer, labels.of_unit(part.layer, part.unit, leaving=False))
            after = part.layer + 1
            ahead = part.kind == "unit" and after <= layers and labels.has_lines(after)
            if ahead and not len(labels.of_layer(after).source):
                for chip in _chips(after, labels.of_unit(part.layer, part.unit, leaving=True)).values():
                    if not _hits(chip, chips.values(), labels.height):
                        chips[chip.part] = chip
        for part in reversed(parts):
            if part is None or part.kind != "weight":
                continue
            own = chips.pop(part, None)
            if own is None:
                own = Chip(part, *labels.of_weight(part), labels.rooms[0])
                chips = {k: chip for k, chip in chips.items() if not _hits(own, (chip,), labels.height)}
            chips[part] = own
        return chips.values()

    def _paint_one(
        self,
        painter: QPainter,
        at: QPointF,
        chip: Chip,
        value: float | None,
        labels: Labels,
        theme: Theme,
        writing: Writing,
        written: Written,
        is_selected: bool,
    ) -> None:
        pixels = writing.measures.small
        text = UNKNOWN_SIGN
        if value is not None:
            fitted = writing.fitted(value, chip.room - labels.padding, pixels, pixels)
            if fitted is None:
                return
            text = written[chip.part, "w"] = fitted[0]
        width = writing.metrics(pixels, is_selected).horizontalAdvance(text) + labels.padding
        box = QRectF(at.x() - width / 2, at.y() - labels.height / 2, width, labels.height)
        self._painted.append((box, chip.part))
        colour = _colour(value, theme)
        painter.setBrush(QColor(theme.surface))
        painter.setPen(QPen(QColor(theme.selection), 2.0) if is_selected else QPen(QColor(colour), 1.0))
        painter.drawRoundedRect(box, 3.5, 3.5)
        painter.setPen(QColor(colour))
        painter.setFont(writing.font(pixels, is_selected))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _chips(layer: int, spots: Spots) -> dict[Part, Chip]:
    return {
        (part := Part("weight", layer, unit, source)): Chip(part, x, y, spots.room)
        for source, unit, (x, y) in zip(
            spots.source.tolist(), spots.unit.tolist(), spots.centres.tolist(), strict=True
        )
    }


def _hits(chip: Chip, others: Iterable[Chip], height: float) -> bool:
    return any(
        abs(chip.x - other.x) < (chip.room + other.room) / 2 and abs(chip.y - other.y) < height + 1
        for other in others
    )


def _colour(value: float | None, theme: Theme) -> str:
    if value is None or value == 0:
        return theme.muted
    if not math.isfinite(value):
        return theme.bad
    return theme.positive if value > 0 else theme.negative
