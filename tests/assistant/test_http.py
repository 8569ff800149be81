"""`POST /assistant` over HTTP: its answers, its refusals and its rate limit."""

import json
import os
import shutil
import subprocess
import sys

import httpx
import pytest

from tests.support.client import Api, data_of, error_of
from tests.support.openapi import build_document, check_answer
from tests.support.scenarios import sent_invoice
from tests.support.service import Service

PAID = "how do I mark an invoice as paid?"


@pytest.fixture(scope="module")
def asker(service):
    """A client without a key."""
    with Api(service.url, None) as api:
        yield api


def ask(api, question, status=200, **more):
    return data_of(api.post("assistant", json={"question": question, **more}), status)


def test_an_answer_names_the_endpoint_its_scope_its_errors_and_its_sources(asker, service):
    reply = ask(asker, PAID)
    assert "POST /api/v1/invoices/{id}/payments" in reply["answer"]
    assert "`billing:write`" in reply["answer"]
    assert f"{service.url}/docs/guides/errors#amount_exceeds_balance" in reply["answer"]
    assert reply["sources"][0]["url"] == f"{service.url}/docs#tag/invoices/POST/invoices/{{id}}/payments"
    assert [sample["language"] for sample in reply["samples"]] == ["curl", "python", "javascript", "php", "go"]
    assert reply["suggestions"]


def test_answers_and_refusals_fit_the_openapi_document(asker):
    document = build_document()
    for body in ({"question": PAID}, {"question": "weather?"}, {}, {"question": PAID, "x": 1}):
        check_answer(document, "askAssistant", asker.post("assistant", json=body))


def test_a_language_is_chosen_by_the_field_or_by_the_question(asker):
    assert [sample["language"] for sample in ask(asker, PAID, language="python")["samples"]] == ["python"]
    assert [sample["language"] for sample in ask(asker, "javascript create invoice")["samples"]] == ["javascript"]


def test_a_named_status_change_is_in_the_sample(asker):
    for question, status in (("curl to deny a leave", "denied"), ("curl to void an invoice", "void")):
        (sample,) = ask(asker, question)["samples"]
        assert f'{{"status": "{status}"}}' in sample["code"]


def test_a_pasted_error_response_is_answered_by_its_section(api, asker, service):
    refused = api.patch(f"invoices/{sent_invoice(api)['id']}", json={"totalAmount": "1"})
    reply = ask(asker, refused.text)
    assert reply["sources"][0]["url"] == f"{service.url}/docs/guides/errors#read_only_field"


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "question"), ({"question": ""}, "question"), ({"question": "x" * 2001}, "question"),
     ({"question": PAID, "language": "cobol"}, "language"), ({"question": 1}, "question")],
)  # fmt: skip
def test_an_invalid_field_is_named(asker, body, field):
    error = error_of(asker.post("assistant", json=body), 422, "validation_failed")
    assert [detail["field"] for detail in error["details"]] == [field]


def test_an_unknown_field_is_refused(asker):
    error_of(asker.post("assistant", json={"question": PAID, "key": "x"}), 422, "unknown_field")


@pytest.mark.parametrize(
    "question", ["' | & ! ( :*", "\\", "<script>alert(1)</script>", "😀 क्या है", "a" * 2000, "%s %(x)s"]
)
def test_any_text_is_accepted_as_a_question(asker, question):
    assert ask(asker, question)["answer"]


@pytest.mark.parametrize(
    "question",
    ["chutti manzoor karni hai", "छुट्टी मं\u091c\u093cूर करनी है", "छुट्टी मं\u095bूर करनी है", "छु\u200dट्टी मंजूर कर\u200cनी है",
     "CHHUTI मंज़ूर kijiye"],
)  # fmt: skip
def test_hindi_is_understood_however_it_is_written(asker, question):
    assert "PATCH /api/v1/leaves/{id}" in ask(asker, question)["answer"]


def test_a_stream_of_events_ends_with_the_whole_answer(asker):
    response = asker.post("assistant", json={"question": PAID}, headers={"Accept": "text/event-stream"})
    assert response.headers["Content-Type"].startswith("text/event-stream")
    assert response.text.startswith("event: answer\ndata: ")
    assert json.loads(response.text.partition("data: ")[2]) == ask(asker, PAID)


def test_the_samples_run_without_changes(asker, organization, api):
    reply = ask(asker, PAID)
    commands = {"curl": ["sh", "-c"], "python": [sys.executable, "-c"]}
    if node := shutil.which("node"):
        commands["javascript"] = [node, "--input-type=module", "-e"]
    for sample in reply["samples"]:
        if sample["language"] in commands:
            invoice = sent_invoice(api)  # the same payment twice on one invoice is refused
            code = sample["code"].replace("inv_01KEXAMPLE0000000000000000", invoice["id"]).replace("82600.00", "1.00")
            run = subprocess.run(
                [*commands[sample["language"]], code],
                capture_output=True, text=True, check=False, env={**os.environ, "SD_KEY": api.key},
            )  # fmt: skip
            assert run.returncode == 0 and "partially_paid" in run.stdout, run.stderr


def test_the_rate_limit_of_an_address_holds_across_workers(own_database):
    header = "X-Forwarded-For"
    with Service(own_database, SMARTDHANDHA_ASSISTANT_RATE="3", SMARTDHANDHA_ADDRESS_HEADER=header) as slow:

        def asked(address):
            headers = {header: address}
            body = {"question": "rate limit"}
            return httpx.post(f"{slow.url}/api/v1/assistant", json=body, headers=headers, trust_env=False, timeout=30)

        assert [asked("203.0.113.7").status_code for _ in range(3)] == [200] * 3
        refused = asked("198.51.100.1, 203.0.113.7")  # only the last entry was written by the proxy
        error_of(refused, 429, "rate_limited")
        assert 1 <= int(refused.headers["Retry-After"]) <= 20
        assert asked("203.0.113.8").status_code == 200
        assert [asked(f"2001:db8::{each}").status_code for each in range(4)] == [200, 200, 200, 429]


def test_without_the_setting_no_header_is_trusted(own_database):
    with Service(own_database, SMARTDHANDHA_ASSISTANT_RATE="1") as slow:
        responses = [
            httpx.post(
                f"{slow.url}/api/v1/assistant",
                json={"question": "rate limit"},
                headers={"X-Forwarded-For": f"203.0.113.{each}", "X-Real-IP": f"203.0.113.{each}"},
                trust_env=False,
                timeout=30,
            )
            for each in range(2)
        ]
        assert [response.status_code for response in responses] == [200, 429]
