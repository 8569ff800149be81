"""The people of an organization: who may change whom, and that there always is an owner."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime
from itertools import product

import pytest

from domain.accounts.people import AlreadyMember, LastOwner, Membership, NotAllowed, OtherRole, People, people_id
from domain.accounts.user import ROLES
from domain.errors import NotFound
from tests.support.cases import all_cases

AT = datetime(2026, 4, 1, tzinfo=UTC)


def team(**roles):
    """Return people with these roles: the name of each is the id of the user."""
    people = People.empty("ppl_1")
    for user_id, role in roles.items():
        people.add(user_id, role, AT)
    people.collect_events()
    return people


def recorded(people):
    return [event.topic for event in people.collect_events()]


def test_an_invited_user_belongs_to_the_organization_after_accepting():
    people = team(asha="owner")
    people.invite("ravi", "hr", AT, "asha")
    assert people.role_of("ravi") is None
    people.join("ravi", AT)
    people.join("ravi", AT)
    assert people.role_of("ravi") == "hr"
    assert recorded(people) == ["user.invited", "user.joined"]


def test_somebody_can_be_invited_again_only_after_being_removed():
    people = team(asha="owner", ravi="viewer")
    with pytest.raises(AlreadyMember, match="belongs to"):
        people.invite("ravi", "hr", AT, "asha")
    people.remove("ravi", AT, "asha")
    people.invite("ravi", "hr", AT, "asha")
    with pytest.raises(AlreadyMember, match="has been invited"):
        people.add("ravi", "hr", AT)
    assert people.members["ravi"] == Membership("hr", "invited")


def test_a_withdrawn_invitation_cannot_be_accepted():
    people = team(asha="owner")
    people.invite("ravi", "hr", AT, "asha")
    people.remove("ravi", AT, "asha")
    with pytest.raises(NotFound):
        people.join("ravi", AT)


@all_cases("role", ROLES)
def test_only_owners_make_and_change_owners_and_only_managers_change_others(role):
    """Each role tries to give each role to somebody with each role, and to invite with each role."""
    for before, after in product(ROLES, ROLES):
        people = team(boss="owner", second="owner", me=role, other=before)
        is_allowed = role == "owner" or (role == "admin" and "owner" not in (before, after))
        with nullcontext() if is_allowed else pytest.raises(NotAllowed):
            people.change_role("other", after, AT, before, "me")
    for invited in ROLES:
        is_allowed = role == "owner" or (role == "admin" and invited != "owner")
        with nullcontext() if is_allowed else pytest.raises(NotAllowed):
            team(boss="owner", me=role).invite("new", invited, AT, "me")


def test_everybody_may_leave_but_the_last_owner():
    people = team(asha="owner", ravi="viewer")
    people.remove("ravi", AT, "ravi")
    with pytest.raises(LastOwner):
        people.remove("asha", AT, "asha")
    with pytest.raises(LastOwner):
        people.change_role("asha", "admin", AT, "owner", "asha")
    with pytest.raises(LastOwner):
        people.remove("asha", AT)


def test_an_invited_owner_is_no_owner_yet():
    people = team(asha="owner")
    people.invite("ravi", "owner", AT, "asha")
    with pytest.raises(LastOwner):
        people.remove("asha", AT, "asha")
    people.join("ravi", AT)
    people.remove("asha", AT, "asha")
    assert people.role_of("ravi") == "owner"


def test_a_role_that_was_changed_meanwhile_is_not_changed():
    people = team(asha="owner", ravi="hr")
    with pytest.raises(OtherRole, match="to HR"):
        people.change_role("ravi", "admin", AT, "viewer", "asha")
    people.change_role("ravi", "hr", AT, "viewer", "asha")
    assert recorded(people) == []


def test_a_removed_user_may_change_nothing_more():
    people = team(asha="owner", mina="admin", ravi="hr")
    people.remove("mina", AT, "asha")
    with pytest.raises(NotAllowed, match="Only owners and admins"):
        people.change_role("ravi", "viewer", AT, "hr", "mina")


def test_the_id_follows_from_the_organizations():
    assert people_id("org_01KEXAMPLE0000000000000000") == "ppl_01KEXAMPLE0000000000000000"
