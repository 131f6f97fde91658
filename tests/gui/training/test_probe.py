from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine import Dataset
from engine.arrays import FloatArray
from engine.data.builtin import builtin
from gui.training.probe import Asker, Probe, ProbeResult, affordable_rows
from tests.gui.prober import Prober


def by_hand(prober: Prober, inputs: FloatArray) -> list[FloatArray]:
    """Activations of a tanh network with the output its data ask for, written down anew."""
    prepared, record = prober.trainer.prepared, prober.record
    a = (np.where(np.isnan(inputs), prepared.fill, inputs) - prepared.offset) / prepared.scale
    layers = []
    last = len(record.weights_after) - 1
    for place, (w, b) in enumerate(zip(record.weights_after, record.biases_after, strict=True)):
        z = a @ w + b
        if place < last:
            a = np.tanh(z)
        elif prober.trainer.dataset.kind == "binary":
            a = 1 / (1 + np.exp(-z))
        elif prober.trainer.dataset.kind == "multiclass":
            a = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
        else:
            a = z
        layers.append(a)
    return layers


@pytest.mark.parametrize("name", ["iris", "circles", "plane"])
def test_rows_are_answered_as_the_network_reckons_them(name: str) -> None:
    data = builtin(name)
    prober = Prober(data, (5, 4))
    prober.train(60)
    rows = np.arange(0, len(data.inputs), 3)
    result = prober.answer(Probe(1, rows=rows, layers=True))

    layers = by_hand(prober, data.inputs[rows])
    assert len(result.activations) == 3
    for found, expected in zip(result.activations, layers, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_array_equal(result.outputs, result.activations[-1])
    a, t = layers[-1], data.targets[rows]
    losses: dict[str, Callable[[], FloatArray]] = {
        "multiclass": lambda: -(t * np.log(a)).sum(axis=1),
        "binary": lambda: -(t * np.log(a) + (1 - t) * np.log(1 - a)).mean(axis=1),
        "regression": lambda: ((a - t) ** 2).mean(axis=1),
    }
    assert result.losses is not None
    np.testing.assert_allclose(result.losses, losses[data.kind](), rtol=1e-9)
    if data.kind == "regression":
        assert result.classes is None and result.right is None
    else:
        classes = (a[:, 0] >= 0.5).astype(int) if data.kind == "binary" else a.argmax(axis=1)
        targets = t[:, 0].astype(int) if data.kind == "binary" else t.argmax(axis=1)
        np.testing.assert_array_equal(result.classes, classes)
        np.testing.assert_array_equal(result.right, classes == targets)
    assert result.step == 60


def test_other_inputs_have_no_losses_and_many_are_answered_like_few() -> None:
    prober = Prober(builtin("iris"))
    prober.train(5)
    inputs = np.random.default_rng(0).uniform(0, 8, (1_750, 4))
    inputs[::7, 2] = np.nan
    result = prober.answer(Probe(1, inputs=inputs))
    assert result.losses is None and result.right is None and result.activations == ()
    np.testing.assert_allclose(result.outputs, by_hand(prober, inputs)[-1], rtol=1e-12)
    one = prober.answer(Probe(1, inputs=inputs[1_600:1_601]))
    np.testing.assert_allclose(one.outputs[0], result.outputs[1_600], rtol=1e-12)
    assert prober.answer(Probe(1, inputs=inputs[:0])).outputs.shape == (0, 3)


def test_nothing_in_an_answer_can_be_written_to() -> None:
    prober = Prober(builtin("iris"))
    prober.train()
    result = prober.answer(Probe(1, rows=np.arange(3), layers=True))
    for array in (result.probe.rows, result.outputs, result.classes, result.losses, *result.activations):
        assert array is not None
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_hinge_counts_as_its_class_from_zero() -> None:
    data = Dataset.from_arrays([[0.0], [1.0]], [0, 1], "binary")
    prober = Prober(data, (), loss="hinge", validation=0.0, scaling="none", batch_size=2)
    prober.trainer.set_parameters(weights=[[[0.8]]], biases=[[-0.6]])
    prober.record, prober.made = prober.trainer.peek(), False
    result = prober.answer(Probe(1, rows=np.arange(2)))
    # sigmoid(-0.6) = 0.354 and sigmoid(0.2) = 0.55 are both above the threshold of hinge, 0
    assert result.classes is not None and result.classes.tolist() == [1, 1]


def test_a_larger_network_is_asked_about_fewer_rows() -> None:
    assert affordable_rows((2, 4, 1), 1_000_000) > affordable_rows((2, 40, 1), 1_000_000)
    assert affordable_rows((784, 1024, 10), 1_000) == 1


def test_one_question_is_out_at_a_time_and_the_newest_follows() -> None:
    prober = Prober(builtin("iris"))
    sent: list[Probe] = []
    asker = Asker(sent.append)
    first, second, third = (Probe(1, rows=np.arange(3)) for _ in range(3))
    asker.ask(first, "first")
    asker.ask(second, "second")
    asker.ask(third, "third")
    assert sent == [first]

    foreign: ProbeResult = prober.answer(Probe(1, rows=np.arange(3)))
    assert not asker.accept(foreign)
    assert asker.accept(prober.answer(first)) and asker.about == "first"
    assert sent == [first, third]
    asker.forget()
    assert not asker.accept(prober.answer(third))
    assert not asker.waits
