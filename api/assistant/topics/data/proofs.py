"""Topics about the log as a proof, and about earlier states of an object."""

from __future__ import annotations

from api.assistant.topics.topic import topic

PROOF_TOPICS = (
    topic(
        """tamper tampered manipulate manipulated forge forged altered integrity intact proof prove hash chain
        prove proof verify | auditor record update log event tamper
        verify check | log event history | !key""",
        "Each event carries the hash of the one before it, so a changed log is found: Activity in the console verifies the chain, and "
        "the operator of the service can run `smartdhandha audit verify`.",
        "events",
        like="""how can I check that nobody tampered with the log
        can someone change the history secretly
        is the log proof against manipulation
        how do I prove to an auditor that records were not changed
        verify the chain of hashes""",
    ),
    topic(
        "seal sealed sealing",
        "`smartdhandha audit seal` signs the heads of all logs: keep the file where nobody who could change the database can "
        "reach it. `audit verify --seal` then finds a log that was cut short or recomputed.",
        "events",
        like="what is an audit seal good for",
    ),
    topic(
        """proof | event
        proof prove evidence certificate | bank court party outside offline
        tlog""",
        "`GET /events/{eventId}/proof` returns a file that proves that the event, with all of its content, is in your log. Anybody "
        "checks it with `smartdhandha audit check` and the public keys at `/.well-known/smartdhandha-log-keys`, without the service; of "
        "other events the file has hashes only.",
        "proofs getEventProof",
        "getEventProof",
        like="""how do I get the proof of an event
        can a bank check a payment in the log without access to the service""",
    ),
    topic(
        "checkpoint checkpoints",
        "`GET /checkpoint` returns the size of your log and the root of the tree over all its events, signed. Keep it where nobody who "
        "could change the database reaches it: a later checkpoint must be consistent with it.",
        "proofs#keep-a-checkpoint getCheckpoint",
        "getCheckpoint",
        like="""how do I get the checkpoint of the log
        what is a checkpoint of the log good for""",
    ),
    topic(
        """asof | future before first create
        asof | error""",
        "A time in the future is refused with 400 `invalid_parameter`; a time before the first event of the object is 404, with the "
        "time of that event in the message.",
        "events#as-it-was errors#invalid_parameter",
        like="""what do I get when asOf lies in the future
        asOf before the object was created""",
    ),
    topic(
        """log | shorter backup restore restored position
        restore restored backup""",
        "If the log was restored from a backup, a position beyond its end is 400 `position_beyond_log`, and `head` is the last position: "
        "read the log again from a position before the backup, or from 0, and leave out events whose `id` you know.",
        "events#when-the-log-is-shorter-than-your-position errors#position_beyond_log",
        like="""the database was restored from a backup, what happens to my position
        is there a backup""",
    ),
    topic(
        """action actions | available can next | invoice bill leave
        availableactions""",
        "`availableActions` lists what the status of an object allows, such as `update`, `send`, `void`, `recordPayment` and "
        "`reversePayment`. Another rule can still refuse an action, and the error then names the rule.",
        "quickstart#3-send-it getInvoice",
        like="""what is availableActions
        which actions are possible now for an invoice""",
    ),
)
