"""Settings → Organization → Profile, and GSTIN and payment: who changes them, after which proof, and who sees what."""

import html
import re

import pytest

from tests.support.cases import all_cases
from tests.support.factors import MAKE_OLD
from tests.support.gst import gstin

ORGANIZATION = "/settings/organization"
PROFILE, PAYMENT = f"{ORGANIZATION}/profile", f"{ORGANIZATION}/payment"
EMPTY = dict.fromkeys(("legal_name", "trade_name", "address", "state_code", "email", "lut_number"), "")
SHARMA = {
    "legal_name": "Sharma Textiles Private Limited",
    "trade_name": "Sharma Sarees",
    "address": "12 MG Road\r\nPune 411001",
    "state_code": "27",
    "email": "accounts@sharma.example",
    "lut_number": "AD270326000001X",
    "composition": "yes",
}
PAID = {"gstin": gstin("27"), "upi_id": "sharma@okhdfcbank", "bank_line": "HDFC Bank, 50200012345678, HDFC0000007"}
SECRET = (PAID["upi_id"], PAID["bank_line"])


@pytest.fixture
def changes(organization, owner):
    """What each event of the organization has changed."""
    sql = "SELECT state::json FROM events WHERE org_id = %s AND name = 'organization.updated' ORDER BY position"
    return lambda: [state.decode() for (state,) in owner.execute(sql, (organization.id,))]


