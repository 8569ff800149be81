-- Which part of its credits a key has used, and an organization of its budget, is recorded when it reaches 50, 80 and 100 %.
-- docs/decisions/0081-thresholds-are-found-by-marks.md

-- projection: api_keys
ALTER TABLE api_keys ADD COLUMN threshold smallint NOT NULL DEFAULT 0;  -- the highest one that counts as reached
-- projection: budgets
ALTER TABLE budgets ADD COLUMN threshold smallint NOT NULL DEFAULT 0;
-- projection: budgets, view
CREATE OR REPLACE VIEW public.budget_list AS
    SELECT org_id, id, credit_limit, created_at, updated_at, version, projection_version, summary, threshold
    FROM budgets WHERE org_id = current_setting('app.org', true);
-- projection: end

CREATE OR REPLACE VIEW api_key_list AS
    SELECT org_id, id, name, status, scopes, credit_limit, last_four, previous_until, expires_at, revoked_at, created_at,
           updated_at, version, earlier_secrets, manages_keys, search, beginnings, found_at, allowed_cidrs, burst, threshold
    FROM api_keys WHERE org_id = current_setting('app.org', true);
CREATE INDEX api_keys_threshold ON api_keys (org_id, threshold) WHERE threshold > 0;

-- How many credits must be used before the worker looks at a key or a budget again; null while it looks. A new window has
-- 0, so that the worker looks once.
ALTER TABLE credit_windows ADD COLUMN mark bigint DEFAULT 0;
ALTER TABLE budget_windows ADD COLUMN mark bigint DEFAULT 0;

-- The keys and budgets at which the worker looks, and when: at once, or when enough credits have returned that a threshold
-- no longer counts as reached. The others are not here.
CREATE TABLE use_checks (
    org_id text COLLATE "C" NOT NULL,
    id     text COLLATE "C" NOT NULL,  -- of a key, or of a budget
    due    timestamptz NOT NULL,
    CONSTRAINT use_checks_pkey PRIMARY KEY (org_id, id)
);
CREATE INDEX use_checks_due ON use_checks (due, org_id, id);
ALTER TABLE use_checks ENABLE ROW LEVEL SECURITY;  -- the application reaches it only through functions

INSERT INTO use_checks (org_id, id, due)
SELECT k.org_id, k.id, now() FROM api_keys k WHERE k.status = 'active'
UNION ALL SELECT b.org_id, b.id, now() FROM budgets b WHERE b.credit_limit IS NOT NULL;

