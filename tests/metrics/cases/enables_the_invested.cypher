// title: Companies that enable one with an investor | 赋能于有投资者企业的企业数
// unit: companies
// dated: stock c.founded_year
// source: test
MATCH (c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
WHERE EXISTS {
  MATCH (c)-[:ENABLES]->(b:Company)
  WHERE EXISTS { MATCH (:Investor)-[:INVESTED_IN]->(b) }
}
RETURN r.id AS region, count(c) AS value
