"""Sentences for the messages of the API about fields of the settings: keys, webhooks, people and the organization."""

from __future__ import annotations

import re

from api.pages.translation import marked

_CLOCKS = r"the clocks of (?P<zone>\S+)"
_DAY = r"(?P<day>\d{4}-\d\d-\d\d)"
SETTINGS = (
    (
        r"must be (?P<least>\d+) to (?P<most>\d+) characters, at least one of them visible",
        marked("%(field)s must have %(least)s to %(most)s characters, and at least one of them must be visible."),
    ),
    (
        r"must not contain the character U\+0000, or half a surrogate pair",
        marked("%(field)s has a character that cannot be stored. Type it again."),
    ),
    (r"must be one or more of: .*", marked("%(field)s: choose at least one of those in the list.")),
    (
        r"must be a whole number from (?P<lowest>\d+) to (?P<highest>\d+); leave it out for any number of requests",
        marked("%(field)s must be a whole number from %(lowest)s to %(highest)s, or empty for any number of requests."),
    ),
    (
        r"must be a whole number from (?P<lowest>\d+) to (?P<highest>\d+)(?:, without quotes)?",
        marked("%(field)s must be a whole number from %(lowest)s to %(highest)s."),
    ),
    (
        r"must be at most (?P<most>\d+) ranges; there are (?P<count>\d+)",
        marked("%(field)s: enter at most %(most)s ranges of addresses; there are %(count)s."),
    ),
    (
        r"must be a range of IPv4 or IPv6 addresses, .*, or one address, not '(?P<typed>.*)'",
        marked(
            "%(field)s: “%(typed)s” is no range of IPv4 or IPv6 addresses. Enter one such as 203.0.113.0/24 or "
            "2001:db8::/32, or one address."
        ),
    ),
    (
        r"must be (?P<range>\S+) for all addresses of this range, or (?P<address>\S+) for one address, "
        r"not '(?P<typed>.*)'",
        marked(
            "%(field)s: instead of “%(typed)s”, enter %(range)s for all addresses of this range, or %(address)s for "
            "one address."
        ),
    ),
    (
        rf"must be after {_DAY}, the last day of the financial year",
        marked("%(field)s must be after %(day)s, when the financial year ends."),
    ),
    (r"must be in the future", marked("%(field)s must be in the future.")),
    (
        r"must be before 2100; leave it out for a key that does not expire",
        marked("%(field)s must be before 2100, or empty for a key that does not expire."),
    ),
    (
        r"must be a day \(2027-03-31\), a time .*, or a duration \(90d, 12h\)",
        marked(
            "%(field)s must be a day such as 2027-03-31, a time such as 2027-03-31 18:30, or a duration such as 90d or "
            "12h."
        ),
    ),
    (
        r"must be a day \(2027-03-31\), a time .*, or a duration before now \(90d, 12h\)",
        marked(
            "%(field)s must be a day such as 2027-03-31, a time such as 2027-03-31 18:30, or a duration before now "
            "such as 90d or 12h."
        ),
    ),
    (
        r"must be a day \(2027-03-31\), a time [^()]*\([^()]*\), or one with an offset",
        marked("%(field)s must be a day such as 2027-03-31, or a time such as 2027-03-31 18:30."),
    ),
    (
        r"must be a day before 9999-12-31|must be a day after 0001-01-01|must be a time between the years 2 and 9998",
        marked("%(field)s must be between the years 2 and 9998."),
    ),
    (
        rf"must be a time that exists: {_CLOCKS} skip (?P<time>\d\d:\d\d) on {_DAY}. .*",
        marked(
            "%(field)s must be a time that exists: on %(day)s, the clocks of %(zone)s skip %(time)s. Choose an earlier "
            "or a later time."
        ),
    ),
    (
        rf"must say which (?P<time>\d\d:\d\d) is meant: {_CLOCKS} show it twice on {_DAY}. "
        r"Add the offset, (?P<former>\S+) for the first or (?P<latter>\S+) for the second",
        marked(
            "%(field)s must say which %(time)s is meant: on %(day)s, the clocks of %(zone)s show it twice. Add "
            "%(former)s for the first, or %(latter)s for the second."
        ),
    ),
    (
        r"must be a number with the unit s, m, h or d, such as 24h or 7d",
        marked("%(field)s must be a number with the unit s, m, h or d, such as 24h or 7d."),
    ),
    (r"must be between 0 and (?P<most>\d+) days", marked("%(field)s must be between 0 and %(most)s days.")),
    (
        r"must be a URL of at most (?P<most>\d+) visible ASCII characters",
        marked("%(field)s must be at most %(most)s letters, digits and other visible characters of English keyboards."),
    ),
    (
        r"must be a URL, such as \S+|must name a host, such as \S+",
        marked("%(field)s must be one that exists, such as https://example.in/hooks."),
    ),
    (r"must begin with https://", marked("%(field)s must begin with https://.")),
    (
        r"must not contain credentials; .*",
        marked("%(field)s must not contain a name or a password. To know who has sent something, check its signature."),
    ),
    (r"must not contain a fragment .*", marked("%(field)s must not contain #: what follows it is never sent.")),
    (
        r"must not lead to a private, local or reserved address",
        marked("%(field)s must not lead to a private, local or reserved address."),
    ),
    (
        r"must be a type of event|must name at least one type; .*|must be a list with at least one entry.*",
        marked("%(field)s: choose at least one of those in the list."),
    ),
    (
        r"must be an e-mail address, such as asha@example\.in",
        marked("%(field)s must be one such as asha@example.in."),
    ),
    (
        r"must be the IANA name of a time zone, such as Asia/Kolkata",
        marked("%(field)s must be one of those in the list, such as Asia/Kolkata."),
    ),
    (
        r"must be less than a day away from (?P<zone>\S+); .*",
        marked(
            "%(field)s must be less than a day away from %(zone)s. Choose one in between, and this one a day later."
        ),
    ),
    (
        r"must be capital letters A to Z, digits, - and /, and begin with a letter or a digit",
        marked("%(field)s must be capital letters A to Z, digits, - and /, and begin with a letter or a digit."),
    ),
    (
        r"must not contain line breaks or other control characters",
        marked("%(field)s must not contain line breaks or other control characters."),
    ),
    (
        r"must have at most (?P<most>\d+) characters; it has (?P<count>\d+)",
        marked("%(field)s must have at most %(most)s characters; it has %(count)s."),
    ),
    (
        r"must not contain @; the e-mail address is shown anyway",
        marked("%(field)s must not contain @: the e-mail address is shown anyway."),
    ),
    (
        r"must not contain invisible characters; type it again",
        marked("%(field)s must not contain invisible characters. Type it again."),
    ),
)
"""What such a message may be, as a pattern, and the sentence for it."""
SUGGESTION = re.compile(r"(?P<rule>.*) \(did you mean (?P<suggestion>.+)\?\)", re.DOTALL)
"""A message that says what was probably meant."""
