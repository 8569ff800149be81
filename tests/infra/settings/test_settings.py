"""Settings: defaults that work, a clear sentence for each mistake, and an `.env.example` that is complete."""

from pathlib import Path

import pytest

from infra.settings import Settings, SettingsError, default_data, env_example, load
from infra.settings.variable import variables
from tests.support.cases import all_cases

PROJECT = Path(__file__).parents[3]


def problems(**environ):
    with pytest.raises(SettingsError) as refused:
        load(environ)
    return refused.value.problems


def test_without_any_variable_everything_has_its_default():
    settings = load({"HOME": "/somewhere"})
    assert (settings.bind, settings.workers, settings.threads, settings.log_level) == ("127.0.0.1:8000", 2, 4, "info")
    assert settings.database_url is None
    assert settings.public_url is None
    assert settings.data == default_data()


def test_a_variable_that_is_set_to_nothing_counts_as_unset():
    assert load(dict.fromkeys([v.name for v in variables(Settings).values()], "")) == load({})


@pytest.mark.parametrize("address", ["127.0.0.1:8000", "[::1]:8000", "localhost:0", "my_host-1.example:65535"])
def test_addresses_that_are_accepted(address):
    assert load({"SMARTDHANDHA_BIND": address}).bind == address


@all_cases(
    "address",
    [
        "8000",
        ":8000",
        "::1:8000",
        "[::1]",
        "[::g]:8000",
        "localhost",
        "localhost:",
        "localhost:65536",
        "a b:1",
        "h:-1",
        "h:٣",
    ],
)
def test_addresses_that_are_refused(address):
    (problem,) = problems(SMARTDHANDHA_BIND=address)
    hint = "HOST:PORT, such as 127.0.0.1:8000 or [::1]:8000"
    assert problem == f"SMARTDHANDHA_BIND must be {hint}, not {address!r}."


def test_metrics_are_off_until_they_have_an_address():
    assert load({}).metrics_bind is None
    assert load({"SMARTDHANDHA_METRICS_BIND": "[::1]:9100"}).metrics_bind == "[::1]:9100"
    assert "must be HOST:PORT" in problems(SMARTDHANDHA_METRICS_BIND="9100")[0]
    assert "with a port from 1 to 65535" in problems(SMARTDHANDHA_METRICS_BIND="127.0.0.1:0")[0]


@all_cases("name", ["SMARTDHANDHA_WORKERS", "SMARTDHANDHA_THREADS"])
@all_cases("count", ["0", "65", "-1", "2.0", "two", "1_0", "٣", "9" * 5000])
def test_counts_that_are_refused(name, count):
    assert problems(**{name: count}) == (f"{name} must be a whole number from 1 to 64, not {count!r}.",)


def test_counts_and_log_levels_that_are_accepted():
    settings = load({"SMARTDHANDHA_WORKERS": "64", "SMARTDHANDHA_THREADS": "1", "SMARTDHANDHA_LOG_LEVEL": "WARNING"})
    assert (settings.workers, settings.threads, settings.log_level) == (64, 1, "warning")
    (problem,) = problems(SMARTDHANDHA_LOG_LEVEL="loud")
    assert problem == "SMARTDHANDHA_LOG_LEVEL must be debug, info, warning or error, not 'loud'."


@pytest.mark.parametrize(
    "url", ["postgresql://u:p@h:5432/d", "postgres://h/d?sslmode=require", "host=/run/pg dbname=d password='a b'"]
)
def test_database_urls_that_are_accepted(url):
    assert load({"DATABASE_URL": url}).database_url == url


@pytest.mark.parametrize(
    "url", ["mysql://u:s3cret@h/d", "s3cret", "nonsense=s3cret", "postgresql://h/d?nonsense=s3cret"]
)
def test_a_refused_database_url_is_not_repeated_since_it_may_hold_a_password(url):
    (problem,) = problems(DATABASE_URL=url)
    assert problem.startswith("DATABASE_URL ")
    assert "postgresql://USER:PASSWORD@HOST:PORT/DATABASE" in problem
    assert "s3cret" not in problem


