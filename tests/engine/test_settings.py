from __future__ import annotations

from typing import Any

import pytest

from engine import Experiment, Layer
from engine.errors import ExperimentError
from engine.settings import (
    Difference,
    all_settings,
    around,
    differing_settings,
    layer_of,
    of_layer,
    read,
    replaced,
)

PLAIN = Experiment((Layer(3, "tanh"), Layer(1)), batch_size=5)


def differences(**changes: Any) -> list[tuple[str, Any, Any]]:
    found = differing_settings(PLAIN, PLAIN.changed(**changes))
    return [(each.path, _name(each.first), _name(each.second)) for each in found]


def _name(value: Any) -> Any:
    return getattr(value, "name", value)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"seed": 3}, [("seed", 0, 3)]),
        ({"batch_size": "full"}, [("batch_size", 5, "full")]),
        ({"optimizer": "adam"}, [("optimizer", "sgd", "adam")]),
        ({"layers": (Layer(4, "relu"), Layer(1))}, [
            ("layers[0].units", 3, 4),
            ("layers[0].activation", "tanh", "relu"),
        ]),
        ({"layers": (Layer(1),)}, [
            ("layers[0].units", 3, 1),
            ("layers[0].activation", "tanh", "linear"),
            ("layers[1].units", 1, None),
            ("layers[1].activation", "linear", None),
            ("layers[1].dropout", 0.0, None),
        ]),
    ],
)  # fmt: skip
def test_what_differs(changes: dict[str, Any], expected: list[Any]) -> None:
    assert differences(**changes) == expected


def test_a_parameter_of_the_same_rule() -> None:
    one, other = (
        PLAIN.changed(optimizer="momentum"),
        PLAIN.changed(optimizer={"name": "momentum", "momentum": 0.5}),
    )
    (difference,) = differing_settings(one, other)
    assert difference == Difference("optimizer.momentum", 0.9, 0.5)


RULES = PLAIN.changed(
    layers=(Layer(3, {"name": "elu", "alpha": 0.5}, dropout=0.25), Layer(1)),
    optimizer={"name": "adam", "beta1": 0.8},
)


def test_every_setting_is_read_by_its_path() -> None:
    settings = all_settings(RULES)
    assert settings["layers[0].activation.alpha"] == 0.5
    assert settings["layers[1].units"] == 1
    assert settings["optimizer.beta1"] == 0.8
    assert settings["learning_rate"] == 0.1
    for path, value in settings.items():
        assert read(RULES, path) == value
    assert read(RULES, "layers[0]") == RULES.layers[0]


@pytest.mark.parametrize(
    "path", ["layers[2]", "layers[2].units", "optimizer.momentum", "layers[1].activation.alpha"]
)
def test_a_setting_that_is_not_there_is_none(path: str) -> None:
    assert read(RULES, path) is None


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("learning_rate", 0.5),
        ("optimizer.beta1", 0.7),
        ("layers[0].units", 4),
        ("layers[0].dropout", 0.0),
        ("layers[0].activation.alpha", 2.0),
    ],
)
def test_a_setting_is_replaced_and_no_other(path: str, value: Any) -> None:
    new = replaced(RULES, path, value)
    assert read(new, path) == value
    assert differing_settings(RULES, new) == (Difference(path, read(RULES, path), value),)
    assert replaced(new, path, read(RULES, path)) == RULES


def test_a_rule_is_replaced_by_its_name() -> None:
    new = replaced(RULES, "layers[0].activation", "tanh")
    assert read(new, "layers[0].activation").name == "tanh"
    assert [each.path for each in differing_settings(RULES, new)] == ["layers[0].activation"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("learning_rate", -1.0),
        ("optimizer", "none"),
        ("optimizer.beta1", 1.0),
        ("layers[0].units", 0),
        ("layers[1].activation", "softmax"),
        ("layers[0].activation", "tanhh"),
        ("layers[0].activation.alpha", float("nan")),
        ("layers[1].dropout", 0.5),
    ],
)
def test_an_error_names_the_same_path(path: str, value: Any) -> None:
    with pytest.raises(ExperimentError) as caught:
        replaced(RULES, path, value)
    asked = path if value != "softmax" else "layers[1].units"
    assert caught.value.field == asked


def test_paths_are_put_together_and_taken_apart_again() -> None:
    assert of_layer(3) == "layers[3]" and layer_of("layers[3]") == (3, "")
    assert of_layer(3, "activation") == "layers[3].activation"
    assert layer_of("layers[3].activation.alpha") == (3, "activation.alpha")
    assert layer_of("optimizer.beta1") is None and layer_of("layers") is None
    paths = ["layers[3].activation.alpha"]
    while paths[-1]:
        paths.append(around(paths[-1]))
    assert paths == ["layers[3].activation.alpha", "layers[3].activation", "layers[3]", "layers", ""]
