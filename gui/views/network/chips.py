"""The numbers on the lines: a chip on each line that there is room for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from engine.parts import Part
from gui.style.theme import Theme
from gui.text.numbers import short
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
        self._chips: Sequence[Chip] = ()
        self._chips_for: tuple[object, ...] = ()

    def part_at(self, at: QPointF) -> Part | None:
        """The weight whose number was painted at a pixel."""
        return next((part for box, part in self._painted if box.contains(at)), None)

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
        before: Known,
        theme: Theme,
        writing: Writing,
        written: Written,
        selected: Part | None,
        hovered: Part | None,
        but: frozenset[Part],
    ) -> None:
        """Draw them; those of `but` have a ring instead.

        The selected one says what its number was `before`, too, where that is given.
        """
        self._painted = []
        change, covered = None, QRectF()
        if before and selected is not None and selected.kind == "weight":
            change = self._change(before, edges, selected)
        chosen_for = labels, len(edges), selected, hovered
        if chosen_for != self._chips_for:
            chosen = self._chosen(labels, len(edges), (selected, hovered))
            self._chips = sorted(chosen, key=lambda chip: chip.part != selected)
            self._chips_for = chosen_for
        for chip in self._chips:
            at = QPointF(chip.x + lens.dx, chip.y + lens.dy)
            values = edges[chip.part.layer - 1]
            value = None if values is None else float(values[chip.part.source, chip.part.unit])
            if chip.part in but or not lens.visible.contains(at):
                continue
            if value is None and chip.part not in (selected, hovered):
                continue
            own = chip.part == selected
            box, text = self._laid_out(at, chip, value, labels, writing, own, change if own else None)
            if not text or (not own and box.intersects(covered)):
                continue
            if own:
                covered = box.adjusted(-2, -2, 2, 2)
            self._painted.append((box, chip.part))
            if value is not None:
                written[chip.part, "w"] = text.rpartition(" → ")[2]
            self._paint_one(painter, box, text, value, theme, writing, own)

    @staticmethod
    def _change(before: Known, after: Known, part: Part) -> str | None:
        """What a weight was and what it is, in digits that tell the two apart."""
        was, now = before[part.layer - 1], after[part.layer - 1]
        if was is None or now is None:
            return None
        a, b = float(was[part.source, part.unit]), float(now[part.source, part.unit])
        digits = next((d for d in range(4, 17) if short(a, d) != short(b, d)), None)
        return None if digits is None else f"{short(a, digits)} → {short(b, digits)}"

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
                own = Chip(part, *labels.of_weight(part))
                chips = {k: chip for k, chip in chips.items() if not _hits(own, (chip,), labels.height)}
            chips[part] = own
        return chips.values()

    @staticmethod
    def _laid_out(
        at: QPointF,
        chip: Chip,
        value: float | None,
        labels: Labels,
        writing: Writing,
        is_selected: bool,
        instead: str | None,
    ) -> tuple[QRectF, str]:
        """The box of a number and how it is written; empty if it has no room."""
        pixels, text = writing.measures.small, UNKNOWN_SIGN
        if value is not None:
            fitted = writing.fitted(value, chip.room - labels.padding, pixels, pixels)
            text = "" if fitted is None else fitted[0]
        metrics = writing.metrics(pixels, is_selected)
        if instead and metrics.horizontalAdvance(instead) + labels.padding < labels.gap(chip.part.layer):
            text = instead
        width = metrics.horizontalAdvance(text) + labels.padding
        return QRectF(at.x() - width / 2, at.y() - labels.height / 2, width, labels.height), text

    @staticmethod
    def _paint_one(
        painter: QPainter,
        box: QRectF,
        text: str,
        value: float | None,
        theme: Theme,
        writing: Writing,
        is_selected: bool,
    ) -> None:
        colour = _colour(value, theme)
        painter.setBrush(QColor(theme.surface))
        painter.setPen(QPen(QColor(theme.selection), 2.0) if is_selected else QPen(QColor(colour), 1.0))
        painter.drawRoundedRect(box, 3.5, 3.5)
        painter.setPen(QColor(colour))
        painter.setFont(writing.font(writing.measures.small, is_selected))
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
