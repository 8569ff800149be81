"""The pages about the service itself: its state, its security, and whom to ask."""

from datetime import date

import falcon.testing
import httpx
import pytest

from api.app import create_app
from api.docs.service_pages import service_routes
from api.pages.factory import PageFactory
from api.samples.placeholders import today
from tests.support.openapi import DEPENDENCIES
from tests.support.service import Service
from tests.support.waiting import wait_until

BROWSER = {"Accept": "text/html,*/*;q=0.8"}
CONTACT = "help@example.in"


class Away:
    """A service that is not ready."""

    def problem(self):
        return "The database cannot be reached."


@pytest.fixture(scope="module")
def with_contact(shared_database):
    with Service(shared_database, SMARTDHANDHA_CONTACT=CONTACT) as running:
        yield running


def get(service, path):
    return httpx.get(f"{service.url}{path}", headers=BROWSER, trust_env=False)


def test_the_status_says_that_the_api_is_ready(service):
    # A busy database may answer too late, and then the API is not ready for a moment.
    response = wait_until(lambda: (found := get(service, "/status")).status_code == 200 and found)
    assert response.headers["Cache-Control"] == "no-store"
    assert "The API is ready." in response.text


def test_the_status_says_what_is_wrong_with_the_status_of_readyz():
    app = falcon.App()
    for path, resource in service_routes(PageFactory(), Away(), lambda _: "", None):
        app.add_route(path, resource)
    response = falcon.testing.TestClient(app).simulate_get("/status")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "2")
    assert "The database cannot be reached." in response.text and "ready." not in response.text


@pytest.mark.parametrize("path", ["/", "/docs/guides", "/security", "/login", "/nowhere"])
def test_the_contact_is_named_where_people_need_it(with_contact, service, path):
    assert f'href="mailto:{CONTACT}"' in get(with_contact, path).text
    assert "mailto:" not in get(service, path).text


def test_security_txt_names_the_contact_and_is_not_old(with_contact, service):
    fields = dict(line.split(": ", 1) for line in get(with_contact, "/.well-known/security.txt").text.splitlines())
    assert fields["Contact"] == f"mailto:{CONTACT}" and date.fromisoformat(fields["Expires"][:10]) > today()
    assert fields["Policy"] == f"{with_contact.url}/security"
    assert get(service, "/.well-known/security.txt").status_code == 404


def test_a_fault_of_the_service_is_a_page_for_browsers_and_json_for_programs():
    """Without a database, nothing can say whether the service is ready."""
    client = falcon.testing.TestClient(create_app(DEPENDENCIES))
    page, body = (client.simulate_get("/status", headers=headers) for headers in (BROWSER, {}))
    assert (page.status_code, page.headers["Content-Type"]) == (500, "text/html; charset=utf-8")
    assert "Something went wrong" in page.text and page.headers["X-Request-Id"] in page.text
    assert body.json["error"]["code"] == "internal_error"
