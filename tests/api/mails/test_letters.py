"""The texts of mails: each kind has both forms, which say the same, load nothing, and contain no markup of others."""

import re
from typing import Any

import pytest

from api.pages.mails.letters import write_letter
from api.pages.translation import HINDI
from commands.accounts.mail import MailKind

ORIGIN = "https://books.example.in"
COMMON = {
    "organization": "Acme & <b>Sons</b>",
    "time_zone": "Asia/Kolkata",
    "link": "/password/token",
    "at": "2026-11-27T10:00:00Z",
    "network": "192.0.2.1",
    "role": "hr",
}
KEY = {"name": "Zapier <i>", "last_four": "ab12", "found_at": "https://github.com/x", "credit_limit": 12000}
CASES: dict[str, dict[str, Any]] = {
    "password_reset": {},
    "password_changed": {},
    "factors_changed": {"detail": "factor.added"},
    "invitation": {},
    "address_confirmation": {},
    "already_signed_up": {},
    "threshold_reached": {"object": "key_1", "detail": "80", "key": KEY},
    "webhook_disabled": {"object": "whk_1", "detail": "failing", "webhook": {"url": "https://hooks.example.in/<x>"}},
    "key_leaked": {"object": "key_1", "key": KEY},
    "unknown_browser": {},
    "test": {},
}
MORE_CASES = [
    ("threshold_reached", {"object": "bud_1", "detail": "100", "budget": {"credit_limit": 10}}),
    ("webhook_disabled", {"object": "whk_1", "detail": "gone", "webhook": {"url": "https://hooks.example.in/"}}),
    ("key_leaked", {"object": "key_1", "key": {**KEY, "found_at": None}}),
    ("factors_changed", {"detail": "factor.removed"}),
    ("factors_changed", {"detail": "factors.reset", "network": None}),
    ("factors_changed", {"detail": "recovery_codes.replaced"}),
]


def letter(kind, **facts):
    return write_letter(MailKind(kind), ORIGIN, {**COMMON, **CASES[kind], **facts})


def words(text):
    return re.sub(r"[\s:]+", "", text)


def test_every_kind_has_a_case():
    assert {*CASES} == {kind.value for kind in MailKind}


@pytest.mark.parametrize(("kind", "facts"), [*CASES.items(), *MORE_CASES])
def test_each_letter_has_a_subject_and_both_forms(kind, facts):
    subject, text, html = write_letter(MailKind(kind), ORIGIN, {**COMMON, **facts})
    assert subject and "\n" not in subject and len(subject) < 200
    assert "<p" not in text and "&amp;" not in text and "  " not in text.replace("\n", "")
    assert max(len(line) for line in text.splitlines()) <= 100
    assert "\n\n\n" not in text and text.endswith("\n")
    assert html.startswith("<!doctype html>") and '<html lang="en">' in html
    assert "{{" not in text + html and "%%" not in subject + text + html


@pytest.mark.parametrize("kind", CASES)
def test_a_letter_loads_nothing_and_has_no_script(kind):
    html = letter(kind).html
    assert not re.search(r"<(img|script|link|iframe|object|form)\b|url\(|@import|@font-face|\bsrc=", html)
    assert {*re.findall(r'href="([^"]*)"', html)} == {*re.findall(rf'"({ORIGIN}/[^"]*)"', html)}


@pytest.mark.parametrize("kind", CASES)
def test_texts_of_others_are_no_markup(kind):
    html = letter(kind).html
    assert "<b>" not in html and "<i>" not in html and "<x>" not in html


def test_a_subject_is_escaped_once():
    subject, _, html = letter("invitation")
    assert subject == "You are invited to Acme & <b>Sons</b>"
    assert "<title>You are invited to Acme &amp; &lt;b&gt;Sons&lt;/b&gt;</title>" in html and "&amp;amp;" not in html


def test_both_forms_say_the_same():
    _, text, html = letter("threshold_reached")
    for line in ("TheAPIkeyZapier", "80%of its12", "Seethelimit"):
        assert words(line) in words(text) and words(line) in words(re.sub(r"<[^>]+>", "", html))


@pytest.mark.parametrize("name", ["Acme\r\nBcc: x@example.in", "Acme\u2028x", "\u202eemcA", "Acme\x00"])
def test_a_subject_is_one_line_whatever_names_contain(name):
    subject = letter("key_leaked", organization=name).subject
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", subject)


@pytest.mark.parametrize(
    "name",
    [
        "https://evil.example/x",
        "At evil.example",
        "www.evil.example",
        "ask@evil.example",
        "evil.example:80",
        "evil。example",
    ],
)
def test_a_name_is_no_link_in_any_mail_program(name):
    # Mail programs look for schemes, for names with dots, and for @, and also through the marks of a direction.
    for part in letter("invitation", organization=name):
        assert not re.search(r"evil[.。]example|://evil|@evil|www\.evil", part) and name in part.replace("\u200b", "")
    assert name not in letter("key_leaked", key={**KEY, "name": name}).text


def test_names_with_dots_between_words_stay():
    assert "Shah & Co. Ltd." in letter("invitation", organization="Shah & Co. Ltd.").text


def test_times_are_those_of_the_organization():
    assert "27 Nov 2026, 15:30 (Asia/Kolkata)" in letter("unknown_browser").text


def test_a_letter_is_written_in_its_language():
    facts = {**COMMON, **CASES["invitation"]}
    subject, text, html = write_letter(MailKind.INVITATION, ORIGIN, facts, HINDI)
    assert subject.startswith("आपको") and "HR की भूमिका" in text and '<html lang="hi">' in html
    assert "invited" not in text + html
    assert "मालिक" in write_letter(MailKind.INVITATION, ORIGIN, {**facts, "role": "owner"}, HINDI).text


def test_links_lead_to_the_service():
    assert f"{ORIGIN}/password/token" in letter("password_reset").text
    assert f"{ORIGIN}/settings/developer/keys/key_1" in letter("key_leaked").text
    assert f"{ORIGIN}/settings/webhooks/whk_1" in letter("webhook_disabled").text
