"""What run.py decides, on machines of every kind; only the child processes are played."""

from __future__ import annotations

import _ctypes
import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import run

DEBIAN_USER = run.Machine("linux", root=False, apt=True, environment={"DISPLAY": ":0"})
DEBIAN_ROOT = run.Machine("linux", root=True, apt=True, environment={"HOME": "/root"})
FEDORA_ROOT = run.Machine("linux", root=True, apt=False, environment={"DISPLAY": ":0"})
MAC = run.Machine("darwin", root=False, apt=False, environment={})
WINDOWS = run.Machine("win32", root=False, apt=False, environment={})

NO_LIBGL = "ImportError: libGL.so.1: cannot open shared object file: No such file or directory"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Lay a project of its own for run.py to set up."""
    monkeypatch.setattr(run, "ROOT", str(tmp_path))
    monkeypatch.setattr(run, "VENV", str(tmp_path / ".venv"))
    monkeypatch.setattr(run, "STATE", str(tmp_path / ".venv" / "state.json"))
    monkeypatch.setattr(run, "ASIDE", str(tmp_path / ".venv-before"))
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    return tmp_path


@pytest.fixture
def called(project: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Collect the commands that are run, in order, and play them: each succeeds."""
    commands: list[list[str]] = []

    def call(command: list[str], **_: Any) -> int:
        commands.append(command)
        if command[1:3] == ["-m", "venv"]:
            python = Path(run.in_venv("python", sys.platform))
            python.parent.mkdir(parents=True, exist_ok=True)
            python.touch()
        return 0

    monkeypatch.setattr(subprocess, "call", call)
    return commands


def on_this(machine: run.Machine) -> run.Machine:
    return machine._replace(platform=sys.platform)


def installed(commands: list[list[str]]) -> list[str]:
    """Tell what pip was asked to install, once per call."""
    return [command[-1] for command in commands if command[1:4] == ["-m", "pip", "install"]]


# --- A file that any Python reads ---


def test_old_pythons_can_read_it() -> None:
    source = Path(run.__file__).read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 8))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


def test_old_python_is_told_which_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(SystemExit, match=r"needs Python 3\.11 or newer; this is 3\.9 "):
        run.main([])


def test_it_asks_for_the_python_of_the_project() -> None:
    text = (Path(run.__file__).parent / "pyproject.toml").read_text(encoding="utf-8")
    assert 'requires-python = ">={}.{}"'.format(*run.OLDEST_PYTHON) in text


# --- The environment ---


@pytest.mark.parametrize(
    ("platform", "path"),
    [
        ("linux", ("bin", "backprop-lab")),
        ("darwin", ("bin", "backprop-lab")),
        ("win32", ("Scripts", "backprop-lab.exe")),
    ],
)
def test_where_the_environment_keeps_commands(platform: str, path: tuple[str, str]) -> None:
    assert Path(run.in_venv("backprop-lab", platform)) == Path(run.VENV, *path)


WANTED = {"root": "/lab", "python": [3, 11], "project": "new", "tests": True, "with": ["onnx"]}


@pytest.mark.parametrize(
    ("found", "usable", "needed"),
    [
        ({}, False, "afresh"),
        ({}, True, "install"),  # made by hand, or by another tool
        ({"unfinished": True}, True, "afresh"),
        (WANTED, True, "nothing"),
        (WANTED, False, "afresh"),  # its Python has gone
        (WANTED | {"project": "old"}, True, "install"),
        (WANTED | {"tests": False}, True, "install"),
        (WANTED | {"with": ["gif", "onnx"]}, True, "nothing"),
        (WANTED | {"with": []}, True, "add"),
        ({name: value for name, value in WANTED.items() if name != "with"}, True, "add"),
        (WANTED | {"with": [], "project": "old"}, True, "install"),
        (WANTED | {"root": "/elsewhere"}, True, "afresh"),
        (WANTED | {"python": [3, 12]}, True, "afresh"),
    ],
)
def test_what_an_environment_needs(found: dict[str, object], usable: bool, needed: str) -> None:
    assert run.plan(found, WANTED, usable) == needed


