"""Reads the state of an object that the address of a page names."""

from __future__ import annotations

from typing import NamedTuple

from api.console.objects.kinds import ObjectKind
from api.http.errors import ApiError
from api.http.request import Request
from api.pages.translation import gettext as _
from api.ports.reads import MemberReads, StoredObject
from domain.errors import NotFound
from domain.reading import MAX_WHOLE_NUMBER, InvalidValue, parse_whole_number
from projections.views.events import Moment


class States(NamedTuple):
    """The state of an object that a page shows, and its present one."""

    state: StoredObject
    present: StoredObject

    @property
    def is_present(self) -> bool:
        return self.state.version == self.present.version


def read_stored(reads: MemberReads, org_id: str, kind: ObjectKind, id: str, version: int | None) -> States:
    """Return the state with this version, by default the present one. Raises NotFound."""
    present = reads.get(org_id, kind.type.listing, id)
    if present is None:
        raise NotFound(kind.kind, id)
    if version in (None, present.version):
        return States(present, present)
    past = reads.get_past(org_id, kind.kind, id, Moment(version=version))
    if past is None:
        raise NotFound(kind.kind, id)
    return States(past, present)


def read_version_of(req: Request) -> int | None:
    """Return the version in the address; None if it has none."""
    text = req.params.get("version")
    if text is None:
        return None
    try:
        return parse_whole_number(str(text), 1, MAX_WHOLE_NUMBER)
    except InvalidValue:
        message = _("The address of this page is wrong. Open the object from its list.")
        raise ApiError(400, "invalid_parameter", message) from None
