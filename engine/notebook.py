"""What a notebook shows of a network and its training: the network as SVG, and the loss as a curve."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from engine.arrays import FloatArray
from engine.digits import short

MOST_UNITS = 16
"""Units of a layer that are drawn; of a larger one as many, and how many there are."""
MOST_POINTS = 300
_WIDTH, _HEIGHT = 460.0, 220.0
_POSITIVE, _NEGATIVE, _INK = "#0b6fb8", "#b45309", "#566275"


def network_svg(sizes: Sequence[int], weights: Sequence[FloatArray]) -> str:
    """Draw a network: lines as thick as their weights are large, dashed where they are negative.

    Parameters
    ----------
    sizes : sequence of int
        Units of each layer, the inputs first.
    weights : L arrays (n_{l-1}, n_l)
    """
    places = [
        [
            (40.0 + layer * (_WIDTH - 80.0) / max(1, len(sizes) - 1), _HEIGHT * (unit + 1) / (shown + 1))
            for unit in range(shown)
        ]
        for layer, shown in enumerate(min(size, MOST_UNITS) for size in sizes)
    ]
    largest = max((float(abs(w).max()) for w in weights if w.size), default=1.0) or 1.0
    parts = []
    for layer, w in enumerate(weights):
        for i, (x1, y1) in enumerate(places[layer]):
            for j, (x2, y2) in enumerate(places[layer + 1]):
                value = float(w[i, j])
                dash = ' stroke-dasharray="5 3"' if value < 0 else ""
                colour = _NEGATIVE if value < 0 else _POSITIVE
                width = 0.4 + 3.6 * abs(value) / largest
                parts.append(
                    f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
                    f'stroke-width="{width:.2f}"{dash}><title>{short(value, 6)}</title></line>'
                )
    radius = 9.0 if max(map(len, places)) <= 10 else 5.0
    for layer, size in enumerate(sizes):
        for x, y in places[layer]:
            at = f'cx="{x:.1f}" cy="{y:.1f}" r="{radius}"'
            parts.append(f'<circle {at} fill="white" stroke="#1a2233"/>')
        at = f'x="{places[layer][0][0]:.1f}" y="{_HEIGHT - 2:.1f}" text-anchor="middle"'
        parts.append(f'<text {at} fill="{_INK}" font-size="11">{size}</text>')
    return _svg(parts)


def curve_svg(steps: Sequence[int], losses: Sequence[float]) -> str:
    """Draw the loss over the steps; empty if there are not two of them."""
    every = max(1, len(losses) // MOST_POINTS)
    seen = zip(steps[::every], losses[::every], strict=True)
    points = [(step, loss) for step, loss in seen if math.isfinite(loss)]
    if len(points) < 2:
        return ""
    low, high = min(v for _, v in points), max(v for _, v in points)
    first, last = points[0][0], points[-1][0]
    line = " ".join(
        f"{40 + (s - first) / max(1, last - first) * (_WIDTH - 60):.1f},"
        f"{20 + (high - v) / ((high - low) or 1.0) * (_HEIGHT - 50):.1f}"
        for s, v in points
    )
    text = f'font-size="11" fill="{_INK}"'
    return _svg(
        [
            f'<polyline points="{line}" fill="none" stroke="{_POSITIVE}" stroke-width="1.6"/>',
            f'<text x="4" y="24" {text}>{short(high, 3)}</text>',
            f'<text x="4" y="{_HEIGHT - 26}" {text}>{short(low, 3)}</text>',
            f'<text x="40" y="{_HEIGHT - 6}" {text}>step {first}</text>',
            f'<text x="{_WIDTH - 20}" y="{_HEIGHT - 6}" {text} text-anchor="end">{last}</text>',
        ]
    )


def page(title: str, *pictures: str) -> str:
    """Return a title and pictures as the HTML of one cell."""
    return f"<div><div><b>{escape(title)}</b></div>{''.join(pictures)}</div>"


def _svg(parts: Sequence[str]) -> str:
    size = f'width="{_WIDTH:.0f}" height="{_HEIGHT:.0f}" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>'
