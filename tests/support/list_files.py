"""Files of long lists: ask for one on a page, let the worker make it, and read it as a spreadsheet program does."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import openpyxl

from api.ports.users.files import FileOwner, FileRequest
from infra.reads.objects.files import PostgresListFiles
from infra.worker.files.making import make_list_files

FILES = "/home/files"


def ask(client: Any, query: str = "", path: str = "/home/invoices") -> Any:
    """Ask for the file of a list, as a browser without script does. Return the answer."""
    hidden = {name: html.unescape(value) for name, value in client.hidden_on(f"{path}/files?{query}").items()}
    return client.post(f"{path}/files", data=hidden)


def ask_for(pool: Any, org_id: str, user_id: str = "user_1", id: str = "file_1", **filters: str) -> FileOwner:
    """Ask for a file of invoices without a page."""
    owner = FileOwner(org_id, user_id)
    PostgresListFiles(pool).ask(owner, FileRequest(id, "invoice", filters, "en", "Asia/Kolkata"))
    return owner


def state_of(conn: Any, org_id: str) -> tuple[str, int, int]:
    """Return the state of the only file of an organization, its rows, and how many pieces are stored."""
    sql = """
    SELECT state, row_count, (SELECT count(*) FROM list_file_pieces WHERE org_id = f.org_id)
    FROM list_files f WHERE org_id = %s
    """
    ((state, rows, pieces),) = conn.execute(sql, (org_id,)).fetchall()
    return state, rows, pieces


def finish(conn: Any, rows_per_page: int = 2) -> None:
    """Let the worker make all files that wait."""
    while conn.execute("SELECT FROM list_files WHERE state IN ('waiting', 'making')").fetchall():
        make_list_files(conn, rows_per_page)


def content_of(pool: Any, owner: FileOwner, id: str = "file_1") -> bytes:
    """Return all pieces of a file."""
    files, pieces = PostgresListFiles(pool), list[bytes]()
    while (piece := files.read_piece(owner, id, len(pieces))) is not None:
        pieces.append(piece)
    return b"".join(pieces)


def rows_in(content: bytes) -> list[dict[str, Any]]:
    """Return the rows of all sheets of a file, by their headings."""
    found = []
    for sheet in openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets:
        heading, *rows = sheet.iter_rows(values_only=True)
        found += [dict(zip(map(str, heading), row, strict=True)) for row in rows]
    return found


def download_path(client: Any) -> str:
    """Return the path of the first file that the page offers."""
    found = re.search(rf'href="({FILES}/file_\w+)"', client.get(FILES).text)
    assert found
    return found[1]
