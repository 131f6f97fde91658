"""The examination beside training: of the moment that is shown, and void as soon as it is another one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from engine import Experiment, Layer, Trainer, builtin
from engine.errors import UnexpectedError
from engine.records import Scalars
from gui.training import examiner
from gui.training.aside import Question
from gui.training.cursor import AHEAD
from gui.training.examiner import Examiner, Verdict
from gui.training.messages import Done, Frame, Status


class Slow:
    """Stands for the worker and the second thread: does what it is asked when the test wants it to."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self.waiting: list[Callable[[], None]] = []
        self.fails: Exception | None = None

    def ask(self, work: Any, then: Any, otherwise: Any) -> Question:
        question = Question(work, then, otherwise)
        copy = self.trainer.copy()

        def do() -> None:
            if question.cancelled:
                return
            if self.fails is not None:
                otherwise(self.fails)
                return
            then(work(copy, lambda: False))

        self.waiting.append(do)
        return question

    def later(self, work: Any, then: Any, otherwise: Any) -> None:
        self.waiting.append(lambda: then(work(lambda: False)))

    def turn(self) -> None:
        """Do what waits."""
        waiting, self.waiting = self.waiting, []
        for do in waiting:
            do()


class Bench:
    def __init__(self, qtbot: QtBot, trainer: Trainer) -> None:
        self.qtbot, self.trainer = qtbot, trainer
        self.aside = Slow(trainer)
        self.examiner = Examiner(self.aside)  # type: ignore[arg-type]
        self.told: list[Verdict | None] = []
        self.examiner.told.connect(self.told.append)

    def show(self, status: Status = Status.PAUSED, **changes: Any) -> None:
        copy = self.trainer.copy()
        record, phase = copy.peek(), AHEAD
        frame = Frame(
            1,
            self.trainer.dataset,
            record,
            phase,
            Scalars.empty(len(record.z)),
            False,
            status,
            in_force=self.trainer.experiment,
        )
        self.examiner.show_frame(replace(frame, **changes))

    def asked(self) -> None:
        """Wait until a copy is asked for."""
        self.qtbot.waitUntil(lambda: bool(self.aside.waiting))

    def finish(self) -> None:
        """Do all parts of the examination that is under way."""

        def go_on() -> bool:
            self.aside.turn()
            return self.examiner.is_settled

        self.qtbot.waitUntil(go_on)


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    layers = (Layer(4, "tanh"), Layer(1, "sigmoid"))
    experiment = Experiment(
        layers, "binary_cross_entropy", learning_rate=1.0, initializer={"name": "constant", "value": 0.5}
    )
    trainer = Trainer(experiment, builtin("xor"))
    trainer.run(300)
    return Bench(qtbot, trainer)


def test_the_moment_that_is_shown_is_examined_once(bench: Bench) -> None:
    bench.show()
    bench.show()
    bench.asked()
    bench.finish()
    verdict = bench.examiner.verdict
    assert verdict is not None
    assert (verdict.generation, verdict.step) == (1, 300)
    assert verdict.findings[0].cause == "symmetric_units"
    assert bench.told == [verdict]
    bench.show()
    assert bench.examiner.is_settled
    assert not bench.aside.waiting


@pytest.mark.parametrize(
    "change",
    [
        {"restart": True},
        {"edited_at": (300,)},
        {"done": {3: Done(300, True)}},
        {"generation": 2},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_change_by_hand_makes_it_void(bench: Bench, change: dict[str, Any]) -> None:
    bench.show()
    bench.asked()
    bench.finish()
    bench.show(**change)
    assert bench.examiner.verdict is None
    assert bench.told[-1] is None


def test_other_settings_make_it_void(bench: Bench) -> None:
    bench.show()
    bench.asked()
    bench.finish()
    bench.show(in_force=bench.trainer.experiment.changed(learning_rate=0.1))
    assert bench.examiner.verdict is None


def test_it_is_told_no_more_where_one_has_gone_back_before_it(bench: Bench) -> None:
    bench.show()
    bench.asked()
    bench.finish()
    bench.trainer.seek(100)
    bench.show()
    assert bench.examiner.verdict is None
    bench.asked()
    bench.finish()
    assert bench.examiner.verdict is not None
    assert bench.examiner.verdict.step == 100


def test_an_answer_about_a_moment_that_was_left_is_dropped(bench: Bench) -> None:
    bench.show()
    bench.asked()
    bench.aside.turn()  # the copy, at step 300
    bench.trainer.seek(200)
    bench.show()
    bench.finish()
    assert [verdict.step for verdict in bench.told if verdict is not None] == [200]


def test_an_answer_about_another_network_is_dropped(bench: Bench) -> None:
    bench.show()
    bench.asked()
    bench.examiner.forget()
    bench.aside.turn()
    assert bench.told == []
    assert bench.examiner.is_settled


def test_beside_training_it_tells_the_step_that_it_examined(bench: Bench) -> None:
    bench.show(Status.RUNNING)
    bench.asked()
    bench.trainer.run(50)
    bench.show(Status.RUNNING)

    def go_on() -> bool:
        bench.aside.turn()
        return bench.examiner.verdict is not None

    bench.qtbot.waitUntil(go_on)
    assert bench.examiner.verdict is not None
    assert bench.examiner.verdict.step == 300
    bench.show(Status.RUNNING)
    assert not bench.examiner.is_settled  # and again, of the present moment


def test_a_moment_that_cannot_be_examined_is_left_in_silence(bench: Bench) -> None:
    bench.aside.fails = UnexpectedError("no_memory")
    bench.show()
    bench.asked()
    bench.aside.turn()
    bench.show()
    assert bench.examiner.is_settled
    assert bench.told == []


def test_little_time_is_taken_from_training(bench: Bench) -> None:
    """What a part took is rested fifty times as long beside a training at full speed."""
    bench.show(Status.RUNNING, phase=None)
    frame = bench.examiner._frame
    assert frame is not None
    assert bench.examiner._rest(frame, 0.01) >= 0.97 / 0.03 * 10
    bench.show()
    assert bench.examiner._frame is not None
    assert bench.examiner._rest(bench.examiner._frame, 0.01) == 0


def test_time_spent_waiting_for_the_interpreter_counts_by_half(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examiner, "_now", lambda: (0.004, 0.090))
    assert examiner._taken((0.0, 0.0)) == 0.045
    monkeypatch.setattr(examiner, "_now", lambda: (0.004, 0.005))
    assert examiner._taken((0.0, 0.0)) == 0.004
