from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QSlider, QWidget
from pytestqt.qtbot import QtBot

from engine import Dataset
from engine.data.builtin import builtin
from engine.parts import Part
from gui.document.focus import Focus
from gui.style.theme import DARK, LIGHT, Theme
from gui.training.messages import Status
from gui.training.probe import Nodes, Probe
from gui.views.surface import SurfaceView, WeightImages
from gui.views.surface.colours import (
    class_colours,
    class_picture,
    class_shares,
    finer,
    height_picture,
    placed,
)
from gui.views.surface.maps import UnitMaps
from gui.views.surface.plane import Plane, telling_order, value_at
from tests.gui.prober import Prober


class Shown:
    """A view that is on screen, with a training behind it."""

    def __init__(
        self, qtbot: QtBot, data: Dataset, size: tuple[int, int] = (1100, 420), **settings: Any
    ) -> None:
        self.qtbot = qtbot
        self.view = SurfaceView(Focus())
        qtbot.addWidget(self.view)
        self.prober = Prober(data, **settings)
        self.prober.watch(self.view)
        self.view.resize(*size)
        with qtbot.waitExposed(self.view):
            self.view.show()
        qtbot.wait(1)

    def open_axes(self) -> None:
        find(self.view, QPushButton, "surfaceAxesButton").click()

    def train(self, steps: int = 1, status: Status = Status.PAUSED) -> None:
        self.view.show_frame(self.prober.train(steps, status))
        self.prober.reply()

    def hover(self, x: float, y: float) -> None:
        plot = self.view.plot
        at = plot.pixel_of(x, y)
        no, none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        move = QMouseEvent(QEvent.Type.MouseMove, at, plot.viewport().mapToGlobal(at), no, no, none)
        QApplication.sendEvent(plot.viewport(), move)

    def colour_at(self, x: float, y: float) -> QColor:
        """The colour of the image over a point of the plane."""
        image, bounds = self.view.plot.image, self.view.plot.bounds
        assert image is not None
        across = (x - bounds.left()) / bounds.width()
        up = (y - bounds.top()) / bounds.height()
        return image.pixelColor(
            min(int(across * image.width()), image.width() - 1),
            min(int((1 - up) * image.height()), image.height() - 1),
        )


def find(view: QWidget, kind: type, name: str) -> Any:
    found = view.findChild(kind, name)
    assert found is not None, name
    return found


def half_planes() -> Dataset:
    """Class 1 where the first input is positive; the second is noise, and x2 has the larger numbers."""
    rng = np.random.default_rng(3)
    inputs = rng.uniform(-1, 1, (200, 2)) * [1.0, 100.0]
    return Dataset.from_arrays(inputs, (inputs[:, 0] > 0).astype(float), "binary")


# -- pieces ----------------------------------------------------------------------------------------


def test_a_question_about_many_inputs_carries_one_row_of_them() -> None:
    """A step with 5,000 inputs took a tenth of a second: who asks wrote out some thousand rows of them."""
    plane = Plane(3, 4, np.zeros(5_000), 0.0, 1.0)
    probe = Probe(1, inputs=plane.nodes(64, 64))
    assert isinstance(probe.inputs, Nodes) and len(probe) == 64 * 64
    carried = sum(value.nbytes for value in vars(probe.inputs).values() if isinstance(value, np.ndarray))
    assert carried == 8 * (5_000 + 64 + 64)
    assert probe.inputs.written_out().shape == (64 * 64, 5_000)


def test_plane_lists_its_nodes_from_the_bottom_up() -> None:
    plane = Plane(2, 0, np.array([9.0, 7.0, 9.0]), left=0.0, right=2.0, bottom=-1.0, top=1.0)
    assert plane.nodes(3, 2).written_out().tolist() == [
        [-1, 7, 0], [-1, 7, 1], [-1, 7, 2],
        [1, 7, 0], [1, 7, 1], [1, 7, 2],
    ]  # fmt: skip
    line = Plane(1, None, np.array([5.0, 0.0]), left=0.0, right=1.0)
    assert line.nodes(2, 9).written_out().tolist() == [[5, 0], [5, 1]]


