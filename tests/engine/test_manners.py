"""How the engine behaves in a notebook: what it takes, what it shows, what can be copied."""

from __future__ import annotations

import copy
import pickle
import xml.etree.ElementTree as ElementTree
from typing import Any

import numpy as np
import pytest

import engine
from engine import Dataset, Experiment, Layer, Trainer, builtin
from engine.errors import DatasetError, ExperimentError
from engine.notebook import MOST_UNITS, curve_svg, network_svg

IRIS = Experiment((Layer(4, "tanh"), Layer(3, "softmax")), loss="cross_entropy", batch_size=10)


def test_experiment_and_data_in_either_order() -> None:
    one, other = Trainer(IRIS, builtin("iris")), Trainer(builtin("iris"), IRIS)  # type: ignore[arg-type]
    assert one.step().data_loss == other.step().data_loss
    with pytest.raises(TypeError, match="needs an Experiment and a Dataset"):
        Trainer(IRIS, np.zeros((3, 4)))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="needs an Experiment and a Dataset"):
        Trainer(IRIS, IRIS)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("targets", "kind", "classes", "warned"),
    [
        ([0, 1, 2, 0, 1, 2], "multiclass", ("0", "1", "2"), True),
        ([0, 1, 1, 0, 1, 0], "binary", ("0", "1"), True),
        ([3, 7, 7, 3, 7, 3], "multiclass", ("3", "7"), True),
        (["no", "yes", "no", "yes", "no", "no"], "binary", ("no", "yes"), False),
        (["a", "c", "b", "a", "c", "b"], "multiclass", ("a", "b", "c"), False),
        ([0.5, 1.0, 2.0, 3.0, 1.0, 2.0], "regression", (), False),
        ([1.0, 0.0, 1.0, 0.0, 1.0, 0.0], "regression", (), False),
        ([5, 5, 5, 5, 5, 5], "regression", (), False),
    ],
)
def test_what_targets_are_when_nobody_tells(
    targets: list[Any], kind: str, classes: tuple[str, ...], warned: bool
) -> None:
    data = Dataset.from_arrays(np.arange(12.0).reshape(6, 2), targets)
    assert (data.kind, data.class_names) == (kind, classes)
    assert [warning.kind for warning in data.warnings] == ["integer_classes"] * warned


def test_what_is_told_is_believed() -> None:
    rows = np.arange(12.0).reshape(6, 2)
    assert Dataset.from_arrays(rows, [0, 1, 2, 0, 1, 2], kind="regression").kind == "regression"
    assert Dataset.from_arrays(rows, [0, 1, 2, 0, 1, 2], kind="regression").warnings == ()
    many = Dataset.from_arrays(np.arange(60.0).reshape(30, 2), np.arange(30) * 1_000)
    assert many.kind == "regression"


def test_two_names_are_a_binary_problem() -> None:
    rows = np.arange(8.0).reshape(4, 2)
    data = Dataset.from_arrays(rows, ["yes", "no", "no", "yes"], kind="binary")
    assert data.class_names == ("no", "yes")
    assert data.targets.ravel().tolist() == [1.0, 0.0, 0.0, 1.0]
    told = Dataset.from_arrays(rows, ["yes", "no", "no", "yes"], kind="binary", class_names=("yes", "no"))
    assert told.targets.ravel().tolist() == [0.0, 1.0, 1.0, 0.0]
    for labels, kind in ((["a", "b", "c", "a"], "name_count"), (["a"] * 4, "target_single_class")):
        with pytest.raises(DatasetError) as caught:
            Dataset.from_arrays(rows, labels, kind="binary")
        assert caught.value.kind == kind


class Table:
    """As much of a pandas table as names need."""

    def __init__(self, values: Any, columns: list[Any]) -> None:
        self.values, self.columns = values, columns

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return np.asarray(self.values, dtype=dtype)


class Series(list[float]):
    """As much of a pandas column as its name needs."""

    name = "price"


def test_a_table_keeps_its_names() -> None:
    table = Table([[1.0, 2.0], [3.0, 4.0]], ["area", 7])
    data = Dataset.from_arrays(table, Series([10.5, 20.5]))  # type: ignore[arg-type]
    assert data.feature_names == ("area", "7")
    assert data.target_names == ("price",)
    named = Dataset.from_arrays(table, [1.5, 2.5], feature_names=("a", "b"))  # type: ignore[arg-type]
    assert named.feature_names == ("a", "b")


