// title: Companies | 企业数量
// definition: Sample companies located in the region | 位于该地区的样本企业数
// unit: companies
// dated: stock c.founded_year
// source: CINGAI 2023, table 2 and the text under it, section 1
MATCH (c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(c) AS value
