"""Edits, undo, and what the worker is asked to do about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from engine.data.builtin import BUILTIN_NAMES, builtin
from engine.data.dataset import Dataset
from engine.errors import ExperimentError
from engine.experiment import Experiment, Layer
from engine.functions.initializers import Uniform
from engine.functions.optimizers import Adam
from engine.parts import Part
from engine.training.trainer import Trainer
from gui.document import document as document_module
from gui.document.document import Document, NotInForceError
from gui.document.examples import FIRST
from gui.training.messages import Change, Done, Freeze, Load, SetParameter, TakeBack


class Clock:
    """Time that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(document_module, "monotonic", clock)
    return clock


class Heard:
    """What a document has asked of the worker."""

    def __init__(self, document: Document) -> None:
        self.commands: list[Load | Change] = []
        self.changes = 0
        document.load_requested.connect(self.commands.append)
        document.change_requested.connect(self.commands.append)
        document.changed.connect(self._count)

    def _count(self) -> None:
        self.changes += 1

    @property
    def last(self) -> Load | Change:
        return self.commands[-1]


@pytest.fixture
def document(qapp: object, clock: Clock) -> Iterator[Document]:
    document = Document()
    yield document
    document.deleteLater()


def some_missing(rows: int = 30, empty: int = 6) -> Dataset:
    inputs = np.arange(2.0 * rows).reshape(rows, 2)
    inputs[:empty, 1] = np.nan
    return Dataset.from_arrays(inputs, np.arange(rows) % 2, "binary", name="gaps")


def test_rows_edited_by_hand_go_on_with_the_parameters(document: Document) -> None:
    heard, before = Heard(document), document.state
    edited = Dataset.from_arrays(before.dataset.inputs + 1.0, before.dataset.targets)
    document.set_rows(edited)
    load = heard.last
    assert isinstance(load, Load)
    assert load.dataset is document.dataset is edited
    assert load.experiment == before.experiment
    assert load.network != before.network and load.heir_to == before.network
    document.undo_stack.undo()
    assert isinstance(heard.last, Load)
    assert (heard.last.network, heard.last.dataset) == (before.network, before.dataset)
    document.undo_stack.redo()
    assert isinstance(heard.last, Load)
    assert (heard.last.network, heard.last.dataset) == (load.network, edited)


def test_turning_to_another_network_of_the_same_settings(document: Document) -> None:
    heard = Heard(document)
    document.adopt(7, document.experiment, document.dataset)
    assert isinstance(heard.last, Load) and heard.last.network == 7
    document.adopt(7, document.experiment, document.dataset)
    assert len(heard.commands) == 1


def test_first_document_is_the_article(document: Document) -> None:
    experiment = document.experiment
    assert [(layer.units, layer.activation.name) for layer in experiment.layers] == [
        (3, "sigmoid"),
        (2, "sigmoid"),
    ]
    assert experiment.initializer == Uniform(0.0, 1.0)
    assert (experiment.batch_size, experiment.reduction, experiment.learning_rate) == ("full", "sum", 0.5)
    assert document.dataset.name == "article"
    assert document.training_rows == 5
    assert not document.is_dirty
    Trainer(experiment, document.dataset).step()


def test_request_load_says_all(document: Document) -> None:
    heard = Heard(document)
    document.request_load()
    assert heard.last == Load(1, 0, document.experiment, document.dataset, FIRST.start)


ON_THE_FLY = [
    ("loss", "huber"),
    ("optimizer", "adam"),
    ("learning_rate", 0.25),
    ("schedule", "cosine"),
    ("regularizer", "l2"),
    ("clipping", "value"),
    ("batch_size", 2),
    ("reduction", "mean"),
    ("bias_reduction", "mean"),
    ("update_order", "output_first"),
    ("layers[0].dropout", 0.5),
]
NEW_NETWORK = [
    ("layers[0].units", 4),
    ("layers[1].activation", "tanh"),
    ("initializer", "he_normal"),
    ("initializer.high", 2.0),
    ("validation", 0.2),
    ("split", "order"),
    ("missing", "median"),
    ("scaling", "zscore"),
    ("target_scaling", "zscore"),
    ("seed", 12),
    ("dtype", "float32"),
]


