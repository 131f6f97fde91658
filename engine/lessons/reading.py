"""Reading a lesson: the head in TOML, text in CommonMark, blocks with options; nothing is executed.

All that is wrong is found in one go. A lesson with errors is not given, for it would be half a lesson.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from engine.errors import EngineError
from engine.lessons.blocks import BLOCKS, PLAIN, Context, Options
from engine.lessons.expression import error_at
from engine.lessons.head import FENCE, Head, read_head
from engine.lessons.lesson import Lesson, Prose, Spot, Step

MOST_BLOCKS = 400

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_PAGE = re.compile(r"## ")
_ID = re.compile(r"\sid=\"?([\w-]+)")


class Read(NamedTuple):
    """What came of reading: the lesson, if nothing is wrong, and what is."""

    lesson: Lesson | None
    problems: tuple[EngineError, ...]


def read_text(text: str, name: str, file: str = "lesson.md", original: Lesson | None = None) -> Read:
    """Read the text of a lesson.

    Parameters
    ----------
    text : str
    name : str
        Of the lesson.
    file : str
        Of the text, for errors.
    original : Lesson, optional
        What this is a translation of.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = _COMMENT.sub(_emptied, text).split("\n")
    problems: list[EngineError] = []
    end = _end_of_head(lines)
    if end is None:
        return Read(None, (error_at(Spot(file, 1, 1), "no_head"),))
    head = read_head("\n".join(lines[1:end]), file, problems, original)
    if head is None:  # all names of experiments would be unknown
        return Read(None, tuple(sorted(problems, key=_place)))
    reader = _Reader(lines, end + 1, file, head, problems)
    steps = reader.read()
    if problems:
        return Read(None, tuple(sorted(problems, key=_place)))
    lesson = Lesson(
        name,
        head.title,
        head.language,
        head.minutes,
        head.goals,
        head.needs,
        head.order,
        head.experiment,
        head.experiments,
        tuple(steps),
        file,
    )
    return Read(lesson, ())


def _emptied(comment: re.Match[str]) -> str:
    """Nothing, in as many lines."""
    return "\n" * comment[0].count("\n")


def _place(problem: EngineError) -> tuple[int, int]:
    return int(problem.details.get("line") or 0), int(problem.details.get("column") or 0)


def _end_of_head(lines: Sequence[str]) -> int | None:
    """The line, from 0, that ends the head."""
    if lines[0].lstrip("\ufeff").rstrip() != FENCE:
        return None
    return next((index for index, line in enumerate(lines) if index and line.rstrip() == FENCE), None)


class _Reader:
    """Takes the body of a lesson apart, into text and blocks."""

    def __init__(
        self, lines: Sequence[str], first: int, file: str, head: Head, problems: list[EngineError]
    ) -> None:
        self.lines, self.first, self.file, self.problems = lines, first, file, problems
        formulas = {name: setup.is_formula for name, setup in head.experiments.items()}
        self.context = Context(formulas, head.experiment, problems)
        self.steps: list[Step] = []

    def read(self) -> list[Step]:
        body = "\n".join(self.lines[self.first :])
        tokens = MarkdownIt("commonmark", {"html": False}).parse(body)
        at, blocks = 0, 0
        for token in tokens:
            if token.type != "fence" or token.map is None:
                continue
            start, end = token.map
            word = _word(self.lines[self.first + start], token)
            if word in PLAIN:
                continue
            if token.level:
                if word in BLOCKS:
                    self.fail(self.first + start, 0, "nested_block", name=word[:40])
                continue
            blocks += 1
            if blocks > MOST_BLOCKS:
                self.fail(self.first + start, 0, "too_many_blocks", limit=MOST_BLOCKS)
                break
            self.prose(self.first + at, self.first + start)
            self.block(self.first + start, self.first + end, token, word)
            at = end
        self.prose(self.first + at, len(self.lines))
        return self.steps

    def fail(self, line: int, column: int, kind: str, **details: object) -> None:
        self.problems.append(error_at(Spot(self.file, line + 1, column + 1), kind, **details))

    # -- text --------------------------------------------------------------------------------------

    def prose(self, start: int, end: int) -> None:
        """Take the text between two blocks, page by page."""
        inside = False
        begin = start
        for number in range(start, end):
            line = self.lines[number]
            if line.lstrip().startswith(("```", "~~~")):
                inside = not inside
            if not inside and _PAGE.match(line) and number > begin:
                self.piece(begin, number)
                begin = number
        self.piece(begin, end)

    def piece(self, start: int, end: int) -> None:
        while start < end and not self.lines[start].strip():
            start += 1
        while end > start and not self.lines[end - 1].strip():
            end -= 1
        if start == end:
            return
        spot = Spot(self.file, start + 1, 1)
        text = "\n".join(self.lines[start:end])
        self.context.check_values(text, spot)
        self.steps.append(Prose(spot, text, spot, self.context.experiment))

    def attempt(self, do: Callable[[], Step]) -> Step | None:
        """Do what may find the lesson not right, and note it."""
        try:
            return do()
        except EngineError as error:
            self.problems.append(error)
            return None

    # -- blocks ------------------------------------------------------------------------------------

    def block(self, start: int, end: int, token: Token, word: str) -> None:
        """Take a block: its first line and the text below it."""
        line = self.lines[start]
        column = line.find(token.markup) + len(token.markup)
        if not self.closed(end, start, token):
            self.fail(start, 0, "unclosed_block", name=word[:40])
            return
        if id := _ID.search(line):  # known even if the block turns out to be wrong
            self.context.mention(id[1])
        if word not in BLOCKS:
            shift = len(line[column:]) - len(line[column:].lstrip())
            self.fail(start, column + shift, "unknown_block", name=word[:40], allowed=", ".join(BLOCKS))
            return
        spot = Spot(self.file, start + 1, column + 1)
        found: list[EngineError] = []
        options = Options.read(word, line, column, self.file, start + 1, found)
        self.problems += found
        if found:
            return
        body = [(number + 1, self.lines[number]) for number in range(start + 1, end - 1)]
        step = self.attempt(lambda: BLOCKS[word](options, spot, body, self.context))
        if step is not None:
            self.steps.append(step)

    def closed(self, end: int, start: int, token: Token) -> bool:
        last = self.lines[end - 1].strip()
        return end - 1 > start and len(last) >= len(token.markup) and not last.strip(token.markup[0])


def _word(line: str, token: Token) -> str:
    info = line[line.find(token.markup) + len(token.markup) :].split()
    return info[0] if info else ""
