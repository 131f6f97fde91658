"""Lessons: a file of text and questions about an experiment, read, checked, asked and judged."""
