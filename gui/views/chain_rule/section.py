"""What the sections of the inspector share: a heading, contents, and how far the phase has come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.arrays import FloatArray
from engine.explain import Explanation, explain
from engine.parts import Part
from engine.phases import FactorKind, PhaseKind, Revealed
from gui.style.equation import EquationLabel
from gui.style.theme import LIGHT, Theme
from gui.text import numbers
from gui.text.parts import unit_label
from gui.training.messages import Frame
from gui.widgets.one_line import OneLine, Span
from gui.widgets.table import EMPTY, UNKNOWN, Cell, Row, Table, number

MOST_ROWS = 8
"""Rows of a table of units of a layer; of more only the largest are shown."""

FEW, MANY = 4, 64
"""Rows of a sum that are shown, and when it has been unfolded; of more the largest, and the others' sum."""

DIGITS = 4
"""Digits of a number, if more are not needed for its formula to come out."""

_WALK = tuple(FactorKind)


def factor_of(frame: Frame, layer: int) -> FactorKind | None:
    """How far the phase is in the chain rule of a parameter of `layer`; None if it is about another."""
    phase = frame.phase
    if phase is None or phase.kind is not PhaseKind.FACTOR or phase.layer != layer:
        return None
    return phase.factor


class Known(NamedTuple):
    """What the phase has revealed of a layer.

    Attributes
    ----------
    forward, slope, incoming : bool
        z and a; the slope at z; the activations below.
    upstream, delta, share : bool
        dL/da, dL/dz, and the gradient's share of the sample shown.
    batch : bool
        The batch's gradient: with one sample at a time it comes after the last.
    update : bool
    samples : range
        The samples whose shares are known: the rest of the batch has not been through the network.
    """

    forward: bool
    slope: bool
    incoming: bool
    upstream: bool
    delta: bool
    share: bool
    batch: bool
    update: bool
    samples: range

    @classmethod
    def of(cls, frame: Frame, layer: int, sample: int, *, by_factor: bool = False) -> Known:
        """What `frame` reveals of layer `layer`; 0 are the inputs.

        `by_factor` is said of its weights and biases: a phase that goes through their factors hides
        what is still to come, even what the forward pass has made known.
        """
        last, phase = len(frame.record.z), frame.phase
        revealed = Revealed.by(phase, last)
        factor = factor_of(frame, layer) if by_factor else None
        if factor is not None:
            stage = _WALK.index(factor)
            share, batch = stage >= _WALK.index(FactorKind.SHARE), factor is FactorKind.GRADIENT
            return cls(
                forward=True,
                slope=factor is not FactorKind.UPSTREAM,
                incoming=stage >= _WALK.index(FactorKind.INCOMING),
                upstream=True,
                delta=factor is not FactorKind.UPSTREAM,
                share=share,
                batch=batch,
                update=False,
                samples=range(frame.record.batch) if batch else range(sample, sample + share),
            )
        delta = max(layer, 1) >= revealed.backward
        batch = delta and (revealed.update or phase is None or phase.sample is None)
        before = phase.sample if phase is not None and phase.sample is not None else 0
        return cls(
            forward=layer <= revealed.forward,
            slope=layer <= revealed.forward,
            incoming=layer - 1 <= revealed.forward,
            upstream=min(layer + 1, last) >= revealed.backward,
            delta=delta,
            share=delta,
            batch=batch,
            update=revealed.update,
            samples=range(frame.record.batch if batch else before + delta),
        )


