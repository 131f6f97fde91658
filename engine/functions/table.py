"""How the tables of rules work: a rule is a small frozen dataclass, a table finds it by its name."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar, overload

from engine.digits import full
from engine.errors import ExperimentError


class Range(NamedTuple):
    """The values a parameter may take; an open end is excluded."""

    low: float
    high: float
    open_low: bool = False
    open_high: bool = False

    def __contains__(self, value: object) -> bool:
        if not isinstance(value, int | float) or not math.isfinite(value):
            return False
        above = value > self.low if self.open_low else value >= self.low
        below = value < self.high if self.open_high else value <= self.high
        return above and below

    def __str__(self) -> str:
        """The range in words, for messages."""
        ends = []
        if self.low > -math.inf:
            ends.append(f"{'above' if self.open_low else 'at least'} {full(self.low)}")
        if self.high < math.inf:
            ends.append(f"{'below' if self.open_high else 'at most'} {full(self.high)}")
        return " and ".join(ends) or "a finite number"


def parameter(
    default: float,
    label: str,
    *,
    symbol: str = "",
    low: float = -math.inf,
    high: float = math.inf,
    open_low: bool = False,
    open_high: bool = False,
) -> Any:
    """Declare a parameter of a rule: its default, what people call it, and the values it may take.

    `symbol` is what stands for it in the rule's formulas, LaTeX.
    """
    metadata = {"label": label, "symbol": symbol, "range": Range(low, high, open_low, open_high)}
    return field(default=default, metadata=metadata)


class Parameter(NamedTuple):
    """One parameter of a rule, as a form needs it."""

    name: str
    label: str
    symbol: str
    default: float
    range: Range
    integer: bool


@dataclass(frozen=True)
class Rule:
    """One row of a table.

    Attributes
    ----------
    name : str
        What files and the API call it.
    label : str
        What people call it, in English.
    """

    name: ClassVar[str] = ""
    label: ClassVar[str] = ""

    def __post_init__(self) -> None:
        for spec in self.parameters():
            value = getattr(self, spec.name)
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise ExperimentError(
                    "wrong_type", field=f"{self.name}.{spec.name}", value=repr(value), expected="a number"
                )
            if value not in spec.range or (spec.integer and value != int(value)):
                kind = "a whole number, " if spec.integer else ""
                raise ExperimentError(
                    "out_of_range",
                    field=f"{self.name}.{spec.name}",
                    value=value,
                    allowed=f"{kind}{spec.range}",
                )
            object.__setattr__(self, spec.name, int(value) if spec.integer else float(value))

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        """The rule's parameters in their order."""
        return tuple(
            Parameter(f.name, default=f.default, integer=isinstance(f.default, int), **f.metadata)
            for f in fields(cls)
            if f.default is not MISSING
        )

    def plain(self) -> str | dict[str, Any]:
        """The rule as a file holds it: its bare name, or a table if a parameter is not the default."""
        changed = {
            p.name: getattr(self, p.name) for p in self.parameters() if getattr(self, p.name) != p.default
        }
        return {"name": self.name, **changed} if changed else self.name


R = TypeVar("R", bound=Rule)


class Table(Mapping[str, type[R]], Generic[R]):
    """Rules by name, in the order in which they are offered."""

    def __init__(self, *rules: type[R]) -> None:
        self._rules = {rule.name: rule for rule in rules}

    def __getitem__(self, name: str) -> type[R]:
        return self._rules[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)

    def resolve(self, spec: R | str | Mapping[str, Any] | None, field: str) -> R:
        """Turn what a person wrote into a rule.

        Parameters
        ----------
        spec : Rule, str, mapping or None
            A rule, its bare name (the defaults), or a mapping with ``name`` and parameters, as TOML
            holds it. None means ``"none"`` in a table that has it.
        field : str
            The place, for the error.

        Raises
        ------
        ExperimentError
            For an unknown name or parameter, or a value out of its range.
        """
        if isinstance(spec, Rule) and type(spec) in self._rules.values():
            return spec
        arguments = dict(spec) if isinstance(spec, Mapping) else {}
        name = arguments.pop("name", None) if isinstance(spec, Mapping) else spec
        if name is None:
            name = "none"
        if not isinstance(name, str) or name not in self._rules:
            raise ExperimentError("unknown_name", field=field, value=name, allowed=", ".join(self._rules))
        rule = self._rules[name]
        allowed = [p.name for p in rule.parameters()]
        for key in arguments:
            if key not in allowed:
                raise ExperimentError(
                    "unknown_field", field=f"{field}.{key}", allowed=", ".join(allowed) or "none"
                )
        try:
            return rule(**arguments)
        except ExperimentError as error:
            raise error.within(field, rule.name) from None


class Choice(Generic[R]):
    """A dataclass field that holds a rule of `table` and can be given its bare name."""

    def __init__(self, table: Table[R], default: str) -> None:
        self.table = table
        self.default = table[default]()

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> R: ...
    @overload
    def __get__(self, instance: object, owner: type) -> R: ...
    def __get__(self, instance: object | None, owner: type) -> R:
        if instance is None:
            return self.default
        rule: R = instance.__dict__[self.name]
        return rule

    def __set__(self, instance: object, value: R | str | Mapping[str, Any] | None) -> None:
        instance.__dict__[self.name] = self.table.resolve(value, self.name)
