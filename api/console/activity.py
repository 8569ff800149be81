"""`/activity`: the organization's log as people read it, and the proof that nothing in it was altered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar, NamedTuple, TypeVar
from urllib.parse import urlencode

import falcon

from api.console.pages import ConsolePage, Form, render
from api.console.sentences import actor_name, label, sentence
from api.console.session import see_other, signed_in
from api.http.parameters import parse_position
from api.ports.overview import Overview
from api.ports.users import Users
from domain.reading import parse_date
from projections.views.activity import NAMES, WINDOW, ActivityPage, ActivityQuery, DisplayName

T = TypeVar("T")
TYPES = tuple((name, label(name)) for name in NAMES)
FILTERS = ("type", "object", "actor", "from", "to")
OURS = (("worker:smartdhandha", "SmartDhandha"), ("cli:smartdhandha", "The command line"))
"""Actors that are there in every organization, besides its users and keys."""


class Activity(ConsolePage):
    """The log, the newest entries first, narrowed by type, object, actor and days."""

    def __init__(self, overview: Overview, users: Users) -> None:
        self._overview, self._users = overview, users

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        org_id = signed_in(req).org_id
        sent = {name: str(value) for name, value in req.params.items() if isinstance(value, str) and value.strip()}
        query, problems = read_query(sent)
        resp.status = 400 if problems else 200
        page = ActivityPage([], {}, {}, None) if problems else self._overview.activity(org_id, query)
        users = self._users.names(org_id)
        render(
            req,
            resp,
            "activity.html",
            entries=[
                (entry, sentence(entry, page.subjects.get(entry.position), actor_name(entry.actor, users, page.keys)))
                for entry in page.entries
            ],
            older=_link(sent, page.next_before) if page.next_before is not None else "",
            newest=_link(sent, None) if "before" in sent else "",
            proof=self._overview.proof(org_id),
            sent={**dict.fromkeys(FILTERS, ""), **sent},
            is_narrowed=bool(sent.keys() - {"before"}),
            problems=problems,
            types=TYPES,
            window=WINDOW,
            actors=_actors(users, page.keys, sent.get("actor", "")),
        )


class Verify(ConsolePage):
    """`/activity/verify`: recomputes the next part of the chain. Every member may ask for it: nothing is changed."""

    managers_post: ClassVar[bool] = False

    def __init__(self, overview: Overview) -> None:
        self._overview = overview

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        form: Form = req.context.form
        self._overview.verify(signed_in(req).org_id, again=bool(form.text("again")))
        raise see_other("/activity#chain")


class Problem(NamedTuple):
    """A filter that cannot be used, and what to do about it."""

    field: str
    message: str


def read_query(sent: Mapping[str, str]) -> tuple[ActivityQuery, list[Problem]]:
    """What the filters ask for; those that cannot be read are told of and narrow nothing."""
    problems: list[Problem] = []

    def take(name: str, read: Callable[[str], T], hint: str) -> T | None:
        if name not in sent:
            return None
        try:
            return read(sent[name].strip())
        except ValueError:
            problems.append(Problem(name, hint))
            return None

    first = take("from", parse_date, "Write the first day as YYYY-MM-DD, such as 2026-01-31.")
    last = take("to", parse_date, "Write the last day as YYYY-MM-DD, such as 2026-01-31.")
    query = ActivityQuery(
        name=take("type", _type, "Choose one of the types of the list."),
        thing=take("object", _thing, "Give an object's id, or the number of an invoice or bill."),
        actor=take("actor", _actor, "Choose one of the actors of the list."),
        first=first,
        last=last,
        before=take("before", parse_position, "Go back to the newest entries."),
    )
    if isinstance(first, date) and isinstance(last, date) and last < first:
        problems.append(Problem("to", "The last day must not be before the first one."))
    return query, problems


def _type(text: str) -> str:
    if text not in NAMES:
        raise ValueError(text)
    return text


def _thing(text: str) -> str:
    if len(text) > 64 or not text.isprintable():
        raise ValueError(text)
    return text


def _actor(text: str) -> tuple[str, str]:
    kind, colon, id = text.partition(":")
    if not colon or len(text) > 100 or not text.isprintable():
        raise ValueError(text)
    return kind, id


def _actors(users: Mapping[str, str], keys: Mapping[str, DisplayName], chosen: str) -> list[tuple[str, str]]:
    found = [
        *((f"user:{id}", email) for id, email in sorted(users.items(), key=lambda pair: pair[1])),
        *((f"api_key:{id}", f"{key.name} …{key.party} (API key)") for id, key in list(keys.items())[:100]),
        *OURS,
    ]
    known = {value for value, _ in found}
    return found if not chosen or chosen in known else [(chosen, chosen), *found]


def _link(sent: Mapping[str, Any], before: int | None) -> str:
    values = {name: value for name, value in sent.items() if name != "before"}
    if before is not None:
        values["before"] = str(before)
    return f"/activity?{urlencode(values)}" if values else "/activity"
