"""What each setting means, in a sentence, and the formula it stands in."""

from __future__ import annotations

from typing import Any, NamedTuple

from PySide6.QtCore import QCoreApplication

from engine.errors import QT_TRANSLATE_NOOP
from engine.experiment import Experiment
from engine.functions import Activation, Initializer, Rule
from engine.settings import layer_of, read
from gui.text.settings import catalogue_label, word


class Meaning(NamedTuple):
    """What a setting means: a sentence, and LaTeX."""

    text: str
    formula: str

    @property
    def lines(self) -> list[str]:
        """The formula, line by line."""
        return self.formula.split(r",\ ")


_TEXTS = {
    "data": QT_TRANSLATE_NOOP("meanings", "The rows that are learned from: inputs x, and targets t."),
    "inputs": QT_TRANSLATE_NOOP("meanings", "The inputs x: one unit for each feature of the data."),
    "validation": QT_TRANSLATE_NOOP(
        "meanings", "The share v of the rows that is held out: it is only looked at, never trained on."
    ),
    "split": QT_TRANSLATE_NOOP("meanings", "Which rows are held out for validation."),
    "scaling": QT_TRANSLATE_NOOP(
        "meanings", "How each feature is scaled, by what its values are like in the training rows."
    ),
    "target_scaling": QT_TRANSLATE_NOOP(
        "meanings",
        "How the target is brought to one scale, fitted on the training rows. The loss and δ are of the"
        " scaled target; what is predicted stays in its own unit.",
    ),
    "missing": QT_TRANSLATE_NOOP("meanings", "What stands in for cells without a value."),
    "units": QT_TRANSLATE_NOOP(
        "meanings", "How many units the layer has; each has a weight from all before."
    ),
    "activation": QT_TRANSLATE_NOOP(
        "meanings", "What a unit makes of its z; going back, δ is multiplied by its slope there."
    ),
    "dropout": QT_TRANSLATE_NOOP(
        "meanings", "The share p of the units that each step leaves out, drawn anew; the rest are scaled up."
    ),
    "initializer": QT_TRANSLATE_NOOP("meanings", "What the weights and biases are at step 0."),
    "loss": QT_TRANSLATE_NOOP("meanings", "What one sample's outputs cost, and what training makes small."),
    "optimizer": QT_TRANSLATE_NOOP("meanings", "How a parameter gets its new value from its gradient g."),
    "learning_rate": QT_TRANSLATE_NOOP("meanings", "How far each step follows the gradient."),
    "schedule": QT_TRANSLATE_NOOP("meanings", "How the learning rate changes over steps t or epochs e."),
    "batch_size": QT_TRANSLATE_NOOP("meanings", "How many samples B each step takes the gradient of."),
    "regularizer": QT_TRANSLATE_NOOP(
        "meanings", "A penalty on large weights, beside the loss; biases have none."
    ),
    "clipping": QT_TRANSLATE_NOOP(
        "meanings", "How gradients that are too large are cut back before the update."
    ),
    "seed": QT_TRANSLATE_NOOP(
        "meanings", "What chance begins with: the same seed gives the same weights, batches and dropout."
    ),
    "reduction": QT_TRANSLATE_NOOP(
        "meanings", "Whether a batch's loss is the mean over its samples, or the sum."
    ),
    "bias_reduction": QT_TRANSLATE_NOOP(
        "meanings", "Whether a bias's gradient is as a weight's, or the mean again, as some listings have it."
    ),
    "update_order": QT_TRANSLATE_NOOP(
        "meanings", "Whether δ goes back through the weights before the step, or through those just updated."
    ),
    "dtype": QT_TRANSLATE_NOOP(
        "meanings", "How many digits are kept: ε is the step from 1 to the next number."
    ),
}

_FORMULAS = {
    "data": r"D = \{(x_1, t_1), \ldots, (x_n, t_n)\}",
    "inputs": r"a^{(0)} = x",
    "validation": r"n_{\mathrm{val}} = v\,n",
    "split": r"n = n_{\mathrm{train}} + n_{\mathrm{val}}",
    "missing": r"x_i = \mathrm{fill}(x_{\mathrm{train}})",
    "units": r"z^{(l)} = a^{(l-1)} W^{(l)} + b^{(l)}",
    "dropout": r"a = m\,f(z),\ m = \frac{1}{1 - p}\ \mathrm{or}\ 0",
    "learning_rate": r"w \leftarrow w - \eta\,\frac{\partial L}{\partial w}",
    "batch_size": r"L = \frac{1}{B} \sum_{s=1}^{B} L_s",
    "seed": r"W_0 = W(\mathrm{seed})",
}

_BY_VALUE = {
    "scaling": {
        "none": r"x' = x",
        "zscore": r"x' = \frac{x - \mu}{\sigma}",
        "minmax": r"x' = \frac{x - \min x}{\max x - \min x}",
    },
    "target_scaling": {
        "none": r"t' = t",
        "zscore": r"t' = \frac{t - \mu}{\sigma}",
        "minmax": r"t' = \frac{t - \min t}{\max t - \min t}",
    },
    "reduction": {"mean": r"L = \frac{1}{B} \sum_s L_s", "sum": r"L = \sum_s L_s"},
    "bias_reduction": {
        "same": r"\frac{\partial L}{\partial b} = \sum_s \delta_s",
        "mean": r"\frac{\partial L}{\partial b} = \frac{1}{B} \sum_s \delta_s",
    },
    "update_order": {
        "together": r"\delta^{(l)} = (W^{(l+1)} \delta^{(l+1)}) \odot f'(z^{(l)})",
        "output_first": r"\delta^{(l)} = (W^{(l+1)}_{\mathrm{new}} \delta^{(l+1)}) \odot f'(z^{(l)})",
    },
    "dtype": {"float64": r"\epsilon = 2^{-52}", "float32": r"\epsilon = 2^{-23}"},
}

_LEFT_SIDES = {"loss": "L_s = ", "schedule": r"\eta = ", "regularizer": "R = ", "clipping": r"g \leftarrow "}


def meaning(path: str, experiment: Experiment) -> Meaning:
    """What the setting at `path` means, and its formula with the rule that is in force."""
    place = layer_of(path)
    name = place[1] if place else path
    name, _, parameter = name.partition(".")
    whole = path.removesuffix(f".{parameter}") if parameter else path
    value: Any = None if name in ("data", "inputs") else read(experiment, whole)
    formula = _formula(name, value)
    if parameter:
        label = next(each.label for each in value.parameters() if each.name == parameter)
        text = QCoreApplication.translate("meanings", "{parameter}: a number in the formula of {rule}.")
        return Meaning(text.format(parameter=catalogue_label(label), rule=word(value.name)), formula)
    return Meaning(QCoreApplication.translate("meanings", _TEXTS[name]), formula)


def _formula(name: str, value: Any) -> str:
    if not isinstance(value, Rule):
        return _BY_VALUE[name][value] if name in _BY_VALUE else _FORMULAS[name]
    formula: str = getattr(value, "formula", "")
    if isinstance(value, Activation):
        return rf"f = {formula},\ f' = {value.slope_formula}"
    if isinstance(value, Initializer):
        return formula.replace("w", "w, b", 1) if value.fills_biases else rf"{formula},\ b = 0"
    return _LEFT_SIDES.get(name, "") + formula
