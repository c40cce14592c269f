// title: Collaborations, once per end in the region | 合作关系（按端点）
// unit: links
// dated: flow t.year
// source: test
MATCH (c:Company {in_sample: true})-[t:COLLABORATES_WITH]-(b)
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(t) AS value
