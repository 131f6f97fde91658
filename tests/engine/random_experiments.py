"""Random small experiments with data that fit them, for hypothesis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from engine import Dataset, Experiment, Layer
from engine.functions import (
    ACTIVATIONS,
    CLIPPINGS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    REGULARIZERS,
    SCHEDULES,
)

SCHEDULE_CASES: tuple[Any, ...] = (
    "constant",
    {"name": "step", "every": 2, "factor": 0.5},
    {"name": "exponential", "factor": 0.9},
    {"name": "cosine", "epochs": 4, "floor": 0.1},
    {"name": "linear_warm_up", "steps": 7},
    {"name": "reduce_on_plateau", "factor": 0.5, "patience": 0},
)
PROBABILITY_LOSSES = ("binary_cross_entropy", "cross_entropy")


@st.composite
def layers(draw: DrawFn, units: int, loss: str, dropout: bool = True) -> tuple[Layer, ...]:
    """Up to three hidden layers, and an output layer of `units` at which the loss is defined."""
    found = []
    for _ in range(draw(st.integers(0, 3))):
        activation = draw(st.sampled_from([*ACTIVATIONS]))
        low = 2 if activation == "softmax" else 1
        rate = draw(st.sampled_from([0.0, 0.0, 0.3])) if dropout else 0.0
        found.append(Layer(draw(st.integers(low, 5)), activation, rate))
    inside = ["sigmoid", "softmax"] if loss in PROBABILITY_LOSSES else [*ACTIVATIONS]
    output = draw(st.sampled_from([name for name in inside if units > 1 or name != "softmax"]))
    return (*found, Layer(units, output))


@st.composite
def datasets(draw: DrawFn, min_rows: int = 4) -> Dataset:
    kind = draw(st.sampled_from(["regression", "binary", "multiclass"]))
    rows, features = draw(st.integers(min_rows, 23)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    inputs = rng.normal(size=(rows, features))
    if kind == "regression":
        return Dataset.from_arrays(inputs, rng.normal(size=(rows, draw(st.integers(1, 3)))))
    if kind == "binary":
        return Dataset.from_arrays(inputs, rng.integers(2, size=rows), kind="binary")
    classes = draw(st.integers(2, 4))
    return Dataset.from_arrays(inputs, np.eye(classes)[rng.integers(classes, size=rows)], kind="multiclass")


@st.composite
def experiments(
    draw: DrawFn, /, *, dropout: bool = True, optimizers: Sequence[str] = (*OPTIMIZERS,), **settings: Any
) -> tuple[Experiment, Dataset]:
    """An experiment of any settings, but for those given, and a data set for it."""
    data = draw(datasets())
    loss = draw(st.sampled_from([name for name, rule in LOSSES.items() if data.kind in rule.kinds]))
    clipping = draw(st.sampled_from([*CLIPPINGS]))
    orders = ["together"] if clipping == "global_norm" else ["together", "output_first"]
    validation = draw(st.sampled_from([0.0, 0.0, 0.3]))
    largest = max(1, int(len(data.inputs) * (1 - validation)) - 1)
    chosen: dict[str, Any] = {
        "layers": draw(layers(data.targets.shape[1], loss, dropout)),
        "loss": loss,
        "optimizer": draw(st.sampled_from([*optimizers])),
        "learning_rate": draw(st.sampled_from([0.003, 0.03, 0.1])),
        "schedule": draw(st.sampled_from(SCHEDULE_CASES)),
        "regularizer": draw(st.sampled_from([*REGULARIZERS])),
        "clipping": clipping,
        "initializer": draw(st.sampled_from(["xavier_uniform", "he_normal", "orthogonal", "uniform"])),
        "batch_size": draw(st.one_of(st.just("full"), st.integers(1, largest))),
        "reduction": draw(st.sampled_from(["mean", "sum"])),
        "bias_reduction": draw(st.sampled_from(["same", "same", "mean"])),
        "update_order": draw(st.sampled_from(orders)),
        "validation": validation,
        "split": draw(st.sampled_from(["stratified", "random", "order"])),
        "scaling": draw(st.sampled_from(["none", "zscore", "minmax"])),
        "seed": draw(st.integers(0, 1000)),
        "dtype": draw(st.sampled_from(["float64", "float64", "float32"])),
    }
    return Experiment(**{**chosen, **settings}), data


@st.composite
def rules(draw: DrawFn, table: Any) -> Any:
    """A row of a table, with parameters drawn from their ranges."""
    rule = table[draw(st.sampled_from([*table]))]
    values: dict[str, float] = {}
    for spec in rule.parameters():
        low, high = max(spec.range.low, -100), min(spec.range.high, 100)
        if draw(st.booleans()):
            continue
        if spec.integer:
            values[spec.name] = draw(st.integers(int(low), int(high)))
        else:
            values[spec.name] = draw(
                st.floats(low, high, exclude_min=spec.range.open_low, exclude_max=spec.range.open_high)
            )
    if rule.name == "uniform" and values.get("low", 0.0) > values.get("high", 1.0):
        return rule()
    return rule(**values)


@st.composite
def any_experiments(draw: DrawFn) -> Experiment:
    """Any experiment at all, whether or not there is data for it."""
    found = [
        Layer(
            draw(st.integers(2, 65_536)),
            draw(rules(ACTIVATIONS)),
            draw(st.floats(0, 1, exclude_max=True)),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]
    clipping = draw(rules(CLIPPINGS))
    orders = ["together"] if clipping.name == "global_norm" else ["together", "output_first"]
    positive = st.floats(0, exclude_min=True, allow_infinity=False)
    return Experiment(
        (*found, Layer(draw(st.integers(2, 100)), draw(rules(ACTIVATIONS)))),
        loss=draw(rules(LOSSES)),
        optimizer=draw(rules(OPTIMIZERS)),
        learning_rate=draw(positive),
        schedule=draw(rules(SCHEDULES)),
        regularizer=draw(rules(REGULARIZERS)),
        clipping=clipping,
        initializer=draw(rules(INITIALIZERS)),
        batch_size=draw(st.one_of(st.just("full"), st.integers(1, 2**31 - 1))),
        reduction=draw(st.sampled_from(["mean", "sum"])),
        bias_reduction=draw(st.sampled_from(["same", "mean"])),
        update_order=draw(st.sampled_from(orders)),
        validation=draw(st.floats(0, 1, exclude_max=True)),
        split=draw(
            st.one_of(
                st.sampled_from(["stratified", "random", "order"]),
                st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
            )
        ),
        missing=draw(st.sampled_from(["mean", "median", "most_frequent", "drop"])),
        scaling=draw(st.sampled_from(["none", "zscore", "minmax"])),
        seed=draw(st.integers(0, 2**63 - 1)),
        dtype=draw(st.sampled_from(["float64", "float32"])),
    )
