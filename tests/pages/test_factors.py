"""Second factors in the console: adding, using, renaming and removing them, and recovery codes."""

import re

import pytest

from infra.identity.sessions import digest
from tests.support.cases import all_cases
from tests.support.console import PASSWORD, SESSION, open_session
from tests.support.factors import (
    FACTORS,
    FORGET_USES,
    LAST_STEP,
    MAKE_OLD,
    App,
    add_app,
    begin,
    give,
    kinds_of,
    recovery_codes_on,
    secret_on,
)


@pytest.fixture
def asha(person, owner):
    """A user who is logged in, without a second factor."""
    assert person.log_in(person.email, PASSWORD).status_code == 303
    (person.user_id,) = owner.execute("SELECT user_id FROM users WHERE email = %s", (person.email,)).fetchone()
    return person


@pytest.fixture
def app(asha):
    """The authenticator app of this user."""
    return add_app(asha)


@pytest.fixture
def elsewhere(console):
    """Another browser, in which nobody is logged in."""
    return console(None)


def factor_path(browser):
    (id,) = set(re.findall(r"factor_[0-9A-Z]{26}", browser.get(FACTORS).text))
    return f"{FACTORS}/{id}"


def test_after_the_password_a_user_with_an_app_gives_its_code(asha, app, elsewhere):
    begin(elsewhere, asha.email)
    assert elsewhere.get("/home").headers["Location"] == f"{LAST_STEP}?next=/home"
    response = give(elsewhere, app.code())
    assert (response.status_code, response.headers["Location"]) == (303, "/home")
    assert asha.email in elsewhere.get("/home").text


def test_a_code_may_be_typed_with_blanks(asha, app, elsewhere):
    begin(elsewhere, asha.email)
    code = app.code()
    assert give(elsewhere, f" {code[:3]} {code[3:]} ").status_code == 303


def test_after_the_last_step_the_user_returns_to_the_page_that_was_opened(asha, app, elsewhere):
    wanted = "/settings/developer?x=1"
    response = elsewhere.fill("/login", {"email": asha.email, "password": PASSWORD, "next": wanted})
    assert response.headers["Location"] == f"{LAST_STEP}?next=%2Fsettings%2Fdeveloper%3Fx%3D1"
    response = elsewhere.fill(LAST_STEP, {"code": app.code()}, on=response.headers["Location"])
    assert response.headers["Location"] == wanted


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_the_last_step_never_redirects_to_another_site(asha, app, elsewhere, path):
    begin(elsewhere, asha.email)
    assert elsewhere.fill(LAST_STEP, {"code": app.code(), "next": path}).headers["Location"] == "/home"


def test_without_a_pending_log_in_the_last_step_leads_to_the_log_in(asha, elsewhere):
    assert elsewhere.get(LAST_STEP).headers["Location"] == "/login"
    assert asha.get(LAST_STEP).headers["Location"] == "/home"


def test_a_wrong_code_is_refused_and_says_what_to_do(asha, app, elsewhere):
    begin(elsewhere, asha.email)
    response = give(elsewhere, app.wrong_code())
    assert response.status_code == 422 and "Try again" in response.text
    assert elsewhere.get("/home").status_code == 303
    assert give(elsewhere, app.code()).status_code == 303


def test_an_empty_form_is_no_attempt(asha, app, elsewhere, owner):
    begin(elsewhere, asha.email)
    assert "Enter a code." in give(elsewhere, "  ").text
    assert "login.wrong_factor" not in kinds_of(owner, asha.user_id)


def test_the_first_factor_shows_ten_recovery_codes_once(asha, app):
    assert len(set(app.recovery_codes)) == 10
    page = asha.get(FACTORS).text
    assert "You have 10 left" in page and recovery_codes_on(page) == []


def test_the_second_factor_brings_no_new_codes(asha, app):
    assert add_app(asha, "My tablet").recovery_codes == []
    assert "My tablet" in asha.get(FACTORS).text and "You have 10 left" in asha.get(FACTORS).text


def test_a_recovery_code_works_in_place_of_the_app_and_only_once(asha, app, elsewhere, console):
    begin(elsewhere, asha.email)
    assert give(elsewhere, app.recovery_codes[3].upper().replace("-", " ")).status_code == 303
    assert "You have 9 left" in elsewhere.get(FACTORS).text
    again = console(None)
    begin(again, asha.email)
    assert give(again, app.recovery_codes[3]).status_code == 422


