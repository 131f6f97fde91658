"""What can go wrong, as typed errors: what happened, where, and what to do about it.

Every error has a ``kind`` (a stable name that programs look at), ``details`` (the numbers and names
that belong to it) and two English templates, the message and the mend. The window translates the
templates and fills in the same details, so the engine needs no language of its own.
"""

from __future__ import annotations

import errno
from typing import Any, ClassVar

from engine.digits import fill


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802 - the name lupdate looks for
    """Mark `text` for the window's translators, who collect it by this name; returned as it is."""
    return text


class EngineError(Exception):
    """Base of all errors the engine raises on purpose.

    Parameters
    ----------
    kind : str
        A key of the class's `templates`.
    **details
        What the templates name; kept in `details` for programs.
    """

    templates: ClassVar[dict[str, tuple[str, str]]] = {}

    def __init__(self, kind: str, **details: Any) -> None:
        self.kind = kind
        self.details = details
        super().__init__(f"{self.message} {self.mend}".strip())

    @property
    def wording(self) -> tuple[str, str]:
        """The two templates that tell it."""
        return self.templates[self.kind]

    @property
    def message(self) -> str:
        """What happened and where, in English."""
        return fill(self.wording[0], self.details)

    @property
    def mend(self) -> str:
        """What to do about it, in English; may be empty."""
        return fill(self.wording[1], self.details)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.kind, self.details)


def _rebuild(cls: type[EngineError], kind: str, details: dict[str, Any]) -> EngineError:
    return cls(kind, **details)


class UnexpectedError(EngineError):
    """Something that nobody foresaw, told like everything else; what it was is in its ``__cause__``."""

    templates: ClassVar = {
        "unexpected": (
            QT_TRANSLATE_NOOP("errors", "Something went wrong inside the program: {reason}."),
            "",
        ),
        "no_memory": (
            QT_TRANSLATE_NOOP("errors", "There is not enough memory for this."),
            QT_TRANSLATE_NOOP("errors", "Close other programs, or make the network or the data smaller."),
        ),
        "disk_full": (
            QT_TRANSLATE_NOOP("errors", "The disk is full: {reason}."),
            QT_TRANSLATE_NOOP("errors", "Make room on it and go on."),
        ),
        "training_lost": (
            QT_TRANSLATE_NOOP("errors", "There is no training any more: an error has ended it."),
            QT_TRANSLATE_NOOP("errors", "Begin it anew."),
        ),
    }

    @classmethod
    def of(cls, cause: Exception) -> UnexpectedError:
        """Tell what was raised."""
        if isinstance(cause, MemoryError):
            error = cls("no_memory")
        elif isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT):
            error = cls("disk_full", reason=cause.strerror or str(cause))
        else:
            error = cls("unexpected", reason=f"{type(cause).__name__} {cause}".strip().rstrip("."))
        error.__cause__ = cause
        return error


class InstallError(EngineError):
    """A package that a feature needs is still not there; nothing else has changed."""

    templates: ClassVar = {
        "no_network": (
            QT_TRANSLATE_NOOP("errors", "{package} was not installed: the network cannot be reached."),
            QT_TRANSLATE_NOOP("errors", "Connect this computer and try again, or install it with: {command}"),
        ),
        "no_installer": (
            QT_TRANSLATE_NOOP("errors", "{package} was not installed: there is neither pip nor uv here."),
            QT_TRANSLATE_NOOP("errors", "Install it the way you installed Backprop Lab."),
        ),
        "not_installed": (
            QT_TRANSLATE_NOOP("errors", "{package} was not installed: {reason}."),
            QT_TRANSLATE_NOOP("errors", "Try in a terminal: {command}"),
        ),
        "not_loaded": (
            QT_TRANSLATE_NOOP("errors", "{package} was installed but does not load: {reason}."),
            QT_TRANSLATE_NOOP("errors", "Start Backprop Lab again."),
        ),
    }


class ExperimentError(EngineError):
    """An experiment, or a change to one, that cannot be; nothing has been changed.

    `field` names the place as a path in the experiment, for example ``layers[1].units``.
    """

    def within(self, place: str, name: str = "") -> ExperimentError:
        """The same error of a part that stands at `place`; `name` is what the part calls itself."""
        field = self.field.removeprefix(f"{name}.")
        return type(self)(self.kind, **{**self.details, "field": f"{place}.{field}"})

    def among(self, layers: int) -> ExperimentError:
        """The same error of one of so many layers, so that it can be called by its name."""
        return type(self)(self.kind, **{**self.details, "layers": layers})

    templates: ClassVar = {
        "unknown_name": (
            QT_TRANSLATE_NOOP("errors", "{field}: '{value}' is not known."),
            QT_TRANSLATE_NOOP("errors", "Choose one of: {allowed}."),
        ),
        "out_of_range": (
            QT_TRANSLATE_NOOP("errors", "{field} is {value}."),
            QT_TRANSLATE_NOOP("errors", "It must be {allowed}."),
        ),
        "wrong_type": (
            QT_TRANSLATE_NOOP("errors", "{field} is {value}, which is not {expected}."),
            QT_TRANSLATE_NOOP("errors", "Give {expected}."),
        ),
        "unknown_field": (
            QT_TRANSLATE_NOOP("errors", "{field} is not a setting of an experiment."),
            QT_TRANSLATE_NOOP("errors", "The settings here are: {allowed}."),
        ),
        "bad_toml": (
            QT_TRANSLATE_NOOP("errors", "The experiment is not valid TOML: {reason}."),
            QT_TRANSLATE_NOOP("errors", "Mend that line and open it again."),
        ),
        "no_layers": (
            QT_TRANSLATE_NOOP("errors", "The network has no layers."),
            QT_TRANSLATE_NOOP("errors", "Add at least an output layer."),
        ),
        "softmax_of_one": (
            QT_TRANSLATE_NOOP("errors", "{field}: softmax over one unit is always 1."),
            QT_TRANSLATE_NOOP("errors", "Give the layer at least two units, or choose sigmoid."),
        ),
        "loss_needs_target": (
            QT_TRANSLATE_NOOP("errors", "The loss {loss} does not fit a {target} target."),
            QT_TRANSLATE_NOOP("errors", "For it, choose one of: {allowed}."),
        ),
        "classes_not_scaled": (
            QT_TRANSLATE_NOOP("errors", "{field} is {value}, but a {target} target is not scaled."),
            QT_TRANSLATE_NOOP("errors", "Choose none for it, or a target of numbers."),
        ),
        "output_units": (
            QT_TRANSLATE_NOOP(
                "errors", "The output layer has {value} units, the data {expected} target columns."
            ),
            QT_TRANSLATE_NOOP("errors", "Give the output layer {expected} units."),
        ),
        "batch_too_large": (
            QT_TRANSLATE_NOOP("errors", "The batch size {value} is larger than the {rows} training rows."),
            QT_TRANSLATE_NOOP("errors", "Choose a batch size from 1 to {rows}."),
        ),
        "no_training_rows": (
            QT_TRANSLATE_NOOP("errors", "No rows are left for training ({rows} in the data set)."),
            QT_TRANSLATE_NOOP("errors", "Give validation a smaller share, or load more rows."),
        ),
        "needs_together": (
            QT_TRANSLATE_NOOP("errors", "{field} = {value} does not go with {other}."),
            QT_TRANSLATE_NOOP("errors", "Change one of the two."),
        ),
        "needs_new_trainer": (
            QT_TRANSLATE_NOOP("errors", "{field} cannot change while this network trains."),
            QT_TRANSLATE_NOOP("errors", "Make a new Trainer with the changed experiment."),
        ),
        "beyond_history": (
            QT_TRANSLATE_NOOP("errors", "There is no step {value} yet."),
            QT_TRANSLATE_NOOP("errors", "This run has come to step {furthest}; seek one from 0 to that."),
        ),
        "parameter_shape": (
            QT_TRANSLATE_NOOP("errors", "{field} has the shape {value}."),
            QT_TRANSLATE_NOOP("errors", "It must be {expected}."),
        ),
        "parameter_not_finite": (
            QT_TRANSLATE_NOOP("errors", "{field} is {value}."),
            QT_TRANSLATE_NOOP("errors", "Give a finite number."),
        ),
        "too_much_memory": (
            QT_TRANSLATE_NOOP(
                "errors", "The network {sizes} would take {size} of memory; here it may take {limit}."
            ),
            QT_TRANSLATE_NOOP("errors", "Give its layers fewer units."),
        ),
        "locked": (
            QT_TRANSLATE_NOOP("errors", "{field}: the lesson holds this as it is."),
            QT_TRANSLATE_NOOP("errors", "Reach the goal with the other settings, or close the lesson."),
        ),
        "other_network": (
            QT_TRANSLATE_NOOP("errors", "This was about a network that has been replaced."),
            QT_TRANSLATE_NOOP("errors", "Do it again with the present one."),
        ),
        "parameter_unknown": (
            QT_TRANSLATE_NOOP("errors", "There is no {field} in this network."),
            QT_TRANSLATE_NOOP("errors", "Its layers are {expected}."),
        ),
    }

    @property
    def field(self) -> str:
        """The setting the error is about, as a path (may be empty)."""
        return str(self.details.get("field", ""))


