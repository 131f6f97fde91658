"""Two parts of the network side by side: their numbers, and how many times larger one is."""

from __future__ import annotations

import math
from operator import truediv

from PySide6.QtWidgets import QWidget

from engine.explain import Explanation
from engine.parts import Part
from engine.phases import Revealed
from gui.text import symbols
from gui.text.numbers import agreeing
from gui.text.parts import part_name
from gui.training.messages import Frame
from gui.views.chain_rule.overview import layer_norm
from gui.views.chain_rule.section import Known, Section, explained
from gui.widgets.table import EMPTY, Cell, Row, Table, number

Numbers = dict[str, float | None]
"""What there is to compare; None is not known yet."""

_ORDER = (
    "before",
    "after",
    "z",
    "a",
    "∂L/∂a",
    "f′(z)",
    "∂L/∂z",
    "∂z/∂w",
    "share",
    "gradient",
    "update",
    "norm",
    "loss",
)


class ComparisonSection(Section):
    """The numbers of what is selected beside those of what it is compared with.

    The gradients of two weights differ by what their factors differ by: the ratios of the factors
    multiply to the ratio of the shares.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._table = Table("lrrr")
        self._table.setObjectName("chainRuleComparison")
        self.fill(self._table)

    def applies(self, e: Explanation) -> bool:
        return False

    def compare(self, frame: Frame, one: Part, other: Part, sample: int) -> None:
        """Show the two side by side, for row `sample` of the mini-batch."""
        left, right = _numbers(frame, one, sample), _numbers(frame, other, sample)
        names = {
            "before": self.tr("w, b before the step"),
            "after": self.tr("w, b after the step"),
            "share": self.tr("share of the sample"),
            "gradient": self.tr("gradient of the batch"),
            "update": self.tr("update"),
            "norm": self.tr("norm of the batch's gradient"),
            "loss": self.tr("loss of the sample"),
        }
        rows: list[Row] = []
        for key in _ORDER:
            if key not in left and key not in right:
                continue
            rows.append((Cell(names.get(key, key)), *_compared(left, right, key)))
        heads = (Cell(symbols.part_plain(part), tip=part_name(frame, part)) for part in (one, other))
        self._table.set_rows(rows, (EMPTY, *heads, Cell(self.tr("ratio"))))
        title = self.tr("Compared with {part}, sample {sample}")
        self.set_title(title.format(part=part_name(frame, other), sample=sample + 1))


def _compared(left: Numbers, right: Numbers, key: str) -> tuple[Cell, Cell, Cell]:
    """A number of each, and how many times larger the first is, if both are known."""
    one, other = left.get(key), right.get(key)
    if one is None or other is None or other == 0 or not math.isfinite(one / other):
        cells = [number(some[key]) if key in some else EMPTY for some in (left, right)]
        return cells[0], cells[1], EMPTY
    ratio = one / other
    shown = agreeing(truediv, (one, other), ratio)
    return (
        number(one, text=shown.terms[0]),
        number(other, text=shown.terms[1]),
        number(ratio, "muted", text=shown.result),
    )


def _numbers(frame: Frame, part: Part, sample: int) -> Numbers:
    if part.kind == "loss":
        computed = Revealed.by(frame.phase, len(frame.record.z)).loss
        return {"loss": float(frame.record.sample_losses[sample]) if computed else None}
    if part.kind == "layer":
        batch = Known.of(frame, part.layer, sample).batch
        return {"norm": layer_norm(frame, part.layer) if batch else None} if part.layer else {}
    e = explained(frame, part)
    known = Known.of(frame, e.layer, sample, by_factor=e.kind != "unit")
    numbers: Numbers = {}
    if e.kind == "unit":
        if e.layer:
            numbers["z"] = float(e.z[sample]) if known.forward else None
        numbers["a"] = float(e.a[sample]) if known.forward else None
    else:
        update = e.update
        assert update is not None
        numbers["before"] = update.before
        numbers["after"] = update.after if known.update else None
        numbers["update"] = update.after - update.before if known.update else None
    if e.layer and not e.is_fused(sample):
        numbers["∂L/∂a"] = float(e.upstream[sample]) if known.upstream else None
        numbers["f′(z)"] = float(e.slope[sample]) if known.slope else None
    numbers["∂L/∂z" if e.layer else "∂L/∂a"] = float(e.delta[sample]) if known.delta else None
    if e.kind != "unit":
        numbers["∂z/∂w"] = float(e.activation[sample]) if known.incoming else None
        numbers["share"] = float(e.samples[sample]) if known.share else None
        numbers["gradient"] = e.gradient if known.batch else None
    return numbers
