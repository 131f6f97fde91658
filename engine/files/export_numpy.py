"""A session as a NumPy script that goes on with the same numbers."""

from __future__ import annotations

import textwrap
from pathlib import Path

from engine.files.atomic import Where
from engine.files.script import (
    NEXT_STEPS,
    Facts,
    Section,
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
from engine.functions.activations import SELU, Activation

# Bodies of f(z) and of dL/dz from `upstream` = dL/da; {name} are the rule's parameters.
ACTIVATIONS: dict[str, tuple[str, str]] = {
    "linear": ("return z", "return upstream"),
    "sigmoid": ("return 1 / (1 + np.exp(-z))", "return upstream * a * (1 - a)"),
    "tanh": ("return np.tanh(z)", "return upstream * (1 - a * a)"),
    "relu": ("return np.maximum(z, 0)", "return upstream * (z > 0)"),
    "leaky_relu": (
        "return np.maximum(z, {slope_below} * z)",
        "return np.where(z > 0, upstream, {slope_below} * upstream)",
    ),
    "elu": (
        "return np.where(z > 0, z, {alpha} * np.expm1(np.minimum(z, 0)))",
        "return np.where(z > 0, upstream, upstream * {alpha} * np.exp(np.minimum(z, 0)))",
    ),
    "selu": (
        "return {scale} * np.where(z > 0, z, {alpha} * np.expm1(np.minimum(z, 0)))",
        "return {scale} * np.where(z > 0, upstream, upstream * {alpha} * np.exp(np.minimum(z, 0)))",
    ),
    "softplus": ("return np.logaddexp(z, 0)", "return upstream / (1 + np.exp(-z))"),
    "softsign": ("return z / (1 + np.abs(z))", "return upstream / (1 + np.abs(z)) ** 2"),
    "silu": (
        "return z / (1 + np.exp(-z))",
        "gate = 1 / (1 + np.exp(-z))\nreturn upstream * gate * (1 + z * (1 - gate))",
    ),
    "gelu": (
        "return z * normal_distribution(z)",
        "density = np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)\n"
        "return upstream * (normal_distribution(z) + z * density)",
    ),
    "mish": (
        "return z * np.tanh(np.logaddexp(z, 0))",
        "gate = np.tanh(np.logaddexp(z, 0))\n"
        "return upstream * (gate + z / (1 + np.exp(-z)) * (1 - gate * gate))",
    ),
    "hard_sigmoid": ("return np.clip(z / 6 + 0.5, 0, 1)", "return upstream / 6 * (np.abs(z) < 3)"),
    "softmax": (
        "powers = np.exp(z - z.max(axis=1, keepdims=True))\n"
        "return powers / powers.sum(axis=1, keepdims=True)",
        "return a * (upstream - (upstream * a).sum(axis=1, keepdims=True))",
    ),
}

NORMAL_DISTRIBUTION = """def normal_distribution(z):
    values = [0.5 * math.erfc(-math.sqrt(0.5) * x) for x in z.ravel().tolist()]
    return np.array(values, z.dtype).reshape(z.shape)


"""

# The loss of each sample and dL/da, k being the number of outputs.
LOSSES: dict[str, tuple[str, str]] = {
    "squared_error": ("return 0.5 * ((a - t) ** 2).sum(axis=1)", "return a - t"),
    "mean_squared_error": ("return ((a - t) ** 2).mean(axis=1)", "return 2 / a.shape[1] * (a - t)"),
    "mean_absolute_error": ("return np.abs(a - t).mean(axis=1)", "return np.sign(a - t) / a.shape[1]"),
    "huber": (
        "size = np.abs(a - t)\ninner = np.minimum(size, {delta})\n"
        "return (inner * (size - 0.5 * inner)).mean(axis=1)",
        "return np.clip(a - t, -{delta}, {delta}) / a.shape[1]",
    ),
    "binary_cross_entropy": (
        "log_a, log_rest = np.log(np.where(t != 0, a, 1)), np.log(np.where(t != 1, 1 - a, 1))\n"
        "return -(t * log_a + (1 - t) * log_rest).mean(axis=1)",
        "yes, no = t / np.where(t != 0, a, 1), (1 - t) / np.where(t != 1, 1 - a, 1)\n"
        "return (no - yes) / a.shape[1]",
    ),
    "cross_entropy": (
        "return -(t * np.log(np.where(t != 0, a, 1))).sum(axis=1)",
        "return -t / np.where(t != 0, a, 1)",
    ),
    "hinge": (
        "return np.maximum(0, 1 - (2 * t - 1) * a).mean(axis=1)",
        "sign = 2 * t - 1\nreturn -sign * (sign * a < 1) / a.shape[1]",
    ),
}

# With its natural output activation: the loss from z, and dL/dz.
NATURAL_LOSSES: dict[str, tuple[str, str]] = {
    "binary_cross_entropy": (
        "return (np.logaddexp(z, 0) - t * z).mean(axis=1)",
        "return (a - t) / a.shape[1]",
    ),
    "cross_entropy": (
        "shifted = z - z.max(axis=1, keepdims=True)\n"
        "return (t * (np.log(np.exp(shifted).sum(axis=1, keepdims=True)) - shifted)).sum(axis=1)",
        "return a - t",
    ),
}

# What becomes of one array of parameters p with the gradient g, at the optimizer's update number `count`.
OPTIMIZERS: dict[str, str] = {
    "sgd": "u = rate * g",
    "momentum": "v *= {momentum}\nv += g\nu = rate * v",
    "nesterov": "v *= {momentum}\nv += g\nu = rate * (g + {momentum} * v)",
    "adagrad": "s += g * g\nu = rate * g / (np.sqrt(s) + {epsilon})",
    "rmsprop": "s *= {decay}\ns += (1 - {decay}) * g * g\nu = rate * g / (np.sqrt(s) + {epsilon})",
    "adam": (
        "m *= {beta1}\nm += (1 - {beta1}) * g\nv *= {beta2}\nv += (1 - {beta2}) * g * g\n"
        "m_hat, v_hat = m / (1 - {beta1} ** count), v / (1 - {beta2} ** count)\n"
        "u = rate * m_hat / (np.sqrt(v_hat) + {epsilon})"
    ),
}
OPTIMIZERS["adamw"] = OPTIMIZERS["adam"] + "\nu += rate * {weight_decay} * p"

PENALTIES = {"l1": "{strength} * np.sign({w})", "l2": "{strength} * {w}"}


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
        ``cannot_write``.
    """
    facts = Facts(session)
    sections = numpy_sections(facts, f"int(sys.argv[1]) if len(sys.argv) > 1 else {NEXT_STEPS}")
    text = script_text(facts, sections, (), "NumPy", Path(path).name)
    return save(path, text, facts.numbers)


def numpy_sections(facts: Facts, steps: str) -> list[Section]:
    """The sections of the script; `steps` is an expression for how many steps it makes."""
    sections = [data_section(facts), parameters_section(facts), _network(facts), _loss(facts)]
    if facts.dropout:
        sections.append(masks_section(facts))
    sections += [_update(facts), _train(facts), rate_section(facts)]
    if facts.in_batches and (facts.batch < facts.rows or facts.present.shuffle):
        sections.append(order_section(facts))
    return [*sections, _predict(facts), loop_section(facts, steps)]


def _function(head: str, body: str) -> str:
    return f"def {head}:\n{textwrap.indent(body, '    ')}\n"


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
    code = NORMAL_DISTRIBUTION if any(name.startswith("gelu") for name in names) else ""
    written = set()
    for name, layer in zip(names, facts.experiment.layers, strict=True):
        if name in written:
            continue
        written.add(name)
        values = values_of(layer.activation)
        if layer.activation.name == "selu":
            values = {"alpha": repr(SELU.alpha), "scale": repr(SELU.scale)}
        value, back = (text.format(**values) for text in ACTIVATIONS[layer.activation.name])
        code += _function(f"{name}(z)", value) + "\n\n"
        if name in used:
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
    loss = facts.experiment.loss
    table = NATURAL_LOSSES if facts.natural else LOSSES
    value, gradient = (text.format(**values_of(loss)) for text in table[loss.name])
    per_sample = _function(f"losses({'z' if facts.natural else 'a'}, t)", value)
    slope = _function(f"{'output_delta' if facts.natural else 'loss_gradient'}(a, t)", gradient)
    title = f"The loss of each sample, {loss.name}, and its derivative"
    if facts.natural:
        title += f" by z: that by a and that of {loss.natural} cancel to a - t"
    return Section(title, f"{per_sample}\n\n{slope}")


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
    body = OPTIMIZERS[e.optimizer.name].format(**values_of(e.optimizer))
    if held:
        body += "\nu[held] = 0"
    body += "\np -= u"
    if e.optimizer.name == "sgd" and not held:
        body = "p -= rate * g"
    counted = ", count" if "** count" in body else ""
    code = f'''{start}

def update(l, dW, db, rate{counted}):
    """One update of layer l."""
    for {", ".join(["p", "g", *names, *held])} in ({parts}):
{textwrap.indent(body, "        ")}
'''
    return Section(f"The optimizer: {e.optimizer.name}", code.strip("\n"))


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
    penalty = PENALTIES.get(e.regularizer.name)
    if penalty is not None:
        text = penalty.format(**values_of(e.regularizer), w="W[l]")
        body.append(f"dW += {text}  # the penalty's part")
    if e.clipping.name == "value":
        limit = values_of(e.clipping)["limit"]
        body += [f"dW, db = np.clip(dW, -{limit}, {limit}), np.clip(db, -{limit}, {limit})"]
    counted = ", step + 1 - " + str(facts.present.optimizer_start)
    counted = counted if e.optimizer.name.startswith("adam") else ""
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
    return predict_section(facts, f"{z_a} = forward(prepare(rows){masks})\nreturn a[-1]")
