-- The next number passes a run of numbers that were taken by hand in a few steps, not one by one: a command waits for it
-- while it holds the lock on the organization's log.

-- The number of the series with this serial. `next_invoice_number` describes the two forms.
CREATE FUNCTION series_number(p_year integer, p_serial integer) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN p_serial <= 9999 THEN
            'INV-' || p_year || '-' || lpad(((p_year + 1) % 100)::text, 2, '0') || '-' || lpad(p_serial::text, 4, '0')
        ELSE
            'INV-' || lpad((p_year % 100)::text, 2, '0') || '-' || lpad(((p_year + 1) % 100)::text, 2, '0') || '-' || p_serial
    END
$$;

-- Whether all numbers with the next p_count serials after p_serial are taken. The index finds them in its order.
CREATE FUNCTION are_taken(p_org text, p_year integer, p_serial integer, p_count integer) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    keys text[] := ARRAY(
        SELECT p_year || ' ' || lower(public.series_number(p_year, s))
        FROM generate_series(p_serial + 1, p_serial + p_count) s
    );
BEGIN
    RETURN p_count = (
        SELECT count(*) FROM public.invoices i
        WHERE i.org_id = p_org AND i.number_key = ANY (keys) AND i.number_key IS NOT NULL AND NOT i.number_clash
    );
END $$;

-- The last serial of the run of taken numbers that begins after p_serial. The steps double until one is not all taken;
-- then they are halved.
CREATE FUNCTION last_of_run(p_org text, p_year integer, p_serial integer) RETURNS integer
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    step integer := 1;
BEGIN
    WHILE public.are_taken(p_org, p_year, p_serial, step) LOOP
        p_serial := p_serial + step;
        step := 2 * step;
    END LOOP;
    WHILE step > 1 LOOP
        step := step / 2;
        IF public.are_taken(p_org, p_year, p_serial, step) THEN
            p_serial := p_serial + step;
        END IF;
    END LOOP;
    RETURN p_serial;
END $$;

REVOKE ALL ON FUNCTION series_number, are_taken, last_of_run FROM PUBLIC;

-- As in migration 9, but where no row waits for its key, a run of taken numbers is passed at once.
CREATE OR REPLACE FUNCTION next_invoice_number(p_org text, p_year integer, OUT serial integer, OUT number text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    waiting boolean;
    key text;
BEGIN
    SELECT coalesce((l.series ->> p_year::text)::integer, 0), l.unkeyed_numbers INTO serial, waiting
    FROM public.org_log l WHERE l.org_id = p_org AND l.org_id = current_setting('app.org', true);
    LOOP
        number := public.series_number(p_year, serial + 1);
        key := lower(number);
        EXIT WHEN NOT EXISTS (
            SELECT FROM public.invoices i
            WHERE i.org_id = p_org AND i.number_key = p_year || ' ' || key AND NOT i.number_clash
        ) AND NOT (waiting AND EXISTS (
            SELECT FROM public.invoices i
            WHERE i.org_id = p_org AND i.number_key IS NULL AND i.financial_year = p_year AND lower(i.invoice_number) = key
        ));
        serial := CASE WHEN waiting THEN serial + 1 ELSE public.last_of_run(p_org, p_year, serial) END;
    END LOOP;
    serial := serial + 1;
END $$;
