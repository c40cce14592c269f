// title: Mean patents of companies | 企业平均专利数
// definition: Mean over the sample companies whose patents are known | 专利数已知的样本企业的平均专利数
// unit: patents
// dated: stock c.founded_year
// source: CINGAI 2023, table 2 and the text under it, section 1
MATCH (c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, avg(c.patents) AS value
