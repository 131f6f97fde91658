"""Runs somebody's program and writes down its numbers; started by `program` in a process of its own.

    python -I child.py SETTINGS.json

It is a program, not a module: nothing of Backprop Lab is imported, so that the person's program finds
the Python it expects. What happened goes to a JSON file, the numbers beside it to an NPZ file.
"""

from __future__ import annotations

import ast
import faulthandler
import inspect
import io
import json
import sys
import traceback
from typing import Any

MOST_EVENTS = 200_000
"""Lines after which a program is no longer watched for values that change."""

MOST_NUMBERS = 1_000_000
DEPTH = 4


class Failure(Exception):  # noqa: N818 - not of the program that runs it
    """What ends the run: a kind and its details."""

    def __init__(self, kind: str, **details: Any) -> None:
        super().__init__(kind)
        self.kind, self.details = kind, details


def main() -> None:
    """Run the program that the settings name, and write down what came of it."""
    with open(sys.argv[1], encoding="utf-8") as file:
        settings = json.load(file)
    limit(settings["memory"], settings["timeout"])
    stacks = open(settings["stacks"], "w", encoding="utf-8")  # noqa: SIM115 - open to the end
    faulthandler.enable(stacks)
    faulthandler.dump_traceback_later(settings["timeout"], exit=True, file=stacks)
    report: dict[str, Any] = {"ok": True}
    numbers: dict[str, Any] = {}
    try:
        numbers = run(settings, report)
    except Failure as failure:
        report = {"ok": False, "kind": failure.kind, "details": failure.details}
    faulthandler.cancel_dump_traceback_later()
    import numpy as np

    content = io.BytesIO()
    np.savez(content, **numbers)
    with open(settings["numbers"], "wb") as out:
        out.write(content.getvalue())
    with open(settings["report"], "w", encoding="utf-8") as out:
        json.dump(report, out)


def limit(memory: int, seconds: float) -> None:
    """Bound what the process may take, where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, int(seconds) * 4 + 10),
        (resource.RLIMIT_FSIZE, 64 * 1024**2),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(what, (most, most))
        except (OSError, ValueError):
            continue


def run(settings: dict[str, Any], report: dict[str, Any]) -> dict[str, Any]:
    """Run the program, and then its function `step` on each batch, if it has one."""
    path, name = settings["program"], settings["name"]
    SOURCES[name] = path
    with open(path, "rb") as file:
        source = file.read()
    try:
        tree = ast.parse(source, name)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise Failure("program_syntax", line=line, reason=getattr(error, "msg", str(error))) from None
    batches = settings["batches"]
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    calls_step = "step" in defined and batches > 0
    space: dict[str, Any] = {
        "__name__": "student" if calls_step else "__main__",
        "__file__": path,
        "__builtins__": __builtins__,
    }
    watch = Watch(name, space)
    sys.argv = [path]
    sys.path.insert(0, settings["folder"])

    def guarded(call: Any) -> Any:
        try:
            return call()
        except SystemExit as end:
            if end.code in (None, 0) and not calls_step:
                return None
            raise Failure(
                "program_exit", line=last_line(end.__traceback__, name), code=str(end.code)
            ) from None
        except MemoryError:
            error = sys.exc_info()[1]
            assert error is not None
            raise Failure("program_memory", line=last_line(error.__traceback__, name)) from None
        except ModuleNotFoundError as error:
            raise Failure(
                "program_import", line=last_line(error.__traceback__, name), module=str(error.name)
            ) from None
        except BaseException as error:
            raise Failure(
                "program_failed",
                line=last_line(error.__traceback__, name),
                error="".join(traceback.format_exception_only(type(error), error)).strip().rstrip(".")[:500],
                trace=shortened(error.__traceback__, name),
            ) from None

    code = compile(tree, name, "exec")
    if not calls_step:
        sys.settrace(watch.trace)
    try:
        guarded(lambda: exec(code, space))
    finally:
        sys.settrace(None)
    report["step"] = calls_step
    if calls_step:
        return stepped(space["step"], settings, guarded)
    if settings["expressions"]:
        numbers = {}
        for role, expression in settings["expressions"].items():
            numbers[f"0/{role}"] = evaluated(role, expression, space, watch)
        return numbers
    return watch.numbers()


def evaluated(role: str, expression: str, space: dict[str, Any], watch: Watch) -> Any:
    """What an expression in the program's own names is; by the asker's wish, in the program's process."""
    import numpy as np

    try:
        value = eval(expression, {"np": np, **space})
        return as_array(value)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise Failure("program_expression", quantity=role, text=expression, reason=reason) from None


