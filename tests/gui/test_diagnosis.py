"""The diagnosis in the window: the ten sentences that a learner meets first, and what comes of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from engine import Dataset, Experiment, Layer, builtin
from engine.parts import Part
from gui.pages import WINDOW_SIZE
from gui.training.messages import Frame, Granularity, Run, Seek, SetParameter, Status
from gui.views.diagnosis.instruments import InstrumentsPage
from gui.views.diagnosis.plot import Plot
from tests.conftest import PatientBot
from tests.gui.driver import made

RNG = np.random.default_rng(0)
POINTS = RNG.normal(size=(200, 2))
RING = Dataset.from_arrays(POINTS, ((POINTS**2).sum(axis=1) > 1.4).astype(int), kind="binary", name="ring")
POSITIVE = np.abs(RNG.normal(size=(120, 2))) + 0.2
LINE = Dataset.from_arrays(
    POSITIVE, (POSITIVE[:, 0] > POSITIVE[:, 1]).astype(int), kind="binary", name="line"
)
HOUSES = RNG.uniform(0, 1, size=(100, 2))
PRICES = Dataset.from_arrays(HOUSES, HOUSES @ [600.0, 400.0], kind="regression", name="houses")
SIZES = np.column_stack([RNG.uniform(20, 200, 120), RNG.uniform(1, 6, 120)])
FLATS = Dataset.from_arrays(
    SIZES, (SIZES @ [1 / 200, 1 / 6] > 0.9).astype(int), kind="binary", feature_names=("area", "rooms")
)
SHUFFLED = Dataset.from_arrays(RNG.normal(size=(150, 3)), RNG.integers(0, 2, 150), kind="binary")


def two_classes(*layers: Layer, **changes: Any) -> Experiment:
    settings: dict[str, Any] = {
        "loss": "binary_cross_entropy",
        "learning_rate": 0.5,
        "batch_size": "full",
        "initializer": "xavier_uniform",
        "seed": 3,
        **changes,
    }
    return Experiment((*layers, Layer(1, "sigmoid")), **settings)


SENTENCES = {
    "XOR at ln 2": (
        two_classes(),
        builtin("xor"),
        500,
        "Without a hidden layer that bends the network is linear in its inputs, and what is to be learned is "
        "not.",
        "没有非线性的隐藏层，网络对输入就是线性的",
    ),
    "twin units": (
        two_classes(Layer(4, "tanh"), learning_rate=1.0, initializer={"name": "constant", "value": 0.5}),
        builtin("xor"),
        300,
        "4 of the 4 units of Hidden 1 begin with the same parameters and get the same gradient, so that they "
        "stay alike for ever.",
        "隐藏层 1：4 个单元中有 4 个起初参数相同",
    ),
    "dead ReLU": (
        two_classes(Layer(6, "relu"), initializer={"name": "uniform", "low": -1.0, "high": -0.2}),
        LINE,
        300,
        "6 of the 6 units of Hidden 1 give 0 for all 120 rows from the start; their slope is 0, so that they "
        "cannot change.",
        "隐藏层 1：6 个单元中有 6 个从一开始就对全部 120 行输出 0",
    ),
    "targets 0 to 1000 on a sigmoid": (
        Experiment(
            (Layer(6, "tanh"), Layer(1, "sigmoid")),
            "squared_error",
            learning_rate=0.1,
            batch_size=10,
            initializer="xavier_uniform",
            seed=1,
        ),
        PRICES,
        500,
        "The output function sigmoid gives values from 0 to 1, and 100 % of the targets lie outside.",
        "输出函数 sigmoid 的值在 0 到 1 之间",
    ),
    "unscaled columns": (
        two_classes(Layer(6, "tanh"), learning_rate=0.1, batch_size=12),
        FLATS,
        500,
        "Input area has mean {mean} and deviation {deviation}, not 0 and 1.",
        "输入 area 的均值为 {mean}，标准差为 {deviation}，而不是 0 和 1",
    ),
    "rate too high": (
        two_classes(Layer(8, "tanh"), learning_rate=60.0, batch_size=20),
        RING,
        300,
        "The learning rate 60 is too large: the updates leap over the minimum, and the loss rises after ",
        "学习率 60 过大：更新越过了极小值",
    ),
    "rate too low": (
        two_classes(Layer(8, "tanh"), learning_rate=1e-4, batch_size=20),
        RING,
        600,
        "The learning rate 0.0001 is too small: in 600 steps all updates together are ",
        "学习率 0.0001 过小：600 步的全部更新加起来",
    ),
    "ten sigmoid layers": (
        two_classes(*[Layer(6, "sigmoid")] * 10, batch_size=20),
        builtin("gaussians"),
        400,
        "of the output's gradient reaches the first layer through 10 hidden layers: it hardly moves.",
        "输出处的梯度经过 10 个隐藏层，到首层只剩 ",
    ),
    "shuffled labels": (
        two_classes(Layer(3, "tanh"), learning_rate=0.1, batch_size=15, validation=0.2),
        SHUFFLED,
        500,
        "Nothing in the inputs foretells the targets: rows left out are predicted no better than with "
        "shuffled targets.",
        "输入中没有任何东西能预示目标",
    ),
    "too small a net": (
        two_classes(Layer(1, "tanh"), batch_size=20),
        RING,
        800,
        "With 1 in the narrowest hidden layer there are too few units for what is to be learned.",
        "最窄的隐藏层只有 1 个单元",
    ),
}


class Window:
    """A main window, and what it says."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.main = made(remember=False)
        self.frames: list[Frame] = []
        self.main.frame_shown.connect(self.frames.append)
        self.main.show()
        self.wait(lambda: bool(self.frames))

    def wait(self, until: Any) -> None:
        self.qtbot.waitUntil(until, timeout=60_000)

    @property
    def frame(self) -> Frame:
        return self.frames[-1]

    @property
    def told(self) -> Any:
        return self.main.diagnosis_strip.told

    def train(self, experiment: Experiment, dataset: Dataset, steps: int) -> None:
        """Train so many steps at full speed, and wait until that has been examined."""
        self.main.document.open_problem(experiment, dataset)
        self.run(steps)

    def run(self, steps: int) -> None:
        request = self.main.submit(Run(Granularity.BATCH, None, steps))
        self.wait(lambda: self.frame.request >= request and self.frame.status is not Status.RUNNING)
        self.examined()

    def examined(self) -> None:
        """Wait until the moment that is shown has been examined."""

        def is_examined() -> bool:
            verdict = self.main.examiner.verdict
            return verdict is not None and verdict.step == self.frame.step and self.main.examiner.is_settled

        self.wait(is_examined)

    def is_whole(self) -> bool:
        """Whether there is room for all of the sentence."""
        self.main.grab()
        return not self.main.diagnosis_strip._sentence.painted.endswith("…")

    def press(self, name: str) -> None:
        button = self.main.findChild(QAbstractButton, name)
        assert button is not None
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def text(self, name: str) -> str:
        label = self.main.findChild(QLabel, name)
        assert label is not None
        return label.text()


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    window = Window(qtbot)
    yield window
    window.main.appearance.set_language("en")
    window.main.close()
    window.main.deleteLater()


