"""What a request without a well-formed key is told: which mistake it is, and nothing of what was sent."""

import base64
import io
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.advice.credentials import problem_of
from api.http.authentication import presented_key
from api.ports.request.deadline import ARRIVED
from domain.accounts.key_secret import new_secret
from tests.support.cases import all_cases

KEY = new_secret(lambda alphabet: alphabet[7])
ORIGIN = "https://api.example.com"
PAGE = f"{ORIGIN}/settings/developer"
EXAMPLE, VARIABLE, EMPTY = "the example of a key", "The name of a variable", "The key is empty"
ENVIRONMENT, SERVICE, ID = "of another environment", "of another service", "an id, and not a key"
SHOWN_ONCE = "The console shows a whole key once"


def message(code, header="", **environ):
    """The message of the error, whose code must be this one."""
    authorization = {"HTTP_AUTHORIZATION": header.encode().decode("latin-1")} if header else {}
    problem = problem_of({**authorization, **environ}, ORIGIN)
    assert problem.code == code
    return problem.message


@all_cases(
    ("problem", "sent"),
    [
        *((EXAMPLE, sent) for sent in ("sd_live_…", "sd_live_...", "sd_live_xxx", "sd_live_XXXXXXXX", "sd_live_")),
        *((EXAMPLE, sent) for sent in ("sd_live_your_key_here", "sd_live_mykey", "sd_live_EXAMPLE", "sd_live_0000")),
        *((EXAMPLE, sent) for sent in ("YOUR_SECRET_TOKEN", "YOUR_API_KEY", "<your key>", "[key]", "your-key", "…")),
        *((EXAMPLE, sent) for sent in ("api_key", "TOKEN", "xxxx", "****", '"sd_live_…"', "'YOUR_API_KEY'")),
        *((VARIABLE, sent) for sent in ("$SD_KEY", "${SD_KEY}", '"$SD_KEY"', "$env:SD_KEY", "%SD_KEY%", "{{apiKey}}")),
        *((VARIABLE, sent) for sent in ("{{ $json.key }}", "={{ $env.KEY }}", "{api_key}", "process.env.SD_KEY")),
        *((VARIABLE, sent) for sent in ("os.environ['SD_KEY']", "getenv('SD_KEY')")),
        *((EMPTY, sent) for sent in ("undefined", "null", "None", "[object Object]")),
        *((ENVIRONMENT, sent) for sent in ("sd_demo_4eC39HqLyjWDarjtT1zdp7dc", "sd_sandbox_abc", f"sd_prod_{KEY[8:]}")),
        *((SERVICE, sent) for sent in ("sk_live_51H", "sk-proj-abc", "pk_test_x", "whsec_a", "ghp_a", "xoxb-1-2")),
        *((SERVICE, sent) for sent in ("eyJhbGciOi.eyJzdWIi.SflKx", "AKIAIOSFODNN7EXAMPLE")),
        *((ID, sent) for sent in ("key_01KEXAMPLE0000000000000000", "org_01KEXAMPLE0000000000000000")),
        (SHOWN_ONCE, "sd_live_…wxyz"),
        (SHOWN_ONCE, "sd_live_****wxyz"),
        ("it has 43 characters, and a key has 44", KEY[:-1]),
        ("it has 16 characters", "sd_live_mistyped"),
        ("Before or after this API key there is other text", f"{KEY}0"),
        ("mistyped", f"{KEY[:20]}X{KEY[21:]}"),
        ("mistyped", f"sd_test_{KEY[8:]}"),
        (EXAMPLE, "sd_test_…"),
        (SHOWN_ONCE, "sd_test_…wxyz"),
        ("in lower case", KEY.upper()),
        ("There is a blank in the key", f"{KEY[:20]} {KEY[20:]}"),
        ("quotes, brackets or other signs", f'"{KEY}"'),
        ("quotes, brackets or other signs", f"<{KEY}>"),
        ("quotes, brackets or other signs", f"“{KEY}”"),
        ("quotes, brackets or other signs", f"{KEY},"),
        ("The header contains the word Bearer twice", f"Bearer {KEY}"),
        ("The header contains the word Bearer twice", f"bearer: {KEY}"),
        ("keys begin with sd_live_", "hunter2!"),
    ],
)
def test_what_is_no_key_is_called_what_it_is(problem, sent):
    text = message("invalid_api_key", f"Bearer {sent}")
    assert problem in text
    assert (PAGE in text) == (problem in (EXAMPLE, ENVIRONMENT, SERVICE, ID, SHOWN_ONCE))


