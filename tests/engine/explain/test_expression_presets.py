"""The formulas to begin with."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.explain.expression import PRESETS, Preset, Result, differentiate

BY_KEY = {preset.key: preset for preset in PRESETS}


def solve(preset: Preset) -> Result:
    return differentiate(preset.text, **preset.values)


@pytest.mark.parametrize("preset", PRESETS, ids=BY_KEY)
def test_each_is_whole(preset: Preset) -> None:
    graph = solve(preset).graph
    assert set(graph.formula.variables) == set(preset.values)
    assert {check.status for check in graph.check().values()} == {"ok"}
    assert preset.title


def test_composite() -> None:
    assert solve(BY_KEY["composite"]).partials["x"] == pytest.approx(2 * math.cos(2))


def test_neuron() -> None:
    result = solve(BY_KEY["neuron"])
    assert result.value == pytest.approx(0.7310585786300049, rel=1e-15)
    assert result.partials["x1"] == pytest.approx(-0.58983580, abs=5e-9)


def test_softmax_with_cross_entropy_gives_p_minus_t() -> None:
    preset = BY_KEY["softmax"]
    result = solve(preset)
    z, t = (np.array([preset.values[f"{n}{i}"] for i in (1, 2, 3)]) for n in "zt")
    p = np.exp(z) / np.exp(z).sum()
    assert [result.partials[f"z{i}"] for i in (1, 2, 3)] == pytest.approx(list(p - t), rel=1e-13)
    assert result.value == pytest.approx(-math.log(p[1]), rel=1e-13)


def test_network_is_the_network_its_names_say() -> None:
    preset = BY_KEY["network"]
    network = preset.network
    assert network is not None
    assert (network.units, network.activations, network.loss) == (
        (2, 2, 1),
        ("sigmoid",) * 2,
        "squared_error",
    )
    weights, biases = (list(map(np.array, part)) for part in network.parameters(preset.values))
    x = np.array([preset.values[name] for name in network.inputs])
    t = np.array([preset.values[name] for name in network.targets])

    # forward and backward in matrices, as in the main window
    a1 = 1 / (1 + np.exp(-(x @ weights[0] + biases[0])))
    a2 = 1 / (1 + np.exp(-(a1 @ weights[1] + biases[1])))
    delta2 = (a2 - t) * a2 * (1 - a2)
    delta1 = weights[1] @ delta2 * a1 * (1 - a1)

    result = solve(preset)
    assert result.value == pytest.approx(0.5 * float(np.sum((a2 - t) ** 2)), rel=1e-14)
    weight_grads, bias_grads = network.parameters(result.partials)
    np.testing.assert_allclose(weight_grads[0], np.outer(x, delta1), rtol=1e-13)
    np.testing.assert_allclose(weight_grads[1], np.outer(a1, delta2), rtol=1e-13)
    np.testing.assert_allclose(bias_grads[0], delta1, rtol=1e-13)
    np.testing.assert_allclose(bias_grads[1], delta2, rtol=1e-13)
    # the first output of Mazur's example, whose numbers are published
    assert float(a2[0]) == pytest.approx(0.75136507, abs=5e-9)
    assert weight_grads[1] == [[pytest.approx(0.08216704, abs=5e-9)], [pytest.approx(0.08266763, abs=5e-9)]]
