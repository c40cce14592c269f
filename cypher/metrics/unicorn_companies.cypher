// title: Unicorns | 独角兽企业数量
// definition: Sample companies that are unicorns | 属于独角兽的样本企业数
// unit: companies
// dated: stock c.founded_year
// source: TMTPost 2024, list of indicators in part 4 (3), no. 14
MATCH (c:Company {in_sample: true}) WHERE c.unicorn
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(c) AS value
