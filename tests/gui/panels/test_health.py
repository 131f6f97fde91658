"""Gradient health: bars and remarks that tell no more than is revealed, and take one there."""

from __future__ import annotations

import dataclasses
import math

import pytest
from PySide6.QtCore import QEvent, Qt, QTranslator
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from engine import Dataset, Experiment, Layer, Trainer
from engine.data.builtin import builtin
from engine.parts import Part
from engine.phases import FactorKind, Phase, PhaseKind
from engine.records import Scalars
from gui.panels.health import FLAG_SECONDS, SHOWN_FLAGS, HealthPanel
from gui.style.theme import DARK
from gui.training.messages import Frame, Status

FORWARD, LOSS, BACKWARD, UPDATE = PhaseKind.FORWARD, PhaseKind.LOSS, PhaseKind.BACKWARD, PhaseKind.UPDATE


def frame_of(trainer: Trainer, phase: Phase | None = None, status: Status = Status.PAUSED) -> Frame:
    record = trainer.step()
    layers = len(record.z)
    return Frame(1, trainer.dataset, record, phase, Scalars.empty(layers), False, status)


def sick(hidden: tuple[Layer, ...] = (Layer(2, "relu"), Layer(3, "sigmoid"))) -> Trainer:
    """All units of the first layer dead, those of the second saturated."""
    data = builtin("iris")
    trainer = Trainer(Experiment((*hidden, Layer(3, "softmax")), "cross_entropy", batch_size=10), data)
    biases = trainer.biases
    biases[0][:] = -1000.0
    biases[1][:] = 30.0
    trainer.set_parameters(biases=biases)
    return trainer


def well(data: Dataset | None = None) -> Trainer:
    experiment = Experiment((Layer(4, "tanh"), Layer(3, "softmax")), "cross_entropy", learning_rate=0.01)
    return Trainer(experiment.changed(scaling="zscore"), data or builtin("iris"))


@pytest.fixture
def panel(qtbot: QtBot) -> HealthPanel:
    panel = HealthPanel()
    qtbot.addWidget(panel)
    panel.resize(270, 400)
    panel.show()
    return panel


def button(panel: HealthPanel, name: str) -> QAbstractButton:
    found = panel.findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton)
    return found


def test_norms_of_every_layer(panel: HealthPanel) -> None:
    trainer = well()
    panel.show_frame(frame_of(trainer))
    assert panel.norms == pytest.approx(trainer.scalars.gradient_norms[-1].tolist(), rel=1e-12)
    assert panel.remarks == ()
    assert panel.note == "Nothing stands out in this mini-batch."
    assert "norm of the gradient" in button(panel, "healthBar1").toolTip().lower()


def test_a_gradient_of_exactly_0_is_said_and_nothing_ticked(panel: HealthPanel) -> None:
    data = Dataset.from_arrays([[1.0], [-1.0]] * 4, [0, 0, 1, 1] * 2, kind="binary")
    experiment = Experiment(
        (Layer(2, "tanh"), Layer(1, "sigmoid")), "binary_cross_entropy", initializer="zeros"
    )
    trainer = Trainer(experiment, data)
    frame = frame_of(trainer)
    assert frame.record.data_loss == pytest.approx(math.log(2))
    panel.show_frame(frame)
    assert panel.norms == (0.0, 0.0)
    assert panel.note == "The gradient is exactly 0 everywhere: nothing can move."
    panel.show_frame(frame_of(trainer, Phase(LOSS)))
    assert panel.note == "Known after the backward pass"
    trainer.change(trainer.experiment.changed(regularizer={"name": "l2", "strength": 0.1}))
    trainer.set_parameters(weights=[[[0.5, 0.5]], [[0.0], [0.0]]])
    panel.show_frame(frame_of(trainer))
    assert panel.note == "The gradient is exactly 0 everywhere."


def test_too_few_rows_to_judge_units_are_said(panel: HealthPanel) -> None:
    trainer = sick()
    trainer.change(trainer.experiment.changed(batch_size=4))
    panel.show_frame(frame_of(trainer))
    assert not any(remark.part.kind == "unit" for remark in panel.remarks)
    assert panel.note == "A mini-batch of 4 is too small to judge single units."


def test_a_remark_takes_one_to_the_unit(panel: HealthPanel, qtbot: QtBot) -> None:
    panel.show_frame(frame_of(sick()))
    texts = [remark.text for remark in panel.remarks]
    assert texts[0] == "Layer 1: gradient vanishes, ×0"
    assert "Unit 2 of layer 1 is dead: 0 for all 10 samples" in texts
    dead = texts.index("Unit 2 of layer 1 is dead: 0 for all 10 samples")
    with qtbot.waitSignal(panel.selection_changed) as told:
        qtbot.mouseClick(button(panel, f"healthFlag{dead}"), Qt.MouseButton.LeftButton)
    assert told.args == [Part("unit", 1, 1)]


