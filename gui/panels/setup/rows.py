"""The rows of the panel: a name, a field for the setting at one path, and what is wrong with it.

A row keeps nothing of its own: `read` shows what the document says, an edit goes to the document, and
what the document refuses is explained under the field.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QHelpEvent, QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from engine.errors import ExperimentError
from engine.functions import Parameter, Rule, Table
from engine.functions.table import Range
from gui.document.document import Document
from gui.style.equation import equation_image
from gui.text.errors import localized
from gui.text.meanings import Meaning, meaning
from gui.text.plain import Label, sentences, tooltip
from gui.text.settings import catalogue_label, setting, word
from gui.widgets.fields import Button, Choice, ComboBox, Note, Toggle
from gui.widgets.number_box import NumberBox

INDENT = 12

SPACING = 3
"""Pixels between two rows."""

FIELD = 104
"""Pixels that a field is wide at least."""


class Explained(QWidget):
    """Says what is behind the setting at a path where the mouse rests on anything in it."""

    def __init__(self, document: Document, path: str) -> None:
        super().__init__()
        self.document = document
        self.path = path

    @property
    def meaning(self) -> Meaning:
        """What the setting means, and the formula it stands in."""
        return meaning(self.path, self.document.experiment)

    @property
    def is_locked(self) -> bool:
        """Whether a lesson holds the setting as it is."""
        return self.document.is_locked(self.path)

    def read(self) -> None:
        """Show what the document says."""
        self.setEnabled(not self.is_locked)
        self.setToolTip(tooltip(sentences(self.meaning.text, self.lock_text)))

    @property
    def lock_text(self) -> str:
        """Why it cannot be changed; nothing where it can."""
        text = QCoreApplication.translate("Row", "The lesson holds this as it is.")
        return text if self.is_locked else ""

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            colour = QToolTip.palette().color(QPalette.ColorRole.ToolTipText).name()
            ratio = self.devicePixelRatioF()
            said = self.meaning
            images = (f"<br>{equation_image(line, 16, colour, ratio)}" for line in said.lines)
            text = sentences(said.text, self.lock_text)
            QToolTip.showText(event.globalPos(), tooltip(text, "".join(images)), self)
            return True
        return super().event(event)


class Row(Explained):
    """A name, fields, and a line for what is wrong; the base of all rows.

    Parameters
    ----------
    name : callable
        Gives the row's name in the language of the moment.
    """

    def __init__(self, document: Document, path: str, name: Callable[[], str], *fields: QWidget) -> None:
        super().__init__(document, path)
        self._name = name
        self._label: QLabel = Label()
        self._label.setWordWrap(True)
        self._label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._error = Note("error")
        self._error.setObjectName(f"{path}.error")
        self._lock = Label()
        self._lock.setObjectName(f"{path}.lock")
        self._lock.setProperty("role", "lock")
        self._lock.hide()
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self._lock)
        line.addWidget(self._label, 1)
        for field in fields:
            line.addWidget(field)
        self.line, self._fields = line, fields
        self._label.setBuddy(fields[0])
        self.below = QVBoxLayout(self)
        self.below.setContentsMargins(0, 0, 0, 0)
        self.below.setSpacing(SPACING)
        self.below.addLayout(line)
        self.below.addWidget(self._error)

    def lead_with(self, widget: QWidget) -> None:
        """Put a widget where the name stands; that is told on hover and to screen readers."""
        self._label.hide()
        self.line.insertWidget(0, widget)
        self.line.insertStretch(1, 1)

    @property
    def error(self) -> str:
        """What is said to be wrong, or nothing."""
        return self._error.text()

    def apply(self, value: Any, path: str = "") -> None:
        """Ask the document for `value`, at the row's path or another; say why not if it refuses."""
        self.attempt(lambda: self.document.set_value(path or self.path, value))

    def attempt(self, edit: Callable[[], None]) -> None:
        """Do an edit of the document; say why not if it refuses."""
        try:
            edit()
        except ExperimentError as error:
            self._error.show_text(sentences(*localized(error)))
        else:
            self.read()

    def read(self) -> None:
        super().read()
        name = self._name()
        self._lock.setVisible(self.is_locked)
        self._lock.setAccessibleName(self.lock_text)
        self._label.setText(name)
        for field in self._fields:
            field.setAccessibleName(name)
            field.setAccessibleDescription(self.meaning.text)
        self._error.show_text("")

    def refusal(self, value: Any, path: str = "") -> str:
        """Why `value` cannot be, in the user's language; nothing if it can."""
        error = self.document.refusal(path or self.path, value)
        return sentences(*localized(error)) if error else ""


class NumberRow(Row):
    """A row for one number."""

    def __init__(
        self, document: Document, path: str, box: NumberBox, name: Callable[[], str] | None = None
    ) -> None:
        super().__init__(document, path, name or (lambda: setting(path)), box)
        self.box = box
        box.setObjectName(path)
        box.setMinimumWidth(FIELD)
        box.edited.connect(self.apply)

    def read(self) -> None:
        super().read()
        self.box.set_value(self.document.value(self.path))


