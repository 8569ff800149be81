"""How a question is read: its words and their meanings, what it asks to do, and what it names."""
