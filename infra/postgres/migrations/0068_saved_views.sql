-- Filters and orders of lists that users have saved under a name. They are settings of users, and no events.
-- docs/decisions/0083-downloads-of-lists.md
CREATE TABLE saved_views (
    org_id    text COLLATE "C" NOT NULL,
    view_id   text COLLATE "C" NOT NULL,
    user_id   text COLLATE "C" NOT NULL,  -- who has saved it
    kind      text COLLATE "C" NOT NULL,  -- of the objects in the list
    name      text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 64),
    query     text NOT NULL CHECK (char_length(query) <= 2000),  -- the parameters in the address of the list
    is_shared boolean NOT NULL,  -- whether everybody sees it who sees the list
    CONSTRAINT saved_views_pkey PRIMARY KEY (org_id, view_id),
    CONSTRAINT saved_views_name UNIQUE (org_id, kind, user_id, name)
);
ALTER TABLE saved_views ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON saved_views USING (org_id = current_setting('app.org', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON saved_views TO smartdhandha_app;
