"""The HTTP interface: resources turn requests into commands and queries, and refusals into responses."""
