from __future__ import annotations

import math
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton, QToolTip
from pytestqt.qtbot import QtBot

from engine import Dataset, Experiment, Layer, Scalars, StepRecord, Trainer
from engine.phases import Phase, PhaseKind
from engine.series import Store
from gui.style.theme import DARK, LIGHT, Theme
from gui.training.messages import Frame, RunSeries, Status
from gui.views.curves.chart import Chart
from gui.views.curves.gradients import GradientsView
from gui.views.curves.loss import CurvesView
from tests.gui.language import spoken

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
        edited_at: tuple[int, ...] = (),
    ) -> Frame:
        trainer = self.trainer
        return Frame(
            0, trainer.dataset, record, phase, scalars, restart, Status.PAUSED,
            self.trainer.epoch_steps, self.sent, edited_at=edited_at,
        )  # fmt: skip

    def train(self, steps: int, phase: Phase | None = None, restart: bool = False) -> Frame:
        if steps > 1:
            self.trainer.run(steps - 1)
        record = self.trainer.step()
        scalars = self.trainer.scalars_between(self.sent, record.step, self.evaluations)
        self.sent = record.step
        self.evaluations += len(scalars.evaluated_steps)
        return self.frame(record, scalars, phase, restart)

    def past(self, step: int, phase: Phase | None = None, edited_at: tuple[int, ...] = ()) -> Frame:
        """The moment after `step` steps, once more, or in the middle of the one after it."""
        if phase or not step:
            self.trainer.seek(step)
            record = self.trainer.step() if phase else self.trainer.peek()
        else:
            self.trainer.seek(step - 1)
            record = self.trainer.step()
        phase = phase or (None if step else Phase(PhaseKind.INPUT))
        return self.frame(record, Scalars.empty(2), phase, edited_at=edited_at)

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


def move(
    view: Chart,
    at: QPoint,
    held: Qt.MouseButton = Qt.MouseButton.NoButton,
    keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    viewport = plot(view).viewport()
    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(at), QPointF(viewport.mapToGlobal(at)), Qt.MouseButton.NoButton, held,
        keys,
    )  # fmt: skip
    QApplication.sendEvent(viewport, event)


