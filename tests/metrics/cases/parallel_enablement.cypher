// title: Pairs of parallel enablement links | 平行赋能关系对
// unit: pairs
// dated: none
// source: test
MATCH (c:Company {in_sample: true})-[t:ENABLES]->(b), (c)-[u:ENABLES]->(b)
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(*) AS value
