"""The settings of one deployment. They are read from the environment once, here and nowhere else.

Each setting is one line of `Settings`. `.env.example` is written from these lines by `env_example`; a test compares
the two.
"""

import difflib
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.accounts.user.factors import Requirement
from infra.settings.mail import Mailbox, SmtpServer, parse_mail_from, parse_smtp_url
from infra.settings.networks import Network, parse_networks
from infra.settings.origins import parse_origins
from infra.settings.parsers import (
    LogLevel,
    SignUp,
    parse_bind,
    parse_contact,
    parse_database_url,
    parse_file,
    parse_fixed_bind,
    parse_flag,
    parse_folder,
    parse_header,
    parse_list_source,
    parse_log_level,
    parse_model_url,
    parse_origin,
    parse_page_url,
    parse_requirement,
    parse_signup,
    parse_user,
    whole_number,
)
from infra.settings.secret_keys import parse_secret_keys
from infra.settings.variable import PREFIX, setting, variables

SYSTEM_FOLDER = Path("/var/lib/smartdhandha")
"""The folder for data when root runs the service. It contains the data of each checkout, and a copy of PostgreSQL's
programs."""

DEFAULT_TRACE_DAYS = 400
"""How many days security events are kept: a year, and a month more to review that year."""

_OTHER_NAMES_OF_BIND = frozenset(("PORT", "HOST", "ADDRESS", "LISTEN"))
"""Names that other programs use for a setting like `bind`."""

_ALONE = {
    "app_database_url": (
        "SMARTDHANDHA_APP_DATABASE_URL needs DATABASE_URL, too: set DATABASE_URL to the log-in of the owner of the "
        "tables, for migrations and the background worker."
    ),
    "read_url": "SMARTDHANDHA_READ_URL needs DATABASE_URL, too: the bundled PostgreSQL has no standby.",
}
"""Settings that need DATABASE_URL, and what to say without it."""
_FOR_MAILS = {
    "mail_from": (
        "SMARTDHANDHA_SMTP_URL needs SMARTDHANDHA_MAIL_FROM, too: the address that mails come from, such as "
        "no-reply@example.in."
    ),
    "public_url": (
        "SMARTDHANDHA_SMTP_URL needs SMARTDHANDHA_PUBLIC_URL, too: the origin with which links in mails begin, such as "
        "https://api.example.in."
    ),
}
"""Settings that SMARTDHANDHA_SMTP_URL needs, and what to say without them."""
_SIGN_UP_NEEDS_MAILS = (
    "SMARTDHANDHA_SIGNUP=open needs SMARTDHANDHA_SMTP_URL, too: a mail confirms the address of who signs up. Or set it "
    "to invite."
)