class DivergenceError(EngineError):
    """Training met a number that is not finite and stopped; the state is that before the step.

    `details` hold ``step``, ``quantity`` (``z``, ``a``, ``loss``, ``delta``, ``gradient``, ``update`` or
    ``parameter``), ``layer`` (a `NamedLayer`, 1 after the inputs), ``unit`` (from 1, as in the window)
    and ``value``: of the first number, in the order in which they are computed, that is not finite. With
    ``too_large`` all of them are finite, but not what is computed of them: ``consequence`` names it. There
    is ``untrained`` if it was computed before any update, so that no learning rate can be the cause.
    """

    at_the_start: ClassVar = QT_TRANSLATE_NOOP(
        "errors",
        "The state before it is shown. No update has been made yet: look at the data and the initial "
        "weights, and scale the features or targets if they are large.",
    )

    templates: ClassVar = {
        "not_finite": (
            QT_TRANSLATE_NOOP(
                "errors", "Step {step} gave {value:.4g}: first in {quantity} of {layer}, unit {unit}."
            ),
            QT_TRANSLATE_NOOP(
                "errors", "The state before it is shown. A smaller learning rate or clipping usually helps."
            ),
        ),
        "too_large": (
            QT_TRANSLATE_NOOP(
                "errors",
                "Step {step} gave {value:.4g} in {quantity} of {layer}, unit {unit}: finite, but so "
                "large that {consequence} is not.",
            ),
            QT_TRANSLATE_NOOP(
                "errors", "The state before it is shown. A smaller learning rate or clipping usually helps."
            ),
        ),
    }

    @property
    def wording(self) -> tuple[str, str]:
        """The two templates that tell it."""
        message, mend = super().wording
        return message, self.at_the_start if self.details.get("untrained") else mend


