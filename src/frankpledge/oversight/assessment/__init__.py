"""Assess: what is happening, to whom, where and when, is it real, and what should the partnership do first?

Used by the analyst all year and by everybody once a year. Words: *strategic assessment* (S1: one for an area, kept up
to date), *section* (a part of it: the system's figures and first sentences, the analyst's words), *edition* (what was
approved, frozen with its sum), *problem profile* (P1: one problem by victim, offender, location and time), *scan* (M1:
issues scored against each other), *request* (R1: somebody asks for a new group or service; the assessment answers).
Guidance: Crime and Disorder Act 1998 s.6; SI 2007/1830 regs 5 to 7 (England), as amended.
"""
