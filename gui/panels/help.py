"""The help window: what the views show, and the keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QMainWindow,
    QMenu,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from gui.style.fonts import open_at
from gui.views.network.navigation import graph_keys


class HelpDialog(QDialog):
    """Help on one page; opened with F1.

    Parameters
    ----------
    views : iterable of (str, str)
        The names of all views, and what each shows.
    parent : QWidget, optional
        The main window, whose menus' keys are listed.
    """

    def __init__(self, views: Iterable[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("helpDialog")
        self.setWindowTitle(self.tr("Help"))
        open_at(self, 720, 640)
        text = QTextBrowser()
        text.setObjectName("helpText")
        text.setOpenExternalLinks(True)
        text.setHtml(self._html(views))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(text)
        column.addWidget(buttons)

    def _html(self, views: Iterable[tuple[str, str]]) -> str:
        paragraphs = (
            (
                self.tr("What happens in a step"),
                self.tr(
                    "A step takes the next mini-batch through the network (forward), compares the outputs"
                    " with the targets (loss), carries the derivative of the loss back layer by layer"
                    " (backward), and changes every weight and bias a little (update). The strip over the"
                    " network names the phase and its formula. Choose how much one press of Step shows:"
                    " a layer, a sample, a whole mini-batch, or an epoch."
                ),
            ),
            (
                self.tr("The network"),
                self.tr(
                    "Blue is positive, orange is negative; the wider a line, the larger the number. Choose"
                    " above whether lines show weights, gradients, updates or what flows through them. The"
                    " small square at a unit is its bias. Point at anything for its numbers; click it to"
                    " see how the chain rule makes its gradient."
                ),
            ),
            (
                self.tr("The chain rule"),
                self.tr(
                    "The gradient of a weight is a product of factors: how the loss answers to the unit's"
                    " activation, how the activation answers to z (the slope), and how z answers to the"
                    " weight (the activation before it). Each sample of the mini-batch has its own product;"
                    " their sum is the gradient of the batch."
                ),
            ),
            (
                self.tr("The curves"),
                self.tr(
                    "The pale band is the loss of every single mini-batch, the line over it is smoothed;"
                    " the dashed line is the loss on rows kept for validation, at each epoch's end."
                ),
            ),
            (
                self.tr("Your own data"),
                self.tr(
                    "Open a file, or drop it on the window. The column called class, label, target, species"
                    " or y is what the network learns to tell, else the last column."
                ),
            ),
        )
        body = "".join(f"<h3>{title}</h3><p>{text}</p>" for title, text in paragraphs)
        mouse = (
            ("Tab, Shift+Tab", self.tr("Go from one control to the next, and back")),
            ("Ctrl+V", self.tr("Paste numbers or rows, where they are typed")),
            ("A", self.tr("Fit the curves into their view")),
            ("L", self.tr("In the curves: a logarithmic axis")),
            ("Ctrl+click", self.tr("In the curves: go to that step")),
        )
        presenting = (
            ("1 – 9", self.tr("The sample")),
            ("S", self.tr("The surface in the graph's place, and back")),
            ("H", self.tr("Hide the numbers, to be predicted, or show them")),
            ("Esc", self.tr("End the presentation")),
        )
        return "".join(
            (
                body,
                _table(self.tr("What there is to see"), views),
                _table(self.tr("Keys"), (*self._shortcuts(), *mouse)),
                _table(self.tr("Keys in the network graph"), graph_keys()),
                _table(self.tr("Keys of the presentation (F11)"), presenting),
            )
        )

    def _shortcuts(self) -> Iterator[tuple[str, str]]:
        """All keys of the window's menus, in their order, and what they do."""
        window = self.parentWidget()
        bar = window.menuBar() if isinstance(window, QMainWindow) else None
        yield from _of_menu(bar.actions() if bar is not None else ())


def _of_menu(actions: Iterable[QAction]) -> Iterator[tuple[str, str]]:
    for action in actions:
        menu = action.menu()
        if isinstance(menu, QMenu):
            yield from _of_menu(menu.actions())
        elif action.shortcuts() and action.isVisible():
            form = QKeySequence.SequenceFormat.NativeText
            keys = ", ".join(shortcut.toString(form) for shortcut in action.shortcuts())
            yield escape(_NAMED.get(keys, keys)), escape(action.text().replace("&&", "&"))


_NAMED = {"Left": "←", "Right": "→"}


def _table(title: str, rows: Iterable[tuple[str, str]]) -> str:
    cells = "".join(f"<tr><td><b>{name}</b>&nbsp;&nbsp;</td><td>{what}</td></tr>" for name, what in rows)
    return f"<h3>{title}</h3><table cellpadding='3'>{cells}</table>"
