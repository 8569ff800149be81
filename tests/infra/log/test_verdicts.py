"""Every verdict of the SQL function `admit` is known to the code: one that is not would admit the key."""

import re

from api.ports.admission import ADMITTED, ELSEWHERE, EXHAUSTED, VERDICTS
from infra.log.admission import LIMITS, REFUSALS


def test_every_verdict_of_the_database_admits_or_has_a_refusal(owner):
    (admit,) = owner.execute("SELECT pg_get_functiondef('public.admit'::regproc)").fetchone()

    handled = {ADMITTED, EXHAUSTED, ELSEWHERE, *LIMITS, *REFUSALS}
    assert set(re.findall(r"verdict := '(\w+)'", admit)) == {*VERDICTS} == handled