def test_tests_can_stay_when_only_the_program_is_wanted() -> None:
    assert run.plan(WANTED, WANTED | {"tests": False}, True) == "nothing"


def test_first_run_makes_the_environment_and_the_second_leaves_it(
    project: Path, called: list[list[str]]
) -> None:
    run.set_up(False, on_this(DEBIAN_USER))
    assert called[0] == [sys.executable, "-m", "venv", str(project / ".venv")]
    assert installed(called) == [str(project)]
    run.set_up(False, on_this(DEBIAN_USER))
    assert len(called) == 2


def test_changed_project_is_installed_again_with_what_was_there(
    project: Path, called: list[list[str]]
) -> None:
    run.set_up(True, on_this(DEBIAN_USER))
    (project / "pyproject.toml").write_text("[project]\ndependencies = []\n")
    run.set_up(False, on_this(DEBIAN_USER))
    assert installed(called) == [f"{project}[test]"] * 2
    assert sum(command[1:3] == ["-m", "venv"] for command in called) == 1


@pytest.mark.parametrize("interrupted", ["venv", "pip"])
def test_interrupted_installation_starts_afresh(
    interrupted: str, project: Path, called: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    succeed = subprocess.call

    def interrupt(command: list[str], **options: Any) -> int:
        succeed(command, **options)
        if command[2] == interrupted:
            raise KeyboardInterrupt
        return 0

    monkeypatch.setattr(subprocess, "call", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run.set_up(False, on_this(DEBIAN_USER))
    (project / ".venv" / "half_written").touch()
    called.clear()

    monkeypatch.setattr(subprocess, "call", succeed)
    run.set_up(False, on_this(DEBIAN_USER))
    assert not (project / ".venv" / "half_written").exists()
    assert called[0][1:3] == ["-m", "venv"]
    assert installed(called) == [str(project)]


def fail_at(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one step of the set-up fail, "venv" or "pip"; the others succeed as they are played."""
    succeed = subprocess.call

    def call(command: list[str], **options: Any) -> int:
        return 1 if command[2] == step else succeed(command, **options)

    monkeypatch.setattr(subprocess, "call", call)


@pytest.mark.parametrize("step", ["venv", "pip"])
def test_a_working_environment_stays_until_the_new_one_stands(
    step: str, project: Path, called: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    run.set_up(False, on_this(DEBIAN_USER))
    (project / ".venv" / "works").touch()
    run.record({**run.recorded_state(), "python": [3, 10]})  # another Python now: a new one is needed
    before = run.recorded_state()
    with monkeypatch.context() as offline:
        fail_at(step, offline)
        with pytest.raises(SystemExit):
            run.set_up(False, on_this(DEBIAN_USER))
    assert (project / ".venv" / "works").exists()
    assert run.recorded_state() == before
    run.set_up(False, on_this(DEBIAN_USER))
    assert not (project / ".venv" / "works").exists()
    assert run.recorded_state() == run.wanted_state(False, [])
    assert sorted(path.name for path in project.iterdir()) == [".venv", "pyproject.toml"]


def test_what_was_put_aside_comes_back_after_a_kill(project: Path, called: list[list[str]]) -> None:
    run.set_up(False, on_this(DEBIAN_USER))
    (project / ".venv" / "works").touch()
    assert run.put_aside()
    (project / ".venv").mkdir()
    run.record({"unfinished": True})  # and here it was killed
    called.clear()
    run.set_up(False, on_this(DEBIAN_USER))
    assert called == []
    assert (project / ".venv" / "works").exists()


def test_a_failed_completion_leaves_what_there_was(
    project: Path, called: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    run.set_up(False, on_this(DEBIAN_USER))
    before = run.recorded_state()
    (project / "pyproject.toml").write_text("[project]\ndependencies = []\n")
    fail_at("pip", monkeypatch)
    for _ in range(2):  # the second time it is still to be completed, not made afresh
        with pytest.raises(SystemExit, match="pip could not install"):
            run.set_up(False, on_this(DEBIAN_USER))
        assert run.recorded_state() == before


def test_an_environment_in_use_is_said(
    project: Path, called: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    run.set_up(False, on_this(DEBIAN_USER))
    run.record({**run.recorded_state(), "root": "elsewhere"})

    def refuse(*_: str) -> None:
        raise PermissionError("used by another process")

    monkeypatch.setattr(os, "rename", refuse)
    with pytest.raises(SystemExit, match=r"cannot be replaced \(used by another process\)"):
        run.set_up(False, on_this(DEBIAN_USER))
    assert Path(run.in_venv("python", sys.platform)).exists()


# --- What single features need ---

EXTRAS = """
[project.optional-dependencies]
parquet = ["pyarrow>=18"]
gif = ["pillow>=11"]
"""


@pytest.fixture
def offering(project: Path) -> Path:
    """A project some of whose features need packages of their own."""
    (project / "pyproject.toml").write_text("[project]\n" + EXTRAS)
    return project


@pytest.mark.parametrize(
    ("arguments", "extras", "rest"),
    [
        (["data.csv"], [], ["data.csv"]),
        (["--with", "parquet"], ["parquet"], []),
        (["--with=parquet,gif", "run", "a.toml"], ["parquet", "gif"], ["run", "a.toml"]),
        (["--with", "parquet", "--with", "gif", "--with-what"], ["parquet", "gif"], ["--with-what"]),
        (["run", "--with", "parquet"], [], ["run", "--with", "parquet"]),
    ],
)
def test_extras_are_named_first(
    arguments: list[str], extras: list[str], rest: list[str], offering: Path
) -> None:
    assert run.take_extras(arguments) == (extras, rest)


@pytest.mark.parametrize("arguments", [["--with"], ["--with", "parqet"], ["--with="], ["--with", "gif,"]])
def test_an_unknown_extra_names_those_that_there_are(arguments: list[str], offering: Path) -> None:
    with pytest.raises(SystemExit, match="--with takes one of gif, parquet"):
        run.take_extras(arguments)


def test_an_extra_is_added_to_what_works_and_stays(offering: Path, called: list[list[str]]) -> None:
    run.set_up(True, on_this(DEBIAN_USER))
    run.set_up(False, on_this(DEBIAN_USER), ["parquet"])
    assert installed(called)[1:] == ["pyarrow>=18"]  # and the program, which may be running, is left alone
    called.clear()
    run.set_up(True, on_this(DEBIAN_USER), ["parquet"])
    assert called == []
    (offering / "pyproject.toml").write_text("[project]\ndescription = 'newer'\n" + EXTRAS)
    run.set_up(False, on_this(DEBIAN_USER), ["gif"])
    run.record({**run.recorded_state(), "python": [3, 10]})
    run.set_up(False, on_this(DEBIAN_USER))
    assert installed(called) == [f"{offering}[test,gif,parquet]", f"{offering}[gif,parquet]"]


def test_an_extra_that_cannot_be_had_takes_nothing_away(
    offering: Path, called: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    run.set_up(False, on_this(DEBIAN_USER))
    before = run.recorded_state()
    fail_at("pip", monkeypatch)
    with pytest.raises(SystemExit, match="pip could not install it"):
        run.set_up(False, on_this(DEBIAN_USER), ["parquet"])
    assert run.recorded_state() == before


def test_alone_it_installs_and_with_more_it_goes_on(
    offering: Path, played: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main_on(DEBIAN_ROOT, ["--with", "parquet"], monkeypatch) == "0"  # needs no display
    main_on(DEBIAN_ROOT, ["--with", "parquet", "run", "a.toml"], monkeypatch)
    assert [step[:3] for step in played if step[0] == "set up"] == [("set up", False, "parquet")] * 2
    assert [step[1][1:] for step in played if step[0] == "start"] == [["run", "a.toml"]]


# --- Whatever the folder is called ---


@pytest.fixture
def locale_of(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """The environment of a child process under a locale; one that is not installed is made."""

    def environment(name: str) -> dict[str, str]:
        if name == "latin-1":
            maker = shutil.which("localedef")
            place = tmp_path / "locales" / "xx.ISO-8859-1"
            place.parent.mkdir(exist_ok=True)
            command = [maker or "", "-i", "en_US", "-f", "ISO-8859-1", str(place)]
            if maker is None or subprocess.run(command, capture_output=True).returncode:
                pytest.skip("no Latin-1 locale can be made here")
            name = "xx.ISO-8859-1"
        variables = {"LC_ALL": name, "LOCPATH": str(tmp_path / "locales"), "PATH": os.environ["PATH"]}
        return variables | {"PYTHONCOERCECLOCALE": "0"}

    return environment


@pytest.mark.skipif(sys.platform == "win32", reason="locales of POSIX")
@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "latin-1"])
def test_any_letters_in_any_locale(
    locale: str, tmp_path: Path, locale_of: Callable[[str], dict[str, str]]
) -> None:
    """The environment's Python starts and finds the program, and another locale finds nothing to do."""
    folder = tmp_path / "神经网络 é"
    folder.mkdir()
    for name in ("run.py", "pyproject.toml"):
        shutil.copy(Path(run.__file__).parent / name, folder)
    (folder / "engine.py").write_text("print('the program')")
    script = [sys.executable, "-c", SET_UP]
    first = subprocess.run(script, cwd=folder, env=locale_of(locale), capture_output=True, check=False)
    assert first.returncode == 0, first.stderr.decode("utf-8", "replace")
    assert b"Making an environment" in first.stderr
    (folder / ".venv" / "works").touch()
    for other in ("C", "C.UTF-8", locale):
        again = subprocess.run(script, cwd=folder, env=locale_of(other), capture_output=True, check=False)
        assert (again.returncode, again.stderr) == (0, b"")
        program = [str(folder / ".venv" / "bin" / "python"), "-c", "import engine"]
        child = subprocess.run(program, cwd=tmp_path, env=locale_of(other), capture_output=True, check=False)
        assert (child.returncode, child.stdout) == (0, b"the program\n"), child.stderr
    assert (folder / ".venv" / "works").exists()


# Sets up as run.py does, with an environment without pip and an installation that writes what pip writes.
SET_UP = """
import glob, os, subprocess, sys
sys.path.insert(0, os.getcwd())
import run
call = subprocess.call
def played(command, **options):
    if "venv" in command:
        return call([*command, "--without-pip"], **options)
    if "pip" in command:
        place, = glob.glob(os.path.join(run.VENV, "lib", "python*", "site-packages"))
        with open(os.path.join(place, "_editable_impl_backprop_lab.pth"), "w", encoding="utf-8") as file:
            file.write(run.ROOT)
        return 0
    return call(command, **options)
subprocess.call = played
run.set_up(False, run.Machine(sys.platform, False, False, {}))
"""


def test_children_take_names_of_files_for_utf8(
    played: list[Any], called: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As pip writes them, and as the system's linker and Qt read them; unless the person says otherwise."""
    assert run.with_utf8({"A": "1"}) == {"A": "1", "PYTHONUTF8": "1"}
    assert run.with_utf8({"PYTHONUTF8": "0"}) == {"PYTHONUTF8": "0"}
    given: list[str | None] = []

    def call(command: list[str], env: dict[str, str]) -> int:
        given.append(env.get("PYTHONUTF8"))
        return 0

    monkeypatch.setattr(subprocess, "call", call)
    run.run(["pip"], "")
    monkeypatch.setattr(run, "start", lambda command, environment, platform: call(command, environment))
    monkeypatch.setattr(run, "this_machine", lambda: MAC)
    run.main(["--help"])
    assert given == ["1", "1"]


def test_what_a_child_says_need_not_be_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "import os, sys; os.write(2, b'libGL.so.1: caf\\xe9'); sys.exit(1)"
    monkeypatch.setattr(run, "in_venv", lambda name, platform: sys.executable)
    monkeypatch.setattr(run, "PROBE", source)
    assert run.probe_qt([]) == "libGL.so.1: caf\ufffd"


def test_failed_installation_is_said_and_not_taken_for_done(
    project: Path, called: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "call", lambda command, **_: int("pip" in command))
    with pytest.raises(SystemExit, match="pip could not install Backprop Lab"):
        run.set_up(False, on_this(DEBIAN_USER))
    assert "unfinished" in run.recorded_state()


@pytest.mark.parametrize("text", ["", "{", "[1]", '"unfinished"'])
def test_damaged_note_counts_as_none(project: Path, text: str) -> None:
    (project / ".venv").mkdir()
    Path(run.STATE).write_text(text)
    assert run.recorded_state() == {}


def test_note_is_read_back(project: Path) -> None:
    (project / ".venv").mkdir()
    wanted = run.wanted_state(True, ["gif"])
    run.record(wanted)
    assert run.recorded_state() == wanted == json.loads(json.dumps(wanted))


def test_environment_without_pip_is_not_usable(project: Path) -> None:
    python = run.in_venv("python", sys.platform)
    assert not run.usable(python, {})
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", run.VENV], check=True)
    assert not run.usable(python, {})
    assert run.usable(python, {"project": "any"})


def test_missing_ensurepip_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "can_make_environments", lambda: False)
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    with pytest.raises(SystemExit, match=rf"no ensurepip(?s:.*)sudo apt-get install {re.escape(package)}$"):
        run.provide_venv(DEBIAN_USER)


# --- What the system has to provide ---


@pytest.mark.parametrize(
    ("environment", "plugins"),
    [
        ({"DISPLAY": ":0"}, ["xcb"]),
        ({"WAYLAND_DISPLAY": "wayland-0"}, ["wayland"]),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, ["wayland", "xcb"]),
        ({"WAYLAND_DISPLAY": "wayland-0", "QT_QPA_PLATFORM": "xcb:no-mitshm"}, ["xcb"]),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "wayland-egl;xcb"}, ["wayland", "xcb"]),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, []),
        ({"QT_QPA_PLATFORM": "vnc"}, []),
    ],
)
def test_plugins_that_can_open_a_window(environment: dict[str, str], plugins: list[str]) -> None:
    assert run.display_plugins(environment) == plugins


