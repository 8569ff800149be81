"""The settings of an organization: what is recorded of a change."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.accounts.organization import Organization
from domain.accounts.zones import Zones
from domain.errors import Invalid
from tests.support.gst import gstin

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


def profile_of(organization):
    organization.update({"gstin": gstin("27"), "legal_name": "Sharma Textiles Pvt Ltd"}, Zones(KOLKATA), AT)
    organization.collect_events()


def test_a_gstin_brings_its_state(organization):
    organization.update({"gstin": gstin("27")}, Zones(KOLKATA), AT)
    organization.update({"gstin": gstin("29")}, Zones(KOLKATA), AT)
    organization.update({"gstin": gstin("29", "AAPFV0939F")}, Zones(KOLKATA), AT)
    assert recorded(organization) == [
        {"gstin": gstin("27"), "state_code": "27"},
        {"gstin": gstin("29"), "state_code": "29"},
        {"gstin": gstin("29", "AAPFV0939F")},
    ]


@pytest.mark.parametrize(
    "changes", [{"state_code": "29"}, {"state_code": None}, {"gstin": gstin("07"), "state_code": "27"}]
)
def test_a_state_that_contradicts_the_gstin_is_refused(organization, changes):
    profile_of(organization)
    with pytest.raises(Invalid) as refused:
        organization.update(changes, Zones(KOLKATA), AT)
    (violation,) = refused.value.violations
    assert violation.field == "stateCode" and "the state of the GSTIN" in violation.message
    assert recorded(organization) == []


def test_without_a_gstin_the_state_stays_and_can_be_changed(organization):
    profile_of(organization)
    organization.update({"gstin": None}, Zones(KOLKATA), AT)
    organization.update({"state_code": "29"}, Zones(KOLKATA), AT)
    organization.update({"state_code": None}, Zones(KOLKATA), AT)
    assert recorded(organization) == [{"gstin": None}, {"state_code": "29"}, {"state_code": None}]


def test_what_was_never_set_is_as_empty_as_what_is_taken_away(organization):
    nothing = {"legal_name": None, "upi_id": None, "composition": False}
    organization.update(nothing, Zones(KOLKATA), AT)
    organization.update({"composition": True}, Zones(KOLKATA), AT)
    organization.update({"composition": False}, Zones(KOLKATA), AT)
    organization.update(nothing, Zones(KOLKATA), AT)
    assert recorded(organization) == [{"composition": True}, {"composition": False}]
