"""Topics about drafting and sending invoices and bills: fields, clients, due dates."""

from __future__ import annotations

from api.assistant.topics.topic import topic

DOCUMENT_TOPICS = (
    topic(
        """required optional mandatory | field invoice | create need which what | !number key error hsn scope bill leave metadata idempotency first before
        minimum | create invoice | need
        which what | field | need create | invoice""",
        "Required are `clientId`, `invoiceDate`, `dueDate` and `items`, each with `description`, `quantity`, `unitPrice` and "
        "`taxRate`. Optional: `clientName`, `invoiceNumber`, `currency`, `notes`, `metadata`, and `hsnSac` of an item.",
        "createInvoice",
        "createInvoice",
        like="""which fields does creating an invoice need
        what is mandatory in an invoice
        which fields are optional""",
    ),
    topic(
        "required optional mandatory | field | bill vendor | !number",
        "Required are `vendorId`, `billNumber`, `billDate`, `dueDate` and `items`, each with `description`, `quantity`, "
        "`unitPrice` and `taxRate`. Optional: `vendorName`, `currency`, `notes`, `metadata`.",
        "createBill",
        "createBill",
        like="""which fields does a bill need
        what is mandatory when I enter a bill""",
    ),
    topic(
        """client vendor employee | first need endpoint exist before must necessary | create register add exist object | !esi epf invoice_for search overdue unpaid see_bills payment tds pay send number bill_of duplicate leave_of scope withhold deny approve key gstin pan address email metadata search find by invoice bill leave
        client vendor employee | first before need exist required | create register add | !approve key scope
        client vendor employee | url | create register add manage | !address
        client | object endpoint | !unpaid overdue payment number address
        customer | master
        clientid vendorid employeeid | what how where""",
        "No, nobody need be created first: `clientId` (bills `vendorId`, leaves `employeeId`) can be an id of your own, 1 to 64 "
        "letters, digits, `-` and `_`; `clientName` is the name. Clients and vendors have a list, too: `POST /parties` adds one, "
        "with its GSTIN and address; `POST /employees` adds an employee.",
        "parties createInvoice createParty createEmployee",
        like="""do I have to create the customer first
        does an invoice need a client that exists
        is there a list of clients
        where do I add a vendor
        must an employee exist before requesting leave
        what is clientId
        where are customers stored""",
    ),
    topic(
        """duedate | before earlier past | date invoice invoicedate | !list see find show
        duedate | past yesterday""",
        "No, `dueDate` must not be before `invoiceDate` (`billDate`); the same day is allowed.",
        "errors#validation_failed createInvoice",
        like="""can the due date lie before the invoice date
        can the due date be the same day""",
    ),
    topic(
        "status | create draft enter | have then after new what which | !list see update number",
        "A new invoice or bill is a `draft`: it bills nobody yet, and every field can change.",
        "createInvoice createBill",
        like="""which status has a new invoice
        is a new bill open or a draft""",
    ),
    topic(
        """overdue | status what how meaning when who calculate become is field find_it | !list invoices unpaid show see find filter email payment_late node
        overdue | draft void | can whether
        overdue | status
        isoverdue
        overdue | mean become marked set""",
        "No, overdue is not a status but a fact of its own: `isOverdue` is true when the due date is past and a balance is left. "
        "List them with `overdue=true`; it is recorded at midnight in the organization's time zone.",
        "lists#filters listInvoices",
        "listInvoices",
        like="""when does an invoice count as overdue
        is overdue a status
        how does the API decide that an invoice is late""",
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
        like="""does the customer get an email when I send an invoice
        is the invoice delivered to the client
        do you send whatsapp messages
        what does marking as sent do""",
    ),
    topic(
        """date invoicedate billdate | back backdate back-date past old earlier previous yesterday last | invoice bill | can create enter draft | !list see find duedate undo
        backdate backdated back-date back-dated | invoice bill""",
        "Yes, `invoiceDate` (`billDate`) may lie in the past: any day from 2000 on. It decides the financial year of the number, and "
        "`dueDate` must not be before it.",
        "createInvoice createBill",
        like="""can I back-date an invoice
        can the invoice date lie in the past""",
    ),
    topic(
        """interest | overdue late invoice payment
        late | fee charge penalty | invoice""",
        "No, the API computes no interest and no late fees on an overdue invoice: draft another invoice for them.",
        "createInvoice",
        like="""is interest added to an overdue invoice
        are there late fees""",
    ),
    topic(
        "two several both multiple | client vendor | invoice bill | one same can | !number",
        "No, an invoice has one client and a bill one vendor: draft a document for each.",
        "createInvoice",
        like="""can one invoice be for two clients
        split an invoice between several customers""",
    ),
)
