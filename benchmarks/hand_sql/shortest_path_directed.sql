WITH RECURSIVE target AS (SELECT _id FROM Company WHERE id = $other),
edges AS (SELECT _src AS one, _dst AS other FROM ENABLES),
reach(node, steps) AS (
    SELECT _id, 0 FROM Company WHERE id = $one
    UNION
    SELECT edges.other, steps + 1
    FROM reach
    JOIN edges ON edges.one = node
    WHERE steps < 30 AND NOT EXISTS (SELECT 1 FROM reach AS found, target WHERE found.node = target._id)
)
SELECT min(steps)
FROM reach
JOIN target ON target._id = node
