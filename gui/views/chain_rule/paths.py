"""Every path from the parameter to the loss, the largest first, and the local derivatives along one."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QWidget

from engine.explain import Explanation, Path
from engine.explain.chain_rule import Place
from gui.style.theme import Theme
from gui.text import symbols
from gui.text.numbers import agreeing, digits_that_agree, grouped, product, short, superscript, total
from gui.training.messages import Frame, Status
from gui.views.chain_rule.section import Known, Section, checked
from gui.widgets.one_line import OneLine
from gui.widgets.table import Cell, Row, Table, number

SHOWN, MANY = 3, 64
"""Paths that are shown, and when they have been unfolded."""

ENUMERATE = 1_000_000
"""Paths times samples up to which all are looked at; above, the search is narrowed to stay quick."""

WIDTH_RUNNING, WIDTH_AT_REST = 4_000, 64_000
"""Partial paths times samples that the search keeps side by side."""


class PathsSection(Section):
    """The paths, and the factors of the one that is chosen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._table = Table("lr", selectable=True)
        self._table.setObjectName("chainRulePaths")
        self._table.row_chosen.connect(self._choose)
        self._caption = OneLine()
        self._factors = Table("lr")
        self._factors.setObjectName("chainRuleFactors")
        self._shown: tuple[Path, ...] = ()
        self._chosen: tuple[Place, ...] | None = None
        self.fill(self._table, self._caption, self._factors)

    def forget(self) -> None:
        super().forget()
        self._chosen = None

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._caption.set_theme(theme)

    def explain(self, frame: Frame, e: Explanation, known: Known, sample: int) -> None:
        title = self.tr("Every path to the loss, of the batch ({count})")
        self.set_title(title.format(count=_count(e.path_count)))
        self._table.reserve(min(e.path_count, SHOWN) + (e.path_count > SHOWN) + (e.path_count > 1))
        if not known.batch:
            self._shown = ()
            self._table.set_rows([(Cell(self.tr("come with the backward pass"), role="muted"), number(None))])
            self._show_factors(False)
            return
        limit = min(e.path_count, MANY if self.is_unfolded else SHOWN)
        paths = e.paths(limit, _width(frame, e.path_count))
        self._shown = paths.items
        terms = [path.product for path in paths]
        if len(paths) < paths.count:
            terms.append(paths.remainder)
        digits, of_total = digits_that_agree(total, terms, e.gradient)
        rows: list[Row] = []
        for path in paths:
            text = symbols.path_text(e, path)
            rows.append(
                (Cell(text, tip=text, brief=symbols.path_brief(e, path)), number(path.product, digits=digits))
            )
        if len(paths) < paths.count:
            more = self.tr("and {count} more").format(count=_count(paths.count - len(paths)))
            tip = "" if paths.exact else self.tr("The largest that were found; there may be larger ones.")
            rows.append(
                (
                    Cell(more if paths.exact else f"≈ {more}", role="link", tip=tip),
                    number(paths.remainder, digits=digits),
                )
            )
        if len(terms) > 1:
            whole = checked(np.array(terms, frame.record.z[0].dtype), e.gradient, of_total)
            rows.append((Cell(self.tr("sum"), role="strong"), whole))
        chosen = next((index for index, path in enumerate(paths) if path.units == self._chosen), -1)
        self._table.set_rows(rows, footer=int(len(terms) > 1), chosen=chosen)
        self._show_factors(chosen >= 0)
        if chosen >= 0:
            self._draw_factors(e, paths[chosen], sample, updated=known.update)

    def _draw_factors(self, e: Explanation, path: Path, sample: int, *, updated: bool) -> None:
        factors = e.path_factors(path, sample)
        values = [factor.value for factor in factors]
        shown = agreeing(product, values, product(*values))
        rows: list[Row] = [
            (Cell(symbols.factor_text(e, factor)), number(factor.value, text=text))
            for factor, text in zip(factors, shown.terms, strict=True)
        ]
        whole = number(product(*values), "strong", text=shown.result)
        rows.append((Cell(self.tr("product"), role="strong"), whole))
        self._factors.set_rows(rows, footer=1)
        text = self.tr("This path for sample {sample}")
        if updated:
            text = self.tr("This path for sample {sample}, with the weights before the step")
        self._caption.show_text(text.format(sample=sample + 1))

    def _show_factors(self, shown: bool) -> None:
        for widget in (self._caption, self._factors):
            widget.setVisible(shown)

    def _choose(self, row: int) -> None:
        if row < len(self._shown):
            units = self._shown[row].units
            self._chosen = None if units == self._chosen else units
            self.changed.emit()


def _width(frame: Frame, count: int) -> int:
    batch = frame.record.batch
    if count * batch <= ENUMERATE:
        return count
    width = WIDTH_RUNNING if frame.status is Status.RUNNING else WIDTH_AT_REST
    return max(16, width // batch)


def _count(count: int) -> str:
    """A count, which may be astronomical."""
    if count < 10**9:
        return grouped(count)
    power = len(str(count)) - 1
    return f"{short(count / 10**power, 3)}·10{superscript(power)}"
