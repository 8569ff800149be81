"""Why an organization is not removed. The command line knows it without importing what raises it."""

from __future__ import annotations


class RemovalRefused(Exception):
    """The organization cannot be removed, and nothing was changed; the message says why."""
