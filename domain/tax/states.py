"""The states and union territories of India by their GST codes, as data with the days from which they count.

Sources:

- the codes: the list of state codes of the GST portal (services.gst.gov.in, "State code list"), which are those of the
  first two digits of a GSTIN (CGST Rules 2017, rule 10(1)); 96 and 97 are the codes that returns and e-invoices have
  for a place outside India and for "other territory" (schema of the e-invoice, notification 60/2020 of 30 July 2020);
- which tax: the Union Territory GST Act 2017, sections 1(2) and 2(8), as amended by the Finance Act 2020, counts for
  Andaman and Nicobar, Lakshadweep, Dadra and Nagar Haveli and Daman and Diu, Ladakh, Chandigarh, and other territory.
  Delhi and Puducherry, and Jammu and Kashmir, have legislatures, and so a State GST Act (CGST Act 2017, section
  2(103));
- Jammu and Kashmir, and Ladakh: the Jammu and Kashmir Reorganisation Act 2019, from 31 October 2019;
- Dadra and Nagar Haveli and Daman and Diu: the Merger of Union Territories Act 2019, from 26 January 2020. GSTINs that
  begin with 25 were replaced by those that begin with 26 (notification 10/2020 of 21 March 2020).
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from domain.reading import InvalidValue
from domain.suggestions.names import nearest

GST_BEGAN = date(2017, 7, 1)
OVERSEAS, OTHER_TERRITORY = "96", "97"
STATE, WITH_LEGISLATURE, WITHOUT_LEGISLATURE = "state", "union_territory_with_legislature", "union_territory"
OTHER, ABROAD = "other_territory", "abroad"


class State(NamedTuple):
    """A state, a union territory, or what counts as one, for as long as it was this."""

    code: str
    name: str
    kind: str = STATE
    since: date = GST_BEGAN
    until: date | None = None
    """The last day; None if it goes on."""

    @property
    def has_utgst(self) -> bool:
        """Whether its half of the tax is the Union Territory's (UTGST), and not the state's (SGST)."""
        return self.kind in (WITHOUT_LEGISLATURE, OTHER)

    def counts_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


_REORGANISED, _MERGED = date(2019, 10, 31), date(2020, 1, 26)
_BEFORE_REORGANISATION, _BEFORE_MERGER = date(2019, 10, 30), date(2020, 1, 25)
STATES: tuple[State, ...] = (
    State("01", "Jammu and Kashmir", STATE, until=_BEFORE_REORGANISATION),
    State("01", "Jammu and Kashmir", WITH_LEGISLATURE, since=_REORGANISED),
    State("02", "Himachal Pradesh"),
    State("03", "Punjab"),
    State("04", "Chandigarh", WITHOUT_LEGISLATURE),
    State("05", "Uttarakhand"),
    State("06", "Haryana"),
    State("07", "Delhi", WITH_LEGISLATURE),
    State("08", "Rajasthan"),
    State("09", "Uttar Pradesh"),
    State("10", "Bihar"),
    State("11", "Sikkim"),
    State("12", "Arunachal Pradesh"),
    State("13", "Nagaland"),
    State("14", "Manipur"),
    State("15", "Mizoram"),
    State("16", "Tripura"),
    State("17", "Meghalaya"),
    State("18", "Assam"),
    State("19", "West Bengal"),
    State("20", "Jharkhand"),
    State("21", "Odisha"),
    State("22", "Chhattisgarh"),
    State("23", "Madhya Pradesh"),
    State("24", "Gujarat"),
    State("25", "Daman and Diu", WITHOUT_LEGISLATURE, until=_BEFORE_MERGER),
    State("26", "Dadra and Nagar Haveli", WITHOUT_LEGISLATURE, until=_BEFORE_MERGER),
    State("26", "Dadra and Nagar Haveli and Daman and Diu", WITHOUT_LEGISLATURE, since=_MERGED),
    State("27", "Maharashtra"),
    State("29", "Karnataka"),
    State("30", "Goa"),
    State("31", "Lakshadweep", WITHOUT_LEGISLATURE),
    State("32", "Kerala"),
    State("33", "Tamil Nadu"),
    State("34", "Puducherry", WITH_LEGISLATURE),
    State("35", "Andaman and Nicobar Islands", WITHOUT_LEGISLATURE),
    State("36", "Telangana"),
    State("37", "Andhra Pradesh"),
    State("38", "Ladakh", WITHOUT_LEGISLATURE, since=_REORGANISED),
    State(OVERSEAS, "Other Country", ABROAD),
    State(OTHER_TERRITORY, "Other Territory", OTHER),
)
PRESENT = {state.code: state for state in STATES if state.until is None}
"""The states that count now, by code."""
ALL_CODES = tuple(dict.fromkeys(state.code for state in STATES))
"""Every code that GST has ever had, in the order of the codes."""


def state_of(code: str, day: date) -> State | None:
    """Return the state with this code on a day; None if there was none."""
    return next((state for state in STATES if state.code == code and state.counts_on(day)), None)


def state_name(code: str) -> str:
    """Return the present name of the state with this code, or its last one; the code itself if it is unknown."""
    return next((state.name for state in reversed(STATES) if state.code == code), code)


def parse_state_code(text: object) -> str:
    """Return the code of a state that counts now. Raises InvalidValue; the message suggests what a name may mean."""
    if not isinstance(text, str) or text not in PRESENT:
        problem = "must be the two-digit GST code of a state, such as 27 for Maharashtra"
        raise InvalidValue(problem, lambda: _nearest_code(text))
    return text


def _nearest_code(sent: object) -> str | None:
    """Return the code that was probably meant, by the state's name or by one digit; None if nothing is similar."""
    text = str(sent).strip() if isinstance(sent, str | int) and len(str(sent)) <= 60 else ""
    if text.zfill(2) in PRESENT:
        return text.zfill(2)
    codes = {state.name: code for code, state in PRESENT.items()}
    return codes.get(nearest(text, codes, {}) or "")