def test_every_setting_is_of_one_kind_or_the_other() -> None:
    tried = {path.partition(".")[0].partition("[")[0] for path, _ in ON_THE_FLY + NEW_NETWORK}
    assert tried == {field.name for field in fields(Experiment)}


@pytest.mark.parametrize(("path", "value"), ON_THE_FLY)
def test_goes_on_with_the_same_network(document: Document, path: str, value: object) -> None:
    trainer = Trainer(document.experiment, document.dataset)
    heard = Heard(document)
    document.set_value(path, value)
    assert heard.commands == [Change(document.experiment)]
    assert heard.changes == 1
    assert (document.state.network, document.generation) == (0, 0)
    trainer.change(document.experiment)  # the engine is of the same opinion


@pytest.mark.parametrize(("path", "value"), NEW_NETWORK)
def test_needs_a_new_network(document: Document, path: str, value: object) -> None:
    trainer = Trainer(document.experiment, document.dataset)
    heard = Heard(document)
    document.set_value(path, value)
    assert heard.commands == [Load(1, 1, document.experiment, document.dataset)]
    with pytest.raises(ExperimentError) as caught:
        trainer.change(document.experiment)
    assert caught.value.kind == "needs_new_trainer"


def test_values_are_found_by_path(document: Document) -> None:
    document.set_value("optimizer", "adam")
    document.set_value("optimizer.beta1", 0.8)
    document.set_value("layers[0].activation", {"name": "elu", "alpha": 2.0})
    assert document.experiment.optimizer == Adam(beta1=0.8)
    assert document.value("optimizer.beta1") == 0.8
    assert document.value("layers[0].activation.alpha") == 2.0
    assert document.value("layers[1].units") == 2


def test_undo_brings_the_old_network_back(document: Document) -> None:
    first = document.experiment
    document.set_value("layers[0].units", 5)
    second = document.experiment
    heard = Heard(document)
    document.undo_stack.undo()
    assert heard.last == Load(2, 0, first, document.dataset, FIRST.start)
    document.undo_stack.redo()
    assert heard.last == Load(3, 1, second, document.dataset)
    document.undo_stack.undo()
    document.set_value("layers[0].units", 5)
    assert heard.last == Load(5, 2, second, document.dataset), "a network after another edit is another one"


def test_undo_of_a_change_on_the_fly_is_one_too(document: Document) -> None:
    first = document.experiment
    document.set_value("learning_rate", 0.1)
    heard = Heard(document)
    document.undo_stack.undo()
    assert heard.commands == [Change(first)]


def test_burst_is_one_entry(document: Document, clock: Clock) -> None:
    first = document.experiment
    for rate in (0.6, 0.7, 0.8):
        clock.now += 0.3
        document.set_value("learning_rate", rate)
    assert document.undo_stack.count() == 1
    clock.now += document_module.BURST_SECONDS + 0.1
    document.set_value("learning_rate", 0.9)
    assert document.undo_stack.count() == 2
    document.undo_stack.undo()
    assert document.experiment.learning_rate == 0.8
    document.undo_stack.undo()
    assert document.experiment == first


def test_burst_over_networks_goes_back_to_the_first(document: Document) -> None:
    for units in (4, 5, 6):
        document.set_value("layers[0].units", units)
    assert document.undo_stack.count() == 1
    assert document.state.network == 3
    document.undo_stack.undo()
    assert document.state.network == 0


def test_burst_that_ends_where_it_began_leaves_nothing(document: Document) -> None:
    document.set_value("learning_rate", 0.6)
    document.set_value("learning_rate", 0.5)
    assert document.undo_stack.count() == 0
    assert document.experiment.learning_rate == 0.5


