// title: Companies whose layer is unknown, or not foundation and young | 层次未定企业数
// unit: companies
// dated: stock c.founded_year
// source: test
MATCH (c:Company {in_sample: true})
WHERE c.layer IS NULL OR NOT c.layer IN ['foundation'] AND c.founded_year > 2016
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(c) AS value
