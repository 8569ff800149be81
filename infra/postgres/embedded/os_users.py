"""Accounts of the operating system, under which parts of the service run when root starts it."""

from __future__ import annotations

import pwd
import shutil
import stat
import subprocess
from collections.abc import Collection
from pathlib import Path

SBIN = "/usr/sbin:/sbin:/usr/bin:/bin"
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


class UserMissing(Exception):
    """The user does not exist and could not be added. The message is the reason."""


def find_user(name: str) -> pwd.struct_passwd | None:
    """Return the entry of a user; None if there is none."""
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def find_or_add_system_user(name: str) -> pwd.struct_passwd:
    """Return the entry of a system user. If there is none, add the user, without a password and without a home folder.

    Only root can add a user. Raises UserMissing.
    """
    return find_user(name) or _add(name)


def name_of(uid: int) -> str:
    """Return the user's name; the number as a text if the user has no entry."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def may_pass(folder: Path, uid: int, gids: Collection[int]) -> bool:
    """Return whether the user `uid`, a member of the groups `gids`, has search permission on the folder.

    With this permission, the user can open files inside the folder by name.
    """
    found = folder.stat()
    if found.st_uid == uid:
        return bool(found.st_mode & stat.S_IXUSR)
    return bool(found.st_mode & (stat.S_IXGRP if found.st_gid in gids else stat.S_IXOTH))


def _add(name: str) -> pwd.struct_passwd:
    """Add the user. After a failure, look the user up again: another process may have added it."""
    said = "there is neither useradd nor adduser here"
    for program, *options in _ADD_USER_COMMANDS:
        found = shutil.which(program, path=SBIN)
        if found:
            done = subprocess.run(
                [found, *options, name], check=False, capture_output=True, text=True, errors="replace"
            )
            entry = find_user(name)
            if entry:
                return entry
            said = (done.stderr.strip().splitlines() or [f"{program} failed"])[-1]
    raise UserMissing(said)
