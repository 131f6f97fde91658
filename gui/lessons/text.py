"""A lesson's text: CommonMark with formulas between dollars, in the house's fonts and colours."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import QEvent, QSize, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPixmap,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrame,
    QTextImageFormat,
    QTextTable,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser, QWidget

from gui.style.equation import equation_pixmap, equation_size, typeset_soon
from gui.style.fonts import families, px
from gui.style.spoken import spoken
from gui.style.theme import LIGHT, Theme
from gui.text.plain import tooltip

_OWN_LINE = re.compile(r"\$\$\s*(.+?)\s*\$\$", re.DOTALL)
_FORMULA = re.compile(r"(?<![\\$])\$(?!\s)([^$\n]+?)(?<![\s\\])\$(?![\d$])(?=(\S?))")
_CODE = re.compile(r"(`+)(?:.+?)\1|^(?:```|~~~).*?^(?:```|~~~)", re.DOTALL | re.MULTILINE)
SCHEME = "formula:"
JOINER = "\u2060"
"""Keeps a formula and the sign behind it in one line."""

HEADINGS = {1: 1.35, 2: 1.2, 3: 1.05}
"""How much larger than the text headings are, by their level; those below are as large as it is."""


class LessonText(QTextBrowser):
    """Text that is as high as it needs to be, and never scrolls by itself.

    Formulas that are not laid out yet leave their place empty until they are.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lessonText")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setOpenExternalLinks(True)
        self.setTabChangesFocus(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.document().setDocumentMargin(0)
        self.document().setIndentWidth(px(20))
        self.document().documentLayout().documentSizeChanged.connect(self.updateGeometry)
        self._markdown = ""
        self._formulas: list[str] = []
        self._has_blanks = False
        self._theme = LIGHT
        self._written_in = QFont(self.font())

    @property
    def markdown(self) -> str:
        """What it shows."""
        return self._markdown

    @property
    def formulas(self) -> list[str]:
        """The formulas in it, LaTeX."""
        return list(self._formulas)

    def set_markdown(self, text: str) -> None:
        """Show this."""
        if text != self._markdown:
            self._markdown = text
            self._write()

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        if theme != self._theme:
            self._theme = theme
            self._write()

    # -- writing -----------------------------------------------------------------------------------

    def _write(self) -> None:
        document = self.document()
        document.clear()
        self._written_in, self._has_blanks = QFont(self.font()), False
        font = self.font()
        font.setFamilies(families())
        document.setDefaultFont(font)
        self._formulas = []
        written = with_formulas(self._markdown, self._formulas)
        document.setMarkdown(written, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
        self._dress()
        self._set_formulas()
        self.setAccessibleName(self.document().toPlainText().replace("\ufffc", ""))
        self.updateGeometry()

    def _dress(self) -> None:
        """Give headings, code and tables the house's sizes and colours."""
        document, theme = self.document(), self._theme
        size = self.font().pointSizeF()
        block = document.begin()
        while block.isValid():
            cursor = QTextCursor(block)
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
            shape = block.blockFormat()
            level = shape.headingLevel()
            is_code = _is_code(block)
            letters = QTextCharFormat()
            if level:
                letters.setFontPointSize(size * HEADINGS.get(level, 1.0))
                letters.setProperty(QTextCharFormat.Property.FontSizeAdjustment, 0)
                cursor.mergeCharFormat(letters)
            shape.setTopMargin(px(4) if level else 0)
            ends = not is_code or not _is_code(block.next())
            shape.setBottomMargin(px(6) if ends else 0)
            if block.textList() is not None:
                shape.setBottomMargin(px(3))
            if is_code:
                shape.setBackground(QColor(theme.canvas))
                shape.setNonBreakableLines(False)
                shape.setLeftMargin(px(26))  # what does not fit hangs below
                shape.setTextIndent(-px(26))
            else:
                shape.setLineHeight(118, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            cursor.setBlockFormat(shape)
            block = block.next()
        for table in _tables(document.rootFrame()):
            look = table.format()
            look.setBorder(0)
            look.setCellPadding(px(3))
            look.setCellSpacing(0)
            look.setTopMargin(px(2))
            look.setBottomMargin(px(8))
            table.setFormat(look)

    def _set_formulas(self) -> None:
        """Put the pictures of the formulas in their places, each with its baseline on the line's."""
        document = self.document()
        for place, latex in enumerate(self._formulas):
            picture = self._picture(latex)
            document.addResource(
                QTextDocument.ResourceType.ImageResource.value, QUrl(f"{SCHEME}{place}"), picture
            )
        for cursor, image in list(_images(document)):
            name = image.name()
            if not name.startswith(SCHEME):
                continue
            latex = self._formulas[int(name.removeprefix(SCHEME))]
            size = self._picture(latex).deviceIndependentSize()
            image.setWidth(size.width())
            image.setHeight(size.height())
            image.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
            image.setToolTip(tooltip(spoken(latex)))
            cursor.setCharFormat(image)

    def _picture(self, latex: str) -> QPixmap:
        """A formula with so much room above or below that its middle is where Qt puts a picture's middle."""
        metrics = QFontMetricsF(self.font())
        size = 1.12 * metrics.xHeight() / 0.547  # of the bundled font: letters as high as the text's
        ratio = self.devicePixelRatioF()
        if not typeset_soon(latex, self):
            self._has_blanks = True
            blank = QPixmap(round(size * ratio), round(size * ratio))
            blank.setDevicePixelRatio(ratio)
            blank.fill(Qt.GlobalColor.transparent)
            return blank
        width, height, baseline = equation_size(latex, size)
        extra = 2 * baseline - height - metrics.xHeight() / 2
        above, below = (0.0, extra) if extra > 0 else (-extra, 0.0)
        whole = QPixmap(round((width + 2) * ratio), round((height + above + below) * ratio))
        whole.setDevicePixelRatio(ratio)
        whole.fill(Qt.GlobalColor.transparent)
        painter = QPainter(whole)
        formula = equation_pixmap(latex, size, self._theme.text, ratio)
        painter.drawPixmap(1, round(above), formula)
        painter.end()
        return whole

    # -- its size ----------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(px(200), self._height())

    def minimumSizeHint(self) -> QSize:
        return QSize(px(60), self._height())

    def _height(self) -> int:
        document = self.document()
        width = self.viewport().width()
        if document.textWidth() != width:
            document.setTextWidth(width)
        return round(document.size().height() + 0.5)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._is_old:
            self._write()

    @property
    def _is_old(self) -> bool:
        """Whether the font is another, or the last formula that was missing has been laid out."""
        if self.font() != self._written_in:
            return True
        return self._has_blanks and all(typeset_soon(latex, self) for latex in self._formulas)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # what it stands in scrolls


def with_formulas(text: str, formulas: list[str]) -> str:
    """The text with a picture's place for each formula, which are added to `formulas`; code is left alone."""

    def place(found: re.Match[str]) -> str:
        formulas.append(found[1])
        joined = JOINER if found[2] and not found[2].isalnum() else ""
        return f"![formula]({SCHEME}{len(formulas) - 1}){joined}"

    def placed(piece: str) -> str:
        return _FORMULA.sub(place, _OWN_LINE.sub(lambda found: f"${' '.join(found[1].split())}$", piece))

    pieces, at = [], 0
    for code in _CODE.finditer(text):
        pieces += [placed(text[at : code.start()]), code[0]]
        at = code.end()
    return "".join([*pieces, placed(text[at:])])


def _is_code(block: QTextBlock) -> bool:
    properties = QTextFormat.Property
    shape = block.blockFormat()
    return shape.hasProperty(properties.BlockCodeFence) or shape.hasProperty(properties.BlockCodeLanguage)


def _images(document: QTextDocument) -> Iterator[tuple[QTextCursor, QTextImageFormat]]:
    block = document.begin()
    while block.isValid():
        at = block.begin()
        while not at.atEnd():
            fragment = at.fragment()
            if fragment.isValid() and fragment.charFormat().isImageFormat():
                for place in range(fragment.position(), fragment.position() + fragment.length()):
                    cursor = QTextCursor(document)
                    cursor.setPosition(place)
                    cursor.setPosition(place + 1, QTextCursor.MoveMode.KeepAnchor)
                    yield cursor, fragment.charFormat().toImageFormat()
            at += 1
        block = block.next()


def _tables(frame: QTextFrame) -> Iterator[QTextTable]:
    for child in frame.childFrames():
        if isinstance(child, QTextTable):
            yield child
        yield from _tables(child)
