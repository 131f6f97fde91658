"""A data set written as CSV, such as points painted by hand, for `load_dataset` and others to read."""

from __future__ import annotations

import csv
import io

from engine.data.dataset import Dataset


def csv_text(data: Dataset) -> str:
    """Write inputs and targets with a header; a missing input is an empty field.

    Returns
    -------
    str
        One line a row, numbers with all their digits. Classes are written by name in one last column,
        ``class``; other targets in columns of their names.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*data.feature_names, *(["class"] if data.class_names else data.target_names)])
    for inputs, targets in zip(data.inputs.tolist(), data.targets.tolist(), strict=True):
        cells = ["" if value != value else repr(value) for value in inputs]
        if data.class_names:
            code = int(targets[0]) if data.kind == "binary" else targets.index(1.0)
            writer.writerow([*cells, data.class_names[code]])
        else:
            writer.writerow([*cells, *map(repr, targets)])
    return stream.getvalue()
