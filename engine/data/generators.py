"""Toy problems with parameters, as a table of rules: each makes a data set from a seed.

The points of each class come in turn, so that any stretch of rows holds all classes alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.arrays import FloatArray, IntArray
from engine.data.dataset import Dataset
from engine.errors import QT_TRANSLATE_NOOP
from engine.functions.table import Rule, Table, parameter


@dataclass(frozen=True)
class Generator(Rule):
    """Base of the rules; what they make depends on their parameters and the seed alone."""

    def generate(self, seed: int = 0) -> Dataset:
        """Make the data set; a pure function of the parameters and the seed."""
        raise NotImplementedError

    def _classes(self, inputs: FloatArray, labels: IntArray, count: int = 2) -> Dataset:
        names = tuple(str(i) for i in range(count))
        return Dataset.from_arrays(
            inputs,
            labels,
            "binary" if count == 2 else "multiclass",
            name=self.name,
            class_names=names,
        )


@dataclass(frozen=True)
class Xor(Generator):
    """The four corners of a square, two opposite ones of each class; without noise, the truth table."""

    name: ClassVar = "xor"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "XOR")
    copies: int = parameter(1, QT_TRANSLATE_NOOP("catalogue", "copies of each corner"), low=1, high=2500)
    noise: float = parameter(0.0, QT_TRANSLATE_NOOP("catalogue", "noise"), low=0.0, high=1.0)

    def generate(self, seed: int = 0) -> Dataset:
        """Return (4 copies, 2) inputs near 0 and 1; binary."""
        corners = np.tile([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], (self.copies, 1))
        labels = (corners[:, 0] != corners[:, 1]).astype(np.int64)
        return self._classes(corners + _noise(seed, self.noise, corners.shape), labels)


@dataclass(frozen=True)
class Circles(Generator):
    """A circle within a circle of radius 1."""

    name: ClassVar = "circles"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "circles")
    rows: int = parameter(200, QT_TRANSLATE_NOOP("catalogue", "rows"), low=4, high=10_000)
    inner: float = parameter(
        0.5, QT_TRANSLATE_NOOP("catalogue", "radius of the inner circle"), low=0.1, high=0.9
    )
    noise: float = parameter(0.05, QT_TRANSLATE_NOOP("catalogue", "noise"), low=0.0, high=1.0)

    def generate(self, seed: int = 0) -> Dataset:
        """Return (rows, 2) inputs; binary, the inner circle being class 1."""
        labels, place = _in_turn(self.rows, 2)
        radius = np.where(labels == 1, self.inner, 1.0)
        points = _polar(radius, 2 * np.pi * place)
        return self._classes(points + _noise(seed, self.noise, points.shape), labels)


@dataclass(frozen=True)
class Spiral(Generator):
    """Interleaved spiral arms from the middle to radius 1, one a class."""

    name: ClassVar = "spiral"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "spiral")
    rows: int = parameter(200, QT_TRANSLATE_NOOP("catalogue", "rows"), low=4, high=10_000)
    classes: int = parameter(2, QT_TRANSLATE_NOOP("catalogue", "classes"), low=2, high=5)
    turns: float = parameter(1.25, QT_TRANSLATE_NOOP("catalogue", "turns"), low=0.25, high=4.0)
    noise: float = parameter(0.03, QT_TRANSLATE_NOOP("catalogue", "noise"), low=0.0, high=1.0)

    def generate(self, seed: int = 0) -> Dataset:
        """Return (rows, 2) inputs; binary for two arms, else multiclass."""
        labels, place = _in_turn(self.rows, self.classes)
        angle = 2 * np.pi * (self.turns * place + labels / self.classes)
        points = _polar(place, angle)
        return self._classes(points + _noise(seed, self.noise, points.shape), labels, self.classes)


@dataclass(frozen=True)
class Gaussians(Generator):
    """Round clouds around points of the unit circle, one a class."""

    name: ClassVar = "gaussians"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "Gaussians")
    rows: int = parameter(200, QT_TRANSLATE_NOOP("catalogue", "rows"), low=4, high=10_000)
    classes: int = parameter(2, QT_TRANSLATE_NOOP("catalogue", "classes"), low=2, high=10)
    spread: float = parameter(0.3, QT_TRANSLATE_NOOP("catalogue", "spread"), low=0.0, high=2.0)

    def generate(self, seed: int = 0) -> Dataset:
        """Return (rows, 2) inputs; binary for two clouds, else multiclass."""
        labels, _ = _in_turn(self.rows, self.classes)
        centres = _polar(np.ones(self.rows), 2 * np.pi * labels / self.classes)
        return self._classes(centres + _noise(seed, self.spread, centres.shape), labels, self.classes)


@dataclass(frozen=True)
class Moons(Generator):
    """Two half circles of radius 1 that reach into each other."""

    name: ClassVar = "moons"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "moons")
    rows: int = parameter(200, QT_TRANSLATE_NOOP("catalogue", "rows"), low=4, high=10_000)
    noise: float = parameter(0.1, QT_TRANSLATE_NOOP("catalogue", "noise"), low=0.0, high=1.0)

    def generate(self, seed: int = 0) -> Dataset:
        """Return (rows, 2) inputs; binary, the lower moon being class 1."""
        labels, place = _in_turn(self.rows, 2)
        upper = _polar(np.ones(self.rows), np.pi * place)
        points = np.where((labels == 1)[:, None], [1.0, 0.5] - upper, upper)
        return self._classes(points + _noise(seed, self.noise, points.shape), labels)


@dataclass(frozen=True)
class Plane(Generator):
    """A plane over two inputs from -1 to 1, y = slope1 x1 + slope2 x2 + offset, with noise on y."""

    name: ClassVar = "plane"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "plane (regression)")
    rows: int = parameter(200, QT_TRANSLATE_NOOP("catalogue", "rows"), low=4, high=10_000)
    slope1: float = parameter(1.0, QT_TRANSLATE_NOOP("catalogue", "slope along x1"), low=-10.0, high=10.0)
    slope2: float = parameter(-0.5, QT_TRANSLATE_NOOP("catalogue", "slope along x2"), low=-10.0, high=10.0)
    offset: float = parameter(0.25, QT_TRANSLATE_NOOP("catalogue", "offset"), low=-10.0, high=10.0)
    noise: float = parameter(0.05, QT_TRANSLATE_NOOP("catalogue", "noise"), low=0.0, high=1.0)

    def generate(self, seed: int = 0) -> Dataset:
        """Return (rows, 2) inputs and one target; regression."""
        generator = np.random.default_rng(seed)
        inputs = generator.uniform(-1.0, 1.0, (self.rows, 2))
        heights = inputs @ [self.slope1, self.slope2] + self.offset
        return Dataset.from_arrays(
            inputs, heights + self.noise * generator.standard_normal(self.rows), name=self.name
        )


@dataclass(frozen=True)
class Sine(Generator):
    """A sine over one input from -1 to 1, with noise on y."""

    name: ClassVar = "sine"
    label: ClassVar = QT_TRANSLATE_NOOP("catalogue", "noisy sine (regression)")
    rows: int = parameter(200, QT_TRANSLATE_NOOP("catalogue", "rows"), low=4, high=10_000)
    periods: float = parameter(1.0, QT_TRANSLATE_NOOP("catalogue", "periods"), low=0.1, high=10.0)
    noise: float = parameter(0.1, QT_TRANSLATE_NOOP("catalogue", "noise"), low=0.0, high=1.0)

    def generate(self, seed: int = 0) -> Dataset:
        """Return (rows, 1) inputs and one target; regression."""
        generator = np.random.default_rng(seed)
        inputs = generator.uniform(-1.0, 1.0, (self.rows, 1))
        heights = np.sin(np.pi * self.periods * inputs[:, 0])
        return Dataset.from_arrays(
            inputs, heights + self.noise * generator.standard_normal(self.rows), name=self.name
        )


GENERATORS: Table[Generator] = Table(Xor, Circles, Spiral, Gaussians, Moons, Plane, Sine)


def _noise(seed: int, deviation: float, shape: tuple[int, ...]) -> FloatArray:
    return deviation * np.random.default_rng(seed).standard_normal(shape)


def _polar(radius: FloatArray, angle: FloatArray) -> FloatArray:
    return np.column_stack((radius * np.cos(angle), radius * np.sin(angle)))


def _in_turn(rows: int, classes: int) -> tuple[IntArray, FloatArray]:
    """Labels 0, 1, …, 0, 1, … (rows,), and how far along its class each row lies, from 0 to below 1."""
    labels = np.arange(rows, dtype=np.int64) % classes
    place = (np.arange(rows) // classes + 0.5) / np.ceil(rows / classes)
    return labels, place
