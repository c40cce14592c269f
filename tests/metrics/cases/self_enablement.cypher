// title: Companies that enable themselves | 自我赋能关系数
// unit: links
// dated: flow t.year
// source: test
MATCH (c:Company {in_sample: true})-[t:ENABLES]->(c)
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(t) AS value
