"""Values and derivatives of formulas against PyTorch, and the ways of computing them against each other."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.errors import ExpressionError
from engine.explain.expression import Graph, differentiate, parse

GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "expressions.json").read_text(encoding="utf-8"))


def largest_error(row: dict[str, Any], graph: Graph) -> float:
    pairs: list[tuple[float, float]] = [(graph.value, row["value"])]
    pairs += [(graph.partials[name], partial) for name, partial in row["partials"].items()]
    return max(abs(ours - theirs) / max(1.0, abs(theirs)) for ours, theirs in pairs)


def test_values_and_partials_agree_with_pytorch() -> None:
    rows = GOLDEN["expressions"]
    assert len(rows) == 500
    for row in rows:
        graph = differentiate(row["text"], **row["values"]).graph
        assert largest_error(row, graph) < 1e-10, row["text"]


def test_the_ways_of_differentiating_agree_on_all_golden_formulas() -> None:
    for row in GOLDEN["expressions"]:
        graph = differentiate(row["text"], **row["values"]).graph
        for name, partial in graph.partials.items():
            scale = max(1.0, abs(partial))
            assert abs(graph.tangents(name)[graph.formula.output] - partial) < 1e-10 * scale, row["text"]
            paths = graph.paths(name, limit=10**6)
            assert len(paths) == paths.count, row["text"]
            assert abs(math.fsum(path.product for path in paths) - partial) < 1e-9 * scale, row["text"]
        assert {check.status for check in graph.check().values()} == {"ok"}, row["text"]


@pytest.mark.parametrize("row", GOLDEN["kinks"], ids=lambda row: row["text"])
def test_at_a_kink_the_subgradient_is_pytorchs_and_the_check_says_so(row: dict[str, Any]) -> None:
    graph = differentiate(row["text"], **row["values"]).graph
    assert largest_error(row, graph) < 1e-15
    assert any(node.kink for node in graph.nodes)
    assert "kink" in {check.status for check in graph.check().values()}


def test_cs231n_neuron() -> None:
    result = differentiate("1/(1+exp(-(w0 x0 + w1 x1 + w2)))", w0=2, x0=-1, w1=-3, x1=-2, w2=-3)
    assert result.value == pytest.approx(0.7310585786300049, rel=1e-15)
    expected = {"w0": -0.19661193, "w1": -0.39322387, "w2": 0.19661193, "x0": 0.39322387, "x1": -0.58983580}
    assert dict(result.partials) == pytest.approx(expected, abs=5e-9)


def test_first_example() -> None:
    result = differentiate("sin(x*y) + exp(x)**2", x=0.5, y=2.0)
    assert result.value == pytest.approx(math.sin(1) + math.e, rel=1e-15)
    assert result.partials["x"] == pytest.approx(2 * math.cos(1) + 2 * math.e, rel=1e-15)
    assert result.partials["y"] == pytest.approx(0.5 * math.cos(1), rel=1e-15)
    assert result.graph.value == result.value


def test_nodes_and_edges() -> None:
    graph = differentiate("u = x^2\nu + 3x", x=2.0).graph
    assert [(n.op, n.operands, n.name, n.value, n.adjoint) for n in graph.nodes] == [
        ("variable", (), "x", 2.0, 7.0),
        ("constant", (), "", 2.0, None),
        ("power", (0, 1), "u", 4.0, 1.0),
        ("constant", (), "", 3.0, None),
        ("multiply", (3, 0), "", 6.0, 1.0),
        ("add", (2, 4), "", 10.0, 1.0),
    ]
    assert [tuple(edge) for edge in graph.edges] == [
        (0, 2, 0, 4.0),
        (0, 4, 1, 3.0),
        (2, 5, 0, 1.0),
        (4, 5, 1, 1.0),
    ]
    with pytest.raises(AttributeError):
        graph.nodes[0].value = 1.0  # type: ignore[misc]


def test_backward_steps_accumulate_to_the_adjoints() -> None:
    graph = differentiate("u = x y\nunused = 3 u\nu*sin(u) + u", x=0.5, y=1.5).graph
    steps = graph.backward
    u = next(node for node in graph.nodes if node.name == "u")
    arriving = [step for step in steps if step.edge.source == u.index]
    assert [(step.arrived, step.expected) for step in arriving] == [(1, 3), (2, 3), (3, 3)]
    assert [step.total for step in arriving] == pytest.approx(np.cumsum([s.contribution for s in arriving]))
    seen: set[int] = {graph.formula.output}
    for step in steps:
        assert step.edge.target in seen
        assert step.upstream == graph.adjoints[step.edge.target]
        assert step.contribution == step.upstream * step.edge.local
        if step.arrived == step.expected:
            seen.add(step.edge.source)
            assert step.total == graph.adjoints[step.edge.source]


def test_lines_that_are_not_used_have_no_adjoint_and_cost_nothing() -> None:
    graph = differentiate("v = 3x; w = v^2; 2x", x=2.0).graph
    assert {node.name: node.adjoint for node in graph.nodes if node.name} == {"x": 2.0, "v": 0.0, "w": 0.0}
    assert graph.multiplications == (1, 1, 1)
    assert len(graph.backward) == 1


def test_multiplications() -> None:
    # 4 edges; x passes x*y, sin and +, y likewise; 2 paths of 3 edges
    graph = differentiate("sin(x y) + 1", x=1.0, y=2.0).graph
    assert graph.multiplications == (4, 6, 6)
    # u doubles 30 times: paths explode, passes do not
    lines = ["u0 = x", *(f"u{i + 1} = u{i} + u{i}" for i in range(30))]
    assert differentiate("\n".join(lines), x=1.0).graph.multiplications == (61, 61, 31 * 2**30)


def test_paths_are_listed_largest_first_and_counted_exactly() -> None:
    graph = differentiate("u = 2x; v = -5x; w = 0.1 x; u + v + w + x", x=1.0).graph
    paths = graph.paths("x", limit=2)
    assert [path.product for path in paths] == [-5.0, 2.0]
    assert (paths.count, len(paths)) == (4, 2)
    assert paths.remainder == pytest.approx(1.1)
    everything = graph.paths("x")
    assert [path.product for path in everything] == pytest.approx([-5.0, 2.0, 1.0, 0.1])
    assert everything.remainder == 0.0
    for path in everything:
        assert path.nodes[0] == graph.formula.variables["x"]
        assert path.nodes[-1] == graph.formula.output
        assert math.prod(edge.local for edge in path.edges) == path.product
        assert all(a.target == b.source for a, b in zip(path.edges, path.edges[1:], strict=False))


def test_paths_too_many_to_enumerate() -> None:
    lines = ["u0 = x", *(f"u{i + 1} = 0.75u{i} + 0.25u{i}" for i in range(3_000))]
    paths = differentiate("\n".join(lines), x=1.0).graph.paths("x", limit=5)
    assert paths.count == 2**3000
    largest = 0.75**3000
    assert [path.product for path in paths] == pytest.approx([largest, *[largest / 3] * 4], rel=1e-9)
    assert paths.remainder == pytest.approx(1.0)


def test_paths_of_a_square_and_of_an_unused_name() -> None:
    graph = differentiate("x*x", x=3.0, z=1.0).graph
    assert [path.product for path in graph.paths("x")] == [3.0, 3.0]
    assert graph.paths("z").count == 0
    alone = differentiate("x", x=3.0).graph.paths("x")
    assert (alone.count, [path.product for path in alone]) == (1, [1.0])


def test_paths_with_a_factor_of_zero_come_last() -> None:
    paths = differentiate("0*x + x*x*x", x=2.0).graph.paths("x")
    assert [path.product for path in paths] == [4.0, 4.0, 4.0, 0.0]


def test_check_tells_edges_kinks_and_smooth_points_apart() -> None:
    def status(text: str, **values: float) -> str:
        return differentiate(text, **values).graph.check()["x"].status

    assert status("abs(x)", x=0.0) == "kink"
    assert status("abs(x)", x=1e-9) == "ok"
    assert status("max(x, x)", x=1.0) == "ok"
    assert status("relu(x - x)", x=1.0) == "ok"
    assert status("x^1.5", x=0.0) == "edge"
    assert status("log(x)", x=1e-9) == "ok"
    assert status("1/x", x=1e-3) == "ok"
    assert status("sin(1000x)", x=0.3) == "ok"
    # large steps meet these two in the same phase again and again
    assert status("sin(x^3 + 1)", x=30.0) == "ok"
    assert status("sin(π x^2)", x=30.0) == "ok"
    assert status("sin(x^22)", x=30.0) == "unclear"
    assert status("(x + 1e9) - 1e9", x=0.3) == "ok"
    assert status("3", x=0.3) == "ok"


def test_check_finds_a_wrong_derivative(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = Graph(parse("sin(x) y"), {"x": 0.4, "y": 2.0})
    monkeypatch.setattr(Graph, "partials", {"x": 2 * math.cos(0.4) + 1e-5, "y": math.sin(0.4)})
    checks = graph.check()
    assert {name: check.status for name, check in checks.items()} == {"x": "differs", "y": "ok"}
    assert graph.check("x") == {"x": checks["x"]}
    assert checks["x"].numeric == pytest.approx(2 * math.cos(0.4), rel=1e-10)


def test_sweep_is_evaluation_at_each_point_and_nan_outside_the_domain() -> None:
    graph = differentiate("u = log(x)\nsqrt(1 - u) + y/(x - 2)", x=1.0, y=3.0).graph
    xs = np.array([[-1.0, 0.0, 0.5, 1.0], [2.0, 2.5, 3.0, np.nan]])
    ys = graph.sweep("x", xs)
    assert ys.shape == xs.shape
    for x, y in zip(xs.flat, ys.flat, strict=True):
        try:
            expected = graph.at(x=x).value
        except ExpressionError:
            expected = math.nan
        assert y == pytest.approx(expected, rel=1e-14, nan_ok=True)
    assert np.isnan(ys).tolist() == [[True, True, False, False], [True, False, True, True]]


def test_sweep_of_what_does_not_depend_on_the_name() -> None:
    graph = differentiate("y^2", x=1.0, y=3.0).graph
    assert graph.sweep("x", [0.0, 1.0]).tolist() == [9.0, 9.0]
    # a value that overflows on the way is outside the domain, as in the graph
    assert np.isnan(differentiate("1/exp(x)", x=1.0).graph.sweep("x", [1000.0])).all()
    with pytest.raises(KeyError):
        graph.sweep("z", [0.0])


def test_sweep_of_a_large_graph_comes_in_parts() -> None:
    graph = differentiate("+".join(["x*x"] * 10_000), x=1.0).graph
    xs = np.linspace(-1, 1, 403)
    np.testing.assert_allclose(graph.sweep("x", xs), 10_000 * xs**2, rtol=1e-12, atol=1e-12)


def test_at_is_the_same_as_anew() -> None:
    text = "u = x^y; sin(u) + z"
    moved = differentiate(text, x=1.5, y=2.0, z=0.0).graph.at(x=2.5, z=-1.0)
    anew = differentiate(text, x=2.5, y=2.0, z=-1.0).graph
    assert moved.nodes == anew.nodes
    assert dict(moved.given) == {"x": 2.5, "y": 2.0, "z": -1.0}
    with pytest.raises(KeyError):
        moved.at(k=1.0)


def test_composite_is_the_chain_rule_over_the_names() -> None:
    composite = differentiate("u = x^2 + 1\ny = sin(u)", x=1.0).graph.composite("x")
    assert composite.latex == r"\frac{dy}{dx} = \frac{dy}{du} \cdot \frac{du}{dx}"
    assert composite.numbers_latex == (r"\frac{dy}{dx} = \left(-0.4161\right) \cdot 2 = -0.8323")
    [path] = composite.paths
    assert [edge.local for edge in path.edges] == pytest.approx([2.0, math.cos(2.0)])


def test_composite_of_several_names_and_variables() -> None:
    graph = differentiate("u = a x x; v = x + b; y = u v + u", x=2.0, a=3.0, b=1.0).graph
    composite = graph.composite("x")
    assert composite.latex == (
        r"\frac{\partial y}{\partial x} = \frac{\partial y}{\partial u} \cdot \frac{\partial u}{\partial x}"
        r" + \frac{\partial y}{\partial v} \cdot \frac{\partial v}{\partial x}"
    )
    assert [path.product for path in composite.paths] == pytest.approx([48.0, 12.0])
    assert graph.partials["x"] == pytest.approx(60.0)


def test_composite_without_names_goes_over_all_nodes() -> None:
    graph = differentiate("sin(x^2)", x=1.0, k=0.0).graph
    assert graph.composite("x").latex == (r"\frac{dy}{dx} = \frac{dy}{dv_{1}} \cdot \frac{dv_{1}}{dx}")
    assert graph.composite("k").numbers_latex == r"\frac{\partial y}{\partial k} = 0"
    assert differentiate("x*x", x=3.0).graph.composite("x").numbers_latex == r"\frac{dy}{dx} = 6"


def formulas() -> st.SearchStrategy[str]:
    leaves = st.sampled_from(["x", "y", "u", "2", "0.5", "pi", "3.25"])

    def extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        functions = st.sampled_from(["sin", "exp", "tanh", "sigmoid", "relu", "softplus", "abs", "log"])
        return st.one_of(
            st.builds("({}) {} ({})".format, inner, st.sampled_from("+-*/^"), inner),
            st.builds("{}({})".format, functions, inner),
            st.builds("{}({}, {})".format, st.sampled_from(["min", "max"]), inner, inner),
            st.builds("-({})".format, inner),
        )

    return st.recursive(leaves, extend, max_leaves=12)


numbers = st.floats(-3, 3).map(lambda number: round(number, 3))


@settings(deadline=None, max_examples=150)
@given(formulas(), formulas(), numbers, numbers)
def test_properties_of_any_graph(line: str, last: str, x: float, y: float) -> None:
    assume("u" not in line.replace("softplus", "").replace("relu", ""))
    try:
        graph = differentiate(f"u = {line}\n{last}", x=x, y=y).graph
    except ExpressionError:
        assume(False)
    largest = max((abs(adjoint) for adjoint in graph.adjoints if adjoint), default=0.0)
    assume(largest < 1e6)
    for name, partial in graph.partials.items():
        paths = graph.paths(name, limit=50)
        size = max(1.0, abs(partial), *(abs(path.product) for path in paths))
        assert graph.tangents(name)[graph.formula.output] == pytest.approx(partial, rel=1e-9, abs=1e-9 * size)
        total = math.fsum(path.product for path in paths) + paths.remainder
        assert total == pytest.approx(partial, rel=1e-9, abs=1e-9 * size)
        sizes = [abs(path.product) for path in paths]
        assert sizes == pytest.approx(sorted(sizes, reverse=True), rel=1e-9)
        terms = graph.composite(name, limit=50).paths
        total = math.fsum(path.product for path in terms) + terms.remainder
        assert total == pytest.approx(partial, rel=1e-9, abs=1e-9 * size)
        assert graph.sweep(name, [graph.given[name]])[0] == pytest.approx(graph.value, rel=1e-12, abs=1e-12)
    cost = graph.multiplications
    assert cost.reverse <= cost.forward <= cost.paths


@settings(deadline=None, max_examples=60)
@given(formulas(), numbers, numbers)
def test_spaces_and_parentheses_change_nothing(text: str, x: float, y: float) -> None:
    text = f"u = y\n{text}"
    spread = text.replace("(", " ( (").replace(")", ") ) ").replace(", ", ") , (")
    try:
        expected = differentiate(text, x=x, y=y)
    except ExpressionError as error:
        with pytest.raises(ExpressionError) as caught:
            differentiate(spread, x=x, y=y)
        assert caught.value.kind == error.kind
        return
    result = differentiate(spread, x=x, y=y)
    assert (result.value, result.partials) == (expected.value, expected.partials)


def test_a_formula_is_read_once_for_many_points() -> None:
    formula = parse("x^2")
    assert [Graph(formula, {"x": float(x)}).value for x in range(4)] == [0.0, 1.0, 4.0, 9.0]
