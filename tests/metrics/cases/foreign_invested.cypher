// title: Companies with an investor abroad | 有境外投资者的企业数
// unit: companies
// dated: stock c.founded_year
// source: test
MATCH (c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
WHERE EXISTS {
  MATCH (i)-[:INVESTED_IN]->(c)
  MATCH (i)-[:LOCATED_IN]->(k:Region)
  WHERE k.country <> r.country
}
RETURN r.id AS region, count(c) AS value