class SettingsError(Exception):
    """The environment has invalid settings. `problems` contains a sentence for each invalid variable."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def default_data(root: Path | None = None, *, as_root: bool | None = None) -> Path:
    """Return the default data folder: `var/` of the checkout, or for root a folder in SYSTEM_FOLDER.

    `root` is the folder of the checkout. For the user root, PostgreSQL runs as another user, who must be able to reach
    the data. The folder's name contains a hash of the checkout's path, so that two checkouts never share data.
    """
    root = (root or _project_root()).resolve()
    if not (os.geteuid() == 0 if as_root is None else as_root):
        return root / "var"
    return SYSTEM_FOLDER / f"{root.name}-{hashlib.sha256(os.fsencode(root)).hexdigest()[:8]}"


def _project_root() -> Path:
    checkout = Path(__file__).resolve().parents[2]
    return checkout if (checkout / "setup.cfg").is_file() else Path.cwd()


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The values of all settings. `load` reads them from the environment."""

    bind: str = setting(parse_bind, "127.0.0.1:8000", "where to listen, as HOST:PORT (port 0: any free port)")
    data: Path = setting(
        parse_folder,
        default_data,
        f"folder for the bundled PostgreSQL (unset: var/ in the project; for root, a folder in {SYSTEM_FOLDER})",
    )
    database_url: str | None = setting(parse_database_url, None, "PostgreSQL server to use (unset: the bundled one)")
    app_database_url: str | None = setting(
        parse_database_url,
        None,
        "the application's own log-in to the same database, for the server processes (unset: that of DATABASE_URL)",
    )
    read_url: str | None = setting(
        parse_database_url,
        None,
        "the application's log-in to standbys of the database, for reads that may be a little behind (unset: all reads "
        "use the primary)",
    )
    user: str | None = setting(
        parse_user,
        None,
        "OS user of the processes that handle requests and run tasks, when root starts the service "
        "(unset: smartdhandha-web, which is added)",
    )
    workers: int = setting(whole_number(1, 64), "2", "server processes, 1 to 64")
    threads: int = setting(whole_number(1, 64), "4", "threads in each server process, 1 to 64")
    worker: bool = setting(parse_flag, "true", "whether serve also runs the background worker: true or false")
    senders: int = setting(
        whole_number(0, 8), "1", "processes beside the server processes that deliver events to webhooks, 0 to 8"
    )
    secret_key: tuple[str, ...] = setting(
        parse_secret_keys,
        tuple,
        "keys with which secrets of webhooks and of second factors are encrypted, separated by commas: the first "
        "encrypts, all decrypt (unset: the file secret.key in the data folder, which is created)",
    )
    webhook_allow: tuple[Network, ...] = setting(
        parse_networks,
        tuple,
        "networks that webhooks may reach although they are not public, separated by commas, such as 10.2.0.0/16 "
        "(unset: none)",
    )
    webhook_ca: Path | None = setting(
        parse_file, None, "file with certificates of authorities that webhooks also trust, in PEM (unset: none)"
    )
    log_level: LogLevel = setting(parse_log_level, "info", "lowest level that is logged: debug, info, warning or error")
    access_log: bool = setting(
        parse_flag, "true", "whether each request is logged, in JSON at level info: true or false"
    )
    reload: bool = setting(
        parse_flag,
        "false",
        "whether templates, static files and guides are read again when they change, for development: true or false",
    )
    metrics_bind: str | None = setting(
        parse_fixed_bind,
        None,
        "where to serve Prometheus metrics, as HOST:PORT, such as 127.0.0.1:9100 (unset: nowhere)",
    )
    public_url: str | None = setting(
        parse_origin,
        None,
        "origin of links when behind a proxy, such as https://api.example.com (unset: the origin of the request)",
    )
    smtp_url: SmtpServer | None = setting(
        parse_smtp_url,
        None,
        "server that takes the mails of the service: smtp://USER:PASSWORD@HOST:PORT (with STARTTLS; ?starttls=no "
        "without) or smtps://… (unset: no mails are sent)",
    )
    mail_from: Mailbox | None = setting(
        parse_mail_from, None, "address that mails come from, such as SmartDhandha <no-reply@example.in> (unset: none)"
    )
    cors_origins: tuple[str, ...] = setting(
        parse_origins,
        tuple,
        "origins of websites whose scripts may call the API from a browser, separated by commas, such as "
        "https://app.example.in (unset: none)",
    )
    assistant_rate: int = setting(
        whole_number(1, 100_000),
        "20",
        "questions that a client's address may ask the assistant in a minute, 1 to 100000",
    )
    address_header: str | None = setting(
        parse_header,
        None,
        "header in which your proxy sends the client's address, such as X-Forwarded-For (unset: no header is trusted)",
    )
    contact: str | None = setting(
        parse_contact,
        None,
        "who runs the service, for the footer, the log-in and error pages: an e-mail address or a URL, such as "
        "help@example.in (unset: nobody is named)",
    )
    signup: SignUp = setting(
        parse_signup,
        "invite",
        "how people become users of the console: open (anybody signs up; needs SMARTDHANDHA_SMTP_URL), invite (owners "
        "and admins invite them) or closed (only the operator adds them, with smartdhandha user create)",
    )
    terms_url: str | None = setting(
        parse_page_url,
        None,
        "page with the terms of your service, to which people agree who sign up, such as https://example.in/terms "
        "(unset: nothing is shown)",
    )
    github_keys_url: str | None = setting(
        parse_list_source,
        None,
        "URL or file with the public keys of GitHub's secret scanning, which reports leaked keys, such as "
        "https://api.github.com/meta/public_keys/secret_scanning (unset: no reports are taken)",
    )
    require_second_factor: Requirement = setting(
        parse_requirement,
        "none",
        "who must log in with a second factor: none, managers (owners and admins) or all",
    )
    sandbox: bool = setting(
        parse_flag,
        "false",
        "whether visitors may run a request from the start page, with test data that is kept for this: true or false",
    )
    trace_days: int = setting(
        whole_number(1, 36_500), str(DEFAULT_TRACE_DAYS), "days for which security events are kept, 1 to 36500"
    )
    llm_url: str | None = setting(
        parse_model_url,
        None,
        "URL of an OpenAI-compatible server that writes the assistant's answers, such as http://127.0.0.1:11434/v1 "
        "(unset: none)",
    )
    llm_model: str = setting(str, "default", "name of the model on that server")
    llm_key: str | None = setting(str, None, "API key for that server (unset: none)")


def load(environ: Mapping[str, str]) -> Settings:
    """Return the settings. An empty variable counts as unset, because env files and containers often set empty values.

    Raises SettingsError with a sentence for each invalid variable. An unknown variable with our prefix is invalid, too,
    because it may be a misspelt setting.
    """
    known = variables(Settings)
    problems = _unknown(environ, [variable.name for variable in known.values()])
    values: dict[str, Any] = {}
    for field, variable in known.items():
        try:
            values[field] = variable.read(environ)
        except ValueError as problem:
            problems.append(str(problem))
    if values.get("database_url", "") is None:
        problems += [_ALONE[field] for field in _ALONE if values.get(field)]
    if values.get("smtp_url") is not None:
        problems += [_FOR_MAILS[field] for field in _FOR_MAILS if values.get(field, "") is None]
    elif values.get("signup") == "open":
        problems.append(_SIGN_UP_NEEDS_MAILS)
    if problems:
        raise SettingsError(problems)
    return Settings(**values)


def env_example() -> str:
    """Return the text of `.env.example`."""
    head = (
        "# Every setting with its default. Copy this file to .env, uncomment what you change, and load the file with\n"
        "#     set -a; . ./.env; set +a\n"
    )
    return "\n".join([head, *(f"{variable.example()}\n" for variable in variables(Settings).values())])


def _unknown(environ: Mapping[str, str], known: list[str]) -> list[str]:
    unknown = sorted(name for name in environ if name.startswith(PREFIX) and name not in known)
    return [f"{name} is not a setting: {_advice(name.removeprefix(PREFIX), known)}" for name in unknown]


def _advice(name: str, known: list[str]) -> str:
    """Return what to write instead of the unknown setting SMARTDHANDHA_`name`.

    Names are compared without the prefix, because the prefix would make all of them similar.
    """
    if name in _OTHER_NAMES_OF_BIND:
        return "set SMARTDHANDHA_BIND to HOST:PORT, such as 127.0.0.1:8001."
    full_names = {each.removeprefix(PREFIX): each for each in known}
    similar = difflib.get_close_matches(name, full_names, n=1, cutoff=0.7)
    return f"did you mean {full_names[similar[0]]}?" if similar else f"write one of {', '.join(known)}, or unset it."
