"""Why nothing is erased. The command line knows it without importing what raises it."""

from __future__ import annotations


class PrivacyRefused(Exception):
    """Personal data cannot be erased, and nothing was changed; the message says why."""
