"""The parts of `frankpledge analyse` and `frankpledge evaluate`: what the commands share, and a module for each family.

Only click and the standard library are imported at the top of these modules; a command imports its method when it runs.
"""