def test_values_between_nodes_are_interpolated() -> None:
    x, y = np.meshgrid(np.linspace(0, 1, 5), np.linspace(0, 1, 4))
    values = np.stack((3 * x + 2 * y, x - y), axis=-1)
    np.testing.assert_allclose(value_at(values, 0.3, 0.7), [0.9 + 1.4, -0.4])
    np.testing.assert_allclose(value_at(values, 2.0, -1.0), [3.0, 1.0])  # beyond the edge: the edge
    fine = finer(values, 40, 30)
    up, across = (np.arange(40) + 0.5) / 40, (np.arange(30) + 0.5) / 30
    np.testing.assert_allclose(fine[:, :, 0], 3 * across + 2 * up[:, None], atol=1e-5)


def test_shares_of_classes() -> None:
    np.testing.assert_allclose(class_shares(np.array([[0.3], [1.2]]), 0.5), [[0.7, 0.3], [0.0, 1.0]])
    np.testing.assert_allclose(class_shares(np.array([[0.0], [-0.5]]), 0.0), [[0.5, 0.5], [0.75, 0.25]])
    np.testing.assert_allclose(class_shares(np.array([[0.2, 0.2, 0.6]]), 0.5), [[0.2, 0.2, 0.6]])
    np.testing.assert_allclose(
        class_shares(np.array([[-1.0, -2.0], [3.0, 1.0]]), 0.5), [[0.5, 0.5], [0.75, 0.25]]
    )
    assert np.isfinite(class_shares(np.array([[np.nan, np.inf]]), 0.5)).all()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(("count", "least"), [(2, 200), (10, 60), (14, 25)])
def test_class_colours_are_told_apart(theme: Theme, count: int, least: int) -> None:
    colours = [colour.getRgb()[:3] for colour in class_colours(count, theme)]  # type: ignore[index]
    assert len(colours) == count
    apart = [np.abs(np.subtract(a, b)).sum() for i, a in enumerate(colours) for b in colours[:i]]
    assert min(apart) > least


def test_a_line_is_drawn_where_the_class_changes() -> None:
    shares = np.zeros((4, 6, 2))
    shares[:, :3, 0] = shares[:, 3:, 1] = 1.0
    words = class_picture(shares, class_colours(2, LIGHT), LIGHT)
    assert len(np.unique(words[:, :2])) == 1 and len(np.unique(words[:, 3:])) == 1
    assert words[0, 2] not in (words[0, 0], words[0, 3])


def test_heights_go_from_the_negative_to_the_positive_colour() -> None:
    heights = np.linspace(-1.0, 1.0, 201)[None, :].repeat(3, axis=0)
    words = height_picture(heights, LIGHT)
    low, middle, high = (QColor(int(words[0, place])) for place in (0, 101, 200))
    assert low.red() > low.blue() + 60 and high.blue() > high.red() + 60
    assert min(middle.red(), middle.green(), middle.blue()) > 230
    assert QColor(int(height_picture(np.full((1, 1), np.nan), LIGHT)[0, 0])).isValid()


@pytest.mark.parametrize("size", [1e-300, 1e-40, 1.0, 1e40, 1e200, 1.7e308])
def test_heights_of_any_size_are_coloured_by_where_they_are(size: float) -> None:
    x = np.linspace(-1.0, 1.0, 9)[None, :, None].repeat(2, axis=0)
    usual = height_picture(finer(placed(x, -1.0, 1.0), 4, 30)[:, :, 0], LIGHT)
    words = height_picture(finer(placed(x * size, -size, size), 4, 30)[:, :, 0], LIGHT)
    assert np.array_equal(words, usual)
    beyond = placed(np.array([-1.7e308, np.nan, np.inf, 1.7e308]), -1e-300, 1e-300).astype(np.float32)
    assert np.isfinite(beyond[[0, 3]]).all() and np.isnan(beyond[1]) and np.isinf(beyond[2])


def test_shares_of_outputs_whose_sum_is_too_large() -> None:
    np.testing.assert_allclose(class_shares(np.array([[1.5e308, 1.5e308], [1.0, 3.0]]), 0.5)[0], [0.5, 0.5])
    np.testing.assert_allclose(class_shares(np.array([[1.5e308, 1.5e308], [1.0, 3.0]]), 0.5)[1], [0.25, 0.75])


