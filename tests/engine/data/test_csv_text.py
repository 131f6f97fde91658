"""What is written as CSV reads back as it was."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.builtin import builtin
from engine.data.csv_text import csv_text
from engine.data.dataset import Dataset
from engine.data.load import load_dataset


@pytest.mark.parametrize("name", ["iris", "moons", "article", "plane", "xor"])
def test_written_data_reads_back_bit_for_bit(name: str) -> None:
    data = builtin(name)
    again = load_dataset(csv_text(data).encode(), None if data.class_names else list(data.target_names))
    assert np.array_equal(again.inputs, data.inputs)
    assert np.array_equal(again.targets, data.targets)
    assert (again.feature_names, again.class_names) == (data.feature_names, data.class_names)


def test_missing_inputs_and_awkward_names_come_back() -> None:
    inputs = np.array([[0.5, np.nan], [1.5, 2.5], [2.5, 3.5], [4.5, 0.5]])
    names = ("a, b", 'say "x"')
    data = Dataset.from_arrays(inputs, ["小猫", "d,og", "小猫", "d,og"], "multiclass", feature_names=names)
    again = load_dataset(csv_text(data).encode())
    assert np.array_equal(again.inputs, inputs, equal_nan=True)
    assert (again.feature_names, again.class_names) == (names, ("小猫", "d,og"))
