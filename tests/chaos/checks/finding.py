"""What a check of the evidence has found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Finding(NamedTuple):
    """One promise: of so many things, these were found wrong."""

    what: str
    wrong: Sequence[str]
    of: int

    @property
    def is_kept(self) -> bool:
        return not self.wrong

    def __str__(self) -> str:
        examples = "".join(f"\n    {text}" for text in self.wrong[:5])
        return f"{'well' if self.is_kept else 'WRONG'}  {len(self.wrong)} of {self.of}  {self.what}{examples}"


def merged(findings: Sequence[Finding]) -> list[Finding]:
    """Return one finding for each promise, from those of all organizations."""
    wrong: dict[str, list[str]] = {}
    count: dict[str, int] = {}
    for finding in findings:
        wrong.setdefault(finding.what, []).extend(finding.wrong)
        count[finding.what] = count.get(finding.what, 0) + finding.of
    return [Finding(what, wrong[what], count[what]) for what in wrong]
