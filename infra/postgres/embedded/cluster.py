"""The contents of a data folder: the cluster that initdb creates, its password, and its configuration.

postgresql/      the cluster, owned by the user that runs the server
server.conf      our configuration, written again at each start; the cluster's own configuration includes it
password         the superuser's password
password-application     the password of the application's log-in
run/  log/       the server's socket and its logs
turn.lock  users.lock     the locks of lease.py
"""

import hashlib
import locale
import os
import secrets
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from psycopg.conninfo import make_conninfo

from infra.postgres.embedded.binaries import major_version
from infra.postgres.embedded.configuration import configuration_of
from infra.postgres.embedded.errors import EmbeddedError
from infra.postgres.embedded.os_user import OsUser
from infra.postgres.embedded.os_users import name_of
from infra.postgres.schema.letters import ALL_LANGUAGES

DATABASE = "smartdhandha"
APPLICATION = "smartdhandha_web"
"""The log-in of the application."""
_APPLICATION_PASSWORD = "password-application"  # noqa: S105 -- the name of a file
_MAX_SOCKET_PATH_BYTES = 107 if sys.platform == "linux" else 103  # sockaddr_un.sun_path, without the NUL at its end
_OTHERS_OF_SOCKETS = 0o027
"""The permission bits that must not be set on the folder of the sockets. A group may enter it (see share_sockets)."""


class Cluster:
    """The files of one data folder. The folder must exist, and its path must be absolute and without links."""

    def __init__(self, data: Path, os_user: OsUser, programs: Path) -> None:
        self.data = data
        self.os_user = os_user
        self.programs = programs
        self.folder = data / "postgresql"
        self.log = data / "log"
        self.sockets = _socket_folder(data)

    def conninfo(self, database: str = DATABASE) -> str:
        """Return the conninfo of the superuser."""
        return self._conninfo(database, "postgres", (self.data / "password").read_text().strip())

    def application_conninfo(self) -> str:
        """Return the conninfo of the application's log-in, which is created at the first start of the server."""
        return self._conninfo(DATABASE, APPLICATION, self.application_password() or "")

    def application_password(self) -> str | None:
        """Return the password of the application's log-in; None if there is no file with it."""
        file = self.data / _APPLICATION_PASSWORD
        return file.read_text().strip() or None if file.exists() else None

    def keep_application_password(self, password: str) -> None:
        """Write the file with the password of the application's log-in."""
        self._write(_APPLICATION_PASSWORD, f"{password}\n")

    def _conninfo(self, database: str, user: str, password: str) -> str:
        return make_conninfo(host=str(self.sockets), port=5432, user=user, password=password, dbname=database)

    def create(self) -> None:
        """Create the cluster if there is none. If there is one, check that this PostgreSQL and this user can open it.

        initdb first writes to a folder with another name, so that an interrupted initdb leaves no incomplete cluster.
        Raises EmbeddedError.
        """
        if self.folder.exists():
            self._check()
            return
        self._write_password()
        part = self.folder.with_suffix(".part")
        if part.exists():
            shutil.rmtree(part)
        self.os_user.private_folder(part)
        self._initdb(part)
        with open(part / "postgresql.conf", "a", opener=_no_links) as configuration:
            configuration.write("\ninclude = '../server.conf'\n")
            configuration.flush()
            os.fsync(configuration.fileno())
        part.rename(self.folder)
        _sync_folder(self.data)

    def configure(self) -> None:
        """Write the configuration that the server reads when it starts, and create the folders that it writes to."""
        self.os_user.private_folder(self.log)
        self.os_user.private_folder(self.sockets, others=_OTHERS_OF_SOCKETS)
        self._write("server.conf", configuration_of(self.sockets))

    def share_sockets(self, gid: int) -> None:
        """Let a group enter the folder of the sockets. All other folders of the server stay closed to the group."""
        self.os_user.private_folder(self.sockets, others=_OTHERS_OF_SOCKETS)
        folder = os.open(self.sockets, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            os.fchown(folder, -1, gid)
            os.fchmod(folder, 0o750)
        finally:
            os.close(folder)

    def _initdb(self, folder: Path) -> None:
        """Run initdb with PostgreSQL's built-in locale: upper and lower case must not depend on the machine.

        The extension for searches does not use that locale, but the character type of the operating system.
        """
        options = [
            "--username=postgres",
            f"--pwfile={self.data / 'password'}",
            "--auth=scram-sha-256",
            "--data-checksums",
        ]
        locales = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        locales.append(f"--lc-ctype={_character_type()}")
        done = self.os_user.run([self.programs / "initdb", "-D", folder.name, *options, *locales], cwd=self.data)
        if done.returncode != 0:
            said = next((line for line in done.stdout.splitlines() if "error:" in line), done.stdout.strip()[-200:])
            raise EmbeddedError(f"initdb failed in {self.data}: {said.removeprefix('initdb: ')}.")

    def _check(self) -> None:
        uid = self.folder.stat().st_uid
        if uid != self.os_user.uid:
            raise EmbeddedError(
                f"{self.folder} belongs to the user {name_of(uid)} but would be used by {name_of(self.os_user.uid)}: "
                f"run the command as {name_of(uid)}, or set SMARTDHANDHA_DATA to another folder."
            )
        found = (self.folder / "PG_VERSION").read_text().strip()
        if found != major_version():
            raise EmbeddedError(
                f"{self.folder} was made by PostgreSQL {found}, but the bundled version is {major_version()}: set "
                f"SMARTDHANDHA_DATA to another folder, or move the data with pg_dump of PostgreSQL {found}."
            )
        if not (self.data / "password").exists():
            raise EmbeddedError(
                f"{self.data / 'password'} is missing: restore the file, or move {self.folder} away to start without "
                "data."
            )

    def _write_password(self) -> None:
        if not (self.data / "password").exists():
            self._write("password", secrets.token_urlsafe(32) + "\n")

    def _write(self, name: str, text: str) -> None:
        """Write a file of the data folder atomically. Only the server's user may read it."""
        handle, part = tempfile.mkstemp(prefix=f".{name}-", dir=self.data)
        try:
            with os.fdopen(handle, "w") as file:
                file.write(text)
                file.flush()
                os.fsync(handle)
            self.os_user.give(Path(part))
            Path(part).rename(self.data / name)
        except BaseException:
            Path(part).unlink(missing_ok=True)  # on a full disk, repeated attempts must not leave files behind
            raise
        _sync_folder(self.data)


def _character_type() -> str:
    """Return a locale here that knows the letters of all languages; `C`, which knows A to Z, if it has none."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ALL_LANGUAGES:
            with suppress(locale.Error):
                locale.setlocale(locale.LC_CTYPE, name)
                return name
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _socket_folder(data: Path) -> Path:
    """Return `run/` in the data folder; a folder in /tmp if libpq cannot use the path of a socket in `run/`.

    libpq cannot use a path that is too long, and splits a path at a comma. The environment variable TMPDIR is not used,
    because its value may differ between two processes that use the same data.
    """
    inside = data / "run"
    if len(os.fsencode(inside / ".s.PGSQL.5432")) <= _MAX_SOCKET_PATH_BYTES and "," not in str(inside):
        return inside
    return Path("/tmp") / f"smartdhandha-{hashlib.sha256(os.fsencode(data)).hexdigest()[:16]}"  # noqa: S108 -- 0700, checked


def _no_links(path: str, flags: int) -> int:
    """Open a file, but not through a link: root must not write where the owner of the folder has put a link."""
    return os.open(path, flags | os.O_NOFOLLOW)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
