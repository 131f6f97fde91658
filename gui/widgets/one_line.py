"""A text in one line that asks for no room of its own: whatever it says, nothing around it moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style.fonts import tabular
from gui.style.theme import LIGHT, Theme
from gui.text.plain import tooltip

SMALLER = 0.78
"""How small the text may become to have room."""

Tone = Literal["text", "muted", "strong", "positive", "negative", "selection"]


class Span(NamedTuple):
    """A piece of the line; numbers are strong, in the colour of their sign."""

    text: str
    tone: Tone = "muted"

    @property
    def is_strong(self) -> bool:
        """Whether it is bold."""
        return self.tone not in ("text", "muted")

    @property
    def is_number(self) -> bool:
        """Whether it is a number, which is shown whole or not at all."""
        return self.tone in ("positive", "negative", "selection")

    @classmethod
    def number(cls, text: str, value: float | None) -> Span:
        """A number, or what stands for one that is not known."""
        if value is None:
            return cls(text, "muted")
        return cls(text, "positive" if value > 0 else "negative" if value < 0 else "strong")


class OneLine(QWidget):
    """Spans side by side; what there is no room for is left out at the end, and told on hover.

    Parameters
    ----------
    align : "left" or "right"
    scale : float
        Size of the text against that of the window.
    """

    def __init__(
        self, parent: QWidget | None = None, *, align: Literal["left", "right"] = "left", scale: float = 1.0
    ) -> None:
        super().__init__(parent)
        self._align = align
        self._scale = scale
        self._spans: tuple[Span, ...] = ()
        self._brief: tuple[Span, ...] = ()
        self._painted = ""
        self._theme = LIGHT
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(span.text for span in self._spans)

    @property
    def painted(self) -> str:
        """What there was room for when it was painted last."""
        return self._painted

    def show_text(self, text: str, tone: Tone = "muted", tip: str = "") -> None:
        """Show one text; on hover a longer one, if there is one."""
        self.show_spans([Span(text, tone)], tip)

    def show_spans(self, spans: Sequence[Span], tip: str = "", brief: Sequence[Span] = ()) -> None:
        """Show these, or what is `brief` where they have no room."""
        said = tip or "".join(span.text for span in spans)
        if tooltip(said) != self.toolTip():
            self.setToolTip(tooltip(said))
        if tuple(spans) != self._spans:
            self._spans = tuple(spans)
            self.setAccessibleName(self.text)
            self.update()
        if tuple(brief) != self._brief:
            self._brief = tuple(brief)
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.update()

    def _fonts(self) -> tuple[QFont, QFont]:
        return tabular(self.font(), self._scale), tabular(self.font(), self._scale, bold=True)

    def sizeHint(self) -> QSize:
        return QSize(60, round(QFontMetricsF(self._fonts()[1]).height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        spans, fonts, widths = self._fitted(self._spans)
        if self._brief and sum(widths) > self.width() + 0.5:
            spans, fonts, widths = self._fitted(self._brief)
        colours = {"text": theme.text, "muted": theme.muted, "strong": theme.text}
        # Of what is still too long the words give way: a number without its end would be another
        words = sum(width for span, width in zip(spans, widths, strict=True) if not span.is_number)
        room = self.width() - (sum(widths) - words)
        x = max(0.0, self.width() - sum(widths)) if self._align == "right" else 0.0
        metrics = QFontMetricsF(fonts[1])
        baseline = (self.height() + metrics.ascent() - metrics.descent()) / 2
        painted = []
        for span, width in zip(spans, widths, strict=True):
            font, text = fonts[span.is_strong], span.text
            if not span.is_number:
                if width > room + 0.5:
                    text = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, room))
                    width = QFontMetricsF(font).horizontalAdvance(text)
                room -= width
            painter.setFont(font)
            painter.setPen(QColor(colours.get(span.tone) or getattr(theme, span.tone)))
            painter.drawText(QPointF(x, baseline), text)
            painted.append(text)
            x += width
        self._painted = "".join(painted)

    def _fitted(self, spans: tuple[Span, ...]) -> tuple[tuple[Span, ...], tuple[QFont, QFont], list[float]]:
        """Spans in fonts as small as it takes for them to have room, if they may be; and their widths."""
        fonts = self._fonts()
        widths = self._widths(spans, fonts)
        scale = 1.0
        # letters stand in whole pixels: a little smaller a font may be as wide
        while sum(widths) > self.width() and scale > SMALLER:
            scale = max(SMALLER, min(0.97 * scale, scale * self.width() / sum(widths)))
            fonts = tabular(self._fonts()[0], scale), tabular(self._fonts()[1], scale, bold=True)
            widths = self._widths(spans, fonts)
        return spans, fonts, widths

    def _widths(self, spans: Sequence[Span], fonts: tuple[QFont, QFont]) -> list[float]:
        return [QFontMetricsF(fonts[span.is_strong]).horizontalAdvance(span.text) for span in spans]
