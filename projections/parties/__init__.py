"""The read side of clients, vendors and employees."""
