"""The numbers of a training as tables and arrays for other programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from engine.errors import ExperimentError, SessionError
from engine.extras import EXTRAS
from engine.files.atomic import Where, replacing
from engine.files.script import Facts
from engine.files.session import Session
from engine.records import StepRecord
from engine.series import BLOCK_ROWS
from engine.training.measure import LOSS, METRIC, NORMS, PENALTY, RATE, UPDATE_NORM

RECORD_LAYOUT = """Records of single steps of back-propagation, each array under step_N/NAME.

Rows are samples; layers count from 1, units from 0. B is the batch, n_l the units of layer l.
epoch, data_loss, penalty, learning_rate, clip_factor, optimizer_step: numbers
indices (B,): rows of the data set, from 0; targets (B, k); sample_losses (B,)
target_offset, target_scale (k,): where targets are scaled, (y - target_offset) / target_scale of the data's
z_L, delta_L (B, n_l): pre-activations and dL/dz, the reduction over the batch included
a_L (B, n_l): activations after dropout; a_0 are the inputs
weight_grads_L (n_{l-1}, n_l), bias_grads_L (n_l,): of the data loss
weights_before_L, weights_after_L, biases_before_L, biases_after_L
slot_NAME_before_weights_L, …_after_weights_L, …_biases_L: the optimizer's state
dropout_mask_L (B, n_l): 0 or 1 / (1 - p), where the layer has dropout
frozen_weights_L, frozen_biases_L: True where a parameter is held
"""


def scalar_columns(session: Session) -> list[str]:
    """The columns of the tables that `write_scalars_csv` and `write_scalars_parquet` write."""
    norms = [f"gradient_norm_{layer}" for layer in range(1, len(session.experiment.layers) + 1)]
    names = ["step", "loss", "penalty", "metric", "update_norm", "learning_rate", *norms]
    return [*names, "validation_loss", "validation_metric"]


def _scalar_blocks(session: Session) -> Iterator[np.ndarray[Any, np.dtype[np.float64]]]:
    """The table of all steps of the current run, some rows at a time; NaN where nothing was computed."""
    run, width = session.run, len(scalar_columns(session))
    evaluations = run.evaluations.read()
    order = [LOSS, PENALTY, METRIC, UPDATE_NORM, RATE, *range(NORMS, run.series.width)]
    for start in range(-1, len(run.series), BLOCK_ROWS):  # row 0 is step 0: only its evaluation
        stop, first = min(start + BLOCK_ROWS, len(run.series)), max(start, 0)
        table = np.full((stop - start, width), np.nan)
        table[:, 0] = np.arange(start + 1, stop + 1)
        table[first - start :, 1:-2] = run.series.read(first, stop)[:, order]
        inside = evaluations[(evaluations[:, 0] > start) & (evaluations[:, 0] <= stop)]
        table[inside[:, 0].astype(int) - start - 1, -2:] = inside[:, 1:]
        yield table


def write_scalars_csv(session: Session, path: Where) -> None:
    """Write the scalars of all steps of the current run as CSV; empty where nothing was computed.

    Raises
    ------
    SessionError
        ``cannot_write``.
    """
    with replacing(path) as file:
        file.write((",".join(scalar_columns(session)) + "\n").encode())
        for table in _scalar_blocks(session):
            rows = (
                ",".join(["" if value != value else repr(value) for value in row[1:]])
                for row in table.tolist()
            )
            steps = table[:, 0].astype(int).tolist()
            file.write("".join(f"{step},{row}\n" for step, row in zip(steps, rows, strict=True)).encode())


def write_scalars_parquet(session: Session, path: Where) -> None:
    """Write the scalars of all steps of the current run as Parquet; null where nothing was computed.

    Raises
    ------
    SessionError
        ``needs_package`` without pyarrow; ``cannot_write``.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise SessionError("needs_package", **EXTRAS["parquet"].details) from None
    names = scalar_columns(session)
    schema = pa.schema([(name, pa.int64() if name == "step" else pa.float64()) for name in names])
    with replacing(path) as file, pq.ParquetWriter(file, schema) as writer:
        for table in _scalar_blocks(session):
            columns = [pa.array(table[:, 0].astype(np.int64))]
            columns += [pa.array(column, from_pandas=True) for column in table[:, 1:].T]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))


