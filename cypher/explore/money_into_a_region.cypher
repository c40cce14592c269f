// title: Where the money of a province's companies comes from | 一省企业的融资来自哪里
// browser: :param region => '四川省'
MATCH (i)-[t:INVESTED_IN]->(c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(:Region {level: 'province', name: $region})
OPTIONAL MATCH (i)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(q:Region {level: 'province'})
RETURN q.name AS origin, count(DISTINCT t.round_id) AS rounds, sum(t.amount_cny_m) AS amount_cny_m
ORDER BY amount_cny_m DESC, origin
