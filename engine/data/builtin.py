"""Data sets that come with the program: small real ones from files, toy problems from generators."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engine.data.dataset import Dataset
from engine.data.generators import GENERATORS
from engine.errors import DatasetError
from resources import resource_path


def builtin(name: str, seed: int = 0) -> Dataset:
    """Give a built-in data set.

    Parameters
    ----------
    name : str
        One of `BUILTIN_NAMES`.
    seed : int
        For the generated ones; the others are always the same.

    Raises
    ------
    DatasetError
        ``unknown_builtin``.
    """
    if name not in BUILTIN:
        raise DatasetError("unknown_builtin", value=name, allowed=", ".join(BUILTIN))
    return BUILTIN[name](seed)


def _iris(seed: int) -> Dataset:
    source = "R. A. Fisher (1936), Iris, UCI Machine Learning Repository, doi:10.24432/C56C76, CC BY 4.0"
    return _labelled("iris", "iris.csv", source)


def _wine(seed: int) -> Dataset:
    source = (
        "S. Aeberhard, M. Forina (1992), Wine, "
        "UCI Machine Learning Repository, doi:10.24432/C5PC7J, CC BY 4.0"
    )
    return _labelled("wine", "wine.csv", source)


def _digits(seed: int) -> Dataset:
    source = (
        "E. Alpaydin, C. Kaynak (1998), Optical Recognition of Handwritten Digits, "
        "UCI Machine Learning Repository, doi:10.24432/C50P49, CC BY 4.0"
    )
    return replace(_labelled("digits", "digits.csv.gz", source), image_shape=(8, 8))


def _article(seed: int) -> Dataset:
    names, rows = _table("article.csv")
    values = np.array(rows, dtype=np.float64)
    return Dataset.from_arrays(
        values[:, :4], values[:, 4:], name="article", feature_names=names[:4], target_names=names[4:]
    )


BUILTIN: dict[str, Callable[[int], Dataset]] = {
    "iris": _iris,
    "wine": _wine,
    "digits": _digits,
    "article": _article,
    **{name: rule().generate for name, rule in GENERATORS.items()},
}
BUILTIN_NAMES = tuple(BUILTIN)


def _labelled(name: str, file: str, source: str) -> Dataset:
    """Read a file of numbers with the class in the last column."""
    names, rows = _table(file)
    data = Dataset.from_arrays(
        np.array([row[:-1] for row in rows], dtype=np.float64),
        [row[-1] for row in rows],
        "multiclass",
        name=name,
        feature_names=names[:-1],
    )
    return replace(data, source=source)


def _table(file: str) -> tuple[list[str], list[list[str]]]:
    opener = gzip.open if file.endswith(".gz") else open
    with opener(resource_path("datasets", file), "rt", encoding="utf-8", newline="") as lines:
        names, *rows = csv.reader(lines)
    return names, rows
