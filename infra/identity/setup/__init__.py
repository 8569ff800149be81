"""The first organization of its own that an installation gets: the code for it, and how it is founded."""
