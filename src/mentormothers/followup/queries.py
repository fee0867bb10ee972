"""SQL by hand for follow-up; each with a sentence above it."""

from mentormothers.followup.counting import WEEK_DAYS

# Whom to work out before a list of sites is shown, before some clients are, and anywhere (see sql/keeping.sql).
STALE_AT = "SELECT care.stale_at(%(sites)s, %(today)s, %(by)s)"
STALE_OF = "SELECT care.stale_of(%(clients)s, %(today)s, %(by)s)"
STALE_ANYWHERE = "SELECT care.stale_anywhere(%(today)s, %(by)s, %(most)s)"

# Hold clients while they are worked out, keep what was found, and be done with what had touched them.
HOLD = "SELECT care.hold_to_work_out(%(clients)s)"
KEEP = "SELECT care.keep_open_items(%(clients)s, %(today)s, %(by)s, %(items)s)"
DONE_WITH = "SELECT care.done_with(%(touches)s)"

# The groups that a coordinator counts by, of an open item `o`; every group is found in `GROUPS`.
IN_GROUP = {
    "week": f"o.state = 'due' AND o.due <= %(today)s::date + {WEEK_DAYS - 1}",
    "due": "o.state = 'due'",
    "overdue": "o.state = 'overdue'",
    "defaulted": "o.state = 'defaulted'",
    "lost": "o.state = 'lost'",
}

# Whose list it is, of an open item `o`: of sites, a mentor (hers, and whom she is asked to look for), or some clients.
AT_SITES = "o.site = ANY (%(sites)s)"
OF_MENTOR = "o.client IN (SELECT k.client FROM care.caseload k WHERE k.mentor = %(whose)s)"
OF_CLIENTS = "o.client = ANY (%(clients)s)"

# What may be wanted of a list.
OF_ITEM = "o.item = %(item)s"
WITH_MENTOR = """
EXISTS (SELECT FROM care.caseload k WHERE k.client = o.client AND k.mentor = %(mentor)s AND k.reason <> 'tracing')
OR EXISTS (SELECT FROM care.assignment a WHERE a.client = ANY (o.household || array(
               SELECT s.client FROM care.same_person s WHERE s.person = o.household))
           AND a.mentor = %(mentor)s AND a.ended_at IS NULL AND a.until >= %(today)s)"""
ABOUT = "o.client = ANY (%(people)s) OR o.mother = ANY (%(people)s)"

# How many things of each item a list has.
ITEMS = "SELECT o.item, count(*) FROM care.open_item o WHERE {within} GROUP BY o.item"

# How many things wait at each site of a list, and for how many people, in each group. A person lives at one site.
WAITING = """
SELECT p.site, {counts}
FROM (SELECT o.site, {things} FROM care.open_item o WHERE {within} GROUP BY o.site, o.client) p GROUP BY p.site
"""

# Whom the wanted things are about, with the mothers of babies.
PEOPLE = "SELECT o.client FROM {wanted} UNION SELECT o.mother FROM {wanted} AND o.mother IS NOT NULL"

# The households with something that is wanted, in an order, so many of them; with how many households and things are
# wanted in all. What a household is put in order by is its most urgent wanted thing.
ORDERS = {
    "first": "top_rank DESC, first_due, household",
    "what": "first_label, top_rank DESC, first_due, household",
    "state": "most_late DESC, first_until, top_rank DESC, household",
}
LISTED = """
SELECT o.household, max(o.rank) AS top_rank, min(o.due) AS first_due, {more}
       count(*) OVER () AS households, (sum(count(*)) OVER ())::int AS things
FROM care.open_item o WHERE {wanted} GROUP BY o.household ORDER BY {order} LIMIT %(most)s
"""
MORE_FOR = {
    "first": "",
    "what": "min(array_position(%(by_label)s::text[], o.item)) AS first_label,",
    "state": "max(greatest(%(today)s::date - o.due, 0)) AS most_late, min(o.until) AS first_until,",
}

# The order within a household: what gives it its place comes first.
WITHIN = {
    "first": "o.rank DESC, o.due",
    "what": "array_position(%(by_label)s::text[], o.item), o.rank DESC, o.due",
    "state": "greatest(%(today)s::date - o.due, 0) DESC, o.until, o.rank DESC",
}

# Everything that the list has of these households, each thing with whether it is wanted, who is asked to look for her
# today (under any pseudonym of hers, and the latest where somebody was asked under each), and who looks after her for
# good.
HOUSEHOLDS = """
WITH listed AS MATERIALIZED ({listed})
SELECT l.households, l.things, o.household, o.client, o.mother, o.site, o.rule, o.item, o.state, o.due, o.until,
       o.reasons, o.next_step, o.traceable, o.may_ask, {is_wanted} AS wanted, a.id,
       array(SELECT k.mentor FROM care.caseload k WHERE k.client = o.client AND k.reason <> 'tracing'
             ORDER BY k.since, k.mentor)
FROM listed l JOIN care.open_item o ON o.household = l.household
LEFT JOIN LATERAL (
    SELECT asked.id FROM care.assignment asked
    WHERE asked.client = ANY (l.household || array(
              SELECT s.client FROM care.same_person s WHERE s.person = l.household))
      AND asked.ended_at IS NULL AND asked.until >= %(today)s
    ORDER BY asked.made_at DESC, asked.id LIMIT 1) a ON true
WHERE {within}
ORDER BY {order}, wanted DESC, {within_household}, o.client, o.item, o.occurrence
"""

# For holding what is kept against the facts. Clients whom nothing would ever work out; those who are said to be up to
# date; what is kept of some; and whoever is found to differ.
NEVER_WORKED_OUT = """
SELECT id FROM care.client c WHERE NOT EXISTS (SELECT FROM care.worked_out w WHERE w.client = c.id)
                               AND NOT EXISTS (SELECT FROM care.touched t WHERE t.client = c.id)
"""
WORKED_OUT = """
SELECT w.client, w.day FROM care.worked_out w JOIN care.client c ON c.id = w.client
WHERE w.day > '-infinity' AND w.made_by = %(by)s
  AND w.client NOT IN (SELECT k.client FROM care.kin(array(SELECT DISTINCT client FROM care.touched)) k)
ORDER BY w.day, w.site, coalesce(c.mother, c.id)
"""
KEPT = "SELECT to_jsonb(o) FROM care.open_item o WHERE o.client = ANY (%(clients)s)"
TOUCH = "INSERT INTO care.touched (client) SELECT unnest(%(clients)s)"