def test_inputs_that_tell_of_the_targets_come_first() -> None:
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(300, 4))
    inputs[::9, 1] = np.nan
    inputs[:, 3] = 5.0
    targets = (np.nan_to_num(inputs[:, 1]) * 3 + inputs[:, 2])[:, None]
    assert telling_order(inputs, targets)[:2].tolist() == [1, 2]


# -- the view --------------------------------------------------------------------------------------


def test_regions_are_coloured_by_class(qtbot: QtBot) -> None:
    shown = Shown(qtbot, half_planes())
    shown.train(400)
    left, right = shown.colour_at(-0.9, 0), shown.colour_at(0.9, 0)
    assert left.red() > left.blue() + 40 and right.blue() > right.red() + 40


def test_every_point_of_the_image_is_the_networks_own_output(qtbot: QtBot) -> None:
    shown = Shown(qtbot, half_planes())
    shown.train(60)
    for x, y in ((-0.31, 40.0), (0.02, -77.0), (0.6, 3.0)):
        result = shown.prober.answer(Probe(1, inputs=np.array([[x, y]])))
        shown.hover(x, y)
        share = float(result.outputs[0, 0])
        told = shown.view.read_out
        name, other = ("1", "0") if share >= 0.5 else ("0", "1")
        # the pointer is on a whole pixel, so its place is only nearly the one that was asked for
        found = float(told.split("→")[1].split("·")[0].split()[1])
        assert told.split("→")[1].split()[0] == name and other in told
        assert found == pytest.approx(max(share, 1 - share), abs=0.03)


def test_regression_has_heights_and_a_bar(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("plane"), hidden=())
    shown.train(300)
    shown.hover(0.5, 0.5)
    value = float(shown.view.read_out.split("→")[1].split()[1].replace("−", "-"))
    assert value == pytest.approx(0.5 * 1.0 + 0.5 * -0.5 + 0.25, abs=0.1)
    low, high = shown.colour_at(-0.95, 0.95), shown.colour_at(0.95, -0.95)
    assert low.red() > low.blue() and high.blue() > high.red()


@pytest.mark.parametrize("corner", [(1.0, 1.0), (-1.0, 1.0), (1.0, -1.0), (-1.0, -1.0)])
def test_the_bar_of_heights_hides_no_mark_where_there_is_a_corner_without(
    qtbot: QtBot, corner: tuple[float, float]
) -> None:
    rng = np.random.default_rng(1)
    inputs = rng.uniform(0.3, 1.0, (60, 2)) * corner
    inputs[:4] = [[-1, -1], [-1, 1], [1, -1], [1, 1]]  # the plane is as large as it is for all
    inputs[:4] *= 0.02
    dataset = Dataset.from_arrays(np.vstack([inputs, -0.3 * inputs]), rng.normal(size=(120, 1)))
    shown = Shown(qtbot, dataset, size=(420, 520))
    shown.train()
    plot = shown.view.plot
    plot.grab()
    bar = plot.bar_box
    assert bar is not None
    x, y = plot._pixels(*dataset.inputs.T)
    assert not any(bar.contains(QPointF(*point)) for point in zip(x, y, strict=True))


def test_the_legend_names_ten_classes_and_says_how_many_more_there_are(qtbot: QtBot) -> None:
    for count, more in ((10, ""), (13, "and 3 more")):
        rng = np.random.default_rng(0)
        dataset = Dataset.from_arrays(rng.normal(size=(60, 2)), np.arange(60) % count, "multiclass")
        shown = Shown(qtbot, dataset)
        shown.train()
        said = find(shown.view, QWidget, "surfaceLegend").toolTip()
        assert all(name in said.split(", ") for name in map(str, range(10)))
        assert more in said and ("more" in said) is bool(more)


