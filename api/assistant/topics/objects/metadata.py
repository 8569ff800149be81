"""Topics about metadata: ids and fields of one's own."""

from __future__ import annotations

from api.assistant.topics.topic import topic
from domain.metadata import MAX_KEY_CHARACTERS, MAX_PAIRS, MAX_VALUE_CHARACTERS

METADATA_TOPICS = (
    topic(
        """id ids | change reused reuse stable same permanent unique forever | ever always | !client own customer key number metadata event
        ids | reused reuse stable permanent""",
        "No, an id never changes and is never used again: `inv_…`, `bill_…`, `leave_…` and `pay_…` name one object for good.",
        "quickstart",
        like="""do ids ever change
        is an id used again after an invoice is void
        are the ids stable""",
    ),
    topic(
        """metadata | find search filter list by query later look
        custom | find search filter | id field
        id field | store | find search later
        find | our own my | id number order deal
        order deal crm erp | id number | invoice bill leave | !list sort
        store save keep | id number | deal order crm erp own external
        store save keep | order deal crm erp | invoice bill leave
        find see search | order deal crm erp external own | number id""",
        'Store your own id in `metadata`, such as `{"dealId": "D-77"}`, and find the object by it with the filter '
        "`metadata[dealId]=D-77`: up to three pairs at once.",
        "metadata metadata#finding-by-it",
        "listInvoices",
        like="""how do I find an invoice by my own order id
        search by metadata
        store the id of my CRM deal and find the invoice later
        save my order number with the invoice""",
    ),
    topic(
        """metadata | maximum limit many length long large key value character | !credit
        metadata | pairs""",
        f"Metadata has at most {MAX_PAIRS} pairs: a key of 1 to {MAX_KEY_CHARACTERS} letters, digits, `_`, `.` and `-`, and a "
        f"value of up to {MAX_VALUE_CHARACTERS} characters.",
        "metadata#storing-it",
        like="""how many metadata pairs can I have
        maximum length of a metadata key and value
        metadata limit""",
    ),
    topic(
        """metadata | delete clear remove null
        metadata | update change merge replace overwrite keep paid sent void when status""",
        'A PATCH of `metadata` merges: pairs that you do not name stay, a pair set to `null` is removed, and `"metadata": null` '
        "removes all. It works in every status, also of a paid invoice.",
        "metadata#changing-it",
        "updateInvoice",
        like="""how do I remove a metadata key
        does changing metadata replace all pairs
        can metadata of a paid invoice be changed""",
    ),
    topic(
        """metadata
        custom | field attribute data
        store keep attach | id our own crm erp field data extra | !key secret token bearer history webhook
        tag label tags labels | invoice bill leave
        external own | id order""",
        "Use `metadata` for your own ids and fields: up to 50 pairs of texts on each invoice, bill and leave, and lists find by "
        "them with `metadata[key]=value`.",
        "metadata",
        like="""can I add custom fields
        where do I keep my own ids
        can I tag an invoice""",
    ),
    topic(
        "metadata | case sensitive upper lower exact exactly compare",
        "The key of a metadata filter must be exactly the same, with its case; values are compared whole, without regard to upper and "
        "lower case.",
        "metadata#finding-by-it",
        like="is the search by metadata case sensitive",
    ),
)
