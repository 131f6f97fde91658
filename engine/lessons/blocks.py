"""The kinds of block, a function each: from options and text to a step, checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, cast

from engine.errors import QT_TRANSLATE_NOOP, EngineError
from engine.experiment import Experiment
from engine.lessons.expression import (
    MOST_STEPS,
    Condition,
    Expression,
    Known,
    error_at,
    read_condition,
    read_expression,
)
from engine.lessons.lesson import (
    Blank,
    Change,
    Choose,
    Fault,
    Goal,
    Hint,
    Hole,
    Item,
    Order,
    Point,
    Predict,
    Reveal,
    Show,
    Source,
    Spot,
    Step,
    Tolerance,
)
from engine.lessons.values import holes_in, values_in
from engine.mistakes import MISTAKES

PLAIN = frozenset({"", "text", "python", "toml", "csv", "markdown"})
"""Fenced code that is shown as it is."""

VIEWS = (
    *("network", "chain_rule", "diagnosis", "curves", "gradients", "surface", "data", "weights"),
    *("parameters", "check", "runs", "listing", "instruments", "predict", "expression_lab"),
    *("check_numbers", "clinic"),
)

HIDEABLE = ("upstream", "slope", "activation", "share", "gradient", "update")
"""What of a derivation can be hidden, in the order of the chain."""

LETTERS: Mapping[str, tuple[str, ...]] = {
    "unit": ("l", "j"),
    "weight": ("l", "i", "j"),
    "layer": ("l",),
    "sample": ("s",),
    "factor": ("factor",),
}
"""What can be pointed at, and the letters that stand for it."""

SETTINGS = tuple(name for name in Experiment.__dataclass_fields__ if name != "seed")

_WORD = re.compile(r'(?:[^\s"]|"[^"]*")+')
_OPTION = re.compile(r"([a-z_]+)=(?!=)(.*)", re.DOTALL)
_ID = re.compile(r"[A-Za-z][\w-]{0,39}", re.ASCII)
_ITEM = re.compile(r" {0,3}[-*] +")
_CODE = re.compile(r"`([^`\n]*)`\s*")
_DERIVATION = re.compile(r"derivation\[([\w,]+)\]")
_PARAMETER = re.compile(r"w\[\d{1,5},\d{1,5},\d{1,5}\]|b\[\d{1,5},\d{1,5}\]")
_SETTING = re.compile(r"([a-z_]+)(\[\d+\])?(\.[a-z_0-9.]+)?")

Line = tuple[int, str]


class Word(NamedTuple):
    """A word of the line that opens a block."""

    text: str
    spot: Spot


@dataclass
class Context:
    """What a block may refer to: it is filled while the lesson is read.

    Attributes
    ----------
    formulas : mapping of experiment to bool
        Whether each is a formula.
    experiment : str
        That of the block before.
    problems : list
    ids : dict of id to line
    last : str
        The id of the question before.
    mentioned : set of str
        The ids of questions so far, and of blocks that are not right.
    """

    formulas: Mapping[str, bool]
    experiment: str
    problems: list[EngineError]
    ids: dict[str, int] = field(default_factory=dict)
    last: str = ""
    mentioned: set[str] = field(default_factory=set)

    def mention(self, id: str) -> None:
        """Note the id of a question, which may yet turn out to be none."""
        self.mentioned.add(id)
        self.last = id

    def known(self, letters: Sequence[str] = ()) -> Known:
        """What an expression may name here."""
        return Known(self.formulas, self.experiment, letters)

    def check_values(self, text: str, spot: Spot) -> None:
        """See that the numbers that a text shows can be read."""
        for value in values_in(text, spot, self.problems):
            try:
                read_expression(value.source, self.known())
            except EngineError as error:
                self.problems.append(error)

    def expression(self, source: Source, letters: Sequence[str] = ()) -> Expression | None:
        """Read an expression that is no typed number; what is wrong is noted."""
        return cast("Expression | None", self._read(read_expression, source, letters))

    def condition(self, source: Source, letters: Sequence[str] = ()) -> Condition | None:
        """Read a condition; what is wrong is noted."""
        return cast("Condition | None", self._read(read_condition, source, letters))

    def _read(self, read: Callable[..., Any], source: Source, letters: Sequence[str]) -> Any:
        try:
            found = read(source, self.known(letters))
        except EngineError as error:
            self.problems.append(error)
            return None
        if found.is_typed:
            self.problems.append(error_at(source.spot, "typed_answer", text=source.text[:60]))
        return found


class Options:
    """The words and options of the line that opens a block; what is not asked for is an error."""

    def __init__(self, block: str, spot: Spot, words: list[Word], values: dict[str, Word]) -> None:
        self.block, self.spot, self.words, self.values = block, spot, words, values
        self.asked: list[str] = []

    @classmethod
    def read(
        cls, block: str, line: str, column: int, file: str, number: int, problems: list[EngineError]
    ) -> Options:
        """Take a line apart, from `column` (from 0) on; the block's own name is its first word."""
        words: list[Word] = []
        values: dict[str, Word] = {}
        if line.count('"', column) % 2:
            at = line.rfind('"')
            problems.append(error_at(Spot(file, number, at + 1), "unclosed_quote"))
        for match in _WORD.finditer(line, column):
            spot = Spot(file, number, match.start() + 1)
            option = _OPTION.fullmatch(match[0])
            if option is None:
                quoted = match[0].startswith('"')
                words.append(Word(match[0].replace('"', ""), spot._replace(column=spot.column + quoted)))
                continue
            if option[1] in values:
                problems.append(error_at(spot, "option_twice", name=option[1]))
            at = match.start(0) + option.start(2) + option[2].startswith('"') + 1
            values[option[1]] = Word(option[2].replace('"', ""), spot._replace(column=at))
        return cls(block, Spot(file, number, column + 1), words[1:], values)

    def take(self, name: str) -> Word | None:
        """The value of an option, which is known from now on."""
        self.asked.append(name)
        return self.values.get(name)

    def need(self, name: str, example: str) -> Word:
        """The value of an option that must be there."""
        found = self.take(name)
        if found is None or not found.text:
            raise error_at(self.spot, "missing_option", block=self.block, name=name, example=example)
        return found

    def word(self, expected: str, example: str) -> Word:
        """The next word that is no option."""
        if not self.words:
            raise error_at(self.spot, "missing_option", block=self.block, name=expected, example=example)
        return self.words.pop(0)

    def end(self, problems: list[EngineError]) -> None:
        """Note all that nobody asked for."""
        for word in self.words:
            problems.append(error_at(word.spot, "unexpected_word", name=word.text[:40]))
        for name, word in self.values.items():
            if name not in self.asked:
                spot = self.spot._replace(column=max(1, word.spot.column - len(name) - 1))
                allowed = ", ".join(self.asked) or "…"
                problems.append(
                    error_at(spot, "unknown_option", block=self.block, name=name, allowed=allowed)
                )

    def bad(self, name: str, word: Word, needed: str) -> EngineError:
        """The error of a value that cannot be."""
        return error_at(word.spot, "bad_option", name=name, value=word.text[:60], needed=needed)

    def whole(self, name: str, low: int, high: int, default: int | None) -> int | None:
        """A whole number."""
        found = self.take(name)
        if found is None:
            return default
        text = found.text
        if not (text.isascii() and text.isdecimal()) or not low <= int(text[:9]) <= high or len(text) > 9:
            raise self.bad(name, found, f"a whole number from {low} to {high}")
        return int(text)

    def one_of(self, name: str, allowed: Sequence[str], default: str) -> str:
        """One of some words."""
        found = self.take(name)
        if found is None:
            return default
        if found.text not in allowed:
            raise self.bad(name, found, f"one of: {', '.join(allowed)}")
        return found.text

    def tolerance(self) -> Tolerance:
        """How near an answer must be."""
        found = self.take("tolerance")
        if found is None:
            return Tolerance()
        text, relative = found.text.removesuffix("%"), found.text.endswith("%")
        if not re.fullmatch(r"\d{1,9}(\.\d{0,9})?|\.\d{1,9}", text, re.ASCII) or not float(text) > 0:
            raise self.bad(
                "tolerance",
                found,
                QT_TRANSLATE_NOOP("errors", "a share such as 2% or a number such as 0.005"),
            )
        return Tolerance(float(text) / 100 if relative else float(text), relative)

    def select(self, name: str = "select") -> tuple[int | str, ...] | None:
        """A part of the network, as ``--select`` takes it."""
        found = self.take(name)
        return None if found is None else self.part(name, found, (1, 2, 3))

    def part(self, name: str, word: Word, lengths: Sequence[int]) -> tuple[int | str, ...]:
        """Numbers between commas, from 1; of a bias the second of three is ``b``."""
        parts = word.text.replace(" ", "").split(",")
        found: list[int | str] = []
        for index, part in enumerate(parts):
            if part == "b" and index == 1 and len(parts) == 3:
                found.append(part)
            elif part.isascii() and part.isdecimal() and len(part) < 6:
                found.append(int(part))
        first = found[0] if found else -1
        if (
            len(found) != len(parts)
            or len(parts) not in lengths
            or 0 in found[1:]
            or first == 0 == len(parts) - 3
        ):
            raise self.bad(
                name,
                word,
                QT_TRANSLATE_NOOP("errors", "a weight 2,3,1, a bias 2,b,1, a unit 1,2 or a layer 2"),
            )
        return tuple(found)


