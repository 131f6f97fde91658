"""How much memory a network takes, and how much there is: what cannot fit is refused before it is made."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import numpy as np

from engine.data.dataset import Dataset
from engine.digits import size_text
from engine.errors import ExperimentError
from engine.experiment import Experiment
from engine.settings import of_layer

SHARE = 0.5
"""Of the machine's memory that one network may take; the window and the other networks want theirs."""

ALWAYS_FITS = 2**25
"""Bytes for which no machine is asked, as the window's settings are checked a hundred at a time."""

GROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")
"""What a container may take, which is less than the machine has."""


def check_memory(experiment: Experiment, dataset: Dataset) -> None:
    """Raise `ExperimentError` if the network cannot fit into the memory."""
    needed = bytes_needed(experiment, dataset)
    if needed <= ALWAYS_FITS or needed <= (limit := SHARE * machine_bytes()):
        return
    sizes = [dataset.inputs.shape[1], *(layer.units for layer in experiment.layers)]
    weights = [below * units for below, units in pairwise(sizes)]
    largest = max(range(len(weights)), key=weights.__getitem__)
    # The output layer has the units that the data have columns
    field = of_layer(min(largest, max(0, len(weights) - 2)), "units")
    raise ExperimentError(
        "too_much_memory",
        field=field,
        sizes="-".join(map(str, sizes)),
        size=size_text(needed),
        limit=size_text(int(limit)),
    )


def bytes_needed(experiment: Experiment, dataset: Dataset) -> int:
    """About the memory that training a large network takes; that of a small one does not matter.

    Parameters, slots, gradient and update are held before and after a step, once more where going back
    begins, and once more in the record that is shown; activations, slopes and deltas of the mini-batch
    are held once in the pass and once in the record.
    """
    sizes = [dataset.inputs.shape[1], *(layer.units for layer in experiment.layers)]
    parameters = sum((below + 1) * units for below, units in pairwise(sizes))
    slots = len(experiment.optimizer.slots)
    rows = len(dataset.inputs)
    batch = rows if experiment.batch_size == "full" else min(rows, experiment.batch_size)
    of_parameters = 2 * (1 + slots) + 2 + (1 + slots) + 3 + 2 * slots
    of_activity = 9
    numbers = of_parameters * parameters + of_activity * batch * sum(sizes)
    return int(np.dtype(experiment.dtype).itemsize * numbers)


def machine_bytes() -> int:
    """The memory of this machine, or of the container that this runs in."""
    there = sys.maxsize
    if sys.platform == "win32":
        there = _windows_bytes()
    else:
        with suppress(ValueError, OSError):
            there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(ValueError, OSError):
        there = min(there, int(GROUP_LIMIT.read_text()))
    return there


def _windows_bytes() -> int:
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = [
            ("length", ctypes.c_uint32),
            ("load", ctypes.c_uint32),
            *((name, ctypes.c_uint64) for name in ("total", "available", *"abcde")),
        ]

    status = Status(length=ctypes.sizeof(Status))
    if not ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):  # type: ignore[attr-defined,unused-ignore]
        return sys.maxsize
    return int(status.total)
