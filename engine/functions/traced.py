"""Formulas as a textbook writes them, turned into the calls of the compiled pass.

A rule states what it computes in plain arithmetic, ``1 / (1 + exp(-z))``. Given arrays, such a formula
computes. Given a `Traced` in place of each array, the same lines leave behind what was done to what; from
that come the calls that write into given arrays (`trace`) and the text of a script (`written`). So each
formula stands in one place, and value, pass and exports cannot disagree.

The calls are a `Program`. The compiled pass strings such programs together and runs them step after step
without any Python in between; `execute` runs one at once, which is what the plain functions
(`Activation.value`, …) do.

`exp` and the other functions below are what formulas may use beside + - * / ** 2 and comparisons. A row,
in `row_sum` and the like, is the last axis: the units of a layer, or the outputs of one sample.
"""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar

import numpy as np

from engine.arrays import AnyArray, FloatArray, sealed
from engine.functions.table import Parameter, Rule

Call = tuple[Callable[..., object], tuple[Any, ...]]
Program = list[Call]
Shape = Literal["full", "row", "mask"]
R = TypeVar("R", bound=Rule)

Quantity: TypeAlias = Any
"""An array, a number, or the `Traced` that stands for one."""

Formula = Callable[..., Any]


def execute(program: Program) -> None:
    """Run the calls of `program` in order."""
    for function, arguments in program:
        function(*arguments)


def constant(value: float, like: FloatArray) -> FloatArray:
    """A 0-d array of the dtype of `like`: ufuncs take it faster than a Python float (measured: 1.05x)."""
    return _constant(value, like.dtype)


@lru_cache(maxsize=1024)
def _constant(value: float, dtype: np.dtype[Any]) -> FloatArray:
    return sealed(np.array(value, dtype=dtype))


class Operation(NamedTuple):
    """One thing that can be done to arrays.

    Attributes
    ----------
    compute : callable
        Of the operands; returns a new array.
    write : callable
        Of the operands and the array to write to; returns the calls that do it.
    text : str
        As NumPy writes it, ``{0}`` being the first operand.
    binds : int
        How tightly that text holds together: 1 a comparison, 2 a sum, 3 a product, 4 a sign, 5 a call.
    shape : str
        "full" like the operands; "row" for one number a row, kept as a column; "mask" for true or false.
    may_overwrite : tuple of int
        The operands in whose array the result may be written.
    torch : str or None
        As PyTorch writes it, where that is more than another module's name; None if it has nothing of it.
    """

    compute: Callable[..., Any]
    write: Callable[..., Program]
    text: str
    binds: int = 5
    shape: Shape = "full"
    may_overwrite: tuple[int, ...] = (0, 1)
    torch: str | None = ""


class UnwrittenError(Exception):
    """An operation that another library has not."""


class Traced:
    """What stands for an array while a formula is traced: an input, or an operation on others."""

    __array_ufunc__ = None  # arrays and NumPy's numbers leave arithmetic with it to it

    def __init__(self, operation: Operation | None, operands: tuple[Quantity, ...], name: str = "") -> None:
        self.operation, self.operands, self.name = operation, operands, name

    def __add__(self, other: Quantity) -> Quantity:
        return apply(ADD, self, other)

    def __radd__(self, other: Quantity) -> Quantity:
        return apply(ADD, other, self)

    def __sub__(self, other: Quantity) -> Quantity:
        return apply(SUBTRACT, self, other)

    def __rsub__(self, other: Quantity) -> Quantity:
        return apply(SUBTRACT, other, self)

    def __mul__(self, other: Quantity) -> Quantity:
        return apply(MULTIPLY, self, other)

    def __rmul__(self, other: Quantity) -> Quantity:
        return apply(MULTIPLY, other, self)

    def __truediv__(self, other: Quantity) -> Quantity:
        return apply(DIVIDE, self, other)

    def __floordiv__(self, other: Quantity) -> Quantity:
        return apply(FLOOR_DIVIDE, self, other)

    def __rtruediv__(self, other: Quantity) -> Quantity:
        if isinstance(other, int | float) and other == 1:
            return apply(RECIPROCAL, self)
        return apply(DIVIDE, other, self)

    def __pow__(self, exponent: Quantity) -> Quantity:
        return (
            apply(SQUARE, self)
            if isinstance(exponent, int) and exponent == 2
            else apply(POWER, self, exponent)
        )

    def __rpow__(self, base: Quantity) -> Quantity:
        return apply(POWER, base, self)

    def __neg__(self) -> Quantity:
        return apply(NEGATE, self)

    def __abs__(self) -> Quantity:
        return apply(ABSOLUTE, self)

    def __gt__(self, other: Quantity) -> Quantity:
        return apply(GREATER, self, other)

    def __lt__(self, other: Quantity) -> Quantity:
        return apply(LESS, self, other)


