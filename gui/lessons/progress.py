"""How far somebody is in a lesson, and what was answered: kept here, and nowhere but on this machine."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MOST_TRIES = 100
"""Answers to one question that are kept."""

MOST_LESSONS = 200


@dataclass
class Answered:
    """What has become of a question.

    Attributes
    ----------
    tries : list of mapping
        Each with ``answer``, ``right`` and ``slips``.
    right, shown : bool
        Whether the right answer was given, or the learner had it shown.
    """

    tries: list[dict[str, Any]] = field(default_factory=list)
    right: bool = False
    shown: bool = False

    @property
    def is_done(self) -> bool:
        """Whether the answer is known."""
        return self.right or self.shown

    @property
    def wrong(self) -> int:
        """How many answers were wrong."""
        return sum(not tried["right"] for tried in self.tries)

    def add(self, answer: Any, right: bool, slips: Sequence[str]) -> None:
        """Note an answer."""
        self.tries = [*self.tries, {"answer": answer, "right": right, "slips": list(slips)}][-MOST_TRIES:]
        self.right = self.right or right


@dataclass
class Progress:
    """How far somebody is in one lesson.

    Attributes
    ----------
    page : int
    seed : int
        Of the numbers that were drawn.
    answers : dict of question's id to Answered
    finished : bool
    """

    page: int = 0
    seed: int = 1
    answers: dict[str, Answered] = field(default_factory=dict)
    finished: bool = False

    def of(self, id: str) -> Answered:
        """What has become of a question."""
        return self.answers.setdefault(id, Answered())

    def share(self, questions: Sequence[str]) -> float:
        """How many of the questions are answered; 1 once the lesson is finished."""
        if self.finished:
            return 1.0
        done = sum(id in self.answers and self.answers[id].is_done for id in questions)
        return done / len(questions) if questions else 0.0

    def plain(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "page": self.page,
            "seed": self.seed,
            "finished": self.finished,
            "answers": {
                id: {"tries": one.tries, "right": one.right, "shown": one.shown}
                for id, one in self.answers.items()
                if one.tries or one.is_done
            },
        }

    @classmethod
    def read(cls, plain: Any) -> Progress:
        """What was kept; what is not as `plain` gives it is passed over."""
        progress = cls()
        if not isinstance(plain, Mapping):
            return progress
        for name in ("page", "seed"):
            value = plain.get(name)
            if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
                setattr(progress, name, value)
        progress.finished = plain.get("finished") is True
        answers = plain.get("answers")
        for id, one in answers.items() if isinstance(answers, Mapping) else ():
            if isinstance(one, Mapping):
                tries = [tried for tried in _listed(one.get("tries")) if _is_try(tried)]
                progress.answers[id] = Answered(tries, one.get("right") is True, one.get("shown") is True)
        return progress


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_try(value: Any) -> bool:
    return isinstance(value, Mapping) and isinstance(value.get("right"), bool) and "answer" in value


COLUMNS = ("lesson", "title", "seed", "question", "kind", "answered", "tries", "first", "last", "slips")
"""Of the results as a table."""


def results(
    lesson: str, title: str, questions: Sequence[tuple[str, str]], progress: Progress
) -> list[dict[str, Any]]:
    """The results of a lesson, a row for each question, which is told by its id and its kind."""
    rows = []
    for id, kind in questions:
        one = progress.answers.get(id, Answered())
        answers = [tried["answer"] for tried in one.tries]
        answered = "right" if one.right else "shown" if one.shown else "open"
        rows.append(
            {
                "lesson": lesson,
                "title": title,
                "seed": progress.seed,
                "question": id,
                "kind": kind,
                "answered": answered,
                "tries": len(answers),
                "first": answers[0] if answers else None,
                "last": answers[-1] if answers else None,
                "slips": sorted({slip for tried in one.tries for slip in tried.get("slips", ())}),
            }
        )
    return rows


def as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    """Results as JSON."""
    return json.dumps(list(rows), ensure_ascii=False, indent=2) + "\n"


def as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Results as a table; what a spreadsheet would take for a formula is a text there."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in COLUMNS])
    return stream.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        value = " ".join(map(str, value))
    text = str(value)
    if not text.startswith(("=", "+", "-", "@", "\t", "\r")):
        return text
    try:
        float(text)  # a negative number stays one
    except ValueError:
        return f"'{text}"
    return text
