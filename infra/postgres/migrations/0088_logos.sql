-- The logo of an organization. An event has the SHA-256 of the picture; the picture itself stands here, and only the present
-- one. docs/decisions/0096-a-profile-comes-with-the-head.md
CREATE TABLE organization_logos (
    org_id text COLLATE "C" PRIMARY KEY,
    hash   text COLLATE "C" NOT NULL,  -- of the PNG, in hex
    png    bytea NOT NULL CHECK (octet_length(png) <= 524288)
);
ALTER TABLE organization_logos ALTER COLUMN png SET STORAGE EXTERNAL;  -- a PNG is compressed already
ALTER TABLE organization_logos ENABLE ROW LEVEL SECURITY;

-- Stores the logo of the transaction's own organization; null takes it away.
CREATE FUNCTION store_logo(p_org text, p_png bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_org IS DISTINCT FROM current_setting('app.org', true) THEN
        RAISE 'only the transaction''s own organization can be changed, not %', p_org;
    END IF;
    DELETE FROM public.organization_logos l WHERE l.org_id = p_org;
    IF p_png IS NOT NULL THEN
        INSERT INTO public.organization_logos (org_id, hash, png) VALUES (p_org, encode(sha256(p_png), 'hex'), p_png);
    END IF;
END $$;

-- The logo of the transaction's own organization; in test mode, that of its live organization.
CREATE FUNCTION own_logo(OUT hash text, OUT png bytea) RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT l.hash, l.png FROM public.organizations own
    JOIN public.organization_logos l ON l.org_id = coalesce(own.live_organization, own.org_id)
    WHERE own.org_id = current_setting('app.org', true)
$$;

REVOKE ALL ON FUNCTION store_logo, own_logo FROM PUBLIC;
GRANT EXECUTE ON FUNCTION store_logo, own_logo TO smartdhandha_app;
