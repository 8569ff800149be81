"""Pages on which somebody sets up an organization of one's own, and becomes its owner."""
