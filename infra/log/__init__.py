"""Each organization's append-only log: the unit of work that writes it, its queries, and its hash chain."""
