from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import Experiment, Trainer
from gui.document.examples import PRESETS, Preset
from gui.panels.examples_menu import ExamplesMenu

LISTING = Path(__file__).parents[2] / "golden" / "article_listing.json"


def trainer_of(preset: Preset) -> Trainer:
    trainer = Trainer(preset.experiment, preset.dataset)
    if preset.start is not None:
        trainer.set_parameters(preset.start.weights, preset.start.biases)
        trainer.freeze(preset.start.frozen_weights, preset.start.frozen_biases)
    return trainer


@pytest.mark.parametrize("preset", PRESETS.values(), ids=[*PRESETS])
def test_every_preset_can_be_trained_and_saved(preset: Preset) -> None:
    trainer = trainer_of(preset)
    trainer.run(20)
    assert np.isfinite(trainer.scalars.loss).all()
    assert Experiment.from_toml(preset.experiment.to_toml()) == preset.experiment
    assert preset.title and preset.explanation


def test_mazurs_numbers() -> None:
    trainer = trainer_of(PRESETS["mazur"])
    assert trainer.step().data_loss == pytest.approx(0.2983711087600027, rel=1e-14)
    assert trainer.peek().data_loss == pytest.approx(0.29102777369359933, rel=1e-13)
    assert [b.tolist() for b in trainer.biases] == [[0.35, 0.35], [0.60, 0.60]]


def test_the_articles_numbers() -> None:
    case = json.loads(LISTING.read_text(encoding="utf-8"))["cases"][0]
    record = trainer_of(PRESETS["article"]).peek()
    assert np.array_equal(record.a[0], case["inputs"])
    assert np.array_equal(record.targets, case["targets"])
    for found, name in zip(
        (*record.weights_before, *record.biases_before), ("W1", "W2", "b1", "b2"), strict=True
    ):
        assert np.array_equal(found, case[f"{name}_0"])
    assert record.learning_rate == case["learning_rate"]
    # the listing's signs are those of targets - outputs
    assert record.delta[0] == pytest.approx(-np.array(case["hidden_gradients_before_update"]), rel=1e-12)


@pytest.mark.parametrize(
    ("key", "output"),
    [("nielsen_squared", 0.2028484242677765), ("nielsen_cross_entropy", 0.7795870642061684)],
)
def test_nielsens_neuron_after_300_steps(key: str, output: float) -> None:
    trainer = trainer_of(PRESETS[key])
    trainer.run(300)
    assert trainer.peek().a[1].item() == pytest.approx(output, rel=1e-12)


@pytest.mark.parametrize(("key", "steps"), [("xor", 2_000), ("circles", 4_000)])
def test_what_is_said_to_be_learnable_is_learned(key: str, steps: int) -> None:
    trainer = trainer_of(PRESETS[key])
    assert trainer.run(steps).metric[-20:].mean() > 0.98


def test_the_menu_offers_them_all(qtbot: QtBot) -> None:
    menu = ExamplesMenu()
    qtbot.addWidget(menu)
    chosen: list[Preset] = []
    menu.preset_chosen.connect(chosen.append)
    for action in menu.actions():
        assert action.text() and action.statusTip()
        action.trigger()
    assert chosen == [*PRESETS.values()]
    QApplication.sendEvent(menu, QEvent(QEvent.Type.LanguageChange))
    assert menu.title() == "Examples"
