"""Assess: what is happening, to whom, where and when, and is it real?

Used by analysts every day and by everybody in the partnership before a meeting. Words: *picture* (all that is worked
out about one type of crime in one area), *source* (whose events are counted; never two added together), *edition*
(which count of homes or people a rate is per).
"""
