"""One weight in all the places where people and programs meet it.

What people read counts units from 1 and carries names; the Python API counts from 0, as NumPy does, and
takes a name in place of a number.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from engine import Dataset, Experiment, Layer, Trainer, builtin, explain
from engine.errors import ExperimentError
from engine.explain.derivation import derivation
from engine.files.session import capture
from engine.files.traces import write_parameters
from gui.app import _parser
from gui.main_window import MainWindow
from gui.training.messages import Frame
from gui.widgets.one_line import OneLine
from tests.gui.driver import made

LAYERS = (Layer(5, "tanh"), Layer(3, "softmax"))


@pytest.fixture
def trainer() -> Trainer:
    experiment = Experiment(LAYERS, "cross_entropy", learning_rate=0.03, batch_size=10, seed=3)
    trainer = Trainer(experiment, builtin("iris"))
    trainer.run(20)
    return trainer


@pytest.fixture
def frames() -> list[Frame]:
    return []


@pytest.fixture
def window(qtbot: QtBot, trainer: Trainer, frames: list[Frame]) -> Iterator[MainWindow]:
    window = made(remember=False)
    window.frame_shown.connect(frames.append)
    window.show()
    window.document.open_problem(trainer.experiment, trainer.dataset)
    qtbot.waitUntil(lambda: bool(frames) and frames[-1].dataset is trainer.dataset)
    yield window
    window.close()
    window.deleteLater()


@pytest.mark.parametrize(
    ("asked", "api", "named", "ends", "caption", "symbol"),
    [
        (
            ("1", "3", "2"),
            (1, 2, 1),
            (1, "petal_length", 1),
            ("petal_length", "unit 2"),
            "Weight from input petal_length to Hidden 1 · unit 2",
            "w^{(1)}_{32}",
        ),
        (
            ("2", "5", "1"),
            (2, 4, 0),
            (2, 4, "setosa"),
            ("unit 5", "setosa"),
            "Weight from Hidden 1 · unit 5 to output setosa",
            "w^{(2)}_{51}",
        ),
    ],
)
def test_a_weight_is_the_same_wherever_it_is_met(
    asked: tuple[str, str, str],
    api: tuple[int, int, int],
    named: tuple[int, int | str, int | str],
    ends: tuple[str, str],
    caption: str,
    symbol: str,
    window: MainWindow,
    frames: list[Frame],
    trainer: Trainer,
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    layer, source, unit = api
    record = frames[-1].record
    value = record.weights_before[layer - 1][source, unit]

    # the Python API, by number and by name
    gradient = record.weight_grads[layer - 1][source, unit]
    assert explain(record.experiment, record, weight=api).gradient == gradient
    assert explain(record.experiment, record, weight=named).gradient == gradient

    # --select, the window's inspector and its table
    window.begin(None, None, _parser().parse_args(["--select", ",".join(asked)]).select)
    shown = window.chain_rule_view.findChild(OneLine, "chainRuleCaption")
    assert shown is not None
    qtbot.waitUntil(lambda: shown.text == caption)
    window.tabs.setCurrentWidget(window.parameters_view)
    window.parameters_view.copy(everything=False, separator=",")
    qtbot.waitUntil(lambda: not window.parameters_view.is_copying)
    row = next(csv.DictReader(QGuiApplication.clipboard().text().splitlines()))
    assert (row["Layer"], row["From"], row["To"]) == (str(layer), *ends)
    assert float(row["Before"]) == value

    # the exported table
    write_parameters(capture(trainer), tmp_path / "p.csv")
    with (tmp_path / "p.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if (row["layer"], row["from"], row["to"]) == asked]
    assert len(rows) == 1
    assert float(rows[0]["value"]) == trainer.weights[layer - 1][source, unit]
    assert [rows[0]["from_name"], rows[0]["to_name"]] == ["" if "unit" in end else end for end in ends]

    # the derivation
    text = derivation(record.experiment, record, weight=named)
    assert text == derivation(record.experiment, record, weight=api)
    assert symbol in text
    assert ends[0] in text
    assert ends[1] in text


def test_names_in_the_api(trainer: Trainer) -> None:
    record = trainer.step()
    trainer.freeze(weights=[(1, "petal_length", 1)], biases=[(2, "setosa")])
    held = trainer.step().frozen
    assert np.argwhere(held[0][0]).tolist() == [[2, 1]]
    assert np.argwhere(held[1][1]).tolist() == [[0]]
    trainer.unfreeze(weights=[(1, 2, 1)], biases=[(2, np.int64(0))])
    assert not any(array.any() for part in trainer.step().frozen for array in part)
    assert explain(trainer.experiment, record, unit=(0, "sepal_width")).unit == 1
    for place in ((1, "setosa", 0), (1, 0, "setosa"), (2, "petal_length", 0), (2, 0, "rose"), ("1", 0, 0)):
        with pytest.raises(ExperimentError, match="There is no weight") as caught:
            explain(trainer.experiment, record, weight=place)  # type: ignore[arg-type]
        assert caught.value.kind == "parameter_unknown"
        assert "4-5-3" in str(caught.value)


def test_a_name_that_two_have_names_none() -> None:
    data = Dataset.from_arrays([[1.0, 2.0]], [1.0], feature_names=("x", "x"))
    record = Trainer(Experiment((Layer(1),)), data).step()
    with pytest.raises(ExperimentError, match="'x'"):
        explain(record.experiment, record, weight=(1, "x", 0))
