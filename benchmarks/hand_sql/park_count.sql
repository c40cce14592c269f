SELECT any_value(r.id) AS region, count(*) AS value
FROM Park AS k
JOIN LOCATED_IN AS l ON l._src = k._id
JOIN WITHIN AS w ON w._src = l._dst
JOIN Region AS r ON r._id = w._dst
WHERE k.in_sample AND r.level = $level
GROUP BY r._id
