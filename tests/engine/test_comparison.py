from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine.comparison
from engine import Dataset, Experiment, Layer, Trainer
from engine.comparison import Difference, differing_settings, first_difference

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


def test_the_first_step_whose_loss_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine.comparison, "ROWS_AT_ONCE", 16)
    rng = np.random.default_rng(2)
    trainer = Trainer(PLAIN, Dataset.from_arrays(rng.normal(size=(20, 2)), rng.normal(size=20)))
    trainer.run(100)
    old = trainer.current
    trainer.seek(40)
    trainer.change(PLAIN.changed(learning_rate=0.3))
    assert first_difference(old.series, trainer.current.series) is None
    trainer.run(100)
    new = trainer.current
    one, other = old.series.read()[:100, 0], new.series.read()[:100, 0]
    expected = 1 + int(np.flatnonzero(one != other)[0])
    assert expected == 42  # the step after the edit has the same loss still, its update is another
    assert first_difference(old.series, new.series) == expected
    assert first_difference(new.series, old.series, shared=40) == expected
    assert first_difference(old.series, old.series) is None
