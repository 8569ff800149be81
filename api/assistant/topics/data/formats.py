"""Topics about the form of values: dates, times, amounts, currencies."""

from __future__ import annotations

from api.assistant.topics.topic import topic
from commands.fields import FIRST_DAY, LAST_DAY
from domain.calendar import DEFAULT_TIME_ZONE
from domain.money import DEFAULT_CURRENCY, FACTOR_LIMIT, MINOR_UNITS, TOTAL_LIMIT

_PLACES = ", ".join(f"{code} {MINOR_UNITS[code]}" for code in ("INR", "USD", "JPY", "KWD"))

FORMAT_TOPICS = (
    topic(
        """date day | format how send write pass look style accept ok | !expire due_on poll half leave sick employee
        dd/mm/yyyy dd-mm-yyyy yyyy-mm-dd
        date | 31 12 mm dd
        format | date""",
        f"Send dates as `YYYY-MM-DD`, such as `2026-12-31`; another form, such as 31/12/2026, is refused with 422. Dates in a "
        f"body lie between {FIRST_DAY.isoformat()} and {LAST_DAY.isoformat()}; times are RFC 3339 in UTC.",
        "quickstart errors#validation_failed",
        like="""in which format do I send dates
        can I send a date as 31/12/2026
        which dates are accepted, earliest and latest""",
    ),
    topic(
        """timezone | !price
        utc ist gmt offset
        time | format zone return come timestamp
        midnight | when time
        what which | time | api invoice your use
        timestamp""",
        f'Times are in UTC, as RFC 3339 with microseconds and `Z` (`2026-01-10T04:30:00.000000Z`). "Today" is the day of the '
        f"organization, in {DEFAULT_TIME_ZONE} unless it is set otherwise; dates such as `dueDate` have no time. Owners and admins "
        "change the zone under Settings → Organization; it counts from the next midnight on.",
        "events#as-it-was quickstart",
        like="""in which time zone are timestamps
        format of times
        are times in UTC or IST
        can the time zone of the organization be changed""",
    ),
    topic(
        """case lowercase uppercase capital | status field value name parameter type json api | !number metadata search key reference name_of
        case | sensitive | status field api type value""",
        "Yes, names of fields and values such as `sent` or `earned` are compared exactly, in the case of the reference: `Paid` is refused, and "
        "the error says what was meant. In searches and numbers, case does not matter.",
        "errors#invalid_parameter lists#filters",
        like="""are statuses case sensitive
        can I write the status in capital letters""",
    ),
    topic(
        """today | mean meaning which what | !invoice bill leave gold weather is_on
        today | timezone
        when | overdue | midnight timezone time""",
        f'"Today" is the organization\'s day, in the time zone {DEFAULT_TIME_ZONE} unless it is set otherwise: it begins at '
        "midnight there. Timestamps are in UTC.",
        "events quickstart",
        like="""what is today for the API
        when does the day end
        does the day end at midnight in India or of another country""",
    ),
    topic(
        """total number decimal payment | string quoted text | why instead
        why | string
        type format | total | response answer field return | !send event
        total number decimal | string
        float floating precision | total number decimal
        exact | total number decimal""",
        "Amounts are decimal strings so that they stay exact: a binary float would round them. You may send them as a string "
        '(`"82600.00"`) or as a JSON number; both are read exactly.',
        "errors#validation_failed quickstart",
        like="""why are amounts strings
        can I use floats for money in python
        are amounts numbers or strings
        convert an amount to a float""",
    ),
    topic(
        """total unitprice quantity number | send pass write | string number quoted
        string number | send | can must should total quantity
        comma commas lakh | total number send""",
        'Both are accepted: a JSON number (`3500.5`) or a decimal string (`"3500.50"`), exactly and without commas. Answers '
        "always have strings.",
        "quickstart",
        like="""may I send amounts as numbers
        can I send the price as a string
        with commas or without""",
    ),
    topic(
        """currency | which what support all many list other foreign | !decimal default
        currency | invoice bill can
        multi-currency multicurrency""",
        f"Every currency of ISO 4217 is supported ({len(MINOR_UNITS)} codes): send `currency`, such as `USD`. The default is "
        f"{DEFAULT_CURRENCY}; amounts are rounded to the minor unit of the currency.",
        "createInvoice",
        "createInvoice",
        like="""which currencies are supported
        can I bill in dollars
        what is the default currency
        invoice in euros instead of rupees""",
    ),
    topic(
        """decimal | yen jpy kwd dinar currency usd dollar inr rupees
        yen jpy | decimal places many number
        kwd dinar bhd | decimal
        minor | unit
        paise paisa""",
        f"Amounts have as many decimals as the currency's minor unit: {_PLACES}. So JPY has 0, no decimal at all, and yen are "
        "whole.",
        "createInvoice",
        like="""how many decimals do amounts in yen have
        decimals of a currency""",
    ),
    topic(
        "two several multiple mixed mix different | currency | one single invoice bill same",
        "No, a document has one `currency` for all its lines and payments: draft one invoice for each currency.",
        "createInvoice",
        like="can one invoice have two currencies",
    ),
    topic(
        """exchange conversion convert fx | currency rate dollar usd
        convert | currency""",
        "No, nothing is converted: an invoice has one `currency`, and its amounts and payments are in it. There are no "
        "exchange rates.",
        "createInvoice",
        like="""do you convert currencies
        convert dollars to rupees
        which exchange rate is used""",
    ),
    topic(
        """maximum large limit | total unitprice | !page payment_of credit invoice_number sort first
        maximum | invoice bill | total value | !sort first
        highest | total""",
        f"The total of a document must be below 10^{TOTAL_LIMIT.adjusted()}, and each quantity and unit price below "
        f"10^{FACTOR_LIMIT.adjusted()}.",
        "createInvoice",
        like="""what is the largest total of an invoice
        upper limit of an amount""",
    ),
    topic(
        "currency | default without omit leave_out standard",
        f"{DEFAULT_CURRENCY} is the default: an invoice or a bill without `currency` is in rupees. Every other currency of ISO 4217 can be "
        "sent as its code, such as `USD`.",
        "createInvoice",
        like="""what is the default currency
        which currency is used when I send none""",
    ),
    topic(
        """date | earliest latest minimum maximum oldest past far 1999 2100 range bound allow accepted | !due list filter invoice_of see show
        year | date | maximum minimum allow accepted""",
        f"Dates in a body lie between {FIRST_DAY.isoformat()} and {LAST_DAY.isoformat()}; a filter of a list may name any date.",
        "createInvoice errors#validation_failed",
        like="""what is the earliest invoice date that is accepted
        can a date lie before the year 2000
        how far in the future may a due date be""",
    ),
)
