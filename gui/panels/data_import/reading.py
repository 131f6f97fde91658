"""The fields of the dialog: how the file is read, and how the data are prepared for training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QWidget

from engine.data.preparation import MISSING, SCALINGS, SPLITS
from engine.experiment import RANGES
from engine.functions.table import Range
from gui.style.fonts import px
from gui.text.parts import shown
from gui.text.plain import Label, tooltip
from gui.text.settings import setting, word
from gui.widgets.fields import Choice, ComboBox
from gui.widgets.number_box import FIELD_PADDING, NumberBox, SpinBox

ENCODINGS = ("utf-8", "utf-16", "gb18030", "big5", "cp1252", "latin-1", "shift_jis", "euc_kr", "cp1251")
DELIMITERS = (",", ";", "\t", "|", ":", "whitespace")
DECIMALS = (".", ",")
THOUSANDS = ("", ",", ".", " ", "'")
FIELD_WIDTH = 132
MOST_SKIPPED = 999


class ReadingForm(QWidget):
    """How the file is read: every guess is a field that can be overruled.

    Signals
    -------
    chosen(str, object)
        The option of `ReadOptions` and its value; None is to sniff it again.
    """

    chosen = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("readingForm")
        self._form = _form(self)
        self._labels: dict[str, QLabel] = {}
        self._combos: dict[str, ComboBox] = {}
        self._sheets: tuple[str, ...] = ()
        self._found: dict[str, Any] = {}
        self._given: dict[str, Any] = {}
        for name in ("sheet", "encoding", "delimiter", "decimal", "thousands", "header"):
            combo = ComboBox(FIELD_WIDTH)
            combo.setObjectName(f"{name}Combo")
            combo.picked.connect(lambda value, name=name: self.chosen.emit(name, value))
            self._combos[name] = combo
            self._add(name, combo)
        self._skip = SpinBox()
        self._skip.setObjectName("skipLinesBox")
        self._skip.setRange(-1, MOST_SKIPPED)
        self._skip.setKeyboardTracking(False)
        self._skip.setMinimumSize(px(FIELD_WIDTH), self._skip.fontMetrics().height() + px(FIELD_PADDING))
        self._skip.valueChanged.connect(self._skip_chosen)
        self._add("skip_lines", self._skip)
        self._missing = QLineEdit()
        self._missing.setObjectName("missingWordsEdit")
        self._missing.setMinimumWidth(px(FIELD_WIDTH))
        self._missing.editingFinished.connect(self._missing_chosen)
        self._add("missing", self._missing)

    def _add(self, name: str, field: QWidget) -> None:
        label = Label()
        label.setBuddy(field)
        self._labels[name] = label
        self._form.addRow(label, field)

    def show_options(self, given: Mapping[str, Any], found: Mapping[str, Any], sheets: Sequence[str]) -> None:
        """Show the options: what was chosen, what was found where nothing was, and hide what has none."""
        self._given, self._found, self._sheets = dict(given), dict(found), tuple(sheets)
        for name, combo in self._combos.items():
            combo.set_choices(self._choices(name), given.get(name))
            self._form.setRowVisible(combo, name in found or given.get(name) is not None)
        self._form.setRowVisible(self._combos["sheet"], len(sheets) > 1)
        with QSignalBlocker(self._missing):
            self._missing.setText(", ".join(given.get("missing") or ()))
        skip = found.get("skip_lines")
        self._form.setRowVisible(self._skip, skip is not None)
        with QSignalBlocker(self._skip):
            self._skip.setSpecialValueText(self.tr("found: {0}").format(skip))
            given_skip = given.get("skip_lines")
            self._skip.setValue(-1 if given_skip is None else given_skip)

    def _choices(self, name: str) -> list[Choice]:
        values: dict[str, Sequence[Any]] = {
            "sheet": self._sheets,
            "encoding": ENCODINGS,
            "delimiter": DELIMITERS,
            "decimal": DECIMALS,
            "thousands": THOUSANDS,
            "header": (True, False),
        }
        offered = list(values[name])
        if (given := self._given.get(name)) is not None and given not in offered:
            offered.append(given)
        choices = [Choice(value, self._text(name, value)) for value in offered]
        found = self._found.get(name)
        if found is None:
            return [Choice(None, self.tr("find out")), *choices]
        return [Choice(None, self.tr("found: {0}").format(self._text(name, found))), *choices]

    def _text(self, name: str, value: Any) -> str:
        if name == "header":
            return self.tr("yes") if value else self.tr("no")
        if name in ("delimiter", "decimal", "thousands"):
            return {
                ",": self.tr("comma ,"),
                ";": self.tr("semicolon ;"),
                "\t": self.tr("tab"),
                "|": self.tr("bar |"),
                ":": self.tr("colon :"),
                ".": self.tr("point ."),
                " ": self.tr("space"),
                "'": self.tr("apostrophe '"),
                "": self.tr("none"),
                "whitespace": self.tr("spaces"),
            }.get(value, shown(str(value)))
        return shown(str(value))

    def _missing_chosen(self) -> None:
        words = tuple(word.strip() for word in self._missing.text().split(",") if word.strip())
        if words != tuple(self._given.get("missing") or ()):
            self.chosen.emit("missing", words)

    def _skip_chosen(self, lines: int) -> None:
        self.chosen.emit("skip_lines", None if lines < 0 else lines)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Set the texts."""
        names = {
            "sheet": (self.tr("Sheet"), self.tr("The sheet of the workbook")),
            "encoding": (self.tr("Encoding"), self.tr("How bytes stand for letters")),
            "delimiter": (self.tr("Delimiter"), self.tr("What stands between the columns")),
            "decimal": (self.tr("Decimal mark"), self.tr("What stands before the fraction of a number")),
            "thousands": (self.tr("Thousands"), self.tr("What stands between groups of three digits")),
            "header": (self.tr("Header"), self.tr("Whether the first row names the columns")),
            "skip_lines": (self.tr("Skip lines"), self.tr("Lines before the table, such as titles")),
            "missing": (
                self.tr("Missing words"),
                self.tr(
                    "Words or numbers that stand for a missing value here, parted by commas, such as -999"
                ),
            ),
        }
        for name, (text, tip) in names.items():
            self._labels[name].setText(text)
            field = self._combos.get(name) or {"skip_lines": self._skip, "missing": self._missing}[name]
            field.setAccessibleName(text)
            field.setToolTip(tooltip(tip))
        self.show_options(self._given, self._found, self._sheets)