def apply(operation: Operation, *operands: Quantity) -> Quantity:
    """Do the operation, or note that it is to be done where an operand is traced."""
    if any(isinstance(operand, Traced) for operand in operands):
        return Traced(operation, operands)
    return operation.compute(*operands)


# -- what formulas are made of -------------------------------------------------------------------------


def _ufunc(function: np.ufunc, text: str, binds: int = 5, shape: Shape = "full") -> Operation:
    return Operation(function, lambda *arrays: [(function, arrays)], text, binds, shape)


def _by_keyword(function: np.ufunc, text: str) -> Operation:
    """NumPy deprecates a positional `out` for maximum and minimum."""
    return Operation(function, lambda x, y, out: [(partial(function, x, y, out=out), ())], text)


def _along_rows(function: np.ufunc, text: str, torch: str) -> Operation:
    return Operation(
        lambda x: function.reduce(x, axis=-1, keepdims=True),
        lambda x, out: [(function.reduce, (x, -1, None, out, True))],
        text,
        shape="row",
        may_overwrite=(),
        torch=torch,
    )


def _write_choice(condition: FloatArray, yes: Any, no: Any, out: FloatArray) -> Program:
    rest: Program = [] if no is out else [(np.copyto, (out, no))]
    return [*rest, (partial(np.copyto, out, yes, where=condition), ())]


def _quotient(x: FloatArray, y: FloatArray, out: FloatArray | None = None) -> FloatArray:
    zero = np.equal(x, 0)
    result = np.empty(np.broadcast_shapes(np.shape(x), np.shape(y))) if out is None else out
    np.divide(x, y, out=result, where=~zero)
    np.copyto(result, 0.0, where=zero)
    return result


def _x_log_y(x: FloatArray, y: FloatArray, out: FloatArray | None = None) -> FloatArray:
    log_y = np.log(y, out=np.zeros_like(y), where=np.not_equal(x, 0))
    return np.multiply(x, log_y, out=out)


def _normal(z: FloatArray, out: FloatArray | None = None) -> FloatArray:
    # NumPy has no erf; the C library's, element by element, is exact and short, at 60 ns an element
    root = math.sqrt(0.5)
    result = np.empty_like(z) if out is None else out
    result[...] = np.reshape([0.5 * math.erfc(-root * x) for x in np.ravel(z).tolist()], np.shape(z))
    return result


def _of_the_largest(a: FloatArray, values: FloatArray, out: FloatArray | None = None) -> FloatArray:
    chosen = np.take_along_axis(values, a.argmax(axis=-1, keepdims=True), -1)
    if out is None:
        return chosen
    out[...] = chosen
    return out


ADD = _ufunc(np.add, "{0} + {1}", 2)
SUBTRACT = _ufunc(np.subtract, "{0} - {1}", 2)
MULTIPLY = _ufunc(np.multiply, "{0} * {1}", 3)
DIVIDE = _ufunc(np.divide, "{0} / {1}", 3)
FLOOR_DIVIDE = _ufunc(np.floor_divide, "{0} // {1}", 3)
RECIPROCAL = _ufunc(np.reciprocal, "1 / {0}", 3)
NEGATE = _ufunc(np.negative, "-{0}", 4)
SQUARE = _ufunc(np.square, "{0}**2", 4)
POWER = _ufunc(np.power, "{0}**{1}", 4)
ABSOLUTE = _ufunc(np.absolute, "np.abs({0})")
GREATER = _ufunc(np.greater, "{0} > {1}", 1, "mask")
LESS = _ufunc(np.less, "{0} < {1}", 1, "mask")
EXP = _ufunc(np.exp, "np.exp({0})")
LOG = _ufunc(np.log, "np.log({0})")
SQRT = _ufunc(np.sqrt, "np.sqrt({0})")
TANH = _ufunc(np.tanh, "np.tanh({0})")
SIGN = _ufunc(np.sign, "np.sign({0})")
MAXIMUM = _by_keyword(np.maximum, "np.maximum({0}, {1})")
MINIMUM = _by_keyword(np.minimum, "np.minimum({0}, {1})")

