"""The rows of the network: one for each hidden layer, and one for the output layer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.experiment import MAX_UNITS, RANGES
from engine.functions import ACTIVATIONS
from engine.functions.table import Range
from engine.settings import of_layer
from gui.document.document import Document
from gui.panels.setup.rows import SPACING, NumberRow, ParameterRows, Row, set_rules
from gui.text.plain import Label, tooltip
from gui.widgets.fields import Button, ComboBox
from gui.widgets.number_box import NumberBox

ACTIVATION_WIDTH = 80
SIDE_BY_SIDE = 4
"""Pixels between the fields of a layer, of which there are more than elsewhere."""
REMOVE = 20
"""Pixels of what takes a layer away; the output layer has a blank there."""


class LayerRow(Row):
    """A layer's units, activation and the activation's parameters."""

    def __init__(self, document: Document, index: int, name: Callable[[], str], *fields: QWidget) -> None:
        self.activation = ComboBox(ACTIVATION_WIDTH)
        path = of_layer(index, "activation")
        super().__init__(document, path, name, *fields[:1], self.activation, *fields[1:])
        self.activation.setObjectName(self.path)
        self.activation.picked.connect(self.apply)
        self._label.setWordWrap(False)  # short, and beside more than one field
        self.line.setSpacing(SIDE_BY_SIDE)
        self._parameters = ParameterRows(document, self.path)
        self.below.addWidget(self._parameters)

    def read(self) -> None:
        super().read()
        set_rules(self.activation, self, ACTIVATIONS, self.path)
        self.activation.setAccessibleName(self.tr("{layer}, activation").format(layer=self._name()))
        self._parameters.read()


class HiddenRow(LayerRow):
    """A hidden layer, which can have any number of units and can be taken away."""

    def __init__(self, document: Document, index: int) -> None:
        self.units = NumberBox(Range(1, MAX_UNITS), whole=True, characters=2)
        self.remove = Button()
        super().__init__(document, index, lambda: self._title(), self.units, self.remove)
        self._index = index
        units = of_layer(index, "units")
        self.units.setObjectName(units)
        self.units.edited.connect(lambda value: self.apply(value, units))
        self.remove.setObjectName(of_layer(index, "remove"))
        self.remove.setProperty("role", "cross")
        self.remove.setText("×")
        self.remove.setFixedWidth(REMOVE)
        self.remove.clicked.connect(lambda: self.attempt(lambda: document.remove_layer(index)))

    def _title(self) -> str:
        return self.tr("Hidden {number}").format(number=self._index + 1)

    def read(self) -> None:
        if self._index >= len(self.document.experiment.layers) - 1:
            return  # just taken away
        super().read()
        self.units.set_value(self.document.experiment.layers[self._index].units)
        self.units.setAccessibleName(self.tr("{layer}, units").format(layer=self._title()))
        text = self.tr("Remove {layer}").format(layer=self._title())
        self.remove.setToolTip(tooltip(text))
        self.remove.setAccessibleName(text)


class OutputRow(LayerRow):
    """The output layer, whose units the data decide."""

    def __init__(self, document: Document, index: int) -> None:
        self._units = Label()
        self._units.setProperty("role", "count")
        blank = QWidget()
        blank.setFixedWidth(REMOVE)
        super().__init__(document, index, lambda: self.tr("Output"), self._units, blank)

    def read(self) -> None:
        super().read()
        self._units.setText(str(self.document.experiment.layers[-1].units))
        self._units.setToolTip(self.tr("One unit for each target column of the data"))


class LayerRows(QWidget):
    """The rows of all layers; they follow the document's layers."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._rows: list[LayerRow] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACING)

    def read(self) -> None:
        """Show what the document says."""
        layers = len(self._document.experiment.layers)
        if layers != len(self._rows):
            # The output row moves to another place, so it is made anew; hidden ones stay what they are.
            keep = min(max(len(self._rows) - 1, 0), layers - 1)
            for row in self._rows[keep:]:
                row.hide()
                row.deleteLater()
            hidden = [HiddenRow(self._document, index) for index in range(keep, layers - 1)]
            added: list[LayerRow] = [*hidden, OutputRow(self._document, layers - 1)]
            for new in added:
                self._layout.addWidget(new)
                new.show()
            self._rows[keep:] = added
        for row in self._rows:
            row.read()


class DropoutRows(QWidget):
    """A dropout rate for each hidden layer."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._document = document
        self._rows: list[NumberRow] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SPACING)

    def read(self) -> None:
        """Show what the document says."""
        hidden = len(self._document.experiment.layers) - 1
        for row in self._rows[hidden:]:
            row.hide()
            row.deleteLater()
        del self._rows[hidden:]
        for index in range(len(self._rows), hidden):
            row = self._row(index)
            self._layout.addWidget(row)
            row.show()
            self._rows.append(row)
        for row in self._rows:
            row.read()

    def _row(self, index: int) -> NumberRow:
        path = of_layer(index, "dropout")
        name = lambda: self.tr("Dropout, hidden {number}").format(number=index + 1)  # noqa: E731
        return NumberRow(self._document, path, NumberBox(RANGES["dropout"]), name)