def write_parameters(session: Session, path: Where) -> None:
    """Write all parameters as CSV: their layer and kind, the units they lead from and to, value, held, slots.

    It is read by people, so that units count from 1, as in the window, and those of inputs and outputs
    have their names beside them.

    Raises
    ------
    SessionError
        ``cannot_write``.
    """
    facts = Facts(session)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    header = ["layer", "kind", "from", "from_name", "to", "to_name", "value", "held", *facts.slots]
    writer.writerow(header)
    data, last = session.dataset, len(facts.weights)
    names = {0: data.feature_names, last: data.target_names}
    for layer in range(len(facts.weights)):
        for place, kind, values in ((0, "weight", facts.weights[layer]), (1, "bias", facts.biases[layer])):
            for index in np.ndindex(values.shape):
                source = _unit(index[0], names.get(layer)) if kind == "weight" else ("", "")
                unit = _unit(index[-1], names.get(layer + 1))
                held = facts.held is not None and bool(facts.held[place][layer][index])
                slots = [str(slot[place][layer][index]) for slot in facts.slots.values()]
                row = [layer + 1, kind, *source, *unit, str(values[index]), int(held), *slots]
                writer.writerow(row)
    with replacing(path) as file:
        file.write(text.getvalue().encode())


def _unit(index: int, names: Sequence[str] | None) -> tuple[int, str]:
    """The number of a unit, from 1, and its name if it has one."""
    return index + 1, "" if names is None else names[index]


def write_records(
    session: Session,
    steps: Sequence[int],
    path: Where,
    *,
    progress: Callable[[float], object] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Write all numbers of some steps of the current run as NPZ, laid out as `RECORD_LAYOUT` says.

    The steps are made again, bit for bit, by a trainer of its own; the text lies in it as ``layout``.

    Parameters
    ----------
    session : Session
    steps : sequence of int
        From 1 to the furthest step of the run.
    path : path
    progress, cancelled : callable, optional

    Raises
    ------
    ExperimentError
        ``beyond_history`` for a step that the run has not reached.
    SessionError
        ``cancelled`` or ``cannot_write``.
    """
    trainer = session.restore()
    arrays: dict[str, Any] = {"layout": np.array(RECORD_LAYOUT)}
    for count, step in enumerate(sorted(set(steps)), 1):
        if cancelled is not None and cancelled():
            raise SessionError("cancelled")
        if not 1 <= step <= trainer.furthest:
            raise ExperimentError("beyond_history", field="step", value=step, furthest=trainer.furthest)
        trainer.seek(step - 1)
        arrays |= {f"step_{step}/{name}": value for name, value in _record_arrays(trainer.step())}
        if progress is not None:
            progress(count / len(set(steps)))
    with replacing(path) as file:
        np.savez_compressed(file, **arrays)


def _record_arrays(record: StepRecord) -> Iterator[tuple[str, Any]]:
    for name in ("epoch", "data_loss", "penalty", "learning_rate", "clip_factor", "optimizer_step"):
        yield name, np.array(getattr(record, name))
    for name in ("indices", "targets", "sample_losses"):
        yield name, getattr(record, name)
    if record.target_offset is not None:
        yield "target_offset", record.target_offset
        yield "target_scale", record.target_scale
    for layer, a in enumerate(record.a):
        yield f"a_{layer}", a
    per_layer = ("z", "delta", "weight_grads", "bias_grads", "weights_before", "weights_after")
    for name in (*per_layer, "biases_before", "biases_after", "frozen_weights", "frozen_biases"):
        for layer, array in enumerate(getattr(record, name), 1):
            yield f"{name}_{layer}", array
    for when, slots in (("before", record.slots_before), ("after", record.slots_after)):
        for slot, parts in slots.items():
            for part, arrays in zip(("weights", "biases"), parts, strict=True):
                for layer, array in enumerate(arrays, 1):
                    yield f"slot_{slot}_{when}_{part}_{layer}", array
    for layer, mask in enumerate(record.dropout_masks, 1):
        if mask is not None:
            yield f"dropout_mask_{layer}", mask
