"""Commands on clients, vendors and employees."""
