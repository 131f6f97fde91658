"""A session as a PyTorch script to go on from, with one process or several, or with the app's own numbers."""

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
    text_of,
    values_of,
)
from engine.files.session import Session
from engine.functions.activations import Activation
from engine.functions.table import Rule
from engine.functions.traced import TORCH, Formula, UnwrittenError, named, total, written

USAGE = """    python {name}                        trains on for {steps} steps, and prints the loss of each
    python {name} 500 --save weights.pt  for 500, and keeps the weights and the optimizer's state
    python {name} --load weights.pt      goes on from there
    python {name} --exact                trains with the app's numbers, step by step
    torchrun --nproc-per-node 2 {name}   shares each mini-batch between two processes
"""

SETTING = """
DTYPE = torch.{dtype}
RANK, WORLD = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))  # torchrun sets them
local_rank = os.environ.get("LOCAL_RANK", 0)
device = torch.device(f"cuda:{{local_rank}}" if torch.cuda.is_available() else "cpu")
torch.manual_seed({seed} + RANK)  # processes drop other units: they have other rows
"""

ROWS = '''
class Rows(Dataset):
    """{what}, prepared, with what the network is to give for them."""

    def __init__(self, {rows}, targets):
        self.inputs = {made}({rows})
        self.targets = torch.tensor({targets}, dtype=DTYPE)

    def __len__(self):
        return len(self.inputs)

    def __getitem__(self, index):
        return self.inputs[index], self.targets[index]


'''

FORWARD = """
def forward(self, x):
    return self.layers(x)
"""

FORWARD_WITH_MASKS = """
def forward(self, x, masks=None):
    if masks is None:
        return self.layers(x)
    given = iter(masks)  # in place of those that nn.Dropout draws
    for layer in self.layers:
        x = x * next(given) if isinstance(layer, nn.Dropout) else layer(x)
    return x
"""

KEEPING = '''
def save(path):
    """Keep the weights, the optimizer's state and how far training is."""
    kept = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "now": now}
    torch.save(kept, path)


def load(path):
    """Take up what `save` kept."""
    kept = torch.load(path, map_location=device, weights_only=True)
    model.load_state_dict(kept["model"])
    optimizer.load_state_dict(kept["optimizer"])
    now.update(kept["now"])
'''

MAIN = f"""
if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Trains on, and prints the loss of each step.")
    parser.add_argument("steps", type=int, nargs="?", default={NEXT_STEPS})
    parser.add_argument("--load", metavar="FILE", help="what --save kept, to go on from")
    parser.add_argument("--save", metavar="FILE", help="where weights are kept afterwards")
    parser.add_argument("--exact", action="store_true", help="the app's numbers, step by step")
    chosen = parser.parse_args()
    if chosen.load:
        load(chosen.load)
    net = model
    if WORLD > 1:
        torch.distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
        net = nn.parallel.DistributedDataParallel(model)
    train(chosen.steps, chosen.exact, net)
    if chosen.save and RANK == 0:
        save(chosen.save)
    if WORLD > 1:
        torch.distributed.destroy_process_group()
"""

# The natural output activation, which is in the loss while training, from pre-activations z.
OUTPUTS = {"sigmoid": "torch.sigmoid(z)", "softmax": "torch.softmax(z, dim=1)"}


