"""Named reads of area schemes."""
