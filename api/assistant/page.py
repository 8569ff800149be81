"""`/assistant`: the chat as a page, which also answers without a script; and its panel beside the reference."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from html import escape
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import parse_qs

import falcon
from markdown_it import MarkdownIt

from api.assistant.rate_limit import check_rate_limit
from api.assistant.reply import AskAssistant, AssistantReply
from api.assistant.resource import asked, event, stream, wants_events
from api.assistant.service import AssistantService
from api.http.errors import ApiError
from api.http.origin import Origin
from api.pages.files import CSS, HTML, JAVASCRIPT, navigation, policy_of, static
from api.pages.markdown import highlighted, parser
from api.ports.assistant import AssistantPorts
from commands.unit_of_work import Unavailable
from domain.errors import Invalid

HERE = Path(__file__).parent
_POLICY = {
    "style-src": "'self'",
    "img-src": "'self'",
    "script-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",  # the panel beside the reference
}
_LARGEST = 32 * 1024
_STARTERS = (
    "How do I mark an invoice as paid?",
    "How do I authenticate?",
    "What happens when I run out of requests?",
    "Python example for approving leave",
)
_NAMES = {"": "All languages", "curl": "curl", "python": "Python", "javascript": "JavaScript"}


def assistant_routes(assistant: AssistantPorts, service: AssistantService, origin: Origin) -> list[tuple[str, Any]]:
    """The page, the same without its frame for the panel, and what they need."""
    return [
        ("/assistant", AssistantPage(assistant, service, origin, "chat.html")),
        ("/assistant/panel", AssistantPage(assistant, service, origin, "panel.html")),
        ("/static/assistant.css", static("assistant.css", CSS)),
        ("/static/assistant.js", static("assistant.js", JAVASCRIPT)),
        ("/static/assistant-panel.css", static("assistant-panel.css", CSS)),
        ("/static/assistant-panel.js", static("assistant-panel.js", JAVASCRIPT)),
    ]


class AssistantPage:
    """The chat. A form that is sent gives the whole page; a script that asks for events gets the answer alone."""

    def __init__(self, assistant: AssistantPorts, service: AssistantService, origin: Origin, template: str) -> None:
        self._assistant, self._service, self._origin = assistant, service, origin
        self._html = Template((HERE / "templates" / template).read_text("utf-8"))

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        self._show(resp, "", "", None)

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        form = {name: values[-1] for name, values in parse_qs(_read(req)).items()}
        question, language = form.get("question", "").strip(), form.get("language", "")
        try:
            check_rate_limit(req, self._assistant)
            wanted = asked({"question": question, **({"language": language} if language else {})})
            origin = self._origin(req)
            found, composed = self._service.look_up(wanted, origin)
        except (ApiError, Invalid, Unavailable) as refusal:
            self._refuse(req, resp, refusal, question, language)
            return
        shown = partial(html_of, origin=origin)
        if wants_events(req):
            resp.set_header("Cache-Control", "no-store")
            stream(resp, _fragments(self._service.writing(found, composed), origin))
        else:
            self._show(resp, question, language, _turn(wanted, shown(self._service.written(found, composed))))

    def _refuse(
        self,
        req: falcon.Request,
        resp: falcon.Response,
        refusal: ApiError | Invalid | Unavailable,
        question: str,
        language: str,
    ) -> None:
        status, text, headers = falcon.HTTP_422, "Write a question of 1 to 2000 characters.", {}
        if isinstance(refusal, ApiError):
            status, text, headers = falcon.HTTP_429, str(refusal), dict(refusal.headers)
        elif isinstance(refusal, Unavailable):
            text = "The assistant cannot look anything up just now. Ask again in a moment."
            status, headers = falcon.HTTP_503, {"Retry-After": "2"}
        told = f'<p class="problem" role="alert">{escape(text)}</p>'
        if wants_events(req):
            stream(resp, iter([event("answer", {"html": told})]))
            return
        resp.status = status
        resp.set_headers(headers)
        self._show(resp, question, language, told)

    def _show(self, resp: falcon.Response, question: str, language: str, turn: str | None) -> None:
        options = "".join(
            f'<option value="{value}"{" selected" if value == language else ""}>{name}</option>'
            for value, name in _NAMES.items()
        )
        text = self._html.substitute(
            navigation=navigation("/assistant"),
            turns=turn or "",
            starters=_buttons(_STARTERS),
            question=escape("" if turn else question),
            languages=options,
        )
        resp.set_headers({"Content-Security-Policy": policy_of(_POLICY), "Cache-Control": "no-store"})
        resp.set_headers({"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"})
        resp.content_type, resp.text = HTML, text


def html_of(reply: AssistantReply, origin: str) -> str:
    """The answer as HTML. What a model wrote is only ever text and Markdown here: no HTML of its own, no pictures."""
    sources = "".join(
        f'<li><a href="{escape(each.url.removeprefix(origin))}">{escape(each.title)}</a></li>' for each in reply.sources
    )
    parts = [f'<div class="text">{rendered(reply.answer)}</div>']
    others = [each for each in reply.samples if each.code not in reply.answer]
    for each in others:
        code = highlighted(each.code, {"curl": "sh", "javascript": "js"}.get(each.language, each.language), "")
        parts.append(f"<details><summary>{_NAMES[each.language]}</summary>{code}</details>")
    if sources:
        parts.append(f'<h3>Sources</h3><ol class="sources">{sources}</ol>')
    if reply.suggestions:
        parts.append(f'<h3>Ask next</h3><div class="suggestions">{_buttons(reply.suggestions)}</div>')
    return "\n".join(parts)


def rendered(markdown: str) -> str:
    """Markdown as HTML; tags in it are shown as they are written."""
    html: str = _renderer().render(markdown)
    return html


def _renderer() -> MarkdownIt:
    made = parser().disable("image")
    made.options["html"] = False
    made.options["highlight"] = highlighted
    return made


def _fragments(said: Iterator[str | AssistantReply], origin: str) -> Iterator[bytes]:
    """The answer so far with each line that is added, and the whole in the end."""
    text, shown = "", 0
    for each in said:
        if isinstance(each, AssistantReply):
            yield event("answer", {"html": html_of(each, origin)})
            return
        text += each
        if "\n" in text[shown:] or len(text) - shown > 80:
            shown = len(text)
            yield event("piece", {"html": f'<div class="text">{rendered(text)}</div>'})


def _turn(wanted: AskAssistant, html: str) -> str:
    question = f'<article class="asked"><h2>{escape(wanted.question)}</h2></article>'
    return f'{question}\n<article class="answered">{html}</article>'


def _buttons(questions: tuple[str, ...] | list[str]) -> str:
    return "".join(
        f'<button type="submit" form="suggested" name="question" value="{escape(each)}">{escape(each)}</button>'
        for each in questions
    )


def _read(req: falcon.Request) -> str:
    """The form's body; what is too large is as good as none."""
    body: bytes = req.env["wsgi.input"].read(_LARGEST + 1)
    return body.decode("utf-8", "replace") if len(body) <= _LARGEST else ""
