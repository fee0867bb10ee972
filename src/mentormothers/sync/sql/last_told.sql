-- The last change that readers may hear of now: nothing that commits later can come before it.
--
-- It is a row on disk, not the number of a transaction that has ended. PostgreSQL keeps those numbers in memory and gives
-- them out again after a crash when nothing was written under them, so a cursor that ran ahead to one of them would
-- skip whatever is told under it the second time.
CREATE FUNCTION sync.last_told() RETURNS TABLE (tx text, place bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT f.tx::text, f.place FROM sync.feed f
    WHERE f.tx < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY f.tx DESC, f.place DESC LIMIT 1
$$;
REVOKE ALL ON FUNCTION sync.last_told() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sync.last_told() TO mm_app;
