"""Live mode and test mode: no id, text or cursor of one is seen or changed in the other, on any route.

The routes are those of the OpenAPI document, so a new one is tried, too.
"""

from contextlib import closing
from functools import partial
from io import BytesIO
from itertools import product

import pytest

from api.mcp.tools import tools_of
from infra.audit.copies.export_logs import export_logs
from infra.audit.copies.import_logs import import_logs
from infra.identity.organizations import get_test_organization
from infra.postgres.database import connect_as_table_owner
from tests.support.client import error_of
from tests.support.mcp import call
from tests.support.modes import Mode, kinds, traces
from tests.support.openapi import build_document, operations
from tests.support.organization import Organization
from tests.support.receiver import Receiver
from tests.support.scenarios import draft_invoice, invoice_body
from tests.support.service import Service
from tests.support.waiting import wait_until

DOCUMENT = build_document()
OPERATIONS = {id: each for id, each in operations(DOCUMENT).items() if each[2].get("security") != []}
TOOLS = tools_of(DOCUMENT)


def parameters(operation):
    return [each["name"] for each in operation.get("parameters", ()) if each.get("in") == "query"]


LISTS = sorted(path for method, path, each in OPERATIONS.values() if method == "GET" and "cursor" in parameters(each))


@pytest.fixture(scope="module")
def database(new_database):
    return new_database()


@pytest.fixture(scope="module")
def receiver():
    with Receiver() as running:
        yield running


@pytest.fixture(scope="module")
def modes(database, receiver):
    """The live and the test mode of one organization, each with objects of all kinds and a webhook."""
    with (
        Service(database, SMARTDHANDHA_SENDERS="1") as service,
        connect_as_table_owner(database) as conn,
        closing(Organization(service.url, conn)) as live,
        closing(Organization(service.url, conn, id=get_test_organization(conn, live.id))) as test,
    ):
        yield Mode(live, "orchid", receiver.url), Mode(test, "walnut", receiver.url)


@pytest.fixture(params=["a live key", "a key of test mode"])
def pair(request, modes):
    """A mode whose key is used, and the other mode, whose texts are tried."""
    return modes if request.param == "a live key" else modes[::-1]


def has_arrived(receiver, id):
    return any(id in each.body.decode() for each in list(receiver.requests))


def example_of(operation):
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    examples = [each["value"] for each in content.get("examples", {}).values()]
    return content.get("example", examples[0] if examples else {})


def targets(path, api, theirs):
    """Return the path with ids of the other mode, of each kind; and with our own objects before one of theirs."""
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    firsts = list(theirs.values())
    if len(names) > 1:
        firsts += [each["id"] for each in api.read(path.partition("/{")[0].lstrip("/"))]
    for ids in product(firsts, *[theirs.values()] * (len(names) - 1)):
        yield ids, path.format(**dict(zip(names, ids, strict=True)))


def test_every_id_of_the_other_mode_is_unknown_on_every_route(pair):
    ours, theirs = pair
    texts, before = theirs.texts(), theirs.books()
    assert {"inv", "bill", "leave", "pay", "key", "evt", "req"} <= set(kinds(texts))
    tried = 0
    for name, (method, path, operation) in OPERATIONS.items():
        if "{" not in path:
            continue
        for ids, target in targets(path, ours.api, kinds(texts)):
            response = ours.api.request(method, target.lstrip("/"), json=example_of(operation) or None)
            assert 400 <= response.status_code < 500, (name, target, response.text)
            assert traces(response.text, texts, *ids) == [], (name, target)
            tried += 1
    assert tried > len(OPERATIONS)
    assert theirs.books() == before


