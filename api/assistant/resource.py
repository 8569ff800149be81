"""The resource `/assistant`. It sends an answer as JSON, or as Server-Sent Events while the answer is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import falcon
import msgspec

from api.assistant.rate_limit import check_rate_limit
from api.assistant.reply import AskAssistant, AssistantReply
from api.assistant.service import AssistantService
from api.http.address import Address
from api.http.body import read_body
from api.http.envelope import success_of
from api.http.origin import Origin
from api.http.parameters import refuse_parameters
from api.http.request import Request
from api.operation import Operation, OperationKind, ResponseType
from api.ports.assistant import AssistantPorts
from commands.objects import parse_object

EVENTS = "text/event-stream"


class Assistant:
    """Answers questions. No key is needed; the number of questions from each address is limited."""

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

    def __init__(self, assistant: AssistantPorts, service: AssistantService, origin: Origin, address: Address) -> None:
        self._assistant, self._service = assistant, service
        self._origin, self._address = origin, address

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        check_rate_limit(req, self._assistant, self._address)
        body = read_body(req)
        refuse_parameters(req)
        question, composed_reply = self._service.answer(parse_question_body(body), self._origin(req))
        if wants_events(req):
            send_events(resp, map(_event, self._service.stream(question, composed_reply)))
        else:
            resp.data = success_of(self._service.write(question, composed_reply))


def parse_question_body(body: dict[str, Any]) -> AskAssistant:
    """Return the question. Raises Invalid with every wrong field."""
    return parse_object(AskAssistant, body)


def wants_events(req: falcon.Request) -> bool:
    """Return whether the header Accept names the media type of Server-Sent Events. A wildcard is not enough."""
    return EVENTS in (req.get_header("Accept") or "").lower()


def send_events(resp: falcon.Response, events: Iterator[bytes]) -> None:
    """Send each event as soon as it is available. The header X-Accel-Buffering tells proxies not to buffer events."""
    resp.content_type = EVENTS
    resp.set_header("X-Accel-Buffering", "no")
    resp.stream = events


def render_event(name: str, data: object) -> bytes:
    """Return one Server-Sent Event. Its data is JSON on one line."""
    return b"event: %b\ndata: %b\n\n" % (name.encode(), msgspec.json.encode(data))


def _event(piece: str | AssistantReply) -> bytes:
    return render_event("piece", {"text": piece}) if isinstance(piece, str) else render_event("answer", piece)
