"""Rules of area schemes, by arithmetic alone."""
