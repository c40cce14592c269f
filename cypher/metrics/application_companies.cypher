// title: Application layer companies | 应用层企业数量
// definition: Sample companies in the application layer | 处于应用层的样本企业数
// unit: companies
// dated: stock c.founded_year
// source: TMTPost 2024, list of indicators in part 4 (3), no. 11
MATCH (c:Company {in_sample: true}) WHERE c.layer = 'application'
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(c) AS value
