"""The left dock: the data, the network and the training, all of it read from the document."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import numpy as np
from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFont, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from engine.data.builtin import BUILTIN_NAMES, builtin
from engine.data.dataset import Dataset
from engine.data.preparation import SPLITS
from engine.experiment import ALLOWED, RANGES
from engine.functions import CLIPPINGS, INITIALIZERS, LOSSES, OPTIMIZERS, REGULARIZERS, SCHEDULES
from engine.functions.table import Range
from gui.document.document import Document
from gui.panels.setup.layers import DropoutRows, LayerRows
from gui.panels.setup.rows import INDENT, BatchRow, NumberRow, RuleRow, SeedRow, WordRow
from gui.text.numbers import grouped
from gui.text.parts import shown
from gui.text.plain import Label, tooltip
from gui.text.settings import word
from gui.widgets.fields import Button, Choice, ComboBox, Note, Toggle
from gui.widgets.number_box import NumberBox

WIDTH = 260
MARGIN = 10
SEEDS = Range(0, 2**63 - 1)


class Readable(Protocol):
    """Whatever shows something of the document."""

    def read(self) -> None:
        """Show what the document says."""


class SetupPanel(QWidget):
    """What is trained, on what, and how.

    Attributes
    ----------
    open_requested : Signal()
        The user wants to choose a file.
    """

    open_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("setupPanel")
        self._document: Document | None = None
        self._sections: list[_Section] = []
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)
        self._retranslate()

    def set_document(self, document: Document) -> None:
        """Edit `document` from now on."""
        if self._document is not None:
            self._document.changed.disconnect(self.read)
        self._document = document
        data = _DataSection(document)
        data.open_button.clicked.connect(self.open_requested)
        self._sections = [data, _NetworkSection(document), _TrainingSection(document)]
        body = QWidget()
        body.setObjectName("setupBody")
        column = QVBoxLayout(body)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(20)
        for section in self._sections:
            column.addWidget(section)
        column.addStretch(1)
        self._area.setWidget(body)
        body.installEventFilter(self)
        document.changed.connect(self.read)
        self.read()

    def read(self) -> None:
        """Show what the document says."""
        for section in self._sections:
            section.read()
        self._fit_width()

    def sizeHint(self) -> QSize:
        return QSize(max(WIDTH, self.minimumWidth()), 640)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        elif event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_width()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        self._fit_width()
        super().showEvent(event)

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Setup"))
        for section in self._sections:
            section.retranslate()
        self.read()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Nested layouts settle later than they are asked; then the body asks for room again
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit_width()
        return super().eventFilter(watched, event)

    def _fit_width(self) -> None:
        """Never be narrower than the widest row: nothing scrolls sideways, and nothing is cut off."""
        body = self._area.widget()
        if body is None:
            return
        for layout in (section.layout() for section in self._sections):
            if layout is not None:
                layout.activate()
        bar = self._area.verticalScrollBar().sizeHint().width()
        self.setMinimumWidth(body.minimumSizeHint().width() + bar)
        self.updateGeometry()


class _Section(QWidget):
    """A heading and rows below it."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document
        self.heading = Label()
        self.heading.setProperty("role", "heading")
        font = self.heading.font()
        font.setCapitalization(QFont.Capitalization.AllUppercase)
        font.setPointSizeF(font.pointSizeF() * 0.85)
        font.setBold(True)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.6)
        self.heading.setFont(font)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addWidget(self.heading)
        self._readables: list[Readable] = []

    def add(self, *rows: Any) -> None:
        """Put rows below what is there."""
        for row in rows:
            self._column.addWidget(row)
            if hasattr(row, "read"):
                self._readables.append(row)

    def read(self) -> None:
        for row in self._readables:
            row.read()

    def retranslate(self) -> None:
        """Set the texts that are not the document's."""


class _Fold(QWidget):
    """Rows that are folded away until they are wanted, or until one of them is out of the ordinary."""

    def __init__(self, name: str, *rows: Any) -> None:
        super().__init__()
        self.button = Toggle()
        self.button.setObjectName(name)
        self.button.setProperty("role", "quiet")
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setArrowType(Qt.ArrowType.RightArrow)
        self.button.toggled.connect(self._toggle)
        self._rows = rows
        self._inside = QWidget()
        self._inside.setVisible(False)
        inside = QVBoxLayout(self._inside)
        inside.setContentsMargins(INDENT, 0, 0, 0)
        inside.setSpacing(6)
        for row in rows:
            inside.addWidget(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._inside)

    def set_title(self, title: str) -> None:
        """Name what is folded away."""
        self.button.setText(title)
        self.button.setAccessibleName(title)

    def unfold(self) -> None:
        """Show the rows."""
        self.button.setChecked(True)

    def read(self) -> None:
        for row in self._rows:
            row.read()

    def _toggle(self, is_open: bool) -> None:
        self._inside.setVisible(is_open)
        self.button.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)


