"""Settings → Data: who exports the log, with which password, and that it is what the command line exports."""

import io

import pytest

from api.console.objects.downloads.parts import Downloader, while_manager
from api.ports.organization import ExportRunning
from api.ports.request.streams import StreamBrokenOff
from commands.command import Person
from domain.reading.logo import read_logo
from infra.audit.copies import export_parts
from infra.audit.copies.export_logs import export_logs
from infra.audit.copies.export_parts import PostgresExports
from infra.audit.copies.reader import CopyReader
from infra.identity import users
from infra.identity.sessions import PostgresUsers, digest
from infra.identity.settings import change_logo
from tests.support.console import PASSWORD, new_user, open_session
from tests.support.factors import FACTORS, MAKE_OLD, add_app, kinds_of
from tests.support.pictures import png
from tests.support.scenarios import draft_invoice

PATH = "/settings/data"
WRONG = "The password is wrong"
ASHA = Person("user", "user_1", "192.0.2.7")


@pytest.fixture
def signed_in_person(person):
    """An owner who has set a password and is signed in."""
    person.log_in(person.email, PASSWORD)
    return person


def kinds(owner, org_id):
    sql = "SELECT kind, actor_id FROM security_events WHERE org_id = %s AND kind = 'log.exported'"
    return owner.execute(sql, (org_id,)).fetchall()


def by_command_line(owner, org_id):
    out = io.BytesIO()
    export_logs(owner, [org_id], out)
    return out.getvalue()


def test_an_owner_gets_the_file_of_the_command_line_after_the_password(signed_in_person, organization, owner, api):
    for _ in range(3):
        draft_invoice(api)
    change_logo(owner, organization.id, read_logo(png()))
    response = signed_in_person.fill(PATH, {"password": PASSWORD})
    assert response.status_code == 200 and response.headers["Content-Type"] == "application/jsonl"
    assert f'filename="{organization.id}-' in response.headers["Content-Disposition"]
    assert response.content == by_command_line(owner, organization.id)
    reader = CopyReader(response.content.splitlines(keepends=True))
    line = reader.next_organization()
    assert line is not None and len([*reader.events_of(line)]) == line.position
    assert reader.logo == read_logo(png())
    assert len(kinds(owner, organization.id)) == 1


def test_a_wrong_password_exports_nothing_and_counts_as_a_failed_log_in(signed_in_person, organization, owner):
    for _ in range(2):
        response = signed_in_person.fill(PATH, {"password": "not this one"})
        assert response.status_code == 422 and WRONG in response.text
    assert kinds(owner, organization.id) == []
    sql = "SELECT count(*) FROM security_events JOIN users ON user_id = object_id WHERE kind = %s AND email = %s"
    assert owner.execute(sql, ("login.wrong_password", signed_in_person.email)).fetchone() == (2,)


@pytest.mark.parametrize("role", ["viewer", "accountant", "hr"])
def test_others_see_what_it_is_and_cannot_send_the_form(console, organization, owner, role):
    member = console(role)
    page = member.get(PATH).text
    assert "Owners and admins can export" in page and 'name="password"' not in page
    response = member.post(PATH, data={"csrf": member.token_on("/logout"), "password": "x"})
    assert (response.status_code, kinds(owner, organization.id)) == (403, [])


def test_the_password_leaves_no_trace_but_the_export_and_no_session(signed_in_person, organization, owner):
    """It is no log-in: nobody who reads Settings → Security wonders who logged in and out again."""
    (user_id,) = owner.execute("SELECT user_id FROM users WHERE email = %s", (signed_in_person.email,)).fetchone()
    before = kinds_of(owner, user_id)
    signed_in_person.fill(PATH, {"password": PASSWORD})
    assert signed_in_person.get("/home").status_code == 200
    assert kinds_of(owner, user_id) == before and len(kinds(owner, organization.id)) == 1
    sessions = owner.execute("SELECT count(*) FROM user_sessions WHERE user_id = %s", (user_id,)).fetchone()
    assert sessions == (1,)


