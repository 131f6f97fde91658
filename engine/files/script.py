"""What the generated scripts have in common: numbers, data, batch order, learning rate and the loop.

A script is a list of sections, each a sentence and some lines of Python; a notebook is the same sections
as cells. Only what this very network needs is written.
"""

from __future__ import annotations

import io
import math
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.arrays import AnyArray
from engine.data.dataset import Dataset, feature_columns
from engine.data.preparation import Prepared, prepare_for
from engine.errors import SessionError
from engine.files.atomic import Where, replacing, write_text
from engine.files.session import Session
from engine.functions.traced import Traced, named, written
from engine.training.backprop import Packing

EMBED_NUMBERS = 6_000
"""With more numbers than these, all of them go into an NPZ file beside the script."""

NEXT_STEPS = 100
WIDTH = 116


@dataclass(frozen=True)
class Section:
    """A stretch of a script: what it is, in a sentence, and the lines."""

    title: str
    code: str


class Numbers:
    """The numbers of a script: written out in it, or lying in a file beside it.

    Parameters
    ----------
    count : int
        How many there are.
    dtype : str
        Of the network's arithmetic.
    """

    def __init__(self, count: int, dtype: str) -> None:
        self.embedded = count <= EMBED_NUMBERS
        self.arrays: dict[str, AnyArray] = {}
        self._dtype = dtype

    def text(self, name: str, array: AnyArray) -> str:
        """An expression that is `array`; `name` is what it is called in the file."""
        if not self.embedded:
            self.arrays[name] = array
            return f'numbers["{name}"]'
        kind = f", dtype=np.{array.dtype.name}" if array.dtype == np.float32 else ""
        return f"np.array({_nested(array)}{kind})"

    def list(self, name: str, arrays: Sequence[AnyArray]) -> str:
        """An expression that is a list of arrays, one a layer."""
        texts = [self.text(f"{name}{layer}", array) for layer, array in enumerate(arrays, 1)]
        if sum(map(len, texts)) < WIDTH - 20:
            return f"[{', '.join(texts)}]"
        return "[\n" + "".join(textwrap.indent(text, "    ") + ",\n" for text in texts) + "]"


def _nested(array: AnyArray) -> str:
    """An array as nested lists, a row a line where a line holds it."""
    if array.ndim < 2:
        flat = ", ".join(map(_number, array))
        if len(flat) <= WIDTH:
            return f"[{flat}]"
        return "[\n" + textwrap.indent(textwrap.fill(flat, WIDTH), "    ") + "\n]"
    rows = [_nested(row) for row in array]
    if sum(map(len, rows)) <= WIDTH - 10:
        return f"[{', '.join(rows)}]"
    return "[\n" + "".join(textwrap.indent(row, "    ") + ",\n" for row in rows) + "]"


def _number(value: Any) -> str:
    text = str(value)
    return f"np.{text}" if text in ("nan", "inf") else text.replace("-inf", "-np.inf")


def values_of(rule: Any) -> dict[str, str]:
    """The parameters of a rule as they are written in a script."""
    return {p.name: repr(getattr(rule, p.name)) for p in rule.parameters()}


def said(text: str) -> str:
    """A name as it may stand in a comment or a docstring of a script."""
    return "".join(c if c.isprintable() and c not in '"\\' else " " for c in text)[:200]


