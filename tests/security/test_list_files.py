"""Files of long lists: nobody but the user who has asked for one gets it, and only while the role shows the list."""

from itertools import islice

import pytest

from api.console.objects.downloads.parts import Downloader, file_pieces
from api.ports.request.streams import StreamBrokenOff
from api.ports.users.files import FileOwner
from infra.identity.sessions import PostgresUsers
from infra.reads.objects.files import PostgresListFiles
from tests.support.console import new_user, open_session
from tests.support.list_files import FILES, ask, ask_for, download_path, finish, state_of
from tests.support.scenarios import draft_invoice

END_SESSION = "DELETE FROM user_sessions WHERE user_id = %s"
CHANGE_ROLE = "UPDATE memberships SET role = 'hr' WHERE user_id = %s"
REMOVE = "UPDATE memberships SET status = 'removed' WHERE user_id = %s"
changes = pytest.mark.parametrize("sql", [END_SESSION, CHANGE_ROLE, REMOVE], ids=["session", "role", "removed"])


@pytest.fixture
def downloader(api, console, owner):
    """A browser of an accountant who has a file that is ready, and the path of the file."""
    draft_invoice(api)
    client = console("accountant")
    ask(client)
    finish(owner)
    return client, download_path(client)


def test_nobody_else_in_the_organization_sees_fetches_or_removes_a_file(console, downloader):
    client, path = downloader
    other = console("owner")
    assert other.get(path).status_code == 404
    assert "There is no file." in other.get(FILES).text
    fields = {"csrf": other.token_on("/logout"), "id": path.rpartition("/")[2]}
    assert other.post(FILES, data=fields).status_code == 303
    assert client.get(path).status_code == 200


def test_nobody_in_another_organization_fetches_a_file_even_the_same_user(owner, pool, other_organization, downloader):
    client, path = downloader
    stranger = FileOwner(other_organization.id, client.user_id)
    files, id = PostgresListFiles(pool), path.rpartition("/")[2]
    assert (files.find(stranger, id), files.read_piece(stranger, id, 0), [*files.list(stranger)]) == (None, None, [])
    files.remove(stranger, id)
    assert client.get(path).status_code == 200


def test_a_file_of_live_mode_is_not_in_test_mode(downloader):
    client, path = downloader
    client.fill("/mode", {"mode": "test"}, on="/home")
    assert "Test mode." in client.get("/home").text
    assert client.get(path).status_code == 404 and "There is no file." in client.get(FILES).text


def test_after_a_log_out_nobody_fetches_a_file(downloader):
    client, path = downloader
    client.fill("/logout", on="/logout")
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (303, "/login")


def test_after_a_change_of_the_role_the_file_is_refused(owner, downloader):
    client, path = downloader
    owner.execute(CHANGE_ROLE, (client.user_id,))
    assert client.get(path).status_code == 403


@pytest.mark.parametrize(("role", "path"), [("accountant", "/home/leaves"), ("hr", "/home/invoices")])
def test_nobody_asks_for_a_list_that_the_role_does_not_show(console, owner, organization, role, path):
    client = console(role)
    assert client.get(f"{path}/files").status_code == 403
    allowed = "/home/invoices" if role == "accountant" else "/home/leaves"
    fields = client.hidden_on(f"{allowed}/files")
    assert client.post(f"{path}/files", data=fields).status_code == 403
    assert client.post(f"{allowed}/files", data={**fields, "csrf": "0" * 64}).status_code == 403
    assert owner.execute("SELECT FROM list_files WHERE org_id = %s", (organization.id,)).fetchall() == []


@changes
def test_a_file_is_broken_off_when_the_user_may_no_longer_read(api, pool, owner, organization, sql):
    """Seen red without the check before each piece."""
    for _ in range(5):
        draft_invoice(api)
    user = new_user(owner, organization.id, "accountant").user
    who, files = Downloader(open_session(owner, user.id), organization.id), PostgresListFiles(pool)
    asked = ask_for(pool, organization.id, user.id)
    finish(owner)
    file = files.find(asked, "file_1")
    assert file is not None and state_of(owner, organization.id)[2] == 3
    pieces = file_pieces(files, PostgresUsers(pool), who, asked, file)
    assert len([*islice(pieces, 2)]) == 2
    owner.execute(sql, (user.id,))
    with pytest.raises(StreamBrokenOff, match="broken off"):
        next(pieces)


@pytest.mark.parametrize("sql", [CHANGE_ROLE, REMOVE], ids=["role", "removed"])
def test_a_file_is_made_no_further_when_its_user_may_no_longer_read(api, pool, owner, organization, sql):
    """Seen red without the check before each page."""
    for _ in range(3):
        draft_invoice(api)
    user = new_user(owner, organization.id, "accountant").user
    ask_for(pool, organization.id, user.id)
    owner.execute(sql, (user.id,))
    finish(owner)
    assert state_of(owner, organization.id) == ("failed", 0, 0)
    sql = "SELECT failure FROM list_files WHERE org_id = %s"
    assert owner.execute(sql, (organization.id,)).fetchone() == ("not_allowed",)
