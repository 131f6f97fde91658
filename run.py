#!/usr/bin/env python3
"""Set Backprop Lab up beside this file and start it; `run.py test` runs its tests instead.

Needs Python alone: what the program needs goes into ``.venv``, once. `run.py --with parquet` adds what a
single feature needs. Other arguments are passed on, to the program or, after ``test``, to pytest.
"""

from __future__ import annotations

import glob
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from typing import Mapping, NamedTuple, NoReturn, Sequence

OLDEST_PYTHON = (3, 11)
ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
STATE = os.path.join(VENV, "backprop-lab.json")
ASIDE = os.path.join(ROOT, ".venv-before")  # what .venv was, until the new one stands
WHOLE_SUITE = ["-n", "2", "--dist", "loadfile"]  # two processes, each file's tests in one of them

# How the environment finds the program's folder: as the one it lies in. pip writes the folder's name there,
# in UTF-8, which Python up to 3.12 reads in the locale's encoding, and does not start if it cannot.
FINDS = b"import os, sys; sys.path.append(os.path.dirname(sys.prefix))\n"

# Debian's names for what Qt loads: always, and for a window on X11.
QT_PACKAGES = ["libgl1", "libegl1", "libxkbcommon0", "libfontconfig1", "libdbus-1-3", "libglib2.0-0"]
X11_PACKAGES = ["libxcb-cursor0", "libxcb-icccm4", "libxcb-keysyms1", "libxcb-shape0", "libxkbcommon-x11-0"]

# Loads what the window will load. A child runs it, as a Qt that lacks a library may abort; with several
# plugins named, one that loads is enough, as it is to Qt.
PROBE = """
import ctypes, pathlib, sys
from PySide6 import QtWidgets
platforms = pathlib.Path(QtWidgets.__file__).parent / "Qt" / "plugins" / "platforms"
reasons = []
for name in sys.argv[1:]:
    for plugin in platforms.glob("libq" + name + "*.so"):
        try:
            ctypes.CDLL(str(plugin))
            sys.exit()
        except OSError as reason:
            reasons.append(str(reason))
sys.exit(reasons[0] if reasons else 0)
"""


class Machine(NamedTuple):
    """What the decisions below depend on."""

    platform: str  # as in sys.platform
    root: bool
    apt: bool
    environment: Mapping[str, str]

    @property
    def linux(self) -> bool:
        """Whether Qt comes without the system libraries it needs, and needs a display server."""
        return self.platform.startswith("linux")


def this_machine() -> Machine:
    """Look at the machine this runs on."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return Machine(sys.platform, root, shutil.which("apt-get") is not None, os.environ)


def with_utf8(environment: Mapping[str, str]) -> dict[str, str]:
    """Let a child read and write names of files in UTF-8, as pip, Qt and the system's linker do."""
    return {"PYTHONUTF8": "1", **environment}


def say(text: str) -> None:
    """Tell the person at the terminal, who may be reading pip's output already."""
    print(text, file=sys.stderr, flush=True)


# --- The environment ---------------------------------------------------------------------------------


def in_venv(name: str, platform: str) -> str:
    """Name a command of the environment."""
    folder, ending = ("Scripts", ".exe") if platform == "win32" else ("bin", "")
    return os.path.join(VENV, folder, name + ending)


