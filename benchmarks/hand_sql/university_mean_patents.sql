SELECT any_value(r.id) AS region, avg(u.patents) AS value
FROM University AS u
JOIN LOCATED_IN AS l ON l._src = u._id
JOIN WITHIN AS w ON w._src = l._dst
JOIN Region AS r ON r._id = w._dst
WHERE u.in_sample AND r.level = $level
GROUP BY r._id
