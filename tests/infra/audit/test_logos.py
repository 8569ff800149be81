"""`audit verify` finds a logo that is not the one that the log says."""

import pytest

from domain.reading.logo import read_logo
from infra.audit.copies.logos import find_wrong_logo
from infra.identity.settings import change_logo, update_organization
from tests.support.pictures import png

DAMAGE = "UPDATE organization_logos SET png = %s WHERE org_id = %s"
ADD = "INSERT INTO organization_logos (org_id, hash, png) VALUES (%s, 'x', %s)"


@pytest.fixture
def with_logo(organization, owner):
    """An organization whose second logo stands at the position 2, with another change after it."""
    for size in (2, 3):
        change_logo(owner, organization.id, read_logo(png(size, size)))
    update_organization(owner, organization.id, trade_name="Sharma Sarees")
    return organization


def test_the_logo_of_the_log_is_right_and_a_missing_one_no_error(with_logo, owner):
    assert find_wrong_logo(owner, with_logo.id) is None
    owner.execute("DELETE FROM organization_logos WHERE org_id = %s", (with_logo.id,))
    assert find_wrong_logo(owner, with_logo.id) is None


@pytest.mark.parametrize("damaged", [read_logo(png(2, 2)), read_logo(png(9, 9)), b""])
def test_another_logo_is_found_with_the_position_of_its_event(with_logo, owner, damaged):
    owner.execute(DAMAGE, (damaged, with_logo.id))
    found = find_wrong_logo(owner, with_logo.id)
    assert found is not None and (found.position, "logo" in found.reason) == (2, True)


def test_a_logo_that_no_event_has_given_is_found(organization, owner):
    owner.execute(ADD, (organization.id, read_logo(png())))
    found = find_wrong_logo(owner, organization.id)
    assert found is not None and found.position == 1
