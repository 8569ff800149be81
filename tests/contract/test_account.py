"""`/me` and `/usage`: they are free, and their numbers are exact."""

from datetime import UTC, datetime, timedelta

from domain.accounts.window import CREDIT_WINDOW
from infra.identity.keys import create_key, rotate_key
from tests.support.client import Api, error_of
from tests.support.scenarios import draft_invoice

WINDOW_KEYS = {"limit", "used", "remaining", "windowDays", "resetAt", "fullyResetAt"}


def test_me_shows_the_organization_the_key_and_the_window(organization):
    key = organization.new_key(["billing:read"], limit=5)
    api = organization.api(["billing:read"], limit=5)
    me = api.read("me")
    assert me["organization"] == {"id": organization.id, "name": "Test Traders", "timeZone": "Asia/Kolkata"}
    assert me["key"]["scopes"] == ["billing:read"]
    assert me["key"]["lastFour"] == api.key[-4:]
    assert me["key"]["lastUsedAt"] is None
    assert me["key"]["id"] != key.row["id"]
    assert me["credits"] == {
        "limit": 5,
        "used": 0,
        "remaining": 5,
        "windowDays": 30,
        "resetAt": None,
        "fullyResetAt": None,
    }


def test_me_shows_these_fields_and_no_others(api):
    me = api.read("me")
    assert set(me) == {"organization", "key", "livemode", "credits", "organizationCredits"}
    assert me["organizationCredits"] is None
    assert set(me["key"]) == {"id", "name", "lastFour", "scopes", "createdAt", "expiresAt", "lastUsedAt"} | {
        "presentedLastFour",
        "managesKeys",
        "allowedCidrs",
        "burst",
    }
    assert (me["key"]["name"], me["key"]["expiresAt"]) == ("a test", None)


def test_during_an_overlap_me_tells_which_secret_was_presented(organization, owner):
    old = organization.new_key()
    new = rotate_key(owner, old.row["id"], timedelta(hours=1))
    for key in (old, new):
        with Api(organization.url, key.raw) as api:
            told = api.read("me")["key"]
        assert (told["lastFour"], told["presentedLastFour"]) == (new.raw[-4:], key.raw[-4:])


def test_a_key_was_last_used_by_the_last_request_that_cost_a_credit(api, organization, owner):
    api.read("invoices")
    api.read("bills")
    used = api.read("me")["key"]["lastUsedAt"]
    (last,) = owner.execute("SELECT max(at) FROM credits WHERE key_id = %s", (api.read("me")["key"]["id"],)).fetchone()
    assert datetime.fromisoformat(used) == last


def test_a_key_says_when_it_expires(organization, owner):
    end = datetime(2099, 1, 1, tzinfo=UTC)
    key = create_key(owner, organization.id, "short", ("billing:read",), 10, end)
    with Api(organization.url, key.raw) as api:
        assert api.read("me")["key"]["expiresAt"] == "2099-01-01T00:00:00.000000Z"


def test_me_and_usage_work_without_credit(organization):
    api = organization.api(limit=1)
    api.read("invoices")
    error_of(api.get("invoices"), 429, "rate_limited")
    for free in (api.read("me")["credits"], api.read("usage")):
        assert (free["limit"], free["used"], free["remaining"], free["windowDays"]) == (1, 1, 0, 30)
        assert free["resetAt"] == free["fullyResetAt"]


def test_usage_of_a_key_that_spent_nothing_names_no_reset(api):
    usage = api.read("usage")
    assert (usage["used"], usage["resetAt"], usage["fullyResetAt"]) == (0, None, None)
    assert {bucket["credits"] for bucket in usage["buckets"]} == {0}
    assert usage["granularity"] == "day"


def test_me_and_usage_cost_nothing(api):
    draft_invoice(api)
    for _ in range(3):
        assert api.read("me")["credits"]["used"] == 1
        assert api.read("usage")["used"] == 1


def test_usage_adds_up_by_day_and_by_hour(api):
    for _ in range(3):
        api.read("invoices")
    days, hours = CREDIT_WINDOW.days, CREDIT_WINDOW // timedelta(hours=1)
    for granularity, expected in (("day", (days + 1, days + 2)), ("hour", (hours, hours + 1))):
        usage = api.read("usage", granularity=granularity)
        assert set(usage) == WINDOW_KEYS | {"windowStart", "granularity", "buckets", "organizationCredits"}
        assert sum(bucket["credits"] for bucket in usage["buckets"]) == usage["used"] == 3
        assert len(usage["buckets"]) in expected
        starts = [bucket["start"] for bucket in usage["buckets"]]
        assert starts == sorted(set(starts))
        assert usage["resetAt"] <= usage["fullyResetAt"]
        assert usage["windowStart"] < usage["buckets"][1]["start"]


def test_usage_adds_up_when_the_databases_clock_was_set_back(api, organization, owner):
    """What was spent before is later than now, and so is what is spent until the clock has caught up."""
    for _ in range(3):
        api.read("invoices")
    ahead = {"ahead": timedelta(hours=25), "key": api.read("me")["key"]["id"]}
    owner.execute("UPDATE credits SET at = at + %(ahead)s WHERE key_id = %(key)s", ahead)
    later = "UPDATE credit_windows SET first_at = first_at + %(ahead)s, last_at = last_at + %(ahead)s"
    owner.execute(f"{later} WHERE key_id = %(key)s", ahead)
    api.read("invoices")
    for granularity in ("day", "hour"):
        usage = api.read("usage", granularity=granularity)
        assert sum(bucket["credits"] for bucket in usage["buckets"]) == usage["used"] == 4


def test_usage_by_day_begins_at_the_organizations_midnight(api):
    assert {bucket["start"][11:] for bucket in api.read("usage")["buckets"]} == {"18:30:00.000000Z"}


def test_usage_refuses_another_granularity(api):
    error = error_of(api.get("usage", params={"granularity": "week"}), 400, "invalid_parameter")
    assert error["details"][0]["field"] == "granularity"
