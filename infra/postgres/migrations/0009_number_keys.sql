-- Numbers are unique by their key: docs/decisions/0018-numbers-are-unique-by-key.md. This migration rewrites no row: a row
-- that exists has no key until the background worker folds it again.

-- `number_key` is what numbers are compared by: the financial year, the vendor (of a bill), and the key of the number
-- (`text_key`). It is NULL in a row that holds no number: a void bill, or a row that waits to be folded again.
-- `number_clash` marks a row that has the same key as an earlier document. Both documents were stored before numbers
-- were compared by key.
-- projection: invoices
ALTER TABLE invoices ADD COLUMN number_key text COLLATE "C", ADD COLUMN number_clash boolean NOT NULL DEFAULT false;
-- projection: bills
ALTER TABLE bills ADD COLUMN number_key text COLLATE "C", ADD COLUMN number_clash boolean NOT NULL DEFAULT false;
-- projection: end

ALTER TABLE invoices DROP CONSTRAINT invoices_number_key;
ALTER TABLE bills DROP CONSTRAINT bills_number_key;

-- True while rows of this organization wait for their key. Its writers then compare a new number with these rows, too.
ALTER TABLE org_log ADD COLUMN unkeyed_numbers boolean NOT NULL DEFAULT true;
ALTER TABLE org_log ALTER COLUMN unkeyed_numbers SET DEFAULT false;

-- ── Marks ────────────────────────────────────────────────────────────────────────────────────────────────────────────
-- If several rows have the same key, only the row with the smallest id has no mark. The unique index contains only rows
-- without a mark. A command that would store a second row with the key is refused. A transaction that folds rows from the
-- log sets `app.refold` to `on`: it stores the second row with a mark.

-- Decides whether a row is marked. It runs before a row is folded again, and before a command writes a marked row.
CREATE FUNCTION mark_number_clash() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    holder text COLLATE "C";
BEGIN
    IF current_setting('app.refold', true) IS DISTINCT FROM 'on' THEN
        NEW.number_clash := (NEW.number_key = OLD.number_key) IS TRUE;  -- a new number must be free
        RETURN NEW;
    END IF;
    NEW.number_clash := false;
    EXECUTE format(
        'SELECT id FROM %I.%I WHERE org_id = $1 AND number_key = $2 AND NOT number_clash AND id <> $3',
        TG_TABLE_SCHEMA, TG_TABLE_NAME
    ) INTO holder USING NEW.org_id, NEW.number_key, NEW.id;
    IF holder < NEW.id THEN
        NEW.number_clash := true;
    ELSIF holder > NEW.id THEN
        EXECUTE format(
            'UPDATE %I.%I SET number_clash = true WHERE org_id = $1 AND id = $2', TG_TABLE_SCHEMA, TG_TABLE_NAME
        ) USING NEW.org_id, holder;
    END IF;
    RETURN NEW;
END $$;

-- Runs after a row without a mark has given up its key. The next row with this key loses its mark, and so takes the place
-- in the unique index.
CREATE FUNCTION pass_on_number() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format(
        'UPDATE %1$I.%2$I SET number_clash = false WHERE org_id = $1 AND id = ('
        '    SELECT id FROM %1$I.%2$I WHERE org_id = $1 AND number_key = $2 AND number_clash ORDER BY id LIMIT 1)',
        TG_TABLE_SCHEMA, TG_TABLE_NAME
    ) USING OLD.org_id, OLD.number_key;
    RETURN NULL;
END $$;

-- Runs before a process of the previous version writes a row. Such a process knows no keys, so the row waits for its key.
CREATE FUNCTION await_number_key() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.number_key := NULL;
    NEW.number_clash := false;
    UPDATE public.org_log SET unkeyed_numbers = true WHERE org_id = NEW.org_id AND NOT unkeyed_numbers;
    RETURN NEW;
END $$;

REVOKE ALL ON FUNCTION mark_number_clash, pass_on_number, await_number_key FROM PUBLIC;

-- projection: invoices, after the load
UPDATE invoices SET number_clash = true FROM (
    SELECT org_id AS org, id AS row_id, row_number() OVER (PARTITION BY org_id, number_key ORDER BY id) AS place
    FROM invoices WHERE number_key IS NOT NULL
) same WHERE same.place > 1 AND org_id = same.org AND id = same.row_id;
CREATE UNIQUE INDEX invoices_number_key ON invoices (org_id, number_key)
    WHERE number_key IS NOT NULL AND NOT number_clash;
