"""What the network makes of the plane of two inputs, and what each of its units makes of it."""

from gui.views.surface.view import SurfaceView
from gui.views.surface.weight_images import WeightImages

__all__ = ["SurfaceView", "WeightImages"]
