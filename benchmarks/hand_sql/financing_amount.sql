WITH home AS (
    SELECT c._id AS company, r._id AS region
    FROM Company AS c
    JOIN LOCATED_IN AS l ON l._src = c._id
    JOIN WITHIN AS w ON w._src = l._dst
    JOIN Region AS r ON r._id = w._dst
    WHERE c.in_sample AND r.level = $level
)
SELECT r.id AS region, totals.value
FROM (
    SELECT home.region, coalesce(sum(t.amount_cny_m), 0) AS value
    FROM INVESTED_IN AS t
    JOIN home ON home.company = t._dst
    GROUP BY home.region
) AS totals
JOIN Region AS r ON r._id = totals.region
