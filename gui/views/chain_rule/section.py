"""What the sections of the inspector share: a heading, contents, and how far the phase has come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.explain import Explanation
from engine.records import FloatArray
from gui.equation import EquationLabel
from gui.messages import Frame
from gui.numbers import grouped, short
from gui.theme import LIGHT, Theme
from gui.views.chain_rule.table import EMPTY, UNKNOWN, Cell, Row, Table, number
from gui.views.network.quantities import Revealed

MOST_ROWS = 8
"""Rows of a table of units; of more only the largest are shown, and the sum of the others."""


class Known(NamedTuple):
    """What the phase has revealed of a layer.

    Attributes
    ----------
    incoming, forward, upstream, delta : bool
        The activations below, z and a, dL/da, and dL/dz of the sample shown.
    batch : bool
        The batch's gradient: with one sample at a time it comes after the last.
    update : bool
    samples : int
        How many samples have their delta; the rest of the batch has not been through the network.
    """

    incoming: bool
    forward: bool
    upstream: bool
    delta: bool
    batch: bool
    update: bool
    samples: int

    @classmethod
    def of(cls, frame: Frame, layer: int) -> Known:
        """What `frame` reveals of layer `layer`; 0 are the inputs."""
        last, phase = len(frame.record.z), frame.phase
        revealed = Revealed.by(phase, last)
        delta = max(layer, 1) >= revealed.backward
        batch = delta and (revealed.update or phase is None or phase.sample is None)
        before = phase.sample if phase is not None and phase.sample is not None else 0
        return cls(
            incoming=layer - 1 <= revealed.forward,
            forward=layer <= revealed.forward,
            upstream=min(layer + 1, last) >= revealed.backward,
            delta=delta,
            batch=batch,
            update=revealed.update,
            samples=frame.record.batch if batch else before + delta,
        )


class Section(QWidget):
    """A heading and what stands under it; subclasses fill it from an explanation."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self.title = QLabel(self)
        self.title.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(5)
        column.addWidget(self.title)
        self._column = column

    def fill(self, *contents: QWidget) -> None:
        """Put these under the heading."""
        for content in contents:
            self._column.addWidget(content)

    def applies(self, e: Explanation) -> bool:
        """Whether there is something to say of `e`."""
        return True

    def explain(self, frame: Frame, e: Explanation, known: Known, sample: int) -> None:
        """Draw what is `known` of `e`, for one sample where it is about one."""
        raise NotImplementedError

    def forget(self) -> None:
        """Start afresh, for something else to explain."""
        for table in self.findChildren(Table):
            table.forget_widths()

    def set_title(self, template: str, **parts: str) -> None:
        """Set the heading in capitals, but for the symbols put into it."""
        title = template.upper().format(**{key.upper(): part for key, part in parts.items()})
        if title != self.title.text():
            self.title.setText(title)
            for table in self.findChildren(Table):
                table.setAccessibleName(title)

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.title.setStyleSheet(
            f"color: {theme.muted}; font-size: 8pt; font-weight: 600; letter-spacing: 0.4px;"
        )
        for table in self.findChildren(Table):
            table.set_theme(theme)
        for formula in self.findChildren(EquationLabel):
            formula.set_theme(theme)

    # -- rows of units -----------------------------------------------------------------------------

    def unit_label(self, frame: Frame, layer: int, unit: int) -> str:
        """The feature or class of a unit, or its number: the table says which layer it is in."""
        last = len(frame.record.z)
        names = (
            frame.dataset.feature_names if layer == 0 else frame.dataset.target_names if layer == last else ()
        )
        return names[unit] if unit < len(names) else self.tr("unit {number}").format(number=unit + 1)

    def largest_units(self, sizes: FloatArray, most: int = MOST_ROWS) -> list[int]:
        """The units to show: all in their order, or the largest if there are too many."""
        if len(sizes) <= most:
            return list(range(len(sizes)))
        return [int(unit) for unit in np.argsort(-np.abs(sizes), kind="stable")[: most - 1]]

    def product_rows(
        self,
        frame: Frame,
        layer: int,
        factors: Sequence[FloatArray | None],
        products: FloatArray,
        *,
        known: bool,
    ) -> list[Row]:
        """A row for each unit of `layer`: its factors (None is not known) and their product."""
        units = self.largest_units(products if known else np.zeros_like(products))
        rows: list[Row] = []
        for unit in units:
            name = self.unit_label(frame, layer, unit)
            shown = [number(None if factor is None else float(factor[unit])) for factor in factors]
            rows.append((Cell(name, tip=name), *shown, number(float(products[unit]) if known else None)))
        if len(units) < len(products):
            rest = float(np.delete(products, units).sum()) if known else None
            name = self.more(len(products) - len(units))
            rows.append((Cell(name, role="muted"), *(EMPTY for _ in factors), number(rest, "muted")))
        return rows

    def more(self, count: int) -> str:
        """What stands for units that are not shown."""
        return self.tr("{count} more").format(count=grouped(count))

    def sum_row(self, terms: FloatArray, total: float | None, columns: int) -> Row:
        """The sum, with a check mark if the terms do add up to it; None is not known."""
        gap = (EMPTY,) * (columns - 2)
        return (Cell(self.tr("sum"), role="strong"), *gap, checked(terms, total))


def checked(terms: FloatArray, total: float | None) -> Cell:
    """A total, with a check mark if `terms` add up to it but for rounding."""
    if total is None:
        return Cell(UNKNOWN, role="muted")
    tolerance = (1e-5 if terms.dtype == np.float32 else 1e-12) * float(np.abs(terms).sum())
    agrees = abs(float(terms.sum()) - total) <= tolerance
    return Cell(short(total) + (" ✓" if agrees else ""), total, "strong")


def say(label: QLabel, text: str) -> None:
    """Set a text, unless it is there already: that would lay everything out again."""
    if label.text() != text:
        label.setText(text)
