"""Reads e-mail addresses to which a mail can be sent. Users may have others: log-ins compare texts only."""

from __future__ import annotations

import re

from domain.reading import InvalidValue

MAX_LENGTH = 254
MAX_LOCAL_BYTES = 64
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+"
_LETTER = r"A-Za-z0-9\u0080-\u3001\u3003-\uff0d\uff0f-\uff60\uff62-\U0010ffff"
"""Without the full stops that names of hosts may have in place of a dot (UTS 46): an address has one spelling."""
_LABEL = rf"[{_LETTER}](?:[{_LETTER}-]*[{_LETTER}])?"
_ADDRESS = re.compile(rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)@(?P<domain>{_LABEL}(?:\.{_LABEL})*)")


def parse_mail_address(text: str) -> str:
    """Return the address unchanged. Letters of all scripts are allowed; quoted local parts and IP addresses are not.

    Raises InvalidValue. So an address holds nothing that could end a header or a command of SMTP, also not in the
    encoding of headers (`=?utf-8?q?…?=`).
    """
    found = _ADDRESS.fullmatch(text)
    is_short = len(text) <= MAX_LENGTH and (found is None or len(found["local"].encode()) <= MAX_LOCAL_BYTES)
    if found is None or "=?" in text or not text.isprintable() or not is_short:
        raise InvalidValue("must be an e-mail address, such as asha@example.in")
    return text
