// title: Laboratories | 实验室数量
// definition: Sample platforms of the category "laboratory" in the region | 该地区类别为“laboratory”的样本平台数
// unit: platforms
// dated: stock p.year
// source: Scenario 2024, list of tables, table 22
MATCH (p:Platform {in_sample: true}) WHERE p.category = 'laboratory'
MATCH (p)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, count(p) AS value
