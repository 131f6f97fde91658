"""Saves a working or a derivation: the ending of the name says in which form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from engine.explain.paper import as_html, as_latex
from gui.kept import EXPORT_FOLDER, Kept
from gui.widgets.message_bar import MessageBar, Tone

FORMS = {"md": "Markdown", "tex": "LaTeX", "html": "HTML", "pdf": "PDF"}


def said(text: str) -> str:
    """Return a title, a rule or its reason in the language that is spoken."""
    for context in ("working", "rules"):
        translated = QCoreApplication.translate(context, text)
        if translated != text:
            return translated
    return text


def choose_file(owner: QWidget, title: str, kept: Kept) -> str | None:
    """Ask for the name of a file to write; None if there is to be none."""
    name = str(Path(kept.get(EXPORT_FOLDER)) / "working.md")
    kinds = ";;".join(
        f"{kind} (*.{ending})"
        for kind, ending in zip(("Markdown", "LaTeX", "HTML", "PDF"), FORMS, strict=True)
    )
    chosen, kind = QFileDialog.getSaveFileName(owner, title, name, kinds)
    if not chosen:
        return None
    if Path(chosen).suffix.lower().lstrip(".") not in FORMS:
        chosen += kind[kind.rindex("*") + 1 : -1]
    kept.keep(EXPORT_FOLDER, str(Path(chosen).parent))
    return chosen


def tell_saved(bar: MessageBar, path: str, saved: bool) -> None:
    """Say what came of writing a file."""
    if saved:
        bar.say(Tone.INFO, QCoreApplication.translate("lab", "Saved: {path}").format(path=path))
        return
    bar.say(
        Tone.ERROR,
        QCoreApplication.translate("lab", "{path} could not be written.").format(path=path),
        QCoreApplication.translate("lab", "Choose another folder or name."),
    )


def written(
    page: str,
    path: str | Path,
    progress: Callable[[float], object] = lambda share: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> bytes:
    """What a page is in the form that the file's ending says: Markdown, LaTeX, HTML or PDF.

    Raises
    ------
    SessionError
        ``cancelled``.
    """
    ending = Path(path).suffix.lower().lstrip(".")
    if ending == "pdf":
        from gui.widgets.paper import pdf

        return pdf(page, progress, cancelled)
    return {"tex": as_latex, "html": as_html}.get(ending, str)(page).encode("utf-8")


def save_page(page: str, path: str) -> bool:
    """Write a page in the form that the file's ending says; whether that worked."""
    try:
        Path(path).write_bytes(written(page, path))
    except OSError:
        return False
    return True
