// title: Money per round | 平均每轮金额
// unit: CNY million
// dated: flow t.year
// source: test
MATCH ()-[t:INVESTED_IN]->(c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, sum(t.amount_cny_m) / count(DISTINCT t.round_id) AS value
