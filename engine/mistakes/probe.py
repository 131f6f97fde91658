"""Record the numbers of your own back-propagation, and save them for Backprop Lab to check.

Copy this file beside your code. It needs nothing but Python.

    import probe
    probe.record(X=X, T=T, W1_before=W1, b1_before=b1)      # copies are kept, as they are at that moment
    probe.record(z1=z1, a1=a1, dW1=dW1, db1=db1, loss=loss)
    probe.save("mine.npz")

and then:  backprop-lab check mine.npz --against experiment.toml

Names: X inputs, T targets; W1_before, b1_before, … of each layer before the step, W1_after, b1_after, …
after it; z1, a1, delta1, dW1, db1, …, loss; mask1, … of dropout. Record one step, with any of them.

With PyTorch, before the step:

    probe.watch(model, criterion, optimizer)   # then one forward, backward and optimizer.step()
    probe.save("mine.npz")
"""

from __future__ import annotations

import array
import struct
import zipfile
from typing import Any

recorded: dict[str, Any] = {}


def record(**values: Any) -> None:
    """Keep copies of numbers and arrays: of NumPy, PyTorch, or lists."""
    for name, value in values.items():
        recorded[name] = _copied(name, value)


def save(path: str) -> None:
    """Write everything that was recorded to an NPZ file, and begin anew."""
    if not recorded:
        raise ValueError("Nothing has been recorded: call probe.record(dW1=dW1, ...) first.")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, (shape, kind, content) in recorded.items():
            header = f"{{'descr': '<{kind}', 'fortran_order': False, 'shape': {shape!r}, }}"
            header += " " * (63 - (len(header) + 10) % 64) + "\n"
            start = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode("latin1")
            file.writestr(name + ".npy", start + content)
    recorded.clear()


def _copied(name: str, value: Any) -> Any:
    """Shape, type and bytes of a value."""
    kind = "f4" if "float32" in str(getattr(value, "dtype", "")) else "f8"
    for step in ("detach", "cpu"):  # a tensor of PyTorch
        value = getattr(value, step)() if hasattr(value, step) else value
    if hasattr(value, "tolist"):
        value = value.tolist()
    shape, flat = _flat(name, value)
    numbers = array.array("f" if kind == "f4" else "d", flat)
    if struct.pack("=H", 1) != struct.pack("<H", 1):
        numbers.byteswap()
    return shape, kind, numbers.tobytes()


def _flat(name: str, value: Any) -> Any:
    """Shape and numbers of nested lists."""
    if isinstance(value, (list, tuple)):
        parts = [_flat(name, part) for part in value]
        if len({shape for shape, _ in parts}) > 1:
            raise ValueError(f"probe.record: the rows of {name} are not all of one length.")
        inner = parts[0][0] if parts else ()
        return (len(parts), *inner), [number for _, numbers in parts for number in numbers]
    try:
        return (), [float(value)]
    except (TypeError, ValueError):
        raise TypeError(f"probe.record: {name} holds a {type(value).__name__}, not numbers.") from None


# -- PyTorch -------------------------------------------------------------------------------------------


def watch(model: Any, criterion: Any, optimizer: Any) -> None:
    """Record the next step of a PyTorch model made of linear layers.

    `criterion` is the loss as a module, such as ``torch.nn.MSELoss()``.
    """
    linear = [part for part in model.modules() if hasattr(part, "weight") and hasattr(part, "in_features")]
    if not linear:
        raise ValueError("probe.watch: the model has no torch.nn.Linear.")
    hooks: list[Any] = []
    seen: list[int] = []  # the linear layers that have run

    def of_layer(layer: int) -> Any:
        def forward(module: Any, inputs: Any, output: Any) -> None:
            if layer > 1:
                record(**{f"a{layer - 1}": inputs[0]})
            seen.append(layer)
            record(**{f"z{layer}": output})
            if output.requires_grad:
                output.register_hook(lambda delta: record(**{f"delta{layer}": delta}))

        return forward

    def of_dropout(module: Any, inputs: Any, output: Any) -> None:
        if module.training and module.p > 0 and seen:
            record(**{f"mask{seen[-1]}": (output != 0).float()})

    def of_loss(module: Any, inputs: Any, output: Any) -> None:
        record(T=inputs[1], loss=output)

    def parameters(time: str) -> None:
        for layer, module in enumerate(linear, 1):
            record(**{f"W{layer}_{time}": module.weight.detach().t()})
            if module.bias is not None:
                record(**{f"b{layer}_{time}": module.bias})

    def before_update(*_: Any) -> None:
        for layer, module in enumerate(linear, 1):
            if module.weight.grad is not None:
                record(**{f"dW{layer}": module.weight.grad.t()})
            if module.bias is not None and module.bias.grad is not None:
                record(**{f"db{layer}": module.bias.grad})

    def after_update(*_: Any) -> None:
        parameters("after")
        for hook in hooks:
            hook.remove()

    parameters("before")
    hooks.append(model.register_forward_pre_hook(lambda module, inputs: record(X=inputs[0])))
    hooks.append(criterion.register_forward_hook(of_loss))
    for layer, module in enumerate(linear, 1):
        hooks.append(module.register_forward_hook(of_layer(layer)))
    for module in model.modules():
        if type(module).__name__ == "Dropout":
            hooks.append(module.register_forward_hook(of_dropout))
    hooks.append(optimizer.register_step_pre_hook(before_update))
    hooks.append(optimizer.register_step_post_hook(after_update))
