"""My work: the page a person lands on."""
