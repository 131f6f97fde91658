"""The experiment: its checks, and the file it is written to."""

from __future__ import annotations

import math
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings

from engine import Dataset, Experiment, Layer, Trainer
from engine.errors import ExperimentError
from engine.experiment import ALLOWED
from engine.functions import (
    ACTIVATIONS,
    CLIPPINGS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    REGULARIZERS,
    SCHEDULES,
    Table,
)
from engine.functions.activations import LeakyReLU, Tanh
from engine.functions.optimizers import Adam
from tests.engine.random_experiments import any_experiments

OUTPUT = (Layer(1),)


def refused(call: Any, *arguments: Any, **settings: Any) -> ExperimentError:
    with pytest.raises(ExperimentError) as caught:
        call(*arguments, **settings)
    return caught.value


# -- bad input -------------------------------------------------------------------------------------

TABLES: dict[str, Table[Any]] = {
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "regularizer": REGULARIZERS,
    "clipping": CLIPPINGS,
    "initializer": INITIALIZERS,
}


@pytest.mark.parametrize("field", TABLES)
@pytest.mark.parametrize("value", ["nonsense", "", 3, ["sgd"], {"name": "nonsense"}, {}])
def test_an_unknown_rule(field: str, value: Any) -> None:
    if value == {} and "none" in TABLES[field]:
        return  # no name at all is "none"
    error = refused(Experiment, OUTPUT, **{field: value})
    assert error.kind == "unknown_name" and error.field == field
    assert all(name in error.mend for name in TABLES[field])


@pytest.mark.parametrize("field", ALLOWED)
@pytest.mark.parametrize("value", ["nonsense", "", None, 1, ["mean"]])
def test_an_unknown_word(field: str, value: Any) -> None:
    error = refused(Experiment, OUTPUT, **{field: value})
    assert error.kind == "unknown_name" and error.field == field
    assert all(word in error.mend for word in ALLOWED[field])


def test_an_unknown_activation() -> None:
    error = refused(Layer, 3, "sigmoidal")
    assert error.kind == "unknown_name" and error.field == "activation"
    assert all(name in error.mend for name in ACTIVATIONS)


@pytest.mark.parametrize("value", [0.0, -0.1, math.inf, -math.inf, math.nan])
def test_a_learning_rate_out_of_range(value: float) -> None:
    error = refused(Experiment, OUTPUT, learning_rate=value)
    assert error.kind == "out_of_range" and error.field == "learning_rate"
    assert "above 0" in error.mend


@pytest.mark.parametrize(
    ("field", "values", "allowed"),
    [
        ("validation", [-0.1, 1.0, 1.5, math.nan], "at least 0 and below 1"),
        ("batch_size", [0, -1, 2**31], "from 1 to"),
        ("seed", [-1, 2**63], "from 0 to"),
    ],
)
def test_a_number_out_of_range(field: str, values: list[Any], allowed: str) -> None:
    for value in values:
        error = refused(Experiment, OUTPUT, **{field: value})
        assert error.kind == "out_of_range" and error.field == field and allowed in error.mend


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("learning_rate", ["0.1", None, True, [0.1]]),
        ("validation", ["0", None, False]),
        ("batch_size", ["half", 2.0, None, True]),
        ("seed", ["0", 1.0, None, True]),
        ("split", ["", 3, None]),
    ],
)
def test_a_value_of_the_wrong_type(field: str, values: list[Any]) -> None:
    for value in values:
        error = refused(Experiment, OUTPUT, **{field: value})
        assert error.kind == "wrong_type" and error.field == field and repr(value) in error.message


@pytest.mark.parametrize("units", [0, -3, 65_537])
def test_a_layer_of_impossible_size(units: int) -> None:
    error = refused(Layer, units)
    assert (error.kind, error.field) == ("out_of_range", "units")
    assert "from 1 to 65536" in error.mend


@pytest.mark.parametrize("units", [2.0, "2", None, True])
def test_units_of_the_wrong_type(units: Any) -> None:
    assert refused(Layer, units).kind == "wrong_type"


@pytest.mark.parametrize("dropout", [-0.1, 1.0, math.nan])
def test_dropout_out_of_range(dropout: float) -> None:
    error = refused(Layer, 3, "tanh", dropout)
    assert (error.kind, error.field) == ("out_of_range", "dropout")


def test_softmax_of_one_unit() -> None:
    error = refused(Layer, 1, "softmax")
    assert (error.kind, error.field) == ("softmax_of_one", "units")


def test_dropout_in_the_output_layer() -> None:
    error = refused(Experiment, (Layer(2, dropout=0.5), Layer(1, dropout=0.5)))
    assert (error.kind, error.field) == ("out_of_range", "layers[1].dropout")