def test_different_settings_are_different_entries(document: Document) -> None:
    document.set_value("layers[0].units", 4)
    document.set_value("learning_rate", 0.1)
    document.set_value("optimizer", "adam")
    document.set_value("optimizer", "sgd")
    document.new_seed()
    document.new_seed()
    assert document.undo_stack.count() == 6


def test_same_value_is_no_edit(document: Document) -> None:
    heard = Heard(document)
    document.set_value("learning_rate", 0.5)
    document.set_value("initializer", Uniform(0.0, 1.0))
    document.set_value("validation", 0)
    assert document.undo_stack.count() == 0
    assert heard.commands == []


def test_dirty_until_saved_or_undone(document: Document, clock: Clock) -> None:
    document.set_value("learning_rate", 0.1)
    assert document.is_dirty
    document.undo_stack.undo()
    assert not document.is_dirty
    document.undo_stack.redo()
    document.mark_saved()
    assert not document.is_dirty
    document.set_value("learning_rate", 0.2)
    assert document.is_dirty, "an edit after saving does not melt into the one before"


@pytest.mark.parametrize(
    ("path", "value", "kind", "field"),
    [
        ("learning_rate", 0, "out_of_range", "learning_rate"),
        ("learning_rate", float("inf"), "out_of_range", "learning_rate"),
        ("learning_rate", "fast", "wrong_type", "learning_rate"),
        ("batch_size", 6, "batch_too_large", "batch_size"),
        ("batch_size", 0, "out_of_range", "batch_size"),
        ("layers[0].units", 2.5, "wrong_type", "layers[0].units"),
        ("layers[1].units", 3, "output_units", "layers[1].units"),
        ("layers[0].activation", "sigmod", "unknown_name", "layers[0].activation"),
        ("initializer.high", float("nan"), "out_of_range", "initializer.high"),
        ("loss", "cross_entropy", "loss_needs_target", "loss"),
        ("split", "no such column", "unknown_name", "split"),
        ("validation", 1.0, "out_of_range", "validation"),
        ("seed", -1, "out_of_range", "seed"),
    ],
)
def test_what_cannot_be_changes_nothing(
    document: Document, path: str, value: object, kind: str, field: str
) -> None:
    document.set_value("learning_rate", 0.4)
    state = document.state
    heard = Heard(document)
    refused = document.refusal(path, value)
    with pytest.raises(ExperimentError) as caught:
        document.set_value(path, value)
    assert refused is not None
    assert (caught.value.kind, caught.value.field) == (refused.kind, refused.field) == (kind, field)
    assert document.state is state
    assert document.undo_stack.count() == 1
    assert heard.commands == []
    assert heard.changes == 0


def test_softmax_of_one_unit_is_refused_either_way(document: Document) -> None:
    document.set_value("layers[0].activation", "softmax")
    with pytest.raises(ExperimentError, match="softmax over one unit"):
        document.set_value("layers[0].units", 1)
    assert document.experiment.layers[0].units == 3
    document.set_value("layers[0].activation", "tanh")
    document.set_value("layers[0].units", 1)
    refused = document.refusal("layers[0].activation", "softmax")
    assert refused is not None and refused.field == "layers[0].units"


def test_batch_follows_when_rows_are_held_out(document: Document) -> None:
    document.set_value("batch_size", 5)
    document.set_value("validation", 0.4)
    assert document.training_rows == 3
    assert document.experiment.batch_size == 3
    document.undo_stack.undo()
    assert (document.training_rows, document.experiment.batch_size) == (5, 5)


