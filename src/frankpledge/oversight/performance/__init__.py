"""How the plan is going: a status with its reason for each indicator, and the quarter's pack for the meeting."""
