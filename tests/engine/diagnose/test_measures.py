"""What the instruments measure, against sums, differences and runs made by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import Dataset, Experiment, Layer, Trainer, builtin
from engine.diagnose import confusion, gradient_strip, range_test, ridges, slices, spectrum, strip
from engine.errors import DivergenceError, ExperimentError


def circles(**changes: Any) -> Trainer:
    settings: dict[str, Any] = {
        "loss": "binary_cross_entropy",
        "learning_rate": 0.3,
        "batch_size": "full",
        "seed": 1,
        **changes,
    }
    layers = settings.pop("layers", (Layer(4, "tanh"), Layer(2, "tanh"), Layer(1, "sigmoid")))
    return Trainer(Experiment(layers, **settings), builtin("circles"))


def state(trainer: Trainer) -> list[Any]:
    return [trainer.completed, trainer.furthest, trainer.experiment, trainer.weights[0].tobytes()]


# -- the strip of gradients ------------------------------------------------------------------------


def test_a_column_of_the_strip_is_the_mean_of_its_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strip, "PIECE", 37)
    trainer = circles(batch_size=10)
    trainer.run(205)
    trainer.seek(203)
    found = gradient_strip(trainer, columns=50)
    powers = np.log10(trainer.scalars.gradient_norms[:203])
    assert found.first.tolist() == list(range(1, 204, 5))
    assert found.last.tolist() == [*range(5, 204, 5), 203]
    for column, (first, last) in enumerate(zip(found.first, found.last, strict=True)):
        np.testing.assert_allclose(found.powers[:, column], powers[first - 1 : last].mean(axis=0), rtol=1e-12)
    assert not found.zeros.any()
    assert not found.powers.flags.writeable


def test_gradients_of_exactly_0_are_counted_and_in_no_mean() -> None:
    trainer = circles(initializer="zeros")
    trainer.run(9)
    found = gradient_strip(trainer)
    norms = trainer.scalars.gradient_norms.T
    np.testing.assert_array_equal(found.zeros, norms == 0)
    np.testing.assert_array_equal(np.isnan(found.powers), norms == 0)


def test_a_strip_of_nothing() -> None:
    found = gradient_strip(circles())
    assert found.powers.shape == (3, 0)


# -- ridges ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("quantity", ["weights", "activations", "gradients"])
def test_ridges_count_what_there_was_at_each_step(quantity: Any) -> None:
    trainer = circles()
    trainer.run(120)
    before = state(trainer)
    found = ridges(trainer, 2, quantity, most=5)
    assert state(trainer) == before
    assert found.steps.tolist() == [0, 30, 60, 90, 120]
    copy = trainer.copy()
    for step, counts in zip(found.steps.tolist(), found.counts, strict=True):
        copy.seek(step)
        record = copy.peek()  # of all rows, in another order
        numbers = {
            "weights": [copy.weights[1], copy.biases[1]],
            "activations": [record.a[2]],
            "gradients": [record.weight_grads[1], record.bias_grads[1]],
        }[quantity]
        flat = np.concatenate([n.ravel() for n in numbers])
        assert counts.sum() == len(flat)
        middle = (found.edges[:-1] + found.edges[1:]) / 2
        width = found.edges[1] - found.edges[0]
        assert abs((counts * middle).sum() / len(flat) - flat.mean()) <= width
        assert found.edges[0] <= flat.min() + 1e-12
        assert flat.max() <= found.edges[-1] + 1e-12


def test_ridges_stop_when_asked() -> None:
    trainer = circles()
    trainer.run(50)
    assert len(ridges(trainer, 1, "weights", stop=lambda: True).steps) == 0


# -- the range test --------------------------------------------------------------------------------


def test_each_rate_is_a_training_of_its_own_from_the_same_moment() -> None:
    trainer = circles(batch_size=20)
    trainer.run(100)
    trainer.seek(60)
    before = state(trainer)
    rates = np.array([1e-3, 0.3, 2.0])
    found = range_test(trainer, rates, steps=15)
    assert state(trainer) == before
    assert (found.step, found.made, found.rate) == (60, 15, 0.3)
    for rate, loss in zip(rates.tolist(), found.losses.tolist(), strict=True):
        own = circles(batch_size=20)
        own.run(60)
        own.change(own.experiment.changed(learning_rate=rate))
        own.run(15)
        p = own.prepared
        a = p.inputs
        for layer, w, b in zip(own.experiment.layers, own.weights, own.biases, strict=True):
            z = a @ w + b
            a = np.tanh(z) if layer.activation.name == "tanh" else 1 / (1 + np.exp(-z))
        t = p.targets
        assert loss == pytest.approx(float(-np.mean(t * np.log(a) + (1 - t) * np.log(1 - a))), rel=1e-9)
    assert found.best == rates[int(np.argmin(found.losses))]


def test_a_rate_at_which_numbers_end_has_no_loss() -> None:
    data = Dataset.from_arrays([[1.0], [2.0]], [[1.0], [2.0]], kind="regression")
    trainer = Trainer(Experiment((Layer(1, "linear"),), "squared_error", learning_rate=0.01), data)
    trainer.run(3)
    found = range_test(trainer, np.array([0.01, 1e6]), steps=400)
    assert np.isfinite(found.losses[0])
    assert np.isnan(found.losses[1])
    assert found.best == 0.01


# -- along two lines -------------------------------------------------------------------------------


def test_slices_have_the_slope_and_curvature_that_differences_have() -> None:
    trainer = circles()
    trainer.run(150)
    before = state(trainer)
    down, sharp = slices(trainer, points=401)
    assert state(trainer) == before
    for cut in (down, sharp):
        middle, step = len(cut.losses) // 2, cut.distances[1] - cut.distances[0]
        assert cut.distances[middle] == pytest.approx(0, abs=1e-15)
        left, here, right = cut.losses[middle - 1 : middle + 2]
        assert (right - left) / (2 * step) == pytest.approx(cut.slope, rel=1e-2, abs=1e-6)
        assert (right - 2 * here + left) / step**2 == pytest.approx(cut.curvature, rel=1e-2)
        assert here == pytest.approx(trainer.copy().peek().data_loss, rel=1e-12)
        assert cut.slope <= 0
        assert cut.path_steps[-1] == 150
        assert cut.path_distances[-1] == pytest.approx(0, abs=1e-12)
        assert cut.path_losses[-1] == pytest.approx(here, rel=1e-12)
    gradient = trainer.copy().peek()
    length = np.sqrt(sum((g**2).sum() for g in (*gradient.weight_grads, *gradient.bias_grads)))
    assert down.next_distance == pytest.approx(0.3 * length, rel=1e-9)
    assert -down.slope == pytest.approx(length, rel=1e-9)
    first = trainer.scalars.loss[down.path_steps[0]]
    assert down.path_losses[0] == pytest.approx(first, rel=1e-9)  # the loss of a step is that before it


def test_a_gradient_of_0_gives_no_direction() -> None:
    trainer = circles(layers=(Layer(2, "tanh"), Layer(1, "sigmoid")), initializer="zeros")
    trainer.run(5)
    assert slices(trainer) == ()


# -- the Hessian -----------------------------------------------------------------------------------


def test_the_spectrum_is_that_of_differences_of_gradients() -> None:
    trainer = circles(layers=(Layer(2, "tanh"), Layer(1, "sigmoid")))
    trainer.run(40)
    found = spectrum(trainer)
    assert found.sizes == (2, 2, 1)
    assert found.layer_ends == (6, 9)
    assert found.learning_rate == 0.3
    np.testing.assert_allclose(found.hessian, found.hessian.T, atol=1e-15)
    assert found.eigenvalues.sum() == pytest.approx(np.trace(found.hessian))

    def gradient(shift: float) -> Any:
        other = trainer.copy()
        biases = other.biases
        biases[0][1] += shift
        other.set_parameters(biases=biases)
        record = other.peek()
        return np.concatenate(
            [
                np.concatenate([w, b[None]]).ravel()
                for w, b in zip(record.weight_grads, record.bias_grads, strict=True)
            ]
        )

    row = (gradient(1e-5) - gradient(-1e-5)) / 2e-5
    np.testing.assert_allclose(found.hessian[5], row, atol=1e-8)


def test_of_a_large_network_it_is_not_written_out() -> None:
    trainer = circles(layers=(Layer(40, "tanh"), Layer(12, "tanh"), Layer(1, "sigmoid")))
    with pytest.raises(ExperimentError):
        spectrum(trainer)


# -- confusion -------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["training", "validation"])
def test_confusion_counts_each_row_once(part: Any) -> None:
    experiment = Experiment(
        (Layer(4, "tanh"), Layer(3, "softmax")),
        "cross_entropy",
        learning_rate=0.1,
        batch_size=10,
        validation=0.3,
        scaling="zscore",
    )
    trainer = Trainer(experiment, builtin("iris"))
    trainer.run(60)
    found = confusion(trainer, part)
    p = trainer.prepared
    inputs, targets = (
        (p.inputs, p.targets) if part == "training" else (p.validation_inputs, p.validation_targets)
    )
    hidden = np.tanh(inputs @ trainer.weights[0] + trainer.biases[0])
    said = (hidden @ trainer.weights[1] + trainer.biases[1]).argmax(axis=1).tolist()
    true = targets.argmax(axis=1).tolist()
    pairs = list(zip(true, said, strict=True))
    counts = [[pairs.count((t, s)) for s in range(3)] for t in range(3)]
    assert found.counts.tolist() == counts
    for each in range(3):
        assert found.recall[each] == pytest.approx(counts[each][each] / true.count(each))
        if each in said:
            assert found.precision[each] == pytest.approx(counts[each][each] / said.count(each))
    assert found.accuracy == pytest.approx(sum(t == s for t, s in pairs) / len(pairs))


def test_a_class_that_is_never_said_has_no_precision() -> None:
    trainer = circles(layers=(Layer(1, "sigmoid"),), initializer="zeros")
    trainer.set_parameters(biases=[[-5.0]])
    found = confusion(trainer)
    assert found.counts[:, 1].tolist() == [0, 0]
    assert np.isnan(found.precision[1])
    assert found.recall.tolist() == [1.0, 0.0]


def test_numbers_have_no_classes() -> None:
    data = Dataset.from_arrays([[1.0], [2.0]], [[1.0], [2.0]], kind="regression")
    found = confusion(Trainer(Experiment((Layer(1, "linear"),), "squared_error"), data))
    assert not found.counts.size
    assert np.isnan(found.accuracy)


def test_nothing_of_a_training_that_met_infinity() -> None:
    data = Dataset.from_arrays([[1.0], [2.0]], [[1.0], [2.0]], kind="regression")
    layers = (Layer(3, "relu"), Layer(1, "linear"))
    trainer = Trainer(Experiment(layers, "squared_error", learning_rate=1e5), data)
    with pytest.raises(DivergenceError):
        trainer.run(1000)
    for measure in (gradient_strip, slices, spectrum, range_test, confusion):
        measure(trainer)
    ridges(trainer, 1, "gradients")