def export_pytorch(session: Session, path: Where) -> tuple[Path, ...]:
    """Write a PyTorch script of this network, its data and its optimizer's state.

    Run, it makes the next steps and prints each loss, with PyTorch's own order of rows and dropout; with
    ``--exact`` those of the app, to 1e-10 in float64. ``torchrun`` lets several processes share each
    mini-batch. Changes that were made later in the run than the moment that is looked at are not part of it.

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
    facts = Facts(session, validates=True)
    if facts.experiment.update_order != "together":
        raise _not_exportable(f"update_order = {facts.experiment.update_order}")
    check_clipping(facts, "PyTorch")
    sections = [
        _setting(facts),
        data_section(facts, "torch.tensor({}, dtype=DTYPE)", single=""),
        _rows(facts),
        parameters_section(facts),
        now_section(facts),
        _model(facts),
        _loss(facts),
        _optimizer(facts),
        rate_section(facts),
        _step(facts),
    ]
    if facts.dropout:
        sections.append(masks_section(facts, only_dropped=True))
    if facts.shuffles:
        sections.append(order_section(facts))
    sections += [*_train(facts), _predict(facts), Section("Keeping the weights", KEEPING), Section("", MAIN)]
    functional = any("functional." in section.code for section in sections)
    imports = [
        "import torch",
        "from torch import nn",
        *(["from torch.nn import functional"] if functional else []),
        "from torch.utils.data import DataLoader, Dataset",
    ]
    usage = USAGE.format(name=said(Path(path).name), steps=NEXT_STEPS)
    return save(path, script_text(facts, sections, imports, usage, "PyTorch and NumPy"), facts.numbers)


def _not_exportable(what: str) -> SessionError:
    return SessionError("not_exportable", what=what, format="PyTorch", instead="NumPy")


def _function(head: str, lines: Sequence[str], documentation: str = "") -> str:
    body = [*([f'"""{documentation}"""'] if documentation else []), *lines[:-1], f"return {lines[-1]}"]
    return f"def {head}:\n{_indented(body)}\n"


def _indented(lines: Sequence[str], by: int = 1) -> str:
    return textwrap.indent("\n".join(lines), "    " * by)


def _written(rule: Rule, formula: Formula, *names: str) -> list[str]:
    """A formula of a rule as lines of PyTorch."""
    try:
        return written(formula, *names, dialect=TORCH)
    except UnwrittenError:
        raise _not_exportable(rule.name) from None


def _setting(facts: Facts) -> Section:
    e = facts.experiment
    return Section("Where it computes, and how", SETTING.format(dtype=e.dtype, seed=e.seed))


# -- data ------------------------------------------------------------------------------------------


def _rows(facts: Facts) -> Section:
    section = rows_section(
        facts, "{prefix}rows = Rows(\n{inputs},\n{targets},\n)", "training_", "    ", scaled=False
    )
    encoded = facts.encodes
    code = ROWS.format(
        what="Encoded rows" if encoded else "Rows as they are in the data",
        rows="encoded_rows" if encoded else "raw_rows",
        made="fill_and_scale" if encoded else "prepare",
        targets="(np.asarray(targets) - target_offset) / target_scale"
        if facts.prepared.scales_targets
        else "targets",
    )
    return Section(section.title, code + section.code)


# -- the model -------------------------------------------------------------------------------------


def _module(rule: Activation) -> str:
    """An activation's module: PyTorch's own, or one written from the formula."""
    if rule.pytorch:
        return rule.pytorch.format(**values_of(rule)).replace("torch.nn.", "nn.")
    return f"{_class_name(rule)}()"


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
        lines += [
            "",
            "",
            f"class {_class_name(rule)}(nn.Module):",
            *_indented([forward]).splitlines(),
            "",
            "",
        ]
    return lines


def _model(facts: Facts) -> Section:
    last = len(facts.sizes) - 2
    modules = []
    for index, layer in enumerate(facts.experiment.layers):
        modules.append(f"nn.Linear({facts.sizes[index]}, {facts.sizes[index + 1]}),")
        if layer.activation.name != "linear" and not (index == last and facts.natural):
            modules.append(f"{_module(layer.activation)},")
        if layer.dropout:
            modules.append(f"nn.Dropout({layer.dropout!r}),")
    natural = facts.experiment.loss.natural
    told = f"It gives pre-activations: {natural} is in the loss." if facts.natural else ""
    head = (
        "From prepared rows to outputs" if not told else "From prepared rows to what the outputs are made of"
    )
    lines = [
        *_own_modules(facts),
        "class Network(nn.Module):",
        *([f'    """{head}.', "", f"    {told}", '    """'] if told else [f'    """{head}."""']),
        "",
        "    def __init__(self):",
        "        super().__init__()",
        "        self.layers = nn.Sequential(",
        *(f"            {module}" for module in modules),
        "        )",
        *textwrap.indent(FORWARD_WITH_MASKS if facts.dropout else FORWARD, "    ").splitlines(),
        "",
        "",
        "model = Network().to(device, DTYPE)",
        "layers = [module for module in model.layers if isinstance(module, nn.Linear)]",
        "with torch.no_grad():",
        "    for layer, weights, bias in zip(layers, W, b, strict=True):",
        "        layer.weight.copy_(torch.from_numpy(weights.T))  # PyTorch has (units, units below)",
        "        layer.bias.copy_(torch.from_numpy(bias))",
    ]
    return Section("The model, with the weights as they were learnt", "\n".join(lines))


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
        lines.append("for i, layer in enumerate(layers):")
        for parameter, suffix in (("weight", "W[i].T"), ("bias", "b[i]")):
            lines.append(f"    optimizer.state[layer.{parameter}] = {{")
            if counted:
                lines.append(f'        "step": torch.tensor({float(facts.count)}),')
            for ours, theirs in names.items():
                tensor = f"torch.tensor({ours}_{suffix}, device=device)"
                lines.append(f'        "{theirs}": {tensor},')
            lines.append("    }")
    if facts.held is not None:
        pairs = "for pair in zip(held_W, held_b, strict=True) for held in pair"
        lines += ["", "# Which parameters are held, in the order of model.parameters()"]
        lines.append(f"holds = [torch.tensor(held.T, device=device) {pairs}]")
    state = " and its state" if facts.count and facts.slots else ""
    return Section(f"The optimizer, {rule.name}{state}", "\n".join(lines))


# -- training --------------------------------------------------------------------------------------


def _step(facts: Facts) -> Section:
    e = facts.experiment
    mean = e.reduction == "mean"
    scale = " / len(x)" if mean else ""
    lines = [
        '"""One step on a mini-batch: forward, backward, update. Its loss, as it was before the update."""',
        "model.train()",
        "for group in optimizer.param_groups:",
        '    group["lr"] = learning_rate(now["step"], now["epoch"])',
        "x, t = x.to(device), t.to(device)",
        "share = slice(RANK, None, WORLD)  # the rows of this process: all of them, if it is the only one",
    ]
    if facts.dropout:
        lines += [
            "masks = None  # nn.Dropout draws its own",
            "if exact:",
            '    masks = draw_masks(now["step"], len(x))',
            "    masks = [torch.tensor(mask[share], device=device) for mask in masks]",
            f"loss = losses(net(x[share], masks), t[share]).sum(){scale}",
        ]
    else:
        lines.append(f"loss = losses(net(x[share]), t[share]).sum(){scale}")
    lines.append("optimizer.zero_grad()")
    goal = "WORLD * loss"
    if e.regularizer.name != "none":
        if not e.regularizer.pytorch:
            raise _not_exportable(e.regularizer.name)
        lines.append(f"penalty = {e.regularizer.pytorch.format(**values_of(e.regularizer))}")
        goal = "WORLD * loss + penalty"
    lines.append(f"({goal}).backward()  # gradients are the mean over processes, so this makes it their sum")
    lines += [f"{line}" for line in _after_backward(facts)]
    lines += [
        'now["step"] += 1',
        "loss = loss.detach()",
        "if WORLD > 1:",
        "    torch.distributed.all_reduce(loss)  # the sum over processes",
        "return loss.item()",
    ]
    exact = ", exact=False" if facts.dropout else ""
    code = f"def step(x, t, net=model{exact}):\n{_indented(lines)}\n"
    if facts.validates:
        reduce = "mean" if mean else "sum"
        code += f'''

@torch.no_grad()
def evaluate(rows):
    """The loss of rows that it does not learn from."""
    model.eval()
    return losses(model(rows.inputs.to(device)), rows.targets.to(device)).{reduce}().item()
'''
    return Section("A step", code)


def _after_backward(facts: Facts) -> list[str]:
    """From the gradient to the update."""
    e = facts.experiment
    lines = []
    if e.bias_reduction == "mean" and e.reduction == "sum":
        lines += ["for layer in layers:", "    layer.bias.grad /= len(x)"]
    if e.clipping.name == "value":
        limit = values_of(e.clipping)["limit"]
        lines.append(f"nn.utils.clip_grad_value_(model.parameters(), {limit})")
    elif e.clipping.name == "global_norm":
        limit = values_of(e.clipping)["limit"]
        lines += [
            "norm = torch.sqrt(sum((p.grad**2).sum() for p in model.parameters()))",
            f"if norm > {limit}:",
            "    for p in model.parameters():",
            f"        p.grad *= {limit} / norm",
        ]
    if facts.held is None:
        return [*lines, "optimizer.step()"]
    return [
        *lines,
        "before = [p.detach().clone() for p in model.parameters()]",
        "optimizer.step()",
        "with torch.no_grad():",
        "    for p, old, held in zip(model.parameters(), before, holds, strict=True):",
        "        p[held] = old[held]",
    ]


def _train(facts: Facts) -> list[Section]:
    each, end = observed(facts, "validation_loss")
    code = f'''
generator = torch.Generator().manual_seed({facts.experiment.seed})  # the same in all processes


def batches(exact):
    """The mini-batches of an epoch, shuffled by PyTorch; exact, those that the app has left of it."""
    if not exact:
        return DataLoader(training_rows, batch_size={facts.batch}, shuffle=True, generator=generator)
'''
    if facts.in_batches:
        code += f"""
    order = {order_text(facts)}
    left = order[now["position"] :].tolist()
    left = [left[i : i + {facts.batch}] for i in range(0, len(left), {facts.batch})]
    return DataLoader(training_rows, batch_sampler=left)
