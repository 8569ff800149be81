"""Each organization's append-only log: writing to it in a unit of work, reading it, and its hash chain."""