class Facts:
    """What a script says of a session, taken apart by layer.

    Attributes
    ----------
    weights, biases : lists of L arrays
    slots : mapping of slot name to (weights, biases)
    held : (weights, biases) of L boolean arrays, or None
    count : int
        Updates that the optimizer has made.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        present = self.present = session.present
        e = self.experiment = session.experiment
        self.prepared: Prepared = prepare_for(e, session.dataset)
        self.rows = len(self.prepared.train_rows)
        sizes = (session.dataset.inputs.shape[1], *(layer.units for layer in e.layers))
        self.sizes = sizes
        packing = Packing(sizes)
        flat, *slots = present.state.reshape(-1, packing.size)
        self.weights, self.biases = packing.split(flat)
        names = e.optimizer.slots
        self.slots = {name: packing.split(slot) for name, slot in zip(names, slots, strict=True)}
        held: AnyArray | None = present.frozen
        self.held = None if held is None else packing.split(held)
        self.count = present.step - present.optimizer_start
        self.batch = self.rows if e.batch_size == "full" else min(e.batch_size, self.rows)
        self.in_batches = self.batch < self.rows or present.offset > 0 or present.shuffle
        self.dropout = any(layer.dropout for layer in e.layers)
        self.plateau = e.schedule.needs_loss
        self.validates = self.plateau and len(self.prepared.validation_rows) > 0
        data = session.dataset
        used = self.rows + (len(self.prepared.validation_rows) if self.validates else 0)
        states = packing.size * (1 + len(names) + (held is not None))
        self.numbers = Numbers(used * (data.inputs.shape[1] + data.targets.shape[1]) + states, e.dtype)

    @property
    def natural(self) -> bool:
        """Whether loss and output activation are computed together, from z."""
        return self.experiment.loss.natural == self.experiment.layers[-1].activation.name

    @property
    def headline(self) -> str:
        """What the script is, in a line."""
        sizes = "-".join(map(str, self.sizes))
        return f"A {sizes} network on {said(self.session.dataset.name)}, after {self.present.step} steps"


def data_section(facts: Facts, made: str = "{}") -> Section:
    """The rows, and the function that prepares them and any further ones.

    Parameters
    ----------
    made : str
        What becomes of an array of rows, `{}` being the array.
    """
    prepared, data, numbers = facts.prepared, facts.session.dataset, facts.numbers
    single = ".astype(np.float32)" if facts.experiment.dtype == "float32" else ""
    lines: list[str] = []
    if not numbers.embedded:
        lines.append("numbers = np.load(NUMBERS)")
    lines.append(f"fill = {numbers.text('fill', prepared.fill)}  # stands in for what is missing")
    scaled = "filled"
    if facts.experiment.scaling != "none":
        lines.append(f"offset = {numbers.text('offset', prepared.offset)}")
        lines.append(f"scale = {numbers.text('scale', prepared.scale)}")
        scaled = "((filled - offset) / scale)" if single else "(filled - offset) / scale"
    lines += _encode(data)
    lines += [
        "",
        "",
        "def prepare(rows):",
        '    """Rows as they are below, NaN where a number is missing, as the network is fed them."""',
        "    filled = np.where(np.isnan(rows), fill, rows)",
        f"    return {scaled}{single}",
        "",
        "",
    ]
    if prepared.scales_targets:
        lines[-2:] = [
            "",
            "",
            f"target_offset = {numbers.text('target_offset', prepared.target_offset)}",
            f"target_scale = {numbers.text('target_scale', prepared.target_scale)}",
            "",
            "",
            "def taught(values):",
            '    """Targets as the network is taught them; `predict` turns outputs back."""',
            "    return (values - target_offset) / target_scale",
            "",
            "",
        ]
    parts = [("", prepared.train_rows)]
    if facts.validates:
        parts.append(("validation_", prepared.validation_rows))
    for prefix, rows in parts:
        raw = numbers.text(prefix + "inputs", data.inputs[rows])
        lines.append(f"{prefix}inputs = {made.format(f'prepare({raw})')}")
        targets = data.targets[rows]
        if prepared.scales_targets:
            raw = numbers.text(prefix + "targets", targets)
            lines.append(f"{prefix}targets = {made.format(f'taught({raw}){single}')}")
            continue
        if numbers.embedded and targets.shape[1] > 1 and bool((np.sort(targets)[:, :-1] == 0).all()):
            text = f"np.eye({targets.shape[1]})[{_nested(targets.argmax(axis=1))}]"
        else:
            text = numbers.text(prefix + "targets", targets)
        lines.append(f"{prefix}targets = {made.format(text + single)}")
    return Section(f"The training rows: {_some(data.feature_names)}", "\n".join(lines))


def _some(names: Sequence[str]) -> str:
    """The first names of a list, as they may stand in a comment."""
    return ", ".join(map(said, names[:12])) + (", …" if len(names) > 12 else "")


def _encode(data: Dataset) -> list[str]:
    """The functions that make inputs of cells, where there are categories or dates; nothing without them."""
    types = {column.name: column.type for column in data.columns if column.role == "feature"}
    columns: list[tuple[str, list[str] | str | None]] = []
    for name, levels in feature_columns(data):
        kind = types.get(name, "")
        if kind.startswith("date"):
            columns.append((name, "days" if kind == "date" else "parts"))
        else:
            columns.append((name, None if levels is None else [*levels]))
    if all(what is None for _, what in columns):
        return []
    dates = [what for _, what in columns if isinstance(what, str)]
    kinds = "a category has one for each level"
    if dates:
        kinds += ", a date, as 2024-05-31, its days since 1970" if "days" in dates else ""
        kinds += ", a date, as 2024-05-31, year, month and weekday" if "parts" in dates else ""
    missing = "len(what or [name])"
    lines = [
        "def numbers_of(cell, column):",
        f'    """The inputs that a cell becomes: {kinds}."""',
        "    name, what = column",
        "    if cell is None or cell != cell:",
    ]
    if dates:
        missing = '(3 if what == "parts" else 1 if what == "days" else len(what or [name]))'
    lines.append(f"        return [np.nan] * {missing}")
    lines += ["    if what is None:", "        return [float(cell)]"]
    if dates:
        lines += [
            '    if what in ("days", "parts"):',
            "        moment = datetime.datetime.fromisoformat(cell)",
            '        if what == "parts":',
            "            return [moment.year, moment.month, moment.isoweekday()]",
            "        return [(moment - datetime.datetime(1970, 1, 1)) / datetime.timedelta(days=1)]",
        ]
    lines.append("    return np.eye(len(what))[what.index(str(cell))].tolist()")
    return [
        "columns = [",
        *(f"    ({name!r}, {what!r})," for name, what in columns),
        "]",
        "",
        "",
        "def encode(table):",
        '    """Rows of cells as they are in the file, one for each of `columns`, as rows for `prepare`.',
        "",
        "    A missing cell is None or NaN.",
        '    """',
        "    return np.array([sum(map(numbers_of, cells, columns), []) for cells in table])",
        "",
        "",
        *lines,
    ]


