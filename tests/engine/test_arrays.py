from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from engine import Dataset, Experiment, Layer, Trainer
from engine.arrays import read_only, sealed


def cannot_be_written(array: np.ndarray[Any, Any]) -> bool:
    assert not array.flags.writeable
    with pytest.raises(ValueError, match="WRITEABLE"):
        array.flags.writeable = True
    return not array.flags.writeable


def arrays_of(value: object) -> Iterator[np.ndarray[Any, Any]]:
    """Every array in a value, however deep."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, tuple | list):
        for each in value:
            yield from arrays_of(each)
    elif hasattr(value, "values") and hasattr(value, "keys"):
        yield from arrays_of(list(value.values()))


def arrays_in(owner: object) -> list[np.ndarray[Any, Any]]:
    return list(arrays_of(list(vars(owner).values())))


def test_read_only_is_a_contiguous_copy() -> None:
    array = np.arange(6.0).reshape(2, 3)
    copy = read_only(array.T)
    array[...] = -1
    assert copy.tolist() == [[0, 3], [1, 4], [2, 5]]
    assert copy.flags.c_contiguous and cannot_be_written(copy)


def test_what_is_given_away_is_sealed_without_a_copy() -> None:
    array = np.arange(6.0)
    view = sealed(array)
    assert cannot_be_written(view) and np.shares_memory(view, array)
    assert sealed(view) is view, "nothing is left to do"
    assert np.shares_memory(sealed(view[1:]), array)


def test_a_view_of_what_others_may_write_is_copied() -> None:
    array = np.arange(6.0)
    kept = sealed(array[1:3])
    array[...] = -1
    assert kept.tolist() == [1, 2] and cannot_be_written(kept)
    raw = bytearray(16)
    kept = sealed(np.frombuffer(raw))
    raw[0] = raw[7] = 255
    assert kept[0] == 0.0 and cannot_be_written(kept)


def trained() -> Trainer:
    rng = np.random.default_rng(3)
    data = Dataset.from_arrays(rng.normal(size=(12, 2)), rng.integers(0, 3, 12), kind="multiclass")
    layers = (Layer(3, "tanh", dropout=0.5), Layer(3, "softmax"))
    experiment = Experiment(
        layers, loss="cross_entropy", optimizer="adam", batch_size=4, validation=0.25, scaling="zscore"
    )
    trainer = Trainer(experiment, data)
    trainer.freeze(weights=[(1, 0, 2)])
    return trainer


def test_no_array_of_a_record_can_be_opened_again() -> None:
    trainer = trained()
    for record in (trainer.peek(), trainer.step(), trainer.trace(5)):
        arrays = arrays_in(record)
        assert len(arrays) == 3 + 4 * 2 + 3 + 1 + 2 * 2 + 4 * 2 + 2 * 2 * 4
        assert all(map(cannot_be_written, arrays))


def test_no_array_of_the_scalars_can_be_opened_again() -> None:
    trainer = trained()
    for scalars in (trainer.run(7), trainer.scalars, trainer.scalars_near(3)):
        assert len(arrays_in(scalars)) == 10
        assert all(map(cannot_be_written, arrays_in(scalars)))


def test_no_array_of_the_data_can_be_opened_again() -> None:
    trainer = trained()
    assert len(arrays_in(trainer.dataset)) == 2 and len(arrays_in(trainer.prepared)) == 12
    assert all(map(cannot_be_written, [*arrays_in(trainer.dataset), *arrays_in(trainer.prepared)]))
    by_hand = np.zeros((2, 1)), np.ones((4, 2))
    marks, lines = np.zeros(2, bool), np.arange(2)
    data = Dataset(
        "d", by_hand[0], by_hand[1][:2, :1], "regression", ("x",), ("y",),
        row_lines=lines, split_columns={"part": marks},
    )  # fmt: skip
    assert len(arrays_in(data)) == 4 and all(map(cannot_be_written, arrays_in(data)))
