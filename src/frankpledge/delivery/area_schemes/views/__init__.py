"""Pages of area schemes."""
