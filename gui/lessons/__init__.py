"""Lessons in the window: the menu, the page, and what a lesson does to the window while it lasts."""