def drag(view: Chart, *places: QPoint, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    viewport, left = plot(view).viewport(), Qt.MouseButton.LeftButton
    QTest.mousePress(viewport, left, keys, places[0])
    for at in places[1:]:
        move(view, at, left, keys)
    QTest.mouseRelease(viewport, left, keys, places[-1])


def sought(view: Chart) -> list[int]:
    steps: list[int] = []
    view.seek_requested.connect(steps.append)
    return steps


def tooltip(view: Chart, at: QPoint) -> str:
    """What the tooltip says there; where it has nothing to say it goes, after a moment."""
    viewport = plot(view).viewport()
    QApplication.sendEvent(viewport, QHelpEvent(QEvent.Type.ToolTip, at, viewport.mapToGlobal(at)))
    QTest.qWait(350)
    return QToolTip.text() if QToolTip.isVisible() else ""


def top(view: Chart, step: float) -> QPoint:
    """Where the mark of a step is."""
    area = plot(view).getViewBox().sceneBoundingRect()
    return QPoint(place(view, step).x(), round(plot(view).mapFromScene(area.topLeft()).y()) + 2)


def colour_at(view: Chart, at: QPoint) -> str:
    return str(plot(view).viewport().grab().toImage().pixelColor(at).name())


def ticks(view: Chart) -> list[int]:
    """The places of the ticks at the foot of the plot."""
    area = plot(view).getViewBox().sceneBoundingRect()
    foot = round(area.bottom()) - 2
    image = plot(view).viewport().grab().toImage()
    row = [image.pixelColor(x, foot).name() for x in range(round(area.left()), round(area.right()))]
    return [x + round(area.left()) for x, name in enumerate(row) if name != LIGHT.surface]


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
    assert list(values) == ["step", "smoothed", "mini-batch", "validation, step 500", "loss + penalty"]
    assert float(values["mini-batch"]) == pytest.approx(loss[step - 1], rel=1e-3)
    assert float(values["smoothed"]) == pytest.approx(loss[step - 5 : step].mean(), rel=1e-3)
    assert float(values["loss + penalty"]) == pytest.approx(loss[step - 5 : step].mean() + 0.5, rel=1e-3)
    assert values["validation, step 500"] == "1.25"
    assert hover(view, 300)["validation, step 0"] == "2"
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
    assert hover(view, 30)["mini-batch"] == "NaN"
    assert hover(view, 50)["mini-batch"] == "∞"


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
    assert [line.shown for line in view.lines] == [True, False, True, True]
    assert view.view_range[1][1] < 1
    assert not [name for name in hover(view, 20) if name.startswith("validation")]
    QTest.mouseClick(validation, Qt.MouseButton.LeftButton)
    assert view.view_range[1][1] > 9
    assert "9" in [value for name, value in hover(view, 20).items() if name.startswith("validation")]


def test_legend_has_only_what_there_is(view: CurvesView) -> None:
    feed = Feed()
    view.show_frame(feed.made_up([0.5], restart=True))
    names = [item.text() for item in view.findChildren(QToolButton) if item.isVisibleTo(view)]
    named = [name for name in names if name in ("mini-batch", "smoothed", "validation", "loss + penalty")]
    assert named == ["mini-batch", "smoothed"]
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
    assert (values["mini-batch"], values["validation, step 0"]) == ("0.75", "0.9")
    view.show_frame(Feed(kind="regression").made_up([3.0], restart=True))
    assert metric.text() == "R²"
    QTest.mouseClick(button(view, "lossButton"), Qt.MouseButton.LeftButton)
    assert hover(view, 1)["mini-batch"] == "3"


@pytest.mark.usefixtures("dressed")
def test_theme(view: CurvesView, dress: Callable[[Theme], None]) -> None:
    dress(DARK)
    view.show_frame(Feed(batch_size="full").made_up([0.7], restart=True))
    view.set_theme(DARK)
    assert DARK.positive in colours_around(view, 1, 0.7)
    assert view.grab().toImage().pixelColor(2, 2).name() == DARK.surface
    assert plot(view).viewport().grab().toImage().pixelColor(1, 1).name() == DARK.surface


def shouted(text: str) -> str:
    """English in capitals."""
    return re.sub(r"[^{}]+(?![^{]*})", lambda part: part[0].upper(), text)


@pytest.mark.parametrize("kind", [CurvesView, GradientsView])
def test_language_changes_while_open(qtbot: QtBot, kind: type[CurvesView | GradientsView]) -> None:
    view = shown(qtbot, kind())
    english = view.empty_text
    view.show_frame(Feed(validation=0.25, regularizer="l2").train(30, restart=True))
    hover(view, 10)
    with spoken(shouted):
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
    assert list(values) == ["step", "Hidden 1", "Output", "update"]
    assert float(values["Hidden 1"]) == pytest.approx(expected[0], rel=1e-3)
    assert float(values["Output"]) == pytest.approx(expected[1], rel=1e-3)
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
    assert [line.shown for line in view.lines] == [True, False, True, True]
    assert not button(view, "legendValidation").isChecked()


def test_read_out_stays_under_the_mouse_while_training_goes_on(view: CurvesView) -> None:
    feed = Feed()
    view.show_frame(feed.made_up([0.5] * 1000, restart=True))
    assert abs(int(hover(view, 500)["step"]) - 500) <= 2
    view.show_frame(feed.made_up([0.5] * 1000))
    assert abs(int(dict(view.read_out)["step"].replace("\u202f", "")) - 1000) <= 4


CTRL = Qt.KeyboardModifier.ControlModifier


def curves_or_gradients(
    qtbot: QtBot, kind: type[CurvesView | GradientsView]
) -> tuple[CurvesView | GradientsView, Feed]:
    view, feed = shown(qtbot, kind()), Feed(validation=0.25)
    view.show_frame(feed.train(1000, restart=True))
    return view, feed


both = pytest.mark.parametrize("kind", [CurvesView, GradientsView])


@both
def test_cursor_stands_at_the_step_that_is_shown(
    qtbot: QtBot, kind: type[CurvesView | GradientsView]
) -> None:
    view, feed = curves_or_gradients(qtbot, kind)
    assert view.cursor_step is None
    view.show_frame(feed.past(400))
    assert view.cursor_step == 400
    assert hover(view, 900)["step"].startswith(("89", "90"))  # the future can be read off
    move(view, place(view, 100))
    assert colour_at(view, place(view, 400)) == LIGHT.text
    assert LIGHT.text not in {colour_at(view, place(view, step)) for step in (300, 395, 405, 500)}
    axis = plot(view).getPlotItem().getAxis("bottom").sceneBoundingRect()
    foot = QPoint(place(view, 400).x() - 10, round(axis.top()) + 5)
    assert colour_at(view, foot) == LIGHT.text
    view.show_frame(feed.past(0))
    assert view.cursor_step == 0
    view.show_frame(feed.past(999))
    assert view.cursor_step == 999
    view.show_frame(feed.past(1000))
    assert view.cursor_step is None
    assert colour_at(view, foot) != LIGHT.text
    view.show_frame(feed.past(400))
    view.show_frame(Feed().train(5, restart=True))
    assert view.cursor_step is None


def depth(view: Chart, step: float, value: float) -> float:
    return 1 - min(QColor(name).lightnessF() for name in colours_around(view, step, value, reach=2))


def test_what_comes_after_the_cursor_is_paler(view: CurvesView) -> None:
    feed = Feed(batch_size="full")
    view.show_frame(feed.made_up([0.5] * 1000, restart=True))
    deep = depth(view, 200, 0.5)
    assert depth(view, 800, 0.5) == pytest.approx(deep, abs=0.05)
    view.show_frame(feed.past(500))
    assert depth(view, 200, 0.5) == pytest.approx(deep, abs=0.05)
    assert 0.1 < depth(view, 800, 0.5) < deep - 0.15
    view.show_frame(feed.past(0))
    assert 0.1 < depth(view, 200, 0.5) < deep - 0.15
    view.show_frame(feed.past(1000))
    assert depth(view, 800, 0.5) == pytest.approx(deep, abs=0.05)


def test_a_step_that_is_half_revealed_is_no_past(view: CurvesView) -> None:
    feed = Feed()
    view.show_frame(feed.train(10, restart=True))
    record = feed.trainer.step()
    for phase in (Phase(PhaseKind.FORWARD, 1), Phase(PhaseKind.LOSS), Phase(PhaseKind.BACKWARD, 1)):
        frame = feed.frame(record, Scalars.empty(2), phase)
        view.show_frame(Frame(**{**vars(frame), "furthest": 11}))
        assert view.cursor_step is None
        assert hover(view, 10)["step"] == "10"
    view.show_frame(feed.past(6, Phase(PhaseKind.BACKWARD, 2)))
    assert view.cursor_step == 6


@both
def test_ctrl_and_a_press_or_drag_seeks(qtbot: QtBot, kind: type[CurvesView | GradientsView]) -> None:
    view, feed = curves_or_gradients(qtbot, kind)
    steps, whole = sought(view), view.view_range
    drag(view, place(view, 700), keys=CTRL)
    assert len(steps) == 1
    assert abs(steps[0] - 700) <= 2
    assert view.cursor_step == steps[0]  # at once; the frame comes later
    view.show_frame(feed.past(steps[0]))
    drag(view, place(view, 300), place(view, 200), place(view, 199.9), place(view, 250), keys=CTRL)
    assert [round(step, -1) for step in steps[1:]] == [300, 200, 250]
    assert view.view_range == whole
    assert view.follows
    view.show_frame(feed.past(steps[-1]))
    assert view.cursor_step == steps[-1]


@both
def test_cursor_can_be_dragged(qtbot: QtBot, kind: type[CurvesView | GradientsView]) -> None:
    view, feed = curves_or_gradients(qtbot, kind)
    view.show_frame(feed.past(400))
    steps, whole = sought(view), view.view_range
    line, shift = place(view, 400), QPoint(3, 0)
    drag(view, line + shift)
    assert steps == []  # taken hold of and let go
    drag(view, line + shift, place(view, 600) + shift)
    assert len(steps) == 1
    assert abs(steps[0] - 600) <= 2
    assert view.view_range == whole
    view.show_frame(feed.past(steps[0]))
    axis = plot(view).getPlotItem().getAxis("bottom").sceneBoundingRect()
    foot = QPoint(place(view, 600).x() - 8, round(axis.center().y()))
    drag(view, foot, place(view, 500) - QPoint(8, 0))
    assert abs(steps[1] - 500) <= 3
    drag(view, place(view, steps[1]), QPoint(plot(view).width() + 500, 50))
    drag(view, place(view, steps[-1]), QPoint(-500, 50))
    assert steps[2:] == [1000, 0]
    assert view.cursor_step == 0


def test_frames_that_come_during_a_drag_do_not_take_the_cursor_away(view: CurvesView) -> None:
    feed = Feed()
    view.show_frame(feed.train(1000, restart=True))
    view.show_frame(feed.past(400))
    viewport, left = plot(view).viewport(), Qt.MouseButton.LeftButton
    QTest.mousePress(viewport, left, pos=place(view, 400))
    move(view, place(view, 700), left)
    view.show_frame(feed.past(450))
    assert abs((view.cursor_step or 0) - 700) <= 2
    QTest.mouseRelease(viewport, left, pos=place(view, 700))
    view.show_frame(feed.past(700))
    assert view.cursor_step == 700
    move(view, place(view, 200))
    assert view.cursor_step == 700


def test_other_mouse_work_seeks_nothing(view: CurvesView) -> None:
    feed = Feed()
    view.show_frame(feed.train(1000, restart=True))
    steps = sought(view)
    view.show_frame(feed.past(400))
    QTest.mouseClick(plot(view).viewport(), Qt.MouseButton.LeftButton, pos=place(view, 600))
    QTest.mouseClick(plot(view).viewport(), Qt.MouseButton.RightButton, CTRL, place(view, 600))
    left = view.view_range[0][0]
    start = place(view, 600)
    drag(view, start, start - QPoint(40, 0), start - QPoint(80, 0))
    assert view.view_range[0][0] > left
    assert steps == []


def test_nothing_to_seek_before_the_first_step(view: CurvesView) -> None:
    steps = sought(view)
    drag(view, place(view, 3), place(view, 5), keys=CTRL)
    assert steps == []
    assert view.cursor_step is None


def test_ctrl_and_a_double_click_keeps_the_range(view: CurvesView) -> None:
    view.show_frame(Feed().train(1000, restart=True))
    scroll(view, place(view, 400), 3)
    zoomed = view.view_range
    for act in (QTest.mouseClick, QTest.mouseDClick, QTest.mouseRelease):
        act(plot(view).viewport(), Qt.MouseButton.LeftButton, CTRL, place(view, 400))
    assert view.view_range == zoomed


def test_moments_are_pointed_out_by_lines_all_the_way_down(view: CurvesView) -> None:
    feed = Feed()
    view.show_frame(feed.train(1000, restart=True))
    view.set_marks(((200, "η 0.1 → 0.3"), (501, "Unit 2 is dead"), (502, "Loss below 0.3")))

    def has_line(step: float) -> bool:
        image, at = plot(view).viewport().grab().toImage(), place(view, step)
        first, last = top(view, step).y(), top(view, step).y() + 80
        return any(
            sum(image.pixelColor(at.x() + x, y).name() == LIGHT.text for y in range(first, last)) > 20
            for x in (-1, 0, 1)
        )

    assert has_line(200) and has_line(501) and not has_line(350)
    assert tooltip(view, top(view, 200)) == "η 0.1 → 0.3"
    assert tooltip(view, top(view, 200) + QPoint(0, 60)) == "η 0.1 → 0.3"
    assert tooltip(view, top(view, 501)) == "Unit 2 is dead\nLoss below 0.3"
    assert tooltip(view, top(view, 350)) == ""
    view.set_marks(())
    assert not has_line(200)
    view.show_frame(feed.past(300))
    assert "Ctrl" in tooltip(view, place(view, 300))


def test_the_legend_names_band_and_mean(view: CurvesView) -> None:
    view.show_frame(Feed(batch_size=5).train(200, restart=True))
    assert button(view, "legendTrainingBand").text() == "mini-batch"
    assert button(view, "legendTraining").text() == "smoothed"
    assert button(view, "legendTrainingBand").isVisible()
    button(view, "legendTrainingBand").click()
    assert not view.lines[0].band
    view.show_frame(Feed(batch_size="full").train(20, restart=True))
    assert not view.findChildren(QToolButton, "legendTrainingBand")[0].isVisible()
    assert button(view, "legendTraining").text() == "mini-batch", "it is no mean"


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_layers_are_told_apart_without_their_colours(theme: Theme, qtbot: QtBot) -> None:
    def luminance(name: str) -> float:
        parts = [
            (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4) for c in QColor(name).getRgbF()[:3]
        ]  # type: ignore[index]
        return float(np.dot(parts, (0.2126, 0.7152, 0.0722)))

    view = GradientsView()
    qtbot.addWidget(view)
    view._set_layers(12)
    layers = view._own_lines[:-1]
    looks = {(line.colour(theme).name(), line.dash, line.marker) for line in layers}
    assert len(looks) == 12
    for one, other in pairwise(layers):
        assert one.dash != other.dash and one.marker != other.marker
        assert one.colour(theme) != other.colour(theme)
    for line in layers:
        dark, light = sorted((luminance(line.colour(theme).name()), luminance(theme.surface)))
        assert (light + 0.05) / (dark + 0.05) >= 3


@pytest.mark.usefixtures("dressed")
def test_ends_of_epochs_are_ticked_where_there_is_room(view: CurvesView) -> None:
    feed = Feed()  # 40 rows in mini-batches of 8: an epoch of 5 steps
    view.show_frame(feed.train(50, restart=True))
    expected = [place(view, step).x() for step in range(5, 51, 5)]
    assert ticks(view) == pytest.approx(expected, abs=1)
    view.show_frame(feed.train(950))
    assert ticks(view) == []


@pytest.mark.usefixtures("dressed")
def test_ends_of_epochs_are_those_that_were_evaluated(view: CurvesView) -> None:
    feed = Feed(validation=0.25, batch_size=8)  # 30 rows: an epoch of 4 steps
    view.show_frame(feed.train(10, restart=True))
    feed.trainer.change(Experiment(**{**vars(feed.trainer.experiment), "batch_size": 3}))
    view.show_frame(feed.train(40))
    ends = [step for step in feed.trainer.scalars.evaluated_steps if step]
    assert len({int(length) for length in np.diff(ends)}) > 1
    assert ticks(view) == pytest.approx([place(view, float(step)).x() for step in ends], abs=1)


def test_no_ticks_where_every_step_is_an_epoch(view: CurvesView) -> None:
    view.show_frame(Feed(batch_size="full").train(20, restart=True))
    assert ticks(view) == []


def other_run(number: int, name: str, loss: list[float], validation: float = 0.8) -> RunSeries:
    count = len(loss)
    one = np.ones(count)
    evaluated = np.arange(0, count + 1, 5)
    scalars = Scalars(
        np.arange(1, count + 1), np.array(loss), 0 * one, 0.25 * one, 0.125 * one, one, np.ones((count, 2)),
        evaluated, np.full(len(evaluated), validation), np.full(len(evaluated), 0.5),
    )  # fmt: skip
    return RunSeries((0, number), name, scalars)


def hue(view: Chart, step: float, value: float) -> int:
    colours = [QColor(name) for name in colours_around(view, step, value)]
    return max(colours, key=QColor.hsvSaturation).hue()


def test_other_runs_are_drawn_beside(view: CurvesView) -> None:
    feed = Feed()
    view.show_frame(feed.made_up([0.4] * 100, restart=True))
    view.set_overlays((other_run(1, "slow", [3.0] * 300), other_run(2, "fast", [0.2] * 50)))
    assert view.view_range[0][1] >= 300
    assert view.view_range[1][1] >= 3.0
    assert [button(view, f"legendRun0-{n}").text() for n in (1, 2)] == ["slow", "fast"]
    values = hover(view, 40)
    assert list(values) == ["step", "smoothed", "mini-batch", "slow", "fast"]
    assert values["slow"] == "3 / 0.8"
    assert values["fast"] == "0.2 / 0.8"
    assert list(hover(view, 80)) == ["step", "smoothed", "mini-batch", "slow"]
    assert list(hover(view, 250)) == ["step", "slow"]
    move(view, QPoint(-5, -5))
    slow, fast = hue(view, 200, 3.0), hue(view, 40, 0.2)
    own = QColor(LIGHT.positive).hue()
    assert min(abs(slow - fast), abs(slow - own), abs(fast - own)) > 30
    before = colours_around(view, 200, 3.0)
    view.show_frame(feed.past(20))
    assert colours_around(view, 200, 3.0) == before  # it has no future


def test_other_runs_can_be_hidden_and_taken_away(view: CurvesView) -> None:
    view.show_frame(Feed().made_up([0.4] * 100, restart=True))
    slow, fast = other_run(1, "slow", [3.0] * 300), other_run(2, "fast", [0.2] * 50)
    view.set_overlays((slow, fast))
    colour = hue(view, 40, 0.2)
    QTest.mouseClick(button(view, "legendRun0-1"), Qt.MouseButton.LeftButton)
    assert view.view_range[0][1] < 200
    assert view.view_range[1][1] < 2
    assert "slow" not in hover(view, 40)
    view.set_overlays((slow, RunSeries(fast.key, "renamed", fast.scalars)))
    assert not button(view, "legendRun0-1").isChecked()
    assert hover(view, 40)["renamed"] == "0.2 / 0.8"
    view.set_overlays((fast,))
    assert [line.name for line in view.lines if line.end is not None] == ["fast", "fast"]
    move(view, QPoint(-5, -5))
    assert hue(view, 40, 0.2) == pytest.approx(colour, abs=10)
    view.set_overlays(())
    assert all(line.end is None for line in view.lines)
    assert list(hover(view, 40)) == ["step", "smoothed", "mini-batch"]


def test_other_runs_stay_when_the_run_begins_anew(view: CurvesView) -> None:
    view.show_frame(Feed().made_up([0.4] * 100, restart=True))
    old = other_run(1, "before the edit", [0.5] * 60)
    view.set_overlays((old,))
    view.show_frame(Feed().made_up([0.3] * 20, restart=True))
    assert view.steps_kept == 20
    assert hover(view, 10)["mini-batch"] == "0.3"
    assert hover(view, 10)["before the edit"] == "0.5 / 0.8"
    view.clear()
    assert view.empty_text == ""
    assert list(hover(view, 10)) == ["step", "before the edit"]
    view.set_overlays(())
    assert view.empty_text


def test_r2_of_a_constant_target_is_said_to_be_undefined(view: CurvesView) -> None:
    data = Dataset.from_arrays(np.linspace(0, 1, 20)[:, None], np.full(20, 0.1))
    feed = Feed("regression")
    feed.trainer = Trainer(Experiment((Layer(1),), batch_size=5, validation=0.2), data)
    view.show_frame(feed.train(8, restart=True))
    assert view.empty_text == ""
    QTest.mouseClick(button(view, "metricButton"), Qt.MouseButton.LeftButton)
    assert view.empty_text == "R² is not defined: the targets are all equal"
    view.grab()
    view.show_frame(Feed().train(3, restart=True))
    assert view.empty_text == ""


def test_metric_of_other_runs(view: CurvesView) -> None:
    view.show_frame(Feed().made_up([0.4] * 100, restart=True))
    view.set_overlays((other_run(1, "slow", [3.0] * 100),))
    button(view, "legendRun0-1").click()
    QTest.mouseClick(button(view, "metricButton"), Qt.MouseButton.LeftButton)
    assert not button(view, "legendRun0-1").isChecked()
    button(view, "legendRun0-1").click()
    assert hover(view, 50)["slow"] == "0.25 / 0.5"


def test_update_norm_of_other_runs(qtbot: QtBot) -> None:
    view = shown(qtbot, GradientsView())
    view.show_frame(Feed().train(50, restart=True))
    view.set_overlays((other_run(1, "slow", [3.0] * 100),))
    assert list(hover(view, 30)) == ["step", "Hidden 1", "Output", "update", "slow"]
    assert hover(view, 30)["slow"] == "0.125"


def test_a_run_of_no_steps_can_be_laid_over(view: CurvesView) -> None:
    view.set_overlays((RunSeries((0, 1), "empty", Scalars.empty(2)),))
    view.show_frame(Feed().made_up([0.4] * 10, restart=True))
    assert hover(view, 5)["mini-batch"] == "0.4"
    assert not [item for item in view.findChildren(QToolButton, "legendRun0-1") if item.isVisible()]


@pytest.mark.usefixtures("dressed")
def test_a_long_name_is_cut_in_the_legend_and_whole_in_its_tip(view: CurvesView) -> None:
    name = "with a learning rate of 0.3 and a batch of sixteen rows"
    view.show_frame(Feed().made_up([0.4] * 10, restart=True))
    view.set_overlays((other_run(1, name, [3.0] * 10),))
    item = button(view, "legendRun0-1")
    assert item.width() < 200
    assert item.accessibleName() == name
    assert item.toolTip().startswith(name)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    small = Store(memory_bytes=2**20)
    monkeypatch.setattr("engine.series.STORE", small)
    return small


def test_more_steps_than_fit_into_memory(store: Store, view: CurvesView) -> None:
    feed = Feed()
    feed.trainer.run = lambda steps: None  # type: ignore[method-assign, assignment, misc]
    rng = np.random.default_rng(0)
    loss = rng.gamma(4, 0.25, 3_000_000)
    for number, part in enumerate(np.split(loss, 30)):
        frame = feed.made_up(part, restart=number == 0)
        view.show_frame(Frame(**{**vars(frame), "record": At(feed.sent)}))
    assert store.disk_bytes > 8 * 3_000_000
    (left, right), _ = view.view_range
    assert left <= 0 < 3_000_000 <= right
    plot(view).getViewBox().setXRange(1_000_000, 1_000_020, padding=0)
    values = hover(view, 1_000_010)
    step = int(values["step"].replace("\u202f", ""))
    assert float(values["mini-batch"]) == pytest.approx(loss[step - 1], rel=1e-3)
    assert float(values["smoothed"]) == pytest.approx(loss[step - 5 : step].mean(), rel=1e-3)
    view.clear()
    assert store.disk_bytes == 0


class At:
    """As much of a record as a curve needs."""

    def __init__(self, step: int) -> None:
        self.step, self.epoch = step, 1
