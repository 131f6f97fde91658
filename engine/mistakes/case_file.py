"""A test case to fill in: ``case.npz``, ``check_me.py`` beside it, and the recorder."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import QT_TRANSLATE_NOOP, ExperimentError, StepError
from engine.experiment import Experiment
from engine.files.atomic import replacing, write_text
from engine.mistakes.batch import Batch
from engine.mistakes.numbers import finite
from engine.mistakes.telling import telling_batch

CASE = "case.npz"
PROBE = Path(__file__).with_name("probe.py")
MOST_BATCHES = 8

CHECK_ME = '''"""Your own step of back-propagation: fill in `step`, then run

    backprop-lab check check_me.py

The network: {network}; loss {loss} ({reduction}), {optimizer}, learning rate {rate}{penalty}.
"""

import numpy as np


def step(X, T, W, b{masks}):
    """One step of X (B, {inputs}), T (B, {outputs}); layer 1 has W[0] (inputs, units) and b[0] (units,)."""
    z1 = X @ W[0] + b[0]
    return {{"z1": z1}}  # and any of a1, …, loss, delta1, dW1, db1, …, and W1, b1 after the step
'''


def give_case(
    folder: Path, experiment: Experiment, inputs: int, batch: Batch | None = None
) -> tuple[Path, ...]:
    """Write a test case for a network: what a step starts from, and a program to fill in.

    Parameters
    ----------
    folder : Path
        It is made if it is not there; what somebody has filled in already is not overwritten.
    experiment : Experiment
    inputs : int
        Columns of the inputs.
    batch : Batch, optional
        The first batch, such as the one the window shows; others follow that tell mistakes apart.

    Returns
    -------
    tuple of Path
        ``case.npz``, ``check_me.py`` and ``probe.py``.

    Raises
    ------
    SessionError
        ``cannot_write``.
    StepError
        ``case_exists`` if there is a ``check_me.py`` already.
    """
    paths = folder / CASE, folder / "check_me.py", folder / PROBE.name
    if paths[1].exists():
        raise StepError("case_exists", name=paths[1].name)
    folder.mkdir(parents=True, exist_ok=True)
    if batch is not None:
        inputs = batch.inputs.shape[1]
    first = [batch] if batch is not None else [telling_batch(experiment, inputs, 0)]
    batches = [*first, *(telling_batch(experiment, inputs, seed) for seed in (1, 2))]
    content = io.BytesIO()
    arrays: dict[str, Any] = {"experiment": np.array(experiment.to_toml())}
    for index, each in enumerate(batches):
        prefix = f"batch{index + 1}/" if index else ""
        arrays |= {f"{prefix}{name}": array for name, array in _arrays(each).items()}
    np.savez_compressed(content, **arrays)
    with replacing(paths[0]) as file:
        file.write(content.getvalue())
    write_text(paths[1], _check_me(experiment, inputs))
    write_text(paths[2], PROBE.read_text(encoding="utf-8"))
    return paths


def _arrays(batch: Batch) -> dict[str, Any]:
    return {
        "inputs": batch.inputs,
        "targets": batch.targets,
        **{f"W{n}": array for n, array in enumerate(batch.weights, 1)},
        **{f"b{n}": array for n, array in enumerate(batch.biases, 1)},
        **{f"mask{n}": array for n, array in batch.masks.items()},
    }


def _check_me(experiment: Experiment, inputs: int) -> str:
    e = experiment
    layers = ", ".join(
        f"{layer.units} {layer.activation.name}"
        + (f" with dropout {layer.dropout:g}" if layer.dropout else "")
        for layer in e.layers
    )
    strength = getattr(e.regularizer, "strength", 0.0)
    return CHECK_ME.format(
        network=f"{inputs} inputs, {layers}",
        loss=e.loss.name,
        reduction=f"{e.reduction} over the batch",
        optimizer=e.optimizer.name,
        rate=f"{e.learning_rate:g}",
        penalty=f", {e.regularizer.name} {strength:g}" if strength else "",
        inputs=inputs,
        outputs=e.layers[-1].units,
        masks=", masks" if any(layer.dropout for layer in e.layers) else "",
    )


def read_case(path: Path) -> tuple[Experiment, tuple[Batch, ...]]:
    """Read a test case.

    Raises
    ------
    StepError
        If it is none.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        experiment = Experiment.from_toml(str(arrays.pop("experiment")))
        batches = []
        for index in range(MOST_BATCHES):
            prefix = f"batch{index + 1}/" if index else ""
            if f"{prefix}inputs" not in arrays:
                break
            batches.append(_batch(arrays, prefix, experiment))
    except OSError as error:
        raise StepError("cannot_read", name=path.name, reason=error.strerror or str(error)) from None
    except (KeyError, ValueError, ExperimentError, EOFError) as error:
        raise StepError("no_case", name=path.name, reason=str(error)) from None
    if not batches:
        raise StepError("no_case", name=path.name, reason=QT_TRANSLATE_NOOP("errors", "it has no inputs"))
    return experiment, tuple(batches)


def _batch(arrays: dict[str, Any], prefix: str, experiment: Experiment) -> Batch:
    inputs = finite("inputs", arrays[f"{prefix}inputs"], (None, None)).values
    widths = (inputs.shape[1], *(layer.units for layer in experiment.layers))
    layers = range(1, len(widths))

    def values(name: str, shape: tuple[int | None, ...]) -> Any:
        return finite(name, arrays[prefix + name], shape).values

    return Batch(
        inputs=inputs,
        targets=values("targets", (len(inputs), widths[-1])),
        weights=tuple(values(f"W{n}", (widths[n - 1], widths[n])) for n in layers),
        biases=tuple(values(f"b{n}", (widths[n],)) for n in layers),
        masks={
            n: values(f"mask{n}", (len(inputs), widths[n])) for n in layers if f"{prefix}mask{n}" in arrays
        },
    )
