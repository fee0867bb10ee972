"""Numbers for the clients of a snapshot, family after family, so that a range of numbers can be worked out by itself.

A family is whoever is joined by birth mothers that any fact names, however far: what is due for somebody hangs on
facts of nobody else (definitions.sql looks at a client's mother, at her children, and from a child at its siblings).
Families that were first seen at one site come after one another. Within a family numbers are in the order of ids, so
that the smallest of several stays the same.
"""

from mentormothers.engines.columns import Connection

_IDS = """
CREATE TABLE ids AS
SELECT id, row_number() OVER (ORDER BY id) AS rank
FROM (SELECT client AS id FROM numbered UNION SELECT mother FROM numbered WHERE mother <> '')"""

_LINKS = """
CREATE TABLE links AS
WITH named AS (SELECT DISTINCT client, mother FROM numbered WHERE mother <> ''),
     link AS (SELECT c.rank AS one, m.rank AS other
              FROM named n JOIN ids c ON c.id = n.client JOIN ids m ON m.id = n.mother)
SELECT one, other FROM link UNION SELECT other, one FROM link"""

# Everybody takes over the smallest rank that anybody next to her has, until nobody finds a smaller one.
_FAMILIES = """
CREATE TABLE families AS
WITH RECURSIVE spread(rank, family) USING KEY (rank) AS (
    SELECT DISTINCT one, one FROM links
    UNION
    (SELECT l.one, min(n.family) AS family
     FROM spread n JOIN links l ON l.other = n.rank JOIN recurring.spread u ON u.rank = l.one
     WHERE n.family < u.family
     GROUP BY l.one)
)
SELECT i.id, i.rank, coalesce(s.family, i.rank) AS family FROM ids i LEFT JOIN spread s ON s.rank = i.rank"""

_CLIENTS = """
CREATE TABLE clients AS
WITH hers AS (SELECT client, arg_min(site, position) AS site, min(position) AS first, count(*) AS facts
              FROM numbered GROUP BY client),
     whole AS (SELECT family, coalesce(arg_min(site, first), '') AS site, coalesce(sum(facts), 0) AS facts
               FROM families LEFT JOIN hers ON client = id GROUP BY family),
     one_by_one AS (SELECT family, site, sum(facts) OVER (ORDER BY site, family) - facts AS before FROM whole)
SELECT f.id, f.rank, row_number() OVER (ORDER BY o.site, f.family, f.rank) AS number, o.site, o.before::BIGINT AS before
FROM families f JOIN one_by_one o ON o.family = f.family"""


def number_clients(database: Connection) -> None:
    """From the table `numbered` make `clients`: id, rank among all ids, number; site of and facts before her family."""
    for step in (_IDS, _LINKS, _FAMILIES, _CLIENTS):
        database.execute(step)
    for table in ("ids", "links", "families"):
        database.execute(f"DROP TABLE {table}")
