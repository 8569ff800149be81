"""Sentences for the messages of the API about clients, vendors and employees."""

from __future__ import annotations

from api.pages.translation import marked

PARTIES = (
    (
        r"must be \S+, as the GSTIN says; leave it out",
        marked("%(field)s contradicts the GSTIN, which says it already. Leave this field empty."),
    ),
    (
        r"must be [a-z_, ]+ for a party with a GSTIN",
        marked("%(field)s does not fit: there is a GSTIN. Choose “registered”, or leave this field empty."),
    ),
    (
        r"must be [a-z_, ]+ for a party without a GSTIN; or send its gstin",
        marked("%(field)s needs a GSTIN. Enter it, or choose one that fits without a GSTIN, such as “unregistered”."),
    ),
    (
        r"must be the code of a state: (?P<code>\d+) is for parties with the gstTreatment overseas",
        marked("%(field)s: the code %(code)s is only for parties abroad. Choose “overseas” as the GST treatment, too."),
    ),
    (
        r"must be (?P<code>\d+) for an overseas party, or left out",
        marked("%(field)s of a party abroad must be %(code)s, or empty."),
    ),
    (
        r"must be a telephone number of digits, .*",
        marked("%(field)s must be a telephone number, such as +91 98450 12345."),
    ),
    (
        r"must be an id of your own: this one has the form of an id that the service makes",
        marked("%(field)s must be one of your own: this one looks like an id of the service."),
    ),
    (
        r"must be the id of an? (?:party|employee) of your organization, or an id of your own; there is no such .*",
        marked("%(field)s: there is none with this id. Leave it empty, or choose a name that the form offers."),
    ),
    (
        r"names an archived (?:party|employee); .*",
        marked("%(field)s is archived. Open its page and make it active again first."),
    ),
    (
        r"names a party that is no (?P<kind>client|vendor); .*",
        marked("%(field)s names a party that is no %(kind)s. Open its page and change its role first."),
    ),
)
"""What such a message may be, as a pattern, and the sentence for it."""
