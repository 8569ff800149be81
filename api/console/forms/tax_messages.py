"""Sentences for the messages of the API about GSTINs, states, and what tax invoices say of an organization."""

from __future__ import annotations

from api.pages.translation import marked

TAX = (
    (
        r"needs the GSTIN of your organization; .*",
        marked("%(field)s needs the GSTIN of your organization: an owner or admin enters it in the settings."),
    ),
    (
        r"must be at most what it reduces, (?P<amount>[\d.]+) (?P<currency>[A-Z]{3})",
        marked("%(field)s must be at most what it reduces, %(amount)s."),
    ),
    (
        r"must be an object with either percent or amount, .*",
        marked("%(field)s must be a percentage, such as 10 %%, or an amount, such as 500."),
    ),
    (
        r"must be 0: the supplier pays a composition levy, .*",
        marked("%(field)s must be 0: the supplier pays a composition levy, and must not collect tax."),
    ),
    (
        r"cannot be charged here: .*|cannot be true here: .*",
        marked("%(field)s is not possible: no GST is due on this document."),
    ),
    (
        r"cannot be true: the supplier pays a composition levy, .*",
        marked("%(field)s is not possible: the supplier pays a composition levy, and issues a bill of supply."),
    ),
    (
        r"cannot be true for an export or a supply to a special economic zone",
        marked("%(field)s is not possible for an export or a supply to a special economic zone."),
    ),
    (
        r"must be a GSTIN of (?P<length>\d+) characters, such as \w+",
        marked("%(field)s must have %(length)s characters, such as 27AAPFU0939F1ZV."),
    ),
    (
        r"must be a GSTIN: .*",
        marked(
            "%(field)s must be two digits of the state, the PAN, one digit or letter, the letter Z, and a check "
            "character, such as 27AAPFU0939F1ZV."
        ),
    ),
    (
        r"must begin with the GST code of a state; (?P<code>\S*) is none",
        marked("%(field)s must begin with the GST code of a state: %(code)s is none."),
    ),
    (
        r"must have the right check character at its end; .*",
        marked("%(field)s has a typing error: its check character at the end is not right. Compare each character."),
    ),
    (
        r"must be a PAN of .*",
        marked("%(field)s must be five letters, four digits and a letter, such as AAPFU0939F."),
    ),
    (
        r"must be the two-digit GST code of a state.*",
        marked("%(field)s must be one of those in the list."),
    ),
    (
        r"must be (?P<code>\S*) \((?P<name>.*)\), the state of the GSTIN",
        marked("%(field)s must be %(name)s, the one of the GSTIN."),
    ),
    (
        r"must not contain control characters other than line breaks",
        marked("%(field)s must not contain control characters other than line breaks."),
    ),
    (
        r"must be capital letters A to Z, digits, - and /",
        marked("%(field)s must be capital letters A to Z, digits, - and /."),
    ),
    (
        r"must be a file of at most (?P<most>\d+) KB; it has (?P<count>\d+) KB",
        marked("%(field)s must be a file of at most %(most)s KB; it has %(count)s KB."),
    ),
    (r"must be a PNG file", marked("%(field)s must be a PNG file.")),
    (
        r"must have at most (?P<most>\d+ × \d+) pixels; it has (?P<count>[\d ×]+)",
        marked("%(field)s must have at most %(most)s pixels; it has %(count)s."),
    ),
    (
        r"must be a simpler picture: .*",
        marked("%(field)s must be a simpler picture: without its palette, it takes too much room."),
    ),
    (
        r"must be a UPI id, such as \S+",
        marked("%(field)s must be one such as sharma@okhdfcbank."),
    ),
)
"""What such a message may be, as a pattern, and the sentence for it."""