class DatasetError(EngineError):
    """Data that cannot be used; `line` and `column` are 1-based where the place is known."""

    templates: ClassVar = {
        "empty_clipboard": (
            QT_TRANSLATE_NOOP("errors", "The clipboard holds no text."),
            QT_TRANSLATE_NOOP("errors", "Copy the cells of a table, then paste them here."),
        ),
        # arrays
        "unknown_kind": (
            QT_TRANSLATE_NOOP("errors", "'{value}' is not a kind of target."),
            QT_TRANSLATE_NOOP("errors", "Choose one of: {allowed}."),
        ),
        "array_shape": (
            QT_TRANSLATE_NOOP("errors", "The array {name} has the shape {shape}."),
            QT_TRANSLATE_NOOP("errors", "It must have the shape {expected}."),
        ),
        "array_type": (
            QT_TRANSLATE_NOOP("errors", "The array {name} does not hold plain numbers."),
            QT_TRANSLATE_NOOP("errors", "Give whole or floating-point numbers."),
        ),
        "target_not_finite": (
            QT_TRANSLATE_NOOP("errors", "The target in row {row}, column {column}, is {value}."),
            QT_TRANSLATE_NOOP("errors", "Give finite targets, or leave out such rows."),
        ),
        "bad_labels": (
            QT_TRANSLATE_NOOP("errors", "The targets hold {value}."),
            QT_TRANSLATE_NOOP("errors", "Here they must be: {expected}."),
        ),
        "name_count": (
            QT_TRANSLATE_NOOP("errors", "{name} has {found} names where {expected} are needed."),
            QT_TRANSLATE_NOOP("errors", "Give one name for each."),
        ),
        "shape_mismatch": (
            QT_TRANSLATE_NOOP("errors", "{first} has {first_rows} rows, but {second} has {second_rows}."),
            QT_TRANSLATE_NOOP("errors", "Both must have as many rows: one target for each example."),
        ),
        "unknown_builtin": (
            QT_TRANSLATE_NOOP("errors", "There is no built-in data set '{value}'."),
            QT_TRANSLATE_NOOP("errors", "Choose one of: {allowed}."),
        ),
        # the file
        "cannot_read": (
            QT_TRANSLATE_NOOP("errors", "The file {name} cannot be read: {reason}."),
            QT_TRANSLATE_NOOP("errors", "Check that it is there and that you may open it."),
        ),
        "empty_file": (
            QT_TRANSLATE_NOOP("errors", "The file is empty."),
            QT_TRANSLATE_NOOP("errors", "Choose a file with a header line and rows."),
        ),
        "no_rows": (
            QT_TRANSLATE_NOOP("errors", "There are no rows of data."),
            QT_TRANSLATE_NOOP("errors", "Add at least two rows, or say that the first line is not a header."),
        ),
        "not_text": (
            QT_TRANSLATE_NOOP("errors", "Line {line}: this is not a text file but {what}."),
            QT_TRANSLATE_NOOP("errors", "Open a table of rows and columns."),
        ),
        "unsupported_format": (
            QT_TRANSLATE_NOOP("errors", "{what} cannot be opened."),
            QT_TRANSLATE_NOOP("errors", "Supported are: {supported}."),
        ),
        "format_needs_extra": (
            QT_TRANSLATE_NOOP("errors", "To open {format} files, {package} must be installed."),
            QT_TRANSLATE_NOOP("errors", "Install it with: {command}"),
        ),
        "too_large": (
            QT_TRANSLATE_NOOP("errors", "{what} needs {size}; at most {limit} are read."),
            QT_TRANSLATE_NOOP("errors", "Open a smaller part of it."),
        ),
        "too_many_columns": (
            QT_TRANSLATE_NOOP("errors", "The table has {count} columns or more; at most {limit} are read."),
            QT_TRANSLATE_NOOP(
                "errors",
                "Leave out columns; or exchange rows and columns, if each column holds one sample.",
            ),
        ),
        "expands_beyond": (
            QT_TRANSLATE_NOOP("errors", "{member} in the archive expands to more than the {size} it says."),
            QT_TRANSLATE_NOOP("errors", "It is damaged or made to fill the memory; do not use it."),
        ),
        "truncated_file": (
            QT_TRANSLATE_NOOP(
                "errors",
                "The file ends too early: it has {found_bytes} bytes, {expected_bytes} are announced.",
            ),
            QT_TRANSLATE_NOOP("errors", "Copy or download it again."),
        ),
        "corrupt_file": (
            QT_TRANSLATE_NOOP("errors", "The file is damaged and cannot be read as {format}: {reason}."),
            QT_TRANSLATE_NOOP("errors", "Copy or download it again."),
        ),
        "bad_encoding": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}: the byte at offset {byte_offset} is not valid {encoding}."
            ),
            QT_TRANSLATE_NOOP("errors", "Choose another encoding, or save the file as UTF-8."),
        ),
        "unknown_encoding": (
            QT_TRANSLATE_NOOP("errors", "'{value}' is not a known encoding."),
            QT_TRANSLATE_NOOP("errors", "Choose for example utf-8, gb18030 or cp1252."),
        ),
        "bad_option": (
            QT_TRANSLATE_NOOP("errors", "The option {name} cannot be '{value}'."),
            QT_TRANSLATE_NOOP("errors", "It must be {expected}."),
        ),
        "pickle_refused": (
            QT_TRANSLATE_NOOP(
                "errors", "The array {name} holds pickled objects, which could run any program."
            ),
            QT_TRANSLATE_NOOP("errors", "Save it again as an array of numbers."),
        ),
        "no_arrays": (
            QT_TRANSLATE_NOOP("errors", "No table was found among the arrays: {names}."),
            QT_TRANSLATE_NOOP("errors", "Save the features as X and the targets as y."),
        ),
        "unknown_sheet": (
            QT_TRANSLATE_NOOP("errors", "There is no sheet '{value}'."),
            QT_TRANSLATE_NOOP("errors", "Choose one of: {allowed}."),
        ),
        # lines and cells
        "ragged_row": (
            QT_TRANSLATE_NOOP("errors", "Line {line} has {found} fields where {expected} are expected."),
            QT_TRANSLATE_NOOP("errors", "Mend that line, or skip such rows."),
        ),
        "unterminated_quote": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}: the quotation mark in column {column} is never closed."
            ),
            QT_TRANSLATE_NOOP("errors", "Close it on that line, or take it away."),
        ),
        "stray_quote": (
            QT_TRANSLATE_NOOP("errors", "Line {line}: a quotation mark is followed by more text."),
            QT_TRANSLATE_NOOP(
                "errors", "Double the quotation marks within a quoted field, or skip such rows."
            ),
        ),
        "bad_number": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column} ({name}): '{text}' is not a number."),
            QT_TRANSLATE_NOOP("errors", "Mend that cell, skip such rows, or make the column a category."),
        ),
        "undeclared_value": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: '{text}' is not a declared value of {name}."
            ),
            QT_TRANSLATE_NOOP("errors", "Mend the value, or declare it in the header."),
        ),
        "bad_header": (
            QT_TRANSLATE_NOOP("errors", "Line {line}: '{text}' is not a valid declaration."),
            QT_TRANSLATE_NOOP("errors", "Mend that line."),
        ),
        "bad_index_order": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}: the index {text} does not come after the one before it."
            ),
            QT_TRANSLATE_NOOP("errors", "Write the indices of each line in ascending order."),
        ),
        "bad_json": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, place {column}: this is not valid JSON: {reason}."),
            QT_TRANSLATE_NOOP("errors", "Mend that line, or skip such rows."),
        ),
        # columns
        "unknown_column": (
            QT_TRANSLATE_NOOP("errors", "There is no column '{value}'."),
            QT_TRANSLATE_NOOP("errors", "The columns are: {allowed}."),
        ),
        "need_features": (
            QT_TRANSLATE_NOOP("errors", "There is nothing to learn from: this holds only {found}."),
            QT_TRANSLATE_NOOP(
                "errors", "Open the file with the features (for labels, the images), or add columns."
            ),
        ),
        "missing_columns": (
            QT_TRANSLATE_NOOP("errors", "These columns that the network takes are missing: {names}."),
            QT_TRANSLATE_NOOP("errors", "Columns are found by their names; here they are: {found}."),
        ),
        "need_target": (
            QT_TRANSLATE_NOOP("errors", "There is nothing to learn: no target was found ({expected})."),
            QT_TRANSLATE_NOOP("errors", "Put the labels beside the file, or choose a target column."),
        ),
        "target_all_missing": (
            QT_TRANSLATE_NOOP("errors", "The target {name} is missing in every row."),
            QT_TRANSLATE_NOOP("errors", "Choose another target column."),
        ),
        "target_single_class": (
            QT_TRANSLATE_NOOP("errors", "All rows of the target {name} are of one class, '{text}'."),
            QT_TRANSLATE_NOOP("errors", "Choose another target, or add rows of other classes."),
        ),
        "target_too_many_classes": (
            QT_TRANSLATE_NOOP("errors", "The target {name} has {count} different labels in {rows} rows."),
            QT_TRANSLATE_NOOP("errors", "Choose another target column."),
        ),
        "target_not_number": (
            QT_TRANSLATE_NOOP(
                "errors", "The target {name} holds text; of several targets each must be a number."
            ),
            QT_TRANSLATE_NOOP("errors", "Choose one target with classes, or several with numbers."),
        ),
        "too_many_levels": (
            QT_TRANSLATE_NOOP("errors", "The category {name} has {count} different values."),
            QT_TRANSLATE_NOOP(
                "errors", "Skip that column, or group its values; at most {limit} are encoded."
            ),
        ),
        "cancelled": (
            QT_TRANSLATE_NOOP("errors", "Reading was cancelled."),
            QT_TRANSLATE_NOOP("errors", "Nothing has been changed."),
        ),
    }

    @property
    def line(self) -> int | None:
        """Physical line where the record starts."""
        return self.details.get("line")

    @property
    def column(self) -> int | None:
        """Column of the table."""
        return self.details.get("column")


