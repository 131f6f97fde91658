"""What the faulty code says goes into a number: its terms, and not what they come to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from engine.mistakes.clinic import Planted
from gui.text.numbers import grouped
from gui.views.check_numbers.numbers_table import Number
from gui.views.check_numbers.wording import symbol, taken_apart
from gui.widgets.table import EMPTY, Cell, Row, number

MOST_ROWS = 12


def ingredients(planted: Planted, of: Number) -> tuple[list[Cell], list[Row]]:
    """The columns and rows of what goes into a number."""
    kind, layer = taken_apart(of.name)
    values, case = planted.values, planted.case
    below = case.inputs if layer == 1 else values.get(f"a{layer - 1}")
    x = "x" if layer == 1 else symbol(f"a{layer - 1}")
    if kind == "dW" and below is not None:
        i, j = of.place
        delta = values[f"delta{layer}"]
        return _table(
            ("", x, symbol(f"delta{layer}")), [(n + 1, below[n, i], delta[n, j]) for n in range(case.B)]
        )
    if kind == "db":
        (j,) = of.place
        delta = values[f"delta{layer}"]
        return _table(("", symbol(f"delta{layer}")), [(n + 1, delta[n, j]) for n in range(case.B)])
    if kind == "delta" and layer < case.L:
        row, j = of.place
        above, W = values[f"delta{layer + 1}"], case.W[layer + 1]
        rows = [(n + 1, above[row, n], W[j, n]) for n in range(W.shape[1])]
        header, cells = _table(("", symbol(f"delta{layer + 1}"), symbol(f"W{layer + 1}")), rows)
        return header, [*cells, _single(symbol(f"z{layer}"), values[f"z{layer}"][row, j])]
    if kind == "delta":
        row, j = of.place
        return [], [
            _single("a", values[f"a{layer}"][row, j]),
            _single("t", case.targets[row, j]),
            _single("z", values[f"z{layer}"][row, j]),
        ]
    if kind == "z" and below is not None:
        row, j = of.place
        W = case.W[layer]
        header, cells = _table(
            ("", x, symbol(f"W{layer}")), [(n + 1, below[row, n], W[n, j]) for n in range(len(W))]
        )
        return header, [*cells, _single(symbol(f"b{layer}"), case.b[layer][j])]
    if kind == "a":
        return [], [_single(symbol(f"z{layer}"), values[f"z{layer}"][of.place])]
    if kind in ("W", "b"):
        translated = QCoreApplication.translate("checkNumbers", "before")
        before = (case.W if kind == "W" else case.b)[layer][of.place]
        gradient = values[f"d{kind}{layer}"][of.place]
        return [], [
            _single(f"{symbol(of.name)} ({translated})", before),
            _single(symbol(f"d{kind}{layer}"), gradient),
            _single("η", case.eta),
        ]
    a, t = values[f"a{case.L}"], case.targets
    return _table(("", "a", "t"), [(n + 1, a[n, 0], t[n, 0]) for n in range(case.B)])


def _single(name: str, value: float) -> Row:
    return (Cell(name), number(float(value)), EMPTY, EMPTY)


def _table(titles: tuple[str, ...], rows: Sequence[tuple[float, ...]]) -> tuple[list[Cell], list[Row]]:
    header = [Cell(title, role="muted") for title in titles]
    header += [EMPTY] * (4 - len(header))
    cells: list[Row] = []
    for index, *values in rows[:MOST_ROWS]:
        row = (Cell(grouped(int(index)), role="muted"), *(number(float(value)) for value in values))
        cells.append((*row, *([EMPTY] * (4 - len(row)))))
    if len(rows) > MOST_ROWS:
        cells.append((Cell("…", role="muted"), EMPTY, EMPTY, EMPTY))
    return header, cells
