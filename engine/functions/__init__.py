"""The catalogue: one table a file, from a name to a rule with its arithmetic and its formula."""

from engine.functions.activations import ACTIVATIONS, Activation
from engine.functions.initializers import INITIALIZERS, Initializer
from engine.functions.losses import LOSSES, Loss
from engine.functions.optimizers import OPTIMIZERS, Optimizer
from engine.functions.regularizers import CLIPPINGS, REGULARIZERS, Clipping, Regularizer
from engine.functions.schedules import SCHEDULES, Schedule
from engine.functions.table import Parameter, Rule, Table

__all__ = [
    "ACTIVATIONS",
    "CLIPPINGS",
    "INITIALIZERS",
    "LOSSES",
    "OPTIMIZERS",
    "REGULARIZERS",
    "SCHEDULES",
    "Activation",
    "Clipping",
    "Initializer",
    "Loss",
    "Optimizer",
    "Parameter",
    "Regularizer",
    "Rule",
    "Schedule",
    "Table",
]
