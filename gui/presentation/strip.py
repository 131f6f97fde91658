"""The chain rule of what is selected, for the back row: factor × factor = share, + others = gradient."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from engine.explain import Explanation
from engine.parts import Part
from gui.document.focus import Focus
from gui.style.equation import EquationLabel, draw_equation, typeset_soon
from gui.style.fonts import px, tabular
from gui.style.theme import LIGHT, Theme, blend
from gui.text import symbols
from gui.text.numbers import agreeing, grouped, short, total
from gui.text.parts import part_name
from gui.text.plain import Label
from gui.training.messages import Frame
from gui.views.chain_rule.product import Product
from gui.views.chain_rule.section import explained
from gui.widgets.table import UNKNOWN

NUMBER = 1.5
"""Size of a number against the text."""

SMALLEST_NUMBER, SMALLEST = 1.0, 0.88
"""How small, against the text, a number and a caption may be written that do not fit otherwise."""

MOST_DIGITS = 8


@dataclass(frozen=True)
class Tile:
    """A card of the strip.

    Attributes
    ----------
    title : str
        LaTeX, or words if it is not `is_symbol`.
    text : str
        The number as it is written; a question mark if it is not known yet.
    caption : str
    value : float or None
    part : Part or None
        What a click on it lights in the graph.
    before : str
        The operator in front of it.
    is_symbol, is_lit, is_framed : bool
    """

    title: str
    text: str
    caption: str
    value: float | None = None
    part: Part | None = None
    before: str = ""
    is_symbol: bool = True
    is_lit: bool = False
    is_framed: bool = False


class Tiles(QWidget):
    """The cards, side by side.

    Signals
    -------
    pressed(Part)
        What a card that was clicked is about.
    """

    pressed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("presentationCards")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._tiles: tuple[Tile, ...] = ()
        self._prompt = ""
        self._theme = LIGHT
        self.pixel_sizes: list[tuple[str, float]] = []
        """What was painted last, and the pixels its letters stand in."""

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """What is shown, from left to right."""
        return self._tiles

    def set_tiles(self, tiles: tuple[Tile, ...], prompt: str = "") -> None:
        """Show these; where there are none, a sentence."""
        self._tiles, self._prompt = tiles, prompt
        spoken = (f"{tile.before} {tile.caption} {tile.text}".strip() for tile in tiles)
        self.setAccessibleDescription("; ".join(spoken) or prompt)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, px(84))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def places(self) -> list[QRectF]:
        """Where each card stands."""
        gap, count = px(22), max(1, len(self._tiles))
        width = min((self.width() - 2 - gap * (count - 1)) / count, float(px(150)))
        left = (self.width() - count * width - gap * (count - 1)) / 2
        return [
            QRectF(left + index * (width + gap), 1.0, width, self.height() - 2.0)
            for index in range(len(self._tiles))
        ]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for tile, place in zip(self._tiles, self.places(), strict=True):
            if place.contains(event.position()) and tile.part is not None:
                self.pressed.emit(tile.part)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
            self.update()
        super().changeEvent(event)

    # -- painting ----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.pixel_sizes = []
        if not self._tiles:
            painter.setPen(QColor(theme.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._prompt)
            return
        for tile, place in zip(self._tiles, self.places(), strict=True):
            self._draw_tile(painter, tile, place)
            painter.setPen(QColor(theme.text))
            sign = QRectF(place.left() - px(22), place.top(), px(22), place.height())
            painter.setFont(tabular(self.font(), 1.25, bold=True))
            painter.drawText(sign, Qt.AlignmentFlag.AlignCenter, tile.before)

    def _draw_tile(self, painter: QPainter, tile: Tile, place: QRectF) -> None:
        theme, strong = self._theme, tile.is_framed or tile.is_lit
        painter.setPen(QPen(QColor(theme.selection if strong else theme.muted), px(2) if strong else 1.0))
        painter.setBrush(blend(theme.surface, theme.selection, 0.08) if strong else QColor(theme.surface))
        painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), px(7), px(7))
        middle, room, height = place.center().x(), place.width() - px(10), place.height()
        base = QFontMetricsF(self.font())
        at = QPointF(middle, place.top() + 0.28 * height)
        if tile.is_symbol:
            size = 1.35 * base.ascent()
            if typeset_soon(tile.title, self):
                draw_equation(painter, tile.title, at, size, theme.text, self, 0.5, room)
        else:
            self._write(painter, tile.title, self.font(), at, room, theme.text, SMALLEST)
        colour = theme.muted
        if tile.value is not None:
            colour = theme.negative if tile.value < 0 else theme.positive if tile.value > 0 else theme.text
        number = tabular(self.font(), NUMBER, bold=True)
        at = QPointF(middle, place.top() + 0.62 * height)
        self._write(painter, tile.text, number, at, room, colour, SMALLEST_NUMBER / NUMBER)
        at = QPointF(middle, place.top() + 0.87 * height)
        self._write(painter, tile.caption, self.font(), at, room, theme.muted, SMALLEST)

    def _write(
        self, painter: QPainter, text: str, font: QFont, at: QPointF, room: float, colour: str, least: float
    ) -> None:
        """Write in the middle, smaller if there is no room; words are shortened if that does not do."""
        metrics, scale, usual = QFontMetricsF(font), 1.0, font
        # letters stand in whole pixels: a little smaller a font may be as wide
        while (width := metrics.horizontalAdvance(text)) > room and scale > least:
            scale = max(least, min(0.97 * scale, scale * room / width))
            font = tabular(usual, scale, bold=usual.bold())
            metrics = QFontMetricsF(font)
        if not usual.bold():  # a number without its end would be another
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room + 2)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        painter.drawText(QPointF(at.x() - metrics.horizontalAdvance(text) / 2, at.y()), text)
        self.pixel_sizes.append((text, font.pointSizeF() * self.logicalDpiY() / 72))


class ChainStrip(QWidget):
    """Names what is selected, chooses the sample, and shows the cards.

    Parameters
    ----------
    focus : Focus
    """

    def __init__(self, focus: Focus, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("presentationStrip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._focus = focus
        self._frame: Frame | None = None
        self._veiled = False
        self._title, self._name, self._sample = Label(self), Label(self), Label(self)
        self._title.setObjectName("presentationTitle")
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._name.setProperty("role", "note")
        self._symbol = EquationLabel(parent=self)
        self._back, self._next = QPushButton("◂", self), QPushButton("▸", self)
        self._back.setObjectName("presentationSampleBack")
        self._next.setObjectName("presentationSampleNext")
        self._back.clicked.connect(focus.show_previous_sample)
        self._next.clicked.connect(focus.show_next_sample)
        self.cards = Tiles(self)
        self._row = head = QHBoxLayout()
        head.addWidget(self._title)
        head.addWidget(self._symbol)
        head.addWidget(self._name, 1)
        for widget in (self._back, self._sample, self._next):
            head.addWidget(widget)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(self.cards)
        focus.part_changed.connect(self.refresh)
        focus.sample_changed.connect(self.refresh)
        self._retranslate()
        self.set_theme(LIGHT)

    @property
    def is_veiled(self) -> bool:
        """Whether numbers are hidden, to be predicted first."""
        return self._veiled

    def set_veiled(self, veiled: bool) -> None:
        """Hide the numbers, or show them again."""
        self._veiled = veiled
        self.refresh()

    def show_frame(self, frame: Frame) -> None:
        """Show what is known of it at this frame."""
        self._frame = frame
        self.refresh()

    def forget(self) -> None:
        """Forget what was derived of the network before: it or its data are others now."""
        self._frame = None
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours, and in the size of the text."""
        self.cards.set_theme(theme)
        self._symbol.set_theme(theme)
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(px(14), px(4), px(14), px(6))
        layout.setSpacing(px(4))
        self._row.setSpacing(px(8))
        self._symbol.set_pixel_size(1.35 * QFontMetricsF(self.font()).ascent())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self._title.setText(self.tr("Chain rule"))
        self._back.setAccessibleName(self.tr("Previous sample"))
        self._next.setAccessibleName(self.tr("Next sample"))
        self.cards.setAccessibleName(self.tr("Factors"))
        self.refresh()

    def refresh(self) -> None:
        """Draw what is selected now, if it can be seen."""
        frame, part = self._frame, self._focus.part
        if not self.isVisible():
            return
        is_shown = frame is not None and part is not None and part.kind in ("weight", "bias", "unit")
        if not is_shown or frame is None or part is None or not part.exists(frame.record.sizes):
            self._symbol.set_latex("")
            self._name.setText("")
            self._sample.setText("")
            self.cards.set_tiles(
                (), self.tr("Click a line, a unit or a bias to see what makes its gradient.")
            )
            return
        sample = self._focus.sample_in(frame)
        e = explained(frame, part)
        self._symbol.set_latex(symbols.parameter_latex(e))
        self._name.setText(part_name(frame, part))
        text = self.tr("sample {number} of {count}")
        self._sample.setText(text.format(number=sample + 1, count=grouped(frame.record.batch)))
        tiles = self._tiles(frame, e, sample)
        if self._veiled:
            tiles = tuple(replace(tile, text=UNKNOWN, value=None) for tile in tiles)
        self.cards.set_tiles(tiles)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self.refresh()

    # -- what stands on the cards --------------------------------------------------------------------

    def _tiles(self, frame: Frame, e: Explanation, sample: int) -> tuple[Tile, ...]:
        rest = np.delete(e.samples, sample)
        others = float(rest.sum())
        for digits in range(4, MOST_DIGITS + 1):
            product = Product.of(frame, e, sample, digits)
            summed = agreeing(total, (product.share, others), e.gradient, digits)
            if not len(rest) or product.shown_share == summed.terms[0]:
                break
        known = product.known
        unit = Part("unit", e.layer, e.unit)
        tiles = []
        for index, card in enumerate(product.cards):
            incoming = e.kind != "unit" and index == len(product.cards) - 1
            part = unit
            if incoming:
                part = Part("unit", e.layer - 1, e.source) if e.kind == "weight" else e.part
            written = UNKNOWN if card.value is None else card.text or short(card.value, digits)
            lit = index in product.lit
            title = card.symbol.split("= ")[-1]
            caption = card.tip or card.caption if self._veiled else card.caption
            tiles.append(Tile(title, written, caption, card.value, part, "×" if index else "", is_lit=lit))
        share = product.share if known.share else None
        written = UNKNOWN if share is None else product.shown_share
        name = self.tr("sample {number}").format(number=sample + 1)
        equals = "=" if tiles else ""
        tiles.append(Tile(name, written, self.tr("its share"), share, e.part, equals, is_symbol=False))
        gradient = e.gradient if known.batch else None
        if len(rest):
            name = self.tr("{count} others", "", len(rest))
            value = others if known.batch else None
            written = UNKNOWN if value is None else summed.terms[1]
            name = name.format(count=grouped(len(rest)))
            tiles.append(Tile(name, written, self.tr("their shares"), value, e.part, "+", is_symbol=False))
        symbol = symbols.derivative("L", symbols.parameter_latex(e))
        written = UNKNOWN if gradient is None else summed.result
        tiles.append(Tile(symbol, written, self.tr("gradient"), gradient, e.part, "=", is_framed=True))
        if e.update is not None:
            tiles.append(self._after(e, known.update))
        return tuple(tiles)

    def _after(self, e: Explanation, known: bool) -> Tile:
        update = e.update
        assert update is not None
        digits = next(
            (n for n in range(4, MOST_DIGITS) if short(update.before, n) != short(update.after, n)), 4
        )
        name = self.tr("new {symbol}").format(symbol=e.kind[0])
        caption = self.tr("was {number}").format(number=short(update.before, digits))
        if self._veiled:
            caption = ""
        written = short(update.after, digits) if known else UNKNOWN
        return Tile(name, written, caption, update.after if known else None, e.part, "→", is_symbol=False)
