"""The rows as Qt wants them: only cells that are seen are ever made into text."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from itertools import groupby
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont, QPixmap

from engine.arrays import AnyArray, FloatArray, IntArray
from engine.data.dataset import has_classes, target_classes
from engine.data.preparation import Prepared
from gui.style.theme import LIGHT, Theme
from gui.text import numbers
from gui.text.parts import class_names, feature_names, output_names, shown
from gui.text.plain import tooltip
from gui.training.messages import Frame
from gui.training.probe import ProbeResult
from gui.views.data_table.findings import Findings
from gui.views.surface.pictures import grey_picture

Index = QModelIndex | QPersistentModelIndex

PICTURE_SIDE = 36
"""Pixels of a picture in the table."""

KEPT_PICTURES = 1_000
MARKED_BATCH = 2_000
"""Rows of a mini-batch up to which its rows are marked."""

Shows = Literal["file", "network"]
Filter = Literal["all", "wrong", "training", "validation"]
LIVE = ("prediction", "output", "loss", "right")
UNUSED, TRAINING, VALIDATION = 0, 1, 2
_ROLES = frozenset(
    (
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.TextAlignmentRole,
        Qt.ItemDataRole.ForegroundRole,
        Qt.ItemDataRole.DecorationRole,
        Qt.ItemDataRole.ToolTipRole,
    )
)
_TEXT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Field(NamedTuple):
    """One column of the table.

    Attributes
    ----------
    kind : str
    start, stop : int
        The inputs, the target or the output it shows.
    """

    kind: Literal[
        "picture", "part", "target", "prediction", "output", "loss", "right", "number", "category", "input"
    ]
    start: int = 0
    stop: int = 0


class RowsModel(QAbstractTableModel):
    """The data set as rows in some order, with the network's findings."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._data: object = None
        self._prepared: Prepared | None = None
        self._part: npt.NDArray[np.int8] | None = None
        self._order: IntArray | None = None
        self._batch: frozenset[int] = frozenset()
        self._pictures: OrderedDict[int, QPixmap] = OrderedDict()
        self._fed: tuple[int, FloatArray] = (-1, np.empty(0))
        self.shows: Shows = "file"
        self.fields: tuple[Field, ...] = ()
        self.findings = Findings(0, 0, "regression")
        self.set_theme(LIGHT)

    # -- what is shown -----------------------------------------------------------------------------

    @property
    def rows(self) -> int:
        """Rows of the data set."""
        return 0 if self._frame is None else len(self._frame.dataset.inputs)

    @property
    def part(self) -> npt.NDArray[np.int8] | None:
        """Of each row: `TRAINING`, `VALIDATION` or `UNUSED`; None until the network has answered."""
        return self._part

    def set_theme(self, theme: Theme) -> None:
        """Colour the cells for `theme`."""
        self._muted, self._good, self._bad = (QColor(c) for c in (theme.muted, theme.good, theme.bad))
        self._pictures.clear()
        self._emit_all()

    def forget(self) -> None:
        """Forget what the network made of the rows; they stay until there are others."""
        if self._frame is not None:
            data = self._frame.dataset
            self.findings = Findings(len(data.inputs), data.targets.shape[1], data.kind)
        self._prepared, self._part, self._batch = None, None, frozenset()
        self._emit_all()

    def set_frame(self, frame: Frame) -> bool:
        """Take over the data of a frame; say whether they are another set."""
        self._frame = frame
        indices = frame.record.indices
        self._batch = frozenset(indices.tolist()) if len(indices) <= MARKED_BATCH else frozenset()
        if frame.dataset is self._data:
            return False
        self.beginResetModel()
        data = self._data = frame.dataset
        self._order, self._part, self._prepared = None, None, None
        self._pictures.clear()
        self.findings = Findings(len(data.inputs), data.targets.shape[1], data.kind)
        self.fields = self._fields()
        self.endResetModel()
        return True

    def show_as(self, shows: Shows) -> None:
        """Show the cells of the file, or what the network is fed."""
        self.beginResetModel()
        self.shows = shows
        self._pictures.clear()
        self.fields = self._fields()
        self.endResetModel()

    def take(self, result: ProbeResult) -> None:
        """Take in an answer; the caller says which cells are seen (`refresh`)."""
        if self._prepared is not result.prepared:
            self._prepared = result.prepared
            part = np.zeros(self.rows, dtype=np.int8)
            part[result.prepared.train_rows] = TRAINING
            part[result.prepared.validation_rows] = VALIDATION
            self._part = part
            self._fed = (-1, np.empty(0))
            if self.shows == "network":
                self._pictures.clear()
            self._emit_all()
        self.findings.take(result)

    def refresh(self, first: int, last: int) -> None:
        """Have the live cells of the rows of the table from `first` to `last` drawn anew."""
        places = [i for i, field in enumerate(self.fields) if field.kind in (*LIVE, "part")]
        if places and first <= last < self.rowCount():
            self.dataChanged.emit(self.index(first, places[0]), self.index(last, places[-1]))

    def _emit_all(self) -> None:
        if self.rowCount() and self.fields:
            last = self.index(self.rowCount() - 1, len(self.fields) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    def _fields(self) -> tuple[Field, ...]:
        if self._frame is None:
            return ()
        data = self._frame.dataset
        outputs = data.targets.shape[1]
        fields = [Field("part")]
        if not has_classes(data.kind):
            for place in range(outputs):
                fields += [Field("target", place), Field("prediction", place)]
            fields.append(Field("loss"))
        else:
            fields += [Field("target"), Field("prediction"), Field("output"), Field("loss"), Field("right")]
        if data.image_shape is not None:
            return (Field("picture"), *fields)
        if self.shows == "network":
            return (*fields, *(Field("input", place) for place in range(data.inputs.shape[1])))
        start = 0
        for name, members in groupby(zip(data.groups, data.feature_names, strict=True), lambda pair: pair[0]):
            names = [feature for _, feature in members]
            is_category = len(names) > 1 or names[0] != name
            fields.append(Field("category" if is_category else "number", start, start + len(names)))
            start += len(names)
        return tuple(fields)

    # -- order -------------------------------------------------------------------------------------

    def arrange(self, keep: Filter, by: Field | None, descending: bool) -> None:
        """Put the rows that `keep` lets through in the order of a column, or of the file."""
        self.beginResetModel()
        self._order = self._arranged(keep, by, descending)
        self.endResetModel()

    def _arranged(self, keep: Filter, by: Field | None, descending: bool) -> IntArray | None:
        if self._frame is None or (keep == "all" and by is None):
            return None
        if keep == "all":
            rows = None
        elif keep == "wrong":
            rows = np.flatnonzero(self.findings.known & ~self.findings.right)
        else:
            wanted = TRAINING if keep == "training" else VALIDATION
            rows = np.flatnonzero(self._part == wanted) if self._part is not None else np.empty(0, np.int64)
        if by is None:
            return rows
        keys = self._keys(by) if rows is None else self._keys(by)[rows]
        if keys.dtype.kind == "f":  # NaN comes last either way
            order = np.argsort(-keys if descending else keys)
        else:
            order = np.argsort(keys, kind="stable")
            order = order[::-1] if descending else order
        return order if rows is None else rows[order]

    def _keys(self, field: Field) -> AnyArray:
        """What the rows are ordered by, (n,): NaN comes last."""
        assert self._frame is not None
        data, findings = self._frame.dataset, self.findings
        match field.kind:
            case "part":
                return self._part if self._part is not None else np.zeros(self.rows, dtype=np.int8)
            case "target" if has_classes(data.kind):
                return target_classes(data.kind, data.targets).astype(np.int16)
            case "target":
                return data.targets[:, field.start]
            case "prediction" if has_classes(data.kind):
                return np.where(findings.known, findings.classes, -1).astype(np.int16)
            case "prediction" | "output":
                return np.where(findings.known, findings.outputs[:, field.start], np.nan)
            case "loss":
                return np.where(findings.known, findings.losses, np.nan)
            case "right":
                return np.where(findings.known, findings.right, 2).astype(np.int8)
            case "category":
                block = data.inputs[:, field.start : field.stop]
                levels: npt.NDArray[np.int16] = block.argmax(axis=1).astype(np.int16)
                levels[np.isnan(block[:, 0])] = block.shape[1]
                return levels
            case "picture":
                return np.arange(self.rows)
            case _:
                return data.inputs[:, field.start]

    def data_row(self, row: int) -> int:
        """The row of the data set that a row of the table shows."""
        return row if self._order is None else int(self._order[row])

    def table_row(self, data_row: int) -> int | None:
        """The row of the table that shows a row of the data set, or None if it is filtered out."""
        if self._order is None:
            return data_row if 0 <= data_row < self.rows else None
        found = np.flatnonzero(self._order == data_row)
        return int(found[0]) if len(found) else None

    # -- Qt ----------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        if parent.isValid():
            return 0
        return self.rows if self._order is None else len(self._order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.fields)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        # Qt asks for seven roles of every cell it draws
        if role not in _ROLES or self._frame is None or not index.isValid():
            return None
        field, row = self.fields[index.column()], self.data_row(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, field)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(field)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(row, field)
        if role == Qt.ItemDataRole.DecorationRole and field.kind == "picture":
            return self._picture(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(self._tip(row, field) or "")
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if self._frame is None:
            return None
        if orientation is Qt.Orientation.Vertical:
            if role == Qt.ItemDataRole.DisplayRole:
                row, lines = self.data_row(section), self._frame.dataset.row_lines
                return str(row + 1 if lines is None else int(lines[row]))
            return None
        field = self.fields[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.title(field)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(field)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(self._title_tip(field))
        if role == Qt.ItemDataRole.FontRole and field.kind in LIVE:
            font = QFont()
            font.setItalic(True)
            return font
        return None

    def copied(self, rows: Sequence[int]) -> list[list[str]]:
        """Rows of the table with all the digits of their numbers, the titles before them."""
        fields = [field for field in self.fields if field.kind != "picture"]
        if len(fields) < len(self.fields):  # of a picture its numbers
            assert self._frame is not None
            fields += [Field("number", place) for place in range(self._frame.dataset.inputs.shape[1])]
        header = [self.tr("row"), *(self.title(field) for field in fields)]
        vertical = Qt.Orientation.Vertical
        return [
            header,
            *(
                [self.headerData(row, vertical), *(self._whole(self.data_row(row), f) for f in fields)]
                for row in rows
            ),
        ]

    def _whole(self, row: int, field: Field) -> str:
        """A cell with all its digits; empty where there is nothing."""
        assert self._frame is not None
        data, findings = self._frame.dataset, self.findings
        value: float | None = None
        if field.kind in LIVE and not findings.known[row]:
            return ""
        if field.kind == "number":
            value = float(data.inputs[row, field.start])
        elif field.kind == "input":
            fed = self._fed_row(row)
            value = float("nan") if fed is None else float(fed[field.start])
        elif field.kind == "target" and not has_classes(data.kind):
            value = float(data.targets[row, field.start])
        elif field.kind == "output" or (field.kind == "prediction" and not has_classes(data.kind)):
            value = float(findings.outputs[row, field.start])
        elif field.kind == "loss":
            value = float(findings.losses[row])
        if value is not None:
            return "" if value != value else numbers.for_programs(value)
        if field.kind == "category" and np.isnan(data.inputs[row, field.start]):
            return ""
        return self.text(row, field)

    # -- words -------------------------------------------------------------------------------------

    def title(self, field: Field) -> str:
        """What stands above a column."""
        assert self._frame is not None
        data = self._frame.dataset
        several = len(data.target_names) > 1
        match field.kind:
            case "picture":
                return self.tr("picture")
            case "part":
                return self.tr("part")
            case "target" if not has_classes(data.kind):
                return output_names(data)[field.start]
            case "target":
                return next((shown(c.name) for c in data.columns if c.role == "target"), self.tr("class"))
            case "prediction" if not has_classes(data.kind) and several:
                return self.tr("{0}, predicted").format(output_names(data)[field.start])
            case "prediction":
                return self.tr("predicted")
            case "output":
                return self.tr("output a")
            case "loss":
                return self.tr("loss")
            case "right":
                return self.tr("right")
            case "input":
                return feature_names(data)[field.start]
            case _:
                return shown(data.groups[field.start])

    def _title_tip(self, field: Field) -> str:
        assert self._frame is not None
        step = numbers.grouped(max(0, self.findings.step))
        match field.kind:
            case "part":
                return self.tr(
                    "Trained on, or kept for validation; a dot marks the rows of the mini-batch that is shown"
                )
            case "output" if self._frame.dataset.kind == "binary":
                name = class_names(self._frame.dataset)[1]
                text = self.tr("The network's output after step {1}: the larger, the surer it is of {0}")
                return text.format(name, step)
            case "output":
                return self.tr("The largest of the network's outputs after step {0}").format(step)
            case "loss":
                return self.tr("This row's own loss with the parameters after step {0}").format(step)
            case "prediction" | "right":
                return self.tr("What the network makes of the row after step {0}").format(step)
            case _:
                return self.title(field)

    def text(self, row: int, field: Field) -> str:
        """What stands in a cell, of a row of the data set."""
        assert self._frame is not None
        data, findings = self._frame.dataset, self.findings
        if field.kind in LIVE and not findings.known[row]:
            return ""
        match field.kind:
            case "part":
                return self._part_text(row)
            case "target":
                return self._target_text(row, field)
            case "prediction" if has_classes(data.kind):
                return self._class_name(int(findings.classes[row]))
            case "prediction" | "output":
                return numbers.short(float(findings.outputs[row, field.start]))
            case "loss":
                return numbers.short(float(findings.losses[row]))
            case "right":
                return self.tr("✓ right") if findings.right[row] else self.tr("✗ wrong")
            case "category":
                block = data.inputs[row, field.start : field.stop]
                if np.isnan(block[0]):
                    return "—"
                name = data.feature_names[field.start + int(block.argmax())]
                return shown(name.removeprefix(f"{data.groups[field.start]}="))
            case "number":
                return _plain(float(data.inputs[row, field.start]))
            case "input":
                fed = self._fed_row(row)
                return "" if fed is None else numbers.short(float(fed[field.start]))
            case _:
                return ""

    def _part_text(self, row: int) -> str:
        if self._part is None:
            return ""
        name = (self.tr("left out"), self.tr("training"), self.tr("validation"))[int(self._part[row])]
        return f"{name} •" if row in self._batch else name

    def _target_text(self, row: int, field: Field) -> str:
        assert self._frame is not None
        data = self._frame.dataset
        if not has_classes(data.kind):
            return _plain(float(data.targets[row, field.start]))
        if self.shows == "network" and data.targets.shape[1] <= 10:
            return " ".join(numbers.short(float(value)) for value in data.targets[row])
        return self._class_name(int(target_classes(data.kind, data.targets[row : row + 1])[0]))

    def _class_name(self, code: int) -> str:
        assert self._frame is not None
        return class_names(self._frame.dataset)[code]

    def _fed_row(self, row: int) -> FloatArray | None:
        """What the network is fed of a row, (d,); the last one is kept, for rows are drawn cell by cell."""
        if self._prepared is None or self._frame is None:
            return None
        if self._fed[0] != row:
            self._fed = (row, self._prepared.transform(self._frame.dataset.inputs[row : row + 1])[0])
        return self._fed[1]

    def _alignment(self, field: Field) -> Qt.AlignmentFlag:
        assert self._frame is not None
        is_text = field.kind in ("part", "category", "right", "picture") or (
            field.kind in ("target", "prediction") and has_classes(self._frame.dataset.kind)
        )
        return _TEXT if is_text else _NUMBER

    def _tip(self, row: int, field: Field) -> str | None:
        assert self._frame is not None
        data, findings = self._frame.dataset, self.findings
        if field.kind in ("loss", "output") and findings.known[row]:
            value = findings.losses[row] if field.kind == "loss" else findings.outputs[row, 0]
            return numbers.full(float(value))
        if field.kind == "prediction" and not has_classes(data.kind) and findings.known[row]:
            return numbers.full(float(findings.outputs[row, field.start]))
        if field.kind in ("number", "input"):
            value = data.inputs[row, field.start]
            if np.isnan(value):
                return self.tr("missing in the file")
            fed = self._fed_row(row)
            if fed is not None and fed[field.start] != value:
                return self.tr("{0} in the file, {1} for the network").format(
                    numbers.full(float(value)), numbers.full(float(fed[field.start]))
                )
            return numbers.full(float(value))
        return self.text(row, field) or None

    def _colour(self, row: int, field: Field) -> QColor | None:
        findings = self.findings
        if field.kind == "right" and findings.known[row]:
            return self._good if findings.right[row] else self._bad
        if field.kind == "part":
            return self._muted
        if field.kind in ("number", "input", "category"):
            assert self._frame is not None
            if np.isnan(self._frame.dataset.inputs[row, field.start]):
                return self._muted
        return None

    def _picture(self, row: int) -> QPixmap | None:
        assert self._frame is not None
        shape = self._frame.dataset.image_shape
        values = self._frame.dataset.inputs[row] if self.shows == "file" else self._fed_row(row)
        if shape is None or values is None:
            return None
        if row not in self._pictures:
            self._pictures[row] = grey_picture(values.reshape(shape), PICTURE_SIDE)
            if len(self._pictures) > KEPT_PICTURES:
                self._pictures.popitem(last=False)
        return self._pictures[row]


def _plain(value: float) -> str:
    """A number as a person would type it; a dash where it is missing. The tip has all digits."""
    return "—" if value != value else numbers.short(value, 8)
