"""Settings, root addresses, the web process and the worker."""