@pytest.fixture(scope="module")
def shared(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[Window]:
    """A window for those tests that begin with a network of their own and only look at what is told."""
    window = Window(PatientBot(request))
    yield window
    window.main.close()
    window.main.deleteLater()


@pytest.mark.parametrize("case", SENTENCES)
def test_a_sentence_that_a_learner_meets_first_is_read_in_both_languages(shared: Window, case: str) -> None:
    experiment, dataset, steps, english, chinese = SENTENCES[case]
    window = shared
    window.train(experiment, dataset, steps)
    values = {}
    if case == "unscaled columns":
        area = dataset.inputs[:, 0]
        values = {"mean": f"{area.mean():.4g}", "deviation": f"{area.std():.4g}"}
    assert window.told.is_fault
    assert english.format(**values) in window.told.text
    assert window.told.moment == f"after step {steps}"
    assert window.main.diagnosis_strip._sentence.accessibleName() == window.told.text
    window.main.resize(1280, 720)
    assert window.is_whole()
    window.main.appearance.set_language("zh_CN")
    window.wait(lambda: window.told.moment != f"after step {steps}")
    assert window.is_whole()
    assert chinese.format(**values) in window.told.text
    assert window.told.moment == f"第 {steps} 步之后"
    assert "{" not in window.told.text
    window.main.appearance.set_language("en")


def test_why_go_there_show_try_and_take_the_cure(window: Window) -> None:
    experiment, dataset, steps, *_ = SENTENCES["twin units"]
    window.train(experiment, dataset, steps)
    window.press("whyButton")
    assert window.main.diagnosis_view.isVisible()
    (mark,) = window.main.timeline.slider.marks
    assert (mark.moment.step, mark.moment.tip) == (0, "Since step 0: Units that are alike")
    window.press("showFindingButton")
    assert window.main.focus.part is not None
    assert (window.main.focus.part.kind, window.main.focus.part.layer) == ("layer", 1)
    window.press("tryCureButton")
    plot = window.main.findChild(Plot, "trialPlot")
    assert plot is not None
    window.wait(lambda: len(plot.curves) == 2)
    assert "with the cure after step 300" in window.text("trialResult")
    generation = window.frame.generation
    window.press("takeCureButton")
    window.wait(lambda: window.frame.generation > generation)
    assert window.frame.settings.initializer.name == "xavier_normal"
    assert not window.told.is_fault  # nothing is said of another network
    window.run(steps)
    assert not window.told.is_fault


def test_gone_back_the_sentence_is_of_that_moment(window: Window) -> None:
    experiment, dataset, steps, *_ = SENTENCES["twin units"]
    window.train(experiment, dataset, steps)
    request = window.main.submit(Seek(120))
    window.wait(lambda: window.frame.request >= request)
    assert window.told.moment != "after step 300"
    window.examined()
    assert window.told.moment == "after step 120"


def test_an_edit_by_hand_takes_it_back_at_once(window: Window) -> None:
    experiment, dataset, steps, *_ = SENTENCES["twin units"]
    window.train(experiment, dataset, steps)
    told: list[Any] = []
    window.main.examiner.told.connect(told.append)
    window.main.network_view.parameter_edited.emit(SetParameter(Part("weight", 1, 0, 0), 3.0))
    window.wait(lambda: bool(window.frame.edited_at))
    assert told[0] is None
    window.examined()
    assert told[-1] is window.main.examiner.verdict  # of the moment after the edit


def test_a_learning_rate_is_taken_from_its_curve(window: Window) -> None:
    instruments = window.main.pages.open("instruments_view")
    assert (instruments.width(), instruments.height()) == WINDOW_SIZE
    assert isinstance(instruments, InstrumentsPage)
    instruments.rate_chosen.emit(0.025)
    window.wait(lambda: window.frame.settings.learning_rate == 0.025)
    instruments.rate_chosen.emit(-1.0)
    assert window.main.document.experiment.learning_rate == 0.025
    assert window.main.message_bar.text


HOLES = np.where(RNG.random((60, 2)) < 0.2, np.nan, POINTS[:60])
BAD = {
    "one row": Dataset.from_arrays([[1.0, 2.0]], [[0.5]], kind="regression"),
    "one class": Dataset.from_arrays(POINTS[:30], np.zeros(30), kind="binary", class_names=("a", "b")),
    "a constant target": Dataset.from_arrays(POINTS[:30], np.full((30, 1), 7.0), kind="regression"),
    "NaN in the features": Dataset.from_arrays(
        np.where(RNG.random((60, 2)) < 0.2, np.nan, POINTS[:60]),
        (POINTS[:60, 0] > 0).astype(int),
        kind="binary",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_of_bad_data_a_sentence_or_silence(shared: Window, name: str) -> None:
    window, data = shared, BAD[name]
    binary = data.kind == "binary"
    experiment = Experiment(
        (Layer(3, "tanh"), Layer(1, "sigmoid" if binary else "linear")),
        "binary_cross_entropy" if binary else "squared_error",
        learning_rate=0.1,
        batch_size="full",
    )
    window.train(experiment, data, 50)
    assert window.told.text
    assert "{" not in window.told.text
    if name in ("one class", "a constant target", "one row"):
        assert not window.told.is_fault  # there is nothing to learn


def test_of_a_run_of_one_step_a_sentence_or_silence(window: Window) -> None:
    window.train(two_classes(Layer(4, "tanh")), builtin("xor"), 1)
    assert window.told.text == f"Loss of step 1: {window.frame.record.data_loss:.4g}"


def test_of_a_run_branched_from_the_past_what_is_true_of_it(window: Window) -> None:
    experiment, dataset, steps, *_ = SENTENCES["rate too low"]
    window.train(experiment, dataset, steps)
    assert "too small" in window.told.text
    request = window.main.submit(Seek(100))
    window.wait(lambda: window.frame.request >= request)
    window.main.document.set_value("learning_rate", 0.5)
    window.wait(lambda: window.frame.settings.learning_rate == 0.5)
    window.run(1500)
    assert "too small" not in window.told.text


def test_of_five_thousand_columns_a_sentence_or_silence(window: Window) -> None:
    inputs = RNG.normal(size=(20, 5000))
    data = Dataset.from_arrays(inputs, (inputs[:, 0] > 0).astype(int), kind="binary")
    window.train(two_classes(Layer(2, "tanh"), learning_rate=0.01), data, 5)
    assert window.told.text
    assert not window.told.is_fault or window.told.moment == "after step 5"
