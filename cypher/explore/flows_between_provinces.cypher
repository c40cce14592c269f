// title: Enablement from province to province | 省际技术赋能流向
MATCH (a)-[t:ENABLES]->(b)
MATCH (a)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(p:Region {level: 'province'})
MATCH (b)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(q:Region {level: 'province'})
WHERE p <> q
RETURN p.name AS source, q.name AS target, count(t) AS links
ORDER BY links DESC, source, target
LIMIT 20
