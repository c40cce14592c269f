// title: Median of the different shares of rounds | 不同投资额的中位数
// unit: CNY million
// dated: flow t.year
// source: test
MATCH (i)-[t:INVESTED_IN]->(c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, percentileDisc(DISTINCT t.amount_cny_m, 0.5) AS value
