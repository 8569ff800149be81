"""The console after a person was erased: every page of the objects opens, says so, and has the name nowhere."""

import pytest

from tests.support.command_line import environment
from tests.support.postgres import database_settings
from tests.support.privacy import Privacy, add_past_rows, make_known


@pytest.fixture
def erased(api, organization, owner, shared_database):
    """The objects of a person, whose values are erased, by the paths of their lists."""
    known = make_known(api, with_kept=False)
    add_past_rows(owner, organization.id)
    privacy = Privacy(organization.id, environment(**database_settings(shared_database)))
    privacy.erase_all()
    return [("invoices", known.draft), ("invoices", known.old), ("leaves", known.leave)]


def test_each_page_of_an_erased_object_opens_and_does_not_have_the_name(erased, console):
    client = console("owner")
    for path, each in erased:
        page = client.get(f"/home/{path}/{each['id']}")
        assert page.status_code == 200 and "erased for the sake of a person" in page.text
        pages = [f"/home/{path}/{each['id']}/json", f"/activity/{each['id']}", f"/home/{path}"]
        pages += [f"/home/{path}/list.csv", f"/home/{path}/list.xlsx", f"/home/{path}?search=Quagga"]
        for address in pages:
            shown = client.get(address)
            assert shown.status_code == 200, address
            assert "Quagga" not in shown.text.replace("search=Quagga", "").replace('value="Quagga"', ""), address
    edit = client.get(f"/home/invoices/{erased[0][1]['id']}/edit")
    assert edit.status_code == 200 and "None" not in edit.text


def test_home_activity_and_who_is_away_open(erased, console):
    client = console("owner")
    for address in ("/home", "/activity", "/home/leaves/away"):
        shown = client.get(address)
        assert shown.status_code == 200 and "Quagga" not in shown.text, address
    assert "erased" in client.get("/activity").text
