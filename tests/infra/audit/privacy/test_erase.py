"""`privacy erase`: the person is gone from everything that the service answers, and everything else is as it was."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from infra.log.proofs.chain import PERSONAL_FORMAT
from infra.postgres.database import connect_as_table_owner
from tests.support.client import Api, data_of, list_events
from tests.support.command_line import environment, run
from tests.support.formats import begin_in_format
from tests.support.organization import Organization
from tests.support.postgres import database_settings
from tests.support.privacy import (
    CLIENT,
    NAME,
    RETRY,
    Known,
    Privacy,
    add_past_rows,
    draft_body,
    make_known,
    other_objects,
)
from tests.support.service import Service

EVENTS = "SELECT position, name, state, metadata, recorded_at, chain_hash FROM events WHERE org_id = %s ORDER BY 1"


class Case(NamedTuple):
    """An organization whose person was erased, and what it was before."""

    api: Api
    known: Known
    others: list[Any]
    privacy: Privacy
    conn: Any
    proof: Path
    before: list[Any]
    listed: list[Any]
    results: list[Any]


@pytest.fixture(scope="module")
def conninfo(new_database):
    return new_database()


@pytest.fixture(scope="module")
def case(conninfo, tmp_path_factory):
    env = environment(**database_settings(conninfo))
    with Service(conninfo) as service, connect_as_table_owner(conninfo) as conn:
        organization = Organization(service.url, conn)
        begin_in_format(conn, organization.id, PERSONAL_FORMAT)
        api, privacy = organization.api(), Privacy(organization.id, env)
        others, known = other_objects(api), make_known(api)
        add_past_rows(conn, organization.id)
        proof = tmp_path_factory.mktemp("proof") / "proof"
        first = api.read(f"invoices/{known.draft['id']}/events")[0]["id"]
        proof.write_text(run("audit", "prove", first, "--org", organization.id, env=env).out)
        before = conn.execute(EVENTS, (organization.id,)).fetchall()
        listed = privacy.json("list", "--party", CLIENT)
        yield Case(api, known, others, privacy, conn, proof, before, listed, privacy.erase_all())
        organization.close()


def test_what_must_be_kept_is_listed_with_its_day_and_the_rest_goes(case):
    found = {each["id"]: (each["goes"], each["keptUntil"]) for each in case.listed}
    assert found == {
        case.known.draft["id"]: (True, None),
        case.known.old["id"]: (True, "2025-03-31"),
        case.known.kept["id"]: (False, "2034-03-31"),
    }
    kept = case.api.read(f"invoices/{case.known.kept['id']}")
    assert kept == case.known.kept and kept["clientName"] == NAME


@pytest.mark.parametrize("which", ["draft", "old"])
def test_a_document_answers_null_for_what_was_personal_and_is_else_as_it_was(case, which):
    before = getattr(case.known, which)
    after = case.api.read(f"invoices/{before['id']}")
    assert after.pop("erased") is True
    assert (after["clientName"], after["notes"], after["metadata"]) == (None, None, None)
    assert [item["description"] for item in after["items"]] == [None]
    personal = ("clientName", "notes", "metadata", "items", "payments")
    assert {name: value for name, value in after.items() if name not in personal} == {
        name: value for name, value in before.items() if name not in personal
    }
    for payment, paid in zip(after["payments"], before["payments"], strict=True):
        assert payment == paid | {"method": None, "reference": None, "reversalReason": None}


def test_a_leave_answers_null_for_name_reason_and_note(case):
    after = case.api.read(f"leaves/{case.known.leave['id']}")
    gone = {"employeeName": None, "reason": None, "decisionNote": None, "metadata": None, "erased": True}
    assert after == case.known.leave | gone


def test_other_objects_are_as_they_were(case):
    assert [(path, case.api.read(path)) for path, _ in case.others] == case.others


def test_no_answer_of_the_api_has_the_name_but_those_of_the_document_that_is_kept(case):
    draft, old, leave, kept = case.known
    at = old["updatedAt"]
    asked = [
        case.api.get("invoices", params={"search": "Quagga", "include": "items"}),
        case.api.get("leaves", params={"search": "Quagga"}),
        case.api.get("invoices", params={"asOf": at, "include": "items"}),
        case.api.get("leaves", params={"asOf": leave["createdAt"]}),
        case.api.get(f"invoices/{draft['id']}", params={"version": 1}),
        case.api.get(f"invoices/{old['id']}", params={"asOf": at}),
        *(case.api.get(f"{path}/{each['id']}/events") for path, each in (("invoices", draft), ("leaves", leave))),
    ]
    for response in asked:
        objects = (
            [each for each in data_of(response, 200) if each.get("id") != kept["id"]]
            if isinstance(response.json()["data"], list)
            else [response.json()["data"]]
        )
        assert "Quagga" not in json.dumps(objects), response.url
    assert [each["id"] for each in case.api.read("invoices", search="Quagga")] == [kept["id"]]


def test_a_repeated_request_gets_the_erased_object(case):
    again = case.api.post("invoices", json=draft_body(), headers=RETRY)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert data_of(again, 201) == case.api.read(f"invoices/{case.known.draft['id']}")


def test_events_say_that_they_were_erased(case):
    events = list_events(case.api, f"invoices/{case.known.draft['id']}/events")
    assert [event["data"]["erased"] for event in events] == [True, True]
    assert events[0]["data"]["clientName"] is None


def test_the_log_is_as_it_was_and_says_what_was_erased_without_whom(case):
    after = case.conn.execute(EVENTS, (case.privacy.org_id,)).fetchall()
    assert after[: len(case.before)] == case.before
    erasures = [(name, json.loads(state)) for _, name, state, *_ in after[len(case.before) :] if "subject" in name]
    assert [(name, fields["subjectKind"], fields["objects"]) for name, fields in erasures] == [
        ("subject.erased", "party", 2),
        ("subject.erased", "employee", 1),
    ]
    assert CLIENT not in str(erasures) and "Quagga" not in str(erasures)


def test_verifying_replaying_and_rebuilding_find_nothing_wrong(case):
    env = dict(case.privacy.env)
    run("audit", "verify", env=env)
    run("projections", "verify", env=env)
    before = [case.api.read(path, limit=100) for path in ("invoices", "bills", "leaves")]
    run("projections", "rebuild", env=env)
    run("projections", "verify", env=env)
    assert [case.api.read(path, limit=100) for path in ("invoices", "bills", "leaves")] == before
    shown = json.loads(run("audit", "show", case.known.old["id"], "--json", env=env).out)
    assert shown == case.api.read(f"invoices/{case.known.old['id']}")
    run("audit", "replay", case.known.draft["id"], env=env)


def test_an_edit_log_is_made_and_does_not_have_the_name(case, tmp_path):
    out = tmp_path / "log.csv"
    words = ("audit", "report", "--org", case.privacy.org_id, "--fy", "2026-27", "--out", str(out))
    run(*words, env=dict(case.privacy.env))
    lines = [line for line in out.read_text().splitlines() if case.known.kept["id"] not in line]
    assert "Quagga" not in "\n".join(lines)


def test_proofs_made_before_and_after_are_valid(case, tmp_path):
    env = dict(case.privacy.env)
    keys = tmp_path / "keys"
    keys.write_text(run("audit", "keys", "--json", env=env).out)
    later = tmp_path / "later"
    first = case.api.read(f"invoices/{case.known.draft['id']}/events")[0]["id"]
    later.write_text(run("audit", "prove", first, "--org", case.privacy.org_id, env=env).out)
    before, after = (run("audit", "check", str(path), "--key", str(keys), env=env).out for path in (case.proof, later))
    assert "Quagga" in before and "Quagga" not in after


def test_a_copy_has_what_is_left_and_is_imported_and_verified(case, new_database, tmp_path):
    path = tmp_path / "copy.jsonl"
    run("audit", "export", "--org", case.privacy.org_id, "--out", str(path), env=dict(case.privacy.env))
    elsewhere = new_database()
    env = environment(DATABASE_URL=elsewhere)
    run("audit", "import", str(path), env=env)
    run("projections", "rebuild", env=env)
    run("audit", "verify", env=env)
    run("projections", "verify", env=env)
    with connect_as_table_owner(elsewhere) as conn:
        sql = "SELECT summary FROM invoices WHERE id = %s"
        ((summary,),) = conn.execute(sql, (case.known.draft["id"],)).fetchall()
    assert json.loads(summary)["erased"] is True


def test_values_that_are_missing_without_a_record_are_a_break_as_before(case):
    sql = "SELECT position, personal FROM events WHERE org_id = %s AND personal IS NOT NULL ORDER BY 1 LIMIT 1"
    ((position, kept),) = case.conn.execute(sql, (case.privacy.org_id,)).fetchall()
    change = "UPDATE events SET personal = %s WHERE org_id = %s AND position = %s"
    case.conn.execute(change, (None, case.privacy.org_id, position))
    done = run("audit", "verify", env=dict(case.privacy.env), status=1)
    case.conn.execute(change, (kept, case.privacy.org_id, position))
    assert f"position {position}" in done.out and "no record of their erasure" in done.out


def test_erasing_again_finds_nothing_and_records_nothing(case):
    again = case.privacy.json("erase", "--party", CLIENT, "--confirm", CLIENT)
    assert (again["position"], again["events"]) == (None, 0)
    assert {each["id"]: each["erasedEvents"] for each in again["objects"]}[case.known.draft["id"]] == 2


def test_the_api_goes_on_with_an_erased_draft(case):
    id = case.known.draft["id"]
    changed = case.api.update(f"invoices/{id}", {"metadata": {"order": "7"}, "dueDate": "2099-02-01"})
    assert (changed["metadata"], changed["erased"]) == ({"order": "7"}, True)
