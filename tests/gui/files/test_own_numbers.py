"""Check my numbers, as people use it: pasted, dropped, typed, run; in the page, with the second thread."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton, QTableWidgetItem
from pytestqt.qtbot import QtBot

from engine import Dataset, Experiment, Layer, StepRecord, Trainer
from engine.mistakes.batch import Batch
from engine.mistakes.replayed import replay
from engine.parts import Part
from engine.phases import FactorKind, PhaseKind
from engine.records import Scalars
from gui.files.own_numbers import OwnNumbersDesk
from gui.training.messages import Frame, Status
from gui.training.tasks import Tasks
from gui.views.check_numbers import CheckNumbersView
from gui.views.check_numbers.view import rings_of
from gui.views.network.rings import RingKind

NET = Experiment(
    (Layer(4, "tanh"), Layer(2, "tanh"), Layer(1, "sigmoid")),
    "binary_cross_entropy",
    learning_rate=0.3,
    batch_size=8,
    validation=0.2,
    seed=5,
)


def frame_of(experiment: Experiment = NET, steps: int = 20) -> Frame:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(60, 2))
    k = experiment.layers[-1].units
    if k == 1:
        data = Dataset.from_arrays(x, (np.hypot(*x.T) > 1.1).astype(float), kind="binary")
    else:
        data = Dataset.from_arrays(x, rng.uniform(0.1, 0.9, (60, k)))
    trainer = Trainer(experiment, data)
    trainer.run(steps)
    record = trainer.step()
    return Frame(1, data, record, None, Scalars.empty(len(record.z)), False, Status.PAUSED)


def numbers(record: StepRecord, *mistakes: str, kinds: tuple[str, ...] = ("dW", "db")) -> dict[str, Any]:
    """What a student's program would have computed."""
    values = replay(Batch.of(record).case(record.experiment), mistakes)[1]
    return {name: v for name, v in values.items() if name.rstrip("0123456789") in kinds}


def as_text(values: dict[str, Any]) -> str:
    return "\n".join(f"{n} =\n{np.array2string(v, threshold=10**6, precision=8)}" for n, v in values.items())


class Page:
    """The desk with its page, its thread, and a way to wait for them."""

    def __init__(self, qtbot: QtBot, frame: Frame) -> None:
        self.bot, self.frame = qtbot, frame
        self.view = CheckNumbersView()
        qtbot.addWidget(self.view)
        self.tasks = Tasks()
        self.desk = OwnNumbersDesk(self.view, self.tasks, remember=False)
        self.shown: list[Any] = []
        self.desk.show_wanted.connect(lambda *found: self.shown.append(found))
        self.view.show_frame(frame)
        self.tasks.start()
        self.view.show()

    def give(self, act: Callable[[], object]) -> None:
        """Do something that ends with a task, and wait for that."""
        with self.bot.waitSignal(self.tasks.ended, timeout=60_000):
            act()
        self.bot.waitUntil(lambda: self.desk.is_idle)

    def paste(self, text: str) -> None:
        QApplication.clipboard().setText(text)
        button = self.view.findChild(QPushButton, "pasteNumbersButton")
        self.give(lambda: self.bot.mouseClick(button, Qt.MouseButton.LeftButton))

    @property
    def message(self) -> str:
        return self.view.message.text


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[Page]:
    page = Page(qtbot, frame_of())
    yield page
    page.view.close()
    page.tasks.shut_down()


# -- the verdict ----------------------------------------------------------------------------------------


def test_a_students_matrices_are_pasted_and_the_mistake_is_named(page: Page) -> None:
    page.paste(as_text(numbers(page.frame.record, "mean_twice_hidden")))
    outcome = page.view.outcome
    assert outcome is not None and not outcome.is_own
    assert outcome.verdict.first_wrong == "dW2"
    assert outcome.result.mistakes == (("mean_twice_hidden",),)
    said = page.view.card.said
    assert "First wrong quantity" in said and "dW2" in said and "Hidden 2" in said
    assert "divided by the batch size again at every hidden layer" in said
    assert "0.125 times the right value" in said and "1/B" in said
    assert "dW3, db3" in said and "no second mistake" in said
    assert "delta = (delta_next @ W_next.T) * f'(z) / B" in said
    assert "Multiplied out: dW2[" in said and "✓ true:" in said and "✗ yours:" in said
    assert "step 21" in page.view.moment and "batch of 8" in page.view.moment
    kinds = dict(page.view.ribbon.states)
    assert kinds["Backward 3"] is RingKind.AGREES and kinds["Backward 2"] is RingKind.FIRST
    assert kinds["Backward 1"] is RingKind.LATER and kinds["Forward 1"] is RingKind.ABSENT


