"""Settings → Privacy: what is held about a person, and an erasure that the background worker carries out."""

import json
import re

import msgspec
import pytest

from api.console.settings.privacy.words import worker_problem
from api.ports.organization.privacy import MAX_WAITING, ErasingWorker
from infra.audit.privacy.preview import LOOKED_AT_ENDS
from tests.support.command_line import environment, run
from tests.support.console import PASSWORD
from tests.support.erasures import PRIVACY, ask, carry_out, look_up, shown
from tests.support.factors import FACTORS, MAKE_OLD, add_app
from tests.support.postgres import database_settings
from tests.support.privacy import CLIENT, EMPLOYEE, NAME, make_known
from tests.support.scenarios import bill_body, invoice_body

STORED = "SELECT state, failure, subject, left_on, record IS NOT NULL FROM erasure_requests WHERE org_id = %s"
EVENTS = """
SELECT kind, actor_type, actor_id, details FROM security_events
WHERE org_id = %s AND kind IN ('erasure.requested', 'person.erased') ORDER BY event_id
"""


@pytest.fixture
def manager(person):
    """An owner who has set a password and is signed in."""
    person.log_in(person.email, PASSWORD)
    return person


def in_page(pattern, page):
    """Return what the group of the pattern finds in a page."""
    found = re.search(pattern, page)
    assert found
    return found[1]


def stored(owner, organization):
    return owner.execute(STORED, (organization.id,)).fetchall()


def test_it_shows_what_must_stay_and_until_when_and_what_can_go(manager, api):
    known = make_known(api)
    assert known.kept is not None
    api.create("bills", bill_body(vendorId=CLIENT, vendorName=NAME))
    page = look_up(manager).text
    stays, goes = page.partition("Can be erased now")[::2]
    assert "Must stay" in stays and "until 31 Mar 2034" in stays and known.kept["invoiceNumber"] in stays
    assert f'href="/home/invoices/{known.draft["id"]}"' in goes and f"/home/invoices/{known.old['id']}" in goes
    assert "Bills: 1" in goes and "Invoices: 1" in goes and "Leaves:" not in goes.partition("</section>")[0]


def test_an_employee_has_leaves_that_go_only_after_the_last_day(manager, api):
    make_known(api)
    page = look_up(manager, kind="employee", id=EMPLOYEE).text
    assert "enter the last day above" in page and 'id="erase"' not in page
    page = look_up(manager, kind="employee", id=EMPLOYEE, left="2020-01-31").text
    assert "Leaves: 1" in page.partition("Can be erased now")[2]


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"id": "  "}, "Enter the id."), ({"kind": "employee", "left": "soon"}, "Enter the last day as in")],
)
def test_a_wrong_form_says_what_is_wrong(manager, fields, said):
    refused = look_up(manager, **fields)
    assert refused.status_code == 422 and said in refused.text


def test_nobody_under_an_id_is_said(manager):
    page = look_up(manager, id="nobody")
    assert page.status_code == 200 and "Nothing is held under this id." in page.text


def test_it_is_erased_by_the_worker_and_the_page_says_what_stayed(manager, api, owner, organization, shared_database):
    known = make_known(api)
    answer = ask(manager)
    assert (answer.status_code, answer.headers["Location"]) == (303, PRIVACY)
    assert stored(owner, organization) == [("waiting", None, CLIENT, None, False)]
    assert "Waits for the background worker" in shown(manager) and CLIENT in shown(manager)
    assert api.read(f"invoices/{known.draft['id']}")["clientName"] == NAME

    carry_out(owner)

    assert stored(owner, organization) == [("done", None, None, None, True)]
    assert [api.read(f"invoices/{each['id']}").get("erased") for each in (known.draft, known.old)] == [True, True]
    page = shown(manager)
    assert re.search(r"Done on .*: erased from 2 objects with \d+ events, recorded at position \d+", page)
    assert "What had to stay: Invoices: 1 · until 31 Mar 2034 · part of your books" in page
    assert "Backups that were made before still hold the data" in page
    assert CLIENT not in page and NAME not in page
    env = environment(**database_settings(shared_database))
    run("audit", "verify", "--org", organization.id, env=env)


