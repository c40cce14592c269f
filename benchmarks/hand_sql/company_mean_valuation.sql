SELECT any_value(r.id) AS region, avg(coalesce(c.valuation_cny_m, c.market_cap_cny_m)) AS value
FROM Company AS c
JOIN LOCATED_IN AS l ON l._src = c._id
JOIN WITHIN AS w ON w._src = l._dst
JOIN Region AS r ON r._id = w._dst
WHERE c.in_sample AND r.level = $level
GROUP BY r._id