exp = partial(apply, EXP)
expm1 = partial(apply, _ufunc(np.expm1, "np.expm1({0})"))
log = partial(apply, LOG)
sqrt = partial(apply, SQRT)
tanh = partial(apply, TANH)
cos = partial(apply, _ufunc(np.cos, "np.cos({0})"))
cosh = partial(apply, _ufunc(np.cosh, "np.cosh({0})"))
sign = partial(apply, SIGN)
logaddexp = partial(apply, _ufunc(np.logaddexp, "np.logaddexp({0}, {1})"))
maximum = partial(apply, MAXIMUM)
minimum = partial(apply, MINIMUM)
row_max = partial(
    apply, _along_rows(np.maximum, "{0}.max(axis=-1, keepdims=True)", "{0}.amax(dim=-1, keepdim=True)")
)
row_sum = partial(
    apply, _along_rows(np.add, "{0}.sum(axis=-1, keepdims=True)", "{0}.sum(dim=-1, keepdim=True)")
)

total = partial(
    apply,
    Operation(
        lambda x: np.add.reduce(x, axis=-1),
        lambda x, out: [(np.add.reduce, (x, -1, None, out))],
        "{0}.sum(axis=1)",
        torch="{0}.sum(dim=1)",
    ),
)
"""The sum of each row as a number of its own, for losses."""

CHOOSE = Operation(np.where, _write_choice, "np.where({0}, {1}, {2})", may_overwrite=(2,))
choose = partial(apply, CHOOSE)
"""`yes` where the condition holds, else `no`: ``choose(z > 0, yes, no)``."""

QUOTIENT = Operation(
    _quotient, lambda x, y, out: [(_quotient, (x, y, out))], "quotient({0}, {1})", torch=None
)
quotient = partial(apply, QUOTIENT)
"""x / y, and 0 where x is 0, whatever y is."""

X_LOG_Y = Operation(
    _x_log_y,
    lambda x, y, out: [(_x_log_y, (x, y, out))],
    "x_log_y({0}, {1})",
    torch="torch.xlogy({0}, {1})",
)
x_log_y = partial(apply, X_LOG_Y)
"""x log y, and 0 where x is 0, whatever y is."""

normal_distribution = partial(
    apply,
    Operation(
        _normal,
        lambda z, out: [(_normal, (z, out))],
        "normal_distribution({0})",
        torch="torch.special.ndtr({0})",
    ),
)
"""The standard normal distribution function, exact."""


of_the_largest = partial(
    apply,
    Operation(
        _of_the_largest,
        lambda a, values, out: [(_of_the_largest, (a, values, out))],
        "np.take_along_axis({1}, {0}.argmax(axis=-1, keepdims=True), -1)",
        shape="row",
        may_overwrite=(),
        torch=None,
    ),
)
"""In each row, the value that stands where `a` is largest."""


def scaled(factor: float, x: Quantity) -> Quantity:
    """``factor * x``, with all constant factors of `x` taken together and a factor of 1 left out."""
    if isinstance(x, Traced) and x.operation is MULTIPLY and isinstance(x.operands[0], int | float):
        return scaled(factor * x.operands[0], x.operands[1])
    if isinstance(x, Traced) and x.operation is DIVIDE and isinstance(x.operands[1], int | float):
        return scaled(factor / x.operands[1], x.operands[0])
    return x if factor == 1.0 else factor * x


# -- calls ---------------------------------------------------------------------------------------------


class Place(NamedTuple):
    """Where a number of a recipe lies: an array that is given, a scratch array, or a constant."""

    kind: Literal["given", "scratch", "constant"]
    key: Any


