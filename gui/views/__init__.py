"""What draws: each view shows a frame and says what the user wants, no more."""
