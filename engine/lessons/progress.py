"""How far a learner is and what was answered: plain files on this machine, and nowhere else."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from engine.data.source import open_file
from engine.errors import LessonError
from engine.files.atomic import Where, write_text

SCHEMA_VERSION = 1
MOST_BYTES = 4 << 20
HEADER = (
    "lesson",
    "question",
    "kind",
    "answer",
    "right",
    "points",
    "most",
    "tries",
    "hints",
    "slips",
    "time",
)


@dataclass(frozen=True)
class Answered:
    """What came of a question.

    Attributes
    ----------
    question, kind : str
    answer : str
        The last one, as it was given.
    right : bool
    points, most : int
    tries, hints : int
        Answers given, hints seen.
    slips : tuple of str
        Names of the slips that were told, each once.
    time : str
        Of the last answer, ISO 8601; empty if nobody asked a clock.
    """

    question: str
    kind: str
    answer: str = ""
    right: bool = False
    points: int = 0
    most: int = 1
    tries: int = 0
    hints: int = 0
    slips: tuple[str, ...] = ()
    time: str = ""


@dataclass(frozen=True)
class Progress:
    """A learner's way through one lesson.

    Attributes
    ----------
    lesson : str
        Its name.
    seed : int
        The learner's numbers.
    page : int
        The page that is open, from 0.
    done : bool
    answers : mapping of question's id to Answered
    """

    lesson: str
    seed: int = 1
    page: int = 0
    done: bool = False
    answers: Mapping[str, Answered] = field(default_factory=dict)

    def answered(self, answer: Answered) -> Progress:
        """The same with an answer more; tries, hints and slips of the question are counted on."""
        before = self.answers.get(answer.question)
        if before is not None:
            slips = (*before.slips, *(slip for slip in answer.slips if slip not in before.slips))
            answer = replace(
                answer,
                tries=before.tries + answer.tries,
                hints=max(before.hints, answer.hints),
                slips=slips,
                right=answer.right,
                points=max(before.points, answer.points),
            )
        return replace(self, answers={**self.answers, answer.question: answer})

    @property
    def points(self) -> int:
        """What all answers are worth."""
        return sum(answer.points for answer in self.answers.values())


def read_progress(path: Where) -> dict[str, Progress]:
    """The progress in every lesson, by its name; empty if there is no such file.

    Raises
    ------
    LessonError
        ``cannot_read`` or ``bad_progress``; the file is left as it is.
    """
    file = Path(path)
    try:
        with open_file(file) as stream:
            content = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise LessonError("cannot_read", file=file.name, reason=error.strerror or str(error)) from None
    try:
        if len(content) > MOST_BYTES:
            raise ValueError("too large")
        document = json.loads(content.decode("utf-8"))
        if document["schema_version"] != SCHEMA_VERSION:
            raise ValueError("another version")
        return {name: _progress(name, plain) for name, plain in document["lessons"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        reason = str(error).split("\n")[0] or type(error).__name__
        raise LessonError("bad_progress", file=file.name, reason=reason) from None


def _progress(name: str, plain: dict[str, Any]) -> Progress:
    answers = {}
    for question, row in plain["answers"].items():
        known = {key: row[key] for key in Answered.__dataclass_fields__ if key in row and key != "question"}
        answers[question] = Answered(question, **{**known, "slips": tuple(known.get("slips", ()))})
        if not all(isinstance(getattr(answers[question], key), int) for key in ("points", "most", "tries")):
            raise TypeError("a count that is no number")
    seed, page = plain["seed"], plain["page"]
    if not isinstance(seed, int) or not isinstance(page, int):
        raise TypeError("a count that is no number")
    return Progress(name, seed, page, bool(plain["done"]), answers)


def write_progress(path: Where, lessons: Mapping[str, Progress]) -> None:
    """Write the progress in every lesson, whole or not at all.

    Raises
    ------
    SessionError
        ``cannot_write``; what was there is untouched.
    """
    plain = {
        name: {
            "seed": progress.seed,
            "page": progress.page,
            "done": progress.done,
            "answers": {id: _row(answer) for id, answer in progress.answers.items()},
        }
        for name, progress in lessons.items()
    }
    document = {"schema_version": SCHEMA_VERSION, "lessons": plain}
    write_text(path, json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def _row(answer: Answered) -> dict[str, Any]:
    return {key: value for key, value in asdict(answer).items() if key != "question"}


def results_json(lessons: Iterable[Progress]) -> str:
    """What was answered, for programs."""
    rows = [
        {"lesson": progress.lesson, "seed": progress.seed, **asdict(answer)}
        for progress in lessons
        for answer in progress.answers.values()
    ]
    return (
        json.dumps({"schema_version": SCHEMA_VERSION, "results": rows}, ensure_ascii=False, indent=1) + "\n"
    )


def results_csv(lessons: Iterable[Progress]) -> str:
    """What was answered, a row a question, for spreadsheets."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for progress in lessons:
        for answer in progress.answers.values():
            plain = {**asdict(answer), "lesson": progress.lesson, "slips": " ".join(answer.slips)}
            plain["right"] = int(answer.right)
            writer.writerow([_harmless(plain[key]) for key in HEADER])
    return text.getvalue()


def _harmless(value: object) -> object:
    """A text that no spreadsheet takes for a formula; a number stays one."""
    if not isinstance(value, str) or not value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return value
    try:
        float(value)
    except ValueError:
        return f"'{value}"
    return value


def write_results(path: Where, lessons: Iterable[Progress]) -> None:
    """Write what was answered: JSON, or CSV where the name ends so.

    Raises
    ------
    SessionError
        ``cannot_write``.
    """
    as_csv = str(path).lower().endswith(".csv")
    write_text(path, results_csv(lessons) if as_csv else results_json(lessons))
