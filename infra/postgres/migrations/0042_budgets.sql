-- A budget: the credits that all keys of an organization share. docs/decisions/0075-a-budget-has-a-ledger-of-its-own.md

-- projection: budgets
CREATE TABLE budgets (
    org_id             text COLLATE "C" NOT NULL,
    id                 text COLLATE "C" NOT NULL,
    projection_version smallint NOT NULL,
    credit_limit       bigint,  -- null after the budget was removed
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    version            integer NOT NULL,
    summary            json NOT NULL
) WITH (fillfactor = 85);
-- projection: budgets, after the load
ALTER TABLE budgets ADD CONSTRAINT budgets_pkey PRIMARY KEY (org_id, id);
ALTER TABLE budgets ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON budgets USING (org_id = current_setting('app.org', true));
GRANT INSERT, UPDATE, SELECT (org_id, id) ON budgets TO smartdhandha_app;
-- projection: budgets, view
CREATE OR REPLACE VIEW public.budget_list AS
    SELECT org_id, id, credit_limit, created_at, updated_at, version, projection_version, summary
    FROM budgets WHERE org_id = current_setting('app.org', true);
-- projection: end
GRANT SELECT ON budget_list TO smartdhandha_app;

-- The requests that count in a budget. A row stands for `credits` requests, of which the last one has the number `seq`. The
-- numbers of an organization have no gaps, and `at` never decreases.
CREATE TABLE budget_credits (
    org_id  text COLLATE "C" NOT NULL,
    seq     bigint NOT NULL,
    at      timestamptz NOT NULL,
    credits bigint NOT NULL,
    CONSTRAINT budget_credits_pkey PRIMARY KEY (org_id, seq, at)
) PARTITION BY RANGE (at);
CREATE INDEX budget_credits_at ON budget_credits (org_id, at, seq);
CREATE TABLE budget_credits_other PARTITION OF budget_credits DEFAULT;

-- The limit that admission compares with, and the first and last request in the window of the budget, as in
-- credit_windows. Concurrent requests of the organization wait for the lock on this row, after that on the key's window.
CREATE TABLE budget_windows (
    org_id       text COLLATE "C" PRIMARY KEY,
    credit_limit bigint,  -- null after the budget was removed
    first_seq    bigint NOT NULL,
    first_at     timestamptz NOT NULL,
    last_seq     bigint NOT NULL,
    last_at      timestamptz NOT NULL
) WITH (fillfactor = 50);

-- The application reaches both only through functions.
ALTER TABLE budget_credits ENABLE ROW LEVEL SECURITY;
ALTER TABLE budget_credits_other ENABLE ROW LEVEL SECURITY;
ALTER TABLE budget_windows ENABLE ROW LEVEL SECURITY;

-- Whether the key's organization may have a budget. Admission reads this row in any case, so that it looks for a budget
-- only where there is one.
ALTER TABLE credit_windows ADD COLUMN budgeted boolean NOT NULL DEFAULT false;

-- Creates the missing monthly partitions of both ledgers, from the last month to three months ahead.
CREATE OR REPLACE FUNCTION prepare_credit_partitions(today date) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    first date;
    ledger text;
    month text;
BEGIN
    FOREACH ledger IN ARRAY ARRAY['credits', 'budget_credits'] LOOP
        FOR offset_months IN -1..3 LOOP
            first := (date_trunc('month', today) + make_interval(months => offset_months))::date;
            month := ledger || to_char(first, '_YYYY_MM');
            CONTINUE WHEN to_regclass('public.' || month) IS NOT NULL;
            BEGIN
                EXECUTE format(
                    'CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES FROM (%L) TO (%L)', month, ledger,
                    first::text || ' 00:00:00+00', (first + interval '1 month')::date::text || ' 00:00:00+00'
                );
                IF ledger = 'budget_credits' THEN
                    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', month);
                END IF;
            EXCEPTION WHEN check_violation THEN  -- not created in time: the rows of that month stay in the other partition
                NULL;
            END;
        END LOOP;
    END LOOP;
END $$;
SELECT prepare_credit_partitions((now() AT TIME ZONE 'UTC')::date);

-- What is used of a budget at the time `p_at` of the clock. Without a budget, `credit_limit` is null. `counted_at` is the
-- budget's time, which does not move while the clock is behind. `first_seq` and `first_at` are those of the first request
-- in the window; of the next request if there is none. `readmitted_at` is null while there is credit.
CREATE FUNCTION budget_use(
    p_org text, p_at timestamptz, OUT credit_limit bigint, OUT used bigint, OUT first_seq bigint, OUT first_at timestamptz,
    OUT last_seq bigint, OUT last_at timestamptz, OUT counted_at timestamptz, OUT readmitted_at timestamptz
) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    window_length CONSTANT interval := '720 hours';
    horizon timestamptz;
