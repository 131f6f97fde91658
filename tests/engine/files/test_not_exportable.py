"""A rule that the engine has and a format has not is named: it is never left out, nor a KeyError."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine import Experiment, Layer, Trainer, builtin
from engine.errors import SessionError
from engine.files import export_pytorch
from engine.files.export_notebook import export_notebook
from engine.files.export_numpy import export_numpy
from engine.files.session import Session, capture


@pytest.fixture
def session() -> Session:
    experiment = Experiment(
        (Layer(3, "tanh"), Layer(3, "softmax")), loss="cross_entropy", schedule="cosine", batch_size=10
    )
    trainer = Trainer(experiment, builtin("iris"))
    trainer.run(3)
    return capture(trainer)


@pytest.mark.parametrize("export", [export_numpy, export_notebook, export_pytorch.export_pytorch])
def test_a_schedule_that_no_script_has(
    session: Session,
    export: Callable[[Session, Path], Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(type(session.experiment.schedule), "name", "new")
    with pytest.raises(SessionError) as caught:
        export(session, tmp_path / "out.py")
    assert (caught.value.kind, caught.value.details["what"]) == ("not_exportable", "new")
    assert list(tmp_path.iterdir()) == []


def test_an_output_within_the_loss_that_pytorch_has_not(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(export_pytorch.OUTPUTS, "softmax")
    with pytest.raises(SessionError) as caught:
        export_pytorch.export_pytorch(session, tmp_path / "out.py")
    assert (caught.value.kind, caught.value.details["what"]) == ("not_exportable", "softmax")
