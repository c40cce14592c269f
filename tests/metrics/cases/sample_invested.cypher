// title: Companies with an investor of the sample | 有样本投资者的企业数
// unit: companies
// dated: stock c.founded_year
// source: test
MATCH (c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
WHERE EXISTS { (c)<-[:INVESTED_IN]-(i:Investor) WHERE i.in_sample }
RETURN r.id AS region, count(c) AS value
