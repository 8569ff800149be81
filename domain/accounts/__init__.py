"""Accounts: the roles of users, the rules for passwords, and the secrets of API keys."""
