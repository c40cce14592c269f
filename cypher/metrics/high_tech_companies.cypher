// title: High-tech companies | 高新技术企业数量
// definition: Sample companies certified as high-tech enterprises | 获认定为高新技术企业的样本企业数
// unit: companies
// dated: stock c.founded_year
// source: TMTPost 2024, list of indicators in part 4 (3), no. 13
MATCH (c:Company {in_sample: true}) WHERE c.high_tech
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(c) AS value
