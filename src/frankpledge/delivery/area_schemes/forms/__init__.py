"""Forms of area schemes. They never save."""
