SELECT any_value(r.id) AS region, avg(n.papers_domestic) AS value
FROM Institute AS n
JOIN LOCATED_IN AS l ON l._src = n._id
JOIN WITHIN AS w ON w._src = l._dst
JOIN Region AS r ON r._id = w._dst
WHERE n.in_sample AND r.level = $level
GROUP BY r._id
