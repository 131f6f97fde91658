"""Somebody's program: run in a process of its own, within limits, for the numbers of its step.

It is run only when that is asked for. The process has a folder of its own to work in, none of the
environment's variables that could hold a secret, a bound on time and memory, and hands back numbers in
a file that is read without unpickling. It is a guard against mishaps, not against malice: whoever runs
a program trusts it as much as if they had started it themselves.
"""

from __future__ import annotations

import ast
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.digits import full
from engine.errors import QT_TRANSLATE_NOOP, StepError
from engine.mistakes.batch import Batch
from engine.mistakes.reading import Entry, read_numbers

MEMORY = 4 * 1024**3
MOST_OUTPUT = 4_000
_DOING = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.ClassDef,
    ast.For,
    ast.While,
    ast.With,
    ast.AugAssign,
)
LONGEST_PROGRAM = 100_000
"""Characters; a longer text is numbers, and not looked through for what it does."""

PATIENCE = 0.1
"""Seconds between two looks at whether it should go on."""

CHILD = Path(__file__).with_name("child.py")
KEPT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""The variables that a process needs to run at all."""


@dataclass(frozen=True, eq=False)
class Execution:
    """What a program gave.

    Attributes
    ----------
    batches : tuple of tuples of Entry
        The numbers of each batch; of a script that makes its step by itself, of the one it made.
    before : tuple of Entry
        Of such a script, what its parameters were at first, as far as they changed.
    called : bool
        Whether its function ``step`` was called.
    output : str
        What it printed, shortened.
    wrote : tuple of str
        Files that it wrote into its folder, which is gone.
    """

    batches: tuple[tuple[Entry, ...], ...]
    before: tuple[Entry, ...]
    called: bool
    output: str
    wrote: tuple[str, ...]


def is_program(text: str) -> bool:
    """Whether a text is Python that does something, not numbers with names; it is not run for that."""
    if len(text) > LONGEST_PROGRAM:
        return False
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(isinstance(node, _DOING) for node in tree.body)


def run_program(
    path: str | os.PathLike[str],
    batches: Sequence[Batch] = (),
    *,
    timeout: float = 60.0,
    memory: int = MEMORY,
    expressions: Mapping[str, str] | None = None,
    beside: Sequence[Path] = (),
    cancelled: Callable[[], bool] = lambda: False,
) -> Execution:
    """Run a Python program and collect the numbers of its step.

    Parameters
    ----------
    path : path
        The program. If it defines ``step(X, T, W, b)`` that is called for each batch, with copies; else
        it is run as a script, and its variables are taken.
    batches : sequence of Batch
    timeout : float
        Seconds until it is ended.
    memory : int
        Bytes that it may take.
    expressions : mapping of str to str, optional
        For a script, what is what, in its own names; evaluated after it has run, in its process.
    beside : sequence of Path
        Files to lay into the folder that it works in.
    cancelled : callable, optional
        Asked now and then; once it is true the program is ended.

    Raises
    ------
    StepError
        ``cannot_read``, or a kind that begins with ``program_``, with the line in the program.
    """
    program = Path(path).resolve()
    if not program.is_file():
        raise StepError(
            "cannot_read", name=program.name, reason=QT_TRANSLATE_NOOP("errors", "there is no such file")
        )
    with tempfile.TemporaryDirectory(prefix="backprop-lab-", ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        work = place / "work"
        work.mkdir()
        for file in beside:
            (work / file.name).write_bytes(file.read_bytes())
        there = {file.name for file in beside}
        settings = {
            "program": str(program),
            "name": program.name,
            "folder": str(program.parent),
            "timeout": timeout,
            "memory": memory,
            "batches": len(batches),
            "case": str(place / "case.npz"),
            "numbers": str(place / "numbers.npz"),
            "report": str(place / "report.json"),
            "stacks": str(place / "stacks.txt"),
            "expressions": dict(expressions or {}),
        }
        _write_batches(place / "case.npz", batches)
        (place / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
        status, output = _started(place, work, timeout, cancelled)
        wrote = tuple(
            sorted(p.name for p in work.iterdir() if p.name not in there and p.name != "__pycache__")
        )
        report = _report(place, status, timeout, memory, program.name)
        if not report["ok"]:
            raise StepError(report["kind"], name=program.name, **report["details"], output=output)
        entries = read_numbers(place / "numbers.npz") if _has_arrays(place / "numbers.npz") else ()
    return _sorted(entries, report["step"], len(batches), output, wrote, program.name)


def _write_batches(path: Path, batches: Sequence[Batch]) -> None:
    arrays: dict[str, Any] = {}
    for index, batch in enumerate(batches):
        arrays[f"{index}/inputs"], arrays[f"{index}/targets"] = batch.inputs, batch.targets
        arrays |= {f"{index}/W{n}": array for n, array in enumerate(batch.weights, 1)}
        arrays |= {f"{index}/b{n}": array for n, array in enumerate(batch.biases, 1)}
        arrays |= {f"{index}/mask{n}": array for n, array in batch.masks.items()}
    with path.open("wb") as file:
        np.savez(file, **arrays)


def _started(place: Path, work: Path, timeout: float, cancelled: Callable[[], bool]) -> tuple[int, str]:
    """Run the child to its end, or end it; its exit status and what it printed."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    environment |= {"HOME": str(work), "TMPDIR": str(place), "PYTHONIOENCODING": "utf-8", "MPLBACKEND": "Agg"}
    environment |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    with (place / "output.txt").open("wb") as out:
        child = subprocess.Popen(
            [sys.executable, "-I", str(CHILD), str(place / "settings.json")],
            cwd=work,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        latest = time.monotonic() + timeout + 10.0
        status = -1
        try:
            while time.monotonic() < latest and not cancelled():
                with suppress(subprocess.TimeoutExpired):
                    status = child.wait(PATIENCE)
                    break
        finally:
            _end(child)
    with (place / "output.txt").open("rb") as file:
        output = file.read(MOST_OUTPUT + 1).decode("utf-8", "replace")
    return status, output if len(output) <= MOST_OUTPUT else output[:MOST_OUTPUT] + "…"


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the process, and those that it has started."""
    if sys.platform == "win32":
        if child.poll() is None:
            child.kill()
    else:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _report(place: Path, status: int, timeout: float, memory: int, name: str) -> dict[str, Any]:
    """What the child says of itself, or what is to be said where it says nothing."""
    file = place / "report.json"
    if file.exists() and status == 0:
        report: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        if not report["ok"] and report["kind"] == "program_memory":
            report["details"]["limit"] = f"{memory / 1e9:.0f} GB"
        return report
    stacks = place / "stacks.txt"
    stack = stacks.read_text(encoding="utf-8", errors="replace") if stacks.exists() else ""
    lines = re.findall(rf'File "{re.escape(name)}", line (\d+)', stack)
    line = int(lines[0]) if lines else 1
    if (
        "Timeout" in stack or status == -1 or status == -signal.SIGXCPU
        if hasattr(signal, "SIGXCPU")
        else False
    ):
        return {"ok": False, "kind": "program_timeout", "details": {"line": line, "seconds": full(timeout)}}
    return {"ok": False, "kind": "program_ended", "details": {"line": line, "code": str(status)}}


def _has_arrays(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 22  # an empty archive


def _sorted(
    entries: Sequence[Entry], called: bool, count: int, output: str, wrote: tuple[str, ...], name: str
) -> Execution:
    """Entries by their batch, or by when they were."""
    by: dict[str, list[Entry]] = {}
    for entry in entries:
        head, _, rest = entry.name.partition("/")
        by.setdefault(head, []).append(Entry(rest, entry.numbers))
    if not by:
        raise StepError("program_nothing", name=name, output=output)
    if called:
        batches = tuple(tuple(by.get(str(index), ())) for index in range(count))
        return Execution(batches, (), True, output, wrote)
    now = tuple(by.get("0", by.get("last", [])))
    return Execution((now,), tuple(by.get("first", [])), False, output, wrote)