def test_a_public_url_is_an_origin():
    assert (
        load({"SMARTDHANDHA_PUBLIC_URL": "https://api.example.com:8443/"}).public_url == "https://api.example.com:8443"
    )


@all_cases(
    "url",
    [
        "api.example.com",
        "ftp://h",
        "https://",
        "https://h/path",
        "https://h?q",
        "https://u@h",
        "https://h:x",
        "http://[h",
    ],
)
def test_public_urls_that_are_refused(url):
    assert "must be an origin without a path" in problems(SMARTDHANDHA_PUBLIC_URL=url)[0]


def test_the_data_folder_becomes_an_absolute_path(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert load({"SMARTDHANDHA_DATA": "here/../there"}).data == tmp_path / "there"
    assert load({"SMARTDHANDHA_DATA": "~/there"}).data == Path.home() / "there"


def test_two_clones_of_one_name_never_share_data(tmp_path):
    one, two = (default_data(tmp_path / folder / "smartdhandha", as_root=True) for folder in ("a", "b"))
    assert one != two
    assert one.parent == two.parent == Path("/var/lib/smartdhandha")
    assert one.name.startswith("smartdhandha-")
    assert default_data(tmp_path, as_root=False) == tmp_path / "var"


def test_an_unknown_variable_is_refused_with_the_most_similar_name():
    assert problems(SMARTDHANDHA_WORKRES="2") == (
        "SMARTDHANDHA_WORKRES is not a setting: did you mean SMARTDHANDHA_WORKERS?",
    )


@pytest.mark.parametrize("name", ["SMARTDHANDHA_FOO", "SMARTDHANDHA_COLOUR"])
def test_an_unknown_variable_that_is_similar_to_none_is_refused_with_all_names(name):
    (said,) = problems(**{name: "2"})
    assert said.startswith(f"{name} is not a setting: write one of SMARTDHANDHA_BIND, ") and "DATABASE_URL" in said


@pytest.mark.parametrize("name", ["SMARTDHANDHA_PORT", "SMARTDHANDHA_HOST"])
def test_a_variable_for_the_port_or_host_alone_is_refused_with_the_name_of_the_address(name):
    advice = "set SMARTDHANDHA_BIND to HOST:PORT, such as 127.0.0.1:8001."
    assert problems(**{name: "8001"}) == (f"{name} is not a setting: {advice}",)


def test_all_problems_are_reported_at_once():
    messages = problems(SMARTDHANDHA_BIND="x", SMARTDHANDHA_WORKERS="x", SMARTDHANDHA_COLOUR="x", DATABASE_URL="x")
    assert [problem.split()[0] for problem in messages] == [
        "SMARTDHANDHA_COLOUR",
        "SMARTDHANDHA_BIND",
        "DATABASE_URL",
        "SMARTDHANDHA_WORKERS",
    ]


def test_env_example_lists_every_setting():
    assert (PROJECT / ".env.example").read_text() == env_example()


def test_a_refused_model_url_is_not_repeated_since_its_path_may_hold_a_secret():
    (problem,) = problems(SMARTDHANDHA_LLM_URL="ftp://h/s3cret")
    assert problem.startswith("SMARTDHANDHA_LLM_URL must be the URL of an OpenAI-compatible server")
    assert "s3cret" not in problem


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("help@example.in", "mailto:help@example.in"),
        ("a.b+c@mail.example.co.in", "mailto:a.b+c@mail.example.co.in"),
        ("https://example.in/help", "https://example.in/help"),
    ],
)
def test_a_contact_is_an_address_or_a_page(text, url):
    assert load({"SMARTDHANDHA_CONTACT": text}).contact == url


@pytest.mark.parametrize("text", ["help", "javascript:alert(1)", "a@b", 'https://x/"><b>', "mailto:a b@example.in"])
def test_other_contacts_are_refused(text):
    with pytest.raises(SettingsError, match="must be an e-mail address or a URL"):
        load({"SMARTDHANDHA_CONTACT": text})
