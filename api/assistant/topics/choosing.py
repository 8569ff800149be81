"""Topics about what people ask before they choose the service: what it cannot do, what happens to their data."""

from __future__ import annotations

from api.assistant.topics.topic import topic

CHOOSING_TOPICS = (
    topic(
        """what which | cannot not missing lack limitation limitations unable | product api service smartdhandha system | !field header key parameter error
        limitation limitations drawback drawbacks shortcoming shortcomings""",
        "It makes no exports, and has no bulk requests, recurring invoices, reminders, e-mails, attachments, reports, "
        "payroll, inventory or bookkeeping: it keeps invoices, vendor bills and leave requests, and the log of their changes.",
        "quickstart",
        like="""which things can your product not do
        what is missing in the API
        what are the limitations of the service""",
    ),
    topic(
        """backup backups restore disaster
        database server disk | die dies died crash crashes crashed fail fails lose gone break breaks burn | data lose gone happen if what my safe
        lose | data
        power electricity | fail gone cut""",
        "No acknowledged change is lost when the service or its database stops: the change is stored on disk before the answer is sent. "
        "Backups of the database are made by the administrator of the service.",
        "events#when-the-log-is-shorter-than-your-position errors#unavailable",
        like="""if your database dies, is my data gone
        do you make backups
        can data be lost
        what happens to my data when the server crashes""",
    ),
    topic(
        """leave cancel stop quit | using service product contract you | data take out export migrate
        take | data | out away along
        vendor | lock-in lockin""",
        "All of it can be read with a key: follow the pages of `GET /invoices`, `GET /bills` and `GET /leaves`, and `GET /events` for every "
        "change. There is no ready export as a file.",
        "lists#pages listInvoices",
        like="""how do I take my data out when I stop using the service
        am I locked in""",
    ),
    topic(
        """several many ten employees users people | team company | use work together number limit
        team | size big large
        user users people | how_many many maximum limit | organization console""",
        "As many people as you like may log in to the console of an organization: owners, admins, accountants, HR and viewers. Programs use keys, and each key "
        "has credits of its own.",
        "authentication",
        like="""how many people can use it
        is there a limit on users""",
    ),
    topic(
        """hide private visible visibility restrict secret confidential | invoice bill leave employee user colleague
        employee user colleague member | see read know | only own some
        rights permission | each per single | invoice bill leave""",
        "No, nothing can be hidden from single people: a key with `billing:read` sees all invoices and bills of the organization, one with "
        "`leaves:read` all leaves, and people in the console see all that happened.",
        "authentication#scopes",
        like="""can I hide an invoice from some employees
        can an employee see only his own leaves
        rights for single invoices""",
    ),
    topic(
        """skip without directly direct immediately | draft sent send | create invoice bill
        create | sent | directly status draft
        create | approved | directly status pending immediately""",
        "No, a new invoice or bill is always a `draft`, and a new leave `pending`: send, open or approve it with a PATCH of `status` in a second "
        "request.",
        "createInvoice updateInvoice",
        like="""can I skip draft and create a sent invoice directly
        can a leave be approved when it is created
        send an invoice in the same request that creates it""",
    ),
    topic(
        """payment payments | see list show find all | month week today yesterday received all client | !not who which reverse due overdue unpaid id how_many amount record invoice_of inv bill_ paid
        payment payments | list report endpoint""",
        "There is no list of payments alone: each invoice and bill has its own in `payments`, and `GET /events?type=invoice.payment_recorded` "
        "lists them all in order, `bill.payment_recorded` those of bills.",
        "listEvents events#the-log payments",
        like="""how do I see the payments I received last month
        list all payments
        is there an endpoint for all payments""",
    ),
)
