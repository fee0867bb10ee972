"""SQL by hand for sites; each with a sentence above it."""

# Which delivery model each site has from which day until (not including) which; of several words on one day the last
# counts. Sites out of scope are one of their own, since their numbers are not whole here.
ELSEWHERE = "elsewhere"
_MY_SITES = "(SELECT coalesce(nullif(current_setting('app.sites', true), ''), '{}')::int[])"
SITE_MODEL = f"""
SELECT m.site_id::text AS site,
       CASE WHEN m.site_id = ANY ({_MY_SITES}::int[]) THEN m.model ELSE '{ELSEWHERE}' END AS model,
       (m.since - DATE '1970-01-01')::bigint AS since,
       (LEAD(m.since, 1, DATE '2199-12-31') OVER (PARTITION BY m.site_id ORDER BY m.since)
        - DATE '1970-01-01')::bigint AS until
FROM (SELECT DISTINCT ON (site_id, since) site_id, since, model
      FROM site_model ORDER BY site_id, since, id DESC) m
"""
