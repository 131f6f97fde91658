"""The strip: one sentence that is true of its moment, keeps its room, and lets itself be read."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from engine import Experiment, Layer, Trainer, builtin, diagnose
from engine.records import Scalars
from gui.style.theme import DARK, LIGHT
from gui.text.numbers import short
from gui.training.cursor import AHEAD
from gui.training.examiner import Verdict
from gui.training.messages import Frame, Status
from gui.views.curves.points import Points
from gui.views.diagnosis import strip as module
from gui.views.diagnosis.strip import DiagnosisStrip


def twins(steps: int = 300) -> Trainer:
    """A network whose hidden units are all alike."""
    settings: dict[str, Any] = {"loss": "binary_cross_entropy", "learning_rate": 1.0, "seed": 3}
    layers = (Layer(4, "tanh"), Layer(1, "sigmoid"))
    experiment = Experiment(layers, initializer={"name": "constant", "value": 0.5}, **settings)
    trainer = Trainer(experiment, builtin("xor"))
    trainer.run(steps)
    return trainer


def frame_of(trainer: Trainer, status: Status = Status.PAUSED) -> Frame:
    copy = trainer.copy()
    if copy.completed:
        copy.seek(copy.completed - 1)
        record, phase = copy.step(), None
    else:
        record, phase = copy.peek(), AHEAD
    return Frame(
        1,
        trainer.dataset,
        record,
        phase,
        Scalars.empty(len(record.z)),
        False,
        status,
        epoch_steps=trainer.epoch_steps,
        furthest=trainer.furthest,
        in_force=trainer.experiment,
    )


def losses_of(trainer: Trainer) -> Points:
    points = Points(every_step=True)
    points.extend(trainer.scalars.steps, trainer.scalars.loss)
    return points


def shown(qtbot: QtBot, trainer: Trainer, status: Status = Status.PAUSED) -> DiagnosisStrip:
    strip = DiagnosisStrip(losses_of(trainer))
    qtbot.addWidget(strip)
    strip.resize(700, strip.sizeHint().height())
    strip.show()
    strip.show_frame(frame_of(trainer, status))
    return strip


def verdict_of(trainer: Trainer) -> Verdict:
    return Verdict(1, trainer.completed, tuple(diagnose(trainer)))


def test_what_training_does_in_means_of_named_epochs(qtbot: QtBot) -> None:
    experiment = Experiment(
        (Layer(4, "tanh"), Layer(3, "softmax")), "cross_entropy", learning_rate=0.1, batch_size=10
    )
    trainer = Trainer(experiment.changed(scaling="zscore"), builtin("iris"))
    trainer.run(12 * 15 + 4)
    loss = trainer.scalars.loss
    before, after = np.mean(loss[6 * 15 : 7 * 15]), np.mean(loss[11 * 15 : 12 * 15])
    strip = shown(qtbot, trainer)
    assert strip.told.text == (
        f"Loss {short(before)} → {short(after)} from epoch 7 to epoch 12, means of each epoch"
    )
    assert not strip.told.is_fault
    assert strip.told.moment == ""


@pytest.mark.parametrize(
    ("steps", "text"),
    [
        (0, "Press Step (→) to follow the first mini-batch phase by phase, or Run to train."),
        (1, "Loss of step 1: {0}"),
        (40, "Loss {31} → {39} from step 32 to step 40"),
    ],
)
def test_what_there_is_to_say_of_the_first_steps(qtbot: QtBot, steps: int, text: str) -> None:
    trainer = twins(steps)
    losses = [short(float(value)) for value in trainer.scalars.loss]
    assert shown(qtbot, trainer).told.text == text.format(*losses)


def test_a_gradient_of_exactly_0_is_said(qtbot: QtBot) -> None:
    experiment = Experiment(
        (Layer(2, "tanh"), Layer(1, "sigmoid")), "binary_cross_entropy", initializer="zeros"
    )
    trainer = Trainer(experiment, builtin("xor"))
    trainer.run(20)
    strip = shown(qtbot, trainer)
    assert strip.told.text == "The gradient of step 20 is exactly 0 everywhere, and nothing moves."
    strip.show_frame(dataclasses.replace(frame_of(trainer), phase=AHEAD))
    assert "exactly 0" not in strip.told.text  # not known before the backward pass


def test_two_losses_are_written_so_that_they_can_be_told_apart(qtbot: QtBot) -> None:
    trainer = twins(300)
    first, last = trainer.scalars.loss[239], trainer.scalars.loss[299]
    assert first != last
    text = shown(qtbot, trainer).told.text
    shown_first, shown_last = text.removeprefix("Loss ").split(" from ")[0].split(" → ")
    assert (shown_first != shown_last) == (f"{first:.8g}" != f"{last:.8g}")


def test_a_fault_says_its_evidence_and_after_which_step_it_was_found(qtbot: QtBot) -> None:
    trainer = twins()
    strip = shown(qtbot, trainer)
    strip.show_verdict(verdict_of(trainer))
    assert strip.told.text == (
        "4 of the 4 units of Hidden 1 begin with the same parameters and get the same gradient, so that "
        "they stay alike for ever."
    )
    assert strip.told.moment == "after step 300"
    assert strip.told.is_fault
    button = strip.findChild(QPushButton, "whyButton")
    assert button is not None
    with qtbot.waitSignal(strip.why_requested):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.mark.usefixtures("dressed")
def test_nothing_moves_whatever_is_said(qtbot: QtBot) -> None:
    trainer = twins()
    strip = shown(qtbot, trainer)
    sentence, moment = strip._sentence, strip._moment
    before = strip.sizeHint().height(), sentence.geometry(), moment.geometry()
    strip.show_verdict(verdict_of(trainer))
    qtbot.wait(0)
    assert (strip.sizeHint().height(), sentence.geometry(), moment.geometry()) == before
    strip.forget()
    assert strip.sizeHint().height() == before[0]


def test_a_sentence_stays_two_seconds_and_numbers_one_while_running(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    trainer = twins(1)
    strip = shown(qtbot, trainer, Status.RUNNING)
    first = strip.told
    trainer.run(299)
    verdict = verdict_of(trainer)
    strip._losses = losses_of(trainer)
    running = frame_of(trainer, Status.RUNNING)
    now[0] += 0.9
    strip.show_frame(running)
    assert strip.told == first
    now[0] += 0.2
    strip.show_frame(running)
    assert strip.told != first  # its numbers
    assert strip.told.topic == first.topic
    strip.show_verdict(verdict)
    assert not strip.told.is_fault
    now[0] += 0.5
    strip.show_frame(running)
    assert not strip.told.is_fault  # 1.6 s after the sentence came
    now[0] += 0.6
    strip.show_frame(running)
    assert strip.told.is_fault
    now[0] += 0.1
    strip.show_verdict(None)  # void: something was changed by hand
    assert not strip.told.is_fault


def test_what_is_shown_at_rest_is_said_at_once(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.time, "monotonic", lambda: 100.0)
    trainer = twins()
    strip = shown(qtbot, trainer)
    strip.show_verdict(verdict_of(trainer))
    assert strip.told.is_fault
    strip.show_verdict(Verdict(1, 300, ()))
    assert not strip.told.is_fault


def test_a_training_that_need_only_go_on_is_no_fault(qtbot: QtBot) -> None:
    trainer = twins()
    finding = dataclasses.replace(diagnose(trainer)[0], cause="not_run_long_enough")
    strip = shown(qtbot, trainer)
    strip.show_verdict(Verdict(1, 300, (finding,)))
    assert not strip.told.is_fault
    assert strip.told.text.startswith("Loss ")


def test_a_new_sentence_is_announced_politely(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[str, Any]] = []

    class Reader:
        AnnouncementPoliteness = module.QAccessible.AnnouncementPoliteness

        @staticmethod
        def updateAccessibility(event: Any) -> None:
            said.append((event.message(), event.politeness()))

    trainer = twins()
    strip = shown(qtbot, trainer)
    monkeypatch.setattr(module, "QAccessible", Reader)
    strip.show_verdict(verdict_of(trainer))
    strip.show_frame(frame_of(trainer))
    assert said == [(strip.told.text, Reader.AnnouncementPoliteness.Polite)]
    assert strip._sentence.accessibleName() == strip.told.text


@pytest.mark.usefixtures("dressed")
def test_what_does_not_fit_is_left_out_and_told_on_hover(qtbot: QtBot) -> None:
    trainer = twins()
    strip = shown(qtbot, trainer)
    strip.show_verdict(verdict_of(trainer))
    strip.resize(900, strip.height())
    strip.grab()
    assert strip._sentence.painted == strip.told.text
    strip.resize(420, strip.height())
    strip.grab()
    assert strip._sentence.painted.endswith("…")
    assert strip.told.text in strip._sentence.toolTip()


@pytest.mark.usefixtures("dressed")
def test_both_themes(qtbot: QtBot) -> None:
    trainer = twins()
    strip = shown(qtbot, trainer)
    strip.show_verdict(verdict_of(trainer))
    for theme in (LIGHT, DARK):
        strip.set_theme(theme)
        assert strip.property("fault") is True
        assert not strip.grab().isNull()