def test_as_many_maps_as_can_be_are_seen(qtbot: QtBot) -> None:
    """Not one row of large ones where more would be seen if they were small."""
    layers = tuple(np.zeros((4, 4, units)) for units in (8, 1))
    maps = UnitMaps(Focus())
    qtbot.addWidget(maps)
    maps.resize(225, 85)
    maps.show_layers(layers, 1)
    maps.show()
    sheet: Any = maps.widget()
    room = maps.viewport().rect()
    assert sum(room.contains(sheet._place(0, unit).toRect()) for unit in range(8)) >= 5


def test_one_input_is_drawn_as_a_curve(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("sine"), hidden=(6,))
    shown.train(200)
    assert shown.view.axes.up is None and shown.view.plot.image is None
    marks = shown.view.plot.marks
    assert marks is not None
    np.testing.assert_array_equal(marks.y, builtin("sine").targets[marks.rows, 0])
    shown.hover(0.4, 0.0)
    outputs = shown.prober.answer(Probe(1, inputs=np.array([[0.4]]))).outputs
    told = float(shown.view.read_out.split("→")[1].split()[1].replace("−", "-"))
    assert told == pytest.approx(float(outputs[0, 0]), abs=0.02)


def test_the_batch_is_outlined_and_the_shown_sample_ringed(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("iris"))
    shown.train(100)
    plot, record = shown.view.plot, shown.prober.record
    marks = plot.marks
    assert marks is not None
    held = set(marks.rows[marks.held_out].tolist())
    assert held == set(shown.prober.trainer.prepared.validation_rows.tolist())
    assert plot.outlined == tuple(sorted(record.indices.tolist()))
    shown.view.focus.show_frame(shown.prober.frame())
    for sample in (0, 3):
        shown.view.focus.show_sample(sample)
        assert plot.highlight == record.indices[sample]


def test_other_inputs_are_pinned_where_the_sample_has_them(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("iris"))
    shown.train(10)
    data, view = builtin("iris"), shown.view
    view.focus.show_frame(shown.prober.frame())
    indices = shown.prober.record.indices
    note = find(view, QLabel, "surfaceNote")
    for sample in (0, 2):
        view.focus.show_sample(sample)
        np.testing.assert_array_equal(view.axes.pins, data.inputs[indices[sample]])
        assert f"row {indices[sample] + 1}" in note.text() and note.isVisible()
    # of the four, the petals tell most of the class
    assert (view.axes.across, view.axes.up) == (2, 3)
    train = data.inputs[shown.prober.trainer.prepared.train_rows]
    find(view, QPushButton, "pinMeanButton").click()
    np.testing.assert_allclose(view.axes.pins, train.mean(axis=0))
    assert "mean" in note.text()
    view.focus.show_sample(1)  # they stay there
    np.testing.assert_allclose(view.axes.pins, train.mean(axis=0))
    find(view, QPushButton, "pinSampleButton").click()
    np.testing.assert_array_equal(view.axes.pins, data.inputs[indices[1]])


def test_while_running_the_other_inputs_stand_still(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("iris"))
    shown.train(10)
    before = shown.view.axes.pins
    shown.train(3, Status.RUNNING)
    np.testing.assert_array_equal(shown.view.axes.pins, before)


def test_a_unit_that_is_pointed_at_fills_the_picture(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("spiral"), size=(300, 560), hidden=(5, 3))
    shown.train(200)
    view, unit = shown.view, Part("unit", 1, 3)
    title = find(view, QWidget, "surfaceTitle")
    sheet: Any = view.maps.widget()
    at = sheet._place(0, 3).center()
    whole = view.plot.image
    move = QMouseEvent(
        QEvent.Type.MouseMove, at, sheet.mapToGlobal(at), Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(sheet, move)
    assert view.focus.hovered == unit and "4" in title.toolTip()
    values, limit = view.maps.values(unit)
    assert view.plot.image is not None
    colour, corner = view.plot.image.pixelColor(0, view.plot.image.height() - 1), float(values[0, 0])
    assert (colour.blue() > colour.red()) == (corner > 0) and abs(corner) <= limit
    QApplication.sendEvent(sheet, QEvent(QEvent.Type.Leave))
    assert view.focus.hovered is None and view.plot.image == whole and "surface" in title.toolTip()
    view.focus.hover(Part("unit", 2, 1))  # in the graph
    assert view.plot.image != whole
    view.focus.hover(Part("unit", 0, 1))  # an input has no map
    assert view.plot.image == whole
    view.focus.hover(None)
    for kept in (True, False):
        QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=at.toPoint())
        QApplication.sendEvent(sheet, QEvent(QEvent.Type.Leave))
        assert view.focus.part == unit and (view.plot.image != whole) == kept
    shown.train(1)
    shown.view.forget()


