"""Data: reading files, making toy problems, and preparing both for training."""
