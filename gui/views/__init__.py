"""What draws: a view shows what it is handed (frames, answers, findings), of what the focus is on.

What the user wants done it tells by its signals; it does none of it, and knows no other view.
"""
