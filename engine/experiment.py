"""The experiment: everything that decides a training but the data, frozen and validated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from numbers import Integral, Real
from typing import Any, Literal

from engine.errors import ExperimentError
from engine.functions.activations import ACTIVATIONS, Activation
from engine.functions.initializers import INITIALIZERS, Initializer
from engine.functions.losses import LOSSES, Loss
from engine.functions.optimizers import OPTIMIZERS, Optimizer
from engine.functions.regularizers import CLIPPINGS, REGULARIZERS, Clipping, Regularizer
from engine.functions.schedules import SCHEDULES, Schedule
from engine.functions.table import Choice, Range, Rule
from engine.settings import of_layer

ALLOWED: dict[str, tuple[str, ...]] = {
    "reduction": ("mean", "sum"),
    "bias_reduction": ("same", "mean"),
    "update_order": ("together", "output_first"),
    "missing": ("mean", "median", "most_frequent", "drop"),
    "scaling": ("none", "zscore", "minmax"),
    "target_scaling": ("none", "zscore", "minmax"),
    "dtype": ("float64", "float32"),
}
"""The words a setting may be, for the settings that are words."""

RANGES = {
    "learning_rate": Range(0.0, float("inf"), open_low=True),
    "validation": Range(0.0, 1.0, open_high=True),
    "dropout": Range(0.0, 1.0, open_high=True),
}
"""The numbers a setting may be."""

MAX_UNITS = 65_536


def _number(owner: object, field: str) -> None:
    value = getattr(owner, field)
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ExperimentError("wrong_type", field=field, value=repr(value), expected="a number")
    value = float(value)
    if value not in RANGES[field]:
        raise ExperimentError("out_of_range", field=field, value=value, allowed=str(RANGES[field]))
    object.__setattr__(owner, field, value)


def _whole(owner: object, field: str, low: int, high: int) -> None:
    value = getattr(owner, field)
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise ExperimentError("wrong_type", field=field, value=repr(value), expected="a whole number")
    value = int(value)
    object.__setattr__(owner, field, value)
    if not low <= value <= high:
        raise ExperimentError("out_of_range", field=field, value=value, allowed=f"from {low} to {high}")


def _told(owner: Layer | Experiment) -> str:
    """The settings that are not the default ones, as they are written in a program."""
    parts = []
    for field in fields(owner):
        value = getattr(owner, field.name)
        plain = value.plain() if isinstance(value, Rule) else value
        first = field.name in ("layers", "units")
        # a rule's default is its name, which its descriptor makes a rule of
        if not first and value == getattr(type(owner), field.name, field.default):
            continue
        written = repr(plain)
        parts.append(written if first or field.name == "activation" else f"{field.name}={written}")
    return ", ".join(parts)


@dataclass(frozen=True, repr=False)
class Layer:
    """One dense layer.

    Parameters
    ----------
    units : int
        How many units, at least 1; at least 2 for softmax.
    activation : str or Activation
        A row of `engine.functions.ACTIVATIONS` or its name.
    dropout : float
        The share of the layer's activations set to 0 in a training step, [0, 1); the others are
        divided by ``1 - dropout`` (Srivastava et al. 2014).

    Raises
    ------
    ExperimentError
        With the field and what it may be.
    """

    units: int
    activation: Choice[Activation] = Choice(ACTIVATIONS, "linear")
    dropout: float = 0.0

    def __post_init__(self) -> None:
        _whole(self, "units", 1, MAX_UNITS)
        _number(self, "dropout")
        if self.activation.name == "softmax" and self.units < 2:
            raise ExperimentError("softmax_of_one", field="units", value=self.units)

    def __repr__(self) -> str:
        return f"Layer({_told(self)})"


@dataclass(frozen=True, repr=False)
class Experiment:
    """Network, training and the preparation of data; with a data set and the seed it decides all.

    Parameters
    ----------
    layers : sequence of Layer
        The hidden layers and the output layer; the inputs come from the data.
    loss, optimizer, schedule, regularizer, clipping, initializer : str or rule
        Rows of the tables in `engine.functions`, or their names.
    learning_rate : float
        Above 0.
    batch_size : int or "full"
        Rows of a mini-batch; "full" is the whole training set.
    reduction : {"mean", "sum"}
        How the samples' losses become the batch's.
    bias_reduction : {"same", "mean"}
        Textbook variant "mean": biases take the mean over the batch while weights take the sum.
    update_order : {"together", "output_first"}
        Textbook variant "output_first": a layer is updated before its delta goes on to the layer below.
    validation : float
        Share of the rows kept for validation, [0, 1).
    split : str
        "stratified", "random", "order", or the name of a column of the data.
    missing : {"mean", "median", "most_frequent", "drop"}
        What becomes of missing features.
    scaling : {"none", "zscore", "minmax"}
        How features are scaled, fitted on the training part.
    target_scaling : {"none", "zscore", "minmax"}
        How the targets of regression are scaled, likewise. The network is taught the scaled ones: loss and
        delta are of those, predictions are in the data's own unit.
    seed : int
        Decides the parameters at step 0, the split, the order of rows and the dropout masks.
    dtype : {"float64", "float32"}
        Of all training arithmetic.

    Raises
    ------
    ExperimentError
        With the field and what it may be.
    """

    layers: tuple[Layer, ...]
    loss: Choice[Loss] = Choice(LOSSES, "squared_error")
    optimizer: Choice[Optimizer] = Choice(OPTIMIZERS, "sgd")
    learning_rate: float = 0.1
    schedule: Choice[Schedule] = Choice(SCHEDULES, "constant")
    regularizer: Choice[Regularizer] = Choice(REGULARIZERS, "none")
    clipping: Choice[Clipping] = Choice(CLIPPINGS, "none")
    initializer: Choice[Initializer] = Choice(INITIALIZERS, "xavier_uniform")
    batch_size: int | Literal["full"] = "full"
    reduction: str = "mean"
    bias_reduction: str = "same"
    update_order: str = "together"
    validation: float = 0.0
    split: str = "stratified"
    missing: str = "mean"
    scaling: str = "none"
    target_scaling: str = "none"
    seed: int = 0
    dtype: str = "float64"

    def __post_init__(self) -> None:
        layers = tuple(self.layers)
        object.__setattr__(self, "layers", layers)
        if not layers:
            raise ExperimentError("no_layers", field="layers")
        for index, layer in enumerate(layers):
            if not isinstance(layer, Layer):
                raise ExperimentError(
                    "wrong_type", field=of_layer(index), value=repr(layer), expected="a Layer"
                )
        for field, allowed in ALLOWED.items():
            if getattr(self, field) not in allowed:
                raise ExperimentError(
                    "unknown_name", field=field, value=getattr(self, field), allowed=", ".join(allowed)
                )
        _number(self, "learning_rate")
        _number(self, "validation")
        _whole(self, "seed", 0, 2**63 - 1)
        if self.batch_size != "full":
            _whole(self, "batch_size", 1, 2**31 - 1)
        if not isinstance(self.split, str) or not self.split:
            raise ExperimentError(
                "wrong_type", field="split", value=repr(self.split), expected="a word or a column name"
            )
        if layers[-1].dropout:
            raise ExperimentError(
                "out_of_range",
                field=of_layer(len(layers) - 1, "dropout"),
                value=layers[-1].dropout,
                allowed="0 in the output layer",
                layers=len(layers),
            )
        if self.update_order == "output_first" and self.clipping.name == "global_norm":
            raise ExperimentError(
                "needs_together",
                field="update_order",
                value=self.update_order,
                other="clipping by global norm",
            )

    def __repr__(self) -> str:
        return f"Experiment({_told(self)})"

    def check_data(self, dataset: Any) -> None:
        """Raise `ExperimentError` if the network or the loss does not fit `dataset`."""
        if dataset.kind not in self.loss.kinds:
            allowed = ", ".join(name for name, loss in LOSSES.items() if dataset.kind in loss.kinds)
            raise ExperimentError(
                "loss_needs_target", field="loss", loss=self.loss.name, target=dataset.kind, allowed=allowed
            )
        if self.target_scaling != "none" and dataset.kind != "regression":
            raise ExperimentError(
                "classes_not_scaled", field="target_scaling", value=self.target_scaling, target=dataset.kind
            )
        columns = dataset.targets.shape[1]
        if self.layers[-1].units != columns:
            raise ExperimentError(
                "output_units",
                field=of_layer(len(self.layers) - 1, "units"),
                value=self.layers[-1].units,
                expected=columns,
                layers=len(self.layers),
            )

    def changed(self, **changes: Any) -> Experiment:
        """A copy with some settings changed."""
        return replace(self, **changes)

    def to_toml(self) -> str:
        """The experiment as people read it: every setting, rules as bare names where all is default."""
        import tomli_w

        plain: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "layers":
                continue
            plain[field.name] = value.plain() if isinstance(value, Rule) else value
        plain["layers"] = []
        for layer in self.layers:
            row: dict[str, Any] = {"units": layer.units, "activation": layer.activation.plain()}
            if layer.dropout:
                row["dropout"] = layer.dropout
            plain["layers"].append(row)
        return tomli_w.dumps(plain)

    @classmethod
    def from_toml(cls, text: str) -> Experiment:
        """Read what `to_toml` wrote, or a person did; settings left out are the defaults.

        Raises
        ------
        ExperimentError
            With the place as a path, such as ``layers[1].units``.
        """
        import tomllib

        try:
            plain = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ExperimentError("bad_toml", field="", reason=str(error)) from None
        return cls.from_plain(plain)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Experiment:
        """Build an experiment from nested mappings, as TOML and JSON give them."""
        known = [field.name for field in fields(cls)]
        for key in plain:
            if key not in known:
                raise ExperimentError("unknown_field", field=key, allowed=", ".join(known))
        settings = dict(plain)
        rows = settings.pop("layers", [])
        if not isinstance(rows, list):
            raise ExperimentError("wrong_type", field="layers", value=repr(rows), expected="a list of layers")
        try:
            layers = tuple(_layer(row, index) for index, row in enumerate(rows))
        except ExperimentError as error:
            raise error.among(len(rows)) from None
        return cls(layers=layers, **settings)


def setting_of_a_new_network(old: Experiment, new: Experiment) -> str | None:
    """The first setting in which `new` differs that a network in training cannot follow, if any.

    Those settings decide the parameters at step 0, or which numbers the network is fed; all others can
    change while training goes on.
    """
    fed = ("validation", "split", "missing", "scaling", "target_scaling", "dtype")
    for name in ("initializer", "seed", *fed):
        if getattr(new, name) != getattr(old, name):
            return name
    layers = [[(layer.units, layer.activation) for layer in each.layers] for each in (old, new)]
    return None if layers[0] == layers[1] else "layers"


def _layer(row: Any, index: int) -> Layer:
    place = of_layer(index)
    if not isinstance(row, Mapping):
        raise ExperimentError("wrong_type", field=place, value=repr(row), expected="a table with units")
    known = [field.name for field in fields(Layer)]
    for key in row:
        if key not in known:
            raise ExperimentError("unknown_field", field=f"{place}.{key}", allowed=", ".join(known))
    if "units" not in row:
        raise ExperimentError(
            "wrong_type", field=f"{place}.units", value="missing", expected="a whole number"
        )
    try:
        return Layer(**row)
    except ExperimentError as error:
        raise error.within(place) from None
