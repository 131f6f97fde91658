"""Make expressions.json: formulas with their values and partial derivatives by PyTorch in float64.

Run it with a Python that has PyTorch; the tests read only the file. Each formula is drawn as a tree
that is written out twice, as text in the notation of the expression lab and as calls of PyTorch, so
that neither the parser nor the derivatives under test take part.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import torch

torch.set_default_dtype(torch.float64)

COUNT = 500
VARIABLES = ("x", "y", "z", "w1", "alpha")
SUM, PRODUCT, SIGN, POWER, ATOM = 1, 2, 3, 4, 5

Env = dict[str, torch.Tensor]


class Written(NamedTuple):
    text: str
    level: int
    compute: Callable[[Env], torch.Tensor]
    number: bool = False


FUNCTIONS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "sin": torch.sin,
    "cos": torch.cos,
    "tan": torch.tan,
    "exp": torch.exp,
    "log": torch.log,
    "ln": torch.log,
    "sqrt": torch.sqrt,
    "abs": torch.abs,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "relu": torch.relu,
    # torch.nn.functional.softplus is linear beyond 20
    "softplus": lambda t: torch.logaddexp(torch.zeros_like(t), t),
}


class NotSoundError(ArithmeticError):
    """A number on the way that is not finite: the lab refuses it, PyTorch may lose it again."""


def evaluate(w: Written, env: Env) -> torch.Tensor:
    result = w.compute(env)
    if not torch.isfinite(result):
        raise NotSoundError
    return result


def power(base: torch.Tensor, exponent: torch.Tensor) -> torch.Tensor:
    if base == 0.0:
        raise NotSoundError
    return torch.pow(base, exponent)


def wrap(w: Written, needed: int) -> str:
    return w.text if w.level >= needed else f"({w.text})"


def tensor(value: float) -> torch.Tensor:
    return torch.tensor(value, dtype=torch.float64)


def leaf(rng: random.Random, names: list[str]) -> Written:
    roll = rng.random()
    if roll < 0.65:
        name = rng.choice(names)
        return Written(name, ATOM, lambda env: env[name])
    if roll < 0.95:
        text = rng.choice(["1", "2", "3", "0.5", ".25", "1.5", "7e-1", "2.E+0", "10", "0.1"])
        return Written(text, ATOM, lambda env: tensor(float(text)), number=True)
    text, value = rng.choice([("pi", math.pi), ("π", math.pi), ("e", math.e)])
    return Written(text, ATOM, lambda env: tensor(value))


def binary(rng: random.Random, a: Written, b: Written) -> Written:
    kind = rng.choice("++--***//^")
    space = rng.choice(["", " "])
    if kind == "+":
        return Written(
            wrap(a, SUM) + space + "+" + space + wrap(b, PRODUCT),
            SUM,
            lambda e: evaluate(a, e) + evaluate(b, e),
        )
    if kind == "-":
        sign = rng.choice(["-", "\u2212"])
        return Written(
            wrap(a, SUM) + space + sign + space + wrap(b, PRODUCT),
            SUM,
            lambda e: evaluate(a, e) - evaluate(b, e),
        )
    if kind == "*":
        sign = space + rng.choice(["*", "*", "·", "\u00d7"]) + space
        if (
            a.number
            and b.level >= POWER
            and not b.number
            and b.text[0] not in "0123456789."
            and b.text != "e"
        ):
            sign = rng.choice(["", " ", sign])
        elif a.level == ATOM and a.text.endswith(")") and b.text.startswith("(") and b.level == ATOM:
            sign = ""
        return Written(
            wrap(a, PRODUCT) + sign + wrap(b, SIGN), PRODUCT, lambda e: evaluate(a, e) * evaluate(b, e)
        )
    if kind == "/":
        return Written(
            wrap(a, PRODUCT) + space + "/" + space + wrap(b, SIGN),
            PRODUCT,
            lambda e: evaluate(a, e) / evaluate(b, e),
        )
    sign = rng.choice(["^", "**"])
    return Written(
        wrap(a, ATOM) + sign + wrap(b, SIGN), POWER, lambda e: power(evaluate(a, e), evaluate(b, e))
    )


def small_power(rng: random.Random, a: Written) -> Written:
    text, value = rng.choice(
        [("^2", 2.0), ("^3", 3.0), ("²", 2.0), ("^-1", -1.0), ("⁻²", -2.0), ("^0.5", 0.5)]
    )
    return Written(wrap(a, ATOM) + text, POWER, lambda e: power(evaluate(a, e), tensor(value)))


def tree(rng: random.Random, depth: int, names: list[str]) -> Written:
    if depth == 0 or rng.random() < 0.08:
        return leaf(rng, names)
    roll = rng.random()
    if roll < 0.5:
        return binary(rng, tree(rng, depth - 1, names), tree(rng, depth - 1, names))
    a = tree(rng, depth - 1, names)
    if roll < 0.58:
        return Written("-" + wrap(a, SIGN), SIGN, lambda e: -evaluate(a, e))
    if roll < 0.7:
        return small_power(rng, a)
    if roll < 0.93:
        name = rng.choice(list(FUNCTIONS))
        return Written(f"{name}({a.text})", ATOM, lambda e: FUNCTIONS[name](evaluate(a, e)))
    if roll < 0.98:
        many = [a, *(tree(rng, depth - 1, names) for _ in range(rng.choice([1, 1, 2])))]
        name = rng.choice(["min", "max"])
        choose = torch.amin if name == "min" else torch.amax
        text = f"{name}({', '.join(w.text for w in many)})"
        return Written(text, ATOM, lambda e: choose(torch.stack([evaluate(w, e) for w in many]), 0))
    return Written(f"({a.text})", ATOM, a.compute)


def formula(rng: random.Random) -> tuple[str, Callable[[Env], torch.Tensor]]:
    names = rng.sample(VARIABLES, rng.randint(1, 4))
    lines: list[tuple[str, Written]] = []
    for name in ("u", "v", "s_1")[: rng.choice([0, 0, 1, 2, 3])]:
        lines.append((name, tree(rng, 2, [*names, *(n for n, _ in lines)])))
    output = tree(rng, rng.choice([2, 3, 4]), [*names, *(n for n, _ in lines)] + [n for n, _ in lines])
    last = rng.choice(["", "y_out = "]) if not lines else "L = "
    separator = rng.choice(["\n", "; ", ";\n"])
    text = separator.join([f"{name} = {w.text}" for name, w in lines] + [last + output.text])

    def compute(env: Env) -> torch.Tensor:
        env = dict(env)
        for name, w in lines:
            env[name] = evaluate(w, env)
        return evaluate(output, env)

    return text, compute


def solve(compute: Callable[[Env], torch.Tensor], values: dict[str, float]) -> tuple[float, dict[str, float]]:
    env = {name: torch.tensor(value, requires_grad=True) for name, value in values.items()}
    output = compute(env)
    if not output.requires_grad:
        return float(output), dict.fromkeys(values, 0.0)
    gradients = torch.autograd.grad(output, list(env.values()), allow_unused=True)
    return float(output.detach()), {
        name: 0.0 if g is None else float(g) for name, g in zip(env, gradients, strict=True)
    }


def is_sound(compute: Callable[[Env], torch.Tensor], values: dict[str, float]) -> bool:
    """Whether all numbers are of moderate size and hardly change with the last digits of the inputs."""
    results = []
    for factor in (1.0, 1.0 + 4e-14, 1.0 - 4e-14):
        value, partials = solve(compute, {name: v * factor for name, v in values.items()})
        results.append([value, *partials.values()])
    if not all(math.isfinite(number) and abs(number) < 1e5 for numbers in results for number in numbers):
        return False
    return all(
        abs(number - first) <= 2e-11 * max(1.0, abs(first))
        for numbers in results[1:]
        for number, first in zip(numbers, results[0], strict=True)
    )


def kinks() -> list[tuple[str, Callable[[Env], torch.Tensor], dict[str, float]]]:
    def stack(*names: str) -> Callable[[Env], torch.Tensor]:
        return lambda e: torch.stack([e[n] for n in names])

    return [
        ("abs(x)", lambda e: torch.abs(e["x"]), {"x": 0.0}),
        ("3 abs(x) + x", lambda e: 3 * torch.abs(e["x"]) + e["x"], {"x": 0.0}),
        ("relu(x)", lambda e: torch.relu(e["x"]), {"x": 0.0}),
        ("relu(x - y) * y", lambda e: torch.relu(e["x"] - e["y"]) * e["y"], {"x": 2.0, "y": 2.0}),
        ("max(x, y)", lambda e: torch.maximum(e["x"], e["y"]), {"x": 1.5, "y": 1.5}),
        ("min(x, y)", lambda e: torch.minimum(e["x"], e["y"]), {"x": -2.0, "y": -2.0}),
        ("max(x, y, z)", lambda e: torch.amax(stack("x", "y", "z")(e), 0), {"x": 1.0, "y": 1.0, "z": 1.0}),
        ("min(x, y, z)", lambda e: torch.amin(stack("x", "y", "z")(e), 0), {"x": 1.0, "y": 3.0, "z": 1.0}),
        (
            "max(x, 2x, 0)",
            lambda e: torch.amax(torch.stack([e["x"], 2 * e["x"], tensor(0.0)]), 0),
            {"x": 0.0},
        ),
    ]


def main() -> None:
    rng = random.Random(20240607)
    rows = []
    seen = set()
    while len(rows) < COUNT:
        text, compute = formula(rng)
        values = {name: round(rng.uniform(-2.5, 2.5), rng.choice([1, 3, 16])) for name in VARIABLES}
        try:
            sound = is_sound(compute, values)
        except NotSoundError:
            sound = False
        if not sound or text in seen or len(text) < 4:
            continue
        seen.add(text)
        value, partials = solve(compute, values)
        if not any(partials.values()):
            continue
        rows.append({"text": text, "values": values, "value": value, "partials": partials})
    at_kinks = []
    for text, compute, values in kinks():
        value, partials = solve(compute, values)
        at_kinks.append({"text": text, "values": values, "value": value, "partials": partials})
    golden = {
        "made_by": f"make_expressions.py with PyTorch {torch.__version__.split('+')[0]}, float64",
        "expressions": rows,
        "kinks": at_kinks,
    }
    path = Path(__file__).with_name("expressions.json")
    lines = json.dumps(golden, ensure_ascii=False).replace('{"text"', '\n{"text"')
    path.write_text(lines + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
