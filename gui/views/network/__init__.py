"""The network graph: units and edges of one step, to look at, to point at and to select in."""

from gui.views.network.quantities import Quantity
from gui.views.network.view import NetworkView

__all__ = ["NetworkView", "Quantity"]
