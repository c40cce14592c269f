// title: Mean share of a round | 平均投资额
// unit: CNY million
// dated: flow t.year
// source: test
MATCH (i)-[t:INVESTED_IN]->(c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, avg(t.amount_cny_m) AS value
