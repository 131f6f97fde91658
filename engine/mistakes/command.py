"""The `check` command: somebody's numbers or program against the right ones, without a window."""

from __future__ import annotations

import argparse
import json
import math
import sys
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.digits import full, short
from engine.errors import EngineError, StepError
from engine.experiment import Experiment
from engine.files.atomic import write_text
from engine.files.experiment_file import read_experiment
from engine.files.session import SUFFIX, read_session
from engine.mistakes.arranging import Orientation
from engine.mistakes.batch import Batch
from engine.mistakes.case_file import CASE, give_case, read_case
from engine.mistakes.catalogue import MISTAKES
from engine.mistakes.checking import BATCHES, Checked, Result, check_numbers, check_program
from engine.mistakes.numbers import place_text
from engine.mistakes.program import MEMORY
from engine.mistakes.reading import read_numbers
from engine.mistakes.reference import in_order
from engine.mistakes.telling import REASONS

AGREES, DIFFERS, USAGE, FAILED = 0, 1, 2, 3

KINDS = "z, a, loss, delta, dW, db, W and b"

EPILOG = f"""\
FILE is
  .npz .npy .json .csv .txt   numbers: z1, a1, delta1, dW1, db1, …, loss, and W1, b1 after the step
  .py                         a program; it is run, in a process of its own. If it defines step(X, T, W, b)
                              that is called with {BATCHES} batches, else its variables are taken

--against says which network it is, and with a session or a case also what the step starts from; with an
experiment alone inputs, targets, weights and biases before the step must be among the numbers. Without
it {CASE} beside FILE is taken.

exit status:
  0  all of it agrees
  1  something is wrong, cannot be known, or is not given though --require asks for it
  2  the command line, a file or its numbers are not right
  3  the program failed

examples:
  backprop-lab check --give . --against experiment.toml      writes {CASE}, check_me.py and probe.py
  backprop-lab check check_me.py
  backprop-lab check check_me.py --require dW,db,loss         else a step that is hardly filled in passes
  backprop-lab check mine.npz --against experiment.toml --json
  backprop-lab check homework.py --against experiment.toml --name "dW1=grads[0].T" --junit result.xml
"""