class Recipe:
    """A traced formula: what to call, whatever the arrays will be.

    Parameters
    ----------
    steps : sequence of (Operation, operands, result)
        In order; operands and results are places.
    scratch : sequence of str
        The shape of each scratch array it needs.
    """

    def __init__(self, steps: Sequence[tuple[Operation, tuple[Place, ...], Place]], scratch: Sequence[Shape]):
        self.steps, self.scratch = steps, scratch
        places = dict.fromkeys(place for _, operands, result in steps for place in (*operands, result))
        self._places = list(places)
        index = {place: i for i, place in enumerate(places)}
        # A bind is done for every row of a ring of states, so it must be quick
        self._calls = [
            (operation.write, itemgetter(*(index[place] for place in (*operands, result))))
            for operation, operands, result in steps
        ]

    def takes(self, name: str) -> bool:
        """Whether an input is used at all."""
        return ("given", name) in self._places

    def scratch_like(self, like: FloatArray) -> list[AnyArray]:
        """Scratch arrays like one of the operands, for several `bind` to share."""
        return [_scratch(shape, like) for shape in self.scratch]

    def bind(self, like: FloatArray, **given: FloatArray) -> Program:
        """The calls for these arrays.

        Parameters
        ----------
        like : array
            What scratch arrays are to be like in shape, order and dtype.
        **given : arrays
            The formula's inputs and outputs by name.
        """
        return self.bind_sharing(self.scratch_like(like), given)

    def bind_sharing(self, scratch: Sequence[AnyArray], given: Mapping[str, FloatArray]) -> Program:
        """The calls for these arrays, with scratch arrays of `scratch_like` that others may use, too."""
        dtype = next(iter(given.values())).dtype
        arrays = [
            given[key] if kind == "given" else scratch[key] if kind == "scratch" else _constant(key, dtype)
            for kind, key in self._places
        ]
        calls: Program = []
        for write, chosen in self._calls:
            calls += write(*chosen(arrays))
        return calls


def _scratch(shape: Shape, like: FloatArray) -> AnyArray:
    if shape == "row":
        return np.empty((*like.shape[:-1], 1), like.dtype)
    return np.empty_like(like, dtype=bool if shape == "mask" else None)


def trace(
    formula: Formula,
    inputs: Sequence[str],
    outputs: Sequence[str] = ("out",),
    in_place: Mapping[str, str] | None = None,
) -> Recipe:
    """Turn a formula into a recipe.

    Parameters
    ----------
    formula : callable
        Takes the inputs, in their order; returns what goes to each output (a tuple if there are several).
    inputs, outputs : sequence of str
        Names of the arrays. Until an output is written it serves as scratch.
    in_place : mapping of str to str
        Outputs, each with the input that may be the same array.
    """
    results = formula(*(Traced(None, (), name) for name in inputs))
    roots = list(results) if isinstance(results, tuple) else [results]
    return _Allocation(roots, outputs, in_place or {}).recipe()


COPY = Operation(np.copy, lambda x, out: [(np.copyto, (out, x))], "{0}")