def test_layers_are_added_and_taken_away(document: Document) -> None:
    document.set_value("layers[0].activation", "relu")
    document.add_layer()
    names = [(layer.units, layer.activation.name) for layer in document.experiment.layers]
    assert names == [(3, "relu"), (3, "relu"), (2, "sigmoid")]
    document.remove_layer(0)
    document.remove_layer(0)
    assert document.experiment.layers == (Layer(2, "sigmoid"),)
    document.add_layer()
    assert document.experiment.layers == (Layer(4, "tanh"), Layer(2, "sigmoid"))
    assert document.state.network == 5


def test_new_seed_draws_other_parameters(document: Document) -> None:
    before = Trainer(document.experiment, document.dataset).weights[0]
    document.new_seed()
    after = Trainer(document.experiment, document.dataset).weights[0]
    assert not np.array_equal(before, after)
    assert document.state.network == 1


@pytest.mark.parametrize(
    ("name", "outputs", "activation", "loss"),
    [
        ("iris", 3, "softmax", "cross_entropy"),
        ("digits", 10, "softmax", "cross_entropy"),
        ("xor", 1, "sigmoid", "binary_cross_entropy"),
        ("plane", 1, "linear", "squared_error"),
    ],
)
def test_data_bring_output_layer_and_loss(
    document: Document, name: str, outputs: int, activation: str, loss: str
) -> None:
    heard = Heard(document)
    data = builtin(name)
    document.set_dataset(data)
    *hidden, output = document.experiment.layers
    assert hidden == [Layer(5, "tanh"), Layer(4, "tanh")]
    assert (output.units, output.activation.name, document.experiment.loss.name) == (
        outputs,
        activation,
        loss,
    )
    assert heard.commands == [Load(1, 1, document.experiment, data)]
    document.undo_stack.undo()
    assert document.dataset.name == "article"
    assert document.state.network == 0


def test_loss_of_classes_gives_way_to_one_for_numbers(document: Document) -> None:
    document.set_dataset(builtin("iris"))
    document.set_dataset(builtin("sine"))
    assert document.experiment.loss.name == "mean_squared_error"


def test_batch_is_no_larger_than_the_new_data(document: Document) -> None:
    document.set_dataset(builtin("iris"))
    document.set_value("batch_size", 100)
    document.set_dataset(builtin("xor"))
    assert document.experiment.batch_size == 4


def test_preparation_suits_the_size_of_the_data(document: Document) -> None:
    document.set_dataset(builtin("iris"))
    assert (document.experiment.validation, document.experiment.scaling) == (0.2, "zscore")
    assert document.training_rows == 120
    document.set_value("validation", 0.3)
    document.set_value("scaling", "minmax")
    document.set_dataset(builtin("wine"))
    assert (document.experiment.validation, document.experiment.scaling) == (0.3, "minmax")
    document.set_dataset(builtin("xor"))
    assert document.experiment.validation == 0.0


def test_split_by_a_column_does_not_outlive_the_column(document: Document) -> None:
    data = builtin("circles")
    held_out = np.arange(200) < 50
    columns = Dataset(
        "marked", data.inputs.copy(), data.targets.copy(), "binary", data.feature_names, data.target_names,
        data.class_names, split_columns={"part": held_out},
    )  # fmt: skip
    document.set_dataset(columns)
    document.set_value("split", "part")
    assert document.training_rows == 150
    document.set_dataset(builtin("iris"))
    assert document.experiment.split == "stratified"


def test_rows_with_gaps_can_be_dropped(document: Document) -> None:
    document.set_dataset(some_missing())
    document.set_value("validation", 0.0)
    assert document.training_rows == 30
    document.set_value("missing", "drop")
    assert document.training_rows == 24
    with pytest.raises(ExperimentError, match="larger than the 24 training rows"):
        document.set_value("batch_size", 25)


def test_iris_trained_as_the_window_would(document: Document) -> None:
    document.set_dataset(builtin("iris"))
    trainer = Trainer(document.experiment, document.dataset)
    trainer.run(2000)
    assert trainer.scalars.validation_metric[-1] >= 0.93