class _DataSection(_Section):
    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.combo = ComboBox()
        self.combo.setObjectName("dataCombo")
        self.combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.combo.picked.connect(self._pick)
        self.open_button = Button()
        self.open_button.setObjectName("openFileButton")
        self.summary, self.source = Note(), Note()
        self.summary.setObjectName("dataSummary")
        self.source.setObjectName("dataSource")
        self.validation = NumberRow(document, "validation", NumberBox(Range(0.0, 0.95), percent=True))
        splits = lambda: (*SPLITS, *self.document.dataset.split_columns)  # noqa: E731
        self.split = WordRow(document, "split", splits, foresees=False)
        self.missing = WordRow(document, "missing", lambda: ALLOWED["missing"], foresees=False)
        self.scaling = WordRow(document, "scaling", lambda: ALLOWED["scaling"])
        self.target_scaling = WordRow(document, "target_scaling", lambda: ALLOWED["target_scaling"])
        self.add(self.combo, self.summary, self.source)
        buttons = QHBoxLayout()
        buttons.addWidget(self.open_button)
        buttons.addStretch(1)
        self._column.addLayout(buttons)
        self.add(self.validation, self.split, self.scaling, self.target_scaling, self.missing)
        self._looked_at: Dataset | None = None

    def retranslate(self) -> None:
        self.heading.setText(self.tr("Data"))
        self.combo.setAccessibleName(self.tr("Data set"))
        self.open_button.setText(self.tr("Open file…"))
        self.open_button.setToolTip(self.tr("Open a table of your own (Ctrl+O)"))
        about = self.tr(
            "How the target is brought to one scale, fitted on the training rows. The loss and δ are of the"
            " scaled target; what is predicted stays in its own unit."
        )
        self.target_scaling.combo.setToolTip(tooltip(about))

    def read(self) -> None:
        self.retranslate()
        super().read()
        data = self.document.dataset
        choices = [Choice(name, word(name)) for name in BUILTIN_NAMES]
        is_builtin = data.recipe is None and data.name in BUILTIN_NAMES
        if not is_builtin:
            file = "" if data.recipe is None else Path(data.recipe.path).name
            choices.insert(0, Choice(None, shown(file or data.name)))
        self.combo.set_choices(choices, data.name if is_builtin else None)
        rows, training = grouped(len(data.inputs)), grouped(self.document.training_rows)
        self.summary.show_text(
            self.tr("{rows} rows, {training} train · {inputs} → {outputs}").format(
                rows=rows, inputs=data.inputs.shape[1], outputs=data.targets.shape[1], training=training
            )
        )
        text = self.tr("{training} of {rows} rows are trained on; {inputs} features, {outputs} outputs")
        text = text.format(
            rows=rows, inputs=data.inputs.shape[1], outputs=data.targets.shape[1], training=training
        )
        self.summary.setToolTip(tooltip(text))
        self.source.show_text(data.source)
        self.source.setToolTip(tooltip(data.source))
        if data is not self._looked_at:
            self._looked_at = data
            self.missing.setVisible(bool(np.isnan(data.inputs).any()))
        self.target_scaling.setVisible(data.kind == "regression")
        self.split.setEnabled(self.document.experiment.validation > 0)

    def _pick(self, name: str | None) -> None:
        if name is not None:
            self.document.set_dataset(builtin(name))


class _NetworkSection(_Section):
    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.input_label, self.input_count = Label(), Label()
        self.input_count.setProperty("role", "count")
        inputs = QHBoxLayout()
        inputs.addWidget(self.input_label, 1)
        inputs.addWidget(self.input_count)
        self._column.addLayout(inputs)
        self.layers = LayerRows(document)
        self.add_button = Button()
        self.add_button.setObjectName("addLayerButton")
        self.add_button.setProperty("role", "link")
        self.add_button.clicked.connect(document.add_layer)
        self.dropout = DropoutRows(document)
        self.fold = _Fold("dropoutFold", self.dropout)
        self.add(self.layers)
        self._column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.add(self.fold, RuleRow(document, "initializer", INITIALIZERS))

    def retranslate(self) -> None:
        self.heading.setText(self.tr("Network"))
        self.input_label.setText(self.tr("Input"))
        self.add_button.setText(self.tr("+ Add layer"))
        self.add_button.setAccessibleName(self.tr("Add a hidden layer"))
        self.add_button.setToolTip(self.tr("Add a hidden layer before the output layer"))
        self.fold.set_title(self.tr("Dropout"))

    def read(self) -> None:
        self.retranslate()
        super().read()
        features = self.document.dataset.inputs.shape[1]
        self.input_count.setText(self.tr("{count} features").format(count=features))
        self.fold.setVisible(len(self.document.experiment.layers) > 1)
        if self.dropout.in_use:
            self.fold.unfold()


class _TrainingSection(_Section):
    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.fold = _Fold(
            "moreFold",
            *(
                WordRow(document, path, lambda path=path: ALLOWED[path])  # type: ignore[misc]
                for path in ("reduction", "bias_reduction", "update_order", "dtype")
            ),
        )
        self.add(
            RuleRow(document, "loss", LOSSES),
            RuleRow(document, "optimizer", OPTIMIZERS),
            NumberRow(document, "learning_rate", NumberBox(RANGES["learning_rate"])),
            RuleRow(document, "schedule", SCHEDULES),
            BatchRow(document),
            RuleRow(document, "regularizer", REGULARIZERS),
            RuleRow(document, "clipping", CLIPPINGS),
            SeedRow(document, SEEDS),
            self.fold,
        )

    def retranslate(self) -> None:
        self.heading.setText(self.tr("Training"))
        self.fold.set_title(self.tr("More"))

    def read(self) -> None:
        self.retranslate()
        super().read()
        experiment = self.document.experiment
        usual = {
            "reduction": "mean",
            "bias_reduction": "same",
            "update_order": "together",
            "dtype": "float64",
        }
        if any(getattr(experiment, name) != value for name, value in usual.items()):
            self.fold.unfold()