def predict_section(facts: Facts, body: Sequence[str], outputs: str) -> Section:
    """The function that predicts further rows.

    Parameters
    ----------
    body : sequence of str
        Lines before the last, that of what is returned.
    outputs : str
        What the network makes of the prepared `rows`, as a NumPy array.
    """
    data = facts.session.dataset
    code = (
        "def predict(rows):\n"
        '    """The outputs for rows as they are in the data: nothing filled in, nothing scaled."""\n'
    )
    own = f"{outputs} * target_scale + target_offset" if facts.prepared.scales_targets else outputs
    return Section(
        f"Predicting, with the parameters as they are by then; the outputs are {_some(data.target_names)}",
        code + textwrap.indent("\n".join([*body, f"return {own}"]), "    "),
    )


def parameters_section(facts: Facts) -> Section:
    """Weights, biases, slots, and what is held."""
    numbers = facts.numbers
    lines = [f"W = {numbers.list('W', facts.weights)}", f"b = {numbers.list('b', facts.biases)}"]
    if facts.count:
        for name, (weights, biases) in facts.slots.items():
            lines.append(f"{name}_W = {numbers.list(name + '_W', weights)}")
            lines.append(f"{name}_b = {numbers.list(name + '_b', biases)}")
    if facts.held is not None:
        lines += _held(facts)
    slots = f", and {facts.experiment.optimizer.name}'s state" if facts.count and facts.slots else ""
    return Section(
        f"Weights W (units below, units) and biases b (units) of each layer{slots}", "\n".join(lines)
    )


