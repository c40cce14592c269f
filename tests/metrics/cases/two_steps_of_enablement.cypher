// title: Chains of one or two enablement links | 一至两步的赋能链
// unit: chains
// dated: none
// source: test
MATCH (c:Company {in_sample: true})-[:ENABLES*1..2]->(b)
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(*) AS value
