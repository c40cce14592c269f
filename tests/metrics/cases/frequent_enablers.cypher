// title: Companies with at least two enablement links | 赋能关系不少于两条的企业数
// unit: companies
// dated: stock c.founded_year
// source: test
MATCH (c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
WHERE COUNT { MATCH (c)-[:ENABLES]->() } >= 2
RETURN r.id AS region, count(c) AS value