class PreparationForm(QWidget):
    """How the data are prepared for training: settings of the experiment.

    Parameters
    ----------
    settings : mapping
        Those to begin with.
    chosen : mapping
        Those that somebody has chosen before.

    Signals
    -------
    changed()
    """

    changed = Signal()

    def __init__(self, settings: Mapping[str, Any], chosen: Mapping[str, Any]) -> None:
        super().__init__()
        self.setObjectName("preparationForm")
        self._values = {**settings, **chosen}
        self._split_is_chosen = "split" in chosen
        self._columns: tuple[str, ...] = ()
        form = _form(self)
        self._labels: dict[str, QLabel] = {}
        self._combos = {name: ComboBox(FIELD_WIDTH) for name in ("missing", "scaling", "split")}
        self._validation = NumberBox(RANGES["validation"], percent=True)
        self._seed = NumberBox(Range(0, 2**63 - 1), whole=True, characters=6)
        fields: dict[str, QWidget] = {
            "missing": self._combos["missing"],
            "scaling": self._combos["scaling"],
            "validation": self._validation,
            "split": self._combos["split"],
            "seed": self._seed,
        }
        for name, field in fields.items():
            field.setObjectName(f"{name}Field")
            field.setMinimumWidth(px(FIELD_WIDTH))
            label = Label()
            label.setBuddy(field)
            self._labels[name] = label
            form.addRow(label, field)
        for name, combo in self._combos.items():
            combo.picked.connect(lambda value, name=name: self._set(name, value))
        self._validation.edited.connect(lambda value: self._set_number("validation", value))
        self._seed.edited.connect(lambda value: self._set_number("seed", value))

    @property
    def values(self) -> dict[str, Any]:
        """The settings by name: ``missing``, ``scaling``, ``validation``, ``split`` and ``seed``."""
        return dict(self._values)

    @property
    def split_column(self) -> str | None:
        """The column that says what is held out, if one is to."""
        split = str(self._values["split"])
        return split if split in self._columns else None

    def offer_columns(self, columns: tuple[str, ...], own: str) -> None:
        """Offer columns that say what is held out; one that is gone is no longer chosen.

        The file's `own` is, if there is one, unless somebody has chosen.
        """
        if self._values["split"] not in (*SPLITS, *columns):
            self._values["split"], self._split_is_chosen = SPLITS[0], False
        if not self._split_is_chosen:
            self._values["split"] = own or SPLITS[0]
        self._columns = columns
        self._show()

    def _set(self, name: str, value: Any) -> None:
        self._values[name] = value
        self._split_is_chosen |= name == "split"
        self._show()
        self.changed.emit()

    def _set_number(self, name: str, value: float | str) -> None:
        allowed = RANGES["validation"] if name == "validation" else Range(0, 2**63 - 1)
        if isinstance(value, str) or value not in allowed or (name == "seed" and value != int(value)):
            self._show()  # what cannot be is taken back
            return
        self._set(name, int(value) if name == "seed" else float(value))

    def _show(self) -> None:
        words: dict[str, Sequence[str]] = {"missing": MISSING, "scaling": SCALINGS, "split": SPLITS}
        for name, combo in self._combos.items():
            choices = [Choice(value, word(value)) for value in words[name]]
            if name == "split":
                choices += [Choice(name, self.tr("column {0}").format(name)) for name in self._columns]
            combo.set_choices(choices, self._values[name])
        self._validation.set_value(self._values["validation"])
        self._validation.setEnabled(self.split_column is None)
        self._seed.set_value(self._values["seed"])

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Set the texts."""
        tips = {
            "missing": self.tr("What stands in for a missing cell, from the training rows"),
            "scaling": self.tr("How numbers are brought to one scale, fitted on the training rows"),
            "validation": self.tr("Share of the rows that is not trained on, but watched"),
            "split": self.tr("Which rows are held out for validation"),
            "seed": self.tr("Decides what is drawn: rows held out, first weights, order"),
        }
        for name, tip in tips.items():
            self._labels[name].setText(setting(name))
            field = self._labels[name].buddy()
            field.setAccessibleName(setting(name))
            field.setToolTip(tooltip(tip))
        self._show()


def _form(widget: QWidget) -> QFormLayout:
    form = QFormLayout(widget)
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(10)
    form.setVerticalSpacing(6)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return form
