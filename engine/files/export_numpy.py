"""A session as a NumPy script to go on from: it trains on, keeps its weights, and predicts raw rows."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.files.atomic import Where
from engine.files.script import (
    NEXT_STEPS,
    Facts,
    Section,
    check_clipping,
    data_section,
    masks_section,
    now_section,
    observed,
    order_section,
    order_text,
    parameters_section,
    predict_section,
    rate_section,
    rows_section,
    said,
    save,
    script_text,
    values_of,
)
from engine.files.session import Session
from engine.functions.activations import Activation
from engine.functions.optimizers import Optimizer
from engine.functions.traced import Formula, Quantity, named, total, written, written_in_place

# What formulas use beside NumPy
FUNCTIONS = {
    "normal_distribution": """def normal_distribution(z):
    values = [0.5 * math.erfc(-math.sqrt(0.5) * x) for x in z.ravel().tolist()]
    return np.array(values, z.dtype).reshape(z.shape)
""",
    "quotient": """def quotient(x, y):
    \"\"\"x / y, and 0 where x is 0.\"\"\"
    return np.where(x != 0, x / np.where(x != 0, y, 1), 0)
""",
    "x_log_y": """def x_log_y(x, y):
    \"\"\"x log y, and 0 where x is 0.\"\"\"
    return x * np.log(np.where(x != 0, y, 1))
""",
}

USAGE = """    python {name}                          trains on for {steps} steps, and prints the loss of each
    python {name} 500 --save weights.npz   for 500, and keeps the weights and the optimizer's state
    python {name} --load weights.npz       goes on from there
"""

MAIN = f"""
if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Trains on, and prints the loss of each step.")
    parser.add_argument("steps", type=int, nargs="?", default={NEXT_STEPS})
    parser.add_argument("--load", metavar="FILE", help="what --save kept, to go on from")
    parser.add_argument("--save", metavar="FILE", help="where weights are kept afterwards")
    chosen = parser.parse_args()
    if chosen.load:
        load(chosen.load)
    train(chosen.steps)
    if chosen.save:
        save(chosen.save)
