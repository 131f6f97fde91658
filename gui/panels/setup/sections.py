"""The sections of the setup: each can be folded, and says in one line then what is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.data.builtin import BUILTIN_NAMES, builtin
from engine.data.dataset import Dataset
from engine.data.preparation import SPLITS
from engine.experiment import ALLOWED, RANGES, Experiment
from engine.functions import CLIPPINGS, INITIALIZERS, LOSSES, OPTIMIZERS, REGULARIZERS, SCHEDULES
from engine.functions.table import Range
from gui.document.document import Document
from gui.panels.setup.layers import REMOVE, DropoutRows, LayerRows
from gui.panels.setup.rows import SPACING, BatchRow, Explained, NumberRow, RuleRow, SeedRow, WordRow
from gui.style import icons
from gui.style.fonts import px
from gui.style.theme import LIGHT, Theme
from gui.text.numbers import full, grouped
from gui.text.parts import layer_name, shown
from gui.text.plain import Label, enumerated
from gui.text.settings import setting, word
from gui.widgets.fields import Button, Choice, ComboBox, Toggle
from gui.widgets.number_box import NumberBox
from gui.widgets.one_line import OneLine

SEEDS = Range(0, 2**63 - 1)


class Readable(Protocol):
    """Whatever shows something of the document."""

    def read(self) -> None:
        """Show what the document says."""


class Section(QWidget):
    """A heading, and rows below it that can be folded away.

    Signals
    -------
    folded(bool)
        By the user.
    """

    folded = Signal(bool)
    name: ClassVar[str]

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document
        self._flown = False
        self.setObjectName(f"{self.name}Section")
        self.head = Toggle()
        self.head.setObjectName(f"{self.name}Fold")
        self.head.setProperty("role", "section")
        self.head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.head.setChecked(True)
        self.head.toggled.connect(self._fold)
        self.head.clicked.connect(lambda open_: self.folded.emit(not open_))
        self.summary = OneLine(scale=0.9)
        self.summary.setObjectName(f"{self.name}Summary")
        self.summary.hide()
        self._theme = LIGHT
        self.inside = QWidget()
        self._column = QVBoxLayout(self.inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACING)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        for widget in (self.head, self.summary, self.inside):
            column.addWidget(widget)
        self._readables: list[Readable] = []

    @property
    def is_folded(self) -> bool:
        """Whether only its heading is there, and what is in it."""
        return not self.head.isChecked()

    def fold(self, away: bool) -> None:
        """Fold it away, or open it."""
        self.head.setChecked(not away)

    def fly(self, out: bool) -> None:
        """Be all there is in a flyout, which is never folded; or stand among the others again."""
        self._flown = out
        self.head.setEnabled(not out)
        self._fold(out or self.head.isChecked())

    def _fold(self, is_open: bool) -> None:
        is_open = is_open or self._flown
        self.inside.setVisible(is_open)
        self.summary.setVisible(not is_open)
        self._draw_arrow()

    def _draw_arrow(self) -> None:
        is_open = not self.inside.isHidden()
        self.head.setIconSize(QSize(px(10), px(10)))
        arrow = icons.open_arrow if is_open else icons.folded_arrow
        self.head.setIcon(QIcon() if self._flown else icons.drawn(arrow, self._theme.text, self._theme.text))

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self._draw_arrow()
        for line in self.findChildren(OneLine):
            line.set_theme(theme)

    def add(self, *rows: Any) -> None:
        """Put rows below what is there."""
        for row in rows:
            self._column.addWidget(row)
            if hasattr(row, "read"):
                self._readables.append(row)

    def read(self) -> None:
        """Show what the document says."""
        self.head.setText(self.title)
        self.head.setAccessibleName(self.title)
        for row in self._readables:
            row.read()
        self.summary.show_text(self.contents)

    @property
    def title(self) -> str:
        """What it is called."""
        raise NotImplementedError

    @property
    def contents(self) -> str:
        """What is in it, in one line."""
        raise NotImplementedError


class _DataRow(Explained):
    """Which data are learned from; beneath it how many of them."""

    def __init__(self, document: Document) -> None:
        super().__init__(document, "data")
        self.combo = ComboBox(0)
        self.combo.setObjectName("dataCombo")
        self.combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.combo.picked.connect(self._pick)
        self.summary = OneLine(scale=0.9)
        self.summary.setObjectName("dataSummary")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING)
        column.addWidget(self.combo)
        column.addWidget(self.summary)

    def read(self) -> None:
        super().read()
        self.combo.setAccessibleName(self.tr("Data set"))
        self.combo.setAccessibleDescription(self.meaning.text)
        data = self.document.dataset
        choices = [Choice(name, word(name)) for name in BUILTIN_NAMES]
        is_builtin = data.recipe is None and data.name in BUILTIN_NAMES
        if not is_builtin:
            file = "" if data.recipe is None else Path(data.recipe.path).name
            choices.insert(0, Choice(None, shown(file or data.name)))
        self.combo.set_choices(choices, data.name if is_builtin else None)
        inputs, outputs = data.inputs.shape[1], data.targets.shape[1]
        numbers = {
            "rows": grouped(len(data.inputs)),
            "training": grouped(self.document.training_rows),
            "inputs": inputs,
            "outputs": outputs,
        }
        text = self.tr("{rows} rows, {training} train · {inputs} → {outputs}", "", len(data.inputs))
        tips = [
            self.tr("{training} of {rows} rows are trained on.", "", len(data.inputs)).format(**numbers),
            self.tr("{count} features", "", inputs).format(count=grouped(inputs)),
            self.tr("{count} outputs", "", outputs).format(count=grouped(outputs)),
            data.source,
        ]
        self.summary.show_text(text.format(**numbers), tip="\n".join(filter(None, tips)))

    def _pick(self, name: str | None) -> None:
        if name is not None:
            self.document.set_dataset(builtin(name))


class DataSection(Section):
    """The data, what is held out of them, and how they are scaled."""

    name = "data"

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.open_button, self.paint_button = Button(), Button()
        self.open_button.setObjectName("openFileButton")
        self.paint_button.setObjectName("paintButton")
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        for button in (self.open_button, self.paint_button):
            button.setProperty("role", "panel")
            buttons.addWidget(button, 1)
        self._row = _DataRow(document)
        self.add(self._row)
        self._column.addLayout(buttons)
        self.validation = NumberRow(document, "validation", NumberBox(Range(0.0, 0.95), percent=True))
        self.scaling = WordRow(document, "scaling", lambda: ALLOWED["scaling"])
        self.target_scaling = WordRow(document, "target_scaling", lambda: ALLOWED["target_scaling"])
        self.missing = WordRow(document, "missing", lambda: ALLOWED["missing"], foresees=False)
        self.add(self.validation, self.scaling, self.target_scaling, self.missing)
        self._looked_at: Dataset | None = None

    @property
    def title(self) -> str:
        return self.tr("Data")

    @property
    def contents(self) -> str:
        return enumerated([self._row.combo.currentText(), self._row.summary.text])

    def read(self) -> None:
        super().read()
        for button in (self.open_button, self.paint_button):
            button.setEnabled(not self._row.is_locked)
        self.open_button.setText(self.tr("Open…"))
        self.open_button.setToolTip(self.tr("Open a table of your own (Ctrl+O)"))
        self.paint_button.setText(self.tr("Paint…"))
        self.paint_button.setToolTip(self.tr("Paint points of two classes or a curve (Ctrl+P)"))
        data = self.document.dataset
        if data is not self._looked_at:
            self._looked_at = data
            self.missing.setVisible(bool(np.isnan(data.inputs).any()))
        self.target_scaling.setVisible(data.kind == "regression")


class _InputsRow(Explained):
    """How many features the data have."""

    def __init__(self, document: Document) -> None:
        super().__init__(document, "inputs")
        self._label, self._count = Label(), Label()
        self._count.setProperty("role", "count")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, REMOVE + 6, 0)
        line.addWidget(self._label, 1)
        line.addWidget(self._count)

    def read(self) -> None:
        super().read()
        self._label.setText(self.tr("Inputs"))
        count = self.document.dataset.inputs.shape[1]
        self._count.setText(self.tr("{count} features", "", count).format(count=grouped(count)))


class NetworkSection(Section):
    """The layers, and what their weights begin with."""

    name = "network"

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.add_button = Button()
        self.add_button.setObjectName("addLayerButton")
        self.add_button.setProperty("role", "link")
        self.add_button.clicked.connect(document.add_layer)
        initializer = RuleRow(document, "initializer", INITIALIZERS)
        initializer.lead_with(self.add_button)
        self.add(_InputsRow(document), LayerRows(document), initializer)

    @property
    def title(self) -> str:
        return self.tr("Network")

    @property
    def contents(self) -> str:
        units = (layer.units for layer in self.document.experiment.layers)
        sizes = "-".join(map(str, (self.document.dataset.inputs.shape[1], *units)))
        return enumerated([sizes, word(self.document.experiment.initializer.name)])

    def read(self) -> None:
        super().read()
        self.add_button.setEnabled(not self.document.is_locked("layers"))
        self.add_button.setText(self.tr("+ Add layer"))
        self.add_button.setAccessibleName(self.tr("Add a hidden layer"))
        self.add_button.setToolTip(self.tr("Add a hidden layer before the output layer"))


class TrainingSection(Section):
    """What is made small, and how."""

    name = "training"

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.add(
            RuleRow(document, "loss", LOSSES),
            RuleRow(document, "optimizer", OPTIMIZERS),
            NumberRow(document, "learning_rate", NumberBox(RANGES["learning_rate"])),
            BatchRow(document),
        )

    @property
    def title(self) -> str:
        return self.tr("Training")

    @property
    def contents(self) -> str:
        experiment = self.document.experiment
        rate = self.document.value("learning_rate")
        return enumerated([word(experiment.loss.name), word(experiment.optimizer.name), f"η {full(rate)}"])


USUAL = {
    "schedule": "constant",
    "regularizer": "none",
    "clipping": "none",
    "split": "stratified",
    "reduction": "mean",
    "bias_reduction": "same",
    "update_order": "together",
    "dtype": "float64",
}
"""What the settings are that few people change."""


class MoreSection(Section):
    """What few people change."""

    name = "more"

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        splits = lambda: (*SPLITS, *self.document.dataset.split_columns)  # noqa: E731
        self.split = WordRow(document, "split", splits, foresees=False)
        self.add(
            RuleRow(document, "schedule", SCHEDULES),
            RuleRow(document, "regularizer", REGULARIZERS),
            RuleRow(document, "clipping", CLIPPINGS),
            DropoutRows(document),
            SeedRow(document, SEEDS),
            self.split,
            *(
                WordRow(document, path, lambda path=path: ALLOWED[path])  # type: ignore[misc]
                for path in ("reduction", "bias_reduction", "update_order", "dtype")
            ),
        )

    @property
    def title(self) -> str:
        return self.tr("More")

    @property
    def contents(self) -> str:
        experiment = self.document.experiment
        unusual = [*_unusual(experiment), *self._dropped_out()]
        seed = self.tr("seed {number}").format(number=experiment.seed)
        if unusual:
            return enumerated([*unusual, seed])
        return self.tr("schedule, penalty, clipping, {seed}").format(seed=seed)

    def _dropped_out(self) -> list[str]:
        layers = self.document.experiment.layers
        text = self.tr("dropout in {layer}")
        names = (layer_name(index + 1, len(layers)) for index, layer in enumerate(layers) if layer.dropout)
        return [text.format(layer=name) for name in names]

    def read(self) -> None:
        super().read()
        self.split.setEnabled(self.document.experiment.validation > 0)


def _unusual(experiment: Experiment) -> list[str]:
    """The settings that are not as usual, with what they are."""
    found = []
    for path, usual in USUAL.items():
        value = getattr(experiment, path)
        name = value if isinstance(value, str) else value.name
        if name != usual:
            found.append(f"{setting(path)}: {word(name)}")
    return found