class WordRow(Row):
    """A row for one of several words; `words` gives them.

    Words that cannot be chosen are found out beforehand, unless that means to go through the data: those
    are explained when they are chosen.
    """

    def __init__(
        self, document: Document, path: str, words: Callable[[], Sequence[str]], *, foresees: bool = True
    ) -> None:
        self.combo = ComboBox(FIELD)
        super().__init__(document, path, lambda: setting(path), self.combo)
        self._words = words
        self._foresees = foresees
        self.combo.setObjectName(path)
        self.combo.picked.connect(self.apply)

    def read(self) -> None:
        super().read()
        choices = [
            Choice(name, word(name), self.refusal(name) if self._foresees else "") for name in self._words()
        ]
        self.combo.set_choices(choices, self.document.value(self.path))


class RuleRow(Row):
    """A row for a rule of a table, and rows for the parameters it has."""

    def __init__(self, document: Document, path: str, table: Table[Any]) -> None:
        self.combo = ComboBox(FIELD)
        super().__init__(document, path, lambda: setting(path), self.combo)
        self._table = table
        self.combo.setObjectName(path)
        self.combo.picked.connect(self.apply)
        self._parameters = ParameterRows(document, path)
        self.below.addWidget(self._parameters)

    def read(self) -> None:
        super().read()
        set_rules(self.combo, self, self._table, self.path)
        self._parameters.read()


def set_rules(combo: ComboBox, row: Row, table: Table[Any], path: str) -> None:
    """Offer the rules of `table` for the setting at `path`, those that cannot be with their reason."""
    choices = [
        Choice(name, catalogue_label(rule.label), row.refusal(name, path)) for name, rule in table.items()
    ]
    combo.set_choices(choices, row.document.value(path).name)


class ParameterRows(QWidget):
    """One row for each parameter of the rule at a path, whichever rule that is at the moment."""

    def __init__(self, document: Document, path: str) -> None:
        super().__init__()
        self._document = document
        self._path = path
        self._rule: type[Rule] | None = None
        self._rows: list[NumberRow] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(INDENT, 0, 0, 0)
        self._layout.setSpacing(SPACING)

    def read(self) -> None:
        """Show what the document says."""
        rule: Rule = self._document.value(self._path)
        if type(rule) is not self._rule:
            self._rule = type(rule)
            for row in self._rows:
                row.hide()
                row.deleteLater()
            self._rows = [self._row(parameter) for parameter in rule.parameters()]
            for row in self._rows:
                self._layout.addWidget(row)
                row.show()  # at once, or the panel's width would be reckoned without it
            self.setVisible(bool(self._rows))
        for row in self._rows:
            row.read()

    def _row(self, parameter: Parameter) -> NumberRow:
        box = NumberBox(parameter.range, whole=parameter.integer)
        label = parameter.label
        return NumberRow(
            self._document, f"{self._path}.{parameter.name}", box, lambda: catalogue_label(label)
        )


class BatchRow(Row):
    """The batch size: a number, or all rows."""

    def __init__(self, document: Document) -> None:
        self.box = NumberBox(Range(1, 1), whole=True, characters=5)
        self.full = Toggle()
        self.full.setObjectName("fullBatchButton")
        self.box.setObjectName("batch_size")
        super().__init__(document, "batch_size", lambda: setting("batch_size"), self.full, self.box)
        self._note = Note()
        self._note.setObjectName("batch_size.note")
        self.below.addWidget(self._note)
        self.box.edited.connect(self.apply)
        self.full.clicked.connect(
            lambda full: self.apply("full" if full else min(10, document.training_rows))
        )

    def read(self) -> None:
        super().read()
        size, rows = self.document.value("batch_size"), self.document.training_rows
        self.full.setText(word("full"))
        self.full.setAccessibleName(self.tr("Full batch"))
        self.full.setToolTip(tooltip(self.tr("Each step uses all {rows} training rows").format(rows=rows)))
        self.full.setChecked(size == "full")
        self.box.setEnabled(size != "full")
        self.box.set_range(Range(1, rows))
        self.box.set_value(rows if size == "full" else size)
        asked = self.document.batch_size
        note = self.tr("All the rows there are; {size} again when there are as many.")
        self._note.show_text("" if asked == size else note.format(size=asked))


class SeedRow(Row):
    """The seed, and a button for another one."""

    def __init__(self, document: Document, whole_numbers: Range) -> None:
        self.box = NumberBox(whole_numbers, whole=True, characters=4)
        self.button = Button()
        self.button.setObjectName("newSeedButton")
        self.box.setObjectName("seed")
        super().__init__(document, "seed", lambda: setting("seed"), self.box, self.button)
        self.box.edited.connect(self.apply)
        self.button.clicked.connect(lambda: self.attempt(document.new_seed))

    def read(self) -> None:
        super().read()
        self.box.set_value(self.document.value("seed"))
        self.button.setText(self.tr("New seed"))
        self.button.setAccessibleName(self.tr("New seed"))
        self.button.setToolTip(self.tr("Draw other initial parameters; Undo brings the old network back"))
