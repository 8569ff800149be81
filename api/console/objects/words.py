"""The words of the pages about objects: statuses, kinds of payments, and the labels of filters and orders."""

from __future__ import annotations

from collections.abc import Mapping

from api.pages.translation import marked

VALUES: Mapping[str, str] = {
    "draft": marked("draft"),
    "sent": marked("sent"),
    "open": marked("open"),
    "partially_paid": marked("partially paid"),
    "paid": marked("paid"),
    "void": marked("void"),
    "pending": marked("pending"),
    "approved": marked("approved"),
    "denied": marked("denied"),
    "cancelled": marked("cancelled"),
    "earned": marked("earned"),
    "sick": marked("sick"),
    "full": marked("the whole day"),
    "first_half": marked("the first half"),
    "second_half": marked("the second half"),
    "payment": marked("payment"),
    "tds": marked("withheld tax (TDS)"),
    "write_off": marked("written off"),
    "round_off": marked("rounded off"),
    "nearest": marked("to whole units"),
    "yes": marked("yes"),
    "no": marked("no"),
    "issued": marked("issued"),
    "tax_invoice": marked("tax invoice"),
    "bill_of_supply": marked("bill of supply"),
    "intra_state": marked("within the State"),
    "inter_state": marked("to another State"),
    "zero_rated": marked("zero-rated"),
    "request": marked("entered in the document"),
    "organization": marked("from the organization"),
    "party": marked("from the party"),
    "deemed_export": marked("deemed export"),
    "sez": marked("special economic zone"),
    "overseas": marked("overseas"),
    "registered": marked("registered"),
    "unregistered": marked("unregistered"),
    "consumer": marked("consumer"),
    "composition": marked("composition levy"),
    "client": marked("client"),
    "vendor": marked("vendor"),
    "client+vendor": marked("client and vendor"),
    "active": marked("active"),
    "archived": marked("archived"),
}
"""What people call the words that the API uses as values."""
WARNINGS: Mapping[str, str] = {
    "supplier_address_missing": marked("the address of your organization"),
    "recipient_name_missing": marked("the name of the client"),
    "recipient_address_missing": marked("the address of the client"),
    "recipient_gstin_missing": marked("the GSTIN of the client"),
    "recipient_state_missing": marked("the State of the client"),
    "hsn_missing": marked("HSN or SAC codes of lines"),
    "tax_adjustment_late": marked("the tax changes later than the law allows"),
}
"""What an invoice lacks, by the codes of warnings."""
GOOD = frozenset(("paid", "approved"))
"""The statuses that need nothing any more."""
FILTERS: Mapping[str, str] = {
    "search": marked("Search"),
    "status": marked("Status"),
    "type": marked("Type"),
    "overdue": marked("Overdue"),
    "refundDue": marked("To be refunded"),
    "clientId": marked("Client id"),
    "vendorId": marked("Vendor id"),
    "employeeId": marked("Employee id"),
    "role": marked("Role"),
    "externalId": marked("Your own id"),
    "invoiceId": marked("Invoice id"),
    "billId": marked("Bill id"),
    "number": marked("Number"),
    "gstin": marked("GSTIN"),
    "dateFrom": marked("Dated from"),
    "dateTo": marked("Dated to"),
    "dueFrom": marked("Due from"),
    "dueTo": marked("Due to"),
    "updatedSince": marked("Changed since"),
    "asOf": marked("As of (a day or time)"),
    "sort": marked("Order"),
    "limit": marked("Rows on a page"),
    "cursor": marked("The address of this page"),
}
"""The label of each parameter of a list."""
SORTS: Mapping[str, tuple[str, str]] = {
    "createdAt": (marked("Oldest first"), marked("Newest first")),
    "updatedAt": (marked("Changed earliest"), marked("Changed last")),
    "invoiceDate": (marked("Date, earliest first"), marked("Date, latest first")),
    "billDate": (marked("Date, earliest first"), marked("Date, latest first")),
    "date": (marked("Date, earliest first"), marked("Date, latest first")),
    "startDate": (marked("First day, earliest first"), marked("First day, latest first")),
    "dueDate": (marked("Due date, earliest first"), marked("Due date, latest first")),
    "totalAmount": (marked("Total, smallest first"), marked("Total, largest first")),
    "invoiceNumber": (marked("Number, ascending"), marked("Number, descending")),
    "billNumber": (marked("Number, ascending"), marked("Number, descending")),
    "name": (marked("Name, A to Z"), marked("Name, Z to A")),
}
"""For each sort of a list, the words for its ascending and its descending order."""
