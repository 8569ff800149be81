"""The form for a new key: the values that it accepts, and its messages for the others."""

import pytest

PATH = "/settings/developer"


def test_each_wrong_field_has_a_message_and_keeps_its_value(console):
    browser = console("admin")
    response = browser.fill(f"{PATH}/new", {"name": " ", "limit": "0", "expires": "2020-01-32"})
    assert response.status_code == 422
    for said in (
        "The name must have 1 to 200 characters",
        "The scopes: choose at least one",
        "The credit limit must be",
        "The expiry must be a day",
    ):
        assert said in response.text
    assert 'value="2020-01-32"' in response.text


def test_a_last_day_in_the_past_is_refused(console):
    fields = {"name": "Late", "scope": "billing:read", "limit": "1000", "expires": "2020-01-31"}
    response = console().fill(f"{PATH}/new", fields)
    assert response.status_code == 422 and "The expiry must be in the future" in response.text


def test_a_wrong_limit_and_a_past_day_are_reported_together(console):
    fields = {"name": "Late", "scope": "billing:read", "limit": "many", "expires": "2020-01-31"}
    response = console().fill(f"{PATH}/new", fields)
    assert (
        "The credit limit must be a whole number" in response.text
        and "The expiry must be in the future" in response.text
    )


@pytest.mark.parametrize(("text", "limit"), [("1,000", 1000), ("1,00,000", 100_000), ("1 000", 1000)])
def test_a_limit_may_have_separators(console, organization, owner, text, limit):
    console().fill(f"{PATH}/new", {"name": "Zapier", "scope": "billing:read", "limit": text})
    sql = "SELECT credit_limit FROM api_keys WHERE org_id = %s"
    assert owner.execute(sql, (organization.id,)).fetchall() == [(limit,)]


@pytest.mark.parametrize("text", ["1,,000", ",5", "-5", "1.000", "1e3"])
def test_a_limit_that_is_not_a_number_is_refused(console, text):
    response = console().fill(f"{PATH}/new", {"name": "Zapier", "scope": "billing:read", "limit": text})
    assert response.status_code == 422 and "The credit limit must be a whole number" in response.text


NEW = {"name": "Zapier", "scope": "billing:read", "limit": "1000"}


@pytest.mark.parametrize("name", ["", " ", "\u200b\u200d", "\u00a0", "\u2800", "\u3164", "x" * 201])
def test_a_name_that_nobody_can_see_or_that_is_too_long_is_refused(console, organization, owner, name):
    response = console().fill(f"{PATH}/new", {**NEW, "name": name})
    assert response.status_code == 422 and "The name must have 1 to 200 characters" in response.text
    assert owner.execute("SELECT FROM api_keys WHERE org_id = %s", (organization.id,)).fetchall() == []


@pytest.mark.parametrize("scopes", [["everything"], ["billing:read", "billing:admin"], ["BILLING:READ"], [""], []])
def test_a_scope_that_does_not_exist_is_refused_and_not_left_out(console, organization, owner, scopes):
    response = console().fill(f"{PATH}/new", {**NEW, "scope": scopes})
    assert response.status_code == 422 and "The scopes: choose at least one" in response.text
    assert owner.execute("SELECT FROM api_keys WHERE org_id = %s", (organization.id,)).fetchall() == []


@pytest.mark.parametrize("text", ["2100-01-02", "9999-12-30", "2199-03-31 10:00", "999999d", "2500-01-01T00:00:00Z"])
def test_an_expiry_after_2099_is_refused(console, text):
    response = console().fill(f"{PATH}/new", {**NEW, "expires": text})
    assert response.status_code == 422 and "The expiry must be before 2100" in response.text
