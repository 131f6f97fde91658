"""A session as a PyTorch script that goes on with the same numbers."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.errors import SessionError
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
    text_of,
    values_of,
)
from engine.files.session import Session
from engine.functions.activations import Activation
from engine.functions.table import Rule
from engine.functions.traced import TORCH, Formula, UnwrittenError, named, total, written

DROPOUT = '''

class Dropout(torch.nn.Dropout):
    """Dropout that takes the mask it is given, in training the one that Backprop Lab draws."""

    mask = None

    def forward(self, a):
        return super().forward(a) if self.mask is None else a * self.mask


'''


def export_pytorch(session: Session, path: Where) -> tuple[Path, ...]:
    """Write a PyTorch script of this network, its data and its optimizer's state.

    Run, it makes the next steps and prints each loss: those of the app, to 1e-10 in float64, with the
    app's order of rows and dropout masks. Changes that were made later in the run than the moment that
    is looked at are not part of it.

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
        ``not_exportable`` for the update order "output_first", which autograd does not have, and for
        rules that PyTorch has not; ``cannot_write``.
    """
    facts = Facts(session)
    if facts.experiment.update_order != "together":
        raise _not_exportable(f"update_order = {facts.experiment.update_order}")
    check_clipping(facts, "PyTorch")
    data = data_section(facts, "torch.from_numpy({})")
    sections = [data, parameters_section(facts), _model(facts)]
    if facts.dropout:
        sections.append(masks_section(facts))
    sections += [_loss(facts), _optimizer(facts), _train(facts), rate_section(facts)]
    if facts.in_batches and (facts.batch < facts.rows or facts.present.shuffle):
        sections.append(order_section(facts))
    sections.append(_predict(facts))
    sections.append(loop_section(facts, f"int(sys.argv[1]) if len(sys.argv) > 1 else {NEXT_STEPS}"))
    functional = any("functional." in section.code for section in sections)
    imports = ["import torch", *(["from torch.nn import functional"] if functional else [])]
    text = script_text(facts, sections, imports, "PyTorch and NumPy", Path(path).name)
    return save(path, text, facts.numbers)


def _function(head: str, lines: Sequence[str], documentation: str = "") -> str:
    body = [*([f'"""{documentation}"""'] if documentation else []), *lines[:-1], f"return {lines[-1]}"]
    return f"def {head}:\n{textwrap.indent(chr(10).join(body), '    ')}\n"


def _not_exportable(what: str) -> SessionError:
    return SessionError("not_exportable", what=what, format="PyTorch", instead="NumPy")


def _written(rule: Rule, formula: Formula, *names: str) -> list[str]:
    """A formula of a rule as lines of PyTorch."""
    try:
        return written(formula, *names, dialect=TORCH)
    except UnwrittenError:
        raise _not_exportable(rule.name) from None


def _module(rule: Activation) -> str:
    """An activation's module: PyTorch's own, or one written from the formula."""
    return rule.pytorch.format(**values_of(rule)) if rule.pytorch else f"{_class_name(rule)}()"


def _class_name(rule: Activation) -> str:
    values = "".join(re.sub(r"\W", "_", value) for value in values_of(rule).values())
    return "".join(part.capitalize() for part in rule.name.split("_")) + values


def _own_modules(facts: Facts) -> list[str]:
    """Classes of the activations that PyTorch has no module for, or none in double precision."""
    rules = dict.fromkeys(layer.activation for layer in facts.experiment.layers)
    lines: list[str] = []
    for rule in rules:
        if rule.pytorch or rule.name == "linear":
            continue
        forward = _function("forward(self, z)", _written(rule, named(rule).f, "z"))
        lines += ["", "", f"class {_class_name(rule)}(torch.nn.Module):"]
        lines += textwrap.indent(forward, "    ").splitlines()
        lines += ["", ""]
    return lines


def _model(facts: Facts) -> Section:
    lines = [f"torch.set_default_dtype(torch.{facts.experiment.dtype})"]
    lines += _own_modules(facts)
    if facts.dropout:
        lines += DROPOUT.splitlines()
    lines.append("model = torch.nn.Sequential(")
    last = len(facts.sizes) - 2
    for index, layer in enumerate(facts.experiment.layers):
        lines.append(f"    torch.nn.Linear({facts.sizes[index]}, {facts.sizes[index + 1]}),")
        if layer.activation.name != "linear" and not (index == last and facts.natural):
            lines.append(f"    {_module(layer.activation)},")
        if layer.dropout:
            lines.append(f"    Dropout({layer.dropout!r}),")
    lines += [")", "layers = [module for module in model if isinstance(module, torch.nn.Linear)]"]
    if facts.dropout:
        lines.append("dropouts = [module for module in model if isinstance(module, Dropout)]")
        lines.append("model.eval()  # nothing is dropped but in train")
    lines += [
        "with torch.no_grad():",
        "    for layer, w, bias in zip(layers, W, b):",
        "        layer.weight.copy_(torch.from_numpy(w.T))",
        "        layer.bias.copy_(torch.from_numpy(bias))",
    ]
    title = "The model"
    if facts.natural:
        title += f"; it gives pre-activations, for {facts.experiment.loss.natural} is in the loss"
    return Section(title, "\n".join(lines))


def _loss(facts: Facts) -> Section:
    loss = facts.experiment.loss
    name = "z" if facts.natural else "a"
    if facts.natural:
        if not loss.pytorch_from_z:
            raise _not_exportable(loss.name)
        lines = [loss.pytorch_from_z.format(**values_of(loss))]
    else:
        rule = named(loss)
        lines = _written(loss, lambda a, t, k: total(rule.term(a, t, k)), "a", "t", "a.shape[1]")
    code = _function(f"losses({name}, t)", lines)
    return Section(f"The loss of each sample, {loss.name}", code)


def _optimizer(facts: Facts) -> Section:
    rule: Any = facts.experiment.optimizer
    values = {**values_of(rule), "rate": repr(facts.experiment.learning_rate)}
    if not rule.pytorch:
        raise _not_exportable(rule.name)
    text = rule.pytorch.format(**values)
    if rule.name == "nesterov" and not rule.momentum:
        text = text.replace(", nesterov=True", "")  # it is the same, and PyTorch refuses it
    lines = [f"optimizer = torch.optim.{text}"]
    if facts.count and facts.slots:
        names, counted = dict(zip(rule.slots, rule.pytorch_slots, strict=True)), rule.pytorch_counts
        lines.append("for l, layer in enumerate(layers):")
        for parameter, suffix in (("weight", "W[l].T"), ("bias", "b[l]")):
            lines.append(f"    optimizer.state[layer.{parameter}] = {{")
            if counted:
                lines.append(f'        "step": torch.tensor({float(facts.count)}),')
            for ours, theirs in names.items():
                lines.append(f'        "{theirs}": torch.from_numpy({ours}_{suffix}.copy()),')
            lines.append("    }")
    state = " and its state" if len(lines) > 1 else ""
    return Section(f"The optimizer, {rule.name}{state}", "\n".join(lines))


def _train(facts: Facts) -> Section:
    e = facts.experiment
    reduce = "mean" if e.reduction == "mean" else "sum"
    lines = ['"""One step on a mini-batch; its loss."""', 'optimizer.param_groups[0]["lr"] = rate']
    if facts.dropout:
        hidden = [i for i, layer in enumerate(e.layers) if layer.dropout]
        lines += [
            "model.train()",
            "masks = draw_masks(step, len(x))",
            f"for dropout, l in zip(dropouts, {hidden}):",
            "    dropout.mask = torch.from_numpy(masks[l])",
        ]
    lines += [f"loss = losses(model(x), t).{reduce}()", "optimizer.zero_grad()"]
    if e.regularizer.name == "none":
        lines.append("loss.backward()")
    else:
        if not e.regularizer.pytorch:
            raise _not_exportable(e.regularizer.name)
        text = e.regularizer.pytorch.format(**values_of(e.regularizer))
        lines += [f"penalty = {text}", "(loss + penalty).backward()"]
    if facts.dropout:
        lines += [
            "for dropout in dropouts:",
            "    dropout.mask = None  # it was this batch's",
            "model.eval()",
        ]
    if e.bias_reduction == "mean" and e.reduction == "sum":
        lines += ["for layer in layers:", "    layer.bias.grad /= len(x)"]
    if e.clipping.name == "value":
        limit = values_of(e.clipping)["limit"]
        lines.append(f"torch.nn.utils.clip_grad_value_(model.parameters(), {limit})")
    elif e.clipping.name == "global_norm":
        limit = values_of(e.clipping)["limit"]
        lines += [
            "norm = torch.sqrt(sum((p.grad**2).sum() for p in model.parameters()))",
            f"if norm > {limit}:",
            "    for p in model.parameters():",
            f"        p.grad *= {limit} / norm",
        ]
    if facts.held is None:
        lines.append("optimizer.step()")
    else:
        lines += [
            "before = [p.detach().clone() for p in model.parameters()]",
            "optimizer.step()",
            "with torch.no_grad():",
            "    for p, old, held in zip(model.parameters(), before, holds):",
            "        p[held] = old[held]",
        ]
    lines.append("return loss.item()")
    code = "def train(x, t, step, rate):\n" + textwrap.indent("\n".join(lines), "    ") + "\n"
    if facts.held is not None:
        code = (
            "holds = [torch.from_numpy(held.T.copy()) for pair in zip(held_W, held_b) for held in pair]\n\n\n"
            + code
        )
    if facts.validates:
        code += f"""

def evaluate(x, t):
    with torch.no_grad():
        return losses(model(x), t).{reduce}().item()
"""
    return Section("A step: forward, backward, update", code)


# The natural output activation, which is in the loss while training, from pre-activations z.
OUTPUTS = {"sigmoid": "torch.sigmoid(z)", "softmax": "torch.softmax(z, dim=1)"}


def _predict(facts: Facts) -> Section:
    """What the model gives, or the activation of it where that is in the loss; as a NumPy array."""
    model = "model(torch.from_numpy(prepare(rows)))"
    if not facts.natural:
        return predict_section(facts, ["with torch.no_grad():", f"    outputs = {model}.numpy()"], "outputs")
    outputs = text_of(OUTPUTS, facts.experiment.layers[-1].activation.name, "PyTorch")
    body = ["with torch.no_grad():", f"    z = {model}", f"    outputs = {outputs}.numpy()"]
    return predict_section(facts, body, "outputs")
