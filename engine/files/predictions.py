"""Predictions as a table: the rows as they came, and beside them what the network makes of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from engine.data.new_rows import cell_texts
from engine.errors import SessionError
from engine.files.atomic import Where, replacing
from engine.files.spreadsheet import MOST_ROWS, Value, write_sheet
from engine.training.model import Predictions

TOGETHER = 2_000
"""Rows that are written between two looks whether writing is still wanted."""


def prediction_header(found: Predictions) -> list[str]:
    """The names of the columns of `prediction_rows`, each its own."""
    data, own = (
        found.model.dataset,
        [column.name for column in found.rows.columns] or list(found.model.dataset.feature_names),
    )
    names = ["row", *own]
    if found.said_labels is not None:
        names += [f"{target} predicted" for target in data.target_names]
        kind = "output {}" if found.probabilities is None else "p({})"
        names += [kind.format(target) for target in data.target_names]
        if found.known.any():
            names.append("right")
    elif found.classes is None:
        names += [f"{target} predicted" for target in data.target_names]
        if found.errors is not None:
            names += [f"{target} error" for target in data.target_names]
    else:
        names.append("predicted")
        if found.probabilities is not None:
            names += [f"p({name})" for name in data.class_names]
        else:
            names += [f"output {name}" for name in data.target_names]
        if found.known.any():
            names.append("right")
    if found.known.any():
        names.append("loss")
    return _unique(names)


def prediction_rows(found: Predictions) -> Iterator[list[Value]]:
    """The rows: line, the cells as they came, what is predicted, and how far off it is if that is known."""
    own: list[Sequence[Value]] = []
    for column in found.rows.columns:
        plain = column.levels is None and not column.is_date
        own.append(column.values.tolist() if plain else cell_texts(column))
    if not own:
        own = [column.tolist() for column in found.rows.inputs.T]
    numbers: list[Sequence[Value]] = []
    if found.said_labels is not None:
        numbers += [column.astype(int).tolist() for column in found.said_labels.T]
        numbers += [column.tolist() for column in found.outputs.T]
    elif found.classes is None:
        numbers += [column.tolist() for column in found.outputs.T]
        if found.errors is not None:
            numbers += [column.tolist() for column in found.errors.T]
    else:
        numbers.append(found.labels or ())
        shares = found.outputs if found.probabilities is None else found.probabilities
        numbers += [column.tolist() for column in shares.T]
    if found.known.any() and found.right is not None:
        said = zip(found.known.tolist(), found.right.tolist(), strict=True)
        numbers.append(["" if not known else "yes" if right else "no" for known, right in said])
    if found.known.any() and found.losses is not None:
        numbers.append(found.losses.tolist())
    for line, *cells in zip(found.rows.lines.tolist(), *own, *numbers, strict=True):
        yield [line, *(_plain(cell) for cell in cells)]


def write_predictions(
    found: Predictions,
    path: Where,
    *,
    progress: Callable[[float], object] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Write predictions as CSV, or as an Excel workbook where the name ends in ``.xlsx``.

    Raises
    ------
    SessionError
        ``cancelled``, ``cannot_write``, or ``too_many_rows`` for a workbook.
    """
    is_book = Path(path).suffix.lower() == ".xlsx"
    if is_book and len(found.rows) >= MOST_ROWS:
        raise SessionError("too_many_rows", rows=len(found.rows), limit=MOST_ROWS - 1)

    def rows() -> Iterator[list[Value]]:
        yield list(prediction_header(found))
        for count, row in enumerate(prediction_rows(found)):
            if count % TOGETHER == 0:
                if cancelled is not None and cancelled():
                    raise SessionError("cancelled")
                if progress is not None:
                    progress(count / max(1, len(found.rows)))
            yield row

    with replacing(path) as file:
        if is_book:
            write_sheet(file, found.rows.name or "predictions", rows())
            return
        text = io.TextIOWrapper(file, "utf-8-sig" if _beyond_ascii(found) else "utf-8", newline="")
        csv.writer(text, lineterminator="\n").writerows(rows())
        text.flush()
        text.detach()


def _beyond_ascii(found: Predictions) -> bool:
    """Whether a spreadsheet would need to be told of the encoding: it takes letters for another's else."""
    texts = [*prediction_header(found), *(level for c in found.rows.columns for level in c.levels or ())]
    return not all(text.isascii() for text in (*texts, *found.class_names))


def _plain(cell: Value) -> Value:
    """A cell as it is written: whole numbers without a point, nothing where one is missing."""
    if isinstance(cell, float):
        if cell != cell:
            return ""
        return int(cell) if cell.is_integer() and abs(cell) < 1e15 else cell
    return cell


def _unique(names: list[str]) -> list[str]:
    found: list[str] = []
    for name in names:
        unique, number = name, 2
        while unique in found:
            unique, number = f"{name} {number}", number + 1
        found.append(unique)
    return found