@pytest.mark.parametrize("name", BUILTIN_NAMES)
def test_every_built_in_set_can_be_trained_on(document: Document, name: str) -> None:
    document.set_dataset(builtin(name))
    record = Trainer(document.experiment, document.dataset).step()
    assert len(record.indices) == document.experiment.batch_size <= document.training_rows


def test_a_parameter_set_by_hand_is_undone(document: Document) -> None:
    asked: list[Any] = []
    document.parameter_requested.connect(asked.append)
    part = Part("weight", 1, 2, 3)
    document.set_parameter(SetParameter(part, 0.25), -1.5)
    document.freeze(Freeze(part, True))
    document.set_parameter(SetParameter(part, 0.25), 0.25)
    assert asked == [SetParameter(part, 0.25), Freeze(part, True)]
    assert document.is_dirty
    document.undo_stack.undo()
    document.undo_stack.undo()
    first, second = asked[0].number, asked[1].number
    assert first != second
    assert asked[2:] == [TakeBack(second), TakeBack(first)]
    document.undo_stack.redo()
    assert asked[4:] == [TakeBack(first, again=True)]


def test_a_parameter_belongs_to_its_network(document: Document) -> None:
    """Undo goes back to the network first, and only then to the value that was set in it."""
    asked: list[Any] = []
    document.load_requested.connect(lambda load: asked.append(load.network))
    document.parameter_requested.connect(asked.append)
    set_one = SetParameter(Part("bias", 1, 0), 0.5)
    document.set_parameter(set_one, 0.0)
    first = document.state.network
    document.set_value("layers[0].units", 7)
    second = document.state.network
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert asked == [set_one, second, first, TakeBack(asked[0].number)]


def test_undo_is_refused_where_the_edit_is_not_in_force(document: Document) -> None:
    asked: list[Any] = []
    document.parameter_requested.connect(asked.append)
    document.change_requested.connect(asked.append)
    document.set_value("learning_rate", 0.25)
    then = document.experiment
    document.set_parameter(SetParameter(Part("bias", 1, 0), 0.5), 0.0)
    document.set_value("optimizer", "adam")
    rate, bias, adam = (command.number for command in asked)
    asked.clear()

    document.follow(then)
    with pytest.raises(NotInForceError) as refused:
        document.undo({rate: Done(2, True), bias: Done(4, False), adam: Done(5, False)})
    assert (refused.value.step, document.undo_stack.index(), asked) == (5, 3, [])

    elsewhere = Done(None, False)
    with pytest.raises(NotInForceError) as refused:
        document.undo({rate: Done(2, True), bias: Done(4, False), adam: elsewhere})
    assert (refused.value.step, document.undo_stack.index(), asked) == (4, 3, [])

    document.undo({rate: Done(2, True), bias: elsewhere, adam: elsewhere})
    assert (document.undo_stack.index(), document.experiment.learning_rate) == (0, 0.5)
    with pytest.raises(NotInForceError) as refused:
        document.redo({rate: Done(6, False), bias: elsewhere, adam: elsewhere})
    assert (refused.value.step, document.undo_stack.index()) == (6, 0)
    document.redo({rate: Done(6, True), bias: elsewhere, adam: elsewhere})
    assert (document.undo_stack.index(), document.experiment.learning_rate) == (1, 0.25)


def test_what_led_to_a_network_that_could_not_be_made_is_undone_for_good() -> None:
    document = Document()
    document.set_value("learning_rate", 0.25)
    before = document.state
    document.set_value("layers[0].units", 7)
    document.set_value("learning_rate", 0.125)
    failed = document.state.network
    loads: list[Load] = []
    document.load_requested.connect(loads.append)
    document.take_back(failed)
    assert document.state is before
    assert [load.network for load in loads] == [before.network]
    assert loads[0].generation == document.generation
    assert document.undo_stack.count() == 1 and not document.undo_stack.canRedo()


