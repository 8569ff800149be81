"""Topics about what can still change in a document, and what is void instead of deleted."""

from __future__ import annotations

from api.assistant.topics.topic import topic

_LATER = "`, `".join(("invoiceDate", "dueDate", "notes"))

EDIT_TOPICS = (
    topic(
        """update change edit | sent send after open issued already | invoice bill | can what which field allow | !payment duedate list since leave sent_to notes client who somebody
        sent | update | invoice can
        update change | item client number currency price total | sent open after issued
        wrong | sent | invoice | update
        wrong mistake typo incorrect error | sent issued already | invoice bill duedate price item amount | !client payment customer""",
        f"Once an invoice is sent (a bill opened), only `{_LATER}` (of a bill `billDate`, `dueDate`, `notes`) and `metadata` can change; lines, client, number and currency "
        "are fixed. In a draft every field can change. To correct the rest, make it void and draft a new one.",
        "updateInvoice errors#read_only_field",
        "",
        like="""what can I change after an invoice is sent
        can I change the invoice number after sending it
        which fields of an open bill can be edited
        can I change the amount of a sent invoice
        I sent an invoice and then saw that the price is wrong
        invoice bhejne ke baad rate galat nikla""",
    ),
    topic(
        """update change edit | paid void | invoice bill can still total field | !since status list mark see how open send
        paid | update | total item date
        void | update edit change | !how open send""",
        "No, in a paid or void document only `notes` and `metadata` can change. To correct a paid one, first reverse its "
        "payment; then it can be made void.",
        "updateInvoice errors#read_only_field payments#take-a-payment-back",
        like="""can I edit a paid invoice
        which fields change in a void document""",
    ),
    topic(
        """update change edit | draft | invoice bill field what can
        draft | can | update""",
        "Yes, in a draft every field can change with a PATCH: client, number, dates, currency, items, notes.",
        "updateInvoice",
        "updateInvoice",
        like="""can I change a draft
        which fields of a draft can be edited""",
    ),
    topic(
        """update replace add remove delete | item line | invoice bill draft | !maximum cgst number
        add remove | item | draft invoice bill | !create many""",
        "Send the whole list of `items` in a PATCH of the draft: it replaces the lines. A single line cannot be added or removed "
        "alone, and after sending the lines are fixed.",
        "updateInvoice",
        "updateInvoice",
        like="""how do I add a line to a draft
        remove one item from an invoice""",
    ),
    topic(
        """delete | invoice draft | !payment key bill leave cancel_leave log number credit item
        delete | invoice""",
        "No, invoices are **not deleted**: void them, while they are draft or sent and nothing is paid; reverse payments first. "
        "A void invoice keeps its number.",
        "updateInvoice",
        "updateInvoice",
        like="""can I delete an invoice
        how to remove a wrong invoice""",
        is_firm=True,
    ),
    topic(
        "delete | bill | !payment key number item",
        "No, bills are **not deleted**: void them, while they are draft or open and nothing is paid; reverse payments first. A "
        "void bill gives its number back, so that the right one can be entered.",
        "updateBill",
        "updateBill",
        like="""can I delete a bill
        how to remove a bill that was entered wrongly""",
        is_firm=True,
    ),
    topic(
        "delete | !creditnote credit_note party client vendor employee payment mistake bounce wrong invoice bill leave webhook facebook gmail account item key",
        "No, **nothing is deleted** here, since the log keeps every change: void an invoice or a bill, cancel a leave request, "
        "revoke a key.",
        "updateInvoice updateBill updateLeave authentication#making-rotating-and-revoking-keys",
        like="""can anything be deleted
        is data ever overwritten or deleted""",
    ),
    topic(
        """undo restore unvoid reopen again revert reverse | void voided cancelled | !payment bounce number
        void | back undo reopen restore final permanent | !payment number
        reopen | invoice bill""",
        "No, void is final: nothing leads on from it. Draft a new document; a void invoice keeps its number.",
        "updateInvoice errors#invalid_transition",
        like="""can I undo voiding an invoice
        can a void invoice be restored or reopened""",
    ),
    topic(
        "undo reverse revert unsend | send sent | !payment bounce\nback | send sent | undo take",
        "No, a sent invoice does not go back to draft: make it void while nothing is paid, and draft a new one.",
        "updateInvoice errors#invalid_transition",
        like="""can I take back sending an invoice
        undo sent""",
    ),
    topic(
        """unsend back | draft | sent | invoice
        sent | back | draft
        open | back | draft""",
        "No, a sent invoice (an open bill) does not go back to draft: make it void, and draft a new one.",
        "updateInvoice errors#invalid_transition",
        like="""can a sent invoice become a draft again
        can an open bill go back to draft""",
    ),
    topic(
        """wrong mistake | client vendor | invoice bill | !payment paid
        clientname clientid vendorname name | update change edit correct | invoice bill can after later | !list see employee""",
        "Yes, in a draft: PATCH `clientName` and `clientId` (of a bill `vendorName` and `vendorId`). Once the document is sent or open, the "
        "client no longer changes; make it void and draft a new one.",
        "updateInvoice errors#read_only_field",
        "updateInvoice",
        like="""can I change the name of the client on an invoice later
        the customer's name is wrong""",
    ),
)