class ExpressionError(EngineError):
    """A formula that cannot be read or evaluated; `line` and `column` are 1-based."""

    templates: ClassVar = {
        "empty": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: There is nothing to read."),
            QT_TRANSLATE_NOOP("errors", "Type a formula, for example y = sin(x^2)."),
        ),
        "too_long": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: The formula is too long."),
            QT_TRANSLATE_NOOP("errors", "Stop here, or split it."),
        ),
        "name_too_long": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: The name '{text}' is too long."),
            QT_TRANSLATE_NOOP("errors", "Choose a name of at most {limit} letters."),
        ),
        "number_too_long": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: The number '{text}' is too long."),
            QT_TRANSLATE_NOOP(
                "errors", "Write it with at most {limit} digits, a large one with a power of ten as in 1e30."
            ),
        ),
        "unexpected_character": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: '{text}' is not part of the notation."
            ),
            QT_TRANSLATE_NOOP("errors", "Remove it, or type the operation out."),
        ),
        "type_instead": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: '{text}' is not part of the notation."
            ),
            QT_TRANSLATE_NOOP("errors", "Type {instead} in its place."),
        ),
        "latex_typed": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: LaTeX is not read here."),
            QT_TRANSLATE_NOOP(
                "errors", "Type names without the backslash, a fraction as (a)/(b), a root as sqrt(x)."
            ),
        ),
        "unclosed_bar": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: The bar that opens here is never closed."
            ),
            QT_TRANSLATE_NOOP("errors", "Add | where it ends, or write abs(x)."),
        ),
        "incomplete_choice": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: This choice between two is not whole."
            ),
            QT_TRANSLATE_NOOP("errors", "Write {{x if x > 0 else 0}}, with one comparison after each if."),
        ),
        "choice_without_braces": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: '{text}' stands in braces only."),
            QT_TRANSLATE_NOOP("errors", "Write {{x if x > 0 else 0}}."),
        ),
        "ambiguous_name": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: Is '{text}' one name, or {reading}?"),
            QT_TRANSLATE_NOOP("errors", "Write {reading}, or call it {another}."),
        ),
        "names_alike": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: '{text}' and '{another}' are written alike."
            ),
            QT_TRANSLATE_NOOP("errors", "Write one of them everywhere, or choose another name."),
        ),
        "ambiguous_product": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: Is {reading} meant here, or {another}?"
            ),
            QT_TRANSLATE_NOOP("errors", "Write the one that is meant."),
        ),
        "ambiguous_argument": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: Is {reading} meant here, or {another}?"
            ),
            QT_TRANSLATE_NOOP("errors", "Write the parentheses."),
        ),
        "unknown_matrix": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: '{text}' has no numbers and no shape."
            ),
            QT_TRANSLATE_NOOP("errors", "Give it numbers, {text} = [1, 2; 3, 4], or a shape, {text}: 2x2."),
        ),
        "nothing_to_derive": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: No line says what is to be derived."),
            QT_TRANSLATE_NOOP("errors", "End with one number, for example L = sum((a - t)^2)/2."),
        ),
        "not_one_number": (
            QT_TRANSLATE_NOOP(
                "errors",
                "Line {line}, column {column}: {text} is {shape}, and a gradient is that of one number.",
            ),
            QT_TRANSLATE_NOOP("errors", "End with a line such as L = sum(…) or L = mean(…)."),
        ),
        "matmul_shapes": (
            QT_TRANSLATE_NOOP(
                "errors",
                "Line {line}, column {column}: {left} has {columns} columns, and {right} has {rows} rows: "
                "{text} does not exist.",
            ),
            QT_TRANSLATE_NOOP(
                "errors", "Transpose one with .T, or change a shape, so that the two are equal."
            ),
        ),
        "entry_shapes": (
            QT_TRANSLATE_NOOP(
                "errors",
                "Line {line}, column {column}: {left} and {right} do not fit together entry by entry.",
            ),
            QT_TRANSLATE_NOOP(
                "errors",
                "Give both the same shape, or one a single row or column; a matrix product is written @.",
            ),
        ),
        "matmul_of_number": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: {text} multiplies a matrix by a single number."
            ),
            QT_TRANSLATE_NOOP("errors", "Write * for that; @ is the product of two matrices."),
        ),
        "bad_matrix": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: The numbers of a matrix cannot be read."
            ),
            QT_TRANSLATE_NOOP("errors", "Write [1, 2; 3, 4], or [[1, 2], [3, 4]]."),
        ),
        "ragged_matrix": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: The rows of this matrix differ in length."
            ),
            QT_TRANSLATE_NOOP("errors", "Give each row as many numbers."),
        ),
        "bad_shape": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: This is not a shape."),
            QT_TRANSLATE_NOOP("errors", "Write rows and columns, for example W: 2x3."),
        ),
        "matrix_too_large": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: This matrix is too large to be followed."
            ),
            QT_TRANSLATE_NOOP("errors", "Use at most {most} rows and columns."),
        ),
        "bad_axis": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: This is not an axis."),
            QT_TRANSLATE_NOOP(
                "errors", "Write sum(A, 0) down the rows or sum(A, 1) along them; softmax and mean alike."
            ),
        ),
        "arc_domain": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: {text} is of a number that is not from −1 to 1."
            ),
            QT_TRANSLATE_NOOP("errors", "Change the values so that it is between −1 and 1."),
        ),
        "unexpected": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: '{text}' cannot stand here."),
            QT_TRANSLATE_NOOP("errors", "A number, a name or an opening parenthesis is expected."),
        ),
        "missing_operand": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: Something is missing after '{text}'."),
            QT_TRANSLATE_NOOP("errors", "Go on with a number, a name or a parenthesis, or remove '{text}'."),
        ),
        "missing_operator": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: An operator is missing before '{text}'."
            ),
            QT_TRANSLATE_NOOP("errors", "Write * between the two if a product is meant."),
        ),
        "unclosed": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: The parenthesis that opens here is never closed."
            ),
            QT_TRANSLATE_NOOP("errors", "Add ) where it ends."),
        ),
        "unopened": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: This parenthesis closes nothing."),
            QT_TRANSLATE_NOOP("errors", "Remove it, or open one before."),
        ),
        "ambiguous_quotient": (
            QT_TRANSLATE_NOOP(
                "errors",
                "Line {line}, column {column}: After a division, a product needs its sign before '{text}'.",
            ),
            QT_TRANSLATE_NOOP("errors", "Write a/(b*c) or (a/b)*c."),
        ),
        "ambiguous_exponent": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: '{text}' may belong to the exponent or not."
            ),
            QT_TRANSLATE_NOOP("errors", "Write a^(2*b) or a^2*b."),
        ),
        "function_needs_parentheses": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: The argument of '{text}' needs parentheses."
            ),
            QT_TRANSLATE_NOOP("errors", "Write {text}(x), and a power as {text}(x)^2."),
        ),
        "argument_count": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: '{text}' cannot take {count} arguments."
            ),
            QT_TRANSLATE_NOOP("errors", "Functions take one, min and max take from 2 to {most}."),
        ),
        "unknown_function": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: '{text}' is not a known function."),
            QT_TRANSLATE_NOOP("errors", "The functions are {functions}; write * if a product is meant."),
        ),
        "unknown_name": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: '{text}' has no value."),
            QT_TRANSLATE_NOOP("errors", "Give it one, or define it on an earlier line."),
        ),
        "bad_assignment": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: This is not how a line defines a name."
            ),
            QT_TRANSLATE_NOOP("errors", "Write one name, =, and an expression, for example u = x^2 + 1."),
        ),
        "reserved_name": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: '{text}' is the name of a function."),
            QT_TRANSLATE_NOOP("errors", "Choose another name."),
        ),
        "assigned_twice": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: '{text}' is already defined by an earlier line."
            ),
            QT_TRANSLATE_NOOP("errors", "Choose another name."),
        ),
        "used_before": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: '{text}' is used before this line defines it."
            ),
            QT_TRANSLATE_NOOP("errors", "Move this line up, or choose another name."),
        ),
        "line_without_name": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: A line without a name is lost unless it is the last."
            ),
            QT_TRANSLATE_NOOP("errors", "Give it a name: u = …"),
        ),
        "number_too_large": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: The number {text} is too large."),
            QT_TRANSLATE_NOOP("errors", "Keep below 1.8·10³⁰⁸."),
        ),
        "value_not_finite": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: '{text}' is {value}."),
            QT_TRANSLATE_NOOP("errors", "Give it a finite value."),
        ),
        "overflow": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: {text} is too large here."),
            QT_TRANSLATE_NOOP("errors", "Keep values below 1.8·10³⁰⁸."),
        ),
        "division_by_zero": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: {text} divides by zero here."),
            QT_TRANSLATE_NOOP("errors", "Change the values so that the divisor is not 0."),
        ),
        "zero_by_zero": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: {text} is 0/0 here, which has no value."
            ),
            QT_TRANSLATE_NOOP("errors", "Change the values so that the divisor is not 0."),
        ),
        "log_domain": (
            QT_TRANSLATE_NOOP(
                "errors",
                "Line {line}, column {column}: {text} is the logarithm of a number that is not positive.",
            ),
            QT_TRANSLATE_NOOP("errors", "Change the values so that it is positive."),
        ),
        "sqrt_domain": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: {text} is the square root of a negative number."
            ),
            QT_TRANSLATE_NOOP("errors", "Change the values so that it is not negative."),
        ),
        "power_domain": (
            QT_TRANSLATE_NOOP(
                "errors",
                "Line {line}, column {column}: {text} raises a negative number to a fractional power.",
            ),
            QT_TRANSLATE_NOOP("errors", "Change the values so that the base is not negative."),
        ),
        "no_derivative": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: {text} has no finite derivative by {operand} here."
            ),
            QT_TRANSLATE_NOOP("errors", "Move the values away from this point."),
        ),
        "derivative_overflow": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: The derivative at {text} is too large."
            ),
            QT_TRANSLATE_NOOP("errors", "Change the values so that the factors are smaller."),
        ),
    }

    @property
    def line(self) -> int:
        """Line in the text."""
        return int(self.details["line"])

    @property
    def column(self) -> int:
        """Column in that line."""
        return int(self.details["column"])


_OBSTACLES = {
    **dict.fromkeys((errno.ENOENT, errno.ENOTDIR), "no_folder"),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), "no_right"),
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), "no_room"),
    **dict.fromkeys((errno.EISDIR, errno.EEXIST), "no_file"),
}


