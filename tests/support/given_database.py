"""The database that the environment names for the tests, instead of a server that they start themselves."""

from __future__ import annotations

import os

from psycopg.conninfo import conninfo_to_dict, make_conninfo

OWNER, APPLICATION, STANDBY = "TEST_DATABASE_URL", "TEST_APP_DATABASE_URL", "TEST_READ_URL"


def given_database() -> str | None:
    """Return the owner's log-in to the given database; None if the tests start a server."""
    return os.environ.get(OWNER) or None


def given_application(conninfo: str) -> str | None:
    """Return the application's log-in to this database of the given server; None if the owner's is used."""
    return _on(APPLICATION, conninfo)


def given_settings(conninfo: str) -> dict[str, str]:
    """Return the settings with which a service uses this database of the given server, and its standby."""
    logins = {
        "SMARTDHANDHA_APP_DATABASE_URL": given_application(conninfo),
        "SMARTDHANDHA_READ_URL": _on(STANDBY, conninfo),
    }
    return {"DATABASE_URL": conninfo, **{name: value for name, value in logins.items() if value is not None}}


def _on(variable: str, conninfo: str) -> str | None:
    """Return the conninfo in a variable, with the database of `conninfo`; None if the variable is not set."""
    given = os.environ.get(variable)
    return make_conninfo(given, dbname=conninfo_to_dict(conninfo)["dbname"]) if given else None
