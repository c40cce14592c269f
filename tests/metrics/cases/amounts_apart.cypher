// title: Standard deviation of the shares of rounds | 投资额标准差
// unit: CNY million
// dated: flow t.year
// source: test
MATCH (i)-[t:INVESTED_IN]->(c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, stDev(t.amount_cny_m) AS value
