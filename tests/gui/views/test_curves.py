from __future__ import annotations

import math
import re
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTranslator
from PySide6.QtGui import QColor, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from engine import Dataset, Experiment, Layer, Scalars, StepRecord, Trainer
from engine.records import Phase, PhaseKind
from gui.messages import Frame, Status
from gui.theme import DARK, LIGHT
from gui.views.curves import Chart, CurvesView
from gui.views.gradients import GradientsView

ROWS = 40
AnyChart = TypeVar("AnyChart", bound=Chart)


class Feed:
    """Frames as the worker sends them: of a real training, or of series made up for the test."""

    def __init__(self, kind: Any = "binary", **settings: Any) -> None:
        rng = np.random.default_rng(0)
        inputs = rng.normal(size=(ROWS, 2))
        targets = (inputs[:, 0] > 0).astype(float)
        layers = (Layer(3, "tanh"), Layer(1, "sigmoid" if kind == "binary" else "linear"))
        loss = "binary_cross_entropy" if kind == "binary" else "mean_squared_error"
        experiment = Experiment(layers, **{"loss": loss, "batch_size": 8, "seed": 1, **settings})
        self.trainer = Trainer(experiment, Dataset.from_arrays(inputs, targets, kind))
        self.sent = 0
        self.evaluations = 0

    def frame(
        self,
        record: StepRecord,
        scalars: Scalars,
        phase: Phase | None = None,
        restart: bool = False,
    ) -> Frame:
        trainer = self.trainer
        return Frame(0, trainer.experiment, trainer.dataset, record, phase, scalars, restart, Status.PAUSED)

    def train(self, steps: int, phase: Phase | None = None, restart: bool = False) -> Frame:
        if steps > 1:
            self.trainer.run(steps - 1)
        record = self.trainer.step()
        scalars = self.trainer.scalars_between(self.sent, record.step, self.evaluations)
        self.sent = record.step
        self.evaluations += len(scalars.evaluated_steps)
        return self.frame(record, scalars, phase, restart)

    def made_up(
        self,
        loss: npt.ArrayLike,
        *,
        penalty: float = 0.0,
        metric: float = 0.5,
        evaluations: dict[int, float] | None = None,
        restart: bool = False,
    ) -> Frame:
        values = np.array(loss, dtype=np.float64)
        count = len(values)
        steps = np.arange(self.sent + 1, self.sent + count + 1)
        self.sent += count
        self.trainer.run(count - 1)
        record = self.trainer.step()
        given = evaluations or {}
        scalars = Scalars(
            steps, values, np.full(count, penalty), np.full(count, metric), np.ones(count), np.ones(count),
            np.ones((count, 2)), np.array(list(given), dtype=np.int64), np.array(list(given.values())),
            np.full(len(given), 0.9),
        )  # fmt: skip
        return self.frame(record, scalars, None, restart)


@pytest.fixture
def view(qtbot: QtBot) -> CurvesView:
    widget = CurvesView()
    return shown(qtbot, widget)


def shown(qtbot: QtBot, widget: AnyChart) -> AnyChart:
    qtbot.addWidget(widget)
    widget.resize(700, 300)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def plot(view: Chart) -> pg.PlotWidget:
    return view.findChild(pg.PlotWidget, f"{view.objectName()}Plot")


def button(view: Chart, name: str) -> QToolButton:
    found = [item for item in view.findChildren(QToolButton, name) if not item.isHidden()]
    assert len(found) == 1, f"{name}: {len(found)}"
    return found[0]


def place(view: Chart, step: float, value: float | None = None) -> QPoint:
    """Where a step and a value are in the plot's viewport."""
    (left, right), (low, high) = view.view_range
    area = plot(view).getViewBox().sceneBoundingRect()
    if value is None:
        share = 0.5
    elif view.log_y:
        share = math.log(high / value) / math.log(high / low)
    else:
        share = (high - value) / (high - low)
    point = QPointF(area.left() + (step - left) / (right - left) * area.width(), 0)
    point.setY(area.top() + share * area.height())
    return QPoint(plot(view).mapFromScene(point))


def hover(view: Chart, step: float) -> dict[str, str]:
    move(view, place(view, step))
    return dict(view.read_out)


