from __future__ import annotations

import numpy as np
import pytest

from engine import Dataset, Experiment, Layer, Scalars, Trainer


def test_series_join_without_a_seam() -> None:
    data = Dataset.from_arrays(np.arange(10.0)[:, None] / 10, np.arange(10.0))
    experiment = Experiment((Layer(2, "tanh"), Layer(1)), batch_size=4, validation=0.2)
    pieces, whole = Trainer(experiment, data), Trainer(experiment, data)
    joined = Scalars.join([Scalars.empty(2), pieces.run(3), pieces.run(0), pieces.run(4)])
    expected = whole.run(7)
    assert len(joined) == 7 and joined.steps.tolist() == list(range(1, 8))
    assert np.array_equal(joined.gradient_norms, expected.gradient_norms)
    assert joined.evaluated_steps.tolist() == expected.evaluated_steps.tolist() == [2, 4, 6]
    assert np.array_equal(joined.validation_loss, expected.validation_loss)
    with pytest.raises(ValueError, match="read-only"):
        joined.loss[0] = 0.0


def test_a_record_knows_its_sizes() -> None:
    data = Dataset.from_arrays(np.ones((5, 3)), np.ones((5, 2)))
    record = Trainer(Experiment((Layer(4, "tanh"), Layer(2)), batch_size=3), data).step()
    assert record.sizes == (3, 4, 2) and record.batch == 3
    assert [mask.shape for mask in record.frozen[0]] == [(3, 4), (4, 2)]
    assert [mask.shape for mask in record.frozen[1]] == [(4,), (2,)]


def test_a_record_holds_the_settings_it_was_computed_with() -> None:
    """Whatever becomes of the trainer's: also of a step only looked at, and of a row that was traced."""
    data = Dataset.from_arrays(np.arange(10.0)[:, None] / 10, np.arange(10.0))
    first = Experiment((Layer(2, "tanh"), Layer(1)), batch_size=4)
    later = first.changed(optimizer="adagrad", reduction="sum")
    trainer = Trainer(first, data)
    records = [trainer.peek(), trainer.trace(3), trainer.step()]
    trainer.change(later)
    assert [record.experiment for record in records] == [first] * 3
    assert [record.experiment for record in (trainer.peek(), trainer.trace(3), trainer.step())] == [later] * 3
    trainer.seek(0)
    again = trainer.step()  # at whose end the settings changed
    assert (again.experiment, trainer.experiment) == (first, later)