def stepped(step: Any, settings: dict[str, Any], guarded: Any) -> dict[str, Any]:
    """The numbers of `step` for each batch."""
    import numpy as np

    numbers: dict[str, Any] = {}
    line = step.__code__.co_firstlineno
    with np.load(settings["case"], allow_pickle=False) as file:
        arrays = {key: file[key] for key in file.files}
    for batch in range(settings["batches"]):
        prefix = f"{batch}/"
        mine = {key[len(prefix) :]: value for key, value in arrays.items() if key.startswith(prefix)}
        layers = sum(key.startswith("W") for key in mine)
        arguments = [
            mine["inputs"],
            mine["targets"],
            [mine[f"W{n}"] for n in range(1, layers + 1)],
            [mine[f"b{n}"] for n in range(1, layers + 1)],
        ]
        masks = {int(key[4:]): value for key, value in mine.items() if key.startswith("mask")}
        try:
            inspect.signature(step).bind(*arguments, masks)
            arguments.append(masks)
        except TypeError:
            try:
                inspect.signature(step).bind(*arguments)
            except TypeError as error:
                raise Failure("program_signature", line=line, reason=str(error)) from None
        result = guarded(lambda given=arguments: step(*given))
        found = flattened("", fields(result))
        if not found:
            kind = "nothing" if result is None else f"a {type(result).__name__} without names"
            raise Failure("program_result", line=line, found=kind)
        numbers |= {prefix + key: value for key, value in found.items()}
    return numbers


def fields(result: Any) -> Any:
    """A result as names and values: a dict, a named tuple, or an object of the program's own."""
    if isinstance(result, dict):
        return result
    if hasattr(result, "_asdict"):
        return result._asdict()
    if isinstance(result, (list, tuple)) or result is None:
        return {}
    return {key: value for key, value in getattr(result, "__dict__", {}).items() if not key.startswith("_")}


def last_line(trace: Any, name: str) -> int:
    """The line of the program that an error came from."""
    lines = [frame.lineno for frame in traceback.extract_tb(trace) if frame.filename == name]
    return (lines or [1])[-1] or 1


