"""Backprop Lab's engine: exact back-propagation for small networks, every number at hand.

>>> from engine import Dataset, Experiment, Layer, Trainer
>>> data = Dataset.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], kind="binary")
>>> exp = Experiment((Layer(2, "tanh"), Layer(1, "sigmoid")), loss="binary_cross_entropy", learning_rate=1.0)
>>> trainer = Trainer(exp, data)
>>> record = trainer.step()
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from engine.data.dataset import Dataset
from engine.experiment import Experiment, Layer
from engine.records import Scalars, StepRecord
from engine.training.trainer import Trainer

if TYPE_CHECKING:
    from engine.data.builtin import builtin
    from engine.data.load import load_dataset
    from engine.diagnose import Finding, diagnose
    from engine.explain.chain_rule import explain
    from engine.explain.expression import differentiate
    from engine.explain.gradient_check import check_gradients
    from engine.mistakes import MISTAKES, Verdict, check_step
    from engine.training.model import Model, Predictions

_LATER = {
    "Finding": "engine.diagnose",
    "MISTAKES": "engine.mistakes",
    "Model": "engine.training.model",
    "Predictions": "engine.training.model",
    "Verdict": "engine.mistakes",
    "builtin": "engine.data.builtin",
    "check_gradients": "engine.explain.gradient_check",
    "check_step": "engine.mistakes",
    "diagnose": "engine.diagnose",
    "differentiate": "engine.explain.expression",
    "explain": "engine.explain.chain_rule",
    "load_dataset": "engine.data.load",
}
"""Where names are that training does without: imported when they are first asked for."""


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("backprop-lab")
        except PackageNotFoundError:  # run from a folder, never installed
            return "0+unknown"
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_LATER[name]), name)
    return value


class _Engine(ModuleType):
    """The package: `diagnose` and `explain` stay functions, whenever their packages are imported."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ("diagnose", "explain") and isinstance(value, ModuleType):
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Engine

__all__ = [
    "MISTAKES",
    "Dataset",
    "Experiment",
    "Finding",
    "Layer",
    "Model",
    "Predictions",
    "Scalars",
    "StepRecord",
    "Trainer",
    "Verdict",
    "builtin",
    "check_gradients",
    "check_step",
    "diagnose",
    "differentiate",
    "explain",
    "load_dataset",
]
