"""Area schemes: what is done for a place rather than a home: alley gates, watches, safer shops, volunteers placed."""
