-- An organization can choose the prefix of its numbers. Each prefix and financial year is a series of its own.

-- The number of a series with this serial, as domain/accounts/series.py forms it: at most 16 characters, with as much of the
-- year as there is room for. Null if there is no room for the serial itself.
CREATE FUNCTION series_number(p_prefix text, p_year integer, p_serial integer) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    start text := CASE WHEN right(p_prefix, 1) IN ('-', '/') THEN p_prefix ELSE p_prefix || '-' END;
    digits text := CASE WHEN p_serial <= 9999 THEN lpad(p_serial::text, 4, '0') ELSE p_serial::text END;
    label text := p_year::text || '-' || lpad(((p_year + 1) % 100)::text, 2, '0');
    room integer := 16 - length(start) - length(digits);
BEGIN
    RETURN CASE
        WHEN room >= 8 THEN start || label || '-' || digits
        WHEN room >= 6 THEN start || right(label, 5) || '-' || digits
        WHEN room >= 3 THEN start || substr(label, 3, 3) || digits
        WHEN room >= 0 THEN start || digits
    END;
END $$;

DROP FUNCTION next_invoice_number(text, integer);
DROP FUNCTION last_of_run(text, integer, integer);
DROP FUNCTION are_taken(text, integer, integer, integer);
DROP FUNCTION series_number(integer, integer);

-- As in migration 24, for a prefix.
CREATE FUNCTION are_taken(p_org text, p_prefix text, p_year integer, p_serial integer, p_count integer) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    keys text[] := ARRAY(
        SELECT p_year || ' ' || lower(public.series_number(p_prefix, p_year, s))
        FROM generate_series(p_serial + 1, p_serial + p_count) s
    );
BEGIN
    RETURN p_count = (
        SELECT count(*) FROM public.invoices i
        WHERE i.org_id = p_org AND i.number_key = ANY (keys) AND i.number_key IS NOT NULL AND NOT i.number_clash
    );
END $$;

CREATE FUNCTION last_of_run(p_org text, p_prefix text, p_year integer, p_serial integer) RETURNS integer
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    step integer := 1;
BEGIN
    WHILE public.are_taken(p_org, p_prefix, p_year, p_serial, step) LOOP
        p_serial := p_serial + step;
        step := 2 * step;
    END LOOP;
    WHILE step > 1 LOOP
        step := step / 2;
        IF public.are_taken(p_org, p_prefix, p_year, p_serial, step) THEN
            p_serial := p_serial + step;
        END IF;
    END LOOP;
    RETURN p_serial;
END $$;

-- As in migration 27, for the organization's prefix. `in_series` names the series in the head of the log: the year, and
-- before it the prefix if it is not the default. `number` is null if the series has no number left.
CREATE FUNCTION next_invoice_number(p_org text, p_year integer, OUT serial integer, OUT number text, OUT in_series text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    waiting boolean;
    key text;
    prefix text;
BEGIN
    SELECT o.series_prefix, named.series, coalesce((l.series ->> named.series)::integer, 0), l.unkeyed_numbers
    INTO prefix, in_series, serial, waiting
    FROM public.org_log l JOIN public.organizations o USING (org_id),
    LATERAL (SELECT CASE o.series_prefix WHEN 'INV' THEN '' ELSE o.series_prefix || ' ' END || p_year::text AS series) named
    WHERE l.org_id = p_org AND l.org_id = current_setting('app.org', true);
    LOOP
        number := public.series_number(prefix, p_year, serial + 1);
        EXIT WHEN number IS NULL;
        key := p_year::text || ' ' || lower(number);
        PERFORM FROM public.invoices i WHERE i.org_id = p_org AND i.number_key = key AND NOT i.number_clash;
        IF NOT FOUND AND waiting THEN
            PERFORM FROM public.invoices i
            WHERE i.org_id = p_org AND i.number_key IS NULL AND i.financial_year = p_year
                AND lower(i.invoice_number) = lower(number);
        END IF;
        EXIT WHEN NOT FOUND;
        serial := CASE WHEN waiting THEN serial + 1 ELSE public.last_of_run(p_org, prefix, p_year, serial) END;
    END LOOP;
    serial := serial + 1;
END $$;

REVOKE ALL ON FUNCTION series_number, are_taken, last_of_run, next_invoice_number FROM PUBLIC;
GRANT EXECUTE ON FUNCTION next_invoice_number TO smartdhandha_app;