def test_the_table_says_of_each_number_what_it_is_to_the_true_one(page: Page) -> None:
    page.paste(as_text(numbers(page.frame.record, "mean_twice_hidden")))
    model = page.view.table.numbers
    rows = [[model.index(row, column).data() for column in range(4)] for row in range(model.rowCount())]
    assert rows[0][0] == "dW3" and rows[0][1] == "✓ agrees"
    assert ["dW2", "✗ first wrong one"] in [row[:2] for row in rows]
    of_dW2 = [row[3] for row in rows[6:14]]
    assert of_dW2 == ["true ÷ 8"] * 8
    assert {row[3] for row in rows[-4:]} == {"true ÷ 64"}
    assert "wrong: 22" in page.view._summary.text()


def test_show_me_asks_for_the_factor_of_the_true_pass(page: Page) -> None:
    page.paste(as_text(numbers(page.frame.record, "mean_twice_hidden")))
    button = page.view.findChild(QPushButton, "verdictShow")
    page.bot.mouseClick(button, Qt.MouseButton.LeftButton)
    frame, part, phase, sample = page.shown[0]
    worst = page.view.outcome.verdict["dW2"].worst  # type: ignore[union-attr]
    assert frame is page.frame and part == Part("weight", 2, worst[1], worst[0]) and sample is None
    assert phase.kind is PhaseKind.FACTOR and phase.layer == 2 and phase.factor is FactorKind.UPSTREAM


@pytest.mark.parametrize(
    ("mistake", "kinds", "kind", "factor"),
    [
        ("no_hidden_slope", ("delta",), PhaseKind.FACTOR, FactorKind.SLOPE),
        ("dW_from_z", ("dW",), PhaseKind.FACTOR, FactorKind.INCOMING),
        ("bias_sum", ("db",), PhaseKind.FACTOR, FactorKind.GRADIENT),
        ("lr_twice", ("W", "b"), PhaseKind.UPDATE, None),
        ("bias_left_out_forward", ("z",), PhaseKind.FORWARD, None),
        ("loss_log2", ("loss",), PhaseKind.LOSS, None),
    ],
)
def test_where_each_kind_of_mistake_is_shown(
    page: Page, mistake: str, kinds: tuple[str, ...], kind: PhaseKind, factor: FactorKind | None
) -> None:
    page.paste(as_text(numbers(page.frame.record, mistake, kinds=kinds)))
    assert (mistake,) in page.view.outcome.result.mistakes  # type: ignore[union-attr]
    page.view.findChild(QPushButton, "verdictShow").click()
    _, _, phase, _ = page.shown[0]
    assert phase.kind is kind and phase.factor is factor


def test_right_numbers_are_said_to_be_right(page: Page) -> None:
    page.paste(as_text(numbers(page.frame.record, kinds=("z", "a", "loss", "delta", "dW", "db", "W", "b"))))
    assert "All of it agrees" in page.view.card.said
    assert not page.view.findChild(QPushButton, "verdictShow").isEnabled()
    assert {kind for _, kind in page.view.ribbon.states} == {RingKind.AGREES}


def test_an_unknown_mistake_is_located_and_not_named(page: Page) -> None:
    values = numbers(page.frame.record)
    values["dW2"] = values["dW2"] * np.linspace(0.3, 1.7, 8).reshape(4, 2) + 0.02
    page.paste(as_text(values))
    said = page.view.card.said
    assert "none of the known mistakes gives your numbers" in said and "It differs first in dW2[" in said
    assert "how it came about is not known" in said and "Your line" not in said
    assert not page.view.findChild(QPushButton, "verdictRuns").isEnabled()
    assert len(page.view._ratios.ratios) == 25


