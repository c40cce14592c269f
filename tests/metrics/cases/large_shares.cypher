// title: Money in shares of at least 20 million | 大额投资
// unit: CNY million
// dated: flow t.year
// source: test
MATCH (i)-[t:INVESTED_IN]->(c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, sum(CASE WHEN t.amount_cny_m >= 20 THEN t.amount_cny_m ELSE 0 END) AS value
