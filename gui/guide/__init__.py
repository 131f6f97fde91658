"""What helps who is here for the first time."""
