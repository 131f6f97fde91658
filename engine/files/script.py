"""What the generated scripts have in common: numbers, data, batch order, learning rate and prediction.

A script is a list of sections, each a sentence and some lines of Python; a notebook is the same sections
as cells. Only what this very network needs is written. What a script has is named alike in all of them:
`prepare`, `forward`, `step`, `train`, `outputs`, `predict`, `save`, `load`; and how far training is stands
in one place, `now`, so that whoever trains on goes on where it was.
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

EMBED_NUMBERS = 3_000
"""With more numbers than these, all of them go into an NPZ file beside the script."""

NEXT_STEPS = 100
WIDTH = 110


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
    """

    def __init__(self, count: int) -> None:
        self.embedded = count <= EMBED_NUMBERS
        self.arrays: dict[str, AnyArray] = {}

    def text(self, name: str, array: AnyArray) -> str:
        """An expression that is `array`; `name` is what it is called in the file."""
        if not self.embedded:
            self.arrays[name] = array
            return f'numbers["{name}"]'
        kind = f", dtype=np.{array.dtype.name}" if array.dtype == np.float32 else ""
        if array.ndim == 2 and array.shape[1] == 1 and len(array) > 1:
            return f"np.array({_nested(array[:, 0])}{kind}).reshape(-1, 1)"
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
        return "[\n" + textwrap.indent(textwrap.fill(flat, WIDTH - 10), "    ") + ",\n]"
    rows = [_nested(row) for row in array]
    if sum(map(len, rows)) <= WIDTH - 30:
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


def quoted(text: str) -> str:
    """A name as a string of a script, in double quotes where it has none itself."""
    literal = repr(text)
    return f'"{literal[1:-1]}"' if literal[0] == "'" and '"' not in literal else literal


def quoted_list(names: Sequence[str]) -> str:
    """Names as a list of a script, in lines that can be read."""
    texts = [*map(quoted, names)]
    if sum(len(text) + 2 for text in texts) < WIDTH - 30:
        return f"[{', '.join(texts)}]"
    return "[\n" + "".join(f"    {text},\n" for text in texts) + "]"


class Facts:
    """What a script says of a session, taken apart by layer.

    Parameters
    ----------
    session : Session
    validates : bool
        Whether the script looks at validation rows also where training does not depend on them.

    Attributes
    ----------
    weights, biases : lists of L arrays
    slots : mapping of slot name to (weights, biases)
    held : (weights, biases) of L boolean arrays, or None
    count : int
        Updates that the optimizer has made.
    """

    def __init__(self, session: Session, validates: bool = False) -> None:
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
        self.validates = (validates or self.plateau) and len(self.prepared.validation_rows) > 0
        self.encodes = any(what != "number" for _, what in columns_of(session.dataset))
        data = session.dataset
        used = self.rows + (len(self.prepared.validation_rows) if self.validates else 0)
        states = packing.size * (1 + len(names) + (held is not None))
        self.numbers = Numbers(used * (data.inputs.shape[1] + data.targets.shape[1]) + states)

    @property
    def natural(self) -> bool:
        """Whether loss and output activation are computed together, from z."""
        return self.experiment.loss.natural == self.experiment.layers[-1].activation.name

    @property
    def shuffles(self) -> bool:
        """Whether rows come in another order each epoch, or do until the epoch ends."""
        return self.in_batches and (self.batch < self.rows or self.present.shuffle)

    @property
    def headline(self) -> str:
        """What the script is, in a line."""
        sizes = "-".join(map(str, self.sizes))
        return f"A {sizes} network on {said(self.session.dataset.name)}, after {self.present.step} steps"


# -- data ------------------------------------------------------------------------------------------


