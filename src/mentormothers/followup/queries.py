"""SQL by hand for follow-up; each with a sentence above it."""

from mentormothers.followup.counting import WEEK_DAYS

# Whom to work out before a site's list is shown, before some clients are, and anywhere (see sql/keeping.sql).
STALE_AT = "SELECT care.stale_at(%(site)s, %(today)s, %(by)s)"
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

# How many things are open at a site, of each item.
ITEMS = "SELECT o.item, count(*) FROM care.open_item o WHERE o.site = %(site)s GROUP BY o.item"

# How many things wait at a site, and for how many people: in each group, and in all.
WAITING = """
SELECT {counts} FROM (SELECT {things} FROM care.open_item o WHERE o.site = %(site)s GROUP BY o.client) p
"""

# Open items that are wanted, each with who is asked to look for her today.
FOUND = """
FROM care.open_item o
LEFT JOIN care.assignment a
  ON a.client = coalesce(o.mother, o.client) AND a.ended_at IS NULL AND a.until >= %(today)s
WHERE {wanted}"""

# What may be wanted of them.
OF_ITEM = "o.item = %(item)s"
WITH_MENTOR = """
a.mentor = %(mentor)s OR EXISTS (
    SELECT FROM care.caseload k WHERE k.client = o.client AND k.mentor = %(mentor)s AND k.reason <> 'tracing')"""
ABOUT = "o.client = ANY (%(people)s) OR o.mother = ANY (%(people)s)"

# How many of the wanted there are, and whom they are about.
COUNT = "SELECT count(*) {found}"
PEOPLE = "SELECT o.client {found} UNION SELECT o.mother {found} AND o.mother IS NOT NULL"

# An open item with who is asked to look for her today, and who looks after her for good.
OPEN_ITEMS = """
SELECT o.client, o.mother, o.item, o.state, o.due, o.until, o.reasons, o.rank, o.next_step, o.traceable, o.may_ask,
       a.id,
       array(SELECT k.mentor FROM care.caseload k WHERE k.client = o.client AND k.reason <> 'tracing'
             ORDER BY k.since, k.mentor)
{found}
ORDER BY {order}
LIMIT %(most)s
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
