-- From observations to the facts that count, whatever their day. Reads observation and standing; {…} are filled in from
-- the vocabulary. Portable subset only.

-- Facts that stand, and of a source that counts; a due date of a pregnancy told as its last period.
stated AS (
    SELECT o.client, o.role, o.value, o.number, o.site, o.position, o.record,
           CASE WHEN o.mother <> '' THEN o.mother END AS mother,
           CASE o.kind WHEN 'pregnancy.edd' THEN 'pregnancy.lmp' ELSE o.kind END AS kind,
           o.day - CASE o.kind WHEN 'pregnancy.edd' THEN {days_lmp_to_edd} ELSE 0 END AS day,
           COALESCE(s.event, o.record) AS event,
           CASE WHEN o.ref <> '' THEN COALESCE(r.event, o.ref) END AS ref
    FROM observation o
    LEFT JOIN standing s ON s.record = o.record
    LEFT JOIN standing r ON r.record = o.ref
    WHERE COALESCE(s.stands, 1) = 1 AND {counting}
),

-- One fact of a kind and day counts, by the kind's same-day rule; `all` kinds count each. Which one of what is said of
-- breastfeeding, and of a birth, depends on the as-of date (definitions.sql).
in_order AS (
    SELECT s.client, s.kind, s.day, s.value, s.number, s.event, s.ref, s.site, s.position, s.record, {place} AS place
    FROM stated s
    WHERE s.kind NOT IN ('child.dob', {feeding_kinds}) AND {used}
),
chosen AS (
    SELECT r.client, r.kind, r.day, r.value, r.number, r.event, r.ref, r.site, r.position, r.record
    FROM in_order r
    WHERE r.place = 1 OR r.kind IN ({all_kinds})
)