class SessionError(EngineError):
    """A file of the program that cannot be read or written; what is open goes on untouched.

    `name` is the file; `member` a part of a session's archive; `field` a place within that; `obstacle` what
    kept a file from being written, a key of `ways_round`, if it is known.
    """

    ways_round: ClassVar = {
        "no_folder": QT_TRANSLATE_NOOP("errors", "Make the folder first, or choose another place."),
        "no_right": QT_TRANSLATE_NOOP(
            "errors", "What was there before is untouched. Choose a place where you may write."
        ),
        "no_room": QT_TRANSLATE_NOOP(
            "errors", "What was there before is untouched. Make room, or choose another place."
        ),
        "no_file": QT_TRANSLATE_NOOP("errors", "It is untouched. Choose another name."),
    }

    templates: ClassVar = {
        "cannot_read": (
            QT_TRANSLATE_NOOP("errors", "{name} cannot be read: {reason}."),
            QT_TRANSLATE_NOOP("errors", "Check that it is there and that you may open it."),
        ),
        "cannot_write": (
            QT_TRANSLATE_NOOP("errors", "{name} cannot be written: {reason}."),
            QT_TRANSLATE_NOOP("errors", "What was there before is untouched. Choose another place."),
        ),
        "cancelled": (
            QT_TRANSLATE_NOOP("errors", "It was cancelled."),
            QT_TRANSLATE_NOOP("errors", "Nothing has been changed."),
        ),
        # sessions
        "changed_meanwhile": (
            QT_TRANSLATE_NOOP(
                "errors", "{name} has been changed elsewhere since it was opened or saved here."
            ),
            QT_TRANSLATE_NOOP("errors", "It is untouched, and your work is not saved yet."),
        ),
        "not_a_session": (
            QT_TRANSLATE_NOOP("errors", "{name} is not a session of Backprop Lab."),
            QT_TRANSLATE_NOOP("errors", "Open a file that ends in .bplab."),
        ),
        "cut_off": (
            QT_TRANSLATE_NOOP("errors", "{name} is damaged or cut off: it has no end."),
            QT_TRANSLATE_NOOP("errors", "Open another copy of it."),
        ),
        "newer_schema": (
            QT_TRANSLATE_NOOP(
                "errors", "{name} has the file format {version}; this program knows those up to {known}."
            ),
            QT_TRANSLATE_NOOP("errors", "Open it with a newer Backprop Lab."),
        ),
        "damaged": (
            QT_TRANSLATE_NOOP("errors", "{name} is damaged at {member}: {reason}."),
            QT_TRANSLATE_NOOP("errors", "Copy it again, or open an older copy."),
        ),
        "missing_member": (
            QT_TRANSLATE_NOOP("errors", "{name} is damaged: {member} is missing."),
            QT_TRANSLATE_NOOP("errors", "Copy it again, or open an older copy."),
        ),
        "bad_member": (
            QT_TRANSLATE_NOOP("errors", "{name} holds {member}, which no session does."),
            QT_TRANSLATE_NOOP("errors", "It comes from elsewhere or was tampered with; do not use it."),
        ),
        "too_large": (
            QT_TRANSLATE_NOOP("errors", "{name}: {member} would take {size}; at most {limit} are read."),
            QT_TRANSLATE_NOOP("errors", "It comes from elsewhere or was tampered with; do not use it."),
        ),
        "wrong_type": (
            QT_TRANSLATE_NOOP("errors", "{name}, {member}: {field} is not {expected}."),
            QT_TRANSLATE_NOOP("errors", "Copy it again, or open an older copy."),
        ),
        "does_not_fit": (
            QT_TRANSLATE_NOOP("errors", "{name}, {member}: {field} does not fit the rest: {reason}"),
            QT_TRANSLATE_NOOP("errors", "Copy it again, or open an older copy."),
        ),
        "data_missing": (
            QT_TRANSLATE_NOOP("errors", "The data of {name} are in the file {file}, which is not there."),
            QT_TRANSLATE_NOOP("errors", "Say where it is now."),
        ),
        "data_changed": (
            QT_TRANSLATE_NOOP(
                "errors", "The data of {name} are in the file {file}, which has changed since it was saved."
            ),
            QT_TRANSLATE_NOOP("errors", "Say where the unchanged file is, or open the changed one anew."),
        ),
        "within_rounding": (
            QT_TRANSLATE_NOOP("errors", "{name} was made with {theirs}, and this is {ours}."),
            QT_TRANSLATE_NOOP("errors", "It goes on the same within rounding, not bit for bit."),
        ),
        # other files
        "not_text": (
            QT_TRANSLATE_NOOP("errors", "{name} is not an experiment: it is no text in UTF-8."),
            QT_TRANSLATE_NOOP("errors", "Open a file that ends in .toml."),
        ),
        "file_too_large": (
            QT_TRANSLATE_NOOP("errors", "{name} has {size}; an experiment has at most {limit}."),
            QT_TRANSLATE_NOOP("errors", "Open a file that ends in .toml."),
        ),
        "not_exportable": (
            QT_TRANSLATE_NOOP("errors", "{what} cannot be written as {format}."),
            QT_TRANSLATE_NOOP("errors", "Write it as {instead}, or do without it."),
        ),
        "too_many_rows": (
            QT_TRANSLATE_NOOP("errors", "There are {rows} rows; a sheet of Excel holds {limit}."),
            QT_TRANSLATE_NOOP("errors", "Save them as CSV."),
        ),
        "needs_package": (
            QT_TRANSLATE_NOOP("errors", "To write {format} files, {package} must be installed."),
            QT_TRANSLATE_NOOP("errors", "Install it with: {command}"),
        ),
    }

    @classmethod
    def unwritable(cls, name: str, cause: OSError) -> SessionError:
        """Tell why `name` cannot be written, and what helps against that."""
        reason = cause.strerror or str(cause)
        return cls("cannot_write", name=name, reason=reason, obstacle=_OBSTACLES.get(cause.errno or 0, ""))

    @property
    def wording(self) -> tuple[str, str]:
        """The two templates that tell it."""
        message, mend = super().wording
        return message, self.ways_round.get(self.details.get("obstacle", ""), mend)

    @property
    def member(self) -> str:
        """The part of the archive it is about (may be empty)."""
        return str(self.details.get("member", ""))


