"""Rules of safe homes, by part of the work. Pure functions over plain values; no Django, no clock."""
