"""What ARCHITECTURE.md promises of the tree: sizes, the map, words, and where a change goes."""
