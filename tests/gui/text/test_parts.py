from __future__ import annotations

import numpy as np
import pytest

from engine import Dataset, Experiment, Layer, Scalars, Trainer
from engine.parts import Part
from gui.text.parts import part_name, unit_label, unit_name
from gui.training.messages import Frame, Status


def make_frame(classes: tuple[str, ...]) -> Frame:
    rows = np.random.default_rng(5).normal(size=(12, 4))
    dataset = Dataset.from_arrays(rows, np.arange(12) % 3, "multiclass", class_names=classes)
    experiment = Experiment((Layer(5, "tanh"), Layer(4, "tanh"), Layer(3, "softmax")), loss="cross_entropy")
    record = Trainer(experiment, dataset).step()
    return Frame(0, dataset, record, None, Scalars.empty(3), False, Status.PAUSED)


@pytest.mark.parametrize(
    ("part", "name"),
    [
        (Part("weight", 1, 2, 3), "Weight from input x4 to Hidden 1 · unit 3"),
        (Part("weight", 3, 0, 1), "Weight from Hidden 2 · unit 2 to output setosa"),
        (Part("bias", 3, 1), "Bias of output versicolor"),
        (Part("bias", 1, 0), "Bias of Hidden 1 · unit 1"),
        (Part("unit", 2, 0), "Hidden 2 · unit 1"),
        (Part("unit", 3, 1), "Output versicolor"),
        (Part("unit", 0, 1), "Input x2"),
        (Part("layer", 0), "Inputs"),
        (Part("layer", 1), "Hidden 1"),
        (Part("layer", 3), "Output"),
        (Part("loss"), "Loss"),
    ],
)
def test_parts_are_called_by_feature_class_and_number(part: Part, name: str) -> None:
    assert part_name(make_frame(("setosa", "versicolor", "virginica")), part) == name


def test_classes_that_are_numbers_are_told_from_units() -> None:
    frame = make_frame(("0", "1", "3"))
    assert part_name(frame, Part("unit", 3, 2)) == "Output 3"
    assert part_name(frame, Part("bias", 3, 2)) == "Bias of output 3"
    assert unit_name(frame, 3, 2) == "output 3"


def test_where_the_layer_is_clear_names_are_short() -> None:
    frame = make_frame(("setosa", "versicolor", "virginica"))
    assert [unit_label(frame, layer, 1) for layer in range(4)] == ["x2", "unit 2", "unit 2", "versicolor"]
