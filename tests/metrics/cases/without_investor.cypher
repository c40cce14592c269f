// title: Companies without an investor | 无投资者的企业数
// unit: companies
// dated: stock c.founded_year
// source: test
MATCH (c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
WHERE NOT EXISTS { MATCH (:Investor)-[:INVESTED_IN]->(c) }
RETURN r.id AS region, count(c) AS value