def test_the_record_is_downloaded_names_nobody_and_erases_again(
    manager, api, owner, organization, tmp_path, shared_database
):
    make_known(api, with_kept=False)
    sql = "SELECT position, personal FROM events WHERE org_id = %s AND personal IS NOT NULL ORDER BY position"
    before = [tuple(row) for row in owner.execute(sql, (organization.id,))]
    ask(manager)
    carry_out(owner)
    id = in_page(r'name="record" value="(\w+)"', manager.get(PRIVACY).text)
    csrf = manager.token_on(PRIVACY)
    record = manager.post(PRIVACY, data={"csrf": csrf, "record": id})
    assert record.status_code == 200 and "attachment" in record.headers["Content-Disposition"]
    assert manager.post(PRIVACY, data={"csrf": csrf, "record": "erasure_x"}).status_code == 404
    assert CLIENT not in record.text and "Quagga" not in record.text
    after = [tuple(row) for row in owner.execute(sql, (organization.id,))]
    gone = [(personal, organization.id, position) for position, personal in before if (position, personal) not in after]
    assert {position for *_, position in gone} == {position for position, _ in json.loads(record.text)["events"]}
    owner.cursor().executemany("UPDATE events SET personal = %s WHERE org_id = %s AND position = %s", gone)
    (tmp_path / "record.json").write_text(record.text)
    env = environment(**database_settings(shared_database))
    assert f"{len(gone)} events again" in run("privacy", "reapply", str(tmp_path / "record.json"), env=env).out


def test_both_steps_are_security_events_of_the_user_and_name_nobody(manager, api, owner, organization):
    make_known(api)
    ask(manager)
    carry_out(owner)
    (user_id,) = owner.execute("SELECT user_id FROM users WHERE email = %s", (manager.email,)).fetchone()
    asked, erased = owner.execute(EVENTS, (organization.id,)).fetchall()
    assert asked[:3] == ("erasure.requested", "user", user_id) and erased[:3] == ("person.erased", "user", user_id)
    assert msgspec.json.decode(erased[3])["events"] > 0
    assert CLIENT not in str((asked, erased)) and "Quagga" not in str((asked, erased))
    page = manager.get("/settings/security").text
    assert "asked to erase a person" in page and "erased what was held about a person" in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"password": "not this one"}, "The password is wrong. Nothing was erased."),
        ({"again": "zq-8"}, "Enter the same id once more"),
        ({"form_token": "1-x"}, "This page was open for too long"),
    ],
)
def test_without_the_password_or_the_id_nothing_is_asked(manager, api, owner, organization, fields, said):
    make_known(api)
    refused = ask(manager, **fields)
    assert refused.status_code == 422 and said in refused.text and stored(owner, organization) == []


def test_a_user_with_a_factor_gives_it_instead_of_the_password(manager, api, owner, organization):
    make_known(api)
    (user_id,) = owner.execute("SELECT user_id FROM users WHERE email = %s", (manager.email,)).fetchone()
    app = add_app(manager)
    owner.execute(MAKE_OLD, (user_id,))
    asked = ask(manager)
    assert (asked.status_code, asked.headers["Location"]) == (303, f"{FACTORS}/confirm?next={PRIVACY}")
    assert stored(owner, organization) == []
    manager.fill(f"{FACTORS}/confirm", {"code": app.code()}, on=asked.headers["Location"])
    assert ask(manager).headers["Location"] == PRIVACY and len(stored(owner, organization)) == 1


@pytest.mark.parametrize("role", ["viewer", "accountant", "hr"])
def test_others_neither_see_nor_send_it(console, owner, organization, role):
    member = console(role)
    sent = {"csrf": member.token_on("/logout"), "action": "look", "kind": "party", "id": CLIENT}
    assert (member.get(PRIVACY).status_code, member.post(PRIVACY, data=sent).status_code) == (403, 403)
    sent = {**sent, "record": "erasure_x"}
    assert member.post(PRIVACY, data=sent).status_code == 403