def test_new_recovery_codes_replace_the_old_ones(asha, app, elsewhere, owner):
    shown = recovery_codes_on(asha.fill(f"{FACTORS}/codes").text)
    assert len(shown) == 10 and not {*shown} & {*app.recovery_codes}
    begin(elsewhere, asha.email)
    assert give(elsewhere, app.recovery_codes[0]).status_code == 422
    assert give(elsewhere, shown[0]).status_code == 303
    assert "recovery_codes.replaced" in kinds_of(owner, asha.user_id)


def test_a_wrong_first_code_adds_nothing_and_keeps_the_same_secret(asha, owner):
    page = asha.get(f"{FACTORS}/app").text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    response = asha.post(f"{FACTORS}/app", data={**fields, "code": "abc", "name": "My phone"})
    assert response.status_code == 422 and f'value="{fields["sealed"]}"' in response.text
    assert "factor.added" not in kinds_of(owner, asha.user_id)


@all_cases("name", ["", "   ", "x" * 61, "two\nlines", "\u200b"])
def test_a_factor_needs_a_name_that_people_can_read(asha, name):
    page = asha.get(f"{FACTORS}/app").text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert asha.post(f"{FACTORS}/app", data={**fields, "code": "123456", "name": name}).status_code == 422


def test_the_same_form_sent_twice_adds_one_factor(asha):
    page = asha.get(f"{FACTORS}/app").text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    data = {**fields, "code": App(secret_on(page), []).code(0), "name": "My phone"}
    assert asha.post(f"{FACTORS}/app", data=data).status_code == 200
    for code in (data["code"], "000000"):
        again = asha.post(f"{FACTORS}/app", data={**data, "code": code})
        assert "was added before" in again.text and secret_on(again.text) != secret_on(page), "it is not shown again"
    assert len(set(re.findall(r"factor_[0-9A-Z]{26}", asha.get(FACTORS).text))) == 1


def test_the_secret_of_another_user_cannot_be_added(asha, console, owner):
    other = console()
    page = other.get(f"{FACTORS}/app").text
    (foreign,) = re.findall(r'name="sealed" value="([^"]+)"', page)
    response = asha.fill(f"{FACTORS}/app", {"sealed": foreign, "code": "123456", "name": "Mine"})
    assert (response.status_code, response.headers["Location"]) == (303, f"{FACTORS}/app")


def test_a_factor_is_renamed(asha, app, owner):
    path = factor_path(asha)
    assert asha.fill(path, {"name": "<b>Old phone"}).status_code == 303
    assert "&lt;b&gt;Old phone" in asha.get(FACTORS).text
    assert "factor.renamed" in kinds_of(owner, asha.user_id)


def test_without_its_last_factor_a_user_logs_in_with_the_password_alone(asha, app, elsewhere, owner):
    assert asha.fill(factor_path(asha), {"remove": "1"}).status_code == 303
    assert elsewhere.log_in(asha.email, PASSWORD).headers["Location"] == "/home"
    sql = "SELECT count(*) FROM recovery_codes WHERE user_id = %s"
    assert owner.execute(sql, (asha.user_id,)).fetchone() == (0,)
    assert "factor.removed" in kinds_of(owner, asha.user_id)


def test_the_factor_of_somebody_else_cannot_be_seen_renamed_or_removed(asha, app, console, owner):
    path, stranger = factor_path(asha), console()
    assert stranger.get(path).headers["Location"] == FACTORS
    for fields in ({"name": "Mine now"}, {"remove": "1"}):
        assert stranger.post(path, data={**fields, "csrf": stranger.token_on("/logout")}).status_code in (303, 422)
    assert factor_path(asha) == path and "My phone" in asha.get(path).text


@pytest.mark.parametrize("change", ["add", "remove"])
def test_a_changed_factor_ends_the_other_sessions_and_pending_log_ins(asha, owner, elsewhere, console, change):
    if change == "remove":
        app = add_app(asha)
        begin(elsewhere, asha.email)
    other = console(None)
    token = open_session(owner, asha.user_id)
    other.cookies.set(SESSION, token, domain="127.0.0.1")
    assert other.get("/home").status_code == 200
    if change == "add":
        add_app(asha)
    else:
        asha.fill(factor_path(asha), {"remove": "1"})
        assert elsewhere.get(LAST_STEP).headers["Location"] == "/login", app
    assert other.get("/home").status_code == 303 and asha.get("/home").status_code == 200


