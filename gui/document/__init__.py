"""What is edited, with undo, and what is looked at."""
