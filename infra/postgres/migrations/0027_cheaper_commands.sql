-- Commands cost PostgreSQL less: docs/decisions/0069-cheaper-writes.md.

-- The same as in migration 14, but its tables are always read by their keys. They are small, so PostgreSQL chose to read
-- them whole; but many rows are updated with each request, and then it read all their versions, too.
CREATE OR REPLACE FUNCTION admit(
    p_hash bytea, p_method text, p_route text, p_free boolean,
    OUT verdict text, OUT org text, OUT key text, OUT granted text[], OUT quota bigint, OUT used bigint,
    OUT first_at timestamptz, OUT last_at timestamptz, OUT readmitted_at timestamptz, OUT asked_at timestamptz
) LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $$
DECLARE
    h pg_catalog.record;
    k pg_catalog.record;
    w pg_catalog.record;
    window_length CONSTANT pg_catalog.interval := '720 hours';
    counted_at pg_catalog.timestamptz;
    horizon pg_catalog.timestamptz;
    setting pg_catalog.text;
BEGIN
    setting := pg_catalog.set_config('enable_seqscan', 'off', true);
    asked_at := pg_catalog.clock_timestamp();
    SELECT t.org_id, t.key_id, t.valid_until INTO h
    FROM public.api_key_hashes t WHERE t.hash OPERATOR(pg_catalog.=) p_hash;
    IF NOT FOUND THEN
        verdict := 'unknown';
        RETURN;
    END IF;
    IF p_free THEN
        SELECT * INTO w FROM public.credit_windows t WHERE t.key_id OPERATOR(pg_catalog.=) h.key_id;
    ELSE
        setting := pg_catalog.set_config('synchronous_commit', 'off', true);
        SELECT * INTO w FROM public.credit_windows t WHERE t.key_id OPERATOR(pg_catalog.=) h.key_id FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            INSERT INTO public.credit_windows VALUES (h.key_id, 1, '-infinity', 0, '-infinity') ON CONFLICT DO NOTHING;
            SELECT * INTO w FROM public.credit_windows t WHERE t.key_id OPERATOR(pg_catalog.=) h.key_id FOR NO KEY UPDATE;
        END IF;
    END IF;
    SELECT t.status, t.scopes, t.credit_limit, t.expires_at INTO k
    FROM public.api_keys t WHERE t.org_id OPERATOR(pg_catalog.=) h.org_id AND t.id OPERATOR(pg_catalog.=) h.key_id;
    IF NOT FOUND THEN
        verdict := 'unknown';
        RETURN;
    END IF;
    asked_at := pg_catalog.clock_timestamp();  -- read again, after a possible wait for the lock
    org := h.org_id; key := h.key_id; granted := k.scopes; quota := k.credit_limit;
    IF k.status OPERATOR(pg_catalog.=) 'revoked' THEN
        verdict := 'revoked';
        RETURN;
    ELSIF k.status OPERATOR(pg_catalog.=) 'expired' OR k.expires_at OPERATOR(pg_catalog.<=) asked_at
        OR h.valid_until OPERATOR(pg_catalog.<=) asked_at THEN
        verdict := 'expired';
        RETURN;
    END IF;

    -- After the clock was set back, the key's time does not move until the clock has caught up. `asked_at` is the
    -- clock's time, because clients wait by the clock.
    counted_at := greatest(asked_at, w.last_at);
    horizon := counted_at OPERATOR(pg_catalog.-) window_length;
    used := 0;
    IF w.last_at OPERATOR(pg_catalog.>) horizon THEN
        IF w.first_at OPERATOR(pg_catalog.<=) horizon THEN
            SELECT c.seq, c.at INTO w.first_seq, w.first_at FROM public.credits c
            WHERE c.key_id OPERATOR(pg_catalog.=) h.key_id AND c.at OPERATOR(pg_catalog.>) horizon
            AND c.at OPERATOR(pg_catalog.<=) w.last_at ORDER BY c.at, c.seq LIMIT 1;
        END IF;
        used := w.last_seq OPERATOR(pg_catalog.-) w.first_seq OPERATOR(pg_catalog.+) 1;
        first_at := w.first_at; last_at := w.last_at;
    END IF;

    IF used OPERATOR(pg_catalog.>=) quota THEN
        verdict := 'exhausted';
        SELECT c.at OPERATOR(pg_catalog.+) window_length INTO readmitted_at FROM public.credits c
        WHERE c.key_id OPERATOR(pg_catalog.=) h.key_id AND c.at OPERATOR(pg_catalog.>) horizon
        AND c.seq OPERATOR(pg_catalog.=) (w.last_seq OPERATOR(pg_catalog.-) quota OPERATOR(pg_catalog.+) 1);
        IF p_free THEN
            verdict := 'admitted';
        END IF;
        RETURN;
    END IF;
    verdict := 'admitted';
    IF NOT p_free THEN
        IF used OPERATOR(pg_catalog.=) 0 THEN
            w.first_seq := w.last_seq OPERATOR(pg_catalog.+) 1;
            w.first_at := counted_at;
        END IF;
        INSERT INTO public.credits VALUES (h.key_id, w.last_seq OPERATOR(pg_catalog.+) 1, counted_at, p_method, p_route);
        UPDATE public.credit_windows t
        SET first_seq = w.first_seq, first_at = w.first_at, last_seq = w.last_seq OPERATOR(pg_catalog.+) 1,
            last_at = counted_at
        WHERE t.key_id OPERATOR(pg_catalog.=) h.key_id;
        used := used OPERATOR(pg_catalog.+) 1;
        first_at := w.first_at; last_at := counted_at;
    END IF;
