"""Commands: their fields, the parsing of these fields, and their handlers. A handler loads, refuses, acts and saves."""
