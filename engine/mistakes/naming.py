"""What people call the quantities of a step: from their names to those of `check_step`.

A name is taken apart into words and numbers; a guess is only a guess, is shown, and can be corrected.
Roles are the names of `check_step`, and for what the step starts from ``inputs``, ``targets``,
``W1 before``, ``b1 before``, …
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_KINDS = {
    "W": "w weight weights theta thetas kernel kernels coef coefs wt wts synapse syn θ Θ wih who",
    "b": "b bias biases intercept intercepts offset offsets",
    "z": "z zs net nets preact preactivation preactivations logit logits score scores",
    "a": "a as h act acts activation activations layer hidden out output outputs prob probs pred preds "
    "prediction predictions yhat hat final",
    "delta": "delta deltas δ dz dzs dnet dscores dlogits",
    "loss": "loss cost e j error total mse ce objective losses",
    "inputs": "x xs input inputs data features feature",
    "targets": "t ts y ys target targets label labels truth expected ytrue",
    "mask": "mask masks drop dropmask keepmask",
}
_KIND = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_GRADIENT = {"grad", "grads", "gradient", "gradients", "nabla", "∇", "derivative", "deriv", "g"}
_AFTER = {"after", "new", "updated", "next", "post", "end", "later", "update", "step"}
_BEFORE = {"before", "old", "init", "initial", "orig", "original", "start", "prev", "previous", "begin"}
_LAST = {"out", "output", "outputs", "final", "o", "ho", "last"}
_FIRST = {"hidden", "hid", "h", "ih", "first"}
_PREDICTED = {"prob", "probs", "pred", "preds", "prediction", "predictions", "hat", "yhat"}
_PASSED_OVER = set(
    [
        "self",
        "nn",
        "net",
        "network",
        "model",
        "params",
        "param",
        "parameters",
        "cache",
        "np",
        "torch",
        "state",
        "dict",
        "layers",
        "the",
        "fc",
        "linear",
        "dense",
        "lin",
        "true",
    ]
)


class Named(NamedTuple):
    """What a name says."""

    kind: str
    layer: int | None  # as it is numbered there; None where it is not
    group: str  # names that are numbered together
    time: str  # "before", "after" or ""


def guess(
    names: Sequence[str], layers: int, started: bool = False, sizes: Mapping[str, int] | None = None
) -> dict[str, str | None]:
    """Guess what arrays are.

    Parameters
    ----------
    names : sequence of str
        As people wrote them, in their order.
    layers : int
        Of the network.
    started : bool
        Whether weights and biases before the step are known from elsewhere, so that W1 means after it.
    sizes : mapping, optional
        How many numbers each has: the loss is a single one.

    Returns
    -------
    dict
        From each name to its role, or None where there is no guess.
    """
    read = {name: _read(name, layers) for name in names}
    read = _numbered(read, layers)
    found: dict[str, str | None] = dict.fromkeys(names)
    taken: set[str] = set()
    before = {(n.kind, n.layer) for n in read.values() if n and n.time == "before"}
    after = {(n.kind, n.layer) for n in read.values() if n and n.time == "after"}
    for name, named in read.items():
        if named is None:
            continue
        role = _role(named, layers, started, before, after)
        if role == "loss" and sizes is not None and sizes[name] != 1:
            continue
        if role is not None and role not in taken:
            found[name] = role
            taken.add(role)
    return found


def _role(
    named: Named,
    layers: int,
    started: bool,
    before: set[tuple[str, int | None]],
    after: set[tuple[str, int | None]],
) -> str | None:
    if named.kind in ("inputs", "targets", "loss"):
        return named.kind
    layer = named.layer if named.layer is not None else 1 if layers == 1 else None
    if layer is None or not 1 <= layer <= layers:
        return None
    role = f"{named.kind}{layer}"
    if named.kind not in ("W", "b"):
        return role
    key = (named.kind, named.layer)
    is_after = named.time == "after" or (not named.time and (key in before or (started and key not in after)))
    return role if is_after else f"{role} before"


def _read(name: str, layers: int) -> Named | None:
    """Take a name apart."""
    time = "after" if name.endswith(("'", "+")) else ""
    plain = name.replace("'", " ").replace('"', " ")
    zero = "0:" if re.search(r"\[\s*\d+\s*\]", name) else ""
    if re.search(r"\d_0$", plain):  # W1_0
        plain, time = plain[:-2], "before"
    plain = re.sub(r"[∂δd]\s*[A-Za-z]+\s*/\s*[∂δd]\s*|\bd[A-Z]_d(?=[A-Za-z])", " grad ", plain)  # dE/dW1
    words = re.findall(r"[^\W\d_]+|∇|∂|\d+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain))
    kinds: list[str] = []
    places: list[str] = []
    numbers: list[int] = []
    gradient = False
    for index, word in enumerate(words):
        low = word.lower()
        if word.isdecimal():
            numbers.append(int(word))
        elif low in _AFTER:
            time = time or "after"
        elif low in _BEFORE:
            time = time or "before"
        elif low in _GRADIENT and not (low == "g" and len(words) == 1):
            gradient = True
        elif low in ("d", "∂") and index + 1 < len(words):
            following = words[index + 1].lower()
            if following.isdecimal():
                kinds.append("delta")
            else:
                gradient = True
        elif low in _KIND:
            kinds.append(low)
            if low in _LAST or low in _FIRST:
                places.append(low)
        elif low in _LAST or low in _FIRST:
            places.append(low)
        elif len(low) > 1 and low[0] in "dg∂" and _KIND.get(low[1:]) in ("W", "b", "z"):
            kinds.append(low[1:])
            gradient = True
        elif low not in _PASSED_OVER:
            return None
    return _named(kinds, places, numbers, gradient, time, zero, words, layers)


def _named(
    kinds: list[str],
    places: list[str],
    numbers: list[int],
    gradient: bool,
    time: str,
    zero: str,
    words: list[str],
    layers: int,
) -> Named | None:
    """Put together what the words of a name say."""
    lower = [word.lower() for word in words]
    certain = [word for word in kinds if word not in _LAST | {"hidden", "input", "inputs", "layer"}]
    found = {_KIND[word] for word in certain}
    if "delta" in found and found & {"W", "b"}:
        return None  # delta_W may be the gradient or the change
    between = {"input", "inputs"} & set(lower) and "hidden" in lower
    onward = "hidden" in lower and {"output", "o"} & set(lower)
    kind = next((each for each in ("W", "b", "delta", "z") if each in found), "")
    kind = kind or (_KIND[certain[-1]] if certain else "")
    kind = kind or ("W" if between or onward else "") or (_KIND[kinds[0]] if kinds else "")
    if not kind:
        return None
    layer = numbers[-1] if numbers else None
    if layer is None and kind not in ("inputs", "targets", "loss"):
        layer = _placed(kind, places, lower, bool(between), bool(onward), layers)
        zero = "named" if layer is not None else zero
    if gradient:
        inner = "delta" if places and not certain else ""
        kind = {"W": "dW", "b": "db", "z": "delta", "a": inner}.get(kind, "")
        if not kind:
            return None
    if kind in ("inputs", "targets", "loss"):
        return None if gradient or numbers else Named(kind, None, "", time)
    if kind == "a" and layer == 0:
        return Named("inputs", None, "", time)
    part = "part " if {"weight", "weights", "bias", "kernel"} & set(lower) else ""
    group = "named" if zero == "named" else zero + part + re.sub(r"\d+", "#", " ".join(lower))
    return Named(kind, layer, group, time)


def _placed(
    kind: str, places: list[str], lower: list[str], between: bool, onward: bool, layers: int
) -> int | None:
    """The layer that words such as hidden and output say."""
    if between:
        return 1
    if places and places[0] in _FIRST and not onward:
        return 1 if layers == 2 or "first" in places else None
    if onward or any(place in _LAST for place in places):
        return layers
    at_the_end = {"a": _PREDICTED, "z": {"logit", "logits", "score", "scores"}}.get(kind, set())
    return layers if at_the_end & set(lower) else None


def _numbered(read: Mapping[str, Named | None], layers: int) -> dict[str, Named | None]:
    """Count layers from 1: those of a list from 0, and those of a model's parts by their order."""
    numbers: dict[str, set[int]] = {}
    for named in read.values():
        if named and named.layer is not None and named.group != "named":
            numbers.setdefault(named.group, set()).add(named.layer)
    zero_based = any(group.startswith("0:") and 0 in found for group, found in numbers.items())
    counted: dict[str, Named | None] = {}
    for name, named in read.items():
        layer = None if named is None else named.layer
        if named is not None and layer is not None and named.group in numbers:
            order = sorted(numbers[named.group])
            listed = named.group.startswith("0:")
            if listed and (zero_based or 0 in order):
                layer += 1
            elif "part " in named.group and (0 in order or order[-1] > layers):
                layer = order.index(layer) + 1
            named = named._replace(layer=layer)
        counted[name] = named
    return counted
