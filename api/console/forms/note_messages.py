"""Sentences for the messages of the API about notes, which correct invoices and bills."""

from __future__ import annotations

from api.pages.translation import marked

_MONEY = r"(?P<amount>[\d.]+) (?P<currency>[A-Z]{3})"
NOTES = (
    (
        r"names a draft; .*",
        marked("%(field)s: it is only a draft. Change the draft itself."),
    ),
    (r"names a void (?:invoice|bill), .*", marked("%(field)s: it is void, so nothing of it can be corrected.")),
    (
        r"names a document of which nothing is left",
        marked("%(field)s: earlier notes have taken all of it. Nothing is left."),
    ),
    (
        r"come to -?[\d.]+ [A-Z]{3}; a note must come to more than 0",
        marked("%(field)s: the note must come to more than 0."),
    ),
    (
        rf"must be at most what is left of line (?P<line>\d+), {_MONEY}",
        marked("%(field)s must be at most what is left of the line, %(amount)s."),
    ),
    (
        r"must be at most what is left of line (?P<line>\d+), (?P<most>[\d.]+)",
        marked("%(field)s must be at most what is left of the line, %(most)s."),
    ),
    (
        rf"comes to [\d.]+ [A-Z]{{3}}, and {_MONEY} is left of line \d+; name an amount",
        marked("%(field)s comes to more than %(amount)s, which is left of the line. Enter an amount instead."),
    ),
    (
        rf"must be at most what is left, {_MONEY}",
        marked("%(field)s must be at most what is left, %(amount)s."),
    ),
    (
        r"must be less than [\d.]+ [A-Z]{3}, or [\d.]+: all that is left",
        marked("%(field)s: enter a little less, or leave it empty for all that is left."),
    ),
    (
        r"cannot be divided so: CGST and SGST must be equal; a little more or less can be",
        marked("%(field)s cannot be divided so that CGST and SGST are equal. Enter a little more or less."),
    ),
    (
        r"must be left out if there is a quantity; send one of the two",
        marked("%(field)s: enter either a quantity or an amount, not both."),
    ),
    (
        r"must be left out if items says what to correct; send one of the two",
        marked("%(field)s: enter either an amount for the whole or parts of lines, not both."),
    ),
    (
        r"is required; or send a quantity",
        marked("%(field)s: enter a quantity or an amount."),
    ),
    (
        r"comes to 0 (?:at the price|of what is left) of line \d+; name an amount",
        marked("%(field)s comes to 0. Enter an amount instead."),
    ),
    (
        r"is required without items; say by how much the document is raised",
        marked("%(field)s: enter by how much it becomes more, here or in lines below."),
    ),
    (
        r"must leave the document a total of less than 10\^(?P<power>\d+)",
        marked("%(field)s: the total becomes too large; it can have %(power)s digits before the decimal point."),
    ),
    (
        r"cannot be spread, because the lines come to 0; send items",
        marked("%(field)s cannot be spread over lines that come to 0. Fill in lines below instead."),
    ),
    (
        rf"must be at most what is to be refunded, {_MONEY}",
        marked("%(field)s must be at most what is to be refunded, %(amount)s."),
    ),
    (
        rf"must be at most {_MONEY} for the kind (?:write_off|round_off): notes that are to be refunded .*",
        marked(
            "%(field)s must be at most %(amount)s, because the rest is to be refunded by a note. Make that note void "
            "and issue it again: it then lowers the balance."
        ),
    ),
    (
        r"must not be after today \(.*\) when the .* is issued; it is .*",
        marked("%(field)s: a note is issued on its day at the earliest. Wait until then, or change the date."),
    ),
    (
        r"cannot be changed while the .* corrects the .*",
        marked("%(field)s cannot be changed while a note corrects the document."),
    ),
    (
        r"names a document for which .* notes were issued, which is the most",
        marked("%(field)s: so many notes were issued for it that there can be no more."),
    ),
    (
        r"must not be before the date of the refund \(.*\)",
        marked("%(field)s must not be before the day of the refund."),
    ),
    (
        r"must not be before the date of the (?!refund ).* \(.*\)",
        marked("%(field)s must not be before the date of the note."),
    ),
)
"""What such a message may be, as a pattern, and the sentence for it."""
