// title: Listed companies | 上市公司数量
// definition: Sample companies listed on a stock exchange | 已上市的样本企业数
// unit: companies
// dated: stock c.founded_year
// source: TMTPost 2024, list of indicators in part 4 (3), no. 12
MATCH (c:Company {in_sample: true}) WHERE c.listed
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(c) AS value
