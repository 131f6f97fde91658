"""Whatever the settings: a diagnosis comes without an error or a warning, and leaves no trace."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import Dataset, Experiment, Trainer, diagnose
from engine.diagnose import LABELS, instruments, overfit_ten_rows, try_cure
from engine.errors import DivergenceError
from tests.engine.random_experiments import experiments


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(experiments(), st.integers(0, 20), st.sampled_from([1.0, 1e3, 1e12]), st.booleans())
def test_any_training(drawn: tuple[Experiment, Dataset], steps: int, faster: float, hold: bool) -> None:
    experiment, data = drawn
    trainer = Trainer(experiment.changed(learning_rate=experiment.learning_rate * faster), data)
    with suppress(DivergenceError):
        trainer.run(steps // 2)
        if hold:
            trainer.freeze([(1, 0, 0)], [(1, 0)])
        trainer.run(steps)
    parameters = [*trainer.weights, *trainer.biases]
    place = trainer.completed, trainer.epoch, len(trainer.history.runs), len(trainer.current.edits)
    findings = diagnose(trainer, work=0.03)
    instruments(trainer)
    overfit_ten_rows(trainer, steps=3)
    for finding in findings:
        assert finding.text and "{" not in finding.text
        assert set(finding.evidence) <= set(LABELS)
        try_cure(trainer, finding, steps=20, since=True)
    now = [*trainer.weights, *trainer.biases]
    assert all(np.array_equal(a, b) for a, b in zip(parameters, now, strict=True))
    assert place == (trainer.completed, trainer.epoch, len(trainer.history.runs), len(trainer.current.edits))