""".lstrip("\n")
    else:
        code += f"    return DataLoader(training_rows, batch_size={facts.batch})\n"
    positioned = facts.in_batches
    lines = ["while steps > 0:"]
    inner = ["for x, t in batches(exact):"]
    if positioned:
        inner.insert(0, 'now["position"] = now["position"] if exact else 0')
    call = "step(x, t, net, exact)" if facts.dropout else "step(x, t, net)"
    inner += _indented(
        [f"loss = {call}", "if RANK == 0:", '    print(now["step"], loss)', *each]
    ).splitlines()
    inner += ['    now["position"] += len(x)'] if positioned else []
    inner += ["    steps -= 1", "    if steps == 0:", "        break"]
    ended = ['now["epoch"] += 1']
    if facts.validates:
        ended += [
            "validation_loss = evaluate(validation_rows)",
            "if RANK == 0:",
            '    print("after epoch", now["epoch"], "the loss of the validation rows is", validation_loss)',
        ]
    ended += end
    if positioned:
        inner += [
            'if now["position"] == len(training_rows):',
            '    now["position"] = 0',
            *(f"    {x}" for x in ended),
        ]
    else:
        inner += ended
    lines += [f"    {line}" for line in inner]
    told = '"""Go on for some steps, from wherever training is, and print the loss of each."""'
    train = f"def train(steps, exact=False, net=model):\n{_indented([told, *lines])}\n"
    return [Section("Mini-batches", code), Section("Training", train)]


# -- predicting ------------------------------------------------------------------------------------


def _predict(facts: Facts) -> Section:
    """What the model gives, or the activation of it where that is in the loss; as a NumPy array."""
    body, model = ["model.eval()  # nothing is dropped"], "model(prepare(raw_rows).to(device))"
    if not facts.dropout:
        body = ["model.eval()"]
    if not facts.natural:
        return predict_section(facts, body, f"{model}.cpu().numpy()", "@torch.no_grad()")
    outputs = text_of(OUTPUTS, facts.experiment.layers[-1].activation.name, "PyTorch")
    return predict_section(facts, [*body, f"z = {model}"], f"{outputs}.cpu().numpy()", "@torch.no_grad()")