"""

KEEPING = '''
def parts():
    """All arrays that training changes, by name."""
    lists = {{{lists}}}
    return {{f"{{name}}{{i}}": array for name, arrays in lists.items() for i, array in enumerate(arrays, 1)}}


def save(path):
    """Keep {what} and how far training is."""
    with open(path, "wb") as file:
        np.savez(file, **parts(), **now)


def load(path):
    """Take up what `save` kept."""
    with np.load(path) as file:
        kept = dict(file)
    arrays = parts()
    if any(name not in kept or kept[name].shape != arrays[name].shape for name in arrays):
        raise ValueError(f"{{path}} is of another network")
    for name, array in arrays.items():
        array[...] = kept[name]
    now.update({{name: kept[name].item() for name in now}})
'''


def export_numpy(session: Session, path: Where) -> tuple[Path, ...]:
    """Write a NumPy script of this network, its data and its optimizer's state.

    Run, it makes the next steps and prints each loss: those of the app, to 1e-12 in float64. It keeps and
    takes up weights, and its `predict` takes rows as they are in the data. Changes that were made later in
    the run than the moment that is looked at are not part of it.

    Parameters
    ----------
    session : Session
    path : path
        Of the script. Unless the numbers are few they go into an NPZ file beside it.

    Returns
    -------
    tuple of Path
        What was written.

    Raises
    ------
    SessionError
        ``not_exportable`` for a schedule or clipping that scripts have not; ``cannot_write``.
    """
    facts = Facts(session)
    sections = [*numpy_sections(facts), Section("", MAIN)]
    usage = USAGE.format(name=said(Path(path).name), steps=NEXT_STEPS)
    return save(path, script_text(facts, sections, (), usage, "NumPy"), facts.numbers)


def numpy_sections(facts: Facts) -> list[Section]:
    """The sections of the script, but for what is done with all of it."""
    check_clipping(facts, "NumPy")
    cast = ".astype(np.float32)" if facts.experiment.dtype == "float32" else ""
    made = "fill_and_scale" if facts.encodes else "prepare"
    targets = "{prefix}targets = ({targets})" + cast if cast else "{prefix}targets = {targets}"
    rows = f"{{prefix}}inputs = {made}({{inputs}})\n{targets}"
    sections = [
        data_section(facts),
        rows_section(facts, rows),
        parameters_section(facts),
        now_section(facts),
        _network(facts),
        _loss(facts),
    ]
    if facts.dropout:
        sections.append(masks_section(facts))
    sections += [_update(facts), rate_section(facts), _step(facts)]
    if facts.shuffles:
        sections.append(order_section(facts))
    return _with_functions([*sections, _train(facts), _predict(facts), _keeping(facts)])


def _with_functions(sections: Sequence[Section]) -> list[Section]:
    """The sections, each function of `FUNCTIONS` written where it is first used."""
    missing = dict(FUNCTIONS)
    result = []
    for section in sections:
        used = [name for name in missing if f"{name}(" in section.code]
        code = "".join(missing.pop(name) + "\n\n" for name in used) + section.code
        result.append(Section(section.title, code))
    return result


def _function(head: str, body: str) -> str:
    return f"def {head}:\n{textwrap.indent(body, '    ')}\n"


def _body(formula: Formula, *names: str) -> str:
    """The body of a function that computes a formula."""
    *lines, last = written(formula, *names)
    return "\n".join([*lines, f"return {last}"])


def _names(facts: Facts) -> list[str]:
    """What each layer's activation is called; one rule with other parameters gets a number."""
    rules: list[Activation] = []
    names = []
    for layer in facts.experiment.layers:
        if layer.activation not in rules:
            rules.append(layer.activation)
        same = [rule for rule in rules if rule.name == layer.activation.name]
        place = same.index(layer.activation)
        names.append(layer.activation.name + (f"_{place + 1}" if place else ""))
    return names


def _network(facts: Facts) -> Section:
    names = _names(facts)
    used = names[:-1] if facts.natural else names
    code = ""
    functions = {}
    for name, layer in zip(names, facts.experiment.layers, strict=True):
        functions[name] = named(layer.activation)
    for name, rule in functions.items():
        code += _function(f"{name}(z)", _body(rule.f, "z")) + "\n\n"
        if name in used:
            back = _body(rule.pull_back, "z", "a", "upstream")
            code += _function(f"{name}_back(z, a, upstream)", back) + "\n\n"
    code += f"activations = [{', '.join(names)}]\n"
    if used:
        code += f"backs = [{', '.join(f'{name}_back' for name in used)}]\n"
    if facts.dropout:
        code += '''

def forward(x, masks=None):
    """Pre-activations z, activations before dropout, and after it; a[0] are the inputs.

    Without masks nothing is dropped, as when it predicts.
    """
    masks = masks or [1.0] * len(W)
    z, raw, a = [], [], [x]
    for w, bias, activation, mask in zip(W, b, activations, masks, strict=True):
        z.append(a[-1] @ w + bias)
        raw.append(activation(z[-1]))
        a.append(raw[-1] * mask)
    return z, raw, a
'''
    else:
        code += '''

def forward(x):
    """Pre-activations z and activations a of each layer; a[0] are the inputs."""
    z, a = [], [x]
    for w, bias, activation in zip(W, b, activations, strict=True):
        z.append(a[-1] @ w + bias)
        a.append(activation(z[-1]))
    return z, a
'''
    return Section("The network: activations a = f(z), dL/dz from dL/da, and the forward pass", code)


