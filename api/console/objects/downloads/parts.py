"""The parts of a list that is downloaded. Before each, it is checked whether the user still may read the list."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from typing import Any, NamedTuple

from api.console.objects.kinds import ObjectKind
from api.ports.reads import MemberReads
from api.ports.request.deadline import own_deadline
from api.ports.request.streams import StreamBrokenOff
from api.ports.users import Users, role_may_read
from api.ports.users.files import FileOwner, ListFile, ListFiles
from domain.accounts.user import MANAGER_ROLES
from projections.query.page import ListQuery, Page

ROWS_PER_PART = 5000
"""How many rows one statement reads. They are in memory until the client has received them."""


class Downloader(NamedTuple):
    """Who downloads: a user in a session, and the organization that the session showed at the beginning."""

    token: str
    """The secret of the session."""
    org_id: str


class ListParts:
    """The pages of a list in its order. The next one is read when it is asked for, and nothing is held between two."""

    def __init__(
        self, kind: ObjectKind, query: Mapping[str, Any], who: Downloader, rows_per_part: int = ROWS_PER_PART
    ) -> None:
        self._kind, self._parameters, self._who, self._rows = kind, query, who, rows_per_part

    def query(self, rows: int | None = None, cursor: str | None = None) -> ListQuery:
        """Return the query of a page. `rows` is its largest number of rows. Raises InvalidQuery."""
        parameters = {**self._parameters} if cursor is None else {**self._parameters, "cursor": cursor}
        return self._kind.type.listing.query(self._who.org_id, parameters, rows=rows or self._rows)

    def beginning_with(self, page: Page, reads: MemberReads, users: Users) -> Iterator[Page]:
        """Yield this page and all that follow it. Raises StreamBrokenOff and Unavailable."""
        while True:
            yield page
            if page.next_cursor is None:
                return
            # The request has ended, so each part has a deadline of its own.
            with own_deadline():
                check_still_readable(users, self._who, self._kind.kind)
                page = reads.list_page(self._who.org_id, self.query(cursor=page.next_cursor))


def file_pieces(files: ListFiles, users: Users, who: Downloader, owner: FileOwner, file: ListFile) -> Iterator[bytes]:
    """Yield the pieces of a file that is ready, as ListParts yields pages. Raises StreamBrokenOff and Unavailable."""
    left, number = file.size, 0
    while left:
        with own_deadline():
            check_still_readable(users, who, file.kind)
            piece = files.read_piece(owner, file.id, number)
        if piece is None:
            raise _broken_off(who, "its file is gone")
        yield piece
        left, number = left - len(piece), number + 1


def check_still_readable(users: Users, who: Downloader, kind: str) -> None:
    """Raise StreamBrokenOff if the session has ended, or if the user may no longer read objects of this kind."""
    role = users.get_role(who.token, who.org_id)
    if role is None or not role_may_read(role, kind):
        raise _broken_off(who, _reason(role))


def check_still_manager(users: Users, who: Downloader) -> None:
    """Raise StreamBrokenOff if the session has ended, or if the user is neither owner nor admin any more."""
    with own_deadline():
        role = users.get_role(who.token, who.org_id)
    if role not in MANAGER_ROLES:
        raise _broken_off(who, _reason(role))


def while_manager(users: Users, who: Downloader, parts: Generator[bytes, None, None]) -> Iterator[bytes]:
    """Yield the parts of an export as long as its user is an owner or admin. Raises StreamBrokenOff."""
    with closing(parts):
        check_still_manager(users, who)
        for part in parts:
            yield part
            check_still_manager(users, who)


def _reason(role: str | None) -> str:
    return "its session has ended" if role is None else f"the role is now {role}"


def _broken_off(who: Downloader, reason: str) -> StreamBrokenOff:
    return StreamBrokenOff(f"a download of {who.org_id} was broken off: {reason}")