BEGIN
    SELECT w.credit_limit, w.first_seq, w.first_at, w.last_seq, w.last_at
    INTO credit_limit, first_seq, first_at, last_seq, last_at
    FROM public.budget_windows w WHERE w.org_id = p_org;
    IF credit_limit IS NULL THEN
        RETURN;
    END IF;
    counted_at := greatest(p_at, last_at);
    horizon := counted_at - window_length;
    IF last_at <= horizon THEN
        used := 0; first_seq := last_seq + 1; first_at := counted_at;
        RETURN;
    END IF;
    IF first_at <= horizon THEN
        SELECT c.seq - c.credits + 1, c.at INTO first_seq, first_at FROM public.budget_credits c
        WHERE c.org_id = p_org AND c.at > horizon AND c.at <= last_at ORDER BY c.at, c.seq LIMIT 1;
    END IF;
    used := last_seq - first_seq + 1;
    IF used >= credit_limit THEN
        SELECT c.at + window_length INTO readmitted_at FROM public.budget_credits c
        WHERE c.org_id = p_org AND c.at > horizon AND c.seq > last_seq - credit_limit ORDER BY c.seq LIMIT 1;
    END IF;
END $$;

-- The budget of the transaction's own organization now, as people see it. Without a budget, all is null.
CREATE FUNCTION own_budget(
    OUT credit_limit bigint, OUT used bigint, OUT reset_at timestamptz, OUT fully_reset_at timestamptz, OUT version integer
) LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    u record;
    window_length CONSTANT interval := '720 hours';
BEGIN
    SELECT * INTO u FROM public.budget_use(current_setting('app.org', true), clock_timestamp());
    IF u.credit_limit IS NULL THEN
        RETURN;
    END IF;
    credit_limit := u.credit_limit; used := u.used;
    IF used > 0 THEN
        reset_at := coalesce(u.readmitted_at, u.first_at + window_length);
        fully_reset_at := u.last_at + window_length;
    END IF;
    SELECT b.version INTO version FROM public.budgets b WHERE b.org_id = current_setting('app.org', true);
END $$;

