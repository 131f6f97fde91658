"""The picture of a small network: the digits of a known step, places that do not touch, what stays put."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import Dataset, Experiment, Layer, Scalars, StepRecord, Trainer
from engine.data.generators import Circles
from engine.parts import Part
from engine.phases import Phase, PhaseKind
from gui.document.focus import Focus
from gui.style.theme import DARK, LIGHT, Theme
from gui.text.numbers import short
from gui.training.messages import Frame, Status
from gui.views.network import NetworkView
from gui.views.network.buckets import FIRST, LEVELS, NOT_FINITE, Palette
from gui.views.network.flow import Flow
from gui.views.network.storeys import UNKNOWN_SIGN
from gui.views.network.writing import Writing

SAMPLE = 6
PHASES = (
    Phase(PhaseKind.INPUT),
    Phase(PhaseKind.FORWARD, 2),
    Phase(PhaseKind.LOSS),
    Phase(PhaseKind.BACKWARD, 2),
    Phase(PhaseKind.UPDATE),
    None,
)


@cache
def circles() -> tuple[Dataset, tuple[StepRecord, ...]]:
    """Steps 458 to 460 of a network that learns two circles, its learning rate raised after step 200."""
    dataset = Circles(200, noise=0.12).generate(0)
    experiment = Experiment(
        (Layer(4, "tanh"), Layer(2, "tanh"), Layer(1, "sigmoid")),
        loss="binary_cross_entropy",
        batch_size=8,
        validation=0.2,
        initializer="xavier_uniform",
        seed=5,
        learning_rate=0.1,
    )
    trainer = Trainer(experiment, dataset)
    trainer.run(200)
    trainer.change(experiment.changed(learning_rate=0.3))
    trainer.run(257)
    return dataset, (trainer.step(), trainer.step(), trainer.step())


def frame(phase: Phase | None = PHASES[3], back: int = 0, status: Status = Status.PAUSED) -> Frame:
    dataset, records = circles()
    return Frame(0, dataset, records[2 - back], phase, Scalars.empty(3), False, status)


@cache
def learned(sizes: tuple[int, ...]) -> Frame:
    """A step of a network with these units, that learns classes."""
    random = np.random.default_rng(0)
    dataset = Dataset.from_arrays(random.normal(size=(40, sizes[0])), np.arange(40) % sizes[-1], "multiclass")
    layers = (*(Layer(n, "tanh") for n in sizes[1:-1]), Layer(sizes[-1], "softmax"))
    experiment = Experiment(layers, loss="cross_entropy", batch_size=8, seed=0)
    record = Trainer(experiment, dataset).step()
    phase = Phase(PhaseKind.BACKWARD, 2)
    return Frame(0, dataset, record, phase, Scalars.empty(len(layers)), False, Status.PAUSED)


@pytest.fixture
def view(qtbot: QtBot) -> NetworkView:
    view = NetworkView(Focus())
    qtbot.addWidget(view)
    view.set_animated(False)
    view.resize(760, 560)
    view.show()
    show(view, frame())
    view.focus.show_sample(SAMPLE)
    QApplication.processEvents()
    return view


def show(view: NetworkView, some: Frame) -> None:
    view.focus.show_frame(some)
    view.show_frame(some)
    QApplication.processEvents()
    view.canvas.grab()


def test_the_digits_are_those_of_the_step(view: NetworkView) -> None:
    view.canvas.grab()
    written = view.canvas.graph.written
    assert {key: text for key, text in written.items() if key[0].kind == "unit"} == {
        **{(Part("unit", 0, k), "x"): text for k, text in enumerate(("0.08271", "−0.9524"))},
        **{
            (Part("unit", 1, k), "a"): text
            for k, text in enumerate(("0.9718", "0.2536", "−0.5581", "0.4813"))
        },
        **{(Part("unit", 2, k), "a"): text for k, text in enumerate(("−0.1202", "0.5222"))},
        **{(Part("unit", 2, k), "delta"): text for k, text in enumerate(("0.1989", "0.1411"))},
        (Part("unit", 3, 0), "a"): "0.1103",
        (Part("unit", 3, 0), "delta"): "−0.1112",
    }
    assert [written[Part("bias", 1, k), "b"] for k in range(4)] == ["0.7989", "0.2867", "−0.6638", "−1.288"]
    assert written[Part("weight", 2, 0, 0), "w"] == "−1.715"
    assert written[Part("weight", 2, 1, 1), "w"] == "−0.003244"
    assert sum(key[0].kind == "weight" for key in written) == 2 * 4 + 4 * 2 + 2
    assert (written[Part("loss"), "batch"], written[Part("loss"), "sample"]) == ("0.7217", "2.204")


def boxes(view: NetworkView) -> list[tuple[QRectF, str]]:
    """Where numbers, biases and circles are, and what each is."""
    graph = view.canvas.graph
    found = [(box, f"{part.kind} {part[1:]}") for box, part in graph.chip_boxes()]
    for layer, place in enumerate(graph.arrangement.layers):
        for unit, (x, y) in enumerate(place.centres.tolist()):
            at, r = view.canvas.pixel(x, y), place.radius
            found.append((QRectF(at.x() - r, at.y() - r, 2 * r, 2 * r), f"circle {layer} {unit}"))
    return found


def touch(one: tuple[QRectF, str], other: tuple[QRectF, str]) -> bool:
    if not one[0].intersects(other[0]):
        return False
    round_ones = [box for box, what in (one, other) if what.startswith("circle")]
    if not round_ones:
        return True
    box = next((box for box, what in (one, other) if not what.startswith("circle")), None)
    centre = round_ones[0].center()
    if box is None:
        away = round_ones[1].center() - centre
        return float(np.hypot(away.x(), away.y())) < round_ones[0].width() - 1.0
    dx = max(box.left() - centre.x(), centre.x() - box.right(), 0.0)
    dy = max(box.top() - centre.y(), centre.y() - box.bottom(), 0.0)
    return float(np.hypot(dx, dy)) < round_ones[0].width() / 2 - 1.0


@pytest.mark.parametrize("sizes", [(2, 4, 2, 2), (4, 5, 4, 3), (4, 3, 2), (8, 8, 8)])
@pytest.mark.parametrize("size", [(480, 300), (560, 470), (610, 420), (760, 560)])
def test_a_square_touches_no_circle_and_the_loss_no_output(
    view: NetworkView, sizes: tuple[int, ...], size: tuple[int, int]
) -> None:
    view.resize(*size)
    show(view, learned(sizes))
    arrangement = view.canvas.graph.arrangement
    for place in arrangement.layers[1:]:
        if not place.below and place.square:
            apart = np.abs(place.biases[:, None] - place.centres[None]) - place.square / 2
            assert np.hypot(*np.moveaxis(np.maximum(apart, 0.0), 2, 0)).min() >= place.radius + 2.0
    if arrangement.loss_below:
        outputs = arrangement.layers[-1]
        assert outputs.biases[-1, 1] + outputs.square / 2 < arrangement.loss.top
        assert outputs.box.bottom < arrangement.loss.top


DEEP = (2, *(4 for _ in range(10)), 2)


def texts(view: NetworkView, monkeypatch: pytest.MonkeyPatch) -> list[tuple[QRectF, str]]:
    """What is written on the picture, and where it has to have room."""
    said: list[tuple[QRectF, str]] = []
    write = Writing.write

    def noted(
        self: Writing, painter: QPainter, text: str, box: QRectF, pixels: float, *rest: object, **more: object
    ) -> None:
        wide = self.width(text, pixels, bool(more.get("bold", False)))
        said.append((QRectF(box), text if wide <= box.width() else f"{text}…"))
        write(self, painter, text, box, pixels, *rest, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Writing, "write", noted)
        view.canvas.grab()
    return said


@pytest.mark.parametrize("sizes", [DEEP, (64, 32, 16, 10), (4, 5, 4, 3), (2, 2, 2)])
@pytest.mark.parametrize("size", [(563, 400), (614, 420), (650, 440), (760, 560)])
def test_names_of_layers_do_not_touch_nor_end_in_dots(
    view: NetworkView, sizes: tuple[int, ...], size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    view.resize(*size)
    show(view, learned(sizes))
    bottom = max(place.title.bottom for place in view.canvas.graph.arrangement.layers)
    titles = [(box, text) for box, text in texts(view, monkeypatch) if box.top() < bottom - 1.0]
    assert len(titles) >= len(sizes)
    for one, other in combinations(titles, 2):
        assert not one[0].intersects(other[0]), (one[1], other[1])
    assert not any("…" in text for _, text in titles)


@pytest.mark.parametrize("sizes", [DEEP, (2, 4, 2, 2), (4, 5, 4, 3), (2, 8, 2), (2, 2, 2)])
@pytest.mark.parametrize("size", [(480, 380), (563, 480), (760, 560), (1200, 900)])
def test_the_loss_hides_no_unit(view: NetworkView, sizes: tuple[int, ...], size: tuple[int, int]) -> None:
    view.resize(*size)
    show(view, learned(sizes))
    arrangement = view.canvas.graph.arrangement
    loss = arrangement.loss
    box = QRectF(loss.left, loss.top, loss.width, loss.height)
    for found, what in boxes(view):
        assert not touch((box, "loss"), (found, what)), what
    assert loss.right <= arrangement.bounds.right


@pytest.mark.parametrize("size", [(563, 480), (640, 330)])
def test_the_number_of_a_selected_weight_hides_no_unit(view: NetworkView, size: tuple[int, int]) -> None:
    view.resize(*size)
    show(view, learned(DEEP))
    for part in (Part("weight", 6, 0, 0), Part("weight", 6, 3, 3), Part("weight", 5, 1, 2)):
        view.focus.select(part)
        view.canvas.grab()
        chip = next(box for box, of in view.canvas.graph.chip_boxes() if of == part)
        circles = [(box, what) for box, what in boxes(view) if what.startswith("circle")]
        assert [what for box, what in circles if touch((chip, "chip"), (box, what))] == []
        assert chip.top() > max(place.title.bottom for place in view.canvas.graph.arrangement.layers)


@pytest.mark.parametrize("size", [(563, 400), (563, 480), (614, 420)])
def test_the_number_of_a_selected_weight_leaves_a_matrix_its_name(
    view: NetworkView, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    view.resize(*size)
    show(view, learned((64, 32, 16, 10)))
    part = Part("weight", 2, 0, 0)
    view.focus.select(part)
    said = texts(view, monkeypatch)
    chip = next(box for box, of in view.canvas.graph.chip_boxes() if of == part)
    names = [(box, text) for box, text in said if text.startswith("W")]
    assert len(names) == 2
    assert [text for box, text in names if box.intersects(chip)] == []


@pytest.mark.parametrize("sizes", [(784, 128, 10), (64, 32, 16, 10)])
def test_outputs_too_small_for_digits_have_them_beside_their_names(
    view: NetworkView, sizes: tuple[int, ...]
) -> None:
    view.resize(563, 420)
    some = learned(sizes)
    show(view, some)
    written, last = view.canvas.graph.written, len(sizes) - 1
    outputs = some.record.a[-1][view.focus.sample_in(some)]
    for unit, value in enumerate(outputs.tolist()):
        text = written[Part("unit", last, unit), "a"]
        assert any(text == short(value, digits) for digits in (4, 3, 2)), unit


def test_the_loss_of_a_sample_is_whole_however_large(
    view: NetworkView, monkeypatch: pytest.MonkeyPatch
) -> None:
    view.resize(563, 480)
    some = frame()
    losses = np.full_like(some.record.sample_losses, 3.7312e292)
    show(view, replace(some, record=replace(some.record, sample_losses=losses)))
    number = view.canvas.graph.written[Part("loss"), "sample"]
    assert number in ("3.731·10²⁹²", "3.73·10²⁹²", "3.7·10²⁹²")
    assert any(text.endswith(number) for _, text in texts(view, monkeypatch))


@pytest.mark.parametrize("width", [520, 563, 614])
@pytest.mark.parametrize("sizes", [(2, 4, 2, 1), (64, 32, 16, 10)])
def test_the_legend_says_whole_things(view: NetworkView, width: int, sizes: tuple[int, ...]) -> None:
    """Of what there is no room for nothing is said, except on hover; nothing ends in dots."""
    view.resize(width, 480)
    for phase in PHASES if sizes[-1] == 1 else PHASES[3:4]:
        show(view, frame(phase) if sizes[-1] == 1 else learned(sizes))
        assert not any("…" in text for text in view.legend.shown)
        assert all(view.legend.shown)
        assert view.legend.text.count(" · ") >= "".join(view.legend.shown).count(" · ")


@pytest.mark.parametrize("size", [(560, 470), (620, 420), (760, 560)])
def test_biases_give_way_before_digits(view: NetworkView, size: tuple[int, int]) -> None:
    view.resize(*size)
    show(view, learned((4, 5, 4, 3)))
    written = view.canvas.graph.written
    record = learned((4, 5, 4, 3)).record
    sample = view.focus.sample_in(learned((4, 5, 4, 3)))
    for layer in (1, 2, 3):
        for unit in range(record.sizes[layer]):
            assert written[Part("unit", layer, unit), "a"] == short(float(record.a[layer][sample, unit]))


def test_no_half_is_empty_while_its_number_is_known(
    view: NetworkView, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    write = Writing.write

    def noted(self: Writing, painter: QPainter, text: str, *rest: object, **more: object) -> None:
        said.append(text)
        write(self, painter, text, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Writing, "write", noted)
    for size in ((540, 340), (480, 330), (420, 380)):
        view.resize(*size)
        said.clear()
        show(view, learned((4, 5, 4, 3)))
        said.clear()
        view.canvas.grab()
        written = view.canvas.graph.written
        numbers = sum(key[0].kind == "unit" and key[0].layer > 0 for key in written)
        signs = sum(text in ("+", "−") for text in said)
        assert not any("…" in text for text in said)
        inputs = sum(key[0].kind == "unit" and not key[0].layer for key in written)
        radius = view.canvas.graph.arrangement.layers[1].radius
        beside = 3 if radius < 16 else 0  # the outputs' numbers, whose signs are in the circles
        # 5 of a and 5 that are not known yet, 4 and 3 of both; the inputs besides
        assert numbers + signs == 5 + 2 * 4 + 2 * 3 + (4 - inputs) + beside, (size, radius)


@pytest.mark.parametrize(
    "sizes", [(2, 4, 2, 1), (4, 5, 4, 3), (4, 3, 2), (8, 8, 8), (3, 12, 2), (1, 1), (2, 2, 2), (2, 2, 3)]
)
@pytest.mark.parametrize("size", [(480, 300), (610, 420), (650, 440), (760, 560), (1300, 800)])
def test_no_number_touches_another_nor_a_circle(
    view: NetworkView, sizes: tuple[int, ...], size: tuple[int, int]
) -> None:
    view.resize(*size)
    show(view, learned(sizes) if sizes[-1] > 1 else frame())
    for one, other in combinations(boxes(view), 2):
        assert not touch(one, other), (one[1], other[1])


@pytest.mark.parametrize("factor", [1.0, 1.5, 2.5])
def test_one_factor_scales_circles_and_text(view: NetworkView, factor: float) -> None:
    view.resize(round(760 * factor), round(560 * factor))
    font = view.font()
    font.setPointSizeF(9.5 * factor)
    view.setFont(font)
    show(view, frame())
    graph = view.canvas.graph
    assert graph.measures.factor == pytest.approx(factor)
    assert graph.measures.small == round(11 * factor)
    assert graph.arrangement.layers[0].radius >= 24 * factor
    heights = {round(box.height()) for box, _ in graph.chip_boxes()}
    assert heights == {round(17 * factor)}


def test_only_data_change_while_stepping(view: NetworkView) -> None:
    graph = view.canvas.graph
    places = None
    for back in (2, 1, 0):
        for phase in PHASES:
            show(view, frame(phase, back))
            found = {part: (box.center().toPoint(), round(box.height())) for box, part in graph.chip_boxes()}
            assert places is None or found == places, phase
            places = found


@pytest.mark.parametrize("sizes", [(4, 5, 4, 3), (8, 8, 8)])
def test_a_selected_and_a_hovered_weight_have_their_number(view: NetworkView, sizes: tuple[int, ...]) -> None:
    view.resize(480, 320)
    show(view, learned(sizes))
    graph, part, other = view.canvas.graph, Part("weight", 1, 1, 3), Part("weight", 2, 2, 1)
    view.focus.select(part)
    view.canvas.pointed.emit(other)
    view.canvas.grab()
    assert {(part, "w"), (other, "w")} <= set(graph.written)


def test_a_click_on_a_number_edits_it(view: NetworkView) -> None:
    view.canvas.grab()
    for part in (Part("weight", 2, 0, 0), Part("bias", 1, 2)):
        at = next(box for box, of in view.canvas.graph.chip_boxes() if of == part).center().toPoint()
        QTest.mouseClick(
            view.canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at
        )
        assert view.focus.part == part
        assert view.editor.isVisible()
        view.editor.close_editor()


def test_a_bias_without_room_has_its_pill_while_its_unit_is_hovered(view: NetworkView) -> None:
    view.resize(610, 300)
    some = learned((4, 9, 4, 3))
    show(view, some)
    graph, bias = view.canvas.graph, Part("bias", 1, 4)
    assert (bias, "b") not in graph.written
    view.canvas.pointed.emit(Part("unit", 1, 4))
    view.canvas.grab()
    text = graph.written[bias, "b"]
    assert float(text.replace("−", "-")) == pytest.approx(some.record.biases_before[0][4], rel=1e-3)
    at = next(box for box, part in graph.chip_boxes() if part == bias).center().toPoint()
    assert view.canvas.part_at(at) == bias  # the pointer comes to it and it stays


def test_the_update_shows_what_the_selected_weight_was(view: NetworkView) -> None:
    view.focus.select(Part("weight", 2, 0, 0))
    widths = []
    for phase in (Phase(PhaseKind.BACKWARD, 1), Phase(PhaseKind.UPDATE)):
        show(view, frame(phase))
        graph = view.canvas.graph
        assert graph.picture is not None and bool(graph.picture.before) is (phase.kind is PhaseKind.UPDATE)
        widths.append(
            next(box.width() for box, part in graph.chip_boxes() if part == Part("weight", 2, 0, 0))
        )
    assert graph.written[Part("weight", 2, 0, 0), "w"] == "−1.767"
    assert widths[1] > 2 * widths[0]  # −1.715 → −1.767


def test_what_is_not_known_is_a_question_mark_and_not_a_number(view: NetworkView) -> None:
    show(view, frame(Phase(PhaseKind.FORWARD, 1)))
    written = view.canvas.graph.written
    assert {key[0].layer for key in written if key[1] == "a"} == {1}
    assert not any(key[1] == "delta" for key in written)
    assert UNKNOWN_SIGN not in written.values()
    assert (Part("loss"), "batch") not in written


def test_arrowheads_stay_while_paused_and_go_while_it_runs(view: NetworkView) -> None:
    graph = view.canvas.graph
    show(view, frame())
    (wave,) = graph.arrows
    assert len(wave.start) == 2  # delta comes to the two units of Hidden 2
    assert (wave.start[:, 0] > wave.end[:, 0]).all()
    assert wave.positive.tolist() == [True, True]  # −1.815 and −1.744 times −0.1112
    show(view, frame(Phase(PhaseKind.FORWARD, 3)))
    (wave,) = graph.arrows
    assert (wave.start[:, 0] < wave.end[:, 0]).all()
    assert wave.positive.tolist() == [True, False]  # −1.815 times −0.1202, −1.744 times 0.5222
    show(view, frame(Phase(PhaseKind.FORWARD, 3), status=Status.RUNNING))
    assert graph.arrows == ()


def test_units_fill_when_the_pulse_arrives(view: NetworkView) -> None:
    show(view, frame())
    graph = view.canvas.graph
    flow = Flow(graph.arrows, began=0.0, seconds=1.0)
    graph.set_flow(flow)
    for now, filled in ((0.5, False), (1.0, True)):
        flow.advance(now)
        view.canvas.grab()
        assert ((Part("unit", 2, 0), "delta") in graph.written) is filled
        assert (Part("unit", 3, 0), "delta") in graph.written
    graph.set_flow(None)


def contrast(one: QColor, other: QColor) -> float:
    def luminance(colour: QColor) -> float:
        parts = [colour.redF(), colour.greenF(), colour.blueF()]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return float(np.dot([0.2126, 0.7152, 0.0722], linear))

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_digits_stand_out_from_every_tint(theme: Theme) -> None:
    palette = Palette(theme)
    for bucket in range(FIRST, FIRST + 2 * LEVELS):
        sign = theme.negative if bucket % 2 else theme.positive
        assert contrast(QColor(theme.text), palette.above[bucket]) >= 4.5
        assert contrast(QColor(sign), palette.below[bucket]) >= 4.5
        assert contrast(palette.lines[bucket], QColor(theme.canvas)) >= 3.0
    assert NOT_FINITE == FIRST + 2 * LEVELS


@pytest.mark.parametrize("sizes", [(4, 5, 4, 3), (12, 12, 12, 2), (16, 24, 2)])
def test_negative_lines_are_dashed_however_many_there_are(view: NetworkView, sizes: tuple[int, ...]) -> None:
    some = learned(sizes)
    negative = tuple(np.full_like(w, -1.0) for w in some.record.weights_before)
    show(view, replace(some, record=replace(some.record, weights_before=negative)))
    view.canvas.graph.moving = False
    image = view.canvas.grab().toImage()
    layers = view.canvas.graph.arrangement.layers
    start, end = layers[0].centres[0], layers[1].centres[0]
    way = [
        view.canvas.pixel(*(start + share * (end - start)).tolist()) for share in np.linspace(0.3, 0.7, 90)
    ]
    seen = [contrast(image.pixelColor(at), QColor(LIGHT.canvas)) > 2.0 for at in way]
    assert any(seen) and not all(seen)


def test_the_selection_is_outside_the_outline_of_the_phase(view: NetworkView) -> None:
    show(view, frame())
    place = view.canvas.graph.arrangement.layers[2]
    at = view.canvas.pixel(*place.centres[0].tolist())
    view.focus.select(Part("unit", 2, 0))
    image = view.canvas.grab().toImage()
    column = [image.pixelColor(at - QPoint(0, away)).name() for away in range(round(place.radius) + 9)]
    assert LIGHT.text in column[round(place.radius) - 2 :]
    assert LIGHT.selection in column[round(place.radius) + 2 :]
