"""Why it does not learn: the strip above the curves, the page behind it, and the instruments."""
