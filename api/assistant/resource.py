"""`POST /assistant`: a question in, an answer out; whole, or as Server-Sent Events while it is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import falcon
import msgspec

from api.assistant.rate_limit import check_rate_limit
from api.assistant.reply import AskAssistant, AssistantReply
from api.assistant.service import AssistantService
from api.http.answers import success_of
from api.http.body import read_body
from api.http.origin import Origin
from api.http.parameters import refuse_parameters
from api.http.request import Request
from api.operation import Operation, OperationKind, ResponseType
from api.ports.assistant import AssistantPorts
from commands.objects import parse_fields
from domain.errors import Invalid, Violation

EVENTS = "text/event-stream"


class Assistant:
    """Answers questions; public, at a pace for each address."""

    operations: ClassVar[dict[str, Operation]] = {
        "POST": Operation(
            id="askAssistant",
            tag="Assistant",
            kind=OperationKind.QUESTION,
            response=ResponseType("AssistantReply", (AssistantReply,)),
            envelope="AssistantReplyAnswer",
            body=AskAssistant,
            public=True,
            streams=True,
        )
    }

    def __init__(self, assistant: AssistantPorts, service: AssistantService, origin: Origin) -> None:
        self._assistant, self._service, self._origin = assistant, service, origin

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        check_rate_limit(req, self._assistant)
        body = read_body(req)
        refuse_parameters(req)
        found, composed = self._service.look_up(asked(body), self._origin(req))
        resp.set_header("Cache-Control", "no-store")
        if wants_events(req):
            stream(resp, (_event(said) for said in self._service.writing(found, composed)))
        else:
            resp.data = success_of(self._service.written(found, composed))


def asked(raw: dict[str, Any]) -> AskAssistant:
    """The question. Raises Invalid with every wrong field."""
    wrong: list[Violation] = []
    values = parse_fields(AskAssistant, raw, wrong.append)
    if wrong:
        raise Invalid(wrong)
    return AskAssistant(**values)


def wants_events(req: falcon.Request) -> bool:
    """Whether the caller asks for Server-Sent Events by their own name."""
    return EVENTS in (req.get_header("Accept") or "").lower()


def stream(resp: falcon.Response, events: Iterator[bytes]) -> None:
    """Answer with events as they come; nothing on the way may hold them back."""
    resp.content_type = EVENTS
    resp.set_header("X-Accel-Buffering", "no")
    resp.stream = events


def event(name: str, data: object) -> bytes:
    """One event; JSON keeps its data on one line."""
    return b"event: %b\ndata: %b\n\n" % (name.encode(), msgspec.json.encode(data))


def _event(said: str | AssistantReply) -> bytes:
    return event("piece", {"text": said}) if isinstance(said, str) else event("answer", said)
