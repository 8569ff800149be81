"""The OS user that runs the PostgreSQL server.

PostgreSQL refuses to run as root. When root starts this program, PostgreSQL runs as a system user, which can access
only the data. When another user starts this program, PostgreSQL runs as that user.
"""

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from infra.postgres.embedded.errors import EmbeddedError

SYSTEM_USER = "smartdhandha"
_SBIN = "/usr/sbin:/sbin:/usr/bin:/bin"
_ADD_USER_COMMANDS = (
    (
        "useradd",
        "--system",
        "--user-group",
        "--no-create-home",
        "--home-dir",
        "/nonexistent",
        "--shell",
        "/sbin/nologin",
    ),
    ("adduser", "-S", "-D", "-H", "-h", "/nonexistent", "-s", "/sbin/nologin"),  # busybox
)


class OsUser(msgspec.Struct, frozen=True):
    """The user that owns the data and runs the server. `is_self` is true if this process runs as that user."""

    uid: int
    gid: int
    is_self: bool

    def run(self, command: Sequence[str | Path], cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run a program as this user.

        The environment of the program has no PG… variables, because these would change what PostgreSQL does. It has
        the C locale, because this code parses the output.
        """
        return subprocess.run(
            command,
            cwd=cwd,
            env={"PATH": _SBIN, "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            umask=0o077,
            check=False,
            user=None if self.is_self else self.uid,
            group=None if self.is_self else self.gid,
            extra_groups=None if self.is_self else [],
        )

    def give(self, path: Path) -> None:
        """Make this user the owner of a file or folder."""
        if not self.is_self:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def private_folder(self, path: Path) -> None:
        """Create a folder that only this user may enter.

        Raises EmbeddedError for an existing folder of another user, or one that others may enter.
        """
        try:
            path.mkdir(mode=0o700)
            self.give(path)
        except FileExistsError:
            found = path.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.uid or found.st_mode & 0o077:
                raise EmbeddedError(
                    f"{path} is not a private folder of the user {name_of(self.uid)}: "
                    f"run this as the user {name_of(found.st_uid)}, or set SMARTDHANDHA_DATA to another folder."
                ) from None

    def open_way_to(self, folder: Path, on_note: Callable[[str], None]) -> None:
        """Let this user reach `folder`: add search permission, not read permission, to each closed parent."""
        closed = [] if self.is_self else [p for p in (*reversed(folder.parents), folder) if not self._may_pass(p)]
        for path in closed:
            path.chmod(stat.S_IMODE(path.stat().st_mode) | stat.S_IXOTH)
        if closed:
            on_note(
                f"PostgreSQL runs as the user {SYSTEM_USER}, so other users may now pass through (not read) "
                f"{', '.join(map(str, closed))}."
            )

    def _may_pass(self, folder: Path) -> bool:
        found = folder.stat()
        if found.st_uid == self.uid:
            return bool(found.st_mode & stat.S_IXUSR)
        return bool(found.st_mode & (stat.S_IXGRP if found.st_gid == self.gid else stat.S_IXOTH))


def find_os_user() -> OsUser:
    """Return the user of this process. For root, return the system user; if it does not exist, add it."""
    if os.geteuid() != 0:
        return OsUser(uid=os.geteuid(), gid=os.getegid(), is_self=True)
    entry = _system_user() or _add_system_user()
    return OsUser(uid=entry.pw_uid, gid=entry.pw_gid, is_self=False)


def name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _system_user() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return None


def _add_system_user() -> pwd.struct_passwd:
    """Add the system user. After a failure, look it up again: another process may have added it."""
    said = "there is neither useradd nor adduser here"
    for program, *options in _ADD_USER_COMMANDS:
        found = shutil.which(program, path=_SBIN)
        if found:
            done = subprocess.run(
                [found, *options, SYSTEM_USER], check=False, capture_output=True, text=True, errors="replace"
            )
            entry = _system_user()
            if entry:
                return entry
            said = (done.stderr.strip().splitlines() or [f"{program} failed"])[-1]
    raise EmbeddedError(
        f"PostgreSQL does not run as root, and the user {SYSTEM_USER} could not be added for it ({said}): "
        "run this as an ordinary user, or set DATABASE_URL."
    )
