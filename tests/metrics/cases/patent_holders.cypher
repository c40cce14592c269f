// title: Companies with enough patents | 专利充足的企业数
// unit: companies
// param: least = 10
// dated: stock c.founded_year
// source: test
MATCH (c:Company {in_sample: true})
WHERE c.patents >= $least
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(c) AS value
