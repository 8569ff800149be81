"""The settings of an organization: what is recorded of a change."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.accounts.organization import Organization
from domain.accounts.zones import Zones

AT = datetime(2026, 11, 27, 12, tzinfo=UTC)
KOLKATA, NEW_YORK = "Asia/Kolkata", "America/New_York"


@pytest.fixture
def organization():
    return Organization.empty("org_1")


def recorded(organization):
    return [event.changes() for event in organization.collect_events()]


def test_only_what_changes_is_recorded(organization):
    organization.update({"name": "Sharma", "series_prefix": "ST"}, Zones(KOLKATA), AT)
    organization.update({"name": "Sharma", "series_prefix": "INV"}, Zones(KOLKATA), AT)
    organization.update({"name": "Sharma"}, Zones(KOLKATA), AT)
    assert recorded(organization) == [{"name": "Sharma", "series_prefix": "ST"}, {"series_prefix": "INV"}]
    assert (organization.name, organization.series_prefix, organization.time_zone) == ("Sharma", "INV", None)


def test_a_new_zone_is_recorded_with_the_one_before_and_the_instant_from_which_it_counts(organization):
    organization.update({"time_zone": NEW_YORK}, Zones(KOLKATA), AT)
    (changes,) = recorded(organization)
    assert changes == {
        "time_zone": NEW_YORK,
        "earlier_time_zone": KOLKATA,
        "time_zone_from": "2026-11-27T18:30:00.000000Z",
    }


def test_the_zone_that_was_chosen_last_is_no_change(organization):
    organization.update({"time_zone": NEW_YORK}, Zones(KOLKATA), AT)
    ahead = Zones(KOLKATA).choose(NEW_YORK, AT)
    organization.update({"time_zone": NEW_YORK}, ahead, AT + timedelta(hours=1))
    organization.update({"time_zone": KOLKATA}, ahead, AT + timedelta(hours=1))
    assert [changes["time_zone"] for changes in recorded(organization)] == [NEW_YORK, KOLKATA]