# -- what all blocks have --------------------------------------------------------------------------------


def _experiment(options: Options, context: Context, needed: bool = False) -> None:
    """Take the experiment, and keep it for the blocks that follow."""
    found = options.take("experiment")
    if found is not None:
        if found.text not in context.formulas:
            allowed = ", ".join(context.formulas) or "…"
            raise error_at(found.spot, "unknown_experiment", name=found.text[:60], allowed=allowed)
        context.experiment = found.text
    if needed and not context.experiment:
        raise error_at(options.spot, "no_experiment")


def _text(body: Iterable[Line], file: str) -> tuple[str, Spot]:
    lines = list(body)
    while lines and not lines[0][1].strip():
        lines.pop(0)
    while lines and not lines[-1][1].strip():
        lines.pop()
    return "\n".join(line for _, line in lines), Spot(file, lines[0][0] if lines else 1, 1)


class _Asked(NamedTuple):
    """What every question has."""

    text: str
    text_spot: Spot
    id: str
    step: int
    sample: int

    def fields(self, spot: Spot, context: Context) -> dict[str, Any]:
        return {**self._asdict(), "spot": spot, "experiment": context.experiment}


def _question(options: Options, body: Iterable[Line], context: Context, silent: bool = False) -> _Asked:
    id_word = options.need("id", f"{options.block} id=first")
    if not _ID.fullmatch(id_word.text):
        raise options.bad(
            "id", id_word, QT_TRANSLATE_NOOP("errors", "a name of letters, digits, _ and -, a letter first")
        )
    if id_word.text in context.ids:
        other = context.ids[id_word.text]
        context.problems.append(error_at(id_word.spot, "id_twice", name=id_word.text, other=other))
    context.ids.setdefault(id_word.text, options.spot.line)
    _experiment(options, context, needed=True)
    step = options.whole("step", 1, MOST_STEPS, 1)
    sample = options.whole("sample", 1, 1_000_000, 1)
    text, spot = _text(body, options.spot.file)
    if not text and not silent:
        raise error_at(options.spot, "no_text", block=options.block)
    context.check_values(text, spot)
    assert step is not None and sample is not None
    return _Asked(text, spot, id_word.text, step, sample)


