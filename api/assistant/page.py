"""The page `/assistant`, a chat that also works without JavaScript, and the chat panel beside the API reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs

import falcon

from api.assistant.html import AnswerHtml
from api.assistant.rate_limit import check_rate_limit
from api.assistant.reading.question import without_keys
from api.assistant.reply import MAX_CHARACTERS, MAX_PREVIOUS, AssistantReply
from api.assistant.resource import parse_question_body, render_event, send_events, wants_events
from api.assistant.service import AssistantService
from api.http.address import Address
from api.http.errors import ApiError
from api.http.origin import Origin
from api.pages.factory import PageFactory
from api.pages.markdown import safe_html
from api.pages.responses import CSS, HTML, JAVASCRIPT
from api.pages.security_headers import ASSISTANT_PAGE
from api.ports.assistant import AssistantPorts
from api.samples.languages import LANGUAGES
from commands.unit_of_work import Unavailable
from domain.errors import Invalid

_MAX_FORM_BYTES = 160 * 1024
_STARTERS = (
    "How do I mark an invoice as paid?",
    "How do I authenticate?",
    "What happens when I run out of requests?",
    "Python example for approving leave",
)
_MAX_QUESTION = 2000
"""The most characters of a question that the address of the page carries into the form."""
_LANGUAGES = [(id, language.label) for id, language in LANGUAGES.items()]
_EMPTY: dict[str, Any] = {
    **dict.fromkeys(("question", "language", "problem", "asked", "answer"), ""),
    "previous": [],
    "thread": [],
}
_PIECE_CHARACTERS = 80
"""The number of characters after which an unfinished line is sent to the page."""


def assistant_routes(
    pages: PageFactory, assistant: AssistantPorts, service: AssistantService, origin: Origin, address: Address
) -> list[tuple[str, Any]]:
    """Return the routes of the page, of the panel, and of the static files that both load."""
    return [
        ("/assistant", AssistantPage(pages, "assistant/chat.html", assistant, service, origin, address)),
        ("/assistant/panel", AssistantPage(pages, "assistant/panel.html", assistant, service, origin, address)),
        ("/static/assistant.css", pages.static_file("assistant.css", CSS)),
        ("/static/assistant.js", pages.static_file("assistant.js", JAVASCRIPT)),
        ("/static/assistant-panel.css", pages.static_file("assistant-panel.css", CSS)),
        ("/static/assistant-panel.js", pages.static_file("assistant-panel.js", JAVASCRIPT)),
    ]


class AssistantPage:
    """The chat page or the panel.

    The response to a form is the whole page. The response to the page's script is a stream of Server-Sent Events with
    only the answer.
    """

    def __init__(
        self,
        pages: PageFactory,
        template: str,
        assistant: AssistantPorts,
        service: AssistantService,
        origin: Origin,
        address: Address,
    ) -> None:
        self._pages, self._template = pages, template
        self._assistant, self._service = assistant, service
        self._origin, self._address = origin, address

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        self._show(resp, question=(req.get_param("question") or "")[:_MAX_QUESTION])

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        form = _read_form(req)
        question, language = _last(form, "question").strip(), _last(form, "language")
        previous = _thread(form)
        try:
            check_rate_limit(req, self._assistant, self._address)
            body = parse_question_body(
                {"question": question, "previous": previous, **({"language": language} if language else {})}
            )
            origin = self._origin(req)
            understood, composed_reply = self._service.answer(body, origin)
        except (ApiError, Invalid, Unavailable) as error:
            self._show_problem(req, resp, error, question=question, language=language, thread=previous)
            return
        html = AnswerHtml(self._pages, origin)
        if wants_events(req):
            send_events(resp, _events(self._service.stream(understood, composed_reply), html))
        else:
            answer = safe_html(html.answer(self._service.write(understood, composed_reply)))
            asked = without_keys(body.question)
            thread = [*previous, asked][-MAX_PREVIOUS:]
            self._show(resp, language=language, previous=previous, asked=asked, answer=answer, thread=thread)

    def _show_problem(
        self,
        req: falcon.Request,
        resp: falcon.Response,
        error: ApiError | Invalid | Unavailable,
        **facts: Any,
    ) -> None:
        status, message, headers = _problem_of(error)
        if wants_events(req):
            html = self._pages.render("assistant/problem.html", problem=message)
            send_events(resp, iter([render_event("answer", {"html": html})]))
            return
        resp.status = status
        resp.set_headers(headers)
        self._show(resp, problem=message, **facts)

    def _show(self, resp: falcon.Response, **facts: Any) -> None:
        page = {**_EMPTY, **facts}
        resp.set_headers(ASSISTANT_PAGE)
        resp.content_type = HTML
        resp.text = self._pages.render(
            self._template, path="/assistant", starters=_STARTERS, languages=_LANGUAGES, **page
        )


def _problem_of(error: ApiError | Invalid | Unavailable) -> tuple[str, str, dict[str, str]]:
    """Return the status, the message and the headers for a question that cannot be answered."""
    if isinstance(error, ApiError):
        return falcon.HTTP_429, str(error), dict(error.headers)
    if isinstance(error, Unavailable):
        message = "The assistant cannot reach its database. Try again in a moment."
        return falcon.HTTP_503, message, {"Retry-After": "2"}
    return falcon.HTTP_422, "Write a question of 1 to 2000 characters.", {}


def _events(pieces: Iterator[str | AssistantReply], html: AnswerHtml) -> Iterator[bytes]:
    """Yield an event with all text so far after each new line, and at the end an event with the whole answer."""
    text, sent = "", 0
    for piece in pieces:
        if isinstance(piece, AssistantReply):
            yield render_event("answer", {"html": html.answer(piece)})
            return
        text += piece
        if "\n" in text[sent:] or len(text) - sent > _PIECE_CHARACTERS:
            sent = len(text)
            yield render_event("piece", {"html": html.text(text)})


def _last(form: Mapping[str, list[str]], name: str) -> str:
    return form.get(name, [""])[-1]


def _thread(form: Mapping[str, list[str]]) -> list[str]:
    """Return the last of the earlier questions that a form brings along."""
    texts = (without_keys(text.strip())[:MAX_CHARACTERS] for text in form.get("previous", ()))
    return [text for text in texts if text][-MAX_PREVIOUS:]


def _read_form(req: falcon.Request) -> dict[str, list[str]]:
    """Return the values of each field, by name; an empty dict for a form of more than _MAX_FORM_BYTES."""
    body: bytes = req.env["wsgi.input"].read(_MAX_FORM_BYTES + 1)
    text = body.decode("utf-8", "replace") if len(body) <= _MAX_FORM_BYTES else ""
    return parse_qs(text)