def test_two_mistakes_at_once_are_both_told(page: Page) -> None:
    page.paste(as_text(numbers(page.frame.record, "factor_two", "bias_sum")))
    said = page.view.card.said
    assert "Two mistakes at once:" in said
    assert "Every delta is twice as large" in said and "Biases are summed over the batch" in said


def test_mistakes_that_come_to_the_same_can_be_looked_at_one_by_one(page: Page) -> None:
    page.paste(as_text(numbers(page.frame.record, "update_divided_by_batch", kinds=("W", "b"))))
    outcome = page.view.outcome
    assert outcome is not None and len(outcome.result.mistakes) > 1
    box = page.view.card._which
    assert box.isVisible() and box.count() == len(outcome.details)
    first = page.view.card._wrong_line.text()
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert page.view.card._wrong_line.text() != first


def test_the_rings_say_what_agrees(page: Page) -> None:
    page.paste(as_text(numbers(page.frame.record, "mean_twice_hidden")))
    rings = page.view.network.canvas.graph.rings
    assert rings is not None
    of = {ring.part: ring.kind for ring in rings.rings}
    assert of[Part("weight", 3, 0, 1)] is RingKind.AGREES and of[Part("bias", 3, 0)] is RingKind.AGREES
    assert of[Part("weight", 2, 1, 3)] is RingKind.FIRST and of[Part("weight", 1, 0, 0)] is RingKind.LATER
    page.view.grab()
    assert len(rings.chips) > 15


def test_what_was_not_given_has_a_ring_of_its_own(page: Page) -> None:
    values = numbers(page.frame.record, "mean_twice_hidden")
    page.paste(as_text({name: values[name] for name in ("dW3", "dW2")}))
    rings = page.view.network.canvas.graph.rings
    assert rings is not None
    of = {ring.part: ring.kind for ring in rings.rings}
    assert of[Part("weight", 1, 0, 0)] is RingKind.ABSENT and of[Part("bias", 2, 1)] is RingKind.ABSENT
    assert of[Part("weight", 2, 1, 3)] is RingKind.FIRST
    page.view.grab()


def test_a_part_of_the_graph_leads_to_its_number(page: Page) -> None:
    page.paste(as_text(numbers(page.frame.record, "mean_twice_hidden")))
    page.view.network.focus.select(Part("weight", 1, 2, 1))
    number = page.view.table.numbers.number_at(page.view.table.currentIndex().row())
    assert number is not None and (number.name, number.place) == ("dW1", (1, 2))


# -- what it does to training ---------------------------------------------------------------------------


def test_two_trainings_are_made_and_neither_is_kept(page: Page) -> None:
    page.paste(as_text(numbers(page.frame.record, "error_sign")))
    page.give(lambda: page.view.findChild(QPushButton, "verdictRuns").click())
    runs = page.view.curves.runs
    assert runs is not None and len(runs.right) == 201
    assert runs.right[-1] < runs.right[0] < runs.other[-1]
    assert "saved nowhere" in page.view.curves.accessibleName()
    assert page.view._lower.currentWidget() is page.view.curves
    page.view.grab()


# -- what it is checked against -------------------------------------------------------------------------


def test_the_step_is_frozen_when_numbers_are_given(page: Page) -> None:
    page.paste(as_text(numbers(page.frame.record, "half")))
    page.view.show_frame(frame_of(steps=40))
    assert page.view.outcome is not None and page.view.outcome.frame is page.frame
    assert "step 21" in page.view.moment
    page.give(lambda: page.view._again_action.trigger())
    assert "step 41" in page.view.moment
    assert page.view.outcome.verdict.first_wrong and not page.view.outcome.result.mistakes


