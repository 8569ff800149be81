"""The promises of ARCHITECTURE.md about the tree itself: sizes, the map, words, and where a change goes. No database."""
