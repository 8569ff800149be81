"""What the reference says about the assistant."""

from __future__ import annotations

from api.openapi.texts.words import ModuleTexts, Words

ASSISTANT = ModuleTexts(
    tag="Assistant",
    about="Help for people and machines. No key is needed.",
    operations={
        "askAssistant": Words(
            "Ask the assistant",
            "A question in ordinary words about endpoints, authentication, code samples, limits or errors; a pasted "
            "error body is one too. The answer is Markdown, made from the reference and the guides that `sources` "
            "names; without sources the assistant does not know. `language` chooses the samples. With `Accept: "
            "text/event-stream` the answer comes as it is written: events `piece` with `text`, and at last one event "
            "`answer` with what `data` holds, which counts. An address may ask 20 questions a minute unless the "
            "service is set otherwise.",
            said="ask the assistant a question, chat",
        ),
        "getOpenApi": Words(
            "Get this document",
            "The OpenAPI 3.1 description of the API, for clients and machines that read.",
            said="openapi swagger document specification generate client",
        ),
    },
    fields={
        "question": "What you want to know.",
        "language": "The programming language of samples.",
        "answer": "Markdown.",
        "sources": "The pages that the answer is made from, the most telling first; none when it is not known.",
        "samples": "Programs that send the request; they take the key from the environment, as SD_KEY.",
        "suggestions": "Questions that could come next.",
        "url": "Where it is.",
        "title": "What it is called.",
        "code": "The program.",
    },
    examples={
        "askAssistant": {"question": "How do I get an invoice?", "language": "curl"},
    },
    responses={
        "askAssistant": {
            "answer": "**Get an invoice** with `GET /api/v1/invoices/{id}` …",
            "sources": [
                {"title": "Get an invoice", "url": "https://api.example.com/docs#tag/invoices/GET/invoices/{id}"},
            ],
            "samples": [
                {
                    "language": "curl",
                    "code": "curl -sS 'https://api.example.com/api/v1/invoices/inv_01KEXAMPLE0000000000000000' \\\n"
                    '  -H "Authorization: Bearer $SD_KEY"',
                },
            ],
            "suggestions": ["How do I list invoices?"],
        },
    },
)
