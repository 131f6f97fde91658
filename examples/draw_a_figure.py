"""Draw the loss and the gradients' norms of a training as an SVG file, without any further package."""

import tempfile
from pathlib import Path

import numpy as np

from engine import Experiment, Layer, Trainer, builtin

experiment = Experiment(
    layers=(*(Layer(8, "sigmoid") for _ in range(4)), Layer(1, "sigmoid")),
    loss="binary_cross_entropy",
    learning_rate=0.5,
    batch_size=10,
)
scalars = Trainer(experiment, builtin("circles")).run(steps=400)
series = {"loss": scalars.loss}
for layer, norms in enumerate(scalars.gradient_norms.T, 1):
    series[f"gradient of layer {layer}"] = norms

lines, colours = [], ("#0b6fb8", "#b45309", "#7a3ff2", "#1a7f37", "#8c564b", "#444444")
for number, ((name, values), colour) in enumerate(zip(series.items(), colours, strict=False)):
    logs = np.log10(np.maximum(values, 1e-8))
    points = " ".join(f"{60 + x},{40 - 30 * y:.1f}" for x, y in enumerate(logs))
    lines.append(f'<polyline fill="none" stroke="{colour}" points="{points}"/>')
    lines.append(f'<text x="470" y="{30 + 20 * number}" fill="{colour}" font-size="13">{name}</text>')
for power in range(-8, 2, 2):
    lines.append(f'<text x="10" y="{44 - 30 * power}" font-size="11">1e{power}</text>')
path = Path(tempfile.mkdtemp()) / "vanishing.svg"
size = 'width="640" height="300"'
path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(lines)}</svg>', encoding="utf-8")
print("Written:", path)
print("The gradient of layer 1 is", f"{np.median(scalars.gradient_norms[:, 0]):.1e}", "at the median,")
print("that of the output layer", f"{np.median(scalars.gradient_norms[:, -1]):.1e}.")
