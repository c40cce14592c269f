// title: Companies with ten patents or a valuation of 100 million, not both | 仅有专利或仅有估值的企业数
// unit: companies
// dated: stock c.founded_year
// source: test
MATCH (c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
WHERE c.patents >= 10 XOR c.valuation_cny_m >= 100
RETURN r.id AS region, count(c) AS value
