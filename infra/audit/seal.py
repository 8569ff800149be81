"""Seals: the heads of all logs at one time, as a signed note. Keep them where people who can change a log cannot change
them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from infra.audit.json_seal import open_json_seal
from infra.audit.refusals import SealRefused
from infra.log.proofs.merkle import HASH_BYTES
from infra.log.proofs.notes import NoteRefused, VerifierKey, decode_base64, encode_base64, open_note
from infra.log.records import Head

FORMAT = "smartdhandha-seal-2"
"""The first line of a seal. A checkpoint has the name of a log there, so neither can be taken for the other."""
_HEAD = re.compile(r"(\S+) (0|[1-9][0-9]{0,18}) (\S+)")


class Seal(NamedTuple):
    """The heads of logs by the ids of their organizations."""

    sealed_at: str
    heads: dict[str, Head]

    def __str__(self) -> str:
        """Return the text that is signed: the format, the time, and a line for each head, with its hash in base64."""
        lines = [f"{org} {head.position} {encode_base64(head.chain_hash)}" for org, head in self.heads.items()]
        return "".join(f"{line}\n" for line in (FORMAT, self.sealed_at, *lines))


def parse_seal(text: str) -> Seal:
    """Return the seal of a note's text. Raises NoteRefused."""
    format, sealed_at, *lines = [*text.removesuffix("\n").split("\n"), ""]
    if format != FORMAT or not sealed_at:
        raise NoteRefused(f"it is no seal: it must begin with {FORMAT}, and the time of the seal")
    return Seal(sealed_at, dict(_head(line) for line in lines[:-1]))


def read_seal(path: Path, keys: Sequence[VerifierKey], installation: Sequence[VerifierKey]) -> Seal:
    """Return the seal in a file, after verifying its signature. Raises SealRefused.

    It must be signed by one of `keys`. Without them, a key of the installation must have signed. A seal of an earlier
    version names its key itself, and is then believed to be signed by the right one.
    """
    try:
        content = path.read_bytes()
        if content.lstrip().startswith(b"{"):
            old = open_json_seal(content, keys)
            return Seal(old.sealed_at, {head.org: Head(head.position, bytes.fromhex(head.hash)) for head in old.heads})
        return parse_seal(open_note(content.decode(), keys or installation, most=None).text)
    except (OSError, ValueError) as error:
        raise SealRefused(f"The seal {path} cannot be read: {error}.") from None
    except NoteRefused as refused:
        advice = "" if keys else " If a key in a file has signed it, name the public key with --public-key."
        raise SealRefused(f"The seal {path} cannot be trusted: {refused}.{advice}") from None


def _head(line: str) -> tuple[str, Head]:
    found = _HEAD.fullmatch(line)
    hash = decode_base64(found[3]) if found else None
    if found is None or hash is None or len(hash) != HASH_BYTES:
        raise NoteRefused(f"it is no seal: the line {line!r} is not the head of a log")
    return found[1], Head(int(found[2]), hash)
