"""Decisions: what was decided, by whom, on what evidence. Meetings themselves come with tasking.

Words: *decision* (D1, D2 ...: never changed, only superseded by a later one), *subject* (what it is about, as
``room:key``), *figure keys* (the figures that were looked at).
"""
