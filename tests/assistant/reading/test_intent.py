"""Reading and changing are never confused, and a follow-up question takes over what it does not name."""

from tests.support.cases import all_cases


@all_cases(
    ("question", "action", "kind"),
    [
        ("show me open bills", "see", "bill"),
        ("which leaves are approved", "see", "leave"),
        ("kaun si chhutti approve hui hai", "see", "leave"),
        ("khule bill dikhao", "see", "bill"),
        ("konse invoice bhej diye gaye hai", "see", "invoice"),
        ("Node example that lists open bills", "see", "bill"),
        ("how do I open a bill", "opening", "bill"),
        ("show me how to void a bill", "void", "bill"),
        ("mark invoice 7 as paid", "pay", "invoice"),
        ("mark the invoice as sent", "send", "invoice"),
        ("chhutti approve karni hai", "approve", "leave"),
        ("छुट्टी नामंज़ूर करनी है", "deny", "leave"),
        ("I made a mistake on a bill and want to cancel it", "void", "bill"),
        ("the cheque bounced", "reverse", "invoice"),
        ("who approved the leave", "history", "leave"),
        ("what did the invoice look like on 1 October", "past", "invoice"),
    ],
)
def test_what_is_asked_to_be_done_and_with_what(question, action, kind, read):
    intent = read(question).intent
    assert (intent.action, intent.kind) == (action, kind)


def test_a_question_without_an_action_reads(ask):
    for question in ("bills", "unpaid invoices", "denied leaves this month", "Acme's invoices"):
        assert ask(question).reply.samples[0].code.startswith("curl -sS 'http"), question


@all_cases(
    "question",
    ["list payments that bounced", "show partial payments of an invoice", "which leaves were cut short", "show deleted bills",
     "list the invoices that were sent by email", "which bills were voided", "show me the TDS payments"],
)  # fmt: skip
def test_a_question_that_asks_to_see_is_never_answered_with_a_change(question, ask):
    assert [each.code for each in ask(question).reply.samples if "POST" in each.code or "PATCH" in each.code] == []


@all_cases(
    ("previous", "question", "sent"),
    [
        ("list open bills", "only from Kaveri Stationers", "bills?status=open&search=Kaveri+Stationers"),
        ("list open bills", "what about invoices?", "invoices?status=sent"),
        ("list open bills", "sorted by amount", "bills?status=open&sort=-totalAmount"),
        ("show me pending leaves", "the approved ones as well", "leaves?status=pending,approved"),
        ("who is on leave today?", "and tomorrow?", "leaves?status=approved&dateFrom="),
        ("how do I approve a leave?", "and reject it?", '{"status": "denied"}'),
        ("how do I open a bill?", "and see which ones are open?", "bills?status=open"),
    ],
)
def test_a_follow_up_keeps_what_it_does_not_name(previous, question, sent, ask):
    assert sent in ask(question, previous).reply.samples[0].code


def test_a_follow_up_in_another_language_sends_the_same_request(ask):
    (sample,) = ask("and in Go?", "show overdue invoices").reply.samples
    assert sample.language == "go" and "overdue=true" in sample.code


def test_a_fact_is_asked_for_within_its_thread(ask):
    assert "255" in ask("and how long may the key itself be?", "How long is an Idempotency-Key kept?").reply.answer
    assert "no e-mail" in ask("does the client get a mail?", "How do I send an invoice?").reply.answer


def test_an_api_key_in_an_earlier_question_is_not_shown(ask):
    reply = ask("and in Node?", "list invoices with sd_live_abcDEF1234567890").reply
    assert "abcDEF" not in repr(reply)
