"""The texts of the API reference about the assistant."""

from __future__ import annotations

from api.openapi.texts.words import TagTexts, Words

ASSISTANT = TagTexts(
    tag="Assistant",
    about="Help for people and machines. No key is needed.",
    operations={
        "askAssistant": Words(
            "Ask the assistant",
            "Ask in plain words about endpoints, authentication, code samples, limits or errors, or paste an error "
            "body; in English, Hindi or Hinglish. Answers are always in English. The answer is Markdown: one sentence "
            "that answers the question, then a request and one link. `sources` are the pages on "
            "which the answer is based; without sources, the assistant does not know the answer. `previous` are the "
            "earlier questions of the thread. `language` chooses the language of the samples. With `Accept: "
            "text/event-stream` the answer is sent while it is written: events `piece` with `text`, then one event "
            "`answer` with the same content as `data`, which is the final answer. Each address may ask 20 questions "
            "a minute unless the service is configured otherwise.",
            search_words="ask the assistant a question, chat",
        ),
        "getOpenApi": Words(
            "Get this document",
            "The OpenAPI 3.1 description of the API, for clients and code generators.",
            search_words="openapi swagger document specification generate client",
        ),
    },
    fields={
        "question": "What you want to know, in your own words: English, Hindi or a mixture.",
        "previous": (
            'The earlier questions of the same thread, the oldest first, so that "and in Node?" is understood. Nothing '
            "of a thread is stored."
        ),
        "language": "The programming language of samples.",
        "answer": "The answer in Markdown.",
        "error": "What went wrong.",
        "sources": (
            "The pages that the answer is based on, the most relevant first; empty when the assistant does not know."
        ),
        "samples": "Programs that send the request. They read the key from the environment variable SD_KEY.",
        "suggestions": "Possible next questions.",
        "url": "The page's address.",
        "title": "The page's title.",
        "code": "The program's text.",
    },
    examples={
        "askAssistant": {
            "question": "And one of them by its id?",
            "previous": ["How do I list invoices?"],
            "language": "curl",
        },
    },
    responses={
        "askAssistant": {
            "answer": "Read the invoice with `GET /api/v1/invoices/{id}`: `status` says where it stands …",
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