class StepError(EngineError):
    """Numbers of someone's own step that cannot be checked; `name` is the array, `line` its place."""

    at_its_line = QT_TRANSLATE_NOOP(
        "errors", "Line {line}: {name} has the shape {shape}, which fits no layout."
    )
    templates: ClassVar = {
        "unknown_quantity": (
            QT_TRANSLATE_NOOP("errors", "'{name}' is not a quantity of this network's step."),
            QT_TRANSLATE_NOOP("errors", "They are called {allowed}."),
        ),
        "nothing_given": (
            QT_TRANSLATE_NOOP("errors", "There is nothing to check: no number of the step was given."),
            QT_TRANSLATE_NOOP("errors", "Give for example dW1 and db1, the loss, or W1 after the step."),
        ),
        "layer_count": (
            QT_TRANSLATE_NOOP("errors", "{name} has {found} arrays; the network has {expected} layers."),
            QT_TRANSLATE_NOOP("errors", "Give one array for each layer, the first hidden layer first."),
        ),
        "shape": (
            QT_TRANSLATE_NOOP("errors", "{name} has the shape {shape}."),
            QT_TRANSLATE_NOOP("errors", "Here it must have the shape {expected}."),
        ),
        "ragged": (
            QT_TRANSLATE_NOOP("errors", "The rows of {name} are not all of one length."),
            QT_TRANSLATE_NOOP(
                "errors", "Give a whole matrix: a number is missing, or there is one too many."
            ),
        ),
        "complex": (
            QT_TRANSLATE_NOOP("errors", "{name} holds complex numbers."),
            QT_TRANSLATE_NOOP("errors", "Give real numbers."),
        ),
        "not_numbers": (
            QT_TRANSLATE_NOOP("errors", "{name} does not hold plain numbers."),
            QT_TRANSLATE_NOOP("errors", "Give an array of whole or floating-point numbers."),
        ),
        "too_many": (
            QT_TRANSLATE_NOOP("errors", "{name} has {count} numbers; at most {limit} are checked."),
            QT_TRANSLATE_NOOP(
                "errors", "Take a smaller network and a smaller batch: mistakes show there too."
            ),
        ),
        "not_finite": (
            QT_TRANSLATE_NOOP("errors", "{name}{place} is {value}."),
            QT_TRANSLATE_NOOP("errors", "A step starts from finite numbers."),
        ),
        "mask_without_dropout": (
            QT_TRANSLATE_NOOP("errors", "{name} drops units, but {layer} has no dropout."),
            QT_TRANSLATE_NOOP("errors", "Set the layer's dropout in the experiment, or leave the mask out."),
        ),
        "mask_values": (
            QT_TRANSLATE_NOOP("errors", "{name} holds other numbers than 0 and 1."),
            QT_TRANSLATE_NOOP(
                "errors", "Give 1 for each unit that was kept, and 0 for each that was dropped."
            ),
        ),
        # reading
        "cannot_read": (
            QT_TRANSLATE_NOOP("errors", "{name} cannot be read: {reason}."),
            QT_TRANSLATE_NOOP("errors", "Check that it is there and that you may open it."),
        ),
        "file_too_large": (
            QT_TRANSLATE_NOOP("errors", "{name} has {size}, which is too much to be checked."),
            QT_TRANSLATE_NOOP(
                "errors", "Take a smaller network and a smaller batch: mistakes show there too."
            ),
        ),
        "pickle": (
            QT_TRANSLATE_NOOP("errors", "{name} holds pickled objects, which could run any program."),
            QT_TRANSLATE_NOOP("errors", "Save plain arrays: np.savez('mine.npz', dW1=dW1, db1=db1)."),
        ),
        "format": (
            QT_TRANSLATE_NOOP("errors", "{name} is of a kind that is not read here."),
            QT_TRANSLATE_NOOP("errors", "Save the numbers as one of: {supported}."),
        ),
        "damaged": (
            QT_TRANSLATE_NOOP("errors", "{name} is damaged: {reason}."),
            QT_TRANSLATE_NOOP("errors", "Save or copy it again."),
        ),
        "no_numbers": (
            QT_TRANSLATE_NOOP("errors", "No numbers were found."),
            QT_TRANSLATE_NOOP("errors", "Write a name before each array, for example dW1 = [[0.1, 0.2]]."),
        ),
        "ragged_at": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}: the rows of {name} have {lengths} numbers, not all as many."
            ),
            QT_TRANSLATE_NOOP(
                "errors", "Give a whole matrix: a number is missing, or there is one too many."
            ),
        ),
        "complex_at": (
            QT_TRANSLATE_NOOP("errors", "Line {line}: {text} is a complex number."),
            QT_TRANSLATE_NOOP("errors", "Give real numbers."),
        ),
        "not_a_number": (
            QT_TRANSLATE_NOOP("errors", "Line {line}: '{text}' is not a number."),
            QT_TRANSLATE_NOOP("errors", "Mend that line: in an array only numbers may stand."),
        ),
        "ellipsis": (
            QT_TRANSLATE_NOOP("errors", "Line {line}: NumPy has left numbers out here, and printed dots."),
            QT_TRANSLATE_NOOP(
                "errors", "Print it after np.set_printoptions(threshold=10**6), or save it with np.savez."
            ),
        ),
        "unclosed": (
            QT_TRANSLATE_NOOP("errors", "Line {line}: the bracket {text} that opens here is never closed."),
            QT_TRANSLATE_NOOP("errors", "Copy the whole array."),
        ),
        "bad_json": (
            QT_TRANSLATE_NOOP("errors", "Line {line}: this is not valid JSON: {reason}."),
            QT_TRANSLATE_NOOP("errors", "Mend that line."),
        ),
        # names and layouts
        "unknown_array": (
            QT_TRANSLATE_NOOP("errors", "There is no array '{name}'."),
            QT_TRANSLATE_NOOP("errors", "The arrays are: {allowed}."),
        ),
        "nothing_named": (
            QT_TRANSLATE_NOOP("errors", "None of these is known as a quantity of a step: {names}."),
            QT_TRANSLATE_NOOP("errors", "Say what they are, for example that grad_in is dW1."),
        ),
        "start_missing": (
            QT_TRANSLATE_NOOP("errors", "What the step starts from is not all there: {names}."),
            QT_TRANSLATE_NOOP("errors", "Give it too, or check against a test case or a session."),
        ),
        "no_layout": (
            QT_TRANSLATE_NOOP("errors", "{name} has the shape {shape}, which fits no layout."),
            QT_TRANSLATE_NOOP(
                "errors", "Here it would be {expected}, or turned round; see that the network is right."
            ),
        ),
        "case_exists": (
            QT_TRANSLATE_NOOP("errors", "There is a {name} already, and it is not overwritten."),
            QT_TRANSLATE_NOOP("errors", "Choose another folder."),
        ),
        "no_case": (
            QT_TRANSLATE_NOOP("errors", "{name} is not a test case: {reason}."),
            QT_TRANSLATE_NOOP("errors", "Have one written with 'Give me a test case'."),
        ),
        "cancelled": (
            QT_TRANSLATE_NOOP("errors", "The reading was cancelled."),
            QT_TRANSLATE_NOOP("errors", "Begin again."),
        ),
        "no_parameters": (
            QT_TRANSLATE_NOOP("errors", "There are no weights or biases among these: {names}."),
            QT_TRANSLATE_NOOP("errors", "Call them W1, b1, W2, b2, …; gradients are no parameters."),
        ),
        "nothing_to_plant": (
            QT_TRANSLATE_NOOP("errors", "No mistake of this kind shows in the numbers of this step."),
            QT_TRANSLATE_NOOP("errors", "Choose another one, or train some steps with more rows."),
        ),
        # programs
        "program_syntax": (
            QT_TRANSLATE_NOOP("errors", "The program is not valid Python: {reason}."),
            QT_TRANSLATE_NOOP("errors", "Mend that line."),
        ),
        "program_failed": (
            QT_TRANSLATE_NOOP("errors", "The program failed: {error}."),
            QT_TRANSLATE_NOOP("errors", "Mend that line; it works in an empty folder of its own."),
        ),
        "program_exit": (
            QT_TRANSLATE_NOOP("errors", "The program ended itself with exit({code})."),
            QT_TRANSLATE_NOOP("errors", "Let it come to its end, so that its numbers can be taken."),
        ),
        "program_memory": (
            QT_TRANSLATE_NOOP("errors", "The program needs more than {limit} of memory."),
            QT_TRANSLATE_NOOP("errors", "Let it make one step of a small network."),
        ),
        "program_import": (
            QT_TRANSLATE_NOOP("errors", "The program imports {module}, which is not installed here."),
            QT_TRANSLATE_NOOP("errors", "Install it beside Backprop Lab, or do without it."),
        ),
        "program_timeout": (
            QT_TRANSLATE_NOOP("errors", "The program was ended after {seconds} s."),
            QT_TRANSLATE_NOOP("errors", "Look for a loop that never ends; it should make one step."),
        ),
        "program_ended": (
            QT_TRANSLATE_NOOP("errors", "The program was ended by the system (status {code})."),
            QT_TRANSLATE_NOOP(
                "errors", "Look for what takes much memory or writes much, or ends Python itself."
            ),
        ),
        "program_signature": (
            QT_TRANSLATE_NOOP("errors", "The function step cannot be called: {reason}."),
            QT_TRANSLATE_NOOP("errors", "Define it as step(X, T, W, b)."),
        ),
        "program_result": (
            QT_TRANSLATE_NOOP("errors", "The function step returns {found}."),
            QT_TRANSLATE_NOOP("errors", 'Return names with arrays: {{"dW1": dW1, "db1": db1}}.'),
        ),
        "program_nothing": (
            QT_TRANSLATE_NOOP("errors", "The program leaves no numbers in its variables."),
            QT_TRANSLATE_NOOP(
                "errors", "Keep the arrays of the step in variables, or define step(X, T, W, b)."
            ),
        ),
        "program_expression": (
            QT_TRANSLATE_NOOP("errors", "{quantity}: {text} gives no numbers: {reason}."),
            QT_TRANSLATE_NOOP("errors", "Write it with names that the program has at its end."),
        ),
    }

    @property
    def wording(self) -> tuple[str, str]:
        """The two templates that tell it."""
        message, mend = super().wording
        return (self.at_its_line if self.kind == "no_layout" and self.line else message), mend

    @property
    def line(self) -> int | None:
        """The line of the text or program it is about, if it is about one."""
        return self.details.get("line")


