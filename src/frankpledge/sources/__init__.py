"""One module per outside file or feed: read(path) -> deliveries of events, and rejected rows with reasons."""
