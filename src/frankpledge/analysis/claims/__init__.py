"""Is what is printed true of its own figures? A small safe language, units, and the checks of claims, pure and fast."""
