"""Shows keys as tables and as JSON, and the secret of a new or rotated key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.calendar import instant
from infra.cli.base import render_row, render_table
from infra.cli.output import note, show
from infra.identity.keys import ListedKey, NewKey


def key_as_json(key: ListedKey) -> dict[str, Any]:
    ends = [{"lastFour": each.last_four, "worksUntil": instant(each.works_until)} for each in key.earlier_secrets]
    return {**render_row(key), "earlierSecrets": ends}


def table_of_keys(keys: Sequence[Mapping[str, Any]]) -> list[str]:
    return render_table([{**key, "earlierSecrets": secrets_in_words(key["earlierSecrets"])} for key in keys])


def secrets_in_words(earlier_secrets: Sequence[Mapping[str, str]]) -> str | None:
    """Return a text that says until when each earlier secret works; None if there is no earlier secret."""
    return ", ".join(f"…{each['lastFour']} until {each['worksUntil']}" for each in earlier_secrets) or None


def show_secret(new_key: NewKey, json_output: bool) -> None:
    row = new_key.row
    result = {
        "id": row["id"],
        "key": new_key.raw,
        "orgId": row["orgId"],
        "scopes": row["scopes"],
        "limit": row["creditLimit"],
        "expiresAt": row["expiresAt"],
        "allowedCidrs": row["allowedCidrs"],
        "burst": row["burst"],
    }
    if earlier := row["earlierSecrets"]:
        result |= {"previousUntil": earlier[-1]["worksUntil"], "earlierSecrets": earlier}
    if not json_output:
        note(f"Save this key of {row['id']} now: it is shown only once.")
        if earlier:
            note(f"Earlier secrets keep working: {secrets_in_words(earlier)}.")
    show(result, json_output, new_key.raw)
