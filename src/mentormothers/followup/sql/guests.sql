-- What is open for a guest is seen where she stays, as at home.
CREATE POLICY guest ON care.open_item FOR SELECT TO mm_app USING (client IN (
    SELECT g.client FROM care.guest g WHERE g.ends > now()
    AND g.site = ANY ((SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])::int[])));
