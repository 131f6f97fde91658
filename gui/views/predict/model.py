"""Predicted rows as Qt wants them: what the network makes of each, and its cells as they came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from engine.arrays import AnyArray, IntArray
from engine.data.dataset import target_classes
from engine.training.model import Predictions
from gui.style.theme import LIGHT, Theme
from gui.text import numbers
from gui.text.parts import class_names, output_names, shown
from gui.text.plain import tooltip

Index = QModelIndex | QPersistentModelIndex
Keep = Literal["all", "wrong"]

_TEXT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Field(NamedTuple):
    """One column: its kind, and which output or which column of the file it is of."""

    kind: Literal["predicted", "probability", "target", "error", "right", "loss", "cell"]
    place: int = 0


class PredictionsModel(QAbstractTableModel):
    """The rows of some predictions, in some order."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.found: Predictions | None = None
        self.fields: tuple[Field, ...] = ()
        self._cells: list[AnyArray] = []
        self._true: IntArray | None = None
        self._order: IntArray = np.empty(0, dtype=np.int64)
        self.set_theme(LIGHT)

    def set_theme(self, theme: Theme) -> None:
        """Colour the cells for `theme`."""
        self._muted, self._good, self._bad = (QColor(c) for c in (theme.muted, theme.good, theme.bad))

    def show_predictions(self, found: Predictions | None) -> None:
        """Show these rows in the order of their file."""
        self.beginResetModel()
        self.found = found
        self._cells, self._true, self.fields = [], None, ()
        self._order = np.arange(0 if found is None else len(found.rows), dtype=np.int64)
        if found is not None:
            if found.rows.columns:
                self._cells = [column.values for column in found.rows.columns]
            else:
                self._cells = [*found.rows.inputs.T]
            if found.classes is not None and found.rows.targets is not None:
                self._true = target_classes(found.model.dataset.kind, np.nan_to_num(found.rows.targets))
            self.fields = _fields(found, len(self._cells))
        self.endResetModel()

    def arrange(self, keep: Keep, by: Field | None, descending: bool) -> None:
        """Let all rows through, or those alone that are wrong, in the order of a column or of the file."""
        self.beginResetModel()
        found = self.found
        if found is not None:
            rows = np.arange(len(found.rows), dtype=np.int64)
            if keep == "wrong" and found.right is not None:
                rows = np.flatnonzero(found.known & ~found.right)
            if by is not None:
                keys = self._keys(found, by)[rows]
                if keys.dtype.kind == "f":  # NaN comes last either way
                    rows = rows[np.argsort(-keys if descending else keys, kind="stable")]
                else:
                    order = np.argsort(keys, kind="stable")
                    rows = rows[order[::-1] if descending else order]
            self._order = rows
        self.endResetModel()

    def _keys(self, found: Predictions, field: Field) -> AnyArray:
        match field.kind:
            case "predicted" if found.classes is not None:
                return found.classes
            case "predicted":
                return found.outputs[:, field.place]
            case "probability":
                return _largest(found)
            case "target" if self._true is not None:
                return np.where(found.known, self._true, len(found.class_names))
            case "target" if found.rows.targets is not None:
                return found.rows.targets[:, field.place]
            case "error" if found.errors is not None:
                return np.abs(found.errors[:, field.place])
            case "right" if found.right is not None:
                return np.where(found.known, found.right, 2)
            case "loss" if found.losses is not None:
                return found.losses
            case _:
                return self._cells[field.place]

    def row(self, table_row: int) -> int:
        """The row of the file, from 0, that a row of the table shows."""
        return int(self._order[table_row])

    def column_of(self, kind: str) -> int | None:
        """Where the first column of a kind is."""
        return next((place for place, field in enumerate(self.fields) if field.kind == kind), None)

    def copied(self, rows: Sequence[int]) -> list[list[str]]:
        """Rows of the table with all the digits of their numbers, the titles before them."""
        header = [self.tr("row"), *(self.title(field) for field in self.fields)]
        return [header, *([self._line(row), *(self._whole(row, f) for f in self.fields)] for row in rows)]

    def _whole(self, table_row: int, field: Field) -> str:
        found, row = self.found, self.row(table_row)
        assert found is not None
        value = self._value(found, row, field)
        if isinstance(value, str):
            return value
        return "" if value != value else numbers.for_programs(value)

    # -- Qt ----------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.fields)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        found = self.found
        if found is None or not index.isValid():
            return None
        field, row = self.fields[index.column()], self.row(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, field)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(field)
        if role == Qt.ItemDataRole.ForegroundRole:
            if field.kind == "right" and found.right is not None and found.known[row]:
                return self._good if found.right[row] else self._bad
            return self._muted if field.kind == "cell" else None
        if role == Qt.ItemDataRole.ToolTipRole:
            value = self._value(found, row, field)
            return tooltip(value if isinstance(value, str) else numbers.full(value) if value == value else "")
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if self.found is None:
            return None
        if orientation is Qt.Orientation.Vertical:
            return self._line(section) if role == Qt.ItemDataRole.DisplayRole else None
        field = self.fields[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.title(field)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(field)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(self._about(field))
        return None

    def _line(self, table_row: int) -> str:
        assert self.found is not None
        return str(int(self.found.rows.lines[self.row(table_row)]))

    # -- words -------------------------------------------------------------------------------------

    def title(self, field: Field) -> str:
        """What stands above a column."""
        found = self.found
        assert found is not None
        data = found.model.dataset
        several = len(data.target_names) > 1 and found.classes is None
        match field.kind:
            case "predicted":
                text = self.tr("{0}, predicted").format(output_names(data)[field.place])
                return text if several else self.tr("predicted")
            case "probability":
                return self.tr("probability") if found.probabilities is not None else self.tr("output")
            case "target":
                return output_names(data)[field.place] if found.classes is None else self.tr("true class")
            case "error":
                text = self.tr("{0}, error").format(output_names(data)[field.place])
                return text if several else self.tr("error")
            case "right":
                return self.tr("right")
            case "loss":
                return self.tr("loss")
            case _:
                names = [column.name for column in found.rows.columns] or data.feature_names
                return shown(names[field.place])

    def _about(self, field: Field) -> str:
        assert self.found is not None
        step = numbers.grouped(self.found.step)
        match field.kind:
            case "predicted":
                return self.tr("What the network makes of the row after step {0}").format(step)
            case "probability" if self.found.probabilities is not None:
                return self.tr("The probability of the predicted class, as the network has it")
            case "error":
                return self.tr("Predicted less true, in the target's own unit; sorted by size alone")
            case "loss" if self.found.model.prepared.scales_targets:
                return self.tr("The row's own loss, of the scaled target as the network is taught it")
            case "loss":
                return self.tr("The row's own loss")
            case _:
                return self.title(field)

    def text(self, row: int, field: Field) -> str:
        """What stands in a cell, of a row of the file."""
        assert self.found is not None
        value = self._value(self.found, row, field)
        if isinstance(value, str):
            return value
        if value != value:
            return "—" if field.kind == "cell" else ""
        return numbers.short(value, 8 if field.kind in ("cell", "target") else 5)

    def _value(self, found: Predictions, row: int, field: Field) -> str | float:
        """What a cell says: a text, or a number, NaN where there is nothing to say."""
        match field.kind:
            case "predicted" if found.classes is not None:
                return class_names(found.model.dataset)[int(found.classes[row])]
            case "predicted":
                return float(found.outputs[row, field.place])
            case "probability":
                shares = found.outputs if found.probabilities is None else found.probabilities
                return float(shares[row].max())
            case "target" if self._true is not None:
                names = class_names(found.model.dataset)
                return names[int(self._true[row])] if found.known[row] else ""
            case "target":
                assert found.rows.targets is not None
                return float(found.rows.targets[row, field.place])
            case "error":
                assert found.errors is not None
                return float(found.errors[row, field.place])
            case "right":
                assert found.right is not None
                right = self.tr("✓ right") if found.right[row] else self.tr("✗ wrong")
                return right if found.known[row] else ""
            case "loss":
                assert found.losses is not None
                return float(found.losses[row])
            case _:
                return self._cell(found, row, field.place)

    def _cell(self, found: Predictions, row: int, place: int) -> str | float:
        value = self._cells[place][row]
        levels = found.rows.columns[place].levels if found.rows.columns else None
        if levels is None:
            return float(value)
        return shown(levels[int(value)]) if value >= 0 else "—"

    def _alignment(self, field: Field) -> Qt.AlignmentFlag:
        assert self.found is not None
        if field.kind == "cell":
            columns = self.found.rows.columns
            return _TEXT if columns and columns[field.place].levels is not None else _NUMBER
        is_text = field.kind == "right" or (
            field.kind in ("predicted", "target") and self.found.classes is not None
        )
        return _TEXT if is_text else _NUMBER


def _largest(found: Predictions) -> AnyArray:
    shares = found.outputs if found.probabilities is None else found.probabilities
    largest: AnyArray = shares.max(axis=1)
    return largest


def _fields(found: Predictions, cells: int) -> tuple[Field, ...]:
    known = bool(found.known.any())
    fields: list[Field] = []
    if found.classes is not None:
        fields += [Field("predicted"), Field("probability")]
        if known:
            fields += [Field("target"), Field("right"), Field("loss")]
    else:
        for place in range(found.outputs.shape[1]):
            fields.append(Field("predicted", place))
            if known:
                fields.append(Field("target", place))
            if known and found.errors is not None:
                fields.append(Field("error", place))
        if known:
            fields += [Field("right"), Field("loss")] if found.right is not None else [Field("loss")]
    return (*fields, *(Field("cell", place) for place in range(cells)))