@pytest.mark.parametrize("step", [3, pytest.param(1, marks=pytest.mark.long)], ids=["every third", "all"])
def test_no_filter_search_position_or_include_shows_anything_of_the_other_mode(pair, step):
    """In the short form, each text is tried in every third parameter, and each parameter with every third text."""
    ours, theirs = pair
    texts = theirs.texts()
    wanted = [*kinds(texts).values(), theirs.mark, f"client-{theirs.mark}", f"{theirs.mark}/1"]
    for name, (method, path, operation) in OPERATIONS.items():
        if method != "GET" or "{" in path:
            continue
        for place, parameter in enumerate(("metadata[ref]", *parameters(operation))):
            for value in (*wanted, "0", "object", "items")[place % step :: step]:
                response = ours.api.get(path.lstrip("/"), params={parameter: value})
                assert traces(response.text, texts, value) == [], (name, parameter, value)
                assert response.status_code in (200, 400), (name, parameter, value, response.text)


@pytest.mark.parametrize("path", LISTS)
def test_a_cursor_of_the_other_mode_is_refused(pair, path):
    ours, theirs = pair
    if "{" in path:
        path, own = (path.format(id=mode.webhook) for mode in (theirs, ours))
    else:
        own = path
    for mode in pair:
        for _ in range(2):
            draft_invoice(mode.api)
    cursor = theirs.api.get(path.lstrip("/"), params={"limit": 1}).json()["pagination"]["nextCursor"]
    if cursor is not None:
        error_of(ours.api.get(own.lstrip("/"), params={"limit": 1, "cursor": cursor}), 400, "invalid_cursor")


def test_what_is_created_with_the_bodies_and_retry_keys_of_the_other_mode_is_of_the_own_mode(pair):
    ours, theirs = pair
    body = invoice_body()
    retry = {"Idempotency-Key": f"both-{theirs.mark}"}
    first, second = (mode.api.create("invoices", body, headers=retry) for mode in (theirs, ours))
    assert first["id"] != second["id"]
    error_of(ours.api.get(f"invoices/{first['id']}"), 404, "not_found")


def test_no_tool_of_an_ai_client_reaches_the_other_mode(pair):
    ours, theirs = pair
    texts, before = theirs.texts(), theirs.books()
    for name, tool in TOOLS.items():
        if name == "resetTestMode":  # it empties our own log, which the other tests need
            continue
        properties = tool.definition["inputSchema"]["properties"]
        for id in kinds(texts).values() if "id" in properties else [theirs.mark]:
            arguments = {
                each: id for each in ("id", "paymentId", "refundId", "deliveryId", "search") if each in properties
            }
            assert traces(str(call(ours.api, name, **arguments)), texts, id) == [], name
    assert theirs.books() == before


def test_webhooks_get_events_of_their_own_mode_alone(modes, receiver):
    for mode in modes:
        id = draft_invoice(mode.api)["id"]
        wait_until(partial(has_arrived, receiver, id))
        mode.api.post(f"webhooks/{mode.webhook}/test", json={})
    for ours, theirs in (modes, modes[::-1]):
        texts, livemode = theirs.texts(), ours.livemode
        got = [each for each in list(receiver.requests) if each.path.endswith(ours.mark)]
        assert {each.payload["data"]["livemode"] for each in got} == {livemode}
        assert [traces(each.body.decode(), texts) for each in got if traces(each.body.decode(), texts)] == []


def test_an_export_of_one_mode_has_nothing_of_the_other_and_both_are_joined_again(modes, database, new_database):
    with connect_as_table_owner(database) as conn:
        for ours, theirs in (modes, modes[::-1]):
            export_logs(conn, [ours.organization.id], copy := BytesIO())
            lines = copy.getvalue().decode().splitlines()
            assert traces("".join(lines[1:]), theirs.texts()) == []
        ids = [mode.organization.id for mode in modes]
        ahead = "UPDATE org_log SET clock_offset = '40 days' WHERE org_id = %s"
        conn.execute(ahead, (ids[1],))
        export_logs(conn, ids, copy := BytesIO())
    with connect_as_table_owner(new_database()) as conn:
        import_logs(conn, copy.getvalue().splitlines())
        assert get_test_organization(conn, ids[0]) == ids[1]
        ahead = "SELECT extract(epoch FROM clock_offset) / 86400 FROM org_log WHERE org_id = ANY (%s) ORDER BY org_id"
        assert [days for (days,) in conn.execute(ahead, (ids,))] == [0, 40]