@pytest.mark.parametrize("environment", [{}, {"DISPLAY": ""}])
def test_no_display_points_to_the_screenshot(environment: dict[str, str]) -> None:
    with pytest.raises(SystemExit, match=r"no display(?s:.*)--screenshot"):
        run.display_plugins(environment)


@pytest.mark.parametrize(
    ("output", "library"),
    [
        (f'Traceback:\n  File "<string>", line 3\n{NO_LIBGL}', "libGL.so.1"),
        ("libxcb-cursor.so.0: cannot open shared object file: No such file", "libxcb-cursor.so.0"),
        ("ModuleNotFoundError: No module named 'PySide6'", ""),
        ("ImportError: /lib/libc.so.6: version `GLIBC_2.34' not found", ""),
    ],
)
def test_missing_library_is_named(output: str, library: str) -> None:
    assert run.missing_library(output) == library


def test_user_is_told_the_one_line() -> None:
    with pytest.raises(SystemExit) as ended:
        run.provide(["libgl1", "libegl1"], "Qt needs libGL.so.1.", DEBIAN_USER)
    assert str(ended.value) == "Qt needs libGL.so.1.\nInstall it with:\n  sudo apt-get install libgl1 libegl1"


def test_other_systems_are_told_what_debian_calls_it() -> None:
    with pytest.raises(SystemExit, match=r"on Debian or Ubuntu; elsewhere"):
        run.provide(["libgl1"], "Qt needs libGL.so.1.", FEDORA_ROOT)


