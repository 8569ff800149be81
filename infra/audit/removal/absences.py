"""Organizations that are not there: whether one was removed, and whether it agrees with what a verifier has kept.

The record says how the log ended. What was kept of an earlier end can only be compared with the events, which are in
the copy that was made before. The record has its hash.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import file_digest
from pathlib import Path
from typing import NamedTuple

from infra.audit.copies.checks import MAX_LINE
from infra.audit.copies.reader import CopyReader
from infra.audit.kept import Kept
from infra.audit.removal.records import Removal
from infra.log.proofs.chain import Break
from infra.log.proofs.notes import NoteRefused


class Absence(NamedTuple):
    """What is known of an organization that is not there."""

    events: int
    """How many events its log had, if a record says so; otherwise 0."""
    broken: Break | None
    """What is wrong; None if an operator has removed it, and it agrees with what was kept, as far as was compared."""
    removed_at: str | None = None
    not_compared: int = 0
    """How many of the kept heads and checkpoints can only be compared with the copy, which was not given."""


class RemovedCopies:
    """The copies in these files, which `org remove` has made. They are known by their hashes."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._paths = {_hash_of(path): path for path in paths}
        self.unused = set(self._paths.values())
        """Those that no record has named so far."""

    def of(self, removal: Removal) -> Path | None:
        """Return the file that the record of a removal names; None if it was not given."""
        path = self._paths.get(removal.copy_hash)
        if path is not None:
            self.unused.discard(path)
        return path


class Absences:
    """Tells whether an operator has removed an organization that is not there, or somebody its rows."""

    def __init__(
        self, removals: Callable[[str], Removal | None], kept: Mapping[str, Sequence[Kept]], copies: RemovedCopies
    ) -> None:
        """`removals` returns the removal of an organization (see get_removal)."""
        self._removals, self._kept, self._copies = removals, kept, copies

    def find(self, org_id: str) -> Absence:
        """Return what is known of this organization."""
        try:
            removal = self._removals(org_id)
        except NoteRefused as refused:
            return Absence(0, Break(1, f"the log is gone, and the record of its removal cannot be trusted: {refused}"))
        if removal is None:
            return Absence(0, Break(1, "the log is gone, and no record says that it was removed"))
        return self._compare(removal, self._kept.get(org_id, []))

    def _compare(self, removal: Removal, kept: Sequence[Kept]) -> Absence:
        end, path = removal.head.position, self._copies.of(removal)
        breaks = [each.difference(removal) for each in kept]
        if path is not None:
            _show_events(path, removal.org_id, kept)
            breaks += [each.verdict(end) for each in kept]
        broken = min((each for each in breaks if each is not None), default=None)
        not_compared = 0 if path is not None else sum(each.is_before(removal) for each in kept)
        return Absence(end, broken, removal.removed_at, not_compared)


def _show_events(path: Path, org_id: str, kept: Sequence[Kept]) -> None:
    """Let these see the events of the organization in the copy, of which every hash is checked."""
    with path.open("rb") as file:
        reader = CopyReader(iter(lambda: file.readline(MAX_LINE + 1), b""))
        while (organization := reader.next_organization()) is not None:
            for event in reader.events_of(organization):
                if organization.id == org_id:
                    for each in kept:
                        each.see(event)


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
