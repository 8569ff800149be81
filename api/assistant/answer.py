"""The answer as it is composed from what was found, with no model at hand."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from api.assistant.canned import CannedAnswer
from api.assistant.intent import takes
from api.assistant.passages import Described, Library, Node, Part, Source
from api.assistant.reply import AssistantLink, AssistantReply, AssistantSample
from api.assistant.samples import samples
from api.assistant.search import SearchResult

_LONGEST = 1800
_OWN = ("403", "404", "409", "412", "422", "429")
"""The failures that are named one by one: those that depend on what is asked of the operation."""
_SET_UP = "```sh\nexport "
"""How a guide's preparations begin, which an answer leaves out."""
_LEAK = (
    "**Your question held an API key.** It was taken out before anything looked at it, but treat it as known to "
    "others: revoke or rotate it now, at `/login` under Settings → Developer."
)
_FENCES = {"curl": "sh", "python": "python", "javascript": "js"}
_STARTERS = ("How do I create an invoice?", "How do I authenticate?", "What happens when I run out of requests?")


def compose(found: SearchResult, library: Library, origin: str) -> AssistantReply:
    """The whole answer; links and samples name the origin."""
    reply = _composed(found, library, origin)
    return msgspec.structs.replace(reply, answer=warned(found, reply.answer))


def warned(found: SearchResult, answer: str) -> str:
    """The answer, after a word on the API key that the question held, if it held one."""
    return f"{_LEAK}\n\n{answer}" if found.question.had_key else answer


def _composed(found: SearchResult, library: Library, origin: str) -> AssistantReply:
    if found.ready is not None:
        return _of_ready(found, found.ready, library, origin)
    if not found.sources:
        return AssistantReply(_unknown(found, origin), [], [], list(_STARTERS))
    first = found.sources[0]
    shown = _samples(found, library, origin)
    text = _of_operation(first, shown, library, origin) if isinstance(first, Described) else _of_part(first, origin)
    if found.closest is not None:
        text += f"\n\n{_of_part(found.closest, origin)}"
    also = [source for source in found.sources[1:] if source != found.closest]
    if isinstance(first, Part) and shown:
        operation = next(source for source in found.sources if isinstance(source, Described))
        text += f"\n\nThe request: `{operation.method} {library.base}{operation.path}`\n\n{_fenced(shown[0])}"
    if also:
        text += f"\n\nSee also: {', '.join(_link(source, origin) for source in also)}."
    links = [AssistantLink(source.title, origin + source.url) for source in found.sources]
    return AssistantReply(text, links, shown, suggestions(found))


def _of_ready(found: SearchResult, ready: CannedAnswer, library: Library, origin: str) -> AssistantReply:
    text, shown = ready.says, list[AssistantSample]()
    operation = next((source for source in found.sources if isinstance(source, Described)), None)
    if ready.shows and operation is not None:
        shown = samples(operation, origin + library.base, found.question.language, found.question.words)
        text += f"\n\n`{operation.method} {library.base}{operation.path}`:\n\n{_fenced(shown[0])}"
    text += f"\n\nSee {', '.join(_link(source, origin) for source in found.sources)}."
    links = [AssistantLink(source.title, origin + source.url) for source in found.sources]
    return AssistantReply(text, links, shown, suggestions(found))


def suggestions(found: SearchResult) -> list[str]:
    """Questions about what came next."""
    others = [source for source in (*found.sources[1:], *found.nearest) if isinstance(source, Described)]
    asked = [f"How do I {said.title[0].lower()}{said.title[1:]}?" for said in others]
    return [*dict.fromkeys([*asked, *_STARTERS])][:3]


def _samples(found: SearchResult, library: Library, origin: str) -> list[AssistantSample]:
    """Of the first operation, where it is what was asked for, or goes with an error or a wish for code."""
    first = found.sources[0]
    operation = first if isinstance(first, Described) else None
    if operation is None and (found.question.language or found.question.route):
        operation = next((source for source in found.sources if isinstance(source, Described)), None)
    if operation is None:
        return []
    return samples(operation, origin + library.base, found.question.language, found.question.words)


def _unknown(found: SearchResult, origin: str) -> str:
    text = (
        "I do not know that. I answer questions about the SmartDhandha API: its endpoints, authentication, "
        "code samples, limits and errors."
    )
    nearest = [_link(source, origin) for source in found.nearest[:3]]
    nearest += [f"[Reference]({origin}/docs)", f"[Guides]({origin}/docs/guides)"]
    return f"{text} The nearest pages are: {', '.join(nearest)}."


def _of_operation(operation: Described, shown: list[AssistantSample], library: Library, origin: str) -> str:
    node = operation.node
    description = node["description"].rpartition("\n\n")[0]
    scope = f"`{node['x-required-scope']}`" if "x-required-scope" in node else None
    facts = [f"**Scope:** {scope}" if scope else f"**Key:** {node['description'].rpartition(chr(10))[2].lower()}"]
    if operation.body:
        facts.append(f"**Body:** {_fields(operation.body, takes(operation))}")
    for place, label in (("path", "Path"), ("query", "Query")):
        named = [each for each in operation.parameters if each["in"] == place]
        if named:
            facts.append(f"**{label}:** {'; '.join(_parameter(each) for each in named)}")
    facts.append(f"**Errors to expect:** {_failures(operation, origin)}")
    listed = "\n".join(f"- {fact}" for fact in facts)
    head = f"**{operation.title}** with `{operation.method} {library.base}{operation.path}`"
    return f"{head}\n\n{description}\n\n{_fenced(shown[0])}\n\n{listed}"


def _fields(schema: Node, takes: Iterable[str]) -> str:
    required = schema.get("required", [])
    names = [f"`{name}` (required)" if name in required else f"`{name}`" for name in schema["properties"]]
    return ", ".join(names) + (f"; `status` takes {_words(takes)}" if takes else "")


def _words(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _parameter(parameter: Node) -> str:
    return f"`{parameter['name']}`: {parameter['description'].rstrip('.')}"


def _failures(operation: Described, origin: str) -> str:
    codes = [(code, status) for status, codes in operation.failures.items() for code in codes if status in _OWN]
    own = [f"[`{code}`]({origin}/docs/guides/errors#{code}) ({status})" for code, status in codes]
    return ", ".join([*own, f"and [those that any request can meet]({origin}/docs/guides/errors)"])


def _of_part(part: Part, origin: str) -> str:
    text = _shortened(part.section.text)
    absolute = text.replace("](/", f"]({origin}/").replace("{origin}", origin)
    return f"**{_link(part, origin)}**\n\n{absolute}"


def _shortened(text: str) -> str:
    """The first paragraphs, as many as are read in one go; a block of code is whole or not there."""
    kept: list[str] = []
    for block in re.findall(r"```.*?```|(?:(?!```).)+?(?:\n\n|\Z|(?=```))", text, re.DOTALL):
        if kept and sum(map(len, kept)) + len(block) > _LONGEST:
            break
        kept.append(block.strip())
    return "\n\n".join(block for block in kept if block and not block.startswith(_SET_UP))


def _fenced(sample: AssistantSample) -> str:
    return f"```{_FENCES[sample.language]}\n{sample.code}\n```"


def _link(source: Source, origin: str) -> str:
    return f"[{source.title}]({origin}{source.url})"
