// title: Enablement and collaboration from companies and universities | 技术关系数
// unit: links
// dated: flow t.year
// source: test
MATCH (c:Company|University {in_sample: true})-[t:ENABLES|COLLABORATES_WITH]->(b)
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(t) AS value