def words_of(response):
    """Return the text of a page, with one space between its words."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.text)).replace("\u2068", "").split())


def test_an_admin_fills_in_the_profile_and_everybody_sees_it(console, api, changes):
    admin, viewer = console("admin"), console("viewer")
    assert "Nothing yet." in viewer.get(ORGANIZATION).text
    response = admin.fill(PROFILE, SHARMA)
    assert (response.status_code, response.headers["Location"]) == (303, ORGANIZATION)
    for page in (words_of(admin.get(ORGANIZATION)), words_of(viewer.get(ORGANIZATION))):
        for text in (
            "Sharma Textiles Private Limited",
            "12 MG Road, Pune 411001",
            "Maharashtra (27)",
            "AD270326000001X",
        ):
            assert text in page
    shown = api.read("organization")
    assert (shown["address"], shown["composition"]) == ("12 MG Road\nPune 411001", True)
    assert len(changes()) == 1


def test_the_gstin_brings_its_state_and_leads_to_the_profile(console, api, changes):
    owner = console()
    assert owner.fill(PAYMENT, PAID).status_code == 303
    assert (api.read("organization")["gstin"], api.read("organization")["stateCode"]) == (gstin("27"), "27")
    assert '<option value="27" selected>' in owner.get(PROFILE).text
    refused = owner.fill(PROFILE, EMPTY | {"state_code": "29"})
    assert refused.status_code == 422 and "The state must be Maharashtra, the one of the GSTIN." in refused.text
    assert '<option value="29" selected>' in refused.text and len(changes()) == 1


def test_upi_id_and_bank_account_are_shown_to_owners_and_admins_only(console, organization, owner):
    boss, *others = (console(role) for role in ("owner", "admin", "accountant", "hr", "viewer"))
    boss.fill(PAYMENT, PAID)
    pages = (ORGANIZATION, "/home", "/activity", f"/activity/{organization.id}")
    seen = {role: "".join(browser.get(path).text for path in pages) for role, browser in enumerate((boss, *others))}
    assert [all(text in page for text in SECRET) for page in seen.values()] == [True, True, False, False, False]
    assert [any(text in page for text in SECRET) for page in seen.values()] == [True, True, False, False, False]


def test_annual_returns_are_entered_once_there_is_a_gstin(console, api, changes):
    browser = console("admin")
    assert "Annual return of" not in browser.get(PROFILE).text
    console().fill(PAYMENT, PAID)
    years = re.findall(r'id="annual_return_([^"]+)" [^>]*type="date" value=""', browser.get(PROFILE).text)
    assert len(years) == 3 and years == sorted(years, reverse=True)
    day = f"20{years[1][-2:]}-10-20"
    kept = EMPTY | {"state_code": "27", **{f"annual_return_{year}": "" for year in years}}
    assert browser.fill(PROFILE, kept | {f"annual_return_{years[1]}": day}).status_code == 303
    assert api.read("organization")["annualReturns"] == {years[1]: day}
    assert changes()[1:] == [f'{{"annualReturns":{{"{years[1]}":"{day}"}}}}']
    shown = words_of(console("viewer").get(ORGANIZATION))
    assert f"Annual return of {years[1]}, filed on 20 Oct 20{years[1][-2:]}" in shown
    assert "annual returns" in words_of(browser.get("/home"))

    early = browser.fill(PROFILE, kept | {f"annual_return_{years[0]}": f"20{years[0][-2:]}-03-31"})
    assert early.status_code == 422 and len(changes()) == 2
    message = f"The day of the annual return must be after 31 Mar 20{years[0][-2:]}, when the financial year ends."
    assert message in words_of(early) and f'id="annual_return_{years[0]}-problem"' in early.text
    assert browser.fill(PROFILE, kept).status_code == 303
    assert api.read("organization")["annualReturns"] == {}


@all_cases("path", [PROFILE, PAYMENT])
def test_only_owners_and_admins_open_and_send_the_forms(console, changes, path):
    for role in ("accountant", "hr", "viewer"):
        member = console(role)
        assert member.get(path).status_code == 403
        sent = {"csrf": member.token_on("/logout"), **SHARMA, **PAID, "version": "0", "form_token": "x"}
        assert member.post(path, data=sent).status_code == 403
        assert f'href="{path}"' not in member.get(ORGANIZATION).text
    assert changes() == []


def test_what_leads_payments_needs_the_password_again_and_the_rest_does_not(console, owner, changes):
    thief = console()
    opened = thief.hidden_on(PAYMENT)
    owner.execute(MAKE_OLD, (thief.user_id,))
    for answer in (thief.get(PAYMENT), thief.post(PAYMENT, data={**opened, **PAID})):
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/profile/factors/confirm?next={PAYMENT}")
    assert changes() == []
    assert thief.fill(PROFILE, SHARMA).status_code == 303 and len(changes()) == 1


def test_the_form_of_the_profile_changes_no_gstin_and_no_payment(console, changes):
    """Otherwise it would be a way around the proof."""
    browser = console()
    assert browser.fill(PROFILE, {**EMPTY, **PAID, "trade_name": "Sarees"}).status_code == 303
    assert changes() == ['{"tradeName":"Sarees"}']


WRONG = {
    "another check character": (PAYMENT, {"gstin": gstin("27")[:-1] + "0"}, "The GSTIN has a typing error"),
    "no state": (
        PAYMENT,
        {"gstin": "39" + gstin("27")[2:]},
        "The GSTIN must begin with the GST code of a state: 39 is none",
    ),
    "a short GSTIN": (PAYMENT, {"gstin": "27AAPFU"}, "The GSTIN must have 15 characters"),
    "a UPI id without a bank": (PAYMENT, {"upi_id": "sharma"}, "The UPI id must be one such as sharma@okhdfcbank."),
    "more than a UPI id": (PAYMENT, {"upi_id": "a@b&am=1"}, "The UPI id must be one such as sharma@okhdfcbank."),
    "two lines": (PAYMENT, {"bank_line": "a\nb"}, "The bank account must not contain line breaks"),
    "a long name": (
        PROFILE,
        {"legal_name": "x" * 201},
        "The registered name must have 1 to 200 characters; it has 201",
    ),
    "an escape sequence": (PROFILE, {"address": "a\x1b[2J"}, "The address must not contain control characters"),
    "no e-mail address": (PROFILE, {"email": "sharma"}, "The e-mail address must be one such as asha@example.in."),
    "a state abroad": (PROFILE, {"state_code": "96"}, "The state must be one of those in the list."),
    "no such state": (PROFILE, {"state_code": "99"}, "The state must be one of those in the list."),
    "a small letter": (
        PROFILE,
        {"lut_number": "ad27"},
        "The LUT number must be capital letters A to Z, digits, - and /.",
    ),
}


@all_cases("case", WRONG)
def test_a_wrong_value_is_refused_at_its_field_and_kept_there(console, changes, case):
    path, values, message = WRONG[case]
    (field,) = values
    response = console().fill(path, values)
    assert response.status_code == 422 and message in html.unescape(response.text) and changes() == []
    assert f'id="{field}-problem"' in response.text and 'aria-invalid="true"' in response.text


def test_a_form_takes_effect_once_and_overwrites_nothing_that_others_have_changed(console, changes):
    browser = console()
    opened = browser.hidden_on(PROFILE)
    for _ in range(2):
        assert browser.post(PROFILE, data={**opened, **EMPTY, "trade_name": "One"}).status_code == 303
    late = browser.post(PROFILE, data={**browser.hidden_on(PROFILE), "version": "0", **EMPTY, "trade_name": "Two"})
    assert late.status_code == 409 and "Somebody has changed the organization" in late.text
    assert changes() == ['{"tradeName":"One"}']


def test_an_empty_field_takes_the_value_away_and_the_same_values_change_nothing(console, changes):
    browser = console()
    browser.fill(PROFILE, SHARMA)
    browser.fill(PROFILE, SHARMA)
    browser.fill(PROFILE, SHARMA | {"trade_name": "", "composition": ""})
    assert changes()[1:] == ['{"tradeName":null,"composition":false}']


def test_a_change_is_told_on_home_for_a_week_in_activity_and_as_a_security_event(console, organization, owner):
    boss, admin, viewer = console("owner"), console("admin"), console("viewer")
    boss.fill(PAYMENT, PAID)
    told = f"{boss.email} changed on"
    assert told in words_of(admin.get("/home")) and "upi id, bank line" in words_of(admin.get("/home"))
    assert told not in words_of(viewer.get("/home"))
    assert f"{boss.email} changed the organization – gstin, state code, upi id, bank line" in words_of(
        boss.get("/activity")
    )
    traces = "SELECT count(*) FROM security_events WHERE org_id = %s AND kind = 'organization.changed'"
    assert owner.execute(traces, (organization.id,)).fetchone() == (1,)
    boss.fill("/mode", {"mode": "test"}, on="/home")
    assert told not in words_of(boss.get("/home"))


def test_another_change_of_the_organization_is_not_told_on_home(console):
    browser = console()
    browser.fill(ORGANIZATION, {"name": "Sharma", "time_zone": "Asia/Kolkata", "series_prefix": "INV"})
    assert "changed on" not in words_of(browser.get("/home"))


def test_test_mode_changes_the_same_profile(console, api, sibling, changes):
    browser = console()
    browser.fill("/mode", {"mode": "test"}, on="/home")
    assert "It is changed in live mode and in test mode." in browser.get(PROFILE).text
    assert browser.fill(PROFILE, SHARMA).status_code == 303
    assert {each.read("organization")["tradeName"] for each in (api, sibling.api())} == {"Sharma Sarees"}
    assert len(changes()) == 1


def test_it_speaks_hindi(console):
    browser = console()
    browser.fill("/language", {"language": "hi"}, on="/home")
    page = browser.get(PAYMENT).text
    assert "UPI आईडी" in page and "बैंक खाता" in page
    assert "टाइप करने में ग़लती" in browser.fill(PAYMENT, {"gstin": gstin("27")[:-1] + "0"}).text
