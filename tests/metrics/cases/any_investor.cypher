// title: Companies with an investor, most of them with several | 有投资者的企业数
// unit: companies
// dated: stock c.founded_year
// source: test
MATCH (c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
WHERE EXISTS { MATCH (i:Investor)-[t:INVESTED_IN]->(c) WHERE t.disclosed }
RETURN r.id AS region, count(c) AS value
