"""Installing the package that a feature needs into the Python that runs, by pip, in the task thread."""

from __future__ import annotations

import importlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from queue import Empty, SimpleQueue
from threading import Thread

from engine.errors import InstallError
from engine.extras import Extra, installing_command
from gui.training.tasks import Task

PATIENCE = 0.1
"""Seconds after which a silent pip is asked after whether it is still wanted."""

STAGES = {"Collecting": 0.05, "Downloading": 0.1, "Installing collected": 0.8, "Successfully": 0.95}
"""How far it is when pip says so; what is downloaded lies between the second and the third."""

UNREACHED = re.compile(
    "NewConnectionError|NameResolutionError|ConnectTimeout|Connection (?:refused|reset|timed out)"
    "|Network is unreachable|Temporary failure in name resolution|getaddrinfo failed|No matching distribution"
    "|dns error|error sending request",
    re.IGNORECASE,
)
"""What pip and uv say without a network: pip, at last, that there is no such package."""


def install(extra: Extra, task: Task) -> None:
    """Install a package and load it; called in another thread than the window's.

    Raises
    ------
    InstallError
        ``no_installer``, ``no_network``, ``not_installed`` or ``not_loaded``.
    """
    command = installing_command(extra)
    if not command:
        raise InstallError("no_installer", **extra.details)
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=_environment(),
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        raise InstallError("not_installed", **extra.details, reason=error.strerror or str(error)) from None
    said: list[str] = []
    with process:
        for line in _lines(process, task):
            said.append(line)
            share = _share(line)
            if share is not None:
                task.progress(share)
    if task.cancelled():
        return
    if process.returncode:
        if UNREACHED.search("\n".join(said)):
            raise InstallError("no_network", **extra.details)
        raise InstallError("not_installed", **extra.details, reason=_reason(said))
    importlib.invalidate_caches()
    try:
        importlib.import_module(extra.module)
    except ImportError as error:
        raise InstallError("not_loaded", **extra.details, reason=str(error).rstrip(".")) from None


def _environment() -> dict[str, str]:
    """Let pip tell in numbers what it has downloaded, if it is one that can."""
    environment = {**os.environ, "PYTHONUTF8": "1", "PIP_NO_INPUT": "1"}
    try:
        numbers = tuple(map(int, version("pip").split(".")[:2])) >= (24, 1)
    except (PackageNotFoundError, ValueError):
        numbers = False
    if numbers:
        environment["PIP_PROGRESS_BAR"] = "raw"
    return environment


def _lines(process: subprocess.Popen[str], task: Task) -> Iterator[str]:
    """What the process says, to its end; it is ended when the task is cancelled."""
    lines: SimpleQueue[str | None] = SimpleQueue()

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            lines.put(line.strip())
        lines.put(None)

    listener = Thread(target=listen, name="installerListener")
    listener.start()
    ended = False
    while True:
        if task.cancelled() and not ended:
            ended = True
            _end(process)
        try:
            line = lines.get(timeout=PATIENCE)
        except Empty:
            continue
        if line is None:
            break
        if line:
            yield line
    listener.join()


def _end(process: subprocess.Popen[str]) -> None:
    """End the process and those that it started, as Ctrl-C would: pip takes back what it has begun."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/PID", str(process.pid), "/T", "/F"], capture_output=True, check=False)
    else:
        try:
            os.killpg(process.pid, signal.SIGINT)
        except ProcessLookupError:
            return


def _share(line: str) -> float | None:
    if done := re.fullmatch(r"Progress (\d+) of (\d+)", line):
        first, last = STAGES["Downloading"], STAGES["Installing collected"]
        return first + (last - first) * int(done[1]) / max(1, int(done[2]))
    return next((share for begins, share in STAGES.items() if line.startswith(begins)), None)


def _reason(said: list[str]) -> str:
    """The line that says why: the last of pip's errors, or else the last line."""
    errors = [line.partition(":")[2].strip() for line in said if line.lower().startswith("error:")]
    return ((errors or said or ["nothing was said"])[-1]).rstrip(".")
