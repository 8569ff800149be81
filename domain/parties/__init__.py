"""Clients, vendors and employees: who documents and leaves are about."""
