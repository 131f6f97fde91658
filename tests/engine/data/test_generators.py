"""Toy problems and built-in data sets."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.data.builtin import BUILTIN_NAMES, builtin
from engine.data.generators import GENERATORS, Circles, Gaussians, Moons, Plane, Sine, Spiral, Xor
from engine.errors import DatasetError, ExperimentError


@pytest.mark.parametrize("name", GENERATORS)
def test_a_seed_makes_the_same_data_and_another_seed_others(name: str) -> None:
    rule = GENERATORS[name](noise=0.2) if name != "gaussians" else GENERATORS[name]()
    first, again, other = rule.generate(3), rule.generate(3), rule.generate(4)
    assert np.array_equal(first.inputs, again.inputs)
    assert np.array_equal(first.targets, again.targets)
    assert not np.array_equal(first.inputs, other.inputs)


@pytest.mark.parametrize("name", GENERATORS)
def test_parameters_may_take_both_ends_of_their_range_and_no_more(name: str) -> None:
    rule = GENERATORS[name]
    for parameter in rule.parameters():
        for value in (parameter.range.low, parameter.range.high):
            data = rule(**{parameter.name: value}).generate(0)
            assert np.isfinite(data.inputs).all()
        with pytest.raises(ExperimentError) as raised:
            rule(**{parameter.name: parameter.range.high + 1})
        assert raised.value.field == f"{name}.{parameter.name}"


def test_xor_without_noise_is_the_truth_table() -> None:
    data = Xor().generate()
    assert data.inputs.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert data.targets.ravel().tolist() == [0, 1, 1, 0]


def test_circles_lie_on_their_radius() -> None:
    data = Circles(noise=0.0, inner=0.4).generate()
    radius = np.hypot(*data.inputs.T)
    np.testing.assert_allclose(radius, np.where(data.targets[:, 0] == 1, 0.4, 1.0))


def test_spiral_arms_are_each_other_turned() -> None:
    data = Spiral(rows=90, classes=3, noise=0.0).generate()
    arms = [data.inputs[data.targets[:, k] == 1] @ [1, 1j] for k in range(3)]
    for k in (1, 2):
        np.testing.assert_allclose(arms[k], arms[0] * np.exp(2j * math.pi * k / 3), atol=1e-12)


def test_gaussians_lie_around_the_unit_circle() -> None:
    data = Gaussians(rows=8000, classes=4, spread=0.3).generate(1)
    for k in range(4):
        cloud = data.inputs[data.targets[:, k] == 1]
        centre = [math.cos(math.pi * k / 2), math.sin(math.pi * k / 2)]
        np.testing.assert_allclose(cloud.mean(axis=0), centre, atol=0.03)
        np.testing.assert_allclose(cloud.std(axis=0), 0.3, atol=0.02)


def test_moons_are_half_circles() -> None:
    data = Moons(noise=0.0).generate()
    lower = data.targets[:, 0] == 1
    assert (data.inputs[~lower, 1] >= 0).all()
    assert (data.inputs[lower, 1] <= 0.5).all()
    np.testing.assert_allclose(np.hypot(*(data.inputs[lower] - [1.0, 0.5]).T), 1.0)


def test_regression_problems_follow_their_formula() -> None:
    plane = Plane(slope1=2.0, slope2=-3.0, offset=0.5, noise=0.0).generate(1)
    np.testing.assert_allclose(plane.targets[:, 0], plane.inputs @ [2.0, -3.0] + 0.5)
    sine = Sine(periods=2.0, noise=0.0).generate(1)
    np.testing.assert_allclose(sine.targets[:, 0], np.sin(2 * math.pi * sine.inputs[:, 0]), atol=1e-12)


@pytest.mark.parametrize("name", BUILTIN_NAMES)
def test_builtin_data_is_complete(name: str) -> None:
    data = builtin(name, seed=1)
    assert data.name == name
    assert np.isfinite(data.inputs).all()
    assert not data.warnings


def test_real_data_is_what_its_source_says() -> None:
    iris, wine, digits = builtin("iris"), builtin("wine"), builtin("digits")
    assert (iris.inputs.shape, iris.targets.sum(axis=0).tolist()) == ((150, 4), [50, 50, 50])
    np.testing.assert_allclose(iris.inputs.sum(axis=0), [876.5, 458.6, 563.7, 179.9])
    assert (wine.inputs.shape, wine.targets.sum(axis=0).tolist()) == ((178, 13), [59, 71, 48])
    assert wine.inputs[:, 12].sum() == 132947.0
    assert (digits.inputs.shape, digits.image_shape, digits.inputs.sum()) == ((1797, 64), (8, 8), 561718)
    assert all("CC BY 4.0" in data.source for data in (iris, wine, digits))


def test_article_is_the_toy_of_five_rows() -> None:
    data = builtin("article")
    assert (data.kind, data.inputs.shape, data.targets.shape) == ("regression", (5, 4), (5, 2))
    assert data.inputs[0, 0] == 0.6535895854646095
    assert data.targets.tolist() == [[0, 1], [0, 1], [0, 0], [1, 1], [1, 1]]


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(DatasetError, match="iris") as raised:
        builtin("irises")
    assert raised.value.kind == "unknown_builtin"
