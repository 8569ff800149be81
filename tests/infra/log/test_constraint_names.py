"""A distributed database names a violated constraint only in its message, with the number of the part at its end.

Seen red with the search in the message taken out.
"""

import pytest

from commands.invoice import DraftInvoice
from domain.errors.document import DuplicateNumber
from infra.postgres.database import connect_as_table_owner
from tests.support.books import Books
from tests.support.scenarios import invoice_body

NAMED_IN_THE_MESSAGE = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT FROM invoices i WHERE i.org_id = NEW.org_id AND i.invoice_number = NEW.invoice_number) THEN
        RAISE EXCEPTION 'duplicate key value violates unique constraint "invoices_number_key_102008"'
        USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_first BEFORE INSERT ON invoices FOR EACH ROW EXECUTE FUNCTION refuse();
"""


def test_a_constraint_that_is_named_in_the_message_is_the_same_refusal(own_database):
    with connect_as_table_owner(own_database) as conn:
        conn.execute(NAMED_IN_THE_MESSAGE)
        books = Books(conn)
        first = books.do(DraftInvoice, invoice_body(invoiceNumber="A-1"))
        with pytest.raises(DuplicateNumber) as refused:
            books.do(DraftInvoice, invoice_body(invoiceNumber="A-1"))
    assert refused.value.conflicting_id == first.id