def test_a_network_that_the_memory_cannot_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.memory.machine_bytes", lambda: 16 * 2**30)
    document = Document()
    document.add_layer()
    document.set_value("layers[0].units", 65_536)
    before = document.state
    error = document.refusal("layers[1].units", 65_536)
    assert error is not None and (error.kind, error.field) == ("too_much_memory", "layers[1].units")
    with pytest.raises(ExperimentError):
        document.set_value("layers[1].units", 65_536)
    assert document.state is before


# -- edited rows -----------------------------------------------------------------------------------


def regression(outputs: int, rows: int = 6) -> Dataset:
    rng = np.random.default_rng(outputs)
    return Dataset.from_arrays(rng.normal(size=(rows, 4)), rng.random(size=(rows, outputs)))


def test_other_outputs_of_edited_rows_keep_activation_and_loss(document: Document) -> None:
    told: list[object] = []
    document.refitted.connect(lambda before, after: told.append((before, after)))
    before = document.experiment
    assert (before.layers[-1].units, before.layers[-1].activation.name) == (2, "sigmoid")
    document.set_rows(regression(1))
    assert document.experiment.layers[-1] == Layer(1, "sigmoid")
    assert (document.experiment.loss, document.experiment.validation) == (before.loss, before.validation)
    document.set_rows(regression(3))
    assert document.experiment.layers[-1] == Layer(3, "sigmoid")
    assert told == []
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.experiment == before


def test_what_does_not_fit_the_outputs_of_edited_rows_is_told(document: Document) -> None:
    told: list[tuple[Experiment, Experiment]] = []
    document.refitted.connect(lambda before, after: told.append((before, after)))
    document.set_rows(regression(2))
    document.set_value("layers[1].activation", "softmax")
    document.set_rows(regression(1))
    assert document.experiment.layers[-1] == Layer(1)  # softmax of one unit is always 1
    assert [(b.layers[-1].activation.name, a.layers[-1].activation.name) for b, a in told] == [
        ("softmax", "linear")
    ]
    assert told[0][0].loss == told[0][1].loss


@pytest.mark.parametrize("batch", [5, "full"])
def test_the_batch_size_that_was_asked_for_comes_back(batch: int | str, document: Document) -> None:
    document.set_dataset(regression(1, rows=8))
    document.set_value("batch_size", batch)
    document.set_dataset(regression(1, rows=3))
    assert document.experiment.batch_size == (3 if batch == 5 else "full")
    assert document.batch_size == batch
    document.set_value("learning_rate", 0.25)
    document.set_dataset(regression(1, rows=4))
    assert document.experiment.batch_size == (4 if batch == 5 else "full")
    document.set_dataset(regression(1, rows=9))
    assert document.experiment.batch_size == batch
    document.undo_stack.undo()
    assert document.experiment.batch_size == (4 if batch == 5 else "full")
    document.set_value("batch_size", 2)
    document.set_dataset(regression(1, rows=9))
    assert document.experiment.batch_size == document.batch_size == 2


def test_the_batch_size_of_another_problem_is_its_own(document: Document) -> None:
    document.set_dataset(regression(1, rows=8))
    document.set_value("batch_size", 5)
    document.set_dataset(regression(1, rows=3))
    opened = document.experiment
    document.open_problem(opened, regression(1, rows=8))
    assert document.experiment.batch_size == document.batch_size == 3


def test_the_batch_size_follows_the_data_until_somebody_chooses_one(document: Document) -> None:
    def numbers(rows: int) -> Dataset:
        return Dataset.from_arrays(np.arange(rows, dtype=float)[:, None], np.arange(rows) % 7 / 7.0)

    for rows, batch in ((200, 10), (8_000, 32), (90_000, 128), (150, 10)):
        document.set_dataset(numbers(rows))
        assert document.experiment.batch_size == document.batch_size == batch
    document.set_value("batch_size", 25)
    document.set_dataset(numbers(8_000))
    assert document.experiment.batch_size == 25
    document.undo_stack.undo()
    document.undo_stack.undo()
    document.set_dataset(numbers(8_000))
    assert document.experiment.batch_size == 32