def data_section(facts: Facts, made: str = "{}", single: str = ".astype(np.float32)") -> Section:
    """How rows are prepared; the function that does it, for training rows and any further ones.

    Parameters
    ----------
    made : str
        What becomes of an array of prepared rows, `{}` being the array.
    single : str
        How an array is made one of single precision, where the network is.
    """
    prepared, data, numbers = facts.prepared, facts.session.dataset, facts.numbers
    cast = single if facts.experiment.dtype == "float32" else ""
    lines: list[str] = []
    if not numbers.embedded:
        lines += ["with np.load(NUMBERS) as file:", "    numbers = dict(file)"]
    lines.append(f"fill = {numbers.text('fill', prepared.fill)}  # stands in for what is missing")
    scaled = "rows"
    if facts.experiment.scaling != "none":
        lines.append(f"offset = {numbers.text('offset', prepared.offset)}")
        lines.append(f"scale = {numbers.text('scale', prepared.scale)}")
        scaled = "((rows - offset) / scale)" if cast else "(rows - offset) / scale"
    if prepared.scales_targets:
        lines.append(f"target_offset = {numbers.text('target_offset', prepared.target_offset)}")
        lines.append(f"target_scale = {numbers.text('target_scale', prepared.target_scale)}")
    result = made.format(f"{scaled}{cast}")
    body = [
        "rows = np.where(np.isfinite(rows), rows, fill)",
        f"return {result}",
    ]
    if facts.encodes:
        lines += [
            "",
            "# What stands in a row of the data, and how: a category by its levels",
            *_encoding(data),
        ]
        lines += [
            "",
            "",
            "def fill_and_scale(rows):",
            '    """Encoded rows as the network is fed them; NaN is missing."""',
            *(f"    {line}" for line in body),
            "",
            "",
            "def prepare(raw_rows):",
            '    """Rows of cells as they are in the data, one for each of `columns`, encoded and scaled."""',
            "    return fill_and_scale(encode(raw_rows))",
        ]
    else:
        width = data.inputs.shape[1]
        lines += [
            "",
            "",
            "def prepare(raw_rows):",
            '    """Rows of numbers as they are in the data, None or NaN if missing, filled and scaled.',
            "",
            f"    Each has {_some(data.feature_names)}.",
            '    """',
            "    rows = np.atleast_2d(np.asarray(raw_rows, dtype=float))",
            f"    if rows.shape[1] != {width}:",
            f'        raise ValueError(f"a row needs {_counted(width, "number")}, not {{rows.shape[1]}}")',
            *(f"    {line}" for line in body),
        ]
    return Section("How rows are prepared", "\n".join(lines))


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("s" if count != 1 else "")


def rows_section(
    facts: Facts, made: str, training: str = "", indent: str = "", scaled: bool = True
) -> Section:
    """The rows that it is trained on.

    Parameters
    ----------
    made : str
        How a set of rows is written: `{prefix}`, `{inputs}` and `{targets}`, expressions of NumPy.
    training : str
        The prefix of the training rows; that of the others is ``validation_``.
    indent : str
        What the lines of the expressions begin with.
    scaled : bool
        Whether targets that are taught scaled are given so, not as in the data.
    """
    prepared, data, numbers = facts.prepared, facts.session.dataset, facts.numbers
    parts = [(training, prepared.train_rows)]
    if facts.validates:
        parts.append(("validation_", prepared.validation_rows))
    lines = []
    for prefix, rows in parts:
        inputs = numbers.text(f"{prefix}inputs", data.inputs[rows])
        targets, found = data.targets[rows], ""
        if prepared.scales_targets and scaled:
            found = f"({numbers.text(prefix + 'targets', targets)} - target_offset) / target_scale"
        elif numbers.embedded and targets.shape[1] > 1 and _is_one_hot(targets):
            found = f"np.eye({targets.shape[1]})[{_nested(targets.argmax(axis=1))}]"
        found = found or numbers.text(prefix + "targets", targets)
        inputs, found = (textwrap.indent(text, indent) for text in (inputs, found))
        lines.append(made.format(prefix=prefix, inputs=inputs, targets=found))
    names = _some([column for column, _ in feature_columns(data)])
    coded = "encoded; " if facts.encodes else ""
    return Section(f"The rows that it learns from ({coded}{names}), and their targets", "\n".join(lines))


def _is_one_hot(rows: AnyArray) -> bool:
    return bool(np.isin(rows, (0, 1)).all() and (rows.sum(axis=1) == 1).all())


def _some(names: Sequence[str]) -> str:
    """The first names of a list, as they may stand in a comment."""
    return said(", ".join(map(said, names[:8]))) + (", …" if len(names) > 8 else "")


