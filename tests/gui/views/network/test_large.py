"""Large networks: layers as blocks, weights as matrices, the strongest lines, finding a unit by its name."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import Dataset, Experiment, Layer, Scalars, Trainer
from engine.parts import Part
from engine.phases import Phase, PhaseKind
from gui.document.focus import Focus
from gui.style.theme import LIGHT
from gui.text.numbers import grouped
from gui.training.messages import Frame, Status
from gui.views.network import NetworkView, Quantity
from gui.views.network.arrangement import arrange
from gui.views.network.buckets import Palette, buckets
from gui.views.network.edges import MOST, MOST_OF_UNIT
from gui.views.network.heat import Heat, largest, strongest
from gui.views.network.lens import Lens
from gui.views.network.search import find
from gui.views.network.storeys import Shown
from gui.views.network.writing import Writing


@cache
def learned(sizes: tuple[int, ...], phase: Phase | None = None) -> Frame:
    random = np.random.default_rng(0)
    names = ("petal length", "petal width") if sizes[0] == 2 else None
    dataset = Dataset.from_arrays(
        random.normal(size=(40, sizes[0])),
        np.arange(40) % sizes[-1],
        "multiclass",
        feature_names=names,
        class_names=("setosa", "versicolor", "virginica") if sizes[-1] == 3 else None,
    )
    layers = (*(Layer(n, "tanh") for n in sizes[1:-1]), Layer(sizes[-1], "softmax"))
    experiment = Experiment(layers, loss="cross_entropy", batch_size=8, seed=0)
    record = Trainer(experiment, dataset).step()
    return Frame(0, dataset, record, phase, Scalars.empty(len(layers)), False, Status.PAUSED)


@pytest.fixture
def view(qtbot: QtBot) -> NetworkView:
    view = NetworkView(Focus())
    qtbot.addWidget(view)
    view.set_animated(False)
    view.resize(760, 560)
    view.show()
    return view


def show(view: NetworkView, some: Frame) -> None:
    view.focus.show_frame(some)
    view.show_frame(some)
    QApplication.processEvents()
    view.canvas.grab()


BIG = (784, 128, 10)


@pytest.mark.parametrize(
    ("sizes", "blocks", "matrices"),
    [
        ((4, 5, 4, 3), (False,) * 4, (False,) * 3),
        ((64, 32, 16, 10), (True, True, False, False), (True, True, False)),
        (BIG, (True, True, False), (True, True)),
        ((20, 20, 20), (False,) * 3, (False, False)),
        ((20, 21, 20), (False,) * 3, (True, True)),
    ],
)
def test_more_than_24_units_are_a_block_and_more_than_400_weights_a_matrix(
    sizes: tuple[int, ...], blocks: tuple[bool, ...], matrices: tuple[bool, ...]
) -> None:
    arrangement = arrange(sizes, 900, 700)
    assert tuple(place.grid is not None for place in arrangement.layers) == blocks
    assert tuple(matrix is not None for matrix in arrangement.matrices) == matrices
    for left, right, matrix in zip(
        arrangement.layers, arrangement.layers[1:], arrangement.matrices, strict=False
    ):
        if matrix is not None:
            assert left.box.right < matrix.left < matrix.right < right.box.left
            assert 0 < matrix.top < matrix.bottom <= arrangement.bounds.bottom


def test_a_cell_of_a_matrix_is_its_weight(view: NetworkView) -> None:
    show(view, learned(BIG))
    matrix = view.canvas.graph.arrangement.matrix(2)
    assert matrix is not None
    for source, unit in ((0, 0), (127, 9), (40, 3)):
        x = matrix.left + (unit + 0.5) / 10 * matrix.width
        y = matrix.top + (source + 0.5) / 128 * matrix.height
        assert view.canvas.graph.part_at(x, y, 0.0) == Part("weight", 2, unit, source)


def test_a_unit_of_a_block_is_found_where_it_is(view: NetworkView) -> None:
    show(view, learned(BIG))
    place = view.canvas.graph.arrangement.layers[1]
    for unit in (0, 63, 64, 127):
        x, y = place.centres[unit].tolist()
        for half in (-0.5, 0.5):  # a, and beside it delta
            assert view.canvas.graph.part_at(x + half * place.radius * place.aspect, y, 0.0) == Part(
                "unit", 1, unit
            )


def test_lines_are_drawn_for_the_unit_that_is_looked_at(view: NetworkView) -> None:
    show(view, learned(BIG))
    edges = view.canvas.graph.edges
    assert len(edges) == 0
    view.focus.select(Part("unit", 1, 77))
    assert len(edges) == MOST_OF_UNIT + 10
    view.canvas.pointed.emit(Part("weight", 1, 5, 300))
    assert len(edges) == MOST_OF_UNIT + 11
    view.focus.select(None)
    view.canvas.pointed.emit(None)
    assert len(edges) == 0


def test_the_slider_adds_the_strongest_of_all_and_says_how_many(view: NetworkView) -> None:
    some = learned(BIG)
    show(view, some)
    choice, edges = view.strongest, view.canvas.graph.edges
    assert choice.isVisible()
    weights = np.concatenate([w.ravel() for w in some.record.weights_after])
    total = grouped(len(weights))
    assert choice.count == f"0 of {total} weights"
    for place, count in ((1, 10), (2, 50), (3, 200), (4, MOST)):
        choice.slider.setValue(place)
        assert choice.count == f"{grouped(count)} of {total} weights"
        assert len(edges) == edges.strong == count
        if count <= 200:
            drawn = [
                abs(some.record.weights_after[layer - 1][source, unit])
                for layer, source, unit in zip(
                    edges._layer.tolist(), edges._source.tolist(), edges._unit.tolist(), strict=True
                )
            ]
            np.testing.assert_array_equal(np.sort(drawn), np.sort(np.abs(weights))[-count:])
    show(view, learned((4, 5, 3)))
    assert not choice.isVisible()
    assert len(edges) == 35


def test_what_is_not_known_has_no_strongest(view: NetworkView) -> None:
    show(view, learned(BIG, Phase(PhaseKind.FORWARD, 1)))
    view.set_quantity(Quantity.GRADIENTS)
    view.strongest.slider.setValue(2)
    assert len(view.canvas.graph.edges) == 0
    assert view.legend.limit is None
    view.canvas.grab()


def test_the_phase_lights_the_matrix_it_goes_through(view: NetworkView) -> None:
    for phase, passed in (
        (Phase(PhaseKind.FORWARD, 1), 1),
        (Phase(PhaseKind.FORWARD, 2), 2),
        (Phase(PhaseKind.BACKWARD, 1), 2),
        (Phase(PhaseKind.LOSS), None),
    ):
        show(view, learned(BIG, phase))
        picture = view.canvas.graph.picture
        assert picture is not None and picture.passed == passed


def test_a_matrix_too_large_for_its_pixels_shows_the_largest_of_each() -> None:
    values = np.random.default_rng(1).normal(size=(784, 128))
    values[500, 100] = -9.0
    small = largest(values, 100, 40)
    assert small.shape == (100, 40)
    assert small.min() == -9.0 and small.max() == values.max()
    assert largest(values, 784, 128) is values


def test_cells_show_numbers_when_they_are_large(view: NetworkView) -> None:
    show(view, learned((30, 40, 3)))
    graph = view.canvas.graph
    assert not any(part.kind == "unit" and part.layer < 2 for part, _ in graph.written)
    x, y = graph.arrangement.layers[1].centres[0].tolist()
    view.canvas.box.setRange(xRange=(x - 60, x + 60), yRange=(y - 40, y + 40), padding=0.0)
    view.canvas.grab()
    assert {(Part("unit", 1, 0), "a"), (Part("unit", 1, 0), "delta")} <= set(graph.written)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("hidden 2 unit 17", Part("unit", 2, 16)),
        ("Hidden 2 · unit 17", Part("unit", 2, 16)),
        ("h1 4", Part("unit", 1, 3)),
        ("hidden 1", Part("layer", 1)),
        ("output 3", Part("unit", 3, 2)),
        ("petal width", Part("unit", 0, 1)),
        ("PETAL W", Part("unit", 0, 1)),
        ("virgin", Part("unit", 3, 2)),
        ("inputs", Part("layer", 0)),
        ("w 2 3 1", Part("weight", 2, 0, 2)),
        ("hidden 2 unit 21", None),
        ("hidden 12 unit 1", None),
        ("nonsense", None),
        ("", None),
    ],
)
def test_parts_are_found_by_what_they_are_called(qapp: QApplication, text: str, part: Part | None) -> None:
    assert find(text, learned((2, 30, 20, 3))) == part


def test_the_field_says_what_it_finds_and_enter_goes_there(view: NetworkView, qtbot: QtBot) -> None:
    show(view, learned((2, 30, 20, 3)))
    view.find_unit()
    field = view.finder.field
    assert view.finder.isVisible()
    QTest.keyClicks(field, "hidden 1 unit 30")
    assert view.finder.said == "Hidden 1 · unit 30"
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert view.focus.part == Part("unit", 1, 29)
    view.find_unit()
    field.setText("no such thing")
    assert "Nothing" in view.finder.said
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert view.focus.part == Part("unit", 1, 29)


@pytest.mark.parametrize("zoom", [1.0, 0.4])
def test_no_sign_is_told_by_colour_alone(qapp: QApplication, zoom: float) -> None:
    """However small the cells: in one grey for all, the negative ones still differ, by their hatch."""
    palette = Palette(LIGHT)
    palette.cells = [QColor("#888888")] * len(palette.cells)
    heat, arrangement = Heat(LIGHT, palette), arrange(BIG, 900, 700)
    lens, writing = Lens(zoom, 0.0, 0.0, QRectF(0, 0, 900, 700)), Writing(QFont())

    def colours(box: QRectF, paint: Callable[[QPainter], None]) -> int:
        image = QImage(900, 700, QImage.Format.Format_RGB32)
        image.fill(QColor("#888888"))
        heat.forget()
        with QPainter(image) as painter:
            paint(painter)
        inside = box.toAlignedRect().adjusted(1, 1, -1, -1)
        part = image.copy(inside).convertToFormat(QImage.Format.Format_RGB32)
        return len(np.unique(np.frombuffer(part.constBits(), np.uint32)))

    def matrix(painter: QPainter) -> None:
        box = arrangement.matrix(1)
        assert box is not None
        values = np.full((784, 128), sign)
        heat.paint_weights(painter, lens, 1, box, values, 1.0, False, writing)

    def block(painter: QPainter) -> None:
        bucket = buckets(np.full(128, sign), 1.0)
        shown = Shown(None, None, None, bucket, bucket, bucket, False)
        heat.paint_layer(painter, lens, 1, hidden, shown, frozenset())

    hidden, between = arrangement.layers[1], arrangement.matrix(1)
    assert between is not None
    cell = 2 * hidden.radius * zoom
    for sign in (1.0, -1.0):
        assert (colours(lens.rect(between), matrix) > 1) is (sign < 0)
        if cell < 6:  # larger ones have lines between them
            assert (colours(lens.rect(hidden.box), block) > 1) is (sign < 0)


def test_cells_that_share_a_place_show_the_strongest() -> None:
    cells = buckets(np.array([[0.1, -0.9, 0.2], [0.3, 0.2, 0.0]]), 1.0)
    assert strongest(cells, 2, 1).tolist() == [[cells[0, 1]], [cells[1, 0]]]
    assert strongest(cells, 5, 5) is cells