-- Lets the worker look at a key or a budget in its next round.
CREATE FUNCTION check_use(p_org text, p_id text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.use_checks AS c (org_id, id, due) VALUES (p_org, p_id, clock_timestamp())
    ON CONFLICT (org_id, id) DO UPDATE SET due = least(c.due, EXCLUDED.due);
END $$;

-- The same for a key or the budget of the transaction's own organization, whose limit may have changed.
CREATE FUNCTION check_own_use(p_org text, p_id text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_org IS DISTINCT FROM current_setting('app.org', true) THEN
        RAISE 'only uses of the transaction''s own organization can be checked, not those of %', p_org;
    END IF;
    PERFORM public.check_use(p_org, p_id);
END $$;

-- What is used of an active key, or of a budget, and the threshold that counts as reached. `credit_limit` is null if there is
-- no such key or budget.
CREATE FUNCTION use_of(
    p_org text, p_id text, OUT threshold smallint, OUT credit_limit bigint, OUT used bigint, OUT last_seq bigint
) LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    w record;
    horizon timestamptz;
BEGIN
    SELECT b.threshold INTO threshold FROM public.budgets b WHERE b.org_id = p_org AND b.id = p_id;
    IF FOUND THEN
        SELECT u.credit_limit, u.used, u.last_seq INTO credit_limit, used, last_seq
        FROM public.budget_use(p_org, clock_timestamp()) u;
        RETURN;
    END IF;
    SELECT k.threshold, k.credit_limit INTO threshold, credit_limit FROM public.api_keys k
    WHERE k.org_id = p_org AND k.id = p_id AND k.status = 'active';
    used := 0; last_seq := 0;
    SELECT e.first_seq, e.first_at, e.last_seq, e.last_at INTO w FROM public.credit_ends e
    WHERE e.org_id = p_org AND e.key_id = p_id;
    horizon := greatest(clock_timestamp(), w.last_at) - interval '720 hours';
    IF NOT FOUND OR w.last_at <= horizon THEN
        RETURN;
    END IF;
    last_seq := w.last_seq;
    IF w.first_at <= horizon THEN
        SELECT c.seq INTO w.first_seq FROM public.credit_entries c
        WHERE c.org_id = p_org AND c.key_id = p_id AND c.at > horizon AND c.at <= w.last_at ORDER BY c.at, c.seq LIMIT 1;
    END IF;
    used := w.last_seq - w.first_seq + 1;
END $$;

-- Ends a look at a key or a budget: the worker looks again when `p_mark` credits are used, or `p_left` only. Returns false,
-- and changes nothing, if the limit, the recorded threshold or the use are others by now.
CREATE FUNCTION settle_use(
    p_org text, p_id text, p_threshold integer, p_limit bigint, p_mark bigint, p_left bigint
) RETURNS boolean LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    h record;
    u record;
    left_at timestamptz;
    is_budget boolean;
BEGIN
    SELECT p_org AS org_id, p_id AS key_id INTO h;
    PERFORM FROM public.credit_windows t WHERE t.key_id OPERATOR(pg_catalog.=) h.key_id FOR NO KEY UPDATE;
    is_budget := EXISTS (SELECT FROM public.budgets b WHERE b.org_id = p_org AND b.id = p_id);
    PERFORM FROM public.budget_windows w WHERE w.org_id = p_org AND is_budget FOR NO KEY UPDATE;
    SELECT * INTO u FROM public.use_of(p_org, p_id);
    IF u.credit_limit IS NULL THEN
        DELETE FROM public.use_checks c WHERE c.org_id = p_org AND c.id = p_id;
        RETURN true;
    ELSIF u.threshold <> p_threshold OR u.credit_limit <> p_limit OR coalesce(u.used >= p_mark, false)
        OR coalesce(u.used <= p_left, false) THEN
        RETURN false;
    END IF;
    UPDATE public.credit_windows t SET mark = p_mark WHERE t.key_id OPERATOR(pg_catalog.=) h.key_id;
    UPDATE public.budget_windows w SET mark = p_mark WHERE w.org_id = p_org AND is_budget;
    IF p_left IS NULL THEN
        DELETE FROM public.use_checks c WHERE c.org_id = p_org AND c.id = p_id;
        RETURN true;
    END IF;
    IF NOT is_budget THEN
        SELECT c.at INTO left_at FROM public.credit_entries c
        WHERE c.org_id = p_org AND c.key_id = p_id AND c.seq = u.last_seq - p_left;
    ELSE
        SELECT c.at INTO left_at FROM public.budget_credits c
        WHERE c.org_id = p_org AND c.seq >= u.last_seq - p_left ORDER BY c.seq LIMIT 1;
    END IF;
    UPDATE public.use_checks c SET due = left_at + interval '720 hours' WHERE c.org_id = p_org AND c.id = p_id;
    RETURN true;
END $$;

-- As in migration 42. A request that reaches the mark of its key or of the budget lets the worker look.
CREATE OR REPLACE FUNCTION admit(
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
    mark pg_catalog.int8;
    budget_mark pg_catalog.int8;
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
        RETURNING t.last_seq OPERATOR(pg_catalog.-) t.first_seq OPERATOR(pg_catalog.+) 1, t.first_at, t.last_at, t.last_seq, t.mark
        INTO used, first_at, last_at, seq, mark;
        IF FOUND THEN
            IF last_at OPERATOR(pg_catalog.>) asked_at THEN  -- it waited for another request, or the clock was set back
                asked_at := pg_catalog.clock_timestamp();
            END IF;
            INSERT INTO public.credits VALUES (h.key_id, seq, last_at, p_method, p_route,
                CASE WHEN asked_at OPERATOR(pg_catalog.<) last_at THEN asked_at END);
            verdict := 'admitted';
            IF used OPERATOR(pg_catalog.>=) mark THEN
                PERFORM public.check_use(h.org_id, h.key_id);
                UPDATE public.credit_windows t SET mark = NULL WHERE t.key_id OPERATOR(pg_catalog.=) h.key_id;
            END IF;
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
            IF used OPERATOR(pg_catalog.>=) w.mark THEN
                PERFORM public.check_use(h.org_id, h.key_id);
                UPDATE public.credit_windows t SET mark = NULL WHERE t.key_id OPERATOR(pg_catalog.=) h.key_id;
            END IF;
            IF has_budget THEN
                b.last_seq := b.last_seq OPERATOR(pg_catalog.+) 1; b.last_at := b.counted_at;
                b.used := b.used OPERATOR(pg_catalog.+) 1;
                INSERT INTO public.budget_credits VALUES (h.org_id, b.last_seq, b.last_at, 1);
                UPDATE public.budget_windows t
                SET first_seq = b.first_seq, first_at = b.first_at, last_seq = b.last_seq, last_at = b.last_at
                WHERE t.org_id OPERATOR(pg_catalog.=) h.org_id RETURNING t.mark INTO budget_mark;
                IF b.used OPERATOR(pg_catalog.>=) budget_mark THEN
                    SELECT public.check_use(t.org_id, t.id) INTO setting
                    FROM public.budgets t WHERE t.org_id OPERATOR(pg_catalog.=) h.org_id;
                    UPDATE public.budget_windows t SET mark = NULL WHERE t.org_id OPERATOR(pg_catalog.=) h.org_id;
                END IF;
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

REVOKE ALL ON FUNCTION check_use, check_own_use, use_of, settle_use FROM PUBLIC;
GRANT EXECUTE ON FUNCTION check_own_use TO smartdhandha_app;
