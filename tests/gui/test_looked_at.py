"""A part, a sample and a comparison chosen in one view are those of all others, in the whole window."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QSpinBox, QTableView, QWidget
from pytestqt.qtbot import QtBot

from engine.data.builtin import builtin
from engine.parts import Part
from engine.training.conditions import CONDITIONS, Breakpoint
from gui.lessons.listing import Listing
from gui.text.parts import part_name
from gui.training.messages import Granularity
from gui.views.chain_rule.shares import ShareBars
from gui.views.network.graph import MarkStyle
from gui.widgets.table import Table
from tests.gui.driver import Driver

LEFT = Qt.MouseButton.LeftButton
NO_KEY, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


class Window(Driver):
    """A main window, the ways to choose in it what to look at, and what is seen of that."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__(qtbot, size=(1600, 1400))
        # the cells of the check are to be hit with the mouse
        self.main.resizeDocks([self.main.pages.tabs_dock], [450], Qt.Orientation.Vertical)

    @property
    def canvas(self) -> Any:
        return self.main.network_view.canvas

    def step(self) -> None:
        """Make a whole step."""
        self.main.run_controls.granularity = Granularity.BATCH
        seen = self.frame.step
        self.main.run_controls.step_action.trigger()
        self.wait(lambda: self.frame.step > seen)

    def front(self, page: QWidget) -> None:
        name = next(name for name, view in self.main.pages.views.items() if view is page)
        self.main.pages.open(name)

    def map_place(self, part: Part) -> QRectF:
        """Where the map of a unit is, once there is one."""
        maps: Any = self.main.surface_view.maps
        self.front(self.main.surface_view)
        self.wait(lambda: len(maps.layers) == len(self.frame.record.z))
        place: QRectF = maps.widget()._place(part.layer - 1, part.unit)
        return place

    # ways to choose a part

    def in_the_graph(self, part: Part, modifier: Qt.KeyboardModifier = NO_KEY) -> None:
        places = self.canvas.graph.arrangement.layers
        x, y = places[part.layer].centres[part.unit].tolist()
        if part.kind == "weight":
            from_x, from_y = places[part.layer - 1].centres[part.source].tolist()
            x, y = from_x + 0.31 * (x - from_x), from_y + 0.31 * (y - from_y)
        QTest.mouseClick(self.canvas.viewport(), LEFT, modifier, self.canvas.pixel(x, y))

    def by_keyboard(self, part: Part) -> None:
        self.in_the_graph(Part("unit", part.layer, part.unit))
        QTest.keyClick(self.canvas, Qt.Key.Key_B)

    def in_the_parameters(self, part: Part) -> None:
        view, table = self.main.parameters_view, self.child(QTableView, "parametersTable")
        self.front(view)
        row = view.model.row_of(part)
        assert row is not None
        index = view.model.index(row, 0)
        table.scrollTo(index)
        QTest.mouseClick(table.viewport(), LEFT, NO_KEY, table.visualRect(index).center())

    def in_the_check(self, part: Part) -> None:
        view = self.main.check_map_view
        self.front(view)
        if view.report is None:
            QTest.mouseClick(self.child(QAbstractButton, "checkGradientsButton"), LEFT)
            self.wait(lambda: view.report is not None)
        QTest.mouseClick(view.heat_map, LEFT, NO_KEY, view.heat_map.cell_place(part).center().toPoint())

    def among_the_maps(self, part: Part) -> None:
        at = self.map_place(part).center().toPoint()
        QTest.mouseClick(self.main.surface_view.maps.widget(), LEFT, NO_KEY, at)

    def in_the_lesson(self, part: Part, sample: int = 0) -> None:
        listing = Listing(self.main.focus, self.main)
        listing.resize(400, 1400)
        listing.show_frame(self.frame)
        below, units = self.frame.record.sizes[-2:]
        name = "lessonDeltaTable" if part.kind == "unit" else "lessonBiasTable"
        row = sample * below + part.unit if part.kind == "unit" else units * below + part.unit
        table = listing.findChild(Table, name)
        assert table is not None
        QTest.mouseClick(table, LEFT, NO_KEY, table.row_place(row).toPoint())
        listing.hide()
        listing.deleteLater()

    def where_it_paused(self, part: Part) -> None:
        panel, record = self.main.breakpoints_panel, self.frame.record
        before, after = (b[part.layer - 1][part.unit] for b in (record.biases_before, record.biases_after))
        crossed = float(after + (after - before) / 2)  # in the next step
        panel.set_breakpoints((Breakpoint(CONDITIONS["bias_crosses"](part.layer, part.unit, crossed)),))
        panel.conditions_changed.emit(panel.breakpoints)
        self.main.run_controls.granularity = Granularity.BATCH
        self.main.run_controls.run_action.trigger()
        self.wait(lambda: self.frame.hit is not None)
        self.child(QWidget, "breakpointsDock").show()
        QTest.mouseClick(self.child(QAbstractButton, "condition0.hit"), LEFT)

    # what is seen of it

    def marked(self, style: MarkStyle) -> list[Part]:
        return [mark.part for mark in self.canvas.graph._marks if mark.style is style]

    def assert_seen(self, part: Part, how: str) -> None:
        main, name = self.main, part_name(self.frame, part)
        assert main.focus.part == part, how
        assert self.marked(MarkStyle.SELECTED) == [part], how
        assert self.canvas.accessibleDescription().startswith((f"{name}, ", f"{name}: ")), how
        assert main.chain_rule_view.caption == name, how
        self.front(main.parameters_view)
        table = self.child(QTableView, "parametersTable")
        assert table.selectionModel().hasSelection() is part.is_parameter, how
        if part.is_parameter:
            assert main.parameters_view.model.part_at(table.currentIndex().row()) == part, how
        if main.check_map_view.report is not None:
            assert main.check_map_view.read_out.startswith(f"{name}: ") is part.is_parameter, how
        if part.kind == "unit" and main.pages.centre.beside is main.surface_view:
            sheet, place = main.surface_view.maps.widget(), self.map_place(part)
            edge = sheet.grab().toImage().pixelColor(QPoint(round(place.left()), round(place.center().y())))
            assert edge.name() == main.appearance.theme.selection, how
        main.run_controls.granularity = Granularity.FACTOR
        assert main.run_controls.falls_back is not part.is_parameter, how
        kind = {"weight": "weight_crosses", "bias": "bias_crosses"}.get(part.kind, "gradient_below")
        main.breakpoints_panel.set_breakpoints(())
        main.breakpoints_panel.add_combo.picked.emit(kind)
        of = Part("layer", part.layer) if kind == "gradient_below" else part
        assert [b.condition.part for b in main.breakpoints_panel.breakpoints] == [of], how


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    window = Window(qtbot)
    yield window
    window.close()