def test_no_layers_and_things_that_are_no_layers() -> None:
    assert refused(Experiment, ()).kind == "no_layers"
    assert refused(Experiment, (Layer(2), 1)).field == "layers[1]"


def test_output_first_does_not_go_with_the_global_norm() -> None:
    error = refused(Experiment, OUTPUT, update_order="output_first", clipping="global_norm")
    assert (error.kind, error.field) == ("needs_together", "update_order")


@pytest.mark.parametrize(
    ("field", "spec", "place", "kind"),
    [
        ("optimizer", {"name": "adam", "beta1": 1.0}, "optimizer.beta1", "out_of_range"),
        ("optimizer", {"name": "adam", "beta1": "0.9"}, "optimizer.beta1", "wrong_type"),
        ("optimizer", {"name": "adam", "beta3": 0.5}, "optimizer.beta3", "unknown_field"),
        ("optimizer", {"name": "sgd", "momentum": 0.5}, "optimizer.momentum", "unknown_field"),
        ("optimizer", {"name": "adam", "epsilon": 0.0}, "optimizer.epsilon", "out_of_range"),
        ("loss", {"name": "huber", "delta": math.inf}, "loss.delta", "out_of_range"),
        ("regularizer", {"name": "l2", "strength": -1.0}, "regularizer.strength", "out_of_range"),
        ("clipping", {"name": "value", "limit": 0}, "clipping.limit", "out_of_range"),
        ("initializer", {"name": "normal", "std": math.nan}, "initializer.std", "out_of_range"),
        ("initializer", {"name": "uniform", "low": 2.0}, "initializer.low", "out_of_range"),
        ("schedule", {"name": "step", "every": 1.5}, "schedule.every", "out_of_range"),
        ("schedule", {"name": "step", "every": 0}, "schedule.every", "out_of_range"),
        ("schedule", {"name": "cosine", "epochs": True}, "schedule.epochs", "wrong_type"),
    ],
)
def test_a_parameter_of_a_rule_that_cannot_be(field: str, spec: Any, place: str, kind: str) -> None:
    error = refused(Experiment, OUTPUT, **{field: spec})
    assert (error.kind, error.field) == (kind, place)
    assert error.message and error.mend


# -- what fits the data ----------------------------------------------------------------------------

DATA = {
    "regression": Dataset.from_arrays([[0.0], [1.0]], [[0.5], [0.7]]),
    "binary": Dataset.from_arrays([[0.0], [1.0]], [0, 1], kind="binary"),
    "multiclass": Dataset.from_arrays([[0.0], [1.0]], [[1, 0], [0, 1]], kind="multiclass"),
}
FITS = {
    "squared_error": {"regression", "binary", "multiclass"},
    "mean_squared_error": {"regression", "binary", "multiclass"},
    "mean_absolute_error": {"regression", "binary", "multiclass"},
    "huber": {"regression", "binary", "multiclass"},
    "binary_cross_entropy": {"binary", "multiclass"},
    "cross_entropy": {"multiclass"},
    "hinge": {"binary", "multiclass"},
}


@pytest.mark.parametrize("kind", DATA)
@pytest.mark.parametrize("loss", LOSSES)
def test_a_loss_and_a_kind_of_target(loss: str, kind: str) -> None:
    data = DATA[kind]
    experiment = Experiment((Layer(data.targets.shape[1], "sigmoid"),), loss)
    if kind in FITS[loss]:
        assert Trainer(experiment, data).peek().step == 1
        return
    error = refused(Trainer, experiment, data)
    assert (error.kind, error.field) == ("loss_needs_target", "loss")
    for name, kinds in FITS.items():
        assert (f" {name}" in error.mend) == (kind in kinds)


def test_outputs_must_be_as_many_as_target_columns() -> None:
    error = refused(Trainer, Experiment((Layer(2), Layer(3))), DATA["multiclass"])
    assert (error.kind, error.field) == ("output_units", "layers[1].units")
    assert "2" in error.mend


def test_a_batch_larger_than_the_training_rows() -> None:
    data = Dataset.from_arrays([[float(k)] for k in range(10)], [float(k) for k in range(10)])
    experiment = Experiment(OUTPUT, batch_size=8, validation=0.3)
    error = refused(Trainer, experiment, data)
    assert (error.kind, error.field) == ("batch_too_large", "batch_size")
    assert "from 1 to 7" in error.mend
    Trainer(experiment.changed(batch_size=7), data).run(1)


def test_a_split_by_a_column_that_is_not_there() -> None:
    error = refused(Trainer, Experiment(OUTPUT, validation=0.5, split="fold"), DATA["regression"])
    assert (error.kind, error.field) == ("unknown_name", "split")


# -- ways to say the same --------------------------------------------------------------------------


