// title: Share of the money of all rounds that a link brings | 份额
// unit: percent
// dated: flow t.year
// source: test
MATCH (i)-[t:INVESTED_IN]->(c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, 100.0 * sum(t.amount_cny_m) / sum(t.round_amount_cny_m) AS value
