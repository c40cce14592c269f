// title: Enablement links of companies with an investor | 有投资者企业的赋能关系数
// unit: links
// dated: stock c.founded_year
// source: test
MATCH (c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
WHERE EXISTS { (c)<-[:INVESTED_IN]-(:Investor) }
RETURN r.id AS region, sum(COUNT { (c)-[:ENABLES]->() }) AS value
