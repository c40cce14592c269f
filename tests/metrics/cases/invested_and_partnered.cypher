// title: Companies with an investor abroad or undisclosed, and a partner with patents | 有投资者且有专利合作方的企业数
// unit: companies
// dated: stock c.founded_year
// source: test
MATCH (c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
WHERE EXISTS { MATCH (i:Investor {in_sample: false})-[:INVESTED_IN]->(c) }
  AND EXISTS { MATCH (c)-[:COLLABORATES_WITH]-(u:University) WHERE u.patents > 0 }
RETURN r.id AS region, count(c) AS value
