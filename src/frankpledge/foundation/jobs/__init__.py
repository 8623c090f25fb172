"""Work that takes longer than a page: started by name, visible, retried within limits, safe to kill."""
