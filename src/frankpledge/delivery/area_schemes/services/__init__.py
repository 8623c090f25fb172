"""Named writes of area schemes."""
