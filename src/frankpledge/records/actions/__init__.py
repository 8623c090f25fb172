"""The one register of who does what by when, for every room: tasking, panels, plan, scrutiny."""