def test_numbers_with_data_of_their_own_are_checked_against_these(page: Page) -> None:
    record = frame_of(steps=3).record
    case = Batch.of(record).case(NET)
    start = {"X": case.inputs, "y": case.targets}
    start |= {f"W{n}": case.W[n] for n in (1, 2, 3)} | {f"b{n}": case.b[n] for n in (1, 2, 3)}
    values = numbers(record, "no_hidden_slope")
    page.paste(as_text({**start, **values}))
    outcome = page.view.outcome
    assert outcome is not None and outcome.is_own
    assert outcome.result.mistakes == (("no_hidden_slope",),)
    assert "your own X, T, W and b" in page.view.moment
    show = page.view.findChild(QPushButton, "verdictShow")
    assert not show.isEnabled(), "there is no true pass of it in the main window"
    assert "data and weights of its own" in show.toolTip()
    page.paste(as_text(numbers(page.frame.record, "half")))
    assert show.isEnabled() and "Go to this factor" in show.toolTip()


def test_a_number_worked_out_by_hand_is_judged_by_its_digits(page: Page) -> None:
    page.view._tabs.setCurrentIndex(3)
    typed = page.view.by_hand
    typed.quantity.setCurrentIndex(typed.quantity.findData("W2"))
    right = page.frame.record.weights_after[1][2, 1]
    page.give(lambda: typed.table.setItem(2, 1, QTableWidgetItem(f"{right:.4f}")))
    assert "All of it agrees" in page.view.card.said and "1 numbers" not in page.view.card.said
    page.give(lambda: typed.table.item(2, 1).setText(f"{right + 0.01:.4f}"))
    assert page.view.outcome is not None and page.view.outcome.verdict.first_wrong == "W2"
    assert page.view.outcome.verdict["W2"].worst == (2, 1)
    assert page.view.table.numbers.rowCount() == 2, "the others were not given"
    outcome = page.view.outcome
    rings, _ = rings_of(outcome.verdict, outcome.frame.record.sizes, outcome.half)
    told = {ring.part for ring in rings if ring.kind is not RingKind.ABSENT}
    assert told == {Part("weight", 2, 1, 2)}, "nor does the graph call a 0 of them right"
    typed.table.item(2, 1).setText("0.1x")
    assert "'0.1x' is not a number" in typed.note


def test_a_verdict_goes_with_the_typed_numbers_it_is_about(page: Page) -> None:
    page.view._tabs.setCurrentIndex(3)
    typed = page.view.by_hand
    typed.quantity.setCurrentIndex(typed.quantity.findData("W2"))
    right = f"{page.frame.record.weights_after[1][2, 1]:.4f}"

    def judged() -> bool:
        return "All of it agrees" in page.view.card.said

    page.give(lambda: typed.table.setItem(2, 1, QTableWidgetItem(right)))
    assert judged()
    typed.table.item(2, 1).setText("0.1x")
    assert page.view.outcome is None and not judged() and "0.1x" in typed.note
    page.give(lambda: typed.table.item(2, 1).setText(right))
    assert judged()
    page.view.findChild(QPushButton, "typedClear").click()
    assert page.view.outcome is None and "Nothing checked yet" in page.view.card.said
    assert page.view.table.numbers.rowCount() == 0
    page.give(lambda: typed.table.item(2, 1).setText(right))
    typed.table.item(2, 1).setText("")
    assert page.view.outcome is None, "nor is anything said of no numbers"
    page.paste(as_text(numbers(page.frame.record)))
    page.view.findChild(QPushButton, "typedClear").click()
    assert judged(), "what was pasted is another matter"


@pytest.mark.parametrize("text", ["dW1 = [[0.1, 0.2", "qwerty = [[0.1, 0.2], [0.3, 0.4]]"])
def test_a_paste_that_cannot_be_read_leaves_no_verdict_of_the_one_before(page: Page, text: str) -> None:
    page.paste(as_text(numbers(page.frame.record)))
    page.view.show_frame(frame_of(steps=40))
    page.paste(text)
    assert page.message and page.view.outcome is None
    assert "Nothing checked yet" in page.view.card.said and "step 41" in page.view.moment
    page.view.findChild(QPushButton, "typedClear").click()
    page.paste(as_text(numbers(page.view.frame.record)))
    assert "All of it agrees" in page.view.card.said


