"""What a network makes of inputs beside its training."""

from __future__ import annotations

from threading import Thread

import numpy as np
import pytest
from threadpoolctl import ThreadpoolController

from engine import Dataset, Experiment, Layer, Trainer, builtin
from engine.training import prediction
from engine.training.prediction import BlasThreads, predict
from tests.engine.test_arrays import arrays_in, cannot_be_written

OUTPUTS = {"regression": "linear", "binary": "sigmoid", "multiclass": "softmax"}
LOSSES = {"regression": "huber", "binary": "hinge", "multiclass": "cross_entropy"}


def trained(data: Dataset) -> Trainer:
    layers = (Layer(5, "tanh", dropout=0.5), Layer(data.targets.shape[1], OUTPUTS[data.kind]))
    trainer = Trainer(Experiment(layers, loss=LOSSES[data.kind], scaling="minmax"), data)
    trainer.run(30)
    return trainer


@pytest.mark.parametrize("name", ["iris", "circles", "plane"])
def test_rows_come_out_as_in_a_step_with_each_alone(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prediction, "_BLOCK_ROWS", 7)
    trainer = trained(builtin(name))
    data, rows = trainer.dataset, np.arange(0, 40, 2)
    found = predict(
        trainer.experiment, trainer.prepared, trainer.weights, trainer.biases,
        data.kind, data.inputs[rows], data.targets[rows], layers=True,
    )  # fmt: skip
    for place, row in enumerate(rows):
        record = trainer.trace(int(row))
        np.testing.assert_allclose(found.activations[0][place], record.a[1][0], rtol=1e-12)
        np.testing.assert_allclose(found.outputs[place], record.a[-1][0], rtol=1e-12)
        assert found.losses is not None
        assert found.losses[place] == pytest.approx(record.sample_losses[0], rel=1e-12)
    if data.kind == "regression":
        assert found.classes is None and found.right is None
    else:
        assert found.classes is not None and found.right is not None
        share = found.right.mean()
        said = found.outputs.argmax(axis=1) if data.kind == "multiclass" else found.outputs[:, 0] >= 0.0
        true = data.targets[rows].argmax(axis=1) if data.kind == "multiclass" else data.targets[rows][:, 0]
        assert np.array_equal(found.classes, said) and share == (said == true).mean()
    assert all(map(cannot_be_written, arrays_in(found)))


def test_without_targets_only_the_outputs_are_known() -> None:
    trainer = trained(builtin("iris"))
    found = predict(
        trainer.experiment, trainer.prepared, trainer.weights, trainer.biases, "multiclass", np.ones((3, 4))
    )
    assert found.outputs.shape == (3, 3) and found.classes is not None
    assert found.losses is None and found.right is None and found.activations == ()


def test_numbers_that_are_not_finite_are_told_without_a_warning() -> None:
    trainer = trained(builtin("plane"))
    weights = [np.full_like(w, np.inf) for w in trainer.weights]
    data = trainer.dataset
    found = predict(trainer.experiment, trainer.prepared, weights, trainer.biases, data.kind, data.inputs[:2])
    assert not np.isfinite(found.outputs).all()


def test_blas_has_the_threads_that_are_asked_for_in_any_thread_that_asks() -> None:
    """It has them for the whole process, and whoever has set them last must give them free again."""
    libraries = ThreadpoolController().select(user_api="blas").lib_controllers
    before = [library.get_num_threads() for library in libraries]
    wanted = 2 if 1 in before else 1
    found: list[list[int]] = []

    def ask() -> None:
        with BlasThreads(wanted):
            with BlasThreads(wanted):
                pass
            found.append([library.get_num_threads() for library in libraries])

    ask()
    other = Thread(target=ask)
    other.start()
    other.join()
    assert found == [[wanted] * len(libraries)] * 2
    assert [library.get_num_threads() for library in libraries] == before
