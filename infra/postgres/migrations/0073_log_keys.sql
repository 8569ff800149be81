-- The keys of the installation that sign checkpoints. The newest one signs; the earlier ones stay, because their
-- signatures do.
CREATE TABLE log_keys (
    number     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key_id     text COLLATE "C" NOT NULL UNIQUE,  -- of the public key and the name, as signatures name it
    name       text COLLATE "C" NOT NULL,         -- of the installation
    public_key bytea NOT NULL,                    -- Ed25519
    sealed     bytea,                             -- the private key, encrypted; null once another key has replaced it
    created_at timestamptz NOT NULL DEFAULT now(),
    retired_at timestamptz
);