def _loss(facts: Facts) -> Section:
    loss = named(facts.experiment.loss)
    value = loss.matched_term if facts.natural else loss.term
    slope = loss.matched_slope if facts.natural else loss.term_slope
    x = "z" if facts.natural else "a"
    per_sample = _function(
        f"losses({x}, t)", _body(lambda x, t, k: total(value(x, t, k)), x, "t", f"{x}.shape[1]")
    )
    name = "output_delta" if facts.natural else "loss_gradient"
    gradient = _function(f"{name}(a, t)", _body(slope, "a", "t", "a.shape[1]"))
    title = f"The loss of each sample, {loss.name}, and its derivative"
    if facts.natural:
        title += f" by z: that by a and that of {loss.natural} cancel to a - t"
    return Section(title, f"{per_sample}\n\n{gradient}")


def _update(facts: Facts) -> Section:
    e = facts.experiment
    names = [*e.optimizer.slots]
    held = ["held"] if facts.held is not None else []
    start = ""
    if names and not facts.count:
        start = "".join(
            f"{name}_{p} = [np.zeros_like(array) for array in {p}]\n" for name in names for p in ("W", "b")
        )
    parts = ", ".join(
        f"({', '.join([f'{p}[i]', f'd{p}', *(f'{n}_{p}[i]' for n in [*names, *held])])})" for p in ("W", "b")
    )
    lines = _update_lines(e.optimizer)
    if held:
        lines.append("u[held] = 0")
    lines.append("p -= u")
    if len(lines) == 2:
        lines = [lines[0].replace("u = ", "p -= ")]
    body = "\n".join(lines)
    counted = ", count" if _counts(e.optimizer) else ""
    code = f'''{start}

def update(i, dW, db, rate{counted}):
    """One update of layer i, in place: p is its weights, then its biases, and g their gradient."""
    for {", ".join(["p", "g", *names, *held])} in ({parts}):
{textwrap.indent(body, "        ")}
'''
    return Section(f"The optimizer: {e.optimizer.name}", code.strip("\n"))


def _update_lines(optimizer: Optimizer) -> list[str]:
    """What becomes of the arrays of one update: the slots, and u, which is taken from p."""
    rule = named(optimizer)

    def step(p: Quantity, g: Quantity, rate: Quantity, count: Quantity, *slots: Quantity) -> Any:
        return rule.step(p, g, slots, rule.coefficients(rate, count))

    return written_in_place(step, ["p", "g", "rate", "count", *rule.slots], [*rule.slots, "u"])


def _counts(optimizer: Optimizer) -> bool:
    """Whether the update depends on how many there have been."""
    return any("count" in line for line in _update_lines(optimizer))


