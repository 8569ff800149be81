"""The people of an organization: their roles."""

from __future__ import annotations

ROLES = ("owner", "admin", "member")
MANAGERS = ("owner", "admin")
