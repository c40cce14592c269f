// title: Standard deviation of patents over all companies | 企业专利数标准差
// unit: patents
// dated: stock c.founded_year
// source: test
MATCH (c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, stDevP(c.patents) AS value
