"""A rule that the engine has and a format has not is named: it is never left out, nor a KeyError."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest

from engine import Experiment, Layer, Trainer, builtin
from engine.errors import SessionError
from engine.files import export_pytorch
from engine.files.export_notebook import export_notebook
from engine.files.export_numpy import export_numpy
from engine.files.session import Session, capture
from engine.functions import ACTIVATIONS, Activation
from engine.functions.regularizers import L2
from engine.functions.schedules import ReduceOnPlateau
from engine.functions.traced import Quantity, quotient


@pytest.fixture
def session() -> Session:
    experiment = Experiment(
        (Layer(3, "tanh"), Layer(3, "softmax")),
        loss="cross_entropy",
        schedule="reduce_on_plateau",
        batch_size=10,
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
    monkeypatch.setattr(ReduceOnPlateau, "name", "new")
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


@pytest.mark.parametrize("export", [export_numpy, export_notebook, export_pytorch.export_pytorch])
def test_a_clipping_that_no_script_has(
    session: Session,
    export: Callable[[Session, Path], Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(type(session.experiment.clipping), "name", "new")
    with pytest.raises(SessionError) as caught:
        export(session, tmp_path / "out.py")
    assert (caught.value.kind, caught.value.details["what"]) == ("not_exportable", "new")
    assert list(tmp_path.iterdir()) == []


def pytorch_refuses(experiment: Experiment, folder: Path) -> str:
    trainer = Trainer(experiment, builtin("iris"))
    trainer.run(3)
    with pytest.raises(SessionError) as caught:
        export_pytorch.export_pytorch(capture(trainer), folder / "out.py")
    assert caught.value.kind == "not_exportable" and list(folder.iterdir()) == []
    return str(caught.value.details["what"])


def test_rules_that_pytorch_has_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Experiment((Layer(3, "tanh"), Layer(3, "softmax")), loss="cross_entropy", batch_size=10)
    with monkeypatch.context() as patch:
        patch.setattr(L2, "pytorch", "")
        assert pytorch_refuses(plain.changed(regularizer="l2"), tmp_path) == "l2"
    with monkeypatch.context() as patch:
        patch.setattr(type(plain.loss), "pytorch_from_z", "")
        assert pytorch_refuses(plain, tmp_path) == "cross_entropy"


@dataclass(frozen=True)
class Ratio(Activation):
    """What PyTorch has no operation for."""

    name: ClassVar = "ratio"

    def f(self, z: Quantity) -> Quantity:
        return quotient(z, 2 + z**2)

    def slope_of(self, z: Quantity, a: Quantity) -> Quantity:
        return (2 - z**2) / (2 + z**2) ** 2


def test_a_formula_of_operations_that_pytorch_has_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ACTIVATIONS._rules, Ratio.name, Ratio)
    layers = (Layer(3, "ratio"), Layer(3, "softmax"))
    experiment = Experiment(layers, batch_size=10, loss="cross_entropy")
    assert pytorch_refuses(experiment, tmp_path) == "ratio"