@pytest.mark.parametrize("size", [(220, 300), (262, 420), (300, 700), (760, 260)])
@pytest.mark.usefixtures("dressed")
def test_the_plot_has_most_of_the_room(qtbot: QtBot, size: tuple[int, int]) -> None:
    shown = Shown(qtbot, builtin("iris"), size=size)
    shown.train(5)
    qtbot.wait(1)
    view = shown.view
    plot, maps = view.plot.geometry(), view.maps
    assert view.size().toTuple() == size
    assert plot.width() * plot.height() > 0.3 * size[0] * min(size)
    assert plot.height() <= size[0]
    assert maps.isVisible() == (size != (220, 300))


def test_a_slider_moves_the_slice(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("iris"))
    shown.train(200)
    shown.open_axes()
    slider = find(shown.view, QSlider, "pinSlider0")
    slider.setFocus()
    before = shown.view.axes.pins[0]
    for _ in range(20):
        QTest.keyClick(slider, Qt.Key.Key_Right)
    assert shown.view.axes.pins[0] > before
    probe = shown.prober.questions[0]
    assert isinstance(probe.inputs, Nodes) and len(np.unique(probe.inputs.written_out()[:, 1])) == 1
    shown.prober.reply()
    assert float(shown.view.axes.pins[0]) == pytest.approx(float(slider_value(shown.view)))
    QTest.mouseClick(find(shown.view, QPushButton, "pinMeanButton"), Qt.MouseButton.LeftButton)
    train = builtin("iris").inputs[shown.prober.trainer.prepared.train_rows]
    assert shown.view.axes.pins[0] == pytest.approx(train[:, 0].mean())


def slider_value(view: SurfaceView) -> float:
    slider, inputs = view.findChild(QSlider, "pinSlider0"), builtin("iris").inputs[:, 0]
    assert slider is not None
    return float(inputs.min() + (inputs.max() - inputs.min()) * slider.value() / 200)


def test_other_inputs_can_be_chosen(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("iris"))
    shown.train(10)
    combo = find(shown.view, QComboBox, "surfaceXCombo")
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Home)
    assert shown.view.axes.across == 0
    shown.prober.reply()
    assert shown.view.plot.x_axis.labelText == "sepal_length"
    inputs = builtin("iris").inputs[:, 0]
    bounds = shown.view.plot.bounds
    assert bounds.left() < inputs.min() and bounds.right() > inputs.max()
    marks = shown.view.plot.marks
    assert marks is not None and marks.x.tolist() == inputs.tolist()
    shown.view.axes.choose(3, 3)  # one input cannot be both
    assert shown.view.axes.across != shown.view.axes.up


def test_categories_are_pinned_at_a_level(qtbot: QtBot) -> None:
    rng = np.random.default_rng(0)
    level = rng.integers(0, 3, 90)
    inputs = np.column_stack((rng.normal(size=(90, 2)), np.eye(3)[level]))
    data = Dataset.from_arrays(
        inputs, level, "multiclass", feature_names=("a", "b", "c=x", "c=y", "c=z"),
    )  # fmt: skip
    object.__setattr__(data, "groups", ("a", "b", "c", "c", "c"))
    shown = Shown(qtbot, data)
    shown.train(200)
    shown.open_axes()
    combo = find(shown.view, QComboBox, "pinLevels2")
    assert combo.currentIndex() == level[shown.prober.record.indices[0]]
    find(shown.view, QPushButton, "pinMeanButton").click()
    assert combo.currentIndex() == -1  # the mean is no level
    for place, name in enumerate("012"):
        combo.setFocus()
        QTest.keyClick(combo, Qt.Key.Key_Home)
        for _ in range(place):
            QTest.keyClick(combo, Qt.Key.Key_Down)
        shown.prober.reply()
        assert shown.view.axes.pins[2:].tolist() == np.eye(3)[place].tolist()
        shown.hover(0.0, 0.0)
        assert shown.view.read_out.split("→")[1].split()[0] == name


