// title: Companies with a revenue of 100 million or more | 营收亿元以上企业数量
// definition: Sample companies with a revenue of at least CNY 100 million | 营业收入不低于 1 亿元的样本企业数
// unit: companies
// dated: stock c.founded_year
// source: TMTPost 2024, list of indicators in part 4 (3), no. 20
MATCH (c:Company {in_sample: true}) WHERE c.revenue_cny_m >= 100
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(c) AS value
