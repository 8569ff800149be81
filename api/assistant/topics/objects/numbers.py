"""Topics about the numbers of invoices and bills."""

from __future__ import annotations

from api.assistant.topics.topic import topic
from commands.invoice import InvoiceNumber
from domain.accounts.series import MAX_PREFIX

_EXAMPLE = "`INV-2026-27-0001`"
_NUMBER = InvoiceNumber.max

NUMBER_TOPICS = (
    topic(
        """number | invoice next own series automatic automatically | leave out without get default generate create create_by default assign auto what which how not next missing omit | !taken exists already maximum required optional mandatory length character duplicate unique void case bill same find search mark update dup item
        invoicenumber | leave out without omit skip default auto
        number | automatic automatically auto series sequence
        number | invoice | how | create
        series | number invoice
        next | invoice number""",
        f"It gets the next number of your own series for the financial year (April to March): {_EXAMPLE}, `…-0002` and so on. "
        "Leave `invoiceNumber` out for that; a number that you send is kept, and numbers taken by hand are passed over.",
        "createInvoice",
        like="""what number does an invoice get when I leave the number out
        are invoice numbers assigned automatically in a series
        which number will my next invoice have""",
    ),
    topic(
        """required optional mandatory need | number invoicenumber | !bill billnumber vendor character
        invoicenumber | required optional mandatory must""",
        f"No, `invoiceNumber` is optional: without it the invoice gets the next number of your own series, such as {_EXAMPLE}. A "
        "`billNumber`, the vendor's own, is required.",
        "createInvoice createBill",
        like="""is an invoice number mandatory
        must I send invoiceNumber""",
    ),
    topic(
        """number | prefix format own custom choose change start | series invoice | !length maximum case api key search find
        change | prefix series
        invoice | number | own custom choose prefix set | !search metadata mark""",
        f"Send your own `invoiceNumber`: 1 to {_NUMBER} letters, digits, `-` and `/`, beginning with a letter or a digit. The "
        f"prefix of the automatic series ({_EXAMPLE}) is changed by owners and admins in the console, under Settings → Organization: 1 to "
        f"{MAX_PREFIX} of A to Z, 0 to 9, `-` and `/`. It counts from the next draft on, and earlier numbers stay.",
        "createInvoice",
        like="""can I use my own numbering or prefix for invoices
        may I call an invoice FY27/001 instead of your number
        I want to choose the invoice number myself
        can the prefix of the series be changed""",
    ),
    topic(
        """number invoicenumber | maximum length character allow long special symbol contain digits | invoice invoicenumber | !credit item many_items call page
        invoicenumber | format
        number | invoice | format character slash""",
        f"An `invoiceNumber` has 1 to {_NUMBER} characters: letters, digits, `-` and `/`, beginning with a letter or a digit "
        "(rule 46 of India's CGST Rules).",
        "createInvoice",
        like="""how long may an invoice number be and which characters are allowed
        can an invoice number contain a slash or a space
        format of invoiceNumber""",
    ),
    topic(
        """not | number | bill | enter add create can | !duplicate void same
        number | bill billnumber | maximum length character format required allow
        billnumber | length format""",
        "A `billNumber` is required: it is the vendor's own number, 1 to 64 characters, without control characters.",
        "createBill",
        like="""how long can a bill number be
        what may a bill number of a vendor look like
        is the bill number required""",
    ),
    topic(
        """capital capitals case lower lowercase upper uppercase sensitive | number inv | !key
        inv-7 inv-912
        case | insensitive sensitive | !key search metadata""",
        "Numbers are compared **as a person reads them**: upper and lower case make no difference, so `inv-7` is `INV-7`. The "
        "answer to the second one is 409 `duplicate_number`; its `conflictingId` names the first.",
        "errors#duplicate_number createInvoice createBill",
        like="""is INV-7 the same number as inv-7
        does case count in invoice numbers
        are numbers case sensitive""",
    ),
    topic(
        """number | duplicate unique same twice reuse already again taken exists | !void cancelled case
        invoicenumber | same duplicate unique
        invoice | same duplicate | number server time | !payment
        two | invoice | same | number""",
        "No, a number is never taken twice, not even by two requests at the same time: the second one is refused with 409 "
        "`duplicate_number`, whose `conflictingId` names the first. Invoice numbers are unique per financial year, bill numbers "
        "per vendor and year.",
        "errors#duplicate_number",
        like="""can two invoices have the same number
        what if a vendor sends two bills with the same number
        what happens if the invoice number already exists
        two requests create the same invoice number at the same moment
        same bill number of the same vendor twice in one year""",
    ),
    topic(
        """void cancelled cancel delete wrong mistake | bill vendor | number | again retry reuse same free used enter create
        void | bill | again retry enter create | !can_i_void undo open
        bill | void | number""",
        "Yes, a void bill gives its number back: enter the bill again with the same `billNumber`. A void invoice, however, "
        "keeps its number.",
        "errors#duplicate_number updateBill createBill",
        like="""can I reuse the number of a void bill
        does a bill that was made void free its number
        enter a wrong bill again with the same number""",
    ),
    topic(
        """void cancelled cancel delete | number | again reuse same free used retry keep gap | !bill vendor
        void | invoice | number""",
        "No, a void invoice keeps its number, so that the series has no gap: the next invoice gets another one. A void bill "
        "gives its number back.",
        "errors#duplicate_number updateInvoice",
        like="""can I use the number of a void invoice again
        does a void invoice keep its number""",
    ),
    topic(
        """gap gaps hole missing | number invoice series | !error""",
        "Numbers of the series have no gaps from failures: a refused request takes no number, and a void invoice keeps its own.",
        "createInvoice errors#duplicate_number",
        like="""are there gaps in the series of invoice numbers
        why is a number missing in my series""",
    ),
    topic(
        """april financial fiscal | number series start begin reset new what when which invoice | !see show list void unpaid paid open
        year | number series restart reset begin | !as_of log
        financial | year | !see show list find get void unpaid paid open overdue which""",
        "The financial year is April to March: numbers are unique within it, and the series begins anew with `0001` on 1 April. "
        "A draft with a number of the series gets a new one when its `invoiceDate` moves to another year.",
        "createInvoice",
        like="""when does the financial year begin for numbers
        does numbering restart each year in April
        from when until when does the financial year run
        what happens to the number when a draft moves to another year""",
    ),
    topic(
        """number billnumber | bill vendor | duplicate unique same twice already again exists | !void cancelled reuse
        billnumber | same duplicate unique""",
        "No, a bill number is unique per vendor and financial year, among bills that are not void: the second one is refused with 409 "
        "`duplicate_number`. A bill that was entered wrongly is made void and entered again.",
        "errors#duplicate_number createBill",
        like="""can I enter the same bill number of the same vendor twice
        must bill numbers be unique""",
    ),
    topic(
        """number invoicenumber | update change edit | sent send after issued | !draft
        number | update | sent send after | invoice | can""",
        "No, once an invoice is sent its number never changes; `invoiceNumber` can change only in a draft. Make the invoice void and "
        "draft a new one.",
        "updateInvoice errors#read_only_field",
        like="can I change the invoice number after sending",
    ),
)