def test_the_wheel_zooms_and_the_button_goes_back(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("spiral"))
    shown.train(10)
    plot = shown.view.plot
    before = plot.bounds
    at = plot.pixel_of(0.0, 0.0)
    none = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(
        plot.viewport(),
        QWheelEvent(
            at, plot.viewport().mapToGlobal(at), QPoint(), QPoint(0, 480), Qt.MouseButton.NoButton, none,
            Qt.ScrollPhase.NoScrollPhase, False,
        ),
    )  # fmt: skip
    assert plot.bounds.width() < before.width()
    probe = shown.prober.questions[0]
    assert isinstance(probe.inputs, Nodes)
    assert np.ptp(probe.inputs.across) == pytest.approx(plot.bounds.width())
    QTest.mouseClick(find(shown.view, QPushButton, "surfaceWholeButton"), Qt.MouseButton.LeftButton)
    assert plot.bounds.width() == pytest.approx(before.width())


def test_a_clicked_mark_tells_its_row(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("spiral"))
    shown.train(10)
    row = 199  # the outer end, with nothing near
    x, y = builtin("spiral").inputs[row]
    at = shown.view.plot.pixel_of(x, y).toPoint()
    with qtbot.waitSignal(shown.view.focus.row_wanted) as heard:
        QTest.mouseClick(shown.view.plot.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert heard.args == [row]
    shown.hover(x, y)
    assert "row 200: 1" in shown.view.read_out


def test_maps_show_every_unit(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("spiral"), hidden=(5, 3))
    shown.train(50)
    layers = shown.view.maps.layers
    assert [layer.shape[2] for layer in layers] == [5, 3, 1]
    bounds = shown.view.plot.bounds
    corner = np.array([[bounds.right(), bounds.bottom()]])
    expected = shown.prober.answer(Probe(1, inputs=corner, layers=True)).activations
    for layer, activation in zip(layers, expected, strict=True):
        np.testing.assert_allclose(layer[-1, -1], activation[0], rtol=1e-9)
    picture = shown.view.unit_map(1, 4)
    assert picture is not None and picture.width() == picture.height() > 100
    assert shown.view.unit_map(1, 5) is None and shown.view.unit_map(4, 0) is None


def test_a_clicked_map_selects_its_unit(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("spiral"), hidden=(5, 3))
    shown.train(5)
    sheet: Any = shown.view.maps.widget()
    place = sheet._place(1, 2).center().toPoint()
    with qtbot.waitSignal(shown.view.focus.part_changed) as heard:
        QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=place)
    assert heard.args == [Part("unit", 2, 2)]


def test_maps_are_asked_for_while_hidden_once_they_are_wanted(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("spiral"))
    shown.view.hide()
    shown.view.show_frame(shown.prober.train(5))
    assert shown.prober.questions == []
    assert shown.view.unit_map(1, 0) is None
    shown.prober.reply()
    assert shown.view.unit_map(1, 0) is not None


def test_running_asks_for_a_coarser_grid_than_rest(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("spiral"), hidden=(30, 30))
    shown.train(5)
    sizes = []
    for status in (Status.RUNNING, Status.PAUSED):
        shown.view.show_frame(shown.prober.train(1, status))
        sizes.append(max(len(p.inputs) for p in shown.prober.questions if p.inputs is not None))
        shown.prober.reply()
    assert sizes[0] < sizes[1]


def test_the_same_state_is_asked_about_once(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("spiral"))
    frame = shown.prober.train(5)
    shown.view.show_frame(frame)
    shown.prober.reply()
    shown.view.show_frame(frame)
    assert shown.prober.questions == []


