-- The assistant's search index, and its rate limit by address. It holds no organization's data.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- The passages of the reference and the guides, for each edition of the program: several editions may run at once.
CREATE TABLE assistant_passages (
    edition  text COLLATE "C" NOT NULL,  -- a hash of the text of all passages of the edition
    id       text COLLATE "C" NOT NULL,
    document tsvector NOT NULL,
    made_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT assistant_passages_pkey PRIMARY KEY (edition, id)
);
CREATE INDEX assistant_passages_document ON assistant_passages USING gin (document);

-- The words of the passages as they are written, with which a misspelled word is compared.
CREATE TABLE assistant_words (
    edition text COLLATE "C" NOT NULL,
    word    text COLLATE "C" NOT NULL,
    CONSTRAINT assistant_words_pkey PRIMARY KEY (edition, word)
);
CREATE INDEX assistant_words_alike ON assistant_words USING gin (word gin_trgm_ops);

GRANT SELECT, INSERT, DELETE ON assistant_passages, assistant_words TO smartdhandha_app;

-- One row per address that asked recently. Each question moves `due_at` ahead; how far it may be ahead of the clock
-- limits how many questions may come at once. The table is unlogged: a crash may empty it.
CREATE UNLOGGED TABLE assistant_askers (
    address text COLLATE "C" PRIMARY KEY,
    due_at  timestamptz NOT NULL
);
CREATE INDEX assistant_askers_due ON assistant_askers (due_at);

-- Admits a question of an address, or returns the seconds that it must wait: p_rate questions a minute, and as many at
-- once. Each admission also deletes a few addresses that have not asked for a long time.
CREATE FUNCTION admit_question(p_address text, p_rate integer) RETURNS double precision
LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $$
DECLARE
    step CONSTANT interval := interval '1 minute' / p_rate;
    clock timestamptz := clock_timestamp();
    due timestamptz;
BEGIN
    INSERT INTO public.assistant_askers AS a (address, due_at) VALUES (p_address, clock)
    ON CONFLICT (address) DO UPDATE SET due_at = a.due_at RETURNING a.due_at INTO due;  -- also locks the row
    clock := clock_timestamp();  -- read after a possible wait for the row's lock
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
