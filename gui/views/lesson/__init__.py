"""What the founding article's listing does otherwise than gradient descent."""

from gui.views.lesson.view import LessonView

__all__ = ["LessonView"]
