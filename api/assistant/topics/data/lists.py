"""Topics about lists: pages, filters, order, search."""

from __future__ import annotations

from api.assistant.topics.topic import topic

LIST_TOPICS = (
    topic(
        """page | next second 2 get how loop iterate all walk more | !event limit maximum size per skip miss twice default
        page | !event limit maximum size many per zapier length cost skip miss twice default
        cursor | next how what where get
        cursor
        next | page
        loop | page all
        next remaining rest others more | list page entries | !number month week year amount than status filter
        more than | 100 50 | invoice bill leave
        offset | page
        all | invoice bill leave | more 100 thousands 1000 beyond""",
        "Follow `nextUrl`: while `pagination.hasMore` is true, request `pagination.nextUrl` unchanged, with the same key. It "
        "holds your filters and the `cursor` (`nextCursor`). There are no page numbers.",
        "lists#pages python",
        "listInvoices",
        like="""how do I get the next page
        page through all bills
        is there another page
        how do I read all invoices when there are thousands""",
    ),
    topic(
        """page limit size list | many maximum per default entries at once | page list result entries | !credit request_per body item metadata
        many | page | invoice bill leave item
        limit | parameter query page list | what maximum default
        default | limit page
        maximum | page limit list""",
        "A page holds 1 to 100 entries: send `limit`, which is 50 by default and 100 at most. A page is also at most 4 MiB, so "
        "read on while `hasMore` is true.",
        "lists#pages",
        like="""how many entries are on a page
        what is the default page size
        maximum of limit""",
    ),
    topic(
        """cursor | expire valid long until filter another change reuse save store
        invalid_cursor""",
        "A cursor is valid only for the query that returned it: with another filter or sort it is refused with 400 "
        "`invalid_cursor`. It does not expire; start again without it to begin anew.",
        "lists#pages errors#invalid_cursor",
        like="""does a cursor expire
        can I use a cursor with another filter""",
    ),
    topic(
        """skip skips skipped miss missed repeat twice duplicate | page entries row list while | !webhook payment
        add create | while during | page list read""",
        "No entry is skipped or repeated when others are added while you read the pages.",
        "lists#pages",
        like="is an entry skipped when others are added while I read",
    ),
    topic(
        """sum total totals amount | all several many unpaid open overdue outstanding | invoice bill client vendor | !line item tax calculate maximum number many invoice_total list_total draft create update
        how_much | unpaid outstanding overdue | all client vendor""",
        "There are no sums over several documents: read all pages of the list with `limit=100`, and add up `balanceDue` (or `totalAmount`) of "
        "each one. The console shows what is open and overdue.",
        "lists#pages listInvoices",
        like="""total of all unpaid invoices
        how much money is outstanding altogether
        sum of all overdue bills
        what do all my customers owe me in total
        kul kitna paisa baki hai sabka""",
    ),
    topic(
        """many count total number | invoice bill leave | there have all altogether | count total number | !item page day limit due credit call maximum create sent bulk amount length long format unique same duplicate client next
        count | invoice bill leave list
        total | count""",
        "There is no field with the number of entries: lists have `hasMore` and `nextUrl`. Read all pages with `limit=100` and "
        "count them.",
        "lists#pages listInvoices",
        like="""how many invoices do I have in total
        is there a count of all entries""",
    ),
    topic(
        """several multiple two more | status | filter list at once one | !leave_types change
        status | comma
        filter | several multiple two | status
        or | status | filter""",
        "Yes: separate the statuses with commas, as in `status=sent,partially_paid`. Different filters are combined: an entry "
        "must fit all of them.",
        "lists#filters listInvoices",
        like="can I filter by several statuses",
    ),
    topic(
        """filter filters find | which what all possible support can exist there available | parameter filter | !by
        filter | available possible which
        how | filter | list""",
        "Lists take these filters: `status`, `clientId` (bills `vendorId`, leaves `employeeId`), `dateFrom` and `dateTo`, "
        "`dueFrom` and `dueTo`, `overdue`, `search`, `metadata[key]`, `updatedSince`; leaves also `type`. They are combined.",
        "lists#filters listInvoices",
        like="""which filters exist
        by what can I filter a list""",
    ),
    topic(
        """total amount value minimum greater above more price | filter find search list invoice bill unpaid see | above greater than more less between minimum filter | !sort credit limit days body poll sort 100 maximum item cost
        filter | total amount
        find | total amount""",
        "No, a list cannot be filtered by amount: sort it by `sort=-totalAmount` and read the pages until the amount is "
        "too small.",
        "lists#sorting listInvoices",
        like="""can I filter by amount
        invoices above 50000""",
        is_firm=True,
    ),
    topic(
        """sort | how which what can field by list default | !one_after
        order | default list sort by
        newest oldest latest | first | default
        what | order | list return come
        sort""",
        "Send `sort` with one field, and `-` before it for the opposite order: `createdAt`, `updatedAt`, `invoiceDate` "
        "(`billDate`), `dueDate`, `totalAmount`, `invoiceNumber` (`billNumber`); leaves `startDate`. Without it the newest come "
        "first (`-createdAt`).",
        "lists#sorting",
        like="""how do I sort a list
        by which fields can I sort
        in which order does a list come
        what is the default order""",
    ),
    topic(
        """search find | parameter how does do work case partial fields look in what where | search | !client_by order metadata
        search | case sensitive partial substring
        full-text fuzzy
        search""",
        "`search` finds a text anywhere in the number, the id, the name and the notes (leaves: the reason; parties: also GSTIN, PAN, e-mail and phone; employees: the e-mail); upper and lower "
        "case do not matter. One or two characters are looked for at the beginning only. It does not look into metadata.",
        "lists#filters",
        like="""where does search look
        is the search case sensitive""",
    ),
    topic(
        "search | metadata | can does look find include whether something also",
        "No, `search` does not look into metadata: filter with `metadata[key]=value`, such as `metadata[orderId]=1042`.",
        "metadata#finding-by-it lists#filters",
        "listInvoices",
        like="""does search look into metadata
        can search find something in metadata""",
    ),
    topic(
        """encode encoded escape bracket brackets percent-encode urlencode urlencoded | metadata parameter query url filter search
        bracket brackets""",
        "Encode the values of a query as in every URL; the brackets of `metadata[orderId]` may be sent as they are or as "
        "`metadata%5BorderId%5D`. With curl, `-G --data-urlencode` does it.",
        "metadata#finding-by-it lists#filters",
        like="""do I have to encode the brackets of a metadata filter
        how do I escape special characters in the query""",
    ),
    topic(
        """updatedsince
        only just | update new changes | since last sync poll fetch get
        sync incremental delta | invoice bill leave list update how
        since | update changes | all get only every
        since | last | update sync run poll""",
        "Send `updatedSince` with the newest `updatedAt` that you have seen, and `sort=updatedAt`: the list then has only "
        "what changed at that time or later, and nothing is missed.",
        "lists#polling-a-list",
        "listInvoices",
        like="""get only what changed since the last time
        is updatedSince inclusive
        sync only changes""",
    ),
    topic(
        """item payment | list missing not include without show | list include summary | !record reverse create put more maximum discount update
        include=items
        include | item payment""",
        "Send `include=items`: entries of a list leave out line items and payments unless you ask for them. One object "
        "(`GET /invoices/{id}`) always has them.",
        "lists#filters listInvoices",
        like="""does a list contain the line items
        why are payments missing in the list""",
    ),
    topic(
        "range | dates datefrom dateto\ndatefrom dateto\nduefrom dueto",
        "`dateFrom` and `dateTo` choose by the date of the invoice or bill (leaves: those that touch the range), `dueFrom` and "
        "`dueTo` by the due date; both ends belong to the range, and one end is enough.",
        "lists#filters",
        "listInvoices",
        like="""what do dateFrom and dateTo mean
        is the last day of the range included""",
    ),
    topic(
        """order sort | datefrom dateto duefrom dueto range
        default | order | date range""",
        "With a range of dates the list is in the order of that date, the latest first: `-invoiceDate`, `-billDate` or `-startDate` for "
        "`dateFrom` and `dateTo`, `-dueDate` for `dueFrom` and `dueTo`. Without a range it is `-createdAt`.",
        "lists#sorting",
        like="""in which order does a list come when I filter by date
        order of a list with dateFrom""",
    ),
    topic(
        """updatedsince | inclusive exclusive include same equal
        inclusive exclusive | since""",
        "`updatedSince` is inclusive: it returns what changed at that time or later, so you get the last entry once more. Recognize it "
        "by its `id` and `version`.",
        "lists#polling-a-list",
        like="is updatedSince inclusive or exclusive",
    ),
    topic(
        "sort | leave | field which by can",
        "Leaves can be sorted by `createdAt`, `updatedAt` and `startDate`, with `-` before the field for the opposite order.",
        "lists#sorting listLeaves",
        like="by which fields can I sort leaves",
    ),
)