def test_a_form_that_is_sent_twice_asks_once_and_a_request_can_be_taken_back(manager, api, owner, organization):
    make_known(api)
    token = in_page(r'name="form_token" value="([^"]+)"', look_up(manager).text)
    assert [ask(manager, form_token=token).status_code for _ in range(2)] == [303, 303]
    assert len(stored(owner, organization)) == 1
    cancel = in_page(r'name="cancel" value="(\w+)"', manager.get(PRIVACY).text)
    taken = manager.post(PRIVACY, data={"csrf": manager.token_on(PRIVACY), "cancel": cancel})
    assert taken.status_code == 303 and "It was taken back. Nothing was erased." in shown(manager)
    again = manager.post(PRIVACY, data={"csrf": manager.token_on(PRIVACY), "cancel": cancel})
    assert again.status_code == 409 and "too late" in again.text
    carry_out(owner)
    assert stored(owner, organization) == [("failed", "cancelled", None, None, False)]


def test_few_requests_wait_at_once(manager, api, owner, organization):
    make_known(api)
    sql = "INSERT INTO erasure_requests VALUES (%s, %s, 'user_1', NULL, 'req_1', 'party', 'x')"
    for number in range(MAX_WAITING):
        owner.execute(sql, (organization.id, f"erasure_{number}"))
    refused = ask(manager)
    assert refused.status_code == 409 and f"{MAX_WAITING} requests wait already" in refused.text


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        ("not_allowed", "no longer an owner or admin"),
        ("old_format", "smartdhandha privacy upgrade"),
        ("expired", "within 24 hours"),
        ("no_rights", "it does not own the tables"),
        ("given_up", "began 3 times and could not finish"),
        ("of a later version", "The service has a fault"),
    ],
)
def test_a_request_that_has_failed_says_why(manager, api, owner, organization, failure, said):
    make_known(api)
    ask(manager)
    sql = """
    UPDATE erasure_requests SET state = 'failed', failure = %s, subject = NULL, ended_at = now() WHERE org_id = %s
    """
    owner.execute(sql, (failure, organization.id))
    assert said in shown(manager)


@pytest.mark.parametrize(
    ("run_of_worker", "said"),
    [
        ("DELETE FROM worker_runs WHERE task = 'erase_persons'", "No background worker has looked for requests yet"),
        ("UPDATE worker_runs SET finished_at = now() - interval '3 minutes', error = NULL", "it seems not to run"),
        ("UPDATE worker_runs SET finished_at = now(), error = 'permission denied'", "could not carry out a request"),
    ],
)
def test_a_worker_that_does_not_do_it_is_told(manager, api, owner, organization, run_of_worker, said):
    make_known(api)
    carry_out(owner)
    assert said not in shown(manager)
    ask(manager)
    with owner.transaction(force_rollback=True):
        owner.execute(run_of_worker)
        found = owner.execute("SELECT ran_at, has_failed, is_late FROM erasing_worker()").fetchone()
    assert said in worker_problem(ErasingWorker(found[0], bool(found[1]), bool(found[2])), "Asia/Kolkata")


def test_the_language_of_the_page_is_that_of_the_user(manager, api):
    make_known(api)
    manager.fill("/language", {"language": "hi"}, on="/home")
    page = look_up(manager).text
    assert not re.search(r"Must stay|Can be erased now|Show what is held", page)


def test_in_test_mode_it_is_about_test_data(manager, sibling, owner):
    known = make_known(sibling.api())
    assert known.kept is not None
    manager.fill("/mode", {"mode": "test"}, on="/home")
    assert "test data, which nobody must keep" in look_up(manager).text
    ask(manager)
    carry_out(owner)
    assert sibling.api().read(f"invoices/{known.kept['id']}")["erased"] is True


def test_of_very_many_objects_some_are_shown_and_all_others_are_counted(manager, api, owner, organization):
    for _ in range(2 * LOOKED_AT_ENDS + 2):
        api.create("invoices", invoice_body(clientId=CLIENT, clientName=NAME))
    answer = look_up(manager)
    page = answer.text
    assert f"Invoices: {2 * LOOKED_AT_ENDS}" in page and "Others, which were only counted: 2." in page
    assert len(answer.content) < 60_000
    ask(manager)
    carry_out(owner)
    assert f"erased from {2 * LOOKED_AT_ENDS + 2} objects" in shown(manager)


def test_a_form_with_problems_is_shown_again_without_another_look_up(manager, api, owner, organization):
    make_known(api)
    first = look_up(manager).text
    assert "What is held about this person" in first
    refused = ask(manager, password="not this one").text
    assert "What is held about this person" not in refused and 'id="again"' in refused
    assert in_page(r'type="hidden" name="id" value="([^"]+)"', refused) == CLIENT
