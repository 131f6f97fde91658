"""The bars and the sentence on the size of the gradients."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.data.dataset import Dataset
from engine.experiment import Experiment, Layer
from engine.phases import Phase, PhaseKind
from engine.records import Scalars
from engine.training.trainer import Trainer
from gui.document.document import Document
from gui.panels.setup.health import HealthSection, flattest_unit
from gui.training.messages import Frame, Status

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def trainer() -> Trainer:
    rng = np.random.default_rng(3)
    data = Dataset.from_arrays(rng.normal(size=(12, 2)), rng.integers(0, 2, 12), kind="binary")
    layers = (Layer(4, "tanh"), Layer(2, "tanh"), Layer(1, "sigmoid"))
    return Trainer(Experiment(layers, loss="binary_cross_entropy", batch_size=6), data)


@pytest.fixture
def section(qtbot: QtBot, trainer: Trainer) -> Iterator[HealthSection]:
    document = Document(trainer.experiment, trainer.dataset)
    made = HealthSection(document)
    qtbot.addWidget(made)
    made.resize(226, 300)
    made.show()
    yield made
    document.deleteLater()


def frame_of(trainer: Trainer, phase: Phase | None = None, status: Status = Status.PAUSED) -> Frame:
    """The next step, and the scalars of it and of the one before."""
    trainer.step()
    record = trainer.step()
    return Frame(1, trainer.dataset, record, phase, trainer.scalars, False, status)


def norms(record_weights: tuple[np.ndarray, ...], record_biases: tuple[np.ndarray, ...]) -> list[float]:
    pairs = zip(record_weights, record_biases, strict=True)
    return [float(np.sqrt((w**2).sum() + (b**2).sum())) for w, b in pairs]


def test_shows_each_layers_norm(section: HealthSection, trainer: Trainer) -> None:
    section.read()
    assert [bar.norm for bar in section.bars.bars] == [None] * 3
    frame = frame_of(trainer)
    section.show_frame(frame)
    expected = norms(frame.record.weight_grads, frame.record.bias_grads)
    assert [bar.norm for bar in section.bars.bars] == pytest.approx(expected, rel=1e-12)
    low, high = section.bars.scale or (0, 0)
    assert 10.0**low <= min(expected) and max(expected) <= 10.0**high and high - low >= 3
    factor = max(expected) / min(expected)
    assert f"within a factor of {factor:.2g}" in section.sentence


def test_before_its_update_a_step_is_not_a_whole_one(section: HealthSection, trainer: Trainer) -> None:
    trainer.step()
    first = trainer.step()
    before = norms(first.weight_grads, first.bias_grads)
    record = trainer.step()
    frame = Frame(
        1, trainer.dataset, record, Phase(PhaseKind.BACKWARD, 2), trainer.scalars, False, Status.PAUSED
    )
    section.show_frame(frame)
    assert [bar.norm for bar in section.bars.bars] == pytest.approx(before, rel=1e-12)


def test_finds_the_flattest_hidden_unit(section: HealthSection, trainer: Trainer) -> None:
    frame = frame_of(trainer)
    slopes = [(1 - np.tanh(z) ** 2).mean(0) for z in frame.record.z[:2]]
    value = min(float(s.min()) for s in slopes)
    layer = next(index for index, s in enumerate(slopes) if s.min() == value)
    unit = int(slopes[layer].argmin())
    assert flattest_unit(frame) == (layer + 1, unit, pytest.approx(value, rel=1e-12))
    section.show_frame(frame)
    assert f"unit {unit + 1}, mean tanh′ {value:.4g}" in section.sentence
    hidden = Frame(
        1, trainer.dataset, frame.record, Phase(PhaseKind.INPUT), trainer.scalars, False, Status.PAUSED
    )
    assert flattest_unit(hidden) is None, "its z are not known yet"


def test_nothing_moves_while_it_runs(section: HealthSection, trainer: Trainer) -> None:
    section.show_frame(frame_of(trainer))
    QApplication.processEvents()
    places = [child.geometry() for child in section.inside.children() if child.isWidgetType()]  # type: ignore[attr-defined]
    scale = section.bars.scale
    for _ in range(20):
        section._shown_at = 0.0
        section.show_frame(frame_of(trainer, status=Status.RUNNING))
        QApplication.processEvents()
    assert places == [child.geometry() for child in section.inside.children() if child.isWidgetType()]  # type: ignore[attr-defined]
    low, high = section.bars.scale or (0, 0)
    assert scale is not None and low <= scale[0] and high >= scale[1]


def test_says_what_is_not_finite_or_nothing(section: HealthSection, trainer: Trainer) -> None:
    frame = frame_of(trainer)
    empty = Scalars.empty(3)
    section.show_frame(Frame(1, trainer.dataset, frame.record, None, empty, False, Status.PAUSED))
    assert section.sentence == "The gradients come with the first step."


def test_what_came_while_it_was_hidden_is_shown_when_it_is_seen(
    section: HealthSection, trainer: Trainer
) -> None:
    section.hide()
    section.show_frame(frame_of(trainer))
    assert [bar.norm for bar in section.bars.bars] == [] or section.bars.bars[0].norm is None
    section.show()
    assert all(bar.norm is not None for bar in section.bars.bars)