@all_cases("path", ["/app", "/codes", "/{id}"])
def test_a_change_needs_a_new_proof_after_ten_minutes(asha, app, owner, path):
    path = factor_path(asha) if path == "/{id}" else f"{FACTORS}{path}"
    token = asha.token_on("/logout")
    owner.execute(MAKE_OLD, (asha.user_id,))
    for response in (asha.get(path), asha.post(path, data={"csrf": token, "name": "New", "remove": "1"})):
        assert response.headers["Location"] == f"{FACTORS}/confirm?next={path}", response.text
    owner.execute(FORGET_USES, (asha.user_id,))
    given = asha.fill(f"{FACTORS}/confirm", {"code": app.code()}, on=f"{FACTORS}/confirm?next={path}")
    assert given.headers["Location"] == path and asha.get(path).status_code == 200


def test_a_user_without_a_factor_gives_the_password_instead(asha, owner):
    owner.execute(MAKE_OLD, (asha.user_id,))
    confirm = asha.get(f"{FACTORS}/app").headers["Location"]
    assert asha.fill(f"{FACTORS}/confirm", {"password": "wrong"}, on=confirm).status_code == 422
    assert asha.get(f"{FACTORS}/app").status_code == 303
    assert asha.fill(f"{FACTORS}/confirm", {"password": PASSWORD}, on=confirm).headers["Location"] == f"{FACTORS}/app"
    assert asha.get(f"{FACTORS}/app").status_code == 200


def test_with_a_factor_the_password_is_no_proof(asha, app, owner):
    owner.execute(MAKE_OLD, (asha.user_id,))
    assert asha.fill(f"{FACTORS}/confirm", {"password": PASSWORD}).status_code == 422
    assert asha.get(f"{FACTORS}/app").status_code == 303


def test_a_session_from_before_this_version_has_proved_nothing(asha, owner):
    sql = "SELECT attmissingval::text FROM pg_attribute WHERE attrelid = %s::regclass AND attname = 'proved_at'"
    assert owner.execute(sql, ("user_sessions",)).fetchone() == ("{-infinity}",)


def test_the_page_after_a_proof_is_one_of_this_service(asha):
    for path in ("https://evil.example", "//evil.example/profile/factors/", ""):
        assert asha.fill(f"{FACTORS}/confirm", {"password": PASSWORD, "next": path}).headers["Location"] == FACTORS


def test_each_step_is_an_event(asha, app, elsewhere, owner):
    begin(elsewhere, asha.email)
    give(elsewhere, app.wrong_code())
    give(elsewhere, app.recovery_codes[0])
    own = [kind for kind in kinds_of(owner, asha.user_id) if kind.startswith(("login", "factor", "recovery"))]
    assert own == [
        "login.succeeded",
        "factor.added",
        "login.awaits_factor",
        "login.wrong_factor",
        "login.succeeded",
        "recovery_code.used",
    ]


def test_neither_secret_nor_codes_are_stored_as_they_are(asha, app, owner):
    stored = "".join(
        str(row)
        for table in ("user_factors", "recovery_codes", "security_events")
        for row in owner.execute(f"SELECT * FROM {table}")
    )
    assert app.secret not in stored and not any(code.replace("-", "") in stored for code in app.recovery_codes)


def test_a_new_password_ends_pending_log_ins(asha, app, elsewhere, owner):
    begin(elsewhere, asha.email)
    owner.execute("UPDATE users SET password_hash = 'x' WHERE user_id = %s", (asha.user_id,))
    assert elsewhere.get(LAST_STEP).headers["Location"] == "/login"


def test_a_pending_log_in_ends_after_ten_minutes(asha, app, elsewhere, owner):
    begin(elsewhere, asha.email)
    age = "UPDATE pending_logins SET began_at = began_at - interval '10 minutes' WHERE token_hash = %s"
    assert owner.execute(age, (digest(elsewhere.cookies[SESSION]),)).rowcount == 1
    assert elsewhere.get(LAST_STEP).headers["Location"] == "/login"
