"""Why nothing is erased. The command line knows it without importing what raises it."""

from __future__ import annotations


class PrivacyRefused(Exception):
    """Personal data cannot be erased, and nothing was changed; the message says why."""


class BeingRebuilt(PrivacyRefused):
    """A rebuild of a projection runs. It can be tried again when this has ended."""


class OldFormat(PrivacyRefused):
    """The log is of a format in which nothing can be erased."""
