// title: Standard deviation of the different amounts of rounds | 不同轮次金额的标准差
// unit: CNY million
// dated: flow t.year
// source: test
MATCH (i)-[t:INVESTED_IN]->(c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, stDev(DISTINCT t.round_amount_cny_m) AS value
