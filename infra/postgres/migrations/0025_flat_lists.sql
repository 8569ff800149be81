-- outside a transaction
-- Lists read as many pages in a large organization as in a small one: docs/decisions/0062-lists-stay-flat.md.
--
-- The dates behind `id` let PostgreSQL compare them in the index. Without them it fetches each row that it passes, and
-- passes all that are newer if an old range of dates is sorted by another column.

-- projection: invoices, after the load
CREATE INDEX CONCURRENTLY IF NOT EXISTS invoices_by_creation
    ON invoices (org_id, created_at, id, invoice_date, due_date, updated_at);
CREATE INDEX CONCURRENTLY IF NOT EXISTS invoices_by_update
    ON invoices (org_id, updated_at, id, status, invoice_date, due_date);
CREATE INDEX CONCURRENTLY IF NOT EXISTS invoices_by_date ON invoices (org_id, invoice_date, id, due_date, updated_at);
CREATE INDEX CONCURRENTLY IF NOT EXISTS invoices_by_due_date
    ON invoices (org_id, due_date, id, invoice_date, updated_at);
CREATE INDEX CONCURRENTLY IF NOT EXISTS invoices_by_total
    ON invoices (org_id, total_amount, id, invoice_date, due_date, updated_at);
CREATE INDEX CONCURRENTLY IF NOT EXISTS invoices_in_order_of_number
    ON invoices (org_id, invoice_number, id, invoice_date, due_date, updated_at);
CREATE INDEX CONCURRENTLY IF NOT EXISTS invoices_overdue_by_creation
    ON invoices (org_id, created_at, id, invoice_date, due_date, updated_at)
    WHERE is_overdue;
CREATE INDEX CONCURRENTLY IF NOT EXISTS invoices_overdue_by_due_date
    ON invoices (org_id, due_date, id, invoice_date, updated_at)
    WHERE is_overdue;
-- projection: bills, after the load
CREATE INDEX CONCURRENTLY IF NOT EXISTS bills_by_creation
    ON bills (org_id, created_at, id, bill_date, due_date, updated_at);
CREATE INDEX CONCURRENTLY IF NOT EXISTS bills_by_update ON bills (org_id, updated_at, id, status, bill_date, due_date);
CREATE INDEX CONCURRENTLY IF NOT EXISTS bills_by_date ON bills (org_id, bill_date, id, due_date, updated_at);
CREATE INDEX CONCURRENTLY IF NOT EXISTS bills_by_due_date ON bills (org_id, due_date, id, bill_date, updated_at);
CREATE INDEX CONCURRENTLY IF NOT EXISTS bills_by_total
    ON bills (org_id, total_amount, id, bill_date, due_date, updated_at);
CREATE INDEX CONCURRENTLY IF NOT EXISTS bills_in_order_of_number
    ON bills (org_id, bill_number, id, bill_date, due_date, updated_at);
CREATE INDEX CONCURRENTLY IF NOT EXISTS bills_overdue_by_creation
    ON bills (org_id, created_at, id, bill_date, due_date, updated_at)
    WHERE is_overdue;
CREATE INDEX CONCURRENTLY IF NOT EXISTS bills_overdue_by_due_date
    ON bills (org_id, due_date, id, bill_date, updated_at)
    WHERE is_overdue;
-- projection: leaves, after the load
CREATE INDEX CONCURRENTLY IF NOT EXISTS leaves_by_creation
    ON leaves (org_id, created_at, id, start_date, end_date, updated_at);
CREATE INDEX CONCURRENTLY IF NOT EXISTS leaves_by_update
    ON leaves (org_id, updated_at, id, status, start_date, end_date);
CREATE INDEX CONCURRENTLY IF NOT EXISTS leaves_by_start ON leaves (org_id, start_date, id, end_date, updated_at);
CREATE INDEX CONCURRENTLY IF NOT EXISTS leaves_pending ON leaves (org_id, start_date, id) WHERE status = 'pending';
-- projection: end

DROP INDEX CONCURRENTLY IF EXISTS invoices_created;
DROP INDEX CONCURRENTLY IF EXISTS invoices_updated;
DROP INDEX CONCURRENTLY IF EXISTS invoices_date;
DROP INDEX CONCURRENTLY IF EXISTS invoices_due;
DROP INDEX CONCURRENTLY IF EXISTS invoices_total;
DROP INDEX CONCURRENTLY IF EXISTS invoices_by_number;
DROP INDEX CONCURRENTLY IF EXISTS invoices_overdue;
DROP INDEX CONCURRENTLY IF EXISTS bills_created;
DROP INDEX CONCURRENTLY IF EXISTS bills_updated;
DROP INDEX CONCURRENTLY IF EXISTS bills_date;
DROP INDEX CONCURRENTLY IF EXISTS bills_due;
DROP INDEX CONCURRENTLY IF EXISTS bills_total;
DROP INDEX CONCURRENTLY IF EXISTS bills_by_number;
DROP INDEX CONCURRENTLY IF EXISTS bills_overdue;
DROP INDEX CONCURRENTLY IF EXISTS leaves_created;
DROP INDEX CONCURRENTLY IF EXISTS leaves_updated;
DROP INDEX CONCURRENTLY IF EXISTS leaves_start;