def test_work_that_is_put_aside_comes_back_as_it_was() -> None:
    document = Document()
    document.request_load()
    document.set_value("learning_rate", 0.25)
    before, edits = document.state, document.undo_stack.index()
    document.set_aside()
    assert document.is_dirty
    document.open_problem(Experiment((Layer(1),), learning_rate=0.1), builtin("plane"))
    document.set_value("learning_rate", 0.7)
    document.set_parameter(SetParameter(Part("weight", 1, 0, 0), 2.0), 1.0)
    document.new_seed()
    heard, asked = Heard(document), []
    document.parameter_requested.connect(asked.append)
    document.take_up()
    assert document.state is before and not document.is_aside
    assert (document.undo_stack.index(), document.undo_stack.count()) == (edits, edits)
    assert [command.network for command in heard.commands if isinstance(command, Load)] == [before.network]
    assert asked == []
    document.undo({})
    assert document.experiment.learning_rate == FIRST.experiment.learning_rate
    assert not document.is_dirty


def test_nothing_is_undone_beyond_what_was_opened() -> None:
    document = Document()
    document.set_value("learning_rate", 0.25)
    document.set_aside()
    document.open_problem(Experiment((Layer(1),)), builtin("plane"))
    opened = document.state
    document.set_value("learning_rate", 0.7)
    document.undo({})
    assert document.experiment == opened.experiment
    with pytest.raises(NotInForceError):
        document.undo({})
    assert document.state.network == opened.network


def test_saved_work_that_was_put_aside_is_still_saved() -> None:
    document = Document()
    document.set_value("learning_rate", 0.25)
    document.mark_saved()
    document.set_aside()
    document.open_problem(Experiment((Layer(1),)), builtin("plane"))
    assert not document.is_dirty
    document.take_up()
    assert not document.is_dirty


def test_more_edits_than_the_undo_stack_holds_do_not_lose_the_work_aside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(document_module, "UNDO_LIMIT", 4)
    document = Document()
    document.set_value("learning_rate", 0.25)
    before = document.state
    document.set_aside()
    document.open_problem(Experiment((Layer(1),)), builtin("plane"))
    for _ in range(6):
        document.new_seed()
    document.take_up()
    assert document.state is before and document.is_dirty


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("learning_rate", lambda document: document.set_value("learning_rate", 0.3)),
        ("optimizer", lambda document: document.set_value("optimizer.momentum", 0.3)),
        ("layers", lambda document: document.add_layer()),
        ("layers", lambda document: document.set_value("layers[0].units", 5)),
        ("seed", lambda document: document.new_seed()),
        ("data", lambda document: document.set_dataset(builtin("plane"))),
        ("data", lambda document: document.set_rows(builtin("plane"))),
    ],
)
def test_what_is_locked_cannot_be_changed(name: str, change: Any) -> None:
    document = Document()
    document.set_value("optimizer", "momentum")
    document.lock([name])
    before, edits = document.state, document.undo_stack.index()
    with pytest.raises(ExperimentError) as raised:
        change(document)
    assert (raised.value.kind, raised.value.field) == ("locked", name)
    assert document.state is before and document.undo_stack.index() == edits
    document.lock(())
    change(document)


def test_the_locked_setting_alone_is_refused() -> None:
    document = Document()
    document.lock(["learning_rate"])
    assert document.is_locked("learning_rate") and not document.is_locked("layers[0].units")
    refusal = document.refusal("learning_rate", 0.3)
    assert refusal is not None and refusal.kind == "locked"
    document.set_value("loss", "mean_squared_error")
    document.open_problem(Experiment((Layer(1),)), builtin("plane"))
    assert not document.locked
