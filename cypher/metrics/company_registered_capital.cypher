// title: Registered capital of companies | 企业注册资本
// definition: Sum of the registered capital of the sample companies | 样本企业注册资本之和
// unit: CNY million
// dated: stock c.founded_year
// source: TMTPost 2024, list of indicators in part 4 (3), no. 19
MATCH (c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, sum(c.registered_capital_cny_m) AS value
