"""Events in, frozen result objects out. No files, database, plots, clock or global randomness."""