class _Allocation:
    """Gives each number of a traced formula the place it is written to, with as few arrays as will do."""

    def __init__(self, roots: list[Quantity], outputs: Sequence[str], in_place: Mapping[str, str]) -> None:
        self.outputs = outputs
        named = [
            root if isinstance(root, Traced) and root.operation and root not in roots[:i] else _copied(root)
            for i, root in enumerate(roots)
        ]
        self.order: list[Traced] = []
        for root in named:
            self._collect(root)
        self.index = {node: i for i, node in enumerate(self.order)}
        self.ends = dict(zip(outputs, (self.index[root] for root in named), strict=True))
        self.uses: dict[Traced, list[tuple[int, int]]] = {node: [] for node in self.order}
        last_read: dict[str, int] = {}
        for i, node in enumerate(self.order):
            for position, operand in enumerate(node.operands):
                if isinstance(operand, Traced) and operand.operation:
                    self.uses[operand].append((i, position))
                elif isinstance(operand, Traced):
                    last_read[operand.name] = i
        self.opens = {name: last_read.get(in_place.get(name, ""), -1) for name in outputs}
        for name, opens in self.opens.items():
            if opens > self.ends[name]:
                raise ValueError(f"{in_place[name]} is needed after {name} has been written")
        self.output_of = dict(zip(named, outputs, strict=True))
        self.place: dict[Traced, Place] = {}
        self.holder: dict[Place, Traced] = {}
        self.scratch: list[Shape] = []

    def _collect(self, node: Traced) -> None:
        for operand in node.operands:
            if isinstance(operand, Traced) and operand.operation and operand not in self.order:
                self._collect(operand)
        if node not in self.order:
            self.order.append(node)

    def recipe(self) -> Recipe:
        steps = []
        for i, node in enumerate(self.order):
            assert node.operation is not None
            place = self._choose(i, node)
            steps.append((node.operation, tuple(map(self._placed, node.operands)), place))
            self.place[node] = place
            self.holder[place] = node
        return Recipe(steps, self.scratch)

    def _placed(self, operand: Quantity) -> Place:
        if not isinstance(operand, Traced):
            return Place("constant", float(operand))
        return self.place[operand] if operand.operation else Place("given", operand.name)

    def _end(self, node: Traced) -> int:
        """The step after which its number is not needed any more."""
        if node in self.output_of:
            return len(self.order)
        return max(i for i, _ in self.uses[node])

    def _shape(self, node: Traced) -> Shape:
        """Of its array; a comparison in the midst of arithmetic is a number, 1 or 0."""
        assert node.operation is not None
        shape = node.operation.shape
        if shape == "mask":
            chooses = all(self.order[i].operation is CHOOSE and p == 0 for i, p in self.uses[node])
            return "mask" if chooses and node not in self.output_of else "full"
        if shape == "row":
            return "row"
        shapes = [self._shape(o) if o.operation else "full" for o in node.operands if isinstance(o, Traced)]
        return "row" if shapes and all(s == "row" for s in shapes) else "full"

    def _choose(self, i: int, node: Traced) -> Place:
        if node in self.output_of:
            return Place("given", self.output_of[node])
        shape = self._shape(node)
        candidates: list[Place] = []
        assert node.operation is not None
        for position in node.operation.may_overwrite:
            if position < len(node.operands) and node.operands[position] in self.place:
                candidates.append(self.place[node.operands[position]])
        if shape == "full":
            candidates += [Place("given", name) for name in sorted(self.outputs, key=self.ends.__getitem__)]
        candidates += [Place("scratch", k) for k in range(len(self.scratch))]
        for place in candidates:
            if self._is_free(place, i, node, shape):
                return place
        self.scratch.append(shape)
        return Place("scratch", len(self.scratch) - 1)

    def _is_free(self, place: Place, i: int, node: Traced, shape: Shape) -> bool:
        holder = self.holder.get(place)
        if holder is not None:
            if self._end(holder) > i:
                return False
            if self._end(holder) == i and not self._overwrites(node, place):
                return False
        if place.kind == "scratch":
            return bool(self.scratch[place.key] == shape)
        end = self.ends[place.key]
        if shape != "full" or i <= self.opens[place.key]:
            return False
        # Until the output itself comes; and what it is made from there, it must be able to overwrite
        if self._end(node) > end:
            return False
        last = self.order[end]
        assert last.operation is not None
        return all(p in last.operation.may_overwrite for j, p in self.uses[node] if j == end)

    def _overwrites(self, node: Traced, place: Place) -> bool:
        """Whether all operands of `node` that lie in `place` may be overwritten by its result."""
        assert node.operation is not None
        allowed = node.operation.may_overwrite
        return all(
            position in allowed
            for position, operand in enumerate(node.operands)
            if isinstance(operand, Traced) and self.place.get(operand) == place
        )


def _copied(root: Quantity) -> Traced:
    """A result that is an input, a number, or a result already, as an operation."""
    return Traced(COPY, (root,))


# -- text ----------------------------------------------------------------------------------------------

NUMPY, TORCH = "NumPy", "PyTorch"


def with_parameters(rule: R, stand_in: Callable[[Parameter], Any]) -> R:
    """A copy of a rule in which something else stands for each parameter, as its description gives."""
    twin = copy.copy(rule)
    for parameter in rule.parameters():
        object.__setattr__(twin, parameter.name, stand_in(parameter))
    return twin


def named(rule: R) -> R:
    """A copy of a rule whose parameters are written as they stand: 1 - 0.9, not 0.09999999999999998."""
    return with_parameters(rule, lambda each: Traced(None, (), _number(getattr(rule, each.name), 5)))


def written(formula: Formula, *names: str, dialect: str = NUMPY) -> list[str]:
    """A formula as lines of Python; what it uses more than once gets a line, and the last is the result.

    Parameters
    ----------
    formula : callable
    *names : str
        What its inputs are called there, in the order in which it takes them.
    dialect : str
        `NUMPY` or `TORCH`.

    Raises
    ------
    UnwrittenError
        For an operation that PyTorch has not.
    """
    text = _Text([formula(*(Traced(None, (), name) for name in names))], dialect)
    last = text.of(text.results[0])
    return [*text.lines, last]


