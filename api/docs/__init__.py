"""Pages for people: the landing page and the interactive reference, with what they are made of."""