def _held(facts: Facts) -> list[str]:
    """Which parameters are held: one by one if they are few."""
    assert facts.held is not None
    lines = ["# True where a parameter is held at its value"]
    few = sum(int(mask.sum()) for part in facts.held for mask in part) <= 20
    for name, part in zip(("W", "b"), facts.held, strict=True):
        if not few:
            lines.append(f"held_{name} = {facts.numbers.list(f'held_{name}', part)}")
            continue
        lines.append(f"held_{name} = [np.zeros(array.shape, bool) for array in {name}]")
        for layer, mask in enumerate(part):
            places = [", ".join(map(str, place)) for place in np.argwhere(mask).tolist()]
            lines += [f"held_{name}[{layer}][{place}] = True" for place in places]
    return lines


def order_section(facts: Facts) -> Section:
    """The order of the rows of an epoch."""
    code = f'''
def shuffled(epoch):
    """The order of the rows in an epoch; drawn for some epochs at a time."""
    together = max(1, 65_536 // len(inputs))
    rng = np.random.default_rng([{facts.experiment.seed}, 1, epoch // together])
    orders = np.broadcast_to(np.arange(len(inputs)), (together, len(inputs)))
    return rng.permuted(orders, axis=1)[epoch % together]
'''
    return Section("Mini-batches: the order of the rows is a pure function of the seed and the epoch", code)


def masks_section(facts: Facts) -> Section:
    """Dropout masks as the engine draws them."""
    hidden = [(layer.dropout, layer.units) for layer in facts.experiment.layers[:-1]]
    mask = "kept / (1 - share)"
    if facts.experiment.dtype == "float32":
        mask = f"({mask}).astype(np.float32)"
    code = f'''
def draw_masks(step, size):
    """What the activations of each hidden layer are multiplied with: 0, or 1 / (1 - share dropped)."""
    rng = np.random.default_rng([{facts.experiment.seed}, 2, step])
    masks = []
    for share, units in {hidden}:
        if share > 0:
            kept = rng.random((size, units)) >= share
            masks.append({mask})
        else:
            masks.append(1.0)
    return masks
'''
    return Section("Dropout: the masks are a pure function of the seed and the step", code)


def text_of(texts: Mapping[str, str], name: str, kind: str) -> str:
    """How a rule is written in a kind of script.

    Raises
    ------
    SessionError
        ``not_exportable`` for a rule that the engine has and the kind has not.
    """
    if name not in texts:
        raise SessionError("not_exportable", what=name, format=kind, instead=".bplab")
    return texts[name]


def check_clipping(facts: Facts, kind: str) -> None:
    """Raise ``not_exportable`` for a clipping that scripts do not write, so that none is left out."""
    text_of(dict.fromkeys(("none", "value", "global_norm"), ""), facts.experiment.clipping.name, kind)


def rate_section(facts: Facts) -> Section:
    """The learning rate of a step."""
    e, state = facts.experiment, facts.present.plateau
    s: Any = e.schedule
    if facts.plateau:
        text_of({"reduce_on_plateau": ""}, s.name, "Python")
        formula = f'{e.learning_rate!r} * plateau["factor"]'
    else:
        rate = Traced(None, (), repr(e.learning_rate))
        factor = named(s).factor_of(Traced(None, (), "step"), Traced(None, (), "epoch"))
        (formula,) = written(lambda: rate * factor if isinstance(factor, Traced) else rate)
    if "np." in formula:  # NumPy's own numbers would make single precision double
        formula = f"float({formula})"
    code = f"""
def learning_rate(step, epoch):
    return {formula}
"""
    if facts.plateau:
        best = "math.inf" if state.best == float("inf") else repr(state.best)
        code = f'''
plateau = {{"factor": {state.factor!r}, "best": {best}, "waited": {state.waited}}}


{code.strip()}


def observe(loss):
    """Multiply the rate when the loss has not improved for more than {s.patience} epochs."""
    if math.isnan(loss):  # an epoch that was not seen whole
        return
    if loss < plateau["best"] * (1 - {s.threshold!r}):
        plateau.update(best=loss, waited=0)
    elif plateau["waited"] + 1 > {s.patience}:
        plateau.update(factor=plateau["factor"] * {s.factor!r}, waited=0)
    else:
        plateau["waited"] += 1
'''
    return Section(f"The learning rate; schedule {s.name}, steps and epochs count from 0", code)


