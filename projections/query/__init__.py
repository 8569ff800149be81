"""Lists: filters, sorts and keyset cursors, from query parameters to SQL."""
