"""With a language model: it writes the answer from the sources; when it fails, the composed answer is sent."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from infra.postgres.database import connect_as_table_owner
from tests.support.client import Api, data_of
from tests.support.model_server import ModelServer
from tests.support.service import Service

PAID = "how do I mark an invoice as paid?"


@pytest.fixture(scope="module")
def model():
    server = ModelServer()
    yield server
    server.close()


@pytest.fixture(scope="module")
def service(new_database, model):
    """One process with two threads, of which one may wait for the model."""
    settings = {"LLM_URL": model.url, "LLM_MODEL": "small-one", "LLM_KEY": "secret-of-the-model", "WORKERS": "1"}
    env = {f"SMARTDHANDHA_{name}": value for name, value in {**settings, "THREADS": "2"}.items()}
    with Service(new_database(), log=None, SMARTDHANDHA_ASSISTANT_RATE="100000", **env) as running:
        yield running


@pytest.fixture
def asker(service, model):
    model.manner = "well"
    model.asked.clear()
    with Api(service.url, None) as api:
        yield api


def ask(api, question=PAID):
    return data_of(api.post("assistant", json={"question": question}), 200)


def events(text):
    pairs = [each.split("\ndata: ") for each in text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data)) for name, data in pairs]


def test_the_model_writes_the_answer_from_the_sources(asker, model):
    reply = ask(asker)
    assert reply["answer"].startswith("Call **the model's** endpoint.")
    assert reply["sources"][0]["title"] == "Record a payment of an invoice"
    ((path, headers, body),) = model.asked
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer secret-of-the-model"
    assert (body["model"], body["stream"]) == ("small-one", True)
    assert "POST /api/v1/invoices/{id}/payments" in body["messages"][0]["content"]
    assert body["messages"][1] == {"role": "user", "content": PAID}


def test_an_answer_is_streamed_in_pieces_and_sent_whole_at_the_end(asker):
    response = asker.post("assistant", json={"question": PAID}, headers={"Accept": "text/event-stream"})
    *pieces, (last, whole) = events(response.text)
    assert [name for name, _ in pieces] == ["piece"] * 4
    assert last == "answer"
    assert "".join(piece["text"] for _, piece in pieces) == whole["answer"]


def test_the_first_piece_is_sent_before_the_model_has_finished(asker, model):
    model.manner = "waiting"
    model.release.clear()
    with asker.stream(
        "POST", "assistant", json={"question": PAID}, headers={"Accept": "text/event-stream"}
    ) as response:
        chunks = response.iter_text()
        assert "First piece." in next(chunks)
        model.release.set()
        assert "event: answer" in "".join(chunks)


@pytest.mark.parametrize("manner", ["midway", "nothing", "garbage", "refusal", "redirect"])
def test_when_the_model_fails_the_composed_answer_is_sent(asker, model, manner):
    """A redirect is not followed, either: the question and the key of the model go to the address of the settings alone.

    Seen red with a client that follows redirects: the server was asked again, elsewhere.
    """
    model.manner = manner
    assert "POST /api/v1/invoices/{id}/payments" in ask(asker)["answer"]
    assert len(model.asked) == 1


def test_a_failure_during_a_stream_ends_with_the_composed_answer(asker, model):
    model.manner = "midway"
    response = asker.post("assistant", json={"question": PAID}, headers={"Accept": "text/event-stream"})
    (first, piece), (last, whole) = events(response.text)
    assert (first, piece) == ("piece", {"text": "Half of an answer"})
    assert last == "answer" and "Half of an answer" not in whole["answer"]


def test_without_a_reachable_model_the_composed_answer_is_sent(new_database):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with Service(new_database(), SMARTDHANDHA_LLM_URL=url) as alone, Api(alone.url, None) as api:
        assert ask(api)["sources"]


def test_a_question_without_sources_is_not_sent_to_the_model(asker, model):
    assert ask(asker, "write me a poem about the sea")["sources"] == []
    assert model.asked == []


def test_a_pasted_key_is_not_sent_to_the_model(asker, model):
    ask(asker, "how do I authenticate with sd_live_abcDEF123456 please")
    assert model.asked[0][2]["messages"][1]["content"] == "how do I authenticate with sd_live_… please"


def test_a_slow_model_leaves_threads_for_other_requests(asker, model, service):
    model.manner = "waiting"
    model.release.clear()
    while model.entered.acquire(blocking=False):
        pass
    with ThreadPoolExecutor(1) as executor:
        slow = executor.submit(ask_alone, service.url)
        assert model.entered.acquire(timeout=20)  # one answer waits for the model
        assert "POST /api/v1/invoices/{id}/payments" in ask(asker)["answer"]  # the next one is composed at once
        assert httpx.get(f"{service.url}/readyz", trust_env=False).status_code == 200
        model.release.set()
        assert slow.result(30)["answer"] == "First piece."
    assert len(model.asked) == 1


def ask_alone(url):
    with Api(url, None) as api:
        return ask(api)


def test_no_database_connection_is_held_while_the_model_writes(new_database, model):
    model.manner = "waiting"
    model.release.clear()
    env = {"SMARTDHANDHA_WORKERS": "1", "SMARTDHANDHA_THREADS": "1", "SMARTDHANDHA_LLM_URL": model.url}
    database = new_database()
    with Service(database, log=None, **env) as alone, ThreadPoolExecutor(1) as executor:
        while model.entered.acquire(blocking=False):
            pass
        slow = executor.submit(ask_alone, alone.url)
        assert model.entered.acquire(timeout=20)
        assert busy(database) == []
        model.release.set()
        assert slow.result(30)["answer"] == "First piece."


def busy(database):
    """Return the states of the service's connections that are not idle."""
    mine = "datname = current_database() AND application_name = 'smartdhandha'"
    with connect_as_table_owner(database) as conn:
        return conn.execute(f"SELECT state FROM pg_stat_activity WHERE {mine} AND state <> 'idle'").fetchall()


def test_html_of_the_model_is_text_on_the_page(asker, service):
    response = httpx.post(f"{service.url}/assistant", data={"question": PAID}, trust_env=False)
    assert "&lt;img src=x onerror=alert(1)&gt;" in response.text
    assert "<strong>the model's</strong>" in response.text