CREATE INDEX invoices_number_clash ON invoices (org_id, number_key, id) WHERE number_clash;
CREATE TRIGGER invoices_await_number_key BEFORE INSERT OR UPDATE ON invoices FOR EACH ROW
    WHEN (NEW.projection_version < 2 AND current_setting('app.refold', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION public.await_number_key();
CREATE TRIGGER invoices_mark_inserted BEFORE INSERT ON invoices FOR EACH ROW
    WHEN (current_setting('app.refold', true) = 'on') EXECUTE FUNCTION public.mark_number_clash();
CREATE TRIGGER invoices_mark_updated BEFORE UPDATE ON invoices FOR EACH ROW
    WHEN ((OLD.number_clash OR current_setting('app.refold', true) = 'on') AND pg_trigger_depth() = 0)
    EXECUTE FUNCTION public.mark_number_clash();
CREATE TRIGGER invoices_pass_on_updated AFTER UPDATE ON invoices FOR EACH ROW
    WHEN (OLD.number_key IS NOT NULL AND NOT OLD.number_clash AND NEW.number_key IS DISTINCT FROM OLD.number_key)
    EXECUTE FUNCTION public.pass_on_number();
CREATE TRIGGER invoices_pass_on_deleted AFTER DELETE ON invoices FOR EACH ROW
    WHEN (OLD.number_key IS NOT NULL AND NOT OLD.number_clash) EXECUTE FUNCTION public.pass_on_number();
-- projection: bills, after the load
UPDATE bills SET number_clash = true FROM (
    SELECT org_id AS org, id AS row_id, row_number() OVER (PARTITION BY org_id, number_key ORDER BY id) AS place
    FROM bills WHERE number_key IS NOT NULL
) same WHERE same.place > 1 AND org_id = same.org AND id = same.row_id;
CREATE UNIQUE INDEX bills_number_key ON bills (org_id, number_key)
    WHERE number_key IS NOT NULL AND NOT number_clash;
CREATE INDEX bills_number_clash ON bills (org_id, number_key, id) WHERE number_clash;
CREATE TRIGGER bills_await_number_key BEFORE INSERT OR UPDATE ON bills FOR EACH ROW
    WHEN (NEW.projection_version < 2 AND current_setting('app.refold', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION public.await_number_key();
CREATE TRIGGER bills_mark_inserted BEFORE INSERT ON bills FOR EACH ROW
    WHEN (current_setting('app.refold', true) = 'on') EXECUTE FUNCTION public.mark_number_clash();
CREATE TRIGGER bills_mark_updated BEFORE UPDATE ON bills FOR EACH ROW
    WHEN ((OLD.number_clash OR current_setting('app.refold', true) = 'on') AND pg_trigger_depth() = 0)
    EXECUTE FUNCTION public.mark_number_clash();
CREATE TRIGGER bills_pass_on_updated AFTER UPDATE ON bills FOR EACH ROW
    WHEN (OLD.number_key IS NOT NULL AND NOT OLD.number_clash AND NEW.number_key IS DISTINCT FROM OLD.number_key)
    EXECUTE FUNCTION public.pass_on_number();
CREATE TRIGGER bills_pass_on_deleted AFTER DELETE ON bills FOR EACH ROW
    WHEN (OLD.number_key IS NOT NULL AND NOT OLD.number_clash) EXECUTE FUNCTION public.pass_on_number();
-- projection: end

-- ── The next number of the series, and the views ─────────────────────────────────────────────────────────────────────

-- The same as in migration 1, but a number is taken when its key is taken. lower() is enough to make the key, because an
-- invoice number has no letters but A to Z.
CREATE OR REPLACE FUNCTION next_invoice_number(p_org text, p_year integer, OUT serial integer, OUT number text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    waiting boolean;
    key text;
BEGIN
    SELECT coalesce((l.series ->> p_year::text)::integer, 0), l.unkeyed_numbers INTO serial, waiting
    FROM public.org_log l WHERE l.org_id = p_org AND l.org_id = current_setting('app.org', true);
    LOOP
        serial := serial + 1;
        IF serial <= 9999 THEN
            number := 'INV-' || p_year || '-' || lpad(((p_year + 1) % 100)::text, 2, '0') || '-' || lpad(serial::text, 4, '0');
        ELSE
            number := 'INV-' || lpad((p_year % 100)::text, 2, '0') || '-' || lpad(((p_year + 1) % 100)::text, 2, '0') || '-' || serial;
        END IF;
        key := lower(number);
        EXIT WHEN NOT EXISTS (
            SELECT FROM public.invoices i
            WHERE i.org_id = p_org AND i.number_key = p_year || ' ' || key AND NOT i.number_clash
        ) AND NOT (waiting AND EXISTS (
            SELECT FROM public.invoices i
            WHERE i.org_id = p_org AND i.number_key IS NULL AND i.financial_year = p_year AND lower(i.invoice_number) = key
        ));
    END LOOP;
END $$;

-- projection: invoices, view
CREATE OR REPLACE VIEW public.invoice_list AS
    SELECT org_id, id, invoice_number, financial_year, client_id, status, invoice_date, due_date, total_amount,
           is_overdue, search, created_at, updated_at, version, projection_version, summary, details, number_key,
           number_clash
    FROM invoices WHERE org_id = current_setting('app.org', true);
-- projection: bills, view
CREATE OR REPLACE VIEW public.bill_list AS
    SELECT org_id, id, bill_number, financial_year, vendor_id, status, bill_date, due_date, total_amount,
           is_overdue, search, created_at, updated_at, version, projection_version, summary, details, number_key,
           number_clash
    FROM bills WHERE org_id = current_setting('app.org', true);
-- projection: end