def _source(word: Word) -> Source:
    return Source(word.text, word.spot)


# -- the kinds -------------------------------------------------------------------------------------------


def _predict(options: Options, spot: Spot, body: list[Line], context: Context) -> Step:
    asked = _question(options, body, context)
    target = _source(options.need("target", 'target="grad[2,1,1]"'))
    ask = options.one_of("ask", ("number", "sign"), "number")
    tolerance = options.tolerance()
    options.end(context.problems)
    context.expression(target)
    kind = cast(Literal["number", "sign"], ask)
    return Predict(**asked.fields(spot, context), target=target, ask=kind, tolerance=tolerance)


def _items(body: list[Line], file: str) -> tuple[list[Line], list[Item]]:
    """The question, and the list below it."""
    first = next((index for index, (_, line) in enumerate(body) if _ITEM.match(line)), len(body))
    pieces: list[list[Line]] = []
    for number, line in body[first:]:
        if _ITEM.match(line):
            pieces.append([])
        pieces[-1].append((number, line))
    items = []
    for piece in pieces:
        (number, line), *more = piece
        mark = _ITEM.match(line)
        start = mark.end() if mark else 0
        rest = line[start:]
        code = _CODE.match(rest)
        when = None
        spot = Spot(file, number, start + 1)
        if code:
            inner = code[1]
            shift = 1 + len(inner) - len(inner.lstrip())
            when = Source(inner.strip(), spot._replace(column=spot.column + shift))
            rest = rest[code.end() :]
        text = "\n".join([rest, *(each.strip() for _, each in more)]).strip()
        items.append(Item(text, when, spot))
    return body[:first], items


