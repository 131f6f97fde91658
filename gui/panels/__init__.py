"""What is pressed and typed: setup, run controls, messages."""
