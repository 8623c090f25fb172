"""Did it work? What the home-security programme did to burglary, what that cost, and what we cannot say."""
