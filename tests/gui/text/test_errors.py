"""Errors of the engine in the user's words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from engine.data.builtin import BUILTIN_NAMES, builtin
from engine.data.dataset import KINDS
from engine.data.preparation import MISSING, SCALINGS, SPLITS
from engine.errors import DatasetError, DivergenceError, EngineError, ExperimentError
from engine.experiment import ALLOWED, Experiment, Layer
from engine.functions.optimizers import Adam
from gui.text.errors import localized
from gui.text.plain import sentences
from gui.text.settings import setting, word
from tests.gui.language import spoken

CHINESE = {
    "{field} is {value}.": "{field}为 {value}。",
    "It must be {allowed}.": "必须{allowed}。",
    "Learning rate η": "学习率 η",
    "above {0}": "大于 {0}",
    "at least {0}": "不小于 {0}",
    "below {0}": "小于 {0}",
    " and ": "且",
    "Optimizer": "优化器",
    "The loss {loss} does not fit a {target} target.": "损失函数“{loss}”不适合{target}目标。",
    "For it, choose one of: {allowed}.": "请选择：{allowed}。",
    "cross-entropy": "交叉熵",
    "mean squared error": "均方误差",
    "regression": "回归",
    "Layer {number}": "第 {number} 层",
    "Units": "单元数",
}


@pytest.fixture
def chinese(qapp: QApplication) -> Iterator[None]:
    with spoken(lambda text: CHINESE.get(text, text)):
        yield


def raised(**changes: object) -> ExperimentError:
    with pytest.raises(ExperimentError) as caught:
        Experiment(layers=(Layer(2),), **changes).check_data(builtin("article"))  # type: ignore[arg-type]
    return caught.value


def test_english_names_settings_as_the_window_does(qapp: QApplication) -> None:
    assert localized(raised(learning_rate=0)) == ("Learning rate η is 0.", "It must be above 0.")
    assert localized(raised(validation=1.5)) == ("Validation is 1.5.", "It must be at least 0 and below 1.")
    message, mend = localized(raised(loss="cross_entropy"))
    assert message == "The loss cross-entropy does not fit a regression target."
    assert mend.startswith("For it, choose one of: squared error ½Σ, mean squared error, ")


def test_in_another_language(chinese: None) -> None:
    assert localized(raised(learning_rate=0)) == ("学习率 η为 0。", "必须大于 0。")
    with pytest.raises(ExperimentError) as caught:
        Adam(beta1=1)
    assert localized(caught.value)[1] == "必须不小于 0且小于 1。"
    message, mend = localized(raised(loss="cross_entropy"))
    assert message == "损失函数“交叉熵”不适合回归目标。"
    assert "均方误差" in mend


def test_settings_are_named_by_path(chinese: None) -> None:
    assert setting("layers[0].units") == "第 1 层, 单元数"
    assert setting("layers[2]") == "第 3 层"
    assert setting("optimizer.beta1") == "优化器, β₁"
    assert setting("no_such_thing") == "no_such_thing"


@pytest.mark.parametrize("cls", [ExperimentError, DatasetError, DivergenceError])
def test_every_template_can_be_filled(qapp: QApplication, cls: type[EngineError]) -> None:
    for kind, templates in cls.templates.items():
        places = dict(re.findall(r"{(\w+)(:?)[^}]*}", " ".join(templates)))
        error = cls(kind, **{name: 1.5 if spec else f"<{name}>" for name, spec in places.items()})
        assert localized(error) == (error.message, error.mend)


def test_every_word_that_can_be_chosen_has_a_name(qapp: QApplication) -> None:
    choices = {*SPLITS, *MISSING, *SCALINGS, *KINDS, *BUILTIN_NAMES}
    choices |= {name for names in ALLOWED.values() for name in names} - set(ALLOWED["dtype"])
    assert {name for name in choices if "_" in word(name)} == set()
    assert word("zscore") == "z-score"
    assert word("own.csv") == "own.csv"


def test_no_space_after_a_full_width_stop() -> None:
    assert sentences("第一句。", "第二句。") == "第一句。第二句。"
    assert sentences("One.", "", "Two.") == "One. Two."


def test_the_number_that_stopped_training_is_written_as_all_others(qapp: QApplication) -> None:
    details = {"step": 1, "quantity": "gradient", "layer": 1, "unit": 1, "consequence": "the penalty"}
    assert "1.181·10¹⁵⁵" in localized(DivergenceError("too_large", value=1.181e155, **details))[0]
    assert "∞" in localized(DivergenceError("not_finite", value=float("inf"), **details))[0]
