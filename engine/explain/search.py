"""The search for the largest paths from one unit to the loss, layer by layer."""

# ruff: noqa: D102 - a stage is what its protocol documents
from __future__ import annotations

import math
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np

from engine.arrays import FloatArray, IntArray
from engine.functions.activations import remainder

LARGE = 4_000_000
"""Samples times weights of a layer above which a looser bound that costs less is taken."""


class Stage(Protocol):
    """A step of a path from one unit to another, with a factor F[s, from, to] for each sample s.

    `u` (K, B) are the partial products of K paths that stand at `units` (K,).
    """

    def heights(self, h: FloatArray) -> FloatArray:
        """Bound |F h| from above over `to`, (B, n_from), for h (B, n_to) of what follows."""
        ...

    def bounds(self, u: FloatArray, units: IntArray, h: FloatArray) -> FloatArray:
        """Sum |u F| h over the samples, (K, n_to)."""
        ...

    def totals(self, u: FloatArray, units: IntArray, h: FloatArray) -> FloatArray:
        """Sum u F h over the samples, (K, n_to)."""
        ...

    def follow(self, u: FloatArray, units: IntArray, to: IntArray) -> FloatArray:
        """Multiply u and F of the steps to the units `to` (K,), (K, B)."""
        ...


class WeightStage:
    """Through a unit's slope and a weight: F = f'(z_j) w_jk."""

    def __init__(self, slopes: FloatArray | None, weights: FloatArray) -> None:
        self.slopes, self.weights = slopes, weights

    def _sloped(self, u: FloatArray, units: IntArray) -> FloatArray:
        if self.slopes is None:
            return u
        sloped: FloatArray = u * self.slopes.T[units]
        return sloped

    def heights(self, h: FloatArray) -> FloatArray:
        sizes = np.abs(self.weights)
        if h.size * len(sizes) > LARGE:
            best: FloatArray = h.max(axis=1, keepdims=True) * sizes.max(axis=1)
            return best if self.slopes is None else best * np.abs(self.slopes)
        best = np.empty((len(h), len(sizes)), h.dtype)
        for unit, row in enumerate(sizes):
            np.max(h * row, axis=1, out=best[:, unit])
        return best if self.slopes is None else best * np.abs(self.slopes)

    def bounds(self, u: FloatArray, units: IntArray, h: FloatArray) -> FloatArray:
        result: FloatArray = (np.abs(self._sloped(u, units)) @ h) * np.abs(self.weights[units])
        return result

    def totals(self, u: FloatArray, units: IntArray, h: FloatArray) -> FloatArray:
        result: FloatArray = (self._sloped(u, units) @ h) * self.weights[units]
        return result

    def follow(self, u: FloatArray, units: IntArray, to: IntArray) -> FloatArray:
        product: FloatArray = self._sloped(u, units) * self.weights[units, to][:, None]
        return product


class SoftmaxStage:
    """From z_j to a_i of a softmax layer: F = c_i ([i = j] - a_j), with c = a but at a matched loss."""

    def __init__(self, c: FloatArray, a: FloatArray) -> None:
        self.c, self.a, self.rest = c, a, remainder(a)

    def heights(self, h: FloatArray) -> FloatArray:
        reach = np.abs(self.c) * h
        bound: FloatArray = np.maximum(self.a * reach.max(axis=1, keepdims=True), reach * self.rest)
        return bound

    def _sums(self, u: FloatArray, units: IntArray, h: FloatArray, sign: float) -> FloatArray:
        a = self.a.T[units]
        sums: FloatArray = sign * ((u * a) @ h)
        sums[np.arange(len(units)), units] = np.sum(u * self.rest.T[units] * h.T[units], axis=1)
        return sums

    def bounds(self, u: FloatArray, units: IntArray, h: FloatArray) -> FloatArray:
        return self._sums(np.abs(u), units, np.abs(self.c) * h, 1.0)

    def totals(self, u: FloatArray, units: IntArray, h: FloatArray) -> FloatArray:
        return self._sums(u, units, self.c * h, -1.0)

    def follow(self, u: FloatArray, units: IntArray, to: IntArray) -> FloatArray:
        slopes = np.where((units == to)[:, None], self.rest.T[units], -self.a.T[units])
        product: FloatArray = u * self.c.T[to] * slopes
        return product


class Found(NamedTuple):
    """What a search has found: K paths, the largest first.

    Attributes
    ----------
    trails : (K, m)
        The units of each path, of softmax layers both.
    products : (K,)
    exact : bool
        Whether they are the largest for certain.
    """

    trails: IntArray
    products: FloatArray
    exact: bool


class Search:
    """The largest paths through `stages`, from partial products `start` (B,) at one unit to `tail` (B, n)."""

    def __init__(self, start: FloatArray, unit: int, stages: list[Stage], tail: FloatArray) -> None:
        self.start, self.unit, self.stages, self.tail = start, unit, stages, tail

    @cached_property
    def heights(self) -> list[FloatArray]:
        """For each stage, at least the largest completion of each sample after it, (B, n)."""
        heights = [np.abs(self.tail)]
        for stage in reversed(self.stages[1:]):
            heights.append(stage.heights(heights[-1]))
        return heights[::-1]

    def run(self, limit: int, width: int, threshold: float) -> Found:
        """Search with at most `width` partial paths, leaving out what is surely below `threshold`."""
        u, trails = self.start[None, :], np.array([[self.unit]], dtype=np.intp)
        left_out = 0.0  # the largest bound of a partial path that the width had no room for
        if not self.stages:
            product = np.array([u[0] @ self.tail[:, self.unit]])
            return Found(trails[:limit], product[:limit], True)
        for stage, height in zip(self.stages[:-1], self.heights, strict=False):
            bounds = stage.bounds(u, trails[:, -1], height)
            columns = bounds.shape[1]
            # the bound is rounded, so that the threshold is given a little room
            chosen = np.flatnonzero(bounds >= threshold * (1.0 - 1e-9))
            if len(chosen) > width:
                ranked = chosen[np.argpartition(bounds.ravel()[chosen], -width)]
                left_out = max(left_out, float(bounds.ravel()[ranked[:-width]].max()))
                chosen = ranked[-width:]
            parents, to = np.divmod(chosen, columns)
            u = stage.follow(u[parents], trails[parents, -1], to)
            trails = np.hstack([trails[parents], to[:, None]])
        totals = self.stages[-1].totals(u, trails[:, -1], self.tail)
        columns, sizes = totals.shape[1], np.abs(totals).ravel()
        chosen = np.arange(len(sizes))
        if limit < len(sizes):
            chosen = np.argpartition(sizes, len(sizes) - limit)[len(sizes) - limit :] if limit else chosen[:0]
        chosen = chosen[np.lexsort((chosen, -sizes[chosen]))]
        parents, to = np.divmod(chosen, columns)
        exact = left_out == 0.0 or (len(chosen) == limit and left_out <= sizes[chosen].min(initial=math.inf))
        return Found(np.hstack([trails[parents], to[:, None]]), totals.ravel()[chosen], bool(exact))
