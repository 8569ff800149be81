"""The assistant's index of passages in PostgreSQL, and its rate limit.

Two tables hold the index. An edition has all passages of one version of the documentation. Its id is a hash of their
texts. The first process that does not find its edition writes it, and deletes editions that are older than 30 days. So
nobody has to make the index when the service is deployed or started.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from psycopg import Connection

from api.ports.assistant import Edition, Hit, Term
from infra.postgres.database import Row
from infra.postgres.pool import Pool, borrow_connection

DEFAULT_QUESTIONS_PER_MINUTE = 20
"""How many questions a network address may ask in a minute."""

_WORD = re.compile(r"[a-z]{4,24}")
SELECT_EXISTS = "SELECT EXISTS (SELECT FROM assistant_passages WHERE edition = %s)"
LOCK_INDEX = "SELECT pg_advisory_xact_lock(hashtext('assistant_passages'))"
DELETE_OLD_EDITIONS = (
    "DELETE FROM assistant_words WHERE edition IN "
    "(SELECT edition FROM assistant_passages GROUP BY edition HAVING max(made_at) < now() - interval '30 days')",
    "DELETE FROM assistant_passages WHERE made_at < now() - interval '30 days'",
)
INSERT_PASSAGE = """
INSERT INTO assistant_passages (edition, id, document) VALUES (
    %s, %s,
    setweight(to_tsvector('english', %s), 'A') || setweight(to_tsvector('english', %s), 'B')
        || setweight(to_tsvector('english', %s), 'C') || setweight(to_tsvector('english', %s), 'D')
) ON CONFLICT DO NOTHING
"""
INSERT_WORDS = "INSERT INTO assistant_words SELECT %s, unnest(%s::text[]) ON CONFLICT DO NOTHING"

SELECT_HITS = """
WITH terms AS MATERIALIZED (
    SELECT t.position, t.weight, to_tsquery('english', t.words) AS query
    FROM unnest(%(words)s::text[], %(weights)s::float8[]) WITH ORDINALITY AS t (words, weight, position)
), passages AS MATERIALIZED (
    SELECT id, document FROM assistant_passages WHERE edition = %(edition)s
), matches AS MATERIALIZED (
    SELECT t.position, t.weight, p.id, ts_rank('{0.08, 0.2, 0.45, 1}', p.document, t.query) AS score
    FROM terms t JOIN passages p ON p.document @@ t.query
), rarities AS (
    SELECT position, ln(1 + (SELECT count(*) FROM passages) / (0.5 + count(*))) AS rarity FROM matches GROUP BY position
)
SELECT m.id, sum(m.weight * r.rarity * m.score), array_agg(m.position::integer)
FROM matches m JOIN rarities r USING (position) GROUP BY m.id ORDER BY 2 DESC, 1 LIMIT %(limit)s
"""
SELECT_SIMILAR_WORDS = """
SELECT unknown.word, similar_words.word FROM unnest(%(words)s::text[]) AS unknown (word), LATERAL (
    SELECT w.word FROM assistant_words w
    WHERE w.edition = %(edition)s AND similarity(w.word, unknown.word) > 0.2
    ORDER BY similarity(w.word, unknown.word) DESC, w.word LIMIT 8
) similar_words
"""
SELECT_KNOWN_WORDS = """
SELECT word FROM unnest(%(words)s::text[]) AS words (word)
WHERE numnode(plainto_tsquery('english', word)) = 0 OR EXISTS (
    SELECT FROM assistant_passages WHERE edition = %(edition)s AND document @@ plainto_tsquery('english', word)
)
"""


class PostgresIndex:
    """Implements the port PassageIndex with a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def unknown(self, edition: Edition, words: Sequence[str]) -> dict[str, list[str]]:
        parameters = {"edition": edition.id, "words": list(words)}
        with borrow_connection(self._pool) as conn:
            _ensure(conn, edition)
            known = {word for (word,) in conn.execute(SELECT_KNOWN_WORDS, parameters)}
            unknown: dict[str, list[str]] = {word: [] for word in words if word not in known}
            if unknown:
                for word, similar in conn.execute(SELECT_SIMILAR_WORDS, {**parameters, "words": list(unknown)}):
                    unknown[word].append(similar)
        return unknown

    def search(self, edition: Edition, terms: Sequence[Term], limit: int) -> list[Hit]:
        parameters = {
            "edition": edition.id,
            "words": [" | ".join(_as_query(word) for word in term.words) for term in terms],
            "weights": [term.weight for term in terms],
            "limit": limit,
        }
        with borrow_connection(self._pool) as conn:
            _ensure(conn, edition)
            rows = conn.execute(SELECT_HITS, parameters).fetchall()
        return [Hit(id, score, {position - 1 for position in positions}) for id, score, positions in rows]


class PostgresQuestionRateLimit:
    """Implements the port QuestionRateLimit. All processes and machines share one row for each address.

    `rate` is the number of questions that an address may ask in a minute.
    """

    def __init__(self, pool: Pool, rate: int) -> None:
        self._pool, self._rate = pool, rate

    def wait(self, address: str) -> float:
        with borrow_connection(self._pool) as conn:
            row = conn.execute("SELECT admit_question(%s, %s)", (address, self._rate)).fetchone()
        assert row is not None
        (seconds,) = row
        return float(seconds)


def _ensure(conn: Connection[Row], edition: Edition) -> None:
    """Write the edition if it is missing. When several processes try at once, one of them writes it."""
    if conn.execute(SELECT_EXISTS, (edition.id,)).fetchone() == (True,):
        return
    with conn.transaction():
        conn.execute(LOCK_INDEX)
        for statement in DELETE_OLD_EDITIONS:
            conn.execute(statement)
        with conn.cursor() as cursor:
            cursor.executemany(INSERT_PASSAGE, [(edition.id, each.id, *each.fields) for each in edition.passages])
        words = {word for each in edition.passages for field in each.fields for word in _WORD.findall(field.lower())}
        conn.execute(INSERT_WORDS, (edition.id, sorted(words)))


def _as_query(word: str) -> str:
    """Return the word as an operand of a tsquery. A word has only ASCII letters and digits."""
    assert word.isascii() and word.isalnum(), word
    return f"'{word}'"
