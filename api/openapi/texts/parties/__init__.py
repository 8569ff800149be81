"""Texts about clients, vendors and employees."""
