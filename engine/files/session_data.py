"""The data set within a session: copied into it, or referred to by its path and hash."""

from __future__ import annotations

import hashlib
import math
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.arrays import AnyArray
from engine.data.data_warning import DataWarning
from engine.data.dataset import KINDS, Column, Dataset, Recipe
from engine.data.load import load
from engine.data.options import ReadOptions
from engine.data.source import open_file
from engine.errors import EngineError, SessionError
from engine.files.archive import DOCUMENT, Archive, Stream
from engine.files.atomic import Where
from engine.files.fields import Fields


def data_document(data: Dataset, embedded: bool) -> dict[str, Any]:
    """All of a data set but its numbers, as JSON holds it."""
    document = {
        item.name: getattr(data, item.name)
        for item in fields(data)
        if item.name not in ("inputs", "targets", "row_lines", "split_columns")
    }
    recipe = None
    if data.recipe is not None:
        options = dict(data.recipe.options)
        for key in ("roles", "types"):  # their keys may be numbers, which those of JSON cannot
            options[key] = [[*pair] for pair in options.get(key, {}).items()]
        recipe = {**vars(data.recipe), "options": options}
    return {
        **document,
        "warnings": [asdict(warning) for warning in data.warnings],
        "columns": [asdict(column) for column in data.columns],
        "recipe": recipe,
        "row_lines": data.row_lines is not None,
        "split_columns": [*data.split_columns],
        "embedded": embedded,
    }


def data_streams(data: Dataset) -> dict[str, Stream]:
    """The numbers of a data set, by member."""
    arrays: dict[str, AnyArray] = {"inputs": data.inputs, "targets": data.targets}
    if data.row_lines is not None:
        arrays["row_lines"] = data.row_lines
    for index, mask in enumerate(data.split_columns.values()):
        arrays[f"split_{index}"] = mask
    return {f"data/{name}.npy": Stream.of(array, packed=True) for name, array in arrays.items()}


def read_data(archive: Archive, document: Fields, data_file: Where | None) -> Dataset:
    """Read a data set back, from the archive or from the file it refers to.

    Raises
    ------
    SessionError
        ``data_missing`` or ``data_changed`` when the file is not what it was, and all those of `Archive`.
    """
    recipe = _read_recipe(document)
    if document.flag("embedded"):
        inputs = archive.array("data/inputs.npy", "<f8", (None, None))
        targets = archive.array("data/targets.npy", "<f8", (len(inputs), None))
        lines = (
            archive.array("data/row_lines.npy", "<i8", (len(inputs),)) if document.flag("row_lines") else None
        )
        splits = {
            name: archive.array(f"data/split_{index}.npy", "|b1", (len(inputs),))
            for index, name in enumerate(document.texts("split_columns"))
        }
    else:
        if recipe is None:
            raise archive.error("missing_member", "data/inputs.npy")
        outside = _load_outside(archive, recipe, data_file)
        inputs, targets, lines = outside.inputs, outside.targets, outside.row_lines
        splits = dict(outside.split_columns)
        if outside.recipe is not None:
            recipe = replace(recipe, path=outside.recipe.path)
    kind = next((kind for kind in KINDS if kind == document.text("kind")), None)
    shape = None if document.plain.get("image_shape") is None else document.wholes("image_shape", 1, 65_536)
    groups, classes = document.texts("groups"), document.texts("class_names")
    try:
        if kind is None:
            raise ValueError(document.text("kind"))
        if np.isinf(inputs).any() or len(groups) != inputs.shape[1]:
            raise ValueError("data/inputs.npy")
        if shape is not None and (len(shape) != 2 or math.prod(shape) > inputs.shape[1]):
            raise ValueError(f"image_shape {shape}")
        checked = Dataset.from_arrays(
            inputs,
            targets,
            kind,
            name=document.text("name"),
            feature_names=document.texts("feature_names"),
            target_names=document.texts("target_names"),
            class_names=classes or None,
        )
    except (EngineError, ValueError) as error:
        raise archive.error("does_not_fit", DOCUMENT, field="data", reason=error) from None
    return replace(
        checked,
        class_names=classes,
        warnings=tuple(_read_warning(archive, item) for item in document.objects("warnings")),
        source=document.text("source"),
        image_shape=None if shape is None else (shape[0], shape[1]),
        groups=groups,
        columns=tuple(_read_column(archive, item) for item in document.objects("columns")),
        row_lines=lines,
        split_columns=splits,
        recipe=recipe,
    )


def _read_warning(archive: Archive, document: Fields) -> DataWarning:
    warning = DataWarning(document.text("kind"), document.object("details").plain)
    try:
        _ = warning.message
    except (KeyError, ValueError, IndexError, AttributeError, TypeError):
        raise archive.error("wrong_type", DOCUMENT, field=document.path, expected="a warning") from None
    return warning


def _read_column(archive: Archive, document: Fields) -> Column:
    role, kind = document.text("role"), document.text("type")
    allowed = ("number", "category", "text", "date", "id", "empty")
    if role not in ("feature", "target", "skip") or kind not in allowed:
        raise archive.error("wrong_type", DOCUMENT, field=document.path, expected="a column")
    return Column(
        name=document.text("name"),
        index=document.whole("index"),
        role=role,  # type: ignore[arg-type]
        type=kind,  # type: ignore[arg-type]
        missing=document.whole("missing"),
        levels=document.texts("levels"),
        low=document.optional_number("low"),
        high=document.optional_number("high"),
    )


def _read_recipe(document: Fields) -> Recipe | None:
    if document.plain.get("recipe") is None:
        return None
    recipe = document.object("recipe")
    options = dict(recipe.object("options").plain)
    for key in ("roles", "types"):
        pairs = recipe.object("options").values(key)
        good = all(isinstance(p, list) and len(p) == 2 and isinstance(p[0], str | int) for p in pairs)
        options[key] = dict(pairs) if good else {}
    # JSON knows no tuples, and nothing else among the options is a list
    options = {key: tuple(value) if isinstance(value, list) else value for key, value in options.items()}
    return Recipe(
        recipe.text("path"), recipe.text("sha256"), recipe.text("format"), options, recipe.text("compression")
    )


def _load_outside(archive: Archive, recipe: Recipe, data_file: Where | None) -> Dataset:
    """Read the file that a session's data lie in: where it was, or beside the session."""
    file = Path(recipe.path)
    places = [file, archive.path.parent / file.name] if data_file is None else [Path(data_file)]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise SessionError("data_missing", name=archive.name, file=str(places[0]))
    changed = SessionError("data_changed", name=archive.name, file=str(found))
    try:
        with open_file(found) as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != recipe.sha256:
                raise changed
        return load(found, ReadOptions(**recipe.options), cancelled=archive.watch.cancelled)
    except OSError as error:
        raise SessionError("cannot_read", name=str(found), reason=error.strerror or str(error)) from None
    except (EngineError, TypeError, ValueError, AttributeError) as error:
        if error is changed:
            raise
        if archive.watch.cancelled is not None and archive.watch.cancelled():
            raise SessionError("cancelled") from None
        raise archive.error("does_not_fit", DOCUMENT, field="data.recipe", reason=error) from None