def written_in_place(formula: Formula, names: Sequence[str], results: Sequence[str]) -> list[str]:
    """A formula of several results as lines of NumPy that overwrite arrays.

    Parameters
    ----------
    names : sequence of str
        What its inputs are called.
    results : sequence of str
        What its results are called. One that is the name of an input goes into that array, where
        nothing after it still needs the old numbers.
    """
    text = _Text(list(formula(*(Traced(None, (), name) for name in names))), NUMPY)
    late = []
    for i, (result, name) in enumerate(zip(text.results, results, strict=True)):
        done = text.results[: i + 1]
        needed = name in names and any(_mentions(later, name, done) for later in text.results[i + 1 :])
        target = f"new_{name}" if needed else f"{name}[...]" if name in names else name
        line = text.of(result)
        text.lines.append(f"{target} = {line}")
        text.call(result, f"new_{name}" if needed else name)
        if needed:
            late.append(f"{name}[...] = new_{name}")
    return [*text.lines, *late]


def _mentions(node: Quantity, name: str, done: Sequence[Quantity]) -> bool:
    """Whether an input of that name is still needed for a number, when those in `done` are there."""
    if not isinstance(node, Traced) or any(node is each for each in done):
        return False
    return node.name == name or any(_mentions(operand, name, done) for operand in node.operands)


class _Text:
    """Writes traced results one after another; `lines` are those that have to come before."""

    def __init__(self, results: Sequence[Quantity], dialect: str) -> None:
        self.results, self.dialect = results, dialect
        self.lines: list[str] = []
        self._names: dict[Traced, str] = {}
        self._uses: dict[Traced, int] = {}
        for result in results:
            self._count(result)

    def of(self, node: Quantity, needed: int = 0) -> str:
        """Its text, in brackets unless it binds at least so tightly."""
        if not isinstance(node, Traced):
            return _number(node, needed)
        if node.operation is None:
            return node.name
        if node in self._names:
            return self._names[node]
        if self._uses[node] > 1 and node not in self.results:
            line = self._written(node, 0)
            self.call(node, f"part{len(self._names) + 1}")
            self.lines.append(f"{self._names[node]} = {line}")
            return self._names[node]
        return self._written(node, needed)

    def call(self, node: Quantity, name: str) -> None:
        """Refer to a number by a name from now on."""
        if isinstance(node, Traced):
            self._names[node] = name

    def _count(self, node: Quantity) -> None:
        if isinstance(node, Traced) and node.operation:
            self._uses[node] = self._uses.get(node, 0) + 1
            if self._uses[node] == 1:
                for operand in node.operands:
                    self._count(operand)

    def _written(self, node: Traced, needed: int) -> str:
        operation = node.operation
        assert operation is not None
        parts = [self._operand(operation, i, operand) for i, operand in enumerate(node.operands)]
        text = operation.text
        if self.dialect == TORCH:
            if operation.torch is None:
                raise UnwrittenError(text)
            text = (operation.torch or text).replace("np.", "torch.")
        text = text.format(*parts)
        return text if operation.binds >= needed else f"({text})"

    def _operand(self, operation: Operation, position: int, operand: Quantity) -> str:
        if self.dialect == TORCH and operation.binds == 5 and operation is not CHOOSE and _is_number(operand):
            return f"torch.tensor({float(self.of(operand))!r})"  # its functions take no bare numbers
        return self.of(operand, _needed(operation, position))


def _needed(operation: Operation, position: int) -> int:
    """How tightly an operand has to bind in the text of the operation."""
    if operation is RECIPROCAL:
        return operation.binds + 1
    if operation is POWER:
        return 5
    if operation.binds < 5:
        return operation.binds + (position > 0 or operation is SQUARE)
    return 5 if operation.text.startswith("{0}.") else 0


def _is_number(operand: Quantity) -> bool:
    """Whether it is a number, or a parameter that is written as one."""
    return isinstance(operand, int | float) or bool(re.fullmatch(r"[-\d.e]+", operand.name))


def _number(value: float, needed: int) -> str:
    text = repr(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
    return text if value >= 0 or needed < 4 else f"({text})"
