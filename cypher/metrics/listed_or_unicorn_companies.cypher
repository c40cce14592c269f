// title: Listed companies and unicorns | 上市企业和独角兽企业数量
// definition: Sample companies that are listed or unicorns, each once | 已上市或属于独角兽的样本企业数（不重复计）
// unit: companies
// dated: stock c.founded_year
// source: AITISA 2020-2021, table 1, no. 18
MATCH (c:Company {in_sample: true}) WHERE c.listed OR c.unicorn
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(c) AS value
