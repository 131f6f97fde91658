"""What is said of answers, mistakes and files of lessons, in the user's language."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from engine.digits import fill
from engine.errors import QT_TRANSLATE_NOOP, EngineError
from engine.lessons.judging import Slip, Verdict
from engine.lessons.lesson import Goal, Question
from engine.markdown import as_text
from engine.parts import Part
from gui.lessons.answers import FACTORS, SIGNS_OF_BLANKS
from gui.lessons.stage import part_of
from gui.text.errors import localized
from gui.text.numbers import grouped
from gui.text.parts import part_name
from gui.text.plain import sentences
from gui.text.settings import setting, word
from gui.text.symbols import part_plain
from gui.training.messages import Frame

HEADS = {
    "predict": QT_TRANSLATE_NOOP("lessonPage", "Predict"),
    "choose": QT_TRANSLATE_NOOP("lessonPage", "Choose"),
    "point": QT_TRANSLATE_NOOP("lessonPage", "Point at it"),
    "order": QT_TRANSLATE_NOOP("lessonPage", "Put in order"),
    "blank": QT_TRANSLATE_NOOP("lessonPage", "Fill in"),
    "goal": QT_TRANSLATE_NOOP("lessonPage", "Reach the goal"),
    "fault": QT_TRANSLATE_NOOP("lessonPage", "Find the mistake"),
}
"""What each kind of question asks for."""


def _said(text: str) -> str:
    return QCoreApplication.translate("lessonPage", text)


def head(question: Question) -> str:
    """What a question asks for, in a word."""
    return _said(HEADS[question.kind])


def slip_text(slip: Slip) -> str:
    """How a number came about."""
    text = fill(QCoreApplication.translate(slip.context, slip.template), slip.details)
    if slip.context != "mistakes":
        return text
    return _said(QT_TRANSLATE_NOOP("lessonPage", "Your number is that of a mistake: {mistake}")).format(
        mistake=text
    )


def verdict_text(question: Question, verdict: Verdict) -> str:
    """What is said of an answer."""
    if verdict.right:
        return "✓ " + _said(QT_TRANSLATE_NOOP("lessonPage", "Right."))
    if verdict.parts:
        right = sum(part.right for part in verdict.parts)
        text = _said(QT_TRANSLATE_NOOP("lessonPage", "{right} of {count} are right."))
        text = text.format(right=grouped(right), count=grouped(len(verdict.parts)))
        lines = [
            f"{SIGNS_OF_BLANKS[place % 20]} {slip_text(part.slips[0])}"
            for place, part in enumerate(verdict.parts)
            if part.slips
        ]
        return "\n".join([f"✗ {text}", *lines])
    if verdict.slips:
        return "\n".join(f"✗ {slip_text(slip)}" for slip in verdict.slips)
    if verdict.answer is not None and verdict.expected is not None and question.kind == "predict":
        text = QT_TRANSLATE_NOOP("lessonPage", "Not this one, and none of the known mistakes gives it.")
        return "✗ " + _said(text)
    return "✗ " + _said(QT_TRANSLATE_NOOP("lessonPage", "Not this one."))


def problems_text(problems: Sequence[EngineError], *, has_old: bool) -> str:
    """What is wrong with a lesson's file, as Markdown."""
    head = _said(QT_TRANSLATE_NOOP("lessonPage", "The lesson's file cannot be read as it is now."))
    if has_old:
        old = _said(QT_TRANSLATE_NOOP("lessonPage", "Below is the lesson as it was before."))
        head = sentences(head, old)
    lines = []
    for problem in problems[:20]:
        message, mend = localized(problem)
        file = problem.details.get("file")
        place = f"**{as_text(str(file))}** · " if isinstance(file, str) and file else ""
        lines.append(f"- {place}{as_text(sentences(message, mend))}")
    if len(problems) > 20:
        more = _said(QT_TRANSLATE_NOOP("lessonPage", "and {count} more"))
        lines.append("- " + more.format(count=grouped(len(problems) - 20)))
    return "\n".join([head, "", *lines])


def place_text(place: Sequence[int | str], what: str, frame: Frame | None) -> str:
    """A place that was pointed at."""
    if what == "factor":
        return FACTORS[str(place[0])]
    if what == "sample":
        text = _said(QT_TRANSLATE_NOOP("lessonPage", "row {number} of the mini-batch"))
        return text.format(number=grouped(int(place[0])))
    part: Part = part_of(tuple(place))
    if frame is None or not part.exists(frame.record.sizes):
        return part_plain(part)
    return (
        part_name(frame, part) if part.kind == "layer" else f"{part_plain(part)} · {part_name(frame, part)}"
    )


def locks_text(goal: Goal) -> str:
    """What may not be changed."""
    if not goal.locked:
        return ""
    names = ", ".join(setting(name) for name in goal.locked)
    return _said(QT_TRANSLATE_NOOP("lessonPage", "Held as it is: {settings}")).format(settings=names)


def solution_text(goal: Goal) -> str:
    """A change that meets a goal."""
    changes = []
    for change in goal.solve:
        name = change.path if "[" in change.path and change.path[0] in "wb" else setting(change.path)
        changes.append(f"{name} = {word(change.value)}")
    return "\n".join(changes)


def goal_text(goal: Goal, step: int | None) -> str:
    """How far one is on the way to a goal."""
    if step is None or goal.within <= 1:
        return ""
    if step > goal.within:
        text = _said(QT_TRANSLATE_NOOP("lessonPage", "Step {step}: more than the {within} there are."))
    else:
        text = _said(QT_TRANSLATE_NOOP("lessonPage", "Step {step} of {within}."))
    return text.format(step=grouped(step), within=grouped(goal.within))
