"""Settings of one deployment. This is the only module that reads the environment, so that there is one list of what can
be set, one place where a mistake is refused, and nothing that changes its mind half way through a run.

Each setting is one line of `Settings`: its type, and beside it the variable, its meaning, its parser and its default.
`.env.example` is written from those lines by `env_example`, and a test holds the two together.
"""

import difflib
import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

import msgspec

from infra.settings import parsers
from infra.settings.parsers import LogLevel

PREFIX = "SMARTDHANDHA_"
SYSTEM_FOLDER = Path("/var/lib/smartdhandha")
"""Where everything lives that root starts: the data of each checkout, and PostgreSQL's programs for its own user."""


_ADDRESS = frozenset(("PORT", "HOST", "ADDRESS", "LISTEN"))
"""What other programs call the address to listen at."""


class SettingsError(Exception):
    """The environment cannot be used as it is; `problems` holds one sentence for each variable that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class Variable(msgspec.Struct, frozen=True):
    """One environment variable: `parse` raises ValueError with the rest of a sentence that starts with its name."""

    name: str
    meaning: str
    parse: Callable[[str], object]
    default: str | None = None
    unset: Callable[[], object] = lambda: None

    def read(self, environ: Mapping[str, str]) -> object:
        text = environ.get(self.name, "").strip() or self.default
        return self.unset() if text is None else self.parse(text)


def default_data(root: Path | None = None, *, as_root: bool | None = None) -> Path:
    """`var/` of the checkout. Root's data lives under `SYSTEM_FOLDER`, because PostgreSQL then runs as a user of its
    own that must be able to reach it; the hash gives each checkout its own, so that two clones never share.
    """
    root = (root or _project_root()).resolve()
    if not (os.geteuid() == 0 if as_root is None else as_root):
        return root / "var"
    return SYSTEM_FOLDER / f"{root.name}-{hashlib.sha256(os.fsencode(root)).hexdigest()[:8]}"


def _project_root() -> Path:
    above = Path(__file__).resolve().parents[2]
    return above if (above / "setup.cfg").is_file() else Path.cwd()


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What can be set from outside; `load` is the way to get one."""

    bind: Annotated[
        str,
        Variable(
            "SMARTDHANDHA_BIND",
            "where to listen, as HOST:PORT (port 0: any free one)",
            parsers.address,
            "127.0.0.1:8000",
        ),
    ]
    data: Annotated[
        Path,
        Variable(
            "SMARTDHANDHA_DATA",
            f"folder of the bundled PostgreSQL's data (unset: var/ in the project; for root, under {SYSTEM_FOLDER})",
            parsers.folder,
            unset=default_data,
        ),
    ]
    database_url: Annotated[
        str | None,
        Variable(
            "DATABASE_URL", "a PostgreSQL server to use (unset: the bundled one is started)", parsers.database_url
        ),
    ]
    workers: Annotated[int, Variable("SMARTDHANDHA_WORKERS", "worker processes, 1 to 64", parsers.count, "2")]
    threads: Annotated[
        int, Variable("SMARTDHANDHA_THREADS", "threads in each worker process, 1 to 64", parsers.count, "4")
    ]
    worker: Annotated[
        bool,
        Variable(
            "SMARTDHANDHA_WORKER", "whether serve also runs the background worker: true or false", parsers.flag, "true"
        ),
    ]
    log_level: Annotated[
        LogLevel,
        Variable(
            "SMARTDHANDHA_LOG_LEVEL",
            "least severe messages to log: debug, info, warning or error",
            parsers.log_level,
            "info",
        ),
    ]
    access_log: Annotated[
        bool,
        Variable(
            "SMARTDHANDHA_ACCESS_LOG",
            "whether each request is logged, one JSON line at level info: true or false",
            parsers.flag,
            "true",
        ),
    ]
    reload: Annotated[
        bool,
        Variable(
            "SMARTDHANDHA_RELOAD",
            "whether templates, static files and guides are read again when they change, for development: "
            "true or false",
            parsers.flag,
            "false",
        ),
    ]
    metrics_bind: Annotated[
        str | None,
        Variable(
            "SMARTDHANDHA_METRICS_BIND",
            "where to serve Prometheus metrics, as HOST:PORT, such as 127.0.0.1:9100 (unset: nowhere)",
            parsers.fixed_address,
        ),
    ]
    public_url: Annotated[
        str | None,
        Variable(
            "SMARTDHANDHA_PUBLIC_URL",
            "origin for links when behind a proxy, such as https://api.example.com (unset: that of the request)",
            parsers.origin,
        ),
    ]
    assistant_rate: Annotated[
        int,
        Variable(
            "SMARTDHANDHA_ASSISTANT_RATE",
            "questions that one address may ask the assistant in a minute, 1 to 100000",
            parsers.rate,
            "20",
        ),
    ]
    address_header: Annotated[
        str | None,
        Variable(
            "SMARTDHANDHA_ADDRESS_HEADER",
            "header in which the proxy in front names its caller, such as X-Forwarded-For (unset: none is believed)",
            parsers.header_name,
        ),
    ]
    llm_url: Annotated[
        str | None,
        Variable(
            "SMARTDHANDHA_LLM_URL",
            "an OpenAI-compatible server that writes the assistant's answers, such as http://127.0.0.1:11434/v1 "
            "(unset: answers are composed without a model)",
            parsers.model_url,
        ),
    ]
    llm_model: Annotated[
        str, Variable("SMARTDHANDHA_LLM_MODEL", "the model that this server is asked for", str, "default")
    ]
    llm_key: Annotated[
        str | None, Variable("SMARTDHANDHA_LLM_KEY", "the key that this server is sent (unset: none)", str)
    ]


