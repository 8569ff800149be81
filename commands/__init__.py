"""What can be done: commands, the parsing of their fields, and handlers. A handler loads, refuses, acts and saves."""
