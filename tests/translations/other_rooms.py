"""Texts that the console shows in its sentences, but that stand in rooms where texts are English, such as `domain/`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from api.app import RESOURCE_TYPES
from api.openapi.texts import SCOPE_TEXTS, TEXTS
from api.pages.formats import field_words
from domain import api_key, leave, webhook
from domain.accounts.password import MAX_CHARACTERS, password_problem
from domain.accounts.people import ACTIVE, INVITED, REMOVED, AlreadyMember, LastOwner, NotAllowed, OtherRole
from domain.accounts.user import MANAGER_ROLES, ROLE_NAMES, ROLES, plural_of, roles_with
from domain.accounts.user.factors import KIND_NAMES, MAX_NAME_CHARACTERS, name_problem
from domain.errors.webhook import TooManyWebhooks
from domain.registry import AGGREGATES, EVENTS
from infra.identity.users.factors.changes import NOT_MADE, PROBLEMS
from projections.registry import ROWS
from projections.views.value_types import ValueType, value_types


def texts_of_other_rooms() -> Iterator[tuple[str, str]]:
    """Yield each text with the folder in which it stands."""
    for folder, texts in (
        ("domain", (*_events(), *_roles(), *_refusals(), *_states(), *_factors())),
        ("infra/identity/users/factors", (*PROBLEMS.values(), NOT_MADE)),
        ("projections", (*_names(), *sorted(_fields()))),
        ("api/openapi/texts", (*SCOPE_TEXTS.values(), *_trials())),
    ):
        for text in dict.fromkeys(texts):
            yield folder, text


def _events() -> Iterator[str]:
    """Yield the phrases of events, their short names, and the words for the objects that they are about."""
    yield from (event.phrase for event in EVENTS.values() if event.phrase)
    yield from (name.partition(".")[2].replace("_", " ") for name in EVENTS)
    yield from (aggregate.noun for aggregate in AGGREGATES.values())
    yield from (kind.replace("_", " ").capitalize() for kind in AGGREGATES)


def _roles() -> Iterator[str]:
    yield from ROLE_NAMES.values()
    yield plural_of(MANAGER_ROLES)
    yield from (plural_of(roles_with(scope)) for scope in SCOPE_TEXTS if roles_with(scope))


def _states() -> Iterator[str]:
    """Yield the states of people, keys and webhooks, of deliveries and replays, and the types of leave."""
    yield from (ACTIVE, INVITED, REMOVED, *leave.TYPES)
    yield from (api_key.ACTIVE, api_key.REVOKED, api_key.EXPIRED, webhook.ACTIVE, webhook.PAUSED, webhook.DISABLED)
    yield from ("pending", "delivered", "failed", "test", "replay", "running", "done", "cancelled")


def _refusals() -> Iterator[str]:
    """Yield the refusals that only the console shows."""
    yield from map(str, (AlreadyMember(INVITED), AlreadyMember(ACTIVE), LastOwner(), NotAllowed(MANAGER_ROLES)))
    yield from map(str, (NotAllowed(MANAGER_ROLES[:1]), *(OtherRole(role) for role in ROLES)))
    yield str(TooManyWebhooks(webhook.MAX_WEBHOOKS))
    yield from (password_problem(text, "") for text in ("", "ab" * MAX_CHARACTERS, "password1234"))


def _factors() -> Iterator[str]:
    """Yield the kinds of second factors, and what can be wrong with their names."""
    yield from KIND_NAMES.values()
    yield from (name_problem(name) for name in ("", "ab" * MAX_NAME_CHARACTERS))


def _names() -> Iterator[str]:
    """Yield the forms of the names of objects, such as "{noun} of {name} from {day}"."""
    yield from (row.display.template for row in ROWS.values())


def _fields() -> Iterable[str]:
    """Return the names of all fields that the history of an object can show."""
    return {words for kind in ROWS for words in _field_names(value_types(kind))}


def _field_names(types: Mapping[str, ValueType]) -> Iterator[str]:
    for name, type_ in types.items():
        yield from (words for words in (field_words(name), type_.noun) if words)
        yield from _field_names(type_.fields)


def _trials() -> Iterator[str]:
    yield from (texts.trial.description for texts in TEXTS.values() if texts.trial)
    yield from (word for type_ in RESOURCE_TYPES for word in (type_.path, type_.aggregate.noun))