def parser() -> argparse.ArgumentParser:
    """The arguments of `check`."""
    result = argparse.ArgumentParser(
        prog="backprop-lab check",
        description="Check the numbers of your own back-propagation, and be told which mistake it is.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = result.add_argument
    add("file", type=Path, nargs="?", metavar="FILE", help="numbers, or a program")
    add("--against", type=Path, metavar="EXPERIMENT.toml|SESSION.bplab|CASE.npz", help="the network")
    add(
        "--name",
        action="append",
        default=[],
        metavar="QUANTITY=NAME",
        help="what an array is, where the guess is wrong, such as dW1=grad_in; 'W1 before' and 'inputs' are "
        "quantities too, and of a script NAME may be an expression in its own names",
    )
    add("--out-in", action="store_true", help="weights are (units, units below), as PyTorch has them")
    add("--columns", action="store_true", help="samples are columns")
    add(
        "--require",
        metavar="NAMES",
        help="what has to be given, such as dW,db (of each layer) or dW1,loss; what is not given fails",
    )
    add("--timeout", type=_seconds, default=60.0, metavar="S", help="seconds for a program (60)")
    add("--json", action="store_true", help="print the verdict as JSON")
    add("--junit", type=Path, metavar="OUT.xml", help="write the verdict as JUnit does, for course systems")
    add("--give", type=Path, metavar="FOLDER", help="write a test case to fill in, instead of checking")
    add("--inputs", type=_count, default=4, metavar="N", help="inputs of that test case (4)")
    return result


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value <= 86_400:
        raise argparse.ArgumentTypeError("it must be a number of seconds, up to 86400")
    return value


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError("it must be a whole number from 1 to 10000")
    return int(text)


def main(argv: Sequence[str]) -> int:
    """Do what the arguments of `check` say.

    Parameters
    ----------
    argv : sequence of str
        Those after ``check``.

    Returns
    -------
    int
        The exit status.

    Raises
    ------
    SystemExit
        With 2 where the arguments make no sense, with 0 after ``--help``.
    """
    arguments = parser()
    options = arguments.parse_args(argv)
    if (options.file is None) == (options.give is None):
        arguments.error("give either a FILE to check, or --give a FOLDER")
    roles: dict[str, str] = {}
    for pair in options.name:
        role, equals, name = pair.partition("=")
        if not equals or not role.strip() or not name.strip():
            arguments.error(f"--name: {pair} is not QUANTITY=NAME, such as dW1=grad_in")
        roles[role.strip()] = name.strip()
    against = options.against
    if against is None and options.file is not None:
        beside = options.file.with_name(CASE)
        if not beside.exists():
            arguments.error(
                "say which network it is, with --against EXPERIMENT.toml, SESSION.bplab or CASE.npz"
            )
        against = beside
    if against is None:
        arguments.error("--give needs --against EXPERIMENT.toml or SESSION.bplab")
    try:
        experiment, batches = _against(against)
        if options.give:
            paths = give_case(options.give, experiment, options.inputs, batches[0] if batches else None)
            print("\n".join(map(str, paths)))
            return AGREES
        required, unknown = _required(options.require, in_order(len(experiment.layers)))
        if unknown is not None:
            arguments.error(
                f"--require: '{unknown}' is no quantity of this network; {KINDS} are, or one such as dW1"
            )
        result = _check(options, experiment, batches, against, roles)
    except EngineError as error:
        return _refuse(error, options)
    print(json.dumps(_plain(result, required)) if options.json else _said(result, required))
    if options.junit and not _written(options.junit, _junit(result, options.file.name, required)):
        return USAGE
    return AGREES if _passes(result, required) else DIFFERS


def _required(text: str | None, order: Sequence[str]) -> tuple[list[str], str | None]:
    """The quantities that names and kinds stand for, in order, and the first name that is neither."""
    found: set[str] = set()
    for name in [] if text is None else [part.strip() for part in text.split(",")]:
        meant = {each for each in order if name in (each, each.rstrip("0123456789"))}
        if not meant:
            return [], name
        found |= meant
    return [name for name in order if name in found], None


def _missing(checked: Checked, required: Sequence[str]) -> list[str]:
    """What is required and was not given with a batch."""
    given = {quantity.name for quantity in checked.verdict.quantities}
    return [name for name in required if name not in given]


def _all_missing(result: Result, required: Sequence[str]) -> list[str]:
    """What is required and was not given with every batch."""
    lacking = {name for checked in result.batches for name in _missing(checked, required)}
    return [name for name in required if name in lacking]


def _passes(result: Result, required: Sequence[str]) -> bool:
    return result.agrees and not _all_missing(result, required)


def _written(path: Path, report: str) -> bool:
    """Write a report; where that cannot be done it is said, for it is no fault of what was checked."""
    try:
        write_text(path, report)
    except EngineError as error:
        print(f"backprop-lab: --junit: {error}", file=sys.stderr)
        return False
    return True


def _against(path: Path) -> tuple[Experiment, tuple[Batch, ...]]:
    """The network, and the batches that are known."""
    if path.suffix.lower() == SUFFIX:
        trainer = read_session(path).restore()
        return trainer.experiment, (Batch.of(trainer.peek()),)
    if path.suffix.lower() == ".npz":
        return read_case(path)
    return read_experiment(path), ()


def _check(
    options: argparse.Namespace,
    experiment: Experiment,
    batches: tuple[Batch, ...],
    against: Path,
    roles: dict[str, str],
) -> Result:
    layout = Orientation(options.out_in, options.columns) if options.out_in or options.columns else None
    if options.file.suffix.lower() != ".py":
        named: dict[str, str | None] = {name: role for role, name in roles.items()}
        start = batches[0] if batches else None
        return check_numbers(experiment, read_numbers(options.file), start, named, layout)
    print(
        f"Running {options.file.name} in a process of its own, for {full(options.timeout)} s and "
        f"{MEMORY / 1e9:.0f} GB at most.",
        file=sys.stderr,
    )
    beside = [against] if against.suffix.lower() == ".npz" else []
    return check_program(
        experiment,
        options.file,
        batches,
        inputs=options.inputs,
        timeout=options.timeout,
        expressions=roles,
        layout=layout,
        beside=beside,
    )


# -- what is said ------------------------------------------------------------------------------------------


def _said(result: Result, required: Sequence[str]) -> str:
    """The verdict for people."""
    first = result.first
    verdict = first.verdict
    lines = []
    taken = ", ".join(
        f"{role} = {name}" for name, role in first.arranged.roles.items() if role and role != name
    )
    left = ", ".join(name for name, role in first.arranged.roles.items() if role is None)
    if taken:
        lines.append(f"taken for: {taken}")
    if left:
        lines.append(f"left out: {left}")
    if first.arranged.added:
        lines.append("sign: your gradients are those of t - a, and are added; they are turned round here")
    if first.arranged.unscaled:
        lines.append("factor: your deltas come without the 1/B that is in your dW; they have got it here")
    layout = first.arranged.layout
    if layout.turned or layout.columns or not first.arranged.sure:
        weights = "(units, units below)" if layout.turned else "(units below, units)"
        samples = "columns" if layout.columns else "rows"
        doubt = "" if first.arranged.sure else "; the shapes fit other layouts too (--out-in, --columns)"
        lines.append(f"layout: weights {weights}, samples in {samples}{doubt}")
    if len(result.batches) > 1:
        right = sum(checked.verdict.agrees for checked in result.batches)
        lines.append(f"batches that agree: {right} of {len(result.batches)}")
    if lines:
        lines.append("")
    for quantity in verdict.quantities:
        lines.append(f"  {quantity.name:8} {_state(quantity)}")
    lines.append("")
    lacking = _all_missing(result, required)
    if result.agrees:
        lines.append("What was given agrees." if lacking else "All of it agrees.")
        if missing := [name for name in _not_given(result) if name not in lacking]:
            lines.append(f"Not given, so not judged: {', '.join(missing)}.")
    elif verdict.first_wrong is None:
        lines.append(f"Not known: {', '.join(verdict.unknown)}. Give the dropout masks (mask1, …).")
    else:
        assert verdict.difference is not None
        lines.append(f"First wrong: {verdict.first_wrong}. {verdict.difference.text}")
        lines += _explained(result)
    if lacking:
        lines.append(f"NOT GIVEN, though required: {', '.join(lacking)}.")
    for checked in result.batches:
        for reason in checked.verdict.telling.reasons:
            line = f"Note: {REASONS[reason]}"
            if line not in lines:
                lines.append(line)
    if result.run is not None and result.run.output.strip():
        shown = result.run.output.strip().splitlines()
        lines += ["", "It printed:", *(f"  {line}" for line in shown[:10])]
        if len(shown) > 10:
            lines.append(f"  … {len(shown) - 10} more lines")
    if result.run is not None and result.run.wrote:
        lines.append(f"It wrote {', '.join(result.run.wrote)} into its working folder, which is gone.")
    return "\n".join(lines)


def _not_given(result: Result) -> list[str]:
    """What no verdict can be about: a step that is hardly filled in agrees, too."""
    given = {quantity.name for quantity in result.first.verdict.quantities}
    return [name for name in in_order(len(result.experiment.layers)) if name not in given]


def _state(quantity: Any) -> str:
    if quantity.agrees is None:
        return "not known"
    if quantity.agrees:
        return "agrees"
    if quantity.worst is None:
        return f"WRONG    its shape is {quantity.given.shape}, not {quantity.expected.shape}"
    place = place_text(quantity.worst) if quantity.worst else ""
    arrays = quantity.given, quantity.expected
    yours, right = (short(float(array[quantity.worst]), 9) for array in arrays)
    return f"WRONG    off most at {quantity.name}{place}: {yours}, where {right} is right"


def _explained(result: Result) -> list[str]:
    if not result.mistakes and not result.first.verdict.exhaustive:
        return ["No mistake that is known gives these numbers; for two at once this network is too large."]
    if not result.mistakes:
        return ["No mistake that is known gives these numbers, nor any two of them at once."]
    lines = []
    if len(result.mistakes) > 1:
        lines.append("These give exactly your numbers; with this data they come to the same:")
    for explanation in result.mistakes:
        joint = " and, at once, " if len(explanation) > 1 else ""
        lines.append("")
        lines.append("  " + joint.join(explanation))
        for name in explanation:
            row = MISTAKES[name]
            lines.append(f"    {row.meaning} {row.why}")
            lines += [
                f"      wrong  {row.usual}".replace("\n", "; "),
                f"      right  {row.right}".replace("\n", "; "),
            ]
    return lines


def _plain(result: Result, required: Sequence[str]) -> dict[str, Any]:
    """The verdict for programs."""
    first = result.first.verdict
    run = result.run
    return {
        "agrees": _passes(result, required),
        "first_wrong": first.first_wrong,
        "not_given": _not_given(result),
        "missing": _all_missing(result, required),
        "mistakes": [list(explanation) for explanation in result.mistakes],
        "meaning": {name: MISTAKES[name].meaning for e in result.mistakes for name in e},
        "difference": None if first.difference is None else first.difference.text,
        "batches": [
            {
                "agrees": checked.verdict.agrees,
                "first_wrong": checked.verdict.first_wrong,
                "mistakes": [list(explanation) for explanation in checked.verdict.mistakes],
                "names": checked.arranged.roles,
                "layout": checked.arranged.layout._asdict(),
                "layout_is_sure": checked.arranged.sure,
                "penalty_inside": checked.verdict.reading._asdict(),
                "not_told": list(checked.verdict.telling.reasons),
                "quantities": {
                    q.name: {
                        "agrees": q.agrees,
                        "relative_error": q.relative_error if math.isfinite(q.relative_error) else None,
                        "worst": None if q.worst is None else list(q.worst),
                    }
                    for q in checked.verdict.quantities
                },
            }
            for checked in result.batches
        ],
        "output": None if run is None else run.output,
        "wrote": None if run is None else list(run.wrote),
        "seconds": round(result.seconds, 3),
    }


def _junit(result: Result, name: str, required: Sequence[str]) -> str:
    """The verdict as a test suite: a case a quantity."""
    suite = ET.Element("testsuite", name=name, time=f"{result.seconds:.3f}")
    failures = tests = 0
    for index, checked in enumerate(result.batches, 1):
        place = f"batch {index}" if len(result.batches) > 1 else "step"
        for quantity in checked.verdict.quantities:
            tests += 1
            case = ET.SubElement(suite, "testcase", classname=f"{name} {place}", name=quantity.name)
            if not quantity.agrees:
                failures += 1
                message = _state(quantity)
                failure = ET.SubElement(case, "failure", message=message, type="wrong")
                if quantity.name == checked.verdict.first_wrong and checked.verdict.difference:
                    text = [checked.verdict.difference.text, *_explained(result)]
                    failure.text = "\n".join(text)
        for lacking in _missing(checked, required):
            tests, failures = tests + 1, failures + 1
            case = ET.SubElement(suite, "testcase", classname=f"{name} {place}", name=lacking)
            ET.SubElement(case, "failure", message="not given, though required", type="missing")
    suite.set("tests", str(tests))
    suite.set("failures", str(failures))
    suite.set("errors", "0")
    return _xml(suite)


def _xml(suite: ET.Element) -> str:
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode", xml_declaration=False)
    clean = "".join(c for c in text if c >= " " or c in "\n\t")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{clean}\n'


def _refuse(error: EngineError, options: argparse.Namespace) -> int:
    """Say what is not right and where."""
    failed = isinstance(error, StepError) and error.kind.startswith("program_")
    line = error.details.get("line")
    file = options.against.name if "file" in error.details and options.against else None
    where = file or (options.file.name if options.file else "")
    place = f"{where}, line {line}: " if line else f"{where}: " if where else ""
    said = str(error).removeprefix(f"Line {line}: ")
    text = said if where and said.startswith(f"{where} ") else f"{place}{said}"
    if trace := error.details.get("trace"):
        text += f"\n{trace}"
    if options.json:
        details = {key: str(value) for key, value in error.details.items()}
        print(json.dumps({"error": {"kind": error.kind, "message": str(error), "details": details}}))
    if options.junit and options.file:
        name = options.file.name
        suite = ET.Element("testsuite", name=name, tests="1", failures="0", errors="1", time="0")
        case = ET.SubElement(suite, "testcase", classname=name, name="runs")
        ET.SubElement(case, "error", message=str(error), type=error.kind).text = text
        failed = _written(options.junit, _xml(suite)) and failed
    print(f"backprop-lab: {text}", file=sys.stderr)
    return FAILED if failed else USAGE