class Section(QWidget):
    """A heading and what stands under it; subclasses fill it from an explanation.

    It has its place whatever is known yet: only what stands in it changes from step to step.

    Signals
    -------
    changed()
        It has been unfolded, or folded: draw again.
    """

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._unfolded = False
        self.title = OneLine(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        column.addWidget(self.title)
        self._column = column

    def be_tight(self, tight: bool) -> None:
        """Leave little room above, or the usual."""
        self._column.setContentsMargins(0, 0 if tight else 4, 0, 0)
        self.updateGeometry()  # the layout around it is to know at once

    @property
    def is_unfolded(self) -> bool:
        """Whether all rows are shown."""
        return self._unfolded

    def unfold(self) -> None:
        """Show all rows, or few again."""
        self._unfolded = not self._unfolded
        for table in self.findChildren(Table):
            table.forget_widths()
        self.changed.emit()

    def fill(self, *contents: QWidget) -> None:
        """Put these under the heading."""
        for content in contents:
            self._column.addWidget(content)
            if isinstance(content, Table):
                content.link_pressed.connect(self.unfold)

    def applies(self, e: Explanation) -> bool:
        """Whether there is something to say of `e`."""
        return True

    def explain(self, frame: Frame, e: Explanation, known: Known, sample: int) -> None:
        """Draw what is `known` of `e`, for one sample where it is about one."""
        raise NotImplementedError

    def forget(self) -> None:
        """Start afresh, for something else to explain."""
        self._unfolded = False
        for table in self.findChildren(Table):
            table.forget_widths()

    def set_title(self, title: str, tip: str = "", brief: str = "") -> None:
        """Set the heading, a `brief` one where there is less room; on hover all of it is told, or a tip."""
        if title != self.title.text:
            for table in self.findChildren(Table):
                table.setAccessibleName(title)
        shorter = [Span(brief, "strong")] if brief else []
        self.title.show_spans([Span(title, "strong")], tip, shorter)

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.title.set_theme(theme)
        for table in self.findChildren(Table):
            table.set_theme(theme)
        for formula in self.findChildren(EquationLabel):
            formula.set_theme(theme)

    # -- rows of units -----------------------------------------------------------------------------

    def product_rows(
        self,
        frame: Frame,
        layer: int,
        factors: Sequence[FloatArray | None],
        products: FloatArray,
        total: float | None,
        *,
        known: bool,
        sum_name: str = "",
        added: Sequence[tuple[str, float]] = (),
    ) -> list[Row]:
        """A row for each unit of `layer`: its factors (None is not known) and their product; then the sum.

        Parameters
        ----------
        total : float or None
            What the products and what is `added` sum to; None is not known.
        sum_name : str
            What the sum is called; without one it has a check mark if it adds up.
        """
        units = largest(products if known else np.zeros_like(products), MANY if self._unfolded else FEW)
        terms = [float(products[unit]) for unit in units]
        gap = (EMPTY,) * len(factors)
        others: list[tuple[Cell, float]] = []
        if len(units) < len(products):
            more = Cell(self.more(len(products) - len(units)), role="link")
            others.append((more, float(np.delete(products, units).sum())))
        others += [(Cell(name), value) for name, value in added]
        digits, of_total = DIGITS, DIGITS
        if known and total is not None:
            digits, of_total = numbers.digits_that_agree(
                numbers.total, (*terms, *(v for _, v in others)), total
            )
        rows: list[Row] = []
        for unit, term in zip(units, terms, strict=True):
            name = unit_label(frame, layer, unit)
            values = [None if factor is None else float(factor[unit]) for factor in factors]
            if known and None not in values:
                shown = numbers.agreeing(numbers.product, [v for v in values if v is not None], term, digits)
                cells = [number(v, text=t) for v, t in zip(values, shown.terms, strict=True)]
                rows.append((Cell(name, tip=name), *cells, number(term, text=shown.result)))
            else:
                rows.append((Cell(name, tip=name), *map(number, values), number(None)))
        fixed = [name for name, _ in added]
        for cell, value in others:
            is_known = known or cell.text in fixed
            rows.append((cell, *gap, number(value if is_known else None, digits=digits)))
        if len(products) + len(added) == 1:
            return rows  # it is the sum itself
        if sum_name:
            return [*rows, (Cell(sum_name, role="strong"), *gap, number(total, "strong", of_total))]
        return [*rows, (Cell(self.tr("sum"), role="strong"), *gap, checked(products, total, of_total))]

    def more(self, count: int) -> str:
        """What stands for units that are not shown."""
        return self.tr("and {count} more").format(count=numbers.grouped(count))


def largest(sizes: FloatArray, most: int) -> list[int]:
    """The units to show: all in their order, or the largest if there are too many."""
    if len(sizes) <= most:
        return list(range(len(sizes)))
    return [int(unit) for unit in np.argsort(-np.abs(sizes), kind="stable")[:most]]


def lines_of_sum(longest: int, added: int = 0) -> int:
    """Rows of a sum over at most so many units and what is `added`, while it is folded."""
    terms = longest + added
    return min(longest, FEW) + (longest > FEW) + added + (terms > 1)


def checked(terms: FloatArray, total: float | None, digits: int = DIGITS) -> Cell:
    """A total, with a check mark if `terms` add up to it but for rounding."""
    if total is None:
        return Cell(UNKNOWN, role="muted")
    tolerance = (1e-5 if terms.dtype == np.float32 else 1e-12) * float(np.abs(terms).sum())
    agrees = abs(float(terms.sum()) - total) <= tolerance
    return Cell(numbers.short(total, digits) + (" ✓" if agrees else ""), total, "strong")


def explained(frame: Frame, selection: Part) -> Explanation:
    """Take the gradient of a weight, bias or unit apart."""
    experiment, record, (kind, layer, unit, source) = frame.experiment, frame.record, selection
    if kind == "weight":
        return explain(experiment, record, weight=(layer, source, unit))
    if kind == "bias":
        return explain(experiment, record, bias=(layer, unit))
    return explain(experiment, record, unit=(layer, unit))