def test_a_bar_takes_one_to_the_layer_by_mouse_and_key(panel: HealthPanel, qtbot: QtBot) -> None:
    panel.show_frame(frame_of(well()))
    bar = button(panel, "healthBar2")
    with qtbot.waitSignal(panel.selection_changed) as told:
        qtbot.mouseClick(bar, Qt.MouseButton.LeftButton)
    assert told.args == [Part("layer", 2)]
    bar.setFocus()
    with qtbot.waitSignal(panel.selection_changed) as told:
        qtbot.keyClick(bar, Qt.Key.Key_Space)
    assert told.args == [Part("layer", 2)]


def test_many_units_are_counted(panel: HealthPanel) -> None:
    panel.show_frame(frame_of(sick((Layer(12, "relu"), Layer(5, "sigmoid")))))
    texts = [remark.text for remark in panel.remarks]
    assert "Layer 1: 12 of 12 units are dead" in texts
    assert any(text.startswith("Layer 2: 5 of 5 units are saturated") for text in texts)


def test_no_more_lines_than_there_is_room_for(panel: HealthPanel) -> None:
    panel.show_frame(frame_of(sick((Layer(3, "relu"), Layer(3, "sigmoid"), Layer(2, "tanh")))))
    over = len(panel.remarks) - SHOWN_FLAGS
    shown = [button(panel, f"healthFlag{index}") for index in range(SHOWN_FLAGS)]
    assert all(line.isVisible() for line in shown)
    assert over > 0 and panel.note == f"and {over} more"


@pytest.mark.parametrize(
    ("phase", "norms", "kinds"),
    [
        (Phase(PhaseKind.INPUT), [False, False, False], set()),
        (Phase(FORWARD, 1), [False, False, False], {1}),
        (Phase(FORWARD, 2), [False, False, False], {1, 2}),
        (Phase(LOSS), [False, False, False], {1, 2}),
        (Phase(BACKWARD, 3), [False, False, True], {1, 2}),
        (Phase(BACKWARD, 2), [False, True, True], {1, 2}),
        (Phase(BACKWARD, 1), [True, True, True], {1, 2}),
        (Phase(BACKWARD, 0, 3), [False, False, False], set()),
        (Phase(PhaseKind.FACTOR, 2, factor=FactorKind.SLOPE), [False, False, True], {1, 2}),
        (Phase(UPDATE), [True, True, True], {1, 2}),
        (None, [True, True, True], {1, 2}),
    ],
)
def test_nothing_is_told_before_it_is_revealed(
    panel: HealthPanel, phase: Phase | None, norms: list[bool], kinds: set[int]
) -> None:
    panel.show_frame(frame_of(sick(), phase))
    assert [norm is not None for norm in panel.norms] == norms
    units = {r.part.layer for r in panel.remarks if r.part.kind == "unit"}
    layers = {r.part.layer for r in panel.remarks if r.part.kind == "layer"}
    assert units == kinds
    assert layers == {layer for layer in (1, 2) if norms[layer - 1]}


def test_remarks_do_not_flicker_while_running(panel: HealthPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("gui.panels.health.time.monotonic", lambda: now)
    panel.show_frame(frame_of(well(), status=Status.RUNNING))
    now += FLAG_SECONDS / 2
    panel.show_frame(frame_of(sick(), status=Status.RUNNING))
    assert panel.remarks == () and len(panel.norms) == 3
    now += FLAG_SECONDS
    panel.show_frame(frame_of(sick(), status=Status.RUNNING))
    assert panel.remarks
    panel.show_frame(frame_of(well(), status=Status.PAUSED))
    assert panel.remarks == ()


def test_hidden_it_keeps_the_latest_for_later(qtbot: QtBot) -> None:
    panel = HealthPanel()
    qtbot.addWidget(panel)
    panel.show_frame(frame_of(well()))
    panel.show_frame(frame_of(sick()))
    assert panel.norms == ()
    panel.show()
    assert len(panel.norms) == 3


def test_other_networks_and_themes(panel: HealthPanel) -> None:
    panel.show_frame(frame_of(sick()))
    panel.set_theme(DARK)
    panel.show_frame(frame_of(well()))
    assert len(panel.norms) == 2
    names = [each.objectName() for each in panel.findChildren(QAbstractButton) if each.isVisible()]
    assert names == ["healthBar1", "healthBar2"]
    before = panel.grab().toImage()
    infinite = frame_of(well())
    grads = tuple(g * float("inf") for g in infinite.record.weight_grads)
    panel.show_frame(
        dataclasses.replace(infinite, record=dataclasses.replace(infinite.record, weight_grads=grads))
    )
    assert panel.grab().toImage() != before


def test_another_language_changes_every_text(panel: HealthPanel) -> None:
    class Marked(QTranslator):
        def translate(self, context: str, text: str, *_: object) -> str:
            return f"«{text}»"

    panel.show_frame(frame_of(sick()))
    marked = Marked()
    QApplication.installTranslator(marked)
    QApplication.sendEvent(panel, QEvent(QEvent.Type.LanguageChange))
    try:
        assert panel.remarks
        assert all(remark.text[0] + remark.tip[0] == "««" for remark in panel.remarks)
        assert button(panel, "healthBar1").accessibleName().startswith("«")
    finally:
        QApplication.removeTranslator(marked)