def test_a_part_chosen_anywhere_is_seen_everywhere(window: Window) -> None:
    window.step()
    for choose, part in (
        (window.in_the_graph, Part("weight", 2, 1, 2)),
        (window.in_the_graph, Part("unit", 1, 2)),
        (window.by_keyboard, Part("bias", 1, 1)),
        (window.in_the_parameters, Part("weight", 1, 2, 3)),
        (window.in_the_parameters, Part("bias", 2, 0)),
        (window.in_the_check, Part("weight", 1, 0, 2)),
        (window.in_the_check, Part("bias", 1, 2)),
        (window.among_the_maps, Part("unit", 2, 1)),
        (window.among_the_maps, Part("unit", 1, 0)),
        (window.in_the_lesson, Part("unit", 1, 1)),
        (window.in_the_lesson, Part("bias", 2, 1)),
        (window.where_it_paused, Part("bias", 1, 0)),
    ):
        choose(part)
        window.assert_seen(part, f"{choose.__name__} {part}")


def test_a_picture_of_weights_chooses_its_unit_and_is_framed(window: Window) -> None:
    window.main.document.set_dataset(builtin("digits"))
    window.wait(lambda: window.frame.dataset.name == "digits")
    view: Any = window.main.weights_view
    window.front(view)
    QTest.mouseClick(view._sheet, LEFT, NO_KEY, view._sheet._place(2).center().toPoint())
    window.assert_seen(Part("unit", 1, 2), "in the weights")
    window.in_the_graph(Part("unit", 1, 1))
    window.front(view)
    edges = [view._sheet._place(unit) for unit in (1, 2)]
    image = view._sheet.grab().toImage()
    colours = [image.pixelColor(QPoint(round(e.left()), round(e.center().y()))).name() for e in edges]
    assert [colour == window.main.appearance.theme.selection for colour in colours] == [True, False]


