"""The resources of clients, vendors and employees."""
