"""Whose children stand in the same file: two records of one woman often bring the same baby.

A child's mother is the record that `mother_id` names; else the only one that has the name written as the mother's, with
the same phone, village and district, as one clerk wrote them.
"""

CHILDREN = """
WITH named AS (
    SELECT c.unique_id AS child, m.unique_id AS mother
    FROM seen c JOIN seen m ON c.mother_id = m.id
    UNION
    SELECT c.unique_id, m.unique_id
    FROM seen c JOIN seen m ON c.mother_whole = m.whole_name AND c.phone IS NOT DISTINCT FROM m.phone
        AND c.village IS NOT DISTINCT FROM m.village AND c.district IS NOT DISTINCT FROM m.district
    WHERE c.mother_id IS NULL AND c.child AND NOT m.child
), hers AS (
    SELECT child, any_value(mother) AS mother FROM named GROUP BY child HAVING count(*) = 1
)
SELECT hers.mother AS unique_id,
    list_sort(list(DISTINCT c.born || '|' || c.given_frame)) AS children,
    list_sort(list(DISTINCT c.born)) AS children_born
FROM hers JOIN seen c ON c.unique_id = hers.child
WHERE c.born IS NOT NULL AND c.given_frame IS NOT NULL
GROUP BY hers.mother
"""