def test_weights_as_pytorch_has_them_are_recognised_and_told(page: Page) -> None:
    values = {n: v.T if n.startswith("dW") else v for n, v in numbers(page.frame.record, "half").items()}
    page.paste(as_text(values))
    assert page.view.outcome is not None and page.view.outcome.result.mistakes == (("half",),)
    assert "(units, units below)" in page.view.names.note
    assert "(units, units below)" in page.view.moment


def test_a_name_that_cannot_be_guessed_is_corrected(page: Page) -> None:
    values = numbers(page.frame.record, "half")
    values["qwerty"] = values.pop("dW2")
    page.paste(as_text(values))
    assert page.view.outcome is not None and "dW2" not in [
        q.name for q in page.view.outcome.verdict.quantities
    ]
    box = page.view.names.combo("qwerty")
    assert box.currentData() is None
    box.setCurrentIndex(box.findData("dW2"))
    page.give(lambda: box.activated.emit(box.currentIndex()))
    assert "dW2" in [q.name for q in page.view.outcome.verdict.quantities]
    assert page.view.outcome.result.mistakes == (("half",),)


# -- files and programs -----------------------------------------------------------------------------------


def test_a_file_is_dropped(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "mine.npz"
    np.savez(path, **numbers(page.frame.record, "factor_two"))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    actions, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    event = QDropEvent(QPointF(5, 5), actions, data, left, Qt.KeyboardModifier.NoModifier)
    page.give(lambda: page.view.dropEvent(event))
    assert page.view.outcome is not None and page.view.outcome.result.mistakes == (("factor_two",),)
    assert page.view.moment.startswith("mine.npz")


@pytest.mark.parametrize("suffix", ["json", "csv", "txt"])
def test_other_files(page: Page, tmp_path: Path, suffix: str) -> None:
    values = numbers(page.frame.record, "factor_two")
    path = tmp_path / f"mine.{suffix}"
    if suffix == "json":
        path.write_text(json.dumps({name: v.tolist() for name, v in values.items()}))
    elif suffix == "csv":
        lines = ["name,row,column,value"]
        for name, v in values.items():
            for place in np.ndindex(v.shape):
                column = place[1] if len(place) > 1 else ""
                lines.append(f"{name},{place[0]},{column},{float(v[place])!r}")
        path.write_text("\n".join(lines))
    else:
        path.write_text(as_text(values))
    page.give(lambda: page.desk.check_file(path))
    assert page.view.outcome is not None and page.view.outcome.result.mistakes == (("factor_two",),)


PROGRAM = """
import numpy as np

open("ran.txt", "w").write("it was run")

def step(X, T, W, b):
    B = len(X)
    a = [X]
    for l in range(3):
        z = a[-1] @ W[l] + b[l]
        a.append(np.tanh(z) if l < 2 else 1 / (1 + np.exp(-z)))
    d3 = (a[3] - T) / B
    d2 = d3 @ W[2].T * (1 - a[2])
    d1 = d2 @ W[1].T * (1 - a[1])
    return {"dW3": a[2].T @ d3, "dW2": a[1].T @ d2, "dW1": X.T @ d1}
"""


def test_a_program_is_run_only_when_it_is_asked_for(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "homework.py"
    path.write_text(PROGRAM)
    page.desk.check_file(path)
    assert "It has not been run" in page.message and "60 s" in page.message and "4 GB" in page.message
    assert page.view.outcome is None and not (tmp_path / "ran.txt").exists()
    button = page.view.message.findChild(QPushButton, "messageActionButton")
    assert button.text() == "Run it"
    page.give(lambda: page.bot.mouseClick(button, Qt.MouseButton.LeftButton))
    assert page.view.outcome is not None and page.view.outcome.result.mistakes == (("tanh_not_squared",),)
    assert not (tmp_path / "ran.txt").exists(), "it works in a folder of its own"
    assert "called with 3 batches; right: 0" in page.view.moment and "step 21" in page.view.moment
    assert "It wrote ran.txt into its working folder" in page.view.card.said


def test_a_pasted_program_is_recognised_and_not_run(page: Page) -> None:
    page.paste(PROGRAM)
    assert "is a program. It has not been run" in page.message and page.view.outcome is None


LISTING = """
import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def train(X, T, W1, b1, W2, b2, eta):
    z1 = X @ W1 + b1
    a1 = sigmoid(z1)
    z2 = a1 @ W2 + b2
    a2 = sigmoid(z2)
    error = T - a2
    delta2 = error * a2 * (1 - a2)
    W2 += eta * a1.T.dot(delta2)
    b2 += eta * np.mean(delta2, axis=0)
    delta1 = delta2.dot(W2.T) * a1 * (1 - a1)
    W1 += eta * X.T.dot(delta1)
    b1 += eta * np.mean(delta1, axis=0)

X = np.array([[0.3, -0.8], [0.7, 0.4], [-0.5, 0.9]])
T = np.array([[0.2, 0.9], [0.8, 0.4], [0.6, 0.1]])
W1 = np.array([[0.4, -0.6, 0.3], [0.2, 0.8, -0.7]])
b1 = np.array([0.1, -0.2, 0.3])
W2 = np.array([[0.5, -0.3], [0.9, 0.7], [-0.4, 0.6]])
b2 = np.array([0.2, -0.1])
train(X, T, W1, b1, W2, b2, 0.5)
"""


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_articles_listing_is_named_with_both_departures(qtbot: QtBot, language: str) -> None:
    from gui.style.appearance import Appearance

    application = QApplication.instance()
    assert isinstance(application, QApplication)
    appearance = Appearance(application, remember=False)
    appearance.set_language(language)
    article = NET.changed(
        layers=(Layer(3, "sigmoid"), Layer(2, "sigmoid")),
        loss="squared_error",
        reduction="sum",
        learning_rate=0.5,
    )
    page = Page(qtbot, frame_of(article))
    try:
        page.paste(LISTING)
        button = page.view.message.findChild(QPushButton, "messageActionButton")
        page.give(lambda: page.bot.mouseClick(button, Qt.MouseButton.LeftButton))
        outcome = page.view.outcome
        assert outcome is not None, page.message
        assert {frozenset(e) for e in outcome.result.mistakes} == {
            frozenset(("updated_weights_backward", "bias_mean"))
        }
        said = page.view.card.said
        expected = {
            "en": ("weights that this step has updated already", "Biases are averaged over the batch"),
            "zh_CN": ("更新", "偏置"),
        }[language]
        assert all(words in said for words in expected), said
    finally:
        appearance.set_language("en")
        page.view.close()
        page.tasks.shut_down()


def test_a_test_case_is_written(page: Page, tmp_path: Path) -> None:
    folder = tmp_path / "case"
    page.give(lambda: page.desk.give_case(folder, page.frame))
    assert sorted(path.name for path in folder.iterdir()) == ["case.npz", "check_me.py", "probe.py"]
    assert "check_me.py" in page.message
    page.give(lambda: page.desk.give_case(folder, page.frame))
    assert "not overwritten" in page.message


# -- bad input --------------------------------------------------------------------------------------------

BAD_TEXTS = {
    "an ellipsis": ("dW1 = [[0.1 0.2]\n ...\n [0.3 0.4]]", "Line 2: NumPy has left numbers out"),
    "ragged": ("dW2 = [[1, 2], [3]]", "not all as many"),
    "complex": ("dW1 = [[1+2j, 0.3]]", "complex"),
    "unclosed": ("dW1 = [[0.1, 0.2", "never closed"),
    "no numbers": ("hello there", "No numbers were found"),
    "a shape that fits no layout": (
        "\ngrads['W1'] = [[0.1, 0.2, 0.3], [0.1, 0.2, 0.5]]",
        "Line 2: grads['W1'] (dW1) has the shape (2, 3), which fits no layout",
    ),
    "a name that cannot be guessed": ("qwerty = [[0.1, 0.2], [0.3, 0.4]]", "None of these is known"),
    "not JSON": ('{"dW1": [[0.1, 0.2], [0.3,}', "not valid JSON"),
}


@pytest.mark.parametrize("kind", [*BAD_TEXTS])
def test_bad_numbers_are_refused_with_line_and_mend(page: Page, kind: str) -> None:
    text, expected = BAD_TEXTS[kind]
    page.paste(text)
    assert expected in page.message and page.view.outcome is None
    assert page.view._text.toPlainText() == text, "nothing is lost"


def test_the_line_of_an_error_is_selected_in_the_text(page: Page) -> None:
    page.paste("dW1 = [[0.1 0.2]\n ...\n [0.3 0.4]]")
    assert page.view._tabs.currentIndex() == 1
    assert page.view._text.textCursor().selectedText().strip() == "..."


def test_nan_is_a_wrong_number_like_others(page: Page) -> None:
    values = numbers(page.frame.record)
    values["dW2"] = np.full((4, 2), np.nan)
    page.paste(as_text(values))
    assert page.view.outcome is not None and page.view.outcome.verdict.first_wrong == "dW2"
    assert "NaN" in page.view.card.said
    page.view.grab()


def test_too_many_numbers_are_refused(page: Page, tmp_path: Path) -> None:
    np.savez(tmp_path / "huge.npz", dW1=np.zeros((1001, 1000)))
    page.give(lambda: page.desk.check_file(tmp_path / "huge.npz"))
    assert "at most" in page.message


def test_a_pickle_is_never_opened(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "mine.pkl"
    path.write_bytes(b"\x80\x04\x95")
    page.give(lambda: page.desk.check_file(path))
    assert "pickled objects" in page.message


BAD_PROGRAMS = {
    "exits": ("import sys\nx = 1.0\nsys.exit(3)", "ended itself with exit(3)"),
    "imports what is missing": ("import numpy\nimport nothing_like_it", "imports nothing_like_it"),
    "fails": ("import numpy\nx = 1 / 0", "ZeroDivisionError"),
    "returns a list": ("def step(X, T, W, b):\n    return [1, 2]", "returns"),
    "takes other arguments": ("def step(X):\n    return {}", "cannot be called"),
    "leaves nothing": ("import math\nname = 'x'", "leaves no numbers"),
    "is no Python": ("import numpy as np\ndef f(:\n    pass", None),
}


@pytest.mark.parametrize("kind", [*BAD_PROGRAMS])
def test_bad_programs(page: Page, tmp_path: Path, kind: str) -> None:
    text, expected = BAD_PROGRAMS[kind]
    path = tmp_path / "bad.py"
    path.write_text(text)
    page.desk.check_file(path)
    button = page.view.message.findChild(QPushButton, "messageActionButton")
    page.give(button.click)
    assert (expected or "not valid Python") in page.message and page.view.outcome is None


OBJECTS = """
import numpy as np

class Mine:
    pass

def step(X, T, W, b):
    print("hello")
    open("left.txt", "w").write("x")
    mine = Mine()
    mine.z1 = X @ W[0]
    return mine
"""


def test_a_program_that_prints_and_writes_and_returns_its_own_objects(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "own.py"
    path.write_text(OBJECTS)
    page.desk.check_file(path)
    page.give(page.view.message.findChild(QPushButton, "messageActionButton").click)
    assert page.view.outcome is not None, page.message
    assert page.view.outcome.result.mistakes == (("bias_left_out_forward",),)
    run = page.view.outcome.result.run
    assert run is not None and "hello" in run.output and "left.txt" in run.wrote
    assert "The program printed\nhello" in page.view.card.said


def test_a_program_that_loops_for_ever_is_cancelled(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "loop.py"
    path.write_text("import time\nwhile True:\n    time.sleep(0.01)\n")
    page.desk.check_file(path)
    page.view.message.findChild(QPushButton, "messageActionButton").click()
    page.bot.waitUntil(lambda: page.desk._task is not None and page.tasks._current is page.desk._task)
    page.give(page.view.cancel_requested.emit)
    assert page.view.outcome is None


def test_closing_the_page_cancels_what_is_being_done(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "loop.py"
    path.write_text("import time\nwhile True:\n    time.sleep(0.01)\n")
    page.desk.check_file(path)
    page.view.message.findChild(QPushButton, "messageActionButton").click()
    page.bot.waitUntil(lambda: page.tasks._current is not None)
    page.give(page.view.close)
    assert page.view.outcome is None
