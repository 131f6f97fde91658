"""The first rows of the file as they are, with what is wrong in them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from engine.data.load import Preview
from gui.panels.data_import.columns_list import role_name, type_name
from gui.style.theme import LIGHT, Theme
from gui.text.errors import localized, localized_warning
from gui.text.parts import shown
from gui.text.plain import LONGEST_QUOTE, one_line, sentences, tooltip

Index = QModelIndex | QPersistentModelIndex
NARROWEST, WIDEST = 74, 240
SAMPLED_ROWS = 30
MOST_FITTED = 60
ROW_HEIGHT = 23


class PreviewTable(QTableView):
    """A table of the first rows; read only.

    Signals
    -------
    column_clicked(int, QPoint)
        The header of a column, by index from 0, and where on the screen a menu may open.
    """

    column_clicked = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("previewTable")
        self.rows = _PreviewModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(_Delegate(self))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.horizontalHeader().setSectionsClickable(True)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().sectionClicked.connect(self._header_clicked)
        self._fitted: set[int] = set()
        self.horizontalScrollBar().valueChanged.connect(self._fit_visible)

    def show_preview(self, preview: Preview | None) -> None:
        """Show the rows of another preview."""
        self.rows.set_preview(preview)
        self._fitted = set()
        self._fit_visible()

    def _fit_visible(self) -> None:
        """Give the columns that are seen the width of their cells; the others have it when they are."""
        header = self.horizontalHeader()
        first = max(0, header.visualIndexAt(0))
        last = header.visualIndexAt(max(self.viewport().width(), WIDEST)) if first else MOST_FITTED
        last = self.rows.columnCount() if last < 0 else min(last + 1, self.rows.columnCount())
        metrics = self.fontMetrics()
        for column in range(first, min(last, first + MOST_FITTED)):
            if column in self._fitted:
                continue
            self._fitted.add(column)
            title = str(self.rows.headerData(column, Qt.Orientation.Horizontal))
            texts = [*title.split("\n"), *self.rows.texts(column, SAMPLED_ROWS)]
            width = round(1.12 * max(metrics.horizontalAdvance(text[:60]) for text in texts)) + 18
            self.horizontalHeader().resizeSection(column, min(max(width, NARROWEST), WIDEST))

    def show_place(self, line: int | None, column: int | None) -> bool:
        """Scroll to a physical line and a column from 1, and mark the cell; whether it is among the rows."""
        row = self.rows.row_of(line) if line is not None else 0
        if row is None or not self.rows.rowCount():
            return False
        index = self.rows.index(row, min(max((column or 1) - 1, 0), self.rows.columnCount() - 1))
        flags = self.selectionModel().SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        return True

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self.rows.set_theme(theme)

    def _header_clicked(self, column: int) -> None:
        header = self.horizontalHeader()
        at = QPoint(header.sectionViewportPosition(column), header.height())
        self.column_clicked.emit(column, header.viewport().mapToGlobal(at))


class _Delegate(QStyledItemDelegate):
    """Draws cells with a colour of their own in it even when they are selected."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        if option.backgroundBrush.style() != Qt.BrushStyle.NoBrush:
            option.state &= ~QStyle.StateFlag.State_Selected


class _PreviewModel(QAbstractTableModel):
    """Cells of a `Preview`, with colours and tips for those that cannot be read."""

    def __init__(self, parent: Any) -> None:
        super().__init__(parent)
        self._preview: Preview | None = None
        self._noted: dict[tuple[int, int], str] = {}
        self._told: dict[tuple[int, int], str] = {}
        self._width = 0
        self._bad_rows: set[int] = set()
        self.set_theme(LIGHT)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._bad = _mixed(theme.surface, theme.bad, 0.28)
        self._odd = _mixed(theme.surface, theme.warning, 0.2)
        self._muted = QColor(theme.muted)
        self.beginResetModel()
        self.endResetModel()

    def set_preview(self, preview: Preview | None) -> None:
        self.beginResetModel()
        self._preview = preview
        self._noted, self._told = {}, {}
        self._width = 0
        self._bad_rows = {row for row, _ in preview.bad_cells} if preview is not None else set()
        if preview is not None:
            self._width = max([len(preview.columns), *(len(row) for row in preview.rows)])
            for problem in preview.problems:
                if problem.line is not None:
                    self._told[problem.line, problem.column or 0] = sentences(*localized(problem))
            for warning in preview.warnings:
                for line, column in warning.details.get("cells", ()):
                    self._noted[line, column] = localized_warning(warning)
        self.endResetModel()

    def row_of(self, line: int) -> int | None:
        """The row that starts on a physical line, or holds it."""
        lines = self._preview.lines if self._preview is not None else ()
        before = [row for row, first in enumerate(lines) if first <= line]
        if not before:
            return None
        row = before[-1]
        return row if lines[row] == line or row + 1 < len(lines) else None

    def texts(self, column: int, rows: int) -> list[str]:
        """The first cells of a column."""
        if self._preview is None:
            return []
        return [row[column] for row in self._preview.rows[:rows] if column < len(row)]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() or self._preview is None else len(self._preview.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._width

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._preview is None or not index.isValid():
            return None
        row, column = index.row(), index.column()
        cells = self._preview.rows[row]
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(cells[column], LONGEST_QUOTE) if column < len(cells) else None
        line = self._preview.lines[row]
        is_bad = (row, column) in self._preview.bad_cells
        if role == Qt.ItemDataRole.BackgroundRole:
            if is_bad:
                return self._bad
            return self._odd if (line, column + 1) in self._noted else None
        if role == Qt.ItemDataRole.ToolTipRole:
            if is_bad:
                told = self._told.get((line, column + 1)) or self._told.get((line, 0))
                return tooltip(told or self.tr("This cell cannot be read as its column is."))
            return tooltip(self._noted.get((line, column + 1), ""))
        if role == Qt.ItemDataRole.ForegroundRole and not is_bad and self._is_skipped(column):
            return self._muted
        if role == Qt.ItemDataRole.TextAlignmentRole and self._is_number(column):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if self._preview is None:
            return None
        if orientation is Qt.Orientation.Vertical:
            is_bad = section in self._bad_rows
            line = self._preview.lines[section]
            if role == Qt.ItemDataRole.DisplayRole:
                return f"⚠ {line}" if is_bad else str(line)
            if role == Qt.ItemDataRole.ToolTipRole:
                return self.tr("Line {0} of the file").format(line)
            return None
        if section >= len(self._preview.columns):
            return None
        column = self._preview.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{shown(column.name)}\n{role_name(column.role)} · {type_name(column.type)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tr("Click to choose what the column is for")
        if role == Qt.ItemDataRole.FontRole and column.role == "target":
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.ForegroundRole and column.role == "skip":
            return self._muted
        return None

    def _is_skipped(self, column: int) -> bool:
        columns = self._preview.columns if self._preview is not None else ()
        return column < len(columns) and columns[column].role == "skip"

    def _is_number(self, column: int) -> bool:
        columns = self._preview.columns if self._preview is not None else ()
        return column < len(columns) and columns[column].type == "number"


def _mixed(under: str, over: str, share: float) -> QColor:
    pairs = zip(QColor(under).getRgb()[:3], QColor(over).getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(a + (b - a) * share) for a, b in pairs))
