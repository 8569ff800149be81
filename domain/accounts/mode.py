"""Live mode and test mode. An organization has a log for each; the test log belongs to an organization of its own.

The two are siblings: they share the users, and nothing else. The id of an organization says its mode, so that no place
has to ask the database.
"""

from __future__ import annotations

from domain.accounts.key_secret import LIVE_PREFIX, TEST_PREFIX

TEST_ORGANIZATION = "org_test"
"""The prefix of the ids of test organizations. The prefix of live ones is `org`."""


def is_live(org_id: str) -> bool:
    """Return whether the organization with this id has live data, and not test data."""
    return not org_id.startswith(f"{TEST_ORGANIZATION}_")


def key_prefix(org_id: str) -> str:
    """Return the prefix of the API keys of the organization with this id."""
    return LIVE_PREFIX if is_live(org_id) else TEST_PREFIX
