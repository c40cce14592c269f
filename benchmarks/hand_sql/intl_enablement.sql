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
    SELECT home.region, count(*) AS value
    FROM ENABLES AS t
    JOIN home ON home.company = t._src
    JOIN place ON place.organisation = t._dst
    WHERE place.country <> home.country
    GROUP BY home.region
) AS totals
JOIN Region AS r ON r._id = totals.region
