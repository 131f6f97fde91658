"""What each array was taken for, to be looked at and corrected; and how the arrays lie."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFormLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.mistakes.arranging import Arranged, Orientation
from engine.mistakes.numbers import shape_text
from engine.mistakes.reading import Entry
from engine.mistakes.reference import in_order
from gui.text.plain import Label, one_line, sentences, tooltip

MOST_ROWS = 200
"""Arrays that can be corrected; nobody names more by hand."""


class NamesTable(QWidget):
    """The arrays by their own names, and what they were taken for.

    Signals
    -------
    corrected(dict of str to str or None, Orientation or None)
        The user says what they are, and how they lie.
    """

    corrected = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("namesTable")
        self._names: tuple[str, ...] = ()
        self._roles: list[str] = []
        self._arranged: Arranged | None = None
        table = self._table = QTableWidget(0, 3, self)
        table.setObjectName("namesOfArrays")
        table.setShowGrid(False)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.verticalHeader().setVisible(False)
        across = table.horizontalHeader()
        across.setSectionsClickable(False)
        for index, mode in enumerate(
            (
                QHeaderView.ResizeMode.Stretch,
                QHeaderView.ResizeMode.ResizeToContents,
                QHeaderView.ResizeMode.ResizeToContents,
            )
        ):
            across.setSectionResizeMode(index, mode)
        self._weights, self._samples = QComboBox(self), QComboBox(self)
        self._weights.setObjectName("layoutWeights")
        self._samples.setObjectName("layoutSamples")
        for box in (self._weights, self._samples):
            box.addItems(["", "", ""])
            box.activated.connect(self._correct)
        self._weights_label, self._samples_label = Label(self), Label(self)
        self._note = Label(self)
        self._note.setObjectName("namesNote")
        self._note.setWordWrap(True)
        form = QFormLayout()
        form.addRow(self._weights_label, self._weights)
        form.addRow(self._samples_label, self._samples)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.addWidget(self._note)
        column.addWidget(table, 1)
        column.addLayout(form)
        self._retranslate()

    @property
    def note(self) -> str:
        """What is said of conventions and layouts."""
        return self._note.text()

    def combo(self, name: str) -> QComboBox:
        """The field of an array."""
        widget = self._table.cellWidget(self._names.index(name), 2)
        assert isinstance(widget, QComboBox)
        return widget

    def show_entries(
        self,
        entries: Sequence[Entry],
        roles: dict[str, str | None],
        layers: int,
        arranged: Arranged | None,
        layout: Orientation | None = None,
    ) -> None:
        """Show the arrays that were read; `arranged` is None while they are not understood.

        `layout` is the one that the user asked for.
        """
        self._names = tuple(roles)[:MOST_ROWS]
        starts = [f"{kind}{n} before" for n in range(1, layers + 1) for kind in ("W", "b")]
        masks = [f"mask{n}" for n in range(1, layers + 1)]
        self._roles = ["inputs", "targets", *starts, *in_order(layers), *masks]
        self._arranged = arranged
        table = self._table
        table.setRowCount(0)
        table.setRowCount(len(self._names))
        for row, (name, entry) in enumerate(zip(self._names, entries, strict=False)):
            item = QTableWidgetItem(one_line(name))
            item.setToolTip(tooltip(name))
            table.setItem(row, 0, item)
            table.setItem(row, 1, QTableWidgetItem(shape_text(entry.numbers.values.shape)))
            box = QComboBox(table)
            box.setObjectName(f"role{row}")
            box.setAccessibleName(name)
            box.addItem("", None)
            for role in self._roles:
                box.addItem("", role)
            taken = roles[name]
            box.setCurrentIndex(0 if taken is None else max(0, box.findData(taken)))
            box.activated.connect(self._correct)
            table.setCellWidget(row, 2, box)
        self._name_roles()
        with QSignalBlocker(self._weights), QSignalBlocker(self._samples):
            self._weights.setCurrentIndex(0 if layout is None else 1 + layout.turned)
            self._samples.setCurrentIndex(0 if layout is None else 1 + layout.columns)
        self._say()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self._table.setHorizontalHeaderLabels([self.tr("your name"), self.tr("shape"), self.tr("taken for")])
        self._table.setAccessibleName(self.tr("What each array is"))
        self._weights_label.setText(self.tr("Weights"))
        self._samples_label.setText(self.tr("Samples"))
        found = self.tr("as found")
        for box, texts in (
            (self._weights, (found, self.tr("(units below, units)"), self.tr("(units, units below)"))),
            (self._samples, (found, self.tr("in rows"), self.tr("in columns"))),
        ):
            for index, text in enumerate(texts):
                box.setItemText(index, text)
        self._weights.setAccessibleName(self.tr("How weights lie"))
        self._samples.setAccessibleName(self.tr("How samples lie"))
        self._name_roles()
        self._say()

    def _name_roles(self) -> None:
        for row in range(self._table.rowCount()):
            box = self._table.cellWidget(row, 2)
            if not isinstance(box, QComboBox):
                continue
            box.setItemText(0, self.tr("nothing"))
            for index, role in enumerate(self._roles, 1):
                box.setItemText(index, self._role_text(role))

    def _role_text(self, role: str) -> str:
        if role == "inputs":
            return self.tr("inputs X")
        if role == "targets":
            return self.tr("targets T")
        name, _, before = role.partition(" ")
        if before:
            return self.tr("{name} before the step").format(name=name)
        if name[0] in "Wb":
            return self.tr("{name} after the step").format(name=name)
        return name

    def _say(self) -> None:
        """Say how the arrays were understood."""
        arranged = self._arranged
        if arranged is None:
            self._note.setText(self.tr("Say what the arrays are: choose beside each.") if self._names else "")
            return
        weights = (
            self.tr("(units, units below)") if arranged.layout.turned else self.tr("(units below, units)")
        )
        samples = self.tr("in columns") if arranged.layout.columns else self.tr("in rows")
        parts = [
            self.tr("Weights lie as {weights}, samples {samples}.").format(weights=weights, samples=samples)
        ]
        if not arranged.sure:
            parts.append(self.tr("The shapes fit other layouts too: choose below if this is not yours."))
        if arranged.added:
            parts.append(
                self.tr("Your gradients are those of t − a, and are added: they are turned round here.")
            )
        if arranged.unscaled:
            parts.append(
                self.tr("Your deltas come without the 1/B that is in your dW: they have got it here.")
            )
        self._note.setText(sentences(*parts))

    def _correct(self) -> None:
        roles = {}
        for row, name in enumerate(self._names):
            box = self._table.cellWidget(row, 2)
            assert isinstance(box, QComboBox)
            roles[name] = box.currentData()
        weights, samples = self._weights.currentIndex(), self._samples.currentIndex()
        layout = None
        if weights or samples:
            known = self._arranged.layout if self._arranged is not None else Orientation()
            layout = Orientation(
                known.turned if not weights else weights == 2, known.columns if not samples else samples == 2
            )
        self.corrected.emit(roles, layout)
