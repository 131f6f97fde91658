"""The engine's names in the user's language: settings by their path, and the words they may be."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication

from engine.data.generators import GENERATORS
from engine.errors import QT_TRANSLATE_NOOP
from engine.functions import (
    ACTIVATIONS,
    CLIPPINGS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    REGULARIZERS,
    SCHEDULES,
    Rule,
    Table,
)
from engine.settings import layer_of
from gui.text.numbers import full
from gui.text.parts import layer_name

_SETTINGS = {
    "data": QT_TRANSLATE_NOOP("settings", "Data"),
    "parameters": QT_TRANSLATE_NOOP("settings", "Weights and biases"),
    "layers": QT_TRANSLATE_NOOP("settings", "Layers"),
    "units": QT_TRANSLATE_NOOP("settings", "Units"),
    "activation": QT_TRANSLATE_NOOP("settings", "Activation"),
    "dropout": QT_TRANSLATE_NOOP("settings", "Dropout"),
    "loss": QT_TRANSLATE_NOOP("settings", "Loss"),
    "optimizer": QT_TRANSLATE_NOOP("settings", "Optimizer"),
    "learning_rate": QT_TRANSLATE_NOOP("settings", "Learning rate η"),
    "schedule": QT_TRANSLATE_NOOP("settings", "Schedule"),
    "regularizer": QT_TRANSLATE_NOOP("settings", "Penalty"),
    "clipping": QT_TRANSLATE_NOOP("settings", "Clipping"),
    "initializer": QT_TRANSLATE_NOOP("settings", "Initializer"),
    "batch_size": QT_TRANSLATE_NOOP("settings", "Batch size"),
    "reduction": QT_TRANSLATE_NOOP("settings", "Loss over batch"),
    "bias_reduction": QT_TRANSLATE_NOOP("settings", "Bias gradients"),
    "update_order": QT_TRANSLATE_NOOP("settings", "Update order"),
    "validation": QT_TRANSLATE_NOOP("settings", "Validation"),
    "split": QT_TRANSLATE_NOOP("settings", "Held out"),
    "missing": QT_TRANSLATE_NOOP("settings", "Missing cells"),
    "scaling": QT_TRANSLATE_NOOP("settings", "Scale features"),
    "target_scaling": QT_TRANSLATE_NOOP("settings", "Scale target"),
    "seed": QT_TRANSLATE_NOOP("settings", "Seed"),
    "dtype": QT_TRANSLATE_NOOP("settings", "Precision"),
}

_WORDS = {
    "full": QT_TRANSLATE_NOOP("words", "full"),
    "sum": QT_TRANSLATE_NOOP("words", "sum"),
    "same": QT_TRANSLATE_NOOP("words", "as weights"),
    "together": QT_TRANSLATE_NOOP("words", "all together"),
    "output_first": QT_TRANSLATE_NOOP("words", "output first"),
    "stratified": QT_TRANSLATE_NOOP("words", "stratified"),
    "random": QT_TRANSLATE_NOOP("words", "random rows"),
    "order": QT_TRANSLATE_NOOP("words", "last rows"),
    "mean": QT_TRANSLATE_NOOP("words", "mean"),
    "median": QT_TRANSLATE_NOOP("words", "median"),
    "most_frequent": QT_TRANSLATE_NOOP("words", "most frequent"),
    "drop": QT_TRANSLATE_NOOP("words", "drop row"),
    "none": QT_TRANSLATE_NOOP("words", "none"),
    "zscore": QT_TRANSLATE_NOOP("words", "z-score"),
    "minmax": QT_TRANSLATE_NOOP("words", "min–max"),
    "regression": QT_TRANSLATE_NOOP("words", "regression"),
    "binary": QT_TRANSLATE_NOOP("words", "binary"),
    "multiclass": QT_TRANSLATE_NOOP("words", "multiclass"),
    "multilabel": QT_TRANSLATE_NOOP("words", "several labels"),
    "iris": QT_TRANSLATE_NOOP("words", "Iris"),
    "wine": QT_TRANSLATE_NOOP("words", "Wine"),
    "digits": QT_TRANSLATE_NOOP("words", "handwritten digits"),
    "article": QT_TRANSLATE_NOOP("words", "article's 4-3-2"),
}

_TABLES: dict[str, Table[Any]] = {
    "activation": ACTIVATIONS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "initializer": INITIALIZERS,
    "regularizer": REGULARIZERS,
    "clipping": CLIPPINGS,
    "schedule": SCHEDULES,
}

_CATALOGUE = {name: rule.label for table in (*_TABLES.values(), GENERATORS) for name, rule in table.items()}

_PARAMETERS = {
    f"{path}.{parameter.name}": parameter.label
    for path, table in _TABLES.items()
    for rule in table.values()
    for parameter in rule.parameters()
}


def word(name: str) -> str:
    """What people call a word or a rule of the engine; the name itself if it is neither."""
    if name in _WORDS:
        return QCoreApplication.translate("words", _WORDS[name])
    if name in _CATALOGUE:
        return catalogue_label(_CATALOGUE[name])
    return name


def catalogue_label(label: str) -> str:
    """Translate the label of a rule or of its parameter."""
    return QCoreApplication.translate("catalogue", label)


def setting(path: str, layers: int = 0) -> str:
    """What people call the setting at `path` of a network with so many weight layers, 0 if unknown."""
    if place := layer_of(path):
        index, inner = place
        if layers:
            layer = layer_name(index + 1, layers)
        else:
            layer = QCoreApplication.translate("settings", "Layer {number}").format(number=index + 1)
        return f"{layer}, {setting(inner)}" if inner else layer
    name, _, parameter = path.partition(".")
    label = QCoreApplication.translate("settings", _SETTINGS[name]) if name in _SETTINGS else name
    return f"{label}, {catalogue_label(_PARAMETERS.get(path, parameter))}" if parameter else label


def setting_value(value: Any) -> str:
    """A value of a setting, as people write it."""
    if value is None:
        return "–"
    if isinstance(value, Rule):
        return word(value.name)
    if isinstance(value, str):
        return word(value)
    return full(value) if isinstance(value, float) else str(value)
