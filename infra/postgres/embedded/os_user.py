"""The OS user that runs the PostgreSQL server.

PostgreSQL refuses to run as root. When root starts this program, PostgreSQL runs as a system user, which can access
only the data. When another user starts this program, PostgreSQL runs as that user.
"""

import os
import stat
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from infra.postgres.embedded.errors import EmbeddedError
from infra.postgres.embedded.os_users import SBIN, UserMissing, find_or_add_system_user, may_pass, name_of

SYSTEM_USER = "smartdhandha"


class OsUser(msgspec.Struct, frozen=True):
    """The user that owns the data and runs the server. `is_self` is true if this process runs as that user."""

    uid: int
    gid: int
    is_self: bool

    def run(self, command: Sequence[str | Path], cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run a program as this user.

        The program gets no PG… variables, because these would change what PostgreSQL does. Its locale is C, because
        this code parses the output.
        """
        return subprocess.run(
            command,
            cwd=cwd,
            env={"PATH": SBIN, "LC_ALL": "C", "TZ": "UTC"},
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

    def private_folder(self, path: Path, others: int = 0o077) -> None:
        """Create a folder that only this user may enter. If the folder exists, check its owner and its permissions.

        `others` has the permission bits that must not be set. Raises EmbeddedError if one is set, or if the folder
        belongs to another user.
        """
        try:
            path.mkdir(mode=0o700)
            self.give(path)
        except FileExistsError:
            found = path.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.uid or found.st_mode & others:
                raise EmbeddedError(
                    f"{path} is not a private folder of the user {name_of(self.uid)}: "
                    f"run the command as {name_of(found.st_uid)}, or set SMARTDHANDHA_DATA to another folder."
                ) from None

    def open_way_to(self, folder: Path, on_note: Callable[[str], None]) -> None:
        """Let this user reach `folder`: add search permission, not read permission, to each closed parent."""
        way = [] if self.is_self else [*reversed(folder.parents), folder]
        closed = [path for path in way if not may_pass(path, self.uid, {self.gid})]
        for path in closed:
            path.chmod(stat.S_IMODE(path.stat().st_mode) | stat.S_IXOTH)
        if closed:
            on_note(
                f"PostgreSQL runs as the user {SYSTEM_USER}. To reach its data, all users may now enter (but not list) "
                f"{', '.join(map(str, closed))}."
            )


def find_os_user() -> OsUser:
    """Return the user of this process. For root, return the system user; if it does not exist, add it."""
    if os.geteuid() != 0:
        return OsUser(uid=os.geteuid(), gid=os.getegid(), is_self=True)
    try:
        entry = find_or_add_system_user(SYSTEM_USER)
    except UserMissing as error:
        raise EmbeddedError(
            f"PostgreSQL refuses to run as root, and the user {SYSTEM_USER} could not be added for it ({error}): "
            "run the command as an ordinary user, or set DATABASE_URL."
        ) from None
    return OsUser(uid=entry.pw_uid, gid=entry.pw_gid, is_self=False)
