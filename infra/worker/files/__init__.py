"""Files of lists that are too long to be made while they are sent: the worker makes them page by page."""
