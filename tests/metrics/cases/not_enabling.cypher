// title: Companies that enable nobody | 没有赋能关系的企业数
// unit: companies
// dated: stock c.founded_year
// source: test
MATCH (c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
WHERE NOT (c)-[:ENABLES]->()
RETURN r.id AS region, count(c) AS value