def move(view: Chart, at: QPoint, held: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
    viewport = plot(view).viewport()
    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(at), QPointF(viewport.mapToGlobal(at)), Qt.MouseButton.NoButton, held,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(viewport, event)


def colours_around(view: Chart, step: float, value: float, reach: int = 3) -> set[str]:
    image = plot(view).viewport().grab().toImage()
    centre = place(view, step, value)
    return {
        image.pixelColor(centre.x() + x, centre.y() + y).name()
        for x in range(-reach, reach + 1)
        for y in range(-reach, reach + 1)
    }


def is_bluish(name: str) -> bool:
    colour = QColor(name)
    return colour.blue() - colour.red() > 25


def test_every_step_of_a_training_is_kept(view: CurvesView) -> None:
    feed = Feed()
    for index, steps in enumerate([1, 1, 37, 500, 1461]):
        view.show_frame(feed.train(steps, restart=index == 0))
    assert view.steps_kept == feed.trainer.completed == 2000
    loss = feed.trainer.scalars.loss
    assert [view.training.value_at(n) for n in (0, 38, 1999)] == [loss[0], loss[38], loss[1999]]


def test_frames_are_taken_in_while_hidden(qtbot: QtBot) -> None:
    view = CurvesView()
    qtbot.addWidget(view)
    feed = Feed()
    view.show_frame(feed.train(10, restart=True))
    view.show_frame(feed.train(15))
    assert view.steps_kept == 25
    shown(qtbot, view)
    assert hover(view, 25)["step"] == "25"


def test_restart_and_clear_forget(view: CurvesView) -> None:
    view.show_frame(Feed().train(50, restart=True))
    view.show_frame(Feed().train(3, restart=True))
    assert view.steps_kept == 3
    view.clear()
    assert view.steps_kept == 0
    assert view.empty_text == "Press Step or Run: the loss appears here"


def test_empty_until_the_first_loss_is_known(view: CurvesView) -> None:
    feed = Feed()
    empty = feed.trainer.scalars_between(0, 0, 0)
    view.show_frame(feed.frame(feed.trainer.peek(), empty, Phase(PhaseKind.INPUT), restart=True))
    assert view.empty_text
    view.show_frame(feed.train(1, Phase(PhaseKind.FORWARD, 2)))
    assert view.empty_text
    record = feed.trainer.peek()
    view.show_frame(feed.frame(record, empty, Phase(PhaseKind.LOSS)))
    assert not view.empty_text


def test_a_loss_not_yet_revealed_is_not_shown(qtbot: QtBot, view: CurvesView) -> None:
    feed = Feed()
    view.show_frame(feed.made_up([0.5, 0.4], restart=True))
    latest = feed.made_up([0.3])
    hidden = Frame(**{**vars(latest), "phase": Phase(PhaseKind.FORWARD, 1)})
    view.show_frame(hidden)
    assert hover(view, 3)["step"] == "2"
    nothing = Scalars.empty(2)
    view.show_frame(Frame(**{**vars(hidden), "phase": Phase(PhaseKind.BACKWARD, 1), "scalars": nothing}))
    assert hover(view, 3)["step"] == "3"
    assert view.steps_kept == 3


def test_one_step_can_be_seen(view: CurvesView) -> None:
    view.show_frame(Feed(batch_size="full").made_up([0.7], restart=True))
    assert LIGHT.positive in colours_around(view, 1, 0.7)


def test_read_out_names_the_numbers_under_the_mouse(qtbot: QtBot, view: CurvesView) -> None:
    feed = Feed()  # 40 rows in mini-batches of 8: an epoch of 5 steps
    loss = np.linspace(1.0, 0.1, 1500)
    view.show_frame(feed.made_up(loss, penalty=0.5, evaluations={0: 2.0, 500: 1.25}, restart=True))
    assert view.read_out == ()
    values = hover(view, 1200)
    step = int(values["step"].replace("\u202f", ""))
    assert abs(step - 1200) <= 2
    assert list(values) == ["step", "training", "mini-batch", "validation", "loss + penalty"]
    assert float(values["mini-batch"]) == pytest.approx(loss[step - 1], rel=1e-3)
    assert float(values["training"]) == pytest.approx(loss[step - 5 : step].mean(), rel=1e-3)
    assert float(values["loss + penalty"]) == pytest.approx(loss[step - 5 : step].mean() + 0.5, rel=1e-3)
    assert values["validation"] == "1.250"
    assert hover(view, 300)["validation"] == "2.000"
    QApplication.sendEvent(plot(view).viewport(), QEvent(QEvent.Type.Leave))
    assert view.read_out == ()


def test_a_spike_among_a_million_steps_is_painted(view: CurvesView) -> None:
    feed = Feed()
    feed.trainer.run = lambda steps: None  # type: ignore[method-assign, assignment, misc]
    loss = np.full(1_000_000, 0.2)
    loss[612_345] = 0.9
    frame = feed.made_up(loss, restart=True)
    record = feed.trainer.peek()
    object.__setattr__(record, "step", len(loss))
    view.show_frame(Frame(**{**vars(frame), "record": record}))
    assert any(is_bluish(name) for name in colours_around(view, 612_345, 0.85))
    assert not any(is_bluish(name) for name in colours_around(view, 600_000, 0.85))
    view.set_log_y(True)
    assert any(is_bluish(name) for name in colours_around(view, 612_345, 0.85))


def test_what_is_not_finite_leaves_a_gap(qtbot: QtBot, view: CurvesView) -> None:
    loss = [0.5] * 20 + [math.nan] * 20 + [math.inf] * 20 + [0.5] * 20
    view.show_frame(Feed(batch_size="full").made_up(loss, restart=True))
    for log in (False, True):
        view.set_log_y(log)
        assert any(is_bluish(name) for name in colours_around(view, 10, 0.5))
        assert not any(is_bluish(name) for name in colours_around(view, 40, 0.5))
        assert any(is_bluish(name) for name in colours_around(view, 70, 0.5))
    assert hover(view, 30)["training"] == "NaN"
    assert hover(view, 50)["training"] == "∞"


@pytest.mark.parametrize(
    "loss",
    [
        [math.nan],
        [math.inf, -math.inf],
        [0.0, 0.0, 0.0],
        [1e300, 1e308, 1e-300],
        [5e-324, 1e-310],
        [-1e300, 1e300],
        [-5.0, -2.0],
        [0.0, 1e-12, 1.0],
        [3.0],
    ],
)
@pytest.mark.parametrize("log", [False, True])
def test_no_loss_breaks_the_plot(view: CurvesView, loss: list[float], log: bool) -> None:
    view.set_log_y(log)
    view.show_frame(Feed().made_up(loss, restart=True))
    plot(view).viewport().grab()
    (left, right), (low, high) = view.view_range
    assert left < right
    assert math.isfinite(low)
    assert math.isfinite(high)
    assert low < high
    if log:
        assert low > 0


def test_zero_on_a_logarithmic_scale_leaves_through_the_bottom(view: CurvesView) -> None:
    view.show_frame(Feed(batch_size="full").made_up([1.0, 0.1, 0.0, 0.1], restart=True))
    view.set_log_y(True)
    low = view.view_range[1][0]
    assert 0.05 < low <= 0.1
    between = place(view, 2.0, 0.1), place(view, 3.0, 0.1)
    image = plot(view).viewport().grab().toImage()
    bottom = int(plot(view).getViewBox().sceneBoundingRect().bottom()) - 3
    row = [image.pixelColor(x, bottom).name() for x in range(between[0].x() - 3, between[1].x())]
    assert any(is_bluish(name) for name in row)


def test_logarithmic_by_button_key_and_call(qtbot: QtBot, view: CurvesView) -> None:
    view.show_frame(Feed().made_up(np.geomspace(1, 1e-4, 50), restart=True))
    log = button(view, "logScaleButton")
    QTest.mouseClick(log, Qt.MouseButton.LeftButton)
    assert view.log_y
    assert view.view_range[1][0] > 0
    plot(view).setFocus()
    QTest.keyClick(plot(view), Qt.Key.Key_L)
    assert not view.log_y
    assert not log.isChecked()
    view.set_log_y(True)
    assert log.isChecked()


def test_range_grows_seldom_and_holds_all(view: CurvesView) -> None:
    feed = Feed()
    rng = np.random.default_rng(3)
    ranges, most = set(), 0.0
    for step in range(1, 1501):
        loss = float(rng.gamma(4, 0.25))
        most = max(most, loss)
        view.show_frame(feed.made_up([loss], restart=step == 1))
        (left, right), (low, high) = view.view_range
        assert left <= 0 < step <= right
        assert low <= 0 <= most <= high
        ranges.add((right, high))
    assert right <= 1500 * 1.5
    assert len(ranges) < 30


def scroll(view: Chart, at: QPoint, notches: int) -> None:
    viewport = plot(view).viewport()
    event = QWheelEvent(
        QPointF(at), QPointF(viewport.mapToGlobal(at)), QPoint(), QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport, event)


def test_zoom_and_the_ways_back(qtbot: QtBot, view: CurvesView) -> None:
    feed = Feed()
    view.show_frame(feed.made_up(np.linspace(1, 0.2, 900), restart=True))
    whole = view.view_range

    def zoom() -> None:
        scroll(view, place(view, 400, 0.6), 3)
        assert not view.follows
        (left, right), (low, high) = view.view_range
        assert whole[0][0] < left < 400 < right < whole[0][1]
        assert whole[1][0] < low < 0.6 < high < whole[1][1]

    zoom()
    zoomed = view.view_range
    view.show_frame(feed.made_up([0.2] * 900))
    assert view.view_range == zoomed
    view.auto_range()
    assert view.follows
    assert view.view_range[0][1] >= 1800
    whole = view.view_range
    zoom()
    plot(view).setFocus()
    QTest.keyClick(plot(view), Qt.Key.Key_A)
    assert view.view_range == whole
    zoom()
    QTest.mouseClick(button(view, "autoRangeButton"), Qt.MouseButton.LeftButton)
    assert view.view_range == whole
    zoom()
    for act in (QTest.mouseClick, QTest.mouseDClick, QTest.mouseRelease):
        act(plot(view).viewport(), Qt.MouseButton.LeftButton, pos=place(view, 400))
    assert view.follows
    assert view.view_range == whole


def test_drag_pans(qtbot: QtBot, view: CurvesView) -> None:
    view.show_frame(Feed().made_up(np.linspace(1, 0.2, 900), restart=True))
    (left, right), _ = view.view_range
    viewport, start = plot(view).viewport(), place(view, 500, 0.5)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    for pixels in (20, 60, 100):
        move(view, start - QPoint(pixels, 0), Qt.MouseButton.LeftButton)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start - QPoint(100, 0))
    assert view.view_range[0][0] > left
    assert view.view_range[0][1] - view.view_range[0][0] == pytest.approx(right - left)
    assert not view.follows