def columns_of(data: Dataset) -> list[tuple[str, str | list[str]]]:
    """The columns that inputs come from: "number", "days" and "date parts", or the levels of a category."""
    types = {column.name: column.type for column in data.columns if column.role == "feature"}
    found: list[tuple[str, str | list[str]]] = []
    for name, levels in feature_columns(data):
        kind = types.get(name, "")
        if kind.startswith("date"):
            found.append((name, "days" if kind == "date" else "date parts"))
        else:
            found.append((name, "number" if levels is None else [*levels]))
    return found


def _encoding(data: Dataset) -> list[str]:
    """The functions that make numbers of cells."""
    columns = columns_of(data)
    kinds = {what for _, what in columns if isinstance(what, str)}
    levels = [level for _, what in columns if isinstance(what, list) for level in what]
    described = {
        "days": "a date (2024-05-31) is its days since 1970",
        "date parts": "a date (2024-05-31) is year, month and weekday",
    }
    told = [text for kind, text in described.items() if kind in kinds]
    told += ["a category has one for each of its levels"] if levels else []
    width = '3 if what == "date parts" else 1' if "date parts" in kinds else "1"
    width = f"len(what) if isinstance(what, list) else {width}" if levels else width
    entries = [(quoted(name), quoted(w) if isinstance(w, str) else quoted_list(w)) for name, w in columns]
    lines = [
        "# What a row of the data has: its columns, and what kind each is; a category with its levels",
        "columns = [",
        *(textwrap.indent(f"({name}, {what}),", "    ") for name, what in entries),
        "]",
        "",
        "",
        "def encode(raw_rows):",
        '    """Rows of cells, one for each of `columns`, as rows of numbers; None, NaN or "" is missing."""',
        "    encoded = []",
        "    for row in np.atleast_2d(np.asarray(raw_rows, dtype=object)):",
        "        pairs = zip(row, columns, strict=True)",
        "        encoded.append([number for cell, column in pairs for number in numbers_of(cell, *column)])",
        "    return np.array(encoded)",
        "",
        "",
        "def numbers_of(cell, name, what):",
        f'    """The numbers that a cell becomes: {", ".join(told)}."""',
        f"    width = {width}",
        '    if cell is None or cell != cell or cell == "":',
        "        return [np.nan] * width",
        '    if what == "number":',
        "        return [float(cell)]",
    ]
    if kinds & described.keys():
        days = "return [(moment - datetime.datetime(1970, 1, 1)) / datetime.timedelta(days=1)]"
        parts = "return [moment.year, moment.month, moment.isoweekday()]"
        lines.append('    if what in ("days", "date parts"):')
        lines.append("        moment = datetime.datetime.fromisoformat(str(cell))")
        if kinds >= described.keys():
            lines += ['        if what == "date parts":', f"            {parts}"]
        lines.append(f"        {days if 'days' in kinds else parts}")
    if levels:
        whole = any(level.lstrip("-").isdecimal() for level in levels)
        text = "str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)"
        lines += [
            f"    level = {text if whole else 'str(cell)'}",
            "    if level not in what:",
            '        warnings.warn(f"{name}: {level!r} is new and counts as missing", stacklevel=4)',
            "        return [np.nan] * width",
            "    return [float(level == each) for each in what]",
        ]
    return lines


# -- parameters ------------------------------------------------------------------------------------


def parameters_section(facts: Facts) -> Section:
    """Weights, biases, slots, what is held, and how far training is."""
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


def now_section(facts: Facts) -> Section:
    """How far training is."""
    present = facts.present
    now = {"step": str(present.step), "epoch": str(present.epoch)}
    if facts.in_batches:
        now["position"] = str(present.offset)
    if facts.plateau:
        plateau = present.plateau
        best = "math.inf" if plateau.best == float("inf") else repr(plateau.best)
        now |= {"factor": repr(plateau.factor), "best": best, "waited": str(plateau.waited)}
        if not facts.validates:
            now["epoch_loss"] = "math.nan" if math.isnan(present.epoch_loss) else repr(present.epoch_loss)
    text = ", ".join(f'"{name}": {value}' for name, value in now.items())
    told = ", and rows used of the epoch" if facts.in_batches else ""
    told += "; what the learning rate depends on" if facts.plateau else ""
    return Section(f"How far training is: steps and epochs that are done{told}", f"now = {{{text}}}")


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


# -- training --------------------------------------------------------------------------------------


