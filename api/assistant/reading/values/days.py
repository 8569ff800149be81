"""The days that a question names: `2027-03-05`, "5 March 2027", "next month", "kal", "last 7 days"."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import NamedTuple

from api.assistant.knowledge.boundaries import BEGIN, END
from api.assistant.knowledge.day_words import MONTHS, NEXT, NUMBERS, PAST, THIS, TODAY, TOMORROW, WEEKDAYS, YESTERDAY

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_WEEKDAY = "|".join(WEEKDAYS)
_ORDINAL = r"(?:st|nd|rd|th)?"
_WEEK, _YEAR = r"(?:weeks?|hafte|hafta|saptah|हफ़?्ते|हफ़?्ता|सप्ताह)", r"(?:years?|saal|sal|साल|वर्ष)"
_MONTHS_WORD, _DAYS = r"(?:months?|mahine|mahina|महीने|महिने|महीना)", r"(?:days?|din|dino|दिन|दिनों)"
_HALF_YEAR = 183
_FIRST_MONTH = 4
_FINANCIAL = r"(?:(?:financial|fiscal|accounting|vitti?ya?|वित्तीय|वित्त)[ -]?(?:years?|saal|sal|varsh|वर्ष|साल)|fy)"
_COUNT = re.compile(r"\b(?:two|three|four|five|six|seven|eight|nine|ten)\b")
_LENGTH = re.compile(rf"(?<![\w-])(\d{{1,3}}|{'|'.join(NUMBERS)})[ -]{_DAYS}(?!\w)")


class Days(NamedTuple):
    """One day, or a range of days, that a text names between the places `start` and `end`."""

    start: int
    end: int
    first: date
    last: date


class Instant(NamedTuple):
    """A time that a text names, as it is sent in a request."""

    start: int
    end: int
    text: str


_INSTANT = re.compile(r"\b(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d)?(?:\.\d+)?)(Z|z|[+-]\d\d:\d\d)?\b")


def find_instants(text: str) -> list[Instant]:
    """Return the timestamps of a text. One without an offset is taken for UTC."""
    found = []
    for match in _INSTANT.finditer(text):
        clock = match[2] if match[2].count(":") > 1 else f"{match[2]}:00"
        found.append(Instant(match.start(), match.end(), f"{match[1]}T{clock}{match[3] or 'Z'}"))
    return found


def find_length(text: str) -> int | None:
    """Return how many days a text in lower case names, such as "two days" or "3 din"; None if it names none."""
    match = _LENGTH.search(text)
    if match is None:
        return None
    return int(match[1]) if match[1].isdigit() else NUMBERS[match[1]]


def with_digits(text: str) -> str:
    """Return the text with digits instead of English words for numbers from two to ten."""
    return _COUNT.sub(lambda match: str(NUMBERS[match[0]]), text)


def find_days(text: str, today: date) -> list[Days]:
    """Return the days of a text, in its order. Days without a year are those nearest to `today`."""
    found: list[Days] = []
    lowered = text.lower()
    for pattern, read in _PATTERNS:
        for match in pattern.finditer(lowered):
            if any(match.start() < each.end and each.start < match.end() for each in found):
                continue
            with suppress(ValueError):
                first, last = read(match, today)
                found.append(Days(match.start(), match.end(), first, last))
    return sorted(found)


Read = Callable[[re.Match[str], date], tuple[date, date]]


def _day(year: str | int, month: int, day: str | int) -> tuple[date, date]:
    found = date(int(year), month, int(day))
    return found, found


def _near(month: int, day: int, today: date) -> tuple[date, date]:
    found = date(today.year, month, day)
    if (today - found).days > _HALF_YEAR:
        found = date(today.year + 1, month, day)
    return found, found


def _named(match: re.Match[str], today: date) -> tuple[date, date]:
    month = MONTHS[match["month"]]
    return _day(match["year"], month, match["day"]) if match["year"] else _near(month, int(match["day"]), today)


def _span(match: re.Match[str], today: date) -> tuple[date, date]:
    first, _ = _named(match, today)
    return first, first.replace(day=int(match["last"]))


def _first_week(match: re.Match[str], today: date) -> tuple[date, date]:
    first = date(int(match["year"] or today.year), MONTHS[match["month"]], 1)
    return first, first + timedelta(6)


def _last_week(match: re.Match[str], today: date) -> tuple[date, date]:
    _, last = _month(int(match["year"] or today.year), MONTHS[match["month"]])
    return last - timedelta(6), last


def _month(year: int, month: int) -> tuple[date, date]:
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _period(match: re.Match[str], today: date) -> tuple[date, date]:
    step = -1 if match["which"] in PAST else 1 if match["which"] in NEXT else 0
    if re.fullmatch(_WEEK, match["unit"]):
        monday = today - timedelta(today.weekday()) + timedelta(7 * step)
        return monday, monday + timedelta(6)
    if re.fullmatch(_YEAR, match["unit"]):
        return date(today.year + step, 1, 1), date(today.year + step, 12, 31)
    return _month(today.year, today.month + step)


def _financial_year(match: re.Match[str], today: date) -> tuple[date, date]:
    """Return the financial year, which is from April to March: this, the last or the next one, or "FY 2026-27"."""
    step = 0 if match["year"] else -1 if match["which"] in PAST else 1 if match["which"] in NEXT else 0
    first = int(match["year"]) if match["year"] else today.year - (today.month < _FIRST_MONTH) + step
    return date(first, _FIRST_MONTH, 1), date(first + 1, _FIRST_MONTH, 1) - timedelta(1)


def _several(match: re.Match[str], today: date) -> tuple[date, date]:
    length = int(match["n"]) * (7 if re.fullmatch(_WEEK, match["unit"]) else 30 if match["unit"][0] in "mम" else 1)
    if match["which"] in NEXT:
        return today, today + timedelta(length)
    return today - timedelta(length), today


def _weekday(match: re.Match[str], today: date) -> tuple[date, date]:
    ahead = (WEEKDAYS[match["name"]] - today.weekday()) % 7
    back = (match["which"] or "") in PAST or match["since"] is not None
    day = today + timedelta(ahead - 7 if back and ahead else -7 if back else ahead or 7)
    return day, day


def _relative(offset: int) -> Read:
    return lambda match, today: (today + timedelta(offset), today + timedelta(offset))


def _words(words: frozenset[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


def _patterns() -> Iterator[tuple[str, Read]]:
    yield r"\b(\d{4})-(\d\d)-(\d\d)(?!\d)", lambda m, _: _day(m[1], int(m[2]), m[3])
    yield r"\b(\d{1,2})[/.-](\d{1,2})[/.-](20\d\d)\b", lambda m, _: _day(m[3], int(m[2]), m[1])
    between = r"(?:to|till|until|and|-|–|se|से)"
    yield (
        rf"\b(?P<day>\d{{1,2}}){_ORDINAL}\s*{between}\s*(?P<last>\d{{1,2}}){_ORDINAL}\s+(?:of\s+)?(?P<month>{_MONTH}){END}"
        r"\.?,?(?:\s+(?P<year>20\d\d))?",
        _span,
    )
    yield rf"\b(?P<day>\d{{1,2}}){_ORDINAL}\s+(?:of\s+)?(?P<month>{_MONTH}){END}\.?,?(?:\s+(?P<year>20\d\d))?", _named
    yield rf"\b(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}}){_ORDINAL}\b(?!\d)(?:,?\s+(?P<year>20\d\d))?", _named
    yield rf"\bfirst week of\s+(?P<month>{_MONTH}){END}(?:,?\s+(?P<year>20\d\d))?", _first_week
    yield rf"\blast week of\s+(?P<month>{_MONTH}){END}(?:,?\s+(?P<year>20\d\d))?", _last_week
    yield (
        rf"{BEGIN}(\d{{1,2}}){_ORDINAL}\s+(?:ta?reekh|tarikh|तारीख़?){END}",
        lambda m, today: _day(today.year, today.month, m[1]),
    )
    which = _words(PAST | NEXT | THIS)
    by_year = rf"{_FINANCIAL}\s*(?P<year>20\d\d)(?:\s?-\s?\d\d(?:\d\d)?)?"
    yield rf"(?:\b|(?<=\s))(?:(?P<which>{which})\s+{_FINANCIAL}|{by_year})(?!\w)", _financial_year
    yield rf"{BEGIN}({_MONTH})\s+(20\d\d)\b", lambda m, _: _month(int(m[2]), MONTHS[m[1]])
    yield r"\b(20\d\d)-(\d\d)\b(?!-)", lambda m, _: _month(int(m[1]), int(m[2]))
    yield rf"(?:\b|(?<=\s))(?P<which>{which})\s+(?P<n>\d{{1,3}})\s+(?P<unit>{_DAYS}|{_WEEK}|{_MONTHS_WORD})", _several
    yield rf"(?:\b|(?<=\s))(?P<which>{which})\s+(?P<unit>{_WEEK}|{_MONTHS_WORD}|{_YEAR})", _period
    yield rf"{BEGIN}(?P<since>since\s+)?(?:(?P<which>{which})\s+)?(?P<name>{_WEEKDAY}){END}", _weekday
    for words, offset in ((TODAY, 0), (TOMORROW, 1), (YESTERDAY, -1)):
        yield rf"{BEGIN}(?:{_words(words)}){END}", _relative(offset)
    yield rf"\b(?:in|of|for|during|since)\s+({_MONTH})\b", lambda m, today: _month(today.year, MONTHS[m[1]])


_PATTERNS: tuple[tuple[re.Pattern[str], Read], ...] = tuple((re.compile(text), read) for text, read in _patterns())