def test_logarithmic_scale_keeps_the_steps_in_sight(view: CurvesView) -> None:
    view.show_frame(Feed().made_up(np.linspace(1, 0.2, 900), restart=True))
    scroll(view, place(view, 400, 0.6), 3)
    steps = view.view_range[0]
    view.set_log_y(True)
    assert view.view_range[0] == steps
    assert not view.follows


def test_legend_hides_and_shows(qtbot: QtBot, view: CurvesView) -> None:
    loss = [0.5] * 30
    view.show_frame(Feed().made_up(loss, evaluations={0: 9.0, 30: 8.0}, restart=True))
    assert view.view_range[1][1] > 9
    validation = button(view, "legendValidation")
    QTest.mouseClick(validation, Qt.MouseButton.LeftButton)
    assert [line.shown for line in view.lines] == [True, False, True]
    assert view.view_range[1][1] < 1
    assert "validation" not in hover(view, 20)
    QTest.mouseClick(validation, Qt.MouseButton.LeftButton)
    assert view.view_range[1][1] > 9
    assert hover(view, 20)["validation"] == "9.000"


def test_legend_has_only_what_there_is(view: CurvesView) -> None:
    feed = Feed()
    view.show_frame(feed.made_up([0.5], restart=True))
    names = [item.text() for item in view.findChildren(QToolButton) if item.isVisibleTo(view)]
    assert [name for name in names if name in ("training", "validation", "loss + penalty")] == ["training"]
    view.show_frame(feed.made_up([0.5], penalty=0.1, evaluations={2: 0.6}))
    assert button(view, "legendValidation").text() == "validation"
    assert button(view, "legendObjective").text() == "loss + penalty"


