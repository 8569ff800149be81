"""Lists as they were: the rows of earlier times, and where a list finds those of an instant."""
