"""The commands without a window, with the same numbers, bit for bit: `run` trains, `predict` uses."""

from __future__ import annotations

import argparse
import csv
import json
import math
import shlex
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.data.builtin import BUILTIN_NAMES, builtin
from engine.data.data_warning import DataWarning
from engine.data.dataset import Dataset
from engine.data.load import load_dataset
from engine.data.options import ReadOptions
from engine.diagnose import Finding, diagnose
from engine.digits import full, short
from engine.errors import (
    QT_TRANSLATE_NOOP,
    DatasetError,
    DivergenceError,
    EngineError,
    ExperimentError,
    UnexpectedError,
)
from engine.experiment import Experiment
from engine.files.experiment_file import line_of, placed, read_experiment
from engine.files.export_notebook import export_notebook
from engine.files.export_numpy import export_numpy
from engine.files.export_onnx import export_onnx
from engine.files.export_pytorch import export_pytorch
from engine.files.predictions import prediction_header, prediction_rows, write_predictions
from engine.files.session import SUFFIX, Session, capture, read_session, write_session
from engine.files.traces import write_parameters, write_records, write_scalars_csv, write_scalars_parquet
from engine.training.model import Predictions
from engine.training.trainer import Trainer
from engine.wording import ENGLISH, Wording
from resources import LANGUAGES

OK, BAD_INPUT, USAGE, DIVERGED, INTERRUPTED = 0, 1, 2, 3, 130

EXPORTS: dict[str, Callable[[Session, Path], object]] = {
    "numpy": export_numpy,
    "pytorch": export_pytorch,
    "notebook": export_notebook,
    "onnx": export_onnx,
    "csv": write_scalars_csv,
    "parquet": write_scalars_parquet,
    "parameters": write_parameters,
}

EPILOG = f"""\
data sets:
  {", ".join(BUILTIN_NAMES)}

exports:
  numpy, pytorch   a script of the network, its data and optimizer that trains on, keeps its weights and
                   predicts; numpy with the same losses, pytorch likewise if it is told --exact
  notebook         the NumPy script in cells
  onnx             the network as it predicts (needs the package onnx)
  csv, parquet     the scalars of all steps
  parameters       all weights and biases, as CSV

exit status:
  0  done
  1  a file or a setting is not right, or a file cannot be written
  2  the command line is not right
  3  training met a number that is not finite; what came before it is written
  130  interrupted; what came before it is written
  141  nobody read the output to its end; the files are written

examples:
  backprop-lab run experiment.toml --data iris --epochs 100 --save iris.bplab
  backprop-lab run experiment.toml --data iris --steps 500 --diagnose
  backprop-lab run iris.bplab --steps 1000 --record last.npz --export pytorch iris.py --json
"""


