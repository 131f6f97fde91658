"""Toy problems with their parameters; a form made from the table of generators."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QRectF, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.data.csv_text import csv_text
from engine.data.dataset import Dataset, target_classes
from engine.data.generators import GENERATORS
from engine.errors import EngineError
from engine.functions.table import Range
from gui.style.fonts import open_at, px
from gui.style.theme import LIGHT, Theme
from gui.text import numbers
from gui.text.errors import localized
from gui.text.parts import feature_names, output_names
from gui.text.plain import Label, sentences
from gui.text.settings import catalogue_label, setting
from gui.views.surface.colours import class_colours, height_colour
from gui.views.surface.plot import Marks, SurfacePlot
from gui.widgets.fields import Choice, ComboBox, Note
from gui.widgets.focus_ring import FocusRing
from gui.widgets.number_box import NumberBox

MOST_MARKS = 2_000
HUES = 24
MARGIN = 0.08
SEEDS = Range(0, 2**31 - 1)
FIELD_WIDTH = 120


class GenerateDialog(QDialog):
    """Makes a data set by a rule, and shows it while its parameters are turned.

    Signals
    -------
    used(Dataset)
        The data are to be trained on.
    """

    used = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("generateDialog")
        self.setModal(False)
        open_at(self, 780, 500)
        self._theme = LIGHT
        self._dataset: Dataset | None = None
        self._values: dict[str, dict[str, Any]] = {
            name: {parameter.name: parameter.default for parameter in rule.parameters()}
            for name, rule in GENERATORS.items()
        }
        self._boxes: dict[str, NumberBox] = {}

        self._rule = ComboBox(FIELD_WIDTH)
        self._rule.setObjectName("generatorCombo")
        self._rule.picked.connect(self.choose)
        self._name = next(iter(GENERATORS))
        self._seed = NumberBox(SEEDS, whole=True, characters=6)
        self._seed.setObjectName("generatorSeed")
        self._seed.setMinimumWidth(px(FIELD_WIDTH))
        self._seed.set_value(0)
        self._seed.edited.connect(self._seed_edited)
        self._rule_label, self._seed_label = Label(), Label()
        self._form = QFormLayout()
        self._form.setVerticalSpacing(6)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.addRow(self._rule_label, self._rule)
        self._form.addRow(self._seed_label, self._seed)
        self._note = Note("error")
        self._note.setObjectName("generateNote")
        self._summary = Label()
        self._summary.setObjectName("generateSummary")
        self._summary.setWordWrap(True)
        self._save, self._use = QPushButton(), QPushButton()
        self._save.setObjectName("generateSaveButton")
        self._save.setAutoDefault(False)
        self._save.clicked.connect(self._choose_file)
        self._use.setObjectName("generateUseButton")
        FocusRing(self._use)
        self._use.setAutoDefault(False)  # Enter ends the typing of a number
        self._use.clicked.connect(self._use_data)
        self.plot = SurfacePlot()
        self.plot.setMouseEnabled(False, False)

        side = QVBoxLayout()
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(8)
        side.addLayout(self._form)
        side.addWidget(self._note)
        side.addStretch(1)
        side.addWidget(self._summary)
        side.addWidget(self._save)
        side.addWidget(self._use)
        panel = QWidget()
        panel.setLayout(side)
        panel.setMinimumWidth(px(270))
        whole = QHBoxLayout(self)
        whole.setContentsMargins(14, 14, 14, 14)
        whole.setSpacing(14)
        whole.addWidget(self.plot, 1)
        whole.addWidget(panel)
        self._make_fields()
        self.set_theme(LIGHT)
        self._retranslate()

    @property
    def dataset(self) -> Dataset | None:
        """What the present parameters make; None if they are not allowed."""
        return self._dataset

    def choose(self, name: str) -> None:
        """Make the data by another rule."""
        self._name = name
        self._make_fields()
        self._retranslate()
        self._generate()

    def _make_fields(self) -> None:
        for box in self._boxes.values():
            self._form.removeRow(box)
        self._boxes = {}
        for place, parameter in enumerate(GENERATORS[self._name].parameters()):
            box = NumberBox(parameter.range, whole=parameter.integer)
            box.setObjectName(f"{parameter.name}Box")
            box.setMinimumWidth(px(FIELD_WIDTH))
            box.set_value(self._values[self._name][parameter.name])
            box.edited.connect(partial(self._edited, parameter.name))
            self._form.insertRow(1 + place, Label(), box)
            self._boxes[parameter.name] = box

    def _edited(self, name: str, value: Any) -> None:
        before = self._values[self._name][name]
        self._values[self._name][name] = value
        if not self._generate():
            # What is not allowed is said, and taken back
            self._values[self._name][name] = before
            self._boxes[name].set_value(before)

    def _seed_edited(self, value: Any) -> None:
        allowed = isinstance(value, int) and value in SEEDS
        self._seed.set_value(value if allowed else self._seed.value)
        self._generate()

    def _generate(self) -> bool:
        """Make the data and draw them; whether the parameters are allowed."""
        try:
            rule = GENERATORS[self._name](**self._values[self._name])
        except EngineError as error:
            self._note.show_text(sentences(*localized(error)))
            return False
        self._note.show_text("")
        self._dataset = rule.generate(int(self._seed.value))
        self._draw()
        return True

    def _draw(self) -> None:
        data = self._dataset
        if data is None:
            return
        rows = np.linspace(0, len(data.inputs) - 1, min(len(data.inputs), MOST_MARKS)).astype(np.int64)
        inputs, targets = data.inputs[rows], data.targets[rows]
        if data.kind == "regression":
            low, high = float(targets[:, 0].min()), float(targets[:, 0].max())
            share = (targets[:, 0] - low) / ((high - low) or 1.0)
            groups = np.rint(share * (HUES - 1)).astype(np.int64)
            colours = [height_colour(step, low, high, self._theme) for step in np.linspace(low, high, HUES)]
        else:
            groups = target_classes(data.kind, targets)
            colours = class_colours(len(data.class_names), self._theme)
        flat = inputs.shape[1] < 2
        y = targets[:, 0] if flat else inputs[:, 1]
        held_out = np.zeros(len(rows), dtype=np.bool_)
        self.plot.set_marks(
            Marks(rows, inputs[:, 0], y, groups, colours, held_out, shaped=data.kind != "regression")
        )
        self.plot.set_axis_names(
            feature_names(data)[0], output_names(data)[0] if flat else feature_names(data)[1]
        )
        self.plot.set_image(None, QRectF())
        (left, right), (bottom, top) = (
            (
                float(v.min()) - MARGIN * (float(np.ptp(v)) or 1.0),
                float(v.max()) + MARGIN * (float(np.ptp(v)) or 1.0),
            )
            for v in (inputs[:, 0], y)
        )
        self.plot.show_range(left, right, bottom, top)
        self._summary.setText(self._summary_text(data))

    def _summary_text(self, data: Dataset) -> str:
        rows = self.tr("{0} rows", "", len(data.inputs)).format(numbers.grouped(len(data.inputs)))
        if data.kind == "regression":
            kind = self.tr("regression")
        else:
            kind = self.tr("{0} classes", "", len(data.class_names)).format(len(data.class_names))
        return f"{rows} · {kind}"

    def _use_data(self) -> None:
        if self._dataset is not None:
            self.used.emit(self._dataset)
            self.accept()

    def save_csv(self, path: Path) -> None:
        """Write the data as CSV; a message says so if that fails."""
        if self._dataset is None:
            return
        try:
            path.write_text(csv_text(self._dataset), encoding="utf-8")
        except OSError as error:
            self._note.show_text(self.tr("{0} cannot be written: {1}").format(path, error.strerror))

    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save data"), f"{self._name}.csv", self.tr("CSV files") + " (*.csv)"
        )
        if chosen:
            self.save_csv(Path(chosen))

    def set_theme(self, theme: Theme) -> None:
        """Draw in these colours."""
        self._theme = theme
        self.plot.set_theme(theme)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Make data"))
        self._rule_label.setText(self.tr("Problem"))
        self._rule.setAccessibleName(self.tr("Problem"))
        choices = [Choice(name, catalogue_label(rule.label)) for name, rule in GENERATORS.items()]
        self._rule.set_choices(choices, self._name)
        for parameter in GENERATORS[self._name].parameters():
            box = self._boxes[parameter.name]
            label = self._form.labelForField(box)
            assert isinstance(label, QLabel)
            label.setText(catalogue_label(parameter.label))
            label.setWordWrap(True)
            box.setAccessibleName(catalogue_label(parameter.label))
        self._seed_label.setText(setting("seed"))
        self._seed.setAccessibleName(setting("seed"))
        self.plot.setAccessibleName(self.tr("The data"))
        for button, text in ((self._save, self.tr("Save as CSV…")), (self._use, self.tr("Use as data set"))):
            button.setText(text)
            button.setAccessibleName(text)
        if self._dataset is None:
            self._generate()
        else:
            self._summary.setText(self._summary_text(self._dataset))