def test_names_rules_and_mappings_are_the_same_thing() -> None:
    by_name = Experiment((Layer(2, "leaky_relu"),), optimizer="adam")
    assert by_name == Experiment((Layer(2, LeakyReLU()),), optimizer=Adam())
    assert by_name == Experiment(
        [Layer(2, {"name": "leaky_relu", "slope_below": 0.01})],
        optimizer={"name": "adam", "beta1": 0.9},
    )
    assert by_name != Experiment((Layer(2, "leaky_relu"),), optimizer=Adam(beta1=0.8))
    assert hash(by_name) == hash(by_name.changed())


def test_whole_numbers_are_numbers() -> None:
    experiment = Experiment(OUTPUT, learning_rate=1, optimizer=Adam(beta1=0))
    assert isinstance(experiment.learning_rate, float)
    assert experiment == Experiment(OUTPUT, learning_rate=1.0, optimizer=Adam(beta1=0.0))


def test_it_is_frozen() -> None:
    with pytest.raises(AttributeError):
        Experiment(OUTPUT).seed = 3  # type: ignore[misc]
    with pytest.raises(AttributeError):
        Layer(3).units = 4  # type: ignore[misc]


def test_the_defaults_are_the_documented_ones() -> None:
    experiment = Experiment([Layer(1)])
    assert experiment.layers == (Layer(1, "linear", 0.0),)
    assert (experiment.reduction, experiment.bias_reduction, experiment.update_order) == (
        "mean",
        "same",
        "together",
    )
    assert (experiment.validation, experiment.split, experiment.missing) == (0.0, "stratified", "mean")
    assert (experiment.scaling, experiment.dtype) == ("none", "float64")


# -- the file --------------------------------------------------------------------------------------


@given(any_experiments())
@settings(max_examples=100)
def test_toml_there_and_back(experiment: Experiment) -> None:
    text = experiment.to_toml()
    assert Experiment.from_toml(text) == experiment
    assert Experiment.from_toml(text).to_toml() == text


def test_the_file_reads_as_people_write() -> None:
    experiment = Experiment(
        (Layer(4, "tanh", 0.25), Layer(2, LeakyReLU(0.2)), Layer(3, "softmax")),
        "cross_entropy",
        Adam(beta2=0.99),
        batch_size=10,
    )
    plain = tomllib.loads(experiment.to_toml())
    assert plain["loss"] == "cross_entropy"
    assert plain["optimizer"] == {"name": "adam", "beta2": 0.99}
    assert plain["layers"] == [
        {"units": 4, "activation": "tanh", "dropout": 0.25},
        {"units": 2, "activation": {"name": "leaky_relu", "slope_below": 0.2}},
        {"units": 3, "activation": "softmax"},
    ]
    short = Experiment.from_toml(
        """
        loss = "squared_error"
        optimizer = { name = "adam", beta1 = 0.8 }
        learning_rate = 1
        [[layers]]
        units = 4
        activation = "tanh"
        [[layers]]
        units = 1
        """
    )
    assert short == Experiment((Layer(4, Tanh()), Layer(1)), optimizer=Adam(beta1=0.8), learning_rate=1.0)


@pytest.mark.parametrize(
    ("text", "kind", "field"),
    [
        ("layers = [", "bad_toml", ""),
        ("", "no_layers", "layers"),
        ("layers = 3", "wrong_type", "layers"),
        ("layers = [3]", "wrong_type", "layers[0]"),
        ("[[layers]]\nactivation = 'tanh'", "wrong_type", "layers[0].units"),
        ("[[layers]]\nunits = 2\n[[layers]]\nunits = -1", "out_of_range", "layers[1].units"),
        ("[[layers]]\nunits = 2.5", "wrong_type", "layers[0].units"),
        ("[[layers]]\nunits = 2\ncolour = 'red'", "unknown_field", "layers[0].colour"),
        ("[[layers]]\nunits = 2\nactivation = 'tan'", "unknown_name", "layers[0].activation"),
        (
            "[[layers]]\nunits = 2\nactivation = { name = 'elu', alpha = 0 }",
            "out_of_range",
            "layers[0].activation.alpha",
        ),
        ("[[layers]]\nunits = 1\nactivation = 'softmax'", "softmax_of_one", "layers[0].units"),
        ("momentum = 0.9\n[[layers]]\nunits = 1", "unknown_field", "momentum"),
        ("learning_rate = nan\n[[layers]]\nunits = 1", "out_of_range", "learning_rate"),
        ("optimizer = 'sdg'\n[[layers]]\nunits = 1", "unknown_name", "optimizer"),
        ("batch_size = 0\n[[layers]]\nunits = 1", "out_of_range", "batch_size"),
    ],
)
def test_a_file_that_cannot_be(text: str, kind: str, field: str) -> None:
    error = refused(Experiment.from_toml, text)
    assert (error.kind, error.field) == (kind, field)
    assert error.message and error.mend
