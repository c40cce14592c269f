// title: Companies with ten patents or an investor | 有专利或有投资者的企业数
// unit: companies
// dated: stock c.founded_year
// source: test
MATCH (c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
WHERE c.patents >= 10 OR EXISTS { MATCH (:Investor)-[:INVESTED_IN]->(c) }
RETURN r.id AS region, count(c) AS value
