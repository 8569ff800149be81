"""What the assistant needs of PostgreSQL: its index of passages, and the pace at which an address may ask.

The index is two tables that hold an edition of the passages for each text that was ever served lately, under the text's
own hash. Whichever process first misses its edition writes it; nobody else has to, and nothing is written at start.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from psycopg import Connection

from api.ports.assistant import Edition, Hit, Term
from infra.postgres.database import Row
from infra.postgres.pool import Pool, borrowed

DEFAULT_RATE = 20
"""Questions that an address may ask in a minute."""

_WORD = re.compile(r"[a-z]{4,24}")
_HAS = "SELECT EXISTS (SELECT FROM assistant_passages WHERE edition = %s)"
_ALONE = "SELECT pg_advisory_xact_lock(hashtext('assistant_passages'))"
_FORGET = (
    "DELETE FROM assistant_words WHERE edition IN "
    "(SELECT edition FROM assistant_passages GROUP BY edition HAVING max(made_at) < now() - interval '30 days')",
    "DELETE FROM assistant_passages WHERE made_at < now() - interval '30 days'",
)
_FILL = """
INSERT INTO assistant_passages (edition, id, document) VALUES (
    %s, %s,
    setweight(to_tsvector('english', %s), 'A') || setweight(to_tsvector('english', %s), 'B')
        || setweight(to_tsvector('english', %s), 'C') || setweight(to_tsvector('english', %s), 'D')
) ON CONFLICT DO NOTHING
"""
_FILL_WORDS = "INSERT INTO assistant_words SELECT %s, unnest(%s::text[]) ON CONFLICT DO NOTHING"

_SEARCH = """
WITH asked AS MATERIALIZED (
    SELECT t.place, t.weight, to_tsquery('english', t.words) AS query
    FROM unnest(%(words)s::text[], %(weights)s::float8[]) WITH ORDINALITY AS t (words, weight, place)
), known AS MATERIALIZED (
    SELECT id, document FROM assistant_passages WHERE edition = %(edition)s
), held AS MATERIALIZED (
    SELECT a.place, a.weight, k.id, ts_rank('{0.08, 0.2, 0.45, 1}', k.document, a.query) AS score
    FROM asked a JOIN known k ON k.document @@ a.query
), rare AS (
    SELECT place, ln(1 + (SELECT count(*) FROM known) / (0.5 + count(*))) AS rarity FROM held GROUP BY place
)
SELECT h.id, sum(h.weight * r.rarity * h.score), array_agg(h.place::integer)
FROM held h JOIN rare r USING (place) GROUP BY h.id ORDER BY 2 DESC, 1 LIMIT %(limit)s
"""
_ALIKE = """
SELECT asked.word, found.word FROM unnest(%(words)s::text[]) AS asked (word), LATERAL (
    SELECT w.word FROM assistant_words w
    WHERE w.edition = %(edition)s AND similarity(w.word, asked.word) > 0.2
    ORDER BY similarity(w.word, asked.word) DESC, w.word LIMIT 8
) found
"""
_KNOWN = """
SELECT word FROM unnest(%(words)s::text[]) AS asked (word)
WHERE numnode(plainto_tsquery('english', word)) = 0 OR EXISTS (
    SELECT FROM assistant_passages WHERE edition = %(edition)s AND document @@ plainto_tsquery('english', word)
)
"""


class PostgresIndex:
    """The PassageIndex on a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def unknown(self, edition: Edition, words: Sequence[str]) -> dict[str, list[str]]:
        asked = {"edition": edition.id, "words": list(words)}
        with borrowed(self._pool) as conn:
            _ensure(conn, edition)
            known = {word for (word,) in conn.execute(_KNOWN, asked)}
            found: dict[str, list[str]] = {word: [] for word in words if word not in known}
            for word, alike in conn.execute(_ALIKE, {**asked, "words": list(found)}):
                found[word].append(alike)
        return found

    def search(self, edition: Edition, terms: Sequence[Term], limit: int) -> list[Hit]:
        asked = {
            "edition": edition.id,
            "words": [" | ".join(_as_query(word) for word in term.words) for term in terms],
            "weights": [term.weight for term in terms],
            "limit": limit,
        }
        with borrowed(self._pool) as conn:
            _ensure(conn, edition)
            found = conn.execute(_SEARCH, asked).fetchall()
        return [Hit(id, score, {place - 1 for place in places}) for id, score, places in found]


class PostgresQuestionRateLimit:
    """The Pace on a pool of connections: one row per address, so that it holds across processes and machines."""

    def __init__(self, pool: Pool, rate: int) -> None:
        self._pool, self._rate = pool, rate

    def wait(self, address: str) -> float:
        with borrowed(self._pool) as conn:
            row = conn.execute("SELECT admit_question(%s, %s)", (address, self._rate)).fetchone()
        assert row is not None
        return float(row[0])


def _ensure(conn: Connection[Row], edition: Edition) -> None:
    """Write the edition unless it is there; of several processes that miss it, one does."""
    row: Any = conn.execute(_HAS, (edition.id,)).fetchone()
    if row[0]:
        return
    with conn.transaction():
        conn.execute(_ALONE)
        for statement in _FORGET:
            conn.execute(statement)
        with conn.cursor() as cursor:
            cursor.executemany(_FILL, [(edition.id, each.id, *each.fields) for each in edition.passages])
        words = {word for each in edition.passages for field in each.fields for word in _WORD.findall(field.lower())}
        conn.execute(_FILL_WORDS, (edition.id, sorted(words)))


def _as_query(word: str) -> str:
    """A word as an operand of a tsquery; the words that are looked for are ASCII letters and digits alone."""
    assert word.isascii() and word.isalnum(), word
    return f"'{word}'"
