-- Tokens of names, villages, phones and numbers in one table, in place of the hashes of phone numbers; they are made anew
-- from what is sealed (people.rebuilding). Nobody but the owner takes one away: when they are rebuilt, or with a client.
CREATE TABLE people.search_token (
    client uuid NOT NULL,
    token bytea NOT NULL,
    organisation integer NOT NULL,
    PRIMARY KEY (client, token)
);
CREATE INDEX search_token_token ON people.search_token (token) INCLUDE (client);
ALTER TABLE people.search_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE people.search_token FORCE ROW LEVEL SECURITY;
-- Written for one's own organisation; read for clients whose home is one of one's sites.
CREATE POLICY in_scope ON people.search_token USING (
    client IN (SELECT id FROM care.client WHERE
        site = ANY ((SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])::int[]))
) WITH CHECK (
    organisation = ANY ((SELECT coalesce(nullif(current_setting('app.organisations', true), ''), '{}')::int[])::int[])
);
CREATE POLICY housekeeping ON people.search_token TO mm_owner USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON people.search_token TO mm_people;
GRANT SELECT ON people.search_token TO mm_backup;
DROP TABLE people.phone_index;
