"""Data sets made of arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.data.dataset import Dataset
from engine.errors import DatasetError

INPUTS = np.arange(12.0).reshape(6, 2)


def test_arrays_are_copied_and_read_only() -> None:
    inputs = INPUTS.copy()
    data = Dataset.from_arrays(inputs, np.ones(6))
    inputs[0, 0] = 99.0
    assert data.inputs[0, 0] == 0.0
    for array in (data.inputs, data.targets):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


@pytest.mark.parametrize(
    ("labels", "names", "classes", "codes"),
    [
        ([2, 0, 1, 2, 0, 1], None, ("0", "1", "2"), [2, 0, 1, 2, 0, 1]),
        ([10, 9, 10, 9, 9, 9], None, ("9", "10"), [1, 0, 1, 0, 0, 0]),
        (list("baccab"), None, ("a", "b", "c"), [1, 0, 2, 2, 0, 1]),
        ([0, 2, 0, 2, 0, 2], ("u", "v", "w"), ("u", "v", "w"), [0, 2, 0, 2, 0, 2]),
        (list("vuvuvu"), ("u", "v", "w"), ("u", "v", "w"), [1, 0, 1, 0, 1, 0]),
        (np.eye(3)[[2, 0, 1, 2, 0, 1]], None, ("0", "1", "2"), [2, 0, 1, 2, 0, 1]),
    ],
)
def test_multiclass_takes_labels_or_one_hot_rows(labels: Any, names: Any, classes: Any, codes: Any) -> None:
    data = Dataset.from_arrays(INPUTS, labels, "multiclass", class_names=names)
    assert data.class_names == data.target_names == classes
    assert data.targets.tolist() == np.eye(len(classes))[codes].tolist()


@pytest.mark.parametrize("shape", [(6,), (6, 1)])
def test_binary_is_one_column(shape: tuple[int, ...]) -> None:
    data = Dataset.from_arrays(
        INPUTS, np.array([0, 1] * 3).reshape(shape), "binary", class_names=("no", "yes")
    )
    assert data.targets.tolist() == [[0], [1]] * 3
    assert (data.class_names, data.target_names) == (("no", "yes"), ("yes",))


def test_default_names_count_from_one() -> None:
    data = Dataset.from_arrays(INPUTS, INPUTS)
    assert (data.feature_names, data.target_names, data.groups) == (("x1", "x2"), ("y1", "y2"), ("x1", "x2"))
    assert Dataset.from_arrays(INPUTS, np.ones(6)).target_names == ("y",)


def test_infinite_inputs_become_missing_with_a_warning() -> None:
    inputs = INPUTS.copy()
    inputs[3, 1] = -np.inf
    data = Dataset.from_arrays(inputs, np.ones(6))
    assert np.argwhere(np.isnan(data.inputs)).tolist() == [[3, 1]]
    assert [(w.kind, w.line, w.column) for w in data.warnings] == [("non_finite", 4, 2)]


@pytest.mark.parametrize(
    ("inputs", "targets", "options", "kind"),
    [
        (INPUTS, np.ones(6), {"kind": "ordinal"}, "unknown_kind"),
        (np.ones(6), np.ones(6), {}, "array_shape"),
        (INPUTS, np.ones((6, 1, 1)), {}, "array_shape"),
        (INPUTS, np.ones((6, 2)), {"kind": "binary"}, "array_shape"),
        (np.ones((0, 2)), np.ones(0), {}, "no_rows"),
        (np.ones((6, 0)), np.ones(6), {}, "need_features"),
        (INPUTS, np.ones(5), {}, "shape_mismatch"),
        ([["a", "b"]] * 6, np.ones(6), {}, "array_type"),
        (INPUTS, ["a"] * 6, {"kind": "regression"}, "array_type"),
        (INPUTS, ["a"] * 6, {}, "target_single_class"),
        (INPUTS, [1, 2, 3, np.nan, 5, 6], {}, "target_not_finite"),
        (INPUTS, [0, 1, 2, 0, 1, 2], {"kind": "binary"}, "bad_labels"),
        (INPUTS, np.full((6, 2), 0.5), {"kind": "multiclass"}, "bad_labels"),
        (INPUTS, [0, 1, np.nan, 0, 1, 1], {"kind": "multiclass"}, "bad_labels"),
        (INPUTS, [0, 1, 3] * 2, {"kind": "multiclass", "class_names": ("u", "v", "w")}, "bad_labels"),
        (INPUTS, np.ones(6), {"kind": "multiclass"}, "target_single_class"),
        (INPUTS, np.ones(6), {"feature_names": ["a"]}, "name_count"),
    ],
)
def test_what_cannot_be_is_refused(inputs: Any, targets: Any, options: Any, kind: str) -> None:
    with pytest.raises(DatasetError) as raised:
        Dataset.from_arrays(inputs, targets, **options)
    assert raised.value.kind == kind
    assert raised.value.message
