"""The texts of the API reference about proofs."""

from __future__ import annotations

from api.openapi.texts.words import TagTexts, Words

_ORIGIN = "smartdhandha-5f0c2e9d41b7a863/org_01KEXAMPLE0000000000000000"
_SIZE = 4
_CHECKPOINT = (
    "smartdhandha-5f0c2e9d41b7a863/org_01KEXAMPLE0000000000000000\n"
    "4\n"
    "1K6ybfAH9k8UiN5tz8BAfkBDFnBnTN0jdB3JDeqFfpE=\n"
    "\n"
    "— smartdhandha-5f0c2e9d41b7a863 y2h1Ytkg9pIerJFmtr2Vn2Kc8YNVEObEyA8sCxhf7tzRan85eHZtm4bkeD"
    "EenBArER7IxLmItGySKcObidTLgH5L0wY=\n"
)
_PROOF = (
    "c2sp.org/tlog-proof@v1\n"
    "extra eyJmb3JtYXQiOiJzbWFydGRoYW5kaGEtZXZlbnQtMSIsInByZXZpb3VzSGFzaCI6IjczYTZmZjhkYzMzYjlj"
    "Zjg5NzRjYzNhZGMxMDljYWEyY2EzOTllMGY4YzAwMzk5MmU2ZGMzYTA5ZGI2MDcwYjciLCJvYmplY3RJZCI6Imludl"
    "8wMUtFWEFNUExFMDAwMDAwMDAwMDAwMDAwMCIsInZlcnNpb24iOjIsInR5cGUiOiJpbnZvaWNlLnNlbnQiLCJzY2hl"
    "bWFWZXJzaW9uIjoxLCJyZWNvcmRlZEF0IjoiMjAyNi0wMS0xMFQwNDozMjowMC4wMDAwMDBaIiwibWV0YWRhdGEiOi"
    "J7XCJhY3RvclwiOntcInR5cGVcIjpcImFwaV9rZXlcIixcImlkXCI6XCJrZXlfMDFLRVhBTVBMRTAwMDAwMDAwMDAw"
    "MDAwMDBcIn0sXCJyZXF1ZXN0SWRcIjpcInJlcV80ZjFjMmE5YmUwN2QzNWM4YTFiMmMzZDRcIn0iLCJzdGF0ZSI6In"
    "tcInN0YXR1c1wiOlwic2VudFwiLFwic2VudEF0XCI6XCIyMDI2LTAxLTEwVDA0OjMyOjAwLjAwMDAwMFpcIn0ifQ=="
    "\n"
    "index 2\n"
    "wDbigNNYt+GD5XSuZmWadH7HDd9oKKfOFZ3KP5YuW60=\n"
    "enR2U2hh19EdTfclin9LUBlKW68gOVhyyZhy11yduj4=\n"
    "\n"
    "smartdhandha-5f0c2e9d41b7a863/org_01KEXAMPLE0000000000000000\n"
    "4\n"
    "1K6ybfAH9k8UiN5tz8BAfkBDFnBnTN0jdB3JDeqFfpE=\n"
    "\n"
    "— smartdhandha-5f0c2e9d41b7a863 y2h1Ytkg9pIerJFmtr2Vn2Kc8YNVEObEyA8sCxhf7tzRan85eHZtm4bkeD"
    "EenBArER7IxLmItGySKcObidTLgH5L0wY=\n"
)
PROOFS = TagTexts(
    tag="Proofs",
    about=(
        "Files that prove an event, or the state of the whole log, to somebody who has no access to the service. The "
        "public keys, which need no API key, are at `/.well-known/smartdhandha-log-keys`. The "
        "[guide to proofs](/docs/guides/proofs) shows how a file is checked."
    ),
    operations={
        "getCheckpoint": Words(
            "Get the checkpoint of the log",
            "The size of the organization's log and the root of the Merkle tree over all of its events, signed by the "
            "service. Keep `checkpoint` where nobody who could change the log can reach it: a later checkpoint must "
            "be consistent with it, so events that were changed or removed are found. If many events are new, the "
            "response can be 503 `unavailable` until their hashes are in the tree.",
            search_words="signed root of the log, merkle tree head, seal, tamper proof, checkpoint",
        ),
        "getEventProof": Words(
            "Get the proof of an event",
            "A file that proves that the event, with its content, is in the log of the organization. Save `proof` as "
            "`evt_….tlog-proof`: anybody can check it with the public keys, without this service. It has the whole "
            "content of the event, and of all other events only hashes. The key needs the scope that shows the event. "
            "If many events are new, the response can be 503 `unavailable` until their hashes are in the tree.",
            search_words="prove an event record offline to an auditor or a bank, inclusion proof, evidence",
        ),
    },
    fields={
        "origin": "The name of the log: the name of the installation, a slash, and the id of the organization.",
        "size": "The number of events in the log when the checkpoint was signed.",
        "root": "The root of the tree over these events, in hexadecimal digits.",
        "checkpoint": "The checkpoint as text, a signed note (https://c2sp.org/tlog-checkpoint). Each byte counts.",
        "eventId": "The id of the event.",
        "EventProof.position": "The position of the event in the log.",
        "proof": "The file as text (https://c2sp.org/tlog-proof). Each byte counts.",
    },
    parameters={"eventId": "The event's id, such as `evt_…`."},
    path_examples={"eventId": "evt_70cceb5360f359460e2144b0"},
    responses={
        "getCheckpoint": {
            "origin": _ORIGIN,
            "size": _SIZE,
            "root": "d4aeb26df007f64f1488de6dcfc0407e40431670674cdd23741dc90dea857e91",
            "checkpoint": _CHECKPOINT,
        },
        "getEventProof": {
            "eventId": "evt_70cceb5360f359460e2144b0",
            "position": 3,
            "origin": _ORIGIN,
            "size": _SIZE,
            "proof": _PROOF,
        },
    },
)
