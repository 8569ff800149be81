"""How the topic that a question asks for is found: by its words, and by example questions."""
