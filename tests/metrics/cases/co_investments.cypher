// title: Ordered pairs of links of one round | 同轮投资关系对
// unit: pairs
// dated: flow t.year
// source: test
MATCH (i)-[t:INVESTED_IN]->(c:Company {in_sample: true})<-[u:INVESTED_IN]-(j)
WHERE t.round_id = u.round_id
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(*) AS value
