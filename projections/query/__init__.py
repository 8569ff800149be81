"""Lists: filters, sorts, cursors and search. This package makes SQL from query parameters."""
