"""The ids by which documents or leaves may name a person: the own id, and every `externalId` that it has or had.

An id that was the `externalId` of one, and that another one has now, means the other one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from psycopg import Connection

from domain.privacy.erasures import SubjectKind
from infra.log.mapper import MAPPER
from infra.log.reading.cursors import select_scalars
from infra.log.reading.erasures import Texts, list_objects_naming
from infra.log.reading.histories import list_histories
from infra.postgres.database import Row

_FIELD = "externalId"


class Spellings(NamedTuple):
    """The ids of a person."""

    ids: tuple[str, ...]
    """All of them. The first is the one that was asked for."""
    own: tuple[str, ...]
    """The ids of the parties or employees that it means; empty if the organization keeps none."""


class _Views(NamedTuple):
    """Where a kind of person is kept."""

    present: str
    past: str
    events: tuple[str, ...]
    """The events that set the `externalId`."""


_VIEWS: Mapping[SubjectKind, _Views] = {
    "party": _Views("party_list", "past_party_list", ("party.created", "party.updated")),
    "employee": _Views("employee_list", "past_employee_list", ("employee.created", "employee.updated")),
}
_SELECT_PRESENT = "SELECT id FROM {present} WHERE org_id = %s AND %s IN (id, external_id) ORDER BY id"
_SELECT_PAST = "SELECT DISTINCT id FROM {past} WHERE org_id = %s AND external_id = %s ORDER BY id"
_SELECT_EXTERNAL = """
SELECT external_id FROM {present} WHERE org_id = %s AND id = ANY(%s) AND external_id IS NOT NULL
UNION SELECT external_id FROM {past} WHERE org_id = %s AND id = ANY(%s) AND external_id IS NOT NULL ORDER BY 1
"""
_SELECT_OTHERS = "SELECT external_id FROM {present} WHERE org_id = %s AND external_id = ANY(%s) AND id <> ALL(%s)"


def spellings_in_log(
    conn: Connection[Row], org_id: str, id: str, kind: SubjectKind, span: tuple[int, int], known: Collection[str]
) -> Spellings:
    """Return the ids of a person from the log. The transaction must be one of the organization.

    If the id means nobody now, the events between the two positions are searched for who had it; `known` are those
    whom the events before had shown.
    """
    views, (after, upto) = _VIEWS[kind], span
    own = set(_present(conn, org_id, id, views))
    if not own:
        naming = list_objects_naming(conn, org_id, [Texts(views.events, _FIELD, [id])], after, upto)
        own = {*known, *(found for _, found in naming)}
    external: dict[str, set[str]] = {each: set() for each in own}
    for record in list_histories(conn, org_id, sorted(own), upto):
        if text := MAPPER.event(record).changes().get("external_id"):
            external[record.originator_id].add(text)
    meant = sorted(each for each, texts in external.items() if id == each or id in texts)
    return _without_others(conn, org_id, id, views, meant, sorted({text for each in meant for text in external[each]}))


def spellings_in_rows(conn: Connection[Row], org_id: str, id: str, kind: SubjectKind) -> Spellings:
    """Return the ids of a person from the rows that lists read. The transaction must be one of the organization."""
    views = _VIEWS[kind]
    own = _present(conn, org_id, id, views)
    if not own:
        own = select_scalars(conn, _SELECT_PAST.format(past=views.past), (org_id, id)).fetchall()
    sql = _SELECT_EXTERNAL.format(present=views.present, past=views.past)
    external = select_scalars(conn, sql, (org_id, own, org_id, own)).fetchall() if own else []
    return _without_others(conn, org_id, id, views, own, external)


def _present(conn: Connection[Row], org_id: str, id: str, views: _Views) -> list[str]:
    return select_scalars(conn, _SELECT_PRESENT.format(present=views.present), (org_id, id)).fetchall()


def _without_others(
    conn: Connection[Row], org_id: str, id: str, views: _Views, own: list[str], external: Iterable[str]
) -> Spellings:
    """Return the ids without those that mean somebody else now."""
    sql = _SELECT_OTHERS.format(present=views.present)
    others = {*select_scalars(conn, sql, (org_id, [*external], own)).fetchall()} if own else set[str]()
    ids = [id, *own, *(text for text in external if text not in others)]
    return Spellings(tuple(dict.fromkeys(ids)), tuple(own))
