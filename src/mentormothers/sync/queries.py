"""SQL by hand for the feed; each with a sentence above it."""

FEED_ID = "SELECT id FROM sync.feed_id"

# The last change that can be heard of now: of a transaction that ended before every transaction that still runs, so
# that nothing that commits later can come before it.
LAST_TOLD = "SELECT tx, place FROM sync.last_told()"

# Changes after a cursor and up to the last one that can be heard of. Ordered by the column itself: plain `tx` would be
# the text that is selected, in which 1000 comes before 999.
CHANGES = """
SELECT tx::text, place, event, client, subject
FROM sync.feed
WHERE (tx, place) > (%(tx)s::xid8, %(place)s)
  AND (tx, place) <= (%(last_tx)s::xid8, %(last_place)s)
  AND (client = ANY (%(clients)s) OR client IS NULL
       OR event IN ('caseload_in', 'caseload_out', 'home_in', 'home_out', 'guest_in', 'guest_out'))
ORDER BY feed.tx, feed.place
LIMIT %(most)s
"""

# The bodies of some records with the instant of receipt; phones hear in other words who is one person with whom.
RECORDS = """
SELECT id, body, received FROM care.record WHERE id = ANY (%s) AND form <> 'same_person' ORDER BY received, id"""

# A client's records and sealed identities, and whether her name was erased, up to a place in the feed.
HISTORY = """
SELECT f.event, f.subject, r.body, r.received
FROM sync.feed f LEFT JOIN care.record r ON r.id = f.subject AND f.event = 'record' AND r.form <> 'same_person'
WHERE f.client = %(client)s AND f.event IN ('record', 'identity', 'erase')
  AND (f.tx, f.place) <= (%(tx)s::xid8, %(place)s)
ORDER BY f.tx, f.place
"""

# How far the feed lies behind, in seconds: the age of the oldest writing transaction that holds it back.
BEHIND = """
SELECT coalesce(extract(epoch FROM now() - min(xact_start)), 0)::float
FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
"""

# A phone was heard of now, if it is the one that speaks, and its highest counter.
SEEN = """
UPDATE public.access_device
SET last_seen = CASE WHEN %s THEN now() ELSE last_seen END, last_counter = greatest(last_counter, %s)
WHERE id = %s
"""