def test_numbers_of_numpy_are_numbers() -> None:
    experiment = Experiment(
        (Layer(np.int64(4), "tanh", np.float32(0.25)), Layer(np.int32(3), "softmax")),
        loss="cross_entropy",
        learning_rate=np.float64(0.1),
        batch_size=np.int16(5),
        seed=np.uint8(3),
        validation=np.float32(0.25),
    )
    same = Experiment(
        (Layer(4, "tanh", 0.25), Layer(3, "softmax")),
        loss="cross_entropy",
        learning_rate=0.1,
        batch_size=5,
        seed=3,
        validation=0.25,
    )
    assert experiment == same
    assert Experiment.from_toml(experiment.to_toml()) == same
    for wrong in ("0.1", True, None, np.bool_(True), np.array([0.1, 0.2])):
        with pytest.raises(ExperimentError):
            Experiment((Layer(1),), learning_rate=wrong)  # type: ignore[arg-type]


def test_an_experiment_from_a_plain_dict() -> None:
    plain = {"layers": [{"units": 4, "activation": "tanh"}, {"units": 3, "activation": "softmax"}]}
    assert Experiment.from_plain({**plain, "loss": "cross_entropy", "batch_size": 10}) == IRIS


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))]
)
def test_copies(copied: Any) -> None:
    data, experiment = copied(builtin("iris")), copied(IRIS)
    assert experiment == IRIS
    assert np.array_equal(data.inputs, builtin("iris").inputs)
    assert data.feature_names == builtin("iris").feature_names
    with pytest.raises(ValueError, match="read-only"):
        data.inputs[0, 0] = 1.0
    with pytest.raises(TypeError):
        data.split_columns["x"] = data.targets
    assert Trainer(experiment, data).step().data_loss == Trainer(IRIS, builtin("iris")).step().data_loss


def test_short_representations() -> None:
    trainer = Trainer(IRIS, builtin("iris"))
    record = trainer.step()
    assert repr(IRIS) == (
        "Experiment((Layer(4, 'tanh'), Layer(3, 'softmax')), loss='cross_entropy', batch_size=10)"
    )
    assert eval(repr(IRIS)) == IRIS
    richer = Experiment(
        (Layer(2, {"name": "leaky_relu", "slope_below": 0.2}, 0.5), Layer(1)),
        optimizer="adam",
        learning_rate=0.01,
    )
    assert eval(repr(richer)) == richer
    assert (
        repr(builtin("iris"))
        == "Dataset('iris', 150 rows, 4 features, multiclass: setosa, versicolor, virginica)"
    )
    assert repr(trainer) == "Trainer(4-4-3 on 'iris', step 1)"
    assert repr(record).startswith("StepRecord(step 1, epoch 1, 4-4-3, 10 rows, loss ")
    assert repr(trainer.model()) == "Model(4-4-3 trained on 'iris', step 1)"


def test_a_notebook_shows_the_network_and_the_curve() -> None:
    trainer = Trainer(IRIS, builtin("iris"))
    trainer.run(40)
    root = ElementTree.fromstring(trainer._repr_html_())
    lines = root.findall(".//{*}line")
    weights = [float(w) for layer in trainer.weights for w in layer.ravel()]
    assert len(lines) == len(weights)
    dashed = sum("stroke-dasharray" in line.attrib for line in lines)
    assert dashed == sum(w < 0 for w in weights)
    assert len(root.findall(".//{*}circle")) == 11
    assert len(root.findall(".//{*}polyline")) == 1
    model = ElementTree.fromstring(trainer.model()._repr_html_())
    assert len(model.findall(".//{*}line")) == len(weights)


def test_names_in_a_notebook_are_no_markup() -> None:
    data = Dataset.from_arrays([[1.0], [2.0]], [1.0, 2.5], name="<script>alert(1)</script>")
    html = Trainer(Experiment((Layer(1),)), data)._repr_html_()
    ElementTree.fromstring(html)
    assert "<script>" not in html


def test_large_networks_and_spoiled_curves() -> None:
    weights = [np.ones((100, 50)), np.full((50, 1), -1.0)]
    root = ElementTree.fromstring(network_svg((100, 50, 1), weights))
    assert len(root.findall(".//{*}circle")) == 2 * MOST_UNITS + 1
    assert [text.text for text in root.findall(".//{*}text")] == ["100", "50", "1"]
    assert curve_svg([1], [0.5]) == ""
    assert "nan" not in curve_svg([1, 2, 3, 4], [0.5, float("nan"), 0.25, float("inf")])


def test_version() -> None:
    assert engine.__version__[0].isdigit()
