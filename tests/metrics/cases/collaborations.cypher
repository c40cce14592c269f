// title: Collaborations | 合作关系数
// unit: links
// dated: flow t.year
// source: test
MATCH (c:Company {in_sample: true})-[t:COLLABORATES_WITH]-()
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(DISTINCT t) AS value
