"""Users of an organization, and their roles."""

from __future__ import annotations

from datetime import timedelta

ROLES = ("owner", "admin", "member")
"""Every role, the most powerful first. Users of every role may log in to the console and read its pages."""
MANAGER_ROLES = ("owner", "admin")
"""The roles that may create, rotate and revoke API keys."""
BROWSER_LIFETIME = timedelta(days=365)
"""How long after a user's last log-in in a browser this browser counts as known for the user."""
MAX_SESSION = timedelta(days=30)
"""A session ends this long after the log-in, even when the user is active."""