def _few(options: Options, items: list[Item], context: Context) -> None:
    if len(items) < 2:
        raise error_at(options.spot, "too_few_items", block=options.block, count=len(items))
    for item in items:
        context.check_values(item.text, item.spot)


def _choose(options: Options, spot: Spot, body: list[Line], context: Context) -> Step:
    text, items = _items(body, options.spot.file)
    asked = _question(options, text, context)
    options.end(context.problems)
    _few(options, items, context)
    typed = []
    for item in items:
        if item.when is None:
            context.problems.append(error_at(item.spot, "item_without"))
            continue
        try:
            typed.append(read_condition(item.when, context.known()).is_typed)
        except EngineError as error:
            context.problems.append(error)
    if typed and all(typed) and items[0].when is not None:
        context.problems.append(error_at(items[0].when.spot, "typed_answer", text=items[0].when.text[:60]))
    return Choose(**asked.fields(spot, context), items=tuple(items))


def _order(options: Options, spot: Spot, body: list[Line], context: Context) -> Step:
    text, items = _items(body, options.spot.file)
    asked = _question(options, text, context)
    descending = options.one_of("descending", ("yes", "no"), "no") == "yes"
    options.end(context.problems)
    _few(options, items, context)
    written = [item for item in items if item.when is not None]
    for item in items:
        if item.when is not None:
            context.expression(item.when)
        elif written:
            context.problems.append(error_at(item.spot, "item_without"))
    return Order(**asked.fields(spot, context), items=tuple(items), descending=descending)


def _point(options: Options, spot: Spot, body: list[Line], context: Context) -> Step:
    word = options.word("what to point at", "point unit")
    if word.text not in LETTERS:
        raise options.bad("point", word, f"one of: {', '.join(LETTERS)}")
    asked = _question(options, body, context)
    if context.formulas.get(context.experiment):
        raise options.bad(
            "experiment", Word(context.experiment, options.spot), QT_TRANSLATE_NOOP("errors", "a network")
        )
    given = [(how, found) for how in ("most", "least", "where") if (found := options.take(how))]
    if not given:
        example = 'most="abs(delta[1,j])"'
        raise error_at(options.spot, "missing_option", block="point", name="most", example=example)
    if len(given) > 1:
        raise error_at(given[1][1].spot, "not_both", name=given[0][0], other=given[1][0])
    how, by = given[0]
    layer = select = None
    if word.text in ("unit", "weight"):
        layer = options.whole("layer", 0 if word.text == "unit" else 1, 1_000, None)
    if word.text == "factor":
        select = options.part("select", options.need("select", "select=2,1,1"), (3,))
    options.end(context.problems)
    source, letters = _source(by), LETTERS[word.text]
    (context.condition if how == "where" else context.expression)(source, letters)
    return Point(
        **asked.fields(spot, context),
        what=cast(Any, word.text),
        how=cast(Any, how),
        by=source,
        layer=layer,
        select=select,
    )


