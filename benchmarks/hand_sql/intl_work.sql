WITH home AS (
    SELECT c._id AS company, r._id AS region, r.country
    FROM Company AS c
    JOIN LOCATED_IN AS l ON l._src = c._id
    JOIN WITHIN AS w ON w._src = l._dst
    JOIN Region AS r ON r._id = w._dst
    WHERE c.in_sample AND r.level = $level
),
place AS (
    SELECT l._src AS organisation, k.country
    FROM LOCATED_IN AS l
    JOIN Region AS k ON k._id = l._dst
)
SELECT r.id AS region, totals.value
FROM (
    SELECT home.region, count(DISTINCT p._id) AS value
    FROM Person AS p
    JOIN WORKS_FOR AS f ON f._src = p._id
    JOIN home ON home.company = f._dst
    JOIN WORKED_AT AS s ON s._src = p._id
    JOIN place ON place.organisation = s._dst
    WHERE p.in_sample AND place.country <> home.country
    GROUP BY home.region
) AS totals
JOIN Region AS r ON r._id = totals.region
