"""Lists: filters, sorts, cursors and search; query parameters become SQL."""
