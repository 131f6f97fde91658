"""A session as a NumPy script that goes on with the same numbers."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from engine.files.atomic import Where
from engine.files.script import (
    NEXT_STEPS,
    Facts,
    Section,
    check_clipping,
    data_section,
    loop_section,
    masks_section,
    order_section,
    parameters_section,
    predict_section,
    rate_section,
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


def export_numpy(session: Session, path: Where) -> tuple[Path, ...]:
    """Write a NumPy script of this network, its data and its optimizer's state.

    Run, it makes the next steps and prints each loss: those of the app, to 1e-12 in float64. Changes that
    were made later in the run than the moment that is looked at are not part of it.

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
    sections = numpy_sections(facts, f"int(sys.argv[1]) if len(sys.argv) > 1 else {NEXT_STEPS}")
    text = script_text(facts, sections, (), "NumPy", Path(path).name)
    return save(path, text, facts.numbers)


def numpy_sections(facts: Facts, steps: str) -> list[Section]:
    """The sections of the script; `steps` is an expression for how many steps it makes."""
    check_clipping(facts, "NumPy")
    sections = [data_section(facts), parameters_section(facts), _network(facts), _loss(facts)]
    if facts.dropout:
        sections.append(masks_section(facts))
    sections += [_update(facts), _train(facts), rate_section(facts)]
    if facts.in_batches and (facts.batch < facts.rows or facts.present.shuffle):
        sections.append(order_section(facts))
    return _with_functions([*sections, _predict(facts), loop_section(facts, steps)])


def _with_functions(sections: list[Section]) -> list[Section]:
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

def forward(x, masks):
    """Pre-activations z, activations before dropout, and after it; a[0] are the inputs."""
    z, raw, a = [], [], [x]
    for w, bias, activation, mask in zip(W, b, activations, masks):
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
    for w, bias, activation in zip(W, b, activations):
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
        f"({', '.join([f'{p}[l]', f'd{p}', *(f'{n}_{p}[l]' for n in [*names, *held])])})" for p in ("W", "b")
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

def update(l, dW, db, rate{counted}):
    """One update of layer l."""
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


def _train(facts: Facts) -> Section:
    e = facts.experiment
    output_first = e.update_order == "output_first"
    final = "raw" if facts.dropout else "a"
    lines = []
    if facts.dropout:
        lines.append("masks = [*draw_masks(step, len(x)), 1.0]")
        lines.append("z, raw, a = forward(x, masks)")
    else:
        lines.append("z, a = forward(x)")
    reduce = "mean" if e.reduction == "mean" else "sum"
    lines.append(f"loss = losses({'z[-1]' if facts.natural else 'a[-1]'}, t).{reduce}()")
    scale = " / len(x)" if e.reduction == "mean" else ""
    if facts.natural:
        lines.append(f"delta = output_delta(a[-1], t){scale}")
    else:
        lines.append(f"delta = backs[-1](z[-1], {final}[-1], loss_gradient(a[-1], t){scale})")
    bias = "mean" if e.bias_reduction == "mean" and e.reduction == "sum" else "sum"
    body = ["dW, db = a[l].T @ delta, delta." + bias + "(axis=0)"]
    if e.regularizer.name != "none":
        (text,) = written(e.regularizer.slope_of, "W[l]", values_of(e.regularizer)["strength"])
        body.append(f"dW += {text}  # the penalty's part")
    if e.clipping.name == "value":
        limit = values_of(e.clipping)["limit"]
        body += [f"dW, db = np.clip(dW, -{limit}, {limit}), np.clip(db, -{limit}, {limit})"]
    counted = ", step + 1 - " + str(facts.present.optimizer_start)
    counted = counted if _counts(e.optimizer) else ""
    counted = counted.removesuffix(" - 0")
    if output_first:
        body.append(f"update(l, dW, db, rate{counted})  # before delta goes on to the layer below")
    else:
        lines.append("gradients = {}")
        body.append("gradients[l] = dW, db")
    if len(e.layers) > 1:
        below = "delta @ W[l].T"
        if facts.dropout:
            below = f"{below} * masks[l - 1]"
        kept = "raw[l - 1]" if facts.dropout else "a[l]"
        body += ["if l > 0:", f"    delta = backs[l - 1](z[l - 1], {kept}, {below})"]
    lines.append("for l in reversed(range(len(W))):")
    lines += [f"    {line}" for line in body]
    if e.clipping.name == "global_norm":
        limit = values_of(e.clipping)["limit"]
        lines.append(
            "norm = math.sqrt(sum(float((g * g).sum()) for pair in gradients.values() for g in pair))"
        )
        lines.append(f"factor = {limit} / norm if norm > {limit} else 1.0")
        lines.append("gradients = {l: (dW * factor, db * factor) for l, (dW, db) in gradients.items()}")
    if not output_first:
        lines.append("for l, (dW, db) in gradients.items():")
        lines.append(f"    update(l, dW, db, rate{counted})")
    lines.append("return float(loss)")
    code = _function(
        "train(x, t, step, rate)", '"""One step on a mini-batch; its loss."""\n' + "\n".join(lines)
    )
    if facts.validates:
        masks = f", [1.0] * {len(e.layers)}" if facts.dropout else ""
        z_a = "z, raw, a" if facts.dropout else "z, a"
        value = f"losses({'z[-1]' if facts.natural else 'a[-1]'}, t).{reduce}()"
        evaluate = f"{z_a} = forward(x{masks})\nreturn float({value})"
        code += "\n\n" + _function("evaluate(x, t)", evaluate)
    order = ", each layer updated before the one below it" if output_first else ""
    return Section(f"A step: forward, backward, update{order}", code)


def _predict(facts: Facts) -> Section:
    """Prediction is a forward pass without dropout."""
    masks = f", [1.0] * {len(facts.sizes) - 1}" if facts.dropout else ""
    z_a = "z, raw, a" if facts.dropout else "z, a"
    return predict_section(facts, [f"{z_a} = forward(prepare(rows){masks})"], "a[-1]")
