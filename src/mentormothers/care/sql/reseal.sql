-- What was refused is never changed, but for a name in it that was erased: the same row is sealed anew without it. Only
-- within the scope: nobody can spoil what was refused elsewhere.
CREATE FUNCTION care.reseal(number bigint, content bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM set_config('app.erasing', 'on', true);
    UPDATE care.quarantined SET sealed = content
    WHERE id = number
      AND site = ANY ((SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])::int[])
      AND organisation = ANY ((SELECT coalesce(nullif(current_setting('app.organisations', true), ''), '{}')::int[])::int[]);
    PERFORM set_config('app.erasing', '', true);
END $$;
REVOKE ALL ON FUNCTION care.reseal(bigint, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION care.reseal(bigint, bytea) TO mm_app;