def shortened(trace: Any, name: str) -> str:
    """The traceback, in the program's own lines."""
    own = [frame for frame in traceback.extract_tb(trace) if frame.filename == name]
    with open(SOURCES[name], encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()
    text = []
    for frame in own[-6:]:
        number = frame.lineno or 1
        line = lines[number - 1].strip() if number <= len(lines) else ""
        text.append(f"line {number}, in {frame.name}: {line}")
    return "\n".join(text)


SOURCES: dict[str, str] = {}


# -- values ----------------------------------------------------------------------------------------------


def as_array(value: Any) -> Any:
    """A value as an array of numbers; TypeError if it is none."""
    import numpy as np

    if hasattr(value, "detach"):  # a tensor of PyTorch
        value = value.detach().cpu().numpy()
    if isinstance(value, (bool, str, bytes)) or value is None:
        raise TypeError
    if isinstance(value, (list, tuple)):
        value = [as_array(part) if not isinstance(part, (int, float)) else part for part in value]
    array = np.asarray(value)
    if array.dtype.kind not in "biufc" or array.dtype.kind == "b":
        raise TypeError
    return np.array(array)


def as_pairs(value: Any) -> Any:
    """A list of samples, each a pair of inputs and target, as two arrays; None if it is no such list."""
    import numpy as np

    if not all(isinstance(part, (list, tuple)) and len(part) == 2 for part in value):
        return None
    try:
        inputs, targets = (np.array([as_array(part[side]) for part in value]) for side in (0, 1))
    except (TypeError, ValueError):
        return None
    return (inputs, targets) if inputs.ndim == 2 and targets.ndim <= 2 else None


def flattened(name: str, value: Any, depth: int = 0) -> dict[str, Any]:
    """The arrays in a value by their path: ``grads['dW1']``, ``weights[0]``, ``net.W1``."""
    import numpy as np

    if depth > DEPTH:
        return {}
    if isinstance(value, dict):
        found: dict[str, Any] = {}
        for key, part in value.items():
            if isinstance(key, (str, int)):
                path = (
                    f"{name}['{key}']"
                    if name and isinstance(key, str)
                    else f"{name}[{key}]"
                    if name
                    else str(key)
                )
                found |= flattened(path, part, depth + 1)
        return found
    try:
        array = as_array(value)
        if array.size <= MOST_NUMBERS and array.ndim <= 2:
            return {name: array} if array.size else {}
    except Exception:  # whatever somebody's objects do when they are looked at
        array = None
    if isinstance(value, (list, tuple)) and len(value) > 1 and (pairs := as_pairs(value)):
        return {f"{name}_inputs": pairs[0], f"{name}_targets": pairs[1]}
    if isinstance(value, (list, tuple)) and len(value) <= 64:
        found = {}
        for index, part in enumerate(value):
            found |= flattened(f"{name}[{index}]", part, depth + 1)
        return found
    if isinstance(array, np.ndarray):
        return {name: array}
    kind = type(value)
    if getattr(kind, "__module__", "") in ("__main__", "student") and hasattr(value, "__dict__"):
        found = {}
        for key, part in list(vars(value).items()):
            found |= flattened(f"{name}.{key}", part, depth + 1)
        return found
    return {}


class Watch:
    """The values of a program's names: when they first were there, and at last.

    Parameters
    ----------
    name : str
        The file name that the program was compiled with.
    space : dict
        Its globals.
    """

    def __init__(self, name: str, space: dict[str, Any]) -> None:
        self.name, self.space = name, space
        self.first: dict[tuple[str, str], Any] = {}  # by function ("" outside of them) and path
        self.last: dict[str, dict[str, Any]] = {}  # by function
        self.seen: set[tuple[str, str]] = set()
        self.events = 0

    def trace(self, frame: Any, event: str, argument: Any) -> Any:
        """Look at the names of the program's own frames; a function for `sys.settrace`."""
        if frame.f_code.co_filename != self.name:
            return None
        self.events += 1
        if self.events > MOST_EVENTS:
            sys.settrace(None)
            return None
        function = "" if frame.f_code.co_name == "<module>" else frame.f_code.co_name
        names = {key: value for key, value in frame.f_locals.items() if _may_be_numbers(key, value)}
        for key, value in names.items():
            own = getattr(type(value), "__module__", "") == "__main__"  # its parts may still come
            if own or (function, key) not in self.seen:
                self.seen.add((function, key))
                for path, array in flattened(key, value).items():
                    self.first.setdefault((function, path), array)
        if event == "return" and function:
            for key, value in names.items():
                self.last.setdefault(function, {}).update(flattened(key, value))
        return self.trace

    def numbers(self) -> dict[str, Any]:
        """All numbers: ``last/NAME``, and ``first/NAME`` where it was another one."""
        import numpy as np

        outside: dict[str, Any] = {}
        for key, value in self.space.items():
            if _may_be_numbers(key, value):
                outside |= flattened(key, value)
        # A name outside of functions comes first; of functions that with most names is the step
        inside = sorted(self.last.items(), key=lambda item: -len(item[1]))
        numbers: dict[str, Any] = {}
        for function, last in (("", outside), *inside):
            for path, array in last.items():
                if f"last/{path}" in numbers:
                    continue
                numbers[f"last/{path}"] = array
                before = self.first.get((function, path))
                if before is not None and not np.array_equal(before, array):
                    numbers[f"first/{path}"] = before
        return numbers


def _may_be_numbers(key: str, value: Any) -> bool:
    """Whether a variable may hold numbers of a step: whole numbers are sizes, and what loops count with."""
    return not (
        key == "self"
        or key.startswith("_")
        or callable(value)
        or inspect.ismodule(value)
        or type(value) is int
    )


if __name__ == "__main__":
    main()
