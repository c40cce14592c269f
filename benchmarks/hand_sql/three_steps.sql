WITH RECURSIVE reach(node, steps) AS (
    SELECT _id, 0 FROM Company WHERE id = $one
    UNION
    SELECT t._dst, steps + 1
    FROM reach
    JOIN ENABLES AS t ON t._src = node
    WHERE steps < 3
)
SELECT DISTINCT c.id
FROM reach
JOIN Company AS c ON c._id = node
