"""Languages made up for a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QTranslator
from PySide6.QtWidgets import QApplication


class _Language(QTranslator):
    def __init__(self, said: Callable[[str], str]) -> None:
        super().__init__()
        self._said = said

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        return self._said(text)


@contextmanager
def spoken(said: Callable[[str], str]) -> Iterator[None]:
    """Have every text said so, and everybody hear of it."""
    language = _Language(said)
    QApplication.installTranslator(language)
    try:
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        yield
    finally:
        QApplication.removeTranslator(language)
        QApplication.processEvents()


def quoted(text: str) -> str:
    return f"«{text}»"


def longer(text: str) -> str:
    """A good deal longer, and recognizable."""
    return f"«{text}{'~' * (len(text) // 3)}»"
