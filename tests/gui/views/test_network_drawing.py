"""What the network graph draws, without a window: places, colours, numbers, names, moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem

from engine import Dataset, Experiment, Layer, Scalars, Trainer
from engine.parts import Part
from engine.phases import FactorKind, Phase, PhaseKind
from gui.style.theme import DARK, LIGHT, Theme, blend
from gui.text.numbers import full
from gui.training.messages import Frame, Status
from gui.views.network.arrangement import Arrangement, arrange
from gui.views.network.buckets import (
    BUCKETS,
    FIRST,
    NOT_FINITE,
    ZERO,
    Palette,
    buckets,
    robust_limit,
    thickness,
)
from gui.views.network.edges import MOST, Edges, quotas, strongest
from gui.views.network.factors import lit_parts
from gui.views.network.facts import HIDDEN, facts
from gui.views.network.flow import Flow, Wave, waves
from gui.views.network.graph import NetworkGraph
from gui.views.network.navigation import Move, moved
from gui.views.network.quantities import Picture, Quantity

CLASSES = ("setosa", "versicolor", "virginica")


def make_frame(phase: Phase | None = None, *, steps: int = 3, **settings: object) -> Frame:
    """A frame of a 4-5-4-3 network that learns three classes."""
    random = np.random.default_rng(5)
    dataset = Dataset.from_arrays(
        random.normal(size=(20, 4)), np.arange(20) % 3, "multiclass", class_names=CLASSES
    )
    layers = settings.pop("layers", (Layer(5, "tanh"), Layer(4, "sigmoid"), Layer(3, "softmax")))
    chosen = {"loss": "cross_entropy", "batch_size": 6, "seed": 3, "learning_rate": 0.5, **settings}
    experiment = Experiment(layers, **chosen)  # type: ignore[arg-type]
    trainer = Trainer(experiment, dataset)
    record = [trainer.step() for _ in range(steps)][-1]
    return Frame(0, dataset, record, phase, Scalars.empty(len(experiment.layers)), False, Status.PAUSED)


# layout


@pytest.mark.parametrize("sizes", [(2, 1), (4, 5, 4, 3), (30, 12, 1), (64, 32, 16, 10), (784, 256, 128, 10)])
@pytest.mark.parametrize("room", [(420, 300), (760, 440), (1600, 900)])
def test_units_lie_apart_and_within_the_canvas(sizes: tuple[int, ...], room: tuple[int, int]) -> None:
    layout = arrange(sizes, *room, name_widths=(90.0, 70.0))
    assert layout.sizes == sizes
    for place in layout.layers:
        gaps = np.abs(place.centres[:, None] - place.centres[None]).max(axis=2)
        np.fill_diagonal(gaps, np.inf)
        assert gaps.min() >= 2 * place.radius - 1e-9
        reach = place.radius * np.array([place.aspect, 1.0])
        low, high = place.centres.min(axis=0) - reach, place.centres.max(axis=0) + reach
        assert (low >= 0).all()
        last = place is layout.layers[-1]
        if not layout.loss_below:
            assert high[0] <= layout.loss.left
        elif last:
            assert high[1] + place.below - place.radius < layout.loss.top
        assert high[0] <= layout.bounds.right
        assert high[1] <= layout.bounds.bottom
        assert (place.box.left, place.box.top) == pytest.approx(low)
        assert (place.box.right, place.box.bottom) == pytest.approx(high)
    for left, right in zip(layout.layers, layout.layers[1:], strict=False):
        assert left.box.right < right.box.left


def test_large_layers_become_blocks_and_inputs_their_picture() -> None:
    layout = arrange((784, 256, 10), 1000, 700, image_shape=(28, 28))
    assert [place.grid is not None for place in layout.layers] == [True, True, False]
    assert layout.layers[0].grid == (28, 28)
    first, second, below = layout.layers[0].centres[[0, 1, 28]]
    assert second[0] > first[0] and second[1] == first[1]
    assert below[0] == first[0] and below[1] > first[1]


def test_a_deep_network_goes_on_beyond_the_canvas() -> None:
    layout = arrange((4, *(8,) * 80, 3), 500, 400)
    assert layout.bounds.width > 500
    assert layout.loss.right <= layout.bounds.right
    assert layout.layers[-1].box.right < layout.loss.right


# colours


def test_limit_is_the_98th_percentile_of_magnitudes() -> None:
    values = np.arange(1.0, 101.0)
    assert robust_limit([values]) == 98.0
    assert robust_limit([-values[:50], None, values[50:].reshape(5, 10)]) == 98.0
    assert robust_limit([np.append(values, [1e9])]) == 99.0


def test_limit_of_special_values() -> None:
    assert robust_limit([]) == 0.0
    assert robust_limit([None]) == 0.0
    assert robust_limit([np.zeros(10)]) == 0.0
    assert robust_limit([np.append(np.zeros(999), -5.0)]) == 5.0
    assert robust_limit([np.array([np.nan, np.inf, 2.0, 1.0])]) == 2.0


def test_buckets_tell_zero_sign_strength_and_what_is_no_number() -> None:
    values = np.array([0.0, -0.0, 1e-12, -1e-12, 0.5, -0.5, 1.0, -1.0, 7.0, np.nan, np.inf])
    found = buckets(values, 1.0).tolist()
    assert found[:2] == [ZERO, ZERO]
    assert found[2:4] == [FIRST, FIRST + 1]
    assert found[4] - found[5] == -1 and FIRST < found[4] < found[6]
    assert found[6:9] == [NOT_FINITE - 2, NOT_FINITE - 1, NOT_FINITE - 2]
    assert found[9:] == [NOT_FINITE, NOT_FINITE]


@given(st.lists(st.floats(-10, 10), min_size=2, max_size=30), st.floats(0.1, 10))
def test_stronger_is_never_drawn_weaker(values: list[float], limit: float) -> None:
    numbers = np.array(sorted(map(abs, values)))
    assert (np.diff(buckets(numbers, limit)) >= 0).all()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_pens_are_opaque_and_widen_with_strength(theme: Theme) -> None:
    pens = Palette(theme).pens(5.0, many=False)
    assert len(pens) == BUCKETS
    assert all(pen.color().alpha() == 255 for pen in pens)
    positive, negative = pens[FIRST:NOT_FINITE:2], pens[FIRST + 1 : NOT_FINITE : 2]
    assert np.all(np.diff([pen.widthF() for pen in positive]) > 0)
    assert positive[-1].color() == QColor(theme.positive)
    assert negative[-1].color() == QColor(theme.negative)
    assert all(pen.dashPattern() for pen in negative)
    assert not any(pen.dashPattern() for pen in positive)


def test_blend() -> None:
    assert blend("#000000", "#ffffff", 0.0) == QColor("#000000")
    assert blend("#000000", "#ffffff", 1.0) == QColor("#ffffff")
    assert blend("#102030", "#304050", 0.5) == QColor("#203040")


# edges


@given(st.lists(st.integers(1, 50_000), min_size=1, max_size=12))
def test_quotas_leave_no_layer_out(counts: list[int]) -> None:
    given_quotas = quotas(counts)
    assert sum(given_quotas) <= max(MOST, 0)
    assert all(
        0 < quota <= count or count == quota == 0 for quota, count in zip(given_quotas, counts, strict=True)
    )
    if sum(counts) <= MOST:
        assert given_quotas == counts


def test_quotas_give_on_what_a_small_layer_leaves() -> None:
    assert quotas([200_704, 32_768, 1_280]) == [667, 667, 666]
    assert quotas([200_704, 32_768, 200]) == [900, 900, 200]
    assert quotas([100_000, 10]) == [1_990, 10]


def test_strongest_agrees_with_sorting() -> None:
    values = np.random.default_rng(0).normal(size=(40, 30))
    chosen = strongest(values, 100)
    assert len(set(chosen.tolist())) == 100
    assert np.array_equal(np.sort(np.abs(values.ravel()[chosen])), np.sort(np.abs(values.ravel()))[-100:])
    assert strongest(values, 5_000).tolist() == list(range(1_200))


def shown_edges(sizes: Sequence[int], values: Sequence[np.ndarray | None]) -> tuple[Edges, list[np.ndarray]]:
    layout = arrange(sizes, 1000, 700)
    edges = Edges()
    edges.arrange(layout)
    edges.show(tuple(values), tuple(None for _ in values))
    return edges, [place.centres for place in layout.layers]


def test_nearest_finds_each_line_at_its_own_points() -> None:
    random = np.random.default_rng(1)
    sizes = (3, 4, 2)
    edges, centres = shown_edges(sizes, [random.normal(size=(3, 4)), random.normal(size=(4, 2))])
    for layer in (1, 2):
        for source in range(sizes[layer - 1]):
            for unit in range(sizes[layer]):
                start, end = centres[layer - 1][source], centres[layer][unit]
                x, y = start + 0.37 * (end - start)
                assert edges.nearest(x, y, 0.01) == (layer, source, unit)
    assert edges.nearest(5.0, 5.0, 5.0) is None


def test_many_edges_show_the_strongest_of_each_layer() -> None:
    random = np.random.default_rng(2)
    values = [random.normal(size=(300, 40)), 1e-3 * random.normal(size=(40, 60))]
    edges, _ = shown_edges((300, 40, 60), values)
    assert edges.total == 14_400
    assert len(edges) == MOST
    edges, _ = shown_edges((300, 40, 60), [None, values[1]])
    assert len(edges) == MOST // 2
    assert edges.limit < 0.01


# numbers


def test_what_is_not_revealed_is_not_drawn() -> None:
    before = make_frame(Phase(PhaseKind.FORWARD, 1))
    assert Picture.of(before, Quantity.GRADIENTS, 0).edges == (None, None, None)
    assert Picture.of(before, Quantity.UPDATES, 0).edges == (None, None, None)
    picture = Picture.of(before, Quantity.WEIGHTS, 0)
    assert [values is not None for values in picture.a] == [True, True, False, False]
    assert not any(values is not None for values in picture.delta)
    assert picture.losses == (None, None, 0)
    assert picture.emphasis == 1
    backward = Picture.of(make_frame(Phase(PhaseKind.BACKWARD, 2)), Quantity.GRADIENTS, 0)
    assert [values is not None for values in backward.edges] == [False, True, True]
    assert [values is not None for values in backward.biases] == [False, True, True]
    assert [values is not None for values in backward.a] == [True] * 4
    assert [values is not None for values in backward.delta] == [False, False, True, True]


def test_weights_change_when_the_update_is_revealed() -> None:
    before, after = make_frame(Phase(PhaseKind.BACKWARD, 1)), make_frame(Phase(PhaseKind.UPDATE))
    old, new = Picture.of(before, Quantity.WEIGHTS, 0), Picture.of(after, Quantity.WEIGHTS, 0)
    update = Picture.of(after, Quantity.UPDATES, 0)
    for layer in range(3):
        for a, b, change in (
            (old.edges[layer], new.edges[layer], update.edges[layer]),
            (old.biases[layer], new.biases[layer], update.biases[layer]),
        ):
            assert a is not None and b is not None and change is not None
            assert np.any(change != 0)
            np.testing.assert_allclose(a + change, b, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("settings", [{}, {"reduction": "sum"}])
def test_circles_of_the_batch_show_the_mean_of_a_and_the_sum_of_delta(settings: dict[str, object]) -> None:
    frame = make_frame(**settings)
    whole = Picture.of(frame, Quantity.WEIGHTS, 0, batch=True)
    samples = [Picture.of(frame, Quantity.WEIGHTS, sample) for sample in range(6)]
    for layer in range(4):
        np.testing.assert_allclose(
            sum(one.a[layer] for one in samples) / 6,  # type: ignore[misc]
            whole.a[layer],
            rtol=1e-12,
        )
        if layer:
            np.testing.assert_allclose(
                sum(one.delta[layer] for one in samples),  # type: ignore[misc]
                frame.record.bias_grads[layer - 1],
                rtol=1e-12,
            )
            np.testing.assert_allclose(whole.delta[layer], frame.record.bias_grads[layer - 1], rtol=1e-12)
    assert whole.losses == (frame.record.data_loss, None, None)


def test_the_batch_is_not_known_while_its_samples_go_through_one_by_one() -> None:
    picture = Picture.of(make_frame(Phase(PhaseKind.BACKWARD, 0, 2)), Quantity.WEIGHTS, 2, batch=True)
    assert [values is not None for values in picture.a] == [True, False, False, False]
    assert not any(values is not None for values in picture.delta)
    assert picture.losses.batch is None


@pytest.mark.parametrize(
    "settings", [{}, {"reduction": "sum"}, {"reduction": "sum", "bias_reduction": "mean"}]
)
def test_shares_of_samples_add_up_to_the_gradient(settings: dict[str, object]) -> None:
    whole = Picture.of(make_frame(**settings), Quantity.GRADIENTS, 0)
    shares = [
        Picture.of(make_frame(Phase(PhaseKind.BACKWARD, 0, sample), **settings), Quantity.GRADIENTS, sample)
        for sample in range(6)
    ]
    for layer in range(3):
        np.testing.assert_allclose(
            sum(share.edges[layer] for share in shares), whole.edges[layer], rtol=1e-10
        )
        np.testing.assert_allclose(
            sum(share.biases[layer] for share in shares), whole.biases[layer], rtol=1e-10
        )


# words


def test_facts_have_every_digit() -> None:
    frame, sample = make_frame(), 2
    record = frame.record
    assert dict(facts(frame, Part("weight", 2, 1, 3), sample)) == {
        "w after step 2": full(record.weights_before[1][3, 1]),
        "∂L/∂w, mini-batch": full(record.weight_grads[1][3, 1]),
        "w after step 3": full(record.weights_after[1][3, 1]),
        "Δw": full(record.weights_after[1][3, 1] - record.weights_before[1][3, 1]),
        "w·a, sample 3": full(record.weights_before[1][3, 1] * record.a[1][2, 3]),
    }
    assert dict(facts(frame, Part("bias", 3, 2), sample)) == {
        "b after step 2": full(record.biases_before[2][2]),
        "∂L/∂b, mini-batch": full(record.bias_grads[2][2]),
        "b after step 3": full(record.biases_after[2][2]),
        "Δb": full(record.biases_after[2][2] - record.biases_before[2][2]),
    }
    assert dict(facts(frame, Part("unit", 1, 4), sample)) == {
        "z, sample 3": full(record.z[0][2, 4]),
        "a, sample 3": full(record.a[1][2, 4]),
        "δ, sample 3": full(record.delta[0][2, 4]),
    }
    assert dict(facts(frame, Part("unit", 0, 1), sample)) == {"x, sample 3": full(record.a[0][2, 1])}
    loss = dict(facts(frame, Part("loss"), sample))
    assert loss["mean of the mini-batch"] == full(record.data_loss)
    assert loss["sample 3"] == full(record.sample_losses[2])


def test_facts_keep_back_what_is_not_revealed() -> None:
    frame = make_frame(Phase(PhaseKind.FORWARD, 1))
    weight = dict(facts(frame, Part("weight", 2, 1, 3), 0))
    assert weight.pop("w after step 2") == full(frame.record.weights_before[1][3, 1])
    assert set(weight.values()) == {HIDDEN}
    assert {fact.number for fact in facts(frame, Part("unit", 2, 0), 0)} == {HIDDEN}


def test_scaled_inputs_also_show_what_they_were() -> None:
    frame = make_frame(scaling="zscore")
    shown = dict(facts(frame, Part("unit", 0, 1), 0))
    assert shown["unscaled"] == full(frame.dataset.inputs[frame.record.indices[0], 1])
    assert shown["x, sample 1"] != shown["unscaled"]


FACTOR = PhaseKind.FACTOR


def test_a_factor_of_nothing_that_is_selected_lives_nowhere() -> None:
    frame = make_frame(Phase(FACTOR, 2, factor=FactorKind.UPSTREAM))
    for part in (None, Part("loss"), Part("unit", 2, 0), Part("weight", 1, 0, 0)):
        assert lit_parts(frame, part, 0) == ()


def test_the_parts_that_the_factors_live_on() -> None:
    part, unit = Part("weight", 2, 0, 2), Part("unit", 2, 0)

    def lit(factor: FactorKind, part: Part) -> set[Part]:
        return set(lit_parts(make_frame(Phase(FACTOR, part.layer, factor=factor)), part, 0))

    assert lit(FactorKind.UPSTREAM, part) == {unit, *(Part("weight", 3, k, 0) for k in range(3))}
    assert lit(FactorKind.SLOPE, part) == {unit}
    assert lit(FactorKind.INCOMING, part) == {Part("unit", 1, 2)}
    assert lit(FactorKind.SHARE, part) == lit(FactorKind.GRADIENT, part) == {part}
    output = Part("bias", 3, 1)
    assert lit(FactorKind.DELTA, output) == {Part("unit", 3, 1), Part("loss")}
    assert lit(FactorKind.INCOMING, output) == {output}


# what flows


def flowing(phase: Phase, part: Part | None = None, sample: int = 0) -> tuple[Arrangement, tuple[Wave, ...]]:
    frame = make_frame(phase)
    layout = arrange(frame.record.sizes, 760, 440)
    picture = Picture.of(frame, Quantity.WEIGHTS, sample)
    return layout, waves(frame, layout, picture, 1.0, part)


def ends(layout: Arrangement, layer: int, points: npt.NDArray[np.float64]) -> set[int]:
    """The units of a layer at whose rims some points lie."""
    place = layout.layers[layer]
    away = np.hypot(*(place.centres[:, None] - points[None]).transpose(2, 0, 1))
    units = away.argmin(axis=0)
    assert away.min(axis=0) == pytest.approx(place.radius)
    return set(units.tolist())


def test_values_flow_forward_and_deltas_back() -> None:
    layout, (wave,) = flowing(Phase(PhaseKind.FORWARD, 2))
    assert len(wave.start) == 20
    assert ends(layout, 1, wave.start) == set(range(5)) and ends(layout, 2, wave.end) == set(range(4))
    record = make_frame(Phase(PhaseKind.FORWARD, 2)).record
    carried = (record.a[1][0][:, None] * record.weights_before[1]).ravel()
    assert np.array_equal(wave.positive, carried > 0)
    assert np.array_equal(wave.size, np.abs(carried))
    assert np.array_equal(wave.thickness, thickness(record.weights_before[1].ravel(), 1.0))
    assert wave.fills == (2, "a")
    layout, (wave,) = flowing(Phase(PhaseKind.BACKWARD, 2))
    assert ends(layout, 3, wave.start) == set(range(3)) and ends(layout, 2, wave.end) == set(range(4))
    layout, (wave,) = flowing(Phase(PhaseKind.BACKWARD, 3))
    at_loss = (
        [layout.loss.centre[0], layout.loss.top]
        if layout.loss_below
        else [layout.loss.left, layout.loss.centre[1]]
    )
    away = wave.start - at_loss
    assert np.abs(away).max() < 1e-9
    assert wave.fills == (3, "delta")
    assert ends(layout, 3, wave.end) == set(range(3))
    layout, (wave,) = flowing(Phase(PhaseKind.LOSS))
    assert np.abs(wave.end - at_loss).max() < 1e-9


def test_a_whole_sample_flows_layer_after_layer() -> None:
    _, forward = flowing(Phase(PhaseKind.FORWARD, 0, 4), sample=4)
    assert [len(wave.start) for wave in forward] == [20, 20, 12]
    assert [(wave.begin, wave.until) for wave in forward] == [(0, 1 / 3), (1 / 3, 2 / 3), (2 / 3, 1)]
    _, backward = flowing(Phase(PhaseKind.BACKWARD, 0, 4), sample=4)
    assert [len(wave.start) for wave in backward] == [3, 12, 20]


def test_only_the_factor_flows() -> None:
    part = Part("weight", 2, 1, 3)
    layout, (wave,) = flowing(Phase(FACTOR, 2, factor=FactorKind.UPSTREAM), part)
    assert (len(wave.start), ends(layout, 2, wave.end)) == (3, {1})
    layout, (wave,) = flowing(Phase(FACTOR, 2, factor=FactorKind.INCOMING), part)
    assert (ends(layout, 1, wave.start), ends(layout, 2, wave.end)) == ({3}, {1})
    for phase in (
        Phase(FACTOR, 2, factor=FactorKind.SLOPE),
        Phase(FACTOR, 2, factor=FactorKind.GRADIENT),
        Phase(PhaseKind.INPUT),
        Phase(PhaseKind.UPDATE),
    ):
        assert flowing(phase, part)[1] == ()
    assert flowing(Phase(FACTOR, 2, factor=FactorKind.UPSTREAM), None)[1] == ()


def test_pulses_run_from_end_to_end_and_fill_units_when_they_arrive() -> None:
    _, (wave,) = flowing(Phase(PhaseKind.FORWARD, 1))
    flow = Flow((wave,), began=10.0, seconds=2.0)
    assert flow.advance(10.001) and flow.share(wave) < 0.01
    assert flow.awaited == {(1, "a")}
    assert flow.advance(11.0) and flow.share(wave) == pytest.approx(0.5)
    assert not flow.advance(12.0) and flow.share(wave) == 1.0
    assert flow.awaited == frozenset()


def test_what_is_zero_or_not_finite_does_not_flow() -> None:
    frame = make_frame(Phase(PhaseKind.FORWARD, 1))
    layout = arrange(frame.record.sizes, 760, 440)
    a = [frame.record.a[0].copy(), *frame.record.a[1:]]
    a[0][0] = [0.0, np.inf, np.nan, 1.0]
    record = replace(frame.record, a=tuple(a))
    picture = Picture.of(replace(frame, record=record), Quantity.WEIGHTS, 0)
    (wave,) = waves(frame, layout, picture, 1.0, None)
    assert ends(layout, 0, wave.start) == {3}
    a[0][0] = 0.0
    picture = Picture.of(replace(frame, record=replace(record, a=tuple(a))), Quantity.WEIGHTS, 0)
    assert waves(frame, layout, picture, 1.0, None) == ()


# moves


def test_every_part_can_be_reached_by_keyboard() -> None:
    sizes = (4, 3, 2)
    reached: set[Part] = set()
    waiting = [moved(None, Move.RIGHT, sizes)]
    while waiting:
        part = waiting.pop()
        assert part is not None and part.exists(sizes)
        if part not in reached:
            reached.add(part)
            waiting += [moved(part, move, sizes) for move in Move]
    layers = range(len(sizes))
    assert reached == {
        *(Part("unit", layer, unit) for layer in layers for unit in range(sizes[layer])),
        *(Part("bias", layer, unit) for layer in layers[1:] for unit in range(sizes[layer])),
        *(
            Part("weight", layer, unit, source)
            for layer in layers[1:]
            for unit in range(sizes[layer])
            for source in range(sizes[layer - 1])
        ),
        *(Part("layer", layer) for layer in layers),
        Part("loss"),
    }


def test_the_graph_writes_no_number_that_reads_as_another(qapp: object) -> None:
    """Saturated units are not 1, and have four digits where there is room for them."""
    values = np.array([[0.9961, -0.9996, 0.99999999, 1.0, 0.5, -0.012345]])
    layers = (Layer(6, "tanh"), Layer(1, "linear"))
    dataset = Dataset.from_arrays(np.ones((4, 2)), np.zeros((4, 1)))
    record = Trainer(Experiment(layers, batch_size=1, validation=0.0), dataset).step()
    record = replace(record, a=(record.a[0], values, record.a[2]))
    frame = Frame(0, dataset, record, None, Scalars.empty(2), False, Status.PAUSED)
    graph = NetworkGraph()
    for width, height, expected in (
        (700, 700, ["0.9961", "−0.9996", "0.9999…", "1", "0.5", "−0.01235"]),
        (500, 275, ["0.996", "", "", "1", "0.5", ""]),
    ):
        graph.set_arrangement(arrange((2, 6, 1), width, height))
        graph.show_picture(Picture.of(frame, Quantity.WEIGHTS, 0))
        image = QImage(width, height, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        painter.setViewport(0, 0, width, height)
        graph.paint(painter, QStyleOptionGraphicsItem())
        painter.end()
        written = graph.written
        shown = [written.get((Part("unit", 1, unit), "a"), "") for unit in range(6)]
        assert shown == expected
