// title: Enablement links of all companies | 赋能关系总数
// unit: links
// dated: stock c.founded_year
// source: test
MATCH (c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, sum(COUNT { MATCH (c)-[:ENABLES]->() }) AS value
