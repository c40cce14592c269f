// title: Median share of a round | 投资额中位数
// unit: CNY million
// dated: flow t.year
// source: test
MATCH (i)-[t:INVESTED_IN]->(c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, percentileCont(t.amount_cny_m, 0.5) AS value
