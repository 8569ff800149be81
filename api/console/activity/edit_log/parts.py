"""An edit log as a file, piece by piece: each page is read when the client has received the one before."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import BinaryIO, Protocol

from api.console.activity.edit_log.csv_file import CsvFile
from api.console.activity.edit_log.facts import Check, Fact, Source, facts_of, findings_follow, findings_of
from api.console.activity.edit_log.lines import Line, Names, lines_of
from api.console.objects.downloads.parts import Downloader, check_still_manager
from api.pages.translation import in_language, language
from api.ports.organization.edit_log import EditLog
from api.ports.users import Users


class EditLogFile(Protocol):
    """A file in one of the formats, while it is written."""

    facts_first: bool

    def begin(self, facts: Iterable[Fact]) -> None:
        """Write what stands above the lines, or keep it."""

    def add(self, lines: Iterable[Line]) -> None:
        """Write the next lines."""

    def end(self, facts: Sequence[Fact] = ()) -> None:
        """Write what came of the check, and complete the file."""


FileType = Callable[[BinaryIO, str], EditLogFile]
"""Begins a file on a binary stream, for a time zone."""


class EditLogParts:
    """The pieces of the file, in the language of the thread that has made this object."""

    def __init__(
        self, edit_log: EditLog, source: Source, names: Names, who: Downloader, users: Users, file: FileType = CsvFile
    ) -> None:
        self._edit_log, self._source, self._names = edit_log, source, names
        self._who, self._users, self._language = who, users, language()
        self._out = io.BytesIO()
        self._file = file(self._out, source.time_zone)

    def __iter__(self) -> Iterator[bytes]:
        """Yield the facts, the lines of each page, and what the check found. Raises StreamBrokenOff and Unavailable."""
        yield self._begin()
        while self._edit_log.has_more:
            check_still_manager(self._users, self._who)
            yield self._page()
        yield self._end()

    def _begin(self) -> bytes:
        with in_language(self._language):
            self._file.begin([*facts_of(self._source), *([findings_follow()] if self._file.facts_first else [])])
        return self._taken()

    def _page(self) -> bytes:
        changes = self._edit_log.read()
        with in_language(self._language):
            self._file.add(line for change in changes for line in lines_of(change, self._names))
        return self._taken()

    def _end(self) -> bytes:
        first, reached, broken = self._edit_log.first, self._edit_log.reached, self._edit_log.broken
        with in_language(self._language):
            self._file.end(findings_of(Check(first, reached, first, reached, *(broken or ()))))
        return self._taken()

    def _taken(self) -> bytes:
        taken = self._out.getvalue()
        self._out.seek(0)
        self._out.truncate()
        return taken