def variables() -> dict[str, Variable]:
    """Each field of `Settings` with its variable, in order."""
    hints = get_type_hints(Settings, include_extras=True)
    return {field: next(a for a in get_args(hint) if isinstance(a, Variable)) for field, hint in hints.items()}


def load(environ: Mapping[str, str]) -> Settings:
    """Reads the settings; a variable that is set to nothing counts as unset, as env files and containers write it.

    Raises SettingsError with one sentence for every malformed variable and every unknown one that bears our prefix,
    since a misspelt setting that is quietly ignored is found out only when it would have mattered.
    """
    table = variables()
    problems = _unknown(environ, [variable.name for variable in table.values()])
    found: dict[str, Any] = {}
    for field, variable in table.items():
        try:
            found[field] = variable.read(environ)
        except ValueError as wrong:
            problems.append(f"{variable.name} {wrong}")
    if problems:
        raise SettingsError(problems)
    return Settings(**found)


def _unknown(environ: Mapping[str, str], known: list[str]) -> list[str]:
    problems = []
    bare = {name.removeprefix(PREFIX): name for name in known}
    for name in sorted(name for name in environ if name.startswith(PREFIX) and name not in known):
        own = name.removeprefix(PREFIX)  # what all names begin with makes none of them like another
        near = difflib.get_close_matches(own, bare, n=1, cutoff=0.7)
        if own in _ADDRESS:
            advice = "set SMARTDHANDHA_BIND to HOST:PORT, such as 127.0.0.1:8001."
        elif near:
            advice = f"did you mean {bare[near[0]]}?"
        else:
            advice = f"write one of {', '.join(known)}, or unset it."
        problems.append(f"{name} is not a setting: {advice}")
    return problems


def env_example() -> str:
    """The text of `.env.example`."""
    lines = ["# Every setting with its default. Copy this file to .env, uncomment what you change, and load it with"]
    lines += ["#     set -a; . ./.env; set +a"]
    for variable in variables().values():
        lines += [
            "",
            f"# {variable.meaning[0].upper()}{variable.meaning[1:]}.",
            f"#{variable.name}={variable.default or ''}",
        ]
    return "\n".join(lines) + "\n"
