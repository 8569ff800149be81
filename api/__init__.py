"""HTTP in, HTTP out: resources turn requests into commands and queries, and refusals into responses."""