def basic(credentials):
    return f"Basic {base64.b64encode(credentials.encode()).decode()}"


@all_cases(
    ("problem", "header"),
    [
        ("There is no key after the word Bearer", "Bearer"),
        ("There is no key after the word Bearer", "bearer   "),
        ("there must be one blank", f"Bearer: {KEY}"),
        ("there must be one blank", f"Bearer{KEY}"),
        ("The word Bearer is missing before the key", KEY),
        ("The word Bearer is missing", "hunter2"),
        ("must begin with the word Bearer", f"Token {KEY}"),
        ("must begin with the word Bearer", "ApiKey foo"),
        ("as the user name of Basic authentication", basic(f"{KEY}:")),
        ("as the password of Basic authentication", basic(f"api:{KEY}")),
        ("does not use Basic authentication", basic("a:b")),
        ("does not use Basic authentication", "Basic !"),
    ],
)
def test_a_key_after_another_word_is_found(problem, header):
    text = message("missing_credentials", header)
    assert problem in text and "Authorization: Bearer sd_live_…" in text


@all_cases("name", ["X-Api-Key", "Api-Key", "Token", "X-Auth-Token", "Proxy-Authorization"])
@all_cases("value", [KEY, "hunter2"])
def test_a_key_in_the_header_of_another_product_is_found(name, value):
    environ = {f"HTTP_{name.upper().replace('-', '_')}": value}
    assert f"The key is in the header {name}," in message("missing_credentials", **environ)


@pytest.mark.parametrize("environ", [{"HTTP_COOKIE": f"session={KEY}"}, {"HTTP_X_ANYTHING": f"Bearer {KEY}"}])
def test_a_key_in_any_other_header_is_found(environ):
    assert "in a header other than Authorization" in message("missing_credentials", **environ)


ARRIVED_BODY = {ARRIVED: 1.0, "wsgi.input": io.BytesIO(f'{{"apiKey": "{KEY}"}}'.encode())}


@all_cases(
    ("place", "environ"),
    [
        ("URL", {"QUERY_STRING": f"api_key={KEY}"}),
        ("URL", {"QUERY_STRING": "limit=1&access_token=hunter2"}),
        ("URL", {"QUERY_STRING": f"x={KEY.replace('_', '%5F')}"}),
        ("URL", {"PATH_INFO": f"/api/v1/invoices/{KEY}"}),
        ("body", ARRIVED_BODY),
    ],
)
@all_cases("header", ["", "Bearer $SD_KEY"])
def test_a_key_in_the_url_or_in_the_body_is_called_leaked(place, environ, header):
    if place == "body":
        environ["wsgi.input"].seek(0)
    text = message("missing_credentials", header, **environ)
    assert f"There is an API key in the {place}." in text and "is leaked: rotate it" in text and PAGE in text


def test_a_body_that_has_not_arrived_is_not_waited_for():
    assert "leaked" not in message("missing_credentials", **{"wsgi.input": None})


def test_without_anything_it_says_what_to_send_and_where_keys_are_made():
    assert message("missing_credentials").startswith("Send your API key in the header: Authorization: Bearer sd_live_…")
    assert PAGE in message("missing_credentials")


ALNUM = string.ascii_letters + string.digits


@given(
    scheme=st.sampled_from(["", "Bearer ", "Bearer", "Basic ", "Token ", "Bearer Bearer ", 'Bearer "']),
    sent=st.one_of(
        st.text(st.characters(min_codepoint=33, max_codepoint=255), min_size=8),
        st.text(ALNUM, min_size=8, max_size=40).map("sd_live_{}".format),
        st.text(ALNUM, min_size=8, max_size=60).map("sk_live_{}".format),
    ),
)
def test_no_header_is_repeated_and_every_one_is_answered(scheme, sent):
    header = f"{scheme}{sent}"
    if presented_key(header) is None:
        problem = problem_of({"HTTP_AUTHORIZATION": header}, ORIGIN)
        secret = sent.removeprefix("sd_live_").removeprefix("sk_live_")
        assert secret not in problem.message
        assert problem.message.endswith(".") and len(problem.message) < 400
