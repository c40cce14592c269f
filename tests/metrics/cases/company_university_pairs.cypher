// title: Pairs of a company and a university | 企业与大学对
// unit: pairs
// dated: none
// source: test
MATCH (c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
MATCH (u:University {in_sample: true})
MATCH (u)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r)
RETURN r.id AS region, count(*) AS value
