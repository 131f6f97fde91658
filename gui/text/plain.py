"""Names from data as plain text, whatever they hold.

Qt takes markup in a label or tooltip, an ampersand or a tab in a menu, and a line end in a table's head for
orders, and a name as long as a paragraph widens the window. So every label is a `Label`, every text that
may hold a name goes through `tooltip` into a tooltip and through `caption` onto a button or into a menu, and
the names themselves come from `gui.text.parts`, which takes them through `one_line`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache, reduce
from html import escape

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QWidget

LONGEST = 48
"""Characters of a name that are shown, wide ones counted twice; of a longer one the middle is left out."""

LONGEST_QUOTE = 300
"""The same of what is quoted from a file, and of a name where there is room for it."""

LONGEST_LINE = 90
"""Characters of a tooltip's line, which Qt itself breaks in rich text alone."""

RUN = 20
"""Characters after which a line may end within a word."""

BREAK = "\u200b"
_RUNS = re.compile(rf"([^\s\u200b-]{{{RUN}}})(?=[^\s\u200b-])")
_JOINERS = "\u200c\u200d"
"""Characters without a shape of their own that writing systems and emoji need."""


@lru_cache(maxsize=4096)
def one_line(text: str, longest: int = LONGEST) -> str:
    """A text from data in one line, not too long, without characters that steer what is around it."""
    if text.isascii() and text.isprintable() and len(text) <= longest:
        return " ".join(text.split())
    kept = "".join(
        " " if c.isspace() or unicodedata.category(c) == "Cc" else c
        for c in text
        if unicodedata.category(c) not in ("Cf", "Cs") or c in _JOINERS
    )
    line = " ".join(kept.split())
    if _width(line) <= longest:
        return line
    half = longest // 2
    begin, end = line[:half], line[-half:]
    while _width(begin) >= half:
        begin = begin[:-1]
    while _width(end) > half:
        end = end[1:]
    return f"{begin.rstrip()}…{end.lstrip()}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def enumerated(names: Sequence[str]) -> str:
    """Names one after the other, with the mark that the language puts between them."""
    pair = QCoreApplication.translate("naming", "{names}, {name}")
    return reduce(lambda before, name: pair.format(names=before, name=name), names) if names else ""


def sentences(*texts: str) -> str:
    """Sentences one after the other: with a space between them, except after full-width punctuation."""
    joined = ""
    for text in filter(None, texts):
        gap = " " if joined and joined[-1] not in "。！？；：" else ""
        joined += gap + text
    return joined


def breakable(text: str) -> str:
    """A text whose long words may be broken where a line ends."""
    return _RUNS.sub(rf"\1{BREAK}", text)


def tooltip(text: str, pictures: str = "") -> str:
    """A text for a tooltip: what looks like markup is shown as it is, and long lines are broken.

    `pictures` are put below it, as `gui.style.equation.equation_image` makes them.
    """
    longest = max(map(len, text.split("\n")))
    if not pictures and longest <= LONGEST_LINE and not {"<", "&"} & {*text}:
        return text
    lines = "<br>".join(escape(breakable(line)) for line in text.split("\n"))
    return f"<p>{lines}</p>{pictures}"


def caption(text: str) -> str:
    """A text for a button, a menu or a tab: no ampersand in it makes a key."""
    return text.replace("&", "&&")


class Label(QLabel):
    """A label that shows its text as it is; one that wraps asks for little room, however long the words."""

    def __init__(self, text: str | QWidget | None = "", parent: QWidget | None = None) -> None:
        super().__init__(parent if isinstance(text, str) else text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text if isinstance(text, str) else "")

    def setText(self, text: str) -> None:
        if text == self.text():  # it would lay everything out again
            return
        # What can be selected is copied as it is.
        is_read = self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
        super().setText(breakable(text) if self.wordWrap() and not is_read else text)

    def text(self) -> str:
        return super().text().replace(BREAK, "")

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        if self.wordWrap():
            longest = self.fontMetrics().averageCharWidth() * RUN
            hint.setWidth(min(hint.width(), longest))
        return hint


class SteadyLabel(Label):
    """A label whose text changes while training runs, in a place of fixed size.

    Another text of a label that takes the room it needs has the whole window laid out anew. This one keeps
    the room of the widest text that it has been given, so that nothing around it moves.
    """

    _held: tuple[str, ...] = ()

    def __init__(self, text: str | QWidget | None = "", parent: QWidget | None = None) -> None:
        self._measured: dict[str, QSize] = {}  # they are held again and again
        super().__init__(text, parent)

    def hold(self, *texts: str) -> None:
        """Keep room for the widest of these texts, until others are named."""
        self._held = texts
        self._fit(0)

    def has_room_for(self, text: str) -> bool:
        """Whether it can say this without getting wider."""
        margins = self.contentsMargins()
        taken = self.fontMetrics().size(0, text).width() + 2 + margins.left() + margins.right()
        return taken <= self.minimumWidth()

    def setText(self, text: str) -> None:
        if text != self.text():
            super().setText(text)
            self._fit(self.minimumWidth())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._measured.clear()
            self._fit(0)

    def sizeHint(self) -> QSize:
        margins = self.contentsMargins()
        metrics = self.fontMetrics()
        for text in ("0", *self._held):
            if text not in self._measured:
                self._measured[text] = metrics.size(0, text)
        sizes = [metrics.size(0, self.text()), *(self._measured[text] for text in ("0", *self._held))]
        width = max(size.width() for size in sizes) + 2 + margins.left() + margins.right()
        height = max(size.height() for size in sizes) + 1 + margins.top() + margins.bottom()
        return QSize(width, height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _fit(self, least: int) -> None:
        """Be as wide as the widest text, and no narrower than `least`."""
        wanted = self.sizeHint()
        wanted.setWidth(max(wanted.width(), least))
        if self.minimumSize() != wanted:
            self.setFixedSize(wanted)


class Prose(QLabel):
    """A label with markup of our own; no name belongs into it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText)


def ask(
    parent: QWidget,
    title: str,
    text: str,
    buttons: QMessageBox.StandardButton = QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No,
    default: QMessageBox.StandardButton = QMessageBox.StandardButton.NoButton,
) -> QMessageBox.StandardButton:
    """Ask a question; its text is shown as it is."""
    box = QMessageBox(QMessageBox.Icon.Question, title, breakable(text), buttons, parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setDefaultButton(default)
    return QMessageBox.StandardButton(box.exec())