def test_a_user_with_a_factor_gives_it_and_the_password_alone_exports_nothing(signed_in_person, organization, owner):
    (user_id,) = owner.execute("SELECT user_id FROM users WHERE email = %s", (signed_in_person.email,)).fetchone()
    app = add_app(signed_in_person)
    page = signed_in_person.get(PATH).text
    assert 'name="password"' not in page and "second factor" in page
    owner.execute(MAKE_OLD, (user_id,))
    asked = signed_in_person.fill(PATH, {"password": PASSWORD})
    assert (asked.status_code, asked.headers["Location"]) == (303, f"{FACTORS}/confirm?next={PATH}")
    assert kinds(owner, organization.id) == []
    proved = signed_in_person.fill(f"{FACTORS}/confirm", {"code": app.code()}, on=asked.headers["Location"])
    assert proved.headers["Location"] == PATH
    exported = signed_in_person.fill(PATH)
    assert exported.status_code == 200 and exported.headers["Content-Type"] == "application/jsonl"
    assert len(kinds(owner, organization.id)) == 1


def test_an_organization_has_one_export_at_a_time_and_then_the_next_one(pool, owner, organization, monkeypatch):
    monkeypatch.setattr(export_parts, "PAGE_EVENTS", 1)
    for name in ("a", "b"):
        organization.new_key(limit=len(name))
    reads = PostgresExports(pool)
    parts = reads.begin(organization.id, ASHA, "req_1")
    first = next(parts)
    with pytest.raises(ExportRunning):
        reads.begin(organization.id, ASHA, "req_2")
    assert b"".join([first, *parts]) == by_command_line(owner, organization.id)
    interrupted = reads.begin(organization.id, ASHA, "req_3")
    next(interrupted)
    interrupted.close()
    lost = reads.begin(organization.id, ASHA, "req_4")
    next(lost)
    owner.execute("UPDATE log_exports SET seen_at = seen_at - interval '61 s' WHERE org_id = %s", (organization.id,))
    assert [*reads.begin(organization.id, ASHA, "req_5")][-1].startswith(b'{"type":"end"')
    with pytest.raises(ExportRunning):
        next(lost)
    assert owner.execute("SELECT FROM log_exports WHERE org_id = %s", (organization.id,)).fetchall() == []


LOSES = {
    "is removed": ("its session has ended", lambda owner, user, token: users.remove_user(owner, user.email)),
    "gets another role": ("now viewer", lambda owner, user, token: users.change_role(owner, user.email, "viewer")),
    "logs out": ("its session has ended", lambda owner, user, token: owner.execute(END, (digest(token),))),
}
END = "DELETE FROM user_sessions WHERE token_hash = %s"


@pytest.mark.parametrize(("said", "lose"), LOSES.values(), ids=LOSES)
def test_an_export_breaks_off_when_its_user_may_no_longer_have_it(pool, owner, organization, monkeypatch, said, lose):
    monkeypatch.setattr(export_parts, "PAGE_EVENTS", 1)
    organization.new_key()
    new_user(owner, organization.id)
    user = new_user(owner, organization.id, "admin").user
    token = open_session(owner, user.id)
    parts = PostgresExports(pool).begin(organization.id, ASHA, "req_1")
    sent = while_manager(PostgresUsers(pool), Downloader(token, organization.id), parts)
    next(sent)
    lose(owner, user, token)
    with pytest.raises(StreamBrokenOff, match=said):
        next(sent)
    assert owner.execute("SELECT FROM log_exports WHERE org_id = %s", (organization.id,)).fetchall() == []


def test_between_two_parts_no_connection_is_held(pool, organization):
    parts = PostgresExports(pool).begin(organization.id, ASHA, "req_1")
    for _ in parts:
        assert pool.get_stats()["pool_available"] == pool.get_stats()["pool_size"]


def test_events_that_are_recorded_meanwhile_are_not_in_it(pool, owner, organization):
    organization.new_key()
    parts = PostgresExports(pool).begin(organization.id, ASHA, "req_1")
    expected = by_command_line(owner, organization.id)
    begun = next(parts)
    organization.new_key()
    assert b"".join([begun, *parts]) == expected


def test_test_mode_exports_the_test_log(signed_in_person, sibling, owner):
    draft_invoice(sibling.api())
    signed_in_person.fill("/mode", {"mode": "test"}, on="/home")
    response = signed_in_person.fill(PATH, {"password": PASSWORD})
    assert response.content == by_command_line(owner, sibling.id)