class LessonError(EngineError):
    """A lesson that cannot be read, or is not right; `file`, `line` and `column` say where.

    Where no line is to blame, as in a file that is too large, `line` and `column` are 0.
    """

    templates: ClassVar = {
        # files
        "cannot_read": (
            QT_TRANSLATE_NOOP("errors", "{file} cannot be read: {reason}."),
            QT_TRANSLATE_NOOP("errors", "Check that it is there and that you may open it."),
        ),
        "cannot_write": (
            QT_TRANSLATE_NOOP("errors", "{file} cannot be written: {reason}."),
            QT_TRANSLATE_NOOP("errors", "Choose another place."),
        ),
        "exists": (
            QT_TRANSLATE_NOOP("errors", "There is a {file} already, and it is not overwritten."),
            QT_TRANSLATE_NOOP("errors", "Choose another name."),
        ),
        "bad_name": (
            QT_TRANSLATE_NOOP("errors", "'{file}' is no name for a lesson."),
            QT_TRANSLATE_NOOP("errors", "Take letters, digits, _ and -, 40 at most."),
        ),
        "no_lesson": (
            QT_TRANSLATE_NOOP("errors", "There is no lesson.md in {file}."),
            QT_TRANSLATE_NOOP("errors", "Choose the folder or the .bplesson file of a lesson."),
        ),
        "no_translation": (
            QT_TRANSLATE_NOOP("errors", "The lesson has no translation into {language}."),
            QT_TRANSLATE_NOOP("errors", "It has: {allowed}."),
        ),
        "not_an_archive": (
            QT_TRANSLATE_NOOP("errors", "{file} is not a zip file, or it is damaged."),
            QT_TRANSLATE_NOOP("errors", "Zip the lesson's folder again."),
        ),
        "escapes": (
            QT_TRANSLATE_NOOP(
                "errors", "The archive holds '{name}', which leads out of the lesson's folder."
            ),
            QT_TRANSLATE_NOOP("errors", "Do not open it unless you know who made it; zip the folder again."),
        ),
        "file_too_large": (
            QT_TRANSLATE_NOOP("errors", "{file} has {size}; here at most {limit} are read."),
            QT_TRANSLATE_NOOP("errors", "Make it smaller: a lesson needs few rows and few words."),
        ),
        "too_many_files": (
            QT_TRANSLATE_NOOP("errors", "The lesson has {count} files; at most {limit} are read."),
            QT_TRANSLATE_NOOP("errors", "Leave out what is not needed."),
        ),
        "missing_file": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: There is no file '{name}' here."),
            QT_TRANSLATE_NOOP("errors", "Put it into the lesson's folder, or mend its name."),
        ),
        "not_text": (
            QT_TRANSLATE_NOOP("errors", "{file} is not text in UTF-8."),
            QT_TRANSLATE_NOOP("errors", "Save it as UTF-8."),
        ),
        "same_name": (
            QT_TRANSLATE_NOOP("errors", "Two lessons are called '{name}': {first} and {second}."),
            QT_TRANSLATE_NOOP("errors", "Give one of the folders another name."),
        ),
        # head
        "no_head": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: The lesson does not begin with a head."
            ),
            QT_TRANSLATE_NOOP("errors", 'Begin with a line +++, then title = "…" and the rest, then +++.'),
        ),
        "bad_head": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: The head is not valid TOML: {reason}."
            ),
            QT_TRANSLATE_NOOP("errors", "Mend that line."),
        ),
        "unknown_key": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: '{name}' is not known in a head."),
            QT_TRANSLATE_NOOP("errors", "What may stand here is: {allowed}."),
        ),
        "missing_key": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: '{name}' is missing."),
            QT_TRANSLATE_NOOP("errors", "Add it, for example: {example}"),
        ),
        "wrong_value": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: {name} is {value}."),
            QT_TRANSLATE_NOOP("errors", "It must be {needed}."),
        ),
        "not_both": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: {name} and {other} do not go together."
            ),
            QT_TRANSLATE_NOOP("errors", "Leave one of them out."),
        ),
        # blocks
        "unknown_block": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: '{name}' is not a kind of block."),
            QT_TRANSLATE_NOOP("errors", "The kinds are: {allowed}; plain code is marked text."),
        ),
        "nested_block": (
            QT_TRANSLATE_NOOP(
                "errors",
                "Line {line}, column {column}: The block '{name}' stands within a list or a quotation.",
            ),
            QT_TRANSLATE_NOOP("errors", "Move it to the left margin."),
        ),
        "unclosed_block": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: The block '{name}' is never closed."),
            QT_TRANSLATE_NOOP("errors", "Add a line of three backticks where it ends."),
        ),
        "too_many_blocks": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: There are more than {limit} blocks."),
            QT_TRANSLATE_NOOP("errors", "Make two lessons of it."),
        ),
        "unknown_option": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: {block} has no option '{name}'."),
            QT_TRANSLATE_NOOP("errors", "Its options are: {allowed}."),
        ),
        "unexpected_word": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: '{name}' cannot stand here."),
            QT_TRANSLATE_NOOP("errors", "Write options as name=value, a value with spaces in double quotes."),
        ),
        "unclosed_quote": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: The quotation mark that opens here is never closed."
            ),
            QT_TRANSLATE_NOOP("errors", 'Add " where the value ends.'),
        ),
        "option_twice": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: The option '{name}' is given twice."),
            QT_TRANSLATE_NOOP("errors", "Leave one of them out."),
        ),
        "missing_option": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: {block} needs {name}."),
            QT_TRANSLATE_NOOP("errors", "Add it, for example: {example}"),
        ),
        "bad_option": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: {name} is '{value}'."),
            QT_TRANSLATE_NOOP("errors", "It must be {needed}."),
        ),
        "id_twice": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: The id '{name}' is that of line {other} already."
            ),
            QT_TRANSLATE_NOOP("errors", "Give one of the two another id."),
        ),
        "unknown_question": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: There is no question '{name}' before."
            ),
            QT_TRANSLATE_NOOP("errors", "Put the block behind its question, or mend of=."),
        ),
        "unknown_experiment": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: There is no experiment '{name}'."),
            QT_TRANSLATE_NOOP("errors", "The head has: {allowed}."),
        ),
        "no_experiment": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: This needs an experiment, and the head has none."
            ),
            QT_TRANSLATE_NOOP("errors", "Add a table [experiments.NAME] to the head."),
        ),
        "no_text": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: {block} asks nothing: it has no text."
            ),
            QT_TRANSLATE_NOOP("errors", "Write the question below the line that opens it."),
        ),
        "too_few_items": (
            QT_TRANSLATE_NOOP(
                "errors",
                "Line {line}, column {column}: {block} has too few things to choose from or to sort.",
            ),
            QT_TRANSLATE_NOOP("errors", "Give it two or more, each on a line that begins with '- '."),
        ),
        "item_without": (
            QT_TRANSLATE_NOOP(
                "errors",
                "Line {line}, column {column}: Nothing says when this answer is right, or where it belongs.",
            ),
            QT_TRANSLATE_NOOP(
                "errors", "Begin it with an expression in backticks: - `grad[2,1,1] > 0` positive"
            ),
        ),
        "no_blanks": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: There is nothing to fill in."),
            QT_TRANSLATE_NOOP("errors", "Write [[expression]] where a number is asked for, or give hide=."),
        ),
        "unclosed_value": (
            QT_TRANSLATE_NOOP(
                "errors",
                "Line {line}, column {column}: The number that begins here with {{{{ is never closed.",
            ),
            QT_TRANSLATE_NOOP("errors", "Close it on the same line with }}}}."),
        ),
        "bad_formula": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: The formula '{text}' cannot be read."),
            QT_TRANSLATE_NOOP("errors", "Mend its LaTeX; a dollar sign that is none is written \\$."),
        ),
        "formula_letters": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: Formulas have no letter '{text}'; it would be a box."
            ),
            QT_TRANSLATE_NOOP("errors", "Write words outside of the dollar signs."),
        ),
        # expressions
        "expression_too_long": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: The expression is too long."),
            QT_TRANSLATE_NOOP("errors", "Use at most {limit} characters."),
        ),
        "typed_answer": (
            QT_TRANSLATE_NOOP(
                "errors",
                "Line {line}, column {column}: '{text}' is a typed number, not one of the experiment.",
            ),
            QT_TRANSLATE_NOOP(
                "errors",
                "Write how it comes from the record, for example grad[2,1,1], so that it stays right.",
            ),
        ),
        "no_comparison": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: '{text}' is not a condition."),
            QT_TRANSLATE_NOOP("errors", "Compare two expressions, for example grad[2,1,1] > 0."),
        ),
        "unknown_quantity": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: '{text}' is not a number of the record."
            ),
            QT_TRANSLATE_NOOP("errors", "The names are: {allowed}."),
        ),
        "bad_indices": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: {text} has not the indices it needs."),
            QT_TRANSLATE_NOOP("errors", "Write {expected}, with numbers from 1 on."),
        ),
        "bad_place": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: '{text}' cannot stand in these brackets."
            ),
            QT_TRANSLATE_NOOP("errors", "Here may stand: {allowed}."),
        ),
        "no_such_part": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: There is no {text} in the network {sizes}."
            ),
            QT_TRANSLATE_NOOP("errors", "Layers and units count from 1; layer 0 are the inputs."),
        ),
        "no_such_sample": (
            QT_TRANSLATE_NOOP(
                "errors",
                "Line {line}, column {column}: There is no sample {value}: the mini-batch has {rows} rows.",
            ),
            QT_TRANSLATE_NOOP("errors", "Choose one from 1 to {rows}."),
        ),
        "no_such_slot": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: The optimizer {optimizer} has no {text}."
            ),
            QT_TRANSLATE_NOOP("errors", "Choose an optimizer that has it, or another quantity."),
        ),
        "not_finite": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: {text} is {value}."),
            QT_TRANSLATE_NOOP("errors", "Change the experiment or the step, so that it is a finite number."),
        ),
        "no_single_factor": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: Of softmax there is no single number {text}."
            ),
            QT_TRANSLATE_NOOP("errors", "Ask for delta, or take another activation."),
        ),
        "no_value": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: {text} has no value here: {reason}"),
            QT_TRANSLATE_NOOP("errors", "Change the formula's values."),
        ),
        "step_diverges": (
            QT_TRANSLATE_NOOP(
                "errors",
                "Line {line}, column {column}: "
                "Training meets a number that is not finite before step {step} is done.",
            ),
            QT_TRANSLATE_NOOP("errors", "Ask about an earlier step, or give it a smaller learning rate."),
        ),
        # answers
        "not_one_right": (
            QT_TRANSLATE_NOOP(
                "errors",
                "Line {line}, column {column}: With seed {seed}, {count} of the answers are right, not one.",
            ),
            QT_TRANSLATE_NOOP("errors", "Change the conditions so that exactly one of them holds."),
        ),
        "no_difference": (
            QT_TRANSLATE_NOOP(
                "errors",
                "Line {line}, column {column}: "
                "With seed {seed}, {first} and {second} are equal, so nothing is right.",
            ),
            QT_TRANSLATE_NOOP("errors", "Ask for something that differs, or change the experiment."),
        ),
        "none_right": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: With seed {seed}, no place is right."),
            QT_TRANSLATE_NOOP("errors", "Change the condition or the experiment."),
        ),
        "all_right": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: With seed {seed}, every place is right."
            ),
            QT_TRANSLATE_NOOP("errors", "Change the condition, so that there is something to find."),
        ),
        "already_met": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: The goal is met before anything is changed."
            ),
            QT_TRANSLATE_NOOP("errors", "Ask for more, or begin from another experiment."),
        ),
        "cannot_be_met": (
            QT_TRANSLATE_NOOP(
                "errors",
                "Line {line}, column {column}: "
                "With solve=, the goal is not met within {within} steps ({found}).",
            ),
            QT_TRANSLATE_NOOP("errors", "Ask for less, give more steps, or mend solve=."),
        ),
        "locked_solution": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: solve= changes {name}, which is locked."
            ),
            QT_TRANSLATE_NOOP("errors", "Unlock it, or find another solution."),
        ),
        "bad_change": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: '{text}' is no change: {reason}"),
            QT_TRANSLATE_NOOP("errors", "Write learning_rate=0.5, w[2,1,1]=0 or b[1,2]=0.1."),
        ),
        "too_much_work": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: This needs {steps} steps of {sizes}."),
            QT_TRANSLATE_NOOP("errors", "Take a smaller network or fewer steps, so that nobody waits."),
        ),
        "cannot_plant": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: This mistake does not show in this step."
            ),
            QT_TRANSLATE_NOOP("errors", "Choose another one, more rows, or any."),
        ),
        "bad_experiment": (
            QT_TRANSLATE_NOOP(
                "errors",
                "Line {line}, column {column}: The experiment '{name}' is not right: {where}{reason}",
            ),
            QT_TRANSLATE_NOOP("errors", "Mend that."),
        ),
        "answer_not_a_number": (
            QT_TRANSLATE_NOOP("errors", "'{text}' is not a number."),
            QT_TRANSLATE_NOOP("errors", "Type a number such as 0.25, -3 or 2e-5."),
        ),
        # lessons together
        "unknown_lesson": (
            QT_TRANSLATE_NOOP(
                "errors", "Line {line}, column {column}: It needs the lesson '{name}', which is not there."
            ),
            QT_TRANSLATE_NOOP("errors", "Mend needs = in the head, or leave it out."),
        ),
        "block_differs": (
            QT_TRANSLATE_NOOP(
                "errors",
                "Line {line}, column {column}: Here the translation has {found}, and lesson.md {expected}.",
            ),
            QT_TRANSLATE_NOOP(
                "errors", "Give both the same blocks in the same order, with the same options."
            ),
        ),
        "block_missing": (
            QT_TRANSLATE_NOOP("errors", "Line {line}, column {column}: The translation has no {expected}."),
            QT_TRANSLATE_NOOP("errors", "Add the block; it stands in lesson.md, line {other}."),
        ),
    }

    @property
    def file(self) -> str:
        """The file it is about."""
        return str(self.details.get("file", ""))

    @property
    def line(self) -> int:
        """Line in it, from 1; 0 if no line is to blame."""
        return int(self.details.get("line", 0))

    @property
    def column(self) -> int:
        """Column in that line, from 1; 0 if no line is to blame."""
        return int(self.details.get("column", 0))
