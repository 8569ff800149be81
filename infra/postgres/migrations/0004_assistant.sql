-- What the assistant looks answers up in, and how often an address may ask. Nothing in here is anyone's own.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- The passages of the reference and the guides, as each edition of the program has them: editions may serve side by side.
CREATE TABLE assistant_passages (
    edition  text COLLATE "C" NOT NULL,  -- a hash of all that this edition's passages say
    id       text COLLATE "C" NOT NULL,
    document tsvector NOT NULL,
    made_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT assistant_passages_pkey PRIMARY KEY (edition, id)
);
CREATE INDEX assistant_passages_document ON assistant_passages USING gin (document);

-- The words in them as they were written, to which a typing error is likened.
CREATE TABLE assistant_words (
    edition text COLLATE "C" NOT NULL,
    word    text COLLATE "C" NOT NULL,
    CONSTRAINT assistant_words_pkey PRIMARY KEY (edition, word)
);
CREATE INDEX assistant_words_alike ON assistant_words USING gin (word gin_trgm_ops);

GRANT SELECT, INSERT, DELETE ON assistant_passages, assistant_words TO smartdhandha_app;

-- One row per address that asked lately. `due_at` moves ahead with each question; how far ahead of the clock it may run
-- is how many questions may come at once. A crash may forget it.
CREATE UNLOGGED TABLE assistant_askers (
    address text COLLATE "C" PRIMARY KEY,
    due_at  timestamptz NOT NULL
);
CREATE INDEX assistant_askers_due ON assistant_askers (due_at);

-- Admits a question of this address, or says how many seconds it must wait: p_rate questions a minute, and as many at once.
-- Each admission forgets a few addresses that have been silent for long.
CREATE FUNCTION admit_question(p_address text, p_rate integer) RETURNS double precision
LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $$
DECLARE
    step CONSTANT interval := interval '1 minute' / p_rate;
    clock timestamptz := clock_timestamp();
    due timestamptz;
BEGIN
    INSERT INTO public.assistant_askers AS a (address, due_at) VALUES (p_address, clock)
    ON CONFLICT (address) DO UPDATE SET due_at = a.due_at RETURNING a.due_at INTO due;  -- also locks the row
    clock := clock_timestamp();  -- the row may have been waited for
    due := greatest(due, clock) + step;
    IF due > clock + interval '1 minute' + interval '1 millisecond' THEN
        RETURN extract(epoch FROM due - clock - interval '1 minute');
    END IF;
    UPDATE public.assistant_askers SET due_at = due WHERE address = p_address;
    DELETE FROM public.assistant_askers WHERE address IN (
        SELECT address FROM public.assistant_askers WHERE due_at < clock - interval '1 hour'
        ORDER BY due_at LIMIT 10 FOR UPDATE SKIP LOCKED
    );
    RETURN 0;
END $$;
REVOKE ALL ON FUNCTION admit_question FROM PUBLIC;
GRANT EXECUTE ON FUNCTION admit_question TO smartdhandha_app;
