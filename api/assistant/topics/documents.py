"""Topics about invoices and bills: their numbers, lines, totals, and what can change when."""

from __future__ import annotations

from api.assistant.topics.topic import topic
from commands.document import LineItems
from commands.invoice import InvoiceNumber
from domain.invoice import Invoice

_EXAMPLE = "`INV-2026-27-0001`"
_LATER = "`, `".join(("invoiceDate", "dueDate", "notes"))
_ITEMS, _NUMBER = LineItems.max, InvoiceNumber.max
_STATES = " → ".join(f"`{name}`" for name in Invoice.transitions() if name != "void")

DOCUMENT_TOPICS = (
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
    ),
    topic(
        """required optional mandatory need | number invoicenumber | !bill billnumber vendor character
        invoicenumber | required optional mandatory must""",
        f"No, `invoiceNumber` is optional: without it the invoice gets the next number of your own series, such as {_EXAMPLE}. A "
        "`billNumber`, the vendor's own, is required.",
        "createInvoice createBill",
    ),
    topic(
        """number | prefix format own custom choose change start | series invoice | !length maximum case api key search find
        change | prefix series
        invoice | number | own custom choose prefix set | !search metadata mark""",
        f"Send your own `invoiceNumber`: 1 to {_NUMBER} letters, digits, `-` and `/`, beginning with a letter or a digit. The "
        f"prefix of the automatic series ({_EXAMPLE}) cannot be changed.",
        "createInvoice",
    ),
    topic(
        """number invoicenumber | maximum length character allow long special symbol contain digits | invoice invoicenumber | !credit item many_items call page
        invoicenumber | format
        number | invoice | format character slash""",
        f"An `invoiceNumber` has 1 to {_NUMBER} characters: letters, digits, `-` and `/`, beginning with a letter or a digit "
        "(rule 46 of India's CGST Rules).",
        "createInvoice",
    ),
    topic(
        """number | bill billnumber | maximum length character format required allow
        billnumber | length format""",
        "A `billNumber` is required: it is the vendor's own number, 1 to 64 characters, without control characters.",
        "createBill",
    ),
    topic(
        """capital capitals case lower lowercase upper uppercase sensitive | number inv
        inv-7 inv-912
        case | insensitive sensitive""",
        "Numbers are compared **as a person reads them**: upper and lower case make no difference, so `inv-7` is `INV-7`. The "
        "answer to the second one is 409 `duplicate_number`; its `conflictingId` names the first.",
        "errors#duplicate_number createInvoice createBill",
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
    ),
    topic(
        """void cancelled cancel wrong mistake | bill vendor | number | again retry reuse same free used enter create
        void | bill | again retry enter create | !can_i_void undo open
        bill | void | number""",
        "Yes, a void bill gives its number back: enter the bill again with the same `billNumber`. A void invoice, however, "
        "keeps its number.",
        "errors#duplicate_number updateBill createBill",
    ),
    topic(
        """void cancelled cancel delete | number | again reuse same free used retry keep gap | !bill vendor
        void | invoice | number""",
        "No, a void invoice keeps its number, so that the series has no gap: the next invoice gets another one. A void bill "
        "gives its number back.",
        "errors#duplicate_number updateInvoice",
    ),
    topic(
        """gap gaps hole missing | number invoice series""",
        "Numbers of the series have no gaps from failures: a refused request takes no number, and a void invoice keeps its own.",
        "createInvoice errors#duplicate_number",
    ),
    topic(
        """year april financial fiscal | number series start begin reset new what when which invoice | !as_of log
        financial | year""",
        "The financial year is April to March: numbers are unique within it, and the series begins anew with `0001` on 1 April. "
        "A draft with a number of the series gets a new one when its `invoiceDate` moves to another year.",
        "createInvoice",
    ),
    topic(
        """item | maximum many number limit most | invoice bill one single document | !page delete update cost credit total price
        many | item | can put have add""",
        f"An invoice or a bill has 1 to {_ITEMS} items (lines).",
        "createInvoice errors#payload_too_large",
    ),
    topic(
        """without no zero empty | item | invoice bill
        minimum | item""",
        f"No, a document needs at least one item: `items` is a list of 1 to {_ITEMS}.",
        "createInvoice",
    ),
    topic(
        """required optional mandatory | field invoice | create need which what | !number key error hsn scope bill leave metadata idempotency
        minimum | create invoice | need
        which what | field | need create | invoice""",
        "Required are `clientId`, `invoiceDate`, `dueDate` and `items`, each with `description`, `quantity`, `unitPrice` and "
        "`taxRate`. Optional: `clientName`, `invoiceNumber`, `currency`, `notes`, `metadata`, and `hsnSac` of an item.",
        "createInvoice",
        "createInvoice",
    ),
    topic(
        "required optional mandatory | field | bill vendor | !number",
        "Required are `vendorId`, `billNumber`, `billDate`, `dueDate` and `items`, each with `description`, `quantity`, "
        "`unitPrice` and `taxRate`. Optional: `vendorName`, `currency`, `notes`, `metadata`.",
        "createBill",
        "createBill",
    ),
    topic(
        """client vendor employee | create first need endpoint url register exist where how before list add manage object | !invoice_for search overdue unpaid see_bills payment tds pay send number bill_of duplicate leave_of scope withhold deny approve key gstin pan address email metadata search find by invoice bill leave
        client vendor employee | first before need exist | create register add
        client vendor employee | url | create register add manage
        client | url object endpoint | !unpaid overdue payment number
        customer | master list
        clientid vendorid employeeid | what how where""",
        "No, there is no endpoint for clients, vendors or employees, and nobody need be created first: `clientId` (bills "
        "`vendorId`, leaves `employeeId`) is an id of your own, 1 to 64 letters, digits, `-` and `_`. `clientName` is the name.",
        "createInvoice",
    ),
    topic(
        """tax | inclusive exclusive include included excluding before after | price unitprice total
        unitprice | tax include
        price | include tax""",
        "No, `unitPrice` is before tax: the tax of a line is added by `taxRate`, in percent. From a price with tax, send the "
        "price divided by (1 + rate / 100), with up to 4 decimals.",
        "createInvoice",
    ),
    topic(
        """cgst
        igst
        split | tax
        two multiple several | tax | line item
        intra interstate inter-state | tax""",
        "No, a line has one rate, `taxRate`: CGST and SGST are not separate fields. Send their sum, such as 18 for 9 + 9, and "
        "split `taxAmount` when you print.",
        "createInvoice",
    ),
    topic(
        """discount
        percent | off | invoice bill""",
        "No, there is no discount field: send a lower `unitPrice`, and say so in the `description` or the `notes`. A negative "
        "line is refused.",
        "createInvoice",
    ),
    topic(
        """negative minus | unitprice quantity total item price number
        credit debit | notes note
        creditnote
        shipping freight | item charge add""",
        "No, there are no negative lines and no credit notes: `quantity` is above 0 and `unitPrice` at least 0. Void the "
        "document, or settle a remainder with a payment of the kind `write_off`.",
        "createInvoice payments#a-remainder-that-nobody-pays",
    ),
    topic(
        """roundoff | how total calculate tax half up line rule why amount | !record payment settle rest remaining
        total tax | calculate how | !balance delete record show cgst print find
        calculate | tax total invoice amount | !balance leave
        rounding""",
        "Each line's `amount` is quantity × unitPrice, rounded half up to the currency's minor unit; its `taxAmount` is that "
        "amount × taxRate / 100, rounded half up too. The totals are the sums of the lines: 20 × 3500.00 at 18 % is 82600.00.",
        "createInvoice",
    ),
    topic(
        """total subtotal taxtotal totalamount | send set give own myself override | !payment number string comma search
        set | total""",
        "No, the server computes `subTotal`, `taxTotal` and `totalAmount`; sending one is refused with 422 `read_only_field`.",
        "errors#read_only_field createInvoice",
    ),
    topic(
        """tax taxrate | maximum limit valid allow decimal zero range can | rate taxrate unitprice
        taxrate | what
        zero exempt nil | tax""",
        "`taxRate` is a percentage from 0 to 100 with up to 3 decimals, such as `18` or `9.975`; 0 is allowed. The API takes "
        "the rate that you send and knows no tax law.",
        "createInvoice",
    ),
    topic(
        "hsn",
        '`hsnSac` is an optional field of an item: 4, 6 or 8 digits, as a string, such as `"9983"`.',
        "createInvoice",
    ),
    topic(
        """quantity | decimal fraction maximum half kg
        quantity | decimal places many""",
        "A `quantity` is above 0, below 10^12, and has up to 3 decimals, such as `2.125`.",
        "createInvoice",
    ),
    topic(
        "unitprice | decimal maximum places minimum zero free | !tax",
        "A `unitPrice` is 0 or more, below 10^12, and has up to 4 decimals; it is before tax.",
        "createInvoice",
    ),
    topic(
        """duedate | before earlier past | date invoice invoicedate | !list see find show
        duedate | past yesterday""",
        "No, `dueDate` must not be before `invoiceDate` (`billDate`); the same day is allowed.",
        "errors#validation_failed createInvoice",
    ),
    topic(
        """update change edit | sent after open issued already | invoice bill | can what which field allow | !payment duedate list since leave sent_to notes client who somebody
        sent | update | invoice can
        update change | item client number currency price total | sent open after issued
        wrong | sent | invoice | update""",
        f"Once an invoice is sent (a bill opened), only `{_LATER}` and `metadata` can change; lines, client, number and currency "
        "are fixed. In a draft every field can change. To correct the rest, make it void and draft a new one.",
        "updateInvoice errors#read_only_field",
        "",
    ),
    topic(
        """update change edit | paid void | invoice bill can still total field | !since status list mark see how open send
        paid | update | total item date
        void | update edit change | !how open send""",
        "No, in a paid or void document only `notes` and `metadata` can change. To correct a paid one, first reverse its "
        "payment; then it can be made void.",
        "updateInvoice errors#read_only_field payments#take-a-payment-back",
    ),
    topic(
        """update change edit | draft | invoice bill field what can
        draft | can | update""",
        "Yes, in a draft every field can change with a PATCH: client, number, dates, currency, items, notes.",
        "updateInvoice",
        "updateInvoice",
    ),
    topic(
        """update replace add remove delete | item line | invoice bill draft | !maximum cgst number
        add remove | item | draft invoice bill | !create many""",
        "Send the whole list of `items` in a PATCH of the draft: it replaces the lines. A single line cannot be added or removed "
        "alone, and after sending the lines are fixed.",
        "updateInvoice",
    ),
    topic(
        """delete | invoice draft | !payment key bill leave cancel_leave log number credit item
        delete | invoice""",
        "No, invoices are **not deleted**: void them, while they are draft or sent and nothing is paid; reverse payments first. "
        "A void invoice keeps its number.",
        "updateInvoice",
        "updateInvoice",
        is_firm=True,
    ),
    topic(
        "delete | bill | !payment key number item",
        "No, bills are **not deleted**: void them, while they are draft or open and nothing is paid; reverse payments first. A "
        "void bill gives its number back, so that the right one can be entered.",
        "updateBill",
        "updateBill",
        is_firm=True,
    ),
    topic(
        "delete | !payment mistake bounce wrong invoice bill leave webhook facebook gmail account item key",
        "No, **nothing is deleted** here, since the log keeps every change: void an invoice or a bill, cancel a leave request, "
        "revoke a key.",
        "updateInvoice updateBill updateLeave authentication#making-rotating-and-revoking-keys",
    ),
    topic(
        """undo restore unvoid reopen again revert reverse | void voided cancelled | !payment bounce number
        void | back undo reopen restore final permanent | !payment number
        reopen | invoice bill""",
        "No, void is final: nothing leads on from it. Draft a new document; a void invoice keeps its number.",
        "updateInvoice errors#invalid_transition",
    ),
    topic(
        "undo reverse revert unsend | send sent | !payment bounce\nback | send sent | undo take",
        "No, a sent invoice does not go back to draft: make it void while nothing is paid, and draft a new one.",
        "updateInvoice errors#invalid_transition",
    ),
    topic(
        "status | create draft enter | have then after new what which | !list see update number",
        "A new invoice or bill is a `draft`: it bills nobody yet, and every field can change.",
        "createInvoice createBill",
    ),
    topic(
        """unsend back | draft | sent | invoice
        sent | back | draft
        open | back | draft""",
        "No, a sent invoice (an open bill) does not go back to draft: make it void, and draft a new one.",
        "updateInvoice errors#invalid_transition",
    ),
    topic(
        """overdue | status what how meaning when who calculate become is field find_it | !list invoices unpaid show see find filter email payment_late node
        overdue | status
        isoverdue
        overdue | mean become marked set""",
        "No, overdue is not a status but a fact of its own: `isOverdue` is true when the due date is past and a balance is left. "
        "List them with `overdue=true`; it is recorded at midnight in the organization's time zone.",
        "lists#filters listInvoices",
        "listInvoices",
    ),
    topic(
        """send sent | email client deliver automatically really inbox post | status mark sent when patch | !who which list draft_to
        sent | email
        send | email whatsapp sms
        email whatsapp sms | !gmail password
        email | go goes automatically invoice
        deliver | invoice client""",
        "No, the API **sends no e-mail** or other message: `sent` only records that you have sent the invoice yourself. Let "
        "your tool mail it in the same step.",
        "updateInvoice zapier#send-it-in-the-same-zap quickstart#3-send-it",
        "updateInvoice",
    ),
    topic(
        """same | client | two currency different
        notes | maximum length long character""",
        "`notes` hold up to 5000 characters of free text.",
        "createInvoice",
    ),
    topic(
        "description | maximum length long character item",
        "A `description` has 1 to 500 characters.",
        "createInvoice",
    ),
)
