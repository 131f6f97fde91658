"""How long a CSV of 1,000,000 rows by 10 numbers takes, and how much memory: ``python bench_load.py``."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np

from engine.data.load import inspect, load_dataset
from engine.errors import DatasetError

ROWS, COLUMNS = 1_000_000, 10


def write(path: Path) -> None:
    """Write numbers with six digits and a header."""
    generator = np.random.default_rng(0)
    with path.open("w") as file:
        file.write(",".join(f"c{i}" for i in range(COLUMNS)) + "\n")
        for _ in range(ROWS // 10_000):
            block = generator.normal(size=(10_000, COLUMNS))
            file.writelines(",".join(f"{value:.6g}" for value in row) + "\n" for row in block.tolist())


def peak_megabytes() -> float:
    """Resident memory at its highest so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "million.csv"
        write(path)
        array = ROWS * COLUMNS * 8 / 1024**2
        print(f"file {path.stat().st_size / 1024**2:.0f} MB, array {array:.0f} MB")
        before = peak_megabytes()
        start = time.perf_counter()
        preview = inspect(path)
        print(f"preview {time.perf_counter() - start:.2f} s, {preview.row_count} rows estimated")
        start = time.perf_counter()
        data = load_dataset(path)
        seconds = time.perf_counter() - start
        peak = peak_megabytes() - before
        print(
            f"load {seconds:.2f} s, {data.inputs.shape}, peak {peak:.0f} MB = {peak / array:.2f} x the array"
        )
        asked: list[float] = []
        try:
            load_dataset(path, cancelled=lambda: asked.append(time.perf_counter()) or False)
        except DatasetError as error:
            print(error)
        print(f"longest time between two looks at cancellation {1000 * float(np.diff(asked).max()):.0f} ms")


if __name__ == "__main__":
    main()