def _blank(options: Options, spot: Spot, body: list[Line], context: Context) -> Step:
    derivation: tuple[int | str, ...] | None = None
    hidden: tuple[str, ...] = ()
    if options.words:
        word = options.words.pop(0)
        found = _DERIVATION.fullmatch(word.text.replace(" ", ""))
        if not found:
            raise options.bad(
                "blank", word, QT_TRANSLATE_NOOP("errors", "a derivation such as derivation[2,1,1]")
            )
        derivation = options.part("blank", Word(found[1], word.spot), (3,))
        hide = options.need("hide", "hide=slope")
        names = hide.text.replace(" ", "").split(",")
        for name in names:
            if name not in HIDEABLE or (name == "activation" and derivation[1] == "b"):
                raise options.bad("hide", hide, f"some of: {', '.join(HIDEABLE)}")
        hidden = tuple(name for name in HIDEABLE if name in names)
    asked = _question(options, body, context, silent=derivation is not None)
    tolerance = options.tolerance()
    options.end(context.problems)
    if derivation is not None:
        if context.formulas.get(context.experiment):
            raise options.bad(
                "experiment", Word(context.experiment, options.spot), QT_TRANSLATE_NOOP("errors", "a network")
            )
        holes = tuple(Hole(Source(hidden_expression(name, derivation), options.spot)) for name in hidden)
    else:
        holes = tuple(Hole(value.source) for value in holes_in(asked.text, asked.text_spot))
        if not holes:
            raise error_at(options.spot, "no_blanks")
        for hole in holes:
            context.expression(hole.target)
    return Blank(
        **asked.fields(spot, context), derivation=derivation, hide=hidden, holes=holes, tolerance=tolerance
    )


def hidden_expression(name: str, derivation: tuple[int | str, ...]) -> str:
    """What a part of a derivation is, as an expression."""
    layer, source, unit = derivation
    place, own = f"{layer},{source},{unit}", f"{layer},{unit}"
    parameter = f"b[{own}, after]" if source == "b" else f"w[{place}, after]"
    below = int(layer) - 1
    return {
        "upstream": f"upstream[{own}]",
        "slope": f"slope[{own}]",
        "activation": f"a[{below},{source}]",
        "share": f"share[{place}]",
        "gradient": f"grad[{place}]",
        "update": parameter,
    }[name]


def _goal(options: Options, spot: Spot, body: list[Line], context: Context) -> Step:
    condition = _source(options.word("a condition", "goal loss<0.05"))
    asked = _question(options, body, context)
    within = options.whole("within", 1, MOST_STEPS, 1)
    locked_word = options.take("locked")
    locked = () if locked_word is None else tuple(locked_word.text.replace(" ", "").split(","))
    for name in locked:
        if name not in (*SETTINGS, "parameters") and locked_word is not None:
            raise options.bad("locked", locked_word, f"some of: {', '.join((*SETTINGS, 'parameters'))}")
    solve = _changes(options.need("solve", "solve=learning_rate=0.5"), context)
    options.end(context.problems)
    context.condition(condition)
    assert within is not None
    return Goal(**asked.fields(spot, context), condition=condition, within=within, locked=locked, solve=solve)


