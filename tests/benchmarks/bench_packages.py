"""Reads the data files that come with well-known packages, and compares with pandas.

    python tests/benchmarks/bench_packages.py [--package NAME ...] [--folder DIR ...] [--all]

Of each file it says whether it was read as pandas reads it (right), read with a question (asked), not read
(refused), or read with other numbers without a word (WRONG, and the exit status is 1). Needs pandas; it looks
at those of the packages that are installed, and at unpacked wheels given by --folder.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from engine.data.dataset import Dataset
from engine.data.load import load_dataset
from engine.errors import DatasetError

PACKAGES = (
    "sklearn",
    "statsmodels",
    "vega_datasets",
    "Orange",
    "seaborn",
    "plotly",
    "lifelines",
    "linearmodels",
)
ENDINGS = (
    ".csv",
    ".tsv",
    ".tab",
    ".txt",
    ".data",
    ".dat",
    ".json",
    ".arff",
    ".parquet",
    ".xlsx",
    ".xls",
    ".ods",
)
ENDINGS += tuple(f"{ending}{packed}" for ending in ENDINGS for packed in (".gz", ".bz2", ".xz"))
NO_DATA = ("/locale/", "licen", "readme", "requirements", "entry_points", "top_level", "/tests/", "schema")
MAX_BYTES = 20_000_000


def files_in(folder: Path) -> list[Path]:
    """Data files below a folder."""
    found = [path for path in folder.rglob("*") if path.name.lower().endswith(ENDINGS)]
    return sorted(
        path
        for path in found
        if not path.name.startswith(".")
        and not any(word in str(path).lower() for word in NO_DATA)
        and 0 < path.stat().st_size < MAX_BYTES
    )


def with_pandas(path: Path, data: Dataset) -> Any:
    """What pandas makes of the file, told how it is parted; None where it has no say."""
    import pandas

    assert data.recipe is not None
    options = data.recipe.options
    if data.recipe.format == "json":
        return pandas.read_json(path)
    if data.recipe.format == "parquet":
        return pandas.read_parquet(path)
    if data.recipe.format == "excel":
        return pandas.read_excel(path, sheet_name=options["sheet"])
    if data.recipe.format != "delimited":
        return None
    delimiter = options["delimiter"]
    return pandas.read_csv(
        path,
        sep=r"\s+" if delimiter == "whitespace" else delimiter,
        encoding=options["encoding"],
        skiprows=options["skip_lines"] or 0,
        header=0 if options["header"] else None,
        skip_blank_lines=True,
        low_memory=False,
    )


def differences(data: Dataset, frame: Any) -> list[str]:
    """Columns of numbers that differ from those of pandas."""
    found = []
    rows = len(data.inputs)
    if len(frame) < rows:
        found.append(f"{rows} rows, pandas {len(frame)}")
    kept = None if data.row_lines is None else len(data.row_lines)
    for place, column in enumerate(data.columns):
        if place >= len(frame.columns) or column.role != "feature" or column.type != "number":
            continue
        theirs = frame[column.name] if column.name in frame else frame.iloc[:, place]
        if getattr(theirs, "ndim", 1) != 1 or theirs.dtype.kind not in "iuf" or kept != len(frame):
            continue
        ours = data.inputs[:, data.feature_names.index(column.name)]
        values = theirs.to_numpy(dtype=np.float64)
        values = np.where(np.isinf(values), np.nan, values)
        if not np.array_equal(ours, values, equal_nan=True) and not np.allclose(ours, values, equal_nan=True):
            found.append(f"{column.name}: {np.nansum(ours):.6g}, pandas {np.nansum(values):.6g}")
    numbers = {str(name) for name, kind in frame.dtypes.items() if kind.kind in "iuf"}
    for column in data.columns:
        if column.name in numbers and column.type in ("text", "category") and column.role == "feature":
            found.append(f"{column.name}: {column.type}, pandas has numbers")
    return found


def examine(path: Path) -> tuple[str, str]:
    """The verdict on one file, and why."""
    try:
        data = load_dataset(path)
    except DatasetError as error:
        return "refused", f"{error.kind}: {error}"
    told = [w for w in data.warnings if w.kind not in ("missing_values", "constant_column", "mostly_missing")]
    asked = [w.message for w in told if w.kind.startswith("ambiguous_")]
    target = next((column.name for column in data.columns if column.role == "target"), "?")
    shape = f"{len(data.inputs)} x {data.inputs.shape[1]} -> {target} ({data.kind})"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frame = with_pandas(path, data)
    except Exception as error:  # noqa: BLE001 - pandas may refuse what is read here
        return ("asked" if asked else "right"), f"{shape}; pandas: {type(error).__name__}"
    found = differences(data, frame) if frame is not None else []
    if found and not told:
        return "WRONG", f"{shape}; {'; '.join(found[:4])}"
    if asked:
        return "asked", f"{shape}; {asked[0]}"
    note = "; ".join([*found[:2], *(warning.kind for warning in told[:3])])
    return ("told" if found else "right"), f"{shape}; {note}".rstrip("; ")


def main() -> int:
    """Print a line a file and the counts."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    arguments.add_argument("--package", action="append", default=[])
    arguments.add_argument("--folder", action="append", type=Path, default=[])
    arguments.add_argument("--all", action="store_true", help="print the files that are read right, too")
    chosen = arguments.parse_args()
    folders = list(chosen.folder)
    for name in chosen.package or ([] if folders else PACKAGES):
        spec = importlib.util.find_spec(name)
        folders += [Path(place) for place in (spec.submodule_search_locations or [])] if spec else []
    counts: Counter[str] = Counter()
    for folder in folders:
        for path in files_in(folder):
            verdict, why = examine(path)
            counts[verdict] += 1
            if chosen.all or verdict != "right":
                print(f"{verdict:8} {path.relative_to(folder.parent)}\n         {why[:300]}")
    print(", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items())) or "no files found")
    return 1 if counts["WRONG"] else 0


if __name__ == "__main__":
    sys.exit(main())