def test_root_installs_and_says_so(called: list[list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    run.provide(["libgl1"], "Qt needs libGL.so.1.", DEBIAN_ROOT)
    assert [command[:2] for command in called] == [["apt-get", "update"], ["apt-get", "install"]]
    assert called[1][-1] == "libgl1"
    assert capsys.readouterr().err.splitlines() == [
        "Qt needs libGL.so.1.",
        "Installing it, as this is root: apt-get install libgl1",
    ]


def test_apt_that_fails_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "call", lambda command, **_: int("install" in command))
    with pytest.raises(SystemExit, match="apt-get could not install"):
        run.provide(["libgl1"], "Qt needs libGL.so.1.", DEBIAN_ROOT)


def answers(monkeypatch: pytest.MonkeyPatch, *outputs: str) -> list[list[str]]:
    """Let the probe give these outputs in turn; the packages asked for are collected."""
    left = list(outputs)
    monkeypatch.setattr(run, "probe_qt", lambda plugins: left.pop(0))
    asked: list[list[str]] = []
    monkeypatch.setattr(run, "provide", lambda packages, reason, machine: asked.append(packages))
    return asked


def test_libraries_of_x11_only_for_a_window_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answers(monkeypatch, NO_LIBGL, "", NO_LIBGL, "", "")
    run.provide_qt(False, DEBIAN_USER)
    run.provide_qt(True, DEBIAN_USER)
    run.provide_qt(True, DEBIAN_USER)  # nothing is missing any more
    assert asked == [run.QT_PACKAGES, run.QT_PACKAGES + run.X11_PACKAGES]


def test_trouble_that_no_package_mends_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answers(monkeypatch, "Traceback:\nModuleNotFoundError: No module named 'PySide6'")
    with pytest.raises(SystemExit, match=r"^Qt does not load: ModuleNotFoundError"):
        run.provide_qt(False, DEBIAN_ROOT)
    assert asked == []


def test_library_still_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, NO_LIBGL, NO_LIBGL)
    with pytest.raises(SystemExit, match=r"libGL\.so\.1"):
        run.provide_qt(False, DEBIAN_ROOT)