def order_section(facts: Facts) -> Section:
    """The order of the rows of an epoch."""
    count = facts.rows
    together = max(1, 65_536 // count)
    code = f'''
@functools.lru_cache(maxsize=1)
def orders(block):
    """The orders of the rows in {together} epochs, which are drawn together."""
    rng = np.random.default_rng([{facts.experiment.seed}, 1, block])
    return rng.permuted(np.broadcast_to(np.arange({count}), ({together}, {count})), axis=1)


def shuffled(epoch):
    """The order of the rows in an epoch, as Backprop Lab has it."""
    return orders(epoch // {together})[epoch % {together}]
'''
    return Section("The order of the rows depends on the seed and the epoch alone", code)


def order_text(facts: Facts) -> str:
    """The expression for the order of the rows of the epoch; one that is under way may have another."""
    later = 'shuffled(now["epoch"])' if facts.batch < facts.rows else f"np.arange({facts.rows})"
    first = 'shuffled(now["epoch"])' if facts.present.shuffle else f"np.arange({facts.rows})"
    if first == later or not facts.present.offset:
        return later
    return f'{first} if now["epoch"] == {facts.present.epoch} else {later}'


def masks_section(facts: Facts, only_dropped: bool = False) -> Section:
    """Dropout masks as the engine draws them; of all layers, or of those that drop."""
    hidden = [(layer.dropout, layer.units) for layer in facts.experiment.layers[:-1]]
    hidden = [each for each in hidden if each[0] or not only_dropped]
    mask = "kept / (1 - share)"
    if facts.experiment.dtype == "float32":
        mask = f"({mask}).astype(np.float32)"
    draw = ["kept = rng.random((size, units)) >= share", f"masks.append({mask})"]
    if any(not share for share, _ in hidden):
        lines = ["if share == 0:", "    masks.append(1.0)", "    continue", *draw]
    else:
        lines = draw
    of = "the activations of each hidden layer" if not only_dropped else "activations"
    code = f'''
def draw_masks(step_number, size):
    """What {of} are multiplied with: 0, or 1 / (1 - share dropped)."""
    rng = np.random.default_rng([{facts.experiment.seed}, 2, step_number])
    masks = []
    for share, units in {hidden}:
{textwrap.indent(chr(10).join(lines), "        ")}
    return masks
'''
    return Section("Dropout: Backprop Lab's masks depend on the seed and the step alone", code)


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
    e = facts.experiment
    s: Any = e.schedule
    if facts.plateau:
        text_of({"reduce_on_plateau": ""}, s.name, "Python")
        formula = f'{e.learning_rate!r} * now["factor"]'
    else:
        rate = Traced(None, (), repr(e.learning_rate))
        factor = named(s).factor_of(Traced(None, (), "steps"), Traced(None, (), "epochs"))
        (formula,) = written(lambda: rate * factor if isinstance(factor, Traced) else rate)
    if "np." in formula:  # NumPy's own numbers would make single precision double
        formula = f"float({formula})"
    code = f"""
def learning_rate(steps, epochs):
    return {formula}
"""
    if facts.plateau:
        code += f'''

def observe(loss):
    """Multiply the rate when the loss has not improved for more than {s.patience} epochs."""
    if math.isnan(loss):  # an epoch that was not seen whole
        return
    if loss < now["best"] * (1 - {s.threshold!r}):
        now.update(best=loss, waited=0)
    elif now["waited"] + 1 > {s.patience}:
        now.update(factor=now["factor"] * {s.factor!r}, waited=0)
    else:
        now["waited"] += 1
'''
    return Section(f"The learning rate after some steps and epochs; schedule {s.name}", code)


def observed(facts: Facts, evaluated: str) -> tuple[list[str], list[str]]:
    """What a plateau needs to be told: lines after each step, and lines at the end of an epoch.

    Parameters
    ----------
    evaluated : str
        The loss of the validation rows.
    """
    if not facts.plateau:
        return [], []
    if facts.validates:
        return [], [f"observe({evaluated})"]
    weight = "" if facts.experiment.reduction == "sum" else " * len(x)"
    return [f'now["epoch_loss"] += loss{weight}'], [
        f'observe(now["epoch_loss"] / {facts.rows})',
        'now["epoch_loss"] = 0.0',
    ]


# -- predicting ------------------------------------------------------------------------------------


def predict_section(facts: Facts, body: Sequence[str], result: str, decorator: str = "") -> Section:
    """The functions that predict further rows.

    Parameters
    ----------
    body : sequence of str
        Lines before the last, that of what is returned.
    result : str
        What the network makes of the prepared `raw_rows`, as a NumPy array.
    """
    data, threshold = facts.session.dataset, facts.experiment.loss.threshold
    if facts.prepared.scales_targets:
        result += " * target_scale + target_offset"
    names = {"binary": data.class_names, "multiclass": data.class_names, "multilabel": data.target_names}
    lines = []
    if data.kind in names:
        lines += [f"classes = {quoted_list(names[data.kind])}", "", ""]
        what = f"of {_some(data.target_names)}"
    else:
        what = f"{_some(data.target_names)}, in the unit of the data"
    function = [decorator] if decorator else []
    lines += [
        *function,
        f"def {'outputs' if data.kind in names else 'predict'}(raw_rows):",
        f'    """The outputs for rows as they are in the data, a column for each: {what}."""',
        *(f"    {line}" for line in body),
        f"    return {result}",
    ]
    shares = "outputs(raw_rows)"
    if data.kind == "multiclass":
        told = "The class of each row, that of the largest output."
        found = f"[classes[i] for i in {shares}.argmax(axis=1)]"
    elif data.kind == "binary":
        told = f"The class of each row, the second where the output is at least {threshold:g}."
        found = f"[classes[int(output >= {threshold:g})] for output in {shares}[:, 0]]"
    else:
        told = f"The labels of each row, those whose output is at least {threshold:g}."
        pairs = f"zip(classes, row, strict=True) if output >= {threshold:g}"
        found = f"[[label for label, output in {pairs}] for row in {shares}]"
    if data.kind in names:
        lines += ["", "", "def predict(raw_rows):", f'    """{told}"""', f"    return {found}"]
    return Section("Predicting, with the weights as they are by then", "\n".join(lines))


# -- writing ---------------------------------------------------------------------------------------

STANDARD_MODULES = ("argparse", "datetime", "functools", "math", "os", "warnings")


def modules_of(sections: Sequence[Section]) -> list[str]:
    """The modules of the standard library that sections use."""
    code = "\n".join(section.code for section in sections)
    return [module for module in STANDARD_MODULES if re.search(rf"\b{module}\.", code)]


def script_text(
    facts: Facts, sections: Sequence[Section], imports: Sequence[str], usage: str, needs: str
) -> str:
    """A script of some sections.

    Parameters
    ----------
    imports : sequence of str
        Import lines beyond those of NumPy and the standard library.
    usage : str
        How it is used.
    needs : str
        What must be installed.
    """
    body = "".join(map(_section_text, sections)).lstrip("\n")
    lines = [f"import {module}" for module in modules_of(sections)]
    setting = ""
    if not facts.numbers.embedded:
        lines.append("from pathlib import Path")
        setting = 'NUMBERS = Path(__file__).with_suffix(".numbers.npz")\n\n'
    head = f'''"""{facts.headline}.

{usage}
Import it, and `predict(raw_rows)` is for further rows. It needs {needs}.
"""

'''
    start = "\n".join([*lines, "", "import numpy as np", *imports]).lstrip("\n")
    return re.sub(r"\n{4,}", "\n\n\n", f"{head}{start}\n\n{setting}{body}").rstrip("\n") + "\n"


def _section_text(section: Section) -> str:
    title = ""
    if section.title:
        title = textwrap.fill(section.title, 98, initial_indent="# ", subsequent_indent="# ") + "\n"
    code = section.code.strip("\n")
    gap = "\n\n\n" if re.search(r"^(def|class|if) ", code, re.MULTILINE) else "\n\n"
    return f"{gap}{title}{code}{gap}"


def save(path: Where, text: str, numbers: Numbers) -> tuple[Path, ...]:
    """Write a script or notebook, and its numbers beside it if it does not hold them; the paths."""
    target = Path(path)
    paths = [target]
    if not numbers.embedded:
        content = io.BytesIO()
        arrays: dict[str, Any] = numbers.arrays
        np.savez_compressed(content, **arrays)
        beside = target.with_suffix(".numbers.npz")
        with replacing(beside) as file:
            file.write(content.getvalue())
        paths.append(beside)
    write_text(target, text)
    return tuple(paths)