-- Sets the limit of the transaction's own organization; null removes its budget. When a budget begins, the requests of the
-- last 30 days count: those of the same minute together, until 30 days after its end. The transaction holds the lock on the
-- organization's log, so no key is created meanwhile. Each key's window is locked, so no request is left out; as in `admit`,
-- before the window of the budget.
CREATE FUNCTION set_budget(p_org text, p_limit bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    h record;
    begins_at timestamptz;
    before bigint;
BEGIN
    IF p_org IS DISTINCT FROM current_setting('app.org', true) THEN
        RAISE 'only the budget of the transaction''s own organization can be set, not that of %', p_org;
    END IF;
    SELECT w.credit_limit INTO before FROM public.budget_windows w WHERE w.org_id = p_org;
    IF (before IS NULL) = (p_limit IS NULL) THEN  -- no budget begins or ends
        UPDATE public.budget_windows SET credit_limit = p_limit WHERE org_id = p_org;
        RETURN;
    END IF;
    FOR h IN
        SELECT k.org_id, k.id AS key_id FROM public.api_keys k WHERE k.org_id = p_org AND k.status = 'active' ORDER BY k.id
    LOOP
        INSERT INTO public.credit_windows VALUES (h.key_id, 1, '-infinity', 0, '-infinity') ON CONFLICT DO NOTHING;
        UPDATE public.credit_windows t SET budgeted = p_limit IS NOT NULL
        WHERE t.key_id OPERATOR(pg_catalog.=) h.key_id;
    END LOOP;
    IF p_limit IS NULL THEN
        UPDATE public.budget_windows SET credit_limit = NULL WHERE org_id = p_org;
        RETURN;
    END IF;

    begins_at := pg_catalog.clock_timestamp();
    DELETE FROM public.budget_credits WHERE org_id = p_org;
    INSERT INTO public.budget_credits (org_id, seq, at, credits)
    SELECT p_org, sum(m.credits) OVER (ORDER BY m.until), m.until, m.credits FROM (
        SELECT least(date_bin('1 minute', c.at, 'epoch') + interval '1 minute', begins_at) AS until, count(*) AS credits
        FROM public.credit_entries c WHERE c.org_id = p_org AND c.at > begins_at - interval '720 hours' GROUP BY 1
    ) m;
    INSERT INTO public.budget_windows AS w (org_id, credit_limit, first_seq, first_at, last_seq, last_at)
    SELECT p_org, p_limit, 1, coalesce(min(c.at), '-infinity'), coalesce(max(c.seq), 0), coalesce(max(c.at), '-infinity')
    FROM public.budget_credits c WHERE c.org_id = p_org
    ON CONFLICT (org_id) DO UPDATE SET credit_limit = EXCLUDED.credit_limit, first_seq = EXCLUDED.first_seq,
        first_at = EXCLUDED.first_at, last_seq = EXCLUDED.last_seq, last_at = EXCLUDED.last_at;
END $$;

-- As in migration 41. The organization's budget is a further limit. `p_budgets` says whether the caller knows budgets: a
-- process of an earlier version is told that the key's window is exhausted.
DROP FUNCTION admit(bytea, text, text, boolean, text);
CREATE FUNCTION admit(
    p_hash bytea, p_method text, p_route text, p_free boolean, p_address text DEFAULT NULL,
    p_budgets boolean DEFAULT false,
    OUT verdict text, OUT org text, OUT key text, OUT granted text[], OUT quota bigint, OUT used bigint,
    OUT first_at timestamptz, OUT last_at timestamptz, OUT readmitted_at timestamptz, OUT asked_at timestamptz,
    OUT more_limits text
) LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $$
DECLARE
    h pg_catalog.record;
    k pg_catalog.record;
    w pg_catalog.record;
    b pg_catalog.record;
    has_budget pg_catalog.bool := false;
    may_have_budget pg_catalog.bool;
    recent pg_catalog.int8;
    recent_at pg_catalog.timestamptz;
    window_length CONSTANT pg_catalog.interval := '720 hours';
    second CONSTANT pg_catalog.interval := '1 second';
    counted_at pg_catalog.timestamptz;
    seq pg_catalog.int8;
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
    SELECT t.status, t.scopes, t.credit_limit, t.expires_at, t.allowed_cidrs, t.burst INTO k
    FROM public.api_keys t WHERE t.org_id OPERATOR(pg_catalog.=) h.org_id AND t.id OPERATOR(pg_catalog.=) h.key_id;
    IF NOT FOUND THEN
        verdict := 'unknown';
        RETURN;
    END IF;
    org := h.org_id; key := h.key_id; granted := k.scopes; quota := k.credit_limit;
    IF k.status OPERATOR(pg_catalog.=) 'revoked' THEN
        verdict := 'revoked';
        RETURN;
    ELSIF k.status OPERATOR(pg_catalog.=) 'expired' OR k.expires_at OPERATOR(pg_catalog.<=) asked_at
        OR h.valid_until OPERATOR(pg_catalog.<=) asked_at THEN
        verdict := 'expired';
        RETURN;
    ELSIF k.allowed_cidrs IS NOT NULL THEN
        IF p_address IS NULL THEN
            verdict := 'unknown';
            org := NULL; key := NULL; granted := NULL; quota := NULL;
            RETURN;
        END IF;
        IF p_address OPERATOR(pg_catalog.=) '' OR NOT (
            CAST(p_address AS pg_catalog.inet) OPERATOR(pg_catalog.<<=) ANY (CAST(k.allowed_cidrs AS pg_catalog.cidr[]))
        ) THEN
            verdict := 'elsewhere';
            RETURN;
        END IF;
    END IF;

    IF NOT p_free THEN
        setting := pg_catalog.set_config('synchronous_commit', 'off', true);
    END IF;
    IF NOT p_free AND k.burst IS NULL THEN
        -- Most requests end here: the first request of the window has not left it, the key has credit, and there is no budget.
        UPDATE public.credit_windows t
        SET last_seq = t.last_seq OPERATOR(pg_catalog.+) 1, last_at = greatest(asked_at, t.last_at)
        WHERE t.key_id OPERATOR(pg_catalog.=) h.key_id AND NOT t.budgeted
        AND t.first_at OPERATOR(pg_catalog.>) (greatest(asked_at, t.last_at) OPERATOR(pg_catalog.-) window_length)
        AND (t.last_seq OPERATOR(pg_catalog.-) t.first_seq OPERATOR(pg_catalog.+) 1) OPERATOR(pg_catalog.<) k.credit_limit
        RETURNING t.last_seq OPERATOR(pg_catalog.-) t.first_seq OPERATOR(pg_catalog.+) 1, t.first_at, t.last_at, t.last_seq
        INTO used, first_at, last_at, seq;
        IF FOUND THEN
            IF last_at OPERATOR(pg_catalog.>) asked_at THEN  -- it waited for another request, or the clock was set back
                asked_at := pg_catalog.clock_timestamp();
            END IF;
            INSERT INTO public.credits VALUES (h.key_id, seq, last_at, p_method, p_route,
                CASE WHEN asked_at OPERATOR(pg_catalog.<) last_at THEN asked_at END);
            verdict := 'admitted';
            RETURN;
        END IF;
    END IF;

    IF p_free THEN
        SELECT * INTO w FROM public.credit_windows t WHERE t.key_id OPERATOR(pg_catalog.=) h.key_id;
    ELSE
        SELECT * INTO w FROM public.credit_windows t WHERE t.key_id OPERATOR(pg_catalog.=) h.key_id FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            may_have_budget := EXISTS (SELECT FROM public.budget_windows t WHERE t.org_id OPERATOR(pg_catalog.=) h.org_id);
            INSERT INTO public.credit_windows VALUES (h.key_id, 1, '-infinity', 0, '-infinity', may_have_budget)
            ON CONFLICT DO NOTHING;
            SELECT * INTO w FROM public.credit_windows t WHERE t.key_id OPERATOR(pg_catalog.=) h.key_id FOR NO KEY UPDATE;
        END IF;
    END IF;
    asked_at := pg_catalog.clock_timestamp();  -- read again, after a possible wait for the lock

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

    IF k.burst IS NOT NULL THEN
        -- Requests of the last second, by the clock: after it was set back, `at` stands still and `clock_at` has its time.
        SELECT pg_catalog.count(*), pg_catalog.min(coalesce(c.clock_at, c.at)) INTO recent, recent_at
        FROM public.credits c
        WHERE c.key_id OPERATOR(pg_catalog.=) h.key_id
        AND c.seq OPERATOR(pg_catalog.>) (w.last_seq OPERATOR(pg_catalog.-) k.burst)
        AND c.at OPERATOR(pg_catalog.>) (asked_at OPERATOR(pg_catalog.-) second) AND c.at OPERATOR(pg_catalog.<=) w.last_at
        AND coalesce(c.clock_at, c.at) OPERATOR(pg_catalog.>) (asked_at OPERATOR(pg_catalog.-) second)
        AND coalesce(c.clock_at, c.at) OPERATOR(pg_catalog.<) (asked_at OPERATOR(pg_catalog.+) second);
    END IF;

    verdict := 'admitted';
    IF used OPERATOR(pg_catalog.>=) quota THEN
        SELECT c.at OPERATOR(pg_catalog.+) window_length INTO readmitted_at FROM public.credits c
        WHERE c.key_id OPERATOR(pg_catalog.=) h.key_id AND c.at OPERATOR(pg_catalog.>) horizon
        AND c.seq OPERATOR(pg_catalog.=) (w.last_seq OPERATOR(pg_catalog.-) quota OPERATOR(pg_catalog.+) 1);
        IF NOT p_free THEN
            verdict := 'exhausted';
        END IF;
    END IF;
    IF w.budgeted IS NOT FALSE THEN  -- null for a key that was never used
        IF NOT p_free AND verdict OPERATOR(pg_catalog.=) 'admitted'
            AND (recent OPERATOR(pg_catalog.<) k.burst) IS NOT FALSE THEN
            PERFORM FROM public.budget_windows t WHERE t.org_id OPERATOR(pg_catalog.=) h.org_id FOR NO KEY UPDATE;
        END IF;
        SELECT * INTO b FROM public.budget_use(h.org_id, asked_at);
        has_budget := b.credit_limit IS NOT NULL;
        -- Of two windows that are used up, the one is named whose wait is longer: after it the request is admitted.
        IF NOT p_free AND b.used OPERATOR(pg_catalog.>=) b.credit_limit
            AND (verdict OPERATOR(pg_catalog.=) 'admitted' OR b.readmitted_at OPERATOR(pg_catalog.>) readmitted_at) THEN
            verdict := 'over_budget';
        END IF;
    END IF;
    IF verdict OPERATOR(pg_catalog.=) 'admitted' AND NOT p_free THEN
        IF recent OPERATOR(pg_catalog.>=) k.burst THEN
            verdict := 'burst';
            IF p_address IS NULL THEN  -- a process of an earlier version knows no burst
                verdict := 'exhausted';
                readmitted_at := recent_at OPERATOR(pg_catalog.+) second;
            END IF;
        ELSE
            IF used OPERATOR(pg_catalog.=) 0 THEN
                w.first_seq := w.last_seq OPERATOR(pg_catalog.+) 1;
                w.first_at := counted_at;
            END IF;
            INSERT INTO public.credits VALUES (h.key_id, w.last_seq OPERATOR(pg_catalog.+) 1, counted_at, p_method, p_route,
                CASE WHEN asked_at OPERATOR(pg_catalog.<) counted_at THEN asked_at END);
            UPDATE public.credit_windows t
            SET first_seq = w.first_seq, first_at = w.first_at, last_seq = w.last_seq OPERATOR(pg_catalog.+) 1,
                last_at = counted_at
            WHERE t.key_id OPERATOR(pg_catalog.=) h.key_id;
            used := used OPERATOR(pg_catalog.+) 1;
            first_at := w.first_at; last_at := counted_at;
            recent := recent OPERATOR(pg_catalog.+) 1; recent_at := coalesce(recent_at, asked_at);
            IF has_budget THEN
                b.last_seq := b.last_seq OPERATOR(pg_catalog.+) 1; b.last_at := b.counted_at;
                b.used := b.used OPERATOR(pg_catalog.+) 1;
                INSERT INTO public.budget_credits VALUES (h.org_id, b.last_seq, b.last_at, 1);
                UPDATE public.budget_windows t
                SET first_seq = b.first_seq, first_at = b.first_at, last_seq = b.last_seq, last_at = b.last_at
                WHERE t.org_id OPERATOR(pg_catalog.=) h.org_id;
            END IF;
        END IF;
    END IF;
    IF k.burst IS NOT NULL OR has_budget THEN
        IF k.burst IS NOT NULL THEN
            more_limits := CAST(pg_catalog.json_build_object(
                'policy', 'burst', 'limit', k.burst, 'used', recent, 'resetAt', recent_at OPERATOR(pg_catalog.+) second
            ) AS pg_catalog.text);
        END IF;
        IF has_budget AND p_budgets THEN
            more_limits := pg_catalog.concat_ws(',', more_limits, pg_catalog.json_build_object(
                'policy', 'organization', 'limit', b.credit_limit, 'used', b.used, 'readmittedAt', b.readmitted_at,
                'resetAt', CASE WHEN b.used OPERATOR(pg_catalog.>) 0 THEN b.first_at OPERATOR(pg_catalog.+) window_length END,
                'fullyResetAt', CASE WHEN b.used OPERATOR(pg_catalog.>) 0
                    THEN b.last_at OPERATOR(pg_catalog.+) window_length END
            ));
        ELSIF verdict OPERATOR(pg_catalog.=) 'over_budget' THEN
            verdict := 'exhausted';
            readmitted_at := b.readmitted_at;
            last_at := coalesce(last_at, b.last_at);
        END IF;
        IF more_limits IS NOT NULL THEN
            more_limits := pg_catalog.concat('[', more_limits, ']');
        END IF;
    END IF;
END $$;

REVOKE ALL ON FUNCTION admit, budget_use, own_budget, set_budget FROM PUBLIC;
GRANT EXECUTE ON FUNCTION admit, own_budget, set_budget TO smartdhandha_app;

-- Empties the transaction's own test log: all rows of the organization, and its head. Credits, their sums, what is used of a
-- budget, and traces stay. Progress of sums comes first: the background worker holds a lock on it while it adds. Returns false, and empties nothing,
-- while a rebuild of a table holds its lock (infra/projector/tables/lock.py): it would bring rows back.
CREATE OR REPLACE FUNCTION empty_test_log(p_org text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    emptied text;
BEGIN
    PERFORM FROM public.org_log l JOIN public.organizations o USING (org_id)
    WHERE l.org_id = p_org AND p_org = current_setting('app.org', true) AND o.live_organization IS NOT NULL FOR UPDATE OF l;
    IF NOT FOUND THEN
        RAISE 'only the transaction''s own test log can be emptied, not that of %', p_org;
    END IF;
    IF NOT pg_try_advisory_xact_lock_shared(6114992) THEN
        RETURN false;
    END IF;
    FOR emptied IN
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND a.attname = 'org_id' AND NOT a.attisdropped AND c.relname <> ALL (ARRAY[
            'organizations', 'org_log', 'credits', 'credit_windows', 'usage_hours', 'usage_progress', 'budget_credits',
            'budget_windows', 'security_events', 'users'
        ]) ORDER BY c.relname NOT LIKE '%\_progress', c.relname
    LOOP
        EXECUTE format('DELETE FROM public.%I WHERE org_id = $1', emptied) USING p_org;
    END LOOP;
    UPDATE public.org_log SET position = 0, chain_hash = sha256(convert_to('smartdhandha-chain-1:' || p_org, 'UTF8')),
        recorded_at = '-infinity', series = '{}', unkeyed_numbers = false, clock_offset = '0'
    WHERE org_id = p_org;
    RETURN true;
END $$;