def test_a_comparison_is_that_of_graph_and_inspector(window: Window) -> None:
    window.step()
    one, other = Part("weight", 1, 0, 3), Part("weight", 1, 2, 3)
    shown = window.child(Table, "chainRuleComparison")
    window.in_the_graph(one)
    window.in_the_graph(other, SHIFT)
    assert (window.main.focus.part, window.main.focus.comparison) == (one, other)
    assert window.marked(MarkStyle.COMPARED) == [other] and shown.isVisible()
    window.in_the_graph(other, SHIFT)
    assert window.main.focus.comparison is None
    assert window.marked(MarkStyle.COMPARED) == [] and not shown.isVisible()
    QTest.keyClick(window.canvas, Qt.Key.Key_C)
    window.in_the_parameters(other)
    assert window.marked(MarkStyle.COMPARED) == [one] and shown.isVisible()


def test_a_sample_chosen_anywhere_is_seen_everywhere(window: Window) -> None:
    window.step()
    window.in_the_graph(Part("unit", 1, 1))
    main, record = window.main, window.frame.record
    table, model = window.child(QTableView, "dataTable"), main.data_view.model
    assert record.batch == 5

    def in_the_inspector(sample: int) -> None:
        window.child(QSpinBox, "chainRuleSample").setValue(sample + 1)

    def among_the_shares(sample: int) -> None:
        bars = window.child(ShareBars, "chainRuleShares")
        QTest.mouseClick(bars, LEFT, NO_KEY, bars.place_of(sample).toPoint())

    def in_the_table(sample: int) -> None:
        window.front(main.data_view)
        window.wait(lambda: model.rowCount() > 0)
        row = model.table_row(int(record.indices[sample]))
        assert row is not None
        QTest.mouseClick(table.viewport(), LEFT, NO_KEY, table.visualRect(model.index(row, 0)).center())

    def in_the_surface(sample: int) -> None:
        window.front(main.surface_view)
        plot: Any = main.surface_view.plot
        window.wait(lambda: plot.marks is not None)
        at = plot.marks.rows.tolist().index(int(record.indices[sample]))
        pixel = plot.pixel_of(float(plot.marks.x[at]), float(plot.marks.y[at])).toPoint()
        QTest.mouseClick(plot.viewport(), LEFT, NO_KEY, pixel)

    def in_the_lesson(sample: int) -> None:
        window.in_the_lesson(Part("unit", 1, 1), sample)

    for choose, sample in (
        (in_the_inspector, 3),
        (in_the_table, 1),
        (among_the_shares, 4),
        (in_the_surface, 0),
        (in_the_lesson, 2),
    ):
        choose(sample)
        how, row = f"{choose.__name__} {sample}", int(record.indices[sample])
        assert (main.focus.sample, main.focus.row) == (sample, row), how
        assert window.child(QSpinBox, "chainRuleSample").value() == sample + 1, how
        assert window.child(ShareBars, "chainRuleShares").sample == sample, how
        assert f"sample {sample + 1} of 5" in main.network_view.legend.text, how
        window.front(main.data_view)
        window.wait(lambda: model.rowCount() > 0)  # a page that was hidden fills when it has been shown
        assert model.data_row(table.currentIndex().row()) == row, how
        window.front(main.surface_view)
        assert main.surface_view.plot._highlight == row, how
