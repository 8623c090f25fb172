"""Decisions: what was decided, by whom, on what evidence. Meetings themselves come with tasking."""
