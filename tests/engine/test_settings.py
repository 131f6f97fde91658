from __future__ import annotations

from typing import Any

import pytest

from engine import Experiment, Layer
from engine.settings import Difference, differing_settings

PLAIN = Experiment((Layer(3, "tanh"), Layer(1)), batch_size=5)


def differences(**changes: Any) -> list[tuple[str, str, Any, Any]]:
    found = differing_settings(PLAIN, PLAIN.changed(**changes))
    return [(each.path, each.label, _name(each.first), _name(each.second)) for each in found]


def _name(value: Any) -> Any:
    return getattr(value, "name", value)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"seed": 3}, [("seed", "", 0, 3)]),
        ({"batch_size": "full"}, [("batch_size", "", 5, "full")]),
        ({"optimizer": "adam"}, [("optimizer", "", "sgd", "adam")]),
        ({"layers": (Layer(4, "relu"), Layer(1))}, [
            ("layers[0].units", "", 3, 4),
            ("layers[0].activation", "", "tanh", "relu"),
        ]),
        ({"layers": (Layer(1),)}, [
            ("layers[0].units", "", 3, 1),
            ("layers[0].activation", "", "tanh", "linear"),
            ("layers[1].units", "", 1, None),
            ("layers[1].activation", "", "linear", None),
            ("layers[1].dropout", "", 0.0, None),
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
    assert difference == Difference("optimizer.momentum", difference.label, 0.9, 0.5)
    assert difference.label
