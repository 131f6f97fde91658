"""A small table of words and numbers, painted: numbers align, show every digit on hover, can be copied."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetricsF,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolTip, QWidget

from gui.style.equation import draw_equation, equation_size, typeset_soon
from gui.style.fonts import line_height, tabular
from gui.style.theme import LIGHT, Theme
from gui.text.numbers import for_programs, full, short
from gui.text.plain import tooltip
from gui.widgets.focus_ring import FocusRing

Role = Literal["text", "muted", "strong", "link"]
UNKNOWN = "?"
GAP, LEAST_GAP = 10.0, 5.0
"""Room between two columns, and where there is little."""

FIRST = 76.0
"""Room that the first column is given, if it needs it, by smaller numbers closer together."""


SMALLER = 0.8
"""How small a text may become that takes a row alone and is too long for it."""

RULE = 6.0
"""Room for the line above the footer."""


class Cell(NamedTuple):
    """What stands in one place of a table.

    Attributes
    ----------
    text : str
    value : float or None
        The whole number behind the text, for the tooltip and for copying.
    role : str
        How it is drawn.
    latex : str
        A formula to draw instead of the text; the text is what is copied.
    tip : str
        Shown on hover, before the number.
    brief : str
        A shorter text of the same meaning, for where there is no room for the first; of numbers there is
        none, or what they sum to would not come out.
    """

    text: str
    value: float | None = None
    role: Role = "text"
    latex: str = ""
    tip: str = ""
    brief: str = ""


EMPTY = Cell("")


def number(value: float | None, role: Role = "text", digits: int = 4, tip: str = "", text: str = "") -> Cell:
    """A number as a cell; None is not known yet. A `text` is how it is written, if not with `digits`."""
    if value is None:
        return Cell(UNKNOWN, None, "muted", tip=tip)
    value = float(value)
    return Cell(text or short(value, digits), value, role, tip=tip)


Row = tuple[Cell, ...]


class Table(QWidget):
    """Rows of cells; the first column takes what room is left.

    Parameters
    ----------
    columns : str
        A letter for each: ``l`` left, ``r`` right.
    selectable : bool
        Whether a row can be chosen, by mouse or keyboard.

    Signals
    -------
    row_chosen(int)
    link_pressed()
        A row that is a link was clicked.
    """

    row_chosen = Signal(int)
    link_pressed = Signal()

    def __init__(self, columns: str, parent: QWidget | None = None, *, selectable: bool = False) -> None:
        super().__init__(parent)
        self._columns = columns
        self._selectable = selectable
        self._theme = LIGHT
        self._header: Row = ()
        self._rows: list[Row] = []
        self._painted: list[list[str]] = []
        self._footer = 0
        self._chosen = -1
        self._first = 0.0
        self._tops = [0.0]
        self._reserved = 0
        self._most = 0.0
        self.forget_widths()
        self._fonts()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        FocusRing(self)
        if selectable:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def texts(self) -> list[list[str]]:
        """What the rows say, the header not counted."""
        return [[cell.text for cell in row] for row in self._rows]

    @property
    def header_texts(self) -> list[str]:
        """What stands above the columns."""
        return [cell.text for cell in self._header]

    @property
    def painted(self) -> list[list[str]]:
        """What stood in the rows when they were last painted, shortened where there was no room."""
        return [list(row) for row in self._painted]

    @property
    def values(self) -> list[list[float | None]]:
        """The numbers behind the rows."""
        return [[cell.value for cell in row] for row in self._rows]

    @property
    def chosen(self) -> int:
        """The chosen row, or -1."""
        return self._chosen

    def reserve(self, rows: int) -> None:
        """Take the room of so many rows, and of a line between them, however few there are."""
        if rows != self._reserved:
            self._reserved = rows
            self.updateGeometry()

    def set_rows(self, rows: Sequence[Row], header: Row = (), footer: int = 0, chosen: int = -1) -> None:
        """Show these rows; the last `footer` of them stand under a line."""
        height = self.sizeHint().height()
        self._rows, self._header, self._footer, self._chosen = list(rows), header, footer, chosen
        self._measure()
        if self.sizeHint().height() != height:
            self.updateGeometry()
        if any(map(_is_link, self._rows)):
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        spoken = ["; ".join(cell.text for cell in row if cell.text) for row in rows]
        self.setAccessibleDescription("\n".join(spoken[:12]))
        self.update()

    def forget_widths(self) -> None:
        """Let columns and height shrink again, for something new to show; while it is live they only grow."""
        self._widths = [0.0] * len(self._columns)
        self._most = 0.0

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        reserved = self._reserved * self._line + RULE if self._reserved else 0.0
        return QSize(200, round(max(self._most, reserved)))

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.sizeHint().height())

    def _fonts(self) -> None:
        self._plain = tabular(self.font())
        self._bold = tabular(self.font(), bold=True)
        self._metrics, self._bold_metrics = QFontMetricsF(self._plain), QFontMetricsF(self._bold)
        self._line = line_height(self._plain)
        self._equation = 1.2 * self._metrics.ascent()

    def _measure(self) -> None:
        """Find the height of each row, and the widths of the columns."""
        tops = [self._line if self._header else 0.0]
        for index, row in enumerate(self._rows):
            if self._footer and index == len(self._rows) - self._footer:
                tops[-1] += RULE
            height = self._line
            for cell in row:
                if cell.latex and typeset_soon(cell.latex, self):
                    _, equation, _ = equation_size(cell.latex, self._equation)
                    height = max(height, round(equation) + 4.0)
            tops.append(tops[-1] + height)
        self._tops = tops
        self._most = max(self._most, tops[-1]) if self._reserved else tops[-1]
        rows = [self._header, *self._rows] if self._header else self._rows
        for column in range(1, len(self._columns)):
            widths = [self._advance(row[column], row[column].text) for row in rows]
            self._widths[column] = max(self._widths[column], *widths, 0.0)
        names = [
            self._advance(row[0], row[0].text) for row in rows if not row[0].latex and not _is_alone(row, 0)
        ]
        self._first = max(names, default=0.0)

    def _advance(self, cell: Cell, text: str) -> float:
        metrics = self._bold_metrics if cell.role == "strong" else self._metrics
        return metrics.horizontalAdvance(text)

    def _places(self) -> tuple[list[tuple[float, float]], float]:
        """Left end and width of each column, and how small their numbers are, to make room for names."""
        numbers, gaps = sum(self._widths[1:]), len(self._columns) - 1
        room = self.width() - min(self._first, FIRST)
        gap, scale = GAP, 1.0
        if numbers and numbers + GAP * gaps > room:
            gap = LEAST_GAP
            scale = min(max((room - gap * gaps) / numbers, SMALLER), 1.0)
        places: list[tuple[float, float]] = []
        right = float(self.width())
        for column in range(len(self._columns) - 1, 0, -1):
            width = scale * self._widths[column]
            places.append((right - width, width))
            right -= width + gap
        return [(0.0, max(0.0, right)), *reversed(places)], scale

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        places, scale = self._places()
        if self._header:
            self._paint_row(painter, self._header, places, 0.0, self._line, scale, header=True)
        self._painted = []
        for index, (row, top, bottom) in enumerate(zip(self._rows, self._tops, self._tops[1:], strict=False)):
            if self._footer and index == len(self._rows) - self._footer:
                painter.setPen(QPen(QColor(self._theme.border), 1))
                painter.drawLine(
                    QPointF(0, top - RULE / 2 + 0.5), QPointF(self.width(), top - RULE / 2 + 0.5)
                )
            if self._footer and index == len(self._rows) - self._footer - 1:
                bottom -= RULE
            if index == self._chosen:
                painter.setPen(Qt.PenStyle.NoPen)
                background = QColor(self._theme.selection)
                background.setAlpha(36)
                painter.setBrush(background)
                painter.drawRoundedRect(QRectF(0, top, self.width(), bottom - top), 4, 4)
            self._painted.append(self._paint_row(painter, row, places, top, bottom - top, scale))

    def _paint_row(
        self,
        painter: QPainter,
        row: Row,
        places: list[tuple[float, float]],
        top: float,
        height: float,
        scale: float,
        *,
        header: bool = False,
    ) -> list[str]:
        """Paint the cells of a row and return their texts; formulas are in LaTeX."""
        painted: list[str] = []
        theme = self._theme
        colours = {"text": theme.text, "strong": theme.text, "muted": theme.muted, "link": theme.positive}
        for column, (cell, (left, width), align) in enumerate(zip(row, places, self._columns, strict=True)):
            colour = theme.muted if header else colours[cell.role]
            bold = cell.role == "strong" and not header
            metrics = self._bold_metrics if bold else self._metrics
            baseline = top + (height + metrics.ascent() - metrics.descent()) / 2
            if align == "l":  # as far as nothing stands behind it
                behind = next((n for n in range(column + 1, len(row)) if row[n].text), None)
                if behind is None:
                    width = self.width() - left
                elif behind > column + 1:
                    text_of = self._advance(row[behind], row[behind].text) * scale
                    width = sum(places[behind]) - text_of - LEAST_GAP - left
            if cell.latex:
                at, share = (left, 0.0) if align == "l" else (left + width, 1.0)
                if typeset_soon(cell.latex, self):
                    _, equation, above = equation_size(cell.latex, self._equation)
                    baseline = top + (height - equation) / 2 + above if height > self._line else baseline
                draw_equation(
                    painter, cell.latex, QPointF(at, baseline), self._equation, colour, self, share, width
                )
                painted.append(cell.latex)
                continue
            text, font = cell.text, self._bold if bold else self._plain
            if column and scale < 1.0:
                font = tabular(font, scale, bold=bold)
                metrics = QFontMetricsF(font)
            advance = metrics.horizontalAdvance(text)
            if advance > width + 1 and column == 0 and _is_alone(row, 0):  # a line of arithmetic
                font = tabular(font, max(SMALLER, width / advance), bold=bold)
                metrics = QFontMetricsF(font)
                advance = metrics.horizontalAdvance(text)
            if advance > width + 1 and cell.brief:
                text = cell.brief
                advance = metrics.horizontalAdvance(text)
            if advance > width + 1 and align == "l":  # a number without its middle would be another
                text = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, width)
                advance = metrics.horizontalAdvance(text)
            painter.setFont(font)
            painter.setPen(QColor(colour))
            painter.drawText(QPointF(left if align == "l" else left + width - advance, baseline), text)
            painted.append(text)
        return painted

    def _row_at(self, y: float) -> int:
        for row, bottom in enumerate(self._tops[1:]):
            if self._tops[row] <= y < bottom:
                return row
        return -1

    def row_place(self, row: int) -> QPointF:
        """A point in the row, for a click on it."""
        return QPointF(8.0, self._tops[row] + self._line / 2)

    def _cell_at(self, point: QPointF) -> Cell | None:
        row = self._row_at(point.y())
        if row < 0:
            return None
        for column, (cell, (left, width)) in enumerate(zip(self._rows[row], self._places()[0], strict=True)):
            if _is_alone(self._rows[row], column) or left - GAP / 2 <= point.x() <= left + width + GAP / 2:
                return cell
        return None

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self._cell_at(QPointF(event.pos()))
            parts = [] if cell is None else [cell.tip, "" if cell.value is None else full(cell.value)]
            if cell is not None and cell.value is None and not cell.tip:
                parts = [cell.text]
            QToolTip.showText(event.globalPos(), tooltip("\n".join(filter(None, parts))), self)
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            before = self._plain
            self._fonts()
            if self._plain != before:  # a formula that has been laid out is told in the same way
                self.forget_widths()
            self._measure()
            self.updateGeometry()
        super().changeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().y())
        if row >= 0 and event.button() == Qt.MouseButton.LeftButton and _is_link(self._rows[row]):
            self.link_pressed.emit()
        elif self._selectable and event.button() == Qt.MouseButton.LeftButton and row >= 0:
            self.row_chosen.emit(row)
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and any(map(_is_link, self._rows)):
            self.link_pressed.emit()
            return
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if self._selectable and step is not None and self._rows:
            self.row_chosen.emit(min(max(self._chosen + step, 0), len(self._rows) - 1))
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        cell = self._cell_at(QPointF(event.pos()))
        if cell is not None and cell.value is not None:
            text = for_programs(cell.value)
            menu.addAction(self.tr("Copy number"), lambda: QGuiApplication.clipboard().setText(text))
        menu.addAction(self.tr("Copy table"), self.copy)
        menu.popup(event.globalPos())

    def copy(self) -> None:
        """Put the table on the clipboard, tab-separated, numbers with every digit."""
        rows = [self._header, *self._rows] if self._header else self._rows
        lines = [
            "\t".join(cell.text if cell.value is None else for_programs(cell.value) for cell in row)
            for row in rows
        ]
        QGuiApplication.clipboard().setText("\n".join(lines))


def _is_link(row: Row) -> bool:
    return row[0].role == "link"


def _is_alone(row: Row, column: int) -> bool:
    """Whether nothing stands behind a cell, so that it may take all the room."""
    return not any(cell.text for cell in row[column + 1 :])