def wanted_state(tests: bool, extras: list[str]) -> dict[str, object]:
    """Describe the environment that is needed: made here by this Python, for this pyproject.toml."""
    with open(os.path.join(ROOT, "pyproject.toml"), "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    # The same bytes are other letters in another locale.
    root = os.fsencode(ROOT).decode("utf-8", "backslashreplace")
    python = list(sys.version_info[:2])
    return {"root": root, "python": python, "project": digest, "tests": tests, "with": sorted(extras)}


def recorded_state() -> dict[str, object]:
    """Read what was noted when the environment was last installed; empty if nothing was."""
    try:
        with open(STATE, encoding="utf-8") as file:
            state = json.load(file)
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def kept_extras(state: Mapping[str, object]) -> list[str]:
    """Name what has been added to an environment with ``--with``."""
    extras = state.get("with")
    return [str(name) for name in extras] if isinstance(extras, list) else []


def known_extras() -> dict[str, list[str]]:
    """Read what can be added, each with its packages."""
    import tomllib

    with open(os.path.join(ROOT, "pyproject.toml"), "rb") as file:
        extras: dict[str, list[str]] = tomllib.load(file)["project"].get("optional-dependencies", {})
    return extras


def take_extras(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Take ``--with NAME[,NAME]`` from the front of the arguments; return the names and the rest."""
    extras: list[str] = []
    while arguments and arguments[0].split("=")[0] == "--with":
        _, equals, names = arguments[0].partition("=")
        arguments = arguments[1:]
        if not equals:
            names, arguments = (arguments[0], arguments[1:]) if arguments else ("", [])
        extras += [name.strip() for name in names.split(",")]
    known = known_extras() if extras else {}
    for name in extras:
        if name not in known:
            stop("--with takes one of {}, or several with commas between.".format(", ".join(sorted(known))))
    return extras, arguments


def plan(found: Mapping[str, object], wanted: Mapping[str, object], usable: bool) -> str:
    """Decide what the environment needs: "nothing", to "add" or "install" into it, or to be made "afresh".

    `found` is the recorded state: empty in an environment made by other means, which is kept if it is
    `usable`, and ``{"unfinished": true}`` where an installation was interrupted, which may have left
    packages half written.
    """
    if not usable or "unfinished" in found:
        return "afresh"
    if found and (found.get("root"), found.get("python")) != (wanted["root"], wanted["python"]):
        return "afresh"  # moved or copied here, or the system's Python has been replaced
    if found.get("project") != wanted["project"] or (wanted["tests"] and not found.get("tests")):
        return "install"
    return "nothing" if set(kept_extras(wanted)) <= set(kept_extras(found)) else "add"


def usable(python: str, found: Mapping[str, object]) -> bool:
    """Look whether the environment's Python is there, and can install if it is not known to."""
    if not os.path.exists(python):
        return False
    if found:
        return True
    asked = f"import sys, pip; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    try:
        return subprocess.call([python, "-c", asked], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def record(state: Mapping[str, object]) -> None:
    """Note the state of the environment in it."""
    with open(STATE, "w", encoding="utf-8") as file:
        json.dump(state, file)


def set_up(tests: bool, machine: Machine, extras: Sequence[str] = ()) -> None:
    """Make or complete the environment, if it needs it; what works goes only when the new one stands."""
    python = in_venv("python", machine.platform)
    if os.path.isdir(ASIDE) and (not os.path.isdir(VENV) or "unfinished" in recorded_state()):
        put_back()
    find_program()
    found = recorded_state()
    wanted = wanted_state(tests, list({*kept_extras(found), *extras}))
    needed = plan(found, wanted, usable(python, found))
    if needed == "nothing":
        return
    if needed == "add":
        wanted["tests"] = found.get("tests")
        add(python, [name for name in extras if name not in kept_extras(found)])
    elif needed == "afresh":
        provide_venv(machine)
        say("Making an environment in .venv, once. It takes some 100 MB from the network.")
        had_one = put_aside()
        try:
            make(python, wanted)
        except BaseException:
            if had_one:
                put_back()
            raise
        shutil.rmtree(ASIDE, ignore_errors=True)
    else:
        say("Completing the environment in .venv.")
        wanted["tests"] = tests or bool(found.get("tests"))
        record(unfinished(wanted))
        try:
            install(python, wanted)
        except SystemExit:
            record(found)  # pip has taken back what it had begun
            raise
    record(wanted)


def unfinished(wanted: Mapping[str, object]) -> dict[str, object]:
    """Describe an environment in the making: all that is known is what it is to have."""
    return {"unfinished": True, "with": kept_extras(wanted)}


def make(python: str, wanted: Mapping[str, object]) -> None:
    """Make the environment, and install what is needed into it."""
    os.makedirs(VENV, exist_ok=True)
    record(unfinished(wanted))
    own = os.path.normcase(sys.prefix) == os.path.normcase(VENV)  # that has just been put aside
    maker = getattr(sys, "_base_executable", sys.executable) if own else sys.executable
    run([maker, "-m", "venv", VENV], "Python could not make an environment.")
    install(python, wanted)


def install(python: str, wanted: Mapping[str, object]) -> None:
    """Install what the program needs."""
    parts = ["test"] if wanted["tests"] else []
    parts += kept_extras(wanted)
    project = ROOT + "[{}]".format(",".join(parts)) if parts else ROOT
    run(
        [*pip_install(python), "--editable", project],
        "pip could not install Backprop Lab; its last lines say why. It needs the network.",
    )
    find_program()


def add(python: str, extras: list[str]) -> None:
    """Install what features need into an environment that is complete without them, and may be in use."""
    known = known_extras()
    say("Adding {} to the environment in .venv.".format(", ".join(extras)))
    packages = [package for name in extras for package in known[name]]
    run([*pip_install(python), *packages], "pip could not install it; its last lines say why.")


def pip_install(python: str) -> list[str]:
    """Begin a command that installs into the environment, whatever the person's own pip is set to."""
    return [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-user"]


def put_aside() -> bool:
    """Make room for a new environment; tell whether there was an old one."""
    if not os.path.isdir(VENV):
        return False
    shutil.rmtree(ASIDE, ignore_errors=True)
    try:
        os.rename(VENV, ASIDE)
    except OSError as reason:
        stop(
            f"The environment in .venv cannot be replaced ({reason}). Close what uses it and run this again."
        )
    return True


def put_back() -> None:
    """Take the environment that was there before, as the new one does not stand."""
    shutil.rmtree(VENV, ignore_errors=True)
    os.rename(ASIDE, VENV)


def find_program() -> None:
    """Let the environment find the program whatever letters its folder's name has."""
    for folder in (("lib", "python*"), ("Lib",)):
        pattern = os.path.join(glob.escape(VENV), *folder, "site-packages", "*backprop_lab*.pth")
        for path in glob.glob(pattern):
            with open(path, "rb") as file:
                known = file.read() == FINDS
            if not known:
                with open(path, "wb") as file:
                    file.write(FINDS)


def run(command: list[str], failure: str) -> None:
    """Run a command of the set-up, or end with what to say if it fails."""
    if subprocess.call(command, env=with_utf8(os.environ)) != 0:
        stop(failure + " Mend that and run it again.")


# --- What the system has to provide ------------------------------------------------------------------


def provide_venv(machine: Machine) -> None:
    """See to it that this Python can make environments; Debian packs that separately."""
    if can_make_environments():
        return
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    provide([package], "This Python cannot make environments (it has no ensurepip).", machine)
    importlib.invalidate_caches()
    if not can_make_environments():
        stop("Still without ensurepip: install a Python that has it.")


def can_make_environments() -> bool:
    """Look for the two modules it takes."""
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


def provide_qt(window: bool, machine: Machine) -> None:
    """See to it that Qt finds the system's libraries: those for a window too if one is to open."""
    if not machine.linux:
        return
    plugins = display_plugins(machine.environment) if window else []
    output = probe_qt(plugins)
    library = missing_library(output)
    if library:
        packages = QT_PACKAGES + (X11_PACKAGES if "xcb" in plugins else [])
        provide(packages, f"Qt needs the system library {library}, which is missing.", machine)
        output = probe_qt(plugins)
    if output:
        stop(f"Qt does not load: {output.splitlines()[-1]}")


def display_plugins(environment: Mapping[str, str]) -> list[str]:
    """Name the Qt plugins, any one of which opens a window here; end if there is no display."""
    chosen = environment.get("QT_QPA_PLATFORM")
    if chosen:
        names = re.findall(r"(?:^|;)(wayland|xcb)\b", chosen)
    else:
        displays = (("wayland", "WAYLAND_DISPLAY"), ("xcb", "DISPLAY"))
        names = [name for name, variable in displays if environment.get(variable)]
    if not names and not chosen:
        stop(
            "There is no display to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set.\n"
            "Without one, this saves a picture of the window:\n"
            "  python3 run.py --steps 100 --screenshot window.png"
        )
    return names


def probe_qt(plugins: list[str]) -> str:
    """Try in a child process whether Qt loads; return what it says if not, else nothing."""
    command = [in_venv("python", sys.platform), "-c", PROBE, *plugins]
    environment = with_utf8(os.environ)
    child = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    said = child.stderr.decode("utf-8", "replace").strip()
    return "" if child.returncode == 0 else said or "no reason given"


def missing_library(output: str) -> str:
    """Read the name of the library that the dynamic linker misses; empty if it is another trouble."""
    found = re.search(r"(\S+\.so[.\d]*): cannot open shared object file", output)
    return found.group(1) if found else ""


def provide(packages: list[str], reason: str, machine: Machine) -> None:
    """Install Debian packages where that can be done unasked; else end, saying how to."""
    line = "apt-get install " + " ".join(packages)
    if not (machine.root and machine.apt):
        where = "" if machine.apt else " (on Debian or Ubuntu; elsewhere, the packages that hold the same)"
        stop(f"{reason}\nInstall it with{where}:\n  sudo {line}")
    say(f"{reason}\nInstalling it, as this is root: {line}")
    environment = dict(machine.environment, DEBIAN_FRONTEND="noninteractive")
    subprocess.call(["apt-get", "update", "-qq"], env=environment)
    install = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages]
    if subprocess.call(install, env=environment, stdout=subprocess.DEVNULL) != 0:
        stop("apt-get could not install them; its lines above say why.")


# --- Starting ----------------------------------------------------------------------------------------


def needs(arguments: list[str]) -> str:
    """Tell what the program will open: a "window", "offscreen" pictures, or "nothing" of Qt's."""
    if {"-h", "--help", "--version"} & set(arguments):
        return "nothing"
    if arguments and arguments[0] in ("run", "predict", "check", "lesson"):
        # Qt has the words of other languages, and paints on paper.
        qt = re.search(r"--language[ =](?!en\b)|\.pdf\b", " ".join(arguments).lower())
        return "offscreen" if qt else "nothing"
    if any(argument.split("=")[0] == "--screenshot" for argument in arguments):
        return "offscreen"
    return "window"


def start(command: list[str], environment: Mapping[str, str], platform: str) -> NoReturn:
    """Become the program, so that its signals and its exit status are its own."""
    if platform != "win32":
        os.execve(command[0], command, dict(environment))
    sys.exit(subprocess.call(command, env=dict(environment)))


def stop(text: str) -> NoReturn:
    """End here, saying why."""
    sys.exit(text)


def main(arguments: list[str]) -> NoReturn:
    """Set up what `arguments` need, and start it."""
    if sys.version_info < OLDEST_PYTHON:
        stop(
            "Backprop Lab needs Python {}.{} or newer; this is {}.{} ({}).".format(
                *OLDEST_PYTHON, *sys.version_info[:2], sys.executable
            )
        )
    machine = this_machine()
    environment = with_utf8(machine.environment)
    extras, arguments = take_extras(arguments)
    if extras and not arguments:
        set_up(False, machine, extras)
        say("Backprop Lab has {} now. Start it as before.".format(", ".join(extras)))
        sys.exit(0)
    if arguments[:1] == ["test"]:
        set_up(True, machine, extras)
        provide_qt(False, machine)
        environment["QT_QPA_PLATFORM"] = "offscreen"
        os.chdir(ROOT)
        command = [in_venv("python", machine.platform), "-m", "pytest", *(arguments[1:] or WHOLE_SUITE)]
        start(command, environment, machine.platform)
    need = needs(arguments)
    if need == "window" and machine.linux:
        display_plugins(environment)  # no display: said before anything is fetched
    set_up(False, machine, extras)
    if need != "nothing":
        provide_qt(need == "window", machine)
    start([in_venv("backprop-lab", machine.platform), *arguments], environment, machine.platform)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("Interrupted. Run it again to go on.")