def _changes(word: Word, context: Context) -> tuple[Change, ...]:
    changes, at = [], 0
    formula = context.formulas.get(context.experiment, False)
    for part in word.text.split(";"):
        spot = word.spot._replace(column=word.spot.column + at + len(part) - len(part.lstrip()))
        at += len(part) + 1
        path, equals, value = (piece.strip() for piece in part.partition("="))
        plain = path.replace(" ", "")
        setting = _SETTING.fullmatch(plain)
        fits = (
            plain.isidentifier()
            if formula
            else bool(_PARAMETER.fullmatch(plain) or (setting and setting[1] in SETTINGS))
        )
        if not equals or not value or not fits:
            reason = (
                QT_TRANSLATE_NOOP("errors", "It changes nothing that is known.")
                if equals
                else QT_TRANSLATE_NOOP("errors", "It has no =.")
            )
            context.problems.append(error_at(spot, "bad_change", text=part.strip()[:60], reason=reason))
            continue
        changes.append(Change(plain, value, spot))
    return tuple(changes)


def _fault(options: Options, spot: Spot, body: list[Line], context: Context) -> Step:
    word = options.word("a mistake", "fault updated_weights_backward")
    names = () if word.text == "any" else tuple(word.text.replace(" ", "").split(","))
    for name in names:
        if name not in MISTAKES:
            raise options.bad("fault", word, f"any, or some of: {', '.join(MISTAKES)}")
    asked = _question(options, body, context)
    if context.formulas.get(context.experiment):
        raise options.bad(
            "experiment", Word(context.experiment, options.spot), QT_TRANSLATE_NOOP("errors", "a network")
        )
    level = options.whole("level", 1, 3, None)
    seed_word = options.take("seed")
    seed = None
    if seed_word is not None and seed_word.text != "student":
        if not (seed_word.text.isascii() and seed_word.text.isdecimal()) or len(seed_word.text) > 9:
            raise options.bad("seed", seed_word, QT_TRANSLATE_NOOP("errors", "student or a whole number"))
        seed = int(seed_word.text)
    options.end(context.problems)
    return Fault(**asked.fields(spot, context), mistakes=names, level=level, seed=seed)


def _show(options: Options, spot: Spot, body: list[Line], context: Context) -> Step:
    _experiment(options, context)
    view = options.one_of("view", VIEWS, "")
    select = options.select()
    step = options.whole("step", 0, MOST_STEPS, None)
    sample = options.whole("sample", 1, 1_000_000, None)
    run = options.whole("run", 1, MOST_STEPS, None)
    options.end(context.problems)
    text, text_spot = _text(body, spot.file)
    context.check_values(text, text_spot)
    return Show(spot, text, text_spot, context.experiment, view, select, step, sample, run)


def _of(options: Options, context: Context) -> str:
    found = options.take("of")
    id = context.last if found is None else found.text
    if id not in context.mentioned:
        at = options.spot if found is None else found.spot
        raise error_at(at, "unknown_question", name=id[:40])
    return id


def _reveal(options: Options, spot: Spot, body: list[Line], context: Context) -> Step:
    _experiment(options, context)
    of = _of(options, context)
    view, select = options.one_of("view", VIEWS, ""), options.select()
    options.end(context.problems)
    text, text_spot = _text(body, spot.file)
    context.check_values(text, text_spot)
    return Reveal(spot, text, text_spot, context.experiment, of, view, select)


def _hint(options: Options, spot: Spot, body: list[Line], context: Context) -> Step:
    _experiment(options, context)
    of = _of(options, context)
    after = options.whole("after", 1, 100, 1)
    options.end(context.problems)
    text, text_spot = _text(body, spot.file)
    if not text:
        raise error_at(options.spot, "no_text", block="hint")
    context.check_values(text, text_spot)
    assert after is not None
    return Hint(spot, text, text_spot, context.experiment, of, after)


BLOCKS: Mapping[str, Callable[[Options, Spot, list[Line], Context], Step]] = {
    "predict": _predict,
    "choose": _choose,
    "point": _point,
    "order": _order,
    "blank": _blank,
    "goal": _goal,
    "fault": _fault,
    "show": _show,
    "reveal": _reveal,
    "hint": _hint,
}
"""All kinds by their names."""
