"""The public keys of logs, as the one who checks a proof gives them. Nothing here needs a database."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from infra.audit.refusals import ProofRefused
from infra.log.proofs.notes import NoteRefused, VerifierKey, parse_verifier_key


class PublishedKey(msgspec.Struct, rename="camel"):
    """One key in a list of keys."""

    verifier_key: str


class PublishedKeys(msgspec.Struct):
    """The output of `smartdhandha audit keys --json`."""

    keys: list[PublishedKey]


def read_keys(given: Iterable[str]) -> list[VerifierKey]:
    """Return the keys that were given: each one as a text, or as a file with such texts or a PublishedKeys.

    Raises ProofRefused.
    """
    return [key for each in given for key in _keys_of(each)]


def _keys_of(given: str) -> list[VerifierKey]:
    try:
        texts = [given] if given.count("+") > 1 and not Path(given).exists() else _texts_in(Path(given).read_bytes())
        return [parse_verifier_key(text) for text in texts]
    except (OSError, ValueError, NoteRefused) as error:
        raise ProofRefused(f"The key cannot be used: {error}.") from None


def _texts_in(content: bytes) -> list[str]:
    if content.lstrip().startswith(b"{"):
        return [key.verifier_key for key in msgspec.json.decode(content, type=PublishedKeys).keys]
    return [line.strip() for line in content.decode().splitlines() if line.strip()]