def test_another_data_set_forgets_the_old_one(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("iris"))
    shown.train(10)
    shown.view.show_frame(shown.prober.train(1))
    stale = [shown.prober.answer(probe) for probe in shown.prober.questions]
    shown.prober.questions.clear()
    shown.prober.generation = 2
    shown.view.forget()
    shown.prober.load(builtin("spiral"))
    shown.view.show_frame(shown.prober.frame())
    for result in stale:
        shown.view.show_probe(result)
    assert shown.view.plot.image is None and shown.view.maps.layers == ()
    shown.prober.reply()
    assert shown.view.plot.image is not None
    assert shown.view.axes.pins.shape == (2,)


@pytest.mark.usefixtures("dressed")
def test_theme_and_language_keep_what_is_shown(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("iris"))
    shown.train(50)
    before = shown.colour_at(1.5, 0.3)
    shown.view.set_theme(DARK)
    after = shown.colour_at(1.5, 0.3)
    assert after.lightness() < before.lightness()
    shown.view.changeEvent(QEvent(QEvent.Type.LanguageChange))
    assert shown.view.axes.across == 2


def test_the_pointer_leaves(qtbot: QtBot) -> None:
    shown = Shown(qtbot, builtin("iris"))
    shown.train(5)
    prompt = shown.view.read_out
    shown.hover(4.0, 1.0)
    assert shown.view.read_out != prompt
    QApplication.sendEvent(shown.view.plot.viewport(), QEvent(QEvent.Type.Leave))
    assert shown.view.read_out == prompt


# -- weights as pictures ---------------------------------------------------------------------------


def test_weights_are_drawn_as_pictures(qtbot: QtBot) -> None:
    prober = Prober(builtin("digits"), (6,), validation=0.0)
    view = WeightImages(Focus())
    qtbot.addWidget(view)
    view.resize(700, 200)
    with qtbot.waitExposed(view):
        view.show()
    weights = np.zeros((64, 6))
    weights[8 * 2 + 5, 1] = 1.0  # row 2, column 5 of the picture of unit 1
    weights[63, 1] = -1.0
    w2, b1, b2 = prober.trainer.weights[1], *prober.trainer.biases
    prober.trainer.set_parameters(weights=[weights, w2], biases=[b1, b2])
    prober.record = prober.trainer.peek()
    frame = prober.frame()
    assert WeightImages.suits(frame)
    view.show_frame(frame)
    assert view.pictures == 6
    image = view._sheet.pictures[1].toImage()
    up, down, rest = image.pixelColor(5, 2), image.pixelColor(7, 7), image.pixelColor(0, 0)
    assert up.blue() > up.red() + 100 and down.red() > down.blue() + 100
    assert rest == QColor(LIGHT.surface)

    at = view._sheet._place(3).center().toPoint()
    with qtbot.waitSignal(view.focus.part_changed) as heard:
        QTest.mouseClick(view._sheet, Qt.MouseButton.LeftButton, pos=at)
    assert heard.args == [Part("unit", 1, 3)]


def test_the_shown_sample_is_a_picture_above_its_weights(qtbot: QtBot) -> None:
    prober = Prober(builtin("digits"), (6,), validation=0.0)
    view = WeightImages(Focus())
    qtbot.addWidget(view)
    view.resize(240, 400)
    with qtbot.waitExposed(view):
        view.show()
    frame = prober.frame()
    view.focus.show_frame(frame)
    view.show_frame(frame)
    assert view.minimumSizeHint().width() < 240
    for sample in (0, 2):
        view.focus.show_sample(sample)
        row = int(frame.record.indices[sample])
        image = find(view, QLabel, "samplePicture").pixmap().toImage()
        at = [int(image.height() / 8 * (place + 0.5)) for place in range(8)]
        seen = np.array([[image.pixelColor(x, y).red() for x in at] for y in at])
        right = builtin("digits").inputs[row].reshape(8, 8)
        np.testing.assert_allclose(seen, 255 * (right - right.min()) / np.ptp(right), atol=1.0)
        assert f"row {row + 1}" in find(view, QLabel, "sampleName").text()


def test_weights_of_other_data_are_no_pictures(qtbot: QtBot) -> None:
    prober = Prober(builtin("iris"))
    assert not WeightImages.suits(prober.frame())
    view = WeightImages(Focus())
    qtbot.addWidget(view)
    view.show_frame(prober.frame())
    assert view.pictures == 0