def _step(facts: Facts) -> Section:
    e = facts.experiment
    output_first = e.update_order == "output_first"
    final = "raw" if facts.dropout else "a"
    lines = ['rate = learning_rate(now["step"], now["epoch"])']
    if facts.dropout:
        lines.append('masks = [*draw_masks(now["step"], len(x)), 1.0]')
        lines.append("z, raw, a = forward(x, masks)")
    else:
        lines.append("z, a = forward(x)")
    reduce = "mean" if e.reduction == "mean" else "sum"
    lines += [f"loss = losses({'z[-1]' if facts.natural else 'a[-1]'}, t).{reduce}()", ""]
    lines.append("# Backward: delta is dL/dz of a layer, of the last one first")
    scale = " / len(x)" if e.reduction == "mean" else ""
    if facts.natural:
        lines.append(f"delta = output_delta(a[-1], t){scale}")
    else:
        lines.append(f"delta = backs[-1](z[-1], {final}[-1], loss_gradient(a[-1], t){scale})")
    bias = "mean" if e.bias_reduction == "mean" and e.reduction == "sum" else "sum"
    body = ["dW, db = a[i].T @ delta, delta." + bias + "(axis=0)"]
    if e.regularizer.name != "none":
        (text,) = written(e.regularizer.slope_of, "W[i]", values_of(e.regularizer)["strength"])
        body.append(f"dW += {text}  # the penalty's part")
    if e.clipping.name == "value":
        limit = values_of(e.clipping)["limit"]
        body += [f"dW, db = np.clip(dW, -{limit}, {limit}), np.clip(db, -{limit}, {limit})"]
    counted = f', now["step"] + 1 - {facts.present.optimizer_start}' if _counts(e.optimizer) else ""
    counted = counted.removesuffix(" - 0")
    if output_first:
        body.append(f"update(i, dW, db, rate{counted})  # before delta goes on to the layer below")
    else:
        lines.append("gradients = {}")
        body.append("gradients[i] = dW, db")
    if len(e.layers) > 1:
        below = "delta @ W[i].T"
        if facts.dropout:
            below = f"{below} * masks[i - 1]"
        kept = "raw[i - 1]" if facts.dropout else "a[i]"
        body.append("if i > 0:  # back through the weights, then through the activation below them")
        body.append(f"    delta = backs[i - 1](z[i - 1], {kept}, {below})")
    lines.append("for i in reversed(range(len(W))):")
    lines += [f"    {line}" for line in body]
    if e.clipping.name == "global_norm":
        limit = values_of(e.clipping)["limit"]
        lines += [
            "norm = math.sqrt(sum(float((g * g).sum()) for pair in gradients.values() for g in pair))",
            f"factor = {limit} / norm if norm > {limit} else 1.0",
            "gradients = {i: (dW * factor, db * factor) for i, (dW, db) in gradients.items()}",
        ]
    if not output_first:
        lines.append("for i, (dW, db) in gradients.items():")
        lines.append(f"    update(i, dW, db, rate{counted})")
    lines += ['now["step"] += 1', "return float(loss)"]
    told = '"""One step on a mini-batch: forward, backward, update. Its loss, as it was before the update."""'
    code = _function("step(x, t)", told + "\n" + "\n".join(lines))
    if facts.validates:
        value = f"losses({'z[-1]' if facts.natural else 'a[-1]'}, t).{reduce}()"
        evaluate = f"{'z, *_' if facts.natural else '*_, a'} = forward(x)\nreturn float({value})"
        code += "\n\n" + _function("evaluate(x, t)", evaluate)
    order = ", each layer updated before the one below it" if output_first else ""
    return Section(f"A step: forward, backward, update{order}", code)


def _train(facts: Facts) -> Section:
    each, end = observed(facts, "evaluate(validation_inputs, validation_targets)")
    if facts.in_batches:
        lines = [
            f"order = {order_text(facts)}",
            f'rows = order[now["position"] : now["position"] + {facts.batch}]',
            "x, t = inputs[rows], targets[rows]",
        ]
    else:
        lines = ["x, t = inputs, targets"]
    lines += ["loss = step(x, t)", 'print(now["step"], loss)', *each]
    end = ['now["epoch"] += 1', *end]
    if facts.in_batches:
        lines += [
            'now["position"] += len(x)',
            'if now["position"] == len(inputs):',
            '    now["position"] = 0',
            *(f"    {line}" for line in end),
        ]
    else:
        lines += end
    body = [
        '"""Go on for some steps, from wherever training is, and print the loss of each."""',
        "for _ in range(steps):",
        *(f"    {line}" for line in lines),
    ]
    return Section("Training", _function("train(steps)", "\n".join(body)))


def _predict(facts: Facts) -> Section:
    """Prediction is a forward pass without dropout."""
    return predict_section(facts, ["*_, a = forward(prepare(raw_rows))"], "a[-1]")


def _keeping(facts: Facts) -> Section:
    slots = [f"{name}_{p}" for name in facts.experiment.optimizer.slots for p in ("W", "b")]
    lists = ", ".join(f'"{name}": {name}' for name in ["W", "b", *slots])
    what = "weights, biases, the optimizer's state" if slots else "weights, biases"
    return Section("Keeping the weights", KEEPING.format(lists=lists, what=what))