@pytest.mark.parametrize("machine", [MAC, WINDOWS])
def test_elsewhere_qt_brings_its_libraries(machine: run.Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch)  # any probe would find no answer
    run.provide_qt(True, machine)


@pytest.mark.skipif(sys.platform != "linux", reason="shared objects of Linux")
@pytest.mark.parametrize(
    ("qt", "plugins", "said"),
    [
        ("", [], ""),
        ("", ["xcb"], "xcb.so"),  # there, but not one that loads
        ("", ["wayland"], ""),
        ("", ["wayland", "xcb"], ""),
        ("", ["xcb", "wayland"], ""),
        (f"raise ImportError({NO_LIBGL!r})", [], NO_LIBGL),
        ("import os; os.abort()", [], "no reason given"),
    ],
)
def test_probe_loads_what_the_window_will(
    qt: str, plugins: list[str], said: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    platforms = project / "PySide6" / "Qt" / "plugins" / "platforms"
    platforms.mkdir(parents=True)
    (project / "PySide6" / "__init__.py").touch()
    (project / "PySide6" / "QtWidgets.py").write_text(qt)
    (platforms / "libqxcb.so").write_text("no shared object")
    shutil.copy(_ctypes.__file__, platforms / "libqwayland-generic.so")
    monkeypatch.setattr(run, "in_venv", lambda name, platform: sys.executable)
    monkeypatch.setenv("PYTHONPATH", str(project))
    output = run.probe_qt(plugins)
    assert said in output
    assert bool(output) is bool(said)


# --- Starting ---


@pytest.mark.parametrize(
    ("arguments", "need"),
    [
        ([], "window"),
        (["data.csv", "--steps", "5"], "window"),
        (["--screenshot", "a.png"], "offscreen"),
        (["--steps", "5", "--screenshot=a.png"], "offscreen"),
        (["--help"], "nothing"),
        (["-h"], "nothing"),
        (["--version"], "nothing"),
        (["run", "experiment.toml"], "nothing"),
        (["predict", "iris.bplab", "new.csv"], "nothing"),
        (["lesson", "a.bplesson"], "nothing"),
        (["lesson", "a.bplesson", "--worksheet", "a.pdf"], "offscreen"),
        (["run", "a.toml", "--language", "en"], "nothing"),
        (["run", "a.toml", "--language", "zh_CN"], "offscreen"),
        (["run", "a.toml", "--language=zh_CN"], "offscreen"),
        (["check", "mine.npz"], "nothing"),
    ],
)
def test_what_the_arguments_need(arguments: list[str], need: str) -> None:
    assert run.needs(arguments) == need


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch, project: Path) -> list[tuple[Any, ...]]:
    """Play main's steps, collecting what each was asked for."""
    steps: list[tuple[Any, ...]] = []

    def start(command: list[str], environment: dict[str, str], platform: str) -> None:
        steps.append(("start", command, environment.get("QT_QPA_PLATFORM")))
        raise SystemExit(0)

    monkeypatch.setattr(
        run, "set_up", lambda tests, machine, extras: steps.append(("set up", tests, *extras))
    )
    monkeypatch.setattr(run, "provide_qt", lambda window, machine: steps.append(("Qt", window)))
    monkeypatch.setattr(run, "start", start)
    monkeypatch.chdir(project)
    return steps