def test_metric_in_place_of_the_loss(qtbot: QtBot, view: CurvesView) -> None:
    view.show_frame(Feed().made_up([3.0] * 10, metric=0.75, evaluations={0: 4.0}, restart=True))
    metric = button(view, "metricButton")
    assert metric.text() == "Accuracy"
    QTest.mouseClick(metric, Qt.MouseButton.LeftButton)
    assert view.view_range[1][1] < 1.5
    values = hover(view, 8)
    assert (values["training"], values["validation"]) == ("0.7500", "0.9000")
    view.show_frame(Feed(kind="regression").made_up([3.0], restart=True))
    assert metric.text() == "R²"
    QTest.mouseClick(button(view, "lossButton"), Qt.MouseButton.LeftButton)
    assert hover(view, 1)["training"] == "3.000"


def test_theme(view: CurvesView) -> None:
    view.show_frame(Feed(batch_size="full").made_up([0.7], restart=True))
    view.set_theme(DARK)
    assert DARK.positive in colours_around(view, 1, 0.7)
    assert view.grab().toImage().pixelColor(2, 2).name() == DARK.surface
    assert plot(view).viewport().grab().toImage().pixelColor(1, 1).name() == DARK.surface


class Shout(QTranslator):
    """A language that is English in capitals."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, hint: str | None = None, number: int = -1) -> str:
        return re.sub(r"[^{}]+(?![^{]*})", lambda part: part[0].upper(), text)


@pytest.mark.parametrize("kind", [CurvesView, GradientsView])
def test_language_changes_while_open(qtbot: QtBot, kind: type[CurvesView | GradientsView]) -> None:
    view = shown(qtbot, kind())
    english = view.empty_text
    view.show_frame(Feed(validation=0.25, regularizer="l2").train(30, restart=True))
    hover(view, 10)
    shout = Shout()
    QApplication.installTranslator(shout)
    try:
        qtbot.waitUntil(lambda: button(view, "logScaleButton").text() == "LOG")
        texts = [
            text
            for item in view.findChildren(QToolButton)
            for text in (item.text(), item.toolTip(), item.accessibleName())
        ]
        texts += [name for name, _ in view.read_out]
        assert len(view.read_out) > 3
        assert texts == [text.upper() for text in texts]
        view.clear()
        assert view.empty_text == english.upper()
    finally:
        QApplication.removeTranslator(shout)


def test_every_control_has_a_name(view: CurvesView) -> None:
    view.show_frame(Feed(validation=0.25).train(10, restart=True))
    for item in view.findChildren(QToolButton):
        assert item.objectName()
        assert item.accessibleName()
        assert item.toolTip()


def test_gradient_norms_of_every_layer(qtbot: QtBot) -> None:
    view = shown(qtbot, GradientsView())
    assert view.empty_text == "Press Step or Run: the gradient norms appear here"
    feed = Feed(batch_size="full")
    view.show_frame(feed.train(12, restart=True))
    record = feed.trainer.step()
    view.show_frame(feed.frame(record, feed.trainer.scalars_between(12, 13, 0)))
    assert view.steps_kept == 13
    assert view.log_y
    expected = [
        math.sqrt(float((weights**2).sum() + (biases**2).sum()))
        for weights, biases in zip(record.weight_grads, record.bias_grads, strict=True)
    ]
    values = hover(view, 13)
    assert list(values) == ["step", "layer 1", "layer 2", "update"]
    assert float(values["layer 1"]) == pytest.approx(expected[0], rel=1e-3)
    assert float(values["layer 2"]) == pytest.approx(expected[1], rel=1e-3)
    view.show_frame(Feed().train(2, restart=True))
    assert view.steps_kept == 2


def test_gradient_norms_wait_for_the_update(qtbot: QtBot) -> None:
    view = shown(qtbot, GradientsView())
    view.show_frame(Feed().train(1, Phase(PhaseKind.BACKWARD, 1), restart=True))
    assert view.empty_text


def test_restart_follows_again_and_keeps_what_is_hidden(view: CurvesView) -> None:
    view.show_frame(Feed(validation=0.25).train(500, restart=True))
    button(view, "legendValidation").click()
    scroll(view, place(view, 400), 3)
    view.show_frame(Feed(validation=0.25).train(5, restart=True))
    assert view.follows
    assert view.view_range[0][1] < 20
    assert [line.shown for line in view.lines] == [True, False, True]
    assert not button(view, "legendValidation").isChecked()


def test_read_out_stays_under_the_mouse_while_training_goes_on(view: CurvesView) -> None:
    feed = Feed()
    view.show_frame(feed.made_up([0.5] * 1000, restart=True))
    assert abs(int(hover(view, 500)["step"]) - 500) <= 2
    view.show_frame(feed.made_up([0.5] * 1000))
    assert abs(int(dict(view.read_out)["step"].replace("\u202f", "")) - 1000) <= 4