END $$;

-- As in migration 24, but PostgreSQL computes it where it is called: with `||` between a text and a number, it called a
-- function.
CREATE OR REPLACE FUNCTION series_number(p_year integer, p_serial integer) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN p_serial <= 9999 THEN
            'INV-' || p_year::text || '-' || lpad(((p_year + 1) % 100)::text, 2, '0') || '-' || lpad(p_serial::text, 4, '0')
        ELSE
            'INV-' || lpad((p_year % 100)::text, 2, '0') || '-' || lpad(((p_year + 1) % 100)::text, 2, '0') || '-'
            || p_serial::text
    END
$$;

-- As in migration 24, but with a statement for each look-up. Both in one were planned at each call, because their plan
-- depended on `waiting`.
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
        key := p_year::text || ' ' || lower(number);
        PERFORM FROM public.invoices i WHERE i.org_id = p_org AND i.number_key = key AND NOT i.number_clash;
        IF NOT FOUND AND waiting THEN
            PERFORM FROM public.invoices i
            WHERE i.org_id = p_org AND i.number_key IS NULL AND i.financial_year = p_year
                AND lower(i.invoice_number) = lower(number);
        END IF;
        EXIT WHEN NOT FOUND;
        serial := CASE WHEN waiting THEN serial + 1 ELSE public.last_of_run(p_org, p_year, serial) END;
    END LOOP;
    serial := serial + 1;
END $$;

-- As in migration 9, but the function itself looks at `app.refold`: PostgreSQL reads the text of a trigger's condition at
-- each statement that writes a row, so a short one is faster.
CREATE OR REPLACE FUNCTION await_number_key() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_setting('app.refold', true) = 'on' THEN
        RETURN NEW;
    END IF;
    NEW.number_key := NULL;
    NEW.number_clash := false;
    UPDATE public.org_log SET unkeyed_numbers = true WHERE org_id = NEW.org_id AND NOT unkeyed_numbers;
    RETURN NEW;
END $$;
-- projection: invoices, after the load
CREATE OR REPLACE TRIGGER invoices_await_number_key BEFORE INSERT OR UPDATE ON invoices FOR EACH ROW
    WHEN (NEW.projection_version < 2) EXECUTE FUNCTION public.await_number_key();
-- projection: bills, after the load
CREATE OR REPLACE TRIGGER bills_await_number_key BEFORE INSERT OR UPDATE ON bills FOR EACH ROW
    WHEN (NEW.projection_version < 2) EXECUTE FUNCTION public.await_number_key();
-- projection: end
