"""Rows as they are in the data, and what filling and scaling make of them."""

from __future__ import annotations

import numpy as np

from engine.data.dataset import Dataset
from engine.data.preparation import Prepared
from engine.errors import QT_TRANSLATE_NOOP
from engine.explain.derivation.page import Page, row_text


class RawRows:
    """The rows of a mini-batch as they are in the data."""

    def __init__(self, page: Page, prepared: Prepared, dataset: Dataset) -> None:
        self.page, self.prepared, self.dataset = page, prepared, dataset

    def write_row(self, sample: int) -> None:
        """Write down how one row becomes what the network is fed."""
        page, prepared = self.page, self.prepared
        index = int(page.record.indices[sample])
        if index < 0:
            return
        text = QT_TRANSLATE_NOOP("derivation", "Row {row} of the data, and what is made of it:")
        page.text(text, row=row_text(index))
        raw, scales = self.dataset.inputs[index], self.page.experiment.scaling != "none"
        say = page.say
        header = [
            say(QT_TRANSLATE_NOOP("derivation", "input")),
            say(QT_TRANSLATE_NOOP("derivation", "in the data")),
        ]
        if np.isnan(raw).any():
            header.append(say(QT_TRANSLATE_NOOP("derivation", "filled")))
        rows = []
        for i in range(min(len(raw), page.most_rows)):
            filled = float(prepared.fill[i]) if np.isnan(raw[i]) else float(raw[i])
            x, offset, scale = float(page.record.a[0][sample, i]), prepared.offset[i], prepared.scale[i]
            cells = [page.unit(0, i), "–" if np.isnan(raw[i]) else page.cell(float(raw[i]))]
            if len(header) > 2:
                cells.append(page.cell(filled))
            if scales:
                terms = (filled, float(offset), float(scale))
                with page.agreeing(lambda x, m, s: (x - m) / s, terms, x) as shown:
                    numerator = f"{page.number(filled)} - {page.factor(float(offset))}"
                    formula = rf"\frac{{{numerator}}}{{{page.number(float(scale))}}}"
                cells.append(f"${formula} = {shown}$")
            else:
                cells.append(page.cell(x))
            rows.append(cells)
        page.table([*header, r"$x = \frac{r - m}{s}$" if scales else "$x$"], rows)
        if len(raw) > len(rows):
            page.text(
                QT_TRANSLATE_NOOP("derivation", "{count} more inputs are made likewise."),
                count=len(raw) - len(rows),
            )

    def write(self) -> None:
        """Write down the rows of the mini-batch, and how they are filled and scaled."""
        page, prepared = self.page, self.prepared
        indices = page.record.indices
        if (indices < 0).any():
            return
        raw = self.dataset.inputs[indices]
        filled = np.where(np.isnan(raw), prepared.fill, raw)
        if np.isnan(raw).any():
            text = QT_TRANSLATE_NOOP("derivation", "In the data {count} of their cells are missing.")
            page.text(text, count=int(np.isnan(raw).sum()))
        if page.experiment.scaling == "none":
            return
        page.text(
            QT_TRANSLATE_NOOP(
                "derivation", "$R$ are the rows as in the data; each column is scaled, $x = (r - m) / s$:"
            )
        )
        page.formula("R", page.matrix(filled))
        page.formula("m", page.matrix(prepared.offset))
        page.formula("s", page.matrix(prepared.scale))