def loop_section(facts: Facts, steps: str) -> Section:
    """The loop that goes on where the session stands."""
    first, epoch = facts.present.step, facts.present.epoch
    lines = [f"steps = {steps}", f"epoch = {epoch}"]
    if facts.in_batches:
        start = "shuffled(epoch)" if facts.present.shuffle else "np.arange(len(inputs))"
        lines += [f"position, order = {facts.present.offset}, {start}"]
    if facts.plateau and not facts.validates:
        partial = math.isnan(facts.present.epoch_loss)
        lines.append(f"epoch_loss = {'np.nan' if partial else repr(facts.present.epoch_loss)}")
    lines.append(f"for step in range({first}, {first} + steps):")
    body = []
    rows = "inputs, targets"
    if facts.in_batches:
        body.append(f"batch = order[position : position + {facts.batch}]")
        rows = "inputs[batch], targets[batch]"
    body.append(f"loss = train({rows}, step, learning_rate(step, epoch))")
    body.append("print(step + 1, loss)")
    if facts.plateau and not facts.validates:
        body.append(f"epoch_loss += loss{' * len(batch)' if facts.in_batches else ' * len(inputs)'}")
        if facts.experiment.reduction == "sum":
            body[-1] = "epoch_loss += loss"
    end = ["epoch += 1"]
    if facts.plateau:
        if facts.validates:
            end.append("observe(evaluate(validation_inputs, validation_targets))")
        else:
            end += ["observe(epoch_loss / len(inputs))", "epoch_loss = 0.0"]
    if facts.in_batches:
        again = "shuffled(epoch)" if facts.batch < facts.rows else "np.arange(len(inputs))"
        end.append(f"position, order = 0, {again}")
        body += ["position += len(batch)", "if position == len(inputs):", *(f"    {line}" for line in end)]
    else:
        body += end
    lines += [f"    {line}" for line in body]
    return Section("Train on, and print the loss of each step, before its update", "\n".join(lines))


def script_text(
    facts: Facts, sections: Sequence[Section], imports: Sequence[str], needs: str, name: str
) -> str:
    """A script of some sections.

    Parameters
    ----------
    imports : sequence of str
        Import lines beyond those of NumPy and the standard library.
    needs : str
        What must be installed.
    name : str
        What the script will be called.
    """
    body = "".join(map(_section_text, sections))
    modules = [m for m in ("datetime", "math", "sys") if f"{m}." in body]
    setting = ""
    if not facts.numbers.embedded:
        modules.append("pathlib")
        setting = '\n\nNUMBERS = pathlib.Path(__file__).with_suffix(".npz")'
    head = f'''"""{facts.headline}.

    python {said(name)} [STEPS]

makes the next steps, {NEXT_STEPS} unless it is said, and prints the loss of each; `predict` is for further
rows. Needs {needs}.
"""

'''
    lines = [*(f"import {module}" for module in sorted(modules)), "", "import numpy as np", *imports]
    text = head + "\n".join(lines).lstrip("\n") + setting + body
    return re.sub(r"\n{4,}", "\n\n\n", text).rstrip("\n") + "\n"


def _section_text(section: Section) -> str:
    title = textwrap.fill(section.title, 98, initial_indent="# ", subsequent_indent="# ")
    code = section.code.strip("\n")
    gap = "\n\n\n" if re.search(r"^(def|class) ", code, re.MULTILINE) else "\n\n"
    return f"{gap}{title}\n{code}{gap}"


def save(path: Where, text: str, numbers: Numbers) -> tuple[Path, ...]:
    """Write a script or notebook, and its numbers beside it if it does not hold them; the paths."""
    target = Path(path)
    paths = [target]
    if not numbers.embedded:
        content = io.BytesIO()
        arrays: dict[str, Any] = numbers.arrays
        np.savez_compressed(content, **arrays)
        beside = target.with_suffix(".npz")
        with replacing(beside) as file:
            file.write(content.getvalue())
        paths.append(beside)
    write_text(target, text)
    return tuple(paths)
