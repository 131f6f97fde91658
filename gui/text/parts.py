"""What the parts of a network are called; units, layers and samples are counted from 1."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from PySide6.QtCore import QCoreApplication

from engine import parts
from engine.data.dataset import Dataset
from engine.parts import Part
from engine.records import StepRecord
from gui.text.numbers import grouped
from gui.text.plain import one_line
from gui.training.messages import Frame


def shown(name: str) -> str:
    """A name from data as it is shown: of a column, a class, a run or a file."""
    return one_line(name) or QCoreApplication.translate("naming", "(no name)")


def shown_names(names: Iterable[str]) -> tuple[str, ...]:
    """Names as they are shown."""
    return _shown_names(tuple(names), shown(""))


@lru_cache(maxsize=8)
def _shown_names(names: tuple[str, ...], unnamed: str) -> tuple[str, ...]:
    return tuple(one_line(name) or unnamed for name in names)


def feature_names(data: Dataset) -> tuple[str, ...]:
    """What the inputs are called, as it is shown."""
    return shown_names(data.feature_names)


def output_names(data: Dataset) -> tuple[str, ...]:
    """What the outputs are called, as it is shown."""
    return shown_names(data.target_names)


def class_names(data: Dataset) -> tuple[str, ...]:
    """What the classes are called, as it is shown."""
    return shown_names(data.class_names)


def row_number(record: StepRecord, sample: int) -> str:
    """The number of a sample's row in the data set, from 1; a dash for a row from elsewhere."""
    row = int(record.indices[sample])
    return grouped(row + 1) if row >= 0 else "–"


def layer_name(layer: int, last: int) -> str:
    """What layer `layer` of 0..`last` is called."""
    return parts.layer_name(layer, last, naming)


def naming(text: str) -> str:
    """Translate what the engine calls a part."""
    return QCoreApplication.translate("naming", text)


def unit_label(frame: Frame, layer: int, unit: int) -> str:
    """The feature or class a unit stands for, or its number, where the layer is clear already."""
    name = _own_name(frame, layer, unit)
    return QCoreApplication.translate("naming", "unit {unit}").format(unit=unit + 1) if name is None else name


def unit_name(frame: Frame, layer: int, unit: int) -> str:
    """What a unit is called, its layer included; it goes on within a sentence."""
    name = _own_name(frame, layer, unit)
    if name is None:
        return QCoreApplication.translate("naming", "{layer} · unit {unit}").format(
            layer=layer_name(layer, len(frame.record.z)), unit=unit + 1
        )
    if layer == 0:
        return QCoreApplication.translate("naming", "input {name}").format(name=name)
    return QCoreApplication.translate("naming", "output {name}").format(name=name)


def part_name(frame: Frame, part: Part) -> str:
    """What the selected part is called; it begins with a capital."""
    kind, layer, unit, source = part
    if kind == "loss":
        return QCoreApplication.translate("naming", "Loss")
    if kind == "layer":
        return layer_name(layer, len(frame.record.z))
    name = unit_name(frame, layer, unit)
    if kind == "weight":
        return QCoreApplication.translate("naming", "Weight from {source} to {unit}").format(
            source=unit_name(frame, layer - 1, source), unit=name
        )
    if kind == "bias":
        return QCoreApplication.translate("naming", "Bias of {unit}").format(unit=name)
    return name[:1].upper() + name[1:]


def _own_name(frame: Frame, layer: int, unit: int) -> str | None:
    last = len(frame.record.z)
    names = frame.dataset.feature_names if layer == 0 else frame.dataset.target_names if layer == last else ()
    return one_line(names[unit]) or None if unit < len(names) else None
