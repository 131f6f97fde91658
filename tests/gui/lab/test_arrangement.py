from __future__ import annotations

import itertools

import pytest

from engine.explain.expression import PRESETS, Graph, parse
from gui.lab.arrangement import BOX_HEIGHT, Arrangement, _apart, arrange, shown_terms
from gui.lab.reveal import Act, Mode, forward, reverse
from gui.lab.symbols import operation, symbol

WIDTH = 74.0
TEXTS = [
    *(preset.text for preset in PRESETS),
    "y = x",
    "y = 2 + 3",
    "u = x^2\ny = 3 x",
    "y = x*x*x + sin(x)/(1 + x)",
    "+".join(f"sin(x{i} w{i})^2" for i in range(28)),
    "max(" + ",".join(f"x{i}" for i in range(40)) + ")",
    "u = a b c d\nv = u + a\nw = v u a\ny = w v u d",
]


def laid_out(text: str) -> Arrangement:
    formula = parse(text)
    return arrange(formula, dict.fromkeys(shown_terms(formula), WIDTH))


@pytest.mark.parametrize("text", TEXTS)
def test_boxes_stand_apart_inside_the_picture(text: str) -> None:
    layout = laid_out(text)
    places = list(layout.places.values())
    assert len(places) == len(shown_terms(parse(text)))
    for place in places:
        assert WIDTH / 2 < place.x < layout.width - WIDTH / 2
        assert BOX_HEIGHT / 2 < place.y < layout.height - BOX_HEIGHT / 2
    for column in layout.columns:
        heights = [layout.places[i].y for i in column]
        assert all(b - a > BOX_HEIGHT + 20 for a, b in itertools.pairwise(heights))


@pytest.mark.parametrize("text", TEXTS)
def test_lines_go_from_left_to_right_from_box_to_box(text: str) -> None:
    formula, layout = parse(text), laid_out(text)
    assert [(r.source, r.target, r.position) for r in layout.routes] == formula.links
    for route in layout.routes:
        xs = [x for x, _ in route.points]
        assert xs == sorted(xs)
        source, target = layout.places[route.source], layout.places[route.target]
        assert route.points[0] == (source.x + WIDTH / 2, source.y)
        assert route.points[-1][0] == target.x - WIDTH / 2
        assert abs(route.points[-1][1] - target.y) < BOX_HEIGHT / 2


@pytest.mark.parametrize("text", TEXTS)
def test_no_line_passes_through_a_box(text: str) -> None:
    layout = laid_out(text)
    for route in layout.routes:
        for x, y in route.points[1:-1]:
            for place in layout.places.values():
                inside = abs(x - place.x) < WIDTH / 2 and abs(y - place.y) < BOX_HEIGHT / 2
                assert not inside


@pytest.mark.parametrize("text", [PRESETS[0].text, PRESETS[1].text, "(a + b)(c - d)/(f^2 + g h)"])
def test_trees_have_no_crossings(text: str) -> None:
    layout = laid_out(text)
    for column in layout.columns[1:]:
        sources = [r.source for i in column for r in sorted(_into(layout, i), key=lambda r: r.points[-1][1])]
        heights = [layout.places[s].y for s in sources]
        assert heights == sorted(heights)


def _into(layout: Arrangement, target: int) -> list:  # type: ignore[type-arg]
    return [r for r in layout.routes if r.target == target]


def test_heights_are_as_near_as_distances_allow() -> None:
    assert _apart([0.0, 10.0, 20.0], [5.0, 5.0]) == [0.0, 10.0, 20.0]
    # two that want the same place share the shift; the third is pushed with them
    assert _apart([0.0, 0.0], [10.0]) == [-5.0, 5.0]
    assert _apart([0.0, 0.0, 0.0], [10.0, 10.0]) == [-10.0, 0.0, 10.0]
    assert _apart([0.0, 0.0, 100.0], [10.0, 10.0]) == [-5.0, 5.0, 100.0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x * z", "×"),
        ("x^2", "^ 2"),
        ("2^x", "2 ^"),
        ("x - 1.5", "− 1.5"),
        ("1 - x", "1 −"),
        ("-x", "−"),
        ("x/3", "÷ 3"),
        ("x*pi", "× pi"),
        ("k = 2*3\nx*k", "× k"),
        ("x*(2*3)", "× 6"),
        ("sin(x)", "sin"),
        ("max(x, 2, z)", "max(2)"),
        ("u = x\nv = u", "="),
        ("2 + 3", "2 + 3"),
        ("x + 3.14159265358979", "+ 3.142"),
    ],
)
def test_what_a_box_does(text: str, said: str) -> None:
    formula = parse(text)
    graph = Graph(formula, dict.fromkeys(formula.variables, 1.0))
    assert operation(formula, formula.output, graph.values) == said


def test_symbols_avoid_the_names_of_the_text() -> None:
    graph = Graph(parse("u = x^2 + 1\nv = sin(u)*3 + x"), {"x": 1.0})
    names = [symbol(graph, i) for i in shown_terms(graph.formula)]
    assert len(set(names)) == len(names)
    assert {"x", "u", "v"} <= set(names)
    assert "h₁" in names  # v is taken


def test_walk_backward_adds_up_to_the_adjoints() -> None:
    graph = Graph(parse(PRESETS[2].text), PRESETS[2].values)
    length = reverse(graph).length
    seen = [reverse(graph, k) for k in range(length + 1)]
    assert [r.multiplied for r in seen] == sorted(r.multiplied for r in seen)
    assert [len(r.evaluated) for r in seen] == sorted(len(r.evaluated) for r in seen)
    # nothing complete ever changes
    for before, after in itertools.pairwise(seen):
        assert before.complete <= after.complete
        for i in before.complete:
            assert before.derivatives[i] == after.derivatives[i]
    assert seen[-1].act is Act.COMPLETE
    for i in shown_terms(graph.formula):
        assert seen[-1].derivatives[i] == graph.adjoints[i]
        shares = seen[-1].shares.get(i, ())
        if shares:
            assert sum(s.product for s in shares) == pytest.approx(graph.adjoints[i], abs=1e-15)


def test_walk_forward_counts_only_what_the_variable_reaches() -> None:
    graph = Graph(parse("u = a b\nw = a^2\ny = u^2 + c"), {"a": 1.0, "b": 2.0, "c": 3.0})
    reveal = forward(graph, "b", graph.tangents("b"))
    assert reveal.mode is Mode.FORWARD
    assert reveal.multiplications == reveal.multiplied == 3  # b to u, its square, y; w is not used
