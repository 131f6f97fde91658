"""Backprop Lab's engine: exact back-propagation for small networks, every number at hand.

>>> from engine import Dataset, Experiment, Layer, Trainer
>>> data = Dataset.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], kind="binary")
>>> exp = Experiment((Layer(2, "tanh"), Layer(1, "sigmoid")), loss="binary_cross_entropy", learning_rate=1.0)
>>> trainer = Trainer(exp, data)
>>> record = trainer.step()
"""

from engine.data.builtin import builtin
from engine.data.dataset import Dataset
from engine.data.load import load_dataset
from engine.diagnose import Finding, diagnose
from engine.experiment import Experiment, Layer
from engine.explain.chain_rule import explain
from engine.explain.expression import differentiate
from engine.explain.gradient_check import check_gradients
from engine.mistakes import MISTAKES, Verdict, check_step
from engine.records import Scalars, StepRecord
from engine.training.trainer import Trainer

__all__ = [
    "MISTAKES",
    "Dataset",
    "Experiment",
    "Finding",
    "Layer",
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
