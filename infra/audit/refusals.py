"""The refusals of the commands on whole logs. The command line knows them without importing what raises them."""

from __future__ import annotations


class SealRefused(Exception):
    """The seal or its key cannot be used; the message says why."""


class ImportRefused(Exception):
    """The copy cannot be imported, and nothing was changed; the message names the line and the reason."""


class CopyRefused(Exception):
    """No copy can be made that could be imported, so nothing was changed; the message says why."""


class ProofRefused(Exception):
    """A proof or a key of a log cannot be used; the message says why."""