def main_on(machine: run.Machine, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(run, "this_machine", lambda: machine)
    with pytest.raises(SystemExit) as ended:
        run.main(arguments)
    return str(ended.value)


def test_program_gets_the_arguments(played: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    main_on(DEBIAN_USER, ["a b.csv", "--steps", "3"], monkeypatch)
    program = run.in_venv("backprop-lab", "linux")
    assert played == [
        ("set up", False),
        ("Qt", True),
        ("start", [program, "a b.csv", "--steps", "3"], None),
    ]


def test_pytest_gets_the_arguments_and_no_screen(played: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    main_on(WINDOWS, ["test", "-k", "softmax"], monkeypatch)
    python = run.in_venv("python", "win32")
    assert played == [
        ("set up", True),
        ("Qt", False),
        ("start", [python, "-m", "pytest", "-k", "softmax"], "offscreen"),
    ]
    main_on(WINDOWS, ["test"], monkeypatch)
    assert played[-1] == ("start", [python, "-m", "pytest", *run.WHOLE_SUITE], "offscreen")


def test_no_display_is_said_before_anything_is_fetched(
    played: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "no display" in main_on(DEBIAN_ROOT, [], monkeypatch)
    assert played == []


def test_pictures_and_plain_runs_need_no_display(played: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    main_on(DEBIAN_ROOT, ["--screenshot", "a.png"], monkeypatch)
    main_on(DEBIAN_ROOT, ["run", "a.toml"], monkeypatch)
    assert [step[:2] for step in played if step[0] != "start"] == [
        ("set up", False),
        ("Qt", False),
        ("set up", False),
    ]


@pytest.mark.parametrize("machine", [MAC, WINDOWS])
def test_elsewhere_there_is_always_a_display(
    machine: run.Machine, played: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    main_on(machine, [], monkeypatch)
    assert played[-1][1] == [run.in_venv("backprop-lab", machine.platform)]


def test_windows_hands_on_the_exit_status(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "call", lambda command, env: 5)
    with pytest.raises(SystemExit) as ended:
        run.start(["backprop-lab.exe"], {}, "win32")
    assert ended.value.code == 5


@pytest.mark.skipif(sys.platform == "win32", reason="replaces the process, which Windows cannot")
def test_start_becomes_the_program() -> None:
    source = "import run, sys; run.start([sys.executable, '-c', 'raise SystemExit(7)'], {'A': '1'}, 'linux')"
    child = subprocess.run([sys.executable, "-c", source], cwd=Path(run.__file__).parent)
    assert child.returncode == 7