def parser() -> argparse.ArgumentParser:
    """The arguments of `run`."""
    result = argparse.ArgumentParser(
        prog="backprop-lab run",
        description="Train without a window: the same numbers, bit for bit.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = result.add_argument
    add("file", type=Path, metavar="EXPERIMENT.toml|SESSION.bplab", help="what to train")
    add(
        "--data",
        metavar="FILE",
        help="a data file or the name of a built-in data set; an experiment needs one, and for a session "
        "it says where the data lie that are not in it",
    )
    add("--target", metavar="COLUMN", help="the target column of the data file, by name or place from 1")
    _add_reading(
        result.add_argument_group("how the data file is read, where it is not as it seems").add_argument
    )
    length = result.add_mutually_exclusive_group()
    length.add_argument("--steps", type=_count, metavar="N", help="make N steps; none unless it is said")
    length.add_argument(
        "--epochs", type=_count, metavar="N", help="train to the end of the Nth epoch from here"
    )
    add("--record", type=Path, metavar="OUT.npz", help="write all numbers of the last step made")
    add(
        "--record-steps",
        type=_steps,
        metavar="A,B-C",
        help="the steps that --record writes instead, such as 1,10,90-100",
    )
    add(
        "--export",
        nargs=2,
        action="append",
        default=[],
        metavar=("FORMAT", "OUT"),
        help="write another format (below); may be given several times",
    )
    add("--save", type=Path, metavar="OUT.bplab", help="write the session")
    add("--threads", type=_threads, metavar="N", help="BLAS threads, 1 or those of the session")
    add("--diagnose", action="store_true", help="say why the network does not learn, if it does not")
    add("--json", action="store_true", help="print the summary as JSON")
    _add_language(result)
    return result


def _add_language(to: argparse.ArgumentParser) -> None:
    """Who starts a command looks for this option and hands the words in: the engine has but English."""
    to.add_argument("--language", choices=tuple(LANGUAGES), help="language of what is said (en)")


def _add_reading(add: Callable[..., object]) -> None:
    """The options of `ReadOptions`, each under its name."""
    add("--encoding", metavar="CODEC", help="such as gb18030 or cp1252")
    add("--delimiter", type=_mark, metavar="MARK", help="one character, tab or whitespace")
    add("--decimal", metavar="MARK", help="the decimal mark, a point or a comma")
    add("--thousands", metavar="MARK", help="the mark between groups of three digits; '' for none")
    add("--header", type=_yes, metavar="yes|no", help="whether the first row names the columns")
    add("--skip-lines", type=_count, metavar="N", help="lines before the table")
    add("--sheet", metavar="SHEET", help="of a workbook, by name or place from 1")
    add(
        "--missing",
        action="append",
        metavar="WORD",
        help="stands for a missing cell; may be given several times",
    )
    add("--day-first", type=_yes, metavar="yes|no", help="whether 3/4/2021 is in April")
    add("--role", action="append", type=_named, metavar="COLUMN=ROLE", help="feature, target or skip")
    add(
        "--type",
        action="append",
        type=_named,
        metavar="COLUMN=TYPE",
        help="number, category, date or date_parts",
    )
    add("--skip-bad-rows", action="store_true", default=None, help="leave out rows that cannot be read")


READING = (
    *("encoding", "delimiter", "decimal", "thousands", "header", "skip_lines"),
    *("sheet", "missing", "day_first", "role", "type", "skip_bad_rows"),
)


def _mark(text: str) -> str:
    return {"tab": "\t", "\\t": "\t"}.get(text, text)


def _yes(text: str) -> bool:
    if text not in ("yes", "no"):
        raise argparse.ArgumentTypeError("it must be yes or no")
    return text == "yes"


def _named(text: str) -> tuple[str | int, str]:
    name, equals, value = text.rpartition("=")
    if not equals:
        raise argparse.ArgumentTypeError("it must be a column, =, and what it is")
    return _column(name), value


def _column(name: str) -> str | int:
    return int(name) if name.isdecimal() else name


def _flags(options: Mapping[str, Any]) -> str:
    """Options of `ReadOptions` as they are written on the command line."""
    words = []
    for name, value in options.items():
        flag = f"--{name.replace('_', '-')}"
        if isinstance(value, Mapping):
            words += [
                f"{flag.removesuffix('s')} {shlex.quote(f'{key}={kind}')}" for key, kind in value.items()
            ]
        elif value is True and name == "skip_bad_rows":
            words.append(flag)
        else:
            for one in value if isinstance(value, tuple) else (value,):
                text = {True: "yes", False: "no", "\t": "tab"}.get(one, str(one))
                words.append(f"{flag}={shlex.quote(text)}")
    return " ".join(words)


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError("it must be a whole number, 0 or more")
    return int(text)


def _threads(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1024:
        raise argparse.ArgumentTypeError("it must be a whole number from 1 to 1024")
    return int(text)


def _steps(text: str) -> list[int]:
    steps: list[int] = []
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise argparse.ArgumentTypeError("it must be steps and stretches of steps, such as 1,10,90-100")
        stretch = range(int(first), int(last or first) + 1)
        if len(steps) + len(stretch) > 100_000:
            raise argparse.ArgumentTypeError("these are more than 100,000 steps")
        steps += stretch
    return steps


def main(argv: Sequence[str], words: Wording = ENGLISH) -> int:
    """Do what the arguments of `run` say.

    Parameters
    ----------
    argv : sequence of str
        Those after ``run``.
    words : Wording
        In which language it says what it says.

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
    options.words = words
    for name, _ in options.export:
        if name not in EXPORTS:
            arguments.error(f"--export: {name} is not one of {', '.join(EXPORTS)}")
    is_session = options.file.suffix.lower() == SUFFIX
    if not is_session and options.data is None:
        arguments.error("an experiment needs --data, a file or one of " + ", ".join(BUILTIN_NAMES))
    if is_session and options.target is not None:
        arguments.error("--target goes with the data of an experiment; a session knows its own")
    chosen = [name for name in READING if getattr(options, name) is not None]
    if chosen and (is_session or _is_builtin(options.data)):
        flag = f"--{chosen[0].replace('_', '-')}"
        arguments.error(f"{flag} goes with the data file of an experiment")
    if options.record_steps and not options.record:
        arguments.error("--record-steps needs --record")
    try:
        trainer, view = _open(options, is_session)
        return _run(options, trainer, view)
    except EngineError as error:
        return _refuse(error, options)
    except MemoryError as error:
        return _refuse(UnexpectedError.of(error), options)


def _open(options: argparse.Namespace, is_session: bool) -> tuple[Trainer, dict[str, Any]]:
    """The trainer to go on with, and what the window would want to have back."""
    if not is_session:
        experiment = read_experiment(options.file)
        data = _data(options)
        try:
            experiment = _with_own_split(experiment, data, options)
            return Trainer(experiment, data, threads=options.threads or 1), {}
        except ExperimentError as error:
            raise placed(error, options.file) from None
    session = read_session(options.file, data_file=options.data)
    trainer = session.restore()
    if options.threads:
        trainer.threads = options.threads
    if session.warning is not None:
        print(f"backprop-lab: {options.words.error(session.warning)}", file=sys.stderr)
    return trainer, dict(session.view)


def _is_builtin(where: str) -> bool:
    return where in BUILTIN_NAMES and not Path(where).exists()


def _data(options: argparse.Namespace) -> Dataset:
    if _is_builtin(options.data):
        return builtin(options.data)
    given = {name: getattr(options, name) for name in READING if getattr(options, name) is not None}
    for name, found in (("roles", "role"), ("types", "type")):
        given[name] = dict(given.pop(found, ()))
    if "sheet" in given:
        given["sheet"] = _column(given["sheet"])
    target = None if options.target is None else _column(options.target)
    data = load_dataset(options.data, target, **given)
    for warning in data.warnings:
        if warning.kind.startswith("ambiguous_"):
            details = {**warning.details, "option": _flags(warning.details["options"])}
            said = options.words.warning(DataWarning(warning.kind, details))
            print(f"backprop-lab: {said}", file=sys.stderr)
    return data


def _with_own_split(experiment: Experiment, data: Dataset, options: argparse.Namespace) -> Experiment:
    """The rows that the file says are held out, where the experiment does not say which."""
    if not data.own_split or line_of(options.file.read_text(encoding="utf-8-sig"), "split") is not None:
        return experiment
    text = QT_TRANSLATE_NOOP("command", "held out for validation are the rows that '{column}' marks")
    print(f"backprop-lab: {options.words.text(text).format(column=data.own_split)}", file=sys.stderr)
    return experiment.changed(split=data.own_split, validation=experiment.validation or 0.2)


def _run(options: argparse.Namespace, trainer: Trainer, view: dict[str, Any]) -> int:
    first, started = trainer.completed, time.perf_counter()
    status, trouble = _train(options, trainer)
    seconds = time.perf_counter() - started
    if options.record or options.export or options.save:
        session = capture(trainer, view)
        if options.record and (trainer.completed or options.record_steps):
            write_records(session, options.record_steps or [trainer.completed], options.record)
        for name, out in options.export:
            EXPORTS[name](session, Path(out))
        if options.save:
            write_session(session, options.save)
    summary = _summary(trainer, trainer.completed - first, seconds, trouble)
    findings = diagnose(trainer) if options.diagnose else []
    if options.diagnose and options.json:
        summary["findings"] = [_plain(finding) for finding in findings]
    if options.json:
        print(json.dumps(summary))
    else:
        for line in _lines(summary, trainer, options.words):
            print(line)
        if options.diagnose:
            for said in map(options.words.finding, findings):
                print(options.words.text(DIAGNOSIS).format(finding=said))
            if not findings:
                nothing = options.words.text(_nothing_found(trouble is not None, summary["step"]))
                print(options.words.text(DIAGNOSIS).format(finding=nothing))
    if trouble is not None:
        print(f"backprop-lab: {options.words.error(trouble)}", file=sys.stderr)
    return status


DIAGNOSIS = QT_TRANSLATE_NOOP("command", "diagnosis: {finding}")

LINES = {
    "data": QT_TRANSLATE_NOOP("command", "data: {value}"),
    "step": QT_TRANSLATE_NOOP("command", "step: {value}"),
    "epoch": QT_TRANSLATE_NOOP("command", "epoch: {value}"),
    "steps_made": QT_TRANSLATE_NOOP("command", "steps made: {value}"),
    "loss": QT_TRANSLATE_NOOP("command", "loss: {value}"),
    "penalty": QT_TRANSLATE_NOOP("command", "penalty: {value}"),
    "metric": QT_TRANSLATE_NOOP("command", "metric: {value}"),
    "learning_rate": QT_TRANSLATE_NOOP("command", "learning rate: {value}"),
    "validation_loss": QT_TRANSLATE_NOOP("command", "validation loss: {value}"),
    "validation_metric": QT_TRANSLATE_NOOP("command", "validation metric: {value}"),
    "seconds": QT_TRANSLATE_NOOP("command", "seconds: {value}"),
    "diverged": QT_TRANSLATE_NOOP("command", "diverged: {value}"),
}

LOSSES_OF = {
    ("loss", "mean"): QT_TRANSLATE_NOOP(
        "command", "loss: {value} ({name}, mean over the mini-batch of step {step}, before its update)"
    ),
    ("loss", "sum"): QT_TRANSLATE_NOOP(
        "command", "loss: {value} ({name}, summed over the mini-batch of step {step}, before its update)"
    ),
    ("validation_loss", "mean"): QT_TRANSLATE_NOOP(
        "command", "validation loss: {value} ({name}, mean over the {rows} validation rows after step {step})"
    ),
    ("validation_loss", "sum"): QT_TRANSLATE_NOOP(
        "command",
        "validation loss: {value} ({name}, summed over the {rows} validation rows after step {step})",
    ),
}

METRICS_OF = {
    ("metric", "accuracy"): QT_TRANSLATE_NOOP("command", "metric: {value} (accuracy on the same rows)"),
    ("metric", "label_accuracy"): QT_TRANSLATE_NOOP(
        "command", "metric: {value} (share of right labels on the same rows)"
    ),
    ("metric", "r2"): QT_TRANSLATE_NOOP("command", "metric: {value} (R² on the same rows)"),
    ("validation_metric", "accuracy"): QT_TRANSLATE_NOOP(
        "command", "validation metric: {value} (accuracy on these rows)"
    ),
    ("validation_metric", "label_accuracy"): QT_TRANSLATE_NOOP(
        "command", "validation metric: {value} (share of right labels on these rows)"
    ),
    ("validation_metric", "r2"): QT_TRANSLATE_NOOP(
        "command", "validation metric: {value} (R² on these rows)"
    ),
}

METRIC_NAMES = {"regression": "r2", "multilabel": "label_accuracy"}
"""What the metric is for a kind of targets; of all others it is the accuracy."""


def _lines(summary: Mapping[str, Any], trainer: Trainer, words: Wording) -> Iterator[str]:
    """The summary for people: what a loss and a metric are, and of which rows."""
    experiment = trainer.experiment
    of_rows = {**LOSSES_OF, **METRICS_OF}
    if any(edit.step == summary["step"] and edit.experiment for edit in trainer.current.edits):
        of_rows = {}  # the settings are no longer those that the numbers were made with
    for key, template in LINES.items():
        value = summary[key]
        if value is None:
            continue
        kind = experiment.reduction if key.endswith("loss") else summary["metric_name"]
        yield words.text(of_rows.get((key, kind), template)).format(
            value=full(value) if isinstance(value, float) else value,
            name=words.name(experiment.loss.label),
            step=summary["validation_step" if key.startswith("validation") else "step"],
            rows=summary["validation_rows"],
        )
    if summary["step"] and summary["metric"] is None:
        yield words.text(QT_TRANSLATE_NOOP("command", "metric: not defined, for all targets are equal"))


def _nothing_found(diverged: bool, step: int) -> str:
    """What an examination without findings comes to, and no more than that."""
    if diverged:
        return QT_TRANSLATE_NOOP("command", "none of the causes that are known was proved")
    if not step:
        return QT_TRANSLATE_NOOP("command", "there is nothing to examine before the first step")
    return QT_TRANSLATE_NOOP("command", "nothing was found that keeps it from learning")


def _train(options: argparse.Namespace, trainer: Trainer) -> tuple[int, DivergenceError | None]:
    """Train as long as was asked for; the exit status, and what stopped it."""
    goal = trainer.completed + (options.steps or 0)
    with _interruptible() as interrupted, _bar() as draw:
        try:
            if options.epochs:
                last = trainer.epoch + options.epochs
                begun = trainer.epoch
                while trainer.epoch < last and not interrupted():
                    trainer.run(
                        trainer.steps_left_in_epoch,
                        lambda: interrupted() or draw((trainer.epoch - begun) / options.epochs, trainer),
                    )
            elif options.steps:
                first = trainer.completed
                trainer.run(
                    options.steps,
                    lambda: interrupted() or draw((trainer.completed - first) / (goal - first), trainer),
                )
        except DivergenceError as error:
            return DIVERGED, error
        return (INTERRUPTED if interrupted() else OK), None


@contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C end training between two steps, so that what there is can be written."""
    asked: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: asked.append(number))
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _bar() -> Iterator[Callable[[float, Trainer], bool]]:
    """A bar on a terminal, drawn ten times a second; the function that draws it answers False."""
    shown, due, begun = False, 0.0, time.monotonic()

    def draw(share: float, trainer: Trainer) -> bool:
        nonlocal shown, due
        now = time.monotonic()
        if sys.stderr.isatty() and now >= due:
            shown, due = True, now + 0.1
            loss = trainer.scalars_between(max(0, trainer.completed - 1), trainer.completed, 0).loss
            text = f"  loss {short(float(loss[-1]), 6)}" if len(loss) else ""
            if share > 0 and now - begun > 2:
                left = round((now - begun) * (1 - share) / share)
                text += f"  {left // 3600}:{left // 60 % 60:02}:{left % 60:02} left"
            filled = round(30 * share)
            bar = "#" * filled + "." * (30 - filled)
            sys.stderr.write(f"\r{bar} {100 * share:3.0f} %  step {trainer.completed}{text}\x1b[K")
            sys.stderr.flush()
        return False

    try:
        yield draw
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")


def _summary(trainer: Trainer, made: int, seconds: float, trouble: DivergenceError | None) -> dict[str, Any]:
    """What became of it: plain values, null where there is none."""
    step, run = trainer.completed, trainer.current
    scalars = trainer.scalars_between(max(0, step - 1), step, max(0, len(run.evaluations) - 1))
    named = {
        "loss": scalars.loss,
        "penalty": scalars.penalty,
        "metric": scalars.metric,
        "learning_rate": scalars.learning_rate,
        "validation_loss": scalars.validation_loss,
        "validation_metric": scalars.validation_metric,
    }
    return {
        "data": trainer.dataset.name,
        "step": step,
        "epoch": trainer.epoch - trainer.at_epoch_start,
        "steps_made": made,
        "loss_name": trainer.experiment.loss.name,
        "reduction": trainer.experiment.reduction,
        "metric_name": METRIC_NAMES.get(trainer.dataset.kind, "accuracy"),
        "validation_rows": len(trainer.prepared.validation_rows),
        "validation_step": int(scalars.evaluated_steps[-1]) if len(scalars.evaluated_steps) else None,
        **{name: _finite(values[-1]) if len(values) else None for name, values in named.items()},
        "seconds": round(seconds, 3),
        "diverged": None if trouble is None else {**trouble.details, "value": str(trouble.details["value"])},
    }


def _plain(finding: Finding) -> dict[str, Any]:
    """A finding as JSON holds it; the cure as an experiment's TOML, layers and units from 1."""
    tried = finding.tried
    return {
        "cause": finding.cause,
        "text": finding.text,
        "since": finding.since,
        "where": _where(finding),
        "evidence": {name: _finite(value) for name, value in finding.evidence.items()},
        "cure": None if finding.cure is None else finding.cure.to_toml(),
        "tried": None
        if tried is None
        else {name: None if value is None else _finite(value) for name, value in tried._asdict().items()},
    }


def _where(finding: Finding) -> dict[str, int]:
    """The layer, column or row that a finding is about."""
    where = {} if finding.row is None else {"row": finding.row + 1}
    if finding.where is not None:
        _, layer, unit, _ = finding.where
        where |= {"layer": layer} if layer else {"column": unit + 1}
    return where


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _refuse(error: EngineError, options: argparse.Namespace) -> int:
    """Say what is not right and where."""
    file, line = error.details.get("file"), error.details.get("line")
    place = f"{file}, line {line}: " if isinstance(error, ExperimentError) and line else ""
    if isinstance(error, DatasetError):
        place = f"{options.data}: "
    if options.json:
        details = {key: str(value) for key, value in error.details.items()}
        print(json.dumps({"error": {"kind": error.kind, "message": str(error), "details": details}}))
    print(f"backprop-lab: {place}{options.words.error(error)}", file=sys.stderr)
    return BAD_INPUT


# -- predict ---------------------------------------------------------------------------------------

PREDICT_EPILOG = """\
The columns of FILE are found by their names, in any order; those that the network takes must be there. Where
the target is there too, it is told how well it is predicted.

Without --out the predictions are printed as CSV; what is said of them goes to the standard error.

exit status:
  0  done
  1  a file is not right, or cannot be written
  2  the command line is not right
  141  nobody read the output to its end

examples:
  backprop-lab predict iris.bplab new.csv --out predicted.xlsx
  backprop-lab predict iris.bplab test.csv --json --out predicted.csv
"""


def predict_parser() -> argparse.ArgumentParser:
    """The arguments of `predict`."""
    result = argparse.ArgumentParser(
        prog="backprop-lab predict",
        description="Predict rows with the network of a session, as it is at the moment that was saved.",
        epilog=PREDICT_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = result.add_argument
    add("session", type=Path, metavar="SESSION.bplab", help="whose network predicts")
    add("file", type=Path, metavar="FILE", help="the rows, in any format that data come in")
    add("--out", type=Path, metavar="OUT.csv|OUT.xlsx", help="where the predictions are written")
    add("--data", metavar="FILE", help="where the data of the session lie, if they are not in it")
    add("--skip-bad-rows", action="store_true", help="leave out rows that cannot be read")
    add("--json", action="store_true", help="print what is said of them as JSON; needs --out")
    _add_language(result)
    return result


def predict_main(argv: Sequence[str], words: Wording = ENGLISH) -> int:
    """Do what the arguments of `predict` say; see `main`."""
    arguments = predict_parser()
    options = arguments.parse_args(argv)
    options.words = words
    if options.json and options.out is None:
        arguments.error("--json needs --out, for the predictions are printed else")
    try:
        session = read_session(options.session, data_file=options.data)
        model = session.restore().model()
    except EngineError as error:
        return _refuse(error, options)
    options.data = options.file  # which all further errors are about
    try:
        found = model.predict(options.file, options=ReadOptions(skip_bad_rows=options.skip_bad_rows))
        if options.out is not None:
            write_predictions(found, options.out)
        else:
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerow(prediction_header(found))
            writer.writerows(prediction_rows(found))
    except EngineError as error:
        return _refuse(error, options)
    except MemoryError as error:
        return _refuse(UnexpectedError.of(error), options)
    _say_predicted(found, options)
    return OK


def _say_predicted(found: Predictions, options: argparse.Namespace) -> None:
    """Say how many rows there were, how well they are predicted, and what is odd about them."""
    summary: dict[str, Any] = {"rows": len(found.rows), "step": found.step, **_scores(found)}
    if options.json:
        warnings = [{"kind": warning.kind, "message": warning.message} for warning in found.rows.warnings]
        print(json.dumps({**summary, "warnings": warnings}))
        return
    out = sys.stdout if options.out is not None else sys.stderr
    for name, value in summary.items():
        print(f"{name.replace('_', ' ')}: {full(value) if isinstance(value, float) else value}", file=out)
    for warning in found.rows.warnings:
        print(f"backprop-lab: {options.words.warning(warning)}", file=sys.stderr)


def _scores(found: Predictions) -> dict[str, Any]:
    """How well rows are predicted whose targets are known; nothing without any."""
    known = int(found.known.sum())
    if not known:
        return {}
    scores: dict[str, Any] = {"rows_with_target": known, "loss": _finite(found.loss)}
    names = found.model.dataset.target_names
    if found.accuracy is not None:
        scores["accuracy"] = found.accuracy
    if found.f1 is not None:
        scores |= {f"F1_{name}": _finite(f1) for name, f1 in zip(names, found.f1.tolist(), strict=True)}
    if (confusion := found.confusion) is not None:
        for name, precision, recall in zip(
            found.class_names, confusion.precision.tolist(), confusion.recall.tolist(), strict=True
        ):
            scores[f"precision_{name}"] = _finite(precision)
            scores[f"recall_{name}"] = _finite(recall)
    if found.r2 is not None and found.mae is not None:
        for name, r2, mae in zip(names, found.r2.tolist(), found.mae.tolist(), strict=True):
            scores[f"R2_{name}"] = _finite(r2)
            scores[f"MAE_{name}"] = _finite(mae)
    scores["worst_rows"] = [int(found.rows.lines[row]) for row in found.worst(5)]
    return scores
