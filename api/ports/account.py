"""The port for queries on a key: its organization, the key itself, and its credits."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol

from api.ports.admission import Caller
from projections.views.account import AccountFacts, OrganizationProfile


class CreditBucket(NamedTuple):
    """The credits of one day or hour."""

    start: datetime
    credits: int


class EndsBucket(NamedTuple):
    """The requests of one day or hour, by how they ended."""

    start: datetime
    answered: int
    refused: int
    """Those that were refused or have failed, but for those over the limit."""
    limited: int
    """Those with the status 429."""

    def ends(self) -> tuple[int, int, int]:
        return self.answered, self.refused, self.limited


class AccountReads(Protocol):
    """Queries on one key. Each query can raise Unavailable."""

    def get_account(self, caller: Caller, presented_last_four: str) -> AccountFacts:
        """Return the organization and the key of the caller, as `GET /me` shows them.

        `presented_last_four` is the last four characters of the secret that the caller sent. A caller without an
        admission is admitted in the same trip to the database. Then the method can also raise the errors of
        `AdmissionControl.admit`.
        """

    def get_organization(self, caller: Caller) -> OrganizationProfile:
        """Return the organization of the caller, as `GET /organization` shows it. It admits as `get_account` does."""

    def list_usage(
        self, org_id: str, key_id: str, granularity: str, start: datetime, end: datetime, most: int | None = None
    ) -> list[CreditBucket]:
        """Return the credits that were spent after `start` and up to `end`.

        `granularity` is `day` or `hour`; a bucket is a day or an hour in the organization's time zone. Only the first
        `most` credits are counted, so that credits of newer requests are left out; None means no limit.
        """

    def list_ends(self, org_id: str, key_id: str, granularity: str, start: datetime, end: datetime) -> list[EndsBucket]:
        """Return how the requests of a key from `start` to `end` have ended, also those that cost no credit.

        The buckets are as in `list_usage`. Only whole quarters of an hour are counted.
        """
